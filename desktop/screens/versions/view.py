"""The page of versions: side by side where there is room, one under another where there is not."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.versions import Version
from desktop.screens.context import ScreenContext
from desktop.screens.versions.presenter import ChoiceView, Key, VersionsPresenter, VersionsView, VersionView
from desktop.screens.versions.words import Part, only_here
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    EmptyState,
    Field,
    Flow,
    Page,
    Tag,
    Text,
    TextArea,
    Tone,
    announce,
    clear,
    column,
    styled,
)

_NARROW_EM = 76


class VersionsPage(Page):
    """Opens with `arrive(case=...)`; goes back when nothing is left to choose."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Choose between versions", parent=parent)
        self.presenter = presenter = VersionsPresenter(context, self)
        self._back = Button("Back", icon_name="arrow-left")
        self._reference = Tag("", Tone.NEUTRAL)
        self._reference.hide()
        self.tags.add(self._reference)
        self.actions.add(self._back)
        self._state = Text("", "small")
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._state)
        self.pinned.addWidget(self._problem)
        self.add(Text("Nothing is lost: what you do not choose stays in the history of the file.", "muted"))
        self._place = column(self.body, gap="medium")
        self._more = Text("", "muted")
        self._empty = EmptyState("Nothing needs your choice.", "There is one version of everything here.")
        self.add(self._more)
        self.add(self._empty)
        self.body.addStretch(1)
        for part in (self._more, self._empty, self._state):
            part.hide()
        self._boxes: dict[Key, _ChoiceBox] = {}
        self._read: set[Key] = set()
        self._shown: object = None
        self._context = context
        self._focus = QTimer(self)  # a button just made takes the focus only once it is shown
        self._focus.setSingleShot(True)
        self._focus.setInterval(0)
        self._focus.timeout.connect(self._focus_first)
        presenter.begun.connect(self._forget)
        presenter.shown.connect(self._show)
        presenter.problem.connect(self._show_problem)
        presenter.failed.connect(self._failed)
        presenter.said.connect(self._say)
        presenter.busy.connect(self._busy)
        self._back.clicked.connect(self._go_back)

    def arrive(self, case: RecordId | None = None) -> None:
        """Show what waits in this case; None is what belongs to no case."""
        self._problem.clear()
        self.presenter.arrive(case)

    def leave(self) -> bool:
        """Save what is not saved yet, and put the words away."""
        self.presenter.leave()
        self._forget()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return next((button for box in self._boxes.values() for button in box.buttons), self._back)

    def _go_back(self) -> None:
        self._context.shell.go_back()

    def _forget(self) -> None:
        clear(self._place)
        self._boxes, self._shown = {}, None
        self._read.clear()
        self._reference.hide()
        self._say("")

    def _focus_first(self) -> None:
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, view: VersionsView) -> None:
        kept = (view.choices, tuple(view.texts), view.left_over)
        if kept == self._shown:
            return  # the same page: what is being typed keeps the keyboard
        focused = self._focused()
        first = self._shown is None
        self._shown = kept
        clear(self._place)
        self._boxes = {}
        for choice in view.choices:
            box = _ChoiceBox(choice, view.texts.get(choice.key), folded=choice.key not in self._read)
            self._boxes[choice.key] = box
            box.opened.connect(self._was_read)
            box.kept.connect(self.presenter.keep)
            box.wanted.connect(self._write_one)
            box.typed.connect(self.presenter.typed)
            box.saved.connect(self.presenter.keep_text)
            box.dropped.connect(self.presenter.throw_away)
            self._place.addWidget(box)
        for key, text in view.left_over:
            self._place.addWidget(self._left_over(key, text))
        self._reference.say(view.reference, Tone.NEUTRAL)
        self._reference.setVisible(bool(view.reference))
        self._more.setText(f"{view.more} more come up when these are chosen.")
        self._more.setVisible(view.more > 0)
        self._empty.setVisible(not view.choices and not view.left_over)
        text_box = self._boxes[focused].text_box if focused in self._boxes else None
        if text_box is not None:
            text_box.setFocus(Qt.FocusReason.OtherFocusReason)
        elif first or focused is not None:
            self._focus.start()

    def _write_one(self, key: Key) -> None:
        self.presenter.write_one(key)
        text_box = self._boxes[key].text_box if key in self._boxes else None
        if text_box is not None:
            text_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _was_read(self, key: Key) -> None:
        self._read.add(key)

    def _focused(self) -> Key | None:
        now = self.focusWidget()
        return next((key for key, box in self._boxes.items() if now is not None and box.isAncestorOf(now)), None)

    def _left_over(self, key: Key, text: str) -> QWidget:
        drop = Button("Throw away", "quiet")
        drop.clicked.connect(partial(self.presenter.throw_away, key))
        about = Text("You were writing this when somebody chose on another laptop. Copy what you still need.", "muted")
        return Card(about, Text(text, selectable=True), Flow(drop), heading="What you were writing")

    def _show_problem(self, key: Key, sentence: str) -> None:
        if key in self._boxes:
            self._boxes[key].show_problem(sentence)
            if sentence:
                announce(self, sentence, urgent=True)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _say(self, words: str) -> None:
        self._state.setText(words)
        self._state.setVisible(bool(words))

    def _busy(self, busy: bool) -> None:
        if busy:
            self._problem.clear()
        for box in self._boxes.values():
            box.set_busy(busy)


