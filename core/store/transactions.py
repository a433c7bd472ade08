"""When a transaction begins: a write takes the write lock at once, a read takes a steady snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError

from core.foundation.errors import DiskFull, UntrackedWrite, VaultDamaged

_WRITE = "imani_write"


def own_transactions(engine: Engine) -> None:
    """Make every transaction of `engine` begin the way this module says. Call once per engine."""
    event.listen(engine, "begin", _begin)


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or none of it.

    Raises:
        DiskFull: the disk filled up; nothing was changed.
        UntrackedWrite: a record table was written outside the ledger; nothing was changed.
        VaultDamaged: the file is not whole.
    """
    with translated(), engine.connect().execution_options(**{_WRITE: True}) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A steady view of everything committed so far.

    Raises:
        VaultDamaged: the file is not whole.
    """
    with translated(), engine.connect() as connection:
        yield connection


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """The driver's errors as ours."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        if "untracked write" in said:
            raise UntrackedWrite(rule="records change only through the ledger") from error
        if "full" in said:
            raise DiskFull(path="the workbook") from error
        if "malformed" in said or "not a database" in said or "disk I/O error" in said:
            raise VaultDamaged() from error
        raise


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
