"""Nothing a person saves may land in the workbook's own folder, or in the place of a file that is not ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.errors import FileUnreadable, FolderNotWritable, VaultInSyncedFolder
from core.services.backups import backup, restore
from core.services.homes import preview_import, save_rows_not_taken
from core.services.places import refuse_own_folder
from tests.support.workspaces import PASSPHRASE, a_workspace

LIST = "Address,Postcode\n12 Tallow Street,ZZ1 1AA\nno address,\n"


def test_a_backup_never_takes_the_place_of_the_key_file(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    with a_workspace(vault) as workspace:
        key_file = (vault / "keyslot").read_bytes()
        for name in ("keyslot", "workbook.db", "new-name", "deeper/backup"):
            with pytest.raises(FolderNotWritable, match="the workbook lies there"):
                backup(workspace, destination=vault / name)
        assert (vault / "keyslot").read_bytes() == key_file
    with a_workspace(vault):
        pass


def test_a_list_of_rows_never_takes_the_place_of_the_key_file(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text(LIST, encoding="utf-8")
    with a_workspace(tmp_path / "vault") as workspace:
        plan = preview_import(workspace, path=source).plan
        with pytest.raises(FolderNotWritable):
            save_rows_not_taken(workspace, plan=plan, path=tmp_path / "vault" / "keyslot")


def test_a_way_round_is_seen_through(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (tmp_path / "elsewhere").symlink_to(vault)
    with pytest.raises(FolderNotWritable):
        refuse_own_folder(vault, tmp_path / "elsewhere" / "letters")
    refuse_own_folder(vault, tmp_path / "vault-letters")


def test_a_backup_replaces_an_older_backup_and_no_other_file(tmp_path: Path) -> None:
    other = tmp_path / "minutes.docx"
    other.write_text("minutes", encoding="utf-8")
    with a_workspace(tmp_path / "vault") as workspace:
        backup(workspace, destination=tmp_path / "one.backup")
        backup(workspace, destination=tmp_path / "one.backup")
        with pytest.raises(FolderNotWritable, match=r"minutes\.docx is there already"):
            backup(workspace, destination=other)
    assert other.read_text(encoding="utf-8") == "minutes"


def test_a_backup_is_put_back_on_this_laptop_only_and_must_be_there(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        backup(workspace, destination=tmp_path / "one.backup")
    with pytest.raises(VaultInSyncedFolder):
        restore(source=tmp_path / "one.backup", folder=tmp_path / "Dropbox" / "vault", passphrase=PASSPHRASE)
    assert not (tmp_path / "Dropbox").exists()
    with pytest.raises(FileUnreadable, match="no such file"):
        restore(source=tmp_path / "two.backup", folder=tmp_path / "new", passphrase=PASSPHRASE)
    assert not (tmp_path / "new").exists()
