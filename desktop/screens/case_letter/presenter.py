"""One letter at a time: chosen, filled, looked at and kept; or one of the file, looked at and made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.case_letter_page import CaseLetterMade, CaseLetterPage, CaseLetterPlan, KeptLetter, Suggested
from desktop.operations import case_letters, drafts
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.case_letter.kept import Typed, draft_name, form_of, from_text, to_text
from desktop.screens.context import ScreenContext


class CaseLetterPresenter(QObject):
    """Nothing is written before `keep`, and then exactly what was looked at."""

    opened = Signal(object)
    """`CaseLetterPage`."""
    suggested = Signal(object)
    """`Suggested`: what the case knows, and what is asked."""
    restored = Signal(object)
    """`Typed`, as it was kept."""
    problems = Signal(object)
    """Field name -> sentence; empty: none."""
    planned = Signal(object)
    """`CaseLetterPlan`, or None: what was looked at is no longer what stands on the page."""
    preview = Signal(object)
    """Bytes of a PDF."""
    kept = Signal(object)
    """`KeptLetter`: a letter of the file is on show."""
    made = Signal(object)
    """`CaseLetterMade`."""
    busy = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0
        self._typed = Typed()
        self._plan: CaseLetterPlan | None = None
        self.case: RecordId | None = None
        self.letter: RecordId | None = None
        self.autosave = Autosave(context, self._to_keep, self)
        self.autosave.failed.connect(self.failed)

    # ------------------------------------------------------------------ arriving

    def arrive(self, case: RecordId, letter: RecordId | None = None) -> None:
        """Begin or go on with a letter for this case, or show one of its letters."""
        self.autosave.settle()
        self.case, self.letter, self._plan = case, letter, None
        self._typed = Typed()
        self._asked += 1
        question = Question(self._asked, self)
        question.failed.connect(self._not_opened)
        if letter is not None:
            question.answered.connect(self._have_kept)
            case_letters.open_kept_letter(
                self._context.runner, letter, on_done=question.done, on_failed=question.fail
            )
            return
        question.answered.connect(self._have_page)
        case_letters.open_case_letter(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    # ------------------------------------------------------------------ writing

    def choose(self, typed: Typed) -> None:
        """Another document or person: ask what the case knows for it."""
        self.typed(typed)
        if not typed.template or self.case is None:
            return
        form = form_of(typed, self.case)
        question = Question((typed.template, typed.language, typed.party), self)
        question.answered.connect(self._have_suggestion)
        question.failed.connect(self._stale_failed)
        said = {"case": self.case, "template": form.template, "party": form.party, "language": form.language}
        case_letters.suggest_letter(self._context.runner, said, on_done=question.done, on_failed=question.fail)

    def typed(self, typed: Typed) -> None:
        """Something was typed: keep it, and what was looked at no longer counts."""
        self._typed = typed
        self.autosave.typed()
        if self._plan is not None:
            self._plan = None
            self.planned.emit(None)

    def look(self, typed: Typed) -> None:
        """Plan the letter and draw its pages."""
        self._typed = typed
        if self.case is None:
            return
        if not typed.template:
            self.problems.emit({"template": "Choose a document."})
            return
        self.problems.emit({})
        self.busy.emit("Filling the letter")
        try:
            form = form_of(typed, self.case)
        except ValueError:
            self.busy.emit("")
            self.problems.emit({"letter_date": "Enter a day, for example 27 November."})
            return
        case_letters.plan_case_letter(self._context.runner, form, on_done=self._planned, on_failed=self._not_planned)

    def keep(self) -> None:
        """Put what was looked at into the file."""
        if self._plan is None:
            return
        plan, self._plan = self._plan, None
        self.busy.emit("Saving")
        case_letters.write_case_letter(self._context.runner, plan, on_done=self._written, on_failed=self._failed)

    # ------------------------------------------------------------------ a letter of the file

    def make(self, folder_words: str) -> None:
        """Make the files, or make them again as they were."""
        typed = folder_words.strip()
        self.problems.emit({} if typed else {"folder": "Choose the folder the letter goes to."})
        if not typed or self.letter is None:
            return
        self.busy.emit("Making the letter")
        case_letters.make_case_letter(
            self._context.runner, self.letter, folder=Path(typed).expanduser(), on_done=self._have_made,
            on_failed=self._failed,
        )  # fmt: skip

    def step(self, key: str) -> None:
        """The page that records something about this letter."""
        if self.case is not None and self.letter is not None:
            self._context.shell.go_to("step", step=key, case=self.case, subject=self.letter)

    def to_file(self) -> None:
        """The file of the case."""
        if self.case is not None:
            self._context.shell.go_to("case", case=self.case)

    # ------------------------------------------------------------------ answers

    def _have_page(self, asked: int, page: CaseLetterPage) -> None:
        if asked != self._asked:
            return
        self.opened.emit(page)
        self.autosave.begin(draft_name(page.case))
        question = Question(asked, self)
        question.answered.connect(self._have_draft)
        question.failed.connect(self._not_opened)
        drafts.load_draft(
            self._context.runner, draft_name(page.case), on_done=question.done, on_failed=question.fail
        )

    def _have_draft(self, asked: int, draft: Any) -> None:
        if asked != self._asked or draft is None or self._typed.template:
            return
        typed = from_text(draft.body)
        if typed.template:
            self._typed = typed
            self.restored.emit(typed)

    def _have_suggestion(self, mark: object, found: Suggested) -> None:
        if mark == (self._typed.template, self._typed.language, self._typed.party):
            self.suggested.emit(found)

    def _planned(self, plan: CaseLetterPlan) -> None:
        self._plan = plan
        self.planned.emit(plan)
        question = Question(plan, self)
        question.answered.connect(self._have_preview)
        question.failed.connect(self._stale_failed)
        case_letters.preview_case_letter(
            self._context.runner, plan, on_done=question.done, on_failed=question.fail
        )

    def _have_preview(self, plan: CaseLetterPlan, pdf: bytes) -> None:
        self.busy.emit("")
        if plan is self._plan:
            self.preview.emit(pdf)

    def _not_planned(self, error: AppError) -> None:
        self.busy.emit("")
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _written(self, result: Any) -> None:
        self.busy.emit("")
        self._typed = Typed()
        self.autosave.throw_away()
        if self.case is not None:
            self.arrive(self.case, result.record)

    def _have_kept(self, asked: int, found: KeptLetter) -> None:
        if asked == self._asked:
            self.kept.emit(found)

    def _have_made(self, made: CaseLetterMade) -> None:
        self.busy.emit("")
        self.made.emit(made)
        if self.case is not None and made.letter == self.letter:
            self.arrive(self.case, made.letter)

    def _stale_failed(self, _mark: object, error: AppError) -> None:
        self._failed(error)

    def _not_opened(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self._failed(error)

    def _failed(self, error: AppError) -> None:
        self.busy.emit("")
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _to_keep(self) -> str:
        return to_text(self._typed)
