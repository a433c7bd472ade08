"""What is left behind: by a lock, by a program killed in between, by a link somebody put into the shared folder."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.foundation.errors import AppError, SharedFolderError, VaultLocked
from core.foundation.system import SystemRandomness
from core.services import opening, organisation, sync
from core.store.store import Store
from core.sync.transports.folder import FolderTransport
from tests.support.laptops import PASSPHRASE, Office

NAME = "ab" * 32


def test_a_locked_workbook_cannot_be_read_by_what_still_holds_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    opening.lock(ana)
    with pytest.raises(VaultLocked), ana.store.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()


def test_joining_killed_after_its_last_write_is_finished_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    ana = office.found()
    office.ask(ana, "Ben Okafor", "bo", "officer")
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    organisation.admit(ana, request=request.id)
    sync.sync_now(ana)

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as end:
        end.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            opening.finish_joining(tmp_path / "Ben Okafor", PASSPHRASE, parts=office.parts)
    assert opening.vault_state(tmp_path / "Ben Okafor") is opening.VaultState.WAITING
    ben = opening.finish_joining(tmp_path / "Ben Okafor", PASSPHRASE, parts=office.parts)
    assert organisation.my_member(ben).name == "Ben Okafor"
    assert opening.vault_state(tmp_path / "Ben Okafor") is opening.VaultState.READY


@pytest.mark.parametrize("last_unit", ["let-in", "joined"])
@pytest.mark.parametrize("after", [False, True])
def test_joining_killed_around_each_write_is_finished_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_unit: str, after: bool
) -> None:
    office = Office(tmp_path)
    ana = office.found()
    office.ask(ana, "Ben Okafor", "bo", "officer")
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    organisation.admit(ana, request=request.id)
    sync.sync_now(ana)

    class Killed(BaseException):
        pass

    real = Store.unit

    def unit(self: Store, cause: str) -> object:
        if cause == last_unit and after:
            with real(self, cause):
                pass
        if cause == last_unit:
            raise Killed
        return real(self, cause)

    with monkeypatch.context() as end:
        end.setattr(Store, "unit", unit)
        with pytest.raises(Killed):
            opening.finish_joining(tmp_path / "Ben Okafor", PASSPHRASE, parts=office.parts)
    ben = opening.finish_joining(tmp_path / "Ben Okafor", PASSPHRASE, parts=office.parts)
    assert organisation.my_member(ben).name == "Ben Okafor"


def test_half_written_files_are_swept_when_the_workbook_is_next_opened(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    opening.lock(ana)
    left = [ana.folder / name for name in ("keyslot.part", "backup-copy.part")]
    for path in left:
        path.write_bytes(b"half")
    opening.unlock(ana.folder, PASSPHRASE, parts=office.parts)
    assert not any(path.exists() for path in left)


def test_every_file_of_a_workbook_is_private_whatever_the_system_allows(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        office = Office(tmp_path)
        ana = office.found()
        sync.sync_now(ana)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in ana.folder.iterdir()}
        assert stat.S_IMODE(ana.folder.stat().st_mode) == 0o700
        assert set(modes.values()) == {0o600}, modes
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")
@pytest.mark.parametrize("start", ["core.cli.main", "desktop.app"])
def test_a_crash_writes_no_image_of_the_memory(start: str) -> None:
    script = (
        f"import resource, {start} as start\n"
        "try:\n    start.main(['--no-such-option'])\nexcept SystemExit:\n    pass\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "(0, 0)"


# ------------------------------------------------------------------ the shared folder


def transport(folder: Path) -> FolderTransport:
    folder.mkdir(exist_ok=True)
    return FolderTransport(folder, randomness=SystemRandomness())


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_readme_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "started at login"
    folder = transport(tmp_path / "shared")
    (tmp_path / "shared" / "README.txt").symlink_to(target)
    folder.prepare()
    assert not target.exists()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("link", ["cwf1", "cwf1/2026-11"])
def test_a_folder_that_is_a_link_is_neither_read_nor_written_nor_swept(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "private"
    (elsewhere / "2026-11").mkdir(parents=True)
    for path in (elsewhere, elsewhere / "2026-11"):
        (path / "a letter.txt").write_text("private")
        (path / "~cwf1.tmp").write_text("old")
        os.utime(path / "~cwf1.tmp", (0, 0))
    folder = transport(tmp_path / "shared")
    at = tmp_path / "shared" / link
    at.parent.mkdir(exist_ok=True)
    at.symlink_to(elsewhere, target_is_directory=True)
    before = sorted(elsewhere.rglob("*"))
    with contextlib.suppress(AppError):
        assert list(folder.list("cwf1")) == [] and list(folder.list("cwf1/2026-11")) == []
    with pytest.raises(SharedFolderError):
        folder.get("cwf1/2026-11/a letter.txt", 100)
    with pytest.raises(SharedFolderError):
        folder.put_if_absent(f"cwf1/2026-11/{NAME}", b"data")
    folder.sweep(1e10)
    assert sorted(elsewhere.rglob("*")) == before


@pytest.mark.skipif(os.name != "posix", reason="no such files on Windows")
def test_pipes_folders_and_strange_names_are_passed_over(tmp_path: Path) -> None:
    folder = transport(tmp_path / "shared")
    month = tmp_path / "shared" / "cwf1" / "2026-11"
    month.mkdir(parents=True)
    os.mkfifo(month / NAME)
    (month / ("cd" * 32)).mkdir()
    (month / ("ef" * 32)).symlink_to("/etc/passwd")
    (month / "two\nlines").write_bytes(b"x")
    (month / "back\\slash").write_bytes(b"x")
    (Path(os.fsdecode(bytes(month) + b"/\xff\xfe"))).write_bytes(b"x")
    names = [info.name for info in folder.list("cwf1")]
    assert len(names) == 3
    for name in [*names, *(f"cwf1/2026-11/{pair * 32}" for pair in ("ab", "cd", "ef"))]:
        try:
            assert folder.get(name, 100) == b"x"
        except SharedFolderError:
            continue
    with pytest.raises(SharedFolderError):
        folder.put_if_absent(f"cwf1/2026-11/{'cd' * 32}", b"data")
