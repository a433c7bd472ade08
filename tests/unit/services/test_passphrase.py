"""Another passphrase, and new keys for everything when somebody may know the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.organisation import Member
from core.foundation.errors import (
    DiskFull,
    FormIncomplete,
    VaultDamaged,
    VaultLocked,
    WeakPassphrase,
    WrongPassphrase,
)
from core.foundation.ports import NeverCancel
from core.services import (
    backups,
    laptops,
    new_keys,
    opening,
    organisation,
    pairing,
    passphrase,
    retention_day,
    streams,
    sync,
)
from core.services.exchange import send_waiting
from core.services.place import transport_of
from core.services.roster import epochs_of, roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.vault import rekey
from core.vault.keyslot import open_keyslot
from tests.support.knowledge import Actor, World
from tests.support.laptops import CHEAP, PASSPHRASE, Office, every_byte_of, records_of

NEW = "copper willow saddle noon parcel"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_new_passphrase_opens_and_the_old_does_not(office: Office) -> None:
    ana = office.found()
    passphrase.change_passphrase(ana, old=PASSPHRASE, new=NEW)
    assert organisation.my_member(ana).name == "Ana Reyes"  # it goes on without a break
    opening.lock(ana)
    with pytest.raises(WrongPassphrase):
        opening.unlock(ana.folder, PASSPHRASE, parts=office.parts)
    again = opening.unlock(ana.folder, NEW, parts=office.parts)
    opening.lock(again)
    assert len({path.read_bytes() for path in ana.folder.glob("keyslot*")}) == 1


def test_until_the_new_one_was_used_the_key_file_before_stands_in_for_a_damaged_one(office: Office) -> None:
    ana = office.found()
    passphrase.change_passphrase(ana, old=PASSPHRASE, new=NEW)
    opening.lock(ana)
    whole = (ana.folder / "keyslot").read_bytes()
    (ana.folder / "keyslot").write_bytes(whole[:-1])
    opening.lock(opening.unlock(ana.folder, PASSPHRASE, parts=office.parts))
    (ana.folder / "keyslot").write_bytes(whole)
    opening.lock(opening.unlock(ana.folder, NEW, parts=office.parts))
    (ana.folder / "keyslot").unlink()  # lost afterwards: its copy opens, with the new passphrase
    with pytest.raises(WrongPassphrase):
        opening.unlock(ana.folder, PASSPHRASE, parts=office.parts)
    opening.lock(opening.unlock(ana.folder, NEW, parts=office.parts))


@pytest.mark.parametrize("act", [passphrase.change_passphrase, passphrase.somebody_knows])
def test_what_cannot_be_is_refused_and_nothing_is_changed(office: Office, act: object) -> None:
    ana = office.found()
    before = {path.name: path.read_bytes() for path in ana.folder.glob("keyslot*")}
    for old, new, error in (
        ("", NEW, FormIncomplete), (PASSPHRASE, PASSPHRASE, FormIncomplete), (PASSPHRASE, "anareyes", WeakPassphrase),
        (PASSPHRASE, "", WeakPassphrase), (NEW, NEW + " more", WrongPassphrase),
    ):  # fmt: skip
        with pytest.raises(error):
            act(ana, old=old, new=new)  # type: ignore[operator]
    assert {path.name: path.read_bytes() for path in ana.folder.glob("keyslot*")} == before
    assert organisation.my_member(ana).name == "Ana Reyes"


def test_new_keys_leave_everything_there_under_a_key_nobody_knows(office: Office, tmp_path: Path) -> None:
    ana, ben = office.pair("Ben Osei", "bo")
    laptops.name_laptop(ana, device=ana.device, name="Office laptop")
    sync.sync_now(ana)
    (ana.folder / "blobs").mkdir(exist_ok=True)
    (ana.folder / "blobs" / "kept").write_bytes(b"sealed")
    before, old_device, old_keys = records_of(ana), ana.store.author.device, open_keyslot(ana.folder, PASSPHRASE)
    shutil.copytree(ana.folder, tmp_path / "thief")
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    with pytest.raises(VaultLocked):
        ana.keys.vault_key.reveal()
    for old in (PASSPHRASE,):
        with pytest.raises(WrongPassphrase):
            opening.unlock(ana.folder, old, parts=office.parts)
    assert not rekey.opens(ana.folder / "workbook.db", old_keys)
    assert (ana.folder / "blobs" / "kept").read_bytes() == b"sealed"
    assert not list(ana.folder.glob("workbook.next*"))
    again = opening.unlock(ana.folder, NEW, parts=office.parts)
    after = records_of(again)
    own = {name: rows for name, rows in after.items() if name == "own_laptop"}
    assert {**after, **own, "own_laptop": []} == {**before, "own_laptop": []}
    assert [row.name for row in laptops.my_laptops(again)] == ["Office laptop"]
    assert again.store.author.device != old_device
    # The search index came along, and forgets as it did before.
    with again.store.reading() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH 'reyes'").scalar_one()
        config = connection.exec_driver_sql("SELECT v FROM search_config WHERE k = 'secure-delete'").scalar_one()
    assert (found >= 0, config) == (True, 1)
    sync.sync_now(again)
    sync.sync_now(ben)
    assert again.store.author.device in roster_of(ben).devices
    assert ben.store.count(Member) == 2
    opening.lock(again)
    # What was copied before opens with the old passphrase: this is what the person is told.
    thief = opening.unlock(tmp_path / "thief", PASSPHRASE, parts=office.parts)
    assert b"Ana Reyes" in every_byte_of(thief)
    opening.lock(thief)


def test_a_backup_made_before_still_opens_with_the_old_one(office: Office, tmp_path: Path) -> None:
    ana = office.found()
    backups.backup(ana, destination=tmp_path / "b" / "copy.backup")
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    backups.restore(source=tmp_path / "b" / "copy.backup", folder=tmp_path / "back", passphrase=PASSPHRASE)


def test_a_full_disk_leaves_the_old_keys_in_force(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = office.found()

    def full(*_: object, **__: object) -> None:
        raise DiskFull(path="here")

    for place in ("export_database", "write_keyslot"):
        monkeypatch.setattr(new_keys, place, full)
        with pytest.raises(DiskFull):
            passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
        monkeypatch.undo()
        assert organisation.my_member(ana).name == "Ana Reyes"
    opening.lock(ana)
    again = opening.unlock(ana.folder, PASSPHRASE, parts=office.parts)
    assert not list(ana.folder.glob("workbook.next*"))
    opening.lock(again)


def test_a_copy_that_is_not_the_same_is_never_used(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = office.found()
    monkeypatch.setattr(rekey, "_counts", lambda engine: {str(id(engine)): 1})
    with pytest.raises(VaultDamaged):
        passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    monkeypatch.undo()
    assert not list(ana.folder.glob("workbook.next*"))
    opening.lock(ana)
    opening.lock(opening.unlock(ana.folder, PASSPHRASE, parts=office.parts))


def with_a_case(office: Office) -> tuple[Workspace, Workspace]:
    """Ana and Ben, who share one case."""
    ana, ben = office.pair("Ben Osei", "bo")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    return ana, ben


def note(laptop: Workspace, words: str) -> None:
    case = laptop.store.select(Case)[0]
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def notes(laptop: Workspace) -> set[str]:
    return {item.body for item in laptop.store.select(Note)}


def everything_known(laptop: Workspace) -> Actor:
    """To somebody who has this workbook, open."""
    with VaultMailbox(laptop.store.engine).reading() as box:
        held = frozenset((row.stream, row.number, row.header_hash, row.key.reveal()) for row in box.epochs() if row.key)
        envelope = frozenset((number, key.reveal()) for number, key in box.envelope_keys())
    keys = laptop.keys
    return Actor(keys.organisation, keys.user, {keys.user_epoch: keys.user_wrap_seed.reveal()}, envelope, held)


def thief_of(office: Office, stolen: Path) -> Workspace:
    """The copy, opened with the old passphrase, with the shared folder at hand."""
    thief = opening.unlock(stolen, PASSPHRASE, parts=office.parts)
    sync.choose_folder(thief, office.folder)
    return thief


def derived_by(thief: Workspace, office: Office, witness: Workspace) -> set[bytes]:
    """The epochs whose keys follow from everything in the copy and every file in the folder."""
    world = World(laptops={device: item.certificate.public for device, item in roster_of(witness).devices.items()})
    world.add_folder(office.folder)
    return set(world.reach(everything_known(thief)))


def test_the_old_copy_with_the_old_passphrase_gives_nothing_that_is_written_after(
    office: Office, tmp_path: Path
) -> None:
    ana, ben = with_a_case(office)
    shutil.copytree(ana.folder, tmp_path / "thief")
    assert passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW).told
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    assert (ana.keys.user_epoch, retention_day.retention_day_state(ana).unfinished) == (1, False)
    sync.sync_now(ben)
    assert roster_of(ben).users[ana.user].record.user_epoch == 1
    for laptop, words in ((ben, "by Ben"), (ana, "by Ana")):
        note(laptop, words)
        for other in (laptop, ana, ben):
            assert sync.sync_now(other).refused == 0
    assert notes(ana) == notes(ben) == {"by Ben", "by Ana"}
    new = {
        name
        for stream in (ana.store.select(Case)[0].stream, ana.organisation_stream)
        for name, known in epochs_of(ana, stream).items()
        if any((member.user, member.user_epoch) == (ana.user, 1) for member in known.header.members)
    }
    assert len(new) >= 2
    thief = thief_of(office, tmp_path / "thief")
    assert not new & derived_by(thief, office, ben)
    assert new <= derived_by(ana, office, ben)
    sync.sync_now(thief)
    assert notes(thief) == set()
    opening.lock(thief)
    opening.lock(ana)


def test_whoever_has_the_copy_writes_in_nobody_s_name_any_more(office: Office, tmp_path: Path) -> None:
    ana, ben = with_a_case(office)
    shutil.copytree(ana.folder, tmp_path / "thief")
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    thief = thief_of(office, tmp_path / "thief")
    note(thief, "forged")
    before = set(office.files())
    send_waiting(thief, transport_of(thief), cancel=NeverCancel())
    assert set(office.files()) > before
    for laptop in (ben, ana, ben):
        sync.sync_now(laptop)
    assert notes(ben) == notes(ana) == set()
    opening.lock(thief)
    opening.lock(ana)


def test_who_never_exchanged_goes_on_writing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    form = opening.FoundingForm("Hazel Tree Co-operative", "Ana Reyes", "ar", "Housing officer", PASSPHRASE)
    ana = opening.found_organisation(tmp_path / "alone", form, parts=office.parts, cost=CHEAP)
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset(), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    note(ana, "afterwards")
    sync.choose_folder(ana, office.folder)
    assert sync.sync_now(ana).refused == 0 and notes(ana) == {"afterwards"}
    ben = office.join(ana, "Ben Osei", "bo")
    assert ben.store.count(Member) == 2
    for laptop in (ana, ben):
        opening.lock(laptop)


def test_a_laptop_paired_afterwards_counts(office: Office) -> None:
    ana, ben = with_a_case(office)
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    form = pairing.PairingForm("second", PASSPHRASE, office.folder)
    asked = pairing.ask_to_pair(office.root / "second", form, parts=office.parts, cost=CHEAP)
    pairing.pair(ana, code=asked.code)
    sync.sync_now(ana)
    second = opening.finish_joining(office.root / "second", PASSPHRASE, parts=office.parts)
    note(second, "from the second")
    for laptop in (second, ben, ana):
        assert sync.sync_now(laptop).refused == 0
    assert notes(ben) == notes(ana) == {"from the second"}
    for laptop in (ana, second):
        opening.lock(laptop)


def test_without_the_folder_it_is_begun_and_finished_later(office: Office, tmp_path: Path) -> None:
    ana, ben = with_a_case(office)
    shutil.copytree(ana.folder, tmp_path / "thief")
    note(ana, "not sent yet")
    away = office.folder.rename(office.root / "away")
    assert not passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW).told
    with pytest.raises(WrongPassphrase):
        opening.unlock(ana.folder, PASSPHRASE, parts=office.parts)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    assert retention_day.retention_day_state(ana).unfinished and retention_day.retention_day_state(ana).due
    assert notes(ana) == {"not sent yet"}
    away.rename(office.folder)
    assert sync.sync_now(ana).refused == 0
    assert sync.sync_now(ben).refused == 0
    assert roster_of(ben).users[ana.user].record.user_epoch == 1 and notes(ben) == {"not sent yet"}
    note(ben, "for the new keys")
    for laptop in (ben, ana):
        sync.sync_now(laptop)
    retention_day.hold_retention_day(ana, passphrase=NEW)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    assert (ana.keys.user_epoch, retention_day.retention_day_state(ana).unfinished) == (1, False)
    sync.sync_now(ana)
    assert notes(ana) == {"not sent yet", "for the new keys"}
    note(ana, "once more")
    for laptop in (ana, ben):
        assert sync.sync_now(laptop).refused == 0
    assert notes(ben) == notes(ana)
    thief = thief_of(office, tmp_path / "thief")
    sync.sync_now(thief)
    assert not notes(thief) & {"for the new keys", "once more"}
    opening.lock(thief)
    opening.lock(ana)
