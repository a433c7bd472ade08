"""Other people's programs on the same payload: a log of changes, pushed to a shared place and pulled again.

Each is a whole process, so its CPU seconds are those of its children. What is not installed is left out, and said so.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measure import say


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU and wall milliseconds."""

    cpu_ms: float
    wall_ms: float


@dataclass(slots=True)
class Peer:
    """One program with a repository of its own. `push` and `pull` are command lines, run one after the other."""

    name: str
    set_up: Callable[[], list[list[str]]]
    push: Callable[[], list[list[str]]]
    pull: Callable[[], list[list[str]]]
    environment: dict[str, str]
    at: Path
    begun: bool = field(default=False)

    def exchange(self) -> tuple[Spent, Spent]:
        """What pushing and pulling took."""
        if not self.begun:
            self._run(self.set_up())
            self.begun = True
        return self._run(self.push()), self._run(self.pull())

    def _run(self, commands: list[list[str]]) -> Spent:
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        for command in commands:
            done = subprocess.run(command, cwd=self.at, env=self.environment, capture_output=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{self.name}: {done.stderr.decode(errors='replace')[-400:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Spent(cpu * 1000, (time.monotonic() - begun) * 1000)


def peers_for(payload: Path, root: Path) -> list[Peer]:
    """The peers that are here, each exchanging the folder `payload` through a place below `root`."""
    found = []
    for make in (_git, _restic, _borg, _rclone):
        peer = make(payload, root)
        if isinstance(peer, str):
            say(peer, "not installed here: left out")
        else:
            found.append(peer)
    return found


def _environment(home: Path) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    fixed = {
        "HOME": str(home), "RESTIC_PASSWORD": "pw", "BORG_PASSPHRASE": "pw", "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@a",
        "RCLONE_CONFIG": str(home / "rclone.conf"),
    }  # fmt: skip
    return {**os.environ, **fixed}


def _git(payload: Path, root: Path) -> Peer | str:
    if shutil.which("git") is None:
        return "git"
    at = root / "git"
    bare, copy = str(at / "bare"), str(at / "copy")
    environment = _environment(at / "home")
    work = ["git", "--git-dir", str(at / "work"), "--work-tree", str(payload)]

    def pull() -> list[list[str]]:
        if not Path(copy).exists():
            return [["git", "clone", "-q", "-b", "m", bare, copy]]
        return [["git", "-C", copy, "pull", "-q", "--ff-only"]]

    return Peer(
        "git",
        lambda: [
            ["git", "init", "-q", "--bare", bare], [*work, "init", "-q"], [*work, "config", "gc.auto", "0"],
            [*work, "remote", "add", "o", bare],
        ],
        lambda: [
            [*work, "add", "-A"], [*work, "commit", "-qm", "x", "--allow-empty"],
            [*work, "push", "-q", "o", "HEAD:refs/heads/m"],
        ],
        pull, environment, at,
    )  # fmt: skip


def _restic(payload: Path, root: Path) -> Peer | str:
    if shutil.which("restic") is None:
        return "restic"
    at = root / "restic"
    begin = ["restic", "-q", "-r", str(at / "repository"), "--cache-dir"]
    return Peer(
        "restic",
        lambda: [[*begin, str(at / "cache-a"), "init"]],
        lambda: [[*begin, str(at / "cache-a"), "backup", str(payload)]],
        lambda: [[*begin, str(at / "cache-b"), "restore", "latest", "-t", str(at / "copy")]],
        _environment(at / "home"), at,
    )  # fmt: skip


def _borg(payload: Path, root: Path) -> Peer | str:
    if shutil.which("borg") is None:
        return "borg"
    at = root / "borg"
    copy = at / "copy"
    count = [0]

    def push() -> list[list[str]]:
        count[0] += 1
        return [["borg", "create", "-C", "zstd,3", f"{at / 'repository'}::a{count[0]}", str(payload)]]

    def pull() -> list[list[str]]:
        copy.mkdir(exist_ok=True)
        return [["env", "-C", str(copy), "borg", "extract", f"{at / 'repository'}::a{count[0]}"]]

    return Peer(
        "borg", lambda: [["borg", "init", "-e", "repokey-blake2", str(at / "repository")]], push, pull,
        _environment(at / "home"), at,
    )  # fmt: skip


def _rclone(payload: Path, root: Path) -> Peer | str:
    beside = Path(sys.executable).with_name("rclone")
    program = str(beside) if beside.exists() else shutil.which("rclone")
    if program is None:
        return "rclone"
    at = root / "rclone"
    environment = _environment(at / "home")
    (at / "repository").mkdir(parents=True)
    hidden = subprocess.run([program, "obscure", "pw"], capture_output=True, check=True).stdout.decode().strip()
    (at / "home" / "rclone.conf").write_text(f"[c]\ntype = crypt\nremote = {at / 'repository'}\npassword = {hidden}\n")
    return Peer(
        "rclone crypt", list, lambda: [[program, "sync", "-q", str(payload), "c:"]],
        lambda: [[program, "sync", "-q", "c:", str(at / "copy")]], environment, at,
    )  # fmt: skip
