"""A disk that fills up, fails or refuses: what was saved stays, and the person reads a sentence."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.domain.case import Note
from core.domain.estate import Home
from core.foundation.errors import AppError, DiskFull, FolderNotWritable, VaultDamaged
from core.services import backups, cases, drafts, homes, notes
from core.services.opening import lock, unlock
from core.services.workspace import Parts, Workspace
from core.vault.database import DATABASE_NAME, check_integrity
from core.vault.keyslot import KEYSLOT_NAME, PREVIOUS_NAME, open_keyslot, write_keyslot
from tests.support.dice import SeededRandomness
from tests.support.vaults import CHEAP, TestClock
from tests.support.workspaces import PASSPHRASE, a_workspace, homes_csv, logged, new_vault

SMALL_DISK_KIB = 6 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 6 MiB, which only the system's administrator may make."""
    place = tmp_path / "small-disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_KIB}k,mode=700", "tmpfs", str(place)],
        capture_output=True, check=False,
    ) if sys.platform.startswith("linux") and os.geteuid() == 0 else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("a small disk of its own needs Linux and the administrator")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@contextlib.contextmanager
def no_file_longer_than(size_bytes: int) -> Iterator[None]:
    """The system refuses to let any file of this process grow: what a full disk looks like to everybody."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def fill_until_refused(workspace: Workspace, case: bytes) -> tuple[int, AppError]:
    """Write notes until one is refused; how many were kept, and what was said about the last."""
    kept = 0
    while kept < 500:
        try:
            notes.add_note(workspace, case=case, body=f"number {kept} " + os.urandom(20_000).hex())  # type: ignore[arg-type]
        except AppError as error:
            return kept, error
        kept += 1
    pytest.fail("the disk never filled up")


def parts() -> Parts:
    return Parts(TestClock(), SeededRandomness(21))


class TestAFullDisk:
    def test_keeps_every_note_that_was_saved_and_says_the_disk_is_full(self, small_disk: Path) -> None:
        vault = new_vault(small_disk / "vault")
        workspace = unlock(vault, PASSPHRASE, parts=parts())
        case = logged(workspace).case
        kept, error = fill_until_refused(workspace, case)
        assert isinstance(error, DiskFull)
        assert kept > 5
        assert workspace.store.count(Note) == kept
        drafts_left = drafts.list_drafts(workspace)
        assert drafts_left == ()
        lock(workspace)

        again = unlock(vault, PASSPHRASE, parts=parts())
        assert sorted(int(note.body.split()[1]) for note in again.store.select(Note)) == list(range(kept))
        check_integrity(again.store.engine)
        lock(again)

    def test_without_a_byte_left_the_workbook_says_so_instead_of_opening(self, small_disk: Path) -> None:
        vault = new_vault(small_disk / "vault")
        with pytest.raises(OSError, match="No space"), (small_disk / "ballast").open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(4096))
        with pytest.raises(DiskFull):
            unlock(vault, PASSPHRASE, parts=parts())
        (small_disk / "ballast").unlink()
        lock(unlock(vault, PASSPHRASE, parts=parts()))

    def test_goes_on_once_there_is_room_again(self, small_disk: Path) -> None:
        ballast = small_disk / "ballast"
        vault = new_vault(small_disk / "vault")
        workspace = unlock(vault, PASSPHRASE, parts=parts())
        case = logged(workspace).case
        with pytest.raises(OSError, match="No space"), ballast.open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(4096))
        with pytest.raises(DiskFull):
            for _ in range(50):
                notes.add_note(workspace, case=case, body=os.urandom(20_000).hex())
        ballast.unlink()
        before = workspace.store.count(Note)
        notes.add_note(workspace, case=case, body="there is room")
        assert workspace.store.count(Note) == before + 1
        lock(workspace)

    def test_keeps_the_homes_as_they_were_when_a_list_does_not_fit(self, small_disk: Path, tmp_path: Path) -> None:
        vault = new_vault(small_disk / "vault")
        workspace = unlock(vault, PASSPHRASE, parts=parts())
        first = homes.preview_import(workspace, path=homes_csv(tmp_path / "first.csv", 20))
        homes.import_homes(workspace, preview=first)
        large = homes.preview_import(workspace, path=homes_csv(tmp_path / "large.csv", 2_500))
        with pytest.raises(DiskFull):
            homes.import_homes(workspace, preview=large)
        assert workspace.store.count(Home) == 20
        lock(workspace)
        again = unlock(vault, PASSPHRASE, parts=parts())
        assert again.store.count(Home) == 20
        check_integrity(again.store.engine)
        lock(again)

    def test_leaves_the_older_backup(self, small_disk: Path, tmp_path: Path) -> None:
        with a_workspace(tmp_path / "vault") as workspace:
            case = logged(workspace).case
            target = small_disk / "monday.imani"
            backups.backup(workspace, destination=target)
            before = target.read_bytes()
            for _ in range(160):
                notes.add_note(workspace, case=case, body=os.urandom(20_000).hex())
            with pytest.raises(DiskFull):
                backups.backup(workspace, destination=target)
            assert target.read_bytes() == before
            assert [path.name for path in small_disk.iterdir()] == [target.name]
            assert not (workspace.folder / "backup-copy.part").exists()

    def test_under_the_copy_leaves_the_vault_and_says_so(self, small_disk: Path, tmp_path: Path) -> None:
        vault = new_vault(small_disk / "vault")
        workspace = unlock(vault, PASSPHRASE, parts=parts())
        case = logged(workspace).case
        for _ in range(5):
            notes.add_note(workspace, case=case, body=os.urandom(20_000).hex())
        free_bytes = shutil.disk_usage(small_disk).free
        (small_disk / "ballast").write_bytes(bytes(free_bytes - 200_000))
        with pytest.raises(DiskFull):
            backups.backup(workspace, destination=tmp_path / "monday.imani")
        assert not (tmp_path / "monday.imani").exists()
        assert not (vault / "backup-copy.part").exists()
        assert workspace.store.count(Note) == 5
        lock(workspace)

    def test_leaves_nothing_of_a_restore(self, small_disk: Path, tmp_path: Path) -> None:
        with a_workspace(tmp_path / "vault") as workspace:
            case = logged(workspace).case
            for _ in range(160):
                notes.add_note(workspace, case=case, body=os.urandom(20_000).hex())
            backup = backups.backup(workspace, destination=tmp_path / "monday.imani").path
        with pytest.raises(DiskFull):
            backups.restore(source=backup, folder=small_disk / "restored", passphrase=PASSPHRASE)
        assert list((small_disk / "restored").iterdir()) == []

    def test_leaves_the_old_key_file(self, small_disk: Path) -> None:
        vault = new_vault(small_disk / "vault")
        keys = open_keyslot(vault, PASSPHRASE)
        with contextlib.suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(4096))
        with pytest.raises(DiskFull):
            write_keyslot(vault, keys, "some other words", cost=CHEAP, randomness=SeededRandomness(5))
        assert open_keyslot(vault, PASSPHRASE).vault_key == keys.vault_key
        assert not list(vault.glob("*.part"))


class TestAFileThatMayNotGrow:
    """The same without being the administrator: every write beyond a length fails with `EFBIG`."""

    def test_loses_no_note_that_was_saved(self, tmp_path: Path) -> None:
        with a_workspace(tmp_path / "vault") as workspace:
            case = logged(workspace).case
            with no_file_longer_than(400_000):
                kept, error = fill_until_refused(workspace, case)
            assert not isinstance(error, VaultDamaged)
            assert "damaged" not in str(error)
            assert workspace.store.count(Note) == kept
            notes.add_note(workspace, case=case, body="there is room again")
            assert workspace.store.count(Note) == kept + 1
        with a_workspace(tmp_path / "vault") as workspace:
            assert workspace.store.count(Note) == kept + 1
            check_integrity(workspace.store.engine)

    def test_keeps_the_draft_before(self, tmp_path: Path) -> None:
        with a_workspace(tmp_path / "vault") as workspace:
            drafts.save_draft(workspace, name="report", body="the first words")
            with no_file_longer_than(200_000), pytest.raises(AppError):
                drafts.save_draft(workspace, name="report", body=os.urandom(400_000).hex())
            found = drafts.load_draft(workspace, name="report")
            assert found is not None
            assert found.body == "the first words"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda vault: (vault / DATABASE_NAME).unlink(),
        lambda vault: (vault / DATABASE_NAME).write_bytes(b""),
        lambda vault: (vault / DATABASE_NAME).write_bytes(b"x"),
        lambda vault: (vault / DATABASE_NAME).write_bytes(os.urandom(100_000)),
        lambda vault: (vault / DATABASE_NAME).write_bytes((vault / DATABASE_NAME).read_bytes()[:5000]),
        lambda vault: os.truncate(vault / DATABASE_NAME, 4096 * 4),
    ],
)
def test_a_vault_whose_file_is_gone_or_cut_never_opens_as_an_empty_one(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    vault = new_vault(tmp_path / "vault")
    spoil(vault)
    with pytest.raises(VaultDamaged):
        unlock(vault, PASSPHRASE, parts=parts())
    # And it lets go: the right file put back opens.
    new_vault(tmp_path / "other")
    (vault / DATABASE_NAME).write_bytes((tmp_path / "other" / DATABASE_NAME).read_bytes())
    lock(unlock(vault, PASSPHRASE, parts=parts()))


def test_a_key_file_of_another_vault_is_told_from_damage_to_nothing(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    keys = open_keyslot(vault, PASSPHRASE)
    from dataclasses import replace

    from core.crypto.secrets import SecretBytes

    before = (vault / DATABASE_NAME).read_bytes()
    for name in (KEYSLOT_NAME, PREVIOUS_NAME):
        (vault / name).unlink(missing_ok=True)
    write_keyslot(
        vault, replace(keys, vault_key=SecretBytes(bytes(32))), PASSPHRASE, cost=CHEAP, randomness=SeededRandomness(5)
    )
    with pytest.raises(VaultDamaged):
        unlock(vault, PASSPHRASE, parts=parts())
    assert (vault / DATABASE_NAME).read_bytes() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_nobody_may_write_in_is_a_sentence(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    vault.chmod(0o500)
    try:
        with pytest.raises(FolderNotWritable):
            unlock(vault, PASSPHRASE, parts=parts())
    finally:
        vault.chmod(0o700)


def test_a_page_that_goes_bad_while_open_stops_the_work_and_not_the_program(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        for number in range(300):
            notes.add_note(workspace, case=case, body=f"{number} " * 300)
    path = tmp_path / "vault" / DATABASE_NAME
    data = bytearray(path.read_bytes())
    for page in range(60, len(data) // 4096):
        data[page * 4096 + 7] ^= 1
    path.write_bytes(data)
    with pytest.raises(VaultDamaged), a_workspace(tmp_path / "vault") as workspace:
        cases.open_case(workspace, case=case)
