"""A moment, typed as people say it, with a calendar for those who prefer to point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QFrame, QWidget

from desktop.widgets.base import column, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.fields import TextBox
from desktop.widgets.moments import UK, date_words, parse_day, parse_moment, typed_words, whole_words


class DateTimeField(QWidget):
    """A box that reads "Today, 9:41am" and a button that opens a calendar. Put it in a `Field`.

    `now` tells the time (a `Clock.now`). `value()` is UTC, or None if the words cannot be read.
    """

    edited = Signal()

    def __init__(self, now: Callable[[], datetime], *, zone: ZoneInfo = UK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._now, self._zone = now, zone
        self.box = TextBox("For example: today, 9:41am", wide_em=26)
        self._button = Button("Choose a day", "icon", icon_name="calendar")
        self._button.setAccessibleDescription("Opens a calendar")
        layout = row(self)
        layout.addWidget(self.box, 1)
        layout.addWidget(self._button)
        self._calendar: _Calendar | None = None
        self.setFocusProxy(self.box)
        self.box.textEdited.connect(self._edited)
        self.box.editingFinished.connect(self._tidy)
        self._button.clicked.connect(self._open)

    def value(self) -> datetime | None:
        """The moment typed, in UTC, or None."""
        return parse_moment(self.box.text(), self._now(), self._zone)

    def set_value(self, moment: datetime | None) -> None:
        self.box.setText(self._words(moment) if moment else "")
        self._tell()

    def _words(self, moment: datetime) -> str:
        return typed_words(moment, self._now(), self._zone)

    def text(self) -> str:
        return self.box.text()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.box.setAccessibleName(name)
        self._button.setAccessibleName(f"Choose a day: {name}")

    def setAccessibleDescription(self, description: str) -> None:
        super().setAccessibleDescription(description)
        self.box.setAccessibleDescription(description)

    def _edited(self) -> None:
        self._tell()
        self.edited.emit()

    def _tidy(self) -> None:
        if (moment := self.value()) is not None:
            self.set_value(moment)

    def _tell(self) -> None:
        moment = self.value()
        self.box.setToolTip(whole_words(moment, self._zone) if moment else "")

    def _open(self) -> None:
        if self._calendar is None:
            self._calendar = _Calendar(self)
            self._calendar.chosen.connect(self._chosen)
        shown = (self.value() or self._now()).astimezone(self._zone).date()
        self._calendar.open_at(
            self._button.mapToGlobal(QPoint(0, self._button.height())), QDate(shown.year, shown.month, shown.day)
        )

    def _chosen(self, day: QDate) -> None:
        before = (self.value() or self._now()).astimezone(self._zone).time()
        moment = datetime.combine(day.toPython(), time(before.hour, before.minute), tzinfo=self._zone)  # type: ignore[arg-type]
        self.set_value(moment)
        self.box.setFocus()
        self.edited.emit()


class DayField(DateTimeField):
    """As `DateTimeField` for a day without a time: "27 November", "tomorrow", "in 2 weeks". `value()` is its noon."""

    def __init__(self, now: Callable[[], datetime], *, zone: ZoneInfo = UK, parent: QWidget | None = None) -> None:
        super().__init__(now, zone=zone, parent=parent)
        self.box.setPlaceholderText("For example: 27 November, or in 2 weeks")

    def value(self) -> datetime | None:
        """Noon of the day typed, in UTC, or None."""
        day = self.day()
        return None if day is None else datetime.combine(day, time(12), tzinfo=self._zone).astimezone(UTC)

    def day(self) -> date | None:
        """The day typed, or None."""
        return parse_day(self.box.text(), self._now(), self._zone)

    def set_day(self, day: date | None) -> None:
        """Show a day."""
        self.box.setText(date_words(day, self._now(), self._zone) if day else "")
        self._tell()

    def _words(self, moment: datetime) -> str:
        return date_words(moment.astimezone(self._zone).date(), self._now(), self._zone)


class _Calendar(QFrame):
    """The pop-up calendar. Esc closes it; Enter or a click chooses."""

    chosen = Signal(QDate)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        styled(self, "card")
        self._calendar = QCalendarWidget(self)
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self._calendar.setAccessibleName("Calendar")
        column(self).addWidget(self._calendar)
        self._calendar.activated.connect(self._take)
        self._calendar.clicked.connect(self._take)

    def open_at(self, corner: QPoint, day: QDate) -> None:
        self._calendar.setSelectedDate(day)
        self.adjustSize()
        screen = self.screen().availableGeometry()
        left = min(corner.x(), screen.right() - self.width())
        top = min(corner.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), left), max(screen.top(), top))
        self.show()
        self._calendar.setFocus()

    def _take(self, day: QDate) -> None:
        self.hide()
        self.chosen.emit(day)
