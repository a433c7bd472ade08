"""My laptops: each by its name; adding one only after the eight words on both screens were compared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.domain.changed import Changed
from core.foundation.errors import AppError, FormIncomplete, PairingRejected
from core.foundation.ids import DeviceId
from core.services.laptops import LaptopRow
from core.services.pairing import Paired, PairingSeen
from core.services.sync import SyncReport
from desktop.background import Job
from desktop.operations import handing_over, laptops, sync
from desktop.screens.code_box import CodeBox
from desktop.screens.context import ScreenContext
from desktop.screens.stepping import focus_stop
from desktop.screens.words import when_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    ProgressRow,
    Text,
    TextBox,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)

NO_NAME = "Laptop without a name"


class LaptopsPresenter(QObject):
    """Reads a code first; answers it only after somebody has compared the words."""

    rows = Signal(object)
    """A tuple of `LaptopRow`."""
    code_read = Signal(str)
    seen = Signal(object)
    """`PairingSeen`, or None when there is nothing to compare."""
    code_problem = Signal(str)
    name_problem = Signal(object, str)
    """(device, sentence)."""
    told = Signal(str, str)
    busy = Signal(str)
    progress = Signal(int, int, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self._job: Job | None = None
        self._seen: PairingSeen | None = None
        self._added = ""
        self._naming: DeviceId | None = None
        context.changes.announced.connect(self._changed)

    def load(self) -> None:
        """Read the list."""
        laptops.my_laptops(self._context.runner, on_done=self._listed, on_failed=self._failed)

    def rename(self, device: DeviceId, name: str) -> None:
        """Call a laptop by another name."""
        self._naming = device
        laptops.name_laptop(self._context.runner, device, name, on_done=self._named, on_failed=self._not_named)

    def read_picture(self, path: str) -> None:
        """The code in a photograph."""
        self._begin("Looking for the code in the picture")
        handing_over.code_in_picture(
            self._context.runner, Path(path), handing_over.LAPTOP, on_done=self._read, on_failed=self._refused
        )

    def look(self, code: str) -> None:
        """What the code stands for; the words to compare follow."""
        self._show(None)
        if not code.strip():
            self.code_problem.emit("Type the code the new laptop shows, or open a picture of it.")
            return
        if self._is_busy:
            return
        self._begin("Looking for the new laptop")
        laptops.read_pairing_code(self._context.runner, code, on_done=self._found, on_failed=self._refused)

    def agree(self) -> None:
        """The eight words were the same: make the new laptop this person's, and tell it."""
        if self._seen is None or self._is_busy:
            return
        self._begin("Giving it your keys")
        laptops.pair(self._context.runner, self._seen.code, on_done=self._paired, on_failed=self._refused)

    def differ(self) -> None:
        """The words were not the same: nothing is answered."""
        self._show(None)
        self.told.emit("Nothing was given away.", "Begin again on the new laptop, and carry its code yourself.")

    def stop(self) -> None:
        """Stop the exchange; nothing is lost."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def forget(self) -> None:
        """Another page is on show."""
        self._show(None)

    # ------------------------------------------------------------------ answers

    def _listed(self, rows: tuple[LaptopRow, ...]) -> None:
        self.rows.emit(rows)

    def _named(self, _done: object) -> None:
        self.name_problem.emit(self._naming, "")
        self.told.emit("Saved.", "Only your own laptops know the name.")
        self.load()

    def _not_named(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.name_problem.emit(self._naming, " ".join(error.problems.values()))
        else:
            self._failed(error)

    def _read(self, code: str) -> None:
        self._end()
        self.code_read.emit(code)
        self.look(code)

    def _found(self, seen: PairingSeen) -> None:
        self._end()
        self._show(seen)

    def _refused(self, error: AppError) -> None:
        self._end()
        self._show(None)
        if isinstance(error, PairingRejected):
            self.code_problem.emit(str(error.explain()))
        else:
            self.failed.emit(error)

    def _paired(self, done: Paired) -> None:
        self._added = done.laptop_name
        self._show(None)
        self.load()
        self._job = sync.sync_now(
            self._context.runner, on_done=self._exchanged, on_failed=self._not_exchanged,
            on_cancelled=self._stopped, on_progress=self._heard,
        )  # fmt: skip

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _exchanged(self, _report: SyncReport) -> None:
        self._end()
        self.told.emit(f"{self._added} is one of your laptops.", "Press Check again there.")

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped.", f"{self._added} hears of it with the next sync.")

    def _not_exchanged(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if "own_laptop" in changed.kinds:
            self.load()

    # ------------------------------------------------------------------ inside

    def _show(self, seen: PairingSeen | None) -> None:
        self._seen = seen
        self.code_problem.emit("")
        self.seen.emit(seen)

    def _begin(self, what: str) -> None:
        self._is_busy = True
        self.busy.emit(what)

    def _end(self) -> None:
        self._is_busy = False
        self._job = None
        self.busy.emit("")


class LaptopsCard(Card):
    """The list, each with its name in a box; below it, adding one."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="My laptops", parent=parent)
        self._context = context
        self.presenter = presenter = LaptopsPresenter(context, self)
        self._list = column(gap="small")
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        self._progress = ProgressRow("Looking for the new laptop", context.clock.monotonic_s)
        self.add_one = Button("Add a laptop", icon_name="plus")
        self.code = CodeBox("Type or paste it here")
        hint = "On the new laptop, choose: This is my second laptop. It shows the code."
        self._field = Field("Code of the new laptop", self.code, hint=hint)
        self.look = Button("Look for it")
        self.compare = _Compare()
        self._adding = styled(QWidget(), "clear")
        inner = column(self._adding, gap="small")
        for part in (rule(), self._field, Flow(self.look), self.compare):
            inner.addWidget(part)
        self._adding.hide()
        self.body.addWidget(Text("The same workbook on each. Names are seen by you alone.", "muted"))
        for banner in (self._problem, self._told, self._progress):
            self.body.addWidget(banner)
        self.body.addLayout(self._list)
        self.body.addWidget(Flow(self.add_one))
        self.body.addWidget(self._adding)
        self._parts: dict[DeviceId, _LaptopPart] = {}
        presenter.rows.connect(self._show_rows)
        presenter.code_read.connect(self.code.set_text)
        presenter.seen.connect(self._show_seen)
        presenter.code_problem.connect(self._field.set_problem)
        presenter.name_problem.connect(self._say_name_problem)
        presenter.told.connect(self._tell)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.failed.connect(self._failed)
        self._progress.stopped.connect(presenter.stop)
        self.code.picture_chosen.connect(presenter.read_picture)
        self.add_one.clicked.connect(self._begin_adding)
        self.look.clicked.connect(self._look)
        self.compare.same.clicked.connect(presenter.agree)
        self.compare.different.clicked.connect(presenter.differ)

    def arrive(self) -> None:
        """The page is shown."""
        self._problem.clear()
        self._told.clear()
        self.presenter.load()

    def forget(self) -> None:
        """The page is left: what was typed for a new laptop does not stay."""
        self.code.set_text("")
        self._adding.hide()
        self.presenter.forget()

    def _begin_adding(self) -> None:
        self._adding.show()
        self.code.setFocus()

    def _look(self) -> None:
        self.presenter.look(self.code.text())

    def _show_rows(self, rows: tuple[LaptopRow, ...]) -> None:
        clear(self._list)
        self._parts = {}
        for number, row in enumerate(rows):
            if number:
                self._list.addWidget(rule())
            part = _LaptopPart(row, self._when(row))
            part.renamed.connect(self.presenter.rename)
            self._parts[row.device] = part
            self._list.addWidget(part)

    def _when(self, row: LaptopRow) -> str:
        if row.this_one:
            return "This laptop"
        if row.last_wrote_at is None:
            return "Has sent nothing yet"
        return f"Last sent something: {when_words(row.last_wrote_at, self._context.clock.now())}"

    def _show_seen(self, seen: PairingSeen | None) -> None:
        self.compare.show_words(seen)
        if seen is not None:
            self.code.set_text("")

    def _say_name_problem(self, device: DeviceId, sentence: str) -> None:
        if device in self._parts:
            self._parts[device].say_problem(sentence)

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")

    def _busy(self, what: str) -> None:
        self._adding.setEnabled(not what)
        if what:
            self._problem.clear()
            self._told.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            self._progress.end()

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _LaptopPart(QWidget):
    """One laptop: its name in a box, and when it last sent something."""

    renamed = Signal(object, str)

    def __init__(self, row: LaptopRow, when: str) -> None:
        super().__init__()
        styled(self, "clear")
        self._device = row.device
        self.name = TextBox(row.name or NO_NAME, wide_em=26)
        self.name.setText(row.name)
        self.save = Button("Save name", "quiet")
        self.save.setAccessibleName(f"Save name of {row.name or NO_NAME}")
        self._field = Field(when, self.name)
        layout = column(self, gap="small")
        layout.addWidget(self._field)
        layout.addWidget(Flow(self.save))
        self.save.clicked.connect(self._rename)
        self.name.returnPressed.connect(self._rename)

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def _rename(self) -> None:
        self.renamed.emit(self._device, self.name.text())


class _Compare(QWidget):
    """Eight words, and one button for each answer."""

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        self._lead, self.words = Text("", "strong"), Text("", "large")
        self.same = Button("The words are the same: add this laptop", "primary", icon_name="check")
        self.different = Button("A word is different", "quiet")
        layout = column(self, gap="small")
        for part in (self._lead, self.words, Flow(self.same, self.different)):
            layout.addWidget(part)
        self.hide()

    def show_words(self, seen: PairingSeen | None) -> None:
        self.setVisible(seen is not None)
        if seen is None:
            return
        words = seen.words
        self._lead.setText(f"{seen.laptop_name} must show these eight words. Look at its screen yourself.")
        self.words.setText("\n".join("   ".join(words[start : start + 4]) for start in range(0, len(words), 4)))
        self.words.setAccessibleName(f"Words to compare: {', '.join(words)}")
        announce(self, f"Eight words to compare: {', '.join(words)}")
        self.same.setFocus()
