"""Beginning a private interview in two actions from anywhere: what stands ready, and the start (policy 4.26, 4.27)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from core.domain.case import CASE_OPEN_STAGES, Case
from core.domain.changed import Changed
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.access import PersonRow, leads
from core.services.contents import contents_of
from core.services.declarations import shut_among
from core.services.interviews import begin_interview, list_interviews, open_interview, save_interview, who_could_read
from core.services.officers import NOTHING_TO_SAY, Nagging, nagging_of_case
from core.services.rest import RestState, rest_state
from core.services.roster import epochs_of
from core.services.workspace import Workspace
from core.store import casebook

MOST_CASES = 200
TO_HOLD_IT = "To hold the interview"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case by its reference."""

    case: RecordId
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """What stands ready. `case`: the one asked for, or the newest this person leads on; `reader`: the second reader
    proposed, who may be changed.
    """

    cases: tuple[CaseRow, ...]
    case: RecordId | None
    people: tuple[PersonRow, ...]
    reader: UserId | None
    nagging: Nagging
    rest: RestState


@dataclass(frozen=True, slots=True)
class InterviewStarted:
    """It is open. `entry`: what was written down before it was opened."""

    interview: StreamId
    entry: RecordId
    changed: Changed


def start_page(workspace: Workspace, *, case: RecordId | None = None) -> StartPage:
    """What the page shows that begins an interview. A case that is still shut for this person is not offered.

    Raises:
        NotFound: there is no such case in this vault.
    """
    with workspace.store.reading() as connection:
        rows = casebook.case_page(connection, after=None, limit=MOST_CASES, stages=CASE_OPEN_STAGES)
    shut = shut_among(workspace, [row.id for row in rows])
    cases = tuple(CaseRow(row.id, row.reference) for row in rows if row.id not in shut)
    if case is None:
        first = cases[0].case if cases else None
        case = next((row.case for row in cases if _leads(workspace, row.case)), first)
    elif all(row.case != case for row in cases):
        cases = (CaseRow(case, workspace.store.get(Case, case).reference), *cases)
    if case is None:
        return StartPage(
            cases=(), case=None, people=(), reader=None, nagging=NOTHING_TO_SAY, rest=rest_state(workspace)
        )
    people = who_could_read(workspace, case=case)
    return StartPage(
        cases=cases, case=case, people=people, reader=_proposed(workspace, case, [one.user for one in people]),
        nagging=nagging_of_case(workspace, contents_of(workspace, case)), rest=rest_state(workspace),
    )  # fmt: skip


def start_interview(
    workspace: Workspace, *, case: RecordId, readers: frozenset[UserId], visible: bool = True,
    private_confirmed: bool | None = None,
) -> InterviewStarted:  # fmt: skip
    """Set an interview apart and open it to hold it now. That it was opened is written down as ever.

    Raises:
        FormIncomplete, NotAllowed, NotFound: as `begin_interview`.
    """
    begun = begin_interview(workspace, case=case, readers=readers, visible=visible)
    opened = open_interview(workspace, interview=begun.interview, reason=TO_HOLD_IT)
    if private_confirmed is not None:
        save_interview(workspace, interview=begun.interview, values={"private_confirmed": private_confirmed})
    return InterviewStarted(begun.interview, opened.entry, begun.changed)


def _proposed(workspace: Workspace, case: RecordId, possible: Collection[UserId]) -> UserId | None:
    """Whoever read this person's latest interview with them; else whoever leads on the case; else whoever reads it."""
    for row in list_interviews(workspace):
        for person in row.readers:
            if row.i_lead and person.user in possible:
                return person.user
    found = workspace.store.get(Case, case)
    if found.lead and UserId(found.lead) in possible:
        return UserId(found.lead)
    return next(iter(possible), None) if len(possible) == 1 else None


def _leads(workspace: Workspace, case: RecordId) -> bool:
    return leads(epochs_of(workspace, workspace.store.get(Case, case).stream), workspace.user)
