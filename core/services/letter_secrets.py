"""What a letter about a case must never say: the names, homes, numbers and facts of the people in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain.case import Case, Party
from core.domain.estate import Home
from core.foundation.ids import RecordId
from core.letters.leak_guard import Secret, SecretKind
from core.services.homes import address_of
from core.services.workspace import Workspace
from core.store import homebook
from core.store.contents import CaseContents, contents_of_many

_NUMBERED = re.compile(r"(?:\b(?:flat|room|unit|number|no\.?)\s+)?\d.*", re.IGNORECASE)
"""A home's number and what follows; a place without a number is told by a general letter anyway."""


def secrets_of_case(
    workspace: Workspace, case: Case, *, apart_from: RecordId | None = None, facts: bool = True
) -> tuple[Secret, ...]:
    """Everything the leak guard looks for before anything about this case leaves.

    `apart_from`: the person a letter goes to, whose own name and home it may hold. `facts` False: only people, not what
    happened to them.
    """
    with workspace.store.reading() as connection:
        contents = contents_of_many(connection, [case.id])[0]
    found = [Secret(SecretKind.REFERENCE, case.reference, "the reference of the case")]
    own_home = next((party.home for party in contents.parties if party.id == apart_from), None)
    for party in contents.parties:
        if party.id != apart_from:
            found += _of_party(workspace, party, known_home=own_home)
    if facts:
        found += _of_case(workspace, contents, known_home=own_home)
    return tuple(secret for secret in found if secret.value.strip())


def _of_party(workspace: Workspace, party: Party, *, known_home: RecordId | None) -> Iterator[Secret]:
    who = "the name of somebody in the case"
    yield Secret(SecretKind.NAME, party.name, who)
    for other in sorted(party.also_known_as):
        yield Secret(SecretKind.NICKNAME, other, "another name of somebody in the case")
    yield Secret(SecretKind.PHONE, party.phone, "the phone number of somebody in the case")
    yield Secret(SecretKind.EMAIL, party.email, "the email address of somebody in the case")
    home = workspace.store.find(Home, party.home) if party.home else None
    if home is not None and home.id != known_home:
        yield from _of_home(home)
        yield from _who_live_in(workspace, home)


def _who_live_in(workspace: Workspace, home: Home) -> Iterator[Secret]:
    with workspace.store.reading() as connection:
        dwellings = homebook.dwellings_of(connection, [home])
    for dwelling in dwellings:
        for one in dwelling.residents:
            name = one.full_name or f"{one.given_name} {one.family_name}"
            yield Secret(SecretKind.NAME, name, "the name of somebody who lives with somebody in the case")


def _of_case(workspace: Workspace, contents: CaseContents, *, known_home: RecordId | None) -> Iterator[Secret]:
    home = workspace.store.find(Home, contents.case.home) if contents.case.home else None
    if home is not None and home.id != known_home:
        yield from _of_home(home)
    for incident in contents.incidents:
        if (numbered := _NUMBERED.search(incident.place)) is not None:
            yield Secret(SecretKind.HOME, numbered.group(), "where something happened")
        if incident.happened_at is not None:
            day = incident.happened_at.astimezone(workspace.pack.zone).date()
            yield Secret(SecretKind.DATE, day.isoformat(), "the day of an incident")
    for seen in contents.perceptions:
        for strand in sorted(seen.strands - {"other", "none"}):
            yield Secret(SecretKind.STRAND, strand, "what is behind the case")
    for mark in contents.graffiti:
        yield Secret(SecretKind.FACT, mark.place, "the place of the graffiti")


def _of_home(home: Home) -> Iterator[Secret]:
    yield Secret(SecretKind.HOME, address_of(home), "the home of somebody in the case")
    if home.flat:
        yield Secret(SecretKind.FLAT, home.flat, "the flat of somebody in the case")
