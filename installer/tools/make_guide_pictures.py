"""Make the pictures of the user guide: run the demo in a folder of its own, then photograph every screen of it.

`python3 installer/start.py test --co -q` once (it makes the environment), then with that environment's Python:
`python -m installer.tools.make_guide_pictures`
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PICTURES = CHECKOUT / "docs" / "pictures"
FIRST_PERSON = "Amara Osei"


def main() -> int:
    """Replace every picture; returns the exit code of the step that failed, or 0."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryDirectory() as made:
        demo = Path(made) / "demo"
        story = [sys.executable, "-m", "core.cli", "demo", "--into", str(demo), "--no-window"]
        if code := subprocess.run(story, cwd=CHECKOUT, env=environment, check=False).returncode:
            return code
        passphrase = Path(made) / "passphrase"
        passphrase.write_text(_passphrase(demo), encoding="utf-8")
        for old in PICTURES.glob("*.png"):
            old.unlink()
        tour = [sys.executable, "-m", "desktop.app", "--vault", str(demo / "laptop-amara"), "--screenshots"]
        tour += [str(PICTURES), "--passphrase-file", str(passphrase)]
        return subprocess.run(tour, cwd=CHECKOUT, env=environment, check=False).returncode


def _passphrase(demo: Path) -> str:
    sheet = (demo / "passphrases-of-the-demo.txt").read_text(encoding="utf-8")
    return next(line.partition(": ")[2] for line in sheet.splitlines() if line.startswith(FIRST_PERSON))


if __name__ == "__main__":
    sys.exit(main())
