"""The encrypted database file: SQLCipher opened by a raw key, never by the passphrase.

Settings and their reasons are measured in keys-and-sync 2.3 and performance 1: HMAC-SHA256 for speed,
WAL with full synchronisation so that an acknowledged write survives a crash, secure delete so that
what is deleted is gone, temporary tables in memory so that nothing is ever written in the clear.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from core.foundation.driver_errors import error_of
from core.foundation.errors import DiskFull, FolderNotWritable, VaultDamaged, VaultLocked
from core.foundation.files import PRIVATE_FILE_MODE
from core.vault.keyslot import KeyslotContent

DATABASE_NAME = "workbook.db"
BUSY_TIMEOUT_S = 10
LEAST_FREE_BYTES = 64 * 1024
"""An open database needs a small file beside it, of 32 KiB."""

_SETTINGS = (
    "cipher_log_level=NONE",
    "cipher_memory_security=OFF",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "recursive_triggers=ON",
    "cache_size=-32768",
    "journal_size_limit=8388608",
)


def open_database(folder: Path, keys: KeyslotContent, *, name: str = DATABASE_NAME) -> Engine:
    """An engine on the vault's database, or on a copy of it under another name; the file is created if absent.

    The driver is in autocommit: `core/store/transactions.py` decides when a transaction begins.

    Raises:
        VaultDamaged: the file is not a database of this key.
        FolderNotWritable: the file cannot be created or opened.
    """
    path = folder / name
    try:
        path.touch(mode=PRIVATE_FILE_MODE, exist_ok=True)
    except OSError as error:
        raise FolderNotWritable(path=str(folder), reason=error.strerror or "the system refused") from error

    def connect() -> sqlcipher.Connection:
        # Asked for each time and kept nowhere: once the keys are wiped, the engine opens nothing more.
        return _connect(path, (keys.vault_key.reveal() + keys.vault_salt).hex())

    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, pool_size=2, max_overflow=2,
        hide_parameters=True,
    )  # fmt: skip
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    except DatabaseError as error:
        engine.dispose()
        said = error_of(getattr(error.orig, "sqlite_errorcode", None)) or VaultDamaged()
        if isinstance(said, FolderNotWritable) and _no_room(folder):  # the driver says that writing failed, not why
            said = DiskFull(path=str(folder))
        raise said from error
    return engine


def opens(path: Path, keys: KeyslotContent) -> bool:
    """Whether the file is a database of this key. Nothing is written."""
    if not path.exists():
        return False
    try:
        _connect(path, (keys.vault_key.reveal() + keys.vault_salt).hex(), settings=()).close()
    except sqlcipher.DatabaseError:
        return False
    return True


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE_BYTES
    except OSError:
        return False


def check_integrity(engine: Engine) -> None:
    """Read every page of the file.

    What a power cut left half written in the file is whole in the log beside it, so the log is written back first.
    On a full disk it cannot be; then the pages are read as every query reads them, through the log.

    Raises:
        VaultDamaged: a page does not verify, or the structure is broken.
    """
    try:
        with engine.connect() as connection:
            broken: Sequence[object] = ()
            if _write_log_back(connection):
                broken = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
            quick = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    except DatabaseError as error:
        raise error_of(getattr(error.orig, "sqlite_errorcode", None)) or VaultDamaged() from error
    if broken or quick != ["ok"]:
        raise VaultDamaged()


def _write_log_back(connection: Connection) -> bool:
    """Whether there was room for it."""
    try:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except DatabaseError as error:
        if isinstance(error_of(getattr(error.orig, "sqlite_errorcode", None)), DiskFull):
            return False
        raise
    return True


def close_database(engine: Engine) -> None:
    """Write everything back into the one file and close it; after this no key is in the driver."""
    with contextlib.suppress(DatabaseError, VaultLocked), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    engine.dispose()


def _connect(path: Path, raw_key: str, *, settings: Sequence[str] = _SETTINGS) -> sqlcipher.Connection:
    connection = sqlcipher.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S
    )
    try:
        connection.execute(f"PRAGMA key=\"x'{raw_key}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE").fetchall()
        connection.execute("PRAGMA cipher_hmac_algorithm=HMAC_SHA256").fetchall()
        # For the copy a backup makes: VACUUM INTO takes the key of this connection, but not its algorithm.
        connection.execute("PRAGMA cipher_default_hmac_algorithm=HMAC_SHA256").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for setting in settings:
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection

