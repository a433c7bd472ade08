"""Drawing homes from a list on the Area step: every row is found, or settled by hand before one can go on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.drawn_list import DrawnList, DrawnRow
from desktop.models import Column, TupleModel
from desktop.screens.letters.drawing import DrawingPresenter
from desktop.screens.letters.words import drawn_words
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.words import count_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    ListTable,
    Select,
    Text,
    TextArea,
    TextBox,
    Tone,
    TypeAhead,
    announce,
    column,
    styled,
)

_FILES = "Lists of addresses (*.csv *.xlsx *.txt *.tsv);;All files (*)"
_ALL = "all"


class ListPart(QWidget):
    """Closed until it is asked for; open while there is a list."""

    def __init__(self, presenter: DrawingPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self.open = Button("Draw homes from a list", icon_name="list")
        self._problem = Banner("", "", Tone.ERROR)
        self._summary = Banner("", "", Tone.INFO)
        self.path = PathLine("Choose file", PathKind.OPEN, title="Choose the list of addresses", filters=_FILES)
        self.pasted = TextArea(lines=3, most_lines=10)
        self.match = Button("Look for these homes", "primary")
        self.away = Button("Take the list away", "quiet")
        self.open_around = Button("Doors around a home", icon_name="house")
        self.around = AroundCard(presenter)
        self.settle = SettlePart(presenter)
        self._asking = Card(
            Field("File with the addresses", self.path, hint="A spreadsheet, a CSV or a text file.", optional=True),
            Field("Or paste addresses here", self.pasted, hint="One on each line.", optional=True),
            self._problem,
            Flow(self.match, self.away),
            heading="Homes from a list",
        )
        layout = column(self)
        for part in (Flow(self.open, self.open_around), self.around, self._asking, self._summary, self.settle):
            layout.addWidget(part)
        self.open.clicked.connect(self._begin)
        self.open_around.clicked.connect(self._begin_around)
        self.match.clicked.connect(self._match)
        self.path.entered.connect(self._match)
        self.away.clicked.connect(self._away)
        presenter.drawn.connect(self._show)
        presenter.problem.connect(self._say)
        presenter.failed.connect(self._failed)
        presenter.busy.connect(self._busy)
        self._show(None)

    def _begin(self) -> None:
        self._asking.show()
        self.open.hide()
        self.path.setFocus()

    def _begin_around(self) -> None:
        self.around.show()
        self.open_around.hide()
        self.around.home.setFocus()

    def _match(self) -> None:
        self._presenter.match(self.path.text(), self.pasted.text())

    def _away(self) -> None:
        self.path.set_text("")
        self.pasted.setText("")
        self._presenter.take_away()

    def _busy(self, what: str) -> None:
        self.match.setEnabled(not what)
        if what:
            announce(self, what)

    def _say(self, sentence: str) -> None:
        shown, other = (self._problem, self.around.problem)
        if not self.around.isHidden():
            shown, other = other, shown
        shown.say(sentence)
        other.clear()

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _show(self, found: DrawnList | None) -> None:
        self.open.setVisible(found is None)
        self.open_around.setVisible(found is None)
        self.around.hide()
        self._asking.setVisible(found is not None)
        self._summary.setVisible(found is not None)
        self.settle.show_list(found)
        if found is not None:
            tone = Tone.LATE if found.to_settle else Tone.OK
            self._summary.say(*drawn_words(found), tone)
            announce(self, " ".join(drawn_words(found)))


class AroundCard(Card):
    """Which home, and how many doors on each side of it."""

    def __init__(self, presenter: DrawingPresenter) -> None:
        super().__init__(heading="Doors around a home")
        self._presenter = presenter
        self.home = TypeAhead("Start typing an address")
        self.doors = TextBox(wide_em=6)
        self.doors.setText("5")
        self.problem = Banner("", "", Tone.ERROR)
        self.take = Button("Take these doors", "primary")
        hint = "Counted by the order of the doors: the list of homes has no map, and nothing is measured."
        for part in (
            Field("Around which home?", self.home), Field("Doors on each side", self.doors, hint=hint), self.problem,
            Flow(self.take),
        ):  # fmt: skip
            self.body.addWidget(part)
        self.problem.clear()
        self.home.asked.connect(presenter.find_homes)
        presenter.suggested.connect(self.home.show_suggestions)
        self.take.clicked.connect(self._take)

    def _take(self) -> None:
        chosen = self.home.value()
        home = RecordId(bytes.fromhex(chosen)) if isinstance(chosen, str) and chosen else None
        self._presenter.around(home, self.doors.text().strip())


class SettlePart(Card):
    """The rows a person has to look at, one at a time."""

    chosen = Signal(object)

    def __init__(self, presenter: DrawingPresenter) -> None:
        super().__init__(heading="Rows to settle")
        self._presenter = presenter
        self._row: DrawnRow | None = None
        self.model: TupleModel[DrawnRow] = TupleModel(_COLUMNS, self)
        self.table = ListTable("Rows of the list to settle", self.model)
        self._words = Text("", "strong")
        self._why = Text("")
        self.homes = Select(wide_em=36)
        self._field = Field("Which home of ours does it mean?", self.homes)
        self.means = Button("It means this home", "primary")
        self.leave = Button("No letter for this row")
        self.leave_all = Button("", "quiet")
        for part in (self.table, self._words, self._why, self._field, Flow(self.means, self.leave, self.leave_all)):
            self.body.addWidget(part)
        self.table.moved.connect(self._choose)
        self.means.clicked.connect(self._means)
        self.leave.clicked.connect(self._leave)
        self.leave_all.clicked.connect(self._leave_all)

    def show_list(self, found: DrawnList | None) -> None:
        """The rows still open; hidden when there is none."""
        rows = found.to_settle if found is not None else ()
        before = self._row.line if self._row is not None else 0
        self.setVisible(bool(rows))
        self.model.put(rows)
        self._show_row(next((row for row in rows if row.line >= before), rows[0] if rows else None))
        self.leave_all.set_words(f"No letter for any of these {count_words(len(rows), 'row', 'rows')}")
        self.leave_all.setVisible(len(rows) > 1)

    def _choose(self, row: object) -> None:
        if isinstance(row, DrawnRow):
            self._show_row(row)

    def _show_row(self, row: DrawnRow | None) -> None:
        self._row = row
        if row is None:
            return
        self._words.setText(f"Line {row.line}: {row.text}")
        self._why.setText(row.why)
        offered: list[tuple[object, str]] = [(place.home, place.address) for place in row.homes]
        if len(offered) > 1:
            offered.append((_ALL, f"All of them ({count_words(len(row.homes), 'home', 'homes')})"))
        self.homes.set_options(offered)
        if offered:
            self.homes.set_value(offered[0][0])
        for part in (self._field, self.means):
            part.setVisible(bool(offered))

    def _means(self) -> None:
        if self._row is None:
            return
        every = [place.home for place in self._row.homes]
        chosen = self.homes.value()
        self._presenter.means(self._row.line, [home for home in every if chosen in (_ALL, home)])

    def _leave(self) -> None:
        if self._row is not None:
            self._presenter.leave({self._row.line})

    def _leave_all(self) -> None:
        if self._presenter.found is not None:
            self._presenter.leave({row.line for row in self._presenter.found.to_settle})


def _line(row: DrawnRow) -> str:
    return str(row.line)


def _text(row: DrawnRow) -> str:
    return row.text


def _why(row: DrawnRow) -> str:
    return row.why


_COLUMNS = (
    Column(heading="Line", words=_line, wide_em=5, drop=1),
    Column(heading="In the list", words=_text, wide_em=28, stretch=True),
    Column(heading="Why it is not found", words=_why, wide_em=34, drop=2),
)
