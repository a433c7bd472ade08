"""Whose records are whose.

Some records are written once: nobody alters or deletes one, its writer neither, in whatever order things arrive. Such
a record's id proves the change that wrote it, so no other change can touch it: what is allowed is a question about one
change alone, and every laptop answers it alike.
"""

from __future__ import annotations

from core.changes.change import RECORD_KINDS, Change, Op, OpKind
from core.changes.naming import once_id
from core.domain.catalogue import APPEND_ONLY
from core.domain.organisation import OF_ADMINISTRATORS
from core.foundation.errors import SegmentRejected
from core.foundation.ids import StreamId, UserId
from core.sync.engine import roster
from core.sync.engine.entries import ABOUT_ONESELF
from core.sync.engine.epochs import StreamType
from core.sync.engine.segment import SectionContent

_WRITES = frozenset({OpKind.SET, OpKind.TEXT, OpKind.ADD})


def check_ours(content: SectionContent, role: str | None) -> None:
    """What somebody with this role may write in the organisation's stream.

    Raises:
        SegmentRejected: not this.
    """
    ops = [op for change in content.changes for op in change.ops]
    if role not in roster.WRITING_ROLES and not all(op.kind in ABOUT_ONESELF for op in ops):
        raise SegmentRejected(reason="somebody wrote to the organisation's records who may only read them")
    if role != roster.ADMINISTRATOR and OF_ADMINISTRATORS & {op.table for op in ops if op.kind in RECORD_KINDS}:
        raise SegmentRejected(reason="only an administrator changes who we are and who works here")


def check_once(content: SectionContent, kind: StreamType, *, user: UserId) -> None:
    """
    Raises:
        SegmentRejected: a record that is written once is altered, lies elsewhere than in a stream for such, names
            another writer, or something else lies in such a stream.
    """
    for change in content.changes:
        ops = [op for op in change.ops if op.kind in RECORD_KINDS]
        if any((op.table in APPEND_ONLY) != (kind is StreamType.AUDIT) for op in ops):
            raise SegmentRejected(reason="a list of what somebody did is kept in the wrong place")
        if kind is StreamType.AUDIT and ops:
            _check_written(change, ops, content.stream, user)


def _check_written(change: Change, ops: list[Op], stream: StreamId, user: UserId) -> None:
    if any(op.entity != once_id(stream, op.table, change.id) or op.kind not in _WRITES or op.deps for op in ops):
        raise SegmentRejected(reason="somebody altered what was written down before it happened")
    if len({op.field for op in ops}) != len(ops):
        raise SegmentRejected(reason="something written down before it happened says two things")
    if {op.field: op.value for op in ops}.get("who") != user:
        raise SegmentRejected(reason="something was written down in somebody else's name")
