"""Today: late first, with the reason; the clock is looked at without asking the vault again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.changed import Changed
from core.foundation.errors import VaultLocked
from core.services import contacts, drafts
from core.services.notes import note_draft
from core.services.workspace import Workspace
from desktop.screens.today.presenter import Only, TodayPresenter, TodayView
from desktop.screens.today.view import TodayPage
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


def four_cases(workspace: Workspace) -> list[str]:
    """One late by 2 h, one due in 3 h with graffiti, one reviewed in a week's time, one answered."""
    hours = lambda n: NOON - timedelta(hours=n)  # noqa: E731
    late = logged(workspace, received_at=hours(26), safe_ways=frozenset({"text"}), unsafe_ways=frozenset({"call"}))
    soon = logged(workspace, received_at=hours(21), graffiti_place="Stairwell, Marsh House")
    far = logged(workspace, received_at=NOON - timedelta(days=87))
    form = contacts.ContactForm(case=far.case, at=NOON - timedelta(days=86, hours=20), way="call", outcome="spoke")
    contacts.record_contact(workspace, form=form)
    return [late.reference, soon.reference, far.reference]


def shown(seat: Seat) -> tuple[TodayPresenter, Heard]:
    presenter = TodayPresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive()
    return presenter, heard


def standings(view: TodayView) -> list[tuple[str, str, str]]:
    return [(card.standing, card.title, card.reference) for _, cards in view.groups for card in cards]


def test_what_is_late_comes_first_and_says_why(workspace: Workspace, seat: Seat) -> None:
    late, soon, far = four_cases(workspace)
    view: TodayView = shown(seat)[1].last
    assert standings(view)[:3] == [
        ("Late by 2 h", "First contact", late),
        ("Due in 3 h", "First contact", soon),
        ("Due in 3 h", "Graffiti removed: Stairwell, Marsh House", soon),
    ]
    first = view.groups[0][1][0]
    assert "24 hours from the report" in first.why and "4.24" in first.why
    assert first.hint == "Safe: text message; no calls"
    assert first.action == "Record contact"
    assert [heading for heading, _ in view.groups] == ["", "Later this week", "Later"]
    assert dict(view.counts) == {Only.LATE: "1 late", Only.DAY: "2 due in 24 hours", Only.WEEK: "3 due this week"}
    assert (far, "Start review") in [(c.reference, c.action) for _, cards in view.groups for c in cards]


def test_a_chip_leaves_only_its_own(workspace: Workspace, seat: Seat) -> None:
    late, *_ = four_cases(workspace)
    presenter, heard = shown(seat)
    presenter.filter(Only.LATE)
    assert standings(heard.last) == [("Late by 2 h", "First contact", late)]
    presenter.filter(Only.DAY)
    assert {standing for standing, _, _ in standings(heard.last)} == {"Due in 3 h"}
    presenter.filter(None)
    assert len(standings(heard.last)) > 3


def test_a_minute_later_the_time_left_is_told_anew_without_asking_the_vault(workspace: Workspace, seat: Seat) -> None:
    _, soon, _ = four_cases(workspace)
    presenter, heard = shown(seat)
    asked = len(seat.runner.calls)
    clock_of(workspace).forward(minutes=1)
    presenter.look_again()
    assert ("Due in 2 h 59 m", "First contact", soon) in standings(heard.last)
    assert len(seat.runner.calls) == asked
    clock_of(workspace).at += timedelta(hours=3)
    presenter.look_again()
    assert ("Late by 1 m", "First contact", soon) in standings(heard.last)
    assert dict(heard.last.counts)[Only.LATE] == "3 late"
    assert len(seat.runner.calls) > asked, "what has to be done can begin by itself: after ten minutes it is read again"


def test_a_clock_that_jumps_is_told_and_the_vault_is_asked(workspace: Workspace, seat: Seat) -> None:
    four_cases(workspace)
    presenter, heard = shown(seat)
    clock = clock_of(workspace)
    ran_s = clock.monotonic_s()
    clock.monotonic_s = lambda: ran_s + 60  # type: ignore[method-assign]
    clock.at += timedelta(hours=5)
    presenter.look_again()
    assert any("moved" in sentence for sentence in heard.last.warnings)


def test_an_empty_day_teaches_what_to_do(workspace: Workspace, seat: Seat) -> None:
    view: TodayView = shown(seat)[1].last
    assert view.groups == ()
    assert view.empty is not None and "start a new report" in view.empty[1]


