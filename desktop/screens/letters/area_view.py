"""The Area step: streets and blocks, found as you type, ticked, with how many homes each has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.letter_page import AreaRow, CaseLetters, ListedRun
from desktop.screens.homes.words import area_words
from desktop.screens.letters.words import chosen_words, run_words
from desktop.widgets import Banner, Button, Card, Chip, Flow, SearchBox, Text, Tick, Tone, clear, column, styled

MOST_TICKS = 40


class AreaPart(QWidget):
    """`toggled(area, yes)`; `run_opened(row)` for a run that was begun before. `more`: other ways to choose homes."""

    toggled = Signal(object, bool)
    run_opened = Signal(object)

    def __init__(self, *more: QWidget) -> None:
        super().__init__()
        styled(self, "clear")
        self._areas: tuple[AreaRow, ...] = ()
        self._near: tuple[AreaRow, ...] = ()
        self._chosen: tuple[AreaRow, ...] = ()
        self._shown: list[_AreaTick] = []
        self._earlier = Card(heading="Letters already begun for this case", gap="small")
        self._runs = column(self._earlier.body, gap="small")
        self.search = SearchBox("Search streets and blocks", name="Search streets and blocks", keys="/")
        self._problem = Banner("", "", Tone.ERROR)
        self._said = Text("", "strong")
        self._chips = Flow()
        self._list = column(gap="tight")
        self._more = Text("", "muted")
        self.go = Button("Go on to the letter", "primary")
        card = Card(self._problem, self.search, self._said, self._chips)
        card.body.addLayout(self._list)
        card.body.addWidget(self._more)
        layout = column(self)
        for part in (card, *more, Flow(self.go), self._earlier):
            layout.addWidget(part)
        layout.addStretch(1)
        self.search.asked.connect(self._filter)

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return self.search

    def show_case(self, opened: CaseLetters) -> None:
        """The areas there are, those of the case first, and the runs begun before."""
        near = {(area.name, area.is_block) for area in opened.near}
        self._near = opened.near
        self._areas = (*opened.near, *(area for area in opened.areas if (area.name, area.is_block) not in near))
        self.search.clear()
        clear(self._runs)
        self._earlier.setVisible(bool(opened.runs))
        for run in opened.runs:
            line = _RunButton(run)
            line.opened.connect(self.run_opened)
            self._runs.addWidget(Flow(Text(run_words(run)), line))
        self._filter("")

    def show_chosen(self, chosen: tuple[AreaRow, ...]) -> None:
        """What is chosen now."""
        self._chosen = chosen
        self._said.setText(chosen_words(chosen))
        self._chips.clear()
        self._chips.setVisible(bool(chosen))
        for area in chosen:
            chip = _AreaChip(area)
            chip.taken_out.connect(self._take_out)
            self._chips.add(chip)
        for tick in self._shown:
            tick.show_chosen(tick.area in chosen)

    def say_problem(self, sentence: str) -> None:
        """What must be mended, or nothing."""
        self._problem.say(sentence)

    def _filter(self, words: str) -> None:
        wanted = words.casefold().split()
        found = [area for area in self._areas if all(word in area.name.casefold() for word in wanted)]
        clear(self._list)
        self._shown = []
        for area in found[:MOST_TICKS]:
            tick = _AreaTick(area, near=area in self._near)
            tick.show_chosen(area in self._chosen)
            tick.chosen.connect(self.toggled)
            self._list.addWidget(tick)
            self._shown.append(tick)
        self._more.setText(self._more_words(words, found))
        self._more.setVisible(bool(self._more.text()))

    def _more_words(self, words: str, found: Sequence[AreaRow]) -> str:
        if not self._areas:
            return "There are no homes yet. Bring in the list on the Homes page first."
        if not found:
            return f"No street or block matches '{words}'."
        more = len(found) - MOST_TICKS
        return f"{more:,} more. Type part of the name to find one." if more > 0 else ""

    def _take_out(self, area: object) -> None:
        self.toggled.emit(area, False)


class _AreaTick(Tick):
    chosen = Signal(object, bool)

    def __init__(self, area: AreaRow, *, near: bool) -> None:
        words = area_words(area)
        super().__init__(f"{words}: where the case is" if near else words)
        self.area = area
        self.clicked.connect(self._tell)

    def show_chosen(self, yes: bool) -> None:
        self.setChecked(yes)

    def _tell(self, yes: bool) -> None:
        self.chosen.emit(self.area, yes)


class _AreaChip(Chip):
    taken_out = Signal(object)

    def __init__(self, area: AreaRow) -> None:
        super().__init__(area.name, removable=True)
        self._area = area
        self.removed.connect(self._tell)

    def _tell(self) -> None:
        self.taken_out.emit(self._area)


class _RunButton(Button):
    opened = Signal(object)

    def __init__(self, run: ListedRun) -> None:
        super().__init__("Open", icon_name="mail")
        self._run = run
        self.setAccessibleName(f"Open: {run_words(run)}")
        self.clicked.connect(self._tell)

    def _tell(self) -> None:
        self.opened.emit(self._run)
