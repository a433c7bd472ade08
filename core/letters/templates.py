"""Letter templates: limited markdown with `[[field]]` from a fixed list, read by us and by nothing else.

What a template may hold, and nothing more: a header, headings (`# `), paragraphs, bullets (`- `), boxes to
tick (`- [ ] `), lines to write on (`____`), bold (`**`), `[[field]]`, and `[[if field]] ... [[end]]` around
lines or inside a line. No loops, no expressions, no nesting, so a template that arrives by e-mail is text,
never a program.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from core.foundation.errors import NotFound, TemplateInvalid
from core.foundation.files import read_capped
from core.letters.fields import FIELDS
from core.letters.languages import is_english
from core.letters.model import Blanks, Block, Boxes, Bullets, Heading, Layout, Paragraph, Run

MAX_TEMPLATE_BYTES = 256 * 1024

ENVELOPE_FIELDS = ("salutation", "address", "date", "organisation_name", "organisation_contact")
"""Needed by every letter, whether or not the template's text names them."""
SHEET_FIELDS = ("organisation_name", "organisation_contact")
"""Needed by everything else."""

AUDIENCES = MappingProxyType(
    {
        "harmed": "The person harmed, or who reported",
        "complained-about": "The person complained about",
        "parent": "The parent or guardian of a child",
        "landlord": "Another landlord",
        "agency": "An agency",
        "police": "The police",
        "area": "Everybody in an area",
        "association": "The tenants' association",
        "door": "Whoever opens the door",
    }
)
"""Who reads a document. What it must never say depends on it."""

