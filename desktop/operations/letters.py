"""Letters to an area: plan, look, make, deliver."""

from __future__ import annotations

from pathlib import Path

from core.foundation.ids import RecordId
from core.services import area_afterwards, drawn_list, letter_approval, letter_page
from core.services import letters as services
from core.services.letter_page import AreaPlan
from core.services.letters import AreaLettersForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def open_letters(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseLetters`."""
    return operation(runner, letter_page.open_letters, {"case": case}, on_done=on_done, on_failed=on_failed)


def list_all_runs(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `ListedRun`."""
    return operation(runner, letter_page.list_all_runs, {}, on_done=on_done, on_failed=on_failed)


def draw_from_file(runner: Runner, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `DrawnList`; nothing is written."""
    return operation(runner, drawn_list.draw_from_file, {"path": path}, on_done=on_done, on_failed=on_failed)


def draw_from_text(runner: Runner, text: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `DrawnList`; nothing is written."""
    return operation(runner, drawn_list.draw_from_text, {"text": text}, on_done=on_done, on_failed=on_failed)


def draw_around(
    runner: Runner, home: RecordId, each_side: int | None, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `DrawnList`; nothing is written."""
    said = {"home": home, "each_side": each_side}
    return operation(runner, drawn_list.draw_around, said, on_done=on_done, on_failed=on_failed)


def plan_area_letters(runner: Runner, form: AreaLettersForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AreaPlan`; nothing is written."""
    return operation(runner, services.plan_area_letters, {"form": form}, on_done=on_done, on_failed=on_failed)


def preview_area_letters(runner: Runner, plan: AreaPlan, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `LetterPreview`."""
    return operation(runner, services.preview_area_letters, {"plan": plan}, on_done=on_done, on_failed=on_failed)


def start_area_letters(runner: Runner, plan: AreaPlan, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RunStarted`."""
    return operation(runner, services.start_area_letters, {"plan": plan}, on_done=on_done, on_failed=on_failed)


def make_area_letters(
    runner: Runner,
    run: RecordId,
    *,
    folder: Path,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `LettersMade`. Stopped or failed, it goes on from there when asked again."""
    return operation(
        runner, services.make_area_letters, {"run": run, "folder": folder},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip


def approve_area_letters(
    runner: Runner, run: RecordId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `StepRecorded`."""
    arguments = {"run": run, "reason": reason}
    return operation(
        runner, letter_approval.approve_area_letters, arguments, on_done=on_done, on_failed=on_failed
    )


def reprint_letter(
    runner: Runner, letter: RecordId, *, folder: Path, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `LetterReprinted`."""
    arguments = {"letter": letter, "folder": folder}
    return operation(runner, area_afterwards.reprint_letter, arguments, on_done=on_done, on_failed=on_failed)


def proof_area_letters(runner: Runner, run: RecordId, *, by: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    arguments = {"run": run, "by": by}
    return operation(runner, area_afterwards.proof_area_letters, arguments, on_done=on_done, on_failed=on_failed)


def cancel_area_letters(
    runner: Runner, run: RecordId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `StepRecorded`."""
    arguments = {"run": run, "reason": reason}
    return operation(
        runner, area_afterwards.cancel_area_letters, arguments, on_done=on_done, on_failed=on_failed
    )


def run_state(runner: Runner, run: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RunState`."""
    return operation(runner, services.run_state, {"run": run}, on_done=on_done, on_failed=on_failed)


def record_delivery(
    runner: Runner, letter: RecordId, *, outcome_code: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Done even if the person locks meanwhile. Answers with `DeliveryRecorded`."""
    arguments = {"letter": letter, "outcome_code": outcome_code}
    return operation(
        runner, services.record_delivery, arguments, on_done=on_done, on_failed=on_failed, last_words=True
    )
