"""When a transaction begins: a write takes the write lock at once, a read takes a steady snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError

from core.foundation.driver_errors import error_of
from core.foundation.errors import UntrackedWrite

_WRITE = "imani_write"


def own_transactions(engine: Engine) -> None:
    """Make every transaction of `engine` begin the way this module says. Call once per engine."""
    event.listen(engine, "begin", _begin)


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or none of it.

    Raises:
        DiskFull: the disk filled up; nothing was changed.
        FolderNotWritable, VaultInUse: the disk or the system refused; nothing was changed.
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
        if "untracked write" in str(error.orig):
            raise UntrackedWrite(rule="records change only through the ledger") from error
        ours = error_of(getattr(error.orig, "sqlite_errorcode", None))
        if ours is None:
            raise
        raise ours from error


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
