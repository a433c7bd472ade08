"""A round of visits to every tenant of an area, door by door, away from any network (policy 4.11).

The doors are written down when the round is planned, in the order one walks. Each knock is a record of its own, so two
people can walk one round on two laptops, and nothing anybody did is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core.domain.case import Case, Note
from core.domain.changed import Changed
from core.domain.doors import VISIT_OUTCOMES, Visit, VisitDoor, VisitRound
from core.foundation.ids import RecordId
from core.policy.visits import DoorNow, Progress, doors_now, progress_of
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.letter_page import AreaRow, CaseLetters, open_letters
from core.services.letter_words import addressees_in
from core.services.people_here import PersonHere, not_told_yet, people_here
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace
from core.store import drafts
from core.store.store import table_of

__all__ = [
    "AreaRow", "CaseLetters", "CaseVisits", "DoorNow", "PersonHere", "PlannedDoor", "Progress", "RoundForm",
    "RoundPlan", "RoundStarted", "RoundState", "end_round", "knock", "note_from_door", "open_visits", "plan_visits",
    "progress_of", "round_state", "said_draft", "start_visits", "take_back",
]  # fmt: skip

_A_MOMENT = timedelta(milliseconds=1)
"""A later knock is later, even on a laptop whose clock stood still or was put back."""
NOBODY_LIVES_THERE = "Nobody lives there now."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundForm:
    """Which area, for which case, and why.

    `do_not_visit` maps a home to the reason nobody knocks there. `told` are homes of people of the case who know, or
    at which one may knock as at any other.
    """

    case: RecordId
    streets: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    why: str = ""
    person_consulted: bool | None = None
    do_not_visit: Mapping[RecordId, str] = field(default_factory=dict)
    told: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedDoor:
    """One home of the area; `left_out_because` is empty where somebody knocks."""

    home: RecordId
    address: str
    left_out_because: str


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round would be. `people` are those of the case who live there; `warnings` are to be thought of first."""

    form: RoundForm
    area: str
    doors: tuple[PlannedDoor, ...]
    people: tuple[PersonHere, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """The round, with one record per door."""

    round: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round as it stands, its doors in walk order. Nothing here says which case it is for, or why.

    `attempts`: after so many knocks without an answer a card is left.
    """

    round: RecordId
    ended: bool
    doors: tuple[DoorNow, ...]
    attempts: int

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress_of(self.doors)


@dataclass(frozen=True, slots=True)
class CaseVisits:
    """What the page of visits begins with. `going_on`: the newest round that has not ended; `rounds` counts all."""

    areas: CaseLetters
    going_on: RecordId | None
    rounds: int


def open_visits(workspace: Workspace, *, case: RecordId) -> CaseVisits:
    """The areas there are, and the round that goes on.

    Raises:
        NotFound: there is no such case in this vault.
    """
    table = table_of(VisitRound)
    rounds = workspace.store.select(VisitRound, table.c.case == case, order_by=(table.c.planned_at.desc(), table.c.id))
    going_on = next((one.id for one in rounds if one.ended_at is None), None)
    return CaseVisits(open_letters(workspace, case=case), going_on, len(rounds))


def plan_visits(workspace: Workspace, *, form: RoundForm) -> RoundPlan:
    """Which doors, in the order one walks them, and who of the case lives behind one. Nothing is written.

    Raises:
        FormIncomplete: no area, nobody lives there, or it is not said why or whether the person was asked.
        NotFound: there is no such case in this vault.
    """
    case = workspace.store.get(Case, form.case)
    problems = Problems()
    problems.need(form.streets or form.blocks, "area", "Choose at least one street or block.")
    problems.need(form.why.strip(), "why", "Say why every tenant is visited.")
    problems.need(form.person_consulted is not None, "person_consulted", "Say whether the person was asked.")
    problems.settle()
    reached = addressees_in(workspace, streets=form.streets, blocks=form.blocks)
    problems.need(reached, "area", "No home of ours is known in this area. Check the spelling, or bring in the list.")
    problems.settle()
    people = people_here(workspace, case=case, homes={one.home: one.address for one in reached}, way="visit")
    doors = tuple(
        PlannedDoor(
            one.home, one.address, form.do_not_visit.get(one.home, "") or (NOBODY_LIVES_THERE if one.empty else "")
        )
        for one in reached
    )
    area = ", ".join(sorted(form.streets | form.blocks))
    return RoundPlan(form, area, doors, people, _warnings(workspace, form, doors))


def start_visits(workspace: Workspace, *, plan: RoundPlan) -> RoundStarted:
    """Write the round and its doors to the case.

    Raises:
        FormIncomplete: for the home of somebody of the case it is not decided whether anybody knocks.
    """
    form = plan.form
    problems = Problems()
    problems.need(
        not not_told_yet(plan.people, told=form.told, left_out=form.do_not_visit), "people",
        "Decide for each home of somebody in this case: tell them first, or do not visit.",
    )  # fmt: skip
    problems.need(any(not door.left_out_because for door in plan.doors), "people", "No door would be left to knock at.")
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("start-visits") as (unit, outcome):
        made = unit.create(
            VisitRound, case.stream, case=case.id, planned_at=workspace.parts.clock.now(), planned_by=workspace.user,
            area=plan.area, streets=form.streets | form.blocks, why=form.why, person_consulted=form.person_consulted,
        )  # fmt: skip
        for place, door in enumerate(plan.doors, start=1):
            unit.create(
                VisitDoor, case.stream, case=case.id, round=made, home=door.home, place=place, address=door.address,
                left_out_because=door.left_out_because,
            )  # fmt: skip
    return RoundStarted(made, outcome.changed)


def round_state(workspace: Workspace, *, visit_round: RecordId) -> RoundState:
    """A round with its doors in walk order.

    Raises:
        NotFound: there is no such round in this vault.
    """
    found = workspace.store.get(VisitRound, visit_round)
    doors = workspace.store.select(VisitDoor, table_of(VisitDoor).c.round == visit_round)
    visits = workspace.store.select(Visit, table_of(Visit).c.round == visit_round)
    attempts = workspace.pack.closing.attempts_when_unreachable
    return RoundState(found.id, found.ended_at is not None, doors_now(doors, visits, attempts=attempts), attempts)


def knock(workspace: Workspace, *, door: RecordId, outcome_code: str) -> StepRecorded:
    """Somebody knocked at a door, and this came of it.

    Raises:
        FormIncomplete: there is no such outcome, or nobody may knock there.
    """
    found = workspace.store.get(VisitDoor, door)
    problems = Problems()
    problems.need(outcome_code in VISIT_OUTCOMES, "outcome_code", "Choose what happened at the door.")
    problems.need(not found.left_out_because, "outcome_code", "It was decided that nobody knocks here.")
    problems.settle()
    before = [one.at for one in workspace.store.select(Visit, table_of(Visit).c.door == door) if one.at is not None]
    at = max([workspace.parts.clock.now(), *(earlier + _A_MOMENT for earlier in before)])
    with workspace.store.unit("knock") as (unit, outcome):
        record = unit.create(
            Visit, found.stream, case=found.case, round=found.round, door=door, at=at, by=workspace.user,
            outcome=outcome_code,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def take_back(workspace: Workspace, *, visit: RecordId) -> StepRecorded:
    """A knock was ticked by mistake: it counts no more, and stays in the history."""
    with workspace.store.unit("take-back-visit") as (unit, outcome):
        unit.update(Visit, visit, taken_back_at=workspace.parts.clock.now())
    return StepRecorded(visit, outcome.changed)


def note_from_door(workspace: Workspace, *, door: RecordId, words: str) -> StepRecorded:
    """What somebody told us at a door, as a note in the case; its draft is cleared in the same moment.

    Raises:
        FormIncomplete: nothing was written down.
    """
    problems = Problems()
    problems.need(words.strip(), "words", "Write down what you were told.")
    problems.settle()
    found = workspace.store.get(VisitDoor, door)
    knocks = workspace.store.select(Visit, table_of(Visit).c.door == door)
    told = [one for one in knocks if one.outcome == "info" and one.taken_back_at is None and one.note is None]
    with workspace.store.unit("note-from-door") as (unit, outcome):
        note = unit.create(
            Note, found.stream, case=found.case, at=workspace.parts.clock.now(), by=workspace.user,
            body=f"Told at the door of {found.address}:\n{words.strip()}",
        )  # fmt: skip
        if told:
            unit.update(Visit, max(told, key=lambda one: (one.at is not None, one.at, one.id)).id, note=note)
        if found.case is not None:
            drafts.discard_draft(unit.connection, said_draft(found.case))
    return StepRecorded(note, outcome.changed)


def end_round(workspace: Workspace, *, visit_round: RecordId) -> StepRecorded:
    """Nobody goes round any more; doors nobody answered stay as they are."""
    with workspace.store.unit("end-round") as (unit, outcome):
        unit.update(VisitRound, visit_round, ended_at=workspace.parts.clock.now())
    return StepRecorded(visit_round, outcome.changed)


def said_draft(case: RecordId) -> str:
    """The name under which what somebody is telling at a door is kept while it is written."""
    return f"visit-said:{case.hex()}"


def _warnings(workspace: Workspace, form: RoundForm, doors: tuple[PlannedDoor, ...]) -> tuple[str, ...]:
    found = []
    if len(doors) < workspace.pack.area_letters.tiny_block_homes:
        found.append("So few homes that being asked at the door can point to the people involved.")
    if form.do_not_visit:
        found.append("Leaving a home out can point to the people involved. Tell them first, and knock there too.")
    if form.person_consulted is False:
        found.append("The person was not asked, or would rather not. Wait, unless waiting puts somebody in danger.")
    return tuple(found)


# ------------------------------------------------------------------ the story


def _tell_round(visit_round: VisitRound, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(visit_round.planned_by, "")
    title = f"Visits from door to door: {visit_round.area}"
    yield entry(visit_round, visit_round.planned_at, title, who, visit_round.why, sensitive=True)
    yield entry(visit_round, visit_round.ended_at, f"Visits ended: {visit_round.area}", "", "")


TELLERS: dict[str, Teller] = {VisitRound.SPEC.name: _tell_round}
