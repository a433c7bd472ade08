"""Whether a laptop was certified with keys that were its owner's to use: neither replaced nor held by a lost laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.sync.engine.entry import Entry, Index, admission_in, certificate_in
from core.sync.engine.leaving import NewKeys, Removal
from core.sync.engine.records import DeviceCertificate, UserRecord, is_signed_by


def rests_on(entry: Entry, said: object) -> bool:
    """Whether a laptop was certified with the very keys that are said to be new: they vouch for nobody who brings them
    in."""
    certificate = certificate_in(entry)
    return isinstance(said, NewKeys) and certificate is not None and is_signed_by(certificate, said.record)


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
