"""The real program on a pretend screen, met from outside as a screen reader meets it: over AT-SPI, and by keyboard.

Xvfb, a private session bus, the accessibility bus, and the program are started here and ended here, each by its own id.
Qt's "offscreen" platform speaks no AT-SPI at all, hence the pretend screen.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.support.dbus_wire import CallRefused, Connection

T = TypeVar("T")
ATSPI = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
KEY_PRESS, KEY_RELEASE, KEY_BY_NAME = 0, 1, 3
FOCUSABLE, FOCUSED, VISIBLE = 11, 12, 30
_ALWAYS_FOCUSED = frozenset({"frame", "page tab"})
"""Qt calls the window, and the current tab of any row of tabs, focused whatever has the keyboard."""
NOT_ENTERED = frozenset({"table", "list", "tree", "tree table", "list box"})
"""A table answers through the Table interface; walking its cells one by one takes seconds."""
REPOSITORY = Path(__file__).resolve().parents[2]
KEYSYMS = {"Tab": 0xFF09, "Return": 0xFF0D, "Escape": 0xFF1B, "F9": 0xFFC6, "F12": 0xFFC9, "space": 0x20,
           "Down": 0xFF54, "Up": 0xFF52, "End": 0xFF57, "F1": 0xFFBE}  # fmt: skip
CONTROL_KEYCODE = 37
SHIFT_KEYCODE = 50


def wait_for(what: str, look: Callable[[], T | None], *, for_s: float = 20.0) -> T:
    """Look again and again until there is an answer. Raises `AssertionError` saying what never came."""
    end = time.monotonic() + for_s
    while True:
        try:
            found = look()
        except CallRefused:  # what we were looking at has just been destroyed
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {for_s:.0f} s for {what}")
        time.sleep(0.03)


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the screen as a screen reader has it."""

    reader: ScreenReader
    bus_name: str
    path: str

    def ask(self, interface: str, member: str, signature: str = "", *values: Any) -> Any:
        return self.reader.bus.call(self.bus_name, self.path, ATSPI + interface, member, signature, *values)

    def fact(self, interface: str, name: str) -> Any:
        return self.reader.bus.property(self.bus_name, self.path, ATSPI + interface, name)

    @property
    def name(self) -> str:
        return str(self.fact("Accessible", "Name"))

    @property
    def description(self) -> str:
        return str(self.fact("Accessible", "Description"))

    @property
    def role(self) -> str:
        return str(self.ask("Accessible", "GetRoleName"))

    @property
    def states(self) -> frozenset[int]:
        words = self.ask("Accessible", "GetState")
        return frozenset(state for state in range(64) if words[state // 32] >> (state % 32) & 1)

    @property
    def children(self) -> list[Node]:
        return [Node(self.reader, name, path) for name, path in self.ask("Accessible", "GetChildren")]

    @property
    def interfaces(self) -> set[str]:
        return {name.removeprefix(ATSPI) for name in self.ask("Accessible", "GetInterfaces")}

    @property
    def text(self) -> str:
        """What a reader would read out of a text box; '' for what holds no text."""
        return str(self.ask("Text", "GetText", "ii", 0, -1)) if "Text" in self.interfaces else ""

    def type(self, text: str) -> None:
        self.ask("EditableText", "SetTextContents", "s", text)

    def press(self) -> None:
        self.ask("Action", "DoAction", "i", 0)

    def focus(self) -> None:
        self.ask("Component", "GrabFocus")

    def cells(self) -> list[list[str]]:
        """Every cell of a short table, by the Table interface."""
        rows, columns = self.fact("Table", "NRows"), self.fact("Table", "NColumns")
        return [[self._cell(row, column) for column in range(columns)] for row in range(rows)]

    def _cell(self, row: int, column: int) -> str:
        name, path = self.ask("Table", "GetAccessibleAt", "ii", row, column)
        return Node(self.reader, name, path).name

    def walk(self) -> Iterator[Node]:
        """This and everything below, not entering tables; what vanishes meanwhile is left out."""
        yield self
        try:
            below = [] if self.role in NOT_ENTERED else self.children
        except CallRefused:
            return
        for child in below:
            yield from child.walk()


class ScreenReader:
    """Talks to the accessibility bus and finds the program on it."""

    def __init__(self, session_bus: str, process_id: int) -> None:
        self._process_id = process_id
        session = Connection(session_bus)
        address = wait_for(
            "the accessibility bus", lambda: session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
        )
        session.close()
        self.bus = Connection(address)

    def program(self) -> Node:
        """The program we listen to, once it has a window."""
        return wait_for("the window", self._program)

    def _program(self) -> Node | None:
        for one in Node(self, "org.a11y.atspi.Registry", ROOT).children:
            if self.bus.process_of(one.bus_name) == self._process_id and one.children:
                return one
        return None

    def showing(self) -> Iterator[tuple[Node, frozenset[int]]]:
        """Everything that is not hidden, scrolled out of view or not, with its states."""
        yield from _shown(self.program())

    def find(self, role: str, name: str) -> Node | None:
        """The first showing thing of this role whose name begins so. A heading is a label too."""
        roles = {role, "heading"} if role == "label" else {role}
        named = (node for node, _ in self.showing() if node.role in roles and node.name.startswith(name))
        return next(named, None)

    def focused(self) -> list[Node]:
        """What has the keyboard: a control, and the group it stands in."""
        return [node for node, states in self.showing() if FOCUSED in states and node.role not in _ALWAYS_FOCUSED]

    def await_one(self, role: str, name: str) -> Node:
        return wait_for(f"{role} {name!r}", lambda: self.find(role, name))

    def everything(self) -> str:
        """Every name, description and text the bus gives away, hidden nodes and table cells included."""
        said = []
        for node in self.program().walk():
            try:
                said += [node.name, node.description, node.text]
                if "Table" in node.interfaces:
                    said += [cell for row in node.cells() for cell in row]
            except CallRefused:
                continue
        return "\n".join(said)

    def key(self, *names: str) -> None:
        """Press one key, with 'Control' or 'Shift' held if they come first."""
        held = [{"Control": CONTROL_KEYCODE, "Shift": SHIFT_KEYCODE}[name] for name in names[:-1]]
        for code in held:
            self._keyboard(code, KEY_PRESS)
        self._keyboard(KEYSYMS.get(names[-1]) or ord(names[-1]), KEY_BY_NAME)
        for code in reversed(held):
            self._keyboard(code, KEY_RELEASE)

    def write(self, text: str) -> None:
        """Type lower-case letters, digits and spaces, one key each."""
        for letter in text:
            self._keyboard(ord(letter), KEY_BY_NAME)

    def _keyboard(self, code: int, kind: int) -> None:
        self.bus.call(
            ATSPI + "Registry", "/org/a11y/atspi/registry/deviceeventcontroller", ATSPI + "DeviceEventController",
            "GenerateKeyboardEvent", "isu", code, "", kind,
        )  # fmt: skip


def _shown(node: Node) -> Iterator[tuple[Node, frozenset[int]]]:
    try:
        states = node.states
        if VISIBLE not in states:
            return
        yield node, states
        below = [] if FOCUSABLE in states and node.role in NOT_ENTERED else node.children
    except CallRefused:  # destroyed while we looked
        return
    for child in below:
        yield from _shown(child)


class PretendScreen:
    """A screen, a session bus and an accessibility bus of their own. `with` it."""

    def __init__(self, *, size: str = "1366x768") -> None:
        self._size = size
        self._started: list[subprocess.Popen[bytes]] = []
        self._sockets = tempfile.TemporaryDirectory(prefix="screen-")
        self.environment: dict[str, str] = {}

    def __enter__(self) -> PretendScreen:
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        self._sockets.cleanup()

    def open(self, vault: Path, *more: str) -> subprocess.Popen[bytes]:
        """Start the program on this screen."""
        return self.start([sys.executable, "-m", "desktop.app", "--vault", str(vault), *more])

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask one program to end, and wait."""
        process.terminate()
        process.wait(20)

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=self.environment, cwd=REPOSITORY, start_new_session=True, stdin=subprocess.DEVNULL
        )
        self._started.append(process)
        return process

    def _begin(self) -> None:
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment["XDG_RUNTIME_DIR"] = self._sockets.name
        number = self._first_line(
            ["Xvfb", "-displayfd", "{}", "-screen", "0", f"{self._size}x24", "-nolisten", "tcp", "-noreset"]
        )
        self.environment["DISPLAY"] = f":{number}"
        bus = self._first_line(["dbus-daemon", "--session", "--nofork", "--print-address={}"])
        self.environment |= {
            "DBUS_SESSION_BUS_ADDRESS": bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb",
            "NO_AT_BRIDGE": "0", "GTK_A11Y": "none",
        }  # fmt: skip
        self.start([_helper("at-spi-bus-launcher"), "--launch-immediately"])

    def _first_line(self, command: list[str]) -> str:
        """Start a program that writes one line on a file descriptor (`{}`) once it is ready; that line."""
        read, write = os.pipe()
        process = subprocess.Popen(
            [part.format(write) for part in command], env=self.environment, pass_fds=(write,), start_new_session=True,
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._started.append(process)
        os.close(write)
        with os.fdopen(read) as line:
            said = line.readline().strip()
        assert said, f"{command[0]} did not start"
        return said


def _helper(name: str) -> str:
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/libexec", "/usr/lib/at-spi2-core"]
    found = shutil.which(name, path=os.pathsep.join(folders))
    assert found, f"there is no {name} on this machine"
    return found
