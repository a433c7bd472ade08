"""Closing a case: propose, talk it over, wait for an appeal, decide it, close (policy 4.29)."""

from __future__ import annotations

from datetime import datetime

from core.domain.case import Case, Closure
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.closing import current_closure, may_close
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.workspace import Workspace


def propose_closing(workspace: Workspace, *, case: RecordId, reason: str) -> StepRecorded:
    """Propose to close; the person must be talked to before anything else (policy 4.29)."""
    problems = Problems()
    problems.need(reason.strip(), "reason", "Say why the case should be closed.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("propose-closing") as (unit, outcome):
        record = unit.create(
            Closure, found.stream, case=case, proposed_at=workspace.parts.clock.now(), proposed_by=workspace.user,
            reason=reason,
        )  # fmt: skip
        unit.update(Case, case, stage="closure-proposed")
    return StepRecorded(record, outcome.changed)


def discuss_closing(
    workspace: Workspace, *, closure: RecordId, person_agrees: bool | None, appeal_explained: bool
) -> StepRecorded:
    """The closing was talked over with the person; once the way to appeal is explained, its time begins (4.29).

    Raises:
        FormIncomplete: how to appeal was not explained.
    """
    problems = Problems()
    problems.need(appeal_explained, "appeal_explained", "Explain how to appeal before the time to appeal begins.")
    problems.settle()
    found = workspace.store.get(Closure, closure)
    now = workspace.parts.clock.now()
    with workspace.store.unit("discuss-closing") as (unit, outcome):
        unit.update(
            Closure, closure, discussed_at=now, person_agrees=person_agrees, appeal_explained=True, appeal_opened_at=now
        )
        if found.case is not None:
            unit.update(Case, found.case, stage="appeal-window")
    return StepRecorded(closure, outcome.changed)


def record_appeal(workspace: Workspace, *, closure: RecordId, appealed_at: datetime, grounds: str = "") -> StepRecorded:
    """The person appeals against closing. It counts if it came before the time to appeal was over (policy 4.29).

    Raises:
        FormIncomplete: the moment lies ahead.
    """
    problems = Problems()
    problems.not_in_future(appealed_at, workspace.parts.clock.now(), "appealed_at")
    problems.settle()
    workspace.store.get(Closure, closure)
    with workspace.store.unit("record-appeal") as (unit, outcome):
        unit.update(Closure, closure, appealed_at=appealed_at, appeal_grounds=grounds)
    return StepRecorded(closure, outcome.changed)


def decide_appeal(workspace: Workspace, *, closure: RecordId, upheld: bool | None) -> StepRecorded:
    """Decide an appeal; if the person was right, the case stays open (policy 4.29).

    Raises:
        FormIncomplete: there is no appeal, no decision, or the one who proposed closing would decide.
    """
    found = workspace.store.get(Closure, closure)
    problems = Problems()
    problems.need(found.appealed_at is not None, "upheld", "Record the appeal before deciding it.")
    problems.need(upheld is not None, "upheld", "Say whether the person was right to appeal.")
    problems.need(
        found.proposed_by != workspace.user, "upheld", "Somebody who did not propose closing decides the appeal."
    )
    problems.settle()
    with workspace.store.unit("decide-appeal") as (unit, outcome):
        unit.update(
            Closure, closure, appeal_decided_at=workspace.parts.clock.now(), appeal_decided_by=workspace.user,
            appeal_upheld=upheld,
        )  # fmt: skip
        if upheld and found.case is not None:
            unit.update(Case, found.case, stage="open")
    return StepRecorded(closure, outcome.changed)


def close_case(workspace: Workspace, *, case: RecordId) -> StepRecorded:
    """Close a case for which nothing is missing any more (policy 4.29).

    Raises:
        FormIncomplete: something is missing; each missing step is a sentence.
    """
    contents = contents_of(workspace, case)
    now = workspace.parts.clock.now()
    missing = may_close(contents, workspace.setting_of(contents), closer=workspace.user)
    closure = current_closure(contents)
    if missing or closure is None:
        raise FormIncomplete(problems={step.step.value: step.sentence for step in missing})
    with workspace.store.unit("close-case") as (unit, outcome):
        unit.update(Closure, closure.id, closed_at=now)
        unit.update(Case, case, stage="closed", closed_at=now)
    return StepRecorded(closure.id, outcome.changed)
