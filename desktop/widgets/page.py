"""A page: what it is called, what can be done, what must never scroll away, and the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QSizePolicy, QWidget

from desktop.theme import look
from desktop.widgets.base import column, row, styled
from desktop.widgets.flow import Flow
from desktop.widgets.reading import bring_into_view, step_focus
from desktop.widgets.text import Line, Text

_MOST_FIXED = 0.5
"""The part of a page's height that may be held by what does not scroll."""
_BACK_AGAIN = 0.8
"""How far below that it must fall before the title stands still again; else a page could swing to and fro."""
_MOST_FOOT = 0.18
"""The part of a page's height that its buttons may hold at the foot while the title scrolls: one line of them."""


class Card(QFrame):
    """A white box that holds one thing. `card.body` is its column."""

    def __init__(
        self, *children: QWidget, heading: str = "", gap: str = "medium", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        styled(self, "card")
        self.body = column(self, gap=gap)
        scale = look().scale
        self.body.setContentsMargins(scale.large, scale.large, scale.large, scale.large)
        if heading:
            self.body.addWidget(Text(heading, "heading"))
        for child in children:
            self.body.addWidget(child)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "body"):
            side = look().scale.large
            self.body.setContentsMargins(side, side, side, side)


class Page(QWidget):
    """The frame of every screen.

    `tags` (a Flow) stands beside the title, `actions` (a Flow) at the right, `pinned` (a column)
    under them and never scrolls, `body` (a column) takes the rest and scrolls unless `scrolls` is False
    (for a page whose table scrolls by itself).
    """

    actions: Flow  # type: ignore[assignment]  # takes the place of QWidget.actions(), which nothing here uses

    def __init__(self, title: str, *, scrolls: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._whole = column(self, gap="medium")
        self.title = Line(title, "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.tags = Flow()
        self.actions = Flow(to_right=True)
        self._top = styled(QWidget(), "clear")
        self._head = row(self._top, gap="medium")
        self._head.addWidget(self.title)
        self._head.addWidget(self.tags, 1, Qt.AlignmentFlag.AlignVCenter)
        self._head.addWidget(self.actions, 0, Qt.AlignmentFlag.AlignVCenter)
        self._whole.addWidget(self._top)
        self.pinned = column(self._whole, gap="small")
        self._content = styled(QWidget(), "clear")
        self.body = column(self._content, gap="medium")
        self._scrolls, self._top_scrolls, self._sharing = scrolls, False, False
        self._at_foot = False
        self._scroller: ScrollArea | None = None
        if scrolls:
            self._scroller = scrolling(self._content)
            self._scroller.room_changed.connect(self._leave_room_for_bar)
            self._whole.addWidget(self._scroller, 1)
        else:
            self._whole.addWidget(self._content, 1)
        self._foot = column(self._whole, gap="small")
        self._reshare = QTimer(self)  # once all that came at the same time is in its place
        self._reshare.setSingleShot(True)
        self._reshare.setInterval(0)
        self._reshare.timeout.connect(self._share_height)
        self._back_in_view = QTimer(self)
        self._back_in_view.setSingleShot(True)
        self._back_in_view.setInterval(0)
        self._back_in_view.timeout.connect(self._show_focus)
        self._settle_margins()
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Rename the page. Never a person's name or an address: titles are read over shoulders."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget at the end of the body."""
        self.body.addWidget(widget, stretch)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the page is read. Qt asks from the inside out: what comes after the page, its window says."""
        if step_focus(self, forward=forward, round_again=self.isWindow()):
            return True
        return super().focusNextPrevChild(forward)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "body"):
            self._settle_margins()

    def _settle_margins(self) -> None:
        scale = look().scale
        self._whole.setContentsMargins(scale.huge, scale.large, 0, scale.large)
        for part in (self.pinned, self._foot):  # the scroll bar stands in the right margin
            part.setContentsMargins(0, 0, scale.huge, 0)
        self._head.setContentsMargins(0, 0, 0 if self._top_scrolls else scale.huge, 0)
        self._leave_room_for_bar()

    def _leave_room_for_bar(self) -> None:
        """Nothing moves when the scroll bar comes, and what scrolls ends where what stands above it ends."""
        margin = look().scale.huge - (self._scroller.bar_px if self._scroller is not None else 0)
        if self.body.contentsMargins().right() != max(0, margin):
            self.body.setContentsMargins(0, 0, max(0, margin), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def event(self, event: QEvent) -> bool:
        """What a page shows comes after its size: tags and safe ways can take more room than there was."""
        if event.type() is QEvent.Type.LayoutRequest and hasattr(self, "_reshare"):
            self._reshare.start()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it can be with its buttons at the foot."""
        whole = super().minimumSizeHint()
        if self._at_foot or not self._scrolls:
            return whole
        beside = self.actions.minimumSizeHint().width()
        head = self._head.minimumSize().width()
        least = max(head - beside - self._head.spacing(), beside, self.pinned.minimumSize().width())
        return QSize(whole.width() - max(0, head - least), whole.height())

    def _share_height(self) -> None:
        """Where title and pinned part would take most of a low window, the title scrolls with the body."""
        if self._sharing or not self._scrolls or not self.pinned.count():
            return
        margins = self._whole.contentsMargins()  # its rectangle is not known while it is being laid out
        room = self.width() - margins.left() - margins.right() - look().scale.huge
        fixed = sum(
            max(0, part.heightForWidth(room + part.contentsMargins().right())) for part in (self._head, self.pinned)
        )
        if self._at_foot:  # they would stand beside the title again
            fixed += self.actions.heightForWidth(room)
        most = _MOST_FIXED * self.height() * (_BACK_AGAIN if self._top_scrolls else 1)
        too_much = fixed > most
        if too_much is not self._top_scrolls:
            self._sharing = True  # moving the title makes this page lay itself out, and so come here, again
            self._top_scrolls = too_much
            (self.body if too_much else self._whole).insertWidget(0, self._top)
            self._settle_margins()
            self._sharing = False
            self._back_in_view.start()
        self._place_actions(room)

    def _show_focus(self) -> None:
        """The title has come into what scrolls, or left it: what has the keyboard has moved with the rest."""
        focused = QApplication.focusWidget()
        if self._scrolls and focused is not None and self._content.isAncestorOf(focused):
            bring_into_view(focused)

    def _place_actions(self, room: int) -> None:
        """What saves a long form stays in reach: while the title scrolls, the buttons stand at the foot of the page."""
        fits = self.actions.heightForWidth(room) <= _MOST_FOOT * self.height()
        at_foot = (self._top_scrolls and fits) or self._head_needs() > room + look().scale.huge
        if at_foot is self._at_foot:
            return
        self._sharing, self._at_foot = True, at_foot
        if at_foot:
            self._foot.addWidget(self.actions)
        else:
            self._head.addWidget(self.actions, 0, Qt.AlignmentFlag.AlignVCenter)
        self._top.updateGeometry()  # now, or the page would be asked how narrow it can be before it knows
        self._sharing = False

    def _head_needs(self) -> int:
        """The least width of title, tags and buttons side by side."""
        needs = self._head.minimumSize().width()
        return needs + self._head.spacing() + self.actions.minimumSizeHint().width() if self._at_foot else needs


def scrolling(content: QWidget) -> ScrollArea:
    """A frame that scrolls `content` up and down, never sideways, and follows the keyboard."""
    area = ScrollArea()
    area.setWidget(content)
    return area


class ScrollArea(QScrollArea):
    """Scrolls up and down only; keeps the focused control, with its ring, in view."""

    room_changed = Signal()
    """The scroll bar has come or gone, or the area has another size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A pane of our own is clear already. Asking for Qt's own, a type Python has not met, would have
        # every class of QtWidgets made ready: a tenth of the time to the first page.
        pane = QWidget()
        pane.setObjectName("qt_scrollarea_viewport")
        self.setViewport(pane)

    @property
    def bar_px(self) -> int:
        """How much of its width the scroll bar takes now."""
        return self.width() - self.viewport().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room_changed.emit()


def rule() -> QFrame:
    """A thin line between parts."""
    return styled(QFrame(), "rule")


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and destroy it."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)
