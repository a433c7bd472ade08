"""The Letter step: what it says, its date, why now, and whether the person was asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.foundation.ports import Clock
from core.services.letter_page import BrailleSheet, CaseLetters, LetterPart
from desktop.screens.letters.kept import LetterChoices
from desktop.screens.letters.words import CONSULT_FIRST
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    clear,
    column,
    rule,
    styled,
)
from desktop.widgets.moments import UK, parse_moment

BRAILLE_PAGES = ((40, 25), (38, 27), (36, 27), (32, 25), (30, 25), (28, 24))
"""Pages of usual embossers: cells on a line, lines on a page."""


class LetterStep(QWidget):
    """The words stand beside the questions: nobody sends what they have not seen. `edited`: something was typed."""

    edited = Signal()

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        styled(self, "clear")
        self._clock = clock
        self.form = Form(ErrorSummary())
        self.to_colleagues = Button("Enter them now", icon_name="pencil")
        self._missing = Banner("", "", Tone.LATE, actions=(self.to_colleagues,))
        self._date = TextBox("Today", wide_em=18)
        self._reason = TextArea(lines=2, most_lines=6)
        self._asked = ChoiceGroup([(True, "Yes, and they agree to it"), (False, "No, or they would rather not")])
        self._advice = Banner("", "", Tone.LATE)
        self._named = ChoiceGroup([(False, "The Resident, at every home"), (True, "The people who live there")])
        self._sheet = Select([(one, f"{one[0]} cells, {one[1]} lines") for one in BRAILLE_PAGES], wide_em=16)
        self._uncontracted = Tick("Uncontracted: letter by letter")
        self._duplex = Tick("Printed on both sides: each letter begins on a new sheet")
        self.go = Button("Check who gets it", "primary")
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        left = Card(
            self.form.add("reason", Field(
                "Why is the area written to now?", self._reason,
                hint="For the file only. It is not printed in the letter.",
            )),
            self.form.add("person_consulted", Field("Was the person asked first?", self._asked)),
            self._advice,
            self.form.add("letter_date", Field("Date on the letters", self._date, hint="Empty means today.")),
            Field(
                "Who stands on the envelope?", self._named,
                hint="Either way the words inside are the same for every home, and name nobody.",
            ),
            self._duplex,
            Field("Page of letters in Braille", self._sheet, hint="For homes that need Braille, if there are any."),
            self._uncontracted,
            Flow(self.go, self.back),
        )  # fmt: skip
        left.body.addStretch(1)
        self._name = Text("", "strong")
        self._words = column(gap="small")
        right = Card(Text("Every home gets these words", "heading"), self._name, rule())
        right.body.addLayout(self._words)
        right.body.addStretch(1)
        layout = column(self)
        layout.addWidget(self.form.summary)
        layout.addWidget(self._missing)
        layout.addWidget(Columns(left, right, stretches=(1, 1)))
        layout.addStretch(1)
        self._asked.picked.connect(self._advise)
        typed = (self._reason.textChanged, self._date.textEdited)
        picked = (self._asked.picked, self._named.picked, self._sheet.picked)
        for changed in (*typed, *picked, self._duplex.clicked, self._uncontracted.clicked):
            changed.connect(self._tell)
        self._named.set_value(False)
        self._sheet.set_value(BRAILLE_PAGES[0])
        self._advise()

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return self._reason

    def show_case(self, opened: CaseLetters) -> None:
        """The words of the letter, or which details are missing."""
        letter = opened.letter
        if not self._missing.isHidden() and not letter.missing:
            self.form.show_problems({})  # what was said to be missing is there now
        self._name.setText(letter.name)
        self._missing.say(
            "The letter cannot be made yet." if letter.missing else "",
            "It needs your organisation's phone number, email and other details for letters." if letter.missing else "",
        )
        clear(self._words)
        for part in letter.parts:
            self._words.addWidget(_words_of(part))

    def show_choices(self, choices: LetterChoices) -> None:
        """Fill the questions in, or (with `LetterChoices()`) empty them."""
        self.blockSignals(True)
        self._reason.setText(choices.reason)
        self._date.setText(choices.letter_date.isoformat() if choices.letter_date else "")
        self._asked.set_value(choices.person_consulted)
        self._duplex.setChecked(choices.duplex)
        self._named.set_value(choices.by_name)
        self._sheet.set_value((choices.braille.cells, choices.braille.lines))
        self._uncontracted.setChecked(not choices.braille.contracted)
        self.blockSignals(False)
        self._advise()

    def choices(self) -> LetterChoices:
        """What was chosen."""
        day, readable = self._day()
        asked = self._asked.value()
        return LetterChoices(
            letter_date=day, date_readable=readable, reason=self._reason.text(),
            person_consulted=asked if isinstance(asked, bool) else None, duplex=self._duplex.isChecked(),
            by_name=self._named.value() is True, braille=self._braille(),
        )  # fmt: skip

    def show_problems(self, problems: dict[str, str]) -> None:
        """Say what must be mended, beside the fields."""
        self.form.show_problems(problems)

    def _day(self) -> tuple[date | None, bool]:
        typed = self._date.text().strip()
        if not typed:
            return None, True
        found: datetime | None = parse_moment(f"{typed} noon", self._clock.now())
        return (found.replace(tzinfo=UTC).astimezone(UK).date(), True) if found else (None, False)

    def _braille(self) -> BrailleSheet:
        cells, lines = next((page for page in BRAILLE_PAGES if page == self._sheet.value()), BRAILLE_PAGES[0])
        return BrailleSheet(cells, lines, contracted=not self._uncontracted.isChecked())

    def _tell(self) -> None:
        self.edited.emit()

    def _advise(self) -> None:
        self._advice.say(CONSULT_FIRST if self._asked.value() is False else "")


def _words_of(part: LetterPart) -> QWidget:
    if part.kind == "heading":
        return Text(part.text, "strong")
    if part.kind == "bullets":
        return Text("\n".join(f"\u2022 {line}" for line in part.text.split("\n")))
    return Text(part.text)
