"""Unfinished typing, kept on this laptop only until it is saved or thrown away (decision 0004)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes.hlc import from_ms, to_ms
from core.store.connection import Connection
from core.store.schema import DRAFT


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far. `name` says where, for example `note:<case id>`."""

    name: str
    body: str
    saved_at: datetime


def keep_draft(connection: Connection, draft: Draft) -> None:
    """Keep this text, in the place of what was kept under its name."""
    values = {"name": draft.name, "body": draft.body, "saved_at_ms": to_ms(draft.saved_at)}
    statement = upsert(DRAFT).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def find_draft(connection: Connection, name: str) -> Draft | None:
    """The text kept under `name`, or None."""
    row = connection.execute(select(DRAFT).where(DRAFT.c.name == name)).first()
    return None if row is None else Draft(row.name, row.body, from_ms(row.saved_at_ms))


def all_drafts(connection: Connection) -> tuple[Draft, ...]:
    """Everything unfinished, newest first."""
    rows = connection.execute(select(DRAFT).order_by(DRAFT.c.saved_at_ms.desc()))
    return tuple(Draft(row.name, row.body, from_ms(row.saved_at_ms)) for row in rows)


def discard_draft(connection: Connection, name: str) -> None:
    """Throw away what is kept under `name`; absent is fine."""
    connection.execute(delete(DRAFT).where(DRAFT.c.name == name))
