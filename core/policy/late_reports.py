"""A report that comes when the case is closed: it is kept, the person is reached, and somebody decides (4.24, 4.29).

1. A report is never refused because a case is closed. It lies with the case, and opens nothing by itself.
2. It came after closing if we were told after the proposal under which the case was closed, or wrote it down after the
   closing: on a laptop that was apart somebody may have closed without knowing of it.
3. The person is reached within 24 hours of it, as of every first report. What was late stays visible.
4. Somebody decides whether the same case is opened again, with reasons. Opened again for another reason is an answer
   too: whoever works on the case then has the report before them.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

from core.domain.case import Report
from core.domain.closing import LateReport
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps
from core.policy.review import OpenSpell, open_spells
from core.policy.service_standards import first_contact

REOPENED = "The case was opened again."
CONTACT = "Contact after a new report"


@keeps("4.29", "A report for a closed case is kept and waits for a decision", on=("New report", "Closing"))
def late_reports(facts: CaseFacts) -> tuple[Report, ...]:
    """Policy 4.29: the reports that came when the case was closed, oldest first; answered ones included."""
    return tuple(report for report, _ in _late(facts))


@keeps("4.29", "Which of them nobody has decided about", on=("Closing", "Keeping"))
def undecided_reports(facts: CaseFacts, setting: Setting) -> tuple[Report, ...]:
    """Policy 4.29: those of which nobody has said yet whether the case is opened again."""
    return tuple(report for report, again_at in _late(facts) if _answered_at(facts, report, again_at, setting) is None)


@keeps("4.24", "Whoever reports after closing is reached in 24 hours too", on=("Today", "Record contact"))
def late_report_contacts(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.24 for reports that came when the case was closed."""
    found = []
    for report in late_reports(facts):
        alone = replace(facts, case=replace(facts.case, opened_at=None), reports=(report,))
        duty = first_contact(alone, setting)
        if duty is not None:
            found.append(replace(duty, kind=DutyKind.LATE_REPORT_CONTACT, title=CONTACT))
    return tuple(found)


@keeps("4.29", "Somebody decides by a day whether the case is opened again", on=("Today",))
def late_report_duties(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.29 to decide what follows from each of them."""
    return tuple(_duty(facts, report, again_at, setting) for report, again_at in _late(facts))


def _duty(facts: CaseFacts, report: Report, again_at: datetime | None, setting: Setting) -> Duty:
    told_at = _told_at(report)
    assert told_at is not None, "what has no moment is not among them"
    promise = Promise(
        kind=DutyKind.LATE_REPORT, clause="4.29", case=facts.case.id, subject=report.id,
        title="A report after closing", action="Decide whether to open the case again", anchor_at=told_at,
    )  # fmt: skip
    term = setting.pack.terms["late_report"].term
    due_at = setting.due_after(told_at, term)
    met_at = _answered_at(facts, report, again_at, setting)
    remark = REOPENED if met_at is not None and met_at == again_at else ""
    basis = f"{term} from the report on {setting.say(told_at)}"
    return clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis, remark=remark)


def _late(facts: CaseFacts) -> list[tuple[Report, datetime | None]]:
    """Each such report, and when the case was opened again after it; None while it is closed."""
    gaps = [(spell, after) for spell, after in itertools.pairwise((*open_spells(facts), None)) if spell is not None]
    found: dict[RecordId, tuple[datetime, Report, datetime | None]] = {}
    for report in facts.reports:
        told_at = _told_at(report)
        for spell, after in gaps:
            again_at = after.start_at if after is not None else None
            if told_at is not None and spell.end_at is not None and _came_between(facts, report, spell, again_at):
                found[report.id] = (told_at, report, again_at)
    ordered = sorted(found.values(), key=lambda one: (one[0], one[1].id))
    return [(report, again_at) for _, report, again_at in ordered]


def _came_between(facts: CaseFacts, report: Report, spell: OpenSpell, again_at: datetime | None) -> bool:
    told_at, written_at = _told_at(report), known(report.recorded_at)
    if told_at is None or spell.end_at is None:
        return False
    proposed = [known(one.proposed_at) for one in facts.closures if known(one.closed_at) == spell.end_at]
    since_at = min((at for at in proposed if at is not None), default=spell.end_at)
    last_at = max(told_at, written_at or told_at)
    came = told_at > since_at or (written_at is not None and written_at > spell.end_at)
    return came and (again_at is None or last_at <= again_at)


def _answered_at(facts: CaseFacts, report: Report, again_at: datetime | None, setting: Setting) -> datetime | None:
    said = [one.decided_at for one in facts.of(LateReport) if one.report == report.id and one.reasons]
    moments = [setting.happened(at) for at in (*said, again_at)]
    return min((at for at in moments if at is not None), default=None)


def _told_at(report: Report) -> datetime | None:
    return known(report.received_at) or known(report.recorded_at)
