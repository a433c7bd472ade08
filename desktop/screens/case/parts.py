"""The parts the case page is built of: folded words, facts, stories, lines of things to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.screens.case.words import Doing, DueLine, Fact, NextLine, Story
from desktop.screens.clauses import clause_link, taken_out, without_clause
from desktop.widgets import Button, Flow, Line, TabRow, Tag, Text, announce, clear, column, rule, styled


class Fold(QWidget):
    """Sensitive words behind a line that says what they are about. Folded again when the page is left."""

    def __init__(self, about: str, words: str, *, of: str = "", parent: QWidget | None = None) -> None:
        """`of`: which of several on the page, for somebody who only hears the button."""
        super().__init__(parent)
        styled(self, "clear")
        self._about, self._of = about, of
        self._button = Button(about, "link", icon_name="eye-off")
        self._words = Text(words, selectable=True)
        layout = column(self, gap="tight")
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._words)
        self._words.hide()
        self._button.clicked.connect(self._turn)
        self.about_what = (about, words)
        self._call_it(about)

    @property
    def is_open(self) -> bool:
        """Whether its words can be read."""
        return not self._words.isHidden()

    def open(self) -> None:
        """Show the words."""
        self._words.show()
        self._call_it("Put away")
        self._button.set_icon("eye")

    def fold(self) -> None:
        """Put the words away."""
        self._words.hide()
        self._call_it(self._about)
        self._button.set_icon("eye-off")

    def _call_it(self, words: str) -> None:
        self._button.set_words(words)
        self._button.setAccessibleName(f"{words}: {self._of}" if self._of else words)

    def _turn(self) -> None:
        if self.is_open:
            self.fold()
        else:
            self.open()
            announce(self, self._words.text())


class FactBox(QWidget):
    """A heading, its lines, and perhaps folded words and buttons."""

    pressed = Signal(str, object)
    """(step, subject)."""
    clause_asked = Signal(str)

    def __init__(self, fact: Fact, *, of: str = "", parent: QWidget | None = None) -> None:
        """`of`: which case it is of, where a page has several."""
        super().__init__(parent)
        styled(self, "clear")
        layout = column(self, gap="tight")
        layout.addWidget(Text(fact.heading, "strong", selectable=False))
        if fact.tags:
            layout.addWidget(Flow(*(Tag(words, tone) for words, tone in fact.tags)))
        links = [clause_link(number, self.clause_asked.emit) for number in fact.clauses]
        lines = [taken_out(line) for line in fact.lines if line]
        alone = lines.pop() if lines and links and not fact.doing and not fact.fold else ("", ())
        for words, named in lines:
            layout.addWidget(self._line(words, named, fact.clauses))
        if alone[0]:
            layout.addWidget(Flow(Line(alone[0]), *links))  # a link stands with the sentence it is the reason for
        self.fold = Fold(fact.fold, fact.folded, of=fact.heading) if fact.fold else None
        if self.fold is not None:
            layout.addWidget(self.fold)
        if fact.doing or (links and not alone[0]):
            strip = doing_row(fact.doing, self.pressed.emit, about=f"{fact.heading} {of}".strip())
            for link in links:
                strip.add(link)
            layout.addWidget(strip)

    def _line(self, words: str, named: tuple[str, ...], below: tuple[str, ...]) -> QWidget:
        """A line, with a link to each clause it names that does not stand below it anyway."""
        links = [clause_link(number, self.clause_asked.emit) for number in named if number not in below]
        return Flow(Line(words), *links) if links else Text(words)


def doing_row(doing: Sequence[Doing], press: Callable[[str, object], None], *, about: str = "") -> Flow:
    """Buttons side by side; each says `press` its step and subject. `about` goes into what is heard."""
    row = Flow()
    for one in doing:
        button = Button(one.words, "link" if about else "secondary")
        if about:
            button.setAccessibleName(f"{one.words}: {about}")
        button.clicked.connect(partial(press, one.step, one.subject))
        row.add(button)
    return row


class StoryBox(QWidget):
    """One entry of the timeline."""

    def __init__(self, story: Story, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        layout = column(self, gap="tight")
        by = f", written by {story.who}" if story.who else ""
        when = Text(f"{story.when}{by}", "muted")
        when.setToolTip(story.when_exactly)
        layout.addWidget(when)
        layout.addWidget(Text(story.title, "strong"))
        self.fold = Fold(story.fold, story.body, of=story.title) if story.fold else None
        if self.fold is not None:
            layout.addWidget(self.fold)
        elif story.body:
            layout.addWidget(Text(story.body))
        if story.detail:
            layout.addWidget(Fold("In detail", story.detail, of=story.title))


class DoLine(QWidget):
    """One thing to do (or done): title, state, a sentence, and its button."""

    pressed = Signal(str, object)
    """(step, subject)."""
    clause_asked = Signal(str)

    def __init__(self, line: NextLine | DueLine, *, button: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._step, self._subject = line.step, line.subject
        title = line.words if isinstance(line, NextLine) else line.title
        note = line.note if isinstance(line, NextLine) else without_clause(line.why, line.clause)
        layout = column(self, gap="tight")
        words = Text(title, "strong")
        layout.addWidget(words)
        strip = Flow(Tag(line.state, line.tone))
        layout.addWidget(strip)
        if note:
            layout.addWidget(Text(note, "small"))
        self.button: Button | None = None
        if button and line.step and line.action:
            self.button = Button(line.action, "link")
            self.button.setAccessibleName(f"{line.action}: {title}")
            self.button.setAccessibleDescription(line.state)
            self.button.clicked.connect(self._press)
            strip.add(self.button)
        if line.clause:
            strip.add(clause_link(line.clause, self.clause_asked.emit))

    def _press(self) -> None:
        self.pressed.emit(self._step, self._subject)


class Listing(QWidget):
    """Boxes one under another with a line between, rebuilt only when what they show has changed.

    What was unfolded stays so while the same words are shown.
    """

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._empty = empty
        self._shown: object = None
        self._folds: list[Fold] = []
        self._unfolded: set[tuple[str, str]] = set()
        self._layout = column(self, gap="medium")

    def put(self, what: Sequence[object]) -> bool:
        """Whether `what` differs from what is shown; if so everything is taken out."""
        if self._shown == tuple(what):
            return False
        self._shown = tuple(what)
        self._unfolded = {fold.about_what for fold in self._folds if fold.is_open}
        self._folds.clear()
        clear(self._layout)
        if not what:
            self._layout.addWidget(Text(self._empty, "muted"))
        return True

    def add(self, box: QWidget) -> None:
        """Put one more box at the end."""
        if self._layout.count():
            self._layout.addWidget(rule())
        fold = getattr(box, "fold", None)
        if isinstance(fold, Fold):
            self._folds.append(fold)
            if fold.about_what in self._unfolded:
                fold.open()
        self._layout.addWidget(box)

    def forget(self) -> None:
        """Take everything out: another case is shown."""
        self._shown = None
        self._unfolded.clear()
        self._folds.clear()
        clear(self._layout)


class PartPage(QWidget):
    """A chapter's tab: what can be done, then its facts."""

    pressed = Signal(str, object)
    """(step, subject)."""
    clause_asked = Signal(str)

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        layout = column(self, gap="medium")
        self._buttons = column(layout, gap="none")
        self._doing: object = ()
        self._facts = Listing(empty)
        layout.addWidget(self._facts)

    def show_facts(self, facts: Sequence[Fact], doing: Sequence[Doing]) -> None:
        """Replace what is shown, where it differs."""
        if doing != self._doing:
            self._doing = doing
            clear(self._buttons)
            if doing:
                self._buttons.addWidget(doing_row(doing, self.pressed.emit))
        if self._facts.put(facts):
            for fact in facts:
                box = FactBox(fact)
                box.pressed.connect(self.pressed)
                box.clause_asked.connect(self.clause_asked)
                self._facts.add(box)


class Tabs(QWidget):
    """Named pages, one at a time; the left and right keys go from name to name."""

    turned = Signal(int)

    def __init__(self, name: str, pages: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._bar = TabRow()
        self._bar.setAccessibleName(name)
        layout = column(self, gap="medium")
        layout.addWidget(self._bar)
        self._pages = [page for _, page in pages]
        for number, (words, page) in enumerate(pages):
            self._bar.addTab(words)
            layout.addWidget(page)  # a stack of Qt's would be as high as its highest page
            page.setVisible(number == 0)
        self._bar.currentChanged.connect(self._turn)

    @property
    def bar(self) -> TabRow:
        """The row of names."""
        return self._bar

    def name(self, number: int, words: str) -> None:
        """Change a name, for example to show a count."""
        self._bar.setTabText(number, words)

    def _turn(self, number: int) -> None:
        for place, page in enumerate(self._pages):
            page.setVisible(place == number)
        self.turned.emit(number)
