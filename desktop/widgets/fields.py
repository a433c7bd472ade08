"""Boxes to type in, each with its label, hint and problem wired up for eye, key and screen reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop.widgets.base import announce, column, em_px, restyle, styled
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

    def set_label(self, label: str) -> None:
        self._said_label = label
        self._label.setText(label)
        self._tell()

    def set_hint(self, hint: str) -> None:
        self._hint.setText(hint)
        self._tell()

    def set_problem(self, sentence: str, *, aloud: bool = True) -> None:
        """Show what is wrong beside the control; empty takes it away. `aloud`: nothing else on the page says it."""
        self._problem.setText(f"Error: {sentence}" if sentence else "")
        restyle(self.control, wrong="true" if sentence else "false")
        self._tell()
        if sentence and aloud:
            announce(self.control, self._problem.text(), urgent=True)

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

    def forget(self, name: str) -> None:
        """The field is taken off the page."""
        self._fields.pop(name, None)

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Mark the fields, list the problems, move the focus to the list. An empty mapping clears it all."""
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""), aloud=False)  # the list has the focus, and is heard
        self.summary.show_problems(problems, {name: field.control for name, field in self._fields.items()})
