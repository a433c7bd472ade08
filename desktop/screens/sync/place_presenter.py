"""Where to exchange, without a window: shown, tried, chosen, handed on as a code."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.services.place import FolderPlace, Place, PlaceChosen, ReadyToTry
from core.services.place_trial import PlaceTried
from desktop.operations import sync
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words
from desktop.widgets import problems_of


class PlacePresenter(QObject):
    """One place; what is asked of it one at a time."""

    shown = Signal(object)
    """The place without its secret, or None."""
    problems = Signal(object)
    """Field -> sentence; empty takes all away."""
    busy = Signal(str)
    told = Signal(str, str, bool)
    """What came of it: (in short, the rest, whether it is good)."""
    tried = Signal(object)
    """(works, sentence) for each thing that was tried."""
    chosen = Signal(str, str)
    """For the page: (in short, the rest)."""
    code = Signal(str)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    def load(self) -> None:
        """The place kept, without asking it anything."""
        sync.shown_place(self._context.runner, on_done=self._known, on_failed=self._failed)

    def use(self, place: Place) -> None:
        """Exchange there from now on."""
        if self._ready(place):
            self._begin("Looking at the place")
            sync.choose_place(self._context.runner, place, on_done=self._chosen, on_failed=self._failed)

    def try_it(self, place: Place) -> None:
        """Write, list, read and remove a small file there, and say what works."""
        if self._ready(place):
            self._begin("Trying the place")
            sync.ready_to_try(self._context.runner, place, on_done=self._complete, on_failed=self._failed)

    def ask_code(self) -> None:
        """The store as a code for a colleague."""
        sync.code_of(self._context.runner, on_done=self._coded, on_failed=self._failed)

    def _ready(self, place: Place) -> bool:
        empty = isinstance(place, FolderPlace) and place.folder == Path()
        self.problems.emit({"folder": "Choose the folder your organisation shares."} if empty else {})
        self.tried.emit(())
        return not empty and not self._is_busy

    def _begin(self, what: str) -> None:
        self._is_busy = True
        self.told.emit("", "", True)
        self.busy.emit(what)

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")

    def _known(self, place: Place | None) -> None:
        self.shown.emit(place)

    def _complete(self, ready: ReadyToTry) -> None:
        sync.try_place(self._context.runner, ready, on_done=self._tried, on_failed=self._failed)

    def _tried(self, tried: PlaceTried) -> None:
        self._end()
        self.tried.emit(tuple((step.works, step.sentence) for step in tried.steps))
        if tried.works:
            self.told.emit("It works.", "Everything the exchange needs was tried there.", True)
        else:
            self.told.emit("It does not work yet.", "The exchange would not get through there.", False)

    def _chosen(self, chosen: PlaceChosen) -> None:
        self._end()
        rest = "From now on the exchange happens by itself."
        if chosen.to_publish:
            files = count_words(chosen.to_publish, "file is", "files are")
            rest = f"{files} held here and not there yet. The next exchanges put them there. {rest}"
        self.chosen.emit("The place is set.", rest)
        self.load()

    def _coded(self, code: str) -> None:
        self.code.emit(code)

    def _failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(problems_of(error))
        else:
            self.told.emit("That did not work.", str(error.explain()), False)
