"""Who administers together: who they are, who proposes whom, who has agreed. More than half decide, before and after.

One administrator decides alone and at once. With two, both must agree. Somebody named anew must want it first; whoever
agreed before that is asked for nothing more: their vote follows by itself with a later sync (`settle_administrators`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Wire
from core.domain.changed import Changed
from core.domain.organisation import Member
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound, ProposalNotOpen
from core.foundation.ids import UserId
from core.services.roster import roster_in, roster_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import meta
from core.store.unit import WriteUnit
from core.sync.engine.entries import ADMINISTRATOR, ROOT, Root
from core.sync.engine.root_votes import Election
from core.sync.engine.roots import MAX_ROUND, Said, election_after
from core.sync.engine.roster import Roster

_WISH = "administrators-wish"
"""Hash of the proposal this person agreed to, until their vote could be cast."""


@dataclass(frozen=True, slots=True)
class AdministratorRow:
    """One of those who decide together."""

    user: UserId
    name: str
    this_is_me: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A list of administrators somebody proposed. `waiting_for`: names of those who may still agree."""

    id: str
    after: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    agreed: tuple[str, ...]
    waiting_for: tuple[str, ...]
    needed: int
    may_agree: bool
    i_agreed: bool


@dataclass(frozen=True, slots=True)
class AdministratorsView:
    """`needed`: how many must agree to a change. `candidates`: colleagues in the role who are not among them."""

    rows: tuple[AdministratorRow, ...]
    needed: int
    proposals: tuple[ProposalRow, ...]
    candidates: tuple[AdministratorRow, ...]
    may_propose: bool


@dataclass(frozen=True, slots=True)
class AdministratorsChanged:
    """Something was said about who administers. `decided`: it holds from now on."""

    decided: bool
    changed: Changed


def administrators(workspace: Workspace) -> AdministratorsView:
    """Who administers, and what is being decided. Everybody may see it."""
    roster = roster_of(workspace)
    names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    root = _root(roster)
    named = dict(root.admins)
    wish = _wish(workspace)
    election = _election(roster)
    proposals = [_row(workspace, election, name, names, wish) for name in sorted(election.proposals)]
    candidates = [
        user for user in roster.users if user not in named and roster.role_of(user) == ADMINISTRATOR
    ]
    return AdministratorsView(
        _people(workspace, named, names), root.threshold,
        tuple(row for row in proposals if row.agreed or row.may_agree),
        _people(workspace, dict.fromkeys(candidates, b""), names), workspace.user in named,
    )  # fmt: skip


def propose_administrators(
    workspace: Workspace, *, add: frozenset[UserId] = frozenset(), remove: frozenset[UserId] = frozenset()
) -> AdministratorsChanged:
    """Propose who administers from now on, and agree to it oneself.

    Raises:
        NotAllowed: only those who administer together may.
        NotFound: somebody to add does not have that role, or somebody to leave out is not among them.
        FormIncomplete: nobody would be left, or nothing would change.
    """
    with workspace.store.unit("propose-administrators") as (unit, outcome):
        roster = roster_in(unit, workspace)
        root = _root(roster)
        after = dict(root.admins)
        if workspace.user not in after:
            raise NotAllowed()
        for user in remove:
            if after.pop(user, None) is None:
                raise NotFound(what="administrator")
        for user in add - after.keys():
            if roster.role_of(user) != ADMINISTRATOR:
                raise NotFound(what="colleague who has the role of an administrator")
            after[user] = roster.users[user].record.sign_public
        if not after or after == dict(root.admins):
            said = "Choose somebody to add or to leave out; one must remain."
            raise FormIncomplete(problems={"administrators": said})
        proposal = Root(
            root.organisation, root.version + 1, root.hash, tuple(sorted(after.items())), len(after) // 2 + 1,
            root.policy, root.format_floor, root.kdf_floor, _lifted(roster, root),
        )  # fmt: skip
        if proposal.hash not in _election(roster).proposals:
            _put(unit, workspace, ROOT, proposal.wire())
        _agree(unit, workspace, proposal.hash)
        decided = _root(roster_in(unit, workspace)).hash == proposal.hash
    return AdministratorsChanged(decided, outcome.changed)


def agree_to_administrators(workspace: Workspace, *, proposal: str) -> AdministratorsChanged:
    """Agree to a proposal. The vote is cast as soon as everybody it names anew wants it.

    Raises:
        NotFound: there is no such proposal any more.
        NotAllowed: this person is neither an administrator nor named in it.
        ProposalNotOpen: this person is bound by what they said before, until others have refused.
    """
    with workspace.store.unit("agree-to-administrators") as (unit, outcome):
        choice = bytes.fromhex(proposal)
        election = _election(roster_in(unit, workspace))
        if choice not in election.proposals:
            raise NotFound(what="proposal")
        _agree(unit, workspace, choice)
        decided = _root(roster_in(unit, workspace)).hash == choice
    return AdministratorsChanged(decided, outcome.changed)


