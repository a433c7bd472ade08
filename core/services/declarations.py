"""Before opening a case for the first time, everybody with keys says whether they are connected with anybody in it.

A connection that was declared is a wall by keys: the person's own program opens the case no more, and the program of
whoever leads keeps them out with its next exchange (policy 4.31, 7.1 to 7.3). Only their own word counts: a declaration
that somebody else wrote about them is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.access import ConflictDeclaration
from core.domain.case import ONE_OF_US, Case, Party
from core.domain.changed import Changed
from core.domain.estate import Home
from core.foundation.errors import NotAllowed
from core.foundation.ids import RecordId, UserId
from core.policy.offices import is_their_own, must_declare, to_keep_out
from core.services.access import leads, names_of
from core.services.forms import Problems
from core.services.homes import address_of
from core.services.own_words import OWN_WORD, OwnWord, keep_own_word, may_write_in, own_words
from core.services.readers import wall_off
from core.services.roster import KnownEpoch, epochs_of, headers_of
from core.services.workspace import Workspace
from core.store import keyring, meta
from core.store.store import select_records, table_of
from core.store.transactions import writing
from core.store.versions import writers_of
from core.sync.engine import epochs

DECLARED = "Said before opening it that they are connected with somebody in it."


@dataclass(frozen=True, slots=True)
class Interest:
    """What one person said about themselves."""

    user: UserId
    name: str
    connected: bool
    how: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    """What is asked before a case is opened for the first time: as little of it as an honest answer needs.

    `ask`: nothing was said yet and it has to be. `connected`: this person said that they are. `leads`: they lead on it,
    so that somebody else has to lead before they can be kept out. `kept`: what they said stays on this laptop until
    they may write in the case.
    """

    case: RecordId
    reference: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    ask: bool
    connected: bool
    leads: bool
    kept: bool = False

    @property
    def shut(self) -> bool:
        """Whether nothing of the case is shown to this person."""
        return self.ask or self.connected


@dataclass(frozen=True, slots=True)
class Shown:
    """What the question before a case shows of it: its reference, names and places, each in order."""

    reference: str
    people: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """It stands in the case, or is kept here until this person may write there. `connected`: the case stays shut."""

    connected: bool
    changed: Changed


def interests_in(workspace: Workspace, *, case: RecordId) -> tuple[Interest, ...]:
    """What everybody said about themselves, the latest word of each.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    names = names_of(workspace)
    latest: dict[UserId, Interest] = {}
    with workspace.store.reading() as connection:
        table = table_of(ConflictDeclaration)
        for one in select_records(
            connection, ConflictDeclaration, table.c.stream == stream, order_by=(table.c.created_hlc,)
        ):
            if not _is_own_word(workspace, one):
                continue
            user = UserId(one.user)
            latest[user] = Interest(user, names.get(user, ""), bool(one.connected), one.how, one.at)
    return tuple(latest[user] for user in sorted(latest))


def declaration_of(workspace: Workspace, *, case: RecordId) -> DeclarationPage:
    """Whether this person has to say something before the case is opened, and what they need to know for it.

    Raises:
        NotFound: there is no such case in this vault.
    """
    found = workspace.store.get(Case, case)
    known = epochs_of(workspace, found.stream)
    said = {one.user: one for one in interests_in(workspace, case=case)}
    mine = said.get(workspace.user)
    with workspace.store.reading() as connection:
        word = own_words(connection).get(case)
    declared = said.keys() | ({workspace.user} if word else set())
    connected = word.connected if word else mine is not None and mine.connected
    people = workspace.store.select(Party, table_of(Party).c.case == case)
    shown = shown_before(workspace, (case,))[case]
    own = is_their_own(people, names_of(workspace).get(workspace.user, ""))
    return DeclarationPage(
        case=case, reference=shown.reference, people=shown.people, places=shown.places,
        ask=must_declare(user=workspace.user, opened_by=_opened_by(known), declared=declared, harmed=own),
        connected=connected, leads=leads(known, workspace.user), kept=word is not None,
    )  # fmt: skip


def shown_before(workspace: Workspace, cases: Collection[RecordId]) -> dict[RecordId, Shown]:
    """What the question shows of each of these cases, in three looks into the vault however many they are."""
    files = workspace.store.select(Case, table_of(Case).c.id.in_(cases))
    people: dict[RecordId, list[Party]] = {}
    for party in workspace.store.select(Party, table_of(Party).c.case.in_(cases)):
        if party.case is not None:
            people.setdefault(party.case, []).append(party)
    homes = {file.home for file in files} | {party.home for parties in people.values() for party in parties}
    found = workspace.store.select(Home, table_of(Home).c.id.in_([home for home in homes if home]))
    return {file.id: _shown(file, people.get(file.id, ()), found) for file in files}


def _shown(file: Case, people: Sequence[Party], homes: Iterable[Home]) -> Shown:
    here = {file.home, *(party.home for party in people)}
    places = [address_of(home) for home in homes if home.id in here] or [file.place]
    names = {name for party in people for name in (party.name, *party.also_known_as) if name}
    return Shown(file.reference, tuple(sorted(names)), tuple(sorted(place for place in places if place)))


