"""What is recorded beside an interview that is open: people, interruptions, what happened, signing, into the case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.interview import InterviewPerson
from core.foundation.errors import AppError, FolderNotWritable, FormIncomplete
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.interview_flow import FlowForm, FlowPage
from core.services.interview_record import SigningForm
from core.services.interview_statement import StatementForm, StatementMade
from desktop.operations import interview_record, interviews
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.drafting import EVENT, NOTE, SAFE
from desktop.screens.interviews.presenter import InterviewPresenter


class InterviewRecorder(QObject):
    """Each writes one thing and has the presenter read the interview again."""

    flow = Signal(object)
    """`FlowPage`."""
    paper = Signal(str)
    """The name of the file a copy of the statement was written to."""
    paper_there = Signal()
    """A file of that name is there."""
    paper_problems = Signal(object)

    def __init__(self, context: ScreenContext, presenter: InterviewPresenter) -> None:
        super().__init__(presenter)
        self._context, self._presenter = context, presenter
        self._taken_off: tuple[StreamId, InterviewPerson] | None = None

    def add_note(self, body: str) -> None:
        """One more note."""
        one = self._presenter
        if one.begin("The note is saved, sealed.", drops=(NOTE,)) and one.interview is not None:
            interviews.add_interview_note(
                self._context.runner, one.interview, body=body, on_done=self._written, on_failed=one.not_saved
            )

    def change_reader(self, user: UserId, reason: str, *, let_in: bool) -> None:
        """Let somebody in, or take somebody off."""
        one = self._presenter
        if one.begin("The readers are changed from the next sync on.") and one.interview is not None:
            interviews.change_interview_readers(
                self._context.runner, one.interview, user, let_in=let_in, reason=reason, on_done=one.written,
                on_failed=one.not_saved,
            )  # fmt: skip

    def add_present(self, role: str, name: str) -> None:
        """Somebody is there."""
        one = self._presenter
        if one.begin("On the list.") and one.interview is not None:
            interview_record.add_present(
                self._context.runner, one.interview, role=role, name=name, on_done=one.written, on_failed=one.not_saved
            )

    def take_off_present(self, person: InterviewPerson) -> None:
        """Somebody was put on the list by mistake; for ten seconds they can be put on it again."""
        one = self._presenter
        if one.begin("Off the list.") and one.interview is not None:
            self._taken_off = (one.interview, person)
            self._context.shell.say("Taken off the list.", self.put_on_again)
            interview_record.take_off_present(
                self._context.runner, one.interview, person.id, on_done=one.written, on_failed=one.not_saved
            )

    def put_on_again(self) -> None:
        """Undo `take_off_present`, while the same interview is open."""
        taken, self._taken_off = self._taken_off, None
        if taken is not None and self._presenter.shown is not None and taken[0] == self._presenter.interview:
            self.add_present(taken[1].role, taken[1].name)

    def somebody_came(self) -> None:
        """Cover the screen first, then write down that somebody came."""
        one = self._presenter
        if one.shown is None:
            return
        self._context.shell.cover()
        one.keep_draft()
        if one.interview is not None:  # also while something else is being written
            interview_record.note_interruption(
                self._context.runner, one.interview, on_done=self._noted, on_failed=one.tell_failure
            )

    def close_interruption(self, interruption: RecordId, said: Mapping[str, object]) -> None:
        """What it was, and what was done to be safe."""
        one = self._presenter
        if one.begin("Saved, sealed.", drops=(SAFE,)) and one.interview is not None:
            interview_record.close_interruption(
                self._context.runner, one.interview, interruption, said, on_done=self._written, on_failed=one.not_saved
            )

    def keep_event(self, values: Mapping[str, object], event: RecordId | None) -> None:
        """One thing that happened, as told."""
        one = self._presenter
        names = tuple(name for name in one.unsaved if name.startswith(EVENT))
        if one.begin("Saved, sealed. Nothing of it is in the case yet.", drops=names) and one.interview is not None:
            interview_record.keep_event(
                self._context.runner, one.interview, values=values, event=event, left=one.left_of(names),
                on_done=one.written, on_failed=one.not_saved,
            )  # fmt: skip

    def sign(self, form: SigningForm) -> None:
        """Save what was read back, then sign it or say why not."""
        self._presenter.save(then=partial(self._sign, form))

    def suggested_paper(self) -> Path:
        """A name that tells nothing."""
        return Path.home() / f"statement-{self._presenter.moment():%Y-%m-%d}.pdf"

    def make_paper(  # which, for whom and where, by keyword
        self, *, version: RecordId | None, for_whom: str, reason: str, large_print: bool, destination: Path,
        replace: bool,
    ) -> None:  # fmt: skip
        """A copy of the statement on paper; what was typed is saved first."""
        one = self._presenter
        if one.interview is None or one.shown is None:
            return
        form = StatementForm(
            interview=one.interview, entry=one.shown.entry, destination=destination, for_whom=for_whom, reason=reason,
            large_print=large_print, version=version, replace=replace,
        )  # fmt: skip
        one.save(then=partial(self._make_paper, form))

    def _make_paper(self, form: StatementForm) -> None:
        interview_record.make_statement(
            self._context.runner, form, on_done=self._have_paper, on_failed=self._no_paper
        )

    def _have_paper(self, made: StatementMade) -> None:
        self.paper.emit(made.path.name)

    def _no_paper(self, error: AppError) -> None:
        if isinstance(error, FolderNotWritable) and "is there already" in str(error):
            self.paper_there.emit()
        elif isinstance(error, FormIncomplete):
            self.paper_problems.emit(error.problems)
        else:
            self._presenter.tell_failure(error)

    def ask_flow(self) -> None:
        """What could go into the case; what was typed is saved first."""
        self._presenter.save(then=self._ask_flow)

    def put(self, chosen: frozenset[str], party: RecordId | None, because: str) -> None:
        """Put what was ticked into the case."""
        one = self._presenter
        told = "It is in the case now, and says that it came from a private interview."
        if one.begin(told, then=self._ask_flow) and one.interview is not None and one.shown is not None:
            form = FlowForm(
                interview=one.interview, entry=one.shown.entry, chosen=chosen, party=party,
                against_wish_because=because,
            )  # fmt: skip
            interview_record.put_into_case(
                self._context.runner, form, on_done=one.written, on_failed=one.not_saved
            )

    def _sign(self, form: SigningForm) -> None:
        one = self._presenter
        if one.begin("It is kept with the statement as it was read back."):
            interview_record.sign_statement(
                self._context.runner, form, on_done=one.written, on_failed=one.not_saved
            )

    def _ask_flow(self) -> None:
        one = self._presenter
        if one.interview is not None and one.shown is not None:
            interview_record.what_can_go(
                self._context.runner, one.interview, one.shown.entry, on_done=self._have_flow, on_failed=one.not_saved
            )

    def _have_flow(self, page: FlowPage) -> None:
        self.flow.emit(page)

    def _noted(self, _result: object) -> None:
        self._presenter.look_again("The interruption is written down, with the time.")

    def _written(self, result: object) -> None:
        """What was typed is saved and the draft still has it: it goes from there, too."""
        self._presenter.written(result)
        self._presenter.keep_what_is_left()
