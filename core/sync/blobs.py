"""Attached files in the shared folder: sent before the entries that name them, fetched after, put back when lost.

Each step is one file whose bytes are kept already, or one row; ended anywhere, the next round goes on with the part it
had reached. A file is known by the hash of its bytes, so what is cut, changed or swapped is simply not it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.changes.hlc import to_ms
from core.domain.changed import NOTHING, Changed
from core.domain.documents import Attachment
from core.foundation.errors import Cancelled, EncodingRejected, FolderUnreachable, SharedFolderError
from core.foundation.ids import RecordId, StreamId
from core.foundation.ports import CancelToken, Progress, SharedStore
from core.sync.engine.blob import FOLDER, MAX_BLOB_BYTES, blob_path, named_parts
from core.sync.engine.envelope import is_name, name_of

PUBLISHED, WANTED, HERE = "published", "wanted", "here"
LIST_FROM = 16
"""With more to fetch than this, the folder is listed once instead of being asked for each."""
CHECK_BYTES = 256 * 1024 * 1024
"""So much of what this laptop holds is read back from the folder once a week, going on where it stopped."""
HEAL_EVERY = timedelta(days=7)


class BlobRow(Protocol):
    """A blob as it is kept."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def state(self) -> str: ...


class NamedFile(Protocol):
    """What a record says of an attached file."""

    @property
    def record(self) -> RecordId: ...
    @property
    def stream(self) -> StreamId: ...
    @property
    def parts(self) -> bytes: ...
    @property
    def size_bytes(self) -> int | None: ...


class Rows(Protocol):
    """One transaction on what is known of blobs."""

    def want(
        self, parts: Sequence[tuple[str, int]], *, stream: StreamId, whole: int, asked: bool = False
    ) -> None: ...
    def move_on(self, name: str, state: str) -> None: ...
    def outgoing(self) -> Sequence[BlobRow]: ...
    def wanted(self, *, at_most_bytes: int) -> Sequence[BlobRow]: ...
    def held(self) -> Mapping[str, BlobRow]: ...
    def drop_unreadable(self) -> int: ...
    def files_named_since_last_time(self, *, everything: bool) -> Sequence[NamedFile]: ...
    def is_settled(self) -> bool: ...
    def note_settled(self) -> None: ...
    def checked_up_to(self) -> str: ...
    def note_checked(self, name: str) -> None: ...
    def healed_at_ms(self) -> int | None: ...
    def note_healed(self, at_ms: int) -> None: ...
    def records_with(self, name: str) -> Sequence[RecordId]: ...
    def to_destroy(self) -> Sequence[str]: ...
    def note_destroyed(self, name: str) -> None: ...


class Ledger(Protocol):
    """Opens transactions on what is known of blobs. `core/store/blobs.py`."""

    def writing(self) -> AbstractContextManager[Rows]: ...
    def reading(self) -> AbstractContextManager[Rows]: ...


