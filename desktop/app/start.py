"""From the command line to the window and back, with a plain sentence and an exit code for what cannot be."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.app.window import MainWindow
    from desktop.background import JobRunner

TURN_S = 0.001
"""After so long another thread lets the window's have its turn; by itself Python takes five times as long."""
EXIT_WRONG_OPTIONS = 2
EXIT_SELF_CHECK = 5


def run(arguments: Sequence[str] | None = None) -> int:
    """See `desktop.app.main`."""
    from desktop.app import machine

    options = _options(arguments)
    if (refused := machine.refusal(os.environ)) is not None:
        code, sentence = refused
        print(sentence, file=sys.stderr)  # noqa: T201
        return code
    return _run_window(options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="imani-desktop", description="Open the workbook's window.")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="folder of the workbook (default: this user's own)")
    parser.add_argument(
        "--screenshots", type=Path, metavar="DIR", help="save a picture of each screen there, then stop"
    )
    parser.add_argument("--every-look", action="store_true", help="each picture in every theme, size and text size")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="with --screenshots: unlock with the first line of FILE"
    )
    options = parser.parse_args(arguments)
    if options.passphrase_file is not None and not options.passphrase_file.is_file():
        parser.error(f"there is no file {options.passphrase_file}")
    return options


def _run_window(options: argparse.Namespace) -> int:
    from desktop.app.selfcheck import lost_references
    from desktop.app.termination import TerminationWatch

    app = make_application()
    if (lost := lost_references()) > 0:
        sentence = f"This copy of the window toolkit loses references ({lost}) and would stop without warning."
        print(f"Workbook cannot start: {sentence} Install the pinned version again.", file=sys.stderr)  # noqa: T201
        return EXIT_SELF_CHECK
    folder = options.vault or own_folder()
    window, runner = make_window(app, folder)
    window.begin()
    window.resize(window.sizeHint())
    window.show()
    if options.screenshots is not None:
        _start_tour(window, runner, folder, options)
    termination = TerminationWatch()
    termination.asked.connect(window.close)
    termination.start()
    code = app.exec()
    termination.stop()
    return finish(app, window, runner) or code


def _start_tour(window: MainWindow, runner: JobRunner, folder: Path, options: argparse.Namespace) -> None:
    from core.foundation.system import SystemClock, SystemRandomness
    from desktop.app.screenshots import EVERY_LOOK, FOR_THE_GUIDE, Tour
    from desktop.operations.opening import Opening

    typed = options.passphrase_file.read_text(encoding="utf-8").splitlines() if options.passphrase_file else []
    tour = Tour(
        window, runner, Opening(runner, folder, SystemClock(), SystemRandomness()), folder=options.screenshots,
        passphrase=typed[0] if typed else "", shots=EVERY_LOOK if options.every_look else FOR_THE_GUIDE,
    )  # fmt: skip
    tour.finished.connect(window.close)
    tour.start()


def make_application() -> QApplication:
    """The Qt application under its neutral name.

    Nothing is looked through for rubbish while the program is loaded, which makes none; afterwards the runner does it.
    """
    gc.disable()
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from desktop.app.importing import import_plainly

    import_plainly()
    sys.setswitchinterval(TURN_S)
    from desktop.app.window import NAME
    from desktop.theme.look import STYLE, style_is_set

    QGuiApplication.setDesktopFileName(NAME.lower())
    app = QApplication([NAME, "-style", STYLE])  # setStyle would have every class of style made ready for Python
    style_is_set(app)
    app.setApplicationName(NAME)
    app.setApplicationDisplayName(NAME)
    return app


def make_window(app: QApplication, folder: Path) -> tuple[MainWindow, JobRunner]:
    """Put the real parts together."""
    from core.foundation.system import SystemClock, SystemRandomness
    from desktop.app.keeping import PreferenceKeeper
    from desktop.app.screens import SCREENS
    from desktop.app.settling import Settling
    from desktop.app.window import MainWindow, WindowParts
    from desktop.background import JobRunner
    from desktop.operations.opening import Opening, close_workspace

    if not gc.isenabled():
        gc.freeze()  # what was loaded stays; no later look, and none at a lock, goes through it again
    clock = SystemClock()
    runner = JobRunner(clock, close_workspace=close_workspace)
    keeper = PreferenceKeeper(folder)
    parts = WindowParts(
        runner=runner,
        opening=Opening(runner, folder, clock, SystemRandomness()),
        clock=clock,
        screens=SCREENS,
        preferences=keeper.read(),
        keep_preferences=keeper.keep,
    )
    window = MainWindow(parts)
    Settling(app, window)
    return window, runner


def finish(app: QApplication, window: MainWindow, runner: JobRunner) -> int:
    """The one way out: lock, drain, destroy every window while Qt is still whole."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt

    window.lock()
    drained = runner.shut_down()
    window.input.stop(app)
    for widget in app.topLevelWidgets():
        if widget.windowType() is Qt.WindowType.Popup:
            continue  # its owner deletes it: a list of suggestions deleted twice ends the process
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if not drained:  # a folder on a dead network can hold a thread for ever; the keys are no longer ours to wait for
        sys.stderr.flush()
        os._exit(0)
    return 0


def own_folder() -> Path:
    """This user's own workbook."""
    from PySide6.QtCore import QStandardPaths

    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
