"""Unlock, found, join: the only operations that work without an open workbook.

The services are imported inside the job, on the other thread: they bring the database and the
cryptography with them, and the unlock window must be there before those are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.background import Job, Lane, Receiver
from desktop.operations import demo, handing_over
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken, Clock, Progress, Randomness
    from desktop.operations.beginning import Founding, Joining, Pairing, Recovering


@dataclass(frozen=True, slots=True)
class Opening:
    """Where the workbook is and the world it lives in; its methods are the operations."""

    runner: Runner
    folder: Path
    clock: Clock
    randomness: Randomness

    def prepare(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Load what unlocking needs while the person types, so that they do not wait for it afterwards."""
        return self._ask(_prepare, {}, on_done, on_failed)

    def unlock(
        self, passphrase: str, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Open the workbook; `on_done(None)`."""
        return self._open(_unlock, {"passphrase": passphrase}, on_done, on_failed, on_progress)

    def check_passphrase(self, text: str, *, avoid: tuple[str, ...], on_done: Receiver, on_failed: Receiver) -> Job:
        """Answers with a `Strength` (score, advice, enough). `avoid`: names an acquaintance would try."""
        return self._ask(_check_passphrase, {"text": text, "avoid": avoid}, on_done, on_failed)

    def suggest_passphrase(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Answers with five words."""
        return self._ask(_suggest_passphrase, self._parts, on_done, on_failed)

    def found_organisation(
        self, form: Founding, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Make a new workbook and open it; `on_done(None)`."""
        return self._open(_found_organisation, {"form": form}, on_done, on_failed, on_progress)

    def ask_to_join(
        self, form: Joining, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Leave a request in the shared folder; answers with `Waiting(words)`."""
        arguments = {"folder": self.folder, "form": form, **self._parts}
        return operation(
            self.runner,
            _ask_to_join,
            arguments,
            on_done=on_done,
            on_failed=on_failed,
            on_progress=on_progress,
            lane=Lane.POOL,
        )

    def ask_to_pair(
        self, form: Pairing, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Ask to become a second laptop; answers with `PairingAsked(code, words, square)`."""
        arguments = {"folder": self.folder, "form": form, **self._parts}
        return operation(
            self.runner,
            _ask_to_pair,
            arguments,
            on_done=on_done,
            on_failed=on_failed,
            on_progress=on_progress,
            lane=Lane.POOL,
        )

    def recover(
        self, form: Recovering, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Make a workbook from recovery sheets and open it; `on_done(None)`."""
        return self._open(_recover, {"form": form}, on_done, on_failed, on_progress)

    def sheet_in_file(self, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """The words of a recovery sheet in a picture, PDF or text file."""
        return self._ask(_sheet_in_file, {"path": path}, on_done, on_failed)

    def code_in_picture(self, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """The text of an invitation in a picture or PDF."""
        kind = handing_over.INVITATION
        return handing_over.code_in_picture(self.runner, path, kind, on_done=on_done, on_failed=on_failed)

    def finish_joining(
        self, passphrase: str, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job:
        """Open the workbook if the request was accepted; fails with `NotAdmittedYet` if not."""
        return self._open(_finish_joining, {"passphrase": passphrase}, on_done, on_failed, on_progress)

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start, to say how long something still takes."""
        return self.clock.monotonic_s()

    def demo_is_there(self) -> bool:
        """Whether a demo was made on this laptop."""
        return demo.is_there(demo.folder_beside(self.folder))

    def make_demo(
        self, *, on_done: Receiver, on_failed: Receiver, on_cancelled: Receiver, on_progress: Receiver
    ) -> Job:
        """Make the demo beside this workbook's folder; `on_done(None)`, and it is not open yet."""
        return demo.make_demo(
            self.runner, demo.folder_beside(self.folder), clock=self.clock, randomness=self.randomness,
            on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
        )  # fmt: skip

    def open_demo(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Open the demo; `on_done(None)`."""
        return demo.open_demo(
            self.runner, demo.folder_beside(self.folder), clock=self.clock, randomness=self.randomness,
            on_done=on_done, on_failed=on_failed,
        )  # fmt: skip

    def throw_demo_away(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Remove the demo; `on_done(None)`."""
        return demo.throw_away(self.runner, demo.folder_beside(self.folder), on_done=on_done, on_failed=on_failed)

    @property
    def _parts(self) -> dict[str, object]:
        return {"clock": self.clock, "randomness": self.randomness}

    def _ask(
        self, service: Callable[..., object], arguments: dict[str, object], on_done: Receiver, on_failed: Receiver
    ) -> Job:
        return operation(self.runner, service, arguments, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)

    def _open(
        self,
        service: Callable[..., object],
        arguments: dict[str, object],
        on_done: Receiver,
        on_failed: Receiver,
        on_progress: Receiver | None,
    ) -> Job:
        return operation(
            self.runner,
            service,
            {"folder": self.folder, **arguments, **self._parts},
            on_done=on_done,
            on_failed=on_failed,
            on_progress=on_progress,
            lane=Lane.OPENING,
        )


def _prepare(*, progress: Progress, cancel: CancelToken) -> None:
    from core.services import opening  # noqa: F401  # importing is the work: first what opens, then what Today asks
    from core.services import notices, organisation, sync, today, unfinished  # noqa: F401  # isort: skip
    from core.services import retention_day  # noqa: F401  # isort: skip
    from core.services import governance, governance_page, pack_changes, policy_copies  # noqa: F401  # isort: skip
    from core.services import coming_back, recovery_case, recovery_page, recovery_sheets  # noqa: F401  # isort: skip


def _unlock(
    *, folder: Path, passphrase: str, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import opening
    from core.services.workspace import Parts

    return opening.unlock(folder, passphrase, parts=Parts(clock, randomness), progress=progress)


def _check_passphrase(*, text: str, avoid: tuple[str, ...], progress: Progress, cancel: CancelToken) -> object:
    from core.services import opening

    return opening.check_passphrase(text, avoid=avoid)


def _suggest_passphrase(*, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken) -> object:
    from core.services import opening
    from core.services.workspace import Parts

    return opening.suggest_passphrase(Parts(clock, randomness))


def _found_organisation(
    *, folder: Path, form: Founding, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import opening
    from core.services.workspace import Parts

    asked = opening.FoundingForm(
        organisation_name=form.organisation_name,
        your_name=form.your_name,
        initials=form.initials,
        job_title=form.job_title,
        passphrase=form.passphrase,
    )
    workspace = opening.found_organisation(folder, asked, parts=Parts(clock, randomness), progress=progress)
    _real_work_begins(folder)
    return workspace


def _ask_to_join(
    *, folder: Path, form: Joining, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import joining
    from core.services.workspace import Parts

    asked = joining.JoiningForm(
        invitation=form.invitation,
        your_name=form.your_name,
        initials=form.initials,
        job_title=form.job_title,
        passphrase=form.passphrase,
        shared_folder=form.shared_folder,
    )
    return joining.ask_to_join(folder, asked, parts=Parts(clock, randomness), progress=progress)


def _ask_to_pair(
    *, folder: Path, form: Pairing, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import pairing
    from core.services.workspace import Parts

    asked = pairing.PairingForm(form.laptop_name, form.passphrase, form.shared_folder)
    return pairing.ask_to_pair(folder, asked, parts=Parts(clock, randomness), progress=progress)


def _recover(
    *, folder: Path, form: Recovering, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import lost_laptops
    from core.services.workspace import Parts

    asked = lost_laptops.RecoverForm(
        form.first_sheet, form.second_sheet, form.organisation_sheet, form.shared_folder, form.your_name, form.initials,
        form.passphrase,
    )  # fmt: skip
    parts = Parts(clock, randomness)
    workspace = lost_laptops.recover(folder, asked, parts=parts, progress=progress, cancel=cancel).workspace
    _real_work_begins(folder)
    return workspace


def _sheet_in_file(*, path: Path, progress: Progress, cancel: CancelToken) -> str:
    from core.services import recovery_sheets

    return recovery_sheets.words_in_file(path)


def _finish_joining(
    *, folder: Path, passphrase: str, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken
) -> object:
    from core.services import joining
    from core.services.workspace import Parts

    workspace = joining.finish_joining(folder, passphrase, parts=Parts(clock, randomness), progress=progress)
    _real_work_begins(folder)
    return workspace


def _real_work_begins(folder: Path) -> None:
    """The demo goes: from now on everything on this laptop is real. One that is open in another window stays there."""
    from core.foundation.errors import AppError
    from core.services import demo as services

    with suppress(AppError):
        services.throw_away(demo.folder_beside(folder))


def close_workspace(workspace: object) -> None:
    """What the runner calls, on the vault thread, to lock: forgets the keys and closes."""
    from core.services import opening

    opening.lock(workspace)  # type: ignore[arg-type]
