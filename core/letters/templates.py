"""Letter templates: limited markdown with `[[field]]` from a fixed list, read by us and by nothing else.

What a template may hold, and nothing more: a header, headings (`# `), paragraphs, bullets (`- `),
bold (`**`), `[[field]]`, and `[[if field]] ... [[end]]` around lines or inside a line. No loops, no
expressions, no nesting, so a template that arrives by e-mail is text, never a program.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from core.foundation.errors import NotFound, TemplateInvalid
from core.foundation.files import read_capped
from core.letters.model import Block, Bullets, Heading, Paragraph, Run

MAX_TEMPLATE_BYTES = 256 * 1024

FIELDS = MappingProxyType(
    {
        "salutation": "who the letter greets, without Dear",
        "address": "the address block, one line each",
        "date": "the date of the letter, in words",
        "reference": "a neutral reference for this letter",
        "organisation_name": "the organisation's full name",
        "organisation_contact": "its address and numbers for the letterhead, one line each",
        "phone": "the number to call",
        "email": "the e-mail address to write to",
        "out_of_hours": "the number for evenings and weekends",
        "report_web": "the web page for reports",
        "officer_name": "who signs",
        "officer_role": "the signatory's role",
        "footer": "the small line at the foot of the first page",
        "witnesses": "yes, if people who saw something are asked to come forward",
        "appointment_date": "the date of an appointment",
        "appointment_place": "the place of an appointment",
        "reply_by": "the date by which an answer is asked",
    }
)
"""Every field a template may name, with what it means."""

ENVELOPE_FIELDS = ("salutation", "address", "date", "organisation_name", "organisation_contact")
"""Needed by every letter, whether or not the template's text names them."""

# No bracket inside a tag and no optional space around it: a hostile line costs no more than its length.
_TAG = re.compile(r"\[\[([^\[\]]*)\]\]|(\*\*)")
_HEADER_LINE = re.compile(r"([a-z_]+):[ \t]*(.*)")
_IF = re.compile(r"if\s+(\S+)")
_HEADER_KEYS = ("id", "version", "language", "title", "closing")
_OPTIONAL_KEYS = ("clauses", "approved_by", "approved_on")


@dataclass(frozen=True, slots=True)
class TemplateIdentity:
    """Which text a letter was made from. `sha256` is over the file with `\\n` line ends."""

    template_id: str
    version: int
    language: str
    sha256: bytes
    approved_by: str
    approved_on: date | None

    @property
    def is_approved(self) -> bool:
        return bool(self.approved_by) and self.approved_on is not None


