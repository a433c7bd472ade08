"""The switcher: a panel over the page, where one line of typing leads anywhere (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from desktop.models import Column, TupleModel
from desktop.screens.context import ScreenContext
from desktop.screens.switcher.lines import Line, PageName
from desktop.screens.switcher.presenter import SwitcherPresenter, SwitcherView
from desktop.theme import look
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Flow,
    ListTable,
    SearchBox,
    Text,
    Tick,
    Tone,
    announce,
    em_px,
    styled,
)

PANEL_EM = 92
"""As wide as two columns of words need; a narrow window gives what it has."""
ONE_COLUMN_BELOW_EM = 70
SHADE_OF_255 = 110
STAY_KEYS = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_F1})
SIZE_KEYS = frozenset({Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_0, Qt.Key.Key_K})
MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


class Switcher(QWidget):
    """Lies over its host, shaded, with the panel in the middle. Esc or a press beside the panel closes it.

    While it is open, no key reaches the page below but those that change the text size, lock or cover.
    """

    def __init__(self, context: ScreenContext, pages: Sequence[PageName], host: QWidget) -> None:
        super().__init__(host)
        styled(self, "clear")
        self.hide()
        self._host = host
        self._was_at: QWidget | None = None
        self._enter_waits = self._names = self._narrow = False
        self._shown_for = ""
        self.presenter = SwitcherPresenter(context, pages, self)
        self._model: TupleModel[Line] = TupleModel(self._columns(), self)
        self.box = _FindBox()
        self.names = Tick("Show names")
        self.close_button = Button("Close", "quiet", icon_name="x", window_keys="Esc")
        self._summary = Text("", "muted")
        self._problem = Banner("", "", Tone.ERROR)
        self.table = ListTable("Found", self._model)
        self.table.horizontalHeader().hide()
        self.panel = Card(self.box, Flow(self.names, self.close_button), self._summary, self._problem, gap="small")
        self.panel.body.addWidget(self.table, 1)
        self.panel.setParent(self)
        self.panel.setAccessibleName("Find anything")
        self.setAccessibleName("Find anything")
        self._problem.clear()
        host.installEventFilter(self)
        self.box.asked.connect(self.presenter.search)
        self.box.moved.connect(self._move)
        self.box.returnPressed.connect(self._enter)
        self.names.toggled.connect(self._show_names)
        self.close_button.clicked.connect(self.shut)
        self.table.opened.connect(self._choose)
        self.table.clicked.connect(self._clicked)
        self.presenter.shown.connect(self._show)
        self.presenter.failed.connect(self._failed)

    def open_for(self, case: RecordId | None) -> None:
        """Come up, empty. `case`: the one on show, whose steps are listed as well."""
        if self.isVisible():
            self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.box.selectAll()
            return
        self._was_at = QApplication.focusWidget()
        self._enter_waits = False
        self.box.clear()
        self._problem.clear()
        self._fill_host()
        self.show()
        self.raise_()
        self.presenter.arrive(case)
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        announce(self, "Find anything. Type, choose with the arrows, open with Enter, close with Esc.")

    def shut(self) -> None:
        """Go away and give the keyboard back to where it was."""
        if not self.isVisible():
            return
        self.put_away()
        was_at, self._was_at = self._was_at, None
        if was_at is not None and isValid(was_at) and was_at.isVisible():
            was_at.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """Go away: another page, a cover or a lock comes. Nothing that was found stays behind."""
        self.hide()
        self.presenter.leave()
        self.box.clear()
        self._model.put(())

    # ------------------------------------------------------------------ Qt

    def event(self, event: QEvent) -> bool:
        """A key that nothing in the panel wants must not become a shortcut of the page below."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if key not in STAY_KEYS and not (with_ctrl and key in SIZE_KEYS):
                event.accept()
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() is QEvent.Type.Resize and self.isVisible():
            self._fill_host()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "panel"):
            self._fill_host()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the panel: what lies below cannot be seen well."""
        stops: list[QWidget] = [self.box, self.names, self.close_button, self.table]
        now = next((place for place, stop in enumerate(stops) if stop.hasFocus()), -1)
        stops[(now + (1 if forward else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.shut()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shade = QColor(look().tokens.nav)
        shade.setAlpha(SHADE_OF_255)
        painter.fillRect(self.rect(), shade)
        painter.end()

    # ------------------------------------------------------------------ inside

    def _fill_host(self) -> None:
        self.setGeometry(self._host.rect())
        edge = look().scale.medium
        wide = min(self.width() - 2 * edge, em_px(self, PANEL_EM))
        high = min(self.height() - 2 * edge, round(self.height() * 0.8) + edge)
        self.panel.setGeometry((self.width() - wide) // 2, edge, wide, high)
        narrow = wide < em_px(self, ONE_COLUMN_BELOW_EM)
        if narrow is not self._narrow:
            self._narrow = narrow
            self._show_columns()

    def _show(self, view: SwitcherView) -> None:
        if view.whole:
            self._problem.clear()
        self._model.put(view.lines)
        self._summary.setText(view.summary)
        another, self._shown_for = self._shown_for != self.presenter.words, self.presenter.words
        if view.lines and (another or not self.table.currentIndex().isValid()):
            self.table.setCurrentIndex(self._model.index(0, 0))
        if view.whole and self._enter_waits:
            self._enter_waits = False
            self._choose_first()
        elif view.whole and view.summary:
            announce(self, view.summary)

    def _move(self, step: int) -> None:
        count = self._model.rowCount()
        if not count:
            return
        number = min(max(0, self.table.currentIndex().row() + step), count - 1)
        self.table.setCurrentIndex(self._model.index(number, 0))
        line = self._model.row_at(number)
        if line is not None:
            announce(self, f"{line.words}, {line.shown(names=self._names)}, {number + 1} of {count}")

    def _enter(self) -> None:
        """The box has just asked for what stands in it; if the answer is not there yet, Enter waits for it."""
        if self.presenter.is_whole:
            self._choose_current()
        else:
            self._enter_waits = True

    def _choose_current(self) -> None:
        line = self._model.row_at(max(0, self.table.currentIndex().row()))
        if line is not None:
            self._choose(line)

    def _choose_first(self) -> None:
        line = self._model.row_at(0)
        if line is not None:
            self._choose(line)

    def _clicked(self, index: QModelIndex) -> None:
        line = self._model.row_at(index.row())
        if line is not None:
            self._choose(line)

    def _choose(self, line: Line) -> None:
        if not self.isVisible():
            return  # a press can say twice that it opens a row
        self.shut()
        self.presenter.choose(line)

    def _show_names(self, shown: bool) -> None:
        self._names = shown
        self._show_columns()

    def _show_columns(self) -> None:
        at = max(0, self.table.currentIndex().row())
        self._model.show_columns(self._columns())
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(at, 0))

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _columns(self) -> tuple[Column[Line], ...]:
        if self._narrow:
            return (Column(heading="Found", words=self._both, wide_em=30, stretch=True),)
        words: Column[Line] = Column(heading="Found", words=_words, wide_em=26, stretch=True)
        detail: Column[Line] = Column(heading="What it is", words=self._detail, wide_em=30, stretch=True)
        return (words, detail)

    def _both(self, line: Line) -> str:
        return f"{line.words}: {line.shown(names=self._names)}"

    def _detail(self, line: Line) -> str:
        return line.shown(names=self._names)


class _FindBox(SearchBox):
    """Up and down go through the list while one types."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__("Name, street, reference, page or step", name="Find anything")
        self.setAccessibleDescription("Arrows go through what was found. Enter opens it. Esc closes.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = MOVES.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
            return
        super().keyPressEvent(event)


def _words(line: Line) -> str:
    return line.words
