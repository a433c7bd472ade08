"""Operations pass a service what it takes, and nothing it does not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from core.foundation.errors import BugError
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from desktop.background import Lane
from desktop.operations.base import ServiceCall, operation
from tests.support.script_runner import ScriptRunner


def short_service(workspace: str, *, name: str) -> str:
    return f"{workspace} {name}"


def long_service(workspace: str, *, name: str, progress: Progress, cancel: CancelToken | None = None) -> object:
    return workspace, name, progress, cancel


def test_a_short_service_is_not_offered_progress_or_a_stop() -> None:
    call = ServiceCall(short_service, {"name": "Marsh House"}, Lane.VAULT)
    assert call("open", no_progress, NeverCancel()) == "open Marsh House"


def test_a_long_service_gets_both() -> None:
    stop = NeverCancel()
    call = ServiceCall(long_service, {"name": "Marsh House"}, Lane.VAULT)
    assert call("open", no_progress, stop) == ("open", "Marsh House", no_progress, stop)


def test_an_answer_goes_only_to_something_qt_can_disconnect() -> None:
    runner = ScriptRunner(short_service="done")
    owner = QObject()
    with pytest.raises(BugError):
        operation(runner, short_service, {"name": "x"}, on_done=lambda result: None, on_failed=owner.deleteLater)
