"""The one window. It shows exactly one of: first run, unlock, workbench, curtain."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from core.foundation.errors import AppError, KeyFileGone
from desktop.app.help_before import HelpOver
from desktop.app.watch import ClipboardWatch, InputWatch
from desktop.screens.preferences import Preferences
from desktop.screens.unlock.view import UnlockView
from desktop.theme import ThemeName, apply_look
from desktop.theme.scale import TEXT_STEP_PERCENT
from desktop.widgets import em_px

if TYPE_CHECKING:
    from core.domain.changed import Changed
    from core.foundation.ports import Clock
    from desktop.app.curtain import Curtain
    from desktop.app.exchanging import BackgroundExchange
    from desktop.app.screens import Screen
    from desktop.app.workbench import Workbench
    from desktop.background import JobRunner
    from desktop.operations.opening import Opening

NAME = "Workbook"
"""On the title bar, the task bar, and everywhere else a window has a name."""
LOOK_AGAIN_MS, LOOKS = 60, 10
"""After another size of text: how soon, and how often, to see whether the page has laid itself out."""
KEY_FILES = ("keyslot", "keyslot.previous")
CASE_FILE = "workbook.db"
UNFINISHED_FILE = "unfinished"
WAITING_FILE = "joining"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowParts:
    """What the composition root puts together for the window."""

    runner: JobRunner
    opening: Opening
    clock: Clock
    screens: Sequence[Screen]
    preferences: Preferences
    keep_preferences: Callable[[Preferences], None]


class MainWindow(QMainWindow):
    """Owns what is on show, and the one way to lock."""

    work_begins = Signal()
    """The workbook is open and nothing of it is on show yet."""
    locked = Signal()
    """Everything that was on show is destroyed."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._preferences = parts.preferences
        self.workbench: Workbench | None = None
        self.setWindowTitle(NAME)
        self.setAccessibleName(NAME)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._curtain: Curtain | None = None
        self._exchange: BackgroundExchange | None = None
        self._front: QWidget | None = None
        self._was_at: QWidget | None = None
        self._doomed: list[QWidget] = []
        self.input = InputWatch(self)
        self.clipboard = ClipboardWatch(self)
        self._in_demo = False
        self._size_before = QSize()
        self._was_maximized = False
        self._shrinker = QTimer(self)
        self._shrinker.setInterval(LOOK_AGAIN_MS)
        self._looks_left = 0
        self._shrinker.timeout.connect(self._shrink_back)
        self._sweeper = QTimer(self)
        self._sweeper.setSingleShot(True)
        self._sweeper.setInterval(0)
        self._sweeper.timeout.connect(self._sweep)
        self.input.cover_key.connect(self.cover)
        self.input.lift_key.connect(self.lift)
        self.input.lock_key.connect(self.lock)
        self.input.idle.connect(self.lock)
        parts.runner.changed.connect(self._changed)
        self._keys = []
        sizes = {"Ctrl++": self._larger, "Ctrl+=": self._larger, "Ctrl+-": self._smaller, "Ctrl+0": self._usual}
        for keys, act in sizes.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
            self._keys.append(shortcut)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._use(parts.preferences)

    # ------------------------------------------------------------------ what is on show

    def begin(self) -> None:
        """Unlocking, waiting to be let in, or the first run: whatever this folder calls for, by its file names."""
        folder = self._parts.opening.folder
        if not any((folder / name).exists() for name in KEY_FILES):
            if (folder / CASE_FILE).exists() and not (folder / UNFINISHED_FILE).exists():
                self._show_unlock().tell(KeyFileGone())
            else:
                self._show_first_run(waiting=False)
        elif (folder / WAITING_FILE).exists():
            self._show_first_run(waiting=True)
        else:
            self._show_unlock()

    def show_demo(self) -> None:
        """The demo is open: the band stands from the first moment, and locking leads back to the first page."""
        self._in_demo = True
        self.show_workbench()

    def show_workbench(self) -> None:
        """The workbook is open: show the first screen."""
        from desktop.app.workbench import Workbench

        self.work_begins.emit()
        self._hang_curtain()
        bench = Workbench(self._parts.runner, self._parts.clock, self._parts.screens, self._preferences)
        bench.cover_asked.connect(self.cover)
        bench.lock_asked.connect(self.lock)
        bench.alone_wanted.connect(self._fill_screen)
        bench.preferences_wanted.connect(self._set_preferences)
        from desktop.app.exchanging import BackgroundExchange  # these bring the services, which the unlock window
        from desktop.app.status import StatusLine  # does without
        from desktop.app.warming import Warming

        status = StatusLine(self._parts.runner, bench, bench.changes, bench)
        self._exchange = exchange = BackgroundExchange(self._parts.runner, self._parts.clock, bench.changes, bench)
        exchange.words.connect(status.set_activity)
        exchange.done.connect(status.look)
        exchange.done.connect(bench.changes.exchanged)
        exchange.ended.connect(self._end)
        status.known.connect(exchange.heard_state)
        self.workbench = bench
        if self._in_demo:
            bench.band.appear()
        else:
            bench.band.look()
        self._put_front(bench)
        bench.go_to(self._parts.screens[0].name)
        self.input.set_idle_minutes(self._preferences.lock_after_minutes)
        Warming(self._parts.runner, bench)

    def cover(self) -> None:
        """Put the curtain in place of the page (F9)."""
        if self.workbench is None or self._curtain is None or self.input.covered:
            return
        self._close_popups()
        self.input.covered = True
        self._was_at = self.workbench.focusWidget()
        self._stack.setCurrentWidget(self._curtain)
        self._stack.removeWidget(self.workbench)  # hidden alone, a screen reader could still read it

    def lift(self) -> None:
        """Take the curtain away (Esc)."""
        if not self.input.covered or self.workbench is None:
            return
        self.input.covered = False
        self._stack.addWidget(self.workbench)
        self._stack.setCurrentWidget(self.workbench)
        was_at, self._was_at = self._was_at, None
        still_there = was_at is not None and isValid(was_at) and was_at.isVisible()
        (was_at if was_at is not None and still_there else self.workbench).setFocus(Qt.FocusReason.OtherFocusReason)

    def lock(self) -> None:
        """One function for every reason to lock: key, idle time, lid, session, curtain.

        The page goes first, the keys right after; the unlock box is there before this returns.
        """
        if self.workbench is None:
            return
        self.input.set_idle_minutes(0)
        self._close_popups()
        bench, self.workbench = self.workbench, None
        bench.save_last_words()
        if self._exchange is not None:
            self._exchange.send_last()
            self._exchange = None
        self.input.covered = False
        was_demo, self._in_demo = self._in_demo, False
        if was_demo:
            self.begin()
        else:
            self._show_unlock()
        self.repaint()  # at once: to destroy what was on show takes longer than a glance
        self.clipboard.clear()
        self._parts.runner.lock()
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                self._doom(other)
        self._doom(bench)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is locking."""
        self.lock()
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        room = (self.screen() or QGuiApplication.primaryScreen()).availableSize()
        return QSize(min(room.width(), em_px(self, 160)), min(room.height(), em_px(self, 95)))

    # ------------------------------------------------------------------ inside

    def _hang_curtain(self) -> None:
        """Before there is anything to cover, so that covering takes no time."""
        from desktop.app.curtain import Curtain

        if self._curtain is None:
            self._curtain = Curtain()
            self._curtain.lock_due.connect(self.lock)
            self._curtain.lifted.connect(self.lift)
            self._stack.addWidget(self._curtain)

    def _show_unlock(self) -> UnlockView:
        view = UnlockView(self._parts.opening)
        view.opened.connect(self.show_workbench)
        view.not_admitted.connect(self._show_waiting)
        HelpOver(self._stack, self._parts.runner, view)
        self._put_front(view)
        view.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        return view

    def _end(self, error: AppError) -> None:
        """The person was removed: their workbook is closed for good, and this is all there is to say."""
        self.lock()
        if isinstance(self._front, UnlockView):
            self._front.tell(error)

    def _show_waiting(self) -> None:
        self._show_first_run(waiting=True)

    def _show_first_run(self, *, waiting: bool) -> None:
        from desktop.screens.first_run.view import FirstRunView

        view = FirstRunView(self._parts.opening, waiting=waiting)
        view.opened.connect(self.show_workbench)
        view.demo_opened.connect(self.show_demo)
        HelpOver(self._stack, self._parts.runner, view)
        self._put_front(view)
        view.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_front(self, widget: QWidget) -> None:
        old, self._front = self._front, widget
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        if old is not None and old is not widget:
            self._doom(old)

    def _doom(self, widget: QWidget) -> None:
        """Take a widget off the screen now; destroy it at the very next turn of the loop.

        Not at once: it may be the one whose button was pressed to get here. Not given another parent first
        either: that would have every part of it styled once more, the slowest part of a lock.
        """
        if widget in self._doomed:
            return
        widget.hide()
        self._stack.removeWidget(widget)
        self._doomed.append(widget)
        self._sweeper.start()

    def _sweep(self) -> None:
        from desktop.app.workbench import Workbench

        doomed, self._doomed = self._doomed, []
        was_open = any(isinstance(widget, Workbench) for widget in doomed)
        while doomed:
            widget = doomed.pop()
            widget.close()
            widget.deleteLater()
            del widget
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        if was_open:
            self.locked.emit()

    def _close_popups(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            if QApplication.activePopupWidget() is popup:
                break

    def _fill_screen(self, whole: bool) -> None:  # a signal gives it
        """A page that stands alone has the whole screen; afterwards the window is as it was."""
        if not self.isVisible() or whole is self.isFullScreen():
            return
        if whole:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
        elif self._was_maximized:
            self.showMaximized()
        else:
            self.showNormal()

    def _changed(self, changed: Changed) -> None:
        if self.workbench is not None:
            self.workbench.hear_change(changed)

    # ------------------------------------------------------------------ settings

    def _larger(self) -> None:
        self._resize_text(TEXT_STEP_PERCENT)

    def _smaller(self) -> None:
        self._resize_text(-TEXT_STEP_PERCENT)

    def _usual(self) -> None:
        self._resize_text(100 - self._preferences.text_percent)

    def _resize_text(self, step_percent: int) -> None:
        wanted = self._preferences.look().larger(step_percent).text_percent
        self._set_preferences(replace(self._preferences, text_percent=wanted))

    def _shrink_back(self) -> None:
        """Larger text first asks for more room than a small screen has; a moment later the columns have given way."""
        if self.width() > self._size_before.width() and not (self.isMaximized() or self.isFullScreen()):
            self.resize(self._size_before)
        self._looks_left -= 1
        if self._looks_left <= 0:
            self._shrinker.stop()

    def _system_changed(self) -> None:
        if self._preferences.theme == ThemeName.SYSTEM.value:
            self._use(self._preferences)

    def _set_preferences(self, wanted: Preferences) -> None:
        self._use(wanted)
        self._parts.keep_preferences(wanted)

    def _use(self, wanted: Preferences) -> None:
        self._preferences = wanted
        if self.isVisible():
            if not self._shrinker.isActive():
                self._size_before = self.size()
                self._shrinker.start()
            self._looks_left = LOOKS
        apply_look(wanted.look(), self)
        self.input.letter_keys = wanted.letter_keys
        if self.workbench is not None:
            self.workbench.take_look()
            self.input.set_idle_minutes(wanted.lock_after_minutes)
