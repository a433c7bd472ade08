"""Another passphrase, and new keys for everything when somebody may know the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.domain.organisation import Member
from core.foundation.errors import (
    DiskFull,
    FormIncomplete,
    VaultDamaged,
    VaultLocked,
    WeakPassphrase,
    WrongPassphrase,
)
from core.services import backups, laptops, opening, organisation, passphrase, sync
from core.services.roster import roster_of
from core.vault import rekey
from core.vault.keyslot import open_keyslot
from tests.support.laptops import PASSPHRASE, Office, every_byte_of, records_of

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
    ana = office.found()
    ben = office.join(ana, "Ben Osei", "bo")
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
        monkeypatch.setattr(passphrase, place, full)
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
