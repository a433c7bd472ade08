"""Wishes, support and plans, as an officer records them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.plan import ActionPlan, PlanAction, SupportOffer, Wish
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services import plans
from core.services.cases import open_case
from core.services.contacts import ContactForm, record_contact
from core.services.plans import ActionForm, PlanForm, WishForm
from core.services.safe_ways import SafeWaysForm, check_safe_ways
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def agreed(workspace: Workspace, case: RecordId, **changes: object) -> RecordId:
    values = {"outcome_wanted": "To be left alone", "contact_way": "call", "agreed": "said", "contact_days": 7}
    return plans.agree_plan(workspace, form=PlanForm(case=case, **{**values, **changes})).record  # type: ignore[arg-type]


def test_a_plan_promises_an_update_on_today_and_a_contact_keeps_it(workspace: Workspace) -> None:
    case = logged(workspace).case
    record_contact(workspace, form=ContactForm(case=case, at=NOON, way="call", outcome="spoke"))
    agreed(workspace, case)
    (row,) = [row for row in today(workspace).rows if row.kind == "update"]
    assert row.title == "Promised update" and row.why.startswith("Due Mon 9 Mar, 11:59pm: 7 days from the plan")
    clock_of(workspace).forward(days=9)
    (late,) = [row for row in today(workspace).rows if row.kind == "update"]
    assert late.late
    record_contact(workspace, form=ContactForm(case=case, at=clock_of(workspace).at, way="call", outcome="spoke"))
    (following,) = [row for row in today(workspace).rows if row.kind == "update"]
    assert not following.late
    late_ones = [duty for duty in open_case(workspace, case=case).duties if duty.kind == "update" and duty.was_late]
    assert len(late_ones) == 1, "a missed promise cannot be taken away"


def test_a_new_version_leaves_the_one_before_in_the_file(workspace: Workspace) -> None:
    case = logged(workspace).case
    first = agreed(workspace, case)
    second = agreed(workspace, case, contact_days=14)
    assert {plan.id for plan in workspace.store.select(ActionPlan)} == {first, second}
    titles = [entry.title for entry in open_case(workspace, case=case).timeline]
    assert titles.count("Action plan: agreed in words") == 2


def test_the_way_of_keeping_in_touch_is_never_one_the_person_ruled_out(workspace: Workspace) -> None:
    case = logged(workspace).case
    check_safe_ways(
        workspace,
        form=SafeWaysForm(case=case, safe_ways=frozenset({"text"}), unsafe_ways=frozenset({"call"}), times=""),
    )
    with pytest.raises(FormIncomplete) as problem:
        agreed(workspace, case)
    assert problem.value.problems == {"contact_way": "The person asked never to be reached this way."}


@pytest.mark.parametrize("days", [None, 0, 400])
def test_how_often_must_be_said(workspace: Workspace, days: int | None) -> None:
    with pytest.raises(FormIncomplete) as problem:
        agreed(workspace, logged(workspace).case, contact_days=days)
    assert list(problem.value.problems) == ["contact_days"]


def test_wanting_no_action_is_asked_again(workspace: Workspace) -> None:
    case = logged(workspace).case
    form = WishForm(case=case, words="Please do nothing.", said_at=NOON, no_action=True)
    with pytest.raises(FormIncomplete) as problem:
        plans.record_wish(workspace, form=form)
    assert list(problem.value.problems) == ["ask_again_on"]
    later = NOON.date() + timedelta(days=14)
    form = WishForm(case=case, words="Please do nothing.", said_at=NOON, no_action=True, ask_again_on=later)
    wish = plans.record_wish(workspace, form=form).record
    assert workspace.store.get(Wish, wish).recorded_by == workspace.user


def test_an_offer_and_its_answer(workspace: Workspace) -> None:
    case = logged(workspace).case
    offer = plans.offer_support(workspace, case=case, what="counselling").record
    assert workspace.store.get(SupportOffer, offer).answered_at is None
    plans.answer_offer(workspace, offer=offer, answer="declined")
    assert workspace.store.get(SupportOffer, offer).answer == "declined"


def test_actions_are_done_or_explained(workspace: Workspace) -> None:
    plan = agreed(workspace, logged(workspace).case)
    with pytest.raises(FormIncomplete):
        plans.add_action(workspace, form=ActionForm(plan=plan, what="Send somebody", who="agency"))
    one = plans.add_action(workspace, form=ActionForm(plan=plan, what="Change the lock", who="landlord")).record
    two = plans.add_action(workspace, form=ActionForm(plan=plan, what="Keep a diary", who="person")).record
    plans.finish_action(workspace, action=one)
    plans.finish_action(workspace, action=two, not_done_because="It was too much.")
    first, second = workspace.store.get(PlanAction, one), workspace.store.get(PlanAction, two)
    assert first.done_at == NOON and second.done_at is None and second.not_done_because == "It was too much."


def test_the_usual_print_is_refused_for_whoever_needs_another_format(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace, format_needed="large-print").case
        plan = plans.agree_plan(
            workspace,
            form=PlanForm(case=case, outcome_wanted="Peace", contact_way="call", contact_days=7, agreed="said"),
        ).record
        with pytest.raises(FormIncomplete) as refused:
            plans.give_copy(workspace, plan=plan, copy_format="standard")
        assert "large print" in refused.value.problems["copy_format"]
        plans.give_copy(workspace, plan=plan, copy_format="large-print")
