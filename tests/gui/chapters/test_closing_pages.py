"""Reviewing, closing, appealing and asking afterwards through the pages of a case, and the tab of closing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case, Party, Review, Survey
from core.domain.closing import Appeal, PersonLetter
from core.domain.intake import PersonFate
from core.domain.letters import CaseLetter
from core.domain.plan import ActionPlan, PlanAction
from core.foundation.ids import RecordId
from core.services import appeals, closing
from core.services.today import today
from core.services.workspace import Workspace
from desktop.screens.case.chapters.closing import PART
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.screens.step.presenter import StepPresenter
from desktop.screens.step.steps import step_named
from desktop.screens.step.view import StepPage
from desktop.widgets import Button
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at
from tests.support.letters_sent import make
from tests.support.workspaces import a_workspace, as_somebody_else, clock_of, logged, with_letterhead


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace, safe_ways=frozenset({"letter", "email"}), perpetrator_name="Dexter Vale").case


PROPOSAL = {"reason": "Quiet for a year.", "outcome": "stopped", "finding": "found"}
TALK = {"way": "call", "person_agrees": True, "views": "Glad it is over.", "appeal_explained": True}


def now(workspace: Workspace) -> str:
    return clock_of(workspace).now().isoformat()


def letter(seat: Seat, workspace: Workspace, step: str, case: RecordId, **answers: object) -> dict[str, str]:
    """Write a letter, make it, and say that it was posted."""
    problems = answer(seat, step, case, answers)
    if problems:
        return problems
    (ready,) = [one.id for one in workspace.store.select(CaseLetter) if one.state == "ready"]
    said = {"letter": make(workspace, ready).hex(), "way": "post", "outcome_code": "posted"}
    return answer(seat, "letter-deliver", case, {**said, "delivered_at": now(workspace)})


def to_appeal_window(seat: Seat, workspace: Workspace, case: RecordId) -> None:
    assert answer(seat, "propose-closing", case, PROPOSAL) == {}
    assert answer(seat, "discuss-closing", case, TALK) == {}
    assert letter(seat, workspace, "closing-letter", case) == {}


def closed(seat: Seat, workspace: Workspace, case: RecordId) -> None:
    to_appeal_window(seat, workspace, case)
    clock_of(workspace).forward(days=30)
    closing.close_case(as_somebody_else(workspace), case=case)


def test_a_review_asks_for_the_risk_and_for_each_agreed_action(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        plan = unit.create(ActionPlan, stream, case=case)
        action = unit.create(PlanAction, stream, case=case, plan=plan, what="New locks")
    said = {"findings": "Quiet.", "keep_open": False}
    assert set(answer(seat, "review", case, said)) == {f"action:{action.hex()}"}
    done = {**said, f"action:{action.hex()}": "done"}
    assert list(answer(seat, "review", case, done)) == ["risk_not_because"]
    assert answer(seat, "risk", case, {"q:linked": "yes"}) == {}
    assert answer(seat, "review", case, done) == {}
    (kept,) = workspace.store.select(Review)
    assert kept.actions_done == {action} and len(kept.assessments) == 1
    words = told(workspace, PART, case)
    assert "The last review found that the case should be closed" in words
    assert "1 action done, 0 still to do" in words


def test_the_page_of_a_review_leads_to_the_risk_and_keeps_what_was_typed(
    qtbot: QtBot, seat: Seat, case: RecordId
) -> None:
    page = StepPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive("review", case)
    settle()
    (button,) = [one for one in page.findChildren(Button) if one.text().startswith("Assess the risk again")]
    button.click()
    assert seat.desk.went == [("step", {"step": "risk", "case": case})]


def test_closing_goes_step_by_step_and_the_menu_offers_what_is_next(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert {"review", "propose-closing"} <= set(menu_of(workspace, case))
    assert not {"discuss-closing", "closing-letter", "close", "reopen", "survey"} & set(menu_of(workspace, case))
    assert list(answer(seat, "propose-closing", case, {**PROPOSAL, "finding": "malicious"})) == ["finding"]
    assert answer(seat, "propose-closing", case, PROPOSAL) == {}
    assert {"discuss-closing", "closing-letter", "withdraw-closing", "appeal"} <= set(menu_of(workspace, case))
    assert "Talk it over with the person." in told(workspace, PART, case)
    assert answer(seat, "discuss-closing", case, {**TALK, "appeal_explained": None}) == {
        "appeal_explained": "Say whether it was explained how to appeal."
    }
    assert answer(seat, "discuss-closing", case, TALK) == {}
    assert "discuss-closing" not in menu_of(workspace, case)
    accusing = {"closing_reasons": "Mr Vale was warned."}
    presenter = StepPresenter(seat.context)
    opened, failed = Heard(presenter.opened), Heard(presenter.failed)
    presenter.arrive("closing-letter", case)
    assert opened.last.answers["closing_reasons"] == "Quiet for a year."
    presenter.typed({**opened.last.answers, **accusing})
    presenter.save()
    assert failed.all, "a letter that names somebody else is stopped"
    assert letter(seat, workspace, "closing-letter", case, closing_reasons="It has been quiet.") == {}
    words = told(workspace, PART, case)
    assert "May appeal until" in words and "Told" in words
    clock_of(workspace).forward(days=30)
    assert "close" in menu_of(workspace, case)
    assert answer(seat, "close", case, {}) == {
        "another-closer": "Somebody other than the officer who leads on the case decides to close it. Policy 4.29."
    }


def test_a_letter_an_earlier_version_made_is_marked_as_sent(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "old-letter" not in menu_of(workspace, case)
    with workspace.store.unit("test") as (unit, _):
        stream = workspace.store.get(Case, case).stream
        old = unit.create(PersonLetter, stream, case=case, sort="appeal", made_at=clock_of(workspace).now())
    assert "Not sent yet" in told(workspace, PART, case) and "old-letter" in menu_of(workspace, case)
    assert list(answer(seat, "old-letter", case, {"delivered_at": now(workspace)}, old)) == ["way"]
    assert answer(seat, "old-letter", case, {"way": "hand", "delivered_at": now(workspace)}, old) == {}
    assert "Handed over" in told(workspace, PART, case)


def test_where_no_letter_is_safe_it_is_said_why(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert answer(seat, "propose-closing", case, PROPOSAL) == {}
    assert answer(seat, "discuss-closing", case, TALK) == {}
    assert list(answer(seat, "closing-letter", case, {"safe": False})) == ["because"]
    assert answer(seat, "closing-letter", case, {"safe": False, "because": "Her post is read. Told by phone."}) == {}
    assert workspace.store.get(Case, case).stage == "appeal-window"
    assert "No letter" in told(workspace, PART, case)


def test_with_two_people_harmed_it_is_asked_who_and_never_the_one_complained_about(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        bea = unit.create(Party, stream, case=case, name="Bea Hart", roles={"harmed"})
    assert answer(seat, "propose-closing", case, PROPOSAL) == {}
    assert answer(seat, "discuss-closing", case, TALK) == {"party": "Choose who is meant."}
    presenter = StepPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("discuss-closing", case)
    assert {words for _, words in opened.last.options["party"]} == {"Meera Quill", "Bea Hart"}
    with workspace.store.unit("test") as (unit, _):
        unit.create(PersonFate, stream, case=case, party=bea, what="died", noted_at=clock_of(workspace).now())
    assert "Closing: Bea Hart\nTold\nHas died, and nobody speaks for them" in told(workspace, PART, case)


def test_an_appeal_is_recorded_decided_by_somebody_else_and_answered(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    to_appeal_window(seat, workspace, case)
    clock_of(workspace).forward(days=1)
    made = {"made_at": now(workspace), "channel": "phone"}
    assert list(answer(seat, "appeal", case, made)) == ["grounds"]
    assert answer(seat, "appeal", case, {**made, "grounds": ["goes-on"], "words": "He was there again."}) == {}
    (appeal,) = workspace.store.select(Appeal)
    assert "Appeal of Meera Quill against closing\nTo decide" in told(workspace, PART, case)
    assert answer(seat, "decide-appeal", case, {"decision": "not-upheld", "reasons": "No."}) == {
        "decision": "Somebody who did not propose closing decides the appeal."
    }
    other = as_somebody_else(workspace)
    appeals.decide_appeal(other, appeal=appeal.id, decision="partly", keep_open=False, reasons="One thing was missed.")
    assert "appeal-letter" in menu_of(workspace, case)
    assert letter(seat, workspace, "appeal-letter", case) == {}
    assert "Answered" in told(workspace, PART, case)
    assert {one.template for one in workspace.store.select(CaseLetter)} == {"closure", "appeal-outcome"}


def test_after_closing_the_survey_is_made_sent_reminded_of_and_answered(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    closed(seat, workspace, case)
    assert {"survey", "reopen"} <= set(menu_of(workspace, case))
    (due,) = [row for row in today(workspace).rows if row.kind == "survey"]
    page = DUTY_PAGES["survey"]
    assert page.about_subject
    presenter = StepPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive(page.step, case, due.subject)
    assert opened.last.options["party"] == ((due.subject.hex(), "Meera Quill (safe: email, letter to home)"),)
    assert answer(seat, "survey", case, {"send": False}) == {"not_sent_because": "Say why it is not sent."}
    assert letter(seat, workspace, "survey", case, send=True) == {}
    assert "Survey: Meera Quill\nWaiting for an answer" in told(workspace, PART, case)
    assert letter(seat, workspace, "survey-reminder", case) == {}
    assert "survey-reminder" not in menu_of(workspace, case)
    assert answer(seat, "survey-answer", case, {}) == {"comments": "Enter at least one answer."}
    given = {"answer:ended": "fairly", "answer:private": "not-asked", "comments": "Thank you."}
    assert answer(seat, "survey-answer", case, given) == {}
    (survey,) = workspace.store.select(Survey)
    assert survey.answers == {"ended:fairly", "private:not-asked"} and survey.comments == "Thank you."
    assert "Answered" in told(workspace, PART, case)


def test_a_case_is_opened_again_from_its_page(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    closed(seat, workspace, case)
    assert set(answer(seat, "reopen", case, {})) == {"why", "reasons"}
    assert answer(seat, "reopen", case, {"why": "incident", "reasons": "Shouted at again."}) == {}
    assert workspace.store.get(Case, case).stage == "open"
    assert "Something new happened" in told(workspace, PART, case)
    assert "review" in menu_of(workspace, case)


def test_a_proposal_is_taken_back_from_its_page(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    to_appeal_window(seat, workspace, case)
    assert answer(seat, "withdraw-closing", case, {"because": "It began again."}) == {}
    assert workspace.store.get(Case, case).stage == "open"
    assert "Taken back" in told(workspace, PART, case)


def test_every_duty_of_this_chapter_opens_a_page_there_is() -> None:
    kinds = ("review", "sooner-review", "closing-talk", "closing-letter", "closing-end", "appeal", "appeal-letter",
             "survey", "survey-reminder", "late-report")  # fmt: skip
    assert all(step_named(DUTY_PAGES[kind].step) for kind in kinds)


@pytest.mark.parametrize("step", ["survey-answer", "letter-deliver"])
def test_the_pages_after_closing_pass_every_audit(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId, step: str
) -> None:
    closed(seat, workspace, case)
    assert letter(seat, workspace, "survey", case) == {}
    page = StepPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(step=step, case=case)
    settle()
    assert audit_everywhere(page) == []
