"""The Files tab of a case: photographs, recordings and papers; dropped, pasted or chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from core.domain.documents import ATTACHMENT_KINDS
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.attachments import AttachedFile, AttachmentForm, GivenFile
from desktop.screens.case.files_presenter import FilesPresenter
from desktop.screens.case.parts import Listing
from desktop.screens.context import ScreenContext
from desktop.screens.file import words
from desktop.screens.stepping import focus_stop
from desktop.widgets import (
    Banner,
    Button,
    DateTimeField,
    ErrorSummary,
    Field,
    Flow,
    Form,
    ProgressRow,
    Select,
    Tag,
    Text,
    TextBox,
    Tone,
    announce,
    column,
    styled,
)


class FilesTab(QWidget):
    """What is attached to the case, and attaching more."""

    counted = Signal(int)

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.setAcceptDrops(True)
        self.presenter = presenter = FilesPresenter(context, self)
        self.choose = Button("Attach files", icon_name="paperclip")
        self.paste = Button("Paste", icon_name="copy", keys="Ctrl+V")
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        self.form = _AttachForm(presenter)
        self._progress = ProgressRow("Attaching", context.clock.monotonic_s)
        self._list = Listing("No files are attached.")
        layout = column(self, gap="medium")
        lead = "Drop files here, paste a picture, or choose them. The original is kept bit for bit."
        layout.addWidget(Text(lead, "muted"))
        for part in (Flow(self.choose, self.paste), self._problem, self._told, self.form, self._progress, self._list):
            layout.addWidget(part)
        presenter.shown.connect(self._show)
        presenter.chosen.connect(self._chosen)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.problems.connect(self.form.show_problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._progress.stopped.connect(presenter.stop)
        self.choose.clicked.connect(self._ask)
        self.paste.clicked.connect(self._paste)

    def arrive(self, case: RecordId) -> None:
        """Show the files of this case."""
        self._problem.clear()
        self.presenter.arrive(case)

    def leave(self) -> None:
        """Another page is on show."""
        self.presenter.leave()

    def forget(self) -> None:
        """Another case comes."""
        self._list.forget()
        self._problem.clear()
        self._told.clear()
        self.presenter.put_away()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths_in(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose files to attach")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.presenter.choose_paths)
        dialog.open()

    def _paste(self) -> None:
        if not self._take(QGuiApplication.clipboard().mimeData()):
            self._tell("There is no picture and no file to paste. Copy one first.")

    def _take(self, data: QMimeData | None) -> bool:
        self._problem.clear()
        if data is None:  # an empty clipboard, on some systems
            return False
        if paths := _paths_in(data):
            self.presenter.choose_paths(paths)
            return True
        image = data.imageData() if data.hasImage() else None
        png = _as_png(image) if isinstance(image, QImage) and not image.isNull() else b""
        if png:
            self.presenter.choose_picture(png)
        return bool(png)

    def _show(self, rows: tuple[AttachedFile, ...]) -> None:
        self.counted.emit(len(rows))
        if self._list.put(rows):
            for row in rows:
                self._list.add(self._box(row))

    def _box(self, row: AttachedFile) -> QWidget:
        box = styled(QWidget(), "clear")
        layout = column(box, gap="tight")
        layout.addWidget(Text(row.name, "strong"))
        if state := words.state(row):
            layout.addWidget(Flow(Tag(*state)))
        for line in words.lines(row, self.presenter.moment()):
            layout.addWidget(Text(line))
        button = Button("Open", "link")
        button.setAccessibleName(f"Open: {row.name}")
        button.clicked.connect(partial(self.presenter.open, row.id))
        layout.addWidget(Flow(button))
        return box

    def _chosen(self, files: tuple[GivenFile, ...]) -> None:
        self.form.show_files(files)

    def _busy(self, what: str) -> None:
        self.form.setEnabled(not what)
        self.choose.setEnabled(not what)
        self.paste.setEnabled(not what)
        if what:
            self._problem.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            self._progress.end()

    def _tell(self, sentence: str) -> None:
        self._told.say(sentence)
        if sentence:
            announce(self, sentence)
            self.choose.setFocus()

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _AttachForm(QWidget):
    """What is said about the files that were chosen; hidden while there are none."""

    def __init__(self, presenter: FilesPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self._count = 0
        self._names = Text("", "strong")
        self._summary = ErrorSummary()
        self._form = Form(self._summary)
        self.what = Select(list(ATTACHMENT_KINDS.items()), empty="Choose", wide_em=26)
        self.about = TextBox(wide_em=46)
        self.taken_at = DateTimeField(presenter.moment)
        self.taken_by = TextBox(wide_em=30)
        self.go, self.no = Button("Attach", "primary"), Button("Not now")
        layout = column(self, gap="medium")
        layout.addWidget(self._names)
        layout.addWidget(self._summary)
        for name, field in (
            ("what", Field("What is it?", self.what)),
            ("about", Field("What does it show or say?", self.about, optional=True)),
            ("taken_at", Field("When was it taken or written?", self.taken_at, optional=True)),
            ("taken_by", Field("Who took it, or gave it to us?", self.taken_by, optional=True)),
        ):
            layout.addWidget(self._form.add(name, field))
        layout.addWidget(Flow(self.go, self.no))
        self.go.clicked.connect(self._attach)
        self.no.clicked.connect(self._not_now)
        presenter.brought_back.connect(self._say_again)
        self._said = ("", "", "", "")
        self.hide()

    def show_files(self, files: tuple[GivenFile, ...]) -> None:
        """Ask about these; nothing typed is lost when another one joins them."""
        names = [file.shown_name for file in files]
        self.setVisible(bool(files))
        if not files:
            self._reset()
        elif len(files) > self._count:
            self._names.setText(names[0] if len(names) == 1 else f"{len(names)} files: {', '.join(names)}")
            announce(self, f"To attach: {self._names.text()}")
            self.what.setFocus()
        else:
            self._names.setText(", ".join(names))
        self._count = len(files)

    def show_problems(self, problems: dict[str, str]) -> None:
        """Beside the fields."""
        self._form.show_problems(problems)

    def _not_now(self) -> None:
        self._said = (
            str(self.what.value() or ""), self.about.text(), self.taken_at.text(), self.taken_by.text()
        )  # fmt: skip
        self._presenter.not_now()

    def _say_again(self) -> None:
        """The files are back, and so is what was said of them."""
        what, about, taken_at, taken_by = self._said
        self.what.set_value(what or None)
        self.about.setText(about)
        self.taken_at.box.setText(taken_at)
        self.taken_by.setText(taken_by)

    def _reset(self) -> None:
        self.what.setCurrentIndex(0)
        self.about.setText("")
        self.taken_at.set_value(None)
        self.taken_by.setText("")

    def _attach(self) -> None:
        if self.taken_at.text().strip() and self.taken_at.value() is None:
            self.show_problems({"taken_at": "Write the day and time, for example: yesterday, 9:41am."})
            return
        self._presenter.attach(
            AttachmentForm(
                str(self.what.value() or ""), self.about.text(), self.taken_at.value(), self.taken_by.text()
            )
        )


def _paths_in(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _as_png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(held.data()) if written else b""
