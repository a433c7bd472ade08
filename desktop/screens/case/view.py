"""The file of one case: who to be careful with at the top, the story in the middle, what happens next beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.delivery import Delivery
from core.services.unfinished import Unfinished
from desktop.models import Column, TupleModel
from desktop.screens.case.chapters import LAST_PARTS, PARTS, titles_of_file
from desktop.screens.case.files import FilesTab
from desktop.screens.case.parts import DoLine, FactBox, Fold, Listing, PartPage, StoryBox, Tabs
from desktop.screens.case.presenter import CasePresenter, CaseView
from desktop.screens.case.reach import ReachTag
from desktop.screens.case.words import DueLine, Fact, HistoryLine, NextLine, Story
from desktop.screens.choosing import ChoiceBanners
from desktop.screens.clauses import Claused
from desktop.screens.context import ScreenContext
from desktop.theme import Tone
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Flow,
    ListTable,
    Page,
    SafeContactStrip,
    Tag,
    Text,
    Tick,
    clear,
    column,
    styled,
)
from desktop.widgets.moments import moment_words, whole_words

STORY_ROWS = 40
INCIDENTS = 4
"""Place of the Incidents tab."""
FILES = 6 + len(PARTS) - len(LAST_PARTS)
"""Place of the Files tab."""
HISTORY = 7 + len(PARTS)
"""Place of the History tab."""


class CasePage(Page):
    """Shows the case it is told to `arrive` at; nothing of the case before may stay."""

    _tags: tuple[tuple[str, Tone], ...] = ()
    _reach: Delivery | None = None

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Case", parent=parent)
        self.presenter = CasePresenter(context, self)
        self._step_buttons: list[QWidget] = []
        self._add = Button("Add to file", "primary", icon_name="plus", keys="A")
        self._menu = _AddMenu(self)
        self.actions.add(self._add)
        self._interview = Button("Private interview", icon_name="lock", window_keys="I")
        self.actions.add(self._interview)
        self._strip = SafeContactStrip()
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._strip)
        self.pinned.addWidget(self._problem)
        self._choices = ChoiceBanners(self.presenter.choose)
        self.add(self._choices)
        self._connected = Button("Look who can read it")
        self._connection = Banner("", "", Tone.SOON, icon_name="users", actions=(self._connected,))
        self.add(self._connection)
        self._drafts = column(self.body, gap="small")
        self._shown_drafts: object = ()
        self._timeline = _Timeline()
        self._people = Listing("Nobody is named in this case.")
        self._incidents = Listing("No incident is recorded.")
        self._due = Listing("Nothing is due.")
        self._letters = Listing("No letters have gone out in this case.")
        self._readers = Listing("")
        self.files = FilesTab(context)
        self._history = _History(self.presenter)
        self._parts = tuple(PartPage(part.empty) for part in PARTS)
        chapters: dict[str, QWidget] = {part.title: page for part, page in zip(PARTS, self._parts, strict=True)}
        last = [chapters.pop(title) for title in LAST_PARTS]
        self._write = Button("Write to an area", icon_name="mail")
        self._write_one = Button("Write to one person", icon_name="mail")
        self._who = Button("Change who can read it", icon_name="users")
        pages = (
            self._timeline, self._due, _with_button(self._readers, self._who), self._people, self._incidents,
            *chapters.values(), _with_button(self._letters, self._write_one, self._write), self.files, *last,
            self._history,
        )  # fmt: skip
        self.tabs = Tabs("Parts of the file", tuple(zip(titles_of_file(), pages, strict=True)))
        self._next = Listing("Nothing is waiting.")
        self._closing = Claused("muted")
        self._closing.clause_asked.connect(self.presenter.show_clause)
        self._offered = Listing("")
        self._offered_card = Card(self._offered, heading="Offered while nobody is named")
        self._ask = Listing("")
        self._ask_card = Card(self._ask, heading="Still to ask")
        comes = Card(self._closing, self._next, heading="What happens next")
        side = _at_the_top(comes, self._offered_card, self._ask_card)
        self.add(Columns(_at_the_top(Card(self.tabs)), side, stretches=(2, 1), stack_below_em=96))
        self.body.addStretch(1)
        self._connect()

    def arrive(self, case: RecordId, part: str = "") -> None:
        """Show this case; `part`: the page of its file to open, by its title."""
        if part in titles_of_file():
            self.tabs.bar.setCurrentIndex(titles_of_file().index(part))
        self.presenter.arrive(case)
        self.files.arrive(case)

    def leave(self) -> bool:
        """Fold away what was read."""
        self.presenter.leave()
        self.files.leave()
        for fold in self.findChildren(Fold):
            fold.fold()
        self._history.hide_words()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._add

    def _connect(self) -> None:
        self.presenter.changed_case.connect(self._forget)
        self.presenter.shown.connect(self._show)
        self.presenter.failed.connect(self._failed)
        self.presenter.unfinished.connect(self._show_drafts)
        self.presenter.told_history.connect(self._history.show_rows)
        self.presenter.reached.connect(self._show_reach)
        self.tabs.turned.connect(self._turned)
        self.files.counted.connect(self._count_files)
        for page in self._parts:
            page.pressed.connect(self.presenter.go)
            page.clause_asked.connect(self.presenter.show_clause)
        self._add.clicked.connect(self._open_menu)
        self._interview.clicked.connect(self.presenter.begin_interview)
        self._write.clicked.connect(self._write_letters)
        self._write_one.clicked.connect(self._write_letter)
        self._who.clicked.connect(self.presenter.look_at_readers)
        self._connected.clicked.connect(self.presenter.look_at_readers)
        self._strip.check_asked.connect(self._check_ways)

    def _forget(self) -> None:
        self.set_title("Case")
        self._tags, self._reach = (), None
        self._put_tags()
        self._strip.clear()
        self._problem.clear()
        self._connection.clear()
        self._show_drafts(())
        self._choices.show_lines(())
        for listing in self.findChildren(Listing):
            listing.forget()
        self._history.show_rows(())
        self.files.forget()
        self.tabs.name(FILES, "Files")
        self.tabs.bar.setCurrentIndex(0)

    # ------------------------------------------------------------------ what is shown

    def _show(self, view: CaseView) -> None:
        self._problem.clear()
        self.set_title(view.reference)
        self._tags = view.tags
        self._put_tags()
        self._strip.show_contact(view.contact)
        apart = [(*view.versions, self.presenter.case)] if view.versions[0] else []
        self._choices.show_lines(apart, "Look at the versions")
        self._connection.say(*view.connected)
        self._timeline.show_stories(view.timeline)
        for listing, facts in (
            (self._letters, view.letters),
            (self._readers, view.readers),
        ):
            _fill(listing, facts, _fact_box)
        for listing, facts in ((self._people, view.people), (self._incidents, view.incidents)):
            _fill(listing, facts, self._doing_box)
        _fill(self._due, view.due, self._due_box)
        _fill(self._next, view.next_steps, self._next_box)
        _fill(self._offered, view.offered, self._next_box)
        self._offered_card.setVisible(bool(view.offered))
        _fill(self._ask, view.still_to_ask, _line)
        self._ask_card.setVisible(bool(view.still_to_ask))
        for page, (facts, doing) in zip(self._parts, view.parts, strict=True):
            page.show_facts(facts, doing)
        self._closing.say(view.closing)
        self.tabs.name(INCIDENTS, f"Incidents ({view.incident_count})")
        self._menu.offer(view.add)

    def _show_reach(self, delivery: Delivery | None) -> None:
        if delivery != self._reach:
            self._reach = delivery
            self._put_tags()

    def _put_tags(self) -> None:
        self.tags.clear()
        for words, tone in self._tags:
            self.tags.add(Tag(words, tone))
        if self._tags and self._reach is not None:
            self.tags.add(ReachTag(self._reach))

    def _show_drafts(self, drafts: tuple[tuple[str, Unfinished], ...]) -> None:
        if drafts == self._shown_drafts:
            return
        self._shown_drafts = drafts
        clear(self._drafts)
        for words, draft in drafts:
            button = Button("Carry on")
            button.setAccessibleDescription(words)
            button.clicked.connect(partial(self.presenter.carry_on, draft))
            self._drafts.addWidget(Banner(words, "", Tone.INFO, icon_name="pencil", actions=(button,)))

    def _next_box(self, line: NextLine) -> QWidget:
        box = DoLine(line)
        box.pressed.connect(self.presenter.go)
        box.clause_asked.connect(self.presenter.show_clause)
        return box

    def _doing_box(self, fact: Fact) -> QWidget:
        box = FactBox(fact)
        box.pressed.connect(self.presenter.go)
        box.clause_asked.connect(self.presenter.show_clause)
        return box

    def _due_box(self, line: DueLine) -> QWidget:
        box = DoLine(line)
        box.pressed.connect(self.presenter.go)
        box.clause_asked.connect(self.presenter.show_clause)
        return box

    # ------------------------------------------------------------------ what is pressed

    def _open_menu(self) -> None:
        self._menu.popup(self._add.mapToGlobal(QPoint(0, self._add.height())))

    def _turned(self, number: int) -> None:
        if number == HISTORY:
            self.presenter.want_history()

    def _count_files(self, count: int) -> None:
        self.tabs.name(FILES, f"Files ({count})" if count else "Files")

    def _write_letter(self) -> None:
        self.presenter.go("case-letter")

    def _write_letters(self) -> None:
        self.presenter.go("letters")

    def _check_ways(self) -> None:
        self.presenter.go("safe-ways")

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _AddMenu(QMenu):
    """What can be added to the file now."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._offered: tuple[tuple[str, str, str], ...] = ()
        self.setAccessibleName("Add to file")

    def offer(self, steps: tuple[tuple[str, str, str], ...]) -> None:
        """Replace the lines; those of a group lie in a menu of its own."""
        if steps == self._offered:
            return
        self._offered = steps
        self.clear()
        groups: dict[str, QMenu] = {"": self}
        for step, words, group in steps:
            menu = groups.get(group) or groups.setdefault(group, self.addMenu(group))
            menu.addAction(words).triggered.connect(partial(self._page.presenter.go, step, None))


