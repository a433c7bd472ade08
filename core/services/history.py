"""Who changed what, when, and on which laptop: the change log in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.changes.change import OpKind, Wire
from core.changes.reducer import TOMBSTONES
from core.domain.case import Case
from core.domain.catalogue import record_type
from core.domain.declare import Care, FieldSpec, Kind
from core.domain.organisation import Member
from core.domain.values import from_wire
from core.foundation.errors import EncodingRejected
from core.foundation.ids import RecordId
from core.policy.words import say_moment
from core.services.workspace import Workspace
from core.store.history import HistoryStep, history_of_record, history_of_stream

_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One step: `who` set `field` of a `record` to `value` at `at`. `laptop` is the first digits of its id."""

    at: datetime
    who: str
    laptop: str
    cause: str
    record: str
    field: str
    value: str


def history_of_case(workspace: Workspace, *, case: RecordId, limit: int = 200) -> tuple[HistoryRow, ...]:
    """Everything that was done in a case, newest first; `limit` counts changes, not steps.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    with workspace.store.reading() as connection:
        steps = history_of_stream(connection, stream, limit=limit)
    return rows_of(workspace, steps)


def history_of(workspace: Workspace, *, record: RecordId) -> tuple[HistoryRow, ...]:
    """Everything that was done to one record, newest first."""
    with workspace.store.reading() as connection:
        steps = history_of_record(connection, record)
    return rows_of(workspace, steps)


def rows_of(workspace: Workspace, steps: tuple[HistoryStep, ...]) -> tuple[HistoryRow, ...]:
    """Steps in words; what wrote a key is left out."""
    names = {member.user: member.name for member in workspace.store.select(Member)}
    shown = (step for step in steps if not _is_secret(step))
    return tuple(_row(workspace, names.get(step.actor, "A former colleague"), step) for step in shown)


def _row(workspace: Workspace, who: str, step: HistoryStep) -> HistoryRow:
    kind = record_type(step.op.table)
    spec = kind.SPEC.fields.get(step.op.field) if kind else None
    return HistoryRow(
        at=step.at, who=who, laptop=step.device.hex()[:6], cause=step.cause,
        record=kind.SPEC.label if kind else step.op.table,
        field=spec.label if spec else step.op.field,
        value=_KEPT if _is_kept(step) else _said(workspace, step.op.kind, spec, step.value),
    )  # fmt: skip


def _is_secret(step: HistoryStep) -> bool:
    """Whether the step wrote a key, which nobody is shown."""
    kind = record_type(step.op.table)
    spec = kind.SPEC.fields.get(step.op.field) if kind else None
    return spec is not None and spec.care is Care.SECRET


def _is_kept(step: HistoryStep) -> bool:
    """Whether the step takes a deletion back: what was deleted on one laptop had been changed on another."""
    return step.op.kind == OpKind.REMOVE and step.op.field == TOMBSTONES


def _said(workspace: Workspace, kind: int, spec: FieldSpec | None, value: Wire) -> str:  # noqa: PLR0911  # one per kind
    if kind == OpKind.TOMBSTONE:
        return "deleted"
    if kind == OpKind.REMOVE:
        return "one taken away"
    if spec is None or value is None:
        return "cleared" if value is None else "written by a newer version"
    if spec.kind in (Kind.CHOICE, Kind.CHOICES):
        return spec.label_of(str(value))
    if spec.kind is Kind.BOOLEAN:
        return "yes" if value else "no"
    if spec.kind in (Kind.LINK, Kind.LINKS, Kind.BYTES):
        return value.hex()[:6] if isinstance(value, bytes) else ""
    try:
        held = from_wire(spec, value)
    except EncodingRejected:
        return "something this field cannot hold"
    if isinstance(held, datetime):
        return say_moment(held, now=workspace.parts.clock.now(), zone=workspace.pack.zone)
    return str(held)
