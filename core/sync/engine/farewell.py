"""Telling somebody's own laptop that they read a stream no more (op kind 15).

A new epoch without somebody is sealed with a key they never get, so their laptop would keep what it has for ever. The
lead therefore says farewell in the same stream under a key they still hold: `{1: [user, ...], 2: header hash of the
epoch without them, 3: header hash of the epoch whose key seals this}`. It names no reason and does not tell a wall
from a change of readers. An honest laptop then forgets the stream without a word, unless it holds the epoch named,
because its owner was given access again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.changes.change import Change, Op, OpKind, Wire
from core.foundation.errors import SegmentRejected
from core.foundation.ids import RecordId, StreamId, UserId
from core.sync.engine import shape
from core.sync.engine.epochs import MAX_MEMBERS, EpochHeader, StreamRole, StreamType

TABLE = "farewell"


@dataclass(frozen=True, slots=True)
class Farewell:
    """Who reads no more, the epoch without them, and the epoch whose key they still hold."""

    users: frozenset[UserId]
    without: bytes
    under: bytes

    def wire(self) -> dict[int | str, Wire]:
        """The value of the op."""
        return {1: list[Wire](sorted(self.users)), 2: self.without, 3: self.under}


def op_of(stream: StreamId, farewell: Farewell) -> Op:
    """The op that says it."""
    return Op(OpKind.FAREWELL, RecordId(stream), TABLE, "", farewell.wire())


def read_farewell(untrusted_value: object) -> Farewell:
    """
    Raises:
        EncodingRejected: not a farewell.
    """
    parts = shape.mapping(untrusted_value, "a farewell")
    users = shape.items(parts.get(1), "those who leave", at_most=MAX_MEMBERS)
    return Farewell(
        frozenset(UserId(shape.identifier(user, "a user id")) for user in users),
        shape.digest(parts.get(2), "a header hash"), shape.digest(parts.get(3), "a header hash"),
    )  # fmt: skip


def farewells_of(headers: Mapping[bytes, EpochHeader], without: bytes) -> tuple[Farewell, ...]:
    """What is to be said when the epoch `without` begins: one farewell for each epoch it follows and cuts short."""
    new = headers[without]
    said = ((headers[parent].users - new.users, parent) for parent in new.parents if parent in headers)
    return tuple(Farewell(users, without, parent) for users, parent in said if users)


def sealed_under(change: Change) -> bytes:
    """The header hash of the epoch whose key must seal this change; empty if the newest does, as for all others."""
    said = [read_farewell(op.value).under for op in change.ops if op.kind == OpKind.FAREWELL]
    return said[0] if said else b""


def said_to(user: UserId, ops: Iterable[Op], *, author: UserId, header: EpochHeader) -> list[bytes]:
    """The epochs without `user` that these ops announce to them. `header` is that of the key they came under.

    Raises:
        SegmentRejected: it is said by somebody who takes no readers away, or about another stream.
        EncodingRejected: not a farewell.
    """
    found = []
    for op in (op for op in ops if op.kind == OpKind.FAREWELL):
        told = read_farewell(op.value)
        if header.role_of(author) is not StreamRole.LEAD or header.kind is StreamType.ORGANISATION:
            raise SegmentRejected(reason="somebody who does not lead the case took a reader away")
        if bytes(op.entity) != bytes(header.stream) or author in told.users:
            raise SegmentRejected(reason="a farewell is said in the wrong place")
        if user in told.users:
            found.append(told.without)
    return found
