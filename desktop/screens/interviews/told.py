"""What the person says: the statement in their own words with prompts at its side, and each thing that happened."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from PySide6.QtWidgets import QWidget

from core.domain.case import ACTS
from core.domain.interview import InterviewEvent
from core.foundation.ids import RecordId
from core.policy.interview_questions import EVENT_FIELDS, InterviewQuestions, Prompt
from core.policy.risk_questions import Questions
from core.services.interviews import Interview
from desktop.screens.interviews.drafting import EVENT
from desktop.screens.interviews.fields import Fields, RiskAnswers, fill, lead, signal_of, stack, value_of
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.screens.interviews.recorder import InterviewRecorder
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    Field,
    Flow,
    Tag,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    clear,
    column,
    rule,
    styled,
)
from desktop.widgets.moments import moment_words

STATEMENT_LINES = 12


class WordsPart(QWidget):
    """The statement, large, and the prompts beside it. Ticking a prompt only helps whoever asks: it is not kept."""

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        styled(self, "clear")
        self.statement = TextArea(
            "Write in the person's own words. Everything is kept as you type.", lines=STATEMENT_LINES, most_lines=40,
            large=True,
        )  # fmt: skip
        box = fields.add("statement", self.statement)
        self._ticks: list[Tick] = []
        self._asked: tuple[Prompt, ...] = ()
        prompts = Card(lead("In any order. All can be left out; not wanting to say is an answer."), heading="Prompts")
        self._prompts = column(gap="small")
        prompts.body.addLayout(self._prompts)
        column(self, gap="none").addWidget(
            Columns(stack(box), stack(prompts), stretches=(5, 3), stack_below_em=84)
        )

    def show_interview(self, found: Interview) -> None:
        """The prompts in use, each to tick."""
        if found.asked.prompts == self._asked:
            return
        self._asked, self._ticks = found.asked.prompts, []
        clear(self._prompts)
        for section, prompts in groupby(self._asked, key=lambda one: one.section):
            self._prompts.addWidget(Text(section, "strong"))
            for prompt in prompts:
                tick = Tick(prompt.words)
                self._ticks.append(tick)
                self._prompts.addWidget(tick)

    def forget(self) -> None:
        """The ticks go, too."""
        for tick in self._ticks:
            tick.setChecked(False)


class EventsPart(QWidget):
    """Who, what, when, where, impact: asked once for each thing that happened. Then the questions about risk."""

    def __init__(self, presenter: InterviewPresenter, recorder: InterviewRecorder, fields: Fields) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter, self._recorder = presenter, recorder
        self._event: RecordId | None = None
        self._filling = False
        self._list = column(gap="medium")
        listed = Card(heading="What happened, as told")
        listed.body.addLayout(self._list)
        self._controls: dict[str, QWidget] = {
            "what": TextArea(lines=4, large=True), "who": TextArea(lines=2, large=True),
            "happened_text": TextBox(wide_em=30), "place": TextBox(wide_em=30),
            "impact": TextArea(lines=3, large=True), "acts": ChoiceGroup(list(ACTS.items()), many=True),
        }  # fmt: skip
        self._asked: InterviewQuestions | None = None
        self._fields = {
            name: Field(InterviewEvent.SPEC.fields[name].label, control) for name, control in self._controls.items()
        }
        self.go, self.another = Button("Save this one"), Button("Begin another", "quiet")
        self._editor = Card(heading="One thing that happened")
        for name, field in self._fields.items():
            signal_of(self._controls[name]).connect(partial(self._typed, name))
            self._editor.body.addWidget(field)
        self._editor.body.addWidget(Flow(self.go, self.another))
        self.risk = RiskAnswers()
        risk = Card(
            lead("Answered here, they are not asked again in the risk assessment."),
            fields.add("risk_answers", self.risk),
            fields.add("wanted", TextArea(lines=3, large=True)),
            heading="What it does, and what they want",
        )
        column(self, gap="none").addWidget(
            Columns(stack(self._editor, listed), stack(risk), stretches=(5, 3), stack_below_em=96)
        )
        self.go.clicked.connect(self._save)
        self.another.clicked.connect(self._begin_another)
        presenter.risk_questions.connect(self._offer)

    def control(self, name: str) -> QWidget:
        """The box of one answer."""
        return self._controls[name]

    def show_interview(self, found: Interview) -> None:
        """What was told, and what is being typed."""
        self._asked = found.asked
        for name in EVENT_FIELDS:
            self._fields[name].set_label(found.asked.words_of(name))
        typed = {name.removeprefix(EVENT): value for name, value in self._presenter.unsaved.items()
                 if name.startswith(EVENT)}  # fmt: skip
        if not typed:
            self._show_event(None)
        else:
            self._event = RecordId(bytes.fromhex(typed["id"])) if typed.get("id") else None
            self._fill(typed)
        self._show_list(found.of(InterviewEvent))

    def forget(self) -> None:
        """Nothing stays."""
        self._show_event(None)
        self._show_list(())
        self.show_problems({})

    def show_problems(self, problems: dict[str, str]) -> None:
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""))

    def _show_list(self, events: tuple[InterviewEvent, ...]) -> None:
        clear(self._list)
        if not events:
            self._list.addWidget(Text("Nothing yet. Nothing of it goes into the case by itself.", "muted"))
        for number, event in enumerate(events, start=1):
            if number > 1:
                self._list.addWidget(rule())
            self._list.addWidget(Text(f"{number}. {event.happened_text or 'When: not said'}", "strong"))
            self._list.addWidget(Text("\n".join(part for part in (event.what, event.who, event.place) if part)))
            if event.put_at is not None:
                when = moment_words(event.put_at, self._presenter.moment())
                self._list.addWidget(Flow(Tag(f"In the case, {when}", Tone.OK)))
                continue
            change = Button("Change", "link")
            change.setAccessibleName(f"Change number {number}")
            change.clicked.connect(partial(self._show_event, event))
            self._list.addWidget(Flow(change))

    def _show_event(self, event: InterviewEvent | None) -> None:
        self._event = event.id if event else None
        self._fill({name: getattr(event, name) for name in self._controls} if event else {})

    def _fill(self, values: dict[str, object]) -> None:
        self._filling = True
        for name, control in self._controls.items():
            fill(control, values.get(name))
        self._filling = False

    def _typed(self, name: str, *_: object) -> None:
        if self._filling:
            return
        if self._event is not None:
            self._presenter.typed(f"{EVENT}id", self._event.hex())
        for other, control in self._controls.items():  # all of it: what is carried on later must be whole
            value = value_of(control)
            self._presenter.typed(f"{EVENT}{other}", list(value) if other == "acts" else value)

    def _save(self) -> None:
        self._recorder.keep_event({name: value_of(control) for name, control in self._controls.items()}, self._event)

    def _begin_another(self) -> None:
        if any(name.startswith(EVENT) for name in self._presenter.unsaved):
            self._save()
        else:
            self._show_event(None)

    def _offer(self, questions: object) -> None:
        assert isinstance(questions, Questions)
        self.risk.offer(questions, self._asked.risk if self._asked is not None else ())


class StoppedBanner(Banner):
    """What to do after the person wanted to stop."""

    def __init__(self) -> None:
        super().__init__("", "", Tone.CONFIDENTIAL)

    def show_interview(self, found: Interview) -> None:
        if found.record.stopped:
            self.say(
                "They wanted to stop.",
                "It is saved. Ask how they get home safely, when to talk again, and offer support: victim support,"
                " counselling, somebody to stay with. Write offers under Plan in the case.",
            )
        else:
            self.clear()
