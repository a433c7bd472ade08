"""Who may read a stream, and the key they read it with (keys-and-sync 2.4).

A stream is a body of records under one key at a time. Each change of its readers begins a new epoch: a
header, which says who reads and writes, and a random 32-byte key (SEK), wrapped to each of them. The header
is an op in the stream itself: CBOR map `{1: stream, 2: kind, 3: number, 4: [parent header hash, ...],
5: [[user, user epoch, role], ...], 6: [walled-off user, ...], 7: recovery group, 8: SEK commitment,
9: sealed earlier keys, 10: reason}`. Its name is the SHA-256 of that map's encoding.

Rules an honest laptop holds to, whoever signed:

1. nobody on the list of walled-off users of an epoch or of any epoch before it is a member of it;
2. an epoch names as walled off everybody the epochs before it did;
3. the first epoch of a stream makes its author a lead; each later one is written by somebody who could
   already write in all of its parents, and its number is one more than the highest of them; only who leads in all
   of them takes readers or rights away, makes leads or puts up walls, the others can only add readers, leave
   out who is not in the organisation any more, and make a lead where none is left;
4. a member whose unwrapped key does not match the commitment knows that the granter cheated;
5. somebody who is in the organisation and not among the readers may add readers and leads, and take nobody away, if
   the recovery group of every epoch it follows vouches for exactly this header (`recovery.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.container import open_sealed, seal
from core.crypto.derive import expand, sha256
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected, SegmentRejected
from core.foundation.ids import ID_BYTES, OrganisationId, StreamId, UserId
from core.sync.engine import shape

KEY_BYTES = 32
MAX_MEMBERS = 500
MAX_PARENTS = 64
MAX_EARLIER_KEYS = 4_096
MAX_EARLIER_BYTES = 1024 * 1024


class StreamType(IntEnum):
    """What a stream is for, as written in its headers."""

    ORGANISATION = 1
    CASE = 2
    PERSONAL = 3
    COMPARTMENT = 4
    AUDIT = 5


class StreamRole(IntEnum):
    """What a member may do in a stream."""

    READ = 1
    WRITE = 2
    LEAD = 3


@dataclass(frozen=True, slots=True)
class Membership:
    """One reader of one epoch."""

    user: UserId
    user_epoch: int
    role: StreamRole


@dataclass(frozen=True, slots=True)
class EpochHeader:
    """Who reads and writes from here on. `commitment` binds the key; `earlier` holds sealed older keys."""

    stream: StreamId
    kind: StreamType
    number: int
    parents: tuple[bytes, ...]
    members: tuple[Membership, ...]
    conflicted: frozenset[UserId]
    commitment: bytes
    earlier: bytes = b""
    reason: str = ""
    recovery_group: bytes = b""

    @property
    def users(self) -> frozenset[UserId]:
        """Everybody who may read."""
        return frozenset(member.user for member in self.members)

    def role_of(self, user: UserId) -> StreamRole | None:
        """What `user` may do; None if they are not a member."""
        return next((member.role for member in self.members if member.user == user), None)

    def may_write(self, user: UserId) -> bool:
        """Whether `user` may write."""
        role = self.role_of(user)
        return role is not None and role >= StreamRole.WRITE


@dataclass(frozen=True, slots=True)
class EpochKey:
    """The key of one epoch, with the name of the header it belongs to."""

    stream: StreamId
    number: int
    header_hash: bytes
    key: SecretBytes


def commitment_of(key: SecretBytes) -> bytes:
    """What a header says about its key without giving it away."""
    return sha256(b"cwf1/sekc\0" + key.reveal())


def section_key(key: SecretBytes) -> SecretBytes:
    """K_sec: seals sections."""
    return expand(key, "cwf1/sec")


def tag_key(key: SecretBytes) -> SecretBytes:
    """K_tag: lets its holders recognise their sections."""
    return expand(key, "cwf1/tag")


def name_key(key: SecretBytes) -> SecretBytes:
    """K_name, of the stream's first epoch: recognises a file that is attached in this stream already."""
    return expand(key, "cwf1/name")


