"""What the switcher lists: pages and steps at once, cases and homes as the workbook answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.case_page import CasePage
from core.services.lookup import Found
from desktop.operations import cases, lookup
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.switcher.lines import (
    COVER,
    LOCK,
    Line,
    PageName,
    case_lines,
    found_case,
    found_colleague,
    found_home,
    found_interview,
    found_letter,
    matching,
    page_lines,
)
from desktop.screens.words import count_words

MORE = "Only the newest cases are listed. Type another word to find others."


@dataclass(frozen=True, slots=True)
class SwitcherView:
    """The list, and the sentence about it. `whole`: the workbook has answered too."""

    lines: tuple[Line, ...]
    summary: str
    whole: bool


class SwitcherPresenter(QObject):
    """Asks the workbook off the GUI thread; an answer to older words is dropped."""

    shown = Signal(object)
    """`SwitcherView`."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, pages: Sequence[PageName], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pages = page_lines(pages)
        self._steps: tuple[Line, ...] = ()
        self._found: tuple[Line, ...] = ()
        self._more = False
        self._words, self._mark, self._whole = "", 0, True
        self._case: RecordId | None = None

    @property
    def words(self) -> str:
        """What the list answers, or will in a moment."""
        return self._words

    @property
    def is_whole(self) -> bool:
        """Whether the list answers all that was typed."""
        return self._whole

    def arrive(self, case: RecordId | None) -> None:
        """Begin anew. `case`: the one on show, whose steps are listed too."""
        self._case, self._steps, self._found = case, (), ()
        self._words, self._whole, self._more = "", True, False
        self._mark += 1
        if case is not None:
            question = Question(case, self)
            question.answered.connect(self._have_case)
            question.failed.connect(self._no_case)
            cases.read_case(self._context.runner, case, on_done=question.done, on_failed=question.fail)
        self._show()

    def leave(self) -> None:
        """Forget what was found; what is still on its way is dropped when it comes."""
        self._case, self._steps, self._found = None, (), ()
        self._mark += 1

    def search(self, words: str) -> None:
        """List what these words begin."""
        if words == self._words:
            return
        self._words = words
        self._mark += 1
        self._whole = not words
        self._found, self._more = (), False
        if words:
            question = Question(self._mark, self)
            question.answered.connect(self._have)
            question.failed.connect(self._could_not)
            lookup.find_anywhere(self._context.runner, words=words, on_done=question.done, on_failed=question.fail)
        if not self._whole or not words:
            self._show()

    def choose(self, line: Line) -> None:
        """Go where a line leads."""
        if line.page == COVER:
            self._context.shell.cover()
        elif line.page == LOCK:
            self._context.shell.lock()
        else:
            self._context.shell.go_to(line.page, **dict(line.arguments))

    # ------------------------------------------------------------------ answers

    def _have_case(self, case: RecordId, page: CasePage) -> None:
        if case == self._case:
            self._steps = case_lines(page)
            self._show()

    def _no_case(self, case: RecordId, error: AppError) -> None:
        """The page under this one says what is the matter with it."""

    def _have(self, mark: int, found: Found) -> None:
        if mark != self._mark:
            return
        now = self._context.clock.now()
        rows = (found_case(row, now) for row in found.cases)
        self._found = (
            *rows, *(found_letter(one) for one in found.letters),
            *(found_interview(one, now) for one in found.interviews),
            *(found_colleague(one) for one in found.colleagues), *(found_home(one) for one in found.homes),
        )  # fmt: skip
        self._more, self._whole = found.more_cases, True
        self._show()

    def _could_not(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self._whole = True
            self._show()
            self.failed.emit(error)

    def _show(self) -> None:
        lines = (*matching((*self._steps, *self._pages), self._words), *self._found)
        self.shown.emit(SwitcherView(lines, self._summary(len(lines)), self._whole))

    def _summary(self, count: int) -> str:
        if not self._whole:
            return "Looking ..."
        if not self._words:
            return "Type a name, a street, a reference, a page, or what you want to do."
        if not count:
            return f"Nothing matches '{self._words}'. Try the street, a name, or part of the reference."
        return MORE if self._more else count_words(count, "line", "lines")
