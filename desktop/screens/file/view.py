"""The page of one attached file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.attachments import AttachedFile, FileState
from desktop.screens.context import ScreenContext
from desktop.screens.file import words
from desktop.screens.file.presenter import FilePresenter
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.stepping import focus_stop
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    Field,
    Flow,
    Page,
    ProgressRow,
    Text,
    Tone,
    announce,
    clear,
    column,
    em_px,
    styled,
)
from desktop.widgets.pdf import PdfPreview
from desktop.widgets.picture import PictureView

CLEANED, ORIGINAL = "cleaned", "original"
LEAST_VIEW_EM = 20
VIEW_SHARE = 0.72
"""So much of the page's height the picture or document takes."""


class FilePage(Page):
    """Opens with `arrive(case=..., attachment=...)`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("File", parent=parent)
        self.presenter = presenter = FilePresenter(context, self)
        self.back = Button("Back to the case", icon_name="arrow-left")
        self.actions.add(self.back)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self.fetch = Button("Fetch this file", icon_name="download")
        self._absent = Banner("", "", Tone.SOON, actions=(self.fetch,))
        for banner in (self._problem, self._told, self._absent):
            self.pinned.addWidget(banner)
        self.picture = PictureView()
        self.pages = PdfPreview(context.runner)
        self._nothing = Text("", "muted")
        self._facts = column(gap="tight")
        facts = Card(heading="About this file")
        facts.body.addLayout(self._facts)
        self.save = _SaveCard(context)
        self.removal = _RemoveCard()
        view = styled(QWidget(), "clear")
        beneath = column(view, gap="medium")
        for viewer in (self.picture, self.pages, self._nothing):
            beneath.addWidget(viewer)
        beneath.addStretch(1)
        side = styled(QWidget(), "clear")
        beside = column(side, gap="medium")
        for card in (facts, self.save, self.removal):
            beside.addWidget(card)
        beside.addStretch(1)
        self.add(Columns(view, side, stretches=(3, 2), stack_below_em=96))
        self.body.addStretch(1)
        self._connect(presenter)

    def _connect(self, presenter: FilePresenter) -> None:
        presenter.changed_file.connect(self._forget)
        presenter.shown.connect(self._show)
        presenter.picture.connect(self._show_picture)
        presenter.pages.connect(self._show_pages)
        presenter.not_viewable.connect(self._say_nothing)
        presenter.busy.connect(self.save.show_busy)
        presenter.progress.connect(self.save.progress.hear)
        presenter.problems.connect(self.save.show_problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self.back.clicked.connect(presenter.go_back)
        self.fetch.clicked.connect(presenter.fetch)
        self.save.wanted.connect(self._save)
        self.save.progress.stopped.connect(presenter.stop)
        self.removal.confirmed.connect(presenter.remove)
        self._forget()

    def arrive(self, attachment: RecordId, case: RecordId | None = None) -> None:
        """Show this file. `case` is where it came from, for the way back."""
        self.presenter.arrive(attachment)

    def leave(self) -> bool:
        """Forget the file."""
        self.presenter.leave()
        self._forget()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = max(em_px(self, LEAST_VIEW_EM), round(VIEW_SHARE * self.height()))
        for viewer in (self.picture, self.pages):
            viewer.setMinimumHeight(high)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.back

    def _forget(self) -> None:
        self.set_title("File")
        for banner in (self._problem, self._told, self._absent):
            banner.clear()
        for viewer in (self.picture, self.pages):
            viewer.clear()
            viewer.hide()
        self._nothing.hide()
        clear(self._facts)
        self.save.hide()
        self.save.path.set_text("")
        self.removal.put_away()
        self.removal.hide()

    def _show(self, row: AttachedFile) -> None:
        self.set_title(row.what or "File")
        clear(self._facts)
        self._facts.addWidget(Text(row.name, "strong"))
        for line in words.lines(row, self.presenter.moment()):
            self._facts.addWidget(Text(line))
        self._facts.addWidget(Text(words.checksum(row), "small"))
        if row.here:
            self._absent.clear()
            self.save.show_row(row)
        else:
            self._absent.say(f"{row.state_words}.", _WHY[row.state])
            self.fetch.setVisible(row.state is FileState.WHEN_ASKED)
        self.save.setVisible(row.here)
        self.removal.show()

    def _show_picture(self, image: QImage, name: str) -> None:
        self.picture.show()
        self.picture.show_picture(image, name)

    def _show_pages(self, pdf: bytes, name: str) -> None:
        self.pages.show()
        self.pages.show_pdf(pdf, name)

    def _say_nothing(self, why: str) -> None:
        self._nothing.setText(why)
        self._nothing.show()

    def _save(self, path: str, original: bool, replace: bool) -> None:
        self._problem.clear()
        self._told.clear()
        self.presenter.save(path, original=original, replace=replace)

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self._told.say(sentence)
        announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


_WHY = {
    FileState.COMING: "It comes with the next sync, as soon as the laptop that has it has sent it.",
    FileState.WHEN_ASKED: "It is larger than what this laptop fetches by itself.",
    FileState.UNREADABLE: "Its record is not written as this version expects.",
}


class _SaveCard(Card):
    """Where the copy goes, and whether it may say where it was taken."""

    wanted = Signal(str, bool, bool)
    """(path, original, may replace)."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(heading="Save a copy")
        self._agreed = ""
        self.path = PathLine("Choose file", PathKind.SAVE, title="Choose where the copy goes")
        self._where = Field("Where does the copy go?", self.path)
        self.choice = ChoiceGroup(
            [(CLEANED, "Without location data (recommended)"), (ORIGINAL, "The original, as it is")]
        )
        self._how = Field("What goes into it?", self.choice)
        self.go = Button("Save a copy", icon_name="save")
        self.progress = ProgressRow("Saving a copy", context.clock.monotonic_s)
        lead = Text("A copy is not protected: whoever gets at it can read it, and sees what it shows.", "muted")
        for part in (lead, self._where, self._how, self.progress, Flow(self.go)):
            self.body.addWidget(part)
        self.path.chosen.connect(self._agree)
        self.path.entered.connect(self._press)
        self.go.clicked.connect(self._press)

    def show_row(self, row: AttachedFile) -> None:
        """For this file."""
        self._agreed = ""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        self.path.set_text(str(Path(folder or Path.home()) / row.name))
        clean = self.choice.buttons[0]
        clean.setEnabled(row.can_be_cleaned)
        self.choice.set_value(CLEANED if row.can_be_cleaned else ORIGINAL)
        self._how.set_hint(
            "The copy then says nothing of place, time or device; the picture itself stays as it is."
            if row.can_be_cleaned
            else "Location data cannot be taken out of this kind of file."
        )
        self.show_problems({})

    def show_problems(self, problems: dict[str, str]) -> None:
        """Beside the box."""
        self._where.set_problem(problems.get("path", ""))

    def show_busy(self, what: str) -> None:
        """While it is written."""
        for part in (self._where, self._how, self.go):
            part.setEnabled(not what)
        if what:
            self.progress.begin(what)
            focus_stop(self.progress)
        else:
            self.progress.end()

    def _agree(self) -> None:
        self._agreed = self.path.text()  # the system's own dialog has asked whether to replace it

    def _press(self) -> None:
        path = self.path.text()
        self.wanted.emit(path, self.choice.value() == ORIGINAL, bool(path) and path == self._agreed)


class _RemoveCard(Card):
    """Asked twice, because what was evidence should not go by one press."""

    confirmed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ask = Button("Remove from the case", icon_name="trash-2")
        self._what = Text(
            "The file goes off the list for everybody. Its encrypted bytes stay with the history of the case until"
            " the case itself is destroyed."
        )
        self.go, self.no = Button("Remove"), Button("Not now")
        self._sure = styled(QWidget(), "clear")
        beneath = column(self._sure, gap="small")
        beneath.addWidget(self._what)
        beneath.addWidget(Flow(self.go, self.no))
        self.body.addWidget(Flow(self.ask))
        self.body.addWidget(self._sure)
        self.ask.clicked.connect(self._ask)
        self.no.clicked.connect(self._not_now)
        self.go.clicked.connect(self.confirmed)
        self.put_away()

    def put_away(self) -> None:
        """Not asked yet."""
        self._sure.hide()
        self.ask.setEnabled(True)

    def _ask(self) -> None:
        self._sure.show()
        self.ask.setEnabled(False)
        announce(self, self._what.text())
        self.no.setFocus()

    def _not_now(self) -> None:
        self.put_away()
        self.ask.setFocus()
