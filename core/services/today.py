"""Today: what is due, late first, with the reason for every date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.changes.hlc import instant_of
from core.domain.case import CASE_OPEN_STAGES
from core.domain.estate import Home
from core.foundation.ids import RecordId
from core.policy.clocks import clock_check
from core.policy.words import say_remaining
from core.services.declarations import shut_among
from core.services.duties import refresh_duties
from core.services.versions import NOTHING_WAITS, WaitingChoices, waiting_choices
from core.services.workspace import Workspace
from core.store import casebook
from core.store import duties as kept
from core.store.duties import DutyCounts, DutyRow, OpenDuty

LIMIT = 200
"""More than anybody does in a day; the rest stay on the case list."""
SHUT_TITLE, SHUT_WHY, SHUT_ACTION = (
    "Something in a case that is not open to you yet",
    "Say first whether you are connected with anybody in it.",
    "Say so",
)
"""Of a case that is shut for this person: nothing of what happened (policy 4.31)."""


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One duty. `standing` is "Late by 2 h", "Due in 3 h" or a date; `why` says where the date comes from.

    `shut`: this person has not said yet whether they are connected with the case, or is; then it says nothing more.
    """

    case: RecordId
    subject: RecordId
    kind: str
    reference: str
    title: str
    standing: str
    late: bool
    soon: bool
    why: str
    action: str
    hint: str
    duty: OpenDuty
    shut: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """What the Today page shows. `warnings`: sentences about this laptop's clock. `no_homes`: nothing was begun yet."""

    rows: tuple[TodayRow, ...]
    counts: DutyCounts
    open_cases: int
    warnings: tuple[str, ...]
    choices: WaitingChoices = NOTHING_WAITS
    no_homes: bool = False


def today(workspace: Workspace, *, limit: int = LIMIT) -> Today:
    """The duties still open, the longest overdue first; of a case that is still shut one, which says nothing of it."""
    refresh_duties(workspace)
    now = workspace.parts.clock.now()
    zone = workspace.pack.zone
    day = now + timedelta(days=1)
    with workspace.store.reading() as connection:
        rows = kept.due_first(connection, limit=limit)
        counts = kept.count_duties(connection, now=now, day=day, week=now + timedelta(days=7))
        open_cases = casebook.count_cases(connection, stages=CASE_OPEN_STAGES)
    shut = shut_among(workspace, {row.duty.case for row in rows})
    rows, left_out = _as_shown(rows, shut)
    shown = tuple(
        TodayRow(
            case=row.duty.case, subject=row.duty.subject, kind=row.duty.kind, reference=row.reference,
            title=row.duty.title, standing=say_remaining(row.duty.due_at, now=now, zone=zone),
            late=row.duty.due_at < now, soon=now <= row.duty.due_at < day, why=row.duty.why,
            action=row.duty.action, hint=row.duty.hint, duty=row.duty,
            shut=row.duty.case in shut,
        )
        for row in rows
    )  # fmt: skip
    counts = _without(counts, left_out, now)
    bare = not shown and not open_cases and not workspace.store.select(Home, limit=1)
    return Today(shown, counts, open_cases, clock_warnings(workspace), waiting_choices(workspace), bare)


def clock_warnings(workspace: Workspace) -> tuple[str, ...]:
    """Sentences about this laptop's clock: it moved back since it last wrote something."""
    stamp = workspace.store.clock().last
    last = instant_of(stamp) if stamp else None
    return tuple(warning.sentence for warning in clock_check(workspace.parts.clock.now(), last_seen_local=last))


def _as_shown(rows: Sequence[DutyRow], shut: frozenset[RecordId]) -> tuple[tuple[DutyRow, ...], tuple[DutyRow, ...]]:
    """What is shown, and what is left out: of a case that is shut only what is due first, without its words."""
    kept: list[DutyRow] = []
    left_out: list[DutyRow] = []
    seen: set[RecordId] = set()
    for row in rows:
        case = row.duty.case
        if case not in shut:
            kept.append(row)
        elif case in seen:
            left_out.append(row)
        else:
            seen.add(case)
            silent = replace(row.duty, clause="4.31", title=SHUT_TITLE, why=SHUT_WHY, action=SHUT_ACTION, hint="")
            kept.append(replace(row, duty=silent, summary=""))
    return tuple(kept), tuple(left_out)


def _without(counts: DutyCounts, left_out: Sequence[DutyRow], now: datetime) -> DutyCounts:
    due = [row.duty.due_at for row in left_out]
    return DutyCounts(
        counts.late - sum(at < now for at in due),
        counts.within_a_day - sum(now <= at < now + timedelta(days=1) for at in due),
        counts.within_a_week - sum(now <= at < now + timedelta(days=7) for at in due),
        counts.all - len(due),
    )
