"""The texts of documents as they lie in a folder: each is read by itself, and one that is damaged stops no other.

What is damaged is named with its document, language and line, and why. A translation is held against its English: one
that lost a field, or is in another script than its language is written in, is no text of that document.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.foundation.errors import FileUnreadable, NotFound, TemplateInvalid
from core.letters.languages import english_name, is_english, primary
from core.letters.templates import Template, newest_version

_SCRIPTS = {"ar": "ARABIC", "ur": "ARABIC", "bn": "BENGALI", "gu": "GUJARATI", "pa": "GURMUKHI", "zh": "CJK"}
"""The script a language is written in, as the name of its letters begins; of any other, Latin."""
_LEAST_SHARE = 0.4
_OWN_WORDS = frozenset({"salutation"})
"""Fields a translation may say in its own words: in some languages nobody is greeted by name."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """One text that cannot be used, and why, as the rest of a sentence."""

    template_id: str
    language: str
    reason: str

    @property
    def sentence(self) -> str:
        """ "Action plan, Urdu: line 4: there is no field called 'x'."."""
        name = self.template_id.replace("-", " ").capitalize()
        said = "English" if is_english(self.language) else english_name(self.language)
        return f"{name}, {said}: {self.reason.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a folder holds: the newest text of every document in every language by name, and what is damaged."""

    templates: tuple[Template, ...]
    damaged: tuple[Damaged, ...]


def read_shelf(folder: Path, *, only: str = "") -> Shelf:
    """Everything in `folder` that can be used, and everything that cannot; `only` one document."""
    found: list[Template] = []
    damaged: list[Damaged] = []
    for home in sorted(path for path in folder.iterdir() if path.is_dir() and only in ("", path.name)):
        good, bad = _read_document(folder, home)
        found += good
        damaged += bad
    return Shelf(tuple(sorted(found, key=lambda one: (one.name.casefold(), one.identity.language))), tuple(damaged))


def _read_document(folder: Path, home: Path) -> tuple[list[Template], list[Damaged]]:
    read: dict[str, Template] = {}
    damaged: list[Damaged] = []
    languages = {path.name.split(".", 1)[1].removesuffix(".md") for path in home.glob("*.*.md")}
    for language in sorted(languages):
        try:
            read[language] = newest_version(folder, template_id=home.name, language=language)
        except (TemplateInvalid, FileUnreadable) as error:
            damaged.append(Damaged(home.name, language, str(error.fields["reason"])))
        except NotFound:
            damaged.append(Damaged(home.name, language, "its file has no version in its name"))
    english = next((text for language, text in read.items() if is_english(language)), None)
    for language, text in list(read.items()):
        if reason := why_not_its_language(text) or (why_not_as_english(text, english) if english else ""):
            damaged.append(Damaged(home.name, language, reason))
            del read[language]
    return list(read.values()), damaged


def why_not_as_english(translation: Template, english: Template) -> str:
    """Which fields its English text needs a translation lost; "" for none, and where it translates another version."""
    if translation.use.translates != english.identity.version or is_english(translation.identity.language):
        return ""
    lost = sorted((english.required_fields() & english.named_fields()) - translation.named_fields() - _OWN_WORDS)
    return f"the English text has {_fields(lost)}, which this one has not" if lost else ""


def why_not_its_language(text: Template) -> str:
    """Whether the words are written in the script of the language the header names; "" if they are."""
    language = text.identity.language
    wanted = _SCRIPTS.get(primary(language), "LATIN")
    said = "".join(segment.text for block in text.blocks for item in block.items for segment in item)
    letters = [letter for letter in said if letter.isalpha()]
    own = sum(unicodedata.name(letter, "").startswith(wanted) for letter in letters)
    if not letters or own >= len(letters) * _LEAST_SHARE:
        return ""
    name = "English" if is_english(language) else english_name(language)
    return f"its header says {name}, and its words are in another script"


def _fields(names: Sequence[str]) -> str:
    return ", ".join(f"[[{name}]]" for name in names)
