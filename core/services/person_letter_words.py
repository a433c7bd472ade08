"""The words of a letter to one person: who is greeted, where it goes, in which format, and what it must not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.case import Party
from core.domain.estate import FORMATS, Home, Household
from core.foundation.errors import LetterBlocked
from core.foundation.ids import RecordId
from core.letters.addresses import block_lines
from core.letters.compose import compose
from core.letters.leak_guard import Secret, SecretKind, find_leaks
from core.letters.model import Letter, LetterFormat
from core.letters.render.pdf_engine import render_letter
from core.letters.render.plain import plain_text
from core.letters.templates import Template
from core.policy.duties import CaseFacts
from core.services.homes import address_lines, address_of
from core.services.letter_words import LANGUAGE, say_day, words_of_ours
from core.services.organisation import organisation
from core.services.template_book import template_in_use
from core.services.workspace import Workspace
from core.store.store import table_of

UNNAMED = "Resident"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for. `format_code` is one of `FORMATS`, or "" where what they need is in no list."""

    party: RecordId | None
    name: str
    address: tuple[str, ...]
    format_code: str
    format_words: str

    @property
    def made_here(self) -> bool:
        """Whether this program makes the format they need."""
        return self.format_code in {one.value for one in LetterFormat if one.is_made_here}


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """A letter as it leaves: its words, the template, and the bytes of the file."""

    letter: Letter
    template: Template
    data: bytes
    ending: str


def recipient_of(workspace: Workspace, party: Party | None) -> Recipient:
    """Where the letter goes and how this person reads."""
    if party is None:
        return Recipient(None, UNNAMED, (UNNAMED,), "standard", FORMATS["standard"])
    home = workspace.store.find(Home, party.home) if party.home else None
    name = party.name.strip() or UNNAMED
    lines = block_lines(address_lines(home), name=name) if home is not None else (name,)
    code, words = _format_of(workspace, party)
    return Recipient(party.id, name, lines, code, words)


def make_letter(
    workspace: Workspace, facts: CaseFacts, *, template_id: str, recipient: Recipient, said: Mapping[str, str]
) -> MadeLetter:
    """Fill the newest version of a template and make its file. `said` are the template's own fields.

    A format somebody else must make (Braille, a recording) is made as plain text for them.

    Raises:
        FormIncomplete: the organisation's own details on letters are missing.
        LetterBlocked: it would tell this person something about somebody else in the case.
        GlyphsMissing, TextDoesNotFit: it cannot be drawn.
    """
    template = template_in_use(workspace, template=template_id, language=LANGUAGE)
    ours = organisation(workspace)
    contact = "\n".join(filter(None, (ours.address, ours.phone, ours.email)))
    values = {
        "salutation": recipient.name, "address": "\n".join(recipient.address), "date": say_day(_today(workspace)),
        "organisation_name": ours.letter_name or ours.name, "organisation_contact": contact or ours.name,
        "phone": ours.phone, "email": ours.email, "out_of_hours": ours.out_of_hours, "report_web": ours.website,
    }  # fmt: skip
    letter = compose(template, {**values, **said})
    _refuse_leaks(workspace, facts, letter, recipient)
    if recipient.made_here and recipient.format_code != LetterFormat.PLAIN_TEXT.value:
        return MadeLetter(letter, template, render_letter(letter, LetterFormat(recipient.format_code)), "pdf")
    return MadeLetter(letter, template, plain_text(letter).encode("utf-8"), "txt")


def secrets_from(workspace: Workspace, facts: CaseFacts, recipient: Recipient) -> tuple[Secret, ...]:
    """What this person must not learn from a letter: everybody else in the case, where they live, how to reach them.

    What happened is no secret to whoever it happened to.
    """
    own = next((party for party in facts.parties if party.id == recipient.party), None)
    names = {name.casefold() for party in (own,) if party for name in (party.name, *party.also_known_as)}
    found = [
        secret
        for party in facts.parties
        if party.id != recipient.party
        for secret in _of_other(workspace, party, own)
        if secret.value.strip() and secret.value.casefold() not in names
    ]
    return tuple(found)


def _refuse_leaks(workspace: Workspace, facts: CaseFacts, letter: Letter, recipient: Recipient) -> None:
    secrets = secrets_from(workspace, facts, recipient)
    allowed = (*words_of_ours(organisation(workspace)), recipient.name)
    for text in letter.body_texts():
        leaks = find_leaks(text, secrets, allowed=allowed)
        if leaks:
            raise LetterBlocked(reason=leaks[0].why)


def _of_other(workspace: Workspace, party: Party, own: Party | None) -> Iterator[Secret]:
    who = "the name of somebody else in the case"
    yield Secret(SecretKind.NAME, party.name, who)
    for other in sorted(party.also_known_as):
        yield Secret(SecretKind.NICKNAME, other, who)
    yield Secret(SecretKind.PHONE, party.phone, "the phone number of somebody else in the case")
    yield Secret(SecretKind.EMAIL, party.email, "the email address of somebody else in the case")
    if party.home is None or (own is not None and own.home == party.home):
        return
    home = workspace.store.find(Home, party.home)
    if home is not None:
        yield Secret(SecretKind.HOME, address_of(home), "the home of somebody else in the case")
        if home.flat:
            yield Secret(SecretKind.FLAT, home.flat, "the flat of somebody else in the case")


def _format_of(workspace: Workspace, party: Party) -> tuple[str, str]:
    """What the person asked for themselves, then what their household is known to need."""
    said = party.format_needed.strip()
    if said:
        by_words = {words.casefold(): code for code, words in FORMATS.items()}
        code = said if said in FORMATS else by_words.get(said.casefold(), "")
        return code, FORMATS.get(code, said)
    if party.home is not None:
        table = table_of(Household)
        lives = workspace.store.select(Household, table.c.home == party.home, table.c.moved_out_on.is_(None))
        code = next((one.format_needed for one in lives if one.format_needed in FORMATS), "standard")
        return code, FORMATS[code]
    return "standard", FORMATS["standard"]


def _today(workspace: Workspace) -> date:
    return workspace.parts.clock.now().astimezone(workspace.pack.zone).date()
