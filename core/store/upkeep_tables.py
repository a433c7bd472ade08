"""Tables for the upkeep of the exchange: what is missing, what a person said about losses, packs, snapshots."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()

MISSING = Table(
    "missing", METADATA,
    Column("device", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
)  # fmt: skip
"""The newest segment of a laptop that somebody's signature names and that is not here, and since when it is missed."""

LOST = Table(
    "lost", METADATA,
    Column("name", Text, primary_key=True),
    Column("put_back", Boolean, nullable=False),
)  # fmt: skip
"""Files the folder lost and a person was asked about, with what they said. Gone once the file is back."""


def create(connection: Connection) -> None:
    """Create them where absent."""
    METADATA.create_all(connection)
