"""What the administrators decide together: who they are, that a suspension ends, what a passphrase must cost at least.
More than half decide, by those before and by those after.

One administrator decides alone and at once. With two, both must agree. Somebody named anew must want it first. Whoever
agreed is asked for nothing more: their vote is cast, and cast again when others have changed their minds, with a later
sync (`settle_administrators`); what they agreed to last is what they want until something is decided. If that was
something else, they are told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from core.changes.hlc import to_ms
from core.domain.changed import NOTHING, Changed
from core.domain.organisation import Member
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import DeviceId, UserId
from core.services.laptops_of import numbers_of
from core.services.lifting import in_the_way
from core.services.root_steps import (
    WISH,
    Step,
    agree,
    election_of,
    give_up,
    go_on,
    next_step,
    put,
    refuse_if_bound,
    root_of,
    wish_of,
)
from core.services.root_words import PASSPHRASE_COSTS, PASSPHRASE_PASSES, further_words, people_words
from core.services.roster import roster_in, roster_of
from core.services.vaults import settle_rights
from core.services.withheld import bring_into_line
from core.services.workspace import Workspace
from core.store import meta
from core.store.mailbox import VaultBox
from core.store.unit import WriteUnit
from core.sync.engine.entries import ADMINISTRATOR, ROOT, Root
from core.sync.engine.root_votes import Election
from core.sync.engine.roots import key_to_name
from core.sync.engine.roster import Roster

OUTVOTED = "outvoted"
"""Notice: something else was decided than this person had agreed to."""


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
    further: tuple[str, ...] = ()
    """What it decides beside who administers, in sentences."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """Something that was decided and holds, or held until the next: `what` in sentences."""

    version: int
    what: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AdministratorsView:
    """`needed`: how many must agree to a change. `candidates`: colleagues in the role who are not among them.
    `decided`: newest first. `passphrase_kib`: memory one guess of a passphrase takes at least; 0: as usual."""

    rows: tuple[AdministratorRow, ...]
    needed: int
    proposals: tuple[ProposalRow, ...]
    candidates: tuple[AdministratorRow, ...]
    may_propose: bool
    decided: tuple[DecidedRow, ...] = ()
    passphrase_kib: int = 0


@dataclass(frozen=True, slots=True)
class AdministratorsChanged:
    """Something was said about who administers. `decided`: it holds from now on."""

    decided: bool
    changed: Changed


def administrators(workspace: Workspace) -> AdministratorsView:
    """Who administers, and what is being decided. Everybody may see it."""
    roster = roster_of(workspace)
    names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    root = root_of(roster)
    named = dict(root.admins)
    wish = wish_of(workspace)
    election = election_of(roster)
    words = _Words(workspace.user, roster, names, numbers_of(workspace))
    proposals = [words.row(election, name, wish) for name in sorted(election.proposals)]
    candidates = [user for user in roster.users if user not in named and roster.role_of(user) == ADMINISTRATOR]
    return AdministratorsView(
        _people(workspace, named, names), root.threshold,
        tuple(row for row in proposals if row.agreed or row.may_agree),
        _people(workspace, dict.fromkeys(candidates, b""), names), workspace.user in named,
        words.decided(), root.kdf_floor[0],
    )  # fmt: skip


def propose_administrators(
    workspace: Workspace, *, add: frozenset[UserId] = frozenset(), remove: frozenset[UserId] = frozenset(),
    reason: str = "",
) -> AdministratorsChanged:  # fmt: skip
    """Propose who administers from now on, and agree to it oneself.

    Raises:
        NotAllowed: only those who administer together may.
        NotFound: somebody to add does not have that role, or somebody to leave out is not among them.
        FormIncomplete: nobody would be left, or nothing would change.
    """
    with workspace.store.unit("propose-administrators") as (unit, outcome):
        roster = roster_in(unit, workspace)
        root = root_of(roster)
        after = dict(root.admins)
        if workspace.user not in after:
            raise NotAllowed()
        for user in remove:
            if after.pop(user, None) is None:
                raise NotFound(what="administrator")
        for user in add - after.keys():
            if roster.role_of(user) != ADMINISTRATOR:
                raise NotFound(what="colleague who has the role of an administrator")
            after[user] = key_to_name(roster.standing, user, roster.users[user].record)
        if not after or after == dict(root.admins):
            said = "Choose somebody to add or to leave out; one must remain."
            raise FormIncomplete(problems={"administrators": said})
        following = replace(
            _following(roster), admins=tuple(sorted(after.items())), threshold=len(after) // 2 + 1, words=reason.strip()
        )
        _propose(unit, workspace, following)
        decided, shown = _holds(unit, workspace, following.hash)
    return AdministratorsChanged(decided, outcome.changed | shown)


def propose_lifting(workspace: Workspace, *, device: DeviceId, reason: str) -> AdministratorsChanged:
    """Propose that a laptop counts again which was suspended, or which a suspension keeps from counting.

    Raises:
        NotAllowed: only those who administer together may.
        NotFound: no suspension is in its way, or something else is as well.
        FormIncomplete: no reason was given.
    """
    _need_reason(reason)
    with workspace.store.unit("propose-lifting") as (unit, outcome):
        roster = _roster_for_one_who_decides(unit, workspace)
        names = {entry.name for entry in in_the_way(roster, device)}
        if not names:
            raise NotFound(what="suspended laptop")
        following = _following(roster)
        following = replace(following, lifted=tuple(sorted({*following.lifted, *names})), words=reason.strip())
        _propose(unit, workspace, following)
        decided, shown = _holds(unit, workspace, following.hash)
    settle_rights(workspace)
    return AdministratorsChanged(decided, outcome.changed | shown)


def propose_passphrase_cost(workspace: Workspace, *, memory_kib: int, reason: str) -> AdministratorsChanged:
    """Propose what one guess of anybody's passphrase must cost at least. It holds for each key file from the next
    change of its passphrase, or the next retention day, on.

    Raises:
        NotAllowed: only those who administer together may.
        FormIncomplete: no reason was given, or it is so already, or there is no such cost.
    """
    _need_reason(reason)
    with workspace.store.unit("propose-passphrase-cost") as (unit, outcome):
        following = _following(_roster_for_one_who_decides(unit, workspace))
        floor = (memory_kib, PASSPHRASE_PASSES if memory_kib else 0)
        if memory_kib not in PASSPHRASE_COSTS or floor == following.kdf_floor:
            raise FormIncomplete(problems={"passphrase": "Choose something other than what holds now."})
        following = replace(following, kdf_floor=floor, words=reason.strip())
        _propose(unit, workspace, following)
        decided, shown = _holds(unit, workspace, following.hash)
    return AdministratorsChanged(decided, outcome.changed | shown)


def agree_to_administrators(workspace: Workspace, *, proposal: str) -> AdministratorsChanged:
    """Agree to a proposal. The vote is cast as soon as everybody it names anew wants it.

    Raises:
        NotFound: there is no such proposal any more.
        NotAllowed: this person is neither an administrator nor named in it.
        ProposalNotOpen: this person is bound by what they said before, until others have refused.
    """
    with workspace.store.unit("agree-to-administrators") as (unit, outcome):
        choice = bytes.fromhex(proposal)
        election = election_of(roster_in(unit, workspace))
        if choice not in election.proposals:
            raise NotFound(what="proposal")
        agree(unit, workspace, choice)
        decided, shown = _holds(unit, workspace, choice)
    settle_rights(workspace)
    return AdministratorsChanged(decided, outcome.changed | shown)


def refuse_administrators(workspace: Workspace) -> AdministratorsChanged:
    """Agree to nothing that is proposed now. With enough who refuse, something else can be proposed.

    Raises:
        NotAllowed: only those who administer together may.
    """
    with workspace.store.unit("refuse-administrators") as (unit, outcome):
        election = election_of(roster_in(unit, workspace))
        if workspace.user not in dict(election.before.admins):
            raise NotAllowed()
        meta.forget(unit.connection, WISH)
        give_up(unit, workspace, election)
    return AdministratorsChanged(False, outcome.changed)


def settle_administrators(workspace: Workspace) -> bool:
    """After an exchange: cast the vote this person wished to cast, if it counts by now; or tell them that something
    else was decided. Returns whether something was said."""
    choice = wish_of(workspace)
    if choice is None:
        return False
    roster = roster_of(workspace)
    if choice not in election_of(roster).proposals:
        _settled(workspace, roster, choice)
        return False
    if next_step(election_of(roster), workspace.user, choice) is Step.WAIT:
        return False
    with workspace.store.unit("settle-administrators") as (unit, _):
        go_on(unit, workspace, choice)
        _holds(unit, workspace, choice)
    settle_rights(workspace)
    return True


# ------------------------------------------------------------------ inside


def _propose(unit: WriteUnit, workspace: Workspace, proposal: Root) -> None:
    election = election_of(roster_in(unit, workspace))
    refuse_if_bound(election, workspace.user, proposal)
    if proposal.hash not in election.proposals:
        put(unit, workspace, ROOT, proposal.wire())
    agree(unit, workspace, proposal.hash)


def _holds(unit: WriteUnit, workspace: Workspace, choice: bytes) -> tuple[bool, Changed]:
    """Whether it is decided by what was just said, and what shows again because of it."""
    decided = root_of(roster_in(unit, workspace)).hash == choice
    return decided, bring_into_line(unit, workspace) if decided else NOTHING


def _settled(workspace: Workspace, roster: Roster, choice: bytes) -> None:
    """Something was decided; it is told if it was something else."""
    with workspace.store.unit("settle-administrators") as (unit, _):
        meta.forget(unit.connection, WISH)
        if all(root.hash != choice for root in roster.standing.roots):
            VaultBox(unit.connection).notice(OUTVOTED, choice, "", at_ms=to_ms(workspace.parts.clock.now()))


def _following(roster: Roster) -> Root:
    """The next version, in which nothing is changed yet. What stood no more stands no more in it either."""
    root = root_of(roster)
    known = {entry.name for entry in roster.entries}
    return replace(
        root, version=root.version + 1, previous=root.hash, words="",
        lifted=tuple(sorted(name for name in root.lifted if name in known)),
    )  # fmt: skip


def _roster_for_one_who_decides(unit: WriteUnit, workspace: Workspace) -> Roster:
    """
    Raises:
        NotAllowed: this person is not one of those who decide.
    """
    roster = roster_in(unit, workspace)
    if workspace.user not in dict(root_of(roster).admins):
        raise NotAllowed()
    return roster


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise FormIncomplete(problems={"reason": "Say in a few words why. Everybody can read it."})


@dataclass(frozen=True, slots=True)
class _Words:
    """What it takes to name people and laptops."""

    me: UserId
    roster: Roster
    names: Mapping[UserId, str]
    numbers: Mapping[DeviceId, int]

    def row(self, election: Election, choice: bytes, wish: bytes | None) -> ProposalRow:
        before, root = dict(election.before.admins), election.proposals[choice]
        assert isinstance(root, Root) and isinstance(election.before, Root)
        after, fresh = dict(root.admins), election.fresh(choice)
        agreed = set(election.agreed(choice)) | _want(election, choice)
        if wish == choice:
            agreed.add(self.me)
        asked = before.keys() | fresh.keys()
        may_agree = self.me in asked and self.me not in agreed
        return ProposalRow(
            choice.hex(), self.called(after.keys()), self.called(after.keys() - before.keys()),
            self.called(before.keys() - after.keys()), self.called(agreed), self.called(asked - agreed),
            election.before.threshold, may_agree, self.me in agreed, self.further(election.before, root), root.words,
        )  # fmt: skip

    def decided(self) -> tuple[DecidedRow, ...]:
        rows = [
            DecidedRow(
                after.version, (*people_words(before, after, self.names), *self.further(before, after)), after.words
            )
            for before, after in pairwise(self.roster.standing.roots)
        ]
        return tuple(reversed(rows))

    def further(self, before: Root, after: Root) -> tuple[str, ...]:
        return further_words(self.roster, self.numbers, before, after, self.names)

    def called(self, users: Collection[UserId]) -> tuple[str, ...]:
        return tuple(sorted((self.names.get(user, "") for user in users), key=str.casefold))


def _want(election: Election, choice: bytes) -> set[UserId]:
    """Whose newest vote is for it, not given up since."""
    newest = {user: (number, voted) for (number, user), voted in sorted(election.votes().items())}
    return {
        user for user, (number, voted) in newest.items()
        if voted == choice and user not in election.abandoned(number)
    }  # fmt: skip


def _people(
    workspace: Workspace, users: Mapping[UserId, bytes], names: Mapping[UserId, str]
) -> tuple[AdministratorRow, ...]:
    rows = [AdministratorRow(user, names.get(user, ""), user == workspace.user) for user in users]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.user)))
