"""The format and language that only the case knows of somebody who lives where letters go (policy 4.12 and 6.5).

What a person said of themselves stands in their case; the list of homes need not say it. Whoever plans a run reads the
case, and the run stands in the case: so a letter may follow what the case knows. What is printed could still tell
whoever carries it, who may not read the case; that is said, and is for the officer to weigh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.case import Case, Party
from core.domain.estate import FORMATS
from core.exchange.languages import format_code, language_code
from core.foundation.ids import RecordId
from core.letters.languages import english_name, is_english
from core.services.contents import contents_of
from core.services.letter_words import Addressee
from core.services.workspace import Workspace

ASKED_IN_CASE = "As somebody of this case needs it; the list of homes does not say so."
_CARRY = (
    "The pages and the list for the doors show it. Take such a letter round yourself, or ask the person whether it may"
    " be written down under Homes."
)


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """The households with what the case knows of them, and sentences for the officer who plans."""

    addressees: tuple[Addressee, ...]
    from_case: frozenset[RecordId]
    """Homes whose letter follows the case and not the list of homes."""
    sentences: tuple[str, ...]


def as_the_case_needs(workspace: Workspace, *, case: Case, addressees: Sequence[Addressee]) -> AsNeeded:
    """Each household in the format and language somebody of the case there needs, where the list of homes has none.

    What the list of homes says of a household stays: it is of everybody who lives there.
    """
    living: dict[RecordId, list[Party]] = {}
    for party in contents_of(workspace, case.id).parties:
        if party.home is not None and (party.format_needed.strip() or party.language.strip()):
            living.setdefault(party.home, []).append(party)
    found, sentences, from_case = [], [], set()
    for one in addressees:
        meant = _with_needs(one, living.get(one.home, ()))
        if meant != one:
            from_case.add(one.home)
            how = "" if meant.format_code == one.format_code else FORMATS[meant.format_code].lower()
            tongue = "" if meant.language == one.language else english_name(meant.language)
            said = ", ".join(part for part in (how, tongue) if part)
            sentences.append(f"{one.address}: {said}, {ASKED_IN_CASE[0].lower()}{ASKED_IN_CASE[1:]} {_CARRY}")
        sentences += [f"{one.address}: {what}" for what in _left_open(meant, living.get(one.home, ()))]
        found.append(meant)
    return AsNeeded(tuple(found), frozenset(from_case), tuple(sentences))


def _with_needs(one: Addressee, parties: Sequence[Party]) -> Addressee:
    for party in parties:
        wanted, tongue = format_code(party.format_needed), language_code(party.language)
        if one.format_code == "standard" and wanted:
            one = replace(one, format_code=wanted)
        if is_english(one.language) and tongue and not is_english(tongue):
            one = replace(one, language=tongue)
    return one


def _left_open(one: Addressee, parties: Sequence[Party]) -> list[str]:
    """What somebody of the case there needs and this letter is not: for the officer to see to."""
    found = []
    for party in parties:
        asked = party.format_needed.strip()
        if asked and format_code(asked) not in (one.format_code, "standard"):
            found.append(f"somebody of this case needs: {asked}. The letter is not made so; have it made, or read it.")
    return found
