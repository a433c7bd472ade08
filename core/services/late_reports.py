"""What follows from a report on a closed case: the same case is opened again, or not, and why (4.29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.case import Report
from core.domain.closing import LateReport
from core.foundation.ids import RecordId
from core.policy.late_reports import undecided_reports
from core.services.casework import StepRecorded
from core.services.closing import reopen_in
from core.services.closing_stage import facts_of
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace

DECIDED = "Somebody has decided about this report already. Look at the case again."


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReportForm:
    """The decision about one report. `person_told`: whether the person knows of it."""

    report: RecordId
    open_again: bool | None
    reasons: str
    person_told: bool | None = None


def decide_late_report(workspace: Workspace, *, form: LateReportForm) -> StepRecorded:
    """Decide about a report on a closed case; the report stays with the case either way (policy 4.29).

    Raises:
        FormIncomplete: no decision, no reasons, or it is decided already.
    """
    facts = facts_of(workspace, workspace.store.get(Report, form.report).case)
    waiting = {report.id for report in undecided_reports(facts, workspace.setting_of(facts))}
    problems = Problems()
    problems.need(form.report in waiting, "report", DECIDED)
    problems.need(form.open_again is not None, "open_again", "Say whether the case is opened again.")
    problems.need(form.reasons.strip(), "reasons", "Give the reasons.")
    problems.settle()
    with workspace.store.unit("decide-late-report") as (unit, outcome):
        record = unit.create(
            LateReport, facts.case.stream, case=facts.case.id, report=form.report,
            decided_at=workspace.parts.clock.now(), decided_by=workspace.user, opened_again=form.open_again,
            reasons=form.reasons, person_told=form.person_told,
        )  # fmt: skip
        if form.open_again and facts.case.stage == "closed":
            reopen_in(unit, workspace, facts, why="incident", reasons=form.reasons)
    return StepRecorded(record, outcome.changed)


# ------------------------------------------------------------------ the story


def _tell(one: LateReport, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Report after closing: {'the case is opened again' if one.opened_again else 'the case stays closed'}"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), one.reasons, sensitive=True)


TELLERS: dict[str, Teller] = {LateReport.SPEC.name: _tell}