def shut_among(workspace: Workspace, cases: Collection[RecordId]) -> frozenset[RecordId]:
    """Those of these cases of which nothing is shown to this person yet: `DeclarationPage.shut` for a whole list."""
    store, user = workspace.store, workspace.user
    files = store.select(Case, table_of(Case).c.id.in_(cases))
    with store.reading() as connection:
        began = keyring.first_authors(connection, [file.stream for file in files])
        words = own_words(connection)
    asked = [file.id for file in files if began.get(file.stream) != user]
    table = table_of(ConflictDeclaration)
    said = store.select(
        ConflictDeclaration, table.c.case.in_(cases), table.c.user == user, order_by=(table.c.created_hlc,)
    )
    connected = {one.case: bool(one.connected) for one in said if _is_own_word(workspace, one)}
    connected |= {file.id: words[file.id].connected for file in files if file.id in words}
    names, own = names_of(workspace), table_of(Party)
    us = store.select(Party, own.c.case.in_(asked), own.c.sort.in_(ONE_OF_US)) if asked else ()
    theirs = {party.case for party in us if is_their_own((party,), names.get(user, ""))}
    must = {
        case for case in asked
        if must_declare(user=user, opened_by=b"", declared={user} if case in connected else (), harmed=case in theirs)
    }  # fmt: skip
    return frozenset(must | {case for case, is_so in connected.items() if is_so and case is not None})


def declare(workspace: Workspace, *, case: RecordId, connected: bool | None, how: str = "") -> Declared:
    """Say about oneself whether one is connected with anybody in the case.

    Where this person may not write yet it is kept here, counts here, and goes into the case once they may.

    Raises:
        NotFound: there is no such case in this vault.
        FormIncomplete: nothing was said, or not how.
    """
    found = workspace.store.get(Case, case)
    problems = Problems()
    problems.need(connected is not None, "connected", "Say whether you are connected with anybody in it.")
    problems.need(not connected or how.strip(), "how", "Say how, in a few words. Those who read the case see it.")
    problems.settle()
    word = OwnWord(bool(connected), how.strip() if connected else "", workspace.parts.clock.now())
    if may_write_in(workspace, found.stream):
        return Declared(word.connected, _write(workspace, found, word))
    keep_own_word(workspace, case, word)
    return Declared(word.connected, Changed(frozenset({ConflictDeclaration.SPEC.name}), frozenset({case})))


def settle_own_words(workspace: Workspace) -> bool:
    """Write what was kept here into the cases where this person may write by now. Returns whether there was anything.

    What was said about a case that is no longer here is forgotten.
    """
    settled = False
    with workspace.store.reading() as connection:
        kept = own_words(connection)
    for case, word in kept.items():
        file = workspace.store.find(Case, case)
        if file is None:
            with writing(workspace.store.engine) as connection:
                meta.forget(connection, OWN_WORD + case.hex())
        elif may_write_in(workspace, file.stream):
            _write(workspace, file, word)
            settled = True
    return settled


def settle_declared(workspace: Workspace) -> bool:
    """Keep out of every case this person leads whoever declared a connection. Returns whether anything was to do."""
    settled = False
    with workspace.store.reading() as connection:
        table = table_of(ConflictDeclaration)
        found = select_records(connection, ConflictDeclaration, table.c.connected.is_(True))
    for case in sorted({one.case for one in found if one.case is not None}):
        file = workspace.store.find(Case, case)
        if file is None:
            continue
        known = epochs_of(workspace, file.stream)
        if not leads(known, workspace.user):
            continue
        reads = epochs.effective_members(headers_of(known)).keys()
        connected = {one.user for one in interests_in(workspace, case=case) if one.connected}
        for user in to_keep_out(connected=connected, reads=reads, lead=workspace.user):
            try:
                wall_off(workspace, case=case, user=UserId(user), reason=DECLARED)
            except NotAllowed:
                continue  # somebody else leads by now: their program does it
            settled = True
    return settled


def _is_own_word(workspace: Workspace, said: ConflictDeclaration) -> bool:
    own, fields = {said.user}, ("user", "connected")
    with workspace.store.reading() as connection:
        return all(writers_of(connection, ConflictDeclaration, said.id, name) == own for name in fields)


def _write(workspace: Workspace, file: Case, word: OwnWord) -> Changed:
    with workspace.store.unit("declare-interest") as (unit, outcome):
        unit.create(
            ConflictDeclaration, file.stream, case=file.id, user=workspace.user, connected=word.connected,
            how=word.how, at=word.at,
        )  # fmt: skip
        meta.forget(unit.connection, OWN_WORD + file.id.hex())
    return outcome.changed


def _opened_by(known: dict[bytes, KnownEpoch]) -> UserId:
    """Who began the stream of the case."""
    first = min(known.values(), key=lambda epoch: (epoch.header.number, epoch.header_hash))
    return first.author or UserId(b"")
