"""From nothing to the window: whole processes, CPU time of each, beside the smallest window there is."""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measure import Line, Table
from tests.support.workspaces import new_vault

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
UNLOCK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop.app.start import finish, make_application, make_window
app = make_application()
window, runner = make_window(app, Path(sys.argv[1]))
window.begin()
window.resize(window.sizeHint())
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
finish(app, window, runner)
"""
CORE = "import core.services.opening, core.services.today, core.services.cases, core.services.sync"
CLI = "import core.cli.main"


def run(folder: Path) -> None:
    print()
    table = Table(("smallest window", "bare Python"))
    table.heading("Cold start, in processes of their own")
    programs = {"bare Python": NOTHING, "smallest window": SMALLEST, "Every service, no window": CORE}
    if importlib.util.find_spec("core.cli.main"):
        programs["The command line"] = CLI
    vault = new_vault(folder / "window")
    programs["The unlock window"] = UNLOCK
    compiled = folder / "compiled"
    found = {name: _median_ms(program, vault, compiled) for name, program in programs.items()}
    peers = {name: found[name] for name in table.peers}
    for name, spent in found.items():
        if name not in peers:
            table.add(Line(name, spent, peers, "<= 1.2x the smallest" if program_is_window(name) else ""))
    table.add(Line("The smallest window itself", peers["smallest window"], {"bare Python": peers["bare Python"]}))


def program_is_window(name: str) -> bool:
    return name.endswith("window") and "no window" not in name


def _median_ms(program: str, vault: Path, compiled: Path) -> float:
    _one_ms(program, vault, compiled)  # compiles what was changed since; an installed program is compiled already
    return statistics.median(_one_ms(program, vault, compiled) for _ in range(ROUNDS))


def _one_ms(program: str, vault: Path, compiled: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", program, str(vault)]
    subprocess.run(command, cwd=CHECKOUT, env=surroundings, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
