"""Another passphrase, and new keys when somebody may know it."""

from __future__ import annotations

from core.services import passphrase as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def judge(runner: Runner, text: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a `Strength`."""
    return operation(runner, services.judge, {"text": text}, on_done=on_done, on_failed=on_failed)


def suggest(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with five words."""
    return operation(runner, services.suggest, {}, on_done=on_done, on_failed=on_failed)


def change_passphrase(runner: Runner, old: str, new: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PassphraseChanged`."""
    given = {"old": old, "new": new}
    return operation(runner, services.change_passphrase, given, on_done=on_done, on_failed=on_failed)


def somebody_knows(runner: Runner, old: str, new: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `KeysRenewed`. The workbook is locked then."""
    given = {"old": old, "new": new}
    return operation(runner, services.somebody_knows, given, on_done=on_done, on_failed=on_failed)
