"""Reviewing and closing a case, appeals, their letters, the survey. One function for each thing one can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.services import appeals, closing_letters, late_reports, old_letters, reviews, surveys
from core.services import closing as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def review_case(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Review an open case."""
    return _run(runner, reviews.review_case, said, on_done, on_failed)


def propose_closing(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Propose to close."""
    return _run(runner, services.propose_closing, said, on_done, on_failed)


def discuss_closing(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Closing was talked over with one person, or what stands in for that."""
    return _run(runner, services.discuss_closing, said, on_done, on_failed)


def withdraw_closing(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Take a proposal back."""
    return _run(runner, services.withdraw_closing, said, on_done, on_failed)


def close_case(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Close a case for which nothing is missing."""
    return _run(runner, services.close_case, said, on_done, on_failed)


def reopen_case(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Open the same case again."""
    return _run(runner, services.reopen_case, said, on_done, on_failed)


def decide_late_report(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Decide about a report that came when the case was closed."""
    return _run(runner, late_reports.decide_late_report, said, on_done, on_failed)


def record_appeal(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Somebody appeals."""
    return _run(runner, appeals.record_appeal, said, on_done, on_failed)


def decide_appeal(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Decide an appeal."""
    return _run(runner, appeals.decide_appeal, said, on_done, on_failed)


def write_closing_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Write the letter about closing."""
    return _run(runner, closing_letters.write_closing_letter, said, on_done, on_failed)


def write_appeal_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Write the letter that answers an appeal."""
    return _run(runner, closing_letters.write_appeal_letter, said, on_done, on_failed)


def note_no_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """No letter is safe, and why."""
    return _run(runner, closing_letters.note_no_letter, said, on_done, on_failed)


def write_survey(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Write the survey of one person."""
    return _run(runner, closing_letters.write_survey, said, on_done, on_failed)


def leave_out_survey(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """No survey goes to somebody, and why."""
    return _run(runner, surveys.leave_out_survey, said, on_done, on_failed)


def deliver_old_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """How a letter of an earlier version left us."""
    return _run(runner, old_letters.deliver_old_letter, said, on_done, on_failed)


def write_reminder(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Write the one reminder."""
    return _run(runner, closing_letters.write_reminder, said, on_done, on_failed)


def record_answers(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A survey came back."""
    return _run(runner, surveys.record_answers, said, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., object], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
