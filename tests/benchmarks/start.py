"""From nothing to the window: whole processes, CPU time of each, beside the smallest window there is."""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from core.services.today import today
from tests.benchmarks.big_vault import fill
from tests.benchmarks.measure import Line, Table
from tests.support.workspaces import a_workspace, new_vault

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
BOX = """
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
class Box(QLineEdit):
    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        super().keyPressEvent(event)
app = QApplication([])
window = QWidget()
QVBoxLayout(window).addWidget(Box())
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""
"""The smallest window that hears a key: it names `Qt`, whose enumerations alone take a tenth of a start."""
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
TODAY = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from desktop.app.start import finish, make_application, make_window
from desktop.screens.today.presenter import TodayPresenter
from desktop.screens.unlock.view import UnlockView
from core.services import opening, today
from tests.support.workspaces import PASSPHRASE
app = make_application()
window, runner = make_window(app, Path(sys.argv[1]))
window.begin()
window.resize(window.sizeHint())
window.show()
derived, shown = [], []
really = opening.open_keyslot
def open_keyslot(*given, **named):
    keys = really(*given, **named)
    derived.append(time.process_time())
    return keys
opening.open_keyslot = open_keyslot
def look():
    page = window.workbench and window.workbench.page("today")
    if page is not None and page._cards and not shown:
        page.grab()
        shown.append(time.process_time())
        app.quit()
    else:
        QTimer.singleShot(5, look)
box = window.findChild(UnlockView).first_focus()
QTest.keyClicks(box, PASSPHRASE)
QTimer.singleShot(3000, box.returnPressed.emit)
QTimer.singleShot(3000, look)
app.exec()
print((shown[0] - derived[0]) * 1000)
finish(app, window, runner)
"""
"""The key derivation costs what a guess is to cost, so it is left out; the rest is loaded while the person types."""
CORE = "import core.services.opening, core.services.today, core.services.cases, core.services.sync"
CLI = "import core.cli.main"


def run(folder: Path, *, cases: int) -> None:
    print()
    table = Table(("smallest window", "with a box and keys", "bare Python"))
    table.heading("Cold start, in processes of their own")
    programs = {
        "bare Python": NOTHING,
        "smallest window": SMALLEST,
        "with a box and keys": BOX,
        "Every service, no window": CORE,
    }
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
    spent = _today_ms(folder, cases, compiled)
    table.add(Line(f"Unlock to Today, {cases:,} cases", spent, peers, "after the key derivation"))


def _today_ms(folder: Path, cases: int, compiled: Path) -> float:
    """CPU of the whole process from the derived key to Today's first rows on show."""
    vault = folder / "today"
    with a_workspace(vault) as workspace:
        fill(workspace, cases=cases, entries=2 * cases)
        today(workspace)  # as it was left the day before: what is due is known
    found = [float(_output(TODAY, vault, compiled)) for _ in range(ROUNDS + 1)]
    return statistics.median(found[1:])


def program_is_window(name: str) -> bool:
    return name.endswith("window") and "no window" not in name


def _median_ms(program: str, vault: Path, compiled: Path) -> float:
    _one_ms(program, vault, compiled)  # compiles what was changed since; an installed program is compiled already
    return statistics.median(_one_ms(program, vault, compiled) for _ in range(ROUNDS))


def _one_ms(program: str, vault: Path, compiled: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _output(program, vault, compiled)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _output(program: str, vault: Path, compiled: Path) -> str:
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", program, str(vault)]
    done = subprocess.run(command, cwd=CHECKOUT, env=surroundings, check=True, capture_output=True, text=True)
    return done.stdout
