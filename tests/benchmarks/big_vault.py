"""A vault of 10,000 cases and 100,000 entries, written through the ledger, and the same database without a key."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import QueuePool

from core.domain.case import Case, Contact, Note, Party, Report, SafeContact
from core.foundation.ids import ID_BYTES, StreamId
from core.services.workspace import Workspace
from core.store.store import Ground, Store
from core.store.unit import Author
from core.vault.database import _SETTINGS, DATABASE_NAME
from tests.support.vaults import NOON

WORDS = (
    "again always asked bins block called children corridor council court damage door dog evening fence flat graffiti "
    "hallway heard housing kicked landing late letter light loud neighbour night noise note officer police posted rent "
    "repeated said saw scared school shouted slammed spoke stairs street swore threat told towards upset visited wall "
    "window witness woman worried wrote yard yesterday"
).split()
RARE = "quixotic"
BATCH_CASES = 100
SEALED_ONLY = ("key", "cipher_")


def sentence(dice: random.Random, letters: int) -> str:
    words: list[str] = []
    length = 0
    while length < letters:
        words.append(dice.choice(WORDS))
        length += len(words[-1]) + 1
    return " ".join(words)


def fill(workspace: Workspace, *, cases: int, entries: int, letters: int = 600) -> None:
    """`cases` cases with `entries` entries in all: a report, then contacts and notes in turn."""
    dice = random.Random(5)
    each = entries // cases
    for start in range(0, cases, BATCH_CASES):
        with workspace.store.unit("fill") as (unit, _):
            for number in range(start, min(start + BATCH_CASES, cases)):
                stream = StreamId(workspace.parts.randomness.bytes(ID_BYTES))
                opened = NOON - timedelta(minutes=13 * (cases - number))
                case = unit.create(
                    Case, stream, reference=f"2026-AB-{number:05d}", opened_at=opened, lead=workspace.user,
                    summary=sentence(dice, 50), place=sentence(dice, 20),
                    stage="open" if number % 10 == 0 else "closed",
                    closed_at=None if number % 10 == 0 else opened + timedelta(days=30),
                )  # fmt: skip
                party = unit.create(
                    Party, stream, case=case, name=f"Person {number} {dice.choice(WORDS)}", roles={"harmed"}
                )
                unit.create(SafeContact, stream, case=case, party=party, safe_ways={"call"}, unsafe_ways={"letter"})
                words = sentence(dice, letters) + (f" {RARE}" if number % 1000 == 7 else "")
                unit.create(Report, stream, case=case, received_at=opened, recorded_at=opened, words=words)
                for place in range(1, each):
                    at = opened + timedelta(hours=5 * place)
                    if place % 2:
                        unit.create(
                            Contact, stream, case=case, party=party, at=at, way="call", outcome="spoke",
                            notes=sentence(dice, letters), by=workspace.user,
                        )  # fmt: skip
                    else:
                        unit.create(Note, stream, case=case, at=at, body=sentence(dice, letters), by=workspace.user)


def without_key(sealed: Workspace, path: Path) -> Path:
    """The same tables, rows and indexes in a file that anybody can read."""
    driver = sealed.store.engine.raw_connection()
    try:
        cursor = driver.cursor()
        cursor.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
        cursor.execute("SELECT sqlcipher_export('plain')").fetchall()
        cursor.execute("DETACH DATABASE plain")
    finally:
        driver.close()
    return path


def plain_settings() -> list[str]:
    return [setting for setting in _SETTINGS if not setting.startswith(SEALED_ONLY)]


def plain_connection(path: Path) -> sqlcipher.Connection:
    """The same library, settings and cache, and no key."""
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    for setting in plain_settings():
        connection.execute(f"PRAGMA {setting}").fetchall()
    return connection


def plain_engine(path: Path) -> Engine:
    return create_engine(
        "sqlite://", module=sqlcipher, creator=lambda: plain_connection(path), poolclass=QueuePool, pool_size=2,
    )  # fmt: skip


def plain_workspace(sealed: Workspace, path: Path) -> Workspace:
    """The same services on the file without a key."""
    ground = Ground(sealed.parts.clock, sealed.parts.randomness)
    store = Store(plain_engine(path), ground=ground, author=Author(sealed.user, sealed.device))
    return dataclasses.replace(sealed, store=store)


def size_mb(folder: Path) -> float:
    return (folder / DATABASE_NAME).stat().st_size / 1e6
