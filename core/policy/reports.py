"""What a report turned out to be: taken back, mistaken, malicious (4.2, 4.3 and 3.3).

1. A report is never taken out. What was found about it is a record beside it, and the latest holds.
2. That somebody took it back ends nothing: they may have been pressed to. Risk is still assessed, it still counts.
3. Finding a report malicious needs evidence, reasons and a second person; it counts once that person has agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from core.domain.case import Report
from core.domain.intake import REPORT_FATES, ReportFate
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps
from core.policy.second_person import has_agreed

_BEGINNING = datetime.min.replace(tzinfo=UTC)
RETRACTED = "The report was taken back. The case goes on: ask about pressure, and look at the risk again."


@keeps("4.3", "A report taken back or malicious stays with what was found", on=("Case file",))
def report_fates(facts: CaseFacts) -> Mapping[RecordId | None, ReportFate]:
    """Policy 4.3: what each report turned out to be, by the latest finding that may stand."""
    latest = {one.report: one for one in _in_order(facts) if _stands(facts, one)}
    return {report: one for report, one in latest.items() if one.what != "stands"}


def latest_fates(facts: CaseFacts) -> Mapping[RecordId | None, ReportFate]:
    """Policy 4.3: the latest finding about each report, also one that waits for its second person."""
    return {one.report: one for one in _in_order(facts)}


def _in_order(facts: CaseFacts) -> list[ReportFate]:
    found = (one for one in facts.of(ReportFate) if not _problems(one))
    return sorted(found, key=lambda one: (known(one.decided_at) or _BEGINNING, one.id))


def _stands(facts: CaseFacts, one: ReportFate) -> bool:
    return one.what != "malicious" or has_agreed(facts, one.id, one.second_person, one.decided_by)


@keeps("4.3", "What a finding about a report needs", on=("Case file",))
def check_report_fate(fate: ReportFate) -> None:
    """Policy 4.3: whether this finding about a report may be written down.

    Raises:
        FormIncomplete: something is missing; one sentence for each field.
    """
    problems = _problems(fate)
    if problems:
        raise FormIncomplete(problems=problems)


@keeps("4.2", "A report by somebody else counts like any other", on=("New report", "Case file"))
def told_by_others(facts: CaseFacts) -> tuple[Report, ...]:
    """Policy 4.2: reports made by somebody who is not the one harmed; they count like any other."""
    harmed = {party.id for party in facts.parties if "harmed" in party.roles}
    return tuple(report for report in facts.reports if report.reporter is not None and report.reporter not in harmed)


@keeps("3.3", "A child told us", on=("New report", "Case file"))
def told_by_child(reports: Iterable[Report]) -> bool:
    """Policy 3.3: whether a child told us, so that safeguarding and a trusted adult are thought of first."""
    return any(report.by_child for report in reports)


def _problems(fate: ReportFate) -> dict[str, str]:
    problems: dict[str, str] = {}
    if fate.what not in REPORT_FATES:
        problems["what"] = "Choose what became of the report."
    if not fate.reasons.strip():
        problems["reasons"] = "Write down the reasons."
    if fate.what == "retracted" and fate.pressed is None:
        problems["pressed"] = "Say whether you asked if somebody pressed them to take it back."
    if fate.what == "malicious":
        if not fate.evidence.strip():
            problems["evidence"] = "Write down the evidence this rests on."
        if not fate.second_person:
            problems["second_person"] = "Ask a second person to agree."
        elif fate.second_person == fate.decided_by:
            problems["second_person"] = "The second person cannot be the one who decided."
    return problems
