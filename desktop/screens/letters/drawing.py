"""An area drawn from a list: read, each row settled, and kept beside the streets and blocks that are ticked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.estate import Home
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.drawn_list import DrawnList
from core.services.homes import address_of
from desktop.operations import homes, letters
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.letters.kept import Begun
from desktop.widgets import Suggestion

NO_HOME = "Choose a home of ours from the list first."
NOTHING_GIVEN = "Choose a file with addresses, or paste them, one on each line."


class DrawingPresenter(QObject):
    """The list of one case, as far as it is settled, kept in what is begun for it. Nothing is written."""

    drawn = Signal(object)
    """`DrawnList`, or None: there is no list."""
    touched = Signal()
    """What is drawn is another now."""
    suggested = Signal(int, object)
    """(number of the question, tuple of `Suggestion`)."""
    problem = Signal(str)
    busy = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0
        self._begun: Begun | None = None
        self._taken: tuple[Begun, DrawnList] | None = None

    @property
    def found(self) -> DrawnList | None:
        """The list, or None."""
        return self._begun.drawn if self._begun is not None else None

    def match(self, path_words: str, pasted: str) -> None:
        """Hold a file, or what was pasted, against the homes of ours."""
        typed = path_words.strip().strip('"')
        self.problem.emit("" if typed or pasted.strip() else NOTHING_GIVEN)
        if not typed and not pasted.strip():
            return
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._matched)
        question.failed.connect(self._not_matched)
        self.busy.emit("Looking for these homes")
        runner = self._context.runner
        if pasted.strip():
            letters.draw_from_text(runner, pasted, on_done=question.done, on_failed=question.fail)
        else:
            letters.draw_from_file(runner, Path(typed).expanduser(), on_done=question.done, on_failed=question.fail)

    def around(self, home: RecordId | None, doors: str) -> None:
        """Take the doors around a home, so many on each side."""
        self.problem.emit("" if home is not None else NO_HOME)
        if home is None:
            return
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._matched)
        question.failed.connect(self._not_matched)
        self.busy.emit("Looking for the doors around it")
        count = int(doors) if doors.isdecimal() else None
        letters.draw_around(self._context.runner, home, count, on_done=question.done, on_failed=question.fail)

    def find_homes(self, number: int, words: str) -> None:
        """Homes for what was typed; answered by `suggested(number, ...)`."""
        if len(words) < 2:
            self.suggested.emit(number, ())
            return
        question = Question(number, self)
        question.answered.connect(self._have_homes)
        homes.find_homes(self._context.runner, words=words, on_done=question.done, on_failed=question.fail)

    def means(self, line: int, homes: Collection[RecordId]) -> None:
        """The row on this line means these of the homes it could mean."""
        if self.found is not None:
            self._put(self.found.with_homes(line, homes))

    def leave(self, lines: Collection[int]) -> None:
        """The rows on these lines get no letter."""
        if self.found is not None:
            self._put(self.found.with_left(lines))

    def take_away(self) -> None:
        """No list after all; for ten seconds it can be brought back as it was settled."""
        if self._begun is not None and self.found is not None:
            self._taken = (self._begun, self.found)
            self._context.shell.say("The list is taken away.", self.bring_back)
        self._asked += 1
        self.busy.emit("")
        self._put(None)

    def bring_back(self) -> None:
        """Undo `take_away`, for the same case and before there is another list."""
        taken, self._taken = self._taken, None
        if taken is not None and taken[0] is self._begun and self.found is None:
            self._put(taken[1])

    def show(self, begun: Begun) -> None:
        """What is begun for a case, with the list as it was kept."""
        self._asked += 1
        self._begun = begun
        self.problem.emit("")
        self.drawn.emit(begun.drawn)

    def _put(self, found: DrawnList | None) -> None:
        if self._begun is not None:
            self._begun.drawn = found
            self._begun.left_out.clear()
            self.problem.emit("")
            self.drawn.emit(found)
            self.touched.emit()

    def _matched(self, asked: int, found: DrawnList) -> None:
        if asked == self._asked:
            self.busy.emit("")
            self._put(found)

    def _not_matched(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self.busy.emit("")
            if isinstance(error, FormIncomplete):
                self.problem.emit(" ".join(error.problems.values()))
            else:
                self.failed.emit(error)

    def _have_homes(self, number: int, found: tuple[Home, ...]) -> None:
        self.suggested.emit(number, tuple(Suggestion(home.id.hex(), address_of(home)) for home in found))
