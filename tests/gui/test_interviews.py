"""Private interviews on screen: nothing before a reason, nothing after leaving, nothing lost while typing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.audit import AuditEntry
from core.domain.interview import Interruption, InterviewEvent, SignedStatement
from core.domain.risk import RiskAssessment
from core.foundation.ids import StreamId
from core.services import audit, interviews, officers
from core.services.case_page import read_case
from core.services.drafts import list_drafts as all_drafts
from core.services.interview_record import unpack_strokes
from core.services.interview_start import start_interview
from core.services.sync import sync_now
from core.services.workspace import Parts, Workspace
from desktop.screens.access.view import AccessPageView
from desktop.screens.case.people_words import incidents as incidents_in_words
from desktop.screens.interviews.list_view import GoesCard, InterviewsPage
from desktop.screens.interviews.view import AROUND, BESIDE, CASE, EVENTS, SIGN, WORDS, InterviewPage
from desktop.screens.opened.view import OpenedPage
from desktop.screens.override.view import OverridePage
from desktop.widgets import Button, SignatureBox, SignatureView, Tone
from tests.support.desk import Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit as audit_page
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, join_cheaply, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def with_colleague(workspace: Workspace, tmp_path: Path, name: str = "Ruth Okafor", seed: int = 77) -> Workspace:
    (tmp_path / "shared").mkdir(exist_ok=True)
    parts = Parts(clock_of(workspace), SeededRandomness(seed))
    return join_cheaply(workspace, tmp_path / name, tmp_path / "shared", name=name, role="officer", parts=parts)


def begun(qtbot: QtBot, seat: Seat, workspace: Workspace, *readers: Workspace) -> tuple[InterviewPage, StreamId]:
    """An interview that was begun just now and is open, on its page."""
    case = logged(workspace).case
    started = start_interview(workspace, case=case, readers=frozenset(one.user for one in readers))
    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(started.interview, started.entry)
    settle()
    assert page.inside.isVisible() and not page.door.isVisible() and seat.desk.alone
    return page, started.interview


def look(workspace: Workspace, interview: StreamId) -> interviews.Interview:
    return interviews.open_interview(workspace, interview=interview, reason="look")


def sign_with_mouse(qtbot: QtBot, box: SignatureBox) -> None:
    left = Qt.MouseButton.LeftButton
    for x in (20, 120):
        qtbot.mousePress(box, left, pos=QPoint(x, 40))
        for step in range(1, 6):
            QTest.mouseMove(box, QPoint(x + 12 * step, 40 + 5 * (step % 2)))
        qtbot.mouseRelease(box, left, pos=QPoint(x + 70, 40))


def test_setting_one_apart_opening_writing_and_putting_away(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace).case
    listed = InterviewsPage(seat.context)
    qtbot.addWidget(listed)
    show_at(listed, 1366, 768)
    listed.arrive(case)
    assert listed.begin.reader.value() == ruth.user.hex(), "there is nobody else it could be"
    assert listed.begin.go.hasFocus() and listed.begin.go.words == "Start for 2026-AB-001"
    listed.begin.reader.set_value(None)
    listed.begin.go.click()
    assert "Choose one more person who can read it." in words_in(listed)
    listed.begin.reader.set_value(ruth.user.hex())
    assert audit_everywhere(listed) == []
    listed.begin.private.buttons[0].click()
    listed.begin.go.click()
    name, arguments = seat.desk.went[-1]
    assert name == "interview"
    interview, entry = arguments["interview"], arguments["entry"]

    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(interview, entry)
    settle()
    assert page.inside.isVisible() and seat.desk.alone, "begun just now, it asks no reason"
    assert look(workspace, interview).record.private_confirmed is True
    page.leave()
    assert not seat.desk.alone
    page.arrive(interview, entry)
    settle()
    assert page.door.isVisible() and not page.inside.isVisible() and "Ruth Okafor" in words_in(page)
    before = seat.runner.names.count("open_interview")
    page.door.go.click()
    assert "Say why you open it." in words_in(page) and seat.runner.names.count("open_interview") == before
    assert audit_everywhere(page) == []
    page.door.reason.setText("to write it down")
    page.door.go.click()
    settle()
    assert page.inside.isVisible() and not page.door.isVisible() and page.words.statement.hasFocus()
    page.words.statement.setPlainText("He waited on the stairs, she said")
    page.tabs.setCurrentIndex(AROUND)
    page.fields.control("place_sort").setFocus()
    page.fields.control("sound_agreed").buttons[1].click()
    page.leave()
    assert page.words.statement.text() == "" and "stairs, she" not in words_in(page), "nothing stays on the screen"

    page.arrive(interview)
    page.door.reason.setText("to go on writing")
    page.door.go.click()
    settle()
    assert page.words.statement.text() == "He waited on the stairs, she said", "what was typed was kept, sealed"
    page.go.click()
    page.tabs.setCurrentIndex(BESIDE)
    page.notes.box.setText("She asked for a copy")
    page.notes.go.click()
    opened = look(workspace, interview)
    assert opened.record.statement == "He waited on the stairs, she said" and opened.draft == ""
    assert opened.record.sound_agreed is False and [note.body for note in opened.notes] == ["She asked for a copy"]
    settle()
    assert "She asked for a copy" in words_in(page) and page.notes.box.text() == ""
    reasons = [row.reason for row in audit.entries_here(workspace) if row.deed == "read-confidential"]
    assert {"To hold the interview", "to write it down", "to go on writing", "look"} <= set(reasons)


@pytest.mark.parametrize("part", [WORDS, EVENTS, AROUND, SIGN, CASE, BESIDE])
def test_every_part_of_it_passes_on_a_small_screen_and_in_large_text(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path, part: int
) -> None:
    page, _ = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    page.words.statement.setPlainText("He waited on the stairs, she said. " * 12)
    page.tabs.setCurrentIndex(part)
    settle()
    for percent in (100, 200):
        show_at(page, 1024, 640, percent=percent)
        assert audit_page(page) == [] and page.width() == 1024


def test_one_whose_case_is_gone_is_deleted_only_after_asking_twice(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    started = start_interview(workspace, case=logged(workspace).case, readers=frozenset({ruth.user}))
    page = InterviewsPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    settle()
    (goes,) = page.findChildren(GoesCard)
    assert not goes.isVisible(), "nobody asked for it"
    page.presenter.to_delete.emit(frozenset({started.interview}))
    assert goes.go.isVisible() and "Its case was deleted for good." in words_in(page)
    goes.go.click()
    assert not goes.go.isVisible() and goes.sure.hasFocus()
    assert audit_everywhere(page) == []
    goes.sure.click()
    settle()
    assert len(interviews.list_interviews(workspace)) == 1, "its case is here: the page alone deletes nothing"


def test_what_is_typed_is_kept_every_second_and_seen_to_be(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    assert page.kept.text() == ""
    qtbot.keyClicks(page.words.statement, "He")
    assert page.kept.text() == "Not on the disk yet"
    qtbot.waitUntil(lambda: page.kept.text().startswith("Saved 12:"), timeout=5_000)
    assert re.fullmatch(r"Saved \d\d:\d\d:\d\d on this laptop", page.kept.text())
    assert "He" in look(workspace, interview).draft, "as after the laptop died at this moment"
    page.presenter._pause.setInterval(200)
    for letter in "waited":  # never a pause as long as that between two letters
        qtbot.keyClicks(page.words.statement, letter)
        qtbot.wait(80)
    assert "Hew" in look(workspace, interview).draft, "kept also while somebody goes on typing"
    drafts = [draft.body for draft in all_drafts(workspace)]
    assert drafts and not any(body == "He" or "waited" in body for body in drafts), "sealed"


def test_what_is_asked_of_what_happened_is_kept_saved_and_put_into_the_case_one_by_one(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    case = look(workspace, interview).case
    assert case is not None
    page.tabs.setCurrentIndex(EVENTS)
    page.events.go.click()
    assert "Write down what happened." in words_in(page)
    page.events.control("what").setPlainText("He shouted")  # type: ignore[attr-defined]
    page.events.control("who").setPlainText("The man from above")  # type: ignore[attr-defined]
    page.events.control("impact").setPlainText("No sleep")  # type: ignore[attr-defined]
    page.leave()
    page.arrive(interview)
    page.door.reason.setText("to go on")
    page.door.go.click()
    settle()
    page.tabs.setCurrentIndex(EVENTS)
    assert page.events.control("what").text() == "He shouted"  # type: ignore[attr-defined]
    page.events.control("acts").buttons[3].click()  # type: ignore[attr-defined]
    page.events.go.click()
    settle()
    (event,) = look(workspace, interview).of(InterviewEvent)
    assert (event.what, event.impact, event.acts, event.set_version) == ("He shouted", "No sleep", {"abuse"}, 1)
    assert page.events.control("what").text() == ""  # type: ignore[attr-defined]
    page.events.risk._groups["mind"].set_value("yes")
    page.events.risk._picked(None)

    page.tabs.setCurrentIndex(CASE)
    settle()
    assert "Ask the person first what may go into the case." in words_in(page) and page.case.ticks == {}
    page.fields.control("into_case").set_value("some")
    page.fields.control("into_case").picked.emit("some")
    page.case._look.click()
    settle()
    assert look(workspace, interview).record.risk_answers == {"mind:yes"}, "what was typed was saved first"
    assert not any(tick.isChecked() for tick in page.case.ticks.values()), "nothing is chosen beforehand"
    show_at(page, 1024, 640, percent=200)
    assert audit_page(page) == []
    page.case.go.click()
    assert "Tick what goes into the case." in words_in(page)
    what, impact = f"what:{event.id.hex()}", f"impact:{event.id.hex()}"
    assert {what, impact, "contact", "risk"} <= set(page.case.ticks)
    for key in (what, impact, "risk"):
        page.case.ticks[key].click()
    page.case.go.click()
    settle()
    contents = read_case(workspace, case=case).file.contents
    assert contents.incidents[-1].description == "He shouted"
    (assessed,) = contents.of(RiskAssessment)
    assert "mind:yes" in assessed.answers and assessed.notes == "From a private interview.\nNo sleep"
    assert set(page.case.ticks) == {"contact"}, "each is asked for once"
    told = incidents_in_words(read_case(workspace, case=case), NOON)
    assert ("From a private interview", Tone.CONFIDENTIAL) in [tag for fact in told for tag in fact.tags]


def test_read_back_and_signed_with_the_pen(qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    page.words.statement.setPlainText("He waited.")
    page.tabs.setCurrentIndex(SIGN)
    settle()
    assert page.sign.words.text() == "He waited."
    page.sign.go.click()
    settle()
    assert "Error: Read the statement back first." in words_in(page) and "Sign in the box." in words_in(page)
    page.fields.control("read_back").buttons[0].click()
    page.fields.control("agreed").buttons[0].click()
    sign_with_mouse(qtbot, page.sign.box)
    drawn = page.sign.box.strokes()
    assert len(drawn) == 2 and all(len(stroke) >= 6 for stroke in drawn)
    page.sign.go.click()
    settle()
    (one,) = look(workspace, interview).of(SignedStatement)
    assert unpack_strokes(one.strokes) == drawn and one.words == "He waited."
    assert "Signed." in words_in(page) and page.sign.box.strokes() == ()
    (picture,) = [view for view in page.sign.findChildren(SignatureView) if view is not page.sign.box]
    assert picture.strokes() == drawn, "it shows on the page"
    _put_on_paper(page, workspace, interview, tmp_path)
    page.tabs.setCurrentIndex(WORDS)
    page.words.statement.setPlainText("He waited. Twice.")
    page.go.click()
    settle()
    assert "Changed since it was signed." in words_in(page) and "Version 2." in words_in(page)
    assert page.fields.value("read_back") is None, "it is to be read back again"
    page.tabs.setCurrentIndex(SIGN)
    settle()
    page.leave()
    assert page.sign.findChildren(SignatureView) == [page.sign.box] and "He waited" not in words_in(page)


def _put_on_paper(page: InterviewPage, workspace: Workspace, interview: StreamId, folder: Path) -> None:
    paper = page.sign.paper
    assert Path(paper.path.text()).name.startswith("statement-"), "the name tells nothing"
    paper.for_whom.buttons[1].click()
    paper.path.set_text("")
    paper.go.click()
    settle()
    assert "Say what the copy is for." in words_in(page) and "Choose where the file goes." in words_in(page)
    paper.reason.setText("For the court")
    paper.path.set_text(str(folder / "copy.pdf"))
    paper.go.click()
    settle()
    assert "copy.pdf is written." in words_in(page) and (folder / "copy.pdf").read_bytes().startswith(b"%PDF")
    assert not paper.over.isVisible()
    paper.go.click()
    settle()
    assert "A file of that name is there." in words_in(page) and paper.over.isVisible()
    paper.over.click()
    settle()
    assert [one.deed for one in workspace.store.select(AuditEntry) if one.about == interview].count("print") == 2
    assert audit_everywhere(page) == []


def test_signed_by_keyboard_and_not_signed_with_the_reason(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    page.words.statement.setPlainText("He waited.")
    page.tabs.setCurrentIndex(SIGN)
    page.sign.how.buttons[3].click()
    page.sign.go.click()
    settle()
    assert "Error: Say why it is not signed." in words_in(page)
    page.sign.reason.setPlainText("Her hand is in plaster")
    page.sign.go.click()
    settle()
    assert "Not signed, with the reason." in words_in(page) and "plaster" in words_in(page)
    clock_of(workspace).forward(minutes=1)
    for name in ("read_back", "agreed"):
        page.fields.control(name).buttons[0].click()
    page.sign.how.buttons[1].click()
    assert page.sign.name.isVisible() and not page.sign.box.isVisible()
    page.sign.go.click()
    settle()
    assert "Type the person's name." in words_in(page) and "Tick that they agreed aloud." in words_in(page)
    page.sign.name.setText("Meera Quill")
    page.sign.aloud.click()
    page.sign.go.click()
    settle()
    assert [one.how for one in look(workspace, interview).of(SignedStatement)].count("typed") == 1
    assert "Signed." in words_in(page)


def test_signing_with_a_finger_and_with_a_pen(qtbot: QtBot, qapp: QApplication) -> None:
    box = SignatureBox()
    qtbot.addWidget(box)
    show_at(box, 600, 180)
    finger = QTest.createTouchDevice()
    touch = QTest.touchEvent(box, finger)
    touch.press(0, QPoint(50, 50), box).commit()
    touch.move(0, QPoint(150, 60), box).commit()
    touch.move(0, QPoint(2_000, 90), box).commit()
    touch.release(0, QPoint(250, 60), box).commit()
    (stroke,) = box.strokes()
    assert stroke[0] == pytest.approx(83, abs=3) and max(stroke[::2]) == 1_000, "what lies outside is kept at the edge"
    box.wipe()
    for kind, x in ((QEvent.Type.TabletPress, 60), (QEvent.Type.TabletMove, 160), (QEvent.Type.TabletRelease, 260)):
        at = QPointF(x, 60)
        pen = QTabletEvent(
            kind, QPointingDevice.primaryPointingDevice(), at, at, 0.5, 0, 0, 0, 0, 0,
            Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(box, pen)
    (stroke,) = box.strokes()
    assert len(stroke) == 6
    small = SignatureView()
    qtbot.addWidget(small)
    show_at(small, 200, 60)
    small.show_strokes(box.strokes())
    assert small.strokes() == box.strokes(), "the same in a box of another size"


def test_somebody_comes_home_and_it_is_covered_before_anything_else(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    page.words.statement.setPlainText("He waited.")
    page.came.click()
    assert seat.desk.covers == 1
    settle()
    assert "He waited." in look(workspace, interview).draft
    assert len(look(workspace, interview).of(Interruption)) == 1
    page.tabs.setCurrentIndex(AROUND)
    settle()
    assert "Say what was done to be safe" in words_in(page.around)
    page.around.interruptions.go.click()
    assert "Choose who came." in words_in(page)
    page.around.interruptions.who_came.set_value("complained-about")
    page.around.interruptions.made_safe.setPlainText("We stopped, and left by the back.")
    page.around.interruptions.went_on.set_value("elsewhere")
    page.around.interruptions.go.click()
    settle()
    (one,) = look(workspace, interview).of(Interruption)
    assert one.who_came == "complained-about" and one.made_safe.startswith("We stopped")
    assert "safe." not in look(workspace, interview).draft, "and the typing of it is forgotten"
    page.stop.click()
    settle()
    found = look(workspace, interview).record
    assert seat.desk.covers == 2 and found.stopped is True and found.ended_at is not None
    assert "They wanted to stop." in words_in(page)


def test_a_child_interpreting_is_refused_on_the_page_and_nothing_typed_is_lost(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page, interview = begun(qtbot, seat, workspace, with_colleague(workspace, tmp_path))
    page.words.statement.setPlainText("He waited.")
    page.fields.control("interpreter_sort").set_value("child")
    page.fields.control("interpreter_sort").picked.emit("child")
    page.go.click()
    settle()
    assert page.tabs.currentIndex() == AROUND and "A child does not interpret" in words_in(page.around)
    assert look(workspace, interview).record.statement == "" and "He waited." in look(workspace, interview).draft
    page.fields.control("interpreter_sort").set_value("by-phone")
    page.fields.control("interpreter_sort").picked.emit("by-phone")
    page.fields.control("interpreter_language").setText("Somali")
    page.fields.control("interpreter_language").textEdited.emit("Somali")
    page.around.people.role.set_value("person")
    page.around.people.go.click()
    page.go.click()
    settle()
    assert look(workspace, interview).record.interpreter_language == "Somali"
    (off,) = [one for one in page.around.people.findChildren(Button) if one.words == "Take off"]
    off.click()
    settle()
    assert "Nobody is on the list yet." in words_in(page.around)
    assert seat.desk.undo is not None
    seat.desk.undo()
    settle()
    assert "Nobody is on the list yet." not in words_in(page.around), "put on it again"
    seat.desk.undo()
    settle()
    assert len([one for one in page.around.people.findChildren(Button) if one.words == "Take off"]) == 1, "once"


def test_an_officer_nobody_asked_for_is_told_and_goes_on(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    officers.say_what_i_can_meet(ruth, can_meet=frozenset({"woman"}))
    sync_now(ruth)
    sync_now(workspace)
    page, interview = begun(qtbot, seat, workspace, ruth)
    page.tabs.setCurrentIndex(AROUND)
    page.fields.control("wants").buttons[0].click()
    page.fields.control("wants_met").buttons[1].click()
    page.go.click()
    assert "Error: Say why it could not be met." in words_in(page)
    page.fields.control("wants_not_met_because").setText("Ruth is away")
    page.fields.control("wants_not_met_because").textEdited.emit("Ruth is away")
    page.go.click()
    settle()
    assert "The person asked for a woman." in words_in(page) and "Can be asked: Ruth Okafor." in words_in(page)
    case = look(workspace, interview).case
    assert case is not None and read_case(workspace, case=case).officer.sentence == "", "the case knows nothing of it"
    officers.record_officer_wish(
        workspace, form=officers.OfficerForm(case=case, said_at=NOON, wants=frozenset({"woman"}))
    )
    listed = InterviewsPage(seat.context)
    qtbot.addWidget(listed)
    show_at(listed, 1366, 768)
    listed.arrive(case)
    assert "The person asked for a woman." in words_in(listed.begin) and listed.begin.go.isEnabled()
    assert audit_everywhere(listed) == []


def test_readers_of_an_interview_are_changed_with_a_reason_and_two_remain(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    dev = with_colleague(workspace, tmp_path, "Dev Patel", 78)
    case = logged(workspace).case
    interview = interviews.begin_interview(workspace, case=case, readers=frozenset({ruth.user})).interview
    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(interview)
    page.door.reason.setText("to change who reads it")
    page.door.go.click()
    settle()
    page.tabs.setCurrentIndex(BESIDE)
    settle()
    page.tabs.setCurrentIndex(BESIDE)
    settle()
    assert hidden_focus(page) == []
    page.readers.who.set_value(f"off:{ruth.user.hex()}")
    page.readers.reason.setText("left the team")
    page.readers.go.click()
    assert "Two people must be able to read it." in words_in(page)
    page.readers.who.set_value(f"in:{dev.user.hex()}")
    page.readers.go.click()
    settle()
    (row,) = interviews.list_interviews(workspace)
    assert [person.name for person in row.readers] == ["Ana Bright", "Dev Patel", "Ruth Okafor"]
    (stub,) = interviews.stubs_of(workspace, case=case)
    assert stub.readers == 3


def test_a_second_passphrase_is_asked_for_at_the_door(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace).case
    interview = interviews.begin_interview(workspace, case=case, readers=frozenset({ruth.user})).interview
    listed = InterviewsPage(seat.context)
    qtbot.addWidget(listed)
    show_at(listed, 1366, 768)
    listed.arrive(None)
    assert listed.begin.case.value() == case.hex() and listed.second.isVisible()
    listed.second.first.setText("amber violin quarry mitten socket")
    listed.second.again.setText("amber violin")
    listed.second.go.click()
    assert "not the same" in words_in(listed)
    listed.second.again.setText("amber violin quarry mitten socket")
    listed.second.go.click()
    assert not listed.second.isVisible() and listed.second.first.text() == ""
    workspace.store.rest.private = None  # as after locking and opening again
    listed.arrive(None)
    assert listed.first_focus() is listed.begin.passphrase
    listed.begin.passphrase.setText("amber violin")
    listed.begin.go.click()
    assert "It was written down that you tried." in words_in(listed)
    listed.begin.passphrase.setText("amber violin quarry mitten socket")
    listed.begin.go.click()
    assert seat.desk.went[-1][0] == "interview"
    listed.leave()
    assert listed.begin.passphrase.text() == ""
    workspace.store.rest.private = None
    listed.arrive(None)
    assert listed.first_focus() is listed.begin.passphrase
    listed.begin.passphrase.setText("amber violin")
    listed.begin.go.click()
    assert "It was written down that you tried." in words_in(listed)
    listed.begin.passphrase.setText("amber violin quarry mitten socket")
    listed.begin.go.click()
    assert seat.desk.went[-1][0] == "interview"
    listed.leave()
    assert listed.begin.passphrase.text() == ""
    workspace.store.rest.private = None
    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(interview)
    settle()
    assert page.door.passphrase.isVisible()
    page.door.reason.setText("to read it")
    page.door.passphrase.setText("amber violin quarry mitten")
    page.door.go.click()
    assert "It was written down that you tried." in words_in(page) and not page.inside.isVisible()
    page.door.passphrase.setText("amber violin quarry mitten socket")
    page.door.go.click()
    settle()
    assert page.inside.isVisible()


def test_the_list_of_what_was_opened_and_choosing_who_looks_on(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace, readers=frozenset()).case
    access = AccessPageView(seat.context)
    qtbot.addWidget(access)
    show_at(access, 1366, 768)
    access.arrive(case)
    settle()
    access.watch.select.set_value(ruth.user.hex())
    access.watch.go.click()
    access.act.reason.setText("chairs the committee")
    access.act.go.click()
    settle()
    assert "Now: Ruth Okafor." in words_in(access) and audit_everywhere(access) == []
    page = OpenedPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case)
    settle()
    assert page.presenter.model.rowCount() == 1
    assert audit_everywhere(page) == []
    page.leave()
    assert page.presenter.model.rowCount() == 0



def test_letting_in_somebody_kept_out_takes_two_administrators(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace, readers=frozenset(), conflicted=frozenset({ruth.user})).case
    access = AccessPageView(seat.context)
    qtbot.addWidget(access)
    show_at(access, 1366, 768)
    access.arrive(case)
    settle()
    (button,) = [one for one in access.findChildren(Button) if one.words == "Let in all the same"]
    button.click()
    assert seat.desk.went[-1] == ("override", {"case": case, "user": ruth.user, "called": "Ruth Okafor"})
    page = OverridePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case, ruth.user, "Ruth Okafor")
    assert page.ask.isVisible() and not page.sign.isVisible() and not page.answers.isVisible()
    page.ask.go.click()
    assert "Say why this person must be let in" in words_in(page)
    page.ask.reason.setText("speaks the language")
    page.ask.go.click()
    settle()
    text = page.ask.text.text()
    assert text.startswith("IMANI-LET-IN-") and page.answers.isVisible()
    assert audit_everywhere(page) == []
    page.answers.first.setText("IMANI-SIGNED-AAAA")
    page.answers.go.click()
    assert "This is not the whole text." in words_in(page)

    page.arrive()
    assert page.sign.isVisible() and not page.ask.isVisible()
    page.sign.text.setText(text)
    page.sign.look.click()
    settle()
    assert "Ruth Okafor is kept out of a case and is to be let in. Reason: speaks the language" in words_in(page)
    page.sign.go.click()
    settle()
    answer = page.sign.answer.text()
    assert answer.startswith("IMANI-SIGNED-") and audit_everywhere(page) == []
    page.arrive(case, ruth.user, "Ruth Okafor")
    page.ask.reason.setText("speaks the language")
    page.ask.go.click()
    page.answers.first.setText(answer)
    page.answers.second.setText(answer)
    page.answers.go.click()
    assert "Two administrators must have signed exactly this request" in words_in(page)
