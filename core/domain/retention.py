"""Keeping a case for its time, holding it longer, and deleting it for good (policy 3.2: data protection).

A deletion is asked for by who leads the case and agreed to by somebody else who may write in it; both stay as records
until they are carried out, and then nothing of the case is left.
"""

from __future__ import annotations

import datetime

from core.domain.declare import Record, StreamKind, choice, instant, labels, link, long_text, raw_bytes, record, text
from core.foundation.ids import RecordId

DELETION_REASONS = labels(
    ("time-over", "The time we keep closed cases is over"),
    ("erasure", "The person's right to have it erased was upheld"),
    ("mistake", "It was opened by mistake and holds nothing"),
)


@record(name="legal_hold", label="Hold", stream=StreamKind.CASE)
class LegalHold(Record):
    """The case must not be deleted while this stands: a court case, a complaint, an inquiry."""

    case: RecordId | None = link("Case", indexed=True)
    reason: str = text("Why it is held")
    placed_at: datetime.datetime | None = instant("Held since", indexed=True)
    placed_by: bytes = raw_bytes("Who held it")
    lifted_at: datetime.datetime | None = instant("No longer held since")


@record(name="deletion", label="Deletion for good", stream=StreamKind.CASE)
class Deletion(Record):
    """Somebody who leads the case asks to delete it for good."""

    case: RecordId | None = link("Case", indexed=True)
    reason: str = choice("Why", DELETION_REASONS)
    words: str = long_text("Whose decision, and on what ground")
    asked_at: datetime.datetime | None = instant("Asked")


@record(name="deletion_agreed", label="Agreement to deletion", stream=StreamKind.CASE)
class DeletionAgreed(Record):
    """A second person agrees to a deletion."""

    case: RecordId | None = link("Case", indexed=True)
    deletion: RecordId | None = link("Deletion for good")
    agreed_at: datetime.datetime | None = instant("Agreed")
