"""A colleague's page: nothing is done before what it means was read. Late work: read in full, then judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case, Note
from core.services import administrators, leaving, quarantine, streams, sync
from core.services.roster import roster_of
from core.services.workspace import Workspace
from desktop.screens.leaving.colleague import ColleaguePage
from desktop.screens.leaving.late import LatePage
from tests.support.desk import DirectRunner, Seat, seat_with
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.laptops import START, Office, Template
from tests.support.vaults import TestClock


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    for lead, others in ((ana, (ben, cat)), (ben, (ana,))):
        with lead.store.unit("test") as (unit, _):
            readers = frozenset(other.user for other in others)
            stream = streams.open_case_stream(unit, lead, readers=readers, conflicted=frozenset())
            unit.create(Case, stream, reference=f"2026-{lead.keys.user.hex()[:2]}-1", summary="x")
    for laptop in (ana, ben, cat, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def laptops(template: Template, tmp_path: Path) -> Iterator[tuple[Workspace, Workspace, Workspace]]:
    _, found = template.copy(tmp_path)
    ana, ben, cat = found.values()
    yield ana, ben, cat


def a_seat(workspace: Workspace) -> Seat:
    return seat_with(DirectRunner(workspace), TestClock(START))


def page_of(qtbot: QtBot, seat: Seat, user: object) -> ColleaguePage:
    page = ColleaguePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(user=user)  # type: ignore[arg-type]  # a user id
    return page


def test_removing_says_first_what_it_does_and_asks_who_leads(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    ana, ben, _ = laptops
    page = page_of(qtbot, a_seat(ana), ben.user)
    assert "Ben Okafor" in words_in(page) and page.removing.isHidden()
    page.leaving.go.click()
    assert not page.removing.isHidden()
    said = words_in(page)
    assert "What they send later does not count." in said and "Who leads 2026-" in said
    page.removing.go.click()
    assert "Say in a few words why." in words_in(page)
    assert roster_of(ana).role_of(ben.user) == "officer", "nothing was done"
    page.removing.reason.setText("He has moved away.")
    (select,) = page.removing._selects.values()
    select.set_value(ana.user)
    page.removing.go.click()
    assert roster_of(ana).role_of(ben.user) is None
    assert "Ben Okafor has been removed." in words_in(page) and page.removing.isHidden()
    assert leaving.what_removing_does(ana, ben.user).without_lead == ()


def test_a_laptop_is_suspended_with_a_reason(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    ana, ben, _ = laptops
    page = page_of(qtbot, a_seat(ana), ben.user)
    page.presenter.ask_to_suspend(ben.device)
    assert "can still read what is on it" in words_in(page)
    page.suspending.go.click()
    assert "Say in a few words why." in words_in(page)
    page.suspending.reason.setText("Left on a train")
    page.suspending.go.click()
    assert leaving.colleague(ana, ben.user).laptops[0].suspended
    assert "Cut off: what it sends now does not count." in words_in(page)


def test_a_suspended_laptop_counts_again_with_a_reason(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    """The only administrator decides alone; an officer is not offered it."""
    ana, ben, cat = laptops
    leaving.suspend_laptop(ana, device=ben.device, reason="Left on a train")
    page = page_of(qtbot, a_seat(ana), ben.user)
    assert "Suspended by Ana Reyes. The reason given: Left on a train." in words_in(page)
    page.presenter.ask_to_lift(ben.device)
    assert "nobody else had its passphrase" in words_in(page) and not page.lifting.isHidden()
    page.lifting.go.click()
    assert "Say in a few words why." in words_in(page)
    assert leaving.colleague(ana, ben.user).laptops[0].suspended
    page.lifting.reason.setText("Found at the depot, still shut.")
    page.lifting.go.click()
    assert not leaving.colleague(ana, ben.user).laptops[0].suspended
    assert "The laptop counts again." in words_in(page) and page.lifting.isHidden()
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    assert roster_of(cat).withheld_from(ben.device) is None and ben.store.writable is None
    assert not leaving.colleague(cat, ben.user).laptops[0].may_count_again
    (decided,) = administrators.administrators(cat).decided
    assert decided.what == ("Laptop 1 of Ben Okafor is not suspended any more.",)
    assert decided.why == "Found at the depot, still shut."


def test_an_officer_is_offered_nothing_to_do_to_others(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    ana, ben, cat = laptops
    page = page_of(qtbot, a_seat(cat), ben.user)
    assert page.leaving.isHidden() and page.role.isHidden()
    page.arrive(user=ana.user)
    assert "hold the organisation\u2019s root" in words_in(page).replace("'", "\u2019")


def test_late_work_is_read_in_full_and_taken_over_entry_by_entry(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    ana, ben, _ = laptops
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync.sync_now(ana)
    case = next(case for case in ben.store.select(Case) if case.reference.startswith(f"2026-{ana.user.hex()[:2]}"))
    for words in ("The lock was changed.", "Rubbish."):
        with ben.store.unit("add-note") as (unit, _):
            unit.create(Note, case.stream, case=case.id, body=words)
    with pytest.raises(Exception, match="removed"):
        sync.sync_now(ben)
    sync.sync_now(ana)
    page = LatePage(a_seat(ana).context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive()
    said = words_in(page)
    assert "2 entries by Ben Okafor arrived after their removal." in said
    assert "The lock was changed." in said and "Rubbish." in said
    (card,) = page.cards
    card.boxes[1].setChecked(False)
    card.adopt.click()
    assert {note.body for note in ana.store.select(Note)} == {"The lock was changed."}
    (card,) = page.cards
    card.put_aside.click()
    assert quarantine.late_work(ana) == () and "Nothing waits." in words_in(page)


def test_both_pages_keep_to_every_size_and_look(
    qtbot: QtBot, laptops: tuple[Workspace, Workspace, Workspace]
) -> None:
    ana, ben, _ = laptops
    page = page_of(qtbot, a_seat(ana), ben.user)
    page.leaving.go.click()
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []
