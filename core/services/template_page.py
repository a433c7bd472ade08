"""What the page of an organisation's documents shows: every text, its versions, and three telling households."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.domain.letters import LetterTemplate
from core.foundation.errors import AppError, FormIncomplete, TemplateInvalid
from core.foundation.ids import RecordId
from core.letters.addresses import block_lines
from core.letters.compose import compose
from core.letters.envelopes import profile_of
from core.letters.fields import FIELDS_BY_NAME, FieldSort
from core.letters.formats import marked_as_draft
from core.letters.model import Letter, LetterFormat
from core.letters.render.pdf_engine import render_letter
from core.letters.salutation import PersonName, household_name, salutation_for
from core.letters.template_text import ENGLISH, TemplateParts, id_from, parts_of, text_of
from core.letters.templates import AUDIENCES, Template, parse_template
from core.services.access import names_of
from core.services.homes import address_lines, language_name
from core.services.letter_words import questions_of, say_day
from core.services.organisation import organisation
from core.services.template_book import TemplateRow, damaged_texts, next_version, templates_in_use
from core.services.workspace import Workspace
from core.store import homebook
from core.store.homebook import Dwelling
from core.store.store import table_of

__all__ = ["AUDIENCES", "ENGLISH", "TemplateParts", "id_from"]

LANGUAGES = ("en-GB", "cy", "pl", "so", "ar", "ur", "bn", "gu", "pa", "zh")
"""English, and what households were found to speak (policy 6.5)."""
_MADE_UP: tuple[tuple[PersonName, tuple[str, ...]], ...] = (
    (PersonName(full="Bo Li"), ("1 Elm Row", "Testford", "ZZ1 1AA")),
    (
        PersonName(full="Mr Bartholomew Featherstonehaugh-Cholmondeley"),
        ("Flat 127, The Old Corn Exchange Buildings", "1234 North Marston Magna Road", "Upper Heyford-on-the-Water",
         "Chipping Wychwood", "Oxfordshire", "ZZ29 9ZZ"),
    ),
    (PersonName(full="Ελένη Παπαδοπούλου"), ("2 Elm Row", "Testford", "ZZ1 1AA")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """One document in one language. `state` in words; `waiting`: the version somebody else must agree to."""

    parts: TemplateParts
    version: int
    language: str
    state: str
    own: RecordId | None
    waiting: RecordId | None
    waiting_parts: TemplateParts | None
    waiting_is_mine: bool


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One version of the organisation's own: when and by whom it was written and agreed to, in words."""

    version: int
    words: str


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """Everything the page shows. `fields`: name and meaning of what a text may hold."""

    documents: tuple[ListedTemplate, ...]
    audiences: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    damaged: tuple[str, ...] = ()
    """Texts that cannot be used, each as a sentence."""


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """The real pages for one telling household, or the sentence why they cannot be made for it."""

    why: str
    pdf: bytes
    problem: str
    envelope: str = "dl"


def open_templates(workspace: Workspace) -> TemplatesPage:
    """Every document, and what a text may hold."""
    names: dict[bytes, str] = {bytes(user): name for user, name in names_of(workspace).items()}
    rows = tuple(_listed(workspace, row, names) for row in templates_in_use(workspace))
    fields = tuple((name, field.means) for name, field in FIELDS_BY_NAME.items())
    languages = tuple((code, "English" if code == ENGLISH else language_name(code)) for code in LANGUAGES)
    return TemplatesPage(rows, tuple(AUDIENCES.items()), languages, fields, damaged_texts(workspace))


def versions_of(workspace: Workspace, *, template: str, language: str) -> tuple[TemplateVersion, ...]:
    """The versions of the organisation's own text, newest first."""
    table = table_of(LetterTemplate)
    found = workspace.store.select(LetterTemplate, table.c.template_id == template, order_by=(table.c.version.desc(),))
    names: dict[bytes, str] = {bytes(user): name for user, name in names_of(workspace).items()}
    return tuple(
        TemplateVersion(one.version or 0, _history(workspace, one, names)) for one in found if one.language == language
    )


def template_text(workspace: Workspace, *, parts: TemplateParts) -> str:
    """The next version as a text.

    Raises:
        TemplateInvalid: it breaks a rule; the sentence names the line.
        FormIncomplete: it has no name or title.
    """
    missing = {
        name: sentence
        for name, value, sentence in (
            ("name", parts.name, "Give the document a name to choose it by."),
            ("title", parts.title, "Give the document a title. It is printed."),
            ("body", parts.body, "Write the text."),
        )
        if not value.strip()
    }
    if missing:
        raise FormIncomplete(problems=missing)
    version = next_version(workspace, template=parts.template_id, language=parts.language)
    today = workspace.parts.clock.now().astimezone(workspace.pack.zone).date()
    parts = replace(parts, proofed_on=today.isoformat() if parts.proofed_by.strip() else "")
    text = text_of(parts, version=version, dated=today.isoformat())
    try:
        parse_template(text)
    except TemplateInvalid as error:
        above = text.index(parts.body.strip())
        raise TemplateInvalid(reason=_counted_from(str(error.fields["reason"]), text.count("\n", 0, above))) from error
    return text


