"""The command line: exit codes, the missing screen, and what the program is started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer import verbs
from installer.refusal import EXIT_NO_DISPLAY, EXIT_USAGE

START = Path(verbs.__file__).with_name("start.py")
SIGNS_OF_A_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    without_screen = {name: value for name, value in os.environ.items() if name not in SIGNS_OF_A_SCREEN}
    command = [sys.executable, START, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=without_screen, check=False)


@pytest.mark.parametrize("arguments", [(), ("sing",), ("stores", "please")])
def test_an_unknown_verb_shows_those_there_are(arguments: tuple[str, ...]) -> None:
    finished = start(*arguments)
    assert finished.returncode == EXIT_USAGE
    assert all(verb in finished.stderr for verb in ("app", "demo", "imani", "stores", "test"))


def test_help_is_not_an_error() -> None:
    assert start("--help").returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a screen")
def test_without_a_screen_the_window_is_refused_before_anything_is_set_up() -> None:
    finished = start("app")
    assert finished.returncode == EXIT_NO_DISPLAY
    assert "There is no screen" in finished.stderr
    assert finished.stdout == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a screen")
@pytest.mark.parametrize(
    ("surroundings", "seen"),
    [({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True), ({"DISPLAY": ""}, False), ({}, False)],
)
def test_a_screen_is_recognised(surroundings: dict[str, str], seen: bool) -> None:
    assert verbs.has_display(surroundings) is seen


def test_the_program_sees_this_checkout_and_no_other_packages() -> None:
    given = {"PYTHONPATH": "elsewhere", "PYTHONHOME": "x", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "cy_GB"}
    surroundings = verbs.child_surroundings(given, {})
    assert surroundings["PYTHONPATH"] == str(verbs.CHECKOUT)
    assert "PYTHONHOME" not in surroundings
    assert "PYTHONDONTWRITEBYTECODE" not in surroundings, "every start would compile everything again"
    assert surroundings["LANG"] == "cy_GB"
