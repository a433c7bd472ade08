"""The boxes of an interview's own fields, wherever on the page they stand: filled, read and forgotten together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.confidential import PrivateInterview
from core.domain.declare import Kind
from core.policy.risk_questions import DECLINED, Questions
from core.services.interviews import Interview, VersionOf
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.widgets import (
    Banner,
    Card,
    ChoiceGroup,
    DateTimeField,
    Field,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    clear,
    column,
    styled,
)
from desktop.widgets.moments import whole_words

YES_NO = ((True, "Yes"), (False, "No"))
A_COLLEAGUE = "A former colleague"
DOES_NOT_SAY = (DECLINED, "Does not want to say")
_SPEC = PrivateInterview.SPEC.fields


class Fields:
    """Every box that holds a field of the interview itself. What is typed in one goes to the presenter at once."""

    def __init__(self, presenter: InterviewPresenter) -> None:
        self._presenter = presenter
        self._controls: dict[str, Any] = {}
        self._fields: dict[str, Field] = {}
        self._filling = False

    def add(self, name: str, control: QWidget, *, hint: str = "", label: str = "") -> Field:
        """Put a box under a field's name."""
        field = Field(label or _SPEC[name].label, control, hint=hint)
        self._controls[name], self._fields[name] = control, field
        signal_of(control).connect(partial(self._typed, name))
        return field

    def control(self, name: str) -> Any:
        """The box of one field."""
        return self._controls[name]

    def value(self, name: str) -> object:
        """What stands in the box of one field."""
        found = value_of(self._controls[name])
        if _SPEC[name].kind.many:
            return frozenset(found) if isinstance(found, (tuple, frozenset)) else frozenset()
        return "" if found is None and _SPEC[name].kind is Kind.CHOICE else found

    def fill(self, found: Interview, typed: Mapping[str, Any]) -> None:
        """Show an interview, with what was typed and not saved."""
        self._filling = True
        for name, control in self._controls.items():
            fill(control, typed.get(name, getattr(found.record, name)))
        self._filling = False

    def forget(self) -> None:
        """Empty every box."""
        self._filling = True
        for name, control in self._controls.items():
            fill(control, frozenset() if _SPEC[name].kind.many else None)
        self._filling = False
        self.show_problems({})

    def show_problems(self, problems: Mapping[str, str]) -> QWidget | None:
        """Mark the boxes; gives the first that is wrong."""
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""))
        return next((self._fields[name] for name in self._fields if problems.get(name)), None)

    def _typed(self, name: str, *_: object) -> None:
        if not self._filling:
            self._presenter.typed(name, self.value(name))


class RiskAnswers(QWidget):
    """Questions of the risk assessment that are answered along the way. The value is "question:option", each once."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        self._layout = column(self, gap="medium")
        self._groups: dict[str, Select] = {}
        self._value: frozenset[str] = frozenset()

    def offer(self, questions: Questions, codes: tuple[str, ...]) -> None:
        """Ask these questions of the set in use; what the set does not have is left out."""
        clear(self._layout)
        self._groups = {}
        asked = {question.code: question for question in questions.questions}
        for code in codes:
            if code in asked:
                options = [*((option.code, option.words) for option in asked[code].options), DOES_NOT_SAY]
                group = self._groups[code] = Select(options, empty="Not asked", wide_em=26)
                group.picked.connect(self._picked)
                self._layout.addWidget(Field(asked[code].words, group))
        self.set_value(self._value)

    def value(self) -> frozenset[str]:
        """What was answered."""
        return self._value

    def set_value(self, value: frozenset[str]) -> None:
        """Show what was answered."""
        self._value = frozenset(value)
        given = dict(one.split(":", 1) for one in sorted(self._value) if ":" in one)
        for code, group in self._groups.items():
            group.set_value(given.get(code))

    def _picked(self, _option: object) -> None:
        others = {one for one in self._value if one.split(":", 1)[0] not in self._groups}
        answered = {f"{code}:{group.value()}" for code, group in self._groups.items() if group.value()}
        self._value = frozenset(others | answered)
        self.edited.emit()


class VersionsCard(Card):
    """Fields of which two versions stand, until somebody says which is right."""

    def __init__(self) -> None:
        super().__init__()
        self._ticks: dict[str, Tick] = {}
        self._lines = column(self.body, gap="small")

    def show_versions(self, apart: Mapping[str, tuple[VersionOf, ...]]) -> None:
        clear(self._lines)
        self._ticks = {}
        for name, versions in apart.items():
            label = _SPEC[name].label
            said = "; ".join(f"{one.who or A_COLLEAGUE}: {_said(one.value)}" for one in versions)
            tick = self._ticks[name] = Tick(f"{label}: what stands in its box is right")
            self._lines.addWidget(Banner(f"{label}: written apart on two laptops.", said, Tone.SOON))
            self._lines.addWidget(tick)
        self.setVisible(bool(apart))

    def settled(self) -> tuple[str, ...]:
        """Fields of which the person said that what stands in the box is right."""
        return tuple(name for name, tick in self._ticks.items() if tick.isChecked())


def value_of(control: Any) -> Any:
    """What stands in a box."""
    if isinstance(control, (TextBox, TextArea)):
        return control.text()
    if isinstance(control, ChoiceGroup) and isinstance(control.buttons[0], Tick):
        return control.values()
    return control.value()


def fill(control: Any, value: Any) -> None:
    """Show a value in a box."""
    if isinstance(control, (TextBox, TextArea)):
        if control.text() != (value or ""):  # else the cursor would jump under the hands of whoever types
            control.setText(value or "")
    elif isinstance(control, ChoiceGroup) and isinstance(control.buttons[0], Tick):
        control.set_values(value or ())
    elif isinstance(control, Select):
        control.set_value(value or None)
    else:
        control.set_value(value)


def signal_of(control: Any) -> Any:
    """What a box says when the person changes it."""
    if isinstance(control, TextArea):
        return control.textChanged
    if isinstance(control, TextBox):
        return control.textEdited
    return control.edited if isinstance(control, (DateTimeField, RiskAnswers)) else control.picked


def stack(*parts: QWidget) -> QWidget:
    """Parts one under another, at the top."""
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder


def lead(words: str) -> Text:
    """A sentence that says what a part is for."""
    return Text(words, "muted")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "isoformat"):
        return whole_words(value)
    return str(value) if value else "left empty"
