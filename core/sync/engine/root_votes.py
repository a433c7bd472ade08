"""Who decides about administrators, without a server: versions of the root, votes, rounds and abandons. Pure.

A version follows another if more than half of the administrators before it voted for it in one round, and as many of
those it names as it demands itself agreed. Everybody it names anew must have agreed before a vote for it counts, so no
version waits for somebody who never wanted it.

Votes may part. Then a further round is opened, and it must not decide otherwise than an earlier one already did where
nobody here knows of it (single-decree Paxos over files, with rounds in which everybody may propose):

* Who abandons a round votes in none up to it any more: a vote counts only if every abandon of its author of that
  round or a later one came after it.
* A vote in round r + 1 counts only if its author had seen abandons of round r from more than n - t administrators, and
  it is for a version that could still have been decided: by the votes of these in the newest round any of them voted
  in, and whatever the others did. If none could, any version will do; if several could, more must abandon first.
* Somebody who votes for two in one round, one vote following the other, has cast the first. If neither vote had seen
  the other, nobody knows which was first, and both count for nothing.

Everything follows from the set of ballots and what each author's laptop had seen, never from the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.foundation.ids import DeviceId, UserId


class Act(Enum):
    """What a ballot says."""

    AGREE = "agree"
    """Somebody named anew wants to be an administrator of this version."""
    VOTE = "vote"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot. `keys`: the signing keys its author's laptop descends from; `seen`: what that laptop had seen."""

    act: Act
    user: UserId
    version: int
    round: int
    choice: bytes
    """Hash of the root voted for; empty when abandoning."""
    device: DeviceId
    seq: int
    seen: Mapping[DeviceId, int]
    keys: frozenset[bytes]

    def had(self, other: Ballot) -> bool:
        """Whether its author's laptop had the other, in the same segment or before."""
        return other.seq <= (self.seq if other.device == self.device else self.seen.get(other.device, 0))

    def follows(self, other: Ballot) -> bool:
        """Whether the other surely came first."""
        return self.had(other) and (self.device, self.seq) != (other.device, other.seq)


