"""Files attached to a case: kept bit for bit and sealed, found again, refused in a sentence, and never half kept."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from core.domain.documents import Attachment
from core.foundation.errors import (
    AppError,
    AttachmentDamaged,
    AttachmentNotHere,
    AttachmentRefused,
    Cancelled,
    CopyNotCleaned,
    DiskFull,
    FileUnreadable,
    FolderNotWritable,
    FormIncomplete,
    NotFound,
)
from core.foundation.ids import RecordId
from core.services import attachment_sealing, attachments, history
from core.services.attachment_copies import open_for_view, save_copy
from core.services.attachments import AttachmentForm, FileState, GivenFile
from core.services.workspace import Workspace
from core.sync.engine.blob import PART_BYTES, part_lengths
from core.vault.blobs import BlobFolder
from tests.support import files
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, logged

PHOTO = AttachmentForm(what="photo", about="The wall by the bins", taken_by="Meera Quill")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def put(workspace: Workspace, case: RecordId, data: bytes, name: str = "wall.jpg") -> attachments.Attached:
    return attachments.attach(workspace, case=case, given=GivenFile(data=data, name=name), form=PHOTO)


def nothing_kept(workspace: Workspace) -> bool:
    folder = workspace.folder / "blobs"
    return not workspace.store.count(Attachment) and (not folder.exists() or not list(folder.iterdir()))


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 300_000, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1])
def test_a_file_comes_back_bit_for_bit(workspace: Workspace, case: RecordId, tmp_path: Path, size: int) -> None:
    data = files.noise(size)
    source = tmp_path / "recording.m4a"
    source.write_bytes(data)
    made = attachments.attach(workspace, case=case, given=GivenFile(source), form=AttachmentForm("recording"))
    (row,) = attachments.list_attachments(workspace, case=case)
    assert (row.id, row.size_bytes, row.sha256) == (made.attachment, size, hashlib.sha256(data).hexdigest())
    assert (row.state, row.parts, row.attached_by) == (FileState.NOT_SENT, len(part_lengths(size)), "Ana Bright")
    assert open_for_view(workspace, attachment=row.id).data == data
    copy = save_copy(workspace, attachment=row.id, destination=tmp_path / "copy", original=True)
    assert (tmp_path / "copy").read_bytes() == data
    assert copy.size_bytes == size
    assert source.read_bytes() == data


def test_what_lies_on_the_disk_tells_the_size_only_roughly_and_no_byte(workspace: Workspace, case: RecordId) -> None:
    sizes = set()
    for size in range(200_000, 200_400, 100):
        put(workspace, case, b"said on the stairs " + b"x" * size)
        sizes = set(BlobFolder(workspace.folder).sizes().values())
    assert len(sizes) == 1
    for path in (workspace.folder / "blobs").iterdir():
        assert b"said on the stairs" not in path.read_bytes()
        if os.name == "posix":
            assert path.stat().st_mode & 0o077 == 0


def test_the_same_file_is_stored_once_in_a_case_and_apart_in_another(workspace: Workspace, case: RecordId) -> None:
    first = put(workspace, case, b"one and the same" * 100)
    again = put(workspace, case, b"one and the same" * 100, "another name.jpg")
    assert (again.already, again.attachment, again.name) == (True, first.attachment, "wall.jpg")
    assert len(BlobFolder(workspace.folder).sizes()) == 1
    elsewhere = put(workspace, logged(workspace).case, b"one and the same" * 100)
    assert not elsewhere.already
    marks = {one.blob_id for one in workspace.store.select(Attachment)}
    assert len(marks) == 2, "nobody can tell by the marks that two cases hold the same file"


def test_a_file_whose_bytes_are_gone_may_be_attached_again(workspace: Workspace, case: RecordId) -> None:
    put(workspace, case, b"the only copy" * 50)
    BlobFolder(workspace.folder).remove(BlobFolder(workspace.folder).sizes())
    assert not put(workspace, case, b"the only copy" * 50).already
    newest, older = sorted(attachments.list_attachments(workspace, case=case), key=lambda row: row.same_as is None)
    assert newest.same_as == older.id


def test_an_empty_file_a_folder_and_one_that_is_not_there_are_refused(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    (tmp_path / "empty").write_bytes(b"")
    refused: list[tuple[GivenFile, type[AppError]]] = [
        (GivenFile(tmp_path / "empty"), AttachmentRefused),
        (GivenFile(data=b"", name="pasted.png"), AttachmentRefused),
        (GivenFile(tmp_path), AttachmentRefused),
        (GivenFile(tmp_path / "nowhere.jpg"), FileUnreadable),
    ]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        refused.append((GivenFile(tmp_path / "pipe"), AttachmentRefused))
    for given, error in refused:
        with pytest.raises(error):
            attachments.attach(workspace, case=case, given=given, form=PHOTO)
    assert nothing_kept(workspace)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    (tmp_path / "locked").write_bytes(b"x")
    (tmp_path / "locked").chmod(0)
    with pytest.raises(FileUnreadable):
        attachments.attach(workspace, case=case, given=GivenFile(tmp_path / "locked"), form=PHOTO)
    assert nothing_kept(workspace)


def test_two_gigabytes_are_refused_without_being_read(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as stream:
        stream.truncate(2 * 1024**3)
    with pytest.raises(AttachmentRefused, match="larger than 1 GB"):
        attachments.attach(workspace, case=case, given=GivenFile(tmp_path / "film.mp4"), form=PHOTO)
    assert nothing_kept(workspace)


@pytest.mark.parametrize("change", ["grows", "shrinks", "other bytes"])
@pytest.mark.parametrize("reading", [1, 2])
def test_a_file_that_changes_while_it_is_read_is_refused(
    workspace: Workspace, case: RecordId, tmp_path: Path, change: str, reading: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (change, reading) == ("other bytes", 1):
        return  # nobody can tell: what was read is what counts, and the second reading compares
    path = tmp_path / "growing.wav"
    path.write_bytes(files.noise(PART_BYTES + 5000))
    real, opened = attachment_sealing._read, 0

    def read(stream: BinaryIO, count: int, given: GivenFile) -> bytes:
        nonlocal opened
        opened += stream.tell() == 0
        if stream.tell() == 0 and opened == reading:
            with path.open("r+b") as other:
                if change == "grows":
                    other.seek(0, 2)
                    other.write(b"more")
                elif change == "shrinks":
                    other.truncate(PART_BYTES)
                else:
                    other.write(b"else")
        return real(stream, count, given)

    monkeypatch.setattr(attachment_sealing, "_read", read)
    with pytest.raises(AttachmentRefused, match="changed while"):
        attachments.attach(workspace, case=case, given=GivenFile(path), form=PHOTO)
    assert nothing_kept(workspace)


def test_a_disk_that_is_full_or_fills_up_keeps_nothing(
    workspace: Workspace, case: RecordId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        usage = attachment_sealing.shutil.disk_usage(tmp_path)
        patch.setattr(attachment_sealing.shutil, "disk_usage", lambda _: usage._replace(free=1000))
        with pytest.raises(DiskFull):
            put(workspace, case, files.noise(5000))
    real, kept = BlobFolder.keep, 0

    def keep(self: BlobFolder, name: str, data: bytes) -> None:
        nonlocal kept
        kept += 1
        if kept == 2:
            raise DiskFull(path="here")
        real(self, name, data)

    with monkeypatch.context() as patch:
        patch.setattr(BlobFolder, "keep", keep)
        with pytest.raises(DiskFull):
            put(workspace, case, files.noise(2 * PART_BYTES))
    assert nothing_kept(workspace)


def test_stopped_on_the_way_nothing_is_kept(workspace: Workspace, case: RecordId) -> None:
    class StopAfter:
        def __init__(self, left: int) -> None:
            self.left = left

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled()

    data = files.noise(2 * PART_BYTES + 7)
    stopped = 0
    for left in (0, 3, 17, 18, 19):
        with pytest.raises(Cancelled):
            attachments.attach(
                workspace, case=case, given=GivenFile(data=data, name="x"), form=PHOTO, cancel=StopAfter(left)
            )
        stopped += 1
        assert nothing_kept(workspace)
    assert stopped == 5


def test_what_is_said_about_it_is_checked(workspace: Workspace, case: RecordId) -> None:
    for form in (AttachmentForm(""), AttachmentForm("selfie"), AttachmentForm("photo", taken_at=NOON + timedelta(1))):
        with pytest.raises(FormIncomplete):
            attachments.attach(workspace, case=case, given=GivenFile(data=b"x"), form=form)
    assert nothing_kept(workspace)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\photo.jpg", "photo.jpg"), ("a\u202egpj.exe", "agpj.exe"),
        ("line\nbreak.txt", "linebreak.txt"), ("", "file"), ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("cafe\u0301.png", "caf\u00e9.png"),
    ],
)  # fmt: skip
def test_names_become_harmless(given: str, kept: str) -> None:
    assert GivenFile(data=b"x", name=given).shown_name == kept


def test_a_copy_leaves_without_its_place_unless_the_original_is_asked_for(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    from tests.unit.media.test_cleaning import a_jpeg, pixels

    plain = a_jpeg()
    data = files.with_place(plain)
    made = put(workspace, case, data)
    saved = save_copy(workspace, attachment=made.attachment, destination=tmp_path / "clean.jpg")
    copy = (tmp_path / "clean.jpg").read_bytes()
    assert saved.cleaned
    assert files.PLACE not in copy
    assert files.DEVICE not in copy
    assert pixels(copy) == pixels(plain)
    whole = save_copy(workspace, attachment=made.attachment, destination=tmp_path / "whole.jpg", original=True)
    assert not whole.cleaned
    assert (tmp_path / "whole.jpg").read_bytes() == data


def test_a_copy_that_cannot_be_cleaned_is_not_made(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    made = put(workspace, case, b"%PDF-1.7 a letter", "letter.pdf")
    with pytest.raises(CopyNotCleaned):
        save_copy(workspace, attachment=made.attachment, destination=tmp_path / "letter.pdf")
    assert not (tmp_path / "letter.pdf").exists()
    (row,) = attachments.list_attachments(workspace, case=case)
    assert not row.can_be_cleaned


def test_a_copy_replaces_nothing_unasked_and_never_lies_in_the_workbook(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    made = put(workspace, case, files.png(), "x.png")
    (tmp_path / "there.png").write_bytes(b"mine")
    for place in (tmp_path / "there.png", workspace.folder / "x.png", tmp_path, tmp_path / "no" / "where.png"):
        with pytest.raises(FolderNotWritable):
            save_copy(workspace, attachment=made.attachment, destination=place)
    assert (tmp_path / "there.png").read_bytes() == b"mine"
    save_copy(workspace, attachment=made.attachment, destination=tmp_path / "there.png", replace=True)
    assert (tmp_path / "there.png").read_bytes() == files.png()


def test_a_part_that_is_damaged_gone_or_another_shows_nothing(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    first = put(workspace, case, files.noise(5000, 1))
    (name,) = BlobFolder(workspace.folder).sizes()
    second = put(workspace, case, files.noise(5000, 2))
    path = workspace.folder / "blobs" / name
    whole = path.read_bytes()
    other = next(one for one in (workspace.folder / "blobs").iterdir() if one.name != name)
    for broken in (whole[:-1], whole[:100] + bytes((whole[100] ^ 1,)) + whole[101:], b"", other.read_bytes()):
        path.write_bytes(broken)
        with pytest.raises((AttachmentDamaged, AttachmentNotHere)):
            open_for_view(workspace, attachment=first.attachment)
        with pytest.raises((AttachmentDamaged, AttachmentNotHere)):
            save_copy(workspace, attachment=first.attachment, destination=tmp_path / "copy", original=True)
        assert not (tmp_path / "copy").exists()
    assert open_for_view(workspace, attachment=second.attachment)


def test_a_file_whose_record_speaks_of_another_is_neither_shown_nor_saved(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    made = put(workspace, case, files.png(), "x.png").attachment
    with workspace.store.unit("forged") as (unit, _):
        unit.update(Attachment, made, sha256=hashlib.sha256(b"another").digest())
    with pytest.raises(AttachmentDamaged):
        open_for_view(workspace, attachment=made)
    for original in (True, False):
        with pytest.raises(AttachmentDamaged):
            save_copy(workspace, attachment=made, destination=tmp_path / "copy", original=original)
    assert not (tmp_path / "copy").exists()


def test_a_removed_file_is_off_the_list_and_in_the_history(workspace: Workspace, case: RecordId) -> None:
    made = put(workspace, case, b"attached by mistake" * 20)
    attachments.remove_attachment(workspace, attachment=made.attachment)
    assert attachments.list_attachments(workspace, case=case) == ()
    with pytest.raises(NotFound):
        open_for_view(workspace, attachment=made.attachment)
    rows = history.history_of_case(workspace, case=case)
    assert ("File", "deleted") in {(row.record, row.value) for row in rows}
    assert len(BlobFolder(workspace.folder).sizes()) == 1, "what is written down stays until the case is destroyed"
    assert not put(workspace, case, b"attached by mistake" * 20).already


def test_nobody_is_shown_the_key(workspace: Workspace, case: RecordId) -> None:
    put(workspace, case, b"some bytes" * 20)
    (record,) = workspace.store.select(Attachment)
    said = repr(history.history_of_case(workspace, case=case)) + repr(
        attachments.list_attachments(workspace, case=case)
    )
    for secret in (record.key, record.parts, record.blob_id):
        assert secret
        assert secret.hex()[:6] not in said


def test_left_half_made_it_is_cleared_away_at_the_next_unlock(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        kept = put(workspace, case, b"a real one" * 100).attachment
        folder = BlobFolder(workspace.folder)
        folder.keep("ab" * 32, b"never recorded")
        (folder.path / ("cd" * 32 + ".part")).write_bytes(b"half")
    with a_workspace(tmp_path / "vault") as workspace:
        assert len(list(BlobFolder(workspace.folder).path.iterdir())) == 1
        assert open_for_view(workspace, attachment=kept).data == b"a real one" * 100


def test_a_large_file_is_never_whole_in_memory(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    source = tmp_path / "film.bin"
    with source.open("wb") as stream:
        for _ in range(96):
            stream.write(os.urandom(1024 * 1024))
    tracemalloc.start()
    try:
        made = attachments.attach(workspace, case=case, given=GivenFile(source), form=AttachmentForm("video"))
        save_copy(workspace, attachment=made.attachment, destination=tmp_path / "copy.bin", original=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert hashlib.sha256((tmp_path / "copy.bin").read_bytes()).digest() == hashlib.sha256(
        source.read_bytes()
    ).digest()
    assert peak < 60 * 1024 * 1024
