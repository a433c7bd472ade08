"""HEIC pictures, MP4 and MOV videos and M4A recordings: where in them things stand that are not picture or sound.

They are made of boxes that point at each other by place, so nothing is cut out: what tells where and with what
something was taken is overwritten with zeros where it lies. The answer is a list of pieces to overwrite, found without
reading the picture or the sound itself, however large the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from core.foundation.errors import EncodingRejected

MAX_BOXES = 20_000
MAX_META_BYTES = 4 * 1024 * 1024
_HEADER = 8
_LONG_HEADER = 16
_TELLING_ITEMS = frozenset({b"Exif", b"mime", b"uri "})
_TELLING_BOXES = frozenset({b"udta", b"uuid", b"XMP_", b"cprt"})
_WALKED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})


class Readable(Protocol):
    """Reads anywhere in a file."""

    def read_at(self, place: int, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes to put in the place of others of the same number."""

    place: int
    data: bytes = b""
    zeros: int = 0

    @property
    def size_bytes(self) -> int:
        """How many bytes it replaces."""
        return len(self.data) or self.zeros


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    content: int
    end: int


def telling_pieces(untrusted: Readable, size_bytes: int) -> tuple[Patch, ...]:
    """What to overwrite so that the file no longer says where or with what it was taken, in order of place.

    Raises:
        EncodingRejected: the boxes cannot be followed to the end, so nobody can say what is left.
    """
    found: list[Patch] = []
    budget = [MAX_BOXES]
    _walk(untrusted, 0, size_bytes, found, budget, top=True)
    return tuple(sorted(found, key=lambda patch: patch.place))


def _walk(source: Readable, start: int, end: int, found: list[Patch], budget: list[int], *, top: bool) -> None:
    for box in _boxes(source, start, end, budget):
        if box.kind in _TELLING_BOXES or (box.kind == b"meta" and not top):
            found += _emptied(box)
        elif box.kind == b"meta":
            found += _telling_items(source, box, budget)
        elif box.kind in _WALKED:
            _walk(source, box.content, box.end, found, budget, top=False)
        elif box.kind == b"hdlr" and not top:
            _refuse_place_track(source, box)


def _refuse_place_track(source: Readable, box: _Box) -> None:
    """A track that is neither picture nor sound may hold the way somebody went, point by point."""
    if source.read_at(box.content + 8, 4) in (b"meta", b"camm", b"gps "):
        raise EncodingRejected(reason="it holds a track of places")


def _emptied(box: _Box) -> list[Patch]:
    """A box becomes free space of the same size."""
    kind = Patch(box.content - 4 if box.content - box.start == _HEADER else box.start + 4, b"free")
    return [kind, Patch(box.content, zeros=box.end - box.content)] if box.end > box.content else [kind]


def _boxes(source: Readable, start: int, end: int, budget: list[int]) -> Iterator[_Box]:
    place = start
    while place < end:
        budget[0] -= 1
        if budget[0] < 0 or place + _HEADER > end:
            raise EncodingRejected(reason="its parts cannot be followed to the end")
        head = source.read_at(place, _LONG_HEADER)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], place + _HEADER
        if size == 1:
            size, content = int.from_bytes(head[8:16], "big"), place + _LONG_HEADER
        elif size == 0:
            size = end - place
        if place + size > end or place + size < content:
            raise EncodingRejected(reason="its parts cannot be followed to the end")
        yield _Box(kind, place, content, place + size)
        place += size


def _telling_items(source: Readable, meta: _Box, budget: list[int]) -> list[Patch]:
    """Where the Exif and XMP items of a HEIC picture lie."""
    if meta.end - meta.content > MAX_META_BYTES:
        raise EncodingRejected(reason="its description is larger than any camera writes")
    inside = {box.kind: box for box in _boxes(source, meta.content + 4, meta.end, budget)}
    if b"iinf" not in inside or b"iloc" not in inside:
        return []
    telling = _items_of_kind(source, inside[b"iinf"], budget)
    idat = inside[b"idat"].content if b"idat" in inside else None
    reader = _Cursor(source.read_at(inside[b"iloc"].content, inside[b"iloc"].end - inside[b"iloc"].content))
    return [
        Patch(place, zeros=length)
        for item, place, length in _extents(reader, idat)
        if item in telling and length
    ]


def _items_of_kind(source: Readable, iinf: _Box, budget: list[int]) -> set[int]:
    version = source.read_at(iinf.content, 1)[0]
    first = iinf.content + 4 + (2 if version == 0 else 4)
    found = set()
    for box in _boxes(source, first, iinf.end, budget):
        if box.kind != b"infe":
            continue
        data = source.read_at(box.content, min(box.end - box.content, 16))
        if not data or data[0] < 2:
            raise EncodingRejected(reason="its description is of a kind not known here")
        width = 2 if data[0] == 2 else 4
        if data[4 + width + 2 : 4 + width + 6] in _TELLING_ITEMS:
            found.add(int.from_bytes(data[4 : 4 + width], "big"))
    return found


class _Cursor:
    """Reads numbers one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def number(self, width: int) -> int:
        if self._place + width > len(self._data):
            raise EncodingRejected(reason="its description is cut short")
        self._place += width
        return int.from_bytes(self._data[self._place - width : self._place], "big")


def _extents(cursor: _Cursor, idat: int | None) -> Iterator[tuple[int, int, int]]:
    """(item, place in the file, length) for everything the item location box names."""
    version = cursor.number(1)
    cursor.number(3)
    if version > 2:
        raise EncodingRejected(reason="its description is of a kind not known here")
    sizes, more = cursor.number(1), cursor.number(1)
    offset_width, length_width, base_width = sizes >> 4, sizes & 15, more >> 4
    index_width = more & 15 if version else 0
    for _ in range(cursor.number(2 if version < 2 else 4)):
        item = cursor.number(2 if version < 2 else 4)
        method = cursor.number(2) & 15 if version else 0
        cursor.number(2)
        base = cursor.number(base_width)
        for _ in range(cursor.number(2)):
            cursor.number(index_width)
            place = base + cursor.number(offset_width)
            length = cursor.number(length_width)
            if method == 0:
                yield item, place, length
            elif method == 1 and idat is not None:
                yield item, idat + place, length
            else:
                raise EncodingRejected(reason="its description is of a kind not known here")
