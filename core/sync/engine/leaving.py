"""The entries of the roster about leaving and new keys, each the value of an op in the organisation's own stream.

* ROLE (kind 23): `{1: user, 2: role, 3: [[device, seq, body hash], ...]}`, by an administrator.
* SUSPEND (24): `{1: user, 2: device, 3: [[device, seq, body hash], ...], 4: reason}`, one laptop of that person, by an
  administrator or by the person from another laptop.
* REMOVE (25): `{1: user, 2: empty, 3: [[device, seq, body hash], ...], 4: reason}`, by an administrator.
* NEW_KEYS (27): `{1: user record, 2: signature of its body by the key before it, or empty}`. The person's own, signed
  by the key before; without that signature, by an administrator, and nobody trusts it before they met the person.
* ENVELOPE_KEY (28): `{1: number, 2: key}`, a new K_env for everybody who reads the epoch it is written under.

The cut-offs of 23 to 25 name the newest segment its author's laptop had of every laptop of the person concerned (of a
laptop suspended: of that one). What is not named was not seen at all. Nobody can date back further than their own
chain admits: a number below what the author's laptop had said it had seen in its segment before is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.changes.change import Wire
from core.crypto.signing import SigningKey, verify
from core.foundation.errors import EncodingRejected
from core.foundation.ids import DeviceId, UserId
from core.sync.engine import shape
from core.sync.engine.entries import REMOVE, SUSPEND, read_role
from core.sync.engine.records import SIGNATURE_BYTES, UserRecord, read_user_record, stored_user_record

LEAVING_KINDS = frozenset({SUSPEND, REMOVE})

MAX_CUT_OFFS = 1_000
MAX_REASON = 2_000
ENVELOPE_KEY_BYTES = 32
MAX_ENVELOPE_NUMBER = 2**31


@dataclass(frozen=True, slots=True)
class CutOff:
    """The last segment of a laptop that counts whoever wrote it."""

    device: DeviceId
    seq: int
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Removal:
    """A person removed, or (with `device`) one of their laptops suspended."""

    user: UserId
    device: DeviceId | None
    cut_offs: tuple[CutOff, ...]
    reason: str

    def wire(self) -> dict[int | str, Wire]:
        """The value of the op."""
        return {1: self.user, 2: self.device or b"", 3: cut_offs_wire(self.cut_offs), 4: self.reason}

    def cut_of(self, device: DeviceId) -> int:
        """The number of the last segment of a laptop that counts; 0 if none does."""
        return next((cut.seq for cut in self.cut_offs if cut.device == device), 0)


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What a person may do from here on. The cut-offs say which of their acts as an administrator were before it."""

    user: UserId
    role: str
    cut_offs: tuple[CutOff, ...]

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ROLE op."""
        return {1: self.user, 2: self.role, 3: cut_offs_wire(self.cut_offs)}

    def cut_of(self, device: DeviceId) -> int:
        """The number of the last segment of a laptop that was written in the role before."""
        return next((cut.seq for cut in self.cut_offs if cut.device == device), 0)


@dataclass(frozen=True, slots=True)
class NewKeys:
    """A person's next record. `by_previous`: the key before it signed it too; empty for an identity reset."""

    record: UserRecord
    by_previous: bytes

    @property
    def is_reset(self) -> bool:
        """Whether the key before it does not vouch for it."""
        return not self.by_previous

    def wire(self) -> dict[int | str, Wire]:
        """The value of the NEW_KEYS op."""
        return {1: self.record.wire(), 2: self.by_previous}


@dataclass(frozen=True, slots=True)
class EnvelopeKeyEntry:
    """A new key of the outer envelope. It lies in the vault's roster as it travelled: under the stream's key."""

    number: int
    key: bytes

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ENVELOPE_KEY op."""
        return {1: self.number, 2: self.key}


def sign_next_record(record: UserRecord, previous: SigningKey) -> bytes:
    """The signature by which a person's old key vouches for the new one."""
    return previous.sign("user-next", record.body)


def read_removal(untrusted_value: object, kind: int) -> Removal:
    """
    Raises:
        EncodingRejected: it is no such entry.
    """
    parts = _parts(untrusted_value, 4, "a removal")
    device = shape.raw(parts[2], "a device", at_most=64)
    return Removal(
        UserId(shape.identifier(parts[1], "a user id")),
        _device(device, kind),
        _read_cut_offs(parts[3]),
        shape.text(parts[4], "a reason", at_most=MAX_REASON),
    )


def read_role_change(untrusted_value: object) -> RoleChange:
    """
    Raises:
        EncodingRejected: it is no such entry.
    """
    parts = _parts(untrusted_value, 3, "a change of role")
    return RoleChange(UserId(shape.identifier(parts[1], "a user id")), read_role(parts[2]), _read_cut_offs(parts[3]))


def read_new_keys(untrusted_value: object) -> NewKeys:
    """The record's own signature is checked; that of the key before it is not: see `check_vouched`.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    parts = _parts(untrusted_value, 2, "a user's new keys")
    return NewKeys(read_user_record(parts[1]), _vouching(parts[2]))


def stored_new_keys(value: object) -> NewKeys:
    """New keys out of one's own vault, where only checked ones are kept.

    Raises:
        EncodingRejected: they are none.
    """
    parts = _parts(value, 2, "a user's new keys")
    return NewKeys(stored_user_record(parts[1]), _vouching(parts[2]))


def check_vouched(new: NewKeys, previous: UserRecord) -> None:
    """
    Raises:
        SignatureRejected: the key before it did not sign.
    """
    verify(previous.sign_public, purpose="user-next", message=new.record.body, signature=new.by_previous)


def read_envelope_key(untrusted_value: object) -> EnvelopeKeyEntry:
    """
    Raises:
        EncodingRejected: it is no such entry.
    """
    parts = _parts(untrusted_value, 2, "an envelope key")
    return EnvelopeKeyEntry(
        shape.number(parts[1], "a number", at_least=1, at_most=MAX_ENVELOPE_NUMBER),
        shape.exactly(parts[2], ENVELOPE_KEY_BYTES, "a key"),
    )


def cut_offs_wire(cut_offs: Iterable[CutOff]) -> list[Wire]:
    """As they travel: sorted by laptop."""
    return [[cut.device, cut.seq, cut.body_hash] for cut in sorted(cut_offs, key=lambda cut: cut.device)]


def _read_cut_offs(value: object) -> tuple[CutOff, ...]:
    found = []
    for item in shape.items(value, "the cut-offs", at_most=MAX_CUT_OFFS):
        device, seq, body_hash = shape.sequence(item, 3, "a cut-off")
        found.append(
            CutOff(
                DeviceId(shape.identifier(device, "a device id")),
                shape.number(seq, "a number", at_least=1),
                shape.digest(body_hash, "a hash"),
            )
        )
    if [cut.device for cut in found] != sorted({cut.device for cut in found}):
        raise EncodingRejected(reason="the cut-offs are out of order")
    return tuple(found)


def _parts(value: object, count: int, what: str) -> dict[int, Wire]:
    parts = shape.mapping(value, what)
    if set(parts) != set(range(1, count + 1)):
        raise EncodingRejected(reason=f"{what} lacks a part")
    return parts


def _vouching(value: object) -> bytes:
    return b"" if value == b"" else shape.exactly(value, SIGNATURE_BYTES, "a signature")


def _device(value: bytes, kind: int) -> DeviceId | None:
    if kind == SUSPEND:
        return DeviceId(shape.identifier(value, "a device id"))
    if value:
        raise EncodingRejected(reason="a person is removed, and a laptop named beside")
    return None
