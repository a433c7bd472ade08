"""Letters to one person of a case: choose, look, keep, agree, make, deliver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from core.foundation.ids import RecordId
from core.services import case_letter_page
from core.services import case_letters as services
from core.services.case_letters import CaseLetterForm, CaseLetterPlan
from core.services.casework import StepRecorded
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def open_case_letter(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseLetterPage`."""
    return operation(runner, case_letter_page.open_case_letter, {"case": case}, on_done=on_done, on_failed=on_failed)


def open_kept_letter(runner: Runner, letter: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `KeptLetter`."""
    return operation(
        runner, case_letter_page.open_kept_letter, {"letter": letter}, on_done=on_done, on_failed=on_failed
    )


def suggest_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Suggested`."""
    return operation(runner, services.suggest_letter, said, on_done=on_done, on_failed=on_failed)


def plan_case_letter(runner: Runner, form: CaseLetterForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseLetterPlan`; nothing is written."""
    return operation(runner, services.plan_case_letter, {"form": form}, on_done=on_done, on_failed=on_failed)


def preview_case_letter(runner: Runner, plan: CaseLetterPlan, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the bytes of a PDF."""
    return operation(runner, services.preview_case_letter, {"plan": plan}, on_done=on_done, on_failed=on_failed)


def write_case_letter(runner: Runner, plan: CaseLetterPlan, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    return operation(runner, services.write_case_letter, {"plan": plan}, on_done=on_done, on_failed=on_failed)


def make_case_letter(
    runner: Runner, letter: RecordId, *, folder: Path, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `CaseLetterMade`."""
    said = {"letter": letter, "folder": folder}
    return operation(runner, services.make_case_letter, said, on_done=on_done, on_failed=on_failed)


def approve_case_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A second person agrees."""
    return _run(runner, services.approve_case_letter, said, on_done, on_failed)


def deliver_case_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What became of it."""
    return _run(runner, services.deliver_case_letter, said, on_done, on_failed)


def cancel_case_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """It does not go out."""
    return _run(runner, services.cancel_case_letter, said, on_done, on_failed)


def prove_case_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Somebody has gone over it."""
    return _run(runner, services.prove_case_letter, said, on_done, on_failed)


def outsource_case_letter(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Somebody else makes it."""
    return _run(runner, services.outsource_case_letter, said, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., StepRecorded], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
