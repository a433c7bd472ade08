"""The part of a report that can wait: it is asked again on the case's page until it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.case import (
    ACTS,
    AGE_BANDS,
    CHANNELS,
    PERCEIVERS,
    PERPETRATOR_KNOWN,
    PERSON_SORTS,
    SEEN_BY_OTHERS,
    STRANDS,
)
from core.domain.enforcement import TENURES
from desktop.screens.report.form import Typed
from desktop.widgets import (
    Card,
    ChoiceGroup,
    Columns,
    Field,
    Form,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
    column,
    styled,
)


class LaterPart(QWidget):
    """Kinds of act, reasons, who did it; the person's needs; graffiti."""

    edited = Signal()

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._acts = ChoiceGroup(tuple(ACTS.items()), many=True)
        self._strands = ChoiceGroup(tuple(STRANDS.items()), many=True, flowing=True)
        self._perceived = Select(tuple(PERCEIVERS.items()))
        self._known = Select(tuple(PERPETRATOR_KNOWN.items()))
        self._association = Tick("They are taken for one of that group, or harmed because of somebody else who is")
        self._named = TextBox("Name, as the person gave it")
        self._described = TextArea("What was seen or heard, and by whom", lines=2)
        self._age = Select(tuple(AGE_BANDS.items()), empty="Not asked")
        self._tenure = Select(tuple(TENURES.items()), empty="Not asked", wide_em=34)
        self._happened = TextBox("For example: last Friday evening, twice this month")
        self._summary = TextBox("A few words for the list of cases")
        self._channel = Select(tuple(CHANNELS.items()))
        self._graffiti = Tick("There is offensive graffiti: it must be gone within 24 hours")
        self._graffiti_place = TextBox("Stairwell, second floor")
        self._phone, self._email = TextBox(wide_em=22), TextBox(wide_em=28)
        self._times = TextBox("For example: weekdays 10am to 2pm")
        self._answers = TextBox("For example: say you are calling about repairs")
        self._officer = TextBox("For example: an officer of the same sex or background")
        self._language, self._format = TextBox(wide_em=20), TextBox("For example: large print", wide_em=20)
        self._child = Tick("A child told us: think of safeguarding first")
        self._sort = Select(tuple(PERSON_SORTS.items()), empty="Not asked")
        self._seen = ChoiceGroup(tuple(SEEN_BY_OTHERS.items()), many=True)
        self._code_word = TextBox("Asked for on the phone before anything is said", wide_em=28)
        self._self_harmed = Tick("The person who told us is the person harmed")
        self._self_harmed.setChecked(True)
        self._harmed = TextBox("Name, or leave empty")
        self._named_field = Field("Name of the person complained about", self._named, optional=True)
        self._about_fields = (
            Field("Description", self._described, optional=True),
            Field(
                "Their age", self._age, optional=True,
                hint="A child is never dealt with alone: a parent or guardian, and safeguarding.",
            ),
            Field("Whose tenant", self._tenure, optional=True),
        )  # fmt: skip
        self._place_field = form.add("graffiti_place", Field("Where is the graffiti?", self._graffiti_place))
        self._harmed_field = Field("Who is the person harmed?", self._harmed, optional=True)
        what = Card(
            Field("What kind of act", self._acts, optional=True),
            Field("What they think is behind it", self._strands, optional=True),
            self._association,
            Field("Who sees it as harassment", self._perceived),
            Field("Who did it", self._known),
            self._named_field,
            *self._about_fields,
            self._graffiti,
            self._place_field,
        )
        person = Card(
            Field("When did it happen?", self._happened, optional=True),
            Field("What it is about, in a few words", self._summary, optional=True),
            Field("How we were told", self._channel),
            self._child,
            self._self_harmed,
            self._harmed_field,
            Field("How the person harmed belongs here", self._sort, optional=True),
            Field("Phone", self._phone, optional=True),
            Field("Email", self._email, optional=True),
            Field("When it is safe", self._times, optional=True),
            Field("What to say if someone else answers", self._answers, optional=True),
            form.add("seen_by_others", Field(
                "What others share or see", self._seen, optional=True,
                hint="A partner who reads the email, a shared letterbox: ways that reach others first are never used.",
            )),
            Field("Code word", self._code_word, optional=True),
            Field("Kind of officer they want", self._officer, optional=True),
            Field("Language", self._language, optional=True),
            Field("Format needed", self._format, optional=True),
        )
        for card in (what, person):
            card.body.addStretch(1)
        layout = column(self, gap="medium")
        layout.addWidget(Text("What can wait", "heading"))
        layout.addWidget(Columns(what, person, stack_below_em=88))
        self._boxes: dict[str, TextBox] = {
            "happened_text": self._happened, "summary": self._summary, "graffiti_place": self._graffiti_place,
            "phone": self._phone, "email": self._email, "safe_times": self._times,
            "if_someone_else_answers": self._answers, "officer_wanted": self._officer, "language": self._language,
            "format_needed": self._format, "code_word": self._code_word, "harmed_name": self._harmed,
            "perpetrator_name": self._named,
        }  # fmt: skip
        self._selects: dict[str, Select] = {
            "perceived_by": self._perceived, "perpetrator_known": self._known, "channel": self._channel,
            "harmed_sort": self._sort, "age_band": self._age, "tenure": self._tenure,
        }  # fmt: skip
        self._ticks: dict[str, Tick] = {
            "graffiti": self._graffiti, "reporter_is_harmed": self._self_harmed, "by_child": self._child,
            "by_association": self._association,
        }  # fmt: skip
        for box in self._boxes.values():
            box.textEdited.connect(self._changed)
        for select in self._selects.values():
            select.picked.connect(self._changed)
        for tick in self._ticks.values():
            tick.toggled.connect(self._changed)
        for signal in (self._acts.picked, self._strands.picked, self._seen.picked, self._described.textChanged):
            signal.connect(self._changed)
        self._show_what_applies()

    def read(self, typed: Typed) -> Typed:
        """`typed` with this part's share filled in."""
        said: dict[str, Any] = {name: box.text() for name, box in self._boxes.items()}
        said |= {name: str(select.value() or "") for name, select in self._selects.items()}
        said |= {name: tick.isChecked() for name, tick in self._ticks.items()}
        return replace(
            typed,
            acts=tuple(str(act) for act in self._acts.values()),
            strands=tuple(str(strand) for strand in self._strands.values()),
            seen_by_others=tuple(str(what) for what in self._seen.values()),
            described=self._described.text(),
            **said,
        )

    def write(self, typed: Typed) -> None:
        """Show this part's share of `typed`."""
        for name, box in self._boxes.items():
            box.setText(getattr(typed, name))
        for name, select in self._selects.items():
            select.set_value(getattr(typed, name) or None)
        self._acts.set_values(typed.acts)
        self._strands.set_values(typed.strands)
        self._seen.set_values(typed.seen_by_others)
        self._described.setText(typed.described)
        for name, tick in self._ticks.items():
            tick.setChecked(getattr(typed, name))
        self._show_what_applies()

    def _changed(self) -> None:
        self._show_what_applies()
        self.edited.emit()

    def _show_what_applies(self) -> None:
        self._named_field.setVisible(self._known.value() == "named")
        for field in self._about_fields:
            field.setVisible(self._known.value() != "unknown")
        self._place_field.setVisible(self._graffiti.isChecked())
        self._harmed_field.setVisible(not self._self_harmed.isChecked())
