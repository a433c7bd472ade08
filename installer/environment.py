"""The program's own Python environment: made once, checked by a stamp, rebuilt when half made.

    .environment/lock          held while somebody is setting up, so that two starts wait for each other
    .environment/3.11/venv     the environment for that Python
    .environment/3.11/stamp    written last; names the locks that are installed. No stamp: half made
    .environment/3.11/set-up.log

Needs nothing but `python3`: Debian leaves out ensurepip, so pip comes as a wheel in `vendor/` and is run
from there. Nothing outside the `.environment` folder is changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.one_at_a_time import only_one
from installer.packages import install_locked
from installer.refusal import EXIT_SET_UP_FAILED, Refused

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK_NAMES = {
    "program": "requirements.lock", "stores": "requirements-stores.lock", "tests": "requirements-test.lock",
}  # fmt: skip
"""Purpose -> lock. Those for the stores and the tests hold the program's own pins as well."""
ADDED = {"stores": "object stores and WebDAV need", "tests": "the tests need"}
KEPT_FOR_GOOD = frozenset({"stores"})
"""Once somebody asked for it, a newer version of the program brings it again."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Environment:
    """Where one environment lives, and the checkout it is for."""

    folder: Path
    checkout: Path

    def lock(self, purpose: str) -> Path:
        """The file that pins what `purpose` ("program", "stores" or "tests") needs."""
        return self.checkout / "installer" / LOCK_NAMES[purpose]

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        return self.folder / "stamp"

    @property
    def log(self) -> Path:
        return self.folder / "set-up.log"

    def has(self, purpose: str) -> bool:
        """Whether a finished set-up for `purpose`, with the lock as it is today, is here."""
        known = purpose in LOCK_NAMES and self.python.exists()
        return known and self.stamped().get(purpose) == digest(self.lock(purpose))

    def is_current(self) -> bool:
        """Whether everything the stamp names is what the locks say today."""
        return self.has("program") and all(self.has(purpose) for purpose in self.stamped())

    def stamped(self) -> dict[str, str]:
        """Purpose -> digest of the lock that was installed for it."""
        try:
            content = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def ready_environment(purpose: str, say: Say, checkout: Path = CHECKOUT) -> Environment:
    """The environment for `purpose`, made or completed when need be.

    Raises:
        Refused: it could not be made; the sentence says why and what to do.
    """
    home = environment_home(checkout)
    environment = Environment(home / f"{sys.version_info[0]}.{sys.version_info[1]}", checkout)
    if environment.has(purpose):
        return environment
    with only_one(home / "lock", say):
        if not environment.has(purpose):
            with _disk_troubles_explained(environment):
                _make(environment, purpose, say)
    return environment


def environment_home(checkout: Path) -> Path:
    """The folder for environments: inside the checkout, or the user's own when that cannot be written."""
    inside = checkout / ".environment"
    if _can_write(inside):
        return inside
    name = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    own = _user_folder() / "workbook-environments" / name
    if _can_write(own):
        return own
    raise Refused(
        EXIT_SET_UP_FAILED,
        f"The program needs a folder for its own parts, and neither {inside} nor {own} can be written. "
        "Nothing was installed or changed. Copy the program to a folder of your own and start it there.",
    )


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex; line ends do not count, so a checkout on Windows has the same digest."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _make(environment: Environment, purpose: str, say: Say) -> None:
    complete_only = environment.is_current()
    before = environment.stamped().keys() & LOCK_NAMES.keys()
    environment.stamp.unlink(missing_ok=True)
    if complete_only:
        say(f"Adding what {ADDED.get(purpose, 'the program needs')} (once; a minute or so).")
        wanted = {purpose}
    else:
        say("Setting up the program's own environment (once; a minute or so, more on a slow connection).")
        before &= KEPT_FOR_GOOD
        wanted = before | {purpose}
        _clear(environment)
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(environment.venv)
    wheelhouse = environment.checkout / "wheelhouse"
    for each in sorted(wanted):
        install_locked(environment.python, environment.lock(each), wheelhouse, environment.log, say)
    installed = {"program", purpose} | before
    _write_last(environment.stamp, json.dumps({name: digest(environment.lock(name)) for name in sorted(installed)}))
    say("The environment is ready.")


def _clear(environment: Environment) -> None:
    if environment.venv.exists():
        shutil.rmtree(environment.venv)
    environment.folder.mkdir(parents=True, exist_ok=True)


def _write_last(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _user_folder() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@contextlib.contextmanager
def _disk_troubles_explained(environment: Environment) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(
            EXIT_SET_UP_FAILED,
            f"The folder {environment.folder} could not be filled: {error.strerror or error}. "
            "No case record was touched. "
            "Close other windows of the program, check that 1 GB of disk is free, and run the same command again.",
        ) from error
