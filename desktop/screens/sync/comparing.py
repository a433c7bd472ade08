"""Sync words: read them to each other on the phone, keep them with the minutes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import DeviceId
from core.services.sync_words import LaptopWords, MinutesSaved, WordsCompared
from desktop.operations import sync
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.sync.words import checked_words, compared_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Select,
    Text,
    TextBox,
    Tone,
    announce,
    clear,
    column,
    problems_of,
)

MOST_DIGITS = 9


class ComparePresenter(QObject):
    """Loads the words when they are asked for: reading them out is rare."""

    shown = Signal(object)
    """A tuple of (`LaptopWords`, when compared)."""
    problems = Signal(object)
    told = Signal(str, str, object)
    text = Signal(str)
    """The text for the minutes, for the clipboard."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def load(self) -> None:
        """The words of every laptop."""
        sync.words_of_laptops(self._context.runner, on_done=self._known, on_failed=self._failed)

    def copy(self) -> None:
        """The words as a text."""
        sync.minutes_text(self._context.runner, on_done=self._copied, on_failed=self._failed)

    def save(self, words: str) -> None:
        """Write that text to a file."""
        if not words.strip():
            self.problems.emit({"file": "Choose where the text goes."})
            return
        path = Path(words.strip()).expanduser()
        sync.save_minutes(self._context.runner, path, on_done=self._saved, on_failed=self._failed)

    def compare(self, device: DeviceId | None, number: str, words: str) -> None:
        """What was heard against what is here."""
        if device is None:
            self.problems.emit({"laptop": "Choose whose laptop the words are of."})
            return
        digits = number.replace(",", "").strip()
        count = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else 0
        sync.compare_words(
            self._context.runner, device, count, words, on_done=self._compared, on_failed=self._failed
        )

    def _known(self, rows: tuple[LaptopWords, ...]) -> None:
        now = self._context.clock.now()
        self.shown.emit(tuple((row, checked_words(row, now)) for row in rows))

    def _copied(self, text: str) -> None:
        self.text.emit(text)
        self.told.emit("Copied.", "Paste it into the minutes within half a minute.", Tone.OK)

    def _saved(self, saved: MinutesSaved) -> None:
        self.problems.emit({})
        self.told.emit("Saved.", f"{saved.path.name} can be printed or sent with the papers.", Tone.OK)

    def _compared(self, result: WordsCompared) -> None:
        self.problems.emit({})
        self.told.emit(*compared_words(result))
        self.load()

    def _failed(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(problems_of(error))
        else:
            self.failed.emit(error)


class CompareCard(Card):
    """The words of each laptop; below them the boxes for what was heard."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Sync words", parent=parent)
        self.presenter = presenter = ComparePresenter(context, self)
        lead = Text(
            "A shared folder that showed two of you different things could hide it, but not from people who compare. "
            "Read the words of your own laptop to a colleague on the phone, or put them into the minutes."
        )
        self.show_words = Button("Show the words")
        self.copy = Button("Copy for the minutes", icon_name="copy")
        self.path = PathLine("Choose file", PathKind.SAVE, title="Choose where the text goes")
        self.path.set_text(str(Path.home() / f"sync-words-{context.clock.now():%Y-%m-%d}.txt"))
        self.save = Button("Save as a text to print", icon_name="download")
        self._words = column(gap="small")
        self.laptop = Select(empty="Choose a laptop")
        self.number, self.heard = TextBox(wide_em=10), TextBox(wide_em=46)
        self.compare = Button("Compare")
        summary = ErrorSummary()
        self._form = form = Form(summary)
        self._told, self._problem = Banner("", ""), Banner("", "", Tone.ERROR)
        self.body.addWidget(lead)
        self.body.addWidget(Flow(self.show_words, self.copy))
        self.body.addLayout(self._words)
        for part in (
            form.add("file", Field("Where does the text go?", self.path)), Flow(self.save), summary,
            Text("What you heard on the phone", "strong"),
            form.add("laptop", Field("Whose laptop are the words of?", self.laptop)),
            form.add("number", Field("Up to which entry?", self.number, hint="The number read out with the words.")),
            form.add("words", Field("The eight words", self.heard, hint="With spaces between them.")),
            self._problem, self._told, Flow(self.compare),
        ):  # fmt: skip
            self.body.addWidget(part)
        self.show_words.clicked.connect(presenter.load)
        self.copy.clicked.connect(presenter.copy)
        self.save.clicked.connect(self._save)
        self.path.entered.connect(self._save)
        self.compare.clicked.connect(self._compare)
        self.heard.returnPressed.connect(self._compare)
        presenter.shown.connect(self._show)
        presenter.problems.connect(form.show_problems)
        presenter.told.connect(self._tell)
        presenter.text.connect(self._to_clipboard)
        presenter.failed.connect(self._problem.say_error)

    def _save(self) -> None:
        self.presenter.save(self.path.text())

    def _compare(self) -> None:
        device = self.laptop.value()
        self._problem.clear()
        self.presenter.compare(
            DeviceId(device) if isinstance(device, bytes) else None, self.number.text(), self.heard.text()
        )

    def _show(self, rows: tuple[tuple[LaptopWords, str], ...]) -> None:
        clear(self._words)
        for row, checked in rows:
            whose = f"{row.whose}{' (this one)' if row.is_this else ''}, entry {row.number:,}. {checked}"
            self._words.addWidget(Text(whose, "muted"))
            self._words.addWidget(Text(" ".join(row.words), "strong", selectable=True))
        self.laptop.set_options([(bytes(row.device), row.whose) for row, _ in rows if not row.is_this])

    def _tell(self, strong: str, rest: str, tone: Tone) -> None:
        self._problem.clear()
        self._told.say(strong, rest, tone)
        announce(self, f"{strong} {rest}")

    def _to_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
