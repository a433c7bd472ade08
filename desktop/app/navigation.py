"""The way from page to page. Wide windows get words, narrower ones icons, the narrowest a menu button."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QWidget

from desktop.app.screens import Screen
from desktop.theme import icon, look
from desktop.theme.scale import MENU_BELOW_EM, RAIL_BELOW_EM
from desktop.widgets import Button, OneLine, ScrollArea, Text, column, em_px, row, styled
from desktop.widgets.base import restyle


class Shape(Enum):
    """How much room the navigation may take."""

    WORDS = "words"
    RAIL = "rail"
    MENU = "menu"


def shape_for(window: QWidget, width_px: int) -> Shape:
    """The shape for a window this wide, in letters rather than pixels."""
    letters = width_px / max(1, QFontInfo(window.font()).pixelSize())
    return Shape.MENU if letters < MENU_BELOW_EM else Shape.RAIL if letters < RAIL_BELOW_EM else Shape.WORDS


class NavButton(Button):
    """A line of the navigation. "Current page" is said, bold, and marked with a bar: never by colour alone."""

    def __init__(self, words: str, *, icon_name: str, key: str = "", show_key: bool = False) -> None:
        self._long = f" {words}  ({key})" if show_key and key else f" {words}"
        self._plain, self._key, self._is_current = words, key, False
        super().__init__(words, "nav", icon_name=icon_name)
        self.set_shape(Shape.WORDS)
        self.set_current(False)

    def set_shape(self, shape: Shape) -> None:
        rail = shape is Shape.RAIL
        self.setText("" if rail else self._long)
        self.setToolTip(f"{self._plain} ({self._key})" if self._key else self._plain)
        restyle(self, rail="true" if rail else "false")
        self.set_width(QSizePolicy.Policy.Preferred)

    def set_width(self, policy: QSizePolicy.Policy) -> None:
        """How wide it may become; whether it keeps its place while hidden stays as it was."""
        mine = self.sizePolicy()
        mine.setHorizontalPolicy(policy)
        mine.setVerticalPolicy(QSizePolicy.Policy.Fixed)
        self.setSizePolicy(mine)

    def most_wide(self) -> int:
        """What it needs as the current page, whose words are bold: the page beside it stays where it is."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain = QFont(bold)
        plain.setWeight(QFont.Weight.Normal)
        words = self.text()
        more = QFontMetrics(bold).horizontalAdvance(words) - QFontMetrics(plain).horizontalAdvance(words)
        return self.sizeHint().width() + (0 if self._is_current else max(0, more))

    def set_current(self, current: bool) -> None:
        self._is_current = current
        restyle(self, current="true" if current else "false")
        state = "Current page. " if current else ""
        self.setAccessibleDescription(f"{state}Key: {self._key}" if self._key else state.strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_current and not self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look().tokens.nav_focus))
            inset = self.height() // 5
            painter.drawRoundedRect(2, inset, 4, self.height() - 2 * inset, 2, 2)
            painter.end()


class SideBar(QFrame):
    """Words or icons at the left."""

    def __init__(self, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "nav")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.buttons = {
            screen.name: NavButton(screen.words, icon_name=screen.icon, key=screen.key, show_key=True)
            for screen in screens
        }
        self.back = _back(show_key=True)
        self.look_up = NavButton("Find", icon_name="search", key="Ctrl+K", show_key=True)
        self.cover = NavButton("Cover", icon_name="eye-off", key="F9", show_key=True)
        self.lock = NavButton("Lock", icon_name="lock", key="F12", show_key=True)
        self._name, self._status = OneLine("Workbook", "heading"), Text("")
        self._status_words = ""
        self._shape = Shape.WORDS
        self._layout = column(self, gap="small")
        self._layout.addWidget(self._name)
        self._layout.addWidget(self.back)
        self._layout.addWidget(self.look_up)
        pages = styled(QWidget(), "nav-list")
        pages.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        lines = column(pages, gap="tight")
        for button in self.buttons.values():
            lines.addWidget(button)
        lines.addStretch(1)
        area = ScrollArea()
        area.setWidget(pages)
        self._layout.addWidget(area, 1)
        self._layout.addWidget(self._status)
        self._layout.addWidget(self.cover)
        self._layout.addWidget(self.lock)
        self._settle()

    def set_shape(self, shape: Shape) -> None:
        self._shape = shape
        for button in (*self.buttons.values(), self.back, self.look_up, self.cover, self.lock):
            button.set_shape(shape)
        self._name.setVisible(shape is Shape.WORDS)
        self._status.setVisible(shape is Shape.WORDS and bool(self._status_words))
        self._settle()

    def set_current(self, name: str) -> None:
        for own, button in self.buttons.items():
            button.set_current(own == name)

    def set_status(self, words: str) -> None:
        self._status_words = words
        self._status.setText(words)
        self._status.setVisible(bool(words) and self._shape is Shape.WORDS)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_layout"):
            self._settle()

    def _settle(self) -> None:
        scale = look().scale
        edge = scale.small if self._shape is Shape.WORDS else scale.tight
        self._layout.setContentsMargins(edge, scale.medium, edge, scale.medium)
        self._name.setContentsMargins(scale.small, 0, 0, scale.tight)
        self._status.setContentsMargins(scale.small, 0, scale.small, 0)
        every = (*self.buttons.values(), self.back, self.look_up, self.cover, self.lock)
        needed = max((button.most_wide() for button in every), default=0) + 2 * edge
        self.setFixedWidth(max(needed + scale.small, em_px(self, 7)))

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), 0)


class TopBar(QFrame):
    """The menu button of the narrowest windows, with Back, Find, Cover and Lock beside it."""

    chosen = Signal(str)

    def __init__(self, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "topbar")
        self._screens = tuple(screens)
        self.menu = NavButton("Menu", icon_name="menu")
        self.back = _back()
        self.look_up = NavButton("Find", icon_name="search", key="Ctrl+K")
        self.cover = NavButton("Cover", icon_name="eye-off", key="F9")
        self.lock = NavButton("Lock", icon_name="lock", key="F12")
        self._where = OneLine("")
        layout = row(self, gap="small")
        edge = look().scale.tight
        layout.setContentsMargins(edge, edge, edge, edge)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout.addWidget(self.menu)
        layout.addWidget(self._where)
        layout.addStretch(1)
        for button in (self.back, self.look_up, self.cover, self.lock):
            layout.addWidget(button)
            button.set_shape(Shape.RAIL)
        for button in (self.menu, self.back, self.look_up, self.cover, self.lock):
            button.set_width(QSizePolicy.Policy.Fixed)
        self.menu.clicked.connect(self._open)

    def set_current(self, words: str) -> None:
        self._where.setText(words)

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName("Pages")
        for screen in self._screens:
            action = menu.addAction(icon(screen.icon, look().tokens.text), screen.words)
            action.triggered.connect(partial(self.chosen.emit, screen.name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.menu.mapToGlobal(QPoint(0, self.menu.height())))


def _back(*, show_key: bool = False) -> NavButton:
    """Hidden where there is no page before this one; its place stays, so that nothing jumps."""
    button = NavButton("Back", icon_name="arrow-left", key="Esc", show_key=show_key)
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
    button.hide()
    return button
