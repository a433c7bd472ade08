"""How long a case is kept, and when it may be deleted for good (3.2: "meeting all data protection requirements").

1. A closed case is kept for the time the pack says, from its closing. Time alone deletes nothing: people do.
2. A hold goes before everything: while one stands, nothing is deleted.
3. Where a child is complained about, the time is shorter: what is held on a child is looked at again sooner. As with
   every time, people decide what becomes of it.
4. A person's right to erasure, or a case opened by mistake, needs no waiting; an open case is never deleted, except one
   opened by mistake. A case with a report found to be malicious is kept with that finding for its time.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.retention import LegalHold
from core.policy.closing import MALICIOUS_STAYS, was_malicious
from core.policy.duties import CaseFacts, Setting
from core.policy.enforcement import is_a_child
from core.policy.keeps import keeps
from core.policy.late_reports import undecided_reports
from core.policy.review import open_spells

HELD = "The case is held: {reason}. Lift the hold first."
OPEN = "The case is open. Close it first."
REPORTED = "A report came after closing. Decide first whether the case is opened again."
TOO_EARLY = "It is kept until {day}."


@keeps("3.2", "How long a closed case is kept", on=("Keeping",))
def kept_until(facts: CaseFacts, setting: Setting) -> datetime | None:
    """Policy 3.2: when the time of a closed case is over; None while it is open."""
    spells = open_spells(facts)
    closed_at = spells[-1].end_at if spells else None
    if closed_at is None:
        return None
    names = ("keep_closed", "keep_closed_child") if is_about_a_child(facts) else ("keep_closed",)
    return min(setting.due_after(closed_at, setting.pack.terms[name].term) for name in names)


@keeps("3.2", "Where a child is complained about, the time is shorter", on=("Keeping",))
def is_about_a_child(facts: CaseFacts) -> bool:
    """Policy 3.2: whether anybody complained about is a child, by their years or by what is known of their age."""
    return any("alleged-perpetrator" in one.roles and is_a_child(facts, one.id) for one in facts.parties)


@keeps("3.2", "What holds a case", on=("Keeping",))
def holds_now(facts: CaseFacts) -> tuple[LegalHold, ...]:
    """Policy 3.2: the holds that stand."""
    return tuple(hold for hold in facts.of(LegalHold) if hold.lifted_at is None)


@keeps("3.2", "When it may be deleted for good", on=("Keeping",))
def why_not_delete(facts: CaseFacts, setting: Setting, reason: str) -> str:
    """Policy 3.2: why the case may not be deleted for this reason now, as a sentence; empty if it may."""
    holds = holds_now(facts)
    if holds:
        return HELD.format(reason=holds[0].reason.rstrip(". ") or "no reason was written down")
    if reason == "mistake" and was_malicious(facts):
        return MALICIOUS_STAYS
    until = kept_until(facts, setting)
    if until is None:
        return "" if reason == "mistake" else OPEN
    if reason == "time-over" and undecided_reports(facts, setting):
        return REPORTED
    if reason == "time-over" and setting.now <= until:
        day = until.astimezone(setting.pack.zone)
        return TOO_EARLY.format(day=f"{day.day} {day:%B %Y}")
    return ""
