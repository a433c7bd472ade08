"""Bringing the fixed tables of an older vault up to date: one function per schema version, run in order.

Record tables need none of this: they are made again from the change log whenever a declaration changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.crypto.derive import sha256
from core.store.connection import Connection


def migrate(connection: Connection, *, since: int) -> None:
    """Run the steps of every version after `since`. Absent tables were created by then."""
    for version in sorted(_STEPS):
        if version > since:
            _STEPS[version](connection)


def _removals(connection: Connection) -> None:
    """4: where epochs and roster entries came from; several envelope keys under one number."""
    for table, column, kind in (("epoch", "device", "BLOB"), ("epoch", "seq", "INTEGER"), ("roster", "seen", "BLOB")):
        known = connection.exec_driver_sql(f"SELECT 1 FROM pragma_table_info('{table}') WHERE name = '{column}'")  # noqa: S608  # our own names
        if known.first() is None:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS change_withheld ON change (device, seq) WHERE withheld")
    old = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'envelope_key'").first()
    if old is not None:
        for number, key in connection.exec_driver_sql("SELECT number, key FROM envelope_key").all():
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO envelope (number, digest, key, told) VALUES (?, ?, ?, 1)",
                (number, sha256(key), key),
            )
        connection.exec_driver_sql("DROP TABLE envelope_key")


_STEPS: Mapping[int, Callable[[Connection], None]] = {
    4: _removals,
}