# No bracket inside a tag and no optional space around it: a hostile line costs no more than its length.
_TAG = re.compile(r"\[\[([^\[\]]*)\]\]|(\*\*)")
_HEADER_LINE = re.compile(r"([a-z_]+):[ \t]*(.*)")
_IF = re.compile(r"if\s+(\S+)")
_HEADER_KEYS = ("id", "version", "language", "title")
_OPTIONAL_KEYS = (
    "closing", "clauses", "approved_by", "approved_on", "name", "about", "audience", "layout", "dated", "translates",
    "signed_off", "after_finding", "proofed_by", "proofed_on",
)  # fmt: skip
_BLANK_LINE = re.compile(r"_{3,}")
_BOX = re.compile(r"- \[ \] *(.*)")
_FORBIDDEN = re.compile(r"\bperpetrators?\b", re.IGNORECASE)
MOST_BLANK_LINES = 12


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
class TemplateUse:
    """What a template is for. `name` and `when` are for the officer who chooses it.

    `translates`: the English version this text translates, 0 for an original. `signed_off`: a second person agrees
    before a letter is made. `after_finding`: it may say what was found. `proofed_by`: who reads the language and has
    gone over this very text; without a name a translation is a draft.
    """

    name: str = ""
    when: str = ""
    audiences: tuple[str, ...] = ()
    layout: Layout = Layout.LETTER
    dated: date | None = None
    translates: int = 0
    signed_off: bool = False
    after_finding: bool = False
    proofed_by: str = ""
    proofed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Literal text, or the value of `field`; only if `condition` has a value."""

    text: str
    field: str = ""
    bold: bool = False
    condition: str = ""


BlockKind = type[Heading] | type[Paragraph] | type[Bullets] | type[Boxes] | type[Blanks]


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """One block before its fields are filled. `ready` is the finished block when nothing can vary."""

    kind: BlockKind
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
    use: TemplateUse = TemplateUse()

    @property
    def name(self) -> str:
        """What the officer chooses it by."""
        return self.use.name or self.title

    @property
    def is_draft(self) -> bool:
        """Whether it is in another language and nobody who reads it has gone over it (policy 6.5)."""
        return not is_english(self.identity.language) and not self.use.proofed_by

    def fields(self) -> frozenset[str]:
        """Every field the text names, in conditions too."""
        return frozenset(self._named(conditional=True)) | self._always

    def named_fields(self) -> frozenset[str]:
        """Every field that stands in the words themselves."""
        return frozenset(self._named(conditional=True))

    def required_fields(self) -> frozenset[str]:
        """Fields whose value may not be empty: those used outside any condition."""
        return frozenset(self._named(conditional=False)) | self._always

    @property
    def _always(self) -> frozenset[str]:
        return frozenset(ENVELOPE_FIELDS if self.use.layout is Layout.LETTER else SHEET_FIELDS)

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
    if header.get("after_finding") != "yes":
        for number, line in enumerate(lines, start=1):
            if reason := why_not_say(line, after_finding=False):
                raise TemplateInvalid(reason=f"line {number}: {reason[0].lower()}{reason[1:]}")
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
        closing=header.get("closing", ""),
        clauses=tuple(header.get("clauses", "").split()),
        blocks=blocks,
        source=source,
        use=_use(header),
    )


def _use(header: Mapping[str, str]) -> TemplateUse:
    audiences = tuple(header.get("audience", "").split())
    if not set(audiences) <= AUDIENCES.keys():
        raise TemplateInvalid(reason=f"audience in the header must be among {', '.join(AUDIENCES)}")
    translates = header.get("translates", "")
    return TemplateUse(
        name=header.get("name", ""), when=header.get("about", ""), audiences=audiences, layout=_layout(header),
        dated=_day(header.get("dated", ""), "dated"), translates=_version(translates) if translates else 0,
        signed_off=_yes(header, "signed_off"), after_finding=_yes(header, "after_finding"),
        proofed_by=header.get("proofed_by", ""), proofed_on=_day(header.get("proofed_on", ""), "proofed_on"),
    )  # fmt: skip


def _layout(header: Mapping[str, str]) -> Layout:
    try:
        return Layout(header.get("layout", Layout.LETTER.value))
    except ValueError as error:
        raise TemplateInvalid(reason="layout in the header must be letter, sheet, notice or card") from error


def _yes(header: Mapping[str, str], key: str) -> bool:
    value = header.get(key, "no")
    if value not in ("yes", "no"):
        raise TemplateInvalid(reason=f"{key} in the header must be yes or no")
    return value == "yes"


def why_not_say(text: str, *, after_finding: bool) -> str:
    """Why a text cannot go out, as a sentence; "" if it can. Before a finding nobody is called a perpetrator."""
    if after_finding or not _FORBIDDEN.search(text):
        return ""
    return "Nobody is called a perpetrator before there is a finding. Say: the person complained about"


def _read_header(lines: list[str]) -> tuple[dict[str, str], int]:
    if not lines or lines[0].strip() != "---":
        raise TemplateInvalid(reason="line 1: it must begin with a header between two lines of ---")
    header: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            wanted = _HEADER_KEYS if header.get("layout", "letter") != "letter" else (*_HEADER_KEYS, "closing")
            missing = [key for key in wanted if not header.get(key)]
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


def _day(text: str, key: str = "approved_on") -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TemplateInvalid(reason=f"{key} in the header must be a date such as 2026-05-31") from error


class _Reader:
    """Turns the body's lines into blocks. What is begun is held until it is clear where it ends."""

    def __init__(self, lines: list[str], body_start: int) -> None:
        self._lines = lines
        self._start = body_start
        self._condition = ""
        self._opened_at = 0
        self._paragraph: list[tuple[int, str]] = []
        self._items: list[tuple[Segment, ...]] = []
        self._conditions: list[str] = []
        self._list: BlockKind = Bullets
        self._blanks = 0

    def blocks(self) -> Iterator[TemplateBlock]:
        for number, raw in enumerate(self._lines[self._start :], start=self._start + 1):
            line = raw.strip()
            if not line:
                yield from self._ended(Paragraph, Bullets, Blanks)
            elif self._is_condition_line(line):
                # A list goes on through a condition; a paragraph does not.
                yield from self._ended(Paragraph, Blanks)
                self._turn(number, line)
            elif line.startswith("# "):
                yield from self._ended(Paragraph, Bullets, Blanks)
                yield self._block(Heading, [_segments(number, line[2:].strip(), allow_bold=False)])
            elif line.startswith("- "):
                yield from self._ended(Paragraph, Blanks)
                yield from self._item(number, line)
            elif _BLANK_LINE.fullmatch(line):
                yield from self._ended(Paragraph, Bullets)
                self._blanks += 1
            else:
                yield from self._ended(Bullets, Blanks)
                self._words(number, line)
        if self._condition:
            raise TemplateInvalid(reason=f"line {self._opened_at}: this [[if ...]] has no [[end]]")
        yield from self._ended(Paragraph, Bullets, Blanks)

    def _ended(self, *kinds: BlockKind) -> Iterator[TemplateBlock]:
        """What was begun of these kinds (a list with boxes counts as one of bullets)."""
        if Blanks in kinds and self._blanks:
            yield TemplateBlock(Blanks, ((),), (self._condition,), Blanks(min(self._blanks, MOST_BLANK_LINES)))
            self._blanks = 0
        if Paragraph in kinds and self._paragraph:
            first_line = self._paragraph[0][0]
            yield self._block(Paragraph, [_segments(first_line, "\n".join(text for _, text in self._paragraph))])
            self._paragraph.clear()
        if Bullets in kinds and self._items:
            yield _finished(self._list, list(self._items), list(self._conditions))
            self._items.clear()
            self._conditions.clear()

    def _item(self, number: int, line: str) -> Iterator[TemplateBlock]:
        box = _BOX.fullmatch(line)
        kind: BlockKind = Boxes if box else Bullets
        if kind is not self._list:
            yield from self._ended(Bullets)
        self._list = kind
        self._items.append(_segments(number, (box[1] if box else line[2:]).strip()))
        self._conditions.append(self._condition)

    def _words(self, number: int, line: str) -> None:
        if line.startswith(("#", ">", "|", "```")) or line in ("---", "***"):
            raise TemplateInvalid(reason=f"line {number}: only headings with one #, paragraphs and bullets can be used")
        self._paragraph.append((number, line))

    def _block(self, kind: BlockKind, items: list[tuple[Segment, ...]]) -> TemplateBlock:
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


