"""Visits from door to door: plan, knock, note, end."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import visits as services
from core.services.visits import RoundForm, RoundPlan
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def open_visits(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseVisits`."""
    return operation(runner, services.open_visits, {"case": case}, on_done=on_done, on_failed=on_failed)


def plan_visits(runner: Runner, form: RoundForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RoundPlan`; nothing is written."""
    return operation(runner, services.plan_visits, {"form": form}, on_done=on_done, on_failed=on_failed)


def start_visits(runner: Runner, plan: RoundPlan, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RoundStarted`."""
    return operation(runner, services.start_visits, {"plan": plan}, on_done=on_done, on_failed=on_failed)


def round_state(runner: Runner, visit_round: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RoundState`."""
    return operation(
        runner, services.round_state, {"visit_round": visit_round}, on_done=on_done, on_failed=on_failed
    )


def knock(runner: Runner, door: RecordId, *, outcome_code: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Done even if the person locks meanwhile. Answers with `StepRecorded`."""
    arguments = {"door": door, "outcome_code": outcome_code}
    return operation(runner, services.knock, arguments, on_done=on_done, on_failed=on_failed, last_words=True)


def take_back(runner: Runner, visit: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Done even if the person locks meanwhile. Answers with `StepRecorded`."""
    return operation(
        runner, services.take_back, {"visit": visit}, on_done=on_done, on_failed=on_failed, last_words=True
    )


def note_from_door(runner: Runner, door: RecordId, *, words: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    arguments = {"door": door, "words": words}
    return operation(runner, services.note_from_door, arguments, on_done=on_done, on_failed=on_failed)


def end_round(runner: Runner, visit_round: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    return operation(runner, services.end_round, {"visit_round": visit_round}, on_done=on_done, on_failed=on_failed)
