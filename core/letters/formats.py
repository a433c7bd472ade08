"""A letter in the format its reader needs, as the files that go out; and which formats this machine can make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pypdfium2

from core.foundation.errors import BugError
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.direction import isolated
from core.letters.languages import is_from_right
from core.letters.model import Layout, Letter, LetterFormat, Paragraph, Run
from core.letters.render.audio import has_voice, spoken
from core.letters.render.braille_pages import USUAL, BrailleSheet, braille_files, has_liblouis
from core.letters.render.papers import Paper
from core.letters.render.pdf_engine import render_letter
from core.letters.render.plain import plain_text
from core.letters.render.typefaces import has_typeface
from core.letters.templates import Template

ENGLISH = "en"
DRAFT_MARK = "Draft translation. Nobody who reads this language has gone over it yet. Do not send it."
_BRAILLE_LANGUAGES = frozenset({"en", "cy", "so"})
"""Languages whose letters our own table knows; others are transcribed by somebody who reads them."""


def is_made_here(letter_format: LetterFormat, language: str) -> bool:
    """Whether this machine makes this format; otherwise somebody else does, and that is written down (policy 6.5)."""
    if letter_format is LetterFormat.AUDIO:
        return has_voice(language)
    if letter_format is LetterFormat.BRAILLE:
        return language.partition("-")[0] in _BRAILLE_LANGUAGES
    if letter_format.is_printed:
        return has_typeface(language)
    return letter_format is LetterFormat.PLAIN_TEXT


def is_draft(letter_format: LetterFormat, text: Template) -> bool:
    """Whether somebody who reads it must go over it: machine Braille, a machine's voice, an unproofed translation."""
    return letter_format in (LetterFormat.BRAILLE, LetterFormat.AUDIO) or text.is_draft


def marked_as_draft(letter: Letter) -> Letter:
    """The letter with a line under its title that says it must not go out yet, in English for the officer."""
    mark = Paragraph((Run(DRAFT_MARK, bold=True),))
    first = 1 if letter.layout is Layout.LETTER else 0
    return replace(letter, blocks=(*letter.blocks[:first], mark, *letter.blocks[first:]))


def files_of(
    letter: Letter, letter_format: LetterFormat, *, paper: Paper = Paper.A4, braille: BrailleSheet = USUAL,
    envelope: EnvelopeProfile = DL_WINDOW,
) -> tuple[tuple[str, bytes], ...]:  # fmt: skip
    """Suffix and bytes of each file, the first the one whose fingerprint is kept.

    Raises:
        GlyphsMissing, TextDoesNotFit: it cannot be made like this.
        BugError: this machine does not make it: ask `is_made_here` first.
    """
    if letter_format.is_printed:
        return ((".pdf", render_letter(letter, letter_format, paper=paper, envelope=envelope)),)
    if letter_format is LetterFormat.PLAIN_TEXT:
        return ((".txt", _isolated(letter).encode("utf-8")),)
    if letter_format is LetterFormat.BRAILLE:
        return braille_files(letter, braille)
    if letter_format is LetterFormat.AUDIO:
        return ((".wav", spoken(letter)),)
    raise BugError(rule="only a format that can be made here is made here")


def _isolated(letter: Letter) -> str:
    """The plain text, with what runs against each line isolated: a reader of it shows numbers the right way round."""
    from_right = is_from_right(letter.language)
    return "\n".join(isolated(line, from_right=from_right) for line in plain_text(letter).split("\n"))


def page_count(files: Sequence[tuple[str, bytes]]) -> int:
    """The pages of the PDF among the files, counted by a library that did not write them; 0 without one."""
    for suffix, data in files:
        if suffix == ".pdf":
            with pypdfium2.PdfDocument(data) as pdf:
                return len(pdf)
    return 0


def extras_here() -> tuple[str, ...]:
    """What was found on this machine beyond the program itself, in sentences (policy 6.5)."""
    braille = "Braille is contracted by liblouis." if has_liblouis() else (
        "Braille is uncontracted. With liblouis on this computer it is contracted."
    )  # fmt: skip
    audio = "Audio is read out by a machine, espeak-ng." if has_voice(ENGLISH) else (
        "Audio is made by somebody else. With espeak-ng on this computer a machine reads letters out."
    )  # fmt: skip
    return (braille, audio, chinese_here())


def is_chinese_here() -> bool:
    """Whether Chinese can be printed on this machine."""
    return has_typeface("zh")


def chinese_here() -> str:
    """Whether Chinese can be printed on this machine, in a sentence (policy 6.5)."""
    return "The Chinese typeface is on this computer." if is_chinese_here() else (
        "Letters in Chinese are made by somebody else. With the Chinese typeface on this computer they are made here."
    )  # fmt: skip
