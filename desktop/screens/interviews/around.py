"""What is written down around an interview: where, who, the interpreter, the officer asked for, interruptions."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from core.domain.interview import (
    INTERPRETERS,
    PLACES,
    PRESENT,
    REQUESTS,
    WENT_ON,
    WHO_CAME,
    Interruption,
    InterviewPerson,
    SignedStatement,
)
from core.foundation.ids import RecordId
from core.policy.interview import interpreter_remark, may_record_sound, still_to_record, why_not_private
from core.services.interviews import Interview
from desktop.screens.interviews.drafting import SAFE
from desktop.screens.interviews.fields import YES_NO, Fields, lead, stack
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.screens.interviews.recorder import InterviewRecorder
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    DateTimeField,
    Field,
    Flow,
    Select,
    Text,
    TextArea,
    TextBox,
    Tone,
    clear,
    column,
    rule,
    styled,
)
from desktop.widgets.moments import moment_words

NO_SOUND = "Nothing is recorded unless they agree. They may take it back at any time."
MAY_RECORD = "They agreed. Attach the recording to the case only if it may be read there, too."


class AroundPart(QWidget):
    """Four cards: place and privacy, who was there, interpreter, officer."""

    def __init__(self, presenter: InterviewPresenter, recorder: InterviewRecorder, fields: Fields) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self.private = Banner("", "", Tone.SOON, icon_name="shield")
        self.interpreter = Banner("", "", Tone.SOON)
        self.nag = Banner("", "", Tone.SOON, icon_name="users")
        self.still = Banner("", "", Tone.INFO, icon_name="list")
        self.interruptions = InterruptionsCard(presenter, recorder)
        self.people = PresentCard(recorder)
        self._sound = fields.add("sound_agreed", ChoiceGroup(YES_NO, flowing=True), hint=NO_SOUND)
        place = Card(
            self.private,
            fields.add("place_sort", Select(list(PLACES.items()), empty="Not chosen", wide_em=26)),
            fields.add("place", TextBox(wide_em=30), hint="A room, never an address. Of a refuge, nothing."),
            fields.add("private_confirmed", ChoiceGroup(YES_NO, flowing=True)),
            fields.add("started_at", DateTimeField(presenter.moment)),
            fields.add("ended_at", DateTimeField(presenter.moment)),
            self._sound,
            heading="Where, and in private",
        )  # fmt: skip
        interpreter = Card(
            self.interpreter,
            fields.add(
                "interpreter_sort", Select(list(INTERPRETERS.items()), empty="Not chosen", wide_em=30),
                hint="Never a child, and nobody of the person complained about.",
            ),
            fields.add("interpreter", TextBox(wide_em=30), label="Interpreter's name"),
            fields.add("interpreter_language", TextBox(wide_em=20)),
            heading="Interpreter",
        )  # fmt: skip
        officer = Card(
            lead("Ask whether they would rather speak with somebody else. It counts for interpreters too."),
            self.nag,
            fields.add("officer_asked", ChoiceGroup(YES_NO, flowing=True)),
            fields.add("wants", ChoiceGroup(list(REQUESTS.items()), many=True)),
            fields.add("wants_interpreter", ChoiceGroup(list(REQUESTS.items()), many=True)),
            fields.add("wants_met", ChoiceGroup(YES_NO, flowing=True)),
            fields.add("wants_not_met_because", TextBox(wide_em=30)),
            heading="Officer they asked for",
        )  # fmt: skip
        support = Card(
            fields.add("support_person", TextBox(wide_em=30)),
            fields.add("present", TextBox(wide_em=30), label="Anything else about who was there"),
            heading="Support",
        )
        left, right = stack(self.interruptions, place, interpreter), stack(self.people, support, officer)
        layout = column(self, gap="medium")
        layout.addWidget(self.still)
        layout.addWidget(Columns(left, right, stack_below_em=96))

    def show_interview(self, found: Interview) -> None:
        """What was recorded, and what to think of."""
        self.people.show_people(found.of(InterviewPerson))
        self.interruptions.show_found(found.of(Interruption))
        missing = why_not_private(found.record, found.of(InterviewPerson), found.of(Interruption))
        self.private.say(missing[0] if missing else "", " ".join(missing[1:]))
        still = still_to_record(found.record, found.of(InterviewPerson), found.of(SignedStatement))
        self.still.say("Not written down yet:" if still else "", "; ".join(still))
        self._sound.set_hint(MAY_RECORD if may_record_sound(found.record) else NO_SOUND)
        self.interpreter.say(interpreter_remark(found.record.interpreter_sort))
        self.nag.say(found.nagging.words)

    def forget(self) -> None:
        """Nothing stays."""
        self.people.show_people(())
        self.people.name.setText("")
        self.interruptions.forget()
        for banner in (self.private, self.interpreter, self.nag, self.still):
            banner.clear()


class PresentCard(Card):
    """Who was there, and as what."""

    def __init__(self, recorder: InterviewRecorder) -> None:
        super().__init__(heading="Who was there")
        self._recorder = recorder
        self._list = column(self.body, gap="tight")
        self.role = Select(list(PRESENT.items()), empty="Choose", wide_em=26)
        self.name = TextBox(wide_em=26)
        self._role = Field("As what", self.role)
        self.go = Button("Add to the list")
        for part in (self._role, Field("Name", self.name, optional=True), Flow(self.go)):
            self.body.addWidget(part)
        self.go.clicked.connect(self._add)

    def show_people(self, people: tuple[InterviewPerson, ...]) -> None:
        clear(self._list)
        if not people:
            self._list.addWidget(Text("Nobody is on the list yet.", "muted"))
        for one in people:
            role = PRESENT.get(one.role, one.role)
            words = f"{one.name}: {role.lower()}" if one.name else role
            off = Button("Take off", "link")
            off.setAccessibleName(f"Take off: {words}")
            off.clicked.connect(partial(self._recorder.take_off_present, one))
            self._list.addWidget(Text(words))
            self._list.addWidget(Flow(off))

    def say_problem(self, sentence: str) -> None:
        self._role.set_problem(sentence)

    def _add(self) -> None:
        self._recorder.add_present(str(self.role.value() or ""), self.name.text())
        self.name.setText("")


class InterruptionsCard(Card):
    """Interruptions; the first that does not say what was done to be safe is asked about."""

    def __init__(self, presenter: InterviewPresenter, recorder: InterviewRecorder) -> None:
        super().__init__(heading="Interruptions")
        self._presenter, self._recorder = presenter, recorder
        self._open: RecordId | None = None
        self._list = column(self.body, gap="tight")
        self._when = Text("", "strong")
        self.at = DateTimeField(presenter.moment)
        self.who_came = Select(list(WHO_CAME.items()), empty="Choose", wide_em=30)
        self.made_safe = TextArea(lines=3)
        self.went_on = Select(list(WENT_ON.items()), empty="Choose", wide_em=30)
        self.go = Button("Save what was done")
        self._fields = {
            "at": Field("When", self.at),
            "who_came": Field("Who came", self.who_came),
            "made_safe": Field("What was done to be safe", self.made_safe),
            "went_on": Field("How it went on", self.went_on),
        }
        self._asking = styled(QWidget(), "clear")
        layout = column(self._asking, gap="medium")
        for part in (rule(), self._when, *self._fields.values(), Flow(self.go)):
            layout.addWidget(part)
        self.body.addWidget(self._asking)
        self.made_safe.textChanged.connect(self._typed)
        self.go.clicked.connect(self._close)
        self._filling = False

    def show_found(self, found: tuple[Interruption, ...]) -> None:
        clear(self._list)
        now = self._presenter.moment()
        waiting = [one for one in found if not one.made_safe]
        for one in found:
            if one.made_safe:
                who = WHO_CAME.get(one.who_came, "Somebody")
                when = moment_words(one.at, now) if one.at else ""
                self._list.addWidget(Text(f"{when}: {who.lower()}. {WENT_ON.get(one.went_on, '')}.", "muted"))
                self._list.addWidget(Text(one.made_safe))
        if not found:
            self._list.addWidget(Text("None. Press Somebody came, and the screen is covered at once.", "muted"))
        self._asking.setVisible(bool(waiting))
        first = waiting[0] if waiting else None
        if first is not None and first.id != self._open:
            self._filling = True
            self.at.set_value(first.at)
            self.made_safe.setText(str(self._presenter.unsaved.get(SAFE, "")))
            self._filling = False
            when = f"{moment_words(first.at, now)}: " if first.at else ""
            self._when.setText(f"{when}Say what was done to be safe.")
        self._open = first.id if first else None

    def forget(self) -> None:
        self._open = None
        self._filling = True
        self.made_safe.setText("")
        for select in (self.who_came, self.went_on):
            select.set_value(None)
        self._filling = False
        self.show_problems({})
        self.show_found(())

    def show_problems(self, problems: dict[str, str]) -> None:
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""))

    def _typed(self) -> None:
        if not self._filling:
            self._presenter.typed(SAFE, self.made_safe.text())

    def _close(self) -> None:
        if self._open is not None:
            self._recorder.close_interruption(
                self._open,
                {
                    "who_came": self.who_came.value() or "", "made_safe": self.made_safe.text(),
                    "went_on": self.went_on.value() or "", "at": self.at.value(),
                },
            )  # fmt: skip
