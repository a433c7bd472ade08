"""Help: opens about the page on show, finds in the guide and the policy, and shows the clause behind a rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.services.guide import read_guide
from core.services.policy_copies import use_policy_text
from core.services.today import today
from core.services.workspace import Workspace
from desktop.app.screens import SCREENS
from desktop.app.workbench import Workbench
from desktop.operations.help import Book
from desktop.screens.clauses import ClauseLink
from desktop.screens.help.places import _STEPS, SECTION_OF, section_for
from desktop.screens.help.presenter import HelpPresenter, HelpView, Showing, Way
from desktop.screens.help.view import HelpPage
from desktop.screens.preferences import Preferences
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.step.steps import STEPS
from tests.support.desk import DirectRunner, Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.policy import pack
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with a_workspace(tmp_path_factory.mktemp("help") / "vault") as opened:
        logged(opened)
        today(opened)
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def asked(seat: Seat, **about: str) -> tuple[HelpPresenter, Heard]:
    presenter = HelpPresenter(Book(seat.context.runner), seat.context.shell.go_to)
    heard = Heard(presenter.shown)
    presenter.arrive(**{"section": "", "clause": "", "place": "", "step": "", **about})
    return presenter, heard


def ways_of(view: HelpView) -> list[Way]:
    return [way for _, ways in view.ways for way in ways]


# ------------------------------------------------------------------ without a window


def test_every_screen_and_every_step_has_a_section_that_exists() -> None:
    titles = {section.title for section in read_guide()} | {""}
    assert {screen.name for screen in SCREENS} == set(SECTION_OF)
    assert set(SECTION_OF.values()) <= titles and set(_STEPS.values()) <= titles
    assert set(_STEPS) <= {step.key for step in (*STEPS, *CHAPTER_STEPS)}
    assert section_for("step", "referral") == "Support from others"
    assert section_for("step", "note") == "A case"


def test_every_clause_named_by_a_step_is_in_the_policy() -> None:
    numbers = {clause.number for clause in pack().clauses}
    assert {number for step in (*STEPS, *CHAPTER_STEPS) for number in step.clauses} <= numbers


def test_it_opens_at_the_section_of_a_page_and_at_the_contents_otherwise(seat: Seat) -> None:
    _, heard = asked(seat, place="mirror")
    assert (heard.last.showing, heard.last.heading) == (Showing.SECTION, "The mirror")
    assert heard.last.before is not None and heard.last.after is not None
    _, heard = asked(seat, place="help")
    assert heard.last.showing is Showing.CONTENTS
    assert len(ways_of(heard.last)) == len(read_guide()) + len(pack().clauses)


def test_clauses_named_in_a_section_are_a_press_away(seat: Seat) -> None:
    presenter, heard = asked(seat, section="A new report")
    way = next(way for way in ways_of(heard.last) if way.clause == "4.2")
    presenter.follow(way)
    assert seat.desk.went == [("help", {"clause": "4.2"})]


def test_one_search_goes_through_guide_and_policy(seat: Seat) -> None:
    presenter, heard = asked(seat)
    presenter.search("graffiti contr")
    view = heard.last
    assert view.showing is Showing.FOUND
    way = next(way for way in ways_of(view) if way.section == "When nobody is named")
    assert "graffiti" in way.excerpt.casefold()
    presenter.search("4.25")
    assert [way.clause for way in ways_of(heard.last) if way.clause] == ["4.25", "6.3"]
    presenter.search("zebra")
    assert "Nothing is said about 'zebra'" in heard.last.lead
    presenter.search("")
    assert heard.last.showing is Showing.CONTENTS


def test_a_clause_says_its_words_its_times_and_what_keeps_it(seat: Seat) -> None:
    _, heard = asked(seat, clause="4.24")
    said = "\n".join(part.words for part in heard.last.parts)
    assert heard.last.heading == "Policy 4.24: First contact in 24 hours"
    assert pack().clause("4.24").paraphrase in said
    assert "First contact: 24 hours, as the policy says." in said
    assert "Seen on: " in said
    assert heard.last.before.clause == "4.23" and heard.last.after.clause == "4.25"
    assert "In our own plain words" in heard.last.lead


def test_what_was_chosen_here_is_not_said_to_be_in_the_policy(seat: Seat) -> None:
    _, heard = asked(seat, clause="4.30")
    said = "\n".join(part.words for part in heard.last.parts)
    assert "Survey: 14 days, chosen here, for the policy gives no time." in said


def test_a_clause_that_is_not_there_says_so(seat: Seat) -> None:
    presenter = HelpPresenter(Book(seat.context.runner), seat.context.shell.go_to)
    failed = Heard(presenter.failed)
    presenter.arrive(section="", clause="9.99", place="", step="")
    assert "9.99" in str(failed.last)


def test_the_landlords_own_text_stands_first_where_it_was_given(
    workspace: Workspace, seat: Seat, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("own") / "policy.txt"
    path.write_text("Our policy\n\n4.26 You are heard in a quiet room.\n\n4.27 By whom you like.\n", encoding="utf-8")
    use_policy_text(workspace, path=path, from_on=NOON.date())
    _, heard = asked(seat, clause="4.26")
    assert heard.last.parts[0].words == "You are heard in a quiet room."
    assert pack().clause("4.26").paraphrase in [part.words for part in heard.last.parts]
    assert "landlord's own text" in heard.last.lead


# ------------------------------------------------------------------ in the window


@pytest.fixture
def bench(qtbot: QtBot, workspace: Workspace) -> Workbench:
    bench = Workbench(DirectRunner(workspace), clock_of(workspace), SCREENS, Preferences())
    qtbot.addWidget(bench)
    show_at(bench, 1366, 768)
    bench.go_to("today")
    settle()
    return bench


def test_by_key_from_a_page_to_its_section_and_back(qtbot: QtBot, bench: Workbench) -> None:
    QTest.keyClick(QApplication.focusWidget() or bench, Qt.Key.Key_F1)
    page = bench.page("help")
    assert bench.current == "help" and isinstance(page, HelpPage) and page.search.hasFocus()
    assert "What the policy promises and nobody has done yet" in words_in(page)
    assert not any(label.openExternalLinks() or "<a " in label.text() for label in page.findChildren(QLabel))
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert bench.current == "today"


def test_enter_on_the_clause_of_a_duty_shows_what_it_says(qtbot: QtBot, bench: Workbench) -> None:
    page = bench.page("today")
    assert page is not None
    link = next(link for link in page.findChildren(ClauseLink) if link.number == "4.24")
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    shown = bench.page("help")
    assert bench.current == "help" and shown is not None
    assert "Policy 4.24: First contact in 24 hours" in words_in(shown)
    assert bench.side.back.isVisible()
    bench.side.back.click()
    assert bench.current == "today" and not bench.side.back.isVisible(), "there is no page before the first"


def test_help_does_not_leave_a_page_that_stands_alone(bench: Workbench) -> None:
    bench.stand_alone(True)
    QTest.keyClick(QApplication.focusWidget() or bench, Qt.Key.Key_F1)
    assert bench.current == "today"


def test_the_keys_scroll_and_every_audit_passes(qtbot: QtBot, seat: Seat) -> None:
    page = HelpPage(Book(seat.context.runner), seat.context.shell.go_to)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive(place="interviews")
    settle(20)
    bar = page._area.verticalScrollBar()
    assert bar.value() == 0
    QTest.keyClick(page.search, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    assert audit_everywhere(page) == []
    page.arrive(clause="4.24")
    assert audit_everywhere(page) == []
    show_at(page, 1366, 768)
    assert hidden_focus(page) == []