@dataclass(frozen=True, slots=True)
class Segment:
    """Literal text, or the value of `field`; only if `condition` has a value."""

    text: str
    field: str = ""
    bold: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """One block before its fields are filled. `ready` is the finished block when nothing can vary."""

    kind: type[Heading] | type[Paragraph] | type[Bullets]
    items: tuple[tuple[Segment, ...], ...]
    conditions: tuple[str, ...]
    ready: Block | None

    def __post_init__(self) -> None:
        if len(self.items) != len(self.conditions):
            raise ValueError("one condition for each item")


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been read and checked."""

    identity: TemplateIdentity
    title: str
    closing: str
    clauses: tuple[str, ...]
    blocks: tuple[TemplateBlock, ...]
    source: str

    def fields(self) -> frozenset[str]:
        """Every field the text names, in conditions too."""
        return frozenset(self._named(conditional=True)) | frozenset(ENVELOPE_FIELDS)

    def required_fields(self) -> frozenset[str]:
        """Fields whose value may not be empty: those used outside any condition."""
        return frozenset(self._named(conditional=False)) | frozenset(ENVELOPE_FIELDS)

    def _named(self, *, conditional: bool) -> Iterator[str]:
        for block in self.blocks:
            for item, condition in zip(block.items, block.conditions, strict=True):
                if condition and conditional:
                    yield condition
                for segment in item:
                    if segment.condition and conditional:
                        yield segment.condition
                    if segment.field and (conditional or not (condition or segment.condition)):
                        yield segment.field


def load_template(folder: Path, *, template_id: str, version: int, language: str) -> Template:
    """Read `folder/<template_id>/<version>.<language>.md`.

    Raises:
        NotFound: there is no such file.
        TemplateInvalid: it breaks the rules above, with the line, or says to be another template.
    """
    path = folder / template_id / f"{version}.{language}.md"
    if not path.is_file():
        raise NotFound(what="letter template")
    try:
        text = read_capped(path, MAX_TEMPLATE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateInvalid(reason="it is not saved as UTF-8 text") from error
    template = parse_template(text)
    found = template.identity
    if (found.template_id, found.version, found.language) != (template_id, version, language):
        raise TemplateInvalid(reason="its header names another template, version or language than its file name")
    return template


def newest_version(folder: Path, *, template_id: str, language: str) -> Template:
    """The highest version of a template in one language.

    Raises:
        NotFound, TemplateInvalid: as `load_template`.
    """
    versions = [
        int(path.name.partition(".")[0])
        for path in (folder / template_id).glob(f"*.{language}.md")
        if path.name.partition(".")[0].isdecimal()
    ]
    if not versions:
        raise NotFound(what="letter template")
    return load_template(folder, template_id=template_id, version=max(versions), language=language)


def parse_template(text: str) -> Template:
    """Read a template's whole text, header included.

    Raises:
        TemplateInvalid: `reason` names the line.
    """
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = source.split("\n")
    header, body_start = _read_header(lines)
    blocks = tuple(_Reader(lines, body_start).blocks())
    if not blocks:
        raise TemplateInvalid(reason="it has no text")
    identity = TemplateIdentity(
        template_id=header["id"],
        version=_version(header["version"]),
        language=header["language"],
        sha256=hashlib.sha256(source.encode("utf-8")).digest(),
        approved_by=header.get("approved_by", ""),
        approved_on=_day(header.get("approved_on", "")),
    )
    return Template(
        identity=identity,
        title=header["title"],
        closing=header["closing"],
        clauses=tuple(header.get("clauses", "").split()),
        blocks=blocks,
        source=source,
    )


def _read_header(lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or lines[0].strip() != "---":
        raise TemplateInvalid(reason="line 1: it must begin with a header between two lines of ---")
    header: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            missing = [key for key in _HEADER_KEYS if not header.get(key)]
            if missing:
                raise TemplateInvalid(reason=f"line {number}: the header has no {', '.join(missing)}")
            return header, number
        match = _HEADER_LINE.fullmatch(line.strip())
        if match is None or match[1] not in _HEADER_KEYS + _OPTIONAL_KEYS or match[1] in header:
            raise TemplateInvalid(reason=f"line {number}: {line.strip()!r} does not belong in the header")
        if any(mark in match[2] for mark in ("[[", "]]", "**")):
            raise TemplateInvalid(reason=f"line {number}: the header holds plain words, no fields and no bold")
        header[match[1]] = match[2].strip()
    raise TemplateInvalid(reason="the header is not closed by a line of ---")


def _version(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise TemplateInvalid(reason="the version in the header must be 1, 2, 3 ...")
    return int(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TemplateInvalid(reason="approved_on in the header must be a date such as 2026-05-31") from error


class _Reader:
    """Turns the body's lines into blocks."""

    def __init__(self, lines: list[str], body_start: int) -> None:
        self._lines = lines
        self._start = body_start
        self._condition = ""
        self._opened_at = 0

    def blocks(self) -> Iterator[TemplateBlock]:
        paragraph: list[tuple[int, str]] = []
        bullets: list[tuple[Segment, ...]] = []
        bullet_conditions: list[str] = []

        def pending() -> Iterator[TemplateBlock]:
            if paragraph:
                first_line = paragraph[0][0]
                yield self._block(Paragraph, [_segments(first_line, "\n".join(text for _, text in paragraph))])
                paragraph.clear()
            if bullets:
                yield _finished(Bullets, list(bullets), list(bullet_conditions))
                bullets.clear()
                bullet_conditions.clear()

        for number, raw in enumerate(self._lines[self._start :], start=self._start + 1):
            line = raw.strip()
            if self._is_condition_line(line):
                # A list goes on through a condition; a paragraph does not.
                if paragraph:
                    yield from pending()
                self._turn(number, line)
            elif not line:
                yield from pending()
            elif line.startswith("# "):
                yield from pending()
                yield self._block(Heading, [_segments(number, line[2:].strip(), allow_bold=False)])
            elif line.startswith("- "):
                if paragraph:
                    yield from pending()
                bullets.append(_segments(number, line[2:].strip()))
                bullet_conditions.append(self._condition)
            elif line.startswith(("#", ">", "|", "```")) or line in ("---", "***"):
                raise TemplateInvalid(
                    reason=f"line {number}: only headings with one #, paragraphs and bullets can be used"
                )
            else:
                if bullets:
                    yield from pending()
                paragraph.append((number, line))
        if self._condition:
            raise TemplateInvalid(reason=f"line {self._opened_at}: this [[if ...]] has no [[end]]")
        yield from pending()

    def _block(self, kind: type[Heading] | type[Paragraph], items: list[tuple[Segment, ...]]) -> TemplateBlock:
        return _finished(kind, items, [self._condition])

    @staticmethod
    def _is_condition_line(line: str) -> bool:
        match = _TAG.fullmatch(line)
        tag = (match[1] or "").strip() if match else ""
        return tag == "end" or _IF.fullmatch(tag) is not None

    def _turn(self, number: int, line: str) -> None:
        match = _TAG.fullmatch(line)
        tag = match[1].strip() if match else ""
        if tag == "end":
            if not self._condition:
                raise TemplateInvalid(reason=f"line {number}: [[end]] without an [[if ...]] before it")
            self._condition = ""
            return
        if self._condition:
            raise TemplateInvalid(reason=f"line {number}: an [[if ...]] cannot stand inside another")
        self._condition = _known(number, tag[2:].strip())
        self._opened_at = number


