"""What an independent validator says of every document that comes with the program, in every language and size.

`python -m tests.support.letter_matrix` prints it as a table. Chinese is left out where its typeface is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.letters.compose import compose
from core.letters.languages import say_day_in
from core.letters.model import Layout, Letter, LetterFormat
from core.letters.render.pdf_engine import LetterDocument, render_letter
from core.letters.render.typefaces import has_typeface
from core.letters.templates import Template, shipped_templates
from tests.support.letter_pages import TEMPLATES, page_texts, pdf_ua_failures, structure_problems
from tests.support.letter_values import values_for

SIZES = (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT)


@dataclass(frozen=True, slots=True)
class Checked:
    """One document in one language and size. `problems`: rules of PDF/UA-1, and of the structure tree, it breaks."""

    template: str
    language: str
    size: LetterFormat
    pages: int
    problems: tuple[str, ...]


def shipped_in(language: str) -> list[Template]:
    """The documents of one language."""
    return [one for one in shipped_templates(TEMPLATES) if one.identity.language == language]


def filled(template: Template) -> Letter:
    """A document about made-up people, its dates in its own language."""
    from datetime import date

    language = template.identity.language
    days = {"29 November 2026": date(2026, 11, 29), "14 December 2026": date(2026, 12, 14)}
    values = {
        name: say_day_in(days[value], language) if value in days else value
        for name, value in values_for(template).items()
    }
    return compose(template, values)


def one_file(letters: Sequence[Letter], size: LetterFormat) -> bytes:
    """All of them in one file, as a run would make them."""
    document = LetterDocument(title="Letters", language=letters[0].language)
    document.coming([(letter, size) for letter in letters])
    for letter in letters:
        if letter.layout is Layout.LETTER:
            document.add(letter, size)
        else:
            document.add_paper(letter, size)
    return document.finish().data


def matrix() -> Iterator[Checked]:
    """Every document in every language and size, one by one."""
    for template in shipped_templates(TEMPLATES):
        language = template.identity.language
        if not has_typeface(language):
            continue
        for size in SIZES:
            data = render_letter(filled(template), size)
            problems = (*pdf_ua_failures(data), *structure_problems(data))
            yield Checked(template.identity.template_id, language, size, len(page_texts(data)), problems)


def main() -> int:
    """Print the table; the exit code is the number of files with a problem, at most 1."""
    rows = list(matrix())
    for row in rows:
        said = "; ".join(row.problems) or "PDF/UA-1"
        print(f"{row.template:20} {row.language:6} {row.size.value:12} {row.pages:2} pages  {said}")
    bad = [row for row in rows if row.problems]
    languages = sorted({row.language for row in rows})
    print(f"{len(rows)} files in {len(languages)} languages ({', '.join(languages)}), {len(bad)} with a problem")
    return min(len(bad), 1)


if __name__ == "__main__":
    sys.exit(main())