def test_a_change_elsewhere_is_shown_once_it_settles(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    _, heard = shown(seat)
    reference = logged(workspace).reference
    seat.changes.announced.emit(Changed(frozenset({"case"})))
    seat.changes.announced.emit(Changed(frozenset({"report"})))
    qtbot.waitUntil(lambda: any(row[2] == reference for row in standings(heard.last)), timeout=10_000)
    assert seat.runner.names.count("today") == 2


def test_a_page_that_is_not_on_show_waits_until_it_is(workspace: Workspace, seat: Seat) -> None:
    presenter, heard = shown(seat)
    presenter.leave()
    reference = logged(workspace).reference
    seat.changes.announced.emit(Changed(frozenset({"case"})))
    assert not presenter._settle.isActive()
    assert seat.runner.names.count("today") == 1
    presenter.arrive()
    assert standings(heard.last)[0][2] == reference


def test_each_button_leads_where_the_duty_is_done(workspace: Workspace, seat: Seat) -> None:
    four_cases(workspace)
    presenter, heard = shown(seat)
    cards = {card.row.kind: card for _, group in heard.last.groups for card in group}
    for kind, step in (("first-contact", "contact"), ("graffiti", "graffiti-removed"), ("review", "review")):
        presenter.act(cards[kind])
        name, arguments = seat.desk.went[-1]
        assert (name, arguments["step"], arguments["case"]) == ("step", step, cards[kind].row.case)
    assert seat.desk.went[1][1]["subject"] == cards["graffiti"].row.subject
    presenter.open_case(cards["review"])
    assert seat.desk.went[-1] == ("case", {"case": cards["review"].row.case})


def test_unfinished_writing_is_offered_with_the_time_of_its_last_save(workspace: Workspace, seat: Seat) -> None:
    report = logged(workspace)
    drafts.save_draft(workspace, name=note_draft(report.case), body="She called back and")
    drafts.save_draft(workspace, name="report", body="{}")
    presenter, heard = shown(seat)
    words = [draft.words for draft in heard.last.drafts]
    assert f"You were writing a note on {report.reference}. It is saved up to 12:00pm." in words
    assert "You were writing a new report. It is saved up to 12:00pm." in words
    for draft in heard.last.drafts:
        presenter.carry_on(draft)
    assert ("step", {"step": "note", "case": report.case}) in seat.desk.went
    assert ("report", {}) in seat.desk.went


def test_a_failure_is_said_and_the_rows_stay(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    late, *_ = four_cases(workspace)
    page = TodayPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    seat.runner.fail_with["today"] = VaultLocked()
    page.presenter.load()
    assert str(VaultLocked().explain().happened) in words_in(page)
    assert late in words_in(page)


def test_the_focus_stays_on_its_row_when_rows_are_put_anew(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    four_cases(workspace)
    page = TodayPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    show_at(page, 1366, 768)
    row = list(page._cards.values())[1]
    row.take_focus()
    key = row._card.key
    logged(workspace, received_at=NOON - timedelta(hours=30))
    page.presenter.load()
    settle()
    assert page._cards[key].has_focus()


def test_enter_on_a_row_by_key_goes_to_the_contact(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    four_cases(workspace)
    page = TodayPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    show_at(page, 1366, 768)
    first = next(iter(page._cards.values()))
    first.take_focus()
    qtbot.keyClick(first._do, Qt.Key.Key_Space)
    assert seat.desk.went[-1][1]["step"] == "contact"


def test_what_is_no_duty_of_a_case_stands_below_and_is_one_press_away(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    four_cases(workspace)
    page = TodayPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive()
    notice = page.notices[2]
    notice.presenter.reminded.emit("Training is due for 1 colleague.")
    settle()
    assert page.to_notices.words == "1 notice below"
    assert notice.pos().y() > max(row.pos().y() for row in page._cards.values())
    assert not notice.visibleRegion().boundingRect().height()
    page.to_notices.click()
    settle()
    assert notice.isAncestorOf(page.focusWidget()) and notice.visibleRegion().boundingRect().height()
    notice.presenter.reminded.emit("")
    assert page.to_notices.isHidden()


def test_it_passes_every_audit(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    four_cases(workspace)
    drafts.save_draft(workspace, name="report", body="{}")
    page = TodayPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []
