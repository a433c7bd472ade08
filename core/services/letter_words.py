"""From a household to the words of its letter: who is greeted, where it goes, in which format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.domain.estate import FORMATS, Home
from core.domain.letters import LetterRecord, LetterRun
from core.domain.organisation import Organisation
from core.foundation.errors import BugError, FormIncomplete
from core.foundation.ids import RecordId
from core.letters.addresses import block_lines
from core.letters.compose import QUESTIONS, compose
from core.letters.languages import english_name, is_english, primary, say_day_in
from core.letters.model import Letter, LetterFormat
from core.letters.salutation import PersonName, household_name
from core.letters.templates import Template, parse_template
from core.letters.walk_order import in_walk_order
from core.policy.survey_questions import SurveyQuestions, SurveyTranslation, as_text
from core.services.homes import address_lines, address_of, place_of
from core.services.organisation import organisation
from core.services.template_book import template_as_used, template_in_use, templates_in_use
from core.services.workspace import Workspace
from core.store import homebook
from core.store.homebook import Dwelling

AREA_TEMPLATE = "area-warning"
LANGUAGE = "en-GB"
TO_ALL = "The Resident"
GREETED = "Resident"
"""An area letter names nobody: the same words for every door (letters may be opened by others)."""

_READ_BLOCK_BYTES = 1024 * 1024


def questions_of(workspace: Workspace, template: Template) -> dict[str, str]:
    """The questions of the survey in use, for a template that has them; nothing for any other (policy 4.30).

    In the language of the template where the pack has them: a draft goes only into a letter that is a draft itself.
    """
    if QUESTIONS not in template.fields():
        return {}
    survey = workspace.shelf.survey(workspace.today)
    return {QUESTIONS: as_text(survey.said_in(_questions_said(survey, template)))}


def note_of_questions(workspace: Workspace, template: Template) -> str:
    """What an officer should know of the language a survey asks in; "" where there is nothing to know (policy 6.5)."""
    language = template.identity.language
    if QUESTIONS not in template.fields() or is_english(language):
        return ""
    found = _questions_said(workspace.shelf.survey(workspace.today), template)
    name = english_name(language)
    if found is None:
        missing = "none" if template.is_draft else "none that somebody has proofed"
        return f"The questions of the survey are in English: the pack has {missing} in {name}."
    draft = f"The questions in {name} are a draft until somebody who reads it has proofed them."
    return "" if found.proofed_by else draft


def _questions_said(survey: SurveyQuestions, template: Template) -> SurveyTranslation | None:
    return survey.translation(primary(template.identity.language), drafts=template.is_draft)


@dataclass(frozen=True, slots=True)
class Addressee:
    """One household of the area."""

    home: RecordId
    household: RecordId | None
    address: str
    lines: tuple[str, ...]
    salutation: str
    language: str
    format_code: str
    empty: bool = False
    problem: str = ""
    """Why no letter can find this home, as a sentence."""

    @property
    def letter_format(self) -> LetterFormat:
        """The format their letter is made in, or one that somebody else must make."""
        try:
            return LetterFormat(self.format_code)
        except ValueError:
            return LetterFormat.EASY_READ

    @classmethod
    def of_record(cls, letter: LetterRecord) -> Addressee:
        """The addressee as written down when the run was planned, whatever has changed since."""
        if letter.home is None:
            raise BugError(rule="a letter of a run has a home")
        return cls(
            home=letter.home, household=letter.household, address=letter.address,
            lines=tuple(letter.address_block.split("\n")), salutation=letter.salutation, language=letter.language,
            format_code=letter.letter_format,
        )  # fmt: skip


def addressees_in(
    workspace: Workspace, *, streets: frozenset[str], blocks: frozenset[str],
    single: frozenset[RecordId] = frozenset(), by_name: bool = False,
) -> tuple[Addressee, ...]:  # fmt: skip
    """Every home of ours in the area, and each `single` home, in the order one walks it, one letter each.

    `by_name`: the people who live there stand above the address, on one line. The words of the letter name nobody.
    """
    with workspace.store.reading() as connection:
        dwellings = homebook.dwellings_in(
            connection, streets=sorted(streets), blocks=sorted(blocks), single=sorted(single)
        )
    by_home = {dwelling.home.id: dwelling for dwelling in dwellings}
    places = [place_of(dwelling.home) for dwelling in dwellings]
    return tuple(_addressee(by_home[RecordId(place.key)], by_name=by_name) for place in in_walk_order(places))


@dataclass(frozen=True, slots=True)
class AreaTexts:
    """The words of a run: the English ones, and translations by language that somebody has proofed (policy 6.5)."""

    english: Template
    translations: Mapping[str, Template]

    def of(self, language: str) -> Template:
        """The words for a household that reads `language`."""
        return self.translations.get(primary(language), self.english)

    def note(self, language: str) -> str:
        """What an officer should know of the language of a letter; "" for English ones."""
        if is_english(language):
            return ""
        if primary(language) in self.translations:
            return f"In {english_name(language)}."
        return f"Language: {english_name(language)}. The letter is in English."

    def kept(self) -> str:
        """The translations as they are kept with a run."""
        texts = {language: text.source for language, text in self.translations.items()}
        return json.dumps(texts, ensure_ascii=False, sort_keys=True) if texts else ""


def area_texts(workspace: Workspace) -> AreaTexts:
    """The general warning in use, in English and in every language in which somebody has proofed it.

    Raises:
        NotFound, TemplateInvalid: the program's own file is missing or broken.
    """
    rows = templates_in_use(workspace, only=AREA_TEMPLATE)
    translations = {
        primary(row.template.identity.language): row.template
        for row in rows
        if row.can_be_used and not row.template.is_draft and not is_english(row.template.identity.language)
    }
    return AreaTexts(area_template(workspace), translations)


def texts_of(workspace: Workspace, run: LetterRun) -> AreaTexts:
    """The very words a run was planned with.

    Raises:
        NotFound, BugError: as `template_of`.
    """
    kept: dict[str, str] = json.loads(run.translations) if run.translations else {}
    return AreaTexts(template_of(workspace, run), {name: parse_template(text) for name, text in kept.items()})


def area_template(workspace: Workspace) -> Template:
    """The general warning in use: the organisation's own, or the one that comes with the program.

    Raises:
        NotFound, TemplateInvalid: the program's own file is missing or broken.
    """
    return template_in_use(workspace, template=AREA_TEMPLATE)


def template_of(workspace: Workspace, run: LetterRun) -> Template:
    """The very text a run was planned with; kept with it, or for an older run with the program.

    Raises:
        NotFound: this version of the program no longer has it.
        BugError: the file was changed without a new version number.
    """
    if run.template_text:
        return parse_template(run.template_text)
    return template_as_used(
        workspace, template=run.template, version=run.template_version or 0, language=LANGUAGE,
        sha256=run.template_sha256,
    )  # fmt: skip


def values_of_ours(ours: Organisation) -> dict[str, str]:
    """What a letter says about the landlord."""
    contact = "\n".join(filter(None, (ours.address, ours.phone, ours.email)))
    return {
        "organisation_name": ours.letter_name or ours.name, "organisation_contact": contact or ours.name,
        "phone": ours.phone, "email": ours.email, "report_web": ours.website, "out_of_hours": ours.out_of_hours,
    }  # fmt: skip


def values_of(workspace: Workspace, run: LetterRun) -> dict[str, str]:
    """What the letters of a run say about the landlord: as it was when the run was planned, whatever changed since."""
    if run.filled_in:
        kept: dict[str, str] = json.loads(run.filled_in)
        return kept
    return values_of_ours(organisation(workspace))


def compose_area(ours: Mapping[str, str], template: Template, person: Addressee, day: date | None) -> Letter:
    """The letter of landlord `ours` for one household. `day` None: no date yet, for checking the words.

    Raises:
        FormIncomplete: the organisation's own details on letters are missing.
    """
    own = {"salutation": person.salutation, "address": "\n".join(person.lines), "date": _dated(day, template)}
    return compose(template, {**ours, **own})


def _dated(day: date | None, template: Template) -> str:
    return say_day_in(day, template.identity.language) if day else "-"


def words_of_ours(ours: Organisation) -> tuple[str, ...]:
    """The landlord's own name, address and numbers: they may stand in any letter."""
    said = (ours.name, ours.letter_name, ours.address, ours.phone, ours.email, ours.website, ours.out_of_hours)
    # The lines too: the letterhead is read line by line, and the office may share a postcode with the homes.
    return tuple(dict.fromkeys(part for text in said for part in (text, *text.splitlines()) if part.strip()))


