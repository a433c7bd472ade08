"""The statement on paper: which version, for whom, how large, and into which file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.domain.interview import COPY_FOR, SIGNED_HOW, SignedStatement
from core.foundation.ids import RecordId
from core.services.interviews import Interview
from desktop.screens.interviews.fields import lead
from desktop.screens.interviews.recorder import InterviewRecorder
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import Button, Card, ChoiceGroup, Field, Flow, Select, Text, TextBox
from desktop.widgets.moments import whole_words

NOW = "now"
SIZES = (("standard", "Usual print"), ("large-print", "Large print"))
ASK_FIRST = (
    "Ask first whether paper is safe for them. Where somebody at home could find it, keep it here, or let them read it"
    " in your office."
)


class PaperCard(Card):
    """Makes a PDF of the statement. It goes where the officer says, and nowhere else."""

    def __init__(self, recorder: InterviewRecorder) -> None:
        super().__init__(lead(ASK_FIRST), heading="A copy on paper")
        self._recorder = recorder
        self.which = Select([], wide_em=30)
        self.for_whom = ChoiceGroup(list(COPY_FOR.items()))
        self.reason = TextBox()
        self.print_size = ChoiceGroup(SIZES, flowing=True)
        self.path = PathLine("Choose", PathKind.SAVE, title="Where the copy goes", filters="PDF (*.pdf)")
        self._for_whom = Field("For whom", self.for_whom)
        self._reason = Field("What it is for", self.reason)
        self._path = Field("File", self.path, hint="Choose a name that tells nothing.")
        self._problem, self._said = Text("", "problem"), Text("")
        self.go, self.over = Button("Make the PDF"), Button("Write over it", "quiet")
        parts: tuple[QWidget, ...] = (
            Field("Which", self.which), self._for_whom, self._reason, Field("Print", self.print_size), self._path,
            self._problem, Flow(self.go, self.over), self._said,
        )  # fmt: skip
        for part in parts:
            self.body.addWidget(part)
        self.for_whom.picked.connect(self._choose)
        self.go.clicked.connect(self._make)
        self.over.clicked.connect(self._make_over)
        recorder.paper.connect(self._made)
        recorder.paper_there.connect(self._there)
        recorder.paper_problems.connect(self.show_problems)
        self.forget()

    def show_interview(self, found: Interview) -> None:
        """What there is to print: the words as they stand, and every version kept with its signature."""
        chosen = self.which.value()
        made = sorted(found.of(SignedStatement), key=lambda one: (one.at is None, one.at, one.id), reverse=True)
        options = [(NOW, "The words as they stand now")]
        options += [
            (one.id.hex(), f"{SIGNED_HOW.get(one.how, one.how)}, {whole_words(one.at) if one.at else ''}")
            for one in made
        ]
        self.which.set_options(options)
        self.which.set_value(chosen if chosen in [key for key, _ in options] else NOW)
        if not self.path.text():
            self.path.set_text(str(self._recorder.suggested_paper()))

    def forget(self) -> None:
        """Nothing stays."""
        self.which.set_options([])
        self.for_whom.set_values(["person"])
        self.print_size.set_values(["standard"])
        self.reason.setText("")
        self.path.set_text("")
        self._said.setText("")
        self._said.hide()
        self.show_problems({})
        self._choose()

    def show_problems(self, problems: dict[str, str]) -> None:
        """What is wrong, beside its box."""
        self._for_whom.set_problem(problems.get("for_whom", ""))
        self._reason.set_problem(problems.get("copy_reason", ""))
        self._path.set_problem(problems.get("path", ""))
        said = problems.get("statement", "")
        self._problem.setText(f"Error: {said}" if said else "")
        self._problem.setVisible(bool(said))
        self.over.hide()

    def _choose(self) -> None:
        self._reason.setVisible(self.for_whom.value() == "file")

    def _make(self) -> None:
        self._ask(replace=False)

    def _make_over(self) -> None:
        self._ask(replace=True)

    def _ask(self, *, replace: bool) -> None:
        self._said.hide()
        key = str(self.which.value() or NOW)
        typed = self.path.text()
        self._recorder.make_paper(
            version=None if key == NOW else RecordId(bytes.fromhex(key)), for_whom=str(self.for_whom.value() or ""),
            reason=self.reason.text(), large_print=self.print_size.value() == "large-print",
            destination=Path(typed).expanduser() if typed else Path(), replace=replace,
        )  # fmt: skip

    def _made(self, name: str) -> None:
        self.show_problems({})
        self._said.setText(f"{name} is written. It is not protected any more. Delete the file once it is printed.")
        self._said.show()

    def _there(self) -> None:
        self.show_problems({"path": "A file of that name is there. Press Write over it, or choose another name."})
        self.over.show()
