"""Asked only when it matters: which recovery sheets may open the case, if somebody of it keeps some."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.recovery_case import WITHOUT, GroupOption
from desktop.screens.report.form import Typed
from desktop.widgets import Card, Field, Form, Select, column, styled

HINT = "Nobody in this case, or in their household, may keep a sheet that opens it."
WITHOUT_WORDS = "Go on without recovery sheets"


class RecoveryPart(QWidget):
    """Hidden until the service has asked."""

    edited = Signal()

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.choice = Select(empty="Choose", wide_em=44)
        self._card = Card(heading="Recovery sheets")
        field = Field("Which sheets may bring the case back?", self.choice, hint=HINT)
        self._card.body.addWidget(form.add("recovery", field))
        column(self).addWidget(self._card)
        self.choice.picked.connect(self._picked)
        self.hide()

    def ask(self, options: tuple[GroupOption, ...]) -> None:
        """Show the groups that will do, and going on without."""
        usable = [
            (option.group.hex(), f"{option.name}: {', '.join(option.holders)}") for option in options if option.usable
        ]
        self.choice.set_options([*usable, (WITHOUT.hex(), WITHOUT_WORDS)])
        self.show()

    def read(self, typed: Typed) -> Typed:
        """`typed` with what was chosen."""
        value = self.choice.value()
        return replace(typed, recovery=value if isinstance(value, str) else "")

    def write(self, typed: Typed) -> None:
        """A draft does not remember it: who is in the case may have changed."""
        self.choice.set_value(None)
        self.hide()

    def _picked(self, _value: object) -> None:
        self.edited.emit()
