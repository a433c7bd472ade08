"""Who can read a case, and changing it."""

from __future__ import annotations

from core.foundation.ids import RecordId, UserId
from core.services import access_page, conflicts, readers
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def read_access(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AccessPage`."""
    return operation(runner, access_page.read_access, {"case": case}, on_done=on_done, on_failed=on_failed)


def add_reader(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `ReaderAdded`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, readers.let_in, arguments, on_done=on_done, on_failed=on_failed)


def remove_reader(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `ReadersChanged`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, readers.remove_reader, arguments, on_done=on_done, on_failed=on_failed)


def hand_over(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `ReadersChanged`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, readers.hand_over, arguments, on_done=on_done, on_failed=on_failed)


def wall_off(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `ReadersChanged`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, readers.wall_off, arguments, on_done=on_done, on_failed=on_failed)


def note_no_conflict(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `NoConflict`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, conflicts.note_no_conflict, arguments, on_done=on_done, on_failed=on_failed)
