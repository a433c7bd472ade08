"""Private interviews on screen: nothing before a reason, nothing after leaving, nothing lost while typing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.services import audit, interviews
from core.services.workspace import Parts, Workspace
from desktop.screens.access.view import AccessPageView
from desktop.screens.interviews.list_view import InterviewsPage
from desktop.screens.interviews.view import InterviewPage
from desktop.screens.opened.view import OpenedPage
from desktop.screens.override.view import OverridePage
from desktop.widgets import Button
from tests.support.desk import Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
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


def test_setting_one_apart_opening_writing_and_putting_away(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace).case
    listed = InterviewsPage(seat.context)
    qtbot.addWidget(listed)
    show_at(listed, 1366, 768)
    listed.arrive(case)
    listed.begin.go.click()
    assert "Choose one more person who can read it." in words_in(listed)
    listed.begin.reader.set_value(ruth.user.hex())
    assert audit_everywhere(listed) == []
    listed.begin.go.click()
    name, arguments = seat.desk.went[-1]
    assert name == "interview"
    interview = arguments["interview"]

    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(interview)
    settle()
    assert page.door.isVisible() and not page.form.isVisible() and "Ruth Okafor" in words_in(page)
    page.door.go.click()
    assert "Say why you open it." in words_in(page) and "open_interview" not in seat.runner.names
    assert audit_everywhere(page) == []
    page.door.reason.setText("to write it down")
    page.door.go.click()
    settle()
    assert page.form.isVisible() and not page.door.isVisible()
    page.form.statement.setPlainText("He waited on the stairs, she said")
    page.form.control("private_confirmed").buttons[0].click()
    assert audit_everywhere(page) == []
    page.leave()
    assert page.form.statement.text() == "" and "stairs" not in words_in(page), "nothing stays on the screen"

    page.arrive(interview)
    page.door.reason.setText("to go on writing")
    page.door.go.click()
    settle()
    assert page.form.statement.text() == "He waited on the stairs, she said", "what was typed was kept, sealed"
    page.form.go.click()
    page.notes.box.setText("She asked for a copy")
    page.notes.go.click()
    opened = interviews.open_interview(workspace, interview=interview, reason="look")
    assert opened.record.statement == "He waited on the stairs, she said" and opened.draft == ""
    assert opened.record.private_confirmed is True and [note.body for note in opened.notes] == ["She asked for a copy"]
    settle()
    assert "She asked for a copy" in words_in(page)
    reasons = [row.reason for row in audit.entries_here(workspace) if row.deed == "read-confidential"]
    assert {"to write it down", "to go on writing", "look"} <= set(reasons)


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
    assert not listed.begin.isVisible() and listed.second.isVisible()
    listed.second.first.setText("amber violin quarry mitten socket")
    listed.second.again.setText("amber violin")
    listed.second.go.click()
    assert "not the same" in words_in(listed)
    listed.second.again.setText("amber violin quarry mitten socket")
    listed.second.go.click()
    assert not listed.second.isVisible() and listed.second.first.text() == ""
    workspace.store.rest.private = None  # as after locking and opening again
    page = InterviewPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(interview)
    settle()
    assert page.door.passphrase.isVisible()
    page.door.reason.setText("to read it")
    page.door.passphrase.setText("amber violin quarry mitten")
    page.door.go.click()
    assert "It was written down that you tried." in words_in(page) and not page.form.isVisible()
    page.door.passphrase.setText("amber violin quarry mitten socket")
    page.door.go.click()
    settle()
    assert page.form.isVisible()


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
