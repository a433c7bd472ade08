"""Recovery sheets: making them, trying them out, coming back with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.services import coming_back, recovery_case, recovery_groups, recovery_page
from core.services import recovery_sheets as paper
from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.foundation.ids import RecordId
    from core.foundation.ports import CancelToken, Progress
    from core.services.recovery_groups import GroupForm, PreparedGroup

Sheets = tuple[str, str, str]
"""The words of two share sheets and of the organisation sheet."""


def read_page(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RecoveryPage`."""
    return operation(runner, recovery_page.read_recovery_page, {}, on_done=on_done, on_failed=on_failed)


def reminder(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Reminder` or None."""
    return operation(runner, recovery_page.reminder, {}, on_done=on_done, on_failed=on_failed)


def prepare(runner: Runner, form: GroupForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PreparedGroup`; nothing is kept yet."""
    return operation(runner, recovery_groups.prepare_group, {"form": form}, on_done=on_done, on_failed=on_failed)


def save(runner: Runner, prepared: PreparedGroup, folder: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `SheetsSaved`."""
    arguments = {"prepared": prepared, "folder": folder}
    return operation(runner, recovery_page.save_sheets, arguments, on_done=on_done, on_failed=on_failed)


def begin(runner: Runner, prepared: PreparedGroup, sheets: Sheets, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `GroupChanged`."""
    arguments = {"prepared": prepared, **_words(sheets)}
    return operation(runner, recovery_groups.begin_group, arguments, on_done=on_done, on_failed=on_failed)


def rehearse(runner: Runner, group: bytes, sheets: Sheets, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `GroupChanged`."""
    arguments = {"group": group, **_words(sheets)}
    return operation(runner, recovery_groups.rehearse, arguments, on_done=on_done, on_failed=on_failed)


def destroyed(runner: Runner, group: bytes, edition: int, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `GroupChanged`."""
    arguments = {"group": group, "edition": edition}
    return operation(runner, recovery_groups.sheets_destroyed, arguments, on_done=on_done, on_failed=on_failed)


def words_in_file(runner: Runner, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the words of a sheet in a picture, PDF or text file."""
    return operation(runner, _words_in_file, {"path": path}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)


def ask_again(runner: Runner, invitation: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Waiting(words)`."""
    return operation(runner, coming_back.ask_again, {"invitation": invitation}, on_done=on_done, on_failed=on_failed)


def come_back(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `WentOn`."""
    return operation(runner, coming_back.come_back, {}, on_done=on_done, on_failed=on_failed)


def take_over(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with how many cases were taken over; ask again until it is 0."""
    return operation(runner, coming_back.give_myself_cases, {}, on_done=on_done, on_failed=on_failed)


def forget_sheets(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `WentOn`."""
    return operation(runner, coming_back.forget_sheets, {}, on_done=on_done, on_failed=on_failed)


def case_recovery(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseRecovery`."""
    return operation(runner, recovery_case.case_recovery, {"case": case}, on_done=on_done, on_failed=on_failed)


def choose_group(
    runner: Runner, case: RecordId, group: bytes, reason: str, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `RecoveryChosen`."""
    arguments = {"case": case, "group": group, "reason": reason}
    return operation(runner, recovery_case.choose_group, arguments, on_done=on_done, on_failed=on_failed)


def _words(sheets: Sheets) -> dict[str, object]:
    first, second, organisation = sheets
    return {"first": first, "second": second, "organisation_words": organisation}


def _words_in_file(*, path: Path, progress: Progress, cancel: CancelToken) -> str:
    del progress, cancel
    return paper.words_in_file(path)
