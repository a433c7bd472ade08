"""Files attached to a case."""

from __future__ import annotations

from pathlib import Path

from core.foundation.ids import RecordId
from core.services import attachment_copies, attachments
from core.services.attachments import AttachmentForm, GivenFile
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def list_attachments(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `AttachedFile`, newest first."""
    return operation(runner, attachments.list_attachments, {"case": case}, on_done=on_done, on_failed=on_failed)


def get_attachment(runner: Runner, attachment: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AttachedFile`."""
    arguments = {"attachment": attachment}
    return operation(runner, attachments.get_attachment, arguments, on_done=on_done, on_failed=on_failed)


def attach(  # one receiver for each way it may end
    runner: Runner, case: RecordId, given: GivenFile, form: AttachmentForm, *,
    on_done: Receiver, on_failed: Receiver, on_cancelled: Receiver, on_progress: Receiver,
) -> Job:  # fmt: skip
    """Answers with `Attached`. Stopped or failed, nothing of the file is kept."""
    return operation(
        runner, attachments.attach, {"case": case, "given": given, "form": form},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip


def remove_attachment(runner: Runner, attachment: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FileRemoved`."""
    arguments = {"attachment": attachment}
    return operation(runner, attachments.remove_attachment, arguments, on_done=on_done, on_failed=on_failed)


def ask_for(runner: Runner, attachment: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FileAsked`."""
    return operation(runner, attachments.ask_for, {"attachment": attachment}, on_done=on_done, on_failed=on_failed)


def file_limit(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the number of bytes up to which files are fetched without being asked for."""
    return operation(runner, attachments.file_limit, {}, on_done=on_done, on_failed=on_failed)


def set_file_limit(runner: Runner, limit_bytes: int, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FileLimit`."""
    arguments = {"limit_bytes": limit_bytes}
    return operation(runner, attachments.set_file_limit, arguments, on_done=on_done, on_failed=on_failed)


def open_for_view(runner: Runner, attachment: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FileForView`, whole and verified, in memory."""
    arguments = {"attachment": attachment}
    return operation(runner, attachment_copies.open_for_view, arguments, on_done=on_done, on_failed=on_failed)


def save_copy(  # noqa: PLR0913  # one receiver for each way it may end
    runner: Runner, attachment: RecordId, destination: Path, *, original: bool, replace: bool,
    on_done: Receiver, on_failed: Receiver, on_cancelled: Receiver, on_progress: Receiver,
) -> Job:  # fmt: skip
    """Answers with `CopySaved`. Stopped or failed, there is no copy, and an older file of that name is untouched."""
    arguments = {"attachment": attachment, "destination": destination, "original": original, "replace": replace}
    return operation(
        runner, attachment_copies.save_copy, arguments,
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip
