"""What the folder promises beyond the others: no half file, no link followed, no waiting for a download."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from core.foundation.errors import NotYetReadable, SharedFolderError
from core.foundation.system import SystemRandomness
from core.sync.engine.envelope import name_of
from core.sync.transports.folder import README_NAME, FolderTransport, extended

DATA = b"sealed bytes" * 200
NAME = f"cwf1/2026-11/{name_of(DATA)}"
MAX = 1 << 20


def folder_at(path: Path, pauses: list[float] | None = None) -> FolderTransport:
    return FolderTransport(path, randomness=SystemRandomness(), pause=(pauses if pauses is not None else []).append)


def test_empty_files_temporary_files_and_links_are_not_listed(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    month = tmp_path / "cwf1" / "2026-11"
    (month / ("0" * 64)).touch()
    (month / "~cwf0123abcd.tmp").write_bytes(b"half")
    (month / ("1" * 64)).symlink_to("/etc/hostname")
    (month / ("2" * 64)).mkdir()
    (tmp_path / "cwf1" / "loop").symlink_to(tmp_path)
    (month / " odd name. ").write_bytes(b"x")
    assert {info.name for info in folder.list("cwf1")} == {NAME, "cwf1/2026-11/ odd name. "}
    with pytest.raises(NotYetReadable):
        folder.get("cwf1/2026-11/" + "1" * 64, MAX)
    with pytest.raises(NotYetReadable):
        folder.get("cwf1/2026-11/" + "2" * 64, MAX)


@pytest.mark.skipif(os.name == "nt", reason="such names and links need rights there")
def test_folders_and_links_of_strangers_do_not_end_a_round(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    month = tmp_path / "cwf1" / "2026-11"
    (month / "photos").mkdir()
    (month / "photos" / ("5" * 64)).write_bytes(b"x")
    (month / "back\\slash").mkdir()
    (month / "elsewhere").symlink_to(tmp_path.parent, target_is_directory=True)
    (month / "dangling").symlink_to(tmp_path / "nothing")
    wanted = {NAME, "cwf1/2026-11/photos/" + "5" * 64}
    assert set(folder.names("cwf1/2026-11")) == wanted
    assert {info.name for info in folder.list("cwf1/2026-11")} == wanted


@pytest.mark.skipif(os.name == "nt", reason="there are no such files there")
def test_a_pipe_under_a_file_s_name_does_not_hang(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    (tmp_path / "cwf1").mkdir()
    os.mkfifo(tmp_path / "cwf1" / ("3" * 64))
    with pytest.raises(NotYetReadable):
        folder.get("cwf1/" + "3" * 64, MAX)


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_busy_file_is_tried_again_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real, calls, pauses = os.replace, [], list[float]()

    def busy_twice(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) < 3:
            error = PermissionError(errno.EACCES, "busy")
            error.winerror = code  # type: ignore[attr-defined]  # as Windows sets it
            raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", busy_twice)
    folder_at(tmp_path, pauses).put_if_absent(NAME, DATA)
    assert folder_at(tmp_path).get(NAME, MAX) == DATA
    assert pauses == sorted(pauses) and len(pauses) == 2


def test_a_file_that_stays_busy_is_given_up_without_leaving_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_busy(source: Path, target: Path) -> None:
        error = PermissionError(errno.EACCES, "busy")
        error.winerror = 32  # type: ignore[attr-defined]  # as Windows sets it
        raise error

    monkeypatch.setattr(os, "replace", always_busy)
    with pytest.raises(SharedFolderError):
        folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_rename_that_says_it_failed_but_happened_is_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def lies(source: Path, target: Path) -> None:
        real(source, target)
        raise OSError(errno.EIO, "the network went away")

    monkeypatch.setattr(os, "replace", lies)
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    monkeypatch.undo()
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert [path.name for path in (tmp_path / "cwf1" / "2026-11").iterdir()] == [name_of(DATA)]


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "full"), (errno.EROFS, "may be written")])
def test_a_full_or_read_only_folder_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    (tmp_path / "cwf1" / "2026-11").mkdir(parents=True)
    with pytest.raises(SharedFolderError, match=words):
        folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_old_temporary_files_are_swept_and_young_ones_are_not(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    temporary = tmp_path / "cwf1" / "2026-11" / "~cwfdeadbeef.tmp"
    temporary.write_bytes(b"left by a crash")
    made = temporary.stat().st_mtime
    assert [info.name for info in folder.list("cwf1")] == [NAME]
    folder.sweep(made + 3600)
    assert temporary.exists()
    list(folder.list("cwf1"))
    folder.sweep(made + 25 * 3600)
    assert not temporary.exists() and folder.get(NAME, MAX) == DATA


@pytest.mark.parametrize("years", [-425, -5, 5])
def test_a_temporary_file_with_an_absurd_date_is_swept_too(tmp_path: Path, years: int) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    temporary = tmp_path / "cwf1" / "2026-11" / "~cwfdeadbeef.tmp"
    temporary.write_bytes(b"left by a crash")
    now = (tmp_path / NAME).stat().st_mtime
    os.utime(temporary, (now + years * 31_556_952, now + years * 31_556_952))
    list(folder.list("cwf1"))
    folder.sweep(now)
    assert not temporary.exists()


def test_the_sentence_for_people_is_put_once_and_says_nothing_about_anybody(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.prepare()
    text = (tmp_path / README_NAME).read_text(encoding="utf-8")
    assert "encrypted" in text and text.count(".") >= 2
    (tmp_path / README_NAME).write_text("changed by somebody", encoding="utf-8")
    folder.prepare()
    assert (tmp_path / README_NAME).read_text(encoding="utf-8") == "changed by somebody"
    assert stat.S_ISREG((tmp_path / README_NAME).lstat().st_mode)


def test_it_is_written_beside_its_place_under_a_name_sync_programs_pass_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[Path, int]] = []
    real = os.open

    def watched(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            made.append((Path(path), flags))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", watched)
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    ((path, flags),) = made
    assert path.parent == (tmp_path / NAME).parent and flags & os.O_EXCL
    assert path.name.startswith("~cwf") and path.name.endswith(".tmp")
    assert len(bytes.fromhex(path.name[4:-4])) == 4


def test_file_and_folder_are_flushed_before_it_counts_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted(descriptor: int) -> None:
        said.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def renamed(source: Path, target: Path) -> None:
        said.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(os, "replace", renamed)
    (tmp_path / "cwf1" / "2026-11").mkdir(parents=True)
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert said == ["file", "rename", "folder"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
def test_a_share_that_cannot_flush_folders_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    fsync = os.fsync

    def refuses_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuses_folders)
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert folder_at(tmp_path).get(NAME, MAX) == DATA


def test_what_cannot_be_read_back_does_not_count_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def spoils(source: Path, target: Path) -> None:
        replace(source, target)
        Path(target).write_bytes(bytes(len(DATA)))

    monkeypatch.setattr(os, "replace", spoils)
    with pytest.raises(SharedFolderError, match="read back"):
        folder_at(tmp_path).put_if_absent(NAME, DATA)


class Placeholder:
    """A file whose name is here and whose bytes are elsewhere, as OneDrive and iCloud show it."""

    def __init__(self, real: os.stat_result, **extra: int) -> None:
        self._real, self._extra = real, extra

    def __getattr__(self, name: str) -> object:
        return self._extra[name] if name in self._extra else getattr(self._real, name)


@pytest.mark.parametrize(
    "shown", [{"st_file_attributes": 0x400000}, {"st_file_attributes": 0x1020}, {"st_flags": 0x40000000}]
)
def test_a_placeholder_is_not_opened_in_a_round_and_comes_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: dict[str, int]
) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    lstat, open_, opened = Path.lstat, os.open, list[str]()

    def placeholder(path: Path) -> object:
        return Placeholder(lstat(path), **shown) if path.name == name_of(DATA) else lstat(path)

    def watched(path: Path, flags: int, mode: int = 0o777) -> int:
        opened.append(Path(path).name)
        return open_(path, flags, mode)

    monkeypatch.setattr(Path, "lstat", placeholder)
    monkeypatch.setattr(os, "open", watched)
    assert [info.name for info in folder.list("cwf1")] == [NAME]
    with pytest.raises(NotYetReadable):
        folder.get(NAME, MAX)
    folder.put_if_absent(NAME, DATA)
    assert opened == [], "neither reading nor publishing again waits for a download"
    assert folder.not_here == (NAME,)
    assert folder.bring_down(NAME) and opened == [name_of(DATA)]
    assert folder.not_here == ()


def test_a_placeholder_that_cannot_be_downloaded_waits_for_another_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_at(tmp_path)
    folder.put_if_absent(NAME, DATA)
    lstat = Path.lstat

    def placeholder(path: Path) -> object:
        return Placeholder(lstat(path), st_file_attributes=0x400000) if path.is_file() else lstat(path)

    def signed_out(path: Path, flags: int, mode: int = 0o777) -> int:
        raise OSError(errno.EIO, "The cloud file provider is not running")

    monkeypatch.setattr(Path, "lstat", placeholder)
    with pytest.raises(NotYetReadable):
        folder.get(NAME, MAX)
    with monkeypatch.context() as offline:
        offline.setattr(os, "open", signed_out)
        assert not folder.bring_down(NAME)
    assert folder.not_here == (NAME,)
    assert not folder.bring_down("cwf1/../secret") and not folder.bring_down("cwf1/2026-11/" + "0" * 64)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("D:\\work\\shared", "\\\\?\\D:\\work\\shared"),
        ("\\\\server\\share\\casework", "\\\\?\\UNC\\server\\share\\casework"),
        ("\\\\?\\C:\\already", "\\\\?\\C:\\already"),
        ("relative", "relative"),
    ],
)
def test_a_windows_path_may_be_longer_than_260(given: str, wanted: str) -> None:
    assert extended(given) == wanted


@pytest.mark.skipif(os.name == "nt", reason="shown there by the form of the path, above")
def test_a_path_of_more_than_260_works(tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) < 320:
        deep = deep / ("a folder with a long name " * 3).strip()
    deep.mkdir(parents=True)
    folder_at(deep).put_if_absent(NAME, DATA)
    assert [info.name for info in folder_at(deep).list("cwf1")] == [NAME]
    assert folder_at(deep).get(NAME, MAX) == DATA


def test_a_huge_file_is_not_read_to_find_out_that_it_is_huge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cwf1").mkdir()
    with (tmp_path / "cwf1" / ("4" * 64)).open("wb") as stream:
        stream.truncate(64 * 1024**3)
    folder = folder_at(tmp_path)
    assert [info.size_bytes for info in folder.list("cwf1")] == [64 * 1024**3]

    def never(path: Path, flags: int, mode: int = 0o777) -> int:
        raise AssertionError("it was opened")

    monkeypatch.setattr(os, "open", never)
    with pytest.raises(NotYetReadable):
        folder.get("cwf1/" + "4" * 64, MAX)