def say_area(names: frozenset[str], homes_of_list: int) -> str:
    """Where a run goes: "Amber Road, Quill House, 12 homes from a list"."""
    listed = "1 home from a list" if homes_of_list == 1 else f"{homes_of_list} homes from a list"
    return ", ".join([*sorted(names), *([listed] if homes_of_list else [])])


def say_day(day: date) -> str:
    """A date as a letter writes it: 23 November 2026."""
    return say_day_in(day, LANGUAGE)


def file_sha256(path: Path) -> bytes:
    """SHA-256 (32 bytes) of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_READ_BLOCK_BYTES):
            digest.update(block)
    return digest.digest()


def _addressee(dwelling: Dwelling, *, by_name: bool) -> Addressee:
    home, household = dwelling.home, dwelling.household
    people = [PersonName(one.title, one.given_name, one.family_name, one.full_name) for one in dwelling.residents]
    named = household_name(people) if by_name else TO_ALL
    format_code = household.format_needed if household else "standard"
    language = household.language if household else "en"
    if format_code not in FORMATS:
        format_code = "standard"
    lines, problem = _lines_of(home, named)
    return Addressee(
        home=home.id, household=household.id if household else None, address=address_of(home), lines=lines,
        salutation=GREETED, language=language, format_code=format_code, empty=home.state == "empty", problem=problem,
    )  # fmt: skip


def _lines_of(home: Home, named: str) -> tuple[tuple[str, ...], str]:
    """The address block, or why there is none: one home that cannot be written to does not stop the others."""
    try:
        return block_lines(address_lines(home), name=named), ""
    except FormIncomplete as error:
        return (), " ".join(error.problems.values())