class _Timeline(Listing):
    """The story; older entries on request."""

    def __init__(self) -> None:
        super().__init__("Nothing has happened yet.")
        self._stories: tuple[Story, ...] = ()
        self._limit = STORY_ROWS

    def show_stories(self, stories: tuple[Story, ...]) -> None:
        self._stories = stories
        shown = stories[: self._limit]
        if not self.put((*shown, len(stories))):
            return
        for story in shown:
            self.add(StoryBox(story))
        if len(stories) > self._limit:
            more = Button(f"Show older ({len(stories) - self._limit} left)", "link")
            more.clicked.connect(self._show_older)
            self.add(Flow(more))

    def forget(self) -> None:
        super().forget()
        self._stories, self._limit = (), STORY_ROWS

    def _show_older(self) -> None:
        self._limit += STORY_ROWS
        self.show_stories(self._stories)


class _History(QWidget):
    """Who changed what, when, on which laptop. What was written stays hidden until asked for."""

    def __init__(self, presenter: CasePresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self._words_shown = False
        self._model: TupleModel[HistoryLine] = TupleModel(self._columns(), self)
        self._show = Tick("Show what was written")
        table = ListTable("History", self._model)
        layout = column(self, gap="small")
        layout.addWidget(Text("Every change, newest first. Nothing can be changed without a line here.", "muted"))
        layout.addWidget(self._show)
        layout.addWidget(table)
        self._show.toggled.connect(self._turn)

    def show_rows(self, rows: tuple[HistoryLine, ...]) -> None:
        self._model.put(rows)

    def hide_words(self) -> None:
        self._show.setChecked(False)

    def _turn(self, shown: bool) -> None:
        self._words_shown = shown
        self._model.show_columns(self._columns())

    def _columns(self) -> tuple[Column[HistoryLine], ...]:
        when: Column[HistoryLine] = Column(heading="When", words=self._when, spoken=_when_exactly, wide_em=21)
        who: Column[HistoryLine] = Column(heading="Who", words=_who, wide_em=15, drop=1)
        laptop: Column[HistoryLine] = Column(heading="Laptop", words=_laptop, wide_em=9, drop=3)
        what: Column[HistoryLine] = Column(heading="What", words=_what, wide_em=44, stretch=True, drop=0)
        value: Column[HistoryLine] = Column(heading="Written", words=_value, wide_em=20, stretch=True, drop=0)
        return (when, who, laptop, what, value) if self._words_shown else (when, who, laptop, what)

    def _when(self, row: HistoryLine) -> str:
        return moment_words(row.at, self._presenter.moment())


def _when_exactly(row: HistoryLine) -> str:
    return whole_words(row.at)


def _who(row: HistoryLine) -> str:
    return row.who


def _laptop(row: HistoryLine) -> str:
    return row.laptop


def _what(row: HistoryLine) -> str:
    return row.what


def _value(row: HistoryLine) -> str:
    return row.written


def _fill(listing: Listing, items: Sequence[object], box: Callable[..., QWidget]) -> None:
    if listing.put(items):
        for item in items:
            listing.add(box(item))


def _fact_box(fact: Fact) -> QWidget:
    return FactBox(fact)


def _line(words: str) -> QWidget:
    return Text(words)


def _at_the_top(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder


def _with_button(listing: Listing, *buttons: Button) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    layout.addWidget(listing)
    layout.addWidget(Flow(*buttons))
    return holder
