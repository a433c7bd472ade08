"""The page that adds one thing to a case. Its boxes follow from the declaration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from desktop.screens.clauses import clause_links, taken_out
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.step.declare import Answer, Ask, Options, Step
from desktop.screens.step.presenter import StepPresenter, StepView
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    DateTimeField,
    DayField,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Page,
    SafeContactStrip,
    Select,
    Tag,
    Text,
    TextArea,
    TextBox,
    Tone,
    clear,
    column,
)

NOTHING = "Nothing to choose from yet"
SHORT = 24
"""Letters of choices that stand side by side even where they are few."""
_YES_NO: Options = ((True, "Yes"), (False, "No"))


class StepPage(Page):
    """Opens with `arrive(step=..., case=...)`; goes back when it is saved."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Add to file", parent=parent)
        self.presenter = StepPresenter(context, self)
        self._now = context.clock.now
        self._state = Text("", "small")
        self._cancel = Button("Throw away", "quiet")
        self._save = Button("Save", "primary", icon_name="save", keys="Ctrl+S")
        self._reference = Tag("", Tone.NEUTRAL)
        self.tags.add(self._reference)
        self.actions.add(self._cancel)
        self.actions.add(self._save)
        self._strip = SafeContactStrip()
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._state)
        self.pinned.addWidget(self._strip)
        self.pinned.addWidget(self._problem)
        self._lead = Text("", "muted")
        self._draft = Banner("", "", Tone.INFO, icon_name="pencil")
        self._remark = Banner("", "", Tone.SOON, icon_name="users")
        self.add(self._lead)
        self._clauses = column(self.body, gap="none")
        self.add(self._draft)
        self.add(self._remark)
        self._place = column(self.body, gap="medium")
        self.body.addStretch(1)
        self._say("")
        self._form: Form | None = None
        self._boxes: dict[str, _Box] = {}
        self._card: Card | None = None
        self._quiet = False
        self._focus = QTimer(self)  # a box just made takes the focus only once it is shown
        self._focus.setSingleShot(True)
        self._focus.setInterval(0)
        self._focus.timeout.connect(self._focus_first)
        self.presenter.begun.connect(self._begin)
        self.presenter.opened.connect(self._open)
        self.presenter.applies.connect(self._show_what_applies)
        self.presenter.problems.connect(self._show_problems)
        self.presenter.failed.connect(self._failed)
        self.presenter.said.connect(self._say)
        self.presenter.busy.connect(self._busy)
        self._save.clicked.connect(self.presenter.save)
        self._cancel.clicked.connect(self.presenter.throw_away)

    def arrive(self, step: str, case: RecordId, subject: RecordId | None = None) -> None:
        """Open a step of a case."""
        self.presenter.arrive(step, case, subject)

    def leave(self) -> bool:
        """Save what is not saved yet."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts; once the page has opened, its first question."""
        return next((box.control for box in self._boxes.values() if not box.field.isHidden()), self._save)

    def answers(self) -> dict[str, object]:
        """Everything answered on the page."""
        return {name: box.read() for name, box in self._boxes.items()}

    # ------------------------------------------------------------------ inside

    def _begin(self, step: Step) -> None:
        self.set_title(step.title)
        self._reference.hide()
        self._strip.clear()
        for banner in (self._problem, self._draft, self._remark):
            banner.clear()
        self._say("")
        self._boxes, self._form, self._card = {}, None, None
        clear(self._place)
        clear(self._clauses)
        lead, named = taken_out(step.lead)
        if clauses := tuple(dict.fromkeys((*named, *step.clauses))):
            self._clauses.addWidget(clause_links(clauses, self.presenter.show_clause))
        self._lead.setText(lead)
        self._lead.setVisible(bool(lead))
        self._save.set_words(step.save)

    def _open(self, view: StepView) -> None:
        self._reference.say(view.reference, Tone.NEUTRAL)
        self._reference.show()
        self._strip.show_contact(view.contact)
        self._draft.say(view.restored)
        self._remark.say(view.remark)
        summary = ErrorSummary()
        self._form = Form(summary)
        self._place.addWidget(summary)
        if view.step.also:
            self._place.addWidget(self._ways_to(view.step))
        card = Card()
        self._quiet = True
        section = ""
        for ask in view.step.asks:
            if ask.section and ask.section != section:
                card.body.addWidget(Text(ask.section, "heading"))
            section = ask.section
            box = _box_for(ask, view.options.get(ask.name, ()), self._now, self)
            box.write(view.answers.get(ask.name))
            box.edited.connect(self._edited)
            self._boxes[ask.name] = box
            card.body.addWidget(self._form.add(ask.name, box.field))
        self._quiet = False
        self._card = card
        if view.step.asks:
            self._place.addWidget(card)
        self._focus.start()

    def _ways_to(self, step: Step) -> Flow:
        """Buttons to the pages that belong before this one."""
        flow = Flow()
        for words, key in step.also:
            button = Button(words)
            button.clicked.connect(partial(self.presenter.go_to_step, key))
            flow.add(button)
        return flow

    def _focus_first(self) -> None:
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        if not self._quiet:
            self.presenter.typed(self.answers())

    def _show_what_applies(self, names: frozenset[str]) -> None:
        for name, box in self._boxes.items():
            box.field.setVisible(name in names)
        if self._card is not None:
            self._card.setVisible(bool(names))  # an empty frame would ask nothing

    def _show_problems(self, problems: dict[str, str]) -> None:
        if self._form is not None:
            self._form.show_problems(problems)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _say(self, words: str) -> None:
        self._state.setText(words or "Kept on this laptop as you type.")
        if words:
            self._problem.clear()

    def _busy(self, busy: bool) -> None:
        self._save.setEnabled(not busy)


