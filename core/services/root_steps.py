"""One person's votes about the next version of the root: what they want, and what they say in which round.

What somebody agreed to last is what they want until something is decided. Their vote for it is cast when it may be, and
cast again in the next round when everybody who had voted for something else has given theirs up (`is_stranded`).
"""

from __future__ import annotations

from enum import Enum

from core.changes import cbor
from core.changes.change import Wire
from core.foundation.errors import NotAllowed, NotFound, ProposalNotOpen
from core.foundation.ids import UserId
from core.services.roster import roster_in
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import meta
from core.store.unit import WriteUnit
from core.sync.engine.entries import Root
from core.sync.engine.root_votes import Election
from core.sync.engine.roots import MAX_ROUND, Said, election_after
from core.sync.engine.roster import Roster

WISH = "administrators-wish"
"""Hash of the proposal this person agreed to last, until something is decided."""


class Step(Enum):
    """What somebody who wants a proposal does about it."""

    VOTE = "vote"
    GIVE_UP = "give this round up: it cannot come to anything any more"
    WAIT = "wait"


def root_of(roster: Roster) -> Root:
    root = roster.newest_root
    if root is None:
        raise NotFound(what="list of administrators")
    return root


def election_of(roster: Roster) -> Election:
    return election_after(root_of(roster), roster.standing, roster.entries, roster.forks)


def wish_of(workspace: Workspace) -> bytes | None:
    with workspace.store.reading() as connection:
        return meta.read(connection, WISH)


def refuse_if_bound(election: Election, me: UserId, proposal: Root) -> None:
    """
    Raises:
        ProposalNotOpen: this person voted for something else, which may still be decided.
    """
    number = _my_round(election, me)
    voted = _my_votes(election, me).get(number)
    if voted is not None and voted != proposal.hash:
        raise ProposalNotOpen(reason="others must first refuse what was proposed before")
    allowed = election.allowed(number)
    if not allowed.anything and allowed.choice not in (None, proposal.hash):
        raise ProposalNotOpen(reason="another proposal may have been decided already and must be settled first")


def agree(unit: WriteUnit, workspace: Workspace, choice: bytes) -> None:
    election = election_of(roster_in(unit, workspace))
    me, version = workspace.user, election.before.version + 1
    is_fresh, is_old = me in election.fresh(choice), me in dict(election.before.admins)
    if not (is_fresh or is_old):
        raise NotAllowed()
    if is_fresh and me not in election.agreed(choice):
        _put_ballot(unit, workspace, Said(me, version, 0, choice))
    meta.write(unit.connection, WISH, choice)
    if not is_old:
        return
    election = election_of(roster_in(unit, workspace))
    number = _my_round(election, me)
    voted = _my_votes(election, me).get(number)
    if voted is not None and (voted != choice or not election.is_reachable(choice, number)):
        give_up(unit, workspace, election)  # bound by that vote: the next round is free
    go_on(unit, workspace, choice)


def go_on(unit: WriteUnit, workspace: Workspace, choice: bytes) -> None:
    """Vote for what this person wants, if not now then in the next round."""
    for _ in range(2):
        election = election_of(roster_in(unit, workspace))
        if choice not in election.proposals:
            return  # it is decided
        step = next_step(election, workspace.user, choice)
        if step is Step.WAIT:
            return
        if step is Step.VOTE:
            number = _my_round(election, workspace.user)
            _put_ballot(unit, workspace, Said(workspace.user, election.before.version + 1, number, choice))
            return
        give_up(unit, workspace, election)


def next_step(election: Election, me: UserId, choice: bytes) -> Step:
    if me not in dict(election.before.admins):
        return Step.WAIT
    number, votes = _my_round(election, me), _my_votes(election, me)
    if number not in votes:
        may = _consented(election, choice) and election.allowed(number).permits(choice)
        return Step.VOTE if may else Step.WAIT
    # Those who gave a round up vote in it no more. With them it can only be decided in the next.
    return Step.GIVE_UP if votes[number] == choice and election.is_stranded(choice, number) else Step.WAIT


def give_up(unit: WriteUnit, workspace: Workspace, election: Election) -> None:
    number = _my_round(election, workspace.user)
    _put_ballot(unit, workspace, Said(workspace.user, election.before.version + 1, number, b""))


def _consented(election: Election, choice: bytes) -> bool:
    return election.agreed(choice) >= election.fresh(choice).keys()


def _my_votes(election: Election, me: UserId) -> dict[int, bytes]:
    return {number: choice for (number, user), choice in election.votes().items() if user == me}


def _my_round(election: Election, me: UserId) -> int:
    """The first round this person has not given up."""
    return next(number for number in range(1, MAX_ROUND) if me not in election.abandoned(number))


def put(unit: WriteUnit, workspace: Workspace, kind: int, value: dict[int | str, Wire]) -> None:
    put_roster_entry(unit, workspace.organisation_stream, workspace.user, kind, cbor.encode(value))


def _put_ballot(unit: WriteUnit, workspace: Workspace, said: Said) -> None:
    put(unit, workspace, said.kind, said.wire())
