"""Template and values to a letter. Pure: the same in, the same out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from core.foundation.errors import FormIncomplete, TemplateInvalid
from core.letters.fields import FIELDS
from core.letters.model import Blanks, Block, Boxes, Bullets, Heading, Layout, Letter, Letterhead, Paragraph, Run
from core.letters.templates import Segment, Template, TemplateBlock, built

QUESTIONS = "survey_questions"
"""The one field whose lines become questions with boxes to tick, where it stands alone in a paragraph."""
_BOX = "[ ] "
_DOUBLE_SPACES = re.compile(r" {2,}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def compose(template: Template, values: Mapping[str, str]) -> Letter:
    """Fill a template.

    `values` maps field names (`templates.FIELDS`) to text; `address` and `organisation_contact` hold
    one line each per line. A value is text and nothing else: markup or `[[...]]` inside it is printed
    as it stands. A field used only inside its `[[if ...]]` may be empty.

    Raises:
        FormIncomplete: `problems` names each required field that is empty.
        TemplateInvalid: `values` holds a field nobody knows.
    """
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise TemplateInvalid(reason=f"there is no field called {unknown[0]!r}")
    clean = {name: _cleaned(value) for name, value in values.items()}
    empty = sorted(name for name in template.required_fields() if not clean.get(name))
    if empty:
        raise FormIncomplete(problems={name: f"{_spoken(name)} is empty: {FIELDS[name]}." for name in empty})
    blocks = tuple(block for part in template.blocks for block in _of_part(part, clean))
    is_letter = template.use.layout is Layout.LETTER
    signatory = [clean.get(name, "") for name in ("officer_name", "officer_role")] + [clean["organisation_name"]]
    return Letter(
        title=template.title,
        language=template.identity.language,
        letterhead=Letterhead(clean["organisation_name"], _lines(clean["organisation_contact"])),
        blocks=blocks,
        address_lines=_lines(clean["address"]) if is_letter else (),
        date_text=clean["date"] if is_letter else clean.get("date", ""),
        closing=(template.closing, *(line for line in signatory if line)) if template.closing else (),
        footer=clean.get("footer", ""),
        reference_text=clean.get("reference", ""),
        layout=template.use.layout,
    )


def _of_part(part: TemplateBlock, values: Mapping[str, str]) -> Iterator[Block]:
    only = part.items[0] if part.ready is None and part.kind is Paragraph and len(part.items) == 1 else ()
    if len(only) == 1 and only[0].field == QUESTIONS and not only[0].condition and not part.conditions[0]:
        yield from _asked(values.get(QUESTIONS, ""))
    elif (block := _filled(part, values)) is not None:
        yield block


def _asked(text: str) -> Iterator[Block]:
    """Lines of questions as headings, answers as boxes to tick, lines to write on."""
    for sort, lines in groupby(_lines(text), key=_sort_of_line):
        found = list(lines)
        if sort is Boxes:
            yield Boxes(tuple((Run(line.removeprefix(_BOX)),) for line in found))
        elif sort is Blanks:
            yield Blanks(len(found))
        else:
            yield from (Heading(line) for line in found)


def _sort_of_line(line: str) -> type[Boxes] | type[Blanks] | type[Heading]:
    if line.startswith(_BOX):
        return Boxes
    return Blanks if not line.strip("_") else Heading


def with_address(letter: Letter, lines: Sequence[str]) -> Letter:
    """The same letter to another address, where the words do not hold it."""
    return replace(letter, address_lines=_lines(_cleaned("\n".join(lines))))


def _filled(part: TemplateBlock, values: Mapping[str, str]) -> Block | None:
    if part.ready is not None:
        return part.ready
    items: list[tuple[Run, ...]] = []
    for segments, condition in zip(part.items, part.conditions, strict=True):
        if condition and not values.get(condition):
            continue
        if part.kind in (Bullets, Boxes) and len(segments) == 1 and segments[0].field:
            # A list whose item is one field has an item for each line of its value.
            bold = segments[0].bold
            items += [(Run(line, bold),) for line in _lines(values.get(segments[0].field, ""))]
            continue
        runs = _runs(segments, values)
        if runs:
            items.append(runs)
    return built(part.kind, tuple(items)) if items else None


def _runs(segments: tuple[Segment, ...], values: Mapping[str, str]) -> tuple[Run, ...]:
    """Filled runs, neighbours of one weight joined; what an empty condition leaves behind is no double space."""
    runs: list[Run] = []
    at_space = True
    for segment in segments:
        if segment.condition and not values.get(segment.condition):
            continue
        text = values.get(segment.field, "") if segment.field else segment.text
        text = _DOUBLE_SPACES.sub(" ", text)
        if at_space:
            text = text.removeprefix(" ")
        if not text:
            continue
        at_space = text[-1].isspace()
        if runs and runs[-1].bold == segment.bold:
            runs[-1] = Run(runs[-1].text + text, segment.bold)
        else:
            runs.append(Run(text, segment.bold))
    if runs:
        last = runs.pop()
        if trimmed := last.text.rstrip():
            runs.append(Run(trimmed, last.bold))
    return tuple(runs)


def _cleaned(value: str) -> str:
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "\n".join(" ".join(line.split()) for line in _UNPRINTABLE.sub("", text).split("\n")).strip()


def _lines(value: str) -> tuple[str, ...]:
    return tuple(line for line in value.split("\n") if line)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()
