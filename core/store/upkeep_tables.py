"""Tables for the upkeep of the exchange: what is missing, what a person said about losses, packs, snapshots."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, Text

from core.store.schema import METADATA

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


SUMMARY = Table(
    "summary", METADATA,
    Column("name", Text, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("stream", LargeBinary, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    Column("covers", LargeBinary, nullable=False),
    Column("state_hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("judged", Boolean, nullable=False),
)  # fmt: skip
"""The newest summary of each stream, once for every laptop that vouches for it. `judged`: this laptop has looked."""

SUMMARY_DUE = Table(
    "summary_due", METADATA,
    Column("stream", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
)  # fmt: skip
"""How many changes of a stream are in no summary yet, and since when there are any."""

SUMMARY_FILE = Table(
    "summary_file", METADATA,
    Column("name", Text, primary_key=True),
    Column("replaced", Boolean, nullable=False),
    Column("at_ms", BigInteger),
)  # fmt: skip
"""Files of summaries made here; whether a newer summary has replaced each, and since when (null: not looked at yet)."""

BASE = Table(
    "summary_base", METADATA,
    Column("stream", LargeBinary, primary_key=True),
    Column("signer", LargeBinary, nullable=False),
    Column("covers", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("state_hash", LargeBinary, nullable=False),
    Column("trusted", Boolean, nullable=False),
)  # fmt: skip
"""Streams that stand on a summary until their history has been read here. Changes it covers are logged, not folded."""

PACKED = Table(
    "packed", METADATA,
    Column("name", Text, primary_key=True),
    Column("pack", Text, nullable=False, index=True),
)  # fmt: skip
"""Files whose segments were read out of a pack, or put into one here: the folder need not hold them as well."""

OWN_PACK = Table(
    "own_pack", METADATA,
    Column("name", Text, primary_key=True),
    Column("device", LargeBinary, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("read_back", Boolean, nullable=False),
    Column("retired_at_ms", BigInteger),
)  # fmt: skip
"""Packs made on this laptop and how far they have come."""
