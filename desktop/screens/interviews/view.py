"""The page of one private interview. Shut until a reason is given; then it has the whole screen; shut again when left.

Esc and F9 cover it, F12 locks, F8 covers it and writes down that somebody came.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.interviews import Interview, InterviewRow
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.around import AroundPart
from desktop.screens.interviews.beside import NotesCard, ReadersCard
from desktop.screens.interviews.door import DoorCard
from desktop.screens.interviews.fields import Fields, VersionsCard, stack
from desktop.screens.interviews.into_case import CasePart
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.screens.interviews.recorder import InterviewRecorder
from desktop.screens.interviews.signing import SignPart
from desktop.screens.interviews.told import EventsPart, StoppedBanner, WordsPart
from desktop.widgets import (
    Banner,
    Button,
    Columns,
    Flow,
    OneLine,
    Page,
    TabRow,
    Tag,
    Tone,
    announce,
    column,
    styled,
)
from desktop.widgets.moments import UK

TABS = ("Their words", "What happened", "Around it", "Read back and sign", "Into the case", "Notes and readers")
WORDS, EVENTS, AROUND, SIGN, CASE, BESIDE = range(len(TABS))
NOT_KEPT = "Not on the disk yet"


class InterviewPage(Page):
    """Opens with `arrive(interview=..., case=...)`, and with `entry=...` right after it was begun."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Private interview", parent=parent)
        self.presenter = presenter = InterviewPresenter(context, self)
        self.recorder = recorder = InterviewRecorder(context, presenter)
        self.fields = fields = Fields(presenter)
        self._back = Button("Put away", icon_name="arrow-left")
        self.cover = Button("Cover", icon_name="eye-off", window_keys="Esc or F9")
        self.lock = Button("Lock", icon_name="lock", window_keys="F12")
        self.finish = Button("Finish")
        self._readers = Tag("", Tone.CONFIDENTIAL)
        self.tags.add(self._readers)
        for button in (self._back, self.finish):
            self.actions.add(button)
        self.go = Button("Save", "primary", keys="Ctrl+S")
        self.came = Button("Somebody came", window_keys="F8")
        self._came_key = QShortcut(QKeySequence("F8"), self)  # a button's own key presses it a tenth of a second later
        self.stop = Button("They want to stop")
        self.kept = OneLine("", "strong")
        self._strip = Flow(self.cover, self.lock, self.came, self.stop, self.go, self.kept)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self._stopped = StoppedBanner()
        for line in (self._strip, self._problem, self._told, self._stopped):
            self.pinned.addWidget(line)
        self.door = DoorCard()
        self.versions = VersionsCard()
        self.words, self.around = WordsPart(fields), AroundPart(presenter, recorder, fields)
        self.events = EventsPart(presenter, recorder, fields)
        self.sign, self.case = SignPart(presenter, recorder, fields), CasePart(recorder, fields)
        self.notes, self.readers = NotesCard(presenter), ReadersCard()
        beside = Columns(stack(self.notes), stack(self.readers), stretches=(3, 2), stack_below_em=96)
        self._parts: tuple[QWidget, ...] = (self.words, self.events, self.around, self.sign, self.case, beside)
        self.tabs = TabRow()
        self.inside = styled(QWidget(), "clear")
        layout = column(self.inside, gap="medium")
        layout.addWidget(self.versions)
        layout.addWidget(self.tabs)
        for name, part in zip(TABS, self._parts, strict=True):
            self.tabs.addTab(name)
            layout.addWidget(part)
        self.add(self.door)
        self.add(self.inside)
        self.body.addStretch(1)
        self._connect()
        self._turn(WORDS)
        self._forget()

    def arrive(self, interview: StreamId, entry: RecordId | None = None, case: RecordId | None = None) -> None:
        """Show this interview: shut, or open if it was begun just now. `case` is for the gate before every page."""
        del case
        self._problem.clear()
        self._told.clear()
        self.tabs.setCurrentIndex(WORDS)
        self.presenter.arrive(interview, entry)

    def leave(self) -> bool:
        """Nothing of it stays on the screen."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.door.reason if self.presenter.shown is None else self.words.statement

    # ------------------------------------------------------------------ inside

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.shut.connect(self._shut)
        presenter.opened.connect(self._open)
        presenter.forgotten.connect(self._forget)
        presenter.people.connect(self.readers.offer)
        presenter.kept.connect(self._say_kept)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._back.clicked.connect(presenter.go_back)
        self.cover.clicked.connect(presenter.cover)
        self.lock.clicked.connect(presenter.lock)
        self.finish.clicked.connect(presenter.finish)
        self.came.clicked.connect(self.recorder.somebody_came)
        self._came_key.activated.connect(self.recorder.somebody_came)
        self.stop.clicked.connect(presenter.want_to_stop)
        self.go.clicked.connect(self._save)
        self.door.go.clicked.connect(self._enter)
        self.notes.go.clicked.connect(self._add_note)
        self.readers.wanted.connect(self._change_reader)
        self.tabs.currentChanged.connect(self._turn)

    def _forget(self) -> None:
        self.fields.forget()
        for part in (self.words, self.around, self.events, self.sign, self.case, self.notes, self.readers, self.door):
            part.forget()
        self.versions.show_versions({})
        self._stopped.clear()
        self.kept.setText("")
        self._readers.hide()
        self._show_mode(False)
        self.door.hide()

    def _show_mode(self, is_open: bool) -> None:  # one switch between door and mode
        for widget in (self.finish, self._strip, self.inside):
            widget.setVisible(is_open)

    def _shut(self, row: InterviewRow, needs_second: bool) -> None:  # a signal gives it
        self.door.show_row(row, needs_second=needs_second)
        self._show_mode(False)
        self.door.reason.setFocus()

    def _open(self, found: Interview) -> None:
        first = self.inside.isHidden()
        self.door.hide()
        self.door.forget()
        self.fields.fill(found, self.presenter.unsaved)
        self.versions.show_versions(found.apart)
        for part in (self.words, self.around, self.events, self.sign, self._stopped):
            part.show_interview(found)
        self.notes.show_notes(found, self.presenter)
        self.readers.show_readers(found.row)
        self._readers.say(f"Only {len(found.row.readers)} people can read this", Tone.CONFIDENTIAL)
        self._readers.show()
        self._show_mode(True)
        if first:
            self.words.statement.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, number: int) -> None:
        for place, part in enumerate(self._parts):
            part.setVisible(place == number)
        if self.presenter.shown is None:
            return
        if number == SIGN:
            self.sign.turned_to()
        elif number == CASE:
            self.case.turned_to()

    def _enter(self) -> None:
        self.presenter.open(self.door.reason.text(), self.door.passphrase.text())

    def _save(self) -> None:
        self.presenter.save({name: self.fields.value(name) for name in self.versions.settled()})

    def _add_note(self) -> None:
        self.recorder.add_note(self.notes.box.text())

    def _change_reader(self, user: UserId, reason: str, let_in: bool) -> None:  # a signal gives it
        self.recorder.change_reader(user, reason, let_in=let_in)

    def _say_kept(self, at: datetime | None) -> None:
        self.kept.setText(f"Saved {at.astimezone(UK):%H:%M:%S} on this laptop" if at else NOT_KEPT)

    def _problems(self, problems: dict[str, str]) -> None:
        shown = self.presenter.shown is not None
        self.door.show_problems({} if shown else problems)
        here = self.tabs.currentIndex() if shown else -1
        self.around.people.say_problem(problems.get("role", "") if here == AROUND else "")
        self.around.interruptions.show_problems(problems if here == AROUND else {})
        self.events.show_problems(problems if here == EVENTS else {})
        self.sign.show_problems(problems if here == SIGN else {})
        self.case.show_problems(problems if here == CASE else {})
        self.notes.say_problem(problems.get("body", ""))
        own = problems.get("user", "") or problems.get("reason", "")
        self.readers.say_problem(own if here == BESIDE else "")
        beside = {"place"} if here == EVENTS else set()  # of the two boxes of that name, the one that is seen
        wrong = self.fields.show_problems({} if not shown else {n: s for n, s in problems.items() if n not in beside})
        if wrong is not None and wrong.isHidden() is False:
            self._go_to(wrong)

    def _go_to(self, field: QWidget) -> None:
        number = next(place for place, part in enumerate(self._parts) if part.isAncestorOf(field))
        self.tabs.setCurrentIndex(number)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self._told.say(sentence)
        announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)
