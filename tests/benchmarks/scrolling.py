"""A list of 100,000 cases, scrolled through: how long the window is held by each notch of the wheel and each jump.

The store is left out (`daily` measures its pages): what answers is a page of rows in memory.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from core.foundation.ids import RecordId
from core.services.cases import CaseOutline, CasePage, ListedCase
from core.store.casebook import CaseRow, PageKey
from desktop.screens.cases.view import CasesPage
from desktop.theme import Look, ThemeName, apply_look
from tests.benchmarks.measure import say
from tests.support.desk import seat_with
from tests.support.loop_watch import FRAME_MS
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import NOON, TestClock

COUNT, PAGE = 100_000, 200
NOTCHES, NOTCH_ROWS, JUMPS = 400, 3, 100


def run() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(f"\nScrolling a list of {COUNT:,} cases; goal: never over {FRAME_MS:.0f} ms a step, drawing and all")
    app = QApplication.instance() or QApplication([])
    apply_look(Look(theme=ThemeName.LIGHT))
    starts = (None, *(PageKey(0, _id(page)) for page in range(1, COUNT // PAGE)))
    rows = tuple(_listed(number) for number in range(PAGE))
    runner = ScriptRunner(outline_cases=CaseOutline(COUNT, starts, rows), list_cases=CasePage(rows, COUNT, None))
    view = CasesPage(seat_with(runner, TestClock(NOON)).context)
    view.resize(1366, 768)
    view.show()
    view.arrive()
    for _ in range(20):
        app.processEvents()
    bar = view.table.verticalScrollBar()
    for what, places in (("A notch of the wheel", _notches(bar.maximum())), ("A jump", _jumps(bar.maximum()))):
        spent = []
        for place in places:
            begun = time.thread_time()
            bar.setValue(place)
            for _ in range(3):
                app.processEvents()
            spent.append((time.thread_time() - begun) * 1000)
        over = sum(one > FRAME_MS for one in spent)
        say(what, f"median {statistics.median(spent):.1f} ms, longest {max(spent):.1f} ms, {over} of {len(spent)} over")
    view.close()


def _notches(end: int) -> Iterator[int]:
    step = max(1, end * NOTCH_ROWS // COUNT)
    return iter(range(step, step * NOTCHES, step))


def _jumps(end: int) -> Iterator[int]:
    return iter((number * 7919 * max(1, end // 7919)) % end for number in range(1, JUMPS))


def _id(number: int) -> RecordId:
    return RecordId(number.to_bytes(16, "big"))


def _listed(number: int) -> ListedCase:
    row = CaseRow(
        _id(number), f"2026-AB-{number:05d}", "Shouted at in the hallway", "Mill Lane", "open", "harassment", b"", NOON
    )
    return ListedCase(row, None, "")
