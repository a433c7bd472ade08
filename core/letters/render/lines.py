"""Runs of text into lines of a given width. Names, dates, phone numbers and postcodes stay in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.letters.model import Run
from core.letters.render.fonts import NO_BREAK_SPACE, tidy, width_pt

Line = tuple[Run, ...]

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr"
)
_TOGETHER = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b"  # dates
    r"|\+?\(?\d[\d()]*(?: [\d()]+)+"  # phone numbers and other numbers in groups
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"  # postcodes
    r"|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr) \w+|\b(?:Flat|Unit|Page|No\.?) \d\w*"
    r"|\b\d+(?:[.:]\d+)? (?:am|pm|hours?|days?|weeks?|months?|years?|pence|pounds?)\b"
)
_BREAK_AFTER = re.compile(r"(?<=[@/._])")  # not after a hyphen: nobody could tell whether it belongs


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one size, first baseline to first baseline `leading_pt` apart. `colour` is red, green, blue, 0 to 1."""

    lines: tuple[Line, ...]
    size_pt: float
    leading_pt: float
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def height_pt(self) -> float:
        return len(self.lines) * self.leading_pt

    @property
    def width_pt(self) -> float:
        """Of the longest line."""
        return max((line_width_pt(line, self.size_pt) for line in self.lines), default=0.0)

    def part(self, start: int, end: int) -> TextBlock:
        """Lines `start` to before `end`."""
        if start == 0 and end == len(self.lines):
            return self
        return replace(self, lines=self.lines[start:end])


def line_width_pt(line: Line, size_pt: float) -> float:
    """Points, without the space that ends a line for readers of the text."""
    last = len(line) - 1
    return sum(
        width_pt(run.text.rstrip(" ") if i == last else run.text, bold=run.bold, size_pt=size_pt)
        for i, run in enumerate(line)
    )


def break_lines(runs: Sequence[Run], *, width: float, size_pt: float) -> tuple[Line, ...]:
    """Greedy lines at most `width` points wide. All but the last end in a space, so that a reader of the
    text does not run two words together. A word too long for a line is broken where it hurts least.
    """
    if len(runs) == 1 and (quick := _one_weight(runs[0], width, size_pt)) is not None:
        return quick
    space = width_pt(" ", bold=False, size_pt=size_pt)
    lines: list[Line] = []
    for words in _hard_lines(runs):
        current: list[Run] = []
        used = 0.0
        for word in words:
            for number, piece in enumerate(_pieces(word, width, size_pt)):
                gap = 0.0 if number else space
                long = sum(width_pt(run.text, bold=run.bold, size_pt=size_pt) for run in piece)
                if current and (number or used + gap + long > width):
                    lines.append(_joined(current if number else [*current, Run(" ", current[-1].bold)]))
                    current, used = [], 0.0
                if current:
                    current.append(Run(" ", current[-1].bold))
                    used += gap
                current += piece
                used += long
        lines.append(_joined([*current, Run(" ", bool(current) and current[-1].bold)]))
    if lines and lines[-1]:
        end = lines[-1][-1]
        lines[-1] = (*lines[-1][:-1], Run(end.text.rstrip(" "), end.bold))
    return tuple(lines)


def _one_weight(run: Run, width: float, size_pt: float) -> tuple[Line, ...] | None:
    """The same lines sooner, for text in one weight; None where a word is longer than a line."""
    bold = run.bold
    space = width_pt(" ", bold=bold, size_pt=size_pt)
    lines: list[str] = []
    for text in together(run.text).split("\n"):
        current: list[str] = []
        used = -space
        for word in text.split(" "):
            if not word:
                continue
            long = width_pt(word, bold=bold, size_pt=size_pt)
            if long > width:
                return None
            if used + space + long > width:
                lines.append(" ".join(current) + " ")
                current, used = [], -space
            current.append(word)
            used += space + long
        lines.append(" ".join(current) + " ")
    lines[-1] = lines[-1].rstrip(" ")
    return tuple([(Run(line, bold),) for line in lines])


def together(text: str) -> str:
    """Tidy text whose dates, numbers and names hold together."""
    return _TOGETHER.sub(lambda match: match[0].replace(" ", NO_BREAK_SPACE), tidy(text))


class LineBreaker:
    """`break_lines` that remembers: most paragraphs of a run are the same in every letter."""

    def __init__(self) -> None:
        self._broken: dict[tuple[tuple[Run, ...], float, float], tuple[Line, ...]] = {}

    def lines(self, runs: Sequence[Run], *, width: float, size_pt: float) -> tuple[Line, ...]:
        """As `break_lines`."""
        key = (tuple(runs), width, size_pt)
        found = self._broken.get(key)
        if found is None:
            found = self._broken[key] = break_lines(runs, width=width, size_pt=size_pt)
        return found


def _hard_lines(runs: Sequence[Run]) -> Iterator[list[list[Run]]]:
    """For each line the writer asked for, its words; a word may change weight inside."""
    words: list[list[Run]] = [[]]
    for run in runs:
        for number, bound in enumerate(together(run.text).split("\n")):
            if number:
                yield [word for word in words if word]
                words = [[]]
            for at, part in enumerate(bound.split(" ")):
                if at:
                    words.append([])
                if part:
                    words[-1].append(Run(part, run.bold))
    yield [word for word in words if word]


def _pieces(word: list[Run], width: float, size_pt: float) -> list[list[Run]]:
    """The word itself, or the pieces of one that is wider than a line."""
    if sum(width_pt(run.text, bold=run.bold, size_pt=size_pt) for run in word) <= width:
        return [word]
    pieces: list[list[Run]] = []
    for run in word:
        for chunk in _BREAK_AFTER.split(run.text.replace(NO_BREAK_SPACE, " ")):
            rest = chunk
            while rest:
                end = len(rest)
                while end > 1 and width_pt(rest[:end], bold=run.bold, size_pt=size_pt) > width:
                    end -= 1
                pieces.append([Run(rest[:end], run.bold)])
                rest = rest[end:]
    return _packed(pieces, width, size_pt)


def _packed(pieces: list[list[Run]], width: float, size_pt: float) -> list[list[Run]]:
    packed: list[list[Run]] = []
    for piece in pieces:
        whole = [*packed[-1], *piece] if packed else piece
        if packed and sum(width_pt(run.text, bold=run.bold, size_pt=size_pt) for run in whole) <= width:
            packed[-1] = whole
        else:
            packed.append(piece)
    return packed


def _joined(runs: list[Run]) -> Line:
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].bold == run.bold:
            merged[-1] = Run(merged[-1].text + run.text, run.bold)
        else:
            merged.append(run)
    return tuple(merged)
