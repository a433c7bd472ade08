"""Appeals: by which person, against closing or a decision on a move, in time or late, how decided (4.29, 4.22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.case import CHANNELS, Closure
from core.domain.closing import APPEAL_DECISIONS, APPEAL_GROUNDS, Appeal
from core.domain.safety import ManagementTransfer
from core.foundation.ids import RecordId
from core.policy.appeals import NOT_CONNECTED, in_time, is_decided, keeps_open, why_not_decide
from core.policy.safety import NO_ADDRESS, tells_an_address
from core.services.casework import StepRecorded
from core.services.closing import reopen_in
from core.services.closing_stage import facts_of, facts_with, person_of, settle_stage, values_of
from core.services.conflicts import connections
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace

BEFORE = "That is before the decision it is against."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealForm:
    """One person's appeal against one decision: `closure` or `transfer`. `made_at`: when they told anybody of us."""

    made_at: datetime
    closure: RecordId | None = None
    transfer: RecordId | None = None
    party: RecordId | None = None
    channel: str = "phone"
    grounds: frozenset[str] = field(default_factory=frozenset)
    words: str = ""


def record_appeal(workspace: Workspace, *, form: AppealForm) -> StepRecorded:
    """Somebody appeals. It counts from when they told us, whenever it is written down (policy 4.29, 4.22).

    Raises:
        FormIncomplete: nothing it is against, no grounds, or a moment ahead or before the decision.
    """
    against: Closure | ManagementTransfer
    if form.transfer is not None:
        against = workspace.store.get(ManagementTransfer, form.transfer)
        decided_at = against.decided_at
    elif form.closure is not None:
        against = workspace.store.get(Closure, form.closure)
        decided_at = against.proposed_at
    else:
        _refuse("against", "Choose the decision the appeal is against.")
    facts = facts_of(workspace, against.case)
    now = workspace.parts.clock.now()
    problems = Problems()
    problems.not_in_future(form.made_at, now, "made_at")
    too_early = decided_at is not None and form.made_at < decided_at.replace(second=0, microsecond=0)
    problems.need(not too_early, "made_at", BEFORE)
    problems.need(form.channel in CHANNELS, "channel", "Choose how they appealed.")
    problems.need(form.grounds or form.words.strip(), "grounds", "Tick why they appeal, or write it in their words.")
    problems.among(form.grounds, APPEAL_GROUNDS, "grounds")
    problems.settle()
    made = {
        "case": facts.case.id, "closure": form.closure, "transfer": form.transfer,
        "party": person_of(facts, form.party), "made_at": form.made_at, "channel": form.channel,
        "grounds": form.grounds, "words": form.words, "recorded_at": now, "recorded_by": workspace.user,
    }  # fmt: skip
    with workspace.store.unit("record-appeal") as (unit, outcome):
        record = unit.create(Appeal, facts.case.stream, **made)
    return StepRecorded(record, outcome.changed)


def decide_appeal(
    workspace: Workspace, *, appeal: RecordId, decision: str, reasons: str, keep_open: bool | None = None
) -> StepRecorded:
    """Decide an appeal; if the person was right, the same case stays open or is opened again (policy 4.29).

    Raises:
        FormIncomplete: no decision or reasons, or this person may not decide it.
    """
    found = workspace.store.get(Appeal, appeal)
    facts = facts_of(workspace, found.case)
    setting = workspace.setting_of(facts)
    problems = Problems()
    problems.need(decision in APPEAL_DECISIONS, "decision", "Choose the decision.")
    problems.need(reasons.strip(), "reasons", "Give the reasons.")
    refusal = why_not_decide(facts, found, workspace.user, setting)
    connected = any(one.this_is_me for one in connections(workspace, case=facts.case.id))
    problems.need(not refusal, "decision", refusal)
    problems.need(not connected, "decision", NOT_CONNECTED)
    decided = is_decided(facts, found, setting)
    problems.need(not decided, "decision", "This appeal was decided already.")
    late = "It came in time, so it has to be looked at."
    problems.need(decision != "late" or not in_time(facts, found, setting), "decision", late)
    partly = decision != "partly" or found.closure is None or keep_open is not None
    problems.need(partly, "keep_open", "Say whether the case stays open.")
    tells = found.transfer is not None and tells_an_address(reasons)
    problems.need(not tells, "reasons", NO_ADDRESS)
    problems.settle()
    said = {
        "decided_at": setting.now, "decided_by": workspace.user, "decision": decision, "reasons": reasons,
        "keep_open": keep_open if decision == "partly" else None,
    }  # fmt: skip
    after = facts_with(facts, Appeal, values_of(found, **said), record=appeal)
    right = next(one for one in after.of(Appeal) if one.id == appeal)
    with workspace.store.unit("decide-appeal") as (unit, outcome):
        unit.update(Appeal, appeal, **said)
        if facts.case.stage == "closed" and keeps_open(after, right, setting):
            reopen_in(unit, workspace, facts, why="appeal", reasons=reasons, appeal=appeal)
        else:
            settle_stage(unit, workspace, after)
    return StepRecorded(appeal, outcome.changed)


def _refuse(field_name: str, sentence: str) -> None:
    problems = Problems()
    problems.need(False, field_name, sentence)
    problems.settle()


# ------------------------------------------------------------------ the story


def _tell_appeal(one: Appeal, names: Names) -> Iterator[TimelineEntry | None]:
    about = "a decision on a move" if one.transfer is not None else "closing"
    grounds = "; ".join(words for code, words in APPEAL_GROUNDS.items() if code in one.grounds)
    body = "\n".join(part for part in (grounds, one.words) if part)
    yield entry(one, one.made_at, f"Appeal against {about}", names.get(one.recorded_by, ""), body, sensitive=True)
    title = f"Appeal against {about}: {label_of(one, 'decision').lower()}"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), one.reasons, sensitive=True)


TELLERS: dict[str, Teller] = {Appeal.SPEC.name: _tell_appeal}
