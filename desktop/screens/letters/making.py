"""Making the letters of one run: written down once, then file by file; stopped and gone on with at any time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.letter_page import AreaPlan, RunState, folder_for
from core.services.letters import LettersMade, RunStarted
from desktop.background import Job
from desktop.operations import letters
from desktop.screens.context import ScreenContext
from desktop.screens.letters.words import before_making, made_words, standing


class MakingPresenter(QObject):
    """One run at a time, from a plan or from the run's own records."""

    stands = Signal(object)
    """`Made`: how making stands."""
    problem = Signal(str)
    """What is wrong with the folder; empty: nothing."""
    reason_problem = Signal(str)
    """What is missing before a second person has agreed; empty: nothing."""
    cancel_problem = Signal(str)
    """What is missing before the rest is cancelled; empty: nothing."""
    proof_problem = Signal(str)
    """What is missing before a draft is proofed; empty: nothing."""
    busy = Signal(str)
    progress = Signal(int, int, str)
    failed = Signal(object)
    written = Signal()
    """The run is in the file of the case: nothing that was chosen can be lost any more."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._plan: AreaPlan | None = None
        self._job: Job | None = None
        self._inside: Path | None = None
        self._stop_asked = False
        self._folders: dict[RecordId, Path] = {}
        self.run: RecordId | None = None
        self.is_busy = False
        self._waits = False

    @property
    def folder(self) -> Path | None:
        """Where the files of this run are, as far as this session knows."""
        return self._folders.get(self.run) if self.run else None

    def forget(self) -> None:
        """No run."""
        self._plan = self.run = None

    def begin(self, plan: AreaPlan) -> None:
        """A plan that was looked at; nothing is written yet."""
        self._plan, self.run = plan, None
        self.problem.emit("")
        self.stands.emit(before_making(plan.to_make))

    def open(self, run: RecordId) -> None:
        """A run that is written down already."""
        self._plan, self.run = None, run
        self.problem.emit("")
        self.look()

    def look(self) -> None:
        """Say how the run stands."""
        if self.run is not None:
            letters.run_state(self._context.runner, self.run, on_done=self._seen, on_failed=self._failed)

    def make(self, folder_words: str) -> None:
        """Write the run down, if it is not, and make its files; again to go on where it stopped."""
        typed = folder_words.strip()
        self.problem.emit("" if typed else "Choose the folder the letters go to.")
        if self.is_busy or not typed or (self.run is None and self._plan is None):
            return
        self._inside = Path(typed).expanduser()
        self.is_busy, self._stop_asked = True, False
        self.busy.emit("Making letters")
        if self.run is not None:
            self._read_run(self.run)
        elif self._plan is not None:
            letters.start_area_letters(
                self._context.runner, self._plan, on_done=self._started, on_failed=self._failed
            )

    def agree(self, reason: str) -> None:
        """Agree, as a second person, to letters a colleague planned."""
        if self.run is not None and not self.is_busy:
            letters.approve_area_letters(
                self._context.runner, self.run, reason=reason, on_done=self._agreed, on_failed=self._not_agreed
            )

    def proof(self, by: str) -> None:
        """Somebody has gone over the drafts."""
        if self.run is not None and not self.is_busy:
            letters.proof_area_letters(
                self._context.runner, self.run, by=by, on_done=self._proofed, on_failed=self._not_proofed
            )

    def cancel_rest(self, reason: str) -> None:
        """What is not made yet is not made any more."""
        if self.run is not None and not self.is_busy:
            letters.cancel_area_letters(
                self._context.runner, self.run, reason=reason, on_done=self._cancelled, on_failed=self._not_cancelled
            )

    def look_again(self) -> None:
        """Runs have changed: perhaps somebody has agreed to the one that waits."""
        if self._waits:
            self.look()

    def stop(self) -> None:
        """Ask it to stop. Files that are finished are kept."""
        self._stop_asked = True
        if self._job is not None and self.is_busy:
            self._job.cancel()

    # ------------------------------------------------------------------ answers

    def _started(self, started: RunStarted) -> None:
        self.run = started.run
        self.written.emit()
        self._read_run(started.run)

    def _read_run(self, run: RecordId) -> None:
        letters.run_state(self._context.runner, run, on_done=self._make_files, on_failed=self._failed)

    def _make_files(self, state: RunState) -> None:
        assert self._inside is not None
        if self._stop_asked:
            self._stopped()
            return
        if state.run.state == "waiting":
            self._waits = True
            self._end()
            self.stands.emit(standing(state))
            return
        own = self._folders[state.run.id] = folder_for(state.run, self._inside)
        self._job = letters.make_area_letters(
            self._context.runner,
            state.run.id,
            folder=own,
            on_done=self._made,
            on_failed=self._make_failed,
            on_cancelled=self._stopped,
            on_progress=self._heard,
        )

    def _agreed(self, _recorded: object) -> None:
        self.reason_problem.emit("")
        self.look()

    def _not_agreed(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.reason_problem.emit(" ".join(error.problems.values()))
        else:
            self._failed(error)

    def _cancelled(self, _recorded: object) -> None:
        self.cancel_problem.emit("")
        self.look()

    def _not_cancelled(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.cancel_problem.emit(" ".join(error.problems.values()))
        else:
            self._failed(error)

    def _proofed(self, _recorded: object) -> None:
        self.proof_problem.emit("")
        self.look()

    def _not_proofed(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.proof_problem.emit(" ".join(error.problems.values()))
        else:
            self._failed(error)

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _made(self, result: LettersMade) -> None:
        self._end()
        self.stands.emit(made_words(result))

    def _make_failed(self, error: AppError) -> None:
        self._failed(error)
        self.look()

    def _stopped(self) -> None:
        self._end()
        self.look()

    def _seen(self, state: RunState) -> None:
        if state.run.id == self.run and not self.is_busy:
            self._waits = state.run.state == "waiting"
            self.stands.emit(standing(state))

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self.is_busy = False
        self._job = None
        self.busy.emit("")
