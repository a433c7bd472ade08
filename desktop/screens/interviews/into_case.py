"""From the interview into the case: each answer shown as it will stand there, ticked one by one, put in at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.domain.interview import INTO_CASE
from core.foundation.ids import RecordId
from core.services.interview_flow import FlowPage
from desktop.screens.interviews.fields import Fields, lead, stack
from desktop.screens.interviews.recorder import InterviewRecorder
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
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

NOTHING = "Nothing waits to go in. What was told is written under What happened."
HIDDEN = (
    "Readers of the case do not see that there is a private interview. What you put in says that it came from one."
)


class CasePart(QWidget):
    """What the person wants comes first; the statement itself is never offered."""

    def __init__(self, recorder: InterviewRecorder, fields: Fields) -> None:
        super().__init__()
        styled(self, "clear")
        self._recorder = recorder
        self._why_not, self._hidden = Banner("", "", Tone.INFO), Banner("", "", Tone.SOON, icon_name="eye")
        self.wish = fields.add("into_case", Select(list(INTO_CASE.items()), empty="Not asked yet", wide_em=30))
        self._look = Button("Look what could go in")
        wish = Card(
            lead("Ask first, and show them each answer below before it goes in. The statement itself stays here."),
            self.wish, fields.add("into_case_words", TextBox(wide_em=30)), Flow(self._look),
            heading="What they want in the case",
        )  # fmt: skip
        self._ticks: dict[str, Tick] = {}
        self._list = column(gap="medium")
        self._inside = styled(QWidget(), "clear")
        self.party = Select([], empty="Nobody in particular", wide_em=26)
        self.because = TextArea(lines=3)
        self._because = Field(
            "Why, although they want nothing of it in the case", self.because,
            hint="Whose safety goes before it, and whether the person was told first. Readers of the case see this.",
        )  # fmt: skip
        self._party = Field("Whom it is about", self.party)
        self._problem = Text("", "problem")
        self.go = Button("Put these into the case", "primary")
        chosen = Card(heading="What goes into the case")
        for banner in (self._why_not, self._hidden):
            chosen.body.addWidget(banner)
        chosen.body.addLayout(self._list)
        inner = column(self._inside, gap="medium")
        for part in (self._party, self._because, self._problem, Flow(self.go)):
            inner.addWidget(part)
        chosen.body.addWidget(self._inside)
        column(self, gap="none").addWidget(
            Columns(stack(chosen), stack(wish), stretches=(5, 3), stack_below_em=96)
        )
        recorder.flow.connect(self.show_page)
        self.go.clicked.connect(self._put)
        self._look.clicked.connect(recorder.ask_flow)
        self.forget()

    @property
    def ticks(self) -> dict[str, Tick]:
        """The box of each answer, by its key."""
        return self._ticks

    def turned_to(self) -> None:
        """The page is turned to this part."""
        self._recorder.ask_flow()

    def show_page(self, page: FlowPage) -> None:
        """Each answer as it would stand in the case. None is ticked beforehand."""
        self._why_not.say(page.why_not or ("" if page.pieces else NOTHING))
        self._hidden.say(HIDDEN if page.hidden and page.pieces else "")
        self._because.setVisible(page.wish_nothing)
        offered = page.pieces if not page.why_not else ()
        self._inside.setVisible(bool(offered))
        self.party.set_options([(one.id.hex(), one.name or "Name not given") for one in page.people])
        if len(page.people) == 1:
            self.party.set_value(page.people[0].id.hex())
        self._ticks = {}
        clear(self._list)
        for piece in page.pieces:
            box = styled(QWidget(), "clear")
            layout = column(box, gap="tight")
            words = Text(piece.words)
            if page.why_not:
                layout.addWidget(Text(piece.heading, "strong"))
            else:
                tick = self._ticks[piece.key] = Tick(piece.heading)
                tick.setAccessibleDescription(piece.words)
                layout.addWidget(tick)
            layout.addWidget(words)
            self._list.addWidget(box)

    def forget(self) -> None:
        """Nothing stays."""
        self.because.setText("")
        self.show_page(FlowPage(pieces=()))
        self._why_not.clear()
        self.show_problems({})

    def show_problems(self, problems: dict[str, str]) -> None:
        self._because.set_problem(problems.get("against_wish_because", ""))
        self._party.set_problem(problems.get("party", ""))
        said = problems.get("chosen", "")
        self._problem.setText(f"Error: {said}" if said else "")
        self._problem.setVisible(bool(said))

    def _put(self) -> None:
        chosen = frozenset(key for key, tick in self._ticks.items() if tick.isChecked())
        party = self.party.value()
        about = RecordId(bytes.fromhex(str(party))) if party else None
        self._recorder.put(chosen, about, self.because.text())
