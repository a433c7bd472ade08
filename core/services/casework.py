"""The steps a case goes through after the report: graffiti, police, judgement.

Each step is a record of its own; a later step never overwrites an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.case import (
    HANDLING,
    AssociationMessage,
    Case,
    Graffiti,
    Judgement,
    PoliceRequest,
)
from core.domain.changed import Changed
from core.domain.documents import Attachment
from core.foundation.ids import RecordId, UserId
from core.policy.definition import check_judgement, handling_now, judgements_agreed
from core.policy.graffiti import why_not_removed
from core.policy.second_person import NOT_A_READER
from core.services.access import may_be_second
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StepRecorded:
    """The record that was written."""

    record: RecordId
    changed: Changed


def report_graffiti(workspace: Workspace, *, case: RecordId, place: str, notified_at: datetime) -> StepRecorded:
    """Graffiti was reported at one more place: its own 24 hours begin (policy 4.25).

    Raises:
        FormIncomplete: no place, or a moment ahead.
    """
    problems = Problems()
    problems.need(place.strip(), "place", "Say where the graffiti is.")
    problems.not_in_future(notified_at, workspace.parts.clock.now(), "notified_at")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("report-graffiti") as (unit, outcome):
        record = unit.create(
            Graffiti, found.stream, case=case, place=place, notified_at=notified_at, offensive=True
        )
    return StepRecorded(record, outcome.changed)


def mark_graffiti_removed(
    workspace: Workspace, *, graffiti: RecordId, removed_at: datetime, photo_before: RecordId | None = None,
    no_photo_because: str = "", photo_after: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """The graffiti is gone; a photograph from before is kept, or the reason there is none (policy 4.25).

    Raises:
        FormIncomplete: the moment lies ahead or before we were told, or there is neither photograph nor reason.
    """
    found = workspace.store.get(Graffiti, graffiti)
    problems = Problems()
    problems.not_in_future(removed_at, workspace.parts.clock.now(), "removed_at")
    told = found.notified_at
    problems.need(told is None or removed_at >= told, "removed_at", "That is before we were told of the graffiti.")
    missing = why_not_removed(found, photo_before=photo_before, no_photo_because=no_photo_because)
    problems.need(not missing, "no_photo_because", missing)
    for name, photo in (("photo_before", photo_before), ("photo_after", photo_after)):
        kept = workspace.store.find(Attachment, photo) if photo else None
        here = photo is None or (kept is not None and kept.stream == found.stream)
        problems.need(here, name, "Choose a photograph that is attached to this case.")
    problems.settle()
    with workspace.store.unit("mark-graffiti-removed") as (unit, outcome):
        unit.update(
            Graffiti, graffiti, removed_at=removed_at, photographed_before=photo_before is not None,
            photo_before=photo_before, no_photo_because="" if photo_before else no_photo_because,
            photo_after=photo_after,
        )  # fmt: skip
    return StepRecorded(graffiti, outcome.changed)


def ask_police(workspace: Workspace, *, case: RecordId, asked_of: str, reference: str = "") -> StepRecorded:
    """The police were asked to be seen more in the area (policy 4.11)."""
    problems = Problems()
    problems.need(asked_of.strip(), "asked_of", "Say which police team was asked.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("ask-police") as (unit, outcome):
        record = unit.create(
            PoliceRequest, found.stream, case=case, asked_at=workspace.parts.clock.now(), asked_of=asked_of,
            reference=reference,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def tell_association(workspace: Workspace, *, case: RecordId, sent_to: str, words: str) -> StepRecorded:
    """The tenants' association was asked to pass the message on (policy 4.12)."""
    problems = Problems()
    problems.need(sent_to.strip(), "sent_to", "Say who was told.")
    problems.need(words.strip(), "words", "Write down what was said.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("tell-association") as (unit, outcome):
        record = unit.create(
            AssociationMessage, found.stream, case=case, sent_at=workspace.parts.clock.now(), sent_to=sent_to,
            words=words,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def judge_handling(
    workspace: Workspace, *, case: RecordId, handling: str, reasons: str, evidence: str = "",
    second_person: UserId | None = None, person_told: bool | None = None,
) -> StepRecorded:  # fmt: skip
    """Decide whether to continue as harassment (policy 4.3). What anybody perceived stays as it was said.

    Going on in another way counts once the second person has agreed (`answer_as_second`).

    Raises:
        FormIncomplete: continuing in another way needs reasons and a second person.
    """
    problems = Problems()
    problems.need(handling in HANDLING, "handling", "Choose how the case continues.")
    problems.need(reasons.strip(), "reasons", "Give the reasons for the decision.")
    problems.settle()
    contents = contents_of(workspace, case)
    said = Judgement(
        id=case, stream=contents.case.stream, case=case, decided_at=workspace.parts.clock.now(), handling=handling,
        evidence=evidence, reasons=reasons, decided_by=workspace.user, second_person=second_person or b"",
        person_told=person_told,
    )  # fmt: skip
    check_judgement(said, workspace.pack)
    if said.handling == workspace.pack.handling.downgrade_to and second_person is not None:
        reads = may_be_second(workspace, case=case, user=second_person)
        problems.need(reads, "second_person", NOT_A_READER)
        problems.settle()
    counts = judgements_agreed(replace(contents, judgements=(*contents.judgements, said)), workspace.pack)
    holds = handling_now(contents.perceptions, counts, workspace.pack)
    with workspace.store.unit("judge-handling") as (unit, outcome):
        record = unit.create(
            Judgement, said.stream, **{name: getattr(said, name) for name in Judgement.SPEC.fields}
        )
        unit.update(Case, case, handling=holds)
    return StepRecorded(record, outcome.changed)
