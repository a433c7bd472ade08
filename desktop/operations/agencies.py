"""The directory, referrals, sharing, meetings, joint work, advice. Each answers with `StepRecorded`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.services import agencies as services
from core.services.casework import StepRecorded
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def list_agency(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Put an agency in the directory."""
    return _run(runner, services.list_agency, said, on_done, on_failed)


def check_agency(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Somebody made sure whether an agency still exists."""
    return _run(runner, services.check_agency, said, on_done, on_failed)


def refer(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Refer somebody to an agency."""
    return _run(runner, services.refer, said, on_done, on_failed)


def referral_answered(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What became of a referral."""
    return _run(runner, services.referral_answered, said, on_done, on_failed)


def withdraw_consent(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The person withdrew their agreement."""
    return _run(runner, services.withdraw_consent, said, on_done, on_failed)


def share(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Something was given to somebody outside."""
    return _run(runner, services.share, said, on_done, on_failed)


def take_to_panel(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The case was on the agenda of a meeting."""
    return _run(runner, services.take_to_panel, said, on_done, on_failed)


def work_together(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Something was done together with another organisation."""
    return _run(runner, services.work_together, said, on_done, on_failed)


def note_advice(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What somebody advised."""
    return _run(runner, services.note_advice, said, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., StepRecorded], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
