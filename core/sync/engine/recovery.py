"""Recovery groups: a key on paper that every stream of the group is also wrapped to (keys-and-sync 2.2).

A group is an X-Wing key grown from a seed that is on no laptop: it lies in three share sheets of which two give it
back. From the same seed grows an Ed25519 key, with which whoever has two sheets can prove it to the others.

* GROUP (op 29), in the organisation's stream, by an administrator: `{1: group, 2: edition, 3: wrap key, 4: name,
  5: [[user or empty, name], ...] in the order of the sheets, 6: signing key, 7: K_boot (16), 8: [[device, seq], ...],
  9: Sign(group's key, "group", CBOR [organisation, the map without 9])}`. Part 8 is what the author's laptop had seen.
  Another holder is another edition, with another seed.
* WRAPPED (op 31), in the stream it concerns: `{1: mark, 2: header hash}`. The segment that carries it also carries the
  key of that epoch wrapped to the group, so that a stream older than its group needs no new epoch.
* PROOF (op 32), before a header in the same change: `{1: mark, 2: header hash, 3: Sign(group's key, "recovery-grant",
  CBOR [organisation, mark, header hash])}`. See `check_proven_header`.
* RETURNED (op 33), in the organisation's stream: `{1: mark, 2: admission, 3: Sign(group's key, "recovery-admit",
  CBOR [organisation, mark, admission])}`: somebody let in by two sheets where no administrator was left.

A mark is `group | H(CBOR of the GROUP entry)`; it is what a header carries as its recovery group. `NONE` in its place
says that whoever leads the stream chose to have no recovery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import expand, sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, check_public_key, verify
from core.crypto.wrap import PUBLIC_BYTES as WRAP_PUBLIC_BYTES
from core.crypto.wrap import WrapPrivateKey, check_wrap_public_key
from core.foundation.errors import EncodingRejected, SegmentRejected
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, UserId
from core.sync.engine import shape

GROUP = 29
WRAPPED = 31
PROOF = 32
RETURNED = 33
RETURNED_LABEL = "cwf1/returned"
"""Begins a file under K_env that announces a RETURNED entry, so that its author's segments can be checked at all."""
RECOVERY_KINDS = frozenset({WRAPPED, PROOF})
"""Kinds that may lie in any stream."""

SEED_BYTES = 32
BOOT_KEY_BYTES = 16
MARK_BYTES = ID_BYTES + 32
NONE = b"none"
HOLDERS = 3
MAX_NAME = 200
_SIGNATURE_BYTES = 64
_MAX_DEVICES = 2_000


OUTSIDE = UserId(b"")
"""Stands for a holder who is no colleague."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who keeps one share sheet. `user` is empty for somebody outside the organisation."""

    name: str
    user: UserId = OUTSIDE


@dataclass(frozen=True, slots=True)
class RecoveryGroup:
    """One edition of a group, as its administrator wrote it down."""

    group: bytes
    edition: int
    wrap_public: bytes
    name: str
    holders: tuple[Holder, ...]
    sign_public: bytes
    boot_key: SecretBytes
    counted: tuple[tuple[DeviceId, int], ...]
    signature: bytes

    def wire(self) -> dict[int | str, Wire]:
        """The value of the GROUP op."""
        return {**_unsigned(self), 9: self.signature}

    @property
    def mark(self) -> bytes:
        """What a header carries to name exactly this edition."""
        return self.group + sha256(cbor.encode(self.wire()))

    @property
    def users(self) -> frozenset[UserId]:
        """The colleagues among the holders."""
        return frozenset(holder.user for holder in self.holders if holder.user)


@dataclass(frozen=True, slots=True)
class GroupKeys:
    """The two keys that grow from a group's seed. In memory during a ceremony or a recovery only."""

    wrap: WrapPrivateKey
    sign: SigningKey


def keys_of_seed(seed: SecretBytes) -> GroupKeys:
    """The keys behind a seed."""
    return GroupKeys(WrapPrivateKey.from_seed(seed), SigningKey.from_seed(expand(seed, "cwf1/recovery-sign")))


