"""Attached files between real laptops: bit-exact on the other side, nothing for whoever is kept out, mended if lost."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.crypto.container import sealed_size
from core.domain.case import Case
from core.domain.documents import Attachment
from core.foundation.errors import AttachmentDamaged, AttachmentNotHere
from core.foundation.ids import RecordId, UserId
from core.services import access, attachments, readers, streams, sync
from core.services.attachment_copies import open_for_view, save_copy
from core.services.attachments import AttachmentForm, FileState, GivenFile
from core.services.workspace import Workspace
from core.store.schema import BLOB
from core.sync.engine.blob import PART_BYTES
from core.vault.blobs import BlobFolder
from tests.support import files
from tests.support.laptops import Office, Template, every_byte_of

PHOTO = AttachmentForm(what="photo", about="The stairwell at Jacaranda Court")
MARK = b"Jacaranda Court, the wall by the bins "


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


def a_case(ana: Workspace, *others: UserId, kept_out: frozenset[UserId] = frozenset()) -> RecordId:
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset(others), conflicted=kept_out)
        return unit.create(Case, stream, reference="2026-AR-1", summary="Paint on the wall")


def attach(workspace: Workspace, case: RecordId, data: bytes, name: str = "wall.jpg") -> RecordId:
    return attachments.attach(workspace, case=case, given=GivenFile(data=data, name=name), form=PHOTO).attachment


def blobs_in(office: Office) -> list[Path]:
    return sorted(path for path in (office.folder / "cwf1" / "b").rglob("*") if path.is_file())


def states(workspace: Workspace) -> list[str]:
    with workspace.store.reading() as connection:
        return sorted(connection.execute(select(BLOB.c.state)).scalars())


def test_a_photograph_is_bit_exact_on_the_other_laptop(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    data = files.with_place(b"\xff\xd8" + files.noise(700_000) + b"\xff\xd9")
    photo = attach(ana, case, data)
    assert attachments.get_attachment(ana, attachment=photo).state is FileState.NOT_SENT
    sync.sync_now(ana)
    assert attachments.get_attachment(ana, attachment=photo).state is FileState.HERE
    report = sync.sync_now(ben)
    assert photo in report.changed.ids
    (row,) = attachments.list_attachments(ben, case=case)
    assert (row.state, row.attached_by, row.sha256) == (
        FileState.HERE, "Ana Reyes", hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    assert open_for_view(ben, attachment=photo).data == data
    save_copy(ben, attachment=photo, destination=tmp_path / "copy.jpg", original=True)
    assert (tmp_path / "copy.jpg").read_bytes() == data
    assert attachments.attach(
        ben, case=case, given=GivenFile(data=data, name="the same.jpg"), form=PHOTO
    ).already, "known on the other laptop too"
    for path in office.files():
        assert files.PLACE not in path.read_bytes()


def test_the_file_lies_in_the_folder_before_the_entry_that_names_it(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    attach(ana, a_case(ana, ben.user), files.noise(2 * PART_BYTES))
    before = set(office.files())
    sync.sync_now(ana)
    new = sorted(set(office.files()) - before, key=lambda path: path.stat().st_mtime_ns)
    kinds = ["blob" if path.is_relative_to(office.folder / "cwf1" / "b") else "entry" for path in new]
    assert kinds == ["blob", "blob", "entry"]


def test_two_laptops_attach_the_same_file_apart_and_both_entries_say_so(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    sync.sync_now(ana)
    sync.sync_now(ben)
    attach(ana, case, files.noise(9000))
    ben.parts.clock.step(timedelta(minutes=1))  # type: ignore[attr-defined]  # a clock set by hand
    attach(ben, case, files.noise(9000))
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    for laptop in (ana, ben):
        newer, older = attachments.list_attachments(laptop, case=case)
        assert (newer.same_as, older.same_as) == (older.id, None)
        assert newer.here
        assert older.here


def test_whoever_is_kept_out_gets_nothing_and_cannot_look_for_a_file_they_know(
    template: Template, tmp_path: Path
) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, cat = laptops.values()
    case = a_case(ana, ben.user, kept_out=frozenset({cat.user}))
    known = MARK + files.noise(300_017, 3)
    attach(ana, case, known, "Jacaranda Court.jpg")
    # Cat took the same picture, and has it in a case of her own.
    own = a_case(cat)
    attach(cat, own, known, "Jacaranda Court.jpg")
    for laptop in (ana, cat, ben, cat, ana):
        sync.sync_now(laptop, everything=True)
    heap = every_byte_of(cat)
    (mine,) = cat.store.select(Attachment)
    (theirs,) = ana.store.select(Attachment)
    for told in (theirs.key, theirs.blob_id, theirs.parts, theirs.parts.hex().encode()):
        assert told not in heap
    assert {path.name for path in (cat.folder / "blobs").iterdir()} == {mine.parts.hex()}
    assert mine.blob_id != theirs.blob_id
    assert mine.sha256 == theirs.sha256
    lying = {path.name: path.read_bytes() for path in blobs_in(office)}
    assert set(lying) == {mine.parts.hex(), theirs.parts.hex()}
    bits = [hashlib.sha256(data).digest() for data in lying.values()]
    assert len(set(bits)) == 2, "sealed twice, the same file shares no byte to be known by"
    shared = [a for a, b in zip(*lying.values(), strict=True) if a == b]
    assert len(shared) < len(known) / 100
    assert all(len(data) != sealed_size(len(known)) for data in lying.values()), "nor its exact size"
    for path in office.files():
        assert MARK not in path.read_bytes()


@pytest.mark.parametrize("how", [readers.wall_off, readers.remove_reader], ids=["walled", "taken off"])
def test_whoever_loses_the_case_loses_the_bytes_and_the_others_keep_them(
    template: Template, tmp_path: Path, how: Callable[..., object]
) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, cat = laptops.values()
    case = a_case(ana, ben.user, cat.user)
    photo = attach(ana, case, files.noise(40_000))
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    assert len(list((ben.folder / "blobs").iterdir())) == 1
    how(ana, case=case, user=ben.user, reason="is connected with it")
    for laptop in (ana, ben, cat, ben):
        sync.sync_now(laptop, everything=True)
    assert list((ben.folder / "blobs").iterdir()) == []
    assert states(ben) == []
    assert len(blobs_in(office)) == 1, "nothing is taken out of the folder for it"
    for laptop in (ana, cat):
        assert open_for_view(laptop, attachment=photo).data == files.noise(40_000)


def test_who_is_given_access_later_receives_the_files_too(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana)
    photo = attach(ana, case, files.noise(40_000))
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert states(ben) == []
    access.add_reader(ana, case, ben.user, "covers for Ana")
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert open_for_view(ben, attachment=photo).data == files.noise(40_000)
    again = attachments.attach(
        ben, case=case, given=GivenFile(data=files.noise(40_000), name="again"), form=PHOTO
    )
    assert again.already, "the mark of a file is the same for every reader, whenever they came"


def test_a_large_file_waits_until_it_is_asked_for(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    small, large = attach(ana, case, files.noise(1000)), attach(ana, case, files.noise(200_000, 2))
    attachments.set_file_limit(ben, limit_bytes=100_000)
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert attachments.get_attachment(ben, attachment=small).here
    assert attachments.get_attachment(ben, attachment=large).state is FileState.WHEN_ASKED
    with pytest.raises(AttachmentNotHere):
        open_for_view(ben, attachment=large)
    attachments.ask_for(ben, attachment=large)
    assert attachments.get_attachment(ben, attachment=large).state is FileState.COMING
    sync.sync_now(ben)
    assert open_for_view(ben, attachment=large).data == files.noise(200_000, 2)


def test_a_large_file_comes_part_by_part_between_other_work(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    data = files.noise(3 * PART_BYTES, 4)
    film = attach(ana, case, data)
    sync.sync_now(ana)
    said, told = [], []
    turn = sync.sync_turn(ben, budget_s=0)
    while turn.report is None:
        if rows := attachments.list_attachments(ben, case=case) if ben.store.find(Case, case) else ():
            said.append((rows[0].received, rows[0].state_words))
            told.append(film in turn.changed.ids)
        turn = sync.sync_turn(ben, carried=turn.carried, budget_s=0)
    assert {(1, "Not yet received: 1 of 3 parts"), (2, "Not yet received: 2 of 3 parts")} <= set(said)
    assert any(told), "a screen that shows the list hears of each part"
    assert open_for_view(ben, attachment=film).data == data


def test_cut_changed_and_swapped_files_are_not_taken_and_are_mended(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    wanted = [attach(ana, case, files.noise(30_000, seed)) for seed in range(4)]
    sync.sync_now(ana)
    cut, changed, one, other = blobs_in(office)
    cut.write_bytes(cut.read_bytes()[:-9])
    data = changed.read_bytes()
    changed.write_bytes(data[:500] + bytes((data[500] ^ 1,)) + data[501:])
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    report = sync.sync_now(ben, everything=True)
    assert report.refused == 0
    assert states(ben) == ["wanted"] * 4
    sync.sync_now(ana, everything=True)
    sync.sync_now(ben)
    for seed, photo in enumerate(wanted):
        assert open_for_view(ben, attachment=photo).data == files.noise(30_000, seed)


def test_whoever_has_a_lost_file_puts_it_back(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, cat = laptops.values()
    case = a_case(ana, ben.user, cat.user)
    photo = attach(ana, case, files.noise(30_000))
    sync.sync_now(ana)
    sync.sync_now(ben)
    for path in blobs_in(office):
        path.unlink()
    assert sync.sync_now(ben, everything=True, refill=False).missing == 1
    sync.sync_now(cat)
    assert attachments.get_attachment(cat, attachment=photo).state is FileState.COMING
    assert sync.sync_now(ben, everything=True).missing == 0
    sync.sync_now(cat)
    assert open_for_view(cat, attachment=photo).data == files.noise(30_000)


def test_a_nearly_full_disk_is_left_to_the_words(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    photo = attach(ana, case, files.noise(30_000))
    sync.sync_now(ana)
    usage = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=200 * 1024 * 1024))
        sync.sync_now(ben)
        assert ben.store.get(Case, case), "entries are small, and still come"
        row = attachments.get_attachment(ben, attachment=photo)
        assert (row.here, row.state_words) == (False, "Not yet received: the disk of this laptop is nearly full")
    sync.sync_now(ben)
    assert attachments.get_attachment(ben, attachment=photo).here


def test_many_lost_files_are_put_back_in_short_turns(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "office")
    ana, _, _ = laptops.values()
    case = a_case(ana)
    for seed in range(6):
        attach(ana, case, files.noise(5_000, seed))
    sync.sync_now(ana, everything=True)
    there = {path: path.read_bytes() for path in blobs_in(office)}
    for path in there:
        path.unlink()
    ana.parts.clock.step(timedelta(days=8))  # type: ignore[attr-defined]  # a clock set by hand
    turns, carried, report = 0, sync.NEW, None
    while report is None:
        turn = sync.sync_turn(ana, carried=carried, budget_s=0)
        carried, report, turns = turn.carried, turn.report, turns + 1
        assert turns < 100, "every turn gets something done"
    assert {path: path.read_bytes() for path in blobs_in(office)} == there
    assert turns > 6


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_part_lost_here_is_fetched_again(template: Template, tmp_path: Path, how: str) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    photo = attach(ana, case, files.noise(30_000))
    sync.sync_now(ana)
    (name,) = BlobFolder(ana.folder).sizes()
    if how == "gone":
        BlobFolder(ana.folder).remove([name])
    else:
        whole = BlobFolder(ana.folder).path / name
        whole.write_bytes(whole.read_bytes()[:-1] + b"?!")
    with pytest.raises(AttachmentNotHere):
        open_for_view(ana, attachment=photo)
    sync.sync_now(ana)
    assert open_for_view(ana, attachment=photo).data == files.noise(30_000)


def test_a_folder_that_takes_no_files_holds_up_no_words(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.foundation.errors import SharedFolderError
    from core.sync.transports.folder import FolderTransport

    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    photo = attach(ana, case, files.noise(30_000))
    real = FolderTransport.put_if_absent

    def put(self: FolderTransport, name: str, data: bytes) -> None:
        if "/b/" in name:
            raise SharedFolderError(reason="it is full")
        real(self, name, data)

    with monkeypatch.context() as patch:
        patch.setattr(FolderTransport, "put_if_absent", put)
        sync.sync_now(ana)
    sync.sync_now(ben)
    assert attachments.get_attachment(ben, attachment=photo).state is FileState.COMING
    assert ben.store.get(Case, case)
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert attachments.get_attachment(ben, attachment=photo).here


def test_a_record_that_names_its_parts_wrongly_harms_nobody(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path / "office")
    ana, ben, _ = laptops.values()
    case = a_case(ana, ben.user)
    stream = ana.store.get(Case, case).stream
    for values in (
        {"parts": b"short", "size_bytes": 10}, {"parts": bytes(32), "size_bytes": -1}, {"parts": bytes(64)},
        {"parts": b"", "size_bytes": 0}, {"parts": bytes(32), "size_bytes": 10, "key": b"?"},
        {"parts": os.urandom(32), "size_bytes": 10, "key": bytes(32), "blob_id": b"x", "name": "\u202e"},
    ):  # fmt: skip
        with ana.store.unit("test") as (unit, _):
            unit.create(Attachment, stream, case=case, attached_at=ana.parts.clock.now(), **values)
    sync.sync_now(ana)
    report = sync.sync_now(ben, everything=True)
    assert report.refused == 0
    rows = attachments.list_attachments(ben, case=case)
    assert len(rows) == 6
    assert not any(row.here for row in rows)
    for row in rows:
        with pytest.raises((AttachmentNotHere, AttachmentDamaged)):
            open_for_view(ben, attachment=row.id)
