"""The user guide, as it comes with the program: its sections, ready to be shown without a browser."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from core.foundation.errors import FileUnreadable
from core.services.resources import resources_folder

GUIDE = "USER_GUIDE.md"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARK = re.compile(r"(\*\*.+?\*\*|(?<![\w*])\*[^*\s].*?\*|`[^`]+`)")
_KEYS = re.compile(r"\s*\([^)]*\)$")


class Kind(Enum):
    """What a part of a section is."""

    WORDS = "words"
    POINT = "point"
    ROW = "row"
    """A line of a table; the first cell is strong."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one part that look alike."""

    words: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, a point of a list or a line of a table."""

    kind: Kind
    runs: tuple[Run, ...]

    @property
    def words(self) -> str:
        """All of it, as one text."""
        return "".join(run.words for run in self.runs)


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `title` is without the key in brackets; `under` is the section it belongs to, empty for none."""

    title: str
    heading: str
    under: str
    parts: tuple[Part, ...]


@functools.cache
def read_guide() -> tuple[Section, ...]:
    """Every section in its order. Pictures are left out: the screen itself is in front of whoever reads.

    Raises:
        FileUnreadable: the guide is not where the program was put.
    """
    path = guide_file()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(path=GUIDE, reason="the user guide is not with the program") from error
    return tuple(_sections(text))


def guide_file() -> Path:
    """Where the guide lies: the folder `docs`, beside the packages."""
    return resources_folder().parent / "docs" / GUIDE


def _sections(text: str) -> Iterator[Section]:
    under = ""
    for chunk in re.split(r"^(?=#{2,3} )", text, flags=re.MULTILINE)[1:]:
        first, _, body = chunk.partition("\n")
        marks, _, heading = first.partition(" ")
        title = _KEYS.sub("", heading.strip())
        if marks == "##":
            under = ""
        yield Section(title, heading.strip(), under, tuple(_parts(body)))
        if marks == "##":
            under = title


def _parts(body: str) -> Iterator[Part]:
    for block in re.split(r"\n\s*\n", body):
        lines = [line for line in block.split("\n") if line.strip() and not line.lstrip().startswith("![")]
        if not lines:
            continue
        if lines[0].startswith("|"):
            yield from _rows(lines[2:])
            continue
        kind, words = Kind.WORDS, ""
        for line in lines:
            if line.startswith("- "):
                if words:
                    yield _part(kind, words)
                kind, words = Kind.POINT, line[2:]
            else:
                words = f"{words} {line.strip()}".strip()
        yield _part(kind, words)


def _rows(lines: list[str]) -> Iterator[Part]:
    for line in lines:
        first, *rest = (cell.strip() for cell in line.strip().strip("|").split("|"))
        runs = (*_runs(first, strong=True), Run(": "), *(run for cell in rest for run in _runs(cell)))
        yield Part(Kind.ROW, runs)


def _part(kind: Kind, words: str) -> Part:
    return Part(kind, tuple(_runs(words)))


def _runs(words: str, *, strong: bool = False) -> Iterator[Run]:
    for piece in _MARK.split(_LINK.sub(r"\1", words)):
        if not piece:
            continue
        plain = piece.strip("*`") if _MARK.fullmatch(piece) else piece
        yield Run(plain, strong or piece.startswith("**"))