def _counted_from(reason: str, lines_above: int) -> str:
    """The lines of a header nobody sees on the page are not counted."""

    def counted(found: re.Match[str]) -> str:
        number = int(found[1])
        return f"line {number - lines_above}" if number > lines_above else found[0]

    return re.sub(r"line (\d+)", counted, reason)


def preview_template(workspace: Workspace, *, text: str) -> tuple[TemplatePreview, ...]:
    """The real pages of three telling households: the shortest name, the longest address, another script.

    Raises:
        TemplateInvalid: the text breaks a rule; the sentence names the line.
    """
    template = parse_template(text)
    return tuple(_preview(workspace, template, *one) for one in _telling(workspace))


def _telling(workspace: Workspace) -> tuple[tuple[str, PersonName, tuple[str, ...]], ...]:
    with workspace.store.reading() as connection:
        known = [one for one in homebook.all_dwellings(connection) if one.residents]
    shortest, longest, other = _MADE_UP
    if known:
        shortest = _of(min(known, key=lambda one: len(_of(one)[0].full)))
        longest = _of(max(known, key=lambda one: len("".join(address_lines(one.home)))))
        scripts = [one for one in known if any(ord(character) > 0x24F for character in _of(one)[0].full)]
        other = _of(scripts[0]) if scripts else other
    return (("Shortest name", *shortest), ("Longest address", *longest), ("Another script", *other))


def _of(dwelling: Dwelling) -> tuple[PersonName, tuple[str, ...]]:
    one = dwelling.residents[0]
    full = one.full_name or " ".join(part for part in (one.title, one.given_name, one.family_name) if part)
    return PersonName(one.title, one.given_name, one.family_name, full), address_lines(dwelling.home)


def _preview(
    workspace: Workspace, template: Template, why: str, person: PersonName, address: tuple[str, ...]
) -> TemplatePreview:
    ours = organisation(workspace)
    typed = {
        FieldSort.YES: "yes", FieldSort.DAY: say_day(workspace.parts.clock.now().date()), FieldSort.LINE: "…",
        FieldSort.LINES: "…",
    }  # fmt: skip
    filled = {
        name: f"({FIELDS_BY_NAME[name].label})" if typed[FIELDS_BY_NAME[name].sort] == "…" else
        typed[FIELDS_BY_NAME[name].sort]
        for name in template.fields() if FIELDS_BY_NAME[name].sort is not FieldSort.OURS
    }  # fmt: skip
    contact = "\n".join(filter(None, (ours.address, ours.phone, ours.email)))
    values = {
        **filled, "salutation": salutation_for((person,), by_name=True), "date": typed[FieldSort.DAY],
        "reference": "L-ABC234", "organisation_name": ours.letter_name or ours.name,
        "organisation_contact": contact or ours.name, "phone": ours.phone or "(phone)",
        "email": ours.email or "(email)", "report_web": ours.website, "out_of_hours": ours.out_of_hours,
        **questions_of(workspace, template), "in_england": "yes", "officer_name": "(who signs)", "officer_role": "",
    }  # fmt: skip
    try:
        values["address"] = "\n".join(block_lines(address, name=household_name((person,))))
        shown, envelope = _shown(template, values), profile_of(ours.envelope)
        pdf = render_letter(shown, LetterFormat.STANDARD, envelope=envelope)
        return TemplatePreview(why, pdf, "", ours.envelope)
    except AppError as error:
        return TemplatePreview(why, b"", error.explain().happened)


def _shown(template: Template, values: dict[str, str]) -> Letter:
    letter = compose(template, values)
    return marked_as_draft(letter) if template.is_draft else letter


def _listed(workspace: Workspace, row: TemplateRow, names: dict[bytes, str]) -> ListedTemplate:
    identity = row.template.identity
    state = "Comes with the program" if row.own is None else f"Your own text, version {identity.version}"
    if row.stale:
        state = "The English text has changed: go over it" if row.own or not row.waiting else "Not agreed to yet"
    if row.template.is_draft:
        state += ". A draft: nobody who reads the language has gone over it"
    elif row.template.use.proofed_by:
        state += f". Proofed by {row.template.use.proofed_by}"
    if row.waiting is not None:
        by = names.get(row.waiting.written_by, "")
        state += f". Version {row.waiting.version}{f' by {by}' if by else ''} waits for somebody else to agree to it"
    waiting = row.waiting
    return ListedTemplate(
        parts_of(row.template), identity.version, identity.language, state, row.own.id if row.own else None,
        waiting.id if waiting else None, parts_of(parse_template(waiting.body)) if waiting else None,
        waiting is not None and waiting.written_by == workspace.user,
    )  # fmt: skip


def _history(workspace: Workspace, one: LetterTemplate, names: dict[bytes, str]) -> str:
    zone = workspace.pack.zone
    said = [
        f"{deed} {say_day(at.astimezone(zone).date())}{f' by {name}' if (name := names.get(who, '')) else ''}"
        for deed, at, who in (
            ("written", one.written_at, one.written_by), ("agreed to", one.approved_at, one.approved_by),
            ("no longer used since", one.withdrawn_at, b""),
        )
        if at is not None
    ]  # fmt: skip
    return f"Version {one.version}: {', '.join(said)}."
