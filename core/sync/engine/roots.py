"""The versions of the root as entries of the roster: who proposes one, who agrees, votes or abandons (`root_votes.py`).

* ROOT (20) with a version above 1: a proposal, by an administrator. Version 1 is the beginning and is pinned.
* ROOT_VOTE (21): `{1: user, 2: version, 3: round, 4: root hash}`; round 0: somebody it names anew agrees.
* ROOT_ABANDON (30): `{1: user, 2: version, 3: round}`.

A ballot is its author's by the chain it lies in. Suspension and removal do not touch ballots, or one administrator
could undo by suspending another what more than half decided. What lies beyond a fork counts for nothing. An
administrator's key in the root stands for every key that descends from it, each vouched for by the one before:
somebody whose keys were replaced by others must be named anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.changes.change import Wire
from core.foundation.errors import EncodingRejected
from core.foundation.ids import DeviceId, UserId
from core.sync.engine import shape
from core.sync.engine.entries import ROOT, ROOT_ABANDON, ROOT_VOTE, Root
from core.sync.engine.entry import Entry, Index, certificate_in
from core.sync.engine.leaving import NewKeys
from core.sync.engine.records import UserRecord, is_signed_by
from core.sync.engine.root_votes import Act, Ballot, Election, versions

MAX_ROUND = 1_000
_HERE = DeviceId(b"made here, unsent")
_ALL = 2**62


@dataclass(frozen=True, slots=True)
class Said:
    """What a ballot says. `choice` is empty when abandoning; `round` is 0 when somebody named anew agrees."""

    user: UserId
    version: int
    round: int
    choice: bytes

    def wire(self) -> dict[int | str, Wire]:
        """The value of the op."""
        parts: dict[int | str, Wire] = {1: self.user, 2: self.version, 3: self.round}
        return {**parts, 4: self.choice} if self.choice else parts

    @property
    def kind(self) -> int:
        """The kind of the op."""
        return ROOT_VOTE if self.choice else ROOT_ABANDON


def read_ballot(untrusted_value: object, kind: int) -> Said:
    """
    Raises:
        EncodingRejected: it is no ballot.
    """
    parts = shape.mapping(untrusted_value, "a ballot")
    if set(parts) != ({1, 2, 3, 4} if kind == ROOT_VOTE else {1, 2, 3}):
        raise EncodingRejected(reason="a ballot lacks a part")
    return Said(
        UserId(shape.identifier(parts[1], "a user id")),
        shape.number(parts[2], "a version", at_least=2),
        shape.number(parts[3], "a round", at_least=0 if kind == ROOT_VOTE else 1, at_most=MAX_ROUND),
        shape.digest(parts[4], "a hash") if kind == ROOT_VOTE else b"",
    )


def chain_of(first: Root, index: Index, entries: Sequence[Entry], forks: Mapping[DeviceId, int]) -> tuple[Root, ...]:
    """Every root that holds by these entries, the first one to the newest."""
    found = versions(first, proposals_in(first, entries), ballots_in(index, entries, forks))
    return tuple(root for root in found if isinstance(root, Root))


def election_after(newest: Root, index: Index, entries: Sequence[Entry], forks: Mapping[DeviceId, int]) -> Election:
    """What is going on about the version after the newest."""
    return Election(newest, proposals_in(newest, entries), ballots_in(index, entries, forks))


def proposals_in(before: Root, entries: Iterable[Entry]) -> dict[bytes, Root]:
    """Every root that was proposed, by hash."""
    made = (entry.said for entry in entries if entry.kind == ROOT)
    return {root.hash: root for root in made if isinstance(root, Root) and root.version > before.version}


def ballots_in(index: Index, entries: Iterable[Entry], forks: Mapping[DeviceId, int]) -> tuple[Ballot, ...]:
    """Every ballot in the log, with whom it is by as far as anybody can prove it."""
    made = []
    for place, entry in enumerate(entry for entry in entries if entry.kind in (ROOT_VOTE, ROOT_ABANDON)):
        said, origin = entry.said, entry.origin
        if not isinstance(said, Said) or not entry.confirmed:
            continue
        act = Act.ABANDON if not said.choice else Act.VOTE if said.round else Act.AGREE
        if origin is None:  # made here and not sent yet: it has seen everything, and nobody else has it
            seen = {other.origin.device: _ALL for other in index.entries if other.origin is not None}
            made.append(Ballot(
                act, said.user, said.version, said.round, said.choice, _HERE, place + 1, seen,
                frozenset(record.sign_public for record in index.records_of(said.user)),
            ))  # fmt: skip
            continue
        fork = forks.get(origin.device)
        if index.owners.get(origin.device) != said.user or (fork is not None and origin.seq >= fork):
            continue
        made.append(Ballot(
            act, said.user, said.version, said.round, said.choice, origin.device, origin.seq, dict(entry.seen),
            descent_of(index, origin.device),
        ))  # fmt: skip
    return tuple(made)


def descent_of(index: Index, device: DeviceId) -> frozenset[bytes]:
    """The signing keys a laptop descends from: that which certified it, and those that vouched for it one by one."""
    found: set[bytes] = set()
    owner = index.owners.get(device)
    records = {record.hash: record for record in index.records_of(owner)} if owner is not None else {}
    vouched = {
        entry.said.record.hash
        for entry in index.new_keys.get(owner, ())
        if isinstance(entry.said, NewKeys) and not entry.said.is_reset
    } if owner is not None else set()  # fmt: skip
    for entry in index.certifying.get(device, ()):
        made = certificate_in(entry)
        signed = next((one for one in records.values() if made is not None and is_signed_by(made, one)), None)
        while signed is not None and signed.sign_public not in found:
            found.add(signed.sign_public)
            signed = records.get(signed.previous) if signed.hash in vouched else None
    return frozenset(found)


def key_to_name(index: Index, user: UserId, newest: UserRecord) -> bytes:
    """The signing key by which a new administrator is named: the oldest from which theirs of today descends, each
    vouched for by the one before. Whatever laptop of theirs is in use descends from it: none has to be certified
    again."""
    records = {record.hash: record for record in index.records_of(user)}
    vouched = {
        entry.said.record.hash
        for entry in index.new_keys.get(user, ())
        if isinstance(entry.said, NewKeys) and not entry.said.is_reset
    }
    found, seen = newest, set[bytes]()
    while found.hash in vouched and found.previous in records and found.hash not in seen:
        seen.add(found.hash)
        found = records[found.previous]
    return found.sign_public
