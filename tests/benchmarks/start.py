"""From nothing to the window: whole processes, CPU time of each, beside the smallest window there is."""

from __future__ import annotations

import importlib.util
import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measure import Line, Table

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 5
NOTHING = "pass"
SMALLEST = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("hello")
label.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""
CORE = "import core.services.opening, core.services.today, core.services.cases, core.services.sync"
CLI = "import core.cli.main"


def run() -> None:
    print()
    table = Table(("smallest window", "bare Python"))
    table.heading("Cold start, in processes of their own")
    programs = {"bare Python": NOTHING, "smallest window": SMALLEST, "Every service, no window": CORE}
    if importlib.util.find_spec("core.cli.main"):
        programs["The command line"] = CLI
    found = {name: _median_ms(program) for name, program in programs.items()}
    peers = {name: found[name] for name in table.peers}
    for name, spent in found.items():
        if name not in peers:
            table.add(Line(name, spent, peers))
    table.add(Line("The smallest window itself", peers["smallest window"], {"bare Python": peers["bare Python"]}))


def _median_ms(program: str) -> float:
    return sorted(_one_ms(program) for _ in range(ROUNDS))[ROUNDS // 2]


def _one_ms(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, env=surroundings, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
