"""What the page for a letter to one person shows: documents to choose from, people, and a letter as it was sent."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.case import PARTY_ROLES, Case
from core.domain.estate import FORMATS
from core.domain.letters import CaseLetter
from core.foundation.ids import RecordId
from core.letters.envelopes import profile_of
from core.letters.fields import FIELDS_BY_NAME, Field, FieldSort
from core.letters.languages import english_name, is_english
from core.letters.model import Layout, LetterFormat
from core.letters.render.pdf_engine import render_letter
from core.letters.templates import AUDIENCES, Template
from core.services.case_letter_words import Suggested
from core.services.case_letters import CaseLetterForm, CaseLetterMade, CaseLetterPlan, documents_for
from core.services.contents import contents_of
from core.services.sent_letters import letter_to_look_at
from core.services.workspace import Workspace

__all__ = [
    "CaseLetterForm",
    "CaseLetterMade",
    "CaseLetterPage",
    "CaseLetterPlan",
    "Document",
    "Field",
    "FieldSort",
    "KeptLetter",
    "Suggested",
    "field_of",
]


@dataclass(frozen=True, slots=True)
class Document:
    """One document to choose. `needs_address`: it goes out in an envelope; `own`: the organisation's own text."""

    template: str
    language: str
    name: str
    when: str
    audiences: tuple[tuple[str, str], ...]
    needs_address: bool
    own: bool
    language_words: str = ""
    """The language and its standing, such as "Urdu, draft"; "" for English."""


@dataclass(frozen=True, slots=True)
class CaseLetterPage:
    """Everything needed to begin a letter. `people`: id and name with their part in the case."""

    case: RecordId
    reference: str
    documents: tuple[Document, ...]
    people: tuple[tuple[RecordId, str], ...]
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter of the file with its real pages, as it was sent."""

    letter: CaseLetter
    case_reference: str
    pdf: bytes


def open_case_letter(workspace: Workspace, *, case: RecordId) -> CaseLetterPage:
    """What can be chosen for a letter about this case.

    Raises:
        NotFound: there is no such case in this vault.
    """
    contents = contents_of(workspace, case)
    people = tuple((party.id, _person(party.name, party.roles)) for party in contents.parties)
    documents = tuple(_document(row.template, own=row.own is not None) for row in documents_for(workspace))
    return CaseLetterPage(case, contents.case.reference, documents, people, tuple(FORMATS.items()))


def open_kept_letter(workspace: Workspace, *, letter: RecordId) -> KeptLetter:
    """A letter of the file as it was sent, with its pages.

    Raises:
        NotFound: there is no such letter in this vault.
        BugError: it does not say what it said.
    """
    found = workspace.store.get(CaseLetter, letter)
    case = workspace.store.get(Case, found.case) if found.case else None
    made = letter_to_look_at(found)
    large = found.letter_format != LetterFormat.STANDARD.value
    shown = LetterFormat.LARGE_PRINT if large else LetterFormat.STANDARD
    pdf = render_letter(made, shown, envelope=profile_of(found.envelope))
    return KeptLetter(found, case.reference if case else "", pdf)


def field_of(name: str) -> Field:
    """What an officer is asked for a field."""
    return FIELDS_BY_NAME[name]


def _document(template: Template, *, own: bool) -> Document:
    identity = template.identity
    audiences = tuple((code, AUDIENCES[code]) for code in template.use.audiences)
    return Document(
        identity.template_id, identity.language, template.name, template.use.when, audiences,
        needs_address=template.use.layout is Layout.LETTER, own=own, language_words=_language_words(template),
    )  # fmt: skip


def _language_words(template: Template) -> str:
    if is_english(template.identity.language):
        return ""
    return english_name(template.identity.language) + (", draft" if template.is_draft else "")


def _person(name: str, roles: frozenset[str]) -> str:
    words = ", ".join(words for code, words in PARTY_ROLES.items() if code in roles).lower()
    return f"{name or 'Name not given'} ({words})" if words else name or "Name not given"
