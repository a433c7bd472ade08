"""Files that belong to a case: photographs, recordings, documents.

A record says what a file is and holds the key to it; the bytes themselves travel apart, sealed, in parts
(`core/sync/engine/blob.py`). The record lives in the stream of its case, or of a part of it that fewer people read.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    choice,
    instant,
    integer,
    labels,
    link,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId

ATTACHMENT_KINDS = labels(
    ("photo-before", "Photograph from before"),
    ("photo-after", "Photograph from afterwards"),
    ("photo", "Photograph"),
    ("recording", "Sound recording"),
    ("video", "Video"),
    ("letter", "Letter or email"),
    ("statement", "Statement"),
    ("document", "Document"),
    ("other", "Something else"),
)


@record(name="attachment", label="File", stream=StreamKind.CASE)
class Attachment(Record):
    """One file, kept exactly as it was given. `parts`: the names of its sealed parts, 32 bytes each, in order."""

    case: RecordId | None = link("Case", indexed=True)
    name: str = text("File name", care=Care.PERSONAL, search=2)
    what: str = choice("What it is", ATTACHMENT_KINDS)
    about: str = text("What it shows", care=Care.SENSITIVE, search=1)
    media_type: str = text("Type")
    size_bytes: int | None = integer("Size in bytes")
    sha256: bytes = raw_bytes("SHA-256")
    taken_at: datetime.datetime | None = instant("When it was taken or written")
    taken_by: str = text("Who took or gave it", care=Care.PERSONAL, search=1)
    attached_at: datetime.datetime | None = instant("Attached", indexed=True)
    by: bytes = raw_bytes("Attached by")
    blob_id: bytes = raw_bytes("Mark of the file in this case", care=Care.SECRET, indexed=True)
    key: bytes = raw_bytes("Key of the file", care=Care.SECRET)
    parts: bytes = raw_bytes("Names of the parts", care=Care.SECRET)
