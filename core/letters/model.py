"""The one letter every format is made from. No PDF, no markup, no recipient record: only text in order."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass


class LetterFormat(enum.Enum):
    """How a household reads its letters. `formats.is_made_here` tells what this machine makes itself."""

    STANDARD = "standard"
    LARGE_PRINT = "large-print"
    PLAIN_TEXT = "plain-text"
    BRAILLE = "braille"
    AUDIO = "audio"
    EASY_READ = "easy-read"

    @property
    def is_made_here(self) -> bool:
        """Whether every machine makes it, with nothing installed beside the program; see `formats.is_made_here`."""
        return self in (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT, LetterFormat.PLAIN_TEXT)

    @property
    def is_printed(self) -> bool:
        """True: goes into the PDF of a run."""
        return self in (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the letter, below its title."""

    text: str

    @property
    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a `\\n` inside a run starts a new line."""

    runs: tuple[Run, ...]

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each item is a tuple of runs."""

    items: tuple[tuple[Run, ...], ...]

    @property
    def plain(self) -> str:
        return "\n".join("".join(run.text for run in item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Answers to choose from by hand: each item stands beside an empty box."""

    items: tuple[tuple[Run, ...], ...]

    @property
    def plain(self) -> str:
        return "\n".join("".join(run.text for run in item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Blanks:
    """`count` empty lines to write on by hand."""

    count: int

    @property
    def plain(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines drawn by hand, such as a signature. Each stroke is x, y, x, y ... in a box `width` by `height`, y down.

    `says` is what a reader hears instead of it.
    """

    strokes: tuple[tuple[int, ...], ...]
    width: int
    height: int
    says: str

    @property
    def plain(self) -> str:
        return self.says


Block = Heading | Paragraph | Bullets | Boxes | Blanks | Drawing


class Layout(enum.Enum):
    """What sort of document it is. Only a letter has an address, and so an envelope with a window."""

    LETTER = "letter"
    SHEET = "sheet"
    """To hand over: a rights sheet, an action plan."""
    NOTICE = "notice"
    """To put up on a wall, in large type."""
    CARD = "card"
    """To leave at a door: half a sheet."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the organisation's name as typeset, and how to reach it."""

    name: str
    contact_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A composed letter. `language` is a BCP 47 tag such as `en-GB`.

    Of a letter, `blocks[0]` is the salutation, and the title stands under it; of everything else the title comes
    first. `closing` is the valediction followed by the lines of the signatory.
    """

    title: str
    language: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]
    address_lines: tuple[str, ...]
    date_text: str
    closing: tuple[str, ...]
    footer: str = ""
    reference_text: str = ""
    layout: Layout = Layout.LETTER
    stamp: str = ""
    """What stands at the top of every page of a sheet, such as `Confidential`."""

    def body_texts(self) -> Iterator[str]:
        """Everything a reader sees except the address block, piece by piece."""
        yield self.title
        yield from (block.plain for block in self.blocks)
        yield from self.closing
        yield self.date_text
        yield self.reference_text
        yield self.letterhead.name
        yield from self.letterhead.contact_lines
        yield self.footer
        if self.stamp:
            yield self.stamp


def same_words(one: Letter, other: Letter) -> bool:
    """Whether two letters are the same but for address and reference, told at a glance: their blocks are one object.

    False for letters that were put together one by one, though they may read alike.
    """
    return one.blocks is other.blocks and all(
        getattr(one, name) == getattr(other, name) for name in _SAID_BESIDE_BLOCKS
    )


_SAID_BESIDE_BLOCKS = (
    "title", "language", "letterhead", "date_text", "closing", "footer", "layout", "stamp",
)  # fmt: skip


def canonical_text(letter: Letter) -> str:
    """The letter as one text, the same for every format: what is hashed, searched and kept.

    Every piece stands under its role and further lines of a piece are indented, so that two different
    letters never have one text, whatever a value holds. Bold is between `**`; a star or a backslash that
    belongs to the words has a backslash before it.
    """
    before, between, after = _around_address(letter)
    return "".join((before, _listed("to", letter.address_lines), between, _escaped(letter.reference_text), after))


class TextHashes:
    """`text_sha256` of letter after letter, quicker where one follows another that only goes elsewhere."""

    def __init__(self) -> None:
        self._last: tuple[Letter, tuple[str, str, str]] | None = None

    def of(self, letter: Letter) -> bytes:
        """As `text_sha256`."""
        if self._last is None or not same_words(self._last[0], letter):
            self._last = letter, _around_address(letter)
        before, between, after = self._last[1]
        own = _listed("to", letter.address_lines)
        text = "".join((before, own, between, _escaped(letter.reference_text), after))
        return hashlib.sha256(text.encode("utf-8")).digest()


def _around_address(letter: Letter) -> tuple[str, str, str]:
    """The canonical text before the address, between it and the reference, and after the reference."""
    kind = [] if letter.layout is Layout.LETTER else ["layout: " + letter.layout.value]
    kind += ["stamp: " + _escaped(letter.stamp)] if letter.stamp else []
    head = [
        *kind,
        "language: " + _escaped(letter.language),
        _listed("from", (letter.letterhead.name, *letter.letterhead.contact_lines)),
    ]
    parts = ["title: " + _escaped(letter.title)]
    for block in letter.blocks:
        match block:
            case Heading(text):
                parts.append("heading: " + _escaped(text))
            case Paragraph(runs):
                parts.append("paragraph: " + _marked(runs))
            case Bullets(items):
                parts.append("\n- ".join(("bullets:", *(_marked(item) for item in items))))
            case Boxes(items):
                parts.append("\n- ".join(("boxes:", *(_marked(item) for item in items))))
            case Blanks(count):
                parts.append(f"lines to write on: {count}")
            case Drawing(strokes, width, height, says):
                drawn = " ".join(",".join(str(value) for value in stroke) for stroke in strokes)
                parts.append(f"drawing {width} by {height}: {_escaped(says)}\n  {drawn}")
    parts.append(_listed("closing", letter.closing))
    parts.append("footer: " + _escaped(letter.footer))
    between = "\n\ndate: " + _escaped(letter.date_text) + "\n\nreference: "
    return "\n\n".join([*head, ""]), between, "\n\n".join(["", *parts])


def text_sha256(letter: Letter) -> bytes:
    """SHA-256 (32 bytes) of the canonical text in UTF-8."""
    return hashlib.sha256(canonical_text(letter).encode("utf-8")).digest()


def _marked(runs: tuple[Run, ...]) -> str:
    return "".join(f"**{_escaped(run.text)}**" if run.bold else _escaped(run.text) for run in runs)


def _listed(role: str, lines: tuple[str, ...]) -> str:
    return "\n- ".join((f"{role}:", *(_escaped(line) for line in lines)))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("\n", "\n  ")
