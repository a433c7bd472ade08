"""Choosing the folder, and what a person is told about where their work stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.domain.estate import Home
from core.foundation.errors import Cancelled, FolderUnreachable, NoSharedFolder, SharedFolderError
from core.services import opening, organisation, sync
from tests.support.laptops import CHEAP, PASSPHRASE, Office


class Impatient:
    def check(self) -> None:
        raise Cancelled


def test_without_a_folder_nothing_is_lost_and_the_person_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path)
    form = opening.FoundingForm("Hazel Tree", "Ana Reyes", "ar", "", PASSPHRASE)
    ana = opening.found_organisation(tmp_path / "v", form, parts=office.parts, cost=CHEAP)
    with pytest.raises(NoSharedFolder):
        sync.sync_now(ana)
    state = sync.sync_state(ana)
    assert state.folder is None and state.waiting_to_send == 1 and state.last_sync_at is None
    assert state.words == "Saved on this laptop, not in the shared folder yet."
    for wrong in (tmp_path / "v", tmp_path / "v" / "inside", tmp_path):
        with pytest.raises(SharedFolderError, match="apart"):
            sync.choose_folder(ana, wrong)
    with pytest.raises(FolderUnreachable):
        sync.choose_folder(ana, tmp_path / "unplugged")
    opening.lock(ana)


def test_where_each_thing_stands_in_words(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    with pytest.raises(Cancelled):
        sync.sync_now(ana, cancel=Impatient())
    sync.sync_now(ana)
    assert sync.sync_state(ana).words == "In the shared folder. No other laptop has it yet."
    ben = office.join(ana, "Ben Okafor", "bo")
    sync.sync_now(ben)
    with ben.store.unit("test") as (unit, _):
        unit.create(Home, ben.organisation_stream, street="Elm Row")
    sync.sync_now(ben)
    assert sync.sync_now(ana).changed.kinds == {"home"}
    state = sync.sync_state(ana)
    assert (state.words, state.seen_by, state.waiting_to_send) == ("Seen by 1 other laptop.", ("Ben Okafor",), 0)
    assert state.last_sync_at == office.clock.now()

    shutil.move(office.folder, tmp_path / "away")
    organisation.update_organisation(ana, email="office@example.org")
    with pytest.raises(FolderUnreachable):
        sync.sync_now(ana)
    assert sync.sync_state(ana).waiting_to_send == 1
    shutil.move(tmp_path / "away", office.folder)
    assert sync.sync_now(ana).sent == 1
    assert sync.sync_now(ben).received == 1


def test_an_exchange_with_nothing_new_writes_and_reads_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    sync.sync_now(ana)
    before = {path: path.stat().st_mtime_ns for path in office.files()}
    report = sync.sync_now(ana)
    assert (report.sent, report.received, report.refused, report.missing) == (0, 0, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in office.files()} == before
