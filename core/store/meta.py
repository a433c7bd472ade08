"""Small facts about this vault on this laptop: versions, the clock, the shared folder, settings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes.hlc import HybridClock
from core.store.schema import META

SCHEMA_VERSION = "schema-version"
CATALOGUE = "catalogue"
CLOCK = "clock"
DEVICE_IDENTITY = "device-identity"
"""This laptop's identity since its vault was put back from a copy (`core/vault/device.py`)."""
USER_KEYS = "user-keys"
"""This person's next keys, until they stand in the key file (`core/vault/user_keys.py`)."""
SETTING = "setting:"
"""Prefix of what the person chose on this laptop."""

_READ = f'SELECT value FROM "{META.name}" WHERE name = ?'  # noqa: S608  # asked so often that its words are kept ready


def read(connection: Connection, name: str) -> bytes | None:
    """The value kept under `name`, or None."""
    row = connection.exec_driver_sql(_READ, (name,)).first()
    return None if row is None else row[0]


def write(connection: Connection, name: str, value: bytes) -> None:
    """Keep `value` under `name`."""
    statement = upsert(META).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def forget(connection: Connection, name: str) -> None:
    """Remove what is kept under `name`."""
    forget_all(connection, (name,))


def forget_all(connection: Connection, names: Iterable[str]) -> None:
    """Remove what is kept under these names."""
    connection.execute(delete(META).where(META.c.name.in_(list(names))))


def read_all(connection: Connection, prefix: str) -> dict[str, bytes]:
    """Everything kept under names that begin with `prefix`, by the rest of the name."""
    start = len(prefix)
    rows = connection.execute(select(META.c.name, META.c.value).where(META.c.name.startswith(prefix, autoescape=True)))
    return {row.name[start:]: row.value for row in rows}


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
