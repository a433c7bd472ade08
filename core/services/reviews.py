"""Reviewing an open case: the risk scored anew, each agreed action, keep it open or not, and the next day (4.29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.domain.case import Review
from core.domain.plan import PlanAction
from core.foundation.ids import RecordId
from core.policy.risk import case_risk
from core.policy.sooner import assessed_for_review, next_review_by, open_actions, why_not_on
from core.policy.talks import name_of
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.workspace import Workspace

ACTION = "action:"
"""Before the hex digits of an agreed action in the names of problems."""
CLOSED = "The case is closed. Only an open case is reviewed."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """One review. `actions`: each agreed action that was open -> whether it is done.

    `risk_not_because`: why the risk was not scored anew. `next_on`: a day sooner than the regular one.
    """

    case: RecordId
    findings: str
    keep_open: bool | None
    actions: Mapping[RecordId, bool] = field(default_factory=dict)
    risk_not_because: str = ""
    next_on: date | None = None


def review_case(workspace: Workspace, *, form: ReviewForm) -> StepRecorded:
    """Review an open case (policy 4.29). A late one moves none of the following.

    Raises:
        FormIncomplete: nothing was found, somebody's risk was not scored anew and nobody said why, or an agreed action
            was passed over.
    """
    contents = contents_of(workspace, form.case)
    setting = workspace.setting_of(contents)
    fresh, stale = assessed_for_review(contents, setting)
    waiting = open_actions(contents)
    problems = Problems()
    problems.need(contents.case.stage != "closed", "findings", CLOSED)
    problems.need(form.findings.strip(), "findings", "Write down what the review found.")
    problems.need(form.keep_open is not None, "keep_open", "Say whether the case stays open.")
    names = ", ".join(name_of(contents, person) for person in stale)
    again = f"Assess the risk to {names} again first, or say why that cannot be done now."
    problems.need(not stale or form.risk_not_because.strip(), "risk_not_because", again)
    for action in waiting:
        said = action.id in form.actions
        problems.need(said, f"{ACTION}{action.id.hex()}", "Say whether it is done.")
    if form.next_on is not None:
        refusal = why_not_on(contents, form.next_on, setting)
        problems.need(not refusal, "next_on", refusal)
    problems.settle()
    done = {action.id for action in waiting if form.actions[action.id]}
    next_on = form.next_on or (next_review_by(contents, setting) if form.keep_open else None)
    with workspace.store.unit("review-case") as (unit, outcome):
        record = unit.create(
            Review, contents.case.stream, case=form.case, reviewed_at=setting.now, keep_open=form.keep_open,
            findings=form.findings, by=workspace.user, assessments=frozenset(fresh.values()),
            risk=case_risk(contents), risk_not_because=form.risk_not_because if stale else "", actions_done=done,
            actions_open={action.id for action in waiting} - done, next_on=next_on,
        )  # fmt: skip
        for action in waiting:
            if action.id in done:
                unit.update(PlanAction, action.id, done_at=setting.now)
    return StepRecorded(record, outcome.changed)
