"""What a shared folder and the system below it do to two laptops: set up once, spoilt in every way."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.domain.case import Case, Note
from core.foundation.ports import FileInfo
from core.services import streams, sync
from core.services.workspace import Workspace
from core.sync.transports.folder import FolderTransport
from tests.support.laptops import Office, Template, change_ids_of, records_of

FIRST_WORDS = "first words"
ROUNDS_TO_REST = 5
"""A clock that jumped years makes signs of life, packs and summaries due; each goes with the next exchange, and a
colleague vouches for a summary. After so many rounds nobody has anything more to say (`test_summaries.py`)."""


def ana_and_ben(root: Path) -> Template:
    """Two laptops that share one case."""
    office = Office(root)
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary=FIRST_WORDS)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


def write(workspace: Workspace, words: str, *, more: str = "") -> None:
    """A note, and the same words on the case. `more`: only in the note, to make the file large."""
    case = workspace.store.select(Case)[0]
    with workspace.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words + more)
        unit.update(Case, case.id, summary=words)


def summary(workspace: Workspace) -> str:
    """What the case says here."""
    return workspace.store.select(Case)[0].summary


def new_files(office: Office, work: Callable[[], object]) -> list[Path]:
    """The files some work adds to the folder."""
    before = set(office.files())
    work()
    return sorted(set(office.files()) - before)


def agree(*laptops: Workspace) -> None:
    """Everybody exchanges everything and comes to the same records, with every change that was made."""
    for _ in range(ROUNDS_TO_REST):
        for laptop in laptops:
            sync.sync_now(laptop, everything=True)
    first = laptops[0]
    before = change_ids_of(first)
    assert sum(sync.sync_now(laptop, everything=True).sent for laptop in laptops) == 0, "they have come to rest"
    assert change_ids_of(first) == before
    for laptop in laptops[1:]:
        assert records_of(laptop) == records_of(first)
        assert change_ids_of(laptop) == change_ids_of(first)


class FailingSystem:
    """The system's calls on one folder, failing at the n-th that writes, and from then on if `for_good`.

    Calls are counted as the system sees them: making a folder, making a file, writing, flushing, renaming.
    """

    def __init__(self, folder: Path, error: int, at: int, *, for_good: bool = False) -> None:
        self.folder = str(folder)
        self.error = error
        self.at = at
        self.for_good = for_good
        self.calls = 0
        self._descriptors: set[int] = set()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Until the patch is undone."""
        for name, wrap in (
            ("mkdir", self._on_path), ("open", self._on_open), ("replace", self._on_path),
            ("fsync", self._on_descriptor), ("fdopen", self._on_fdopen),
        ):  # fmt: skip
            patch.setattr(os, name, wrap(getattr(os, name)))

    def _step(self) -> None:
        self.calls += 1
        if self.calls == self.at or (self.for_good and self.calls > self.at):
            raise OSError(self.error, os.strerror(self.error))

    def _mine(self, path: object) -> bool:
        return isinstance(path, str | Path) and str(path).startswith(self.folder)

    def _on_path(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: object, *others: object, **named: object) -> Any:
            if self._mine(path):
                self._step()
            return real(path, *others, **named)

        return call

    def _on_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: object, flags: int, *others: object, **named: object) -> int:
            writes = self._mine(path) and bool(flags & os.O_CREAT)
            if writes:
                self._step()
            descriptor = real(path, flags, *others, **named)
            self._descriptors.discard(descriptor)
            if writes or (self._mine(path) and os.path.isdir(str(path))):
                self._descriptors.add(descriptor)
            return descriptor

        return call

    def _on_descriptor(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(descriptor: int) -> None:
            if descriptor in self._descriptors:
                self._step()
            real(descriptor)

        return call

    def _on_fdopen(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: int, *others: object, **named: object) -> Any:
            stream = real(descriptor, *others, **named)
            return _FailingStream(stream, self._step) if descriptor in self._descriptors else stream

        return call


class _FailingStream:
    def __init__(self, stream: Any, step: Callable[[], None]) -> None:
        self._stream, self._step = stream, step

    def __enter__(self) -> _FailingStream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> int:
        try:
            self._step()
        except OSError:
            self._stream.write(data[: len(data) // 2])  # half of it was written
            raise
        return int(self._stream.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def listing_as(patch: pytest.MonkeyPatch, show: Callable[[list[FileInfo]], list[FileInfo]]) -> None:
    """Every listing of a folder is what `show` makes of it."""
    real = FolderTransport.list

    def listed(store: FolderTransport, prefix: str) -> Iterator[FileInfo]:
        return iter(show(list(real(store, prefix))))

    patch.setattr(FolderTransport, "list", listed)
    patch.setattr(FolderTransport, "names", lambda store, prefix: [info.name for info in listed(store, prefix)])


class Placeholder:
    """The answer of the system for a file whose name is here and whose bytes are elsewhere."""

    def __init__(self, real: os.stat_result) -> None:
        self._real = real
        self.st_file_attributes = 0x400000

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def placeholders(patch: pytest.MonkeyPatch, paths: set[Path], *, opens: bool) -> list[str]:
    """These files are placeholders; opening one is noted, and fails as when signed out unless it `opens`."""
    lstat, open_, noted = Path.lstat, os.open, list[str]()

    def looked(path: Path) -> Any:
        found = lstat(path)
        return Placeholder(found) if path in paths else found

    def opened(path: Any, flags: int, *others: Any, **named: Any) -> int:
        if isinstance(path, str | Path) and Path(path) in paths:
            noted.append(Path(path).name)
            if not opens:
                raise OSError(errno.EIO, "The cloud file provider is not running")
            paths.discard(Path(path))
        return open_(path, flags, *others, **named)

    patch.setattr(Path, "lstat", looked)
    patch.setattr(os, "open", opened)
    return noted
