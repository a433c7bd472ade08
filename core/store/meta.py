"""Small facts about this vault on this laptop: versions, the clock, the shared folder, settings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, delete

from core.changes.hlc import HybridClock
from core.store.connection import Connection
from core.store.schema import META
from core.store.transactions import writing

SCHEMA_VERSION = "schema-version"
CATALOGUE = "catalogue"
CLOCK = "clock"
DEVICE_IDENTITY = "device-identity"
"""This laptop's identity since its vault was put back from a copy (`core/vault/device.py`)."""
USER_KEYS = "user-keys"
"""This person's next keys, until they stand in the key file (`core/vault/user_keys.py`)."""
SETTING = "setting:"
"""Prefix of what the person chose on this laptop."""

# Asked so often that their words are kept ready.
_READ = "SELECT value FROM meta WHERE name = ?"
_READ_ALL = "SELECT substr(name, ?), value FROM meta WHERE name >= ? AND name < ?"
_WRITE = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_AFTER_ANY = "\U0010ffff"
"""Behind every character of a name."""


def read(connection: Connection, name: str) -> bytes | None:
    """The value kept under `name`, or None."""
    row = connection.exec_driver_sql(_READ, (name,)).first()
    return None if row is None else row[0]


def write(connection: Connection, name: str, value: bytes) -> None:
    """Keep `value` under `name`."""
    connection.exec_driver_sql(_WRITE, (name, value))


def forget(connection: Connection, name: str) -> None:
    """Remove what is kept under `name`."""
    forget_all(connection, (name,))


def forget_all(connection: Connection, names: Iterable[str]) -> None:
    """Remove what is kept under these names."""
    connection.execute(delete(META).where(META.c.name.in_(list(names))))


def forget_in(engine: Engine, names: Iterable[str]) -> None:
    """As `forget_all`, in a workbook that is open for nothing else."""
    with writing(engine) as connection:
        forget_all(connection, names)


def read_all(connection: Connection, prefix: str) -> dict[str, bytes]:
    """Everything kept under names that begin with `prefix`, by the rest of the name."""
    return dict(connection.exec_driver_sql(_READ_ALL, (len(prefix) + 1, prefix, prefix + _AFTER_ANY)))


def read_number(connection: Connection, name: str) -> int | None:
    """A whole number kept under `name`, or None."""
    value = read(connection, name)
    return None if value is None else int(value)


def write_number(connection: Connection, name: str, value: int) -> None:
    """Keep a whole number under `name`."""
    write(connection, name, str(value).encode())


def read_text(connection: Connection, name: str) -> str:
    """A text kept under `name`; empty if none."""
    value = read(connection, name)
    return "" if value is None else value.decode()


def read_clock(connection: Connection) -> HybridClock:
    """The last stamp issued or followed."""
    return HybridClock(read_number(connection, CLOCK) or 0)


def write_clock(connection: Connection, clock: HybridClock) -> None:
    """Remember the clock."""
    write_number(connection, CLOCK, clock.last)
