"""Reading the statement back, and signing it: large words and nothing else, then the pen, or the name by keyboard."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.domain.interview import SIGNED_HOW, SignedStatement
from core.policy.interview import Standing, statement_now
from core.services.interview_record import SigningForm, unpack_strokes
from core.services.interviews import Interview
from desktop.screens.interviews.fields import YES_NO, Fields, lead, stack
from desktop.screens.interviews.on_paper import PaperCard
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
    SignatureBox,
    SignatureView,
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

STANDINGS = {
    Standing.NONE: ("There is no statement yet.", "", Tone.INFO),
    Standing.UNSIGNED: ("Not signed yet.", "Read it back, then sign below.", Tone.INFO),
    Standing.SIGNED: ("Signed.", "It stands as it was signed.", Tone.OK),
    Standing.NOT_SIGNED: ("Not signed, with the reason.", "It can still be signed later.", Tone.INFO),
    Standing.CHANGED: (
        "Changed since it was signed.", "What stands now is another version, and nobody has signed it.", Tone.SOON,
    ),
}  # fmt: skip
EMPTY = "There is nothing to read back yet."


class SignPart(QWidget):
    """The words that are signed stand above the box they are signed in, and are the very ones."""

    def __init__(self, presenter: InterviewPresenter, recorder: InterviewRecorder, fields: Fields) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter, self._recorder, self._fields = presenter, recorder, fields
        self.standing = Banner("", "", Tone.INFO)
        self.words = Text("", "large")
        self.how = ChoiceGroup(list(SIGNED_HOW.items()))
        self._how = Field("How it is signed", self.how)
        self.box, self._wipe = SignatureBox(), Button("Wipe it", "quiet")
        self.name, self.aloud = TextBox(wide_em=30), Tick("They heard it and agreed to it aloud")
        self.read_in, self.reason = TextBox(wide_em=20), TextArea(lines=3)
        self._problem = Text("", "problem")
        self._name, self._reason = Field("The person's name", self.name), Field("Why", self.reason)
        self.go = Button("Keep it with the statement", "primary")
        self._drawn, self._typed = _group(self.box, Flow(self._wipe)), _group(self._name, self.aloud)
        self.paper = PaperCard(recorder)
        read = Card(self.standing, self.words, heading="Read back")
        for name in ("read_back", "agreed", "corrected"):
            read.body.addWidget(fields.add(name, ChoiceGroup(YES_NO, flowing=True)))
        read.body.addWidget(Field("Read back in another language", self.read_in, optional=True))
        self._kept = column(gap="medium")
        kept = Card(lead("Each stands for the very words it was given for."), heading="Kept with it")
        kept.body.addLayout(self._kept)
        sign = Card(self._how, self._drawn, self._typed, self._reason, self._problem, Flow(self.go), heading="Sign")
        column(self, gap="none").addWidget(
            Columns(stack(read, self.paper), stack(sign, kept), stretches=(3, 2), stack_below_em=96)
        )
        self._count = 0
        self.how.picked.connect(self._choose)
        self._wipe.clicked.connect(self.box.wipe)
        self.go.clicked.connect(self._sign)
        self.forget()

    def turned_to(self) -> None:
        """The page is turned to this part: what is read back is what stands in the box of the statement."""
        self.words.setText(str(self._fields.value("statement")) or EMPTY)

    def show_interview(self, found: Interview) -> None:
        """How the statement stands, and what was kept with it."""
        signatures = found.of(SignedStatement)
        now = statement_now(found.record.statement, signatures)
        strong, rest, tone = STANDINGS[now.standing]
        self.standing.tone = tone
        version = f" Version {now.version}." if now.version > 1 else ""
        self.standing.say(strong, f"{rest}{version}".strip())
        self.turned_to()
        clear(self._kept)
        if not signatures:
            self._kept.addWidget(Text("Nothing yet.", "muted"))
        for one in sorted(signatures, key=lambda one: (one.at is None, one.at, one.id), reverse=True):
            self._kept.addWidget(_KeptBox(one, current=now.signature is not None and one.id == now.signature.id))
        self.paper.show_interview(found)
        count = len(signatures)
        if count > self._count:  # it was kept just now; else what is in the boxes is still being done
            self._clear_signing()
        self._count = count

    def forget(self) -> None:
        """Nothing stays."""
        self._count = 0
        self._clear_signing()
        self.read_in.setText("")
        self.words.setText(EMPTY)
        self.standing.clear()
        clear(self._kept)
        self.paper.forget()
        self.show_problems({})

    def show_problems(self, problems: dict[str, str]) -> None:
        self.paper.show_problems({})
        self._how.set_problem(problems.get("how", ""))
        self._name.set_problem(problems.get("name", ""))
        self._reason.set_problem(problems.get("reason", "") if self._presenter.shown else "")
        said = [problems[name] for name in ("statement", "strokes", "agreed_aloud") if problems.get(name)]
        self._problem.setText(f"Error: {' '.join(said)}" if said else "")
        self._problem.setVisible(bool(said))

    def _clear_signing(self) -> None:
        self.how.set_values(["drawn"])
        self.box.wipe()
        self.name.setText("")
        self.aloud.setChecked(False)
        self.reason.setText("")
        self._choose()

    def _choose(self) -> None:
        how = self.how.value()
        self._drawn.setVisible(how == "drawn")
        self._typed.setVisible(how == "typed")
        self._reason.setVisible(how in ("refused", "unable"))

    def _sign(self) -> None:
        if self._presenter.interview is None:
            return
        self._recorder.sign(
            SigningForm(
                interview=self._presenter.interview, how=str(self.how.value() or ""),
                words=str(self._fields.value("statement")), strokes=self.box.strokes(), name=self.name.text(),
                agreed_aloud=self.aloud.isChecked(), read_in=self.read_in.text(), reason=self.reason.text(),
            )
        )  # fmt: skip


class _KeptBox(QWidget):
    """One signature, or the reason there is none, with its words behind a button."""

    def __init__(self, one: SignedStatement, *, current: bool) -> None:
        super().__init__()
        styled(self, "clear")
        layout = column(self, gap="tight")
        how = SIGNED_HOW.get(one.how, one.how)
        when = whole_words(one.at) if one.at else ""
        layout.addWidget(Text(f"{how}. {when}{'' if current else '. Of an earlier version'}", "strong"))
        if one.how == "drawn":
            picture = SignatureView(f"Signature. {when}")
            picture.show_strokes(unpack_strokes(one.strokes))
            layout.addWidget(picture)
        details = (
            one.name, "Agreed aloud." if one.agreed_aloud else "",
            "Corrected when it was read back." if one.corrected else "",
            f"Read back in: {one.read_in}" if one.read_in else "", one.reason,
        )  # fmt: skip
        for words in details:
            if words:
                layout.addWidget(Text(words))
        self._words = Text(one.words)
        self._show = Button("Show the words it stands for", "link")
        self._show.clicked.connect(self._turn)
        layout.addWidget(Flow(self._show))
        layout.addWidget(self._words)
        self._words.hide()

    def _turn(self) -> None:
        shown = self._words.isHidden()
        self._words.setVisible(shown)
        self._show.set_words("Fold the words away" if shown else "Show the words it stands for")


def _group(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="small")
    for part in parts:
        layout.addWidget(part)
    return holder
