"""The out-of-hours card, to print and lay out: numbers, and what they are for; it says nothing about why (policy 4.23).

For one person of a case it is a document like any other, and is kept in the file. Made from here it is about nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.foundation.errors import FormIncomplete
from core.foundation.files import write_atomic
from core.letters.compose import compose
from core.letters.formats import files_of, marked_as_draft
from core.letters.languages import english_name
from core.letters.model import LetterFormat
from core.policy.support import HOURS_CARD
from core.services.letter_words import values_of_ours
from core.services.organisation import organisation
from core.services.template_book import template_in_use, templates_in_use
from core.services.workspace import Workspace

CARD_FORMATS = {"standard": "Usual print", "large-print": "Large print", "plain-text": "Plain text"}


@dataclass(frozen=True, slots=True)
class CardMade:
    """Where the card lies. `is_draft`: nobody who reads the language has gone over it, and it says so."""

    path: str
    is_draft: bool


def card_languages(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """The languages there is a card in: code and name with its standing, English first."""
    rows = [row.template for row in templates_in_use(workspace, only=HOURS_CARD) if row.can_be_used]
    found = [
        (one.identity.language, english_name(one.identity.language) + (", draft" if one.is_draft else ""))
        for one in rows
    ]
    return tuple(sorted(found, key=lambda pair: (not pair[0].startswith("en"), pair[1])))


def make_card(
    workspace: Workspace, *, path: Path, language: str = "en-GB", letter_format: str = "standard"
) -> CardMade:
    """Write the card to a file.

    Raises:
        FormIncomplete: no file, no such format, or no out-of-hours phone was written down.
        NotFound: there is no card in this language.
        GlyphsMissing, TextDoesNotFit: the letter engine cannot draw it.
        FolderNotWritable, DiskFull: nothing was written.
    """
    if not path.name:
        raise FormIncomplete(problems={"target": "Say where to put it."})
    if letter_format not in CARD_FORMATS:
        raise FormIncomplete(problems={"format": "Choose a format that is on the list."})
    ours = organisation(workspace)
    if not ours.out_of_hours.strip() or not ours.phone.strip():
        missing = "Write down the phone and the out-of-hours phone first: Colleagues, Your organisation on letters."
        raise FormIncomplete(problems={"language": missing})
    template = template_in_use(workspace, template=HOURS_CARD, language=language or "en-GB")
    letter = compose(template, values_of_ours(ours))
    shown = marked_as_draft(letter) if template.is_draft else letter
    suffix, data = files_of(shown, LetterFormat(letter_format))[0]
    target = path.with_suffix(suffix)
    write_atomic(target, data)
    return CardMade(str(target), template.is_draft)
