"""Today: what is due, late first, with the reason for every date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.changes.hlc import instant_of
from core.domain.case import CASE_OPEN_STAGES
from core.foundation.ids import RecordId
from core.policy.clocks import clock_check
from core.policy.words import say_remaining
from core.services.duties import refresh_duties
from core.services.versions import NOTHING_WAITS, WaitingChoices, waiting_choices
from core.services.workspace import Workspace
from core.store import casebook
from core.store import duties as kept
from core.store.duties import DutyCounts, OpenDuty

LIMIT = 200
"""More than anybody does in a day; the rest stay on the case list."""


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One duty. `standing` is "Late by 2 h", "Due in 3 h" or a date; `why` says where the date comes from."""

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


@dataclass(frozen=True, slots=True)
class Today:
    """What the Today page shows. `warnings` are sentences about this laptop's clock."""

    rows: tuple[TodayRow, ...]
    counts: DutyCounts
    open_cases: int
    warnings: tuple[str, ...]
    choices: WaitingChoices = NOTHING_WAITS


def today(workspace: Workspace, *, limit: int = LIMIT) -> Today:
    """The duties still open, the longest overdue first."""
    refresh_duties(workspace)
    now = workspace.parts.clock.now()
    zone = workspace.pack.zone
    day = now + timedelta(days=1)
    with workspace.store.reading() as connection:
        rows = kept.due_first(connection, limit=limit)
        counts = kept.count_duties(connection, now=now, day=day, week=now + timedelta(days=7))
        open_cases = casebook.count_cases(connection, stages=CASE_OPEN_STAGES)
    shown = tuple(
        TodayRow(
            case=row.duty.case, subject=row.duty.subject, kind=row.duty.kind, reference=row.reference,
            title=row.duty.title, standing=say_remaining(row.duty.due_at, now=now, zone=zone),
            late=row.duty.due_at < now, soon=now <= row.duty.due_at < day, why=row.duty.why,
            action=row.duty.action, hint=row.duty.hint, duty=row.duty,
        )
        for row in rows
    )  # fmt: skip
    return Today(shown, counts, open_cases, clock_warnings(workspace), waiting_choices(workspace))


def clock_warnings(workspace: Workspace) -> tuple[str, ...]:
    """Sentences about this laptop's clock: it moved back since it last wrote something."""
    stamp = workspace.store.clock().last
    last = instant_of(stamp) if stamp else None
    return tuple(warning.sentence for warning in clock_check(workspace.parts.clock.now(), last_seen_local=last))
