"""The list of homes: by words, by street or block. It never shows who lives there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.estate import FORMATS, HOME_STATES
from core.foundation.errors import AppError
from core.services.homes import AreaRow, HomesList, ListedHome
from desktop.models import Column, TupleModel
from desktop.operations import homes
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.homes.words import area_words, language_words
from desktop.screens.words import count_words

SETTLE_MS = 300


@dataclass(frozen=True, slots=True)
class HomesState:
    """What stands around the table. `empty` is (what, what to do) when there is nothing to list."""

    summary: str
    empty: tuple[str, str] | None
    areas: tuple[tuple[AreaRow, str], ...]


class HomesPresenter(QObject):
    """Keeps the table filled; hears of homes that were brought in."""

    listed = Signal(object)
    """`HomesState`."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0
        self._words = ""
        self._area: AreaRow | None = None
        self._visible = False
        self._old = True
        self.model: TupleModel[ListedHome] = TupleModel(_COLUMNS, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        if self._old:
            self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def search(self, words: str) -> None:
        """Only homes in whose address every word begins a word."""
        self._words = words
        self.load()

    def choose_area(self, area: object) -> None:
        """Only homes of this street or block (`AreaRow`), whatever was searched for; None is all."""
        self._words = ""
        self._area = area if isinstance(area, AreaRow) else None
        self.load()

    def load(self) -> None:
        """Ask anew; an answer that was overtaken is dropped."""
        self._old = False
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._listed)
        question.failed.connect(self._failed)
        homes.list_homes(
            self._context.runner,
            words=self._words,
            area=None if self._words else self._area,
            on_done=question.done,
            on_failed=question.fail,
        )

    def bring_in(self) -> None:
        """Begin to bring in a list."""
        self._context.shell.go_to("homes-import")

    def _listed(self, asked: int, found: HomesList) -> None:
        if asked != self._asked:
            return
        self.model.put(found.homes)
        areas = tuple((area, area_words(area)) for area in found.areas)
        self.listed.emit(HomesState(self._summary(found), self._empty(found), areas))

    def _summary(self, found: HomesList) -> str:
        shown = len(found.homes)
        if self._words:
            return count_words(shown, "home matches", "homes match")
        if self._area is not None:
            return f"{count_words(shown, 'home', 'homes')} in {self._area.name}"
        if shown < found.total:
            return f"The first {shown:,} of {found.total:,} homes. Search, or choose a street or block, to see others."
        return count_words(shown, "home", "homes")

    def _empty(self, found: HomesList) -> tuple[str, str] | None:
        if not found.total:
            advice = "Bring in the list your organisation keeps: a spreadsheet or a CSV file."
            return ("There are no homes yet.", advice)
        if not found.homes:
            return (f"No home matches '{self._words}'.", "Try the street name, the number, or the postcode.")
        return None

    def _failed(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self._old = True
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if changed.kinds & {"home", "household"}:
            self._old = True
            if self._visible:
                self._settle.start()


def _address(row: ListedHome) -> str:
    return row.address


def _block(row: ListedHome) -> str:
    return row.home.block


def _language(row: ListedHome) -> str:
    return language_words(row.language)


def _format(row: ListedHome) -> str:
    return FORMATS.get(row.format_needed, row.format_needed)


def _state(row: ListedHome) -> str:
    return HOME_STATES.get(row.home.state, row.home.state)


_COLUMNS = (
    Column(heading="Address", words=_address, wide_em=34, stretch=True),
    Column(heading="Block or estate", words=_block, wide_em=18, drop=3),
    Column(heading="Language", words=_language, wide_em=13, drop=2),
    Column(heading="Letters in", words=_format, wide_em=16, drop=1),
    Column(heading="State", words=_state, wide_em=10, drop=4),
)
