"""Private interviews, the second passphrase, and the list of what was opened."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import RecordId, StreamId, UserId
from core.services import audit, interview_deletion, interviews, rest
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def list_interviews(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `InterviewRow`."""
    return operation(runner, interviews.list_interviews, {}, on_done=on_done, on_failed=on_failed)


def interviews_to_delete(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a frozenset of the interviews this person is asked to delete."""
    return operation(runner, interview_deletion.interviews_to_delete, {}, on_done=on_done, on_failed=on_failed)


def delete_interview(runner: Runner, interview: StreamId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `InterviewsDeleted`."""
    arguments = {"interview": interview}
    return operation(runner, interview_deletion.delete_interview, arguments, on_done=on_done, on_failed=on_failed)


def who_could_read(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `PersonRow`."""
    return operation(runner, interviews.who_could_read, {"case": case}, on_done=on_done, on_failed=on_failed)


def could_read_interview(runner: Runner, interview: StreamId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `PersonRow`."""
    arguments = {"interview": interview}
    return operation(runner, interviews.could_read_interview, arguments, on_done=on_done, on_failed=on_failed)


def begin_interview(
    runner: Runner, case: RecordId, *, readers: frozenset[UserId], visible: bool, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `InterviewBegun`."""
    arguments = {"case": case, "readers": readers, "visible": visible}
    return operation(runner, interviews.begin_interview, arguments, on_done=on_done, on_failed=on_failed)


def open_interview(
    runner: Runner, interview: StreamId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `Interview`."""
    arguments = {"interview": interview, "reason": reason}
    return operation(runner, interviews.open_interview, arguments, on_done=on_done, on_failed=on_failed)


def read_again(runner: Runner, interview: StreamId, entry: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Interview`."""
    arguments = {"interview": interview, "entry": entry}
    return operation(runner, interviews.read_again, arguments, on_done=on_done, on_failed=on_failed)


def save_interview(
    runner: Runner, interview: StreamId, *, values: Mapping[str, object], left: str = "", on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `InterviewSaved`."""
    arguments = {"interview": interview, "values": values, "left": left}
    return operation(runner, interviews.save_interview, arguments, on_done=on_done, on_failed=on_failed)


def add_interview_note(
    runner: Runner, interview: StreamId, *, body: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `InterviewSaved`."""
    arguments = {"interview": interview, "body": body}
    return operation(runner, interviews.add_interview_note, arguments, on_done=on_done, on_failed=on_failed)


def save_interview_draft(
    runner: Runner, interview: StreamId, *, body: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Done even if the person locks meanwhile. Answers with the moment it was on the disk."""
    arguments = {"interview": interview, "body": body}
    return operation(
        runner, interviews.save_interview_draft, arguments, on_done=on_done, on_failed=on_failed, last_words=True
    )


def change_interview_readers(
    runner: Runner, interview: StreamId, user: UserId, *, let_in: bool, reason: str, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `InterviewSaved`."""
    arguments = {"interview": interview, "user": user, "let_in": let_in, "reason": reason}
    return operation(runner, interviews.change_interview_readers, arguments, on_done=on_done, on_failed=on_failed)


def rest_state(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RestState`."""
    return operation(runner, rest.rest_state, {}, on_done=on_done, on_failed=on_failed)


def open_rest(runner: Runner, *, passphrase: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RestOpened`."""
    return operation(runner, rest.open_rest, {"passphrase": passphrase}, on_done=on_done, on_failed=on_failed)


def choose_second(runner: Runner, *, passphrase: str, again: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RestOpened`."""
    arguments = {"passphrase": passphrase, "again": again}
    return operation(runner, rest.choose_second, arguments, on_done=on_done, on_failed=on_failed)


def entries_about(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `AuditRow`."""
    return operation(runner, audit.entries_about, {"case": case}, on_done=on_done, on_failed=on_failed)


def entries_here(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `AuditRow`."""
    return operation(runner, audit.entries_here, {}, on_done=on_done, on_failed=on_failed)


def auditor_of(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PersonRow` or None."""
    return operation(runner, audit.auditor_of, {"case": case}, on_done=on_done, on_failed=on_failed)


def choose_auditor(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `AuditorChosen`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, audit.choose_auditor, arguments, on_done=on_done, on_failed=on_failed)
