"""Conflicts of interest: colleagues who may be a party to a case, or live with one.

The program only proposes, by names and homes it already knows; the officer who leads decides and says why. What was
decided stands in the case, for its readers alone.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from core.domain.access import ConflictCheck
from core.domain.case import Case, Party
from core.domain.changed import Changed
from core.domain.estate import Household, Resident
from core.domain.organisation import Member
from core.foundation.ids import RecordId, UserId
from core.services.access import walled_off
from core.services.readers import need_reason
from core.services.roster import epochs_of, roster_of
from core.services.workspace import Workspace
from core.store.store import table_of

SAME_NAME = "same-name"
SAME_HOME = "same-home"
SAME_FAMILY_NAME = "same-family-name"


@dataclass(frozen=True, slots=True)
class Connection:
    """A colleague who may be connected with the case. `why`: one of the codes above; `party` is who it may be, by
    name; `reads`: they can read the case now."""

    user: UserId
    name: str
    why: str
    party: str
    reads: bool
    this_is_me: bool


@dataclass(frozen=True, slots=True)
class NoConflict:
    """It stands in the case that somebody has no connection with it."""

    changed: Changed


def connections(workspace: Workspace, *, case: RecordId) -> tuple[Connection, ...]:
    """Colleagues who bear the name of somebody in the case, or the name of somebody who lives with one of them, and
    about whom nobody has decided yet. The strongest reason for each.

    Raises:
        NotFound: this person cannot read it.
    """
    file = workspace.store.get(Case, case)
    known = epochs_of(workspace, file.stream)
    decided = {check.user for check in workspace.store.select(ConflictCheck, table_of(ConflictCheck).c.case == case)}
    settled = decided | walled_off(known)
    roster = roster_of(workspace)
    readers = frozenset[UserId]().union(*(epoch.header.users for epoch in known.values()))
    parties = workspace.store.select(Party, table_of(Party).c.case == case)
    named = [(party.name, name) for party in parties for name in (party.name, *party.also_known_as) if name]
    lodgers = _who_lives_with(workspace, parties)
    found = []
    for member in workspace.store.select(Member):
        user = UserId(member.user)
        if user in settled or not roster.role_of(user) or not member.name:
            continue
        match = _match(member.name, named, lodgers)
        if match is not None:
            found.append(Connection(user, member.name, *match, user in readers, user == workspace.user))
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.why), one.name.casefold(), one.user)))


def note_no_conflict(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> NoConflict:
    """Write down that a colleague has nothing to do with anybody in the case, and why that is known.

    Raises:
        NotFound: no such case here.
        FormIncomplete: no reason was given.
    """
    need_reason(reason, "Say how you know that there is no connection.")
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("no-conflict") as (unit, outcome):
        unit.create(
            ConflictCheck, stream, case=case, user=user, reason=reason.strip(), by=workspace.user,
            at=workspace.parts.clock.now(),
        )  # fmt: skip
    return NoConflict(outcome.changed)


_ORDER = (SAME_NAME, SAME_HOME, SAME_FAMILY_NAME)


def _match(name: str, named: list[tuple[str, str]], lodgers: list[tuple[str, str]]) -> tuple[str, str] | None:
    own = _plain(name)
    for why, people in ((SAME_NAME, named), (SAME_HOME, lodgers)):
        party = next((party for party, other in people if _plain(other) == own), None)
        if party is not None:
            return why, party
    family = own[-1:]
    party = next((party for party, other in named if len(_plain(other)) > 1 and _plain(other)[-1:] == family), None)
    return (SAME_FAMILY_NAME, party) if party is not None and len(own) > 1 else None


def _who_lives_with(workspace: Workspace, parties: tuple[Party, ...]) -> list[tuple[str, str]]:
    """(party, name of somebody in their household)."""
    homes = {party.home: party.name for party in parties if party.home is not None}
    if not homes:
        return []
    households = workspace.store.select(
        Household, table_of(Household).c.home.in_(homes), table_of(Household).c.moved_out_on.is_(None)
    )
    party_of = {one.id: homes[one.home] for one in households if one.home is not None}
    found = workspace.store.select(Resident, table_of(Resident).c.household.in_(party_of)) if party_of else ()
    return [
        (party_of.get(one.household, "") if one.household else "", name)
        for one in found
        for name in (one.full_name, f"{one.given_name} {one.family_name}")
        if name.strip()
    ]


def _plain(name: str) -> tuple[str, ...]:
    bare = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(letter if letter.isalnum() else " " for letter in bare if not unicodedata.combining(letter))
    return tuple(kept.split())
