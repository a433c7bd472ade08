"""What the interpreter asks about recovery groups: entries of the roster, wraps, and proofs by a group itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from core.changes.change import Op
from core.foundation.errors import SegmentRejected
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, StreamId, UserId
from core.sync.engine import epochs, recovery
from core.sync.engine.entries import Admission, read_admission
from core.sync.engine.epochs import EpochHeader, StreamRole
from core.sync.engine.judging import was_administrator
from core.sync.engine.roster import Origin, Roster
from core.sync.ports import Box

RECOVERY_USED = "recovery-used"
RECOVERED_STREAM = "recovered-stream"


class Writer(Protocol):
    """Whose section is being read, and what they had seen."""

    @property
    def device(self) -> DeviceId: ...
    @property
    def user(self) -> UserId: ...
    @property
    def seq(self) -> int: ...
    @property
    def seen(self) -> Mapping[DeviceId, int]: ...


def with_entry(roster: Roster, op: Op, by: Writer, organisation: OrganisationId) -> Roster:
    """The roster after a GROUP or RETURNED op.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it must not be believed.
    """
    before = roster.as_seen(by.seen)
    origin = Origin(by.device, by.seq)
    if op.kind == recovery.GROUP:
        if not was_administrator(before, by.user):
            raise SegmentRejected(reason="only an administrator sets up a recovery group")
        made = recovery.read_group(op.value, organisation)
        said = (entry.said for entry in roster.entries)
        if made.mark not in {known.mark for known in said if isinstance(known, recovery.RecoveryGroup)}:
            recovery.check_group(made, before.groups.values())
        return roster.with_group(made, origin=origin, seen=by.seen)
    mark, value = recovery.read_return(op.value, organisation=organisation, groups=before.groups)
    admission = read_admission(value, organisation)
    if admission.record.user != by.user or admission.certificate.device != by.device:
        raise SegmentRejected(reason="somebody let another person in by recovery")
    if not _newest(mark, before) or not recovery.still_counts(mark, roster.groups, device=by.device, seq=by.seq):
        raise SegmentRejected(reason="it rests on recovery sheets that were replaced")
    return roster.with_return(op.value, admission, origin=origin, seen=by.seen)


def take_entry(  # what the interpreter has at hand
    box: Box, roster: Roster, op: Op, by: Writer, organisation: OrganisationId, at_ms: int
) -> Roster:
    """As `with_entry`; that somebody came back by recovery is told to everybody."""
    after = with_entry(roster, op, by, organisation)
    if op.kind == recovery.RETURNED:
        box.notice(RECOVERY_USED, by.user, "", at_ms=at_ms)
    return after


def proofs_in(ops: Iterable[Op], by: Writer, roster: Roster, organisation: OrganisationId) -> dict[bytes, bytes]:
    """Header hash -> mark of the group that vouches for it.

    Raises:
        EncodingRejected, SegmentRejected, SignatureRejected: a proof proves nothing.
    """
    found: dict[bytes, bytes] = {}
    for op in ops:
        if op.kind != recovery.PROOF:
            continue
        before = roster.as_seen(by.seen)
        mark, header_hash = recovery.read_proof(op.value, organisation=organisation, groups=before.groups)
        if before.role_of(by.user) is None:
            raise SegmentRejected(reason="recovery sheets were used by somebody nobody let in")
        if not _newest(mark, before) or not recovery.still_counts(mark, roster.groups, device=by.device, seq=by.seq):
            raise SegmentRejected(reason="it rests on recovery sheets that were replaced")
        found[header_hash] = mark
    return found


def check_choice(
    box: Box, header: EpochHeader, by: Writer, roster: Roster, known: Mapping[bytes, EpochHeader], mark: bytes | None
) -> None:
    """Nobody walled off holds a sheet of the group chosen; and every epoch that a header follows for which the group
    `mark` vouches was open to that very group.

    Raises:
        SegmentRejected: it is not so.
    """
    recovery.check_chosen(header.recovery_group, header.conflicted, roster.as_seen(by.seen).groups)
    if mark is None:
        return
    marks = box.recovery_marks(header.stream)
    group = mark[:ID_BYTES]
    for parent in header.parents:
        open_to = {item[:ID_BYTES] for item in marks.get(parent, frozenset())}
        if parent in known:
            open_to.add(known[parent].recovery_group[:ID_BYTES])
        if group not in open_to:
            raise SegmentRejected(reason="recovery sheets were used for a case of another group")


def take_wraps(
    box: Box, ops: Iterable[Op], stream: StreamId, by: Writer, roster: Roster, known: Mapping[bytes, EpochHeader]
) -> None:
    """Remember which epochs were wrapped to a group after they began.

    Raises:
        EncodingRejected, SegmentRejected: one must not be.
    """
    for op in ops:
        if op.kind != recovery.WRAPPED:
            continue
        mark, header_hash = recovery.read_wrapped(op.value)
        header = known.get(header_hash)
        if header is None or bytes(op.entity) != bytes(stream):
            raise SegmentRejected(reason="a key was wrapped for recovery that is not known")
        walled = frozenset().union(*(item.conflicted for item in known.values()))
        recovery.check_chosen(mark, walled, roster.as_seen(by.seen).groups)
        chosen = header.recovery_group[:ID_BYTES]
        if chosen and chosen != mark[:ID_BYTES] and header.role_of(by.user) is not StreamRole.LEAD:
            raise SegmentRejected(reason="somebody who does not lead the case changed who can recover it")
        box.add_recovery_wrap(stream=stream, header_hash=header_hash, mark=mark, proven=False)


def note_proven(box: Box, header: EpochHeader, mark: bytes, *, at_ms: int) -> None:
    """Remember, and tell, that a group itself let readers in."""
    name = epochs.hash_of(header)
    box.add_recovery_wrap(stream=header.stream, header_hash=name, mark=mark, proven=True)
    box.notice(RECOVERED_STREAM, header.stream, "", at_ms=at_ms)


def announced_return(value: object, roster: Roster, organisation: OrganisationId) -> Admission:
    """The admission inside a file that says somebody came back by recovery. The log is still to confirm it; from now on
    their signatures can be checked.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it must not be used.
    """
    mark, wire = recovery.read_return(value, organisation=organisation, groups=roster.groups)
    if not _newest(mark, roster):
        raise SegmentRejected(reason="it rests on recovery sheets that were replaced")
    admission = read_admission(wire, organisation)
    roster.with_admission(admission, origin=None, admitted=False)
    return admission


def _newest(mark: bytes, roster: Roster) -> bool:
    groups = roster.groups
    chosen = groups.get(mark)
    return chosen is not None and recovery.newest(groups.values())[chosen.group].mark == mark
