"""One form of the Organisation page. Its boxes follow from the declaration."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.pack_changes import PackFile
from desktop.screens.context import ScreenContext
from desktop.screens.organisation.forms import FILE, PATHS, Asked, OrganisationForm
from desktop.screens.organisation.presenter import FormPresenter, FormView
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.step.view import Box, box_for
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ErrorSummary,
    Field,
    Form,
    Page,
    Text,
    Tone,
    announce,
    clear,
    column,
    styled,
)

MOST_LINES = 40


class OrganisationFormPage(Page):
    """Opens with `arrive(form=...)`; goes back when it is saved."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Organisation", parent=parent)
        self.presenter = presenter = FormPresenter(context, self)
        self._now = context.clock.now
        self._state = Text("", "small")
        self._cancel = Button("Throw away", "quiet")
        self._save = Button("Save", "primary", icon_name="save", keys="Ctrl+S")
        self.actions.add(self._cancel)
        self.actions.add(self._save)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._state)
        self.pinned.addWidget(self._problem)
        self._lead = Text("", "muted")
        self._draft = Banner("", "", Tone.INFO, icon_name="pencil")
        self.add(self._lead)
        self.add(self._draft)
        self._place = column(self.body, gap="medium")
        self.file = _FileCard()
        self.add(self.file)
        self.body.addStretch(1)
        self._form: Form | None = None
        self._boxes: dict[str, Box | _PathBox] = {}
        self._quiet = False
        self._focus = QTimer(self)  # a box just made takes the focus only once it is shown
        self._focus.setSingleShot(True)
        self._focus.setInterval(0)
        self._focus.timeout.connect(self._focus_first)
        presenter.begun.connect(self._begin)
        presenter.opened.connect(self._open)
        presenter.applies.connect(self._show_what_applies)
        presenter.problems.connect(self._show_problems)
        presenter.failed.connect(self._failed)
        presenter.said.connect(self._say)
        presenter.busy.connect(self._busy)
        presenter.looked.connect(self.file.show_file)
        self._save.clicked.connect(presenter.save)
        self._cancel.clicked.connect(presenter.throw_away)
        self._say("")

    def arrive(self, form: str, subject: RecordId | None = None) -> None:
        """Open a form; `subject`: the record it is about."""
        self.presenter.arrive(form, subject)

    def leave(self) -> bool:
        """Keep what is not kept yet."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return next((box.control for box in self._boxes.values() if not box.field.isHidden()), self._save)

    def answers(self) -> dict[str, object]:
        """Everything answered on the page."""
        return {name: box.read() for name, box in self._boxes.items()}

    def _begin(self, form: OrganisationForm) -> None:
        self.set_title(form.title)
        for banner in (self._problem, self._draft):
            banner.clear()
        self._say("")
        self._boxes, self._form = {}, None
        clear(self._place)
        self._lead.setText(form.lead)
        self._lead.setVisible(bool(form.lead))
        self._save.set_words(form.save)

    def _open(self, view: FormView) -> None:
        self._draft.say(view.restored)
        summary = ErrorSummary()
        self._form = Form(summary)
        self._place.addWidget(summary)
        card = Card()
        self._quiet = True
        for asked in view.asks:
            box = self._box(asked)
            box.write(view.answers.get(asked.ask.name))
            box.edited.connect(self._edited)
            self._boxes[asked.ask.name] = box
            card.body.addWidget(self._form.add(asked.ask.name, box.field))
        self._quiet = False
        self._place.addWidget(card)
        self._focus.start()

    def _box(self, asked: Asked) -> Box | _PathBox:
        kind = PATHS.get(asked.ask.name, "")
        if asked.ask.name not in PATHS:
            return box_for(asked.ask, asked.options, self._now, self)
        box = _PathBox(asked, PathKind.OPEN if kind == FILE else PathKind.SAVE, self)
        box.settled.connect(self.presenter.look)
        return box

    def _focus_first(self) -> None:
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        if not self._quiet:
            self.presenter.typed(self.answers())

    def _show_what_applies(self, names: frozenset[str]) -> None:
        for name, box in self._boxes.items():
            box.field.setVisible(name in names)

    def _show_problems(self, problems: dict[str, str]) -> None:
        if self._form is not None:
            self._form.show_problems(problems)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _say(self, words: str) -> None:
        self._state.setText(words or "Every colleague can read this. Nothing of a case belongs here.")
        if words:
            self._problem.clear()

    def _busy(self, busy: bool) -> None:
        self._save.setEnabled(not busy)


class _PathBox(QObject):
    """A question that is answered with a file."""

    edited = Signal()
    settled = Signal(str)
    """The file is chosen, or Enter was pressed."""

    def __init__(self, asked: Asked, kind: PathKind, parent: QObject) -> None:
        super().__init__(parent)
        filters = "Packs (*.json);;All files (*)" if asked.ask.label.endswith("JSON file") else ""
        self.line = PathLine("Choose a file", kind, title=asked.ask.label, filters=filters)
        self.control: QWidget = self.line
        self.field = Field(asked.ask.label, self.line, hint=asked.ask.hint, optional=asked.ask.optional)
        self.line.box.textChanged.connect(self._typed)
        self.line.chosen.connect(self._settle)
        self.line.entered.connect(self._settle)
        self.line.box.editingFinished.connect(self._settle)

    def read(self) -> object:
        """The path as it was typed."""
        return self.line.text() or None

    def write(self, answer: object) -> None:
        """Show a path."""
        self.line.set_text(answer if isinstance(answer, str) else "")

    def _typed(self, _words: str) -> None:
        self.edited.emit()

    def _settle(self) -> None:
        self.settled.emit(self.line.text())


class _FileCard(Card):
    """What is in a pack file: every wrong row, or everything that would change."""

    def __init__(self) -> None:
        super().__init__(heading="What is in the file")
        self._what = Text("", "strong")
        holder = styled(QWidget(), "clear")
        self._lines = column(holder, gap="tight")
        self.body.addWidget(self._what)
        self.body.addWidget(holder)
        self.hide()

    def show_file(self, found: PackFile | None) -> None:
        """Show what was found; None hides the card."""
        self.setVisible(found is not None)
        clear(self._lines)
        if found is None:
            return
        told = found.problems or found.differs
        if found.problems:
            count = len(found.problems)
            self._what.setText(f"{found.name or 'This file'}: {count} {'row is' if count == 1 else 'rows are'} wrong.")
        else:
            self._what.setText(f"{found.name}: {len(told)} differences." if told else f"{found.name}: nothing differs.")
        for line in told[:MOST_LINES]:
            self._lines.addWidget(Text(line))
        if len(told) > MOST_LINES:
            self._lines.addWidget(Text(f"And {len(told) - MOST_LINES} more.", "muted"))
        announce(self, self._what.text())


