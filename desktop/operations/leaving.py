"""Somebody leaves, a laptop is lost, late work comes: what a window asks of the services about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from core.foundation.ids import DeviceId, RecordId, UserId
from core.services import leaving, quarantine
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def colleague(runner: Runner, user: UserId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Colleague`."""
    return operation(runner, leaving.colleague, {"user": user}, on_done=on_done, on_failed=on_failed)


def what_removing_does(runner: Runner, user: UserId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RemovalPreview`. Nothing is changed."""
    return operation(runner, leaving.what_removing_does, {"user": user}, on_done=on_done, on_failed=on_failed)


def remove_colleague(
    runner: Runner, user: UserId, reason: str, leads: Mapping[RecordId, UserId], *, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `Left`."""
    given = {"user": user, "reason": reason, "leads": dict(leads)}
    return operation(runner, leaving.remove_colleague, given, on_done=on_done, on_failed=on_failed)


def suspend_laptop(runner: Runner, device: DeviceId, reason: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Left`."""
    given = {"device": device, "reason": reason}
    return operation(runner, leaving.suspend_laptop, given, on_done=on_done, on_failed=on_failed)


def change_role(runner: Runner, user: UserId, role: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Left`."""
    return operation(runner, leaving.change_role, {"user": user, "role": role}, on_done=on_done, on_failed=on_failed)


def take_the_lead(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Left`."""
    return operation(runner, leaving.take_the_lead, {"case": case}, on_done=on_done, on_failed=on_failed)


def late_work(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `LateGroup`."""
    return operation(runner, quarantine.late_work, {}, on_done=on_done, on_failed=on_failed)


def adopt(runner: Runner, changes: Collection[bytes], *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `LateJudged`."""
    return operation(runner, quarantine.adopt, {"changes": tuple(changes)}, on_done=on_done, on_failed=on_failed)


def put_aside(runner: Runner, changes: Collection[bytes], *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `LateJudged`."""
    return operation(runner, quarantine.put_aside, {"changes": tuple(changes)}, on_done=on_done, on_failed=on_failed)