def to_wire(header: EpochHeader) -> dict[int | str, Wire]:
    """The value of the header op; members and lists are in byte order."""
    members: list[Wire] = [
        [member.user, member.user_epoch, int(member.role)] for member in sorted(header.members, key=lambda m: m.user)
    ]
    return {
        1: header.stream, 2: int(header.kind), 3: header.number, 4: list[Wire](sorted(header.parents)), 5: members,
        6: list[Wire](sorted(header.conflicted)), 7: header.recovery_group, 8: header.commitment, 9: header.earlier,
        10: header.reason,
    }  # fmt: skip


def encode(header: EpochHeader) -> bytes:
    """Deterministic bytes of a header."""
    return cbor.encode(to_wire(header))


def hash_of(header: EpochHeader) -> bytes:
    """The name of a header."""
    return sha256(encode(header))


def decode(untrusted_bytes: bytes) -> EpochHeader:
    """The header behind `encode`. Its rules have not been checked yet: see `check_header`.

    Raises:
        EncodingRejected: not such a header.
    """
    return from_wire(cbor.decode(untrusted_bytes, max_bytes=2 * MAX_EARLIER_BYTES))


def from_wire(untrusted_value: object) -> EpochHeader:
    """As `decode`, for a value already decoded."""
    parts = shape.mapping(untrusted_value, "an epoch header")
    if set(parts) != set(range(1, 11)):
        raise EncodingRejected(reason="an epoch header lacks a part")
    members = tuple(_membership(item) for item in shape.items(parts[5], "the members", at_most=MAX_MEMBERS))
    listed = shape.items(parts[6], "the walled-off users", at_most=MAX_MEMBERS)
    header = EpochHeader(
        stream=StreamId(shape.identifier(parts[1], "a stream id")),
        kind=_enum(StreamType, parts[2], "a kind of stream"),
        number=shape.number(parts[3], "an epoch number", at_least=1, at_most=2**31),
        parents=tuple(
            shape.digest(item, "a header hash") for item in shape.items(parts[4], "the parents", at_most=MAX_PARENTS)
        ),
        members=members,
        conflicted=frozenset(UserId(shape.identifier(item, "a user id")) for item in listed),
        recovery_group=shape.raw(parts[7], "a recovery group", at_most=64),
        commitment=shape.digest(parts[8], "a key commitment"),
        earlier=shape.raw(parts[9], "earlier keys", at_most=MAX_EARLIER_BYTES),
        reason=shape.text(parts[10], "a reason", at_most=2_000),
    )
    if len(header.users) != len(header.members) or not header.members:
        raise EncodingRejected(reason="an epoch names somebody twice, or nobody")
    if to_wire(header) != untrusted_value:
        raise EncodingRejected(reason="the lists of an epoch header are out of order")
    return header


def check_header(
    header: EpochHeader, *, author: UserId, parents: Mapping[bytes, EpochHeader], proven: bool = False,
    may_go: frozenset[UserId] = frozenset(), without: frozenset[bytes] = frozenset(),
    lifted: frozenset[UserId] = frozenset(),
) -> None:  # fmt: skip
    """Rules 1 to 3 above. `parents` holds at least every header that `header.parents` names.

    `proven`: the stream's recovery group vouches for it (rule 5), whoever wrote it. `may_go`: those whom anybody who
    writes there may leave out; `without`: epochs that decide nothing, both by what the author's laptop had seen.
    `lifted`: those whose wall two administrators and the lead agreed to take down (`override.py`).

    Raises:
        SegmentRejected: a rule is broken.
    """
    if header.users & header.conflicted:
        raise SegmentRejected(reason="it gives a key to somebody who is walled off")
    if header.kind is StreamType.ORGANISATION and header.conflicted:
        raise SegmentRejected(reason="it walls somebody off from the organisation itself")
    if not header.parents:
        if header.number != 1 or header.role_of(author) is not StreamRole.LEAD:
            raise SegmentRejected(reason="a first epoch does not make its author the lead")
        return
    before = check_follows(header, parents)
    for parent in before:
        if not proven and not parent.may_write(author):
            raise SegmentRejected(reason="somebody changed the readers who may not write there")
        if not parent.conflicted - lifted <= header.conflicted:
            raise SegmentRejected(reason="it takes down a wall")
    if proven or any(parent.role_of(author) is not StreamRole.LEAD for parent in before):
        _check_only_adds(header, parents, may_go, without, may_make_leads=proven)


