"""The names of all files ever met, held in memory for one open vault.

Every round asks which of the names in the folder are new, and the answer is nearly always: none. The table only grows
(rows are taken away in `forget_names` alone), so reading the rows added since the last time keeps the set whole.
A name that is missing here by any mishap costs one look into the table; none is ever here that the table lacks.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from core.store.connection import Connection

_KNOWN: WeakKeyDictionary[Engine, tuple[int, set[str]]] = WeakKeyDictionary()


def known_names(connection: Connection) -> set[str]:
    """All names. Ask outside of a transaction that writes: what is rolled back must not be remembered."""
    last, names = _KNOWN.get(connection.engine, (0, set()))
    rows = connection.exec_driver_sql("SELECT rowid, name FROM segment WHERE rowid > ? ORDER BY rowid", (last,)).all()
    if rows:
        names.update(row[1] for row in rows)
        _KNOWN[connection.engine] = (rows[-1][0], names)
    return names


def forget_names(connection: Connection) -> None:
    """Rows were taken out of the table: read it again."""
    _KNOWN.pop(connection.engine, None)
