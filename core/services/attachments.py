"""Files attached to a case: photographs, recordings, documents. Kept sealed, and exactly as they were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.crypto.secrets import SecretBytes
from core.domain.case import Case
from core.domain.changed import NOTHING, Changed
from core.domain.documents import ATTACHMENT_KINDS, Attachment
from core.domain.organisation import Member
from core.foundation.errors import EncodingRejected, NotAllowed, NotFound
from core.foundation.ids import RecordId, StreamId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.media.cleaning import can_clean
from core.media.kinds import words_for
from core.services.attachment_sealing import GivenFile, Measured, SealingKey, measure, seal_into
from core.services.forms import Problems
from core.services.roster import epochs_of, keys_of
from core.services.workspace import Workspace
from core.store import meta
from core.store.blobs import BlobState, KeptBlob, VaultBlobs, blob_rows, states_by_file
from core.store.store import table_of
from core.sync.engine import epochs
from core.sync.engine.blob import blob_id_of, named_parts, pack_names
from core.vault.blobs import BlobFolder

__all__ = ["ATTACHMENT_KINDS", "Attached", "AttachedFile", "AttachmentForm", "FileState", "GivenFile"]

KEY_BYTES = 32
FILE_LIMIT_SETTING = meta.SETTING + "files-only-when-asked-bytes"
DEFAULT_FILE_LIMIT = 25 * 1024 * 1024
_FUTURE_GRACE = timedelta(minutes=10)


class FileState(StrEnum):
    """Where the bytes of an attached file are."""

    HERE = "here"
    NOT_SENT = "not-sent"
    COMING = "coming"
    WHEN_ASKED = "when-asked"
    UNREADABLE = "unreadable"


_NO_ROOM = "Not yet received: the disk of this laptop is nearly full"
_STATE_WORDS = {
    FileState.HERE: "On this laptop",
    FileState.NOT_SENT: "On this laptop, not in the shared folder yet",
    FileState.COMING: "Not yet received",
    FileState.WHEN_ASKED: "Large, fetched only when you ask",
    FileState.UNREADABLE: "Cannot be opened by this version",
}


@dataclass(frozen=True, slots=True)
class AttachmentForm:
    """What is said about a file. `what` is one of `ATTACHMENT_KINDS`."""

    what: str
    about: str = ""
    taken_at: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One attached file as a list shows it. `received` of `parts` parts are here; `state` in words in `state_words`."""

    id: RecordId
    name: str
    what: str
    kind: str
    media_type: str
    about: str
    size_bytes: int
    sha256: str
    taken_at: datetime | None
    taken_by: str
    attached_at: datetime | None
    attached_by: str
    state: FileState
    state_words: str
    received: int
    parts: int
    can_be_cleaned: bool
    """Whether a copy without location data can be made."""
    same_as: RecordId | None
    """An older entry in this case with the same content: two laptops attached it apart."""

    @property
    def here(self) -> bool:
        """Whether it can be opened now."""
        return self.state in (FileState.HERE, FileState.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Attached:
    """The file is in the case. `already`: it was there before, and nothing was stored twice."""

    attachment: RecordId
    already: bool
    name: str
    changed: Changed


@dataclass(frozen=True, slots=True)
class FileRemoved:
    """It is off the list; the history still knows it."""

    changed: Changed


@dataclass(frozen=True, slots=True)
class FileAsked:
    """It is fetched with the next exchange."""

    changed: Changed


@dataclass(frozen=True, slots=True)
class FileLimit:
    """Files with more bytes are fetched only when asked for."""

    limit_bytes: int
    changed: Changed


def attach(
    workspace: Workspace, *, case: RecordId, given: GivenFile, form: AttachmentForm,
    progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> Attached:  # fmt: skip
    """Keep a file with a case, bit for bit, with its hash. The file itself is only read.

    Raises:
        FormIncomplete: nobody said what it is, or it was taken in the future.
        AttachmentRefused, FileUnreadable, DiskFull, FolderNotWritable, Cancelled: nothing of it was kept.
        NotFound: there is no such case in this vault.
        NotAllowed: this person only reads there.
    """
    stream = workspace.store.get(Case, case).stream
    _check(workspace, form)
    if workspace.store.writable is not None and stream not in workspace.store.writable:
        raise NotAllowed()
    token = cancel or NeverCancel()
    measured = measure(given, progress=progress, cancel=token)
    blob_id = blob_id_of(_name_key(workspace, stream), measured.sha256)
    same = _held_already(workspace, stream, blob_id)
    if same is not None:
        return Attached(same.id, already=True, name=same.name, changed=NOTHING)
    folder = BlobFolder(workspace.folder)
    key = SecretBytes(workspace.parts.randomness.bytes(KEY_BYTES))
    sealing = SealingKey(workspace.keys.organisation, stream, blob_id, key)
    made = seal_into(folder, given, measured, sealing, progress=progress, cancel=token)
    try:
        return _recorded(workspace, case, (given, form, measured), sealing, made)
    except BaseException:
        folder.remove(name for name, _ in made)
        raise


def list_attachments(workspace: Workspace, *, case: RecordId) -> tuple[AttachedFile, ...]:
    """The files of a case, newest first.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    table = table_of(Attachment)
    order = (table.c.attached_at.desc(), table.c.id)
    return _rows(workspace, workspace.store.select(Attachment, table.c.stream == stream, order_by=order))


def get_attachment(workspace: Workspace, *, attachment: RecordId) -> AttachedFile:
    """One attached file.

    Raises:
        NotFound: there is none, or it was removed.
    """
    return _rows(workspace, [workspace.store.get(Attachment, attachment)])[0]


def remove_attachment(workspace: Workspace, *, attachment: RecordId) -> FileRemoved:
    """Take a file off the list. Its sealed bytes stay with the history of the case until the case is destroyed.

    Raises:
        NotFound: there is none, or it was removed already.
        NotAllowed: this person only reads there.
    """
    with workspace.store.unit("remove-file") as (unit, outcome):
        unit.delete(Attachment, attachment)
    return FileRemoved(outcome.changed)


def ask_for(workspace: Workspace, *, attachment: RecordId) -> FileAsked:
    """Fetch this file with the next exchange, however large it is.

    Raises:
        NotFound: there is none, or it was removed.
    """
    found = workspace.store.get(Attachment, attachment)
    parts = _parts(found)
    with VaultBlobs(workspace.store.engine).writing() as rows:
        rows.want(parts, stream=found.stream, whole=found.size_bytes or 0, asked=True)
        rows.ask([name for name, _ in parts])
    return FileAsked(Changed(frozenset({Attachment.SPEC.name}), frozenset({attachment})))


def file_limit(workspace: Workspace) -> int:
    """Files with more bytes than this are fetched only when asked for."""
    with workspace.store.reading() as connection:
        kept = meta.read_number(connection, FILE_LIMIT_SETTING)
    return DEFAULT_FILE_LIMIT if kept is None else kept


def set_file_limit(workspace: Workspace, *, limit_bytes: int) -> FileLimit:
    """Set it for this laptop."""
    with workspace.store.unit("set-file-limit") as (unit, outcome):
        meta.write_number(unit.connection, FILE_LIMIT_SETTING, max(0, limit_bytes))
    return FileLimit(max(0, limit_bytes), outcome.changed)


def tidy_files(workspace: Workspace) -> None:
    """After an unlock: clear away what a program that was ended left behind, and want again what is gone.

    Kept are the sealed parts that a record here names; what belongs to a case this person may no longer read goes.
    """
    folder = BlobFolder(workspace.folder)
    with VaultBlobs(workspace.store.engine).writing() as rows:
        rows.drop_unreadable()
        folder.sweep(rows.known())
        there = folder.sizes()
        for name, kept in rows.held().items():
            if there.get(name) != kept.size:
                rows.set_state(name, BlobState.WANTED)


def _check(workspace: Workspace, form: AttachmentForm) -> None:
    problems = Problems()
    problems.need(form.what in ATTACHMENT_KINDS, "what", "Choose what the file is.")
    latest = workspace.parts.clock.now() + _FUTURE_GRACE
    in_time = form.taken_at is None or form.taken_at <= latest
    problems.need(in_time, "taken_at", "It cannot have been taken in the future. Check the date.")
    problems.settle()


def _name_key(workspace: Workspace, stream: StreamId) -> SecretBytes:
    """The key of the stream's first epoch: the same for every reader, however often readers changed."""
    keys = keys_of(epochs_of(workspace, stream).values())
    if not keys:
        raise NotAllowed()
    return epochs.name_key(min(keys, key=lambda one: (one.number, one.header_hash)).key)


def _held_already(workspace: Workspace, stream: StreamId, blob_id: bytes) -> Attachment | None:
    """An entry with this content whose bytes are all here. One whose bytes never came does not count."""
    table = table_of(Attachment)
    same = workspace.store.select(Attachment, table.c.blob_id == blob_id, table.c.stream == stream)
    there = BlobFolder(workspace.folder).sizes() if same else {}
    for found in same:
        names = _names(found)
        with VaultBlobs(workspace.store.engine).reading() as rows:
            states = rows.states(names)
        if names and all(states.get(name, BlobState.WANTED) != BlobState.WANTED and name in there for name in names):
            return found
    return None


def _recorded(
    workspace: Workspace, case: RecordId, said: tuple[GivenFile, AttachmentForm, Measured], sealing: SealingKey,
    made: Iterable[tuple[str, int]],
) -> Attached:  # fmt: skip
    given, form, measured = said
    parts = tuple(made)
    with workspace.store.unit("attach-file") as (unit, outcome):
        attachment = unit.create(
            Attachment, sealing.stream, case=case, name=given.shown_name, what=form.what, about=form.about.strip(),
            media_type=measured.media_type, size_bytes=measured.size_bytes, sha256=measured.sha256,
            taken_at=form.taken_at, taken_by=form.taken_by.strip(), attached_at=workspace.parts.clock.now(),
            by=workspace.user, blob_id=sealing.blob_id, key=sealing.key.reveal(),
            parts=pack_names(tuple(name for name, _ in parts)),
        )  # fmt: skip
        blob_rows(unit.connection).add(
            KeptBlob(name, size, BlobState.OUTGOING, sealing.stream, measured.size_bytes, asked=False)
            for name, size in parts
        )
    return Attached(attachment, already=False, name=given.shown_name, changed=outcome.changed)


def _parts(found: Attachment) -> tuple[tuple[str, int], ...]:
    try:
        return named_parts(found.parts, size_bytes=found.size_bytes)
    except EncodingRejected:
        return ()


def _names(found: Attachment) -> tuple[str, ...]:
    return tuple(name for name, _ in _parts(found))


def _rows(workspace: Workspace, found: Iterable[Attachment]) -> tuple[AttachedFile, ...]:
    files = list(found)
    people = {member.user: member.name for member in workspace.store.select(Member)}
    with workspace.store.reading() as connection:
        states = states_by_file(connection, {one.id: _names(one) for one in files})
    limit = file_limit(workspace)
    with VaultBlobs(workspace.store.engine).reading() as rows:
        asked = {one.name for one in rows.wanted(at_most_bytes=limit)}
    first: dict[bytes, RecordId] = {}
    for one in sorted(files, key=lambda one: (str(one.attached_at or ""), one.id)):
        first.setdefault(one.blob_id, one.id)
    rows_shown = tuple(
        _row(one, states[one.id], people.get(one.by, "A former colleague"), first[one.blob_id],
             coming=(one.size_bytes or 0) <= limit or not asked.isdisjoint(_names(one)))
        for one in files
    )  # fmt: skip
    if all(row.state is not FileState.COMING for row in rows_shown) or BlobFolder(workspace.folder).has_room(0):
        return rows_shown
    return tuple(replace(row, state_words=_NO_ROOM) if row.state is FileState.COMING else row for row in rows_shown)


def _row(one: Attachment, states: list[BlobState], who: str, first: RecordId, *, coming: bool) -> AttachedFile:
    received = sum(state != BlobState.WANTED for state in states)
    if not states or len(one.key) != KEY_BYTES:
        state = FileState.UNREADABLE
    elif received == len(states):
        state = FileState.NOT_SENT if BlobState.OUTGOING in states else FileState.HERE
    else:
        state = FileState.COMING if coming else FileState.WHEN_ASKED
    words = _STATE_WORDS[state]
    if state is FileState.COMING and received:
        words = f"{words}: {received} of {len(states)} parts"
    size = one.size_bytes or 0
    return AttachedFile(
        id=one.id, name=one.name or "file", what=Attachment.SPEC.fields["what"].label_of(one.what),
        kind=words_for(one.media_type), media_type=one.media_type, about=one.about, size_bytes=size,
        sha256=one.sha256.hex(), taken_at=one.taken_at, taken_by=one.taken_by, attached_at=one.attached_at,
        attached_by=who, state=state, state_words=words, received=received,
        parts=len(states), can_be_cleaned=can_clean(one.media_type, size),
        same_as=None if first == one.id else first,
    )  # fmt: skip


def find_record(workspace: Workspace, *, attachment: RecordId) -> Attachment:
    """The record behind a row, for the services beside this one.

    Raises:
        NotFound: there is none, or it was removed.
    """
    found = workspace.store.find(Attachment, attachment)
    if found is None:
        raise NotFound(what="file")
    return found
