"""Late work: what somebody wrote after they were removed, on a laptop after it was suspended, or on one used twice.

It shows nowhere and replaces nothing. Whoever leads the case (an administrator, for the organisation's records) reads
it here in full and takes it over or puts it aside; both is recorded, and neither loses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.changes.change import RECORD_KINDS, Change, Op, OpKind
from core.changes.hlc import instant_of
from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.domain.declare import Kind
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.services.access import leads, names_of
from core.services.history import HistoryRow, rows_of
from core.services.leaving import cases_of, may_take_the_lead
from core.services.roster import epochs_in, epochs_of, roster_in, roster_of
from core.services.withheld import bring_into_line
from core.services.workspace import Workspace
from core.store import withholding
from core.store.history import HistoryStep
from core.store.unit import WriteUnit
from core.store.withholding import LateMark
from core.sync.engine.entries import REMOVE
from core.sync.engine.roster import Roster

LATE_TABLE = "late"
AT_ONCE = 5_000
OUR_RECORDS = "The organisation\u2019s records"


@dataclass(frozen=True, slots=True)
class LateEntry:
    """One thing somebody did, with everything it would write."""

    change: bytes
    at: datetime
    says: tuple[HistoryRow, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What it would write, a line for each field."""
        return tuple(
            f"{row.record}: {row.value}" if row.field == row.record else f"{row.record}, {row.field}: {row.value}"
            for row in self.says
        )


@dataclass(frozen=True, slots=True)
class LateGroup:
    """The late work of one person in one case (None: in the organisation's records), oldest first."""

    user: UserId
    name: str
    case: RecordId | None
    where: str
    why: str
    entries: tuple[LateEntry, ...]
    may_judge: bool
    leaderless: bool
    """Nobody leads the case any more: this person may take the lead, and then judge."""

    @property
    def sentence(self) -> str:
        """By name and number."""
        count = len(self.entries)
        entries = "1 entry" if count == 1 else f"{count} entries"
        return f"{entries} by {self.name} {self.why}."


@dataclass(frozen=True, slots=True)
class LateJudged:
    """So many entries were taken over or put aside."""

    entries: int
    changed: Changed


def late_work(workspace: Workspace) -> tuple[LateGroup, ...]:
    """Everything that waits to be looked at here, by person and case."""
    found = _waiting(workspace)
    if not found:
        return ()
    roster, names, cases = roster_of(workspace), names_of(workspace), cases_of(workspace)
    groups: dict[tuple[UserId, StreamId], list[tuple[DeviceId, Change]]] = {}
    for device, stream, change in found:
        groups.setdefault((change.actor, stream), []).append((device, change))
    made = []
    for (user, stream), changes in groups.items():
        ours = stream == workspace.organisation_stream
        case = cases.get(stream)
        known = {} if ours else epochs_of(workspace, stream)
        made.append(
            LateGroup(
                user, names.get(user, "") or "a former colleague", case.id if case else None,
                OUR_RECORDS if ours else f"Case {case.reference}" if case else "A case that is not shown yet",
                _why(roster, changes), tuple(_entry(workspace, device, change) for device, change in changes),
                roster.is_administrator(workspace.user) if ours else leads(known, workspace.user),
                not ours and may_take_the_lead(known, roster, workspace.user),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda group: (group.name.casefold(), group.where.casefold())))


def late_count(workspace: Workspace) -> int:
    """How many entries wait."""
    return len(_waiting(workspace))


def adopt(workspace: Workspace, *, changes: Collection[bytes]) -> LateJudged:
    """Take late work over: from now on it counts, as written by whoever wrote it.

    Raises:
        NotAllowed: it is not for this person to say.
        NotFound: it does not wait here any more.
        FormIncomplete: nothing was chosen.
    """
    return _judge(workspace, changes, OpKind.ADOPT, "adopt-late-work")


def put_aside(workspace: Workspace, *, changes: Collection[bytes]) -> LateJudged:
    """Take late work off the list. It stays in the log, where it can be read again.

    Raises:
        NotAllowed, NotFound, FormIncomplete: as for `adopt`.
    """
    return _judge(workspace, changes, OpKind.DISMISS, "put-late-work-aside")


def _judge(workspace: Workspace, changes: Collection[bytes], kind: OpKind, cause: str) -> LateJudged:
    wanted = set(changes)
    if not wanted:
        raise FormIncomplete(problems={"entries": "Choose at least one entry."})
    by_stream: dict[StreamId, list[bytes]] = {}
    for _, stream, change in _waiting(workspace):
        if change.id in wanted:
            by_stream.setdefault(stream, []).append(change.id)
    if sum(map(len, by_stream.values())) != len(wanted):
        raise NotFound(what="entry waiting to be looked at")
    with workspace.store.unit(cause) as (unit, outcome):
        marks = []
        for stream, ids in by_stream.items():
            _check_may_judge(unit, workspace, stream)
            for start in range(0, len(ids), AT_ONCE):
                some = sorted(ids[start : start + AT_ONCE])
                op = Op(kind, RecordId(stream), LATE_TABLE, "", list(some))
                by = unit.put_op(stream, op)
                marks += [LateMark(target, by, kind is OpKind.ADOPT) for target in some]
        withholding.put_marks(unit.connection, marks)
        shown = bring_into_line(unit, workspace)
    return LateJudged(len(wanted), outcome.changed | shown)


def _check_may_judge(unit: WriteUnit, workspace: Workspace, stream: StreamId) -> None:
    if stream == workspace.organisation_stream:
        allowed = roster_in(unit, workspace).is_administrator(workspace.user)
    else:
        allowed = leads(epochs_in(unit, stream), workspace.user)
    if not allowed:
        raise NotAllowed()


def _waiting(workspace: Workspace) -> list[tuple[DeviceId, StreamId, Change]]:
    with workspace.store.reading() as connection:
        found = withholding.withheld_changes(connection)
        late = {bytes(change.id) for _, _, change in found}
        marks = withholding.marks_on(connection, late)
    judged = {target for target, said in marks.items() if any(not mark.adopts and mark.by not in late for mark in said)}
    waiting = [item for item in found if item[2].id not in judged]
    return [item for item in waiting if any(op.kind in RECORD_KINDS for op in item[2].ops)]


def _entry(workspace: Workspace, device: DeviceId, change: Change) -> LateEntry:
    at = instant_of(change.hlc)
    steps = tuple(
        HistoryStep(at, change.actor, device, change.cause, op)
        for op in change.ops
        if op.kind in RECORD_KINDS and not _is_link(op)
    )
    return LateEntry(change.id, at, rows_of(workspace, steps))


def _is_link(op: Op) -> bool:
    """Whether it only says which record another belongs to, which tells a reader nothing."""
    kind = record_type(op.table)
    spec = kind.SPEC.fields.get(op.field) if kind else None
    return spec is not None and spec.kind in (Kind.LINK, Kind.LINKS)


def _why(roster: Roster, changes: Iterable[tuple[DeviceId, Change]]) -> str:
    devices = {device for device, _ in changes}
    removals = [entry for device in devices for entry in roster.standing.removals_of(device)]
    if any(entry.kind == REMOVE for entry in removals):
        return "arrived after their removal"
    if removals:
        return "came from a laptop after it was suspended"
    if devices & roster.forks.keys():
        return "came from a laptop that was used twice"
    return "came from somebody let in by a person who had been removed"
