"""Backup and restore: one file with the sealed database, its key file and sealed attached files; nothing readable.

The file is a plain ZIP of sealed files and a short description without names, so that it can be
checked and opened by hand in ten years. It opens with the passphrase that was in force when it was made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from core.foundation.driver_errors import error_of
from core.foundation.errors import BackupUnusable, HeaderDamaged, VaultDamaged, VaultExists
from core.foundation.files import (
    TEMPORARY_SUFFIX,
    make_private_folder,
    move_into_place,
    remove_tree,
    write_atomic,
    write_atomic_with,
)
from core.foundation.ports import CancelToken, Progress
from core.vault.blobs import BLOBS_NAME, BlobFolder, is_blob_name
from core.vault.database import DATABASE_NAME, check_integrity, close_database, open_database
from core.vault.keyslot import KEYSLOT_NAME, MAX_BYTES, PREVIOUS_NAME, KeyslotContent, open_keyslot

DESCRIPTION_NAME = "backup.json"
FORMAT = "imani-casework-backup"
VERSION = 2
COPY_NAME = "backup-copy.part"
BLOCK_BYTES = 1024 * 1024
MAX_DESCRIPTION_BYTES = 64 * 1024
MAX_DATABASE_BYTES = 64 * 1024**3
MAX_BLOB_BYTES = 16 * 1024**2
"""No sealed part of an attached file is larger."""
RESTORING_NAME = "restoring.part"
"""The folder in which a backup is unpacked and tried; it is there only while that goes on."""


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
    trial = folder / RESTORING_NAME
    _refuse_vault(folder, trial)
    try:
        remove_tree(trial)
        make_private_folder(trial)
        progress(0, 2, "Reading the backup")
        _unpack(backup, trial, cancel)
        progress(1, 2, "Checking the backup")
        keys = open_keyslot(trial, passphrase)
        engine = open_database(trial, keys)
        try:
            check_integrity(engine)
        finally:
            close_database(engine)
        cancel.check()
        # The key file comes last: without it nobody takes what is there for a vault.
        _move_blobs(trial, folder)
        move_into_place(trial / DATABASE_NAME, folder / DATABASE_NAME)
        move_into_place(trial / KEYSLOT_NAME, folder / KEYSLOT_NAME)
    except HeaderDamaged as error:
        raise BackupUnusable(path=str(backup), reason="it is damaged or not a backup at all") from error
    finally:
        remove_tree(trial)
    progress(2, 2, "Checking the backup")
    return keys


def is_backup(path: Path) -> bool:
    """Whether a file says of itself that it is one of these backups, whole or not."""
    try:
        with zipfile.ZipFile(path) as archive:
            description = json.loads(archive.read(_member(archive, DESCRIPTION_NAME, MAX_DESCRIPTION_BYTES)))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, RuntimeError):
        return False
    return isinstance(description, dict) and description.get("format") == FORMAT


def sweep_unfinished(folder: Path) -> None:
    """Clear away what a program that was ended left half written beside a vault. Call it while holding the vault."""
    for name in (COPY_NAME, COPY_NAME + "-journal", KEYSLOT_NAME + TEMPORARY_SUFFIX, PREVIOUS_NAME + TEMPORARY_SUFFIX):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    remove_tree(folder / RESTORING_NAME)


def _refuse_vault(folder: Path, trial: Path) -> None:
    """Refuse a folder that holds a vault; clear away a database that a killed restore left without its key file."""
    database = folder / DATABASE_NAME
    if (folder / KEYSLOT_NAME).exists() or (folder / PREVIOUS_NAME).exists():
        raise VaultExists(path=str(folder))
    if database.exists() and not trial.exists():
        raise VaultExists(path=str(folder))
    database.unlink(missing_ok=True)


def _copy_database(engine: Engine, copy: Path) -> None:
    write_atomic(copy, b"")
    driver = engine.raw_connection()
    try:
        # VACUUM cannot run inside a transaction; the driver's own connection is in autocommit.
        driver.cursor().execute("VACUUM INTO ?", (str(copy),))
    except driver.dbapi_connection.Error as error:  # type: ignore[union-attr]  # every DB-API connection names its errors
        raise error_of(getattr(error, "sqlite_errorcode", None)) or VaultDamaged() from error
    finally:
        driver.close()


def _write_archive(stream: BinaryIO, folder: Path, copy: Path, made_at: datetime, cancel: CancelToken) -> None:
    description = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(DESCRIPTION_NAME, json.dumps(description))
        archive.write(folder / KEYSLOT_NAME, KEYSLOT_NAME)
        with copy.open("rb") as source, archive.open(DATABASE_NAME, "w", force_zip64=True) as target:
            while block := source.read(BLOCK_BYTES):
                cancel.check()
                target.write(block)
        blobs = BlobFolder(folder)
        for name in blobs.sizes():
            cancel.check()
            # A part that is damaged here is left out: after a restore it is fetched from the shared folder.
            if (data := blobs.read(name, MAX_BLOB_BYTES)) is not None:
                archive.writestr(f"{BLOBS_NAME}/{name}", data)


def _unpack(backup: Path, folder: Path, cancel: CancelToken) -> None:
    try:
        with zipfile.ZipFile(backup) as archive:
            _check_description(archive.read(_member(archive, DESCRIPTION_NAME, MAX_DESCRIPTION_BYTES)), backup)
            for name, max_bytes in ((KEYSLOT_NAME, MAX_BYTES), (DATABASE_NAME, MAX_DATABASE_BYTES)):
                _unpack_member(archive, _member(archive, name, max_bytes), folder / name, cancel)
            _unpack_blobs(archive, folder, cancel)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, RuntimeError) as error:
        raise BackupUnusable(path=str(backup), reason="it is damaged or not a backup at all") from error


def _move_blobs(trial: Path, folder: Path) -> None:
    """What else lies in a folder of that name is left alone."""
    names = BlobFolder(trial).sizes()
    if names:
        make_private_folder(folder / BLOBS_NAME)
    for name in names:
        move_into_place(trial / BLOBS_NAME / name, folder / BLOBS_NAME / name)


def _unpack_blobs(archive: zipfile.ZipFile, folder: Path, cancel: CancelToken) -> None:
    """Every sealed part of an attached file, each checked against its name. No content is read here."""
    blobs = BlobFolder(folder)
    for entry in archive.namelist():
        first, _, name = entry.partition("/")
        if first != BLOBS_NAME or not is_blob_name(name):
            continue  # nothing else is unpacked, whatever its name
        cancel.check()
        data = archive.read(_member(archive, entry, MAX_BLOB_BYTES))
        if hashlib.sha256(data).hexdigest() != name:
            raise ValueError(name)
        blobs.keep(name, data)


def _member(archive: zipfile.ZipFile, name: str, max_bytes: int) -> zipfile.ZipInfo:
    """One file of the archive. A squeezed one is refused: a few bytes could fill the disk."""
    member = archive.getinfo(name)
    if member.compress_type != zipfile.ZIP_STORED or member.file_size > max_bytes:
        raise ValueError(name)
    return member


def _check_description(data: bytes, backup: Path) -> None:
    description = json.loads(data)
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise BackupUnusable(path=str(backup), reason="it was made by another program")
    version = description.get("version")
    if type(version) is not int or version < 1:
        raise ValueError(DESCRIPTION_NAME)
    if version > VERSION:
        raise BackupUnusable(path=str(backup), reason="it was made by a newer version")


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, cancel: CancelToken) -> None:
    def pour(stream: BinaryIO) -> None:
        with archive.open(member) as source:
            while block := source.read(BLOCK_BYTES):
                cancel.check()
                stream.write(block)

    write_atomic_with(path, pour)