def make_group(
    *, organisation: OrganisationId, group: bytes, edition: int, name: str, holders: Sequence[Holder],
    keys: GroupKeys, boot_key: SecretBytes, counted: Iterable[tuple[DeviceId, int]],
) -> RecoveryGroup:  # fmt: skip
    """A group's entry, signed with its own key."""
    made = RecoveryGroup(
        group, edition, keys.wrap.public, name, tuple(holders), keys.sign.public, boot_key, tuple(sorted(counted)), b"",
    )
    signature = keys.sign.sign("group", cbor.encode([organisation, _unsigned(made)]))
    return _with_signature(made, signature)


def read_group(untrusted_value: object, organisation: OrganisationId) -> RecoveryGroup:
    """A group's entry, its keys and its proof of possession checked.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    made = stored_group(untrusted_value)
    check_public_key(made.sign_public)
    check_wrap_public_key(made.wrap_public)
    message = cbor.encode([organisation, _unsigned(made)])
    verify(made.sign_public, purpose="group", message=message, signature=made.signature)
    return made


def stored_group(value: object) -> RecoveryGroup:
    """A group's entry out of one's own vault, where it was checked before it was kept.

    Raises:
        EncodingRejected: not such a value.
    """
    parts = shape.mapping(value, "a recovery group")
    if set(parts) != set(range(1, 10)):
        raise EncodingRejected(reason="a recovery group lacks a part")
    counted = []
    for item in shape.items(parts[8], "what was seen", at_most=_MAX_DEVICES):
        device, seq = shape.sequence(item, 2, "what was seen")
        counted.append((DeviceId(shape.identifier(device, "a device id")), shape.number(seq, "a number", at_least=1)))
    made = RecoveryGroup(
        group=shape.identifier(parts[1], "a group id"),
        edition=shape.number(parts[2], "an edition", at_least=1, at_most=2**31),
        wrap_public=shape.exactly(parts[3], WRAP_PUBLIC_BYTES, "a key"),
        name=shape.text(parts[4], "a name", at_most=MAX_NAME),
        holders=tuple(_holder(item) for item in shape.sequence(parts[5], HOLDERS, "the holders")),
        sign_public=shape.exactly(parts[6], 32, "a key"),
        boot_key=SecretBytes(shape.exactly(parts[7], BOOT_KEY_BYTES, "a key")),
        counted=tuple(counted),
        signature=shape.exactly(parts[9], _SIGNATURE_BYTES, "a signature"),
    )
    if made.wire() != value:
        raise EncodingRejected(reason="the lists of a recovery group are out of order")
    return made


def newest(groups: Iterable[RecoveryGroup]) -> dict[bytes, RecoveryGroup]:
    """The edition of each group that counts: the greatest (edition, mark)."""
    found: dict[bytes, RecoveryGroup] = {}
    for item in groups:
        known = found.get(item.group)
        if known is None or (known.edition, known.mark) < (item.edition, item.mark):
            found[item.group] = item
    return found


def still_counts(mark: bytes, groups: Mapping[bytes, RecoveryGroup], *, device: DeviceId, seq: int) -> bool:
    """Whether a proof by an edition holds in this segment: a newer edition voids what its author had not seen."""
    by = groups.get(mark)
    if by is None:
        return False
    later = [item for item in groups.values() if item.group == by.group and item.edition > by.edition]
    return all(dict(item.counted).get(device, 0) >= seq for item in later)


def check_group(made: RecoveryGroup, groups: Iterable[RecoveryGroup]) -> None:
    """Whether an edition follows those its author had seen.

    Raises:
        SegmentRejected: it does not.
    """
    before = newest(groups).get(made.group)
    if made.edition != 1 + (before.edition if before else 0):
        raise SegmentRejected(reason="a recovery group was changed out of turn")


def check_chosen(mark: bytes, conflicted: frozenset[UserId], groups: Mapping[bytes, RecoveryGroup]) -> None:
    """Nobody who is kept out of a stream holds a sheet of the group that opens it.

    Raises:
        SegmentRejected: somebody does.
    """
    if not mark or mark == NONE:
        return
    chosen = groups.get(mark)
    if chosen is not None and chosen.users & conflicted:
        raise SegmentRejected(reason="a recovery sheet of its group is held by somebody who is walled off")


def wrapped_wire(mark: bytes, header_hash: bytes) -> dict[int | str, Wire]:
    """The value of a WRAPPED op."""
    return {1: mark, 2: header_hash}


def read_wrapped(untrusted_value: object) -> tuple[bytes, bytes]:
    """(mark, header hash).

    Raises:
        EncodingRejected: not such a value.
    """
    parts = shape.mapping(untrusted_value, "a wrap for a recovery group")
    if set(parts) != {1, 2}:
        raise EncodingRejected(reason="a wrap for a recovery group lacks a part")
    return shape.exactly(parts[1], MARK_BYTES, "a recovery group"), shape.digest(parts[2], "a header hash")


def make_proof(
    keys: GroupKeys, *, organisation: OrganisationId, mark: bytes, header_hash: bytes
) -> dict[int | str, Wire]:
    """The value of a PROOF op: the group itself lets these readers in."""
    message = cbor.encode([organisation, mark, header_hash])
    return {1: mark, 2: header_hash, 3: keys.sign.sign("recovery-grant", message)}


def read_proof(
    untrusted_value: object, *, organisation: OrganisationId, groups: Mapping[bytes, RecoveryGroup]
) -> tuple[bytes, bytes]:
    """(mark, header hash), proven by the group named.

    Raises:
        EncodingRejected, SegmentRejected, SignatureRejected: it proves nothing.
    """
    parts = shape.mapping(untrusted_value, "a proof of recovery")
    if set(parts) != {1, 2, 3}:
        raise EncodingRejected(reason="a proof of recovery lacks a part")
    mark = shape.exactly(parts[1], MARK_BYTES, "a recovery group")
    header_hash = shape.digest(parts[2], "a header hash")
    _check_signed(parts[3], mark, groups, "recovery-grant", cbor.encode([organisation, mark, header_hash]))
    return mark, header_hash


def make_return(
    keys: GroupKeys, *, organisation: OrganisationId, mark: bytes, admission: Wire
) -> dict[int | str, Wire]:
    """The value of a RETURNED op: two sheets let somebody in."""
    message = cbor.encode([organisation, mark, admission])
    return {1: mark, 2: admission, 3: keys.sign.sign("recovery-admit", message)}


def read_return(
    untrusted_value: object, *, organisation: OrganisationId, groups: Mapping[bytes, RecoveryGroup]
) -> tuple[bytes, Wire]:
    """(mark, admission), proven by the group named; the admission is still to be read.

    Raises:
        EncodingRejected, SegmentRejected, SignatureRejected: it proves nothing.
    """
    mark, admission, signature = stored_return(untrusted_value)
    _check_signed(signature, mark, groups, "recovery-admit", cbor.encode([organisation, mark, admission]))
    return mark, admission


def stored_return(value: object) -> tuple[bytes, Wire, Wire]:
    """(mark, admission, signature) of a RETURNED op.

    Raises:
        EncodingRejected: not such a value.
    """
    parts = shape.mapping(value, "an admission by recovery")
    if set(parts) != {1, 2, 3}:
        raise EncodingRejected(reason="an admission by recovery lacks a part")
    return shape.exactly(parts[1], MARK_BYTES, "a recovery group"), parts[2], parts[3]


def _check_signed(
    signature: object, mark: bytes, groups: Mapping[bytes, RecoveryGroup], purpose: str, message: bytes
) -> None:
    by = groups.get(mark)
    if by is None:
        raise SegmentRejected(reason="it rests on recovery sheets nobody knows")
    signed = shape.exactly(signature, _SIGNATURE_BYTES, "a signature")
    verify(by.sign_public, purpose=purpose, message=message, signature=signed)


def _unsigned(made: RecoveryGroup) -> dict[int | str, Wire]:
    holders: list[Wire] = [[holder.user, holder.name] for holder in made.holders]
    return {
        1: made.group, 2: made.edition, 3: made.wrap_public, 4: made.name, 5: holders, 6: made.sign_public,
        7: made.boot_key.reveal(), 8: [[device, seq] for device, seq in sorted(made.counted)],
    }  # fmt: skip


def _with_signature(made: RecoveryGroup, signature: bytes) -> RecoveryGroup:
    return RecoveryGroup(
        made.group, made.edition, made.wrap_public, made.name, made.holders, made.sign_public, made.boot_key,
        made.counted, signature,
    )  # fmt: skip


def _holder(item: object) -> Holder:
    user, name = shape.sequence(item, 2, "a holder")
    raw = shape.raw(user, "a user id", at_most=ID_BYTES)
    if raw and len(raw) != ID_BYTES:
        raise EncodingRejected(reason="a user id is not 16 bytes")
    return Holder(shape.text(name, "a name", at_most=MAX_NAME), UserId(raw))
