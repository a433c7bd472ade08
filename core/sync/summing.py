"""Summaries on their way in, and the day the history behind one has been read (`engine/summary.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.changes.change import Op, OpKind
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.domain.changed import NOTHING, Changed
from core.foundation.errors import SegmentRejected, SignatureRejected
from core.foundation.ids import DeviceId, StreamId
from core.sync.engine.recovery import RECOVERY_KINDS
from core.sync.engine.roster import ROSTER_KINDS, Roster
from core.sync.engine.summary import Summary, read_summary
from core.sync.packing import check_retired
from core.sync.ports import Box

REFUTED = "summary-refuted"
NEWER_VERSION = "needs-newer-version"
KNOWN_KINDS = frozenset({*(int(kind) for kind in OpKind), *ROSTER_KINDS, *RECOVERY_KINDS})


def look_at(box: Box, op: Op, stream: StreamId, device: DeviceId, *, at_ms: int) -> None:
    """An op in a section that makes neither records nor keys nor the roster: may it stand?

    Raises:
        EncodingRejected, SegmentRejected: it may not.
    """
    if op.kind == OpKind.SUMMARY:
        read_summary(op.value, stream=stream, device=device)
        if bytes(op.entity) != bytes(stream):
            raise SegmentRejected(reason="a summary lies in another stream than its own")
    elif op.kind == OpKind.RETIRE:
        check_retired(op)
    elif op.kind not in KNOWN_KINDS:
        box.notice(NEWER_VERSION, device, "", at_ms=at_ms)


def note_summaries(box: Box, ops: Iterable[Op], roster: Roster, *, stream: StreamId, device: DeviceId) -> None:
    """Keep the summaries of a section that was judged. One that its laptop did not sign is passed over: where a laptop
    went on under a new number, what it had not sent went along, and a summary among it still bears the old one's name.

    Its author had applied what a summary covers, so it is here too by now. One that claims more is not kept: it could
    never be checked, and nothing honest would ever be newer.
    """
    for op in ops:
        if op.kind != OpKind.SUMMARY:
            continue
        summary = read_summary(op.value, stream=stream, device=device)
        here = all(box.is_applied(head.device, head.seq, head.body_hash) for head in summary.covers)
        if here and _is_vouched(summary, roster):
            box.note_summary(summary)


def _is_vouched(summary: Summary, roster: Roster) -> bool:
    public = roster.public_of(summary.device)
    try:
        summary.check(roster.organisation, public or b"")
    except SignatureRejected:
        return False
    return True


def settle_bases(box: Box, *, now: datetime) -> Changed:
    """Streams that stand on a summary and whose history has come: from now on the history alone counts.

    If the two differ, whoever vouched for the summary is named. Where something of the history is withheld here that
    they could not know of, nothing can be said of them.
    """
    changed = NOTHING
    for base in box.bases():
        here = [box.is_applied(device, seq, body_hash) for device, seq, body_hash in base.covers]
        other = [box.has_rival(device, seq, body_hash) for device, seq, body_hash in base.covers]
        if not all(known or rival for known, rival in zip(here, other, strict=True)):
            continue
        if all(here):
            told = box.folded_state(base.stream, {device: seq for device, seq, _ in base.covers})
            if told is not None and sha256(told) != base.state_hash:
                box.notice(REFUTED, base.signer, "", at_ms=to_ms(now))
        changed |= box.settle_base(base.stream)
    return changed


def is_true(box: Box, summary: Summary) -> bool | None:
    """Whether a summary says what the history here says; None if that cannot be told."""
    if not all(box.is_applied(head.device, head.seq, head.body_hash) for head in summary.covers):
        return None
    told = box.folded_state(summary.stream, {head.device: head.seq for head in summary.covers})
    return None if told is None else sha256(told) == summary.state_hash
