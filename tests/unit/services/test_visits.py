"""A round of visits to every tenant of an area (4.11), from planning to the last door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.domain.case import Case, Note, Party
from core.domain.doors import Visit, VisitDoor, VisitRound
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services import homes, visits
from core.services.case_page import read_case
from core.services.visits import RoundForm, RoundPlan
from core.services.workspace import Workspace
from tests.support.estate import with_estate, with_letterhead
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


def planned(workspace: Workspace, case: RecordId, **changes: Any) -> RoundPlan:
    values = {"blocks": frozenset({"Quill House"}), "why": "A second report", "person_consulted": True}
    return visits.plan_visits(workspace, form=RoundForm(case=case, **{**values, **changes}))


def a_round(workspace: Workspace) -> tuple[RecordId, RecordId]:
    case = logged(workspace).case
    return case, visits.start_visits(workspace, plan=planned(workspace, case)).round


def outcomes(workspace: Workspace, one: RecordId) -> list[str]:
    return [door.outcome for door in visits.round_state(workspace, visit_round=one).doors]


def door_of(workspace: Workspace, one: RecordId, place: int) -> RecordId:
    return visits.round_state(workspace, visit_round=one).doors[place - 1].door.id


def test_a_round_says_why_where_and_whether_the_person_was_asked(workspace: Workspace) -> None:
    case = logged(workspace).case
    with pytest.raises(FormIncomplete) as refused:
        planned(workspace, case, blocks=frozenset(), why=" ", person_consulted=None)
    assert set(refused.value.problems) == {"area", "why", "person_consulted"}
    assert workspace.store.select(VisitRound) == ()


def test_doors_stand_in_the_order_one_walks(workspace: Workspace) -> None:
    _, one = a_round(workspace)
    addresses = [door.door.address for door in visits.round_state(workspace, visit_round=one).doors]
    assert [address.split(" Quill")[0] for address in addresses] == ["Flat 1", "Flat 2", "Flat 3", "Flat 4", "Flat 10"]


def test_the_home_of_somebody_of_the_case_is_decided_first(workspace: Workspace) -> None:
    home = homes.find_homes(workspace, words="quill 3")[0].id
    case = logged(workspace, home=home).case
    plan = planned(workspace, case)
    assert [person.home for person in plan.people] == [home] and plan.people[0].no_letters
    with pytest.raises(FormIncomplete) as refused:
        visits.start_visits(workspace, plan=plan)
    assert list(refused.value.problems) == ["people"]
    skipping = planned(workspace, case, do_not_visit={home: "Decided when the round was planned."})
    assert "can point to the people involved" in " ".join(skipping.warnings)
    one = visits.start_visits(workspace, plan=skipping).round
    state = visits.round_state(workspace, visit_round=one)
    assert (state.progress.doors, state.progress.left_out) == (4, 1)
    (left_out,) = [door.door.id for door in state.doors if door.left_out]
    with pytest.raises(FormIncomplete):
        visits.knock(workspace, door=left_out, outcome_code="spoke")


def test_the_door_of_somebody_complained_about_is_decided_too(workspace: Workspace) -> None:
    case = logged(workspace).case
    home = homes.find_homes(workspace, words="quill 2")[0].id
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("somebody") as (unit, _):
        unit.create(Party, stream, case=case, name="Idris Vale", home=home, roles=frozenset({"alleged-perpetrator"}))
    plan = planned(workspace, case)
    assert [person.part for person in plan.people] == ["person complained about"]
    with pytest.raises(FormIncomplete):
        visits.start_visits(workspace, plan=plan)
    one = visits.start_visits(workspace, plan=planned(workspace, case, told=frozenset({home}))).round
    assert visits.round_state(workspace, visit_round=one).progress.doors == 5, "left out, the door would point at them"


def test_a_person_who_says_visits_are_safe_needs_no_decision(workspace: Workspace) -> None:
    home = homes.find_homes(workspace, words="quill 3")[0].id
    case = logged(workspace, home=home, safe_ways=frozenset({"visit"})).case
    visits.start_visits(workspace, plan=planned(workspace, case))


def test_every_knock_is_kept_and_the_latest_counts(workspace: Workspace) -> None:
    _, one = a_round(workspace)
    door = door_of(workspace, one, 2)
    for _ in range(3):
        visits.knock(workspace, door=door, outcome_code="no-answer")
        clock_of(workspace).forward(days=1)
    assert visits.round_state(workspace, visit_round=one).doors[1].leave_card
    last = visits.knock(workspace, door=door, outcome_code="card").record
    assert outcomes(workspace, one) == ["", "card", "", "", ""]
    visits.take_back(workspace, visit=last)
    assert outcomes(workspace, one) == ["", "no-answer", "", "", ""]
    assert len(workspace.store.select(Visit)) == 4, "nothing is taken away"
    with pytest.raises(FormIncomplete):
        visits.knock(workspace, door=door, outcome_code="burgled")


def test_what_was_told_at_a_door_is_a_note_in_the_case(workspace: Workspace) -> None:
    case, one = a_round(workspace)
    door = door_of(workspace, one, 1)
    knock = visits.knock(workspace, door=door, outcome_code="info").record
    with pytest.raises(FormIncomplete):
        visits.note_from_door(workspace, door=door, words=" ")
    note = visits.note_from_door(workspace, door=door, words="She saw two people at the gate.").record
    assert workspace.store.get(Visit, knock).note == note
    assert workspace.store.get(Note, note).case == case
    titles = [entry.title for entry in read_case(workspace, case=case).file.timeline]
    assert "Note" in titles and "Visits from door to door: Quill House" in titles


def test_the_case_shows_how_far_the_visits_are(workspace: Workspace) -> None:
    case, one = a_round(workspace)

    def step() -> tuple[str, str]:
        found = next(step for step in read_case(workspace, case=case).steps if step.kind.value == "visit")
        return found.state.value, found.note

    visits.knock(workspace, door=door_of(workspace, one, 1), outcome_code="spoke")
    assert step() == ("started", "1 of 5 doors done.")
    assert visits.open_visits(workspace, case=case).going_on == one
    visits.end_round(workspace, visit_round=one)
    assert step()[0] == "done"
    assert visits.open_visits(workspace, case=case).going_on is None


def test_everything_of_a_round_lies_with_its_case(workspace: Workspace) -> None:
    case, one = a_round(workspace)
    visits.knock(workspace, door=door_of(workspace, one, 1), outcome_code="spoke")
    stream = read_case(workspace, case=case).file.case.stream
    for kind in (VisitRound, VisitDoor, Visit):
        assert {record.stream for record in workspace.store.select(kind)} == {stream}
