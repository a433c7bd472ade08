"""Wishes, support and the action plan through the pages of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.plan import ActionPlan, PlanAction, SupportOffer
from core.foundation.ids import RecordId
from core.services.workspace import Workspace
from desktop.screens.case.chapters.plan import PART
from desktop.screens.case.presenter import CasePresenter
from desktop.screens.step.chapters.plan import STEPS
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Heard, Seat, a_seat
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, logged

PLAN = {"outcome_wanted": "Quiet.", "contact_way": "call", "contact_days": "7", "agreed": "said"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def test_the_tab_asks_first_what_the_person_wants(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "Nobody has recorded what the person wants." in told(workspace, PART, case)
    assert answer(seat, "wish", case, {"words": "Not him.", "not_approached": True}) == {}
    assert "does not want the person complained about to be approached (said" in told(workspace, PART, case)
    top = CasePresenter(seat.context)
    shown = Heard(top.shown)
    top.arrive(case)
    assert "Wants nobody approached (said 2 Mar)" in [words for words, _ in shown.last.tags]


def test_what_goes_before_a_wish_is_written_down_with_its_ground(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert "against-wish" not in menu_of(workspace, case), "nobody has said what they want"
    assert answer(seat, "wish", case, {"words": "Not him.", "not_approached": True}) == {}
    assert "against-wish" in menu_of(workspace, case)
    assert set(answer(seat, "against-wish", case, {})) == {"person_told"}
    assert set(answer(seat, "against-wish", case, {"person_told": True})) == {"grounds", "reasons"}
    said = {"grounds": ["child"], "reasons": "Her boy was hit.", "person_told": False}
    assert set(answer(seat, "against-wish", case, said)) == {"not_told_because"}
    assert answer(seat, "against-wish", case, {**said, "person_told": True}) == {}
    words = told(workspace, PART, case)
    assert "The person was told." in words and "has to be kept safe" in words


def test_wanting_no_action_asks_for_the_day_to_ask_again(seat: Seat, case: RecordId) -> None:
    said = {"words": "Nothing, please.", "no_action": True, "ask_again_on": "soon"}
    assert list(answer(seat, "wish", case, said)) == ["ask_again_on"], "what was typed stays and is named"
    again_on = (NOON + timedelta(days=14)).date().isoformat()
    assert answer(seat, "wish", case, {**said, "ask_again_on": again_on}) == {}


def test_a_plan_an_action_and_a_copy(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "plan-action" not in menu_of(workspace, case)
    assert answer(seat, "plan", case, PLAN) == {}
    (plan,) = workspace.store.select(ActionPlan)
    by_when = (NOON + timedelta(days=3)).date().isoformat()
    change = {"what": "Change the lock", "who": "landlord", "by_when": by_when}
    assert answer(seat, "plan-action", case, change, plan.id) == {}
    assert answer(seat, "plan-copy", case, {"copy_format": "large-print"}, plan.id) == {}
    words = told(workspace, PART, case)
    assert "Phone call, every 7 days" in words and "Change the lock\nTo do\nWe do it, by 5 March" in words
    assert "Copy given today at 12:00pm" in words
    (action,) = workspace.store.select(PlanAction)
    assert answer(seat, "plan-action-done", case, {"done": True}, action.id) == {}
    assert "Change the lock\nDone" in told(workspace, PART, case)


def test_a_number_that_cannot_be_read_is_named(seat: Seat, case: RecordId) -> None:
    assert list(answer(seat, "plan", case, {**PLAN, "contact_days": "weekly"})) == ["contact_days"]


def test_an_offer_that_was_declined_stays(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert answer(seat, "support", case, {"what": "counselling", "answer": "offered"}) == {}
    (offer,) = workspace.store.select(SupportOffer)
    assert answer(seat, "support-answer", case, {"answer": "declined"}, offer.id) == {}
    assert "Counselling\nDeclined" in told(workspace, PART, case)


def test_every_page_says_which_clause_it_carries_out() -> None:
    assert all(step.clauses for step in STEPS)