class _ChoiceBox(Card):
    """One field: its versions and, for a text, the box in which one is written from all."""

    kept = Signal(object, object)
    """(key, version)."""
    opened = Signal(object)
    """The words behind the fold were asked for."""
    wanted = Signal(object)
    typed = Signal(object, str)
    saved = Signal(object)
    dropped = Signal(object)

    def __init__(self, choice: ChoiceView, text: str | None, *, folded: bool) -> None:
        super().__init__(heading=choice.heading)
        self.key = choice.key
        self.buttons: list[Button] = []
        self.text_box: TextArea | None = None
        self._field: Field | None = None
        if choice.about:
            self.body.addWidget(Text(choice.about, "strong"))
        self.body.addWidget(Text(choice.lead, "muted"))
        self._unfold = self._button(choice.fold, "link") if choice.fold and folded else None
        self._folded: list[QWidget] = []
        if self._unfold is not None:
            self._unfold.set_icon("eye-off")
            self._unfold.setAccessibleName(f"{choice.fold}: {choice.heading}")
            self._unfold.clicked.connect(self._read)
            self.body.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)
        self._put(Columns(*(self._version(view) for view in choice.versions), stack_below_em=_NARROW_EM))
        if choice.start and text is None:
            write = self._button("Write one from both" if len(choice.versions) == 2 else "Write one from all", "quiet")
            write.setAccessibleName(f"{write.words}: {choice.heading}")
            write.clicked.connect(self._want)
            self._put(Flow(write))
        elif text is not None:
            self._put_text_box(choice, text)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the text; empty takes it away."""
        if self._field is not None:
            self._field.set_problem(sentence)
            if sentence and self.text_box is not None:
                self.text_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """A choice is being saved."""
        for button in self.buttons:
            button.setEnabled(not busy)

    def _version(self, view: VersionView) -> QWidget:
        holder = styled(QWidget(), "clear")
        layout = column(holder, gap="small")
        layout.addWidget(Text(view.by, "strong"))
        if view.tags:
            layout.addWidget(Flow(*(Tag(words, Tone.INFO) for words in view.tags)))
        words = Text(selectable=False)
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setText(_rich(view.parts))
        words.setAccessibleName(view.version.words)
        if any(differs for _, differs in view.parts):
            words.setAccessibleDescription(only_here(view.parts))
        layout.addWidget(words)
        if view.keep:
            keep = self._button(view.keep)
            keep.setAccessibleName(view.keep_spoken)
            keep.clicked.connect(partial(self._keep, view.version))
            layout.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return holder

    def _put_text_box(self, choice: ChoiceView, text: str) -> None:
        self.text_box = box = TextArea(lines=5, most_lines=24, large=True)
        box.setText(text)
        box.textChanged.connect(self._type)
        hint = "It begins with what each version says. Kept on this laptop as you type."
        self._field = Field(f"One text for \u201c{choice.heading}\u201d", box, hint=hint)
        save = self._button("Keep this text")
        save.setAccessibleName(f"{save.words}: {choice.heading}")
        save.clicked.connect(self._save)
        drop = self._button("Throw away", "quiet")
        drop.setAccessibleName(f"{drop.words} this text: {choice.heading}")
        drop.clicked.connect(self._drop)
        self._put(self._field)
        self._put(Flow(save, drop))

    def _put(self, part: QWidget) -> None:
        """Put a part at the end; behind the fold if there is one."""
        self.body.addWidget(part)
        if self._unfold is not None:
            self._folded.append(part)
            part.hide()

    def _read(self) -> None:
        """Show the words that were folded, and move the keyboard to the first choice."""
        if self._unfold is None:
            return
        self.buttons.remove(self._unfold)
        self._unfold.hide()
        for part in self._folded:
            part.show()
        self.opened.emit(self.key)
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, words: str, kind: str = "secondary") -> Button:
        made = Button(words, kind)
        self.buttons.append(made)
        return made

    def _keep(self, version: Version) -> None:
        self.kept.emit(self.key, version)

    def _want(self) -> None:
        self.wanted.emit(self.key)

    def _type(self) -> None:
        if self.text_box is not None:
            self.typed.emit(self.key, self.text_box.text())

    def _save(self) -> None:
        self.saved.emit(self.key)

    def _drop(self) -> None:
        self.dropped.emit(self.key)


def _rich(parts: tuple[Part, ...]) -> str:
    made = []
    for words, differs in parts:
        shown = escape(words).replace("\n", "<br>")
        made.append(f'<span style="font-weight:700; text-decoration:underline">{shown}</span>' if differs else shown)
    return "".join(made)
