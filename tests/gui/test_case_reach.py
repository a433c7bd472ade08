"""How far what was written in a case has come is told in the head of its page, and again when an exchange has ended."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from core.foundation.ids import RecordId
from core.services import notes, opening, readers, sync
from core.services.delivery import Delivery, Stage
from desktop.screens.case.reach import ReachTag, reach_told, reach_words
from desktop.screens.case.view import CasePage
from desktop.screens.sync.presenter import SyncPresenter
from tests.support.desk import DirectRunner, Seat, seat_with
from tests.support.gui_audits import audit_everywhere, settle, show_at
from tests.support.laptops import Office
from tests.support.workspaces import logged


def tag_of(page: CasePage) -> tuple[str, str] | None:
    """The words and what is read out, where there is such a tag."""
    settle()
    found = [tag for tag in page.findChildren(ReachTag) if tag.isVisible()]
    assert len(found) <= 1
    return (found[0].text(), found[0].accessibleName()) if found else None


def a_page(qtbot: QtBot, seat: Seat, case: RecordId) -> CasePage:
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case)
    settle()
    return page


def test_it_goes_from_this_laptop_to_the_folder_to_another_laptop(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    seat = seat_with(DirectRunner(ana), office.clock)
    case = logged(ana, words="Shouting on the landing.", received_at=office.clock.moment, place="12 Amber Road").case
    readers.let_in(ana, case=case, user=ben.user, reason="He covers for me.")
    page = a_page(qtbot, seat, case)
    words, told = tag_of(page) or ("", "")
    assert words == "Saved here" and "not in the shared folder yet" in told
    sync.sync_now(ana)
    assert (tag_of(page) or ("",))[0] == "Saved here", "nobody said that an exchange has ended"
    seat.changes.exchanged.emit()
    assert (tag_of(page) or ("",))[0] == "In the folder"
    for laptop in (ben, ana):
        office.clock.step()
        sync.sync_now(laptop)
    notes.add_note(ben, case=case, body="I will ring her.")
    for laptop in (ben, ana):
        sync.sync_now(laptop)
    page.leave()
    seat.changes.exchanged.emit()
    page.arrive(case=case)
    words, told = tag_of(page) or ("", "")
    assert words == "On 1 other laptop" and "Ben Okafor\u2019s laptop" in told
    assert audit_everywhere(page) == []
    opening.lock(ben)
    opening.lock(ana)


def test_on_a_case_where_nothing_was_written_here_it_says_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    case = logged(ana, words="Shouting on the landing.", received_at=office.clock.moment, place="12 Amber Road").case
    readers.let_in(ana, case=case, user=ben.user, reason="He covers for me.")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    page = a_page(qtbot, seat_with(DirectRunner(ben), office.clock), case)
    assert tag_of(page) is None
    opening.lock(ben)
    opening.lock(ana)


def test_an_exchange_begun_on_the_sync_page_is_told_to_the_case_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    seat = seat_with(DirectRunner(ana), office.clock)
    case = logged(ana, words="Shouting on the landing.", received_at=office.clock.moment, place="12 Amber Road").case
    page = a_page(qtbot, seat, case)
    presenter = SyncPresenter(seat.context)
    presenter.sync_now()
    qtbot.waitUntil(lambda: (tag_of(page) or ("",))[0] == "In the folder", timeout=10_000)
    opening.lock(ana)


def test_the_words_count_laptops_and_name_them() -> None:
    two = Delivery(Stage.SEEN, ("Ben\u2019s laptop", "Cat\u2019s laptop"))
    assert reach_words(two) == "On 2 other laptops"
    assert reach_told(two).endswith("Seen by 2 other laptops. Ben\u2019s laptop, Cat\u2019s laptop.")
    assert reach_words(Delivery(Stage.FOLDER)) == "In the folder"
