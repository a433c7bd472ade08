"""Two officers walk one round on two laptops without a network; a colleague kept out of a case sees nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.domain.case import Graffiti
from core.domain.doors import KnownPlace, Visit, VisitDoor, VisitRound
from core.foundation.ids import RecordId
from core.services import casework, known_places, opening, sync, visits
from core.services.case_page import read_case
from core.services.known_places import PlaceForm
from core.services.visits import RoundForm, RoundState
from core.services.workspace import Workspace
from tests.support.estate import with_estate, with_letterhead
from tests.support.laptops import Office
from tests.support.workspaces import a_report, log_report


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace, Workspace, Office]]:
    office = Office(tmp_path / "office")
    with ExitStack() as stack:
        ana = office.found()
        stack.callback(opening.lock, ana)
        with_estate(ana, tmp_path)
        with_letterhead(ana)
        others = []
        for name, initials in (("Ben Okafor", "bo"), ("Cy Dunne", "cd")):
            other = office.join(ana, name, initials)
            stack.callback(opening.lock, other)
            others.append(other)
        yield ana, others[0], others[1], office


def to_everybody(*laptops: Workspace) -> None:
    for _ in range(2):
        for laptop in laptops:
            sync.sync_now(laptop)


def a_case(ana: Workspace, office: Office, *, without: Workspace | None = None) -> RecordId:
    kept_out = frozenset({without.user}) if without else frozenset()
    form = a_report(received_at=office.clock.now(), conflicted=kept_out)
    return log_report(ana, form=form).case


def a_place(laptop: Workspace, case: RecordId, office: Office) -> None:
    mark = casework.report_graffiti(laptop, case=case, place="Stair B", notified_at=office.clock.now()).record
    form = PlaceForm(case=case, kind="stairwell", name="Stair B", block="Quill House", happened=frozenset({mark}))
    known_places.name_place(laptop, form=form)


def test_two_walk_one_round_apart_and_nothing_is_lost(
    laptops: tuple[Workspace, Workspace, Workspace, Office],
) -> None:
    ana, ben, _, office = laptops
    case = a_case(ana, office)
    form = RoundForm(case=case, blocks=frozenset({"Quill House"}), why="Shouting", person_consulted=True)
    one = visits.start_visits(ana, plan=visits.plan_visits(ana, form=form)).round
    to_everybody(ana, ben)

    def state(laptop: Workspace) -> RoundState:
        return visits.round_state(laptop, visit_round=one)

    first, second, third = (door.door.id for door in state(ben).doors[:3])
    visits.knock(ana, door=first, outcome_code="spoke")
    visits.knock(ana, door=second, outcome_code="no-answer")
    office.clock.step()
    visits.knock(ben, door=second, outcome_code="info")
    visits.note_from_door(ben, door=second, words="Two people by the gate at night.")
    visits.knock(ben, door=third, outcome_code="refused")
    to_everybody(ana, ben)
    assert state(ana) == state(ben)
    assert [door.outcome for door in state(ana).doors[:3]] == ["spoke", "info", "refused"]
    assert len(ana.store.select(Visit)) == 4, "both knocks at one door are kept"


def test_who_is_kept_out_sees_no_round_no_door_and_no_number(
    laptops: tuple[Workspace, Workspace, Workspace, Office],
) -> None:
    ana, ben, cy, office = laptops
    hidden, shown = a_case(ana, office, without=cy), a_case(ana, office)
    form = RoundForm(case=hidden, blocks=frozenset({"Quill House"}), why="Shouting", person_consulted=True)
    visits.start_visits(ana, plan=visits.plan_visits(ana, form=form))
    a_place(ana, hidden, office)
    a_place(ana, shown, office)
    to_everybody(ana, ben, cy)
    (seen,) = read_case(ana, case=shown).repeats
    assert (seen.here, seen.elsewhere) == (1, 1)
    (by_cy,) = read_case(cy, case=shown).repeats
    assert (by_cy.here, by_cy.elsewhere, by_cy.other_cases) == (1, 0, frozenset())
    for kind in (VisitRound, VisitDoor):
        assert cy.store.select(kind) == ()
    assert len(cy.store.select(KnownPlace)) == 1 and len(cy.store.select(Graffiti)) == 1
