"""When a transaction begins: a write takes the write lock at once, a read takes a steady snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine

from core.foundation.driver_errors import error_of
from core.foundation.errors import UntrackedWrite
from core.store.connection import Connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or none of it.

    Raises:
        DiskFull: the disk filled up; nothing was changed.
        FolderNotWritable, VaultInUse: the disk or the system refused; nothing was changed.
        UntrackedWrite: a record table was written outside the ledger; nothing was changed.
        VaultDamaged: the file is not whole.
    """
    with _transaction(engine, "BEGIN IMMEDIATE") as connection:
        yield connection
        connection.send("COMMIT")


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A steady view of everything committed so far.

    Raises:
        VaultDamaged: the file is not whole.
    """
    with _transaction(engine, "BEGIN") as connection:
        yield connection


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """The driver's errors as ours."""
    try:
        yield
    except sqlcipher.DatabaseError as error:
        if "untracked write" in str(error):
            raise UntrackedWrite(rule="records change only through the ledger") from error
        ours = error_of(getattr(error, "sqlite_errorcode", None))
        if ours is None:
            raise
        raise ours from error


@contextlib.contextmanager
def _transaction(engine: Engine, begin: str) -> Iterator[Connection]:
    with translated(), contextlib.closing(engine.raw_connection()) as pooled:  # given back, it is rolled back
        connection = Connection(engine, pooled.driver_connection)
        connection.send(begin)
        yield connection
