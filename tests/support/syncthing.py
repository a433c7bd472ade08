"""Two real Syncthing daemons on loopback, each with its own copy of one folder. Nothing leaves this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "syncthing"
PATIENCE_S = 50.0

CONFIG = """<configuration version="35">
  <folder id="casework" label="casework" path="{folder}" type="sendreceive" rescanIntervalS="2"
          fsWatcherEnabled="true" fsWatcherDelayS="1" ignorePerms="true" autoNormalize="true">
    <filesystemType>basic</filesystemType>
    {members}
    <minDiskFree unit="%">0</minDiskFree>
    <maxConflicts>10</maxConflicts>
  </folder>
  {devices}
  <gui enabled="true" tls="false"><address>127.0.0.1:{gui}</address><apikey>only-for-this-test</apikey></gui>
  <options>
    <listenAddress>tcp://127.0.0.1:{port}</listenAddress>
    <globalAnnounceEnabled>false</globalAnnounceEnabled>
    <localAnnounceEnabled>false</localAnnounceEnabled>
    <relaysEnabled>false</relaysEnabled>
    <natEnabled>false</natEnabled>
    <reconnectionIntervalS>1</reconnectionIntervalS>
    <startBrowser>false</startBrowser>
    <urAccepted>-1</urAccepted>
    <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
    <crashReportingEnabled>false</crashReportingEnabled>
    <setLowPriority>false</setLowPriority>
  </options>
</configuration>
"""


def is_here() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


@dataclass
class Daemon:
    """One daemon: its home, the folder it carries, its ports, and the process while it runs."""

    home: Path
    folder: Path
    port: int
    gui: int
    device: str = ""
    process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Keys of its own."""
        (self.folder / ".stfolder").mkdir(parents=True, exist_ok=True)
        made = self._run("generate", "--home", str(self.home), "--no-default-folder", "--skip-port-probing")
        assert made.returncode == 0, made.stdout
        self.device = self._run("--device-id", "--home", str(self.home)).stdout.strip().splitlines()[-1]

    def know(self, other: Daemon) -> None:
        """Carry the folder together with one other."""
        both = (self, other)
        members = "".join(f'<device id="{each.device}"/>' for each in both)
        devices = "".join(
            f'<device id="{each.device}" name="{each.home.name}" compression="never">'
            f"<address>tcp://127.0.0.1:{each.port}</address></device>"
            for each in both
        )
        text = CONFIG.format(folder=self.folder, members=members, devices=devices, gui=self.gui, port=self.port)
        (self.home / "config.xml").write_text(text, encoding="utf-8")

    def start(self) -> None:
        """Run until stopped."""
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--home", str(self.home), "--no-browser", "--no-restart", "--logfile=-"],
                env=self._surroundings(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def stop(self) -> None:
        """Ended, as when a laptop is closed."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def said(self) -> str:
        """The last lines of its log, for whoever has to find out."""
        return "\n".join((self.home / "log").read_text(errors="replace").splitlines()[-15:])

    def files(self) -> dict[str, bytes]:
        """What lies in its copy: name -> content; its own housekeeping left out."""
        found = {}
        for path in (self.folder / "cwf1").rglob("*"):
            if path.is_file() and not path.name.startswith((".syncthing.", "~syncthing~")):
                with contextlib.suppress(FileNotFoundError):
                    found[path.relative_to(self.folder).as_posix()] = path.read_bytes()
        return found

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *words], env=self._surroundings(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def _surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "HOME": str(self.home), "STNOUPGRADE": "1", "STNODEFAULTFOLDER": "1", "GOMAXPROCS": "1"}


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextlib.contextmanager
def two_daemons(root: Path, first: Path, second: Path) -> Iterator[tuple[Daemon, Daemon]]:
    """Both running, each knowing the other."""
    ports = free_ports(4)
    one, two = Daemon(root / "one", first, ports[0], ports[1]), Daemon(root / "two", second, ports[2], ports[3])
    for daemon in (one, two):
        daemon.home.mkdir(parents=True)
        daemon.make()
    one.know(two)
    two.know(one)
    try:
        for daemon in (one, two):
            daemon.start()
        yield one, two
    finally:
        for daemon in (one, two):
            daemon.stop()


def wait_until(true: Callable[[], bool], *daemons: Daemon) -> None:
    """Look again until it is so; a daemon that never gets there fails with its own words."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > ends:
            raise AssertionError("\n\n".join(daemon.said() for daemon in daemons))
        time.sleep(0.2)
