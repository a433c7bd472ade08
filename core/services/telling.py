"""How a record tells its part of a case's story. Each chapter of the casework says it for its own records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from core.domain.declare import Record
from core.foundation.ids import RecordId


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. `sensitive` text is folded until somebody asks to read it, and so is `detail`. `who` may be empty."""

    at: datetime
    title: str
    who: str
    body: str
    sensitive: bool
    record: RecordId
    detail: str = ""
    """What is wanted in a dispute, and on no other day."""


Names: TypeAlias = Mapping[bytes, str]
"""User -> name."""
Teller: TypeAlias = Callable[[Any, Names], Iterable[TimelineEntry | None]]
"""A record of one type -> its entries; None for what has no date yet."""


def entry(
    record: Record, at: datetime | None, title: str, who: str, body: str, *, sensitive: bool = False, detail: str = ""
) -> TimelineEntry | None:
    """One entry of a record, or None where it has no date."""
    return None if at is None else TimelineEntry(at, title, who, body, sensitive, record.id, detail)


def label_of(record: Record, field: str) -> str:
    """The words for the choice a field holds."""
    return record.SPEC.fields[field].label_of(getattr(record, field))
