"""Taking one entry of the roster in: read, and judged by what its author's laptop had seen.

What is refused here is refused by everybody, because it breaks a rule by its own causal past. Whether what was taken
counts, in the light of everything known, is another question: see `standing.py`. So nothing is refused here because
its author was removed: their laptop's work is withheld instead, and nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.changes import cbor
from core.crypto.derive import sha256
from core.foundation.errors import SegmentRejected
from core.foundation.ids import DeviceId, UserId
from core.sync.engine.entries import (
    ADMINISTRATOR,
    ADMIT,
    DEVICE,
    ENVELOPE_KEY,
    NEW_KEYS,
    ROLE,
    ROOT,
    ROOT_ABANDON,
    ROOT_VOTE,
    device_part,
    read_admission,
    read_root,
    stored_device,
)
from core.sync.engine.leaving import (
    LEAVING_KINDS,
    CutOff,
    NewKeys,
    Removal,
    RoleChange,
    check_vouched,
    read_envelope_key,
    read_new_keys,
    read_removal,
    read_role_change,
)
from core.sync.engine.records import DeviceCertificate, is_signed_by, read_further_laptop
from core.sync.engine.roots import read_ballot
from core.sync.engine.roster import Entry, Origin, Roster
from core.sync.engine.standing import LESSER_FIRST


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who says an entry, in which segment, and the heads their laptop had seen: device -> (number, body hash).

    `proven`: the numbers their laptop had said it had seen in its segment before.
    """

    user: UserId
    origin: Origin
    heads: Mapping[DeviceId, tuple[int, bytes]]
    proven: Mapping[DeviceId, int]

    @property
    def seen(self) -> dict[DeviceId, int]:
        """The numbers alone, the segment itself included."""
        return {**{device: seq for device, (seq, _) in self.heads.items()}, self.origin.device: self.origin.seq}


def take_entry(roster: Roster, kind: int, untrusted_value: object, spoken: Spoken) -> Roster:
    """The roster after an entry.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it breaks a rule.
    """
    said: object
    if kind == ROOT and (root := read_root(untrusted_value, roster.organisation)).version == 1:
        return roster.with_root(root)
    seen = spoken.seen
    _check_closed(roster, seen)
    before = roster.as_seen(seen)
    if kind == ADMIT:
        admission = read_admission(untrusted_value, roster.organisation)
        if not was_administrator(before, spoken.user):
            before.check_admission(admission, author=spoken.user)
        return roster.with_admission(admission, origin=spoken.origin, seen=seen)
    if kind == DEVICE:
        certificate = read_laptop(roster, spoken.user, device_part(untrusted_value))
        return roster.with_device(certificate, origin=spoken.origin, seen=seen)
    if kind in {ROOT, ROOT_VOTE, ROOT_ABANDON}:
        said = _read_of_root(before, kind, untrusted_value, spoken)
    elif kind in LEAVING_KINDS:
        said = read_removal(untrusted_value, kind)
        _check_removal(before, said, spoken)
    elif kind == ROLE:
        said = read_role_change(untrusted_value)
        _check_role(before, said, spoken)
    elif kind == NEW_KEYS:
        said = read_new_keys(untrusted_value)
        _check_new_keys(before, said, spoken.user)
    elif kind == ENVELOPE_KEY:
        said = read_envelope_key(untrusted_value)
    else:
        raise SegmentRejected(reason="an entry of the roster is of a kind that is not known")
    name = sha256(cbor.encode(untrusted_value))
    return roster.with_entry(Entry(name, kind, said, confirmed=True, origin=spoken.origin, seen=seen))


def _read_of_root(before: Roster, kind: int, untrusted_value: object, spoken: Spoken) -> object:
    if kind == ROOT:
        if not was_administrator(before, spoken.user):
            raise SegmentRejected(reason="somebody proposed administrators who is none")
        return read_root(untrusted_value, before.organisation)
    ballot = read_ballot(untrusted_value, kind)
    if ballot.user != spoken.user:
        raise SegmentRejected(reason="somebody voted in another's name")
    return ballot


def read_laptop(roster: Roster, owner: UserId, untrusted_certificate: object) -> DeviceCertificate:
    """A certificate of one more laptop, by any key its owner ever had: whether it counts is for `standing`.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it must not be used.
    """
    made = stored_device({1: untrusted_certificate})
    records = roster.standing.records_of(owner)
    if not records:
        raise SegmentRejected(reason="a laptop was added by somebody who is not known")
    signed = next((record for record in records if is_signed_by(made, record)), records[0])
    return read_further_laptop(untrusted_certificate, organisation=roster.organisation, owner=signed)