class _Box(QObject):
    """One question on the page: its field, and how its answer is read and written."""

    edited = Signal()

    def __init__(self, ask: Ask, control: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.control = control
        nothing = isinstance(control, ChoiceGroup) and not control.buttons
        self.field = Field(ask.label, control, hint=NOTHING if nothing else ask.hint, optional=ask.optional)

    def read(self) -> object:
        """The answer, ready for a draft."""
        control = self.control
        if isinstance(control, DayField):
            day = control.day()
            return day.isoformat() if day else control.text() or None
        if isinstance(control, DateTimeField):
            moment = control.value()
            return moment.isoformat() if moment else control.text() or None
        if isinstance(control, ChoiceGroup):
            return [str(value) for value in control.values()] if self.field.property("many") else control.value()
        if isinstance(control, Select):
            return control.value()
        assert isinstance(control, (TextBox, TextArea, PathLine))
        return control.text() or None

    def write(self, answer: object) -> None:
        """Show an answer; one of the wrong kind is left out."""
        control = self.control
        if isinstance(control, DayField):
            day = _day(answer)
            if day is None:
                control.box.setText(answer if isinstance(answer, str) else "")
            else:
                control.set_day(day)
        elif isinstance(control, DateTimeField):
            moment = _moment(answer)
            control.set_value(moment)
            if moment is None:
                control.box.setText(answer if isinstance(answer, str) else "")
        elif isinstance(control, ChoiceGroup):
            control.set_values(answer if isinstance(answer, (list, tuple)) else [] if answer is None else [answer])
        elif isinstance(control, Select):
            control.set_value(answer)
        elif isinstance(control, PathLine):
            control.set_text(answer if isinstance(answer, str) else "")
        elif isinstance(control, (TextBox, TextArea)):
            control.setText(answer if isinstance(answer, str) else "")


def _box_for(ask: Ask, options: Options, now: Callable[[], datetime], page: QObject) -> _Box:
    control: QWidget
    if ask.kind in (Answer.YES_NO, Answer.ONE, Answer.SOME):
        chosen = _YES_NO if ask.kind is Answer.YES_NO else options
        short = all(len(words) <= SHORT for _, words in chosen)
        flowing = ask.kind is not Answer.ONE or len(chosen) > 3 or short
        group = ChoiceGroup(chosen, many=ask.kind is Answer.SOME, flowing=flowing)
        signal, control = group.picked, group
    elif ask.kind is Answer.FROM_LIST:
        select = Select(options, empty="Not chosen" if options else NOTHING, wide_em=30)
        signal, control = select.picked, select
    elif ask.kind is Answer.DAY:
        on = DayField(now)
        signal, control = on.edited, on
    elif ask.kind is Answer.NUMBER:
        digits = TextBox(wide_em=8)
        signal, control = digits.textEdited, digits
    elif ask.kind is Answer.MOMENT:
        when = DateTimeField(now)
        signal, control = when.edited, when
    elif ask.kind in (Answer.FOLDER, Answer.FILE):
        is_folder = ask.kind is Answer.FOLDER
        words, kind = ("Choose folder", PathKind.FOLDER) if is_folder else ("Choose file", PathKind.OPEN)
        path = PathLine(words, kind, title=ask.label)
        path.button.setAccessibleName(f"{words}: {ask.label}")
        signal, control = path.box.textChanged, path
    elif ask.kind is Answer.LINE:
        line = TextBox()
        signal, control = line.textEdited, line
    else:
        large = ask.kind is Answer.NOTES
        area = TextArea(lines=12 if large else 5, most_lines=40 if large else 14, large=large)
        signal, control = area.textChanged, area
    box = _Box(ask, control, page)
    box.field.setProperty("many", ask.kind is Answer.SOME)
    signal.connect(box.edited)
    return box


def _day(answer: object) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None


def _moment(answer: object) -> datetime | None:
    try:
        return datetime.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None


Box: TypeAlias = _Box
box_for = _box_for
"""For the pages of other rooms that ask in the same way."""
