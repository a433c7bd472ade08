"""The Check step: who gets what, who does not and why, what would give somebody away, and real pages."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.ids import RecordId
from core.services.letter_page import AreaPlan, LetterPreview, PersonHere, PlannedLetter, window_zones
from desktop.models import Column, TupleModel
from desktop.operations.base import Runner
from desktop.screens.letters.words import format_words, include_words, plan_words, short_address
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    ListTable,
    Select,
    Text,
    TextBox,
    Tick,
    Tone,
    clear,
    column,
    styled,
)
from desktop.widgets.pdf import Overlay, PdfPreview


class CheckStep(QWidget):
    """`leave_out(home, reason)` and `put_back(home)` for the home chosen in the table."""

    leave_out = Signal(object, str)
    put_back = Signal(object)
    told = Signal(object, bool)
    """(home, whether the people of the case there know that the letter is coming)."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        styled(self, "clear")
        self._plan: AreaPlan | None = None
        self._envelope = ""
        self._previews: tuple[LetterPreview, ...] = ()
        self._summary = Banner("", "", Tone.CONFIDENTIAL)
        self._problem = Banner("", "", Tone.ERROR)
        self._found = column(gap="small")
        self._people = Card(heading="People of this case who live here", gap="small")
        self._ticks = column(self._people.body, gap="tight")
        self._model: TupleModel[PlannedLetter] = TupleModel(_COLUMNS, self)
        self.table = ListTable("Homes in the area", self._model)
        self._one = _OneHome()
        self.go, self.back = Button("Go on to make them", "primary"), Button("Back", "quiet", icon_name="arrow-left")
        self._which = Select(wide_em=30)
        self._which.setAccessibleName("Which letter to look at")
        self._preview = PdfPreview(runner)
        self._waiting = Text("The pages are being drawn.", "muted")
        self._legend = Text("Dashed: what shows in the window of the envelope, and where the sheet is folded.", "muted")
        left = Card(self.table, self._one)
        left.body.setStretch(0, 1)
        self._right = Card(
            Text("A look before anything is made", "heading"), self._which, self._legend, self._waiting, self._preview
        )
        layout = column(self)
        layout.addWidget(self._problem)
        layout.addWidget(self._summary)
        layout.addLayout(self._found)
        layout.addWidget(self._people)
        layout.addWidget(Flow(self.go, self.back))
        layout.addWidget(Columns(left, self._right, stretches=(3, 2), stack_below_em=100), 1)
        self.table.moved.connect(self._chosen)
        self._which.picked.connect(self._look)
        self._one.leave.connect(self._leave)
        self._one.put.clicked.connect(self._put)

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return self.go

    def show_plan(self, plan: AreaPlan) -> None:
        """Show who gets what, and everything that speaks against it."""
        self._plan, self._envelope = plan, plan.envelope
        self._summary.say(*plan_words(plan))
        clear(self._found)
        for leak in plan.leaks:
            why = f"{_sentence(leak.why)} Found: \u2018{leak.found}\u2019."
            self._found.addWidget(Banner(why, f"In: {leak.sentence}", Tone.ERROR))
        for warning in plan.warnings:
            self._found.addWidget(Banner("Please think about this.", warning, Tone.LATE))
        self._show_people(plan)
        self._model.put(plan.letters)
        self.table.clearSelection()
        self._one.show_home(None, left_out=False)

    def _show_people(self, plan: AreaPlan) -> None:
        clear(self._ticks)
        self._people.setVisible(bool(plan.people))
        if any(person.no_letters for person in plan.people):
            self._ticks.addWidget(Text("They did not say that letters to their home are safe. Speak with them first."))
        for person in plan.people:
            tick = _ToldTick(person, told=person.home in plan.form.told)
            tick.told.connect(self.told)
            self._ticks.addWidget(tick)

    def show_previews(self, previews: tuple[LetterPreview, ...]) -> None:
        """The pages to look at; none while they are being made."""
        self._previews = previews
        self._which.set_options([(number, f"{one.why}: {one.address}") for number, one in enumerate(previews)])
        for widget in (self._which, self._legend, self._preview):
            widget.setVisible(bool(previews))
        to_come = self._plan is not None and not self._plan.leaks and bool(self._plan.to_make)
        self._right.setVisible(bool(previews) or to_come)
        self._waiting.setVisible(not previews)
        if previews:
            self._which.set_value(0)
            self._look(0)
        else:
            self._preview.clear()

    def show_problems(self, problems: dict[str, str]) -> None:
        """What must be mended."""
        self._one.say_problem(problems.get("left_out", ""))
        self._problem.say(problems.get("leaks") or problems.get("told", ""))

    def forget(self) -> None:
        """Forget the pages."""
        self.show_previews(())

    def _look(self, number: object) -> None:
        if isinstance(number, int) and number < len(self._previews):
            shown = self._previews[number]
            overlays = [
                Overlay(
                    left_mm=zone.left_mm, top_mm=zone.top_mm, width_mm=zone.width_mm, height_mm=zone.height_mm,
                    words="",
                )
                for zone in window_zones(self._envelope)
            ]  # fmt: skip
            self._preview.show_pdf(shown.pdf, f"Letter to {shown.address}", overlays=overlays)

    def _chosen(self, planned: object) -> None:
        if isinstance(planned, PlannedLetter) and self._plan is not None:
            self._one.show_home(planned, left_out=planned.addressee.home in self._plan.form.left_out)

    def _leave(self, home: object, reason: str) -> None:
        self.leave_out.emit(home, reason)

    def _put(self) -> None:
        if self._one.home is not None:
            self.put_back.emit(self._one.home)


