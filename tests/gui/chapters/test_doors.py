"""Warnings, the police, places and graffiti through the pages of a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Graffiti, PoliceRequest
from core.domain.doors import ContractorOrder
from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.workspace import Workspace
from desktop.screens.case.chapters.doors import PART
from desktop.screens.case.presenter import CasePresenter
from desktop.screens.case.words import offered_lines
from desktop.screens.step.chapters.doors import STEPS
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.workspaces import a_workspace, logged

WARNING = {
    "given_to": "Two young men by the gate", "way": "in-person", "words": "Harassment is taken seriously here.",
    "named_nobody": True,
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace, graffiti_place="Lift").case


def test_a_warning_asks_why_against_a_wish_and_is_done_on_the_file(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert list(answer(seat, "warning", case, dict(WARNING))) == ["against_wish_because"]
    assert answer(seat, "warning", case, {**WARNING, "against_wish_because": "A child is at risk"}) == {}
    words = told(workspace, PART, case)
    assert "Warned: Two young men by the gate" in words and "All the same because: A child is at risk" in words
    assert "taken seriously" not in words, "what was said is folded"
    assert offered_lines(read_case(workspace, case=case))[1].state == "Done"


def test_the_police_answer_or_are_asked_again(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "police-answer" not in menu_of(workspace, case)
    assert answer(seat, "police", case, {"asked_of": "Patrol team"}) == {}
    (request,) = workspace.store.select(PoliceRequest)
    assert list(answer(seat, "police-answer", case, {}, request.id)) == ["came"]
    assert answer(seat, "police-answer", case, {"came": "again", "notes": "By phone"}, request.id) == {}
    assert "No answer yet" in told(workspace, PART, case)
    assert answer(seat, "police-answer", case, {"came": "answered", "reply": "Twice a week."}, request.id) == {}
    assert "Answered today at 12:00pm" in told(workspace, PART, case)
    assert "police-answer" not in menu_of(workspace, case)


def test_a_place_where_it_happens_again(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    other = logged(workspace, graffiti_place="Lift").case
    for one in (case, other):
        (mark,) = read_case(workspace, case=one).file.contents.graffiti
        named = {"happened": [mark.id.hex()], "kind": "lift", "name": "The lift", "block": "Quill House"}
        assert answer(seat, "place", one, named) == {}
    words = told(workspace, PART, case)
    assert "Lift: The lift, Quill House\nIt happens here again" in words
    assert "1 time more in 1 other case that you may read." in words
    reference = read_case(workspace, case=other).file.case.reference
    assert reference not in words, "which case it is is not said"


def test_graffiti_is_judged_ordered_away_and_marked_removed(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    (mark,) = workspace.store.select(Graffiti)
    assert "Not judged by anybody yet: it counts as offensive" in told(workspace, PART, case)
    assert list(answer(seat, "graffiti-judged", case, {"offensive": False}, mark.id)) == ["reasons"]
    assert answer(seat, "graffiti-judged", case, {"offensive": True}, mark.id) == {}
    assert "Offensive or discriminatory, judged by Ana Bright" in told(workspace, PART, case)
    assert answer(seat, "graffiti-order", case, {"contractor": "Clean Walls", "wall": "ours"}, mark.id) == {}
    (order,) = workspace.store.select(ContractorOrder)
    assert order.words.startswith("Please remove the graffiti here today: Lift.")
    late = {"came": "cannot", "cannot_because": "No van"}
    assert answer(seat, "graffiti-ordered", case, late, order.id) == {}
    assert "Contractor asked" in told(workspace, PART, case), "somebody else is asked"
    assert answer(seat, "graffiti-removed", case, {"no_photo_because": "Rain"}, mark.id) == {}
    assert "Removed\nOffensive" in told(workspace, PART, case) and "No photograph before: Rain" in told(
        workspace, PART, case
    )


def test_words_to_a_contractor_that_tell_are_stopped(seat: Seat, workspace: Workspace, case: RecordId) -> None:
    (mark,) = workspace.store.select(Graffiti)
    telling = {"contractor": "Clean Walls", "wall": "ours", "words": "Meera Quill was insulted here."}
    assert list(answer(seat, "graffiti-order", case, telling, mark.id)) == ["words"]


def test_visits_open_their_own_page(seat: Seat, workspace: Workspace, case: RecordId) -> None:
    assert "visits" in menu_of(workspace, case)
    presenter = CasePresenter(seat.context)
    presenter.case = case
    presenter.go("visits")
    assert seat.desk.went[-1] == ("visits", {"case": case, "subject": None})


def test_a_closed_case_offers_none_of_it(workspace: Workspace, case: RecordId) -> None:
    with workspace.store.unit("close") as (unit, _):
        from core.domain.case import Case

        unit.update(Case, case, stage="closed")
    keys = {step.key for step in STEPS} | {"visits"}
    assert not keys & set(menu_of(workspace, case))
    assert PART.doing(read_case(workspace, case=case)) == ()


def test_every_page_says_which_clause_it_carries_out() -> None:
    assert all(step.clauses for step in STEPS)
