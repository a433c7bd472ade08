"""The second reader's way to an attached file, written from PROTOCOL 11 alone."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

from tests.independent.formats import Refused, expand, h, padded, unseal
from tests.independent.reader import Folder, Record

PART = 1 << 23
MOST = 1 << 30


def attached_file(folder: Path, reader: Folder, record: Record) -> bytes:
    """The bytes of the file behind a record of type `attachment`, checked as the page says."""

    def shown(field: str) -> Any:
        values = record.fields.get(field) or [None]
        return values[0]

    size, key, names, blob_id = shown("size_bytes"), shown("key"), shown("parts"), shown("blob_id")
    if not isinstance(size, int) or not 1 <= size <= MOST or len(key) != 32:
        raise Refused("no size or key a file can have")
    whole = padded(size)
    lengths = [min(PART, whole - start) for start in range(0, whole, PART)]
    each = [names[start : start + 32].hex() for start in range(0, len(names), 32)]
    if len(names) != 32 * len(lengths) or len(set(each)) != len(each):
        raise Refused("not as many parts as the file has")
    found = bytearray()
    for number, (name, length) in enumerate(zip(each, lengths, strict=True)):
        sealed = (folder / "cwf1" / "b" / name[:2] / name).read_bytes()
        if h(sealed).hex() != name:
            raise Refused("a part is not what its name says")
        context = ["cwf1/att", reader.keys.organisation, record.stream, blob_id, number]
        part = unseal(key, context, sealed)
        if len(part) != length:
            raise Refused("a part of another length")
        found += part
    if any(found[size:]) or h(bytes(found[:size])) != shown("sha256"):
        raise Refused("not the file the record speaks of")
    first = min((number, name) for name, (stream, number, _) in reader.keys.streams.items() if stream == record.stream)
    name_key = expand(reader.keys.streams[first[1]][2], "cwf1/name")
    if hmac.new(name_key, shown("sha256"), hashlib.sha256).digest()[:20] != blob_id:
        raise Refused("the mark is not that of the file")
    return bytes(found[:size])
