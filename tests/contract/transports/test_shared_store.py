"""What every transport promises (`SharedStore`): each implementation runs the same suite."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from core.foundation.errors import FolderUnreachable, GoneFromFolder, NotYetReadable, SharedFolderError
from core.foundation.ports import SharedStore
from core.foundation.system import SystemRandomness
from core.sync.engine.envelope import name_of
from core.sync.transports.folder import README_NAME, FolderTransport

DATA = b"sealed bytes" * 200
NAME = f"cwf1/2026-11/{name_of(DATA)}"
MAX = 1 << 20


@pytest.fixture(params=["folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SharedStore:
    make: dict[str, Callable[[], SharedStore]] = {"folder": lambda: folder_at(tmp_path)}
    return make[request.param]()


def folder_at(path: Path, pauses: list[float] | None = None) -> FolderTransport:
    return FolderTransport(path, randomness=SystemRandomness(), pause=(pauses if pauses is not None else []).append)


def test_what_is_put_is_listed_and_read_back(store: SharedStore) -> None:
    store.put_if_absent(NAME, DATA)
    assert [(info.name, info.size_bytes) for info in store.list("cwf1")] == [(NAME, len(DATA))]
    assert [info.name for info in store.list("cwf1/2026-11")] == [NAME]
    assert list(store.list("cwf1/2026-10")) == []
    assert store.get(NAME, MAX) == DATA


def test_putting_twice_is_success(store: SharedStore) -> None:
    store.put_if_absent(NAME, DATA)
    store.put_if_absent(NAME, DATA)
    assert len(list(store.list("cwf1"))) == 1


def test_other_bytes_under_the_name_are_replaced(store: SharedStore) -> None:
    store.put_if_absent(NAME, DATA[:-1] + b"x")
    store.put_if_absent(NAME, DATA)
    assert store.get(NAME, MAX) == DATA


def test_what_is_not_there_is_gone_and_deleting_it_is_fine(store: SharedStore) -> None:
    with pytest.raises(GoneFromFolder):
        store.get(NAME, MAX)
    store.delete(NAME)
    store.put_if_absent(NAME, DATA)
    store.delete(NAME)
    with pytest.raises(GoneFromFolder):
        store.get(NAME, MAX)


def test_more_than_the_cap_is_not_read(store: SharedStore) -> None:
    store.put_if_absent(NAME, DATA)
    with pytest.raises(NotYetReadable):
        store.get(NAME, len(DATA) - 1)


@pytest.mark.parametrize(
    "name", ["README.txt", "../cwf1/x", "cwf1/../x", "/etc/passwd", "cwf1//x", "cwf1/a\\b", "cwf1/\0"]
)
def test_names_outside_its_own_place_are_refused(store: SharedStore, name: str) -> None:
    with pytest.raises(SharedFolderError):
        store.put_if_absent(name, DATA)
    with pytest.raises(SharedFolderError):
        store.get(name, MAX)


# ------------------------------------------------------------------ the folder's own obligations


def test_a_missing_folder_says_so_and_is_never_made(tmp_path: Path) -> None:
    missing = folder_at(tmp_path / "unplugged")
    for attempt in (
        lambda: list(missing.list("cwf1")), lambda: missing.put_if_absent(NAME, DATA), lambda: missing.get(NAME, MAX),
        missing.prepare,
    ):  # fmt: skip
        with pytest.raises(FolderUnreachable):
            attempt()
    assert not (tmp_path / "unplugged").exists()


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


def test_a_rename_that_says_it_failed_but_happened_is_success_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def lies(source: Path, target: Path) -> None:
        real(source, target)
        raise OSError(errno.EIO, "the network went away")

    monkeypatch.setattr(os, "replace", lies)
    with pytest.raises(SharedFolderError):
        folder_at(tmp_path).put_if_absent(NAME, DATA)
    monkeypatch.undo()
    folder_at(tmp_path).put_if_absent(NAME, DATA)
    assert len(list(folder_at(tmp_path).list("cwf1"))) == 1


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
    folder.sweep(made + 3600)
    assert temporary.exists()
    folder.sweep(made + 25 * 3600)
    assert not temporary.exists() and folder.get(NAME, MAX) == DATA


def test_the_sentence_for_people_is_put_once_and_says_nothing_about_anybody(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.prepare()
    text = (tmp_path / README_NAME).read_text(encoding="utf-8")
    assert "encrypted" in text and text.count(".") >= 2
    (tmp_path / README_NAME).write_text("changed by somebody", encoding="utf-8")
    folder.prepare()
    assert (tmp_path / README_NAME).read_text(encoding="utf-8") == "changed by somebody"
    assert stat.S_ISREG((tmp_path / README_NAME).lstat().st_mode)
