"""The toolkit stays out of the way of imports, which is felt at the first visit of every page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = """
import linecache
from desktop.app.start import make_application
app = make_application()
before = set(linecache.cache)
import desktop.widgets.tables, desktop.widgets.dates
print("READ", sorted(set(linecache.cache) - before))
from desktop.app.importing import import_plainly
print("AGAIN", import_plainly())
"""


def test_no_module_is_read_as_text_once_the_application_is_made() -> None:
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=surroundings, capture_output=True, text=True, timeout=100, cwd=CHECKOUT,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "READ []" in done.stdout
    assert "AGAIN False" in done.stdout
