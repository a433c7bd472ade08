"""A new vault key: everything is exported into a fresh file under it, which then takes the old file's place.

Killable anywhere. The fresh file is complete and on the disk before the key file names its key; writing the key
file is the one step that decides; what comes after it is finished at the next opening (`finish_swap`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DatabaseError

from core.foundation.driver_errors import error_of
from core.foundation.errors import FolderNotWritable, VaultDamaged
from core.foundation.files import PRIVATE_FILE_MODE, flush_folder, move_into_place, translated
from core.vault.database import DATABASE_NAME, check_integrity, close_database, open_database, opens
from core.vault.keyslot import KeyslotContent

NEXT_NAME = "workbook.next"
_BESIDE = ("", "-journal", "-wal", "-shm")


def export_database(
    engine: Engine, folder: Path, keys: KeyslotContent, *, last: Callable[[Engine], None] | None = None
) -> None:
    """Write everything in the open vault into a fresh file under the key in `keys`, and prove that it is whole.

    `last`: what is done in the fresh file alone, once it is.

    Raises:
        DiskFull, FolderNotWritable: the vault is as it was.
        VaultDamaged: the copy is not the same; the vault is as it was.
    """
    path = folder / NEXT_NAME
    forget_export(folder)
    try:
        path.touch(mode=PRIVATE_FILE_MODE)
        _export(engine, path, keys)
        flush_folder(folder)
        _compare(engine, folder, keys, last)
    except OSError as error:
        forget_export(folder)
        raise translated(error, path) from error
    except BaseException:
        forget_export(folder)
        raise


def forget_export(folder: Path) -> None:
    """Clear away a fresh file that was not finished."""
    for suffix in _BESIDE:
        with contextlib.suppress(OSError):
            (folder / (NEXT_NAME + suffix)).unlink(missing_ok=True)


def finish_swap(folder: Path, keys: KeyslotContent) -> None:
    """Whatever an ended change of keys left: the file that `keys` opens is the database, and there is no other.

    Call it while holding the vault, before the database is opened.

    Raises:
        DiskFull, FolderNotWritable: nothing was changed.
    """
    fresh, database = folder / NEXT_NAME, folder / DATABASE_NAME
    if not fresh.exists():
        return
    if opens(database, keys):
        forget_export(folder)
    elif opens(fresh, keys):
        # What the old file had not written back yet is in the fresh one, and would be laid over it as rubbish.
        for suffix in _BESIDE[1:]:
            database.with_name(DATABASE_NAME + suffix).unlink(missing_ok=True)
        move_into_place(fresh, database)
        forget_export(folder)


def _export(engine: Engine, path: Path, keys: KeyslotContent) -> None:
    raw_key = f"x'{(keys.vault_key.reveal() + keys.vault_salt).hex()}'"
    driver = engine.raw_connection()
    try:
        # Not inside a transaction: the driver's own connection is in autocommit.
        _run(driver, "ATTACH DATABASE ? AS fresh KEY ?", str(path), raw_key)
        try:
            _run(driver, "SELECT sqlcipher_export('fresh')")
        finally:
            _run(driver, "DETACH DATABASE fresh")
    except driver.dbapi_connection.Error as error:  # type: ignore[union-attr]  # every DB-API connection names its errors
        raise error_of(getattr(error, "sqlite_errorcode", None)) or VaultDamaged() from error
    finally:
        driver.close()


def _run(driver: PoolProxiedConnection, statement: str, *values: str) -> None:
    cursor = driver.cursor()
    cursor.execute(statement, values)
    cursor.fetchall()


def _compare(
    engine: Engine, folder: Path, keys: KeyslotContent, last: Callable[[Engine], None] | None
) -> None:
    fresh = open_database(folder, keys, name=NEXT_NAME)
    try:
        check_integrity(fresh)
        if _counts(engine) != _counts(fresh):
            raise VaultDamaged()
        if last is not None:
            last(fresh)
    finally:
        close_database(fresh)
    for suffix in _BESIDE[1:]:
        (folder / (NEXT_NAME + suffix)).unlink(missing_ok=True)
    if not (folder / NEXT_NAME).exists():
        raise FolderNotWritable(path=str(folder), reason="the new file went away while it was written")


def _counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has, those of the search index among them."""
    try:
        with engine.connect() as connection:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            return {
                name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608  # own names
                for name in names
            }
    except DatabaseError as error:
        raise error_of(getattr(error.orig, "sqlite_errorcode", None)) or VaultDamaged() from error
