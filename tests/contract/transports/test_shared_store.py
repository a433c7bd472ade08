"""What every transport promises (`SharedStore`): folder, object store and WebDAV pass the same suite.

The stores are real: rclone's own servers, started by the tests (`tests/support/stores.py`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.foundation.errors import FolderUnreachable, GoneFromFolder, NotYetReadable, SharedFolderError, StoreRefused
from core.foundation.system import SystemRandomness
from core.sync.engine.envelope import name_of
from core.sync.transports.opening import Transport
from core.sync.transports.places import FolderPlace, Place
from tests.support.stores import Server, serving, transport_on, with_wrong_secret

DATA = b"sealed bytes" * 200
NAME = f"cwf1/2026-11/{name_of(DATA)}"
MAX = 1 << 20
KINDS = ["folder", "s3", "webdav"]


@dataclass(frozen=True)
class Shelf:
    """One empty place of one kind. `files`: the folder on this disk in which its files come to lie."""

    kind: str
    place: Place
    files: Path

    @property
    def store(self) -> Transport:
        return transport_on(self.place)


@pytest.fixture(params=KINDS)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    kind: str = request.param
    if kind == "folder":
        return Shelf(kind, FolderPlace(tmp_path), tmp_path)
    server: Server = request.getfixturevalue(f"{kind}_server")
    part = f"of-{SystemRandomness().bytes(4).hex()}"
    shelf = Shelf(kind, server.place(part), server.files(part))
    shelf.store.prepare()
    return shelf


@pytest.fixture
def store(shelf: Shelf) -> Transport:
    return shelf.store


def test_what_is_put_is_listed_and_read_back(store: Transport) -> None:
    store.put_if_absent(NAME, DATA)
    assert [(info.name, info.size_bytes) for info in store.list("cwf1")] == [(NAME, len(DATA))]
    assert [info.name for info in store.list("cwf1/2026-11")] == [NAME]
    assert list(store.list("cwf1/2026-10")) == []
    assert store.get(NAME, MAX) == DATA


def test_putting_twice_is_success(store: Transport) -> None:
    store.put_if_absent(NAME, DATA)
    store.put_if_absent(NAME, DATA)
    assert len(list(store.list("cwf1"))) == 1


def test_other_bytes_under_the_name_are_replaced(store: Transport) -> None:
    store.put_if_absent(NAME, DATA[:-1] + b"x")
    store.put_if_absent(NAME, DATA)
    assert store.get(NAME, MAX) == DATA


def test_what_is_not_there_is_gone_and_deleting_it_is_fine(store: Transport) -> None:
    with pytest.raises(GoneFromFolder):
        store.get(NAME, MAX)
    store.delete(NAME)
    store.put_if_absent(NAME, DATA)
    store.delete(NAME)
    with pytest.raises(GoneFromFolder):
        store.get(NAME, MAX)


def test_more_than_the_cap_is_not_read(store: Transport) -> None:
    store.put_if_absent(NAME, DATA)
    with pytest.raises(NotYetReadable):
        store.get(NAME, len(DATA) - 1)


@pytest.mark.parametrize(
    "name", ["README.txt", "../cwf1/x", "cwf1/../x", "/etc/passwd", "cwf1//x", "cwf1/a\\b", "cwf1/\0"]
)
def test_names_outside_its_own_place_are_refused(store: Transport, name: str) -> None:
    with pytest.raises(SharedFolderError):
        store.put_if_absent(name, DATA)
    with pytest.raises(SharedFolderError):
        store.get(name, MAX)


def test_putting_again_from_elsewhere_is_success(shelf: Shelf) -> None:
    for _ in range(3):
        shelf.store.put_if_absent(NAME, DATA)
    assert shelf.store.get(NAME, MAX) == DATA
    assert len(list(shelf.store.list("cwf1"))) == 1


def test_a_name_never_comes_from_a_listing_of_something_else(store: Transport) -> None:
    """`cwf1/2026-1` is not the beginning of `cwf1/2026-11`."""
    store.put_if_absent(NAME, DATA)
    assert list(store.list("cwf1/2026-1")) == []
    assert list(store.list("cwf1/b")) == []


def test_attachments_lie_one_folder_deeper(store: Transport) -> None:
    name = f"cwf1/b/ab/{name_of(DATA)}"
    store.put_if_absent(name, DATA)
    assert [info.name for info in store.list("cwf1")] == [name]
    assert [info.name for info in store.list("cwf1/b/ab")] == [name]
    assert store.get(name, MAX) == DATA


def test_a_big_file_goes_there_and_back(store: Transport) -> None:
    data = os.urandom(1024 * 1024) * 20
    name = f"cwf1/b/cd/{name_of(data)}"
    store.put_if_absent(name, data)
    assert store.get(name, len(data)) == data
    with pytest.raises(NotYetReadable):
        store.get(name, len(data) - 1)


def test_a_listing_of_many_names_is_whole(shelf: Shelf) -> None:
    month = shelf.files / "cwf1" / "2026-11"
    month.mkdir(parents=True)
    names = {f"{number:064x}" for number in range(1_100)}  # a store lists a thousand at a time
    for name in names:
        (month / name).write_bytes(b"x")
    assert {info.name.rpartition("/")[2] for info in shelf.store.list("cwf1/2026-11")} == names
    assert len(list(shelf.store.list("cwf1"))) == len(names)


def test_twenty_who_write_one_name_at_once_all_succeed_and_leave_one_whole_file(shelf: Shelf) -> None:
    data = os.urandom(300_000)
    name = f"cwf1/2026-11/{name_of(data)}"
    failures: list[BaseException] = []
    start = threading.Barrier(20)

    def write(store: Transport) -> None:
        try:
            start.wait()
            store.put_if_absent(name, data)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(shelf.store,)) for _ in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert [(info.name, info.size_bytes) for info in shelf.store.list("cwf1")] == [(name, len(data))]
    assert shelf.store.get(name, MAX) == data
    assert [path.name for path in shelf.files.rglob("*") if path.is_file() and path.name != "README.txt"] == [
        name.rpartition("/")[2]
    ]


def test_strangers_and_empty_files_do_no_harm(shelf: Shelf) -> None:
    month = shelf.files / "cwf1" / "2026-11"
    month.mkdir(parents=True)
    for odd in ("New file.txt", "a (conflicted copy 2026-11-20)", "\u00e9tage", "50%", "a&b#c", "0" * 64):
        (month / odd).write_bytes(b"" if odd == "0" * 64 else b"x")
    shelf.store.put_if_absent(NAME, DATA)
    listed = {info.name: info.size_bytes for info in shelf.store.list("cwf1")}
    assert listed.pop(NAME) == len(DATA)
    assert set(listed) >= {"cwf1/2026-11/New file.txt", "cwf1/2026-11/a (conflicted copy 2026-11-20)"}
    assert "cwf1/2026-11/" + "0" * 64 not in listed, "an empty file has not arrived"
    for name in listed:
        try:
            assert shelf.store.get(name, MAX) == b"x"
        except SharedFolderError:
            assert shelf.kind != "folder"


def test_a_place_that_is_not_there_says_so_and_is_never_made(request: pytest.FixtureRequest, shelf: Shelf) -> None:
    if shelf.kind == "folder":
        missing = transport_on(FolderPlace(shelf.files / "unplugged"))
    else:
        with serving(shelf.kind, shelf.files / "other") as server:
            gone = server.place("unplugged")
        missing = transport_on(gone)
    for attempt in (
        lambda: list(missing.list("cwf1")), lambda: missing.put_if_absent(NAME, DATA), lambda: missing.get(NAME, MAX),
        missing.prepare,
    ):  # fmt: skip
        with pytest.raises(FolderUnreachable):
            attempt()
    assert not (shelf.files / "unplugged").exists()


def test_the_sentence_for_people_is_put_once(shelf: Shelf) -> None:
    shelf.store.prepare()
    shelf.store.prepare()
    text = (shelf.files / "README.txt").read_text(encoding="utf-8")
    assert "encrypted" in text and text.count(".") >= 2
    assert list(shelf.store.list("cwf1")) == []


# ------------------------------------------------------------------ the stores


@pytest.mark.parametrize("kind", ["s3", "webdav"])
def test_a_wrong_secret_is_a_refusal_whatever_is_asked(request: pytest.FixtureRequest, kind: str) -> None:
    server: Server = request.getfixturevalue(f"{kind}_server")
    right = server.place("secrets")
    transport_on(right).prepare()
    transport_on(right).put_if_absent(NAME, DATA)
    wrong = transport_on(with_wrong_secret(right))
    attempts: list[Callable[[], object]] = [
        lambda: list(wrong.list("cwf1")), lambda: wrong.get(NAME, MAX), lambda: wrong.put_if_absent(NAME, DATA),
        lambda: wrong.delete(NAME), wrong.prepare,
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(StoreRefused) as refused:
            attempt()
        assert server.secret not in str(refused.value) and "not the" in str(refused.value)
    assert transport_on(right).get(NAME, MAX) == DATA


@pytest.mark.parametrize("kind", ["s3", "webdav"])
def test_a_server_that_goes_away_in_the_middle_comes_back_with_everything(tmp_path: Path, kind: str) -> None:
    with serving(kind, tmp_path) as server:
        store = transport_on(server.place("part"))
        store.prepare()
        store.put_if_absent(NAME, DATA)
        other = f"cwf1/2026-11/{name_of(b'other')}"
        server.stop()
        for attempt in (lambda: store.put_if_absent(other, b"other"), lambda: store.get(NAME, MAX)):
            with pytest.raises(FolderUnreachable):
                attempt()
        with pytest.raises(FolderUnreachable):
            list(store.list("cwf1"))
        server.start()
        store.put_if_absent(other, b"other")
        assert store.get(NAME, MAX) == DATA
        assert {info.name for info in store.list("cwf1")} == {NAME, other}


def test_a_bucket_that_is_not_there_is_no_empty_one(s3_server: Server) -> None:
    from dataclasses import replace

    from core.sync.transports.places import ObjectStorePlace

    right = s3_server.place("")
    assert isinstance(right, ObjectStorePlace)
    store = transport_on(replace(right, bucket="nobody-made-this"))
    attempts: list[Callable[[], object]] = [
        lambda: list(store.list("cwf1")), lambda: store.put_if_absent(NAME, DATA), lambda: store.get(NAME, MAX),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(FolderUnreachable, match="no such bucket"):
            attempt()


def test_a_webdav_folder_that_is_not_there_is_no_empty_one(webdav_server: Server) -> None:
    place = webdav_server.place("never-made")
    store = transport_on(place)
    attempts: list[Callable[[], object]] = [lambda: list(store.list("cwf1")), lambda: store.put_if_absent(NAME, DATA)]
    for attempt in attempts:
        with pytest.raises(FolderUnreachable, match="no such folder"):
            attempt()
    assert not webdav_server.files("never-made").exists()
    store.prepare()
    store.put_if_absent(NAME, DATA)
    assert store.get(NAME, MAX) == DATA
