"""Two versions of one thing on the screen: told on the case file, Today and Sync, side by side, chosen, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.changes.change import Change, Op, OpKind, Wire
from core.domain.case import Case, Note, Report
from core.domain.declare import Record
from core.domain.organisation import Organisation
from core.foundation.errors import DiskFull
from core.foundation.ids import ChangeId, DeviceId, RecordId, StreamId, UserId
from core.services import drafts, notes, unfinished, versions
from core.services.workspace import Workspace
from core.store.ledger import Arrival, record_arrivals
from core.store.transactions import writing
from desktop.screens.autosave import Autosave
from desktop.screens.case.view import CasePage
from desktop.screens.sync.presenter import SyncPresenter
from desktop.screens.sync.view import SyncPage
from desktop.screens.today.presenter import TodayPresenter, TodayView
from desktop.screens.today.view import TodayPage
from desktop.screens.versions.presenter import VersionsPresenter, VersionsView
from desktop.screens.versions.view import VersionsPage
from desktop.screens.versions.words import banner_words, marked, only_here
from desktop.widgets import Button, Text, TextArea
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit, audit_everywhere, hidden_focus, name_of, settle, show_at, words_in
from tests.support.vaults import BEN
from tests.support.workspaces import a_workspace, clock_of, logged

OTHER_LAPTOP = DeviceId(b"\xab\xcd\xef" + bytes(13))
FIRST = "She is well.\nShe sleeps."
MINE = "She is well.\nShe sleeps badly."
THEIRS = "She is worried.\nShe sleeps."


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def from_elsewhere(
    workspace: Workspace, kind: type[Record], record: RecordId, field: str, value: Wire, *,
    stream: StreamId | None = None,
) -> None:  # fmt: skip
    """Another laptop wrote this without knowing of what is here. It is later by its clock."""
    name = kind.SPEC.name
    stamp = workspace.store.clock().last + 60_000 * 2**16
    change = Change(
        ChangeId(workspace.parts.randomness.bytes(16)), stamp, UserId(BEN), "elsewhere",
        (Op(OpKind.SET, record, name, field, value),),
    )  # fmt: skip
    with writing(workspace.store.engine) as connection:
        home = stream or workspace.store.get(kind, record).stream
        record_arrivals(connection, [Arrival(change, home, OTHER_LAPTOP, 1)])


def a_note(workspace: Workspace, mine: str = MINE, theirs: str = THEIRS) -> tuple[RecordId, RecordId]:
    """(case, note): a note of which this laptop and another hold a version each."""
    case = logged(workspace).case
    note = notes.add_note(workspace, case=case, body=mine).note
    from_elsewhere(workspace, Note, note, "body", theirs)
    return case, note


def on_page(qtbot: QtBot, seat: Seat, case: RecordId | None) -> VersionsPage:
    page = VersionsPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case)
    settle()
    return page


def button(root: QWidget, words: str, number: int = 0) -> Button:
    return [one for one in root.findChildren(Button) if one.words == words and one.isVisibleTo(root)][number]


def view_of(presenter: VersionsPresenter, case: RecordId | None) -> tuple[VersionsView, Heard]:
    heard = Heard(presenter.shown)
    presenter.arrive(case)
    view = heard.last
    assert isinstance(view, VersionsView)
    return view, heard


# ------------------------------------------------------------------ words


def test_what_differs_is_marked_and_the_rest_is_not() -> None:
    assert marked(MINE, THEIRS) == (("She is ", False), ("well.", True), ("\nShe ", False), ("sleeps badly.", True))
    assert marked("same", "same") == (("same", False),)
    assert marked("", "some words") == ()
    assert marked("a b c", "a c") == (("a ", False), ("b ", True), ("c", False))
    assert only_here(marked(MINE, THEIRS)) == "Only in this version: well.; sleeps badly."
    assert only_here(marked("a", "a b")) == "Nothing in this version is missing from the other."


def test_a_very_long_text_is_marked_without_comparing_every_word_with_every_word() -> None:
    one, other = " ".join(str(n) for n in range(40_000)), " ".join(str(-n - 1) for n in range(40_000))
    parts = marked(f"begin {one} end", f"begin {other} end")
    assert [differs for _, differs in parts] == [False, True, False]
    assert "".join(words for words, _ in parts) == f"begin {one} end"


def test_the_banner_says_what_waits(workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    found = versions.versions_of_case(workspace, case=case)
    assert banner_words(found)[0] == "Two versions of \u201cNote\u201d need your choice."
    assert banner_words(()) == ("", "")
    assert banner_words(found * 2)[0] == "2 entries have more than one version and need your choice."
    reading = (replace(found[0], may_choose=False),)
    assert banner_words(reading)[0].endswith("need a choice by somebody who writes in this case.")
    gone = (replace(found[0], field=versions.DELETED),)
    assert "was deleted on one laptop and changed on another" in banner_words(gone)[0]


# ------------------------------------------------------------------ where it is told


def test_the_case_file_says_it_and_leads_there(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case)
    settle()
    assert "Two versions of \u201cNote\u201d need your choice." in words_in(page)
    button(page, "Look at the versions").click()
    assert seat.desk.went[-1] == ("versions", {"case": case})
    show_at(page, 1024, 640, percent=200)
    assert audit(page) == []
    page.arrive(case=logged(workspace).case)
    settle()
    assert "need your choice" not in words_in(page)


def test_today_and_sync_say_it_and_lead_there(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    reference = workspace.store.get(Case, case).reference
    for page in (TodayPage(seat.context), SyncPage(seat.context)):
        qtbot.addWidget(page)
        show_at(page, 1366, 768)
        page.arrive()
        settle()
        assert f"1 entry of {reference} needs your choice." in words_in(page)
        button(page, "Choose").click()
        assert seat.desk.went[-1] == ("versions", {"case": case})
        show_at(page, 1024, 640, percent=200)
        assert audit(page) == []
    state = Heard((presenter := SyncPresenter(seat.context)).shown)
    presenter.arrive()
    assert state.last.last.endswith("1 needs your choice.")


def test_what_belongs_to_no_case_is_told_too(seat: Seat, workspace: Workspace) -> None:
    office = workspace.store.select(Organisation)[0].id
    from_elsewhere(workspace, Organisation, office, "name", "Another name")
    heard = Heard((today := TodayPresenter(seat.context)).shown)
    today.arrive()
    view = heard.last
    assert isinstance(view, TodayView)
    assert [case for _, _, case in view.choices] == [None]
    assert "homes, colleagues or the organisation" in view.choices[0][0]
    found, _ = view_of(VersionsPresenter(seat.context), None)
    assert [choice.heading for choice in found.choices] == ["Organisation: Name"]


# ------------------------------------------------------------------ side by side


def test_both_are_on_the_page_with_who_when_where_and_the_whole_text(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case, _ = a_note(workspace)
    page = on_page(qtbot, seat, case)
    said = words_in(page)
    assert MINE in said and THEIRS in said
    assert "You, today at 12:00pm, on this laptop" in said
    assert "on laptop abcdef" in said and "Shown in the file now" in said
    assert "Only in this version: worried." in said
    assert workspace.store.get(Case, case).reference in said
    marked_words = [label for label in page.findChildren(Text) if "text-decoration:underline" in label.text()]
    assert len(marked_words) == 2 and all("<br>" in label.text() for label in marked_words)
    keeps = [one for one in page.findChildren(Button) if one.words == "Keep this one"]
    assert len({name_of(one) for one in keeps}) == 2 and all(name_of(one).startswith("Keep this one") for one in keeps)
    assert keeps[0].hasFocus()


def test_the_page_passes_every_audit(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace, f"{MINE}\n" * 6, f"{THEIRS}\n" * 6)
    from_elsewhere(workspace, Case, case, "handling", "other")
    page = on_page(qtbot, seat, case)
    assert audit_everywhere(page) == []
    button(page, "Write one from both").click()
    settle()
    assert audit_everywhere(page) == []
    show_at(page, 1366, 900)
    assert hidden_focus(page) == []


@pytest.mark.parametrize("number", [0, 1])
def test_keeping_one_says_so_and_goes_back(qtbot: QtBot, seat: Seat, workspace: Workspace, number: int) -> None:
    case, note = a_note(workspace)
    page = on_page(qtbot, seat, case)
    keep = button(page, "Keep this one", number)
    keep.setFocus()
    QTest.keyClick(keep, Qt.Key.Key_Return)
    assert workspace.store.get(Note, note).body == (THEIRS, MINE)[number]
    assert versions.versions_of_case(workspace, case=case) == ()
    assert seat.desk.said == ["Your choice is saved. The other version stays in the history."]
    assert seat.desk.backs == 1


def test_with_more_to_choose_the_page_stays(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    from_elsewhere(workspace, Case, case, "handling", "other")
    page = on_page(qtbot, seat, case)
    assert "Case: Handling" in words_in(page) and "Continued in another way" in words_in(page)
    button(page, "Keep this one").click()
    settle()
    assert seat.desk.backs == 0
    assert [one.words for one in page.findChildren(Button) if one.words == "Keep this one"] == ["Keep this one"] * 2
    button(page, "Keep this one").click()
    assert seat.desk.backs == 1


def test_a_choice_that_came_too_late_changes_nothing_and_shows_what_stands(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case, note = a_note(workspace)
    page = on_page(qtbot, seat, case)
    from_elsewhere(workspace, Note, note, "body", "A third text")
    button(page, "Keep this one").click()
    settle()
    assert len(versions.versions_of_case(workspace, case=case)[0].versions) == 3
    assert "Another version came in" in words_in(page) and "A third text" in words_in(page)
    assert button(page, "Write one from all").isVisibleTo(page)
    assert seat.desk.backs == 0 and seat.desk.said == []


def test_somebody_who_only_reads_has_nothing_to_press(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    workspace.store.writable = frozenset()
    page = on_page(qtbot, seat, case)
    assert "You read this and do not write in it." in words_in(page) and MINE in words_in(page)
    assert [one.words for one in page.findChildren(Button)] == ["Back"]
    assert page.first_focus().hasFocus()
    button(page, "Back").click()
    assert seat.desk.backs == 1


def test_nothing_of_the_case_before_stays(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    page = on_page(qtbot, seat, case)
    page.leave()
    settle()
    assert MINE not in words_in(page)
    page.arrive(case=logged(workspace).case)
    settle()
    assert THEIRS not in words_in(page) and "Nothing needs your choice." in words_in(page)


# ------------------------------------------------------------------ one from both


def test_one_text_is_written_from_both(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, note = a_note(workspace)
    page = on_page(qtbot, seat, case)
    button(page, "Write one from both").click()
    settle()
    (box,) = page.findChildren(TextArea)
    assert box.hasFocus() and box.toPlainText() == f"{THEIRS}\n\n{MINE}"
    QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box, Qt.Key.Key_Delete)
    button(page, "Keep this text").click()
    assert "Write something before saving" in words_in(page) and box.hasFocus()
    QTest.keyClicks(box, "Well, but worried.")
    button(page, "Keep this text").click()
    assert workspace.store.get(Note, note).body == "Well, but worried."
    assert seat.desk.backs == 1
    page.leave()
    assert drafts.list_drafts(workspace) == (), "what was typed is in the file now"


def test_what_is_typed_is_kept_and_found_again(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    page = on_page(qtbot, seat, case)
    button(page, "Write one from both").click()
    settle()
    QTest.keyClicks(page.findChildren(TextArea)[0], " And more.")
    page.leave()
    (draft,) = unfinished.list_unfinished(workspace)
    assert (draft.kind, draft.case) == ("versions", case)
    heard = Heard((today := TodayPresenter(seat.context)).shown)
    today.arrive()
    (card,) = heard.last.drafts
    assert card.words.startswith("You were writing one text from two versions on ")
    today.carry_on(card)
    assert seat.desk.went[-1] == ("versions", {"case": case})
    again = on_page(qtbot, seat, case)
    assert again.findChildren(TextArea)[0].toPlainText().endswith(" And more.")
    button(again, "Throw away").click()
    settle()
    assert again.findChildren(TextArea) == [] and drafts.list_drafts(workspace) == ()


def test_a_sync_meanwhile_leaves_the_text_and_the_keyboard_where_they_are(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case, _ = a_note(workspace)
    page = on_page(qtbot, seat, case)
    button(page, "Write one from both").click()
    settle()
    box = page.findChildren(TextArea)[0]
    QTest.keyClicks(box, " And")
    page.presenter.load()
    settle()
    assert page.findChildren(TextArea) == [box] and box.hasFocus(), "the same page is not made again"
    from_elsewhere(workspace, Case, case, "handling", "other")
    page.presenter.load()
    settle()
    (made_again,) = page.findChildren(TextArea)
    assert made_again.toPlainText().endswith(" And") and QApplication.focusWidget() is made_again


def test_words_are_not_lost_when_somebody_chooses_elsewhere_meanwhile(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case, note = a_note(workspace)
    page = on_page(qtbot, seat, case)
    button(page, "Write one from both").click()
    settle()
    QTest.keyClicks(page.findChildren(TextArea)[0], " And more.")
    with workspace.store.unit("elsewhere") as (unit, _):
        unit.update(Note, note, body="Chosen elsewhere")
    page.presenter.load()
    settle()
    assert "What you were writing" in words_in(page) and " And more." in words_in(page)
    button(page, "Throw away").click()
    settle()
    assert "And more." not in words_in(page) and "Nothing needs your choice." in words_in(page)
    assert seat.desk.undo is not None
    seat.desk.undo()
    settle()
    assert " And more." in words_in(page)


def test_words_that_describe_harm_stay_folded_until_asked_for(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case = logged(workspace).case
    (report,) = workspace.store.select(Report)
    from_elsewhere(workspace, Report, report.id, "words", THEIRS)
    page = on_page(qtbot, seat, case)
    shown = [label for label in page.findChildren(Text) if "worried" in label.text() and label.isVisibleTo(page)]
    assert shown == []
    unfold = button(page, "Describes what happened. Select to read")
    assert unfold.hasFocus() and audit(page) == []
    QTest.keyClick(unfold, Qt.Key.Key_Return)
    settle()
    shown = [label for label in page.findChildren(Text) if "worried" in label.text() and label.isVisibleTo(page)]
    assert len(shown) == 1 and button(page, "Keep this one").hasFocus()
    assert audit(page) == []
    button(page, "Write one from both").click()
    settle()
    assert page.findChildren(TextArea)[0].hasFocus(), "what was read is not folded again by going on"
    page.leave()
    page.arrive(case=case)
    settle()
    assert button(page, "Describes what happened. Select to read").hasFocus()
    assert [box for box in page.findChildren(TextArea) if box.isVisibleTo(page)] == []


def test_short_texts_stay_on_one_line(seat: Seat, workspace: Workspace) -> None:
    case = logged(workspace).case
    with workspace.store.unit("test") as (unit, _):
        unit.update(Case, case, summary="the stairs")
    from_elsewhere(workspace, Case, case, "summary", "the landing")
    presenter = VersionsPresenter(seat.context)
    view, heard = view_of(presenter, case)
    (choice,) = view.choices
    presenter.write_one(choice.key)
    assert heard.last.texts == {choice.key: "the landing / the stairs"}
    presenter.typed(choice.key, "the stairs\nand the landing ")
    presenter.keep_text(choice.key)
    assert workspace.store.get(Case, case).summary == "the stairs and the landing"


def test_a_full_disk_keeps_the_text_on_the_page(seat: Seat, workspace: Workspace) -> None:
    case, note = a_note(workspace)
    presenter = VersionsPresenter(seat.context)
    failed = Heard(presenter.failed)
    view, heard = view_of(presenter, case)
    presenter.write_one(view.choices[0].key)
    seat.runner.fail_with["settle_versions"] = DiskFull()
    presenter.keep_text(view.choices[0].key)
    assert isinstance(failed.last, DiskFull)
    assert heard.last.texts and seat.desk.backs == 0
    presenter.keep_text(view.choices[0].key)
    assert workspace.store.get(Note, note).body == f"{THEIRS}\n\n{MINE}"


def test_a_choice_that_is_done_after_leaving_does_not_turn_the_page(seat: Seat, workspace: Workspace) -> None:
    case, _ = a_note(workspace)
    presenter = VersionsPresenter(seat.context)
    view, _ = view_of(presenter, case)
    seat.runner._at_once = False
    presenter.keep(view.choices[0].key, view.choices[0].versions[0].version)
    presenter.keep(view.choices[0].key, view.choices[0].versions[1].version)
    assert seat.runner.names.count("settle_versions") == 1, "pressing twice chooses once"
    presenter.leave()
    seat.runner.answer()
    assert seat.desk.backs == 0 and len(seat.desk.said) == 1


def test_a_deleted_note_can_be_kept_or_deleted(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    case = logged(workspace).case
    note = notes.add_note(workspace, case=case, body=FIRST).note
    clock_of(workspace).forward(minutes=1)
    with workspace.store.unit("test") as (unit, _):
        unit.delete(Note, note)
    from_elsewhere(workspace, Note, note, "body", THEIRS, stream=workspace.store.get(Case, case).stream)
    page = on_page(qtbot, seat, case)
    assert "It was deleted on one laptop while it was changed on another." in words_in(page)
    button(page, "Keep it in the file").click()
    settle()
    assert workspace.store.find(Note, note) is not None
    assert [found.field for found in versions.versions_of_case(workspace, case=case)] == ["body"]


def test_the_draft_name_is_one_that_unfinished_work_understands(seat: Seat, workspace: Workspace) -> None:
    presenter = VersionsPresenter(seat.context)
    view_of(presenter, None)
    assert isinstance(presenter.autosave, Autosave)
    drafts.save_draft(workspace, name=f"versions:{bytes(16).hex()}", body='[["00", "body", "x"], "odd"]')
    assert unfinished.list_unfinished(workspace) == (), "what belongs to no case is offered on its own page"
    presenter.leave()
    again, _ = view_of(VersionsPresenter(seat.context), None)
    assert again.texts == {} and again.left_over == (), "a draft that cannot be read does no harm"
