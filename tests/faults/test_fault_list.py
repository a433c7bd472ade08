"""Every fault of the folder, the system and the clock that the design lists (keys-and-sync 4.3), each met by a test.

The table says which; `test_the_list_is_whole` holds it against the tests. What lies here is what
`test_folder_faults.py` and the contract suite of the transports do not show already.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.domain.case import Note
from core.foundation.errors import FolderUnreachable, SharedFolderError, VaultInUse
from core.foundation.ports import FileInfo
from core.services import opening, sync
from core.services.downloads import BroughtDown, bring_down
from core.services.place import transport_of
from core.services.workspace import Workspace
from core.sync.engine.envelope import MAX_FILE_BYTES, name_of
from core.sync.transports.folder import FolderTransport
from tests.support.laptops import PASSPHRASE, Office, Template, records_of
from tests.support.mischief import (
    FIRST_WORDS,
    FailingSystem,
    agree,
    ana_and_ben,
    listing_as,
    new_files,
    placeholders,
    summary,
    write,
)

FAULTS = """
missing, late, reordered                     test_late_files_wait_for_what_they_rest_on
duplicated under another name                test_conflicted_copies_and_renamed_files_are_known_by_their_bytes
doubled and shuffled                         test_shuffled_and_doubled_arrival_gives_the_same_records
case-changed                                 test_names_whose_case_was_changed_are_known_by_their_bytes
truncated at every 1 KiB and 16 KiB border   test_a_file_cut_anywhere_is_not_used
zero-length, zero-filled                     test_a_damaged_file_is_not_used_and_its_owner_mends_it
bit flips                                    test_a_flipped_bit_anywhere_is_not_used
two files' contents swapped                  test_swapped_files_are_read_for_what_they_are
old copy restored                            test_an_old_copy_in_the_place_of_a_new_file_is_mended
whole folder rolled back a week              test_a_folder_rolled_back_a_week_is_filled_after_one_question
emptied                                      test_a_rolled_back_or_emptied_folder_is_filled_again
replaced by another organisation's           test_a_folder_replaced_by_another_organisation_s_takes_nothing_away
read-only                                    test_a_read_only_folder_is_read_and_nothing_is_lost
full disk at each write                      test_a_system_that_fails_at_any_call_loses_nothing
rename refused (WinError 5, 32)              test_a_rename_refused_for_good_leaves_the_file_outgoing
rename that reports failure but happened     test_a_rename_that_says_it_failed_but_happened_counts_once
listing stale                                test_a_stale_listing_is_only_late
listing partial                              test_a_partial_listing_is_only_late
with 50,000 entries                          test_fifty_thousand_strangers_are_listed_and_passed_over
directories and symlinks as names            test_a_link_or_a_folder_under_a_file_s_name_is_never_followed
64 GiB file                                  test_a_file_of_64_gib_is_not_read
names with trailing spaces and dots          test_names_with_spaces_and_dots_at_their_ends_are_known_by_their_bytes
path over 260                                test_a_folder_deeper_than_260_letters_carries_the_exchange
placeholder that blocks                      test_a_placeholder_never_holds_up_a_round
placeholder that errors offline              test_signed_out_of_the_sync_program_work_goes_on
clock five years off                         test_a_clock_five_years_off_costs_nothing
clock going backwards mid-session            test_a_clock_that_goes_backwards_in_the_middle_costs_nothing
time-zone and DST change                     test_a_change_of_time_zone_or_summer_time_changes_nothing
mtime 1601                                   test_the_date_of_a_file_means_nothing
two app instances on one vault               test_a_workbook_opens_once
SMB disconnect mid-write                     test_a_system_that_fails_at_any_call_loses_nothing
SMB disconnect, the drive gone               test_a_drive_that_goes_away_in_the_middle_is_unreachable
OneDrive signed out                          test_signed_out_of_the_sync_program_work_goes_on
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return ana_and_ben(tmp_path_factory.mktemp("template"))


