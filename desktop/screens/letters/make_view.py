"""The Make step: where the files go, how far it is, and what could not be made."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.models import Column, TupleModel
from desktop.screens.letters.make_parts import CancelPart, DraftsPart
from desktop.screens.letters.making import MakingPresenter
from desktop.screens.letters.words import Made
from desktop.screens.paths import PathKind, PathLine, usual_folder
from desktop.screens.stepping import focus_stop
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    ListTable,
    ProgressRow,
    Text,
    TextArea,
    Tone,
    announce,
    clear,
    column,
    styled,
)


class MakeStep(QWidget):
    """Stop keeps what is finished; making again goes on."""

    def __init__(self, presenter: MakingPresenter, progress: ProgressRow) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter, self._progress = presenter, progress
        self._stands = Banner("", "", Tone.INFO)
        self.path = PathLine("Choose folder", PathKind.FOLDER, title="Choose where the letters go")
        self._field = Field(
            "Where do the letters go?", self.path,
            hint="A folder of their own is made there. The files are not locked: print them, then delete them.",
        )  # fmt: skip
        self.make = Button("Make the letters", "primary", icon_name="printer")
        self.deliver = Button("Go on to the doors", "primary")
        self.open = Button("Open the folder", icon_name="folder-open")
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        self.anew = Button("Other letters for this case", "quiet")
        self._where = Text("", "muted", selectable=True)
        self._model: TupleModel[tuple[str, str]] = TupleModel(_REFUSALS, self)
        self._refused = Card(heading="Letters that could not be made")
        self._refused.body.addWidget(ListTable("Letters that could not be made", self._model))
        self._ask = Card(self._field)
        self._hits = column(gap="small")
        self._reason = TextArea(lines=2, most_lines=6)
        self._reason_field = Field(
            "Why they go out all the same", self._reason, hint="Only where words in them could give somebody away.",
            optional=True,
        )  # fmt: skip
        self.agree = Button("Agree to these letters", "primary")
        self._words = Text("", selectable=True)
        self._agreeing = Card(
            Text("Every home would get these words", "heading"), self._words, self._reason_field, Flow(self.agree)
        )
        self.cancelling, self.drafts = CancelPart(presenter), DraftsPart(presenter)
        layout = column(self)
        buttons = Flow(self.make, self.deliver, self.open, self.back, self.anew, self.cancelling.ask)
        layout.addWidget(self._stands)
        layout.addLayout(self._hits)
        for part in (self._agreeing, progress, self._ask, self._where, buttons, self._refused):
            layout.addWidget(part)
        layout.addWidget(self.cancelling)
        layout.addWidget(self.drafts)
        layout.addStretch(1)
        self.path.set_text(str(usual_folder()))
        presenter.stands.connect(self._show)
        presenter.problem.connect(self._field.set_problem)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(progress.hear)
        progress.stopped.connect(presenter.stop)
        self.make.clicked.connect(self._make)
        self.path.entered.connect(self._make)
        self.open.clicked.connect(self._open)
        self.agree.clicked.connect(self._agree)
        presenter.reason_problem.connect(self._reason_field.set_problem)
        self._agreeing.hide()

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return next((one for one in (self.deliver, self.agree) if one.isVisibleTo(self)), self.make)

    def _show(self, made: Made) -> None:
        folder = self._presenter.folder
        begun = self._presenter.run is not None
        self._stands.say(made.strong, made.rest, Tone.OK if made.finished else Tone.INFO)
        self.make.set_words(made.button)
        self.make.set_kind("secondary" if made.complete else "primary")
        clear(self._hits)
        for hit in made.hits:
            self._hits.addWidget(Banner("Words that could give somebody away.", hit, Tone.ERROR))
        self._words.setText(made.words)
        self._agreeing.setVisible(made.may_agree)
        self.deliver.setVisible(made.complete)
        self.open.setVisible(folder is not None)
        self.back.setVisible(not begun)
        self.anew.setVisible(begun)
        to_make = not (made.finished or made.waiting or made.cancelled)
        self._ask.setVisible(to_make)
        self.make.setVisible(to_make)
        self.cancelling.offer(made.can_cancel)
        self._where.setText(f"The files are in {folder}" if folder and made.finished else "")
        self._where.setVisible(bool(self._where.text()))
        self._model.put(made.refusals)
        self._refused.setVisible(bool(made.refusals))
        self.drafts.show_drafts(made.drafts)
        announce(self, f"{made.strong} {made.rest}")

    def _busy(self, what: str) -> None:
        if what:
            self._progress.begin(what)
            focus_stop(self._progress)
            self._stands.clear()
        else:
            self._progress.end()
        for part in (self._ask, self.make, self.deliver, self.back, self.anew, self.cancelling.ask, self.cancelling):
            part.setEnabled(not what)

    def _make(self) -> None:
        self._presenter.make(self.path.text())

    def _agree(self) -> None:
        self._presenter.agree(self._reason.text())

    def _open(self) -> None:
        folder = self._presenter.folder
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _home(refusal: tuple[str, str]) -> str:
    return refusal[0]


def _why(refusal: tuple[str, str]) -> str:
    return refusal[1]


_REFUSALS = (
    Column(heading="Home", words=_home, wide_em=26),
    Column(heading="Why", words=_why, wide_em=40, stretch=True),
)
