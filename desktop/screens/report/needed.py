"""The part of a report that cannot wait: what, who, where, when, danger, safe ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.case import CONTACT_WAYS, NEVER_WAYS
from core.services.out_of_hours import ReceivedWhen
from desktop.screens.report.form import EmergencySteps, Typed
from desktop.screens.words import on_call_words
from desktop.widgets import (
    Banner,
    Card,
    ChoiceGroup,
    Columns,
    DateTimeField,
    Field,
    Form,
    Suggestion,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    TypeAhead,
    announce,
    column,
    styled,
)


class NeededPart(QWidget):
    """Two columns: the story, and how safe it is to answer."""

    edited = Signal()
    homes_asked = Signal(int, str)

    def __init__(self, form: Form, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.first = TextArea("In their words, if you can", lines=6)
        self._who = TextBox("Name, or leave empty")
        self._anonymous = Tick("They want to stay unnamed")
        self._where = TypeAhead("Start typing an address or a place")
        self._when = DateTimeField(now)
        self._answered = TextBox("Name, or leave empty if it was you")
        self.answered = Field("Who answered?", self._answered, optional=True)
        self.answered.hide()
        self._danger = ChoiceGroup(((False, "No"), (True, "Yes: show what to do now")))
        self._emergency = _Emergency()
        self._safe = ChoiceGroup(tuple(CONTACT_WAYS.items()), many=True)
        self._never = ChoiceGroup(tuple(NEVER_WAYS.items()), many=True, flowing=True)
        story = Card(
            form.add("words", Field(
                "What happened?", self.first,
                hint="It counts as harassment if the person, or anyone else, sees it that way.",
            )),
            form.add("reporter_name", Field("Who told us?", self._who)),
            self._anonymous,
            form.add("place", Field("Where?", self._where, hint="Choose a home from the list, or describe the place.")),
            form.add("received_at", Field(
                "When were we told?", self._when, hint="The 24 hours for first contact run from this time.",
            )),
            self.answered,
        )  # fmt: skip
        story.body.addStretch(1)
        safety = Card(
            form.add("danger_now", Field("Is anyone in danger now?", self._danger)),
            self._emergency,
            form.add("safe_ways", Field(
                "Safe ways to reach them", self._safe,
                hint="Only ways the person says are safe. At least one, unless they stay unnamed.",
            )),
        )  # fmt: skip
        safety.body.addStretch(1)
        more = Card(
            form.add("unsafe_ways", Field("Never use", self._never, hint="Ways that could put them at risk.")),
        )
        layout = column(self, gap="medium")
        layout.addWidget(Columns(story, safety, stretches=(5, 3), stack_below_em=88))
        layout.addWidget(more)
        self._where.asked.connect(self.homes_asked)
        self._danger.picked.connect(self._show_emergency)
        for signal in (
            self.first.textChanged, self._who.textEdited, self._anonymous.toggled, self._where.textEdited,
            self._where.chosen, self._when.edited, self._answered.textEdited,
            self._danger.picked, self._safe.picked, self._never.picked,
        ):  # fmt: skip
            signal.connect(self._changed)

    def begin_at(self, now: datetime) -> None:
        """Fill in when we were told."""
        self._when.set_value(now)

    def show_homes(self, number: int, rows: Sequence[Suggestion]) -> None:
        """The answer to `homes_asked(number, ...)`."""
        self._where.show_suggestions(number, rows)

    def show_on_call(self, found: ReceivedWhen, now: datetime) -> None:
        """Outside office hours it is asked who answered; who holds the phone is named where somebody is in danger."""
        on_call = found.on_call
        held = f"On the rota that night: {on_call.name}." if on_call.name else "Nobody was on the rota that night."
        self.answered.set_hint(f"This is outside office hours. {held if on_call.in_use else ''}".strip())
        self.answered.setVisible(found.out_of_hours)
        tonight = found.tonight
        self._emergency.name_on_call(on_call_words(tonight, now) if tonight.in_use and tonight.name else "")

    def read(self, typed: Typed) -> Typed:
        """`typed` with this part's share filled in."""
        when = self._when.value()
        danger = self._danger.value()
        home = self._where.value()
        return replace(
            typed,
            words=self.first.text(),
            reporter_name=self._who.text(),
            anonymous=self._anonymous.isChecked(),
            where=self._where.text(),
            home=home if isinstance(home, str) else "",
            received_at=when.isoformat() if when else None,
            answered_by=self._answered.text() if not self.answered.isHidden() else "",
            danger_now=danger if isinstance(danger, bool) else None,
            safe_ways=tuple(str(way) for way in self._safe.values()),
            unsafe_ways=tuple(str(way) for way in self._never.values()),
        )

    def write(self, typed: Typed) -> None:
        """Show this part's share of `typed`."""
        self.first.setText(typed.words)
        self._who.setText(typed.reporter_name)
        self._anonymous.setChecked(typed.anonymous)
        self._where.set_value(typed.home or None, typed.where)
        self._when.set_value(datetime.fromisoformat(typed.received_at) if typed.received_at else None)
        self._answered.setText(typed.answered_by)
        self.answered.setVisible(bool(typed.answered_by))
        self._danger.set_value(typed.danger_now)
        self._safe.set_values(typed.safe_ways)
        self._never.set_values(typed.unsafe_ways)
        self._emergency.setVisible(typed.danger_now is True)

    def _show_emergency(self) -> None:
        shown = self._danger.value() is True
        if shown and self._emergency.isHidden():
            announce(self._emergency, self._emergency.accessibleName(), urgent=True)
        self._emergency.setVisible(shown)

    def _changed(self) -> None:
        self._who.setEnabled(not self._anonymous.isChecked())
        self.edited.emit()


class _Emergency(QWidget):
    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        told = EmergencySteps()
        layout = column(self, gap="small")
        layout.addWidget(Banner(told.heading, "", Tone.LATE))
        for number, step in enumerate(told.steps, start=1):
            layout.addWidget(Text(f"{number}. {step}"))
        self._on_call = Text("", "strong")
        layout.addWidget(self._on_call)
        self._said = f"{told.heading}. {' '.join(told.steps)}"
        self.name_on_call("")
        self.hide()

    def name_on_call(self, words: str) -> None:
        """Who holds the out-of-hours phone, as a sentence; empty if that is not known."""
        self._on_call.setText(words)
        self._on_call.setVisible(bool(words))
        self.setAccessibleName(f"{self._said} {words}".strip())
