"""Adding to a file: each page does what it says, keeps what is typed, and refuses an unsafe way without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.foundation.errors import DiskFull
from core.foundation.ids import RecordId
from core.services import case_page, casework, contacts, drafts
from core.services.cases import CaseLogged
from core.services.workspace import Workspace
from desktop.screens.autosave import AT_LEAST_EVERY_MS, PAUSE_MS
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.step.presenter import StepPresenter, StepView
from desktop.screens.step.steps import STEPS, step_named
from desktop.screens.step.view import StepPage
from desktop.screens.unfinished import DRAFT_WORDS
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def report(workspace: Workspace) -> CaseLogged:
    return logged(
        workspace, received_at=NOON - timedelta(hours=2), safe_ways=frozenset({"text"}),
        unsafe_ways=frozenset({"voicemail"}), graffiti_place="Stairwell",
    )  # fmt: skip


def test_a_step_names_its_clause_once() -> None:
    twice = [step.key for step in (*STEPS, *CHAPTER_STEPS) if step.clauses and step.lead.startswith("Policy ")]
    assert twice == [], "its link says the clause already"


def opened(seat: Seat, step: str, case: RecordId, subject: RecordId | None = None) -> tuple[StepPresenter, StepView]:
    presenter = StepPresenter(seat.context)
    heard = Heard(presenter.opened)
    presenter.arrive(step, case, subject)
    view = heard.last
    assert isinstance(view, StepView)
    return presenter, view


def a_page(qtbot: QtBot, seat: Seat, step: str, case: RecordId) -> StepPage:
    page = StepPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(step=step, case=case)
    settle()
    return page


def contents(workspace: Workspace, case: RecordId) -> case_page.CasePage:
    return case_page.read_case(workspace, case=case)


# ------------------------------------------------------------------ what each page does

ANSWERS: dict[str, dict[str, object]] = {
    "note": {"body": "Spoke to the caretaker."},
    "contact": {"way": "text", "outcome": "replied", "at": NOON.isoformat(), "notes": "She is safe."},
    "safe-ways": {"safe_ways": ["email"], "unsafe_ways": ["text"], "times": "Mornings"},
    "graffiti": {"place": "Bin store", "notified_at": NOON.isoformat()},
    "police": {"asked_of": "Neighbourhood team", "reference": "NT/1"},
    "association": {"sent_to": "The secretary", "words": "Harassment is taken seriously."},
    "judgement": {"handling": "harassment", "reasons": "Two witnesses."},
    "review": {"findings": "Quiet since March.", "keep_open": True, "risk_not_because": "She is away."},
    "propose-closing": {"reason": "Quiet for a year.", "outcome": "stopped", "finding": "none"},
}


@pytest.mark.parametrize("step", sorted(ANSWERS))
def test_saving_writes_it_to_the_file_goes_back_and_forgets_the_draft(
    workspace: Workspace, seat: Seat, report: CaseLogged, step: str
) -> None:
    before = len(case_page.read_case(workspace, case=report.case).file.timeline)
    presenter, view = opened(seat, step, report.case)
    presenter.typed({**view.answers, **ANSWERS[step]})
    presenter.leave()
    assert [draft.name for draft in drafts.list_drafts(workspace)] == [f"{step}:{report.case.hex()}"]
    presenter.save()
    assert seat.desk.said == [step_named(step).done]
    assert seat.desk.backs == 1
    assert drafts.list_drafts(workspace) == ()
    page = contents(workspace, report.case)
    if step == "safe-ways":
        assert (page.ways.safe, page.ways.never) == (("email",), ("text",))
    else:
        assert len(page.file.timeline) == before + 1


def test_a_contact_that_reached_them_meets_the_duty(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    presenter, view = opened(seat, "contact", report.case)
    assert view.answers["way"] == "text", "the only safe way is chosen"
    presenter.typed({**view.answers, "outcome": "spoke"})
    presenter.save()
    first = contents(workspace, report.case).file.duties[0]
    assert first.state.value == "met"


def test_an_unsafe_way_asks_why_and_the_reason_stays_in_the_file(
    workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    presenter, view = opened(seat, "contact", report.case)
    applying, problems = Heard(presenter.applies), Heard(presenter.problems)
    presenter.typed({**view.answers, "way": "voicemail", "outcome": "message-left"})
    assert "unsafe_reason" in applying.last
    presenter.save()
    assert problems.last == {"unsafe_reason": "The person asked never to be reached this way. Say why it was used."}
    left = {**view.answers, "way": "voicemail", "outcome": "message-left"}
    presenter.typed({**left, "unsafe_reason": "Fire in the block."})
    presenter.save()
    (contact,) = contents(workspace, report.case).file.contents.contacts
    assert contact.unsafe_reason == "Fire in the block."


def test_every_way_says_whether_it_is_safe(seat: Seat, report: CaseLogged) -> None:
    words = dict(opened(seat, "contact", report.case)[1].options["way"])
    assert words["text"] == "Text message (safe)"
    assert words["voicemail"] == "Voicemail (NEVER)"
    assert words["call"] == "Phone call (not asked)"


def test_graffiti_named_by_today_is_marked_removed(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    other = casework.report_graffiti(workspace, case=report.case, place="Bin store", notified_at=NOON).record
    presenter, view = opened(seat, "graffiti-removed", report.case, other)
    assert view.answers["graffiti"] == other.hex()
    problems = Heard(presenter.problems)
    presenter.save()
    assert list(problems.last) == ["no_photo_because"], "a wall that is clean proves nothing any more"
    presenter.typed({**view.answers, "no_photo_because": "The rain was faster."})
    presenter.save()
    marks = {mark.place: mark.removed_at for mark in contents(workspace, report.case).file.contents.graffiti}
    assert marks == {"Stairwell": None, "Bin store": NOON}


def test_which_graffiti_is_asked_when_there_are_several(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    casework.report_graffiti(workspace, case=report.case, place="Bin store", notified_at=NOON)
    presenter, view = opened(seat, "graffiti-removed", report.case)
    problems = Heard(presenter.problems)
    assert view.answers["graffiti"] == ""
    presenter.save()
    assert problems.last == {"graffiti": "Choose which graffiti was removed."}


def test_stopping_to_handle_it_as_harassment_needs_a_second_person(seat: Seat, report: CaseLogged) -> None:
    presenter, view = opened(seat, "judgement", report.case)
    problems, applying = Heard(presenter.problems), Heard(presenter.applies)
    presenter.typed({**view.answers, "handling": "other", "reasons": "A mix-up."})
    assert "second_person" in applying.last
    presenter.save()
    assert "second person" in problems.last["second_person"]


# ------------------------------------------------------------------ keeping what is typed


def test_a_note_is_on_the_disk_after_a_pause_and_says_so(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, "note", report.case)
    qtbot.keyClicks(page.first_focus(), "She said that")
    assert drafts.list_drafts(workspace) == ()
    qtbot.waitUntil(lambda: "Saved at 12:00pm on this laptop" in words_in(page), timeout=10_000)
    (draft,) = drafts.list_drafts(workspace)
    assert (draft.name, draft.body) == (f"note:{report.case.hex()}", "She said that")


def test_typing_without_a_pause_is_saved_all_the_same(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    presenter, _ = opened(seat, "note", report.case)
    assert (PAUSE_MS, AT_LEAST_EVERY_MS) == (500, 5_000)
    presenter.autosave._limit.setInterval(40)
    words = ""
    while not drafts.list_drafts(workspace) and len(words) < 300:
        words += "x"
        presenter.typed({"body": words})
        qtbot.wait(5)
        assert presenter.autosave._pause.isActive() or drafts.list_drafts(workspace)
    assert drafts.list_drafts(workspace)[0].body


def test_a_lock_waits_for_the_words_that_were_being_typed(seat: Seat, report: CaseLogged) -> None:
    presenter, _ = opened(seat, "note", report.case)
    presenter.typed({"body": "She said that"})
    presenter.leave()
    assert seat.runner.last_words == ["save_draft"]


def test_leaving_in_the_middle_of_a_save_saves_the_rest(workspace: Workspace, report: CaseLogged) -> None:
    seat = a_seat(workspace, hold=True)
    presenter = StepPresenter(seat.context)
    presenter.arrive("note", report.case)
    while seat.runner.waiting:
        seat.runner.answer()
    presenter.typed({"body": "first"})
    presenter.autosave.tick()
    presenter.typed({"body": "first and second"})
    presenter.autosave.tick()
    assert [name for name, _ in seat.runner.calls].count("save_draft") == 1, "one save at a time"
    presenter.leave()
    while seat.runner.waiting:
        seat.runner.answer()
    assert drafts.list_drafts(workspace)[0].body == "first and second"


def test_coming_back_carries_on_where_it_was_left(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    drafts.save_draft(workspace, name=f"note:{report.case.hex()}", body="She called back and")
    clock_of(workspace).forward(minutes=9)
    page = a_page(qtbot, seat, "note", report.case)
    assert page.answers() == {"body": "She called back and"}
    assert "You were writing this. It is saved up to 12:00pm." in words_in(page)


def test_emptying_the_box_throws_the_draft_away(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    drafts.save_draft(workspace, name=f"note:{report.case.hex()}", body="She called")
    presenter, _ = opened(seat, "note", report.case)
    presenter.typed({"body": None})
    presenter.leave()
    assert drafts.list_drafts(workspace) == ()


def test_throwing_away_can_be_undone(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    presenter, view = opened(seat, "police", report.case)
    presenter.typed({**view.answers, "asked_of": "Neighbourhood team"})
    presenter.leave()
    presenter.throw_away()
    assert drafts.list_drafts(workspace) == ()
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert seat.desk.went == [("step", {"step": "police", "case": report.case})]
    _, again = opened(seat, "police", report.case)
    assert again.answers["asked_of"] == "Neighbourhood team"


def test_a_full_disk_is_said_and_the_words_stay(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, "note", report.case)
    qtbot.keyClicks(page.first_focus(), "She said that")
    seat.runner.fail_with["add_note"] = DiskFull(path="the disk")
    page.presenter.save()
    assert "The disk that holds the disk is full." in words_in(page)
    assert page.answers() == {"body": "She said that"}
    assert drafts.list_drafts(workspace)[0].body == "She said that"
    assert page._save.isEnabled()


def test_a_draft_nobody_can_read_keeps_its_words(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    drafts.save_draft(workspace, name=f"review:{report.case.hex()}", body="Quiet since March")
    assert opened(seat, "review", report.case)[1].answers["findings"] == "Quiet since March"


def test_every_page_has_words_for_its_draft() -> None:
    assert {step.key for step in STEPS} <= DRAFT_WORDS.keys()


# ------------------------------------------------------------------ the page


def test_nothing_of_one_page_stays_on_the_next(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, "note", report.case)
    qtbot.keyClicks(page.first_focus(), "She said that")
    other = logged(workspace, safe_ways=frozenset({"email"})).case
    page.leave()
    page.arrive(step="police", case=other)
    settle()
    said = words_in(page)
    assert "She said that" not in said and report.reference not in said and "VOICEMAIL" not in said
    assert drafts.list_drafts(workspace)[0].body == "She said that"


def test_no_part_of_it_opens_as_a_window_of_its_own(qtbot: QtBot, seat: Seat, report: CaseLogged) -> None:
    page = a_page(qtbot, seat, "contact", report.case)
    windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not page]
    assert windows == []
    assert page.isActiveWindow()


def test_a_contact_takes_three_stops_by_key(qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    page = a_page(qtbot, seat, "contact", report.case)
    way = QApplication.focusWidget()
    assert way is not None and page.isAncestorOf(way) and way.isChecked()  # type: ignore[attr-defined]
    qtbot.keyClick(way, Qt.Key.Key_Tab)
    outcome = QApplication.focusWidget()
    qtbot.keyClick(outcome, Qt.Key.Key_Space)
    qtbot.keyClick(outcome, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: seat.desk.backs == 1, timeout=10_000)
    assert contacts.ways_to_contact(workspace, case=report.case).safe == ("text",)
    (contact,) = contents(workspace, report.case).file.contents.contacts
    assert (contact.way, contact.outcome, contact.at) == ("text", "spoke", NOON)


@pytest.mark.parametrize("step", ["contact", "judgement"])
def test_it_passes_every_audit(qtbot: QtBot, seat: Seat, report: CaseLogged, step: str) -> None:
    page = a_page(qtbot, seat, step, report.case)
    page.presenter.save()
    assert audit_everywhere(page) == []
    if step == "contact":
        show_at(page, 1366, 768)
        assert hidden_focus(page) == []
