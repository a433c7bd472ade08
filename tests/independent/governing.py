"""PROTOCOL 5 and 5a from the page: roles given later, coming back after a removal, and who administers by votes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

LEAST_FIRST = ("committee", "officer", "administrator")


class Place(Protocol):
    """The segment an entry lies in; `seen` says what its author's laptop had seen then."""

    device: bytes
    seq: int
    seen: dict[bytes, int]


def had(later: Place, earlier: Place) -> bool:
    """Whether an author had seen what lies in another segment, or says both in one."""
    return later.seen.get(earlier.device, 0) >= earlier.seq


def follows(later: Place, earlier: Place) -> bool:
    """Whether it surely came after."""
    return had(later, earlier) and (later.device, later.seq) != (earlier.device, earlier.seq)


@dataclass(frozen=True)
class Given:
    """A role given: by an admission (`cuts` empty), or by an entry about the role."""

    user: bytes
    role: str
    author: bytes
    at: Place
    cuts: dict[bytes, int]
    admits: bool


def role_of(user: bytes, given: Iterable[Given], seen: dict[bytes, int]) -> str | None:
    """That of the newest entries somebody had seen; of several made apart the least. None for who was not let in."""
    known = [one for one in given if one.user == user and seen.get(one.at.device, 0) >= one.at.seq]
    if not any(one.admits for one in known):
        return None
    newest = [one for one in known if not any(follows(other.at, one.at) for other in known)]
    return min((one.role for one in newest), key=LEAST_FIRST.index)


def office_ended(author: bytes, act: Place, given: Sequence[Given]) -> bool:
    """Whether what somebody did as an administrator lies beyond the cut-offs of a lesser role, and follows no later
    promotion."""
    for one in given:
        if one.user != author or one.admits or one.role == "administrator" or act.seq <= one.cuts.get(act.device, 0):
            continue
        again = (other for other in given if other.user == author and follows(other.at, one.at) and had(act, other.at))
        if not any(other.role == "administrator" for other in again):
            return True
    return False


def came_back(removal: Place, user: bytes, certified: Sequence[tuple[Place, bool]], given: Sequence[Given]) -> bool:
    """Whether a removal does not cover a laptop: all its certificates are, or follow, an admission that follows the
    removal and is not by the person. `certified`: the segment of each certificate, and whether an admission has it."""
    for one in given:
        if one.user != user or not one.admits or one.author == user or not follows(one.at, removal):
            continue
        if certified and all(at is one.at or follows(at, one.at) for at, _ in certified):
            return True
    return False


@dataclass(frozen=True)
class Ballot:
    """A vote, with round 0 the consent of somebody named anew; or, without a choice, an abandon."""

    user: bytes
    version: int
    round: int
    choice: bytes
    at: Place
    keys: frozenset[bytes]
    """The signing keys its laptop descends from."""


class Vote:
    """The version after one root."""

    def __init__(self, before: dict[int, Any], proposals: dict[bytes, dict[int, Any]], said: Sequence[Ballot]) -> None:
        self.admins: dict[bytes, bytes] = dict(before[4])
        self.threshold = before[5]
        self.proposals = {name: root for name, root in proposals.items() if root[2] == before[2] + 1}
        self.said = [one for one in said if one.version == before[2] + 1]
        self.good: dict[int, bool] = {}

    def decided(self) -> bytes | None:
        """The version more than half decided."""
        votes = self._votes(self.said)
        for name in sorted(self.proposals):
            for number in {at for at, _ in votes}:
                if self._enough(name, {user for (at, user), choice in votes.items() if (at, choice) == (number, name)}):
                    return name
        return None

    def _anew(self, name: bytes) -> dict[bytes, bytes]:
        return {user: key for user, key in self.proposals[name][4] if self.admins.get(user) != key}

    def _enough(self, name: bytes, voters: set[bytes]) -> bool:
        root = self.proposals[name]
        still = {user for user, key in root[4] if user in voters and self.admins.get(user) == key}
        return len(voters) >= self.threshold and len(still) + len(self._anew(name)) >= root[5]

    def _official(self, one: Ballot) -> bool:
        return one.round >= 1 and self.admins.get(one.user) in one.keys

    def _votes(self, view: Sequence[Ballot]) -> dict[tuple[int, bytes], bytes]:
        cast: dict[tuple[int, bytes], list[Ballot]] = {}
        for one in view:
            if one.choice and self._official(one) and self._counts(one, view):
                cast.setdefault((one.round, one.user), []).append(one)
        found = {}
        for place, mine in cast.items():
            first = {one.choice for one in mine if not any(follows(one.at, other.at) for other in mine)}
            if len(first) == 1:
                found[place] = first.pop()
        return found

    def _counts(self, vote: Ballot, view: Sequence[Ballot]) -> bool:
        given_up = (
            one for one in view
            if not one.choice and one.user == vote.user and one.round >= vote.round and self._official(one)
        )  # fmt: skip
        if not all(follows(one.at, vote.at) for one in given_up):
            return False
        if id(vote) not in self.good:
            self.good[id(vote)] = False
            past = [one for one in self.said if one is not vote and had(vote.at, one.at)]
            self.good[id(vote)] = vote.choice in self.proposals and self._justified(vote, past)
        return self.good[id(vote)]

    def _justified(self, vote: Ballot, past: Sequence[Ballot]) -> bool:
        anew = self._anew(vote.choice)
        agreed = {
            one.user for one in past
            if one.choice == vote.choice and one.round == 0 and anew.get(one.user) in one.keys
        }  # fmt: skip
        if not agreed >= anew.keys():
            return False
        if vote.round == 1:
            return True
        gone = {one.user for one in past if not one.choice and one.round >= vote.round - 1 and self._official(one)}
        if len(gone) <= len(self.admins) - self.threshold:
            return False
        cast = {
            (at, user): choice for (at, user), choice in self._votes(past).items() if user in gone and at < vote.round
        }
        newest = max((at for at, _ in cast), default=0)
        others = self.admins.keys() - gone
        could = {
            name for name in {choice for (at, _), choice in cast.items() if at == newest}
            if self._enough(name, others | {u for (at, u), choice in cast.items() if (at, choice) == (newest, name)})
        }  # fmt: skip
        return could <= {vote.choice}


def roots(
    first: dict[int, Any], proposals: dict[bytes, dict[int, Any]], said: Sequence[Ballot], hash_of: Any
) -> Iterator[dict[int, Any]]:
    """Every version that holds, from the first to the one in force."""
    root: dict[int, Any] | None = first
    while root is not None:
        yield root
        fitting = {name: one for name, one in proposals.items() if one[3] == hash_of(root)}
        name = Vote(root, fitting, said).decided()
        root = None if name is None else proposals[name]
