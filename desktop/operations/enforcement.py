"""Weighing, using and ending tools. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.services import court_papers
from core.services import enforcement as services
from core.services.casework import StepRecorded
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def note_standing(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What the choice of tools depends on."""
    return _run(runner, services.note_standing, said, on_done, on_failed)


def weigh(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Weigh the seven factors."""
    return _run(runner, services.weigh, said, on_done, on_failed)


def make_court_papers(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Papers for court into a folder. Answers with `CourtPapersMade`."""
    return operation(runner, court_papers.make_court_papers, said, on_done=on_done, on_failed=on_failed)


def use_tool(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Use a tool against one person."""
    return _run(runner, services.use_tool, said, on_done, on_failed)


def end_tool(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """How a tool ended."""
    return _run(runner, services.end_tool, said, on_done, on_failed)


def record_breach(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A condition was not kept."""
    return _run(runner, services.record_breach, said, on_done, on_failed)


def ask_landlord(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Ask another landlord to act."""
    return _run(runner, services.ask_landlord, said, on_done, on_failed)


def landlord_replied(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What another landlord answered."""
    return _run(runner, services.landlord_replied, said, on_done, on_failed)


def advise_rights(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Tell the person harmed of their rights."""
    return _run(runner, services.advise_rights, said, on_done, on_failed)


def decide_publicity(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Decide whether others are told."""
    return _run(runner, services.decide_publicity, said, on_done, on_failed)


def link_case(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Link two cases."""
    return _run(runner, services.link_case, said, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., StepRecorded], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