def check_follows(header: EpochHeader, parents: Mapping[bytes, EpochHeader]) -> list[EpochHeader]:
    """The headers an epoch names as its parents.

    Raises:
        SegmentRejected: they are not there, of another stream, or its number does not follow theirs.
    """
    if any(parent not in parents for parent in header.parents):
        raise SegmentRejected(reason="an epoch follows one that is not known")
    before = [parents[parent] for parent in header.parents]
    if header.number != 1 + max(parent.number for parent in before):
        raise SegmentRejected(reason="the numbers of the epochs do not follow each other")
    if any(parent.stream != header.stream or parent.kind is not header.kind for parent in before):
        raise SegmentRejected(reason="an epoch follows one of another stream")
    return before


def _check_only_adds(
    header: EpochHeader, known: Mapping[bytes, EpochHeader], may_go: frozenset[UserId], without: frozenset[bytes], *,
    may_make_leads: bool,
) -> None:  # fmt: skip
    """What somebody who does not lead may do: let more people read, or join what others did apart."""
    before = {name: known[name] for name in header.parents}
    waiting = list(header.parents)
    while waiting:
        for name in known[waiting.pop()].parents:
            if name in known and name not in before:
                before[name] = known[name]
                waiting.append(name)
    stays = {user: one for user, one in effective_members(before, without).items() if user not in may_go}
    if header.conflicted != frozenset().union(*(known[name].conflicted for name in header.parents)):
        raise SegmentRejected(reason="somebody who does not lead the case put up a wall")
    for user, member in stays.items():
        role = header.role_of(user)
        if role is None or role < member.role:
            raise SegmentRejected(reason="somebody who does not lead the case took a reader or a right away")
    leads = {user for user, member in stays.items() if member.role is StreamRole.LEAD}
    _check_keeps_group(header, [known[name] for name in header.parents])
    made = {member.user for member in header.members if member.role is StreamRole.LEAD} - leads
    if made and leads and not may_make_leads:
        raise SegmentRejected(reason="somebody who does not lead the case made a lead")


def _check_keeps_group(header: EpochHeader, before: Sequence[EpochHeader]) -> None:
    chosen = {parent.recovery_group[:ID_BYTES] for parent in before} - {b""}
    if chosen and header.recovery_group[:ID_BYTES] not in chosen:
        raise SegmentRejected(reason="somebody who does not lead the case changed who can recover it")


def check_key(header: EpochHeader, key: SecretBytes) -> None:
    """Rule 4 above.

    Raises:
        SegmentRejected: this is not the key the header commits to.
    """
    if commitment_of(key) != header.commitment:
        raise SegmentRejected(reason="a key does not match what was promised to the others")


def first_header(
    *, stream: StreamId, kind: StreamType, members: Iterable[Membership], key: SecretBytes,
    conflicted: frozenset[UserId] = frozenset(), reason: str = "", recovery_group: bytes = b"",
) -> EpochHeader:  # fmt: skip
    """The header that begins a stream."""
    return EpochHeader(
        stream=stream, kind=kind, number=1, parents=(), members=tuple(sorted(members, key=lambda m: m.user)),
        conflicted=conflicted, commitment=commitment_of(key), reason=reason, recovery_group=recovery_group,
    )  # fmt: skip


def following_header(
    *, organisation: OrganisationId, parents: Sequence[EpochHeader], members: Iterable[Membership], key: SecretBytes,
    earlier: Iterable[EpochKey], conflicted: frozenset[UserId] = frozenset(), reason: str = "",
    recovery_group: bytes = b"",
) -> EpochHeader:  # fmt: skip
    """The header that follows `parents`, with the older keys sealed inside so that history opens."""
    first = parents[0]
    number = 1 + max(parent.number for parent in parents)
    commitment = commitment_of(key)
    return EpochHeader(
        stream=first.stream, kind=first.kind, number=number,
        parents=tuple(sorted(hash_of(parent) for parent in parents)),
        members=tuple(sorted(members, key=lambda m: m.user)),
        conflicted=conflicted.union(*(parent.conflicted for parent in parents)), commitment=commitment,
        earlier=_seal_earlier(organisation, first.stream, number, key, earlier), reason=reason,
        recovery_group=recovery_group,
    )  # fmt: skip


