"""Closing the program with any page on show ends it, and does not tear the window toolkit apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.workspaces import PASSPHRASE, new_vault

CHECKOUT = Path(__file__).resolve().parents[2]
CLOSE = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from desktop.app.start import finish, make_application, make_window
from desktop.widgets import PassphraseBox

app = make_application()
window, runner = make_window(app, Path(sys.argv[1]))
window.begin()
window.show()
box = window.findChild(PassphraseBox)
box.setText(sys.argv[2])
box.returnPressed.emit()

def wait(until):
    while not until():
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()

wait(lambda: window.workbench is not None)
for name in [screen for screen in window.workbench._screens]:
    try:
        window.workbench.go_to(name)
    except TypeError:
        continue  # a page that needs a case
    wait(lambda: not runner.jobs)
window.close()
code = finish(app, window, runner)
print("ended", code)
"""


def test_closing_after_a_visit_to_every_page(tmp_path: Path) -> None:
    new_vault(tmp_path / "vault")
    done = subprocess.run(
        [sys.executable, "-c", CLOSE, str(tmp_path / "vault"), PASSPHRASE],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "ended 0"