class _ToldTick(Tick):
    told = Signal(object, bool)

    def __init__(self, person: PersonHere, *, told: bool) -> None:
        part = f" ({person.part})" if person.part else ""
        super().__init__(f"{person.address}{part}: they know that the letter is coming")
        self._home = person.home
        self.setChecked(told)
        self.clicked.connect(self._tell)

    def _tell(self, yes: bool) -> None:
        self.told.emit(self._home, yes)


class _OneHome(QWidget):
    """The home the table stands on, and leaving it out."""

    leave = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        self.home: RecordId | None = None
        self._words = Text("", "strong")
        self._begin = Button("Leave this home out", "quiet")
        self.put = Button("Give it the letter after all")
        self._warning = Text(
            "Leaving a home out can point to the people involved. Tell them first instead, and send the letter too.",
            "muted",
        )
        self._reason = TextBox(wide_em=36)
        self._field = Field("Why does this home get no letter?", self._reason)
        self._do, self._not = Button("Leave it out"), Button("Keep it in", "quiet")
        self._asking = styled(QWidget(), "clear")
        inner = column(self._asking, gap="small")
        for part in (self._warning, self._field, Flow(self._do, self._not)):
            inner.addWidget(part)
        layout = column(self, gap="small")
        for widget in (self._words, Flow(self._begin, self.put), self._asking):
            layout.addWidget(widget)
        self._begin.clicked.connect(self._ask)
        self._not.clicked.connect(self._keep)
        self._do.clicked.connect(self._leave)
        self._reason.returnPressed.connect(self._leave)
        self.show_home(None, left_out=False)

    def show_home(self, planned: PlannedLetter | None, *, left_out: bool) -> None:
        self.home = planned.addressee.home if planned else None
        self._words.setText(_whole(planned) if planned else "")
        self._begin.setVisible(planned is not None and planned.outcome != "left-out")
        self.put.setVisible(left_out)
        self._asking.hide()
        self._reason.clear()
        self._field.set_problem("")
        self.setVisible(planned is not None)

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def _ask(self) -> None:
        self._begin.hide()
        self._asking.show()
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        self._asking.hide()
        self._begin.show()
        self._begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self.leave.emit(self.home, self._reason.text())


def _whole(planned: PlannedLetter) -> str:
    note = f" {planned.why}" if planned.outcome == "letter" and planned.why else ""
    return f"{planned.addressee.address}. Letter: {include_words(planned).lower()}.{note}".replace("..", ".")


def _sentence(why: str) -> str:
    text = why.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _address(planned: PlannedLetter) -> str:
    return planned.addressee.address


def _short(planned: PlannedLetter) -> str:
    return short_address(planned.addressee.address)


def _name(planned: PlannedLetter) -> str:
    return planned.addressee.lines[0] if planned.addressee.lines else ""


_COLUMNS = (
    Column(heading="Home", words=_short, spoken=_address, wide_em=26, stretch=True),
    Column(heading="Name on letter", words=_name, wide_em=14, drop=3),
    Column(heading="Language or format", words=format_words, wide_em=20, drop=2),
    Column(heading="Include", words=include_words, wide_em=16),
)
