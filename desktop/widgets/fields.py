"""Boxes to type in, each with its label, hint and problem wired up for eye, key and screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from desktop.theme import look, pixmap
from desktop.widgets.base import column, em_px, restyle, styled
from desktop.widgets.text import Text

if TYPE_CHECKING:
    from desktop.widgets.banners import ErrorSummary


class TextBox(QLineEdit):
    """One line. `wide_em` is how many letters it should have room for; it may shrink on a narrow screen."""

    def __init__(self, placeholder: str = "", *, wide_em: float = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide_em = wide_em
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, self._wide_em), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, min(self._wide_em, 8)), super().minimumSizeHint().height())


class PassphraseBox(TextBox):
    """A line that shows dots. Its text is never offered to undo, copy, drag or an input method's memory."""

    def __init__(self, *, wide_em: float = 40, parent: QWidget | None = None) -> None:
        super().__init__(wide_em=wide_em, parent=parent)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhHiddenText
        )
        self.show_letters(False)

    def show_letters(self, shown: bool) -> None:
        """Letters instead of dots, for someone alone in the room."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class TextArea(QPlainTextEdit):
    """Several lines. Tab leaves the box. Grows with its text from `lines` up to `most_lines`."""

    def __init__(
        self,
        placeholder: str = "",
        *,
        lines: int = 4,
        most_lines: int = 14,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines, self._most_lines = lines, most_lines
        if large:
            styled(self, "notes")
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._grew)

    def text(self) -> str:
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Whoever comes back to a draft goes on at its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def sizeHint(self) -> QSize:
        return QSize(
            em_px(self, 50), self._height(max(self._lines, min(self._most_lines, self.document().lineCount())))
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 10), self._height(self._lines))

    def _height(self, lines: int) -> int:
        margins = 2 * (look().scale.space(8) + 1) + round(2 * self.document().documentMargin())
        return self.fontMetrics().lineSpacing() * lines + margins

    def _grew(self) -> None:
        self.updateGeometry()


class Select(QComboBox):
    """Choose one of a list. `options` is (value, words). The value may be anything; the words are shown."""

    picked = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[object, str]] = (),
        *,
        empty: str = "",
        wide_em: float = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values: list[object] = []
        self._empty, self._wide_em = empty, wide_em
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a wheel passing over must not change an answer
        self.set_options(options)
        self.activated.connect(self._tell)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Replace the list; the choice is kept where it still exists."""
        kept = self.value()
        self.clear()
        self._values = ([None] if self._empty else []) + [value for value, _ in options]
        self.addItems(([self._empty] if self._empty else []) + [words for _, words in options])
        self.set_value(kept)

    def value(self) -> object:
        """The chosen value, or None."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def set_value(self, value: object) -> None:
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, self._wide_em), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 8), super().minimumSizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = look().scale.icon(16)
        painter = QPainter(self)
        colour = look().tokens.text if self.isEnabled() else look().tokens.disabled
        painter.drawPixmap(
            self.width() - side - look().scale.small,
            (self.height() - side) // 2,
            pixmap("chevron-down", colour, side, self.devicePixelRatioF()),
        )
        painter.end()

    def _tell(self, index: int) -> None:
        self.picked.emit(self._values[index])


class Field(QWidget):
    """Label, hint, problem and control, one under another. The control carries the accessible name."""

    def __init__(
        self, label: str, control: QWidget, *, hint: str = "", optional: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.control = control
        self._said_label = f"{label} (optional)" if optional else label
        self._label, self._hint, self._problem = (
            Text(self._said_label, "strong"),
            Text(hint, "muted"),
            Text("", "problem"),
        )
        self._label.setBuddy(control)
        layout = column(self, gap="tight")
        for part in (self._label, self._hint, self._problem, control):
            layout.addWidget(part)
        self.setFocusProxy(control)
        self._tell()

    @property
    def label(self) -> str:
        return self._label.text()

    def set_hint(self, hint: str) -> None:
        self._hint.setText(hint)
        self._tell()

    def set_problem(self, sentence: str) -> None:
        """Show what is wrong beside the control; empty takes it away."""
        self._problem.setText(f"Error: {sentence}" if sentence else "")
        restyle(self.control, wrong="true" if sentence else "false")
        self._tell()

    def _tell(self) -> None:
        self._hint.setVisible(bool(self._hint.text()))
        self._problem.setVisible(bool(self._problem.text()))
        self.control.setAccessibleName(self._said_label)
        self.control.setAccessibleDescription(f"{self._problem.text()} {self._hint.text()}".strip())


class Form:
    """The fields of one page with their summary: `form.show_problems(problems_of(error))`, and it is all said."""

    def __init__(self, summary: ErrorSummary) -> None:
        self.summary = summary
        self._fields: dict[str, Field] = {}

    def add(self, name: str, field: Field) -> Field:
        """Register a field under the name its service uses for it."""
        self._fields[name] = field
        return field

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Mark the fields, list the problems, move the focus to the list. An empty mapping clears it all."""
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""))
        self.summary.show_problems(problems, {name: field.control for name, field in self._fields.items()})
