"""Backup and restore: one file that holds the sealed database and its key file, and nothing readable.

The file is a plain ZIP of two sealed files and a short description without names, so that it can be
checked and opened by hand in ten years. It opens with the passphrase that was in force when it was made.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from core.foundation.errors import BackupUnusable, DiskFull, VaultExists
from core.foundation.files import make_private_folder, write_atomic_with
from core.foundation.ports import CancelToken, Progress
from core.vault.database import DATABASE_NAME, check_integrity, close_database, open_database
from core.vault.keyslot import KEYSLOT_NAME, PREVIOUS_NAME, KeyslotContent, open_keyslot

DESCRIPTION_NAME = "backup.json"
FORMAT = "imani-casework-backup"
VERSION = 1
COPY_NAME = "backup-copy.part"
BLOCK_BYTES = 1024 * 1024
MAX_MEMBER_BYTES = 64 * 1024**3


@dataclass(frozen=True, slots=True)
class BackupMade:
    """The finished backup and its size."""

    path: Path
    size_bytes: int


def make_backup(
    folder: Path, engine: Engine, destination: Path, *, made_at: datetime, progress: Progress, cancel: CancelToken
) -> BackupMade:
    """Copy the open vault to `destination`, complete as of now. The copy is sealed like the vault itself.

    Raises:
        DiskFull, FolderNotWritable: `destination` was not touched.
        Cancelled: likewise.
    """
    copy = folder / COPY_NAME
    copy.unlink(missing_ok=True)
    try:
        progress(0, 2, "Copying the workbook")
        _copy_database(engine, copy)
        cancel.check()
        progress(1, 2, "Writing the backup")
        make_private_folder(destination.parent)
        write_atomic_with(destination, lambda stream: _write_archive(stream, folder, copy, made_at, cancel))
    finally:
        copy.unlink(missing_ok=True)
    progress(2, 2, "Writing the backup")
    return BackupMade(destination, destination.stat().st_size)


def restore_backup(
    backup: Path, folder: Path, passphrase: str, *, progress: Progress, cancel: CancelToken
) -> KeyslotContent:
    """Put a backup into the empty `folder`, and prove that it opens and is whole before saying so.

    Raises:
        VaultExists: there is already a vault in `folder`; it was not touched.
        BackupUnusable: the file is not a whole backup.
        WrongPassphrase: the backup opens with another passphrase (the one in force when it was made).
        VaultDamaged: the backup opens, but a page of it does not verify.
    """
    if (folder / KEYSLOT_NAME).exists() or (folder / DATABASE_NAME).exists():
        raise VaultExists(path=str(folder))
    make_private_folder(folder)
    try:
        progress(0, 2, "Reading the backup")
        _unpack(backup, folder, cancel)
        progress(1, 2, "Checking the backup")
        keys = open_keyslot(folder, passphrase)
        engine = open_database(folder, keys)
        try:
            check_integrity(engine)
        finally:
            close_database(engine)
    except BaseException:
        for name in (KEYSLOT_NAME, PREVIOUS_NAME, DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
            (folder / name).unlink(missing_ok=True)
        raise
    progress(2, 2, "Checking the backup")
    return keys


def _copy_database(engine: Engine, copy: Path) -> None:
    try:
        with engine.connect() as connection:
            # VACUUM cannot run inside a transaction; the driver's own connection is in autocommit.
            driver = connection.connection.driver_connection
            if driver is not None:
                driver.execute("VACUUM INTO ?", (str(copy),))
        os.chmod(copy, 0o600)
    except DatabaseError as error:
        raise DiskFull(path=str(copy.parent)) from error


def _write_archive(stream: BinaryIO, folder: Path, copy: Path, made_at: datetime, cancel: CancelToken) -> None:
    description = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(DESCRIPTION_NAME, json.dumps(description))
        archive.write(folder / KEYSLOT_NAME, KEYSLOT_NAME)
        with copy.open("rb") as source, archive.open(DATABASE_NAME, "w", force_zip64=True) as target:
            while block := source.read(BLOCK_BYTES):
                cancel.check()
                target.write(block)


def _unpack(backup: Path, folder: Path, cancel: CancelToken) -> None:
    try:
        with zipfile.ZipFile(backup) as archive:
            description = json.loads(archive.read(DESCRIPTION_NAME))
            if description.get("format") != FORMAT:
                raise BackupUnusable(path=str(backup), reason="it was made by another program")
            if description.get("version", 0) > VERSION:
                raise BackupUnusable(path=str(backup), reason="it was made by a newer version")
            for name in (KEYSLOT_NAME, DATABASE_NAME):
                if archive.getinfo(name).file_size > MAX_MEMBER_BYTES:
                    raise BackupUnusable(path=str(backup), reason="it is larger than a backup can be")
                _unpack_member(archive, name, folder, cancel)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise BackupUnusable(path=str(backup), reason="it is damaged or not a backup at all") from error


def _unpack_member(archive: zipfile.ZipFile, name: str, folder: Path, cancel: CancelToken) -> None:
    def pour(stream: BinaryIO) -> None:
        with archive.open(name) as source:
            while block := source.read(BLOCK_BYTES):
                cancel.check()
                stream.write(block)

    write_atomic_with(folder / name, pour)
