"""The second person of a decision says their word."""

from __future__ import annotations

from collections.abc import Mapping

from core.services import second_person as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def answer_as_second(
    runner: Runner, said: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Agree with a decision, or say why not. Answers with `StepRecorded`."""
    return operation(runner, services.answer_as_second, said, on_done=on_done, on_failed=on_failed)