def earlier_keys(header: EpochHeader, key: SecretBytes, *, organisation: OrganisationId) -> tuple[EpochKey, ...]:
    """The older keys sealed in a header.

    Raises:
        EnvelopeRejected, EncodingRejected: they do not open.
    """
    if not header.earlier:
        return ()
    context = _earlier_context(organisation, header.stream, header.number, header.commitment)
    plain = open_sealed(expand(key, "cwf1/prev"), header.earlier, context=context)
    found = []
    for item in shape.items(cbor.decode(plain, max_bytes=MAX_EARLIER_BYTES), "keys", at_most=MAX_EARLIER_KEYS):
        number, header_hash, older = shape.sequence(item, 3, "an earlier key")
        found.append(
            EpochKey(
                header.stream,
                shape.number(number, "an epoch number", at_least=1),
                shape.digest(header_hash, "a header hash"),
                SecretBytes(shape.exactly(older, KEY_BYTES, "a key")),
            )
        )
    return tuple(found)


def leaves(headers: Mapping[bytes, EpochHeader], without: frozenset[bytes] = frozenset()) -> tuple[bytes, ...]:
    """The epochs no other follows, the one to write with first: the greatest (number, hash). Those in `without` are
    left out, as if nobody had begun them."""
    followed = {parent for name, header in headers.items() if name not in without for parent in header.parents}
    standing = [name for name in headers if name not in followed and name not in without]
    return tuple(sorted(standing, key=lambda name: (headers[name].number, name), reverse=True))


def effective_members(
    headers: Mapping[bytes, EpochHeader], without: frozenset[bytes] = frozenset()
) -> dict[UserId, Membership]:
    """Who should read a stream whose readers were changed at two places at once: nobody removed by either side
    stays, everybody added by either side comes in, nobody walled off by either side is in.

    `without`: epochs that decide nothing. Whom only such an epoch let in is not in, though others followed it.
    """
    standing = [headers[name] for name in leaves(headers, without)]
    everyone = {member.user: member for header in reversed(standing) for member in header.members}
    walled = {user for header in standing for user in header.conflicted}
    removed: set[UserId] = set()
    for header in standing:
        before = {user for parent in _ancestors(header, headers) for user in parent.users}
        removed |= before - header.users
    return {
        user: member
        for user, member in everyone.items()
        if user not in removed
        and user not in walled
        and (not without or any(_was_let_in(user, header, headers, without) for header in standing))
    }


def _was_let_in(
    user: UserId, header: EpochHeader, headers: Mapping[bytes, EpochHeader], without: frozenset[bytes]
) -> bool:
    """Whether an epoch that counts first named somebody among the epochs that led to this one."""
    waiting, met = [hash_of(header)], set[bytes]()
    while waiting:
        name = waiting.pop()
        known = headers.get(name)
        if name in met or known is None or user not in known.users:
            continue
        met.add(name)
        before = [parent for parent in known.parents if parent in headers and user in headers[parent].users]
        if not before and name not in without:
            return True
        waiting.extend(before)
    return False


def _ancestors(header: EpochHeader, headers: Mapping[bytes, EpochHeader]) -> list[EpochHeader]:
    found: dict[bytes, EpochHeader] = {}
    waiting = list(header.parents)
    while waiting:
        name = waiting.pop()
        if name in found or name not in headers:
            continue
        found[name] = headers[name]
        waiting.extend(headers[name].parents)
    return list(found.values())


def _seal_earlier(
    organisation: OrganisationId, stream: StreamId, number: int, key: SecretBytes, earlier: Iterable[EpochKey]
) -> bytes:
    older = sorted((item.number, item.header_hash, item.key.reveal()) for item in earlier)
    if not older:
        return b""
    context = _earlier_context(organisation, stream, number, commitment_of(key))
    return seal(expand(key, "cwf1/prev"), cbor.encode([list(item) for item in older]), context=context)


def _earlier_context(organisation: OrganisationId, stream: StreamId, number: int, commitment: bytes) -> bytes:
    return cbor.encode(["cwf1/prev", organisation, stream, number, commitment])


def _membership(item: object) -> Membership:
    user, user_epoch, role = shape.sequence(item, 3, "a member")
    return Membership(
        UserId(shape.identifier(user, "a user id")),
        shape.number(user_epoch, "a user epoch", at_most=2**31),
        _enum(StreamRole, role, "a role"),
    )


E = TypeVar("E", bound=IntEnum)


def _enum(kind: type[E], value: object, what: str) -> E:
    try:
        return kind(shape.number(value, what))
    except ValueError as error:
        raise EncodingRejected(reason=f"{what} is not known") from error
