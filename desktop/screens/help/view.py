"""The Help page: one search, the guide and the policy, all of it inside the program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from core.foundation.errors import AppError
from core.services.guide import Kind, Part
from desktop.operations.help import Book
from desktop.screens.help.presenter import HelpPresenter, HelpView, Showing, Way
from desktop.theme import look
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Flow,
    Page,
    SearchBox,
    Text,
    Tone,
    announce,
    clear,
    column,
    styled,
)


class HelpPage(Page):
    """Opens at the section of the screen one comes from (F1); Esc goes back there."""

    def __init__(self, book: Book, go_to: Callable[..., None], parent: QWidget | None = None) -> None:
        super().__init__("Help", parent=parent)
        self.presenter = HelpPresenter(book, go_to, self)
        self._contents = Button("Contents", icon_name="list")
        self._keys = Button("Settings and keys", icon_name="settings")
        self.actions.add(self._contents)
        if book.shipped:  # there is no Settings page yet
            self._keys.hide()
        else:
            self.actions.add(self._keys)
        self.search = SearchBox("Search the guide and the policy", name="Search the help", keys="/")
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self.search)
        self.pinned.addWidget(self._problem)
        self._problem.clear()
        self._place = column(self.body, gap="medium")
        self.body.addStretch(1)
        area = self.findChild(QScrollArea)
        assert area is not None, "a page that scrolls has one"
        self._area: QScrollArea = area
        self._upwards = QTimer(self)  # a page just filled is as high as it is only after it was laid out
        self._upwards.setSingleShot(True)
        self._upwards.setInterval(0)
        self._upwards.timeout.connect(self._to_the_top)
        self.search.asked.connect(self._ask)
        self._contents.clicked.connect(self.presenter.contents)
        self._keys.clicked.connect(partial(go_to, "settings"))
        self.presenter.shown.connect(self._show)
        self.presenter.failed.connect(self._failed)

    def arrive(self, section: str = "", clause: str = "", place: str = "", step: str = "") -> None:
        """Show a section or a clause, or what is said about the screen `place` (of a case: and its `step`)."""
        self.search.clear()
        self._problem.clear()
        self.presenter.arrive(section=section, clause=clause, place=place, step=step)

    def leave(self) -> bool:
        """Another page comes."""
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.search

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and the page keys scroll, since words cannot take the focus."""
        bar = self._area.verticalScrollBar()
        moves = {
            Qt.Key.Key_Down: bar.singleStep() * 3, Qt.Key.Key_Up: -bar.singleStep() * 3,
            Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep(),
        }  # fmt: skip
        step = moves.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        bar.setValue(bar.value() + step)

    # ------------------------------------------------------------------ inside

    def _ask(self, words: str) -> None:
        self.presenter.search(words)

    def _show(self, view: HelpView) -> None:
        self._problem.clear()
        clear(self._place)
        article = Card(gap="small")
        article.body.addWidget(Text(view.heading, "title" if view.showing is Showing.CLAUSE else "heading"))
        if view.lead:
            article.body.addWidget(Text(view.lead, "muted"))
        for part in view.parts:
            article.body.addWidget(_PartText(part))
        if view.showing is Showing.CONTENTS:
            self._place.addWidget(article)
            self._place.addWidget(Columns(*(self._list(*group) for group in view.ways), stack_below_em=90))
        else:
            for heading, ways in view.ways:
                article.body.addWidget(Text(heading, "strong"))
                for way in ways:
                    article.body.addWidget(self._line(way))
            self._place.addWidget(article)
        self._place.addWidget(self._beside(view))
        self._upwards.start()
        announce(self, f"{view.heading}. {view.lead}".strip())

    def _list(self, heading: str, ways: tuple[Way, ...]) -> Card:
        card = Card(heading=heading, gap="none")
        for way in ways:
            card.body.addWidget(self._line(way))
        card.body.addStretch(1)
        return card

    def _line(self, way: Way) -> QWidget:
        holder = styled(QWidget(), "clear")
        layout = column(holder, gap="none")
        layout.setContentsMargins(look().scale.huge if way.inner else 0, 0, 0, 0)
        layout.addWidget(self._link(way), 0, Qt.AlignmentFlag.AlignLeft)
        if way.excerpt:
            layout.addWidget(Text(way.excerpt, "small"))
        return holder

    def _link(self, way: Way) -> Button:
        button = Button(way.words, "link")
        button.clicked.connect(partial(self.presenter.follow, way))
        return button

    def _beside(self, view: HelpView) -> Flow:
        flow = Flow()
        for words, icon, way in (("Before", "chevron-left", view.before), ("Next", "chevron-right", view.after)):
            if way is not None:
                button = Button(f"{words}: {way.words}", icon_name=icon)
                button.clicked.connect(partial(self.presenter.follow, way))
                flow.add(button)
        return flow

    def _to_the_top(self) -> None:
        self._area.verticalScrollBar().setValue(0)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _PartText(Text):
    """A paragraph, a point or a line of a table. What is strong in the guide is strong here; nothing is a link."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        words = "".join(f"<b>{escape(run.words)}</b>" if run.strong else escape(run.words) for run in part.runs)
        point = part.kind in (Kind.POINT, Kind.ROW)
        self.setText(f"&bull;&nbsp;{words}" if point else words)
        self.setAccessibleName(part.words)
        if point:
            self.setContentsMargins(look().scale.large, 0, 0, 0)
