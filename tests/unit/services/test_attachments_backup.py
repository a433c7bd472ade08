"""A backup holds the attached files, sealed, and gives them back bit for bit; nothing else gets out of it."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.foundation.errors import AttachmentNotHere, BackupUnusable, Cancelled
from core.foundation.ids import RecordId
from core.services import attachments, backups
from core.services.attachment_copies import open_for_view
from core.services.attachments import AttachmentForm, GivenFile
from core.services.workspace import Workspace
from core.sync.engine.blob import PART_BYTES
from core.vault.blobs import BlobFolder
from tests.support import files
from tests.support.workspaces import PASSPHRASE, a_workspace, logged

MARK = b"the wall by the bins, in words anybody could read "


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def attach(workspace: Workspace, case: RecordId, data: bytes) -> RecordId:
    form = AttachmentForm("photo")
    return attachments.attach(workspace, case=case, given=GivenFile(data=data, name="a.jpg"), form=form).attachment


def rewritten(backup: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """The backup with some members replaced, added, or (None) left out."""
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(target, "w") as made:
        parts: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
        for name, data in {**parts, **change}.items():
            if data is not None:
                made.writestr(name, data)
    return target


def test_every_file_comes_back_bit_for_bit(workspace: Workspace, tmp_path: Path) -> None:
    case = logged(workspace).case
    contents = [MARK * 500, files.noise(PART_BYTES + 999), b"x"]
    ids = [attach(workspace, case, data) for data in contents]
    made = backups.backup(workspace, destination=tmp_path / "monday.imani")
    assert MARK[:20] not in made.path.read_bytes()
    backups.restore(source=made.path, folder=tmp_path / "restored", passphrase=PASSPHRASE)
    with a_workspace(tmp_path / "restored") as again:
        for attachment, data in zip(ids, contents, strict=True):
            assert open_for_view(again, attachment=attachment).data == data


def test_a_part_damaged_here_spoils_no_backup_and_is_wanted_after_it(workspace: Workspace, tmp_path: Path) -> None:
    case = logged(workspace).case
    good, bad = attach(workspace, case, b"good" * 999), None
    before = set(BlobFolder(workspace.folder).sizes())
    bad = attach(workspace, case, b"bad" * 999)
    (broken,) = set(BlobFolder(workspace.folder).sizes()) - before
    (workspace.folder / "blobs" / broken).write_bytes(b"no more")
    backups.backup(workspace, destination=tmp_path / "b")
    backups.restore(source=tmp_path / "b", folder=tmp_path / "restored", passphrase=PASSPHRASE)
    with a_workspace(tmp_path / "restored") as again:
        assert open_for_view(again, attachment=good).data == b"good" * 999
        with pytest.raises(AttachmentNotHere):
            open_for_view(again, attachment=bad)


def test_a_backup_with_a_changed_or_squeezed_part_is_refused_and_leaves_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    attach(workspace, logged(workspace).case, b"some bytes" * 500)
    made = backups.backup(workspace, destination=tmp_path / "b").path
    (name,) = BlobFolder(workspace.folder).sizes()
    changed = rewritten(made, tmp_path / "changed", {f"blobs/{name}": b"other bytes"})
    with pytest.raises(BackupUnusable):
        backups.restore(source=changed, folder=tmp_path / "restored", passphrase=PASSPHRASE)
    with zipfile.ZipFile(changed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"blobs/{'0' * 64}", b"\0" * 10**6)
    with pytest.raises(BackupUnusable):
        backups.restore(source=changed, folder=tmp_path / "restored", passphrase=PASSPHRASE)
    assert not list((tmp_path / "restored").iterdir())


def test_nothing_but_parts_is_unpacked_whatever_its_name(workspace: Workspace, tmp_path: Path) -> None:
    attach(workspace, logged(workspace).case, b"some bytes" * 500)
    made = backups.backup(workspace, destination=tmp_path / "b").path
    strange: dict[str, bytes | None] = {
        "blobs/../../outside": b"x", "blobs/readme.txt": b"x", f"blobs/{'A' * 64}": b"x", "/etc/strange": b"x",
    }  # fmt: skip
    changed = rewritten(made, tmp_path / "changed", strange)
    backups.restore(source=changed, folder=tmp_path / "restored", passphrase=PASSPHRASE)
    assert {path.name for path in (tmp_path / "restored" / "blobs").iterdir()} == set(
        BlobFolder(workspace.folder).sizes()
    )
    assert not (tmp_path / "outside").exists()


def test_stopped_anywhere_a_restore_leaves_no_workbook(workspace: Workspace, tmp_path: Path) -> None:
    class StopAfter:
        def __init__(self, left: int) -> None:
            self.left = left

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled()

    case = logged(workspace).case
    photo = attach(workspace, case, files.noise(PART_BYTES * 2))
    made = backups.backup(workspace, destination=tmp_path / "b").path
    stops = 0
    while True:
        try:
            backups.restore(
                source=made, folder=tmp_path / "restored", passphrase=PASSPHRASE, cancel=StopAfter(stops)
            )
            break
        except Cancelled:
            assert not (tmp_path / "restored" / "keyslot").exists()
        stops += 1
    assert stops > 4
    with a_workspace(tmp_path / "restored") as again:
        assert open_for_view(again, attachment=photo).data == files.noise(PART_BYTES * 2)


def test_a_large_backup_is_never_whole_in_memory(workspace: Workspace, tmp_path: Path) -> None:
    case = logged(workspace).case
    for seed in range(3):
        attach(workspace, case, files.noise(3 * PART_BYTES, seed))
    tracemalloc.start()
    try:
        backups.backup(workspace, destination=tmp_path / "b")
        backups.restore(source=tmp_path / "b", folder=tmp_path / "restored", passphrase=PASSPHRASE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024
