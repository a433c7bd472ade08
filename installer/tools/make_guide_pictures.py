"""Make the pictures of the user guide: run the demo in a folder of its own, then photograph every screen of it.

`python3 installer/start.py test --co -q` once (it makes the environment), then with that environment's Python:
`python -m installer.tools.make_guide_pictures`, or with `--every-look FOLDER` pictures of every place there is
(screens, tabs, steps, forms, the first run) in every theme, size and size of text, for looking at; the guide's pictures
stay as they are.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PICTURES = CHECKOUT / "docs" / "pictures"
FIRST_PERSON, SECOND_PERSON = "Amara Osei", "Ben Whitlock"


def main(arguments: list[str] | None = None) -> int:
    """Replace every picture; returns the exit code of the step that failed, or 0."""
    parser = argparse.ArgumentParser(description="Pictures of the demo, for the guide or for looking at.")
    parser.add_argument("--every-look", type=Path, metavar="FOLDER", help="leave every place in every look here")
    folder: Path | None = parser.parse_args(arguments).every_look
    with tempfile.TemporaryDirectory() as made:
        demo = Path(made) / "demo"
        if code := _run("core.cli", "demo", "--into", str(demo), "--no-window"):
            return code
        passphrase = Path(made) / "passphrase"
        passphrase.write_text(_passphrase(demo), encoding="utf-8")
        unlocked = ("--vault", str(demo / "laptop-amara"), "--passphrase-file", str(passphrase))
        if folder is not None:
            nobody = ("--vault", str(Path(made) / "nobody"))
            first, rest = str(folder / "first-run"), str(folder / "workbook")
            _set_an_interview_apart(demo / "laptop-amara", _passphrase(demo))
            code = _run("desktop.app", *nobody, "--every-look", "--screenshots", first) or _run(
                "desktop.app", *unlocked, "--every-look", "--screenshots", rest
            )
            print(f"{len(list(folder.glob('*/*.png')))} pictures in {folder}")
            return code
        for old in PICTURES.glob("*.png"):
            old.unlink()
        code = _run("desktop.app", *unlocked, "--screenshots", str(PICTURES))
        for picture in PICTURES.glob("*.png"):
            _make_small(picture)
        return code


def _set_an_interview_apart(vault: Path, passphrase: str) -> None:
    """The demo has a private interview nowhere, and it is a screen of its own."""
    from core.foundation.system import SystemClock, SystemRandomness
    from core.services.cases import list_cases
    from core.services.interviews import begin_interview
    from core.services.opening import lock, unlock
    from core.services.organisation import members
    from core.services.workspace import Parts

    workspace = unlock(vault, passphrase, parts=Parts(SystemClock(), SystemRandomness()))
    try:
        ben = next(one.user for one in members(workspace) if one.name.startswith(SECOND_PERSON))
        begin_interview(workspace, case=list_cases(workspace, limit=1).rows[0].row.id, readers=frozenset({ben}))
    finally:
        lock(workspace)


def _make_small(picture: Path) -> None:
    """A screen has few colours: with a list of them it takes a third of the room, and looks the same."""
    from PIL import Image

    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def _run(module: str, *options: str) -> int:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", module, *options], cwd=CHECKOUT, env=environment, check=False
    ).returncode


def _passphrase(demo: Path) -> str:
    sheet = (demo / "passphrases-of-the-demo.txt").read_text(encoding="utf-8")
    return next(line.partition(": ")[2] for line in sheet.splitlines() if line.startswith(FIRST_PERSON))


if __name__ == "__main__":
    sys.exit(main())
