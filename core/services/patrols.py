"""Warnings to those it may be, and the answer of the police (policy 4.11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Case, Party, PoliceRequest
from core.domain.doors import WARNING_WAYS, PoliceChase, WarningGiven
from core.foundation.ids import RecordId
from core.policy.wishes import why_not_approach
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store.contents import contents_of_many


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningForm:
    """Who was warned, when, how, and what was said. `against_wish_because`: why, if the person asked us not to."""

    case: RecordId
    given_at: datetime
    way: str
    words: str
    party: RecordId | None = None
    given_to: str = ""
    named_nobody: bool | None = None
    against_wish_because: str = ""


def record_warning(workspace: Workspace, *, form: WarningForm) -> StepRecorded:
    """Somebody whom it may be was warned (policy 4.11).

    Raises:
        FormIncomplete: it is not said who, how or what; or the person asked us not to approach anybody, and no reason
            is given.
    """
    case = workspace.store.get(Case, form.case)
    with workspace.store.reading() as connection:
        facts = contents_of_many(connection, [case.id])[0]
    party = workspace.store.find(Party, form.party) if form.party else None
    to_whom = form.given_to.strip() or (party.name if party else "")
    problems = Problems()
    problems.need(to_whom or party, "given_to", "Say who was warned.")
    problems.need(form.way in WARNING_WAYS, "way", "Choose how they were warned.")
    problems.need(form.words.strip(), "words", "Write down what was said, as it was said.")
    problems.need(form.named_nobody is not None, "named_nobody", "Say whether it named or accused anybody.")
    problems.not_in_future(form.given_at, workspace.parts.clock.now(), "given_at")
    problems.need(
        not why_not_approach(facts) or form.against_wish_because.strip(), "against_wish_because",
        "The person has not said that this is all right. Say why it was done all the same.",
    )  # fmt: skip
    problems.settle()
    with workspace.store.unit("record-warning") as (unit, outcome):
        record = unit.create(
            WarningGiven, case.stream, case=case.id, party=form.party, given_to=to_whom, given_at=form.given_at,
            given_by=workspace.user, way=form.way, words=form.words, named_nobody=form.named_nobody,
            against_wish_because=form.against_wish_because if why_not_approach(facts) else "",
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def police_answered(
    workspace: Workspace, *, request: RecordId, reply: str, replied_at: datetime, reference: str = ""
) -> StepRecorded:
    """What the police said to a request (policy 4.11).

    Raises:
        FormIncomplete: nothing was said, or the moment lies ahead or before we asked.
    """
    found = workspace.store.get(PoliceRequest, request)
    problems = Problems()
    problems.need(reply.strip(), "reply", "Write down what they said.")
    problems.not_in_future(replied_at, workspace.parts.clock.now(), "at")
    problems.need(found.asked_at is None or replied_at >= found.asked_at, "at", "That is before they were asked.")
    problems.settle()
    with workspace.store.unit("police-answered") as (unit, outcome):
        unit.update(
            PoliceRequest, request, reply=reply, replied_at=replied_at, reference=reference.strip() or found.reference
        )
    return StepRecorded(request, outcome.changed)


def ask_police_again(workspace: Workspace, *, request: RecordId, at: datetime, notes: str = "") -> StepRecorded:
    """The police had not answered and were asked again (policy 4.11).

    Raises:
        FormIncomplete: the moment lies ahead, or before they were first asked.
    """
    found = workspace.store.get(PoliceRequest, request)
    problems = Problems()
    problems.not_in_future(at, workspace.parts.clock.now(), "at")
    problems.need(found.asked_at is None or at >= found.asked_at, "at", "That is before they were first asked.")
    problems.settle()
    with workspace.store.unit("ask-police-again") as (unit, outcome):
        record = unit.create(
            PoliceChase, found.stream, case=found.case, request=request, at=at, by=workspace.user, notes=notes
        )
    return StepRecorded(record, outcome.changed)


# ------------------------------------------------------------------ the story


def _tell_warning(warning: WarningGiven, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Warning given {label_of(warning, 'way').lower()}: {warning.given_to}"
    yield entry(warning, warning.given_at, title, names.get(warning.given_by, ""), warning.words, sensitive=True)


def _tell_chase(chase: PoliceChase, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(chase, chase.at, "Police asked again", names.get(chase.by, ""), chase.notes)


TELLERS: dict[str, Teller] = {WarningGiven.SPEC.name: _tell_warning, PoliceChase.SPEC.name: _tell_chase}