def refuse_administrators(workspace: Workspace) -> AdministratorsChanged:
    """Agree to nothing that is proposed now. With enough who refuse, something else can be proposed.

    Raises:
        NotAllowed: only those who administer together may.
    """
    with workspace.store.unit("refuse-administrators") as (unit, outcome):
        election = _election(roster_in(unit, workspace))
        if workspace.user not in dict(election.before.admins):
            raise NotAllowed()
        meta.forget(unit.connection, _WISH)
        number = _my_round(election, workspace.user)
        _put_ballot(unit, workspace, Said(workspace.user, election.before.version + 1, number, b""))
    return AdministratorsChanged(False, outcome.changed)


def settle_administrators(workspace: Workspace) -> bool:
    """After an exchange: cast the vote this person wished to cast, if it counts by now. Returns whether it was cast."""
    choice = _wish(workspace)
    if choice is None:
        return False
    election = _election(roster_of(workspace))
    if choice not in election.proposals:
        with workspace.store.unit("settle-administrators") as (unit, _):
            meta.forget(unit.connection, _WISH)
        return False
    if not _may_vote(election, workspace.user, choice):
        return False
    with workspace.store.unit("settle-administrators") as (unit, _):
        _agree(unit, workspace, choice)
    return True


# ------------------------------------------------------------------ inside


def _root(roster: Roster) -> Root:
    root = roster.newest_root
    if root is None:
        raise NotFound(what="list of administrators")
    return root


def _election(roster: Roster) -> Election:
    return election_after(_root(roster), roster.standing, roster.entries, roster.forks)


def _wish(workspace: Workspace) -> bytes | None:
    with workspace.store.reading() as connection:
        return meta.read(connection, _WISH)


def _agree(unit: WriteUnit, workspace: Workspace, choice: bytes) -> None:
    election = _election(roster_in(unit, workspace))
    me, version = workspace.user, election.before.version + 1
    is_fresh, is_old = me in election.fresh(choice), me in dict(election.before.admins)
    if not (is_fresh or is_old):
        raise NotAllowed()
    if is_fresh and me not in election.agreed(choice):
        _put_ballot(unit, workspace, Said(me, version, 0, choice))
        election = _election(roster_in(unit, workspace))
    if not is_old or choice in _my_votes(election, me).values():
        return
    number = _my_round(election, me)
    if number in _my_votes(election, me):  # bound by another vote: give this round up and look at the next
        _put_ballot(unit, workspace, Said(me, version, number, b""))
        number += 1
        election = _election(roster_in(unit, workspace))
    allowed = election.allowed(number)
    if not allowed.permits(choice):
        if allowed.choice is not None:
            raise ProposalNotOpen(reason="another proposal may have been decided already and must be settled first")
        raise ProposalNotOpen(reason="others must first refuse what was proposed before")
    if not _consented(election, choice):
        meta.write(unit.connection, _WISH, choice)
        return
    meta.forget(unit.connection, _WISH)
    _put_ballot(unit, workspace, Said(me, version, number, choice))


def _may_vote(election: Election, me: UserId, choice: bytes) -> bool:
    number = _my_round(election, me)
    return (
        me in dict(election.before.admins)
        and number not in _my_votes(election, me)
        and _consented(election, choice)
        and election.allowed(number).permits(choice)
    )


def _consented(election: Election, choice: bytes) -> bool:
    return election.agreed(choice) >= election.fresh(choice).keys()


def _my_votes(election: Election, me: UserId) -> dict[int, bytes]:
    return {number: choice for (number, user), choice in election.votes().items() if user == me}


def _my_round(election: Election, me: UserId) -> int:
    """The first round this person has not given up."""
    return next(number for number in range(1, MAX_ROUND) if me not in election.abandoned(number))


def _lifted(roster: Roster, root: Root) -> tuple[bytes, ...]:
    """What stood no more stands no more in the next version either."""
    known = {entry.name for entry in roster.entries}
    return tuple(sorted(name for name in root.lifted if name in known))


def _put(unit: WriteUnit, workspace: Workspace, kind: int, value: dict[int | str, Wire]) -> None:
    put_roster_entry(unit, workspace.organisation_stream, workspace.user, kind, cbor.encode(value))


def _put_ballot(unit: WriteUnit, workspace: Workspace, said: Said) -> None:
    _put(unit, workspace, said.kind, said.wire())


def _row(
    workspace: Workspace, election: Election, choice: bytes, names: Mapping[UserId, str], wish: bytes | None
) -> ProposalRow:
    before, after = dict(election.before.admins), dict(election.proposals[choice].admins)
    me, fresh = workspace.user, election.fresh(choice)
    agreed = set(election.agreed(choice)) | {user for (_, user), voted in election.votes().items() if voted == choice}
    if wish == choice:
        agreed.add(me)
    asked = before.keys() | fresh.keys()

    def called(users: set[UserId]) -> tuple[str, ...]:
        return tuple(sorted((names.get(user, "") for user in users), key=str.casefold))

    return ProposalRow(
        choice.hex(), called(set(after)), called(after.keys() - before.keys()), called(before.keys() - after.keys()),
        called(agreed), called(asked - agreed), election.before.threshold, me in asked and me not in agreed,
        me in agreed,
    )  # fmt: skip


def _people(
    workspace: Workspace, users: Mapping[UserId, bytes], names: Mapping[UserId, str]
) -> tuple[AdministratorRow, ...]:
    rows = [AdministratorRow(user, names.get(user, ""), user == workspace.user) for user in users]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.user)))