def _finished(kind: BlockKind, items: list[tuple[Segment, ...]], conditions: list[str]) -> TemplateBlock:
    varies = any(conditions) or any(segment.field or segment.condition for item in items for segment in item)
    ready = None if varies else built(kind, tuple(tuple(Run(s.text, s.bold) for s in item) for item in items))
    return TemplateBlock(kind=kind, items=tuple(items), conditions=tuple(conditions), ready=ready)


def built(kind: BlockKind, items: tuple[tuple[Run, ...], ...]) -> Block:
    """A block of the model from its filled items."""
    if kind is Heading:
        return Heading("".join(run.text for run in items[0]))
    if kind is Paragraph:
        return Paragraph(items[0])
    return Boxes(items) if kind is Boxes else Bullets(items)


def shipped_templates(folder: Path, *, only: str = "") -> tuple[Template, ...]:
    """The newest version of every template of a folder in every language, by name; `only` one of them.

    Raises:
        TemplateInvalid: one of them is damaged; the sentence names the file and the line.
    """
    found: list[Template] = []
    for home in sorted(path for path in folder.iterdir() if path.is_dir() and only in ("", path.name)):
        languages = {path.name.split(".", 1)[1].removesuffix(".md") for path in home.glob("*.md")}
        for language in sorted(languages):
            try:
                found.append(newest_version(folder, template_id=home.name, language=language))
            except TemplateInvalid as error:
                reason = f"{home.name}, {language}: {error.fields['reason']}"
                raise TemplateInvalid(reason=reason) from error
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.identity.language)))
