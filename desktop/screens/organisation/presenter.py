"""Loads the Organisation page, and carries one form of it at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.governance_page import OrganisationPage
from core.services.pack_changes import PackFile
from desktop.operations import drafts, governance
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext
from desktop.screens.organisation.forms import FORMS, PATHS, Asked, OrganisationForm
from desktop.screens.step.declare import Answer, Answers
from desktop.screens.step.presenter import NO_DAY, NO_NUMBER
from desktop.screens.words import when_words

DRAFT = "org-"
"""Before the key of a form, in the name of its draft."""


class OrganisationPresenter(QObject):
    """Asks each time the page is shown, and after every change."""

    shown = Signal(object)
    """`OrganisationPage`."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visible = False
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def load(self) -> None:
        """Ask the vault."""
        governance.read_organisation(self._context.runner, on_done=self._have, on_failed=self._failed)

    def go(self, form: str, subject: RecordId | None = None) -> None:
        """To one of the forms."""
        if subject is None:
            self._context.shell.go_to("organisation-form", form=form)
        else:
            self._context.shell.go_to("organisation-form", form=form, subject=subject)

    def _have(self, page: OrganisationPage) -> None:
        self.shown.emit(page)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _changed(self, _changed: Changed) -> None:
        if self._visible:
            self.load()


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it opens."""

    form: OrganisationForm
    asks: tuple[Asked, ...]
    answers: dict[str, object]
    restored: str


class FormPresenter(QObject):
    """One form at a time. What is typed is kept as it is typed, but for forms about one record."""

    opened = Signal(object)
    """`FormView`."""
    begun = Signal(object)
    """`OrganisationForm`: another form; nothing of the one before may stay."""
    applies = Signal(object)
    """The names of the questions that apply to the answers so far."""
    problems = Signal(object)
    failed = Signal(object)
    said = Signal(str)
    busy = Signal(bool)
    looked = Signal(object)
    """`PackFile`, or None while nothing was looked at."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._form: OrganisationForm | None = None
        self._subject: RecordId | None = None
        self._page: OrganisationPage | None = None
        self._asks: tuple[Asked, ...] = ()
        self._start: dict[str, object] = {}
        self._answers: dict[str, object] = {}
        self._is_busy = self._is_open = False
        self._mark = 0
        self._thrown: tuple[str, RecordId | None, dict[str, object]] | None = None
        """The form, what it was about, and what was typed, until it is brought back or another is opened."""
        self.autosave = Autosave(context, self._draft_body, self)
        self.autosave.said.connect(self.said)
        self.autosave.failed.connect(self.failed)

    def arrive(self, form: str, subject: RecordId | None = None) -> None:
        """Open a form."""
        wanted = FORMS[form]
        if wanted is self._form and subject == self._subject and self._is_open and self._answers != self._start:
            return  # back to what is still on the page
        self._form, self._subject, self._is_open, self._answers = wanted, subject, False, {}
        self._mark += 1
        self.autosave.begin("" if subject is not None else f"{DRAFT}{form}")
        self.begun.emit(wanted)
        self.looked.emit(None)
        question = Question(self._mark, self)
        question.answered.connect(self._have_page)
        question.failed.connect(self._load_failed)
        governance.read_organisation(self._context.runner, on_done=question.done, on_failed=question.fail)

    def leave(self) -> None:
        """Another page comes, or a lock."""
        self.autosave.settle()

    def typed(self, answers: Answers) -> None:
        """Something was answered."""
        if not self._is_open or dict(answers) == self._answers:
            return
        self._answers = dict(answers)
        self.applies.emit(self._applying())
        self.autosave.typed()

    def look(self, path: str) -> None:
        """What is in a pack file, before it is brought in."""
        if self._form is None or self._form.key not in ("import-pack", "agencies") or not path.strip():
            self.looked.emit(None)
            return
        chosen = Path(path.strip()).expanduser()
        governance.look_at_pack_file(self._context.runner, chosen, on_done=self._have_file, on_failed=self._not_read)

    def save(self) -> None:
        """Do it. Pressing twice does it once."""
        if self._is_busy or not self._is_open or self._form is None:
            return
        problems = self._left_open()
        if problems:
            self.problems.emit(problems)
            return
        self._set_busy(True)
        self.autosave.settle()
        self._form.run(self._context.runner, self._subject, self._answers, self._saved, self._not_saved)

    def throw_away(self) -> None:
        """Forget what was typed and go back; it can be brought back for ten seconds."""
        if self._is_open and self._answers != self._start and self._form is not None:
            self._thrown = (self._form.key, self._subject, self._answers)
            self._context.shell.say("What you had typed is thrown away.", self.bring_back)
        self.autosave.throw_away()
        self._is_open = False
        self._context.shell.go_back()

    def bring_back(self) -> None:
        """Undo `throw_away`: open the form with what was typed."""
        if self._thrown is not None:
            form, subject, _ = self._thrown
            about = {} if subject is None else {"subject": subject}
            self._context.shell.go_to("organisation-form", form=form, **about)

    # ------------------------------------------------------------------ answers

    def _have_page(self, mark: int, page: OrganisationPage) -> None:
        if mark != self._mark or self._form is None:
            return
        self._page = page
        if self._subject is not None:
            self._open("", None)
            return
        question = Question(self._mark, self)
        question.answered.connect(self._have_draft)
        question.failed.connect(self._load_failed)
        name = f"{DRAFT}{self._form.key}"
        drafts.load_draft(self._context.runner, name, on_done=question.done, on_failed=question.fail)

    def _have_draft(self, mark: int, draft: object) -> None:
        if mark == self._mark:
            self._open(getattr(draft, "body", ""), draft)

    def _open(self, body: str, draft: object) -> None:
        assert self._form is not None
        assert self._page is not None
        self._asks = self._form.asks(self._page, self._subject)
        self._start = {one.ask.name: one.start for one in self._asks}
        kept = _from_draft(body, self._start)
        thrown, self._thrown = self._thrown, None
        is_back = thrown is not None and thrown[:2] == (self._form.key, self._subject)
        if thrown is not None and is_back:
            kept = {name: value for name, value in thrown[2].items() if name in self._start}
        self._answers = {**self._start, **kept}
        self._is_open = True
        if is_back:
            self.autosave.typed()
        restored = ""
        if kept and not is_back:
            saved_at = getattr(draft, "saved_at", self._context.clock.now())
            restored = f"You were writing this. It is saved up to {when_words(saved_at, self._context.clock.now())}."
        self.opened.emit(FormView(self._form, self._asks, dict(self._answers), restored))
        self.applies.emit(self._applying())

    def _load_failed(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    def _have_file(self, found: PackFile) -> None:
        self.problems.emit({})
        self.looked.emit(found)

    def _not_read(self, error: AppError) -> None:
        self.looked.emit(None)
        self.problems.emit({"path": str(error.explain())})

    def _left_open(self) -> dict[str, str]:
        applying = self._applying()
        found = {}
        for one in self._asks:
            name, value = one.ask.name, self._answers.get(one.ask.name)
            if name not in applying:
                continue
            if one.ask.kind is Answer.DAY and (value or not one.ask.optional) and not _is_day(value):
                found[name] = NO_DAY
            elif one.ask.kind is Answer.NUMBER and value and not str(value).isdecimal():
                found[name] = NO_NUMBER
            elif name in PATHS and not str(value or "").strip():
                found[name] = "Choose a file."
        return found

    def _applying(self) -> frozenset[str]:
        return frozenset(one.ask.name for one in self._asks if one.applies(self._answers))

    def _draft_body(self) -> str:
        return "" if self._answers == self._start else json.dumps(self._answers, ensure_ascii=False)

    def _saved(self, _result: object) -> None:
        self._set_busy(False)
        self.autosave.throw_away()
        self._is_open = False
        done = self._form.done if self._form else ""
        self._context.shell.go_back()
        self._context.shell.say(done)

    def _not_saved(self, error: AppError) -> None:
        self._set_busy(False)
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.busy.emit(busy)


def _from_draft(body: str, start: dict[str, object]) -> dict[str, object]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return {name: found[name] for name in start if name in found} if isinstance(found, dict) else {}


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
