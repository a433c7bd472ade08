"""Letting in somebody who is walled off: only with two administrators and whoever leads on the case (op kind 14).

`{1: user, 2: reason, 3: [header hash, ...], 4: [[administrator, signature], ...]}`, in the stream, before the epoch
that takes the wall down and in the same section. The hashes are those of the epochs that put up the wall that stands,
so that a wall put up later needs signatures of its own. Each administrator signs CBOR [organisation, stream, user,
reason, hashes] for the purpose "override"; they need not read the case. The lead signs by writing it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Op, OpKind, Wire
from core.crypto.signing import verify
from core.foundation.errors import SegmentRejected, SignatureRejected
from core.foundation.ids import OrganisationId, RecordId, StreamId, UserId
from core.sync.engine import shape
from core.sync.engine.epochs import EpochHeader
from core.sync.engine.roster import ADMINISTRATOR, Roster

TABLE, PURPOSE = "override", "override"
NEEDED = 2
MAX_WALLS = 64
MAX_SIGNATURES = 16
MAX_REASON = 2_000
SIGNATURE_BYTES = 64

Overridden = Mapping[UserId, frozenset[bytes]]
"""Who may be let in, and past which walls."""


@dataclass(frozen=True, slots=True)
class Override:
    """What two administrators and a lead agree to."""

    user: UserId
    reason: str
    walls: tuple[bytes, ...]
    signatures: tuple[tuple[UserId, bytes], ...] = ()

    def statement(self, organisation: OrganisationId, stream: StreamId) -> bytes:
        """What each administrator signs."""
        return cbor.encode([organisation, stream, self.user, self.reason, list[Wire](sorted(self.walls))])

    def wire(self) -> dict[int | str, Wire]:
        """The value of the op."""
        signed: list[Wire] = [[user, signature] for user, signature in sorted(self.signatures)]
        return {1: self.user, 2: self.reason, 3: list[Wire](sorted(self.walls)), 4: signed}


def op_of(stream: StreamId, override: Override) -> Op:
    """The op that says it."""
    return Op(OpKind.WALL_OVERRIDE, RecordId(stream), TABLE, "", override.wire())


def read_override(untrusted_value: object) -> Override:
    """
    Raises:
        EncodingRejected: not an override.
    """
    parts = shape.mapping(untrusted_value, "an override")
    signed = [
        shape.sequence(item, 2, "a signature")
        for item in shape.items(parts.get(4), "signatures", at_most=MAX_SIGNATURES)
    ]
    return Override(
        UserId(shape.identifier(parts.get(1), "a user id")), shape.text(parts.get(2), "a reason", at_most=MAX_REASON),
        tuple(shape.digest(item, "a hash") for item in shape.items(parts.get(3), "walls", at_most=MAX_WALLS)),
        tuple(
            (UserId(shape.identifier(user, "a user id")), shape.exactly(signature, SIGNATURE_BYTES, "a signature"))
            for user, signature in signed
        ),
    )  # fmt: skip


def walls_against(user: UserId, parents: Iterable[bytes], known: Mapping[bytes, EpochHeader]) -> frozenset[bytes]:
    """The epochs that put up the walls against `user` that stand in `parents`."""
    found: set[bytes] = set()
    seen: set[bytes] = set()
    waiting = [name for name in parents if name in known and user in known[name].conflicted]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        before = [older for older in known[name].parents if older in known and user in known[older].conflicted]
        waiting += before
        if not before:
            found.add(name)
    return frozenset(found)


def valid_in(
    ops: Iterable[Op], *, organisation: OrganisationId, stream: StreamId, roster: Roster, before: Roster
) -> Overridden:
    """The overrides among `ops`. `before` is the roster as the author's laptop had seen it.

    Raises:
        SegmentRejected, EncodingRejected: one lacks a signature it needs.
    """
    found: dict[UserId, frozenset[bytes]] = {}
    for op in (op for op in ops if op.kind == OpKind.WALL_OVERRIDE):
        told = read_override(op.value)
        signers = {user for user, _ in told.signatures} - {told.user}
        if len(signers) < NEEDED or any(before.role_of(user) != ADMINISTRATOR for user in signers):
            raise SegmentRejected(reason="somebody kept out was let in without two administrators")
        message = told.statement(organisation, stream)
        for user, signature in told.signatures:
            if user in signers:
                _check_signed(roster, user, message, signature)
        found[told.user] = frozenset(told.walls)
    return found


def _check_signed(roster: Roster, user: UserId, message: bytes, signature: bytes) -> None:
    """
    Raises:
        SignatureRejected: with none of the keys this person ever had.
    """
    *earlier, last = (record.sign_public for record in roster.standing.records_of(user))
    for public in earlier:
        with contextlib.suppress(SignatureRejected):
            verify(public, purpose=PURPOSE, message=message, signature=signature)
            return
    verify(last, purpose=PURPOSE, message=message, signature=signature)


def lifted(overridden: Overridden, header: EpochHeader, known: Mapping[bytes, EpochHeader]) -> frozenset[UserId]:
    """Those past whose walls this very epoch may go."""
    return frozenset(
        user for user, walls in overridden.items() if walls and walls == walls_against(user, header.parents, known)
    )
