"""The verbs: `app` opens the program, `demo` shows its main job, `imani` is its command line, `test` checks it.

`stores` adds what only an organisation needs that exchanges through an object store or WebDAV.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from installer.environment import CHECKOUT, Environment, ready_environment
from installer.machine import check_machine, this_machine
from installer.refusal import EXIT_NO_DISPLAY, EXIT_USAGE, Refused
from installer.system_libraries import DRAWING, SYNC_PROGRAMS, TEST_PROGRAMS, WINDOWS, Needs, provide

USAGE = """Imani Casework

  python3 installer/start.py app                   open the program
  python3 installer/start.py demo [--homes FILE]   show its main job on a made-up estate, or on your own list of homes
  python3 installer/start.py imani COMMAND [...]   the command line; imani --help lists the commands
  python3 installer/start.py stores                add what object stores and WebDAV need; a folder needs nothing more
  python3 installer/start.py test [...]            run the tests; anything after "test" goes to pytest

The first start sets up the program's own environment in the folder .environment; later starts use it.
"""


def run(arguments: list[str]) -> int:
    """Carry out one command line and return its exit code."""
    verb, *passed_on = arguments or [""]
    if verb in {"-h", "--help", "help"}:
        print(USAGE)
        return 0
    chosen = {
        "app": start_app, "demo": start_demo, "imani": start_imani, "stores": add_stores, "test": start_tests,
    }.get(verb)  # fmt: skip
    if chosen is None:
        print(USAGE, file=sys.stderr)
        return EXIT_USAGE
    try:
        check_machine(this_machine())
        return chosen(passed_on)
    except Refused as refused:
        say_wrong(str(refused))
        return refused.exit_code
    except KeyboardInterrupt:
        say_wrong("Stopped because you asked for it. What was finished is kept; run the same command to go on.")
        return 130


def start_app(passed_on: list[str]) -> int:
    """Open the program's window."""
    if not has_display(os.environ):
        raise Refused(
            EXIT_NO_DISPLAY,
            "There is no screen to open a window on. Nothing was changed. "
            "Sit at the computer itself, or try the demo, which needs no screen: python3 installer/start.py demo",
        )
    _provide_libraries(DRAWING | WINDOWS)
    environment = ready_environment("program", say)
    return hand_over(environment, ["desktop.app", *passed_on], {})


def start_demo(passed_on: list[str]) -> int:
    """Run the main job on made-up or given homes, and say where everything is."""
    screen = has_display(os.environ)
    _provide_libraries(DRAWING | WINDOWS if screen else DRAWING)
    environment = ready_environment("program", say)
    return hand_over(environment, ["core.cli", "demo", *passed_on], {} if screen else {"QT_QPA_PLATFORM": "offscreen"})


def start_imani(passed_on: list[str]) -> int:
    """Run one command of the command line. Standard output is the command's alone."""
    _provide_libraries(DRAWING)
    environment = ready_environment("program", say_wrong)
    return hand_over(environment, ["core.cli", *passed_on], {})


def add_stores(passed_on: list[str]) -> int:
    """Add the libraries of object stores and WebDAV to the program's environment. Nothing else changes."""
    if passed_on:
        print(USAGE, file=sys.stderr)
        return EXIT_USAGE
    ready_environment("stores", say)
    say("The program can now exchange through an object store or WebDAV. Choose it on its Sync page.")
    return 0


def start_tests(passed_on: list[str]) -> int:
    """Run the tests from the checkout's own folder."""
    _provide_libraries(DRAWING)
    _provide_for_tests(
        Needs(WINDOWS, TEST_PROGRAMS), "The tests that drive the real window will be skipped."
    )
    _provide_for_tests(Needs({}, SYNC_PROGRAMS), "The test with two real Syncthing daemons will be skipped.")
    environment = ready_environment("tests", say)
    os.chdir(CHECKOUT)
    return hand_over(environment, ["pytest", *_cache_options(environment), *_processes(passed_on), *passed_on], {})


def has_display(surroundings: Mapping[str, str]) -> bool:
    """Whether a window can be shown. Windows and macOS always have a screen."""
    if not sys.platform.startswith("linux"):
        return True
    return any(surroundings.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def hand_over(environment: Environment, module_and_arguments: list[str], extra: Mapping[str, str]) -> int:
    """Run `python -m MODULE ...` in the environment, in the folder the person is in, and return its exit code."""
    command = [str(environment.python), "-P", "-m", *module_and_arguments]
    surroundings = child_surroundings(os.environ, extra)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(command[0], command, surroundings)  # so that signals and the exit code reach the program itself
    return subprocess.run(command, env=surroundings, check=False).returncode


def child_surroundings(surroundings: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """The variables the program is started with: ours, without any that would bring in other packages.

    What is compiled is kept beside the files whatever the surroundings say: else every start compiles everything again.
    """
    dropped = {"PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in surroundings.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONNOUSERSITE": "1", **extra}


def say(message: str) -> None:
    """A line of progress."""
    print(message, flush=True)


def say_wrong(message: str) -> None:
    """A line about something that went wrong."""
    print(message, file=sys.stderr, flush=True)


def _provide_libraries(libraries: Mapping[str, str]) -> None:
    if sys.platform.startswith("linux"):
        provide(Needs(libraries, {}), say)


def _provide_for_tests(needs: Needs, without: str) -> None:
    """What some tests need; without it they are skipped, except in CI, where that is a failure."""
    if not sys.platform.startswith("linux"):
        return
    try:
        provide(needs, say)
    except Refused as refused:
        if os.environ.get("CI") == "true":
            raise
        say(f"{without} {refused}")


def _processes(passed_on: list[str]) -> list[str]:
    """The whole run uses every core, and one process more, because a third of its time is waiting for the disk.

    What somebody chose runs in one process, where it can be looked into.
    """
    return [] if passed_on else ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]


def _cache_options(environment: Environment) -> list[str]:
    inside = environment.folder.is_relative_to(CHECKOUT)
    return [] if inside else ["-o", f"cache_dir={Path(environment.folder, 'pytest-cache')}"]
