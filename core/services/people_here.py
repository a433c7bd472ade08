"""People of a case who live where letters are about to go: they are told first (policy 3.3 and 4.12).

Leaving their home out would point to them; a letter they did not expect could frighten them, or be opened by the
wrong person. So neither happens without somebody having spoken with them, or having said why not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from core.domain.case import PARTY_ROLES, Case
from core.foundation.ids import RecordId
from core.policy.safe_contact import why_not_reach
from core.services.workspace import Workspace
from core.store.contents import CaseContents, contents_of_many


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody of the case in one of the homes. `no_letters`: they asked for none, or nobody has asked them."""

    home: RecordId
    address: str
    part: str
    no_letters: bool


def people_here(
    workspace: Workspace, *, case: Case, homes: dict[RecordId, str], way: str = "letter"
) -> tuple[PersonHere, ...]:
    """The people of the case in these homes (home id -> address), each home once. `way`: a letter, or a visit."""
    with workspace.store.reading() as connection:
        contents = contents_of_many(connection, [case.id])[0]
    found: dict[RecordId, PersonHere] = {}
    for party in contents.parties:
        if party.home in homes and party.home not in found:
            part = ", ".join(words.lower() for code, words in PARTY_ROLES.items() if code in party.roles)
            unasked = not _may_be_reached(contents, party.id, way)
            found[party.home] = PersonHere(party.home, homes[party.home], part, unasked)
    if case.home in homes and case.home not in found:
        found[case.home] = PersonHere(case.home, homes[case.home], "where it happened", no_letters=False)
    return tuple(found.values())


def not_told_yet(people: Collection[PersonHere], *, told: Collection[RecordId], left_out: Collection[RecordId]) -> bool:
    """Whether somebody who asked for no letters would get one without having been told."""
    return any(one.no_letters and one.home not in told and one.home not in left_out for one in people)


def _may_be_reached(contents: CaseContents, party: RecordId, way: str) -> bool:
    rules = [rule for rule in contents.safe_contacts if rule.party == party]
    asked = bool(rules) and all(way in rule.safe_ways - rule.unsafe_ways for rule in rules)
    return asked and not why_not_reach(contents, party, way)
