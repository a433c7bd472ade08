"""Small habits every widget of the kit shares."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from desktop.theme import look

LOOK_EVENTS = (QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange)
"""A widget that draws or holds an icon looks again when one of these reaches `changeEvent`."""

W = TypeVar("W", bound=QWidget)


def styled(widget: W, kind: str, **properties: str) -> W:
    """Give a widget its `kind`, on which the style sheet hangs, and return it."""
    widget.setProperty("kind", kind)
    for name, value in properties.items():
        widget.setProperty(name, value)
    return widget


def restyle(widget: QWidget, **properties: str) -> None:
    """Change style properties of a widget that is already shown."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def em_px(widget: QWidget, count: float) -> int:
    """A width of about `count` letters in this widget's own font. The only way widths are said."""
    return round(QFontMetricsF(widget.font()).horizontalAdvance("n") * count)


class Column(QVBoxLayout):
    """Knows how high it is at each width until something in it changes.

    Qt remembers one width only. Where a page is asked for two in turn, as it is while it is being laid out, columns in
    columns would measure every word again and again: each level doubles it, and a long file takes half a minute.
    """

    def __init__(self) -> None:
        super().__init__()
        self._high: dict[int, int] = {}
        self._least_high: dict[int, int] = {}

    def invalidate(self) -> None:
        self._high.clear()
        self._least_high.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._high:
            self._high[width] = super().heightForWidth(width)
        return self._high[width]

    def minimumHeightForWidth(self, width: int) -> int:
        if width not in self._least_high:
            self._least_high[width] = super().minimumHeightForWidth(width)
        return self._least_high[width]


def column(parent: QWidget | QLayout | None = None, *, gap: str = "medium") -> QVBoxLayout:
    """A column without margins. `gap` is a step of the scale: none, tight, small, medium, large, huge."""
    layout = Column()
    _settle(layout, parent, gap)
    return layout


def row(parent: QWidget | QLayout | None = None, *, gap: str = "small") -> QHBoxLayout:
    """A row without margins. For things that must wrap, use `Flow`."""
    layout = QHBoxLayout()
    _settle(layout, parent, gap)
    return layout


def gap_px(gap: str) -> int:
    """Pixels of a named gap at the current text size."""
    return 0 if gap == "none" else int(getattr(look().scale, gap))


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a screen reader say something that appeared without focus moving to it."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # late: the first page says nothing this way

    event = QAccessibleAnnouncementEvent(widget, words)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


def reveal(widget: QWidget, shown: bool) -> None:
    """Show or hide a part. One that has no place yet only takes note: shown by itself it would flash up as a window."""
    if shown and widget.parentWidget() is None:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        return
    widget.setVisible(shown)


def _settle(layout: QBoxLayout, parent: QWidget | QLayout | None, gap: str) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap_px(gap))
    if isinstance(parent, QWidget):
        parent.setLayout(layout)
    elif isinstance(parent, QBoxLayout):
        parent.addLayout(layout)
