"""The organisation: its people, who waits to be let in, its details on letters."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.organisation import ROLES, Organisation
from core.foundation.errors import AppError, FormIncomplete
from core.services.organisation import Admitted, InvitationIssued, JoinRequest, MemberRow
from core.services.roster_news import RosterNews
from core.services.sync import SyncReport
from desktop.background import Job
from desktop.models import Column, TupleModel
from desktop.operations import organisation, sync
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words

SETTLE_MS = 300
DETAILS = ("name", "letter_name", "address", "phone", "email", "website", "out_of_hours", "envelope")
"""Fields of `Organisation` that can be changed here."""
ON_EVERY_LETTER = ("address", "phone", "email")
"""Without these a letter cannot be made, or nobody could answer it."""


class ColleaguesPresenter(QObject):
    """Keeps the lists fresh; lets nobody in before somebody has compared the words."""

    people = Signal(str)
    """How many colleagues, in words."""
    details = Signal(object, object)
    """(field -> text, fields letters still need)."""
    waiting = Signal(object)
    """A tuple of `JoinRequest`."""
    invited = Signal(object)
    """`InvitationIssued`."""
    news = Signal(str)
    """That there was no news of the roster for long, or nothing."""
    details_problems = Signal(object)
    told = Signal(str, str)
    busy = Signal(str)
    progress = Signal(int, int, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self._job: Job | None = None
        self._visible = False
        self._names: dict[str, str] = {}
        self.model: TupleModel[MemberRow] = TupleModel(_COLUMNS, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def load(self) -> None:
        """Read everything the page shows."""
        runner = self._context.runner
        organisation.members(runner, on_done=self._members, on_failed=self._failed)
        organisation.organisation(runner, on_done=self._organisation, on_failed=self._failed)
        organisation.waiting_requests(runner, on_done=self._requests, on_failed=self._failed)
        organisation.roster_news(runner, on_done=self._news, on_failed=self._failed)

    def save_details(self, details: dict[str, str]) -> None:
        """Keep the organisation's details."""
        if not details.get("name", "").strip():
            self.details_problems.emit({"name": "Enter the name of your organisation."})
            return
        self.details_problems.emit({})
        kept = {name: text.strip() for name, text in details.items() if name in DETAILS}
        organisation.update_organisation(
            self._context.runner, kept, on_done=self._saved, on_failed=self._not_saved
        )

    def invite(self, role: object) -> None:
        """An invitation for one person in this role."""
        if not isinstance(role, str) or role not in ROLES:
            self.details_problems.emit({"role": "Choose what the person will do."})
            return
        self.details_problems.emit({})
        organisation.invite(self._context.runner, role=role, on_done=self._invited, on_failed=self._failed)

    def look(self) -> None:
        """Look in the shared folder for people who asked to join."""
        self._exchange("Looking in the shared folder")

    def let_in(self, request: JoinRequest) -> None:
        """The eight words were the same: let this person in, and tell their laptop."""
        if self._is_busy:
            return
        self._names[request.id] = request.name
        self._is_busy = True
        self.busy.emit(f"Letting {request.name} in")
        organisation.admit(self._context.runner, request.id, on_done=self._admitted, on_failed=self._failed)

    def stop(self) -> None:
        """Stop looking; nothing is lost."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    # ------------------------------------------------------------------ answers

    def _members(self, rows: tuple[MemberRow, ...]) -> None:
        self.model.put(rows)
        self.people.emit(count_words(len(rows), "person", "people"))

    def _organisation(self, found: Organisation) -> None:
        details = {name: str(getattr(found, name)) for name in DETAILS}
        missing = tuple(name for name in ON_EVERY_LETTER if not details[name].strip())
        self.details.emit(details, missing)

    def _news(self, news: RosterNews) -> None:
        self.news.emit(news.sentence)

    def _requests(self, requests: tuple[JoinRequest, ...]) -> None:
        self.waiting.emit(requests)

    def _saved(self, result: object) -> None:
        self.told.emit("Saved.", "Letters use these details from now on.")
        self.load()

    def _not_saved(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.details_problems.emit(error.problems)
        else:
            self._failed(error)

    def _invited(self, issued: InvitationIssued) -> None:
        self.invited.emit(issued)

    def _admitted(self, admitted: Admitted) -> None:
        self._is_busy = False
        self.load()
        self._exchange("Telling their laptop")

    def _exchange(self, what: str) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self.busy.emit(what)
        self._job = sync.sync_now(
            self._context.runner, on_done=self._exchanged, on_failed=self._failed,
            on_cancelled=self._stopped, on_progress=self._heard,
        )  # fmt: skip

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _exchanged(self, report: SyncReport) -> None:
        self._end()
        if self._names:
            names = " and ".join(self._names.values())
            self._names.clear()
            self.told.emit(f"{names} is let in.", "Their workbook opens when they press Check again.")
        else:
            self.told.emit("Looked in the shared folder.", "")
        self.load()

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped.", "Nothing is lost. Press Sync now on the Sync page to go on.")

    def _failed(self, error: AppError) -> None:
        self._names.clear()
        self._end()
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and changed.kinds & {"member", "organisation"}:
            self._settle.start()

    def _end(self) -> None:
        self._is_busy = False
        self._job = None
        self.busy.emit("")


def _name(row: MemberRow) -> str:
    return f"{row.name} (you)" if row.this_is_me else row.name


def _initials(row: MemberRow) -> str:
    return row.initials


def _role(row: MemberRow) -> str:
    return ROLES.get(row.role, row.role)


def _job(row: MemberRow) -> str:
    return row.job_title


_COLUMNS = (
    Column(heading="Name", words=_name, wide_em=22, stretch=True),
    Column(heading="Initials", words=_initials, wide_em=9, drop=2),
    Column(heading="What they do here", words=_role, wide_em=24),
    Column(heading="Job title", words=_job, wide_em=20, drop=1),
)
