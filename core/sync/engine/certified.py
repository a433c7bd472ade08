"""Whether a laptop was certified with keys that were its owner's to use: neither replaced nor held by a lost laptop.

New keys make void what older ones certify, and whoever has an old key file, or a suspended laptop with its passphrase,
can sign new keys as well, in a laptop of their own and with any numbers. So keys that cannot count make nothing void
(`that_may_count`). That is settled from the lowest number up, from what is certain alone, so that it never goes in a
circle: of two that would make each other's laptop void, both may.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.foundation.ids import UserId
from core.sync.engine.entry import Entry, Index, admission_in, certificate_in
from core.sync.engine.leaving import NewKeys, Removal
from core.sync.engine.records import DeviceCertificate, UserRecord, is_signed_by


def rests_on(entry: Entry, said: object) -> bool:
    """Whether a laptop was certified with the very keys that are said to be new: they vouch for nobody who brings them
    in."""
    certificate = certificate_in(entry)
    return isinstance(said, NewKeys) and certificate is not None and is_signed_by(certificate, said.record)


def vouching_for(entry: Entry, index: Index) -> list[Entry]:
    """The certificates of a laptop that were there when it brought an entry, its own included if it came with it."""
    origin = entry.origin
    return [] if origin is None else [
        known
        for known in index.certifying.get(origin.device, ())
        if known.confirmed
        and known.origin is not None
        and (entry.strictly_follows(known) or (known.origin.device == origin.device and entry.follows(known)))
        and known is not entry
        and not rests_on(known, entry.said)
    ]


def was_ever_theirs(record: UserRecord, index: Index, counts: Callable[[Entry], bool]) -> bool:
    """Whether a record is one somebody came with, or one of new keys that count."""
    first = (admission_in(one) for one in index.admissions.get(record.user, ()))
    if any(one is not None and one.record.hash == record.hash for one in first):
        return True
    changes = index.new_keys.get(record.user, ())
    return any(
        isinstance(one.said, NewKeys) and one.said.record.hash == record.hash and counts(one) for one in changes
    )


def is_under_good_keys(
    entry: Entry, certificate: DeviceCertificate, *, changes: Sequence[Entry], suspensions: Sequence[Entry],
    records: Sequence[UserRecord], in_force: Callable[[UserRecord], bool],
) -> bool:  # fmt: skip
    """Whether a laptop was certified with keys that were in use: neither replaced, unless the replacement had seen it,
    nor on a laptop suspended by then, unless the suspension had. Keys that do not count certify nothing there."""
    device = certificate.device

    def had_seen(judge: Entry) -> bool:
        return judge.seen.get(device, 0) > 0 or (entry.origin is not None and judge.follows(entry))

    def epochs_of(entries: Sequence[Entry]) -> list[int]:
        return [one.said.record.user_epoch for one in entries if isinstance(one.said, NewKeys)]

    newer = [change for change in changes if not had_seen(change)]
    others = [
        one
        for one in suspensions
        if isinstance(one.said, Removal) and one.said.device not in {None, device} and not had_seen(one)
    ]
    if not newer and not others:
        return True
    signer = next((record for record in records if is_signed_by(certificate, record)), None)
    signed = signer.user_epoch if signer is not None and in_force(signer) else -1
    if any(epoch > signed for epoch in epochs_of(newer)):
        return False
    before = (max(epochs_of([c for c in changes if one.strictly_follows(c)]), default=0) for one in others)
    return all(signed > epoch for epoch in before)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one person's keys. `is_firm`: whether an entry stands that was made by somebody the root names,
    on the laptop they came with."""

    user: UserId
    index: Index
    suspensions: Sequence[Entry]
    is_firm: Callable[[Entry], bool]

    @property
    def records(self) -> Sequence[UserRecord]:
        """Every record of theirs."""
        return self.index.records_of(self.user)

    def came_with(self, record: UserRecord) -> bool:
        """Whether they were let in with it."""
        first = (admission_in(one) for one in self.index.admissions.get(self.user, ()))
        return any(one is not None and one.record.hash == record.hash for one in first)


def that_may_count(changes: Sequence[Entry], evidence: Evidence) -> tuple[Entry, ...]:
    """A person's changes of keys without those of which it is certain that they do not count. Order does not matter."""
    kept: list[Entry] = []
    for epoch in sorted({_epoch(change) for change in changes}):
        level = _Level(evidence, epoch, tuple(kept))
        kept += level.that_may_count([change for change in changes if _epoch(change) == epoch])
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Level:
    """The changes under one number, when those under lower ones are settled."""

    evidence: Evidence
    epoch: int
    below: tuple[Entry, ...]

    def that_may_count(self, changes: Sequence[Entry]) -> list[Entry]:
        """Those that neither lower ones nor a suspension make void, nor others of them that stand for certain."""
        left = [change for change in changes if not self._is_void(change, ())]
        standing: list[Entry] = []
        while True:
            waiting = [change for change in left if change not in standing]
            stand = [one for one in waiting if self._stands(one, [other for other in left if other is not one])]
            standing += stand
            fell = [one for one in waiting if one not in stand and self._is_void(one, standing)]
            if not stand and not fell:
                return left
            left = [change for change in left if change not in fell]

    def _is_void(self, change: Entry, others: Sequence[Entry]) -> bool:
        """Whether the laptop that said it counts for nothing, given that these others stand."""
        if change.origin is None or _is_reset(change):
            return False
        return not any(self._holds(known, others) for known in vouching_for(change, self.evidence.index))

    def _stands(self, change: Entry, others: Sequence[Entry]) -> bool:
        """Whether the laptop that said it counts for certain, whichever of these others stand."""
        if change.origin is None or _is_reset(change):
            return self.evidence.is_firm(change)
        device = change.origin.device
        return any(
            self.evidence.is_firm(known)
            if admission_in(known) is not None
            else known.origin is not None and known.origin.device == device and self._holds(known, others)
            for known in vouching_for(change, self.evidence.index)
        )

    def _holds(self, known: Entry, others: Sequence[Entry]) -> bool:
        certificate = certificate_in(known)
        assert certificate is not None
        return admission_in(known) is not None or is_under_good_keys(
            known, certificate, changes=[*self.below, *others], suspensions=self.evidence.suspensions,
            records=self.evidence.records, in_force=self._may_be_theirs,
        )  # fmt: skip

    def _may_be_theirs(self, record: UserRecord) -> bool:
        """What they came with, or what may count by now; what is settled later has the benefit of the doubt."""
        brought = (one.said for one in self.below)
        return (
            self.evidence.came_with(record)
            or record.user_epoch >= self.epoch
            or any(isinstance(said, NewKeys) and said.record.hash == record.hash for said in brought)
        )


def _epoch(change: Entry) -> int:
    return change.said.record.user_epoch if isinstance(change.said, NewKeys) else 0


def _is_reset(change: Entry) -> bool:
    return isinstance(change.said, NewKeys) and change.said.is_reset
