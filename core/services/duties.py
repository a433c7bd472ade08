"""What the policy promises and nobody has done yet, worked out from the records as they change."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.changes.hlc import to_ms
from core.foundation.ids import RecordId
from core.policy.clocks import MOVED_BACK_TOLERANCE, duties_of_case
from core.policy.duties import CaseFacts, Duty
from core.policy.safe_contact import ways_in
from core.services.contacts import contact_hint
from core.services.second_person import as_seen_here, is_for_today
from core.services.workspace import Workspace
from core.store import duties as kept
from core.store import meta
from core.store.contents import contents_of_many
from core.store.duties import OpenDuty
from core.store.transactions import writing

BATCH = 500
WORKED_OUT = "duties:worked-out-ms"


def duties_of(workspace: Workspace, facts: CaseFacts) -> tuple[Duty, ...]:
    """Every duty of one case, met ones included, as they stand now."""
    setting = workspace.setting_of(facts)
    found = duties_of_case(facts, setting.pack, setting.calendar, setting.now)
    return as_seen_here(workspace, facts, found)


def refresh_duties(workspace: Workspace) -> int:
    """Work out again the duties of every case that changed, or in which one fell due; returns how many cases.

    Costs nothing when nothing changed, however many cases there are.
    """
    now = workspace.parts.clock.now()
    with workspace.store.reading() as connection:
        moved_back = _is_after(meta.read_number(connection, WORKED_OUT), now)
        if not moved_back and not kept.anything_stale(connection, now):
            return 0
    with writing(workspace.store.engine) as connection:
        if moved_back:
            kept.forget_duties(connection)
        meta.write_number(connection, WORKED_OUT, to_ms(now))
        # Looked up again inside the transaction: what arrived in between must not be cleared unread.
        stale = kept.stale_cases(connection, now)
        for start in range(0, len(stale), BATCH):
            some = stale[start : start + BATCH]
            found = contents_of_many(connection, some)
            duties = [duty for contents in found for duty in _open_duties(workspace, contents)]
            kept.replace_duties(connection, some, duties, now=now)
        kept.clear_stale(connection)
    return len(stale)


def _is_after(last_ms: int | None, now: datetime) -> bool:
    """Whether the clock was put back since duties were worked out: what seemed done or past then may be neither."""
    return last_ms is not None and last_ms - to_ms(now) > MOVED_BACK_TOLERANCE / timedelta(milliseconds=1)


def _open_duties(workspace: Workspace, facts: CaseFacts) -> list[OpenDuty]:
    hint = contact_hint(ways_in(facts))
    return [
        OpenDuty(
            case=facts.case.id, kind=duty.kind.value, subject=RecordId(duty.subject), clause=duty.clause,
            title=duty.title, why=duty.why, action=duty.action, hint=hint, anchor_at=duty.anchor_at,
            due_at=duty.due_at,
        )
        for duty in duties_of(workspace, facts)
        if duty.to_do and duty.due_at is not None and is_for_today(workspace, facts, duty)
    ]  # fmt: skip