def _segments(first_line: int, text: str, *, allow_bold: bool = True) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    bold = False
    condition = ""
    position = 0

    def literal(piece: str, at: int) -> None:
        if "[[" in piece or "]]" in piece:
            raise TemplateInvalid(reason=f"line {line_at(at)}: a [[ or ]] without its partner")
        if piece:
            segments.append(Segment(text=" ".join(piece.split("\n")), bold=bold, condition=condition))

    def line_at(at: int) -> int:
        return first_line + text.count("\n", 0, at)

    for match in _TAG.finditer(text):
        literal(text[position : match.start()], position)
        position = match.end()
        line = line_at(match.start())
        tag = (match[1] or "").strip()
        if match[2]:
            if not allow_bold:
                raise TemplateInvalid(reason=f"line {line}: a heading is bold already")
            bold = not bold
        elif tag == "end":
            if not condition:
                raise TemplateInvalid(reason=f"line {line}: [[end]] without an [[if ...]] before it")
            condition = ""
        elif conditional := _IF.fullmatch(tag):
            if condition:
                raise TemplateInvalid(reason=f"line {line}: an [[if ...]] cannot stand inside another")
            condition = _known(line, conditional[1])
        else:
            segments.append(Segment(text="", field=_known(line, tag), bold=bold, condition=condition))
    literal(text[position:], position)
    last_line = line_at(len(text))
    if bold:
        raise TemplateInvalid(reason=f"line {last_line}: bold is opened with ** and not closed")
    if condition:
        raise TemplateInvalid(reason=f"line {last_line}: this [[if ...]] has no [[end]]")
    return tuple(segments)


def _known(line: int, name: str) -> str:
    if name not in FIELDS:
        raise TemplateInvalid(reason=f"line {line}: there is no field called {name!r}")
    return name


def _finished(
    kind: type[Heading] | type[Paragraph] | type[Bullets], items: list[tuple[Segment, ...]], conditions: list[str]
) -> TemplateBlock:
    varies = any(conditions) or any(segment.field or segment.condition for item in items for segment in item)
    ready = None if varies else built(kind, tuple(tuple(Run(s.text, s.bold) for s in item) for item in items))
    return TemplateBlock(kind=kind, items=tuple(items), conditions=tuple(conditions), ready=ready)


def built(kind: type[Heading] | type[Paragraph] | type[Bullets], items: tuple[tuple[Run, ...], ...]) -> Block:
    """A block of the model from its filled items."""
    if kind is Heading:
        return Heading("".join(run.text for run in items[0]))
    if kind is Paragraph:
        return Paragraph(items[0])
    return Bullets(items)