class Pair:
    """Two laptops and their folder."""

    def __init__(self, template: Template, root: Path) -> None:
        self.office, laptops = template.copy(root)
        self.ana, self.ben = laptops.values()

    def sent_by_ana(self, words: str, *, more: str = "") -> Path:
        """Ana writes and sends; the one file that came of it."""
        write(self.ana, words, more=more)
        (path,) = new_files(self.office, lambda: sync.sync_now(self.ana))
        return path


@pytest.fixture
def pair(template: Template, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(template, tmp_path / "office")
    yield made
    for laptop in (made.ana, made.ben):
        with contextlib.suppress(Exception):
            opening.lock(laptop)


def test_the_list_is_whole() -> None:
    named = {line.split()[-1] for line in FAULTS.strip().splitlines()}
    here = Path(__file__).parent
    files = (Path(__file__), here / "test_folder_faults.py")
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    tests = set(re.findall(r"^def (test_\w+)", written, flags=re.MULTILINE))
    assert named - tests == set()
    design = 31
    assert len(FAULTS.strip().splitlines()) >= design


# ------------------------------------------------------------------ files


def test_a_file_cut_anywhere_is_not_used(pair: Pair) -> None:
    path = pair.sent_by_ana("cut on the way", more=random.Random(1).randbytes(30_000).hex())
    whole = path.read_bytes()
    borders = {*range(0, len(whole), 1024), *(b + d for b in range(0, len(whole), 16 * 1024) for d in (-1, 1))}
    cuts = sorted(cut for cut in borders if 0 <= cut < len(whole))
    assert len(cuts) > 30
    for cut in cuts:
        path.write_bytes(whole[:cut])
        report = sync.sync_now(pair.ben)
        assert (report.received, report.refused, report.notices) == (0, 0, ()), cut
        assert summary(pair.ben) == FIRST_WORDS
    agree(pair.ana, pair.ben)
    assert path.read_bytes() == whole


def test_a_flipped_bit_anywhere_is_not_used(pair: Pair) -> None:
    path = pair.sent_by_ana("words that must not change on the way")
    whole = path.read_bytes()
    dice = random.Random(2)
    for place in [0, 1, 23, 24, 55, 56, len(whole) - 1, *dice.sample(range(len(whole)), 17)]:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << dice.randrange(8)
        path.write_bytes(bytes(spoilt))
        report = sync.sync_now(pair.ben)
        assert (report.received, report.refused) == (0, 0), place
    assert summary(pair.ben) == FIRST_WORDS
    agree(pair.ana, pair.ben)
    assert path.read_bytes() == whole


def test_an_old_copy_in_the_place_of_a_new_file_is_mended(pair: Pair) -> None:
    old = pair.sent_by_ana("an older entry").read_bytes()
    path = pair.sent_by_ana("the newer entry")
    whole = path.read_bytes()
    path.write_bytes(old)
    sync.sync_now(pair.ben)
    assert summary(pair.ben) == "an older entry"
    agree(pair.ana, pair.ben)
    assert path.read_bytes() == whole and summary(pair.ben) == "the newer entry"


def test_names_whose_case_was_changed_are_known_by_their_bytes(pair: Pair) -> None:
    path = pair.sent_by_ana("in capitals")
    path.rename(path.with_name(path.name.upper()))
    assert sync.sync_now(pair.ben).received == 1 and summary(pair.ben) == "in capitals"
    second = pair.sent_by_ana("the folder too")
    second.parent.rename(second.parent.with_name("AUTUMN 2026"))
    sync.sync_now(pair.ben, everything=True)
    assert summary(pair.ben) == "the folder too"
    agree(pair.ana, pair.ben)


def test_names_with_spaces_and_dots_at_their_ends_are_known_by_their_bytes(pair: Pair) -> None:
    path = pair.sent_by_ana("renamed strangely")
    for number, odd in enumerate((f"{path.name}.", f"{path.name} ", f" {path.name}", "...", "~$lock", "a\nb")):
        if number == 0:
            path.rename(path.with_name(odd))
        else:
            path.with_name(odd).write_bytes(b"x" * number)
    report = sync.sync_now(pair.ben)
    assert (report.received, report.refused) == (1, 0) and summary(pair.ben) == "renamed strangely"
    agree(pair.ana, pair.ben)


def test_a_file_of_64_gib_is_not_read(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pair.sent_by_ana("beside a giant")
    for giant in (path.with_name("f" * 64), path.with_name("video.mp4")):
        with giant.open("wb") as stream:
            stream.truncate(64 * 1024**3)
    real, largest = FolderTransport.get, 0

    def watched(store: FolderTransport, name: str, max_bytes: int) -> bytes:
        nonlocal largest
        data = real(store, name, max_bytes)
        largest = max(largest, len(data))
        return data

    monkeypatch.setattr(FolderTransport, "get", watched)
    report = sync.sync_now(pair.ben)
    assert report.received == 1 and summary(pair.ben) == "beside a giant"
    assert 0 < largest < MAX_FILE_BYTES


def test_the_date_of_a_file_means_nothing(pair: Pair) -> None:
    path = pair.sent_by_ana("from the year 1601")
    os.utime(path, (-11_644_473_600, -11_644_473_600))
    assert sync.sync_now(pair.ben).received == 1
    write(pair.ben, "from the year 2107")
    (second,) = new_files(pair.office, lambda: sync.sync_now(pair.ben))
    os.utime(second, (4_354_819_199, 4_354_819_199))
    assert sync.sync_now(pair.ana).received == 1
    agree(pair.ana, pair.ben)


# ------------------------------------------------------------------ the whole folder


def test_a_folder_rolled_back_a_week_is_filled_after_one_question(pair: Pair, tmp_path: Path) -> None:
    agree(pair.ana, pair.ben)
    old = tmp_path / "last week"
    shutil.copytree(pair.office.folder, old)
    for day in range(7):
        pair.office.clock.step(timedelta(days=1))
        for laptop, who in ((pair.ana, "Ana"), (pair.ben, "Ben")):
            write(laptop, f"{who}, day {day}")
            sync.sync_now(laptop)
    agree(pair.ana, pair.ben)
    names = {path.name for path in pair.office.files()}
    before = records_of(pair.ana)
    shutil.rmtree(pair.office.folder)
    shutil.copytree(old, pair.office.folder)
    report = sync.sync_now(pair.ana, everything=True)
    assert records_of(pair.ana) == before, "nothing here goes because the folder lost it"
    assert report.question is not None and "Put them back?" in report.question.words
    sync.sync_now(pair.ana, everything=True, answer=True)
    assert {path.name for path in pair.office.files()} == names
    agree(pair.ana, pair.ben)


def test_a_folder_replaced_by_another_organisation_s_takes_nothing_away(pair: Pair, tmp_path: Path) -> None:
    other = Office(tmp_path / "other")
    stranger = other.found("Zoe Hart", "zh")
    sync.sync_now(stranger)
    names = {path.name for path in pair.office.files()}
    before = records_of(pair.ana)
    shutil.rmtree(pair.office.folder / "cwf1")
    shutil.copytree(other.folder / "cwf1", pair.office.folder / "cwf1")
    report = sync.sync_now(pair.ana, everything=True)
    assert (report.received, report.refused) == (0, 0) and records_of(pair.ana) == before
    assert report.question is not None
    for laptop in (pair.ana, pair.ben):
        sync.sync_now(laptop, everything=True, answer=True)
    assert {path.name for path in pair.office.files()} >= names
    sync.sync_now(stranger, everything=True)
    agree(pair.ana, pair.ben)
    opening.lock(stranger)


def test_fifty_thousand_strangers_are_listed_and_passed_over(pair: Pair) -> None:
    path = pair.sent_by_ana("a needle")
    for number in range(50_000):
        hay = b"hay %d" % number
        path.with_name(name_of(hay)).write_bytes(hay if number % 10 == 0 else b"")  # most have not arrived
    transport = transport_of(pair.ben)
    assert isinstance(transport, FolderTransport)
    assert len(transport.names("cwf1/2026-11")) > 50_000
    assert 5_000 < len(list(transport.list("cwf1"))) < 5_100
    report = sync.sync_now(pair.ben)
    assert (report.received, report.refused) == (1, 0) and summary(pair.ben) == "a needle"
    write(pair.ben, "found")
    with pytest.MonkeyPatch.context() as patch:
        read: list[str] = []
        real = FolderTransport.get
        patch.setattr(FolderTransport, "get", lambda *given: read.append(given[1]) or real(*given))
        sync.sync_now(pair.ben)
        assert len(read) < 10, "known by their names, strangers are not read a second time"


def test_a_stale_listing_is_only_late(pair: Pair) -> None:
    """The listing of an hour ago, as a cache shows it."""
    shown: list[FileInfo] = []
    with pytest.MonkeyPatch.context() as patch:
        listing_as(patch, lambda listed: shown or listed)
        shown = list(transport_of(pair.ben).list("cwf1"))
        write(pair.ana, "not listed yet")
        sync.sync_now(pair.ana)
        report = sync.sync_now(pair.ben, everything=True)
        assert report.received == 0 and summary(pair.ben) == FIRST_WORDS
        write(pair.ben, "written meanwhile")
        sync.sync_now(pair.ben)
    agree(pair.ana, pair.ben)
    assert pair.ana.store.count(Note) == 2


def test_a_partial_listing_is_only_late(pair: Pair) -> None:
    dice = random.Random(3)
    with pytest.MonkeyPatch.context() as patch:
        # Some names are missing, some come twice, and some are gone by the time they are read.
        listing_as(patch, lambda listed: [
            *(info for info in listed for _ in range(dice.choice([0, 1, 1, 2]))),
            FileInfo(f"cwf1/2026-11/{'e' * 64}", 2_000),
        ])  # fmt: skip
        for number in range(8):
            write(pair.ana if number % 2 else pair.ben, f"entry {number}")
            for laptop in (pair.ana, pair.ben):
                report = sync.sync_now(laptop, everything=number % 3 == 0)
                assert report.refused == 0
    agree(pair.ana, pair.ben)
    assert pair.ana.store.count(Note) == 8


def test_a_folder_deeper_than_260_letters_carries_the_exchange(pair: Pair, tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) < 300:
        deep = deep / "a folder that somebody gave quite a long name"
    deep.mkdir(parents=True)
    for laptop in (pair.ana, pair.ben):
        sync.choose_folder(laptop, deep)
    write(pair.ana, "from far below")
    for laptop in (pair.ana, pair.ben):
        sync.sync_now(laptop)
    assert summary(pair.ben) == "from far below"


# ------------------------------------------------------------------ the system below


FAILURES = [
    pytest.param(errno.ENOSPC, False, id="full-once"),
    pytest.param(errno.ENOSPC, True, id="full"),
    pytest.param(errno.EIO, False, id="disconnected-once"),
    pytest.param(errno.ENOTCONN, True, id="disconnected"),
]


@pytest.mark.parametrize(("error", "for_good"), FAILURES)
def test_a_system_that_fails_at_any_call_loses_nothing(pair: Pair, error: int, for_good: bool) -> None:
    at, finished = 1, False
    while not finished:
        write(pair.ana, f"written before call {at} failed")
        failing = FailingSystem(pair.office.folder, error, at, for_good=for_good)
        with pytest.MonkeyPatch.context() as patch:
            failing.install(patch)
            with contextlib.suppress(SharedFolderError):
                sync.sync_now(pair.ana)
        finished = failing.calls < at
        left = [path for path in pair.office.files() if path.name.startswith("~")]
        assert left == [], "half a file stays behind"
        assert summary(pair.ana) == f"written before call {at} failed"
        sync.sync_now(pair.ana)
        sync.sync_now(pair.ben)
        assert records_of(pair.ben) == records_of(pair.ana)
        at += 1
        if at % 3 == 0:
            pair.office.clock.step(timedelta(days=31))  # a new month: its folder must be made
    assert at > 5, "making the file, writing, flushing, renaming were all met"
    agree(pair.ana, pair.ben)


def test_a_drive_that_goes_away_in_the_middle_is_unreachable(pair: Pair, tmp_path: Path) -> None:
    away = tmp_path / "away"
    for at in range(1, 5):
        write(pair.ana, f"entry {at}")
        failing = FailingSystem(pair.office.folder, errno.EIO, at)
        step = failing._step

        def gone(step: Callable[[], None] = step) -> None:
            try:
                step()
            except OSError:
                pair.office.folder.rename(away)
                raise

        failing._step = gone  # type: ignore[method-assign]  # the drive goes with the call
        with pytest.MonkeyPatch.context() as patch:
            failing.install(patch)
            with pytest.raises(FolderUnreachable):
                sync.sync_now(pair.ana)
        assert not pair.office.folder.exists(), "it is never made anew"
        away.rename(pair.office.folder)
        agree(pair.ana, pair.ben)
    assert summary(pair.ben) == "entry 4"


def test_a_read_only_folder_is_read_and_nothing_is_lost(pair: Pair) -> None:
    pair.sent_by_ana("readable all the same")
    write(pair.ben, "waits for a writable folder")
    with pytest.MonkeyPatch.context() as patch:
        FailingSystem(pair.office.folder, errno.EROFS, 1, for_good=True).install(patch)
        report = sync.sync_now(pair.ben)
        assert report.received == 1 and report.sent == 0
        assert sync.sync_state(pair.ben).waiting_to_send > 0
    sync.sync_now(pair.ben)
    agree(pair.ana, pair.ben)
    assert pair.ana.store.count(Note) == 2


@pytest.mark.parametrize("code", [5, 32])
def test_a_rename_refused_for_good_leaves_the_file_outgoing(pair: Pair, code: int) -> None:
    real = os.replace
    write(pair.ana, "held by the antivirus")

    def refused(source: Path, target: Path) -> None:
        if not str(target).startswith(str(pair.office.folder)):
            return real(source, target)
        error = PermissionError(errno.EACCES, "busy")
        error.winerror = code  # type: ignore[attr-defined]  # as Windows sets it
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", refused)
        patch.setattr("core.sync.transports.pauses.time.sleep", lambda seconds: None)
        assert sync.sync_now(pair.ana).sent == 0
    assert sync.sync_state(pair.ana).waiting_to_send > 0
    assert not [path for path in pair.office.files() if path.name.startswith("~")]
    assert sync.sync_now(pair.ana).sent == 1
    agree(pair.ana, pair.ben)
    assert summary(pair.ben) == "held by the antivirus"


def test_a_rename_that_says_it_failed_but_happened_counts_once(pair: Pair) -> None:
    real = os.replace
    write(pair.ana, "said to have failed")

    def lies(source: Path, target: Path) -> None:
        real(source, target)
        if str(target).startswith(str(pair.office.folder)):
            raise OSError(errno.EIO, "the network went away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", lies)
        assert sync.sync_now(pair.ana).sent == 1
    assert sync.sync_now(pair.ana).sent == 0
    assert sync.sync_now(pair.ben).received == 1
    agree(pair.ana, pair.ben)
    assert pair.ben.store.count(Note) == 1


def test_a_placeholder_never_holds_up_a_round(pair: Pair) -> None:
    first, second = pair.sent_by_ana("not downloaded yet"), pair.sent_by_ana("nor this")
    write(pair.ben, "Ben goes on")
    with pytest.MonkeyPatch.context() as patch:
        noted = placeholders(patch, {first, second}, opens=True)
        report = sync.sync_now(pair.ben)
        assert (report.received, report.sent, noted) == (0, 1, [])
        assert report.elsewhere is not None and len(report.elsewhere.names) == 2
        assert bring_down(elsewhere=report.elsewhere) == BroughtDown(2, 2), "off the round\u2019s own path"
        assert sorted(noted) == sorted([first.name, second.name])
        assert sync.sync_now(pair.ben).received == 2
    agree(pair.ana, pair.ben)


def test_signed_out_of_the_sync_program_work_goes_on(pair: Pair) -> None:
    path = pair.sent_by_ana("in the cloud only")
    with pytest.MonkeyPatch.context() as patch:
        placeholders(patch, {path}, opens=False)
        write(pair.ben, "written meanwhile")
        report = sync.sync_now(pair.ben)
        assert (report.received, report.sent, report.refused) == (0, 1, 0)
        assert report.elsewhere is not None
        assert bring_down(elsewhere=report.elsewhere) == BroughtDown(0, 1)
    agree(pair.ana, pair.ben)
    assert pair.ben.store.count(Note) == 2


# ------------------------------------------------------------------ clocks and instances


@pytest.mark.parametrize("years", [-5, 5])
def test_a_clock_five_years_off_costs_nothing(pair: Pair, years: int) -> None:
    honest = pair.office.clock.moment
    pair.office.clock.moment = honest.replace(year=honest.year + years)
    write(pair.ben, "written with a wrong clock")
    sync.sync_now(pair.ben)
    pair.office.clock.moment = honest
    sync.sync_now(pair.ana, everything=True)
    assert summary(pair.ana) == "written with a wrong clock"
    write(pair.ana, "Ana answers")
    agree(pair.ana, pair.ben)
    assert summary(pair.ben) == "Ana answers", "what was written knowing the other replaces it, whatever the clocks say"
    months = {path.parent.name for path in pair.office.files()}
    assert f"{honest.year + years}-11" in months


def test_a_clock_that_goes_backwards_in_the_middle_costs_nothing(pair: Pair) -> None:
    for number in range(10):
        jump = timedelta(days=-40) if number % 3 == 2 else timedelta(hours=7)
        pair.office.clock.step(jump)
        write(pair.ana if number % 2 else pair.ben, f"entry {number}")
        for laptop in (pair.ana, pair.ben, pair.ana):  # so that each write knows the one before, whatever the clock
            sync.sync_now(laptop)
    agree(pair.ana, pair.ben)
    assert pair.ana.store.count(Note) == 10 and summary(pair.ana) == "entry 9"


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        if hasattr(time, "tzset"):
            time.tzset()

    yield move
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def test_a_change_of_time_zone_or_summer_time_changes_nothing(pair: Pair, zone: Callable[[str], None]) -> None:
    moments = [
        ("Europe/London", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),  # the clocks go forward
        ("Europe/London", datetime(2027, 3, 28, 1, 1, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2027, 3, 31, 13, 0, tzinfo=UTC)),  # April there, March in UTC
        ("Pacific/Pago_Pago", datetime(2027, 4, 1, 5, 0, tzinfo=UTC)),  # March there, April in UTC
        ("Europe/London", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # the hour that comes twice
        ("Europe/London", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ]
    for number, (name, moment) in enumerate(moments):
        zone(name)
        pair.office.clock.moment = moment
        write(pair.ana if number % 2 else pair.ben, f"entry {number}")
        for laptop in (pair.ana, pair.ben, pair.ana):
            notices = sync.sync_now(laptop).notices
            assert all("from an administrator" in notice for notice in notices), "half a year has passed in between"
        assert summary(pair.ana) == summary(pair.ben) == f"entry {number}"
    assert {path.parent.name for path in pair.office.files()} >= {"2027-03", "2027-04", "2027-10"}
    agree(pair.ana, pair.ben)


def test_a_workbook_opens_once(pair: Pair) -> None:
    write(pair.ana, "in the first window")
    with pytest.raises(VaultInUse):
        opening.unlock(pair.ana.folder, PASSPHRASE, parts=pair.office.parts)
    sync.sync_now(pair.ana)
    agree(pair.ana, pair.ben)
    opening.lock(pair.ana)
    again: Workspace = opening.unlock(pair.ana.folder, PASSPHRASE, parts=pair.office.parts)
    assert summary(again) == "in the first window"
    opening.lock(again)
