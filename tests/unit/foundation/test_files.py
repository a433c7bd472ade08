"""Files are written whole or not at all, and only their owner may read them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from core.foundation.errors import DiskFull, FileUnreadable, FolderNotWritable
from core.foundation.files import (
    make_private_folder,
    move_into_place,
    read_capped,
    remove_tree,
    translated,
    write_atomic,
    write_atomic_with,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_every_parent_made_for_it_is_private(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / part) for part in ("a", "a/b", "a/b/c")] == [0o700] * 3
    make_private_folder(tmp_path / "a" / "b" / "c")


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o750)
    make_private_folder(tmp_path / "mine" / "new")
    assert mode(tmp_path / "mine") == 0o750


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(FolderNotWritable):
            make_private_folder(path)


def test_the_whole_new_content_or_the_whole_old(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_atomic(path, b"old")

    def fails_half_way(stream: BinaryIO) -> None:
        stream.write(b"new, but only ha")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomic_with(path, fails_half_way)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "kept"
    write_atomic(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, moment, full)
    with pytest.raises(DiskFull) as caught:
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]
    assert str(tmp_path) in str(caught.value)


def test_a_file_where_a_folder_should_be_is_called_a_file(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"x")
    for wanted in (tmp_path / "list.csv", tmp_path / "list.csv" / "deeper"):
        with pytest.raises(FolderNotWritable, match=r"list\.csv: it is a file, not a folder"):
            make_private_folder(wanted)


def test_the_content_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    flush, rename = os.fsync, os.replace

    def seen_flush(descriptor: int) -> None:
        order.append("flush folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "flush file")
        flush(descriptor)

    def seen_rename(source: str, target: str) -> None:
        order.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", seen_flush)
    monkeypatch.setattr(os, "replace", seen_rename)
    write_atomic(tmp_path / "kept", b"x")
    assert order == ["flush file", "rename", "flush folder"]


def test_a_left_over_half_file_does_not_leak_into_the_next(tmp_path: Path) -> None:
    (tmp_path / "kept.part").write_bytes(b"left over from a crash, and long")
    write_atomic(tmp_path / "kept", b"new")
    assert (tmp_path / "kept").read_bytes() == b"new"
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]


def test_moving_a_finished_file(tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(b"x")
    move_into_place(tmp_path / "from", tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == b"x"
    with pytest.raises(FolderNotWritable):
        move_into_place(tmp_path / "from", tmp_path / "to")


def test_reading_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_capped(tmp_path / "file", 5) == b"12345"
    for path, cap in ((tmp_path / "file", 4), (tmp_path / "absent", 5), (tmp_path, 5)):
        with pytest.raises(FileUnreadable):
            read_capped(path, cap)


def test_removing_what_is_not_there_is_fine(tmp_path: Path) -> None:
    remove_tree(tmp_path / "absent")
    make_private_folder(tmp_path / "there" / "inside")
    remove_tree(tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, FolderNotWritable),
        (errno.EROFS, FolderNotWritable),
    ],
)
def test_what_the_system_says_becomes_a_sentence(number: int, kind: type) -> None:
    error = translated(OSError(number, os.strerror(number)), Path("/somewhere/file"))
    assert type(error) is kind
    assert "somewhere" in str(error)
