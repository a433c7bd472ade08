"""The real program on a pretend screen, used by somebody who listens to it and has only a keyboard.

What a screen reader hears is what is tested: names, roles, what has the focus, what is left after locking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from core.foundation.system import SystemClock, SystemRandomness
from core.services.workspace import Parts
from tests.support.dbus_wire import CallRefused
from tests.support.screen_reader import FOCUSABLE, Node, PretendScreen, ScreenReader, wait_for
from tests.support.workspaces import PASSPHRASE, a_workspace, found_cheaply, logged
from tests.support.x_keyboard import give_keyboard

pytestmark = pytest.mark.needs_screen

PERSON = "Meera Quill"
PLACE = "the stairs of Marsh House"
STORY = "Somebody shouted at her on the stairs again."
ROUNDS_OF_TAB = 40


@pytest.fixture(scope="module")
def screen() -> Iterator[PretendScreen]:
    with PretendScreen() as made:
        yield made


@pytest.fixture
def vault(tmp_path: Path) -> tuple[Path, str]:
    """A workbook with one report in it, and the report's reference."""
    folder = found_cheaply(tmp_path / "vault", Parts(SystemClock(), SystemRandomness()))
    now = datetime.now(UTC)
    with a_workspace(folder, at=now) as workspace:
        case = logged(workspace, words=STORY, received_at=now, reporter_name=PERSON, place=PLACE)
    return folder, case.reference


class Officer:
    """Listens, presses keys, and waits to hear before going on."""

    def __init__(self, screen: PretendScreen, vault: Path) -> None:
        self.process = screen.open(vault)
        self.reader = ScreenReader(screen.environment["DBUS_SESSION_BUS_ADDRESS"], self.process.pid)
        self.hear("label", "Workbook is locked")
        wait_for("a window to type in", lambda: give_keyboard(screen.environment["DISPLAY"]))
        self.at("Passphrase")

    def hear(self, role: str, name: str) -> Node:
        return self.reader.await_one(role, name)

    def at(self, name: str) -> Node:
        """Wait until the keyboard is there."""
        return wait_for(f"the keyboard at {name!r}, not {self._where()!r}", lambda: self._focused(name))

    def tab_to(self, name: str) -> None:
        where = self._where()
        for _ in range(ROUNDS_OF_TAB):
            if any(part.startswith(name) for part in where):
                return
            self.reader.key("Tab")
            where = wait_for("the next stop", partial(self._moved_from, where))
        raise AssertionError(f"Tab never reaches {name!r}")

    def unlock(self) -> None:
        self.reader.write(PASSPHRASE)
        self.reader.key("Return")
        self.at("New report")

    def _moved_from(self, before: tuple[str, ...]) -> tuple[str, ...] | None:
        now = self._where()
        return None if now == before else now

    def _focused(self, name: str) -> Node | None:
        return next((node for node in self.reader.focused() if node.name.startswith(name)), None)

    def _where(self) -> tuple[str, ...]:
        names = []
        for node in self.reader.focused():
            with suppress(CallRefused):  # it was destroyed between being found and being asked
                names.append(node.name)
        return tuple(names)


@pytest.fixture
def officer(screen: PretendScreen, vault: tuple[Path, str]) -> Iterator[Officer]:
    made = Officer(screen, vault[0])
    yield made
    made.reader.bus.close()
    screen.end(made.process)


def test_unlock_and_hear_what_is_due(officer: Officer, vault: tuple[Path, str]) -> None:
    _, reference = vault
    secret = officer.hear("text", "Passphrase")
    secret.type(PASSPHRASE)
    assert PASSPHRASE not in officer.reader.everything()
    officer.hear("push button", "Unlock").press()
    officer.hear("push button", f"Record contact: First contact, {reference}")
    officer.hear("push button", f"Open {reference}")
    officer.hear("heading", "Today")
    officer.hear("panel", "Today")
    heard = officer.reader.everything()
    assert "24 hours from the report on" in heard
    assert "Policy 4.24." in heard
    assert STORY not in heard
    unnamed = [node.role for node, states in officer.reader.showing() if FOCUSABLE in states and not node.name]
    assert unnamed == []


def test_log_a_report_by_keyboard(officer: Officer) -> None:
    officer.unlock()
    reader = officer.reader
    reader.key("n")
    officer.at("What happened?")
    reader.write("two people kicked the door")
    officer.tab_to("Who told us?")
    reader.write("iris vale")
    officer.tab_to("Is anyone in danger now?")
    reader.key("space")
    officer.tab_to("Safe ways to reach them")
    reader.key("space")
    reader.key("Control", "s")
    officer.at("Add to file")
    officer.hear("push button", "Record contact: First contact")
    officer.hear("label", "Before you contact:")
    assert "iris vale" not in officer.hear("frame", "Workbook").name


def test_lock_and_find_nothing(officer: Officer, vault: tuple[Path, str]) -> None:
    _, reference = vault
    officer.unlock()
    reader = officer.reader
    officer.tab_to(f"Open {reference}")
    reader.key("Return")
    officer.at("Add to file")
    officer.hear("radio button", "People").press()
    wait_for("the person's name", lambda: PERSON in reader.everything())
    said_openly = (reference, PERSON, PLACE, STORY, "Ana Bright", "Tallow Street")
    assert reference in reader.everything()

    reader.key("F9")
    officer.hear("label", "Screen covered")
    assert [words for words in said_openly if words in reader.everything()] == []
    reader.key("Escape")
    officer.at("Add to file")

    reader.key("F12")
    officer.at("Passphrase")
    wait_for("nothing to be left", lambda: not [words for words in said_openly if words in reader.everything()])
    shown_outside = Path(f"/proc/{officer.process.pid}/cmdline").read_bytes()
    shown_outside += Path(f"/proc/{officer.process.pid}/environ").read_bytes()
    assert [words for words in said_openly if words.encode() in shown_outside] == []
