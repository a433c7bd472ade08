"""PySide6 6.12.0 drops a reference to None or True on ordinary calls under Python 3.11, and after some
thousands of them the process aborts. This is the guard that any other release must pass first."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

CALLS = 200
NOISE = 20
"""References other code may let go of meanwhile; a faulty release loses CALLS of them."""


class Emitter(QObject):
    told = Signal(bool)


def references() -> dict[str, int]:
    return {"None": sys.getrefcount(None), "True": sys.getrefcount(True)}


def emit(_: QApplication) -> Callable[[], object]:
    emitter = Emitter()
    return lambda: emitter.told.emit(True)


def set_text(_: QApplication) -> Callable[[], object]:
    label = QLabel()
    return lambda: label.setText("a")


def process_events(application: QApplication) -> Callable[[], object]:
    return application.processEvents


@pytest.mark.parametrize("prepare", [emit, set_text, process_events])
def test_ordinary_calls_drop_no_reference(
    qapp: QApplication, prepare: Callable[[QApplication], Callable[[], object]]
) -> None:
    call = prepare(qapp)
    call()
    before = references()
    for _ in range(CALLS):
        call()
    after = references()
    assert all(after[name] >= before[name] - NOISE for name in before), (before, after)


@pytest.mark.parametrize("package", ["PySide6-Essentials", "shiboken6"])
def test_qt_is_the_release_that_was_tried(package: str) -> None:
    assert version(package) == "6.11.3"
