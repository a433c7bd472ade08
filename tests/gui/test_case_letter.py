"""A letter to one person through its page: chosen, filled, looked at, kept, agreed to, made and delivered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case, Party
from core.domain.letters import CaseLetter
from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.workspace import Workspace
from desktop.screens.case import words as case_words
from desktop.screens.case_letter.kept import Typed, from_text, to_text
from desktop.screens.case_letter.view import CaseLetterPageView
from tests.support.chapter_pages import answer, menu_of
from tests.support.desk import Seat, a_seat
from tests.support.estate import with_estate, with_letterhead
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    found = logged(workspace).case
    stream = workspace.store.get(Case, found).stream
    with workspace.store.unit("test") as (unit, _):
        unit.create(Party, stream, case=found, name="Dan Crow", roles={"alleged-perpetrator"})
    return found


def a_page(qtbot: QtBot, seat: Seat, case: RecordId, subject: RecordId | None = None) -> CaseLetterPageView:
    page = CaseLetterPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1280, 800)
    page.arrive(case, subject)
    settle()
    return page


def choose(page: CaseLetterPageView, workspace: Workspace, template: str, who: str) -> None:
    person = next(party.id for party in workspace.store.select(Party) if party.name == who)
    page.form.document.set_value((template, "en-GB"))
    page.form._person.set_value(person.hex())
    page.form.chosen.emit()
    settle()


def fill(page: CaseLetterPageView, **values: str) -> None:
    page.form._address.setText("9 High Street\nTestford\nZZ1 1AB")
    for name, value in values.items():
        page.form._set(name, value)
    page.form.edited.emit()


WARNING = {"period": "the spring", "behaviour": "insults on the stairs", "reply_by": "2026-03-16"}


def test_from_choosing_to_delivered(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId, tmp_path: Path
) -> None:
    page = a_page(qtbot, seat, case)
    page.look.click()
    settle()
    assert "Choose a document." in words_in(page)
    choose(page, workspace, "warning-first", "Dan Crow")
    assert page.form.typed().addressee == "Dan Crow"
    assert page.keep.isHidden()
    page.look.click()
    settle()
    assert "Fill this in: the behaviour in general words" in words_in(page)
    assert "Say where it goes, one line each." in words_in(page)
    fill(page, **WARNING, note="Meera told us.")
    page.look.click()
    settle()
    assert "This letter is stopped." in words_in(page)
    assert "In: Meera told us." in words_in(page)
    fill(page, note="Please call us.")
    assert page.keep.isHidden(), "what was looked at is no longer what stands there"
    page.look.click()
    settle()
    assert "A second person agrees to it before it is made." in words_in(page)
    page.keep.click()
    settle()
    (letter,) = workspace.store.select(CaseLetter)
    assert letter.state == "waiting"
    assert "Waits for a second person" in words_in(page)
    assert page._kept._making.isHidden()
    assert "letter-approve" in menu_of(workspace, case)
    assert answer(seat, "letter-approve", case, {}, letter.id)["letter"].startswith("Somebody who did not write it")
    with workspace.store.unit("test") as (unit, _):
        unit.update(CaseLetter, letter.id, written_by=bytes(16))
    assert answer(seat, "letter-approve", case, {}, letter.id) == {}
    page.arrive(case, letter.id)
    settle()
    page._kept.path.set_text(str(tmp_path / "out"))
    page._kept.make.click()
    settle()
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"letter-{letter.reference}.pdf"]
    assert "Make it again as it was" in words_in(page)
    assert answer(seat, "letter-deliver", case, {"way": "post", "outcome_code": "posted"}, letter.id) == {}
    facts = case_words.letters(read_case(workspace, case=case), clock_of(workspace).now())
    assert (facts[0].heading, facts[0].tags[0][0]) == ("First warning", "Posted")
    assert facts[0].doing[0].step == "case-letter"


def test_what_was_begun_is_there_again(qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId) -> None:
    page = a_page(qtbot, seat, case)
    choose(page, workspace, "warning-first", "Dan Crow")
    fill(page, **WARNING)
    page.leave()
    again = a_page(qtbot, seat, case)
    assert "Here is what you had begun." in words_in(again)
    typed = again.form.typed()
    assert (typed.template, typed.addressee, typed.values["behaviour"]) == (
        "warning-first", "Dan Crow", "insults on the stairs",
    )  # fmt: skip
    assert typed.values["reply_by"] == "2026-03-16"


def test_a_draft_that_cannot_be_read_is_an_empty_page() -> None:
    typed = Typed(template="survey", language="en-GB", values={"note": "x"})
    assert from_text(to_text(typed)) == typed
    assert to_text(Typed()) == ""
    for text in ("", "{}", "[1]", '{"values": 3}', '{"strange": "x", "values": {}}'):
        assert from_text(text) == Typed()


def test_every_control_can_be_reached_and_read(qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId) -> None:
    page = a_page(qtbot, seat, case)
    choose(page, workspace, "warning-first", "Dan Crow")
    fill(page, **WARNING)
    page.look.click()
    settle()
    assert audit_everywhere(page) == []
    page.keep.click()
    settle()
    assert audit_everywhere(page) == []
