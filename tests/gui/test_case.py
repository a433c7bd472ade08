"""The file of a case: what an officer must know first, folded words, who reads it, and nothing of the case before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.changed import Changed
from core.foundation.errors import NotFound
from core.foundation.ids import RecordId
from core.services import casework, closing, contacts, drafts, notes
from core.services.cases import CaseLogged
from core.services.closing import ProposalForm
from core.services.workspace import Workspace
from desktop.screens.case.parts import Fold
from desktop.screens.case.presenter import CasePresenter, CaseView
from desktop.screens.case.view import HISTORY, CasePage
from desktop.widgets import Safety
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged

STORY = "Two people shouted at her from the landing."


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def report(workspace: Workspace) -> CaseLogged:
    made = logged(
        workspace, words=STORY, received_at=NOON - timedelta(hours=26), place="12 Amber Road",
        safe_ways=frozenset({"text"}), unsafe_ways=frozenset({"voicemail"}), safe_times="Mornings",
        if_someone_else_answers="say you are calling about repairs",
    )  # fmt: skip
    notes.add_note(workspace, case=made.case, body="Spoke to the caretaker.")
    return made


def view_of(seat: Seat, case: RecordId) -> CaseView:
    presenter = CasePresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive(case)
    view = heard.last
    assert isinstance(view, CaseView)
    return view


def a_page(qtbot: QtBot, seat: Seat, case: RecordId) -> CasePage:
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case)
    settle()
    return page


# ------------------------------------------------------------------ what is shown


def test_the_head_says_stage_how_long_how_it_is_handled_and_what_is_late(seat: Seat, report: CaseLogged) -> None:
    view = view_of(seat, report.case)
    assert view.reference == report.reference
    assert [words for words, _ in view.tags] == ["Confidential", "Open, 1 day", "Handled as harassment", "1 late"]


def test_the_strip_tells_safe_ways_from_those_to_never_use(seat: Seat, report: CaseLogged) -> None:
    contact = view_of(seat, report.case).contact
    assert dict(contact.ways) == {"Text message": Safety.SAFE, "Voicemail": Safety.NEVER}
    assert contact.times == "Mornings"
    assert contact.if_someone_else_answers == "say you are calling about repairs."
    assert contact.checked == "Checked yesterday at 10:00am."
    assert not contact.out_of_date


def test_an_answer_older_than_thirty_days_asks_to_be_checked(
    workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    clock_of(workspace).forward(days=31)
    contact = view_of(seat, report.case).contact
    assert contact.out_of_date
    assert "ask the person again" in contact.checked


def test_when_nobody_asked_the_strip_says_to_ask_first(workspace: Workspace, seat: Seat) -> None:
    case = logged(workspace, anonymous=True, safe_ways=frozenset()).case
    contact = view_of(seat, case).contact
    assert contact.ways == ()
    assert "Nobody has asked yet" in contact.checked
    assert contact.out_of_date


def test_what_somebody_reported_is_folded_and_a_note_is_not(seat: Seat, report: CaseLogged) -> None:
    stories = {story.title: story for story in view_of(seat, report.case).timeline}
    told = stories["Report received by phone, out of hours: Ana Bright answered"]
    assert told.fold == "Describes what was reported. Select to read"
    assert stories["Note"].fold == ""
    assert stories["Note"].body == "Spoke to the caretaker."
    assert stories["Note"].who == "Ana Bright"


def test_every_duty_gives_its_reason_and_a_met_one_stays(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    first = view_of(seat, report.case).due[0]
    assert (first.title, first.state, first.action) == ("First contact", "Late by 2 h", "Record contact")
    assert "24 hours from the report" in first.why
    form = contacts.ContactForm(case=report.case, at=NOON, way="text", outcome="replied")
    contacts.record_contact(workspace, form=form)
    due = {line.title: line for line in view_of(seat, report.case).due}
    assert (due["First contact"].state, due["First contact"].action) == ("Done late", "")
    assert "2 h late" in due["First contact"].why
    assert "Late" not in str(view_of(seat, report.case).tags)


def test_steps_are_offered_while_nobody_is_named_and_show_what_is_done(
    workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    casework.ask_police(workspace, case=report.case, asked_of="Neighbourhood team")
    offered = {line.words: line for line in view_of(seat, report.case).offered}
    police = offered["Ask the police to be seen more in the area"]
    assert (police.state, police.action) == ("Done", "")
    assert "Asked" in police.note
    assert offered["Write to every home in the area"].step == "letters"
    assert offered["Ask the tenants' association to pass it on"].step == "association"
    named = logged(workspace, perpetrator_known="named", perpetrator_name="Mr Vale").case
    assert view_of(seat, named).offered == ()


def test_the_menu_offers_only_what_can_be_done_now(workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    steps = [step for step, *_ in view_of(seat, report.case).add]
    assert steps[:2] == ["note", "contact"]
    assert not {"graffiti-removed", "discuss-closing", "survey", "appeal", "close", "reader"} & set(steps)
    casework.report_graffiti(workspace, case=report.case, place="Stairwell", notified_at=NOON)
    closing.propose_closing(workspace, form=ProposalForm(case=report.case, reason="Quiet.", outcome="stopped"))
    steps = [step for step, *_ in view_of(seat, report.case).add]
    assert {"graffiti-removed", "discuss-closing", "appeal"} <= set(steps)
    assert "decide-appeal" not in steps


def test_people_and_incidents_say_what_was_not_asked(seat: Seat, report: CaseLogged) -> None:
    view = view_of(seat, report.case)
    assert view.people[0].heading == "Meera Quill"
    assert view.people[-1].lines == ("Nobody knows who",)
    (incident,) = (fact for fact in view.incidents if fact.heading == "Incident 1")
    assert [words for words, _ in incident.tags] == ["What kind of act: not asked"]
    assert incident.fold
    assert "What kind of act it was" in view.still_to_ask


def test_who_can_read_it_names_them(seat: Seat, report: CaseLogged) -> None:
    (reader,) = view_of(seat, report.case).readers
    assert reader.heading == "Ana Bright (you, leads on it)"
    assert reader.lines[0].startswith("Since ")


def test_history_puts_one_action_on_one_line_with_who_when_and_which_laptop(
    workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    presenter = CasePresenter(seat.context)
    heard = Heard(presenter.told_history)
    presenter.arrive(report.case)
    presenter.want_history()
    newest = heard.last[0]
    assert newest.what.startswith("Note: ")
    assert (newest.who, newest.laptop) == ("Ana Bright", workspace.device.hex()[:6])
    assert "Note: Spoke to the caretaker." in newest.written
    assert sum(line.what.startswith("Note") for line in heard.last) == 1


def test_a_case_that_is_not_here_says_so(qtbot: QtBot, seat: Seat) -> None:
    page = a_page(qtbot, seat, RecordId(b"nobody's case id"))
    assert NotFound(what="case").explain().happened in words_in(page)


# ------------------------------------------------------------------ the page


def the_story(page: CasePage) -> Fold:
    """The fold with what was reported; another holds the versions of the rules."""
    return next(one for one in page._timeline.findChildren(Fold) if one._words.text() == STORY)


def test_sensitive_words_are_not_on_the_page_until_asked_for_and_go_when_it_is_left(
    qtbot: QtBot, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, report.case)
    fold = the_story(page)
    assert not fold._words.isVisible()
    fold._button.click()
    assert fold._words.isVisible() and fold._words.text() == STORY
    page.leave()
    assert not fold._words.isVisible()
    assert "Select to read" in fold._button.text()


def test_what_is_unfolded_stays_so_when_something_new_is_written(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, report.case)
    fold = the_story(page)
    fold._button.click()
    notes.add_note(workspace, case=report.case, body="She rang back.")
    page.presenter.load()
    settle()
    again = [one for one in page._timeline.findChildren(Fold) if one._words.text() == STORY]
    assert "She rang back." in words_in(page) and [one.is_open for one in again] == [True]
    page.leave()
    page.arrive(case=report.case)
    settle()
    assert not any(one.is_open for one in page._timeline.findChildren(Fold))


def test_nothing_of_one_case_stays_when_another_is_shown(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    other = logged(workspace, words="Bins tipped over", reporter_name="Tomas Field").case
    page = a_page(qtbot, seat, report.case)
    page.tabs.bar.setCurrentIndex(HISTORY)
    settle()
    assert "Meera Quill" in words_in(page)
    held = a_seat(workspace, hold=True)
    page.presenter._context = held.context
    page.arrive(case=other)
    settle()
    said = words_in(page)
    for word in (report.reference, "Meera Quill", "shouted", "caretaker", "NO VOICEMAIL"):
        assert word not in said
    while held.runner.waiting:
        held.runner.answer()
    assert "Tomas Field" in words_in(page)


def test_an_answer_about_the_case_before_is_dropped(workspace: Workspace, report: CaseLogged) -> None:
    other = logged(workspace, reporter_name="Tomas Field")
    seat = a_seat(workspace, hold=True)
    presenter = CasePresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive(report.case)
    presenter.arrive(other.case)
    while seat.runner.waiting:
        seat.runner.answer()
    assert [view.reference for view in heard.all] == [other.reference]


def test_a_change_is_shown_without_asking(qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged) -> None:
    page = a_page(qtbot, seat, report.case)
    notes.add_note(workspace, case=report.case, body="She rang back.")
    seat.changes.announced.emit(Changed(frozenset({"note"})))
    qtbot.waitUntil(lambda: "She rang back." in words_in(page), timeout=10_000)


def test_a_file_that_was_open_all_along_is_read_again_when_time_has_gone_by(
    workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    presenter = CasePresenter(seat.context)
    presenter.arrive(case=report.case)
    first = presenter._page
    assert first is not None
    clock_of(workspace).forward(minutes=2)
    presenter._minute.timeout.emit()
    assert presenter._page is first, "in two minutes only the words for how long change"
    clock_of(workspace).forward(days=3)
    presenter._minute.timeout.emit()
    assert presenter._page is not None and presenter._page.setting.now == clock_of(workspace).now()
    clock_of(workspace).forward(days=3)
    presenter.arrive(case=report.case)
    assert presenter._page.setting.now == clock_of(workspace).now()
    presenter.leave()


def test_unfinished_writing_on_this_case_is_offered(
    qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged
) -> None:
    drafts.save_draft(workspace, name=f"note:{report.case.hex()}", body="She said")
    drafts.save_draft(workspace, name=f"note:{logged(workspace).case.hex()}", body="another case")
    page = a_page(qtbot, seat, report.case)
    assert words_in(page).count("You were writing a note on") >= 1
    assert len(page._shown_drafts) == 1  # type: ignore[arg-type]


@pytest.mark.qt_log_ignore("plugin does not support")
def test_by_key_a_opens_the_menu_and_enter_starts_a_note(qtbot: QtBot, seat: Seat, report: CaseLogged) -> None:
    page = a_page(qtbot, seat, report.case)
    qtbot.keyClick(page, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is page._menu, timeout=10_000)
    qtbot.keyClick(page._menu, Qt.Key.Key_Down)
    qtbot.keyClick(page._menu, Qt.Key.Key_Return)
    assert seat.desk.went == [("step", {"step": "note", "case": report.case})]


def test_arrow_keys_go_through_the_tabs_and_history_is_asked_for_only_then(
    qtbot: QtBot, seat: Seat, report: CaseLogged
) -> None:
    page = a_page(qtbot, seat, report.case)
    assert "history_of_case" not in seat.runner.names
    page.tabs.bar.setFocus()
    for _ in range(HISTORY):
        qtbot.keyClick(page.tabs.bar, Qt.Key.Key_Right)
    assert seat.runner.names.count("history_of_case") == 1
    assert page._history.isVisible()
    assert not page._timeline.isVisible()


def test_letters_go_to_the_letters_page_with_this_case(qtbot: QtBot, seat: Seat, report: CaseLogged) -> None:
    page = a_page(qtbot, seat, report.case)
    page._write.click()
    assert seat.desk.went == [("letters", {"case": report.case})]


@pytest.mark.parametrize("tab", [0, HISTORY])
def test_it_passes_every_audit(qtbot: QtBot, workspace: Workspace, seat: Seat, report: CaseLogged, tab: int) -> None:
    drafts.save_draft(workspace, name=f"note:{report.case.hex()}", body="She said")
    page = a_page(qtbot, seat, report.case)
    page.tabs.bar.setCurrentIndex(tab)
    settle()
    assert audit_everywhere(page) == []
    if tab == 0:
        show_at(page, 1366, 768)
        assert hidden_focus(page) == []