class Shelf(Protocol):
    """Keeps the bytes. `core/vault/blobs.py`."""

    def keep(self, name: str, data: bytes) -> None: ...
    def read(self, name: str, max_bytes: int) -> bytes | None: ...
    def has_room(self, size_bytes: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Healed:
    """How many blobs the folder lacks, as far as it was looked; whether there was time for all of it."""

    missing: int
    complete: bool


class BlobExchange:
    """Moves blobs between one vault and one shared folder, on one thread."""

    def __init__(
        self, ledger: Ledger, shelf: Shelf, store: SharedStore, *, limit_bytes: int, progress: Progress,
        cancel: CancelToken,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._shelf = shelf
        self._store = store
        self._limit = limit_bytes
        self._progress = progress
        self._cancel = cancel
        self._received: set[bytes] = set()

    @property
    def changed(self) -> Changed:
        """The records whose files came, whole or in part."""
        return Changed(frozenset({Attachment.SPEC.name}), frozenset(self._received)) if self._received else NOTHING

    def publish(self) -> int:
        """Send what is not in the folder yet; what the folder will not take now is tried again. Returns how many went.

        Raises:
            FolderUnreachable, Cancelled: the rest goes next time.
        """
        with self._ledger.reading() as rows:
            waiting = rows.outgoing()
        sent = 0
        for done, blob in enumerate(waiting):
            self._cancel.check()
            self._progress(done, len(waiting), "Sending files")
            data = self._shelf.read(blob.name, MAX_BLOB_BYTES)
            if data is not None and self._put(blob.name, data):
                with self._ledger.writing() as rows:
                    rows.move_on(blob.name, PUBLISHED)
                sent += 1
        return sent

    def take_in(self, *, everything: bool) -> None:
        """After the entries: want what they name, fetch it, and take out of the folder what is deleted for good."""
        self.settle(everything=everything)
        self.fetch()
        self.destroy()

    def destroy(self) -> None:
        """Take out of the folder what belonged to a case that was deleted for good; what cannot go now goes later.

        Raises:
            FolderUnreachable, Cancelled: the rest goes next time.
        """
        with self._ledger.reading() as rows:
            names = rows.to_destroy()
        for name in names:
            self._cancel.check()
            try:
                self._store.delete(blob_path(name))
            except FolderUnreachable:
                raise
            except SharedFolderError:
                continue
            with self._ledger.writing() as rows:
                rows.note_destroyed(name)

    def settle(self, *, everything: bool = False) -> None:
        """Want the files that records which came since the last time name, and drop those nobody here may read."""
        with self._ledger.reading() as rows:
            if rows.is_settled() and not everything:
                return
        with self._ledger.writing() as rows:
            rows.drop_unreadable()
            for file in rows.files_named_since_last_time(everything=everything):
                try:
                    parts = named_parts(file.parts, size_bytes=file.size_bytes)
                except EncodingRejected:
                    continue  # the list of files says that it cannot be opened
                rows.want(parts, stream=file.stream, whole=file.size_bytes or 0)
            rows.note_settled()

    def fetch(self) -> int:
        """Fetch what is wanted, files with few bytes first. What is not in the folder yet is asked for again next time.
        Returns how many parts came.

        Raises:
            FolderUnreachable, Cancelled, DiskFull, FolderNotWritable: what came so far is kept.
        """
        with self._ledger.reading() as rows:
            wanted = rows.wanted(at_most_bytes=self._limit)
        there = self._there(wanted)
        fetched = 0
        for done, blob in enumerate(wanted):
            if there is not None and blob.name not in there:
                continue
            self._cancel.check()
            if not self._shelf.has_room(blob.size):
                break  # a nearly full disk is left to what this person writes
            self._progress(done, len(wanted), "Receiving files")
            if self._receive(blob.name):
                with self._ledger.writing() as rows:
                    rows.move_on(blob.name, HERE)
                    self._received.update(rows.records_with(blob.name))
                fetched += 1
        return fetched

    def _receive(self, name: str) -> bool:
        """Whether the bytes lie here now. If they did before, only the note of it was missing."""
        if self._shelf.read(name, MAX_BLOB_BYTES) is not None:
            return True
        data = self._read(name)
        if data is not None:
            self._shelf.keep(name, data)
        return data is not None

    def heal(self, now: datetime, *, everything: bool, refill: bool) -> Healed:
        """Once a week put back what the folder lost, and what has the wrong size or, as far as read back, content.

        Where the time of a turn is over it stops without a word, and the next round goes on.
        """
        if everything:
            with self._ledger.writing() as rows:
                rows.note_healed(0)  # until it is done, every round goes on with it
        elif not self._is_due(now):
            return Healed(0, complete=True)
        sizes = {info.name.rpartition("/")[2]: info.size_bytes for info in self._store.list(FOLDER)}
        with self._ledger.reading() as rows:
            held = {name: blob for name, blob in rows.held().items() if blob.state in (PUBLISHED, HERE)}
        gone = [name for name in held if name not in sizes]
        wrong = [name for name in held if name in sizes and sizes[name] != held[name].size]
        missing = len(gone)
        for name in (*(gone if refill else ()), *wrong):
            if self._is_over():
                return Healed(missing, complete=False)
            missing -= self._put_back(name) and name in gone
        complete = self._mend([name for name in sorted(held) if sizes.get(name) == held[name].size], held)
        if complete:
            with self._ledger.writing() as rows:
                rows.note_healed(to_ms(now))
        return Healed(missing, complete)

    def _is_due(self, now: datetime) -> bool:
        with self._ledger.reading() as rows:
            last_ms = rows.healed_at_ms()
        return last_ms is None or not 0 <= to_ms(now) - last_ms < HEAL_EVERY / timedelta(milliseconds=1)

    def _mend(self, names: list[str], held: Mapping[str, BlobRow]) -> bool:
        """Read back some of what lies in the folder. Returns whether there was time for all that was meant."""
        with self._ledger.reading() as rows:
            start = rows.checked_up_to()
        order = [name for name in names if name > start] or names
        read, last, in_time = 0, "", True
        for name in order:
            in_time = not self._is_over()
            if read >= CHECK_BYTES or not in_time:
                break
            if self._is_damaged(name):
                self._put_back(name)
            read, last = read + held[name].size, name
        finished = not order or last == order[-1]
        with self._ledger.writing() as rows:
            rows.note_checked("" if finished else last or start)
        return in_time or finished

    def _is_damaged(self, name: str) -> bool:
        try:
            return name_of(self._store.get(blob_path(name), MAX_BLOB_BYTES)) != name
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return False  # not readable now; nothing is known of it

    def _put_back(self, name: str) -> bool:
        data = self._shelf.read(name, MAX_BLOB_BYTES)
        return data is not None and self._put(name, data)

    def _is_over(self) -> bool:
        try:
            self._cancel.check()
        except Cancelled:
            return True
        return False

    def _there(self, wanted: Sequence[BlobRow]) -> frozenset[str] | None:
        """The wanted names that the folder lists; None if it was not worth listing."""
        if len(wanted) <= LIST_FROM:
            return None
        found: set[str] = set()
        for folder in sorted({blob_path(blob.name).rpartition("/")[0] for blob in wanted}):
            self._cancel.check()
            found.update(info.name.rpartition("/")[2] for info in self._store.list(folder))
        return frozenset(name for name in found if is_name(name))

    def _read(self, name: str) -> bytes | None:
        """The bytes of a blob, or None if they have not arrived, or are not what their name says."""
        try:
            data = self._store.get(blob_path(name), MAX_BLOB_BYTES)
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return None
        return data if name_of(data) == name else None

    def _put(self, name: str, data: bytes) -> bool:
        try:
            self._store.put_if_absent(blob_path(name), data)
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return False
        return True