class RootLike(Protocol):
    """What deciding needs of a root (`entries.Root`)."""

    @property
    def version(self) -> int: ...
    @property
    def previous(self) -> bytes: ...
    @property
    def admins(self) -> tuple[tuple[UserId, bytes], ...]: ...
    @property
    def threshold(self) -> int: ...
    @property
    def hash(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be voted for in a round: `anything`, only `choice`, or nothing yet."""

    anything: bool = False
    choice: bytes | None = None

    def permits(self, choice: bytes) -> bool:
        """Whether a vote for `choice` counts."""
        return self.anything or (self.choice is not None and self.choice == choice)


NOTHING_YET = Allowed()
ANYTHING = Allowed(anything=True)


class Election:
    """The next version after one root, by the ballots known (or by those somebody had seen)."""

    def __init__(self, before: RootLike, proposals: Mapping[bytes, RootLike], ballots: Iterable[Ballot]) -> None:
        self.before = before
        self.proposals = {
            name: root
            for name, root in proposals.items()
            if root.version == before.version + 1 and root.previous == before.hash
        }
        """The versions that could follow, by hash."""
        self._named = dict(before.admins)
        self.ballots: tuple[Ballot, ...] = tuple(one for one in ballots if one.version == before.version + 1)
        self._justified: dict[int, bool] = {}
        self._votes: dict[tuple[int, UserId], bytes] | None = None

    # ------------------------------------------------------------------ what holds

    def decided(self) -> bytes | None:
        """The version that was decided, by hash; None if none was (or, which must not be, if two were)."""
        found = {name for name in self.proposals for number in self.rounds() if self._reached(name, number)}
        return next(iter(found)) if len(found) == 1 else None

    def rounds(self) -> range:
        """Every round somebody voted in, from the first."""
        return range(1, max((number for number, _ in self.votes()), default=0) + 1)

    def votes(self) -> Mapping[tuple[int, UserId], bytes]:
        """Who voted for what in which round, as far as it counts."""
        if self._votes is None:
            self._votes = self._votes_in(self.ballots)
        return self._votes

    def agreed(self, choice: bytes) -> frozenset[UserId]:
        """Those a version names anew who want to be administrators."""
        return self._agreed_in(self.ballots, choice)

    def abandoned(self, number: int) -> frozenset[UserId]:
        """The administrators who vote in no round up to this one any more."""
        return self._abandoned_in(self.ballots, number)

    def allowed(self, number: int) -> Allowed:
        """What may be voted for in a round, by everything known here."""
        return self._allowed_in(self.ballots, number)

    def is_reachable(self, choice: bytes, number: int) -> bool:
        """Whether a version can still be decided in a round, by everything known here."""
        votes, gone = self.votes(), self.abandoned(number)
        may = {
            user
            for user in self._named
            if votes.get((number, user)) == choice or (user not in gone and (number, user) not in votes)
        }
        return self._suffices(choice, may)

    def is_stranded(self, choice: bytes, number: int) -> bool:
        """Whether a version can only be decided in a later round because all who voted for something else in this one
        have given it up: perhaps for this."""
        against = {user for (at, user), voted in self.votes().items() if at == number and voted != choice}
        return bool(against) and against <= self.abandoned(number) and not self.is_reachable(choice, number)

    def fresh(self, choice: bytes) -> dict[UserId, bytes]:
        """Those a version names who were not administrators with the same keys."""
        return {user: key for user, key in self.proposals[choice].admins if self._named.get(user) != key}

    # ------------------------------------------------------------------ counting

    def _reached(self, choice: bytes, number: int) -> bool:
        voters = {user for (at, user), voted in self.votes().items() if at == number and voted == choice}
        return self._suffices(choice, voters)

    def _suffices(self, choice: bytes, voters: Iterable[UserId]) -> bool:
        """Whether these votes, with all it names anew agreeing, decide it."""
        root, old = self.proposals[choice], set(voters)
        new = {user for user, key in root.admins if user in old and self._named.get(user) == key}
        return len(old) >= self.before.threshold and len(new) + len(self.fresh(choice)) >= root.threshold

    def _votes_in(self, view: Sequence[Ballot]) -> dict[tuple[int, UserId], bytes]:
        cast: dict[tuple[int, UserId], list[Ballot]] = {}
        for ballot in view:
            if self._is_by_administrator(ballot, Act.VOTE) and self._stands(ballot, view):
                cast.setdefault((ballot.round, ballot.user), []).append(ballot)
        found = {}
        for place, mine in cast.items():
            first = [one for one in mine if not any(one.follows(other) for other in mine)]
            choices = {one.choice for one in first}
            if len(choices) == 1:
                found[place] = choices.pop()
        return found

    def _stands(self, vote: Ballot, view: Sequence[Ballot]) -> bool:
        given_up = (
            other for other in view
            if other.act is Act.ABANDON and other.user == vote.user and other.round >= vote.round
            and self._is_by_administrator(other, Act.ABANDON)
        )  # fmt: skip
        return all(other.follows(vote) for other in given_up) and self._is_justified(vote)

    def _is_justified(self, vote: Ballot) -> bool:
        """Whether its author, by what their laptop had seen, might vote so in this round."""
        known = self._justified.get(id(vote))
        if known is None:
            self._justified[id(vote)] = False  # nothing justifies itself
            past = [one for one in self.ballots if one is not vote and vote.had(one)]
            known = (
                vote.choice in self.proposals
                and self._agreed_in(past, vote.choice) >= self.fresh(vote.choice).keys()
                and self._allowed_in(past, vote.round).permits(vote.choice)
            )
            self._justified[id(vote)] = known
        return known

    def _allowed_in(self, view: Sequence[Ballot], number: int) -> Allowed:
        if number <= 1:
            return ANYTHING if number == 1 else NOTHING_YET
        gone = self._abandoned_in(view, number - 1)
        if len(gone) <= len(self._named) - self.before.threshold:
            return NOTHING_YET
        votes = {
            (at, user): choice for (at, user), choice in self._votes_in(view).items() if user in gone and at < number
        }
        newest = max((at for at, _ in votes), default=0)
        cast: dict[bytes, set[UserId]] = {}
        for (at, user), choice in votes.items():
            if at == newest:
                cast.setdefault(choice, set()).add(user)
        others = self._named.keys() - gone
        open_still = {choice for choice, voters in cast.items() if self._suffices(choice, voters | others)}
        if not open_still:
            return ANYTHING
        return Allowed(choice=open_still.pop()) if len(open_still) == 1 else NOTHING_YET

    def _abandoned_in(self, view: Iterable[Ballot], number: int) -> frozenset[UserId]:
        return frozenset(
            one.user for one in view if one.round >= number and self._is_by_administrator(one, Act.ABANDON)
        )

    def _agreed_in(self, view: Iterable[Ballot], choice: bytes) -> frozenset[UserId]:
        wanted = self.fresh(choice) if choice in self.proposals else {}
        return frozenset(
            one.user
            for one in view
            if one.act is Act.AGREE and one.choice == choice and wanted.get(one.user) in one.keys
        )

    def _is_by_administrator(self, ballot: Ballot, act: Act) -> bool:
        return ballot.act is act and ballot.round >= 1 and self._named.get(ballot.user) in ballot.keys


def versions(
    first: RootLike, proposals: Mapping[bytes, RootLike], ballots: Sequence[Ballot],
    told: Callable[[Election], None] | None = None,
) -> tuple[RootLike, ...]:  # fmt: skip
    """The roots that hold, from the first to the newest, by the ballots given. `told` hears of each election."""
    chain = [first]
    while True:
        election = Election(chain[-1], proposals, ballots)
        if told is not None:
            told(election)
        decided = election.decided()
        if decided is None:
            return tuple(chain)
        chain.append(election.proposals[decided])
