"""Measures at a home, witnesses, moves, advice on housing. Each answers with `StepRecorded`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.services import safety as services
from core.services.casework import StepRecorded
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def ask_measure(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Ask for a measure at a home."""
    return _run(runner, services.ask_measure, said, on_done, on_failed)


def measure_done(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A measure is in place."""
    return _run(runner, services.measure_done, said, on_done, on_failed)


def photograph_measure(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Which photographs show a measure."""
    return _run(runner, services.photograph_measure, said, on_done, on_failed)


def employ_witness(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Employ a professional witness."""
    return _run(runner, services.employ_witness, said, on_done, on_failed)


def decide_transfer(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Decide on a move."""
    return _run(runner, services.decide_transfer, said, on_done, on_failed)


def advise_housing(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Tell somebody what they can do about a roof."""
    return _run(runner, services.advise_housing, said, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., StepRecorded], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
