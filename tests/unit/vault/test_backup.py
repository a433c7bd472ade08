"""A backup opens on an empty laptop, or leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain.case import Note
from core.foundation.errors import (
    BackupUnusable,
    Cancelled,
    DiskFull,
    FolderNotWritable,
    VaultDamaged,
    VaultExists,
    WrongPassphrase,
)
from core.foundation.ports import NeverCancel, no_progress
from core.vault import backup as module
from core.vault.backup import BackupMade, make_backup, restore_backup
from core.vault.database import DATABASE_NAME, check_integrity
from core.vault.keyslot import KEYSLOT_NAME, KeyslotContent, write_keyslot
from tests.support.dice import SeededRandomness
from tests.support.vaults import CHEAP, NOON, OpenStore, everything, open_store, some_keys

WORDS = "five plain words to open"


class Stops:
    """Changes its mind at the given question."""

    def __init__(self, at: int) -> None:
        self.left = at

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled()


def begin(opened: OpenStore) -> None:
    write_keyslot(opened.folder, opened.keys, WORDS, cost=CHEAP, randomness=SeededRandomness(3))


def back_up(opened: OpenStore, destination: Path, cancel: object = None) -> BackupMade:
    return make_backup(
        opened.folder, opened.store.engine, destination, made_at=NOON, progress=no_progress,
        cancel=cancel or NeverCancel(),  # type: ignore[arg-type]  # any token
    )  # fmt: skip


def restore(backup: Path, folder: Path, words: str = WORDS, cancel: object = None) -> KeyslotContent:
    return restore_backup(
        backup, folder, words, progress=no_progress, cancel=cancel or NeverCancel(),  # type: ignore[arg-type]
    )


@pytest.fixture
def made(tmp_path: Path) -> Path:
    with open_store(tmp_path / "vault") as opened:
        begin(opened)
        with opened.store.unit("fill") as (unit, _):
            for number in range(200):
                unit.create(Note, b"a-stream-0000000", body=f"the walrus came at {number} " * 20)  # type: ignore[arg-type]
        return back_up(opened, tmp_path / "backups" / "monday.imani").path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], None], **how: int) -> Path:
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(backup, "w", **how) as archive:  # type: ignore[arg-type]  # a compression
        for name, data in parts.items():
            archive.writestr(name, data)
    return backup


def test_everything_comes_back_while_the_vault_stays_open(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        begin(opened)
        note = opened.create(Note, body="before the backup")
        made = back_up(opened, tmp_path / "backups" / "monday.imani")
        before = everything(opened)
        opened.create(Note, body="after the backup")
        assert names(opened.folder) == sorted([KEYSLOT_NAME, *(DATABASE_NAME + end for end in ("", "-shm", "-wal"))])
    assert made.size_bytes == made.path.stat().st_size
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600

    keys = restore(made.path, tmp_path / "restored")
    assert names(tmp_path / "restored") == [KEYSLOT_NAME, DATABASE_NAME]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "restored").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "restored").stat().st_mode) == 0o700
    with open_store(tmp_path / "restored", keys) as again:
        assert everything(again) == before
        assert again.store.get(Note, note).body == "before the backup"
        check_integrity(again.store.engine)


def test_nothing_readable_stands_in_it(made: Path) -> None:
    data = made.read_bytes()
    assert b"walrus" not in data
    assert WORDS.encode() not in data
    with zipfile.ZipFile(made) as archive:
        assert json.loads(archive.read("backup.json")) == {
            "format": "imani-casework-backup", "version": 2, "made_at": NOON.isoformat(),
        }  # fmt: skip


def test_an_older_backup_of_the_same_name_is_replaced_whole(tmp_path: Path, made: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.create(Note, body="newer")
        back_up(opened, made)
    with open_store(tmp_path / "restored", restore(made, tmp_path / "restored")) as again:
        assert again.store.count(Note) == 201


def test_the_wrong_passphrase_leaves_nothing(tmp_path: Path, made: Path) -> None:
    with pytest.raises(WrongPassphrase):
        restore(made, tmp_path / "restored", "some other words")
    assert names(tmp_path / "restored") == []


@pytest.mark.parametrize("holds", [KEYSLOT_NAME, DATABASE_NAME, "keyslot.previous"])
def test_a_folder_that_holds_a_vault_is_not_touched(tmp_path: Path, made: Path, holds: str) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / holds).write_bytes(b"somebody's")
    with pytest.raises(VaultExists):
        restore(made, there)
    assert names(there) == [holds]
    assert (there / holds).read_bytes() == b"somebody's"


def test_a_backup_cut_anywhere_is_refused_and_leaves_nothing(tmp_path: Path, made: Path) -> None:
    whole = made.read_bytes()
    for length in (0, 1, 100, 1000, len(whole) // 2, len(whole) - 100, len(whole) - 1):
        made.write_bytes(whole[:length])
        with pytest.raises(BackupUnusable):
            restore(made, tmp_path / "restored")
        assert names(tmp_path / "restored") == []


def test_a_flipped_byte_anywhere_is_found_and_leaves_nothing(tmp_path: Path, made: Path) -> None:
    whole = made.read_bytes()
    with zipfile.ZipFile(made) as archive:
        contents_end = archive.start_dir  # behind it the archive says when it was packed, which nothing depends on
    for place in range(0, contents_end, len(whole) // 40):
        broken = bytearray(whole)
        broken[place] ^= 0x04
        made.write_bytes(broken)
        with pytest.raises((BackupUnusable, VaultDamaged)):
            restore(made, tmp_path / "restored")
        assert names(tmp_path / "restored") == []


def test_a_damaged_page_with_a_matching_checksum_is_still_found(tmp_path: Path, made: Path) -> None:
    def damage(parts: dict[str, bytes]) -> None:
        data = bytearray(parts[DATABASE_NAME])
        data[-2000] ^= 1
        parts[DATABASE_NAME] = bytes(data)

    with pytest.raises(VaultDamaged):
        restore(rewritten(made, damage), tmp_path / "restored")
    assert names(tmp_path / "restored") == []


def _description(text: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({"backup.json": text.encode()})


@pytest.mark.parametrize(
    "change",
    [
        _description('{"format": "something-else", "version": 1}'),
        _description('{"format": "imani-casework-backup", "version": 3}'),
        _description('{"format": "imani-casework-backup", "version": "one"}'),
        _description('{"format": "imani-casework-backup"}'),
        _description("[]"),
        _description("7"),
        _description("not json"),
        _description("[" * 100_000),
        _description(" " * 10_000_000 + "{}"),
        lambda parts: parts.pop(KEYSLOT_NAME),
        lambda parts: parts.pop(DATABASE_NAME),
        lambda parts: parts.pop("backup.json"),
        lambda parts: parts.update({KEYSLOT_NAME: bytes(10_000_000)}),
    ],
)
def test_an_archive_of_another_kind_is_refused_and_leaves_nothing(
    tmp_path: Path, made: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    with pytest.raises(BackupUnusable):
        restore(rewritten(made, change), tmp_path / "restored")
    assert names(tmp_path / "restored") == []


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_squeezed_archive_is_refused_because_it_could_burst(tmp_path: Path, made: Path, how: int) -> None:
    with pytest.raises(BackupUnusable):
        restore(rewritten(made, lambda parts: None, compression=how), tmp_path / "restored")
    assert names(tmp_path / "restored") == []


def test_a_locked_archive_is_refused(tmp_path: Path, made: Path) -> None:
    data = bytearray(made.read_bytes())
    place = data.find(b"PK\x03\x04")
    while place >= 0:
        data[place + 6] |= 1
        place = data.find(b"PK\x03\x04", place + 4)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    made.write_bytes(data)
    with pytest.raises(BackupUnusable):
        restore(made, tmp_path / "restored")
    assert names(tmp_path / "restored") == []


def test_a_name_that_leads_out_of_the_folder_is_never_followed(tmp_path: Path, made: Path) -> None:
    rewritten(made, lambda parts: parts.update({"../escaped": b"x", "/tmp/escaped": b"x"}))
    restore(made, tmp_path / "in" / "restored")
    assert names(tmp_path / "in") == sorted([KEYSLOT_NAME, "restored", DATABASE_NAME])


@pytest.mark.parametrize("missing", ["nothing-here", "."])
def test_no_file_there(tmp_path: Path, missing: str) -> None:
    with pytest.raises(BackupUnusable):
        restore(tmp_path / missing, tmp_path / "restored")
    assert names(tmp_path / "restored") == []


def test_stopping_the_restore_at_any_moment_leaves_nothing(tmp_path: Path, made: Path) -> None:
    for moment in range(50):
        try:
            restore(made, tmp_path / "restored", cancel=Stops(moment))
        except Cancelled:
            assert names(tmp_path / "restored") == []
        else:
            assert moment > 0
            return
    pytest.fail("the restore never ended")


def test_stopping_the_backup_leaves_the_older_one(tmp_path: Path, made: Path) -> None:
    before = made.read_bytes()
    with open_store(tmp_path / "vault") as opened:
        opened.create(Note, body="newer")
        with pytest.raises(Cancelled):
            back_up(opened, made, Stops(1))
        assert "backup-copy.part" not in names(opened.folder)
    assert made.read_bytes() == before
    assert names(made.parent) == [made.name]


def test_a_killed_restore_is_begun_again_and_never_passes_for_a_vault(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each rename: what is left never opens, and the next restore clears it away."""

    class Killed(BaseException):
        pass

    real = os.replace
    for fatal in range(8):
        folder = tmp_path / f"restored-{fatal}"
        calls = iter(range(100))

        def replace(source: object, target: object, fatal: int = fatal, calls: object = calls) -> None:
            if next(calls) == fatal:  # type: ignore[call-overload]  # an iterator
                raise Killed
            real(source, target)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace)
            patch.setattr(Path, "replace", replace)
            # A kill runs no clean-up: neither do these.
            patch.setattr(module, "remove_tree", lambda path: None)
            patch.setattr(Path, "unlink", lambda path, missing_ok=False: None)
            try:
                restore(made, folder)
            except Killed:
                finished = False
            else:
                finished = True
        if finished:
            assert fatal >= 2
            return
        assert not (folder / KEYSLOT_NAME).exists() or (folder / DATABASE_NAME).exists()
        if not (folder / KEYSLOT_NAME).exists():
            restore(made, folder)
        with open_store(folder, some_keys()) as again:
            assert again.store.count(Note) == 200
        assert names(folder) == [KEYSLOT_NAME, DATABASE_NAME]
    pytest.fail("the restore never ended")


def test_a_destination_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_bytes(b"")
    with open_store(tmp_path / "vault") as opened:
        begin(opened)
        with pytest.raises(FolderNotWritable):
            back_up(opened, tmp_path / "a-file" / "monday.imani")
        assert "backup-copy.part" not in names(opened.folder)


def test_a_full_disk_under_the_copy_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with open_store(tmp_path / "vault") as opened:
        begin(opened)
        monkeypatch.setattr(io, "BytesIO", full)
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            back_up(opened, tmp_path / "backups" / "monday.imani")
    assert names(tmp_path / "backups") == []


def test_a_damaged_vault_is_not_called_a_full_disk(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        begin(opened)
        with opened.store.unit("fill") as (unit, _):
            for number in range(200):
                unit.create(Note, b"a-stream-0000000", body=f"the walrus came at {number} " * 20)  # type: ignore[arg-type]
    path = tmp_path / "vault" / DATABASE_NAME
    data = bytearray(path.read_bytes())
    for page in range(10, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(VaultDamaged), open_store(tmp_path / "vault") as opened:
        back_up(opened, tmp_path / "backups" / "monday.imani")
