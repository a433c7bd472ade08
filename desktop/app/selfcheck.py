"""Refuses to run on a Qt binding that loses references.

One release of the binding dropped a reference to None or True on ordinary calls under Python 3.11 and
took the process down after some thousand of them, in the middle of whatever was going on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

CALLS = 200


class _Emitter(QObject):
    told = Signal(bool)


def lost_references() -> int:
    """References to None and True lost by 200 signals and 200 texts; 0 is right."""
    emitter, label = _Emitter(), QLabel()
    emitter.told.connect(label.setEnabled)
    emit, say = _repeat(lambda: emitter.told.emit(True)), _repeat(lambda: label.setText("x"))
    lost = emit + say
    label.deleteLater()
    return lost


def _repeat(call: Callable[[], object]) -> int:
    call()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        call()
    after = sys.getrefcount(None), sys.getrefcount(True)
    lost = max(before[0] - after[0], before[1] - after[1])
    return lost if lost > CALLS // 4 else 0
