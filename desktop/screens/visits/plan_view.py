"""Planning a round of visits: which streets, why, and the homes of people of the case."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.visits import AreaRow, CaseVisits, PersonHere, RoundPlan
from desktop.screens.letters.area_view import AreaPart
from desktop.screens.visits.planning import PlanningPresenter
from desktop.screens.words import count_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Text,
    TextArea,
    Tone,
    clear,
    column,
    styled,
)

_ANSWERS = [("knock", "Knock as at every door: they know, or it is all right"), ("skip", "Do not visit")]


class PlanPart(QWidget):
    """Areas first, then why and whether the person was asked; homes of people of the case are decided one by one."""

    def __init__(self, presenter: PlanningPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self.form = Form(ErrorSummary())
        self.area = AreaPart()
        self.area.go.hide()
        self.why = TextArea(lines=2, most_lines=6)
        self.asked = ChoiceGroup([(True, "Yes, and they agree to it"), (False, "No, or they would rather not")])
        self.go = Button("Show the doors", "primary")
        self._found = column(gap="small")
        self._people = Card(heading="People of this case who live here", gap="small")
        self._choices = column(self._people.body, gap="small")
        self._problem = Banner("", "", Tone.ERROR)
        card = Card(
            self.form.add("why", Field(
                "Why is every tenant visited?", self.why, hint="For the file only. It is not shown at the doors.",
            )),
            self.form.add("person_consulted", Field("Was the person asked first?", self.asked)),
        )  # fmt: skip
        layout = column(self)
        for part in (self.form.summary, self.area, card, self._problem):
            layout.addWidget(part)
        layout.addLayout(self._found)
        layout.addWidget(self._people)
        layout.addWidget(Flow(self.go))
        layout.addStretch(1)
        presenter.opened.connect(self.show_case)
        presenter.chosen.connect(self._show_chosen)
        presenter.planned.connect(self.show_plan)
        presenter.problems.connect(self.show_problems)
        self.area.toggled.connect(presenter.choose_area)
        self.go.clicked.connect(self._look)
        self._people.hide()

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return self.area.first()

    def show_case(self, found: CaseVisits) -> None:
        """The areas there are; runs of letters are no business of this page."""
        self.area.show_case(replace(found.areas, runs=()))
        self._forget_plan()
        self.show_problems({})

    def show_plan(self, plan: RoundPlan) -> None:
        """What to think of before anybody knocks."""
        clear(self._found)
        for warning in plan.warnings:
            self._found.addWidget(Banner("Please think about this.", warning, Tone.LATE))
        clear(self._choices)
        self._people.setVisible(bool(plan.people))
        if plan.people:
            self._choices.addWidget(Text("A visit nobody expects can frighten. Speak with them before you knock."))
        for person in plan.people:
            choice = _PersonChoice(person)
            choice.decided.connect(self._presenter.decide)
            self._choices.addWidget(choice)
        doors = sum(not door.left_out_because for door in plan.doors)
        self.go.set_words(f"Begin: {count_words(doors, 'door', 'doors')}")

    def show_problems(self, problems: dict[str, str]) -> None:
        """What must be mended."""
        asked = ("why", "person_consulted")
        self.form.show_problems({name: words for name, words in problems.items() if name in asked})
        self.area.say_problem(problems.get("area", ""))
        self._problem.say(problems.get("people", ""))

    def forget(self) -> None:
        """Another case."""
        self.why.setText("")
        self.asked.set_value(None)
        self._forget_plan()

    def _forget_plan(self) -> None:
        clear(self._found)
        clear(self._choices)
        self._people.hide()
        self.go.set_words("Show the doors")

    def _show_chosen(self, chosen: tuple[AreaRow, ...]) -> None:
        self.area.show_chosen(chosen)
        self._forget_plan()

    def _look(self) -> None:
        asked = self.asked.value()
        self._presenter.look(self.why.text(), asked if isinstance(asked, bool) else None)


class _PersonChoice(QWidget):
    decided = Signal(object, str)

    def __init__(self, person: PersonHere) -> None:
        super().__init__()
        styled(self, "clear")
        self._home = person.home
        self.choice = ChoiceGroup(_ANSWERS)
        part = f" ({person.part})" if person.part else ""
        column(self, gap="tight").addWidget(Field(f"{person.address}{part}", self.choice))
        self.choice.picked.connect(self._tell)

    def _tell(self) -> None:
        self.decided.emit(self._home, str(self.choice.value()))