def cut_offs(before: Roster, heads: Mapping[DeviceId, tuple[int, bytes]], user: UserId) -> tuple[CutOff, ...]:
    """The cut-offs an honest laptop with these heads names for all laptops of somebody."""
    return tuple(
        CutOff(device, *heads[device])
        for device, known in sorted(before.devices.items())
        if known.certificate.user == user and device in heads
    )


def _check_closed(roster: Roster, seen: Mapping[DeviceId, int]) -> None:
    """Who has seen an entry has seen what its author had. Every honest laptop has."""
    for entry in roster.entries:
        origin = entry.origin
        if origin is None or seen.get(origin.device, 0) < origin.seq:
            continue
        if any(seen.get(device, 0) < seq for device, seq in entry.seen.items()):
            raise SegmentRejected(reason="it claims not to have seen what it rests on")


def role_then(before: Roster, user: UserId) -> str | None:
    """Somebody's role as far as they knew, or if it is more as if nobody had been removed: that only withholds."""
    roles = [role for role in (before.role_of(user), before.standing.role_ever_of(user)) if role is not None]
    return max(roles, key=LESSER_FIRST.index, default=None)


def was_administrator(before: Roster, user: UserId) -> bool:
    """Whether they might do what administrators do, whether or not they had been removed."""
    return before.is_administrator(user) or role_then(before, user) == ADMINISTRATOR


def _check_removal(before: Roster, said: Removal, spoken: Spoken) -> None:
    if said.user not in before.users:
        raise SegmentRejected(reason="somebody was removed who is not known")
    own_laptop = said.device is not None and said.user == spoken.user
    if not (own_laptop or was_administrator(before, spoken.user)):
        raise SegmentRejected(reason="somebody was removed by a person who may not do that")
    if said.device is None and (said.user == spoken.user or before.is_named(said.user)):
        raise SegmentRejected(reason="an administrator named by the root can only be removed with a new root")
    if said.device == spoken.origin.device:
        raise SegmentRejected(reason="a laptop suspends itself")
    if said.device is not None and before.owner_of(said.device) != said.user:
        raise SegmentRejected(reason="it suspends a laptop of somebody else")
    _check_cut_offs(before, said, spoken)


def _check_role(before: Roster, said: RoleChange, spoken: Spoken) -> None:
    if said.user not in before.users:
        raise SegmentRejected(reason="somebody was given a role who is not known")
    if not was_administrator(before, spoken.user):
        raise SegmentRejected(reason="somebody was given a role by a person who may not do that")
    if said.user == spoken.user or before.is_named(said.user):
        raise SegmentRejected(reason="an administrator named by the root changes only with a new root")
    _check_cut_offs(before, said, spoken)


def _check_cut_offs(before: Roster, said: Removal | RoleChange, spoken: Spoken) -> None:
    """A cut-off lies between what its author's laptop had said before it had seen and what it says now.

    What came in between, while the entry waited to be sealed, may be on either side.
    """
    theirs = {device for device, known in before.devices.items() if known.certificate.user == said.user}
    if isinstance(said, Removal) and said.device is not None:
        theirs = {said.device}
    if any(cut.device not in theirs for cut in said.cut_offs):
        raise SegmentRejected(reason="it cuts off a laptop it does not concern")
    for device in theirs:
        seen, hash_seen = spoken.heads.get(device, (0, b""))
        named = next((cut for cut in said.cut_offs if cut.device == device), None)
        number = named.seq if named else 0
        if not spoken.proven.get(device, 0) <= number <= seen:
            raise SegmentRejected(reason="it is dated back, or ahead, of what its author had seen")
        if named and number == seen and named.body_hash != hash_seen:
            raise SegmentRejected(reason="it names another segment than its author had seen")


def _check_new_keys(before: Roster, said: NewKeys, author: UserId) -> None:
    record = said.record
    earlier = {known.hash: known for known in before.standing.records_of(record.user)}
    follows = earlier.get(record.previous)
    if follows is None or record.user_epoch != follows.user_epoch + 1:
        raise SegmentRejected(reason="a person's new keys do not follow those they had")
    if record.sign_public == follows.sign_public or record.wrap_public == follows.wrap_public:
        raise SegmentRejected(reason="a person's new keys are not new")
    if said.is_reset:
        if not was_administrator(before, author) or author == record.user:
            raise SegmentRejected(reason="a person's keys were replaced by somebody who may not do that")
    else:
        if author != record.user:
            raise SegmentRejected(reason="it changes somebody's keys")
        check_vouched(said, follows)


def suspended_by(user: UserId, device: DeviceId, heads: Mapping[DeviceId, tuple[int, bytes]], reason: str) -> Removal:
    """The entry an honest laptop with these heads makes to suspend a laptop."""
    named = (CutOff(device, *heads[device]),) if device in heads else ()
    return Removal(user, device, named, reason)

