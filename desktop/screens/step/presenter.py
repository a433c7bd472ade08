"""Adding one thing to a case: what is asked comes from a declaration, what is typed is kept as it is typed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.case_page import CasePage
from core.services.organisation import MemberRow
from desktop.operations import cases, drafts, organisation
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.clauses import show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.step.declare import Answer, Answers, Options, Step, StepFacts
from desktop.screens.step.steps import step_named
from desktop.screens.words import contact_of, when_words
from desktop.widgets import SafeContact

NO_DAY = "Enter a day, for example: 27 November, or in 2 weeks."
NO_NUMBER = "Enter a whole number, in digits."
NO_MOMENT = "Enter a day and a time, for example: today, 9:41am."


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """The page as it opens. `options` are the choices of each question that has any."""

    step: Step
    reference: str
    contact: SafeContact
    options: dict[str, Options]
    answers: dict[str, object]
    restored: str
    remark: str = ""


class StepPresenter(QObject):
    """One step of one case at a time. Its draft is `<step>:<case>`."""

    begun = Signal(object)
    """`Step`: another page; nothing of the one before may stay."""
    opened = Signal(object)
    """`StepView`: everything is known."""
    applies = Signal(object)
    """The names of the questions that apply to the answers so far."""
    problems = Signal(object)
    failed = Signal(object)
    said = Signal(str)
    busy = Signal(bool)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._mark = 0
        self._step: Step | None = None
        self._target: tuple[str, RecordId, RecordId | None] | None = None
        self._page: CasePage | None = None
        self._colleagues: tuple[MemberRow, ...] | None = None
        self._facts: StepFacts | None = None
        self._start: dict[str, object] = {}
        self._answers: dict[str, object] = {}
        self._is_busy = False
        self._thrown: dict[str, object] | None = None
        self.autosave = Autosave(context, self._draft_body, self)
        self.autosave.said.connect(self.said)
        self.autosave.failed.connect(self.failed)

    def arrive(self, step: str, case: RecordId, subject: RecordId | None = None) -> None:
        """Open a step of a case."""
        target = (step, case, subject)
        if target == self._target and self._facts is not None and self._answers != self._start:
            return  # back to what is still on the page
        self._step, self._target = step_named(step), target
        self._page = self._colleagues = self._facts = None
        self._answers = {}
        self._mark += 1
        self.autosave.begin(f"{step}:{case.hex()}")
        self.begun.emit(self._step)
        for start, receive in ((self._ask_page, self._have_page), (self._ask_colleagues, self._have_colleagues)):
            question = Question(self._mark, self)
            question.answered.connect(receive)
            question.failed.connect(self._load_failed)
            start(question, case)

    def leave(self) -> None:
        """Another page comes, or a lock."""
        self.autosave.settle()

    def typed(self, answers: Answers) -> None:
        """Something was answered."""
        if dict(answers) == self._answers or self._facts is None:
            return
        self._answers = dict(answers)
        self.applies.emit(self._applying())
        self.autosave.typed()

    def save(self) -> None:
        """Write it to the file. Pressing twice saves once."""
        if self._is_busy or self._facts is None or self._step is None:
            return
        problems = self._left_open()
        if problems:
            self.problems.emit(problems)
            return
        self._set_busy(True)
        self.autosave.settle()
        self._step.run(self._context.runner, self._facts, self._answers, self._saved, self._not_saved)

    def go_to_step(self, step: str) -> None:
        """Another page of the same case first; what was typed here waits in its draft."""
        if self._target is not None:
            self._context.shell.go_to("step", step=step, case=self._target[1])

    def show_clause(self, number: str) -> None:
        """What a clause of the policy says; what was typed here waits."""
        show_clause(self._context, number)

    def throw_away(self) -> None:
        """Forget what was typed and go back; it can be brought back for ten seconds."""
        if self._answers != self._start:
            self.autosave.throw_away()
            self._thrown = self._answers
            self._context.shell.say("What you had typed is thrown away.", self.bring_back)
        else:
            self.autosave.finished()
        self._facts = None
        self._context.shell.go_back()

    def bring_back(self) -> None:
        """Undo `throw_away`: keep the draft again and open the page."""
        if self._thrown is None or self._target is None or self._step is None:
            return
        answers, self._thrown = self._thrown, None
        body = _to_draft(self._step, answers)
        step, case, subject = self._target
        name = f"{step}:{case.hex()}"
        drafts.save_draft(self._context.runner, name, body=body, on_done=self._ignore, on_failed=self._failed)
        arguments: dict[str, object] = {"step": step, "case": case}
        if subject is not None:
            arguments["subject"] = subject
        self._context.shell.go_to("step", **arguments)

    # ------------------------------------------------------------------ opening

    def _ask_page(self, question: Question, case: RecordId) -> None:
        cases.read_case(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def _ask_colleagues(self, question: Question, case: RecordId) -> None:
        organisation.members(self._context.runner, on_done=question.done, on_failed=question.fail)

    def _have_page(self, mark: int, page: CasePage) -> None:
        if mark != self._mark:
            return
        self._page = page

    def _have_colleagues(self, mark: int, colleagues: tuple[MemberRow, ...]) -> None:
        if mark != self._mark or self._page is None or self._target is None:
            return
        self._colleagues = colleagues
        question = Question(self._mark, self)
        question.answered.connect(self._have_draft)
        question.failed.connect(self._load_failed)
        step, case, _ = self._target
        drafts.load_draft(
            self._context.runner, f"{step}:{case.hex()}", on_done=question.done, on_failed=question.fail
        )

    def _have_draft(self, mark: int, draft: object) -> None:
        if mark != self._mark or self._step is None or self._page is None or self._target is None:
            return
        now = self._context.clock.now()
        facts = StepFacts(self._page, self._colleagues or (), self._target[2], now)
        self._facts = facts
        if self._step.asks_from is not None:
            self._step = replace(self._step, asks=self._step.asks_from(facts))
        self._start = {ask.name: ask.start(facts) if ask.start else None for ask in self._step.asks}
        body = getattr(draft, "body", "")
        kept = _from_draft(self._step, body) if body else {}
        self._answers = {**self._start, **kept}
        restored = ""
        if kept:
            restored = f"You were writing this. It is saved up to {when_words(draft.saved_at, now)}."  # type: ignore[attr-defined]
        self.opened.emit(
            StepView(
                step=self._step,
                reference=self._page.file.case.reference,
                contact=contact_of(self._page, now),
                options={ask.name: ask.options(facts) for ask in self._step.asks if ask.options},
                answers=dict(self._answers),
                restored=restored,
                remark=self._step.remark(self._page),
            )
        )
        self.applies.emit(self._applying())

    def _load_failed(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    # ------------------------------------------------------------------ saving

    def _draft_body(self) -> str:
        if self._step is None or self._answers == self._start:
            return ""
        return _to_draft(self._step, self._answers)

    def _left_open(self) -> dict[str, str]:
        assert self._step is not None
        applying = self._applying()
        found = {}
        for ask in self._step.asks:
            value = self._answers.get(ask.name)
            if ask.name not in applying:
                continue
            if ask.kind is Answer.MOMENT and (value or not ask.optional) and not _is_moment(value):
                found[ask.name] = NO_MOMENT
            elif ask.kind is Answer.DAY and (value or not ask.optional) and not _is_day(value):
                found[ask.name] = NO_DAY
            elif ask.kind is Answer.NUMBER and value and not str(value).isdecimal():
                found[ask.name] = NO_NUMBER
            elif ask.need and value in (None, ""):
                found[ask.name] = ask.need
        return found

    def _applying(self) -> frozenset[str]:
        if self._step is None or self._facts is None:
            return frozenset()
        return frozenset(ask.name for ask in self._step.asks if ask.applies(self._facts, self._answers))

    def _saved(self, result: object) -> None:
        self._set_busy(False)
        self.autosave.throw_away()
        self._facts = None
        more = getattr(result, "to_say", "")
        done = " ".join(part for part in (self._step.done if self._step else "", more) if part)
        self._context.shell.go_back()
        self._context.shell.say(done)

    def _not_saved(self, error: AppError) -> None:
        self._set_busy(False)
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _ignore(self, result: object) -> None:
        """A draft is kept again; the page that opens says so."""

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.busy.emit(busy)


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def _to_draft(step: Step, answers: Answers) -> str:
    if step.plain:
        return str(answers.get(step.asks[0].name) or "")
    return json.dumps(dict(answers), sort_keys=True, ensure_ascii=False)


def _from_draft(step: Step, body: str) -> dict[str, object]:
    if step.plain:
        return {step.asks[0].name: body}
    try:
        kept = json.loads(body)
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        first = next((ask for ask in step.asks if ask.kind in (Answer.WORDS, Answer.LINE)), None)
        return {first.name: body} if first else {}
    names = {ask.name for ask in step.asks}
    return {name: value for name, value in kept.items() if name in names}
