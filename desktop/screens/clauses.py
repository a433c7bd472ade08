"""The clause of the policy behind a rule, one press away from wherever a screen names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Button, Flow, Line, Tone, clear, column, styled

_AT_THE_END = re.compile(r"\s*\bPolicy (\d+(?:\.\d+)+)\.?$")
_AT_THE_START = re.compile(r"^Policy (\d+(?:\.\d+)+)[.:]\s*")
_IN_BRACKETS = re.compile(r"\((\d+(?:\.\d+)+)\)")


class ClauseLink(Button):
    """ "Policy 4.24": shows what that clause says. Esc comes back."""

    def __init__(self, number: str) -> None:
        super().__init__("", "link")
        self.number = ""
        self.show_number(number)

    def show_number(self, number: str) -> None:
        """Lead to another clause."""
        self.number = number
        self.set_words(f"Policy {number}")
        self.setAccessibleName(f"Policy {number}: what it says")


class Claused(QWidget):
    """A sentence; the clause it names is a link behind it."""

    clause_asked = Signal(str)

    def __init__(self, kind: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._kind = kind
        self._said = ""
        self._line = column(self, gap="none")
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; empty hides it."""
        self.setVisible(bool(sentence))
        if sentence == self._said:
            return
        self._said = sentence
        clear(self._line)
        words, numbers = taken_out(sentence)
        links = [clause_link(number, self.clause_asked.emit) for number in numbers]
        if sentence:
            self._line.addWidget(Flow(Line(words, self._kind), *links))


class ClausedBanner(Banner):
    """A message; the clause it names is a link at its side."""

    clause_asked = Signal(str)

    def __init__(self, tone: Tone) -> None:
        self._link = ClauseLink("")
        super().__init__("", "", tone, actions=(self._link,))
        self._link.clicked.connect(self._ask)

    def say_claused(self, sentence: str) -> None:
        """Show a sentence; empty hides it."""
        words, numbers = taken_out(sentence)
        self._link.setVisible(bool(numbers))
        if numbers:
            self._link.show_number(numbers[0])
        self.say("", words)

    def _ask(self) -> None:
        self.clause_asked.emit(self._link.number)


def clause_link(number: str, asked: Callable[[str], object]) -> ClauseLink:
    """A link to a clause; a press says `asked(number)`."""
    link = ClauseLink(number)
    link.clicked.connect(partial(asked, number))
    return link


def clause_links(numbers: Sequence[str], asked: Callable[[str], object]) -> Flow:
    """The links of several clauses beside each other."""
    return Flow(*(clause_link(number, asked) for number in numbers))


def without_clause(why: str, number: str) -> str:
    """A reason without the clause at its end, where the link beside it names it."""
    return why.removesuffix(f" Policy {number}.")


def taken_out(sentence: str) -> tuple[str, tuple[str, ...]]:
    """(the sentence without the clause it begins or ends with, the clause): "Policy 4.7: seven things"."""
    numbers = []
    for pattern in (_AT_THE_START, _AT_THE_END):
        if (found := pattern.search(sentence)) is not None:
            numbers.append(found[1])
            sentence = pattern.sub("", sentence)
    return f"{sentence[:1].upper()}{sentence[1:]}" if numbers else sentence, tuple(numbers)


def in_brackets(words: Iterable[str]) -> tuple[str, ...]:
    """Every clause that is named in brackets, "Reviews (4.29)", once each."""
    return tuple(dict.fromkeys(number for one in words for number in _IN_BRACKETS.findall(one)))


def show_clause(context: ScreenContext, number: str) -> None:
    """Open the page of a clause."""
    context.shell.go_to("help", clause=number)
