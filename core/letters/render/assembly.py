"""Thousands of small objects into one file, written as they stand and not one by one by the library.

A letter of two pages has some eighty objects, nearly all of them a line of its structure tree. Making an object of the
library for each, and formatting it, was half of all the time a run took; here they are kept as runs of finished text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from reportlab.pdfbase import pdfdoc

_PLACE = re.compile("\x01(-?\\d+)\x02")
_BETWEEN = "\x03"
"""Stands between the objects of a stencil; no text of a PDF object has it."""
_ZLIB_LEVEL = 6
_WRITTEN_AT_ONCE = 1_000
"""So many objects of a run are put together; all of a long checklist at once take as much memory as the file."""


class RunDocument(pdfdoc.PDFDocument):  # type: ignore[misc]  # reportlab publishes no types
    """The library's document with runs of finished objects in it. It is neither encrypted nor signed."""

    runs: dict[int, Sequence[bytes]]

    def add_run(self, texts: Sequence[bytes]) -> int:
        """Take in finished objects, numbered one after the other; returns the number of the first."""
        first: int = self.objectcounter + 1
        self.objectcounter += len(texts)
        self.runs[first] = texts
        return first

    def add_page_of_run(self, number: int) -> None:
        """Object `number` of a run is the next page."""
        name = f"page{number}"
        self.idToObjectNumberAndVersion[name] = (number, 0)
        self.Pages.addPage(pdfdoc.PDFObjectReference(name))
        self.pageCounter += 1

    def format(self) -> bytes:
        """The whole file: as the parent, but a run goes in as it stands."""
        self.encrypt.prepare(self)
        self.Reference(self.Catalog)
        self.Reference(self.info)
        self.encrypt.info()
        collected = self.__accum__ = pdfdoc.PDFFile(self._pdfVersion)
        offsets: list[int] = []
        number = 1
        while True:
            run = self.runs.pop(number, None)  # written once: what is written need not be here twice
            if run is not None:
                for start in range(0, len(run), _WRITTEN_AT_ONCE):
                    some = run[start : start + _WRITTEN_AT_ONCE]
                    at = collected.offset
                    written = [b"%d 0 obj\n%b\nendobj\n" % (number + place, text) for place, text in enumerate(some)]
                    for text in written:
                        offsets.append(at)
                        at += len(text)
                    collected.add(b"".join(written))
                    number += len(some)
                continue
            name = self.numberToId.get(number)
            if name is None:
                break
            thing = pdfdoc.PDFIndirectObject(name, self.idToObject[name])
            # Formatting may add objects; the offset is taken when its own text is there.
            offsets.append(collected.add(thing.format(self)))
            number += 1
        del self.__accum__
        if number - 1 != self.objectcounter:
            raise ValueError(f"{self.objectcounter} objects were numbered and {number - 1} written")
        start = collected.add(_cross_references(offsets))
        trailer = pdfdoc.PDFTrailer(
            startxref=start, Size=number, Root=self.Reference(self.Catalog), Info=self.Reference(self.info),
            Encrypt=None, ID=self.ID(),
        )  # fmt: skip
        collected.add(trailer.format(self))
        data: bytes = collected.format(self)
        return data


def with_runs(document: Any) -> RunDocument:
    """The library's document as one that takes runs."""
    document.__class__ = RunDocument
    document.runs = {}
    assert isinstance(document, RunDocument)
    return document


def page_stream(code: str) -> bytes:
    """The drawing code of a page, compressed, as an object."""
    data = zlib.compress(code.encode("ascii"), _ZLIB_LEVEL)
    return b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (len(data), data)


def _cross_references(offsets: Sequence[int]) -> bytes:
    lines = b"".join([b"%010d 00000 n \n" % offset for offset in offsets])
    return b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(offsets) + 1, lines)


def place(index: int) -> str:
    """Stands for the number of object `index` while a stencil is made."""
    return f"\x01{index}\x02"


@dataclass(frozen=True, slots=True)
class Stencil:
    """The objects of one layout with holes for their numbers: made once, filled for each letter."""

    text: str
    holes: tuple[int, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Stencil:
        """From texts in which `place(index)` stands for a number."""
        text = _BETWEEN.join(texts)
        holes = tuple(int(found) for found in _PLACE.findall(text))
        return cls(_PLACE.sub("%d", text.replace("%", "%%")), holes)

    def filled(self, numbers: Sequence[int]) -> list[bytes]:
        """The objects, hole `index` filled with `numbers[index]`."""
        wanted = self.holes
        # In one go: a letter has some forty objects, and to fill one after the other takes three times as long.
        found = itemgetter(*wanted)(numbers) if len(wanted) > 1 else tuple(numbers[hole] for hole in wanted)
        return (self.text % found).encode("ascii").split(_BETWEEN.encode("ascii"))
