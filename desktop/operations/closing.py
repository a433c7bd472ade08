"""Closing a case, step by step. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from datetime import datetime

from core.foundation.ids import RecordId
from core.services import closing as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def propose_closing(runner: Runner, case: RecordId, *, reason: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Propose to close."""
    arguments = {"case": case, "reason": reason}
    return operation(runner, services.propose_closing, arguments, on_done=on_done, on_failed=on_failed)


def discuss_closing(
    runner: Runner,
    closure: RecordId,
    *,
    person_agrees: bool | None,
    appeal_explained: bool,
    on_done: Receiver,
    on_failed: Receiver,
) -> Job:
    """Closing was talked over with the person."""
    arguments = {"closure": closure, "person_agrees": person_agrees, "appeal_explained": appeal_explained}
    return operation(runner, services.discuss_closing, arguments, on_done=on_done, on_failed=on_failed)


def record_appeal(
    runner: Runner, closure: RecordId, *, appealed_at: datetime, grounds: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The person appeals against closing."""
    arguments = {"closure": closure, "appealed_at": appealed_at, "grounds": grounds}
    return operation(runner, services.record_appeal, arguments, on_done=on_done, on_failed=on_failed)


def decide_appeal(
    runner: Runner, closure: RecordId, *, upheld: bool | None, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Decide an appeal."""
    arguments = {"closure": closure, "upheld": upheld}
    return operation(runner, services.decide_appeal, arguments, on_done=on_done, on_failed=on_failed)


def close_case(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Close a case for which nothing is missing."""
    return operation(runner, services.close_case, {"case": case}, on_done=on_done, on_failed=on_failed)
