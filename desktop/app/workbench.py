"""Everything that is shown while the workbook is open: navigation and pages. Destroyed whole at every lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from core.domain.changed import Changed
from core.foundation.errors import BugError
from core.foundation.ids import RecordId
from core.foundation.ports import Clock
from desktop.app.gate import OPEN, Gate
from desktop.app.made_up import MadeUpBand
from desktop.app.navigation import Shape, SideBar, TopBar, shape_for
from desktop.app.screens import Screen
from desktop.operations.base import Runner
from desktop.screens.context import Changes, ScreenContext
from desktop.screens.preferences import Preferences
from desktop.widgets import Toast, column, styled
from desktop.widgets.reading import step_focus

if TYPE_CHECKING:
    from desktop.screens.switcher.lines import PageName
    from desktop.screens.switcher.view import Switcher


class Workbench(QWidget):
    """Builds each page on its first visit and keeps it. Is the `Shell` its screens see."""

    cover_asked = Signal()
    lock_asked = Signal()
    preferences_wanted = Signal(object)
    alone_wanted = Signal(bool)
    """The page on show wants the whole screen, or no longer does."""

    def __init__(self, runner: Runner, clock: Clock, screens: Sequence[Screen], preferences: Preferences) -> None:
        super().__init__()
        styled(self, "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._screens = {screen.name: screen for screen in screens}
        self._pages: dict[str, QWidget] = {}
        self._trail: list[tuple[str, dict[str, object]]] = []
        self._preferences = preferences
        self._alone = False
        self.changes = Changes(self)
        self._context = ScreenContext(runner, clock, self, self.changes)
        self._gate = Gate(runner, self)
        self.changes.announced.connect(self._gate.hear)
        in_nav = [screen for screen in screens if screen.in_nav]
        self.side, self.top = SideBar(in_nav), TopBar(in_nav)
        self._stack = QStackedWidget()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        right = styled(QWidget(), "canvas")
        inside = column(right, gap="none")
        self.band = MadeUpBand(runner)
        inside.addWidget(self.band)
        inside.addWidget(self._stack, 1)
        for part in (self.side, self.top):
            self._layout.addWidget(part)
        self._layout.addWidget(right, 1)
        self._toast = Toast(right)
        self._keys = [
            self._key(keys, partial(self._by_key, screen))
            for screen in screens
            for keys in (screen.key, *screen.keys_too)
            if keys
        ]
        self._keys.append(self._key("Esc", self._escape))
        self._keys.append(self._key("Ctrl+K", self.find_anything))
        self._switcher: Switcher | None = None
        for screen in in_nav:
            self.side.buttons[screen.name].clicked.connect(partial(self._by_key, screen))
        self.top.chosen.connect(self._by_name)
        for bar in (self.side, self.top):
            bar.back.clicked.connect(self.go_back)
            bar.look_up.clicked.connect(self.find_anything)
            bar.cover.clicked.connect(self.cover_asked)
            bar.lock.clicked.connect(self.lock_asked)
        self._take_shape()

    # ------------------------------------------------------------------ the shell its screens see

    def go_to(self, name: str, **arguments: object) -> None:
        """Show a screen; the one on show may first save, or keep the person where they are.

        A case that is shut for them leads to the question why.

        Raises:
            BugError: there is no such screen.
        """
        if name not in self._screens:
            raise BugError(rule=f"there is a screen called {name}")
        if self._may_leave():
            self._gate.open(name, arguments, self._go_on)

    def go_back(self) -> None:
        """The page before this one, or the first."""
        if len(self._trail) < 2 or not self._may_leave():
            return
        self._gate.open(*self._trail[-2], self._go_back_to)

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        self._toast.say(words, undo)

    def lock(self) -> None:
        self.lock_asked.emit()

    def cover(self) -> None:
        self.cover_asked.emit()

    def stand_alone(self, alone: bool) -> None:  # as the protocol has it
        if alone is not self._alone:
            self._alone = alone
            self._take_shape()
            self.alone_wanted.emit(alone)

    def find_anything(self) -> None:
        """The switcher over the page. Not where a page stands alone: whoever sits opposite would see names."""
        if self._alone:
            return
        if self._switcher is None:
            from desktop.screens.switcher.view import Switcher

            self._switcher = Switcher(self._context, self._names_of_pages(), self)
        self._switcher.open_for(self._case_on_show())

    def show_status(self, words: str) -> None:
        self.side.set_status(words)

    def preferences(self) -> Preferences:
        return self._preferences

    def set_preferences(self, wanted: Preferences) -> None:
        self._preferences = wanted
        self.preferences_wanted.emit(wanted)

    # ------------------------------------------------------------------ for the window

    @property
    def current(self) -> str:
        """Name of the screen on show; empty before the first."""
        return self._trail[-1][0] if self._trail else ""

    def page(self, name: str) -> QWidget | None:
        """A page that has been built, or None."""
        return self._pages.get(name)

    def hear_change(self, changed: Changed) -> None:
        self.changes.announced.emit(changed)

    def save_last_words(self) -> None:
        """Before a lock: let the page on show start its saving operations (with `last_words`)."""
        self._may_leave()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab from the navigation into a page goes to where the page begins, and at its end to a message, if any."""
        if step_focus(self.side, self.top, self._stack, self._toast, forward=forward, round_again=True):
            return True
        return super().focusNextPrevChild(forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_shape()

    def take_look(self) -> None:
        """The text size or theme has changed."""
        self._take_shape()

    # ------------------------------------------------------------------ inside

    def _go_back_to(self, name: str, arguments: dict[str, object]) -> None:
        del self._trail[-2:]
        self._go_on(name, arguments)

    def _go_on(self, name: str, arguments: dict[str, object]) -> None:
        if self.current == "declare":
            self._trail.pop()  # a question that was answered, or left, is nowhere to come back to
        if not self._trail or self._trail[-1] != (name, arguments):
            self._trail.append((name, arguments))
            del self._trail[:-20]
        self._show(name, arguments)

    def _by_name(self, name: str) -> None:
        self._by_key(self._screens[name])

    def _by_key(self, screen: Screen) -> None:
        if screen.about_place:
            self._show_help(screen)
            return
        cases = (arguments.get("case") for _, arguments in reversed(self._trail))
        case = next((case for case in cases if isinstance(case, bytes)), None) if screen.with_case else None
        self.go_to(screen.name, **({} if case is None else {"case": case}))

    def _show_help(self, screen: Screen) -> None:
        """About the page on show; of a case also about the step. A page that stands alone is not left for it."""
        if self._alone:
            return
        arguments = self._trail[-1][1] if self._trail else {}
        step = arguments.get("step")
        if self.current != screen.name:
            self.go_to(screen.name, place=self.current, step=step if isinstance(step, str) else "")

    def _names_of_pages(self) -> tuple[PageName, ...]:
        from desktop.screens.switcher.lines import PageName

        return tuple(
            PageName(screen.words, screen.name, screen.key)
            for screen in self._screens.values()
            if screen.in_nav or screen.by_name
        )

    def _case_on_show(self) -> RecordId | None:
        """The case the page on show is about, once it has passed the gate."""
        name, arguments = self._trail[-1] if self._trail else ("", {})
        case = arguments.get("case")
        return RecordId(case) if isinstance(case, bytes) and name not in OPEN else None

    def _escape(self) -> None:
        if self._switcher is not None and self._switcher.isVisible():
            self._switcher.shut()
        elif self._alone:
            self.cover_asked.emit()
        else:
            self.go_back()

    def _show(self, name: str, arguments: dict[str, object]) -> None:
        if self._switcher is not None:
            self._switcher.put_away()
        page = self._pages.get(name)
        if page is None:
            page = self._screens[name].factory(self._context)
            self._pages[name] = page
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        for bar in (self.side, self.top):
            bar.back.setVisible(len(self._trail) > 1)
        self.side.set_current(name)
        self.top.set_current(self._screens[name].words)
        self._call(page, "arrive", **arguments)
        focus = self._call(page, "first_focus")
        if isinstance(focus, QWidget):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_leave(self) -> bool:
        page = self._pages.get(self.current)
        return page is None or self._call(page, "leave") is not False

    @staticmethod
    def _call(page: QWidget, method: str, **arguments: object) -> Any:
        act = getattr(page, method, None)
        return act(**arguments) if callable(act) else None

    def _key(self, keys: str, act: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)
        return shortcut

    def _take_shape(self) -> None:
        shape = shape_for(self, self.width())
        down = shape is Shape.MENU
        shown, hidden = (self.top, self.side) if down else (self.side, self.top)
        hidden.hide()
        direction = QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(direction)
        shown.setVisible(not self._alone)  # last: beside the page it would hold the window open as wide as both
        if shape is not Shape.MENU:
            self.side.set_shape(shape)
