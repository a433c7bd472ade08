"""Retention day: how this person stands, and renewing their keys."""

from __future__ import annotations

from core.services import retention_day as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def state(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a `RetentionDayState`."""
    return operation(runner, services.retention_day_state, {}, on_done=on_done, on_failed=on_failed)


def renew(runner: Runner, passphrase: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RetentionDayHeld`. The workbook is locked then."""
    given = {"passphrase": passphrase}
    return operation(runner, services.hold_retention_day, given, on_done=on_done, on_failed=on_failed)
