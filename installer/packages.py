"""Installs exactly the packages a lock names: each with its hash, ready-made, nothing else.

A `wheelhouse` folder beside the README is used instead of the network when it is there, so that a
computer without a connection can be set up from a memory stick.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from installer.refusal import EXIT_SET_UP_FAILED, Refused

VENDOR = Path(__file__).resolve().parent / "vendor"
SETTINGS_THAT_WOULD_MISLEAD_PIP = (
    "PIP_CONSTRAINT", "PIP_DRY_RUN", "PIP_NO_BINARY", "PIP_PREFIX", "PIP_PYTHON", "PIP_REQUIREMENT", "PIP_ROOT",
    "PIP_TARGET",
)  # fmt: skip
LINES_OF_PIP_TO_SHOW = 12

SIGNS_OF_NO_CONNECTION = (
    "NewConnectionError", "ConnectionError", "Connection refused", "ConnectTimeout", "Max retries", "name resolution",
    "Network is unreachable", "ProxyError", "Cannot connect to proxy", "Read timed out", "Retrying (",
    "getaddrinfo failed",
)  # fmt: skip
WHAT_IS_SAFE = "Nothing on this computer was changed except the program's own folder, and no case record was touched."


def install_locked(python: Path, lock: Path, wheelhouse: Path, log: Path, say: Callable[[str], None]) -> None:
    """Install every package of `lock` into the environment of `python`; pip's own words go to `log`.

    Raises:
        Refused: pip did not finish; the sentence says why, what is safe and what to do.
    """
    command = [str(python), "-m", "pip", "install", *_sources(wheelhouse), "-r", str(lock)]
    progress = _Progress(len(pinned_names(lock)), say)
    lines: list[str] = []
    with log.open("w", encoding="utf-8") as record:
        for line in _lines_of(command, checked_pip_wheel(VENDOR), lines):
            record.write(line + "\n")
            progress.on_line(line)
    if lines[-1] != "0":
        raise Refused(EXIT_SET_UP_FAILED, explain_failure(lines[:-1], log, offline=wheelhouse.is_dir()))


def checked_pip_wheel(vendor: Path) -> Path:
    """The pip we ship, after its bytes were compared with the digest beside it.

    Raises:
        Refused: the file is damaged or missing.
    """
    expected, name = (vendor / "SHA256SUMS").read_text(encoding="ascii").split()
    wheel = vendor / name
    if not wheel.is_file() or hashlib.sha256(wheel.read_bytes()).hexdigest() != expected:
        raise Refused(
            EXIT_SET_UP_FAILED,
            f"A file that came with the program is damaged or missing: {wheel}. It was not used. "
            "Get the program again from where you got it, then run the same command.",
        )
    return wheel


def pinned_names(lock: Path) -> list[str]:
    """The names of the packages in a lock, in order."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line.split("==", maxsplit=1)[0] for line in lines if "==" in line and line[0].isalnum()]


def explain_failure(lines: Iterable[str], log: Path, *, offline: bool) -> str:
    """What pip's last words mean to a person: what happened, what is safe, what to do."""
    said = list(lines)
    text = "\n".join(said)
    if "DO NOT MATCH THE HASHES" in text:
        happened = "A part that was fetched is not the one the program was checked with, so it was not installed."
        advice = "Try again on another connection. If it happens again, tell the people who look after the program."
    elif "No space left on device" in text:
        happened = "The disk is full, so the set-up could not be finished."
        advice = "Free about 1 GB and run the same command again."
    elif offline and "No matching distribution" in text:
        happened = "The wheelhouse folder does not hold every part this computer needs."
        advice = "Fill it again for this kind of computer (see CONTRIBUTING.md), or take it away to use the internet."
    elif any(sign in text for sign in SIGNS_OF_NO_CONNECTION):
        happened = "The parts the program needs could not be fetched: there is no connection to the package server."
        advice = (
            "Connect to the internet and run the same command again. For a computer that has no connection, "
            "CONTRIBUTING.md says how to bring the parts in a folder named wheelhouse."
        )
    else:
        happened = "The set-up stopped before it was finished."
        last_words = "\n".join(f"  {line}" for line in said[-LINES_OF_PIP_TO_SHOW:])
        advice = f"Run the same command again. If it happens again, pass on these lines:\n{last_words}\n"
    return f"{happened} {WHAT_IS_SAFE} {advice} Details are in {log}."


def _sources(wheelhouse: Path) -> list[str]:
    options = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--progress-bar=off", "--retries=3"]
    return [*options, "--no-index", f"--find-links={wheelhouse}"] if wheelhouse.is_dir() else options


def _lines_of(command: list[str], pip_wheel: Path, lines: list[str]) -> Iterable[str]:
    """Run pip, yield what it says line by line, and collect it in `lines`; the last item is the exit code."""
    with subprocess.Popen(
        command,
        env=_surroundings(pip_wheel),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            lines.append(line.rstrip())
            yield lines[-1]
    lines.append(str(running.returncode))


def _surroundings(pip_wheel: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS_THAT_WOULD_MISLEAD_PIP}
    for name in ("PYTHONHOME", "PYTHONSTARTUP"):
        kept.pop(name, None)
    return {
        **kept,
        "PYTHONPATH": str(pip_wheel),
        "PYTHONUTF8": "1",
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


class _Progress:
    """Turns pip's lines into a few plain ones."""

    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self._total = total
        self._say = say
        self._fetched = 0

    def on_line(self, line: str) -> None:
        if line.startswith("Collecting "):
            self._count(line.split()[1].partition("==")[0])
        elif line.startswith("Processing "):
            path = line.removeprefix("Processing ").partition(" (from ")[0]
            self._count(re.split(r"[/\\]", path)[-1].partition("-")[0])
        elif line.startswith("Installing collected packages"):
            self._say("  putting them in place")

    def _count(self, name: str) -> None:
        self._fetched += 1
        self._say(f"  fetching {self._fetched} of {self._total}: {name}")
