"""The first run, without a window: begin an organisation, or join one that uses the workbook already."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError, FormIncomplete, InvitationRejected, NotAdmittedYet, WeakPassphrase
from desktop.background import Job, Receiver
from desktop.operations.beginning import Founding, Joining, Pairing, Recovering
from desktop.screens.first_run.demo_presenter import DemoActions

STRENGTH_WORDS = ("Guessed at once", "Very weak", "Weak", "Strong", "Very strong")
CHECK_AFTER_MS = 200


class FirstRunActions(DemoActions, Protocol):
    """The operations this screen needs (`desktop.operations.opening.Opening` has them)."""

    def check_passphrase(self, text: str, *, avoid: tuple[str, ...], on_done: Receiver, on_failed: Receiver) -> Job: ...
    def suggest_passphrase(self, *, on_done: Receiver, on_failed: Receiver) -> Job: ...
    def found_organisation(
        self, form: Founding, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job: ...
    def ask_to_join(
        self, form: Joining, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job: ...
    def ask_to_pair(
        self, form: Pairing, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job: ...
    def recover(
        self, form: Recovering, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job: ...
    def sheet_in_file(self, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job: ...
    def code_in_picture(self, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job: ...
    def finish_joining(
        self, passphrase: str, *, on_done: Receiver, on_failed: Receiver, on_progress: Receiver | None = None
    ) -> Job: ...


class Step(Enum):
    """The pages of the first run."""

    CHOOSE = "choose"
    FOUND = "found"
    JOIN = "join"
    PAIR = "pair"
    LOST = "lost"
    WAIT = "wait"


class FirstRunPresenter(QObject):
    """Checks what was typed, asks the services, says what went wrong beside the field it concerns."""

    moved = Signal(object)
    """A `Step`."""
    busy = Signal(str)
    """What is going on, or empty."""
    problems = Signal(object)
    """Field name -> sentence; under "" what belongs to no field; empty: none."""
    suggested = Signal(str)
    strength = Signal(int, str, str)
    """(score 0 to 4, or -1 for none; the word; the advice)."""
    words_to_compare = Signal(tuple)
    code_to_show = Signal(str, object)
    """(the code of this laptop, the same as a square)."""
    code_read = Signal(str)
    """An invitation out of a picture."""
    sheet_read = Signal(object, str)
    """(the box it is for, the words of a recovery sheet)."""
    waiting_told = Signal(str)
    opened = Signal()

    def __init__(self, actions: FirstRunActions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._busy = False
        self._box: object = None
        self._passphrase = ""
        self._text = ""
        self._avoid: tuple[str, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self._check_now)

    def go(self, step: Step) -> None:
        """Show another page."""
        self.problems.emit({})
        self.moved.emit(step)

    # ------------------------------------------------------------------ the passphrase

    def suggest(self) -> None:
        """Five words from a fair die."""
        self._actions.suggest_passphrase(on_done=self._suggested, on_failed=self._quietly_failed)

    def passphrase_typed(self, text: str, *, avoid: tuple[str, ...]) -> None:
        """Judge it, a moment after the last key, away from the window's own thread."""
        self._text, self._avoid = text, avoid
        if not text:
            self._timer.stop()
            self.strength.emit(-1, "", "")
            return
        self._timer.start()

    # ------------------------------------------------------------------ the two ways in

    def found(self, form: Founding, again: str) -> None:
        """Begin an organisation."""
        missing = {
            "organisation_name": "" if form.organisation_name.strip() else "Enter the name of your organisation",
            **_person_problems(form.your_name, form.initials),
            **_passphrase_problems(form.passphrase, again),
        }
        if self._refused(missing):
            return
        self._begin("Setting up your workbook. This takes a few seconds.")
        self._actions.found_organisation(form, on_done=self._opened, on_failed=self._failed)

    def join(self, form: Joining, again: str) -> None:
        """Leave a request in the shared folder."""
        missing = {
            "invitation": "" if form.invitation.strip() else "Paste the invitation you were given",
            "shared_folder": "" if form.shared_folder != Path() else "Choose the folder your organisation shares",
            **_person_problems(form.your_name, form.initials),
            **_passphrase_problems(form.passphrase, again),
        }
        if self._refused(missing):
            return
        self._passphrase = form.passphrase
        self._begin("Asking to join. This takes a few seconds.")
        self._actions.ask_to_join(form, on_done=self._asked, on_failed=self._failed)

    def pair(self, form: Pairing, again: str) -> None:
        """Ask this person's other laptop, and show the code it needs."""
        missing = {
            "laptop_name": "" if form.laptop_name.strip() else "Enter a name for this laptop",
            "shared_folder": "" if form.shared_folder != Path() else "Choose the folder your organisation shares",
            **_passphrase_problems(form.passphrase, again),
        }
        if self._refused(missing):
            return
        self._passphrase = form.passphrase
        self._begin("Making the code. This takes a few seconds.")
        self._actions.ask_to_pair(form, on_done=self._asked, on_failed=self._failed)

    def recover(self, form: Recovering, again: str) -> None:
        """Make a workbook from recovery sheets."""
        missing = {
            "first_sheet": "" if form.first_sheet else "Enter the words of one recovery sheet",
            "second_sheet": "" if form.second_sheet else "Enter the words of another recovery sheet",
            "organisation_sheet": "" if form.organisation_sheet else "Enter the words of the organisation sheet",
            "shared_folder": "" if form.shared_folder != Path() else "Choose the shared folder or a copy of it",
            **_person_problems(form.your_name, form.initials),
            **_passphrase_problems(form.passphrase, again),
        }
        if self._refused(missing):
            return
        self._begin("Reading the folder. This takes longer, the more there is in it.")
        self._actions.recover(form, on_done=self._opened, on_failed=self._failed)

    def read_sheet(self, box: object, path: Path) -> None:
        """The words of a recovery sheet from a picture or a file."""
        if self._busy:
            return
        self._box = box
        self.problems.emit({})
        self._begin("Looking for the code in the picture.")
        self._actions.sheet_in_file(path, on_done=self._sheet_read, on_failed=self._failed)

    def read_picture(self, path: str) -> None:
        """An invitation from a photograph or a saved sheet."""
        if self._busy:
            return
        self.problems.emit({})
        self._begin("Looking for the code in the picture.")
        self._actions.code_in_picture(Path(path), on_done=self._read, on_failed=self._not_read)

    def check_again(self, passphrase: str = "") -> None:
        """See whether the request was accepted. After a restart the passphrase must be typed again."""
        known = passphrase or self._passphrase
        if not known:
            self.problems.emit({"waiting_passphrase": "Enter your passphrase"})
            return
        if self._busy:
            return
        self.problems.emit({})
        self._passphrase = known
        self._begin("Checking the shared folder.")
        self._actions.finish_joining(known, on_done=self._opened, on_failed=self._not_yet)

    # ------------------------------------------------------------------ answers

    def _suggested(self, words: str) -> None:
        self.suggested.emit(words)

    def _quietly_failed(self, error: AppError) -> None:
        self.problems.emit({"": str(error.explain())})

    def _check_now(self) -> None:
        self._actions.check_passphrase(
            self._text, avoid=self._avoid, on_done=self._judged, on_failed=self._quietly_failed
        )

    def _judged(self, strength: Any) -> None:
        if self._text:
            score = max(0, min(len(STRENGTH_WORDS) - 1, strength.score))
            self.strength.emit(score, STRENGTH_WORDS[score], strength.advice)

    def _opened(self, _nothing: object) -> None:
        self._passphrase = ""
        self._end()
        self.opened.emit()

    def _read(self, text: str) -> None:
        self._end()
        self.code_read.emit(text)

    def _sheet_read(self, words: str) -> None:
        self._end()
        self.sheet_read.emit(self._box, words)

    def _not_read(self, error: AppError) -> None:
        self._end()
        self.problems.emit({"invitation": str(error.explain())})

    def _asked(self, waiting: Any) -> None:
        self._end()
        code = getattr(waiting, "code", "")
        if code:
            self.code_to_show.emit(code, waiting.square)
        self.words_to_compare.emit(tuple(waiting.words))
        self.moved.emit(Step.WAIT)

    def _not_yet(self, error: AppError) -> None:
        self._end()
        if isinstance(error, NotAdmittedYet):
            words = error.fields.get("words")
            code, square = error.fields.get("code"), error.fields.get("square")
            if isinstance(code, str):
                self.code_to_show.emit(code, square)
            if isinstance(words, tuple):
                self.words_to_compare.emit(words)
            self.waiting_told.emit(str(error.explain()))
            return
        self._passphrase = ""
        self.problems.emit({"waiting_passphrase": str(error.explain())})

    def _failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        elif isinstance(error, WeakPassphrase):
            self.problems.emit({"passphrase": str(error.explain())})
        elif isinstance(error, InvitationRejected):
            self.problems.emit({"invitation": str(error.explain())})
        else:
            self.problems.emit({"": str(error.explain())})

    # ------------------------------------------------------------------ inside

    def _refused(self, problems: dict[str, str]) -> bool:
        if self._busy:
            return True
        found = {name: sentence for name, sentence in problems.items() if sentence}
        self.problems.emit(found)
        return bool(found)

    def _begin(self, what: str) -> None:
        self._busy = True
        self.busy.emit(what)

    def _end(self) -> None:
        self._busy = False
        self.busy.emit("")


def _person_problems(name: str, initials: str) -> dict[str, str]:
    return {
        "your_name": "" if name.strip() else "Enter your name",
        "initials": "" if initials.strip() else "Enter your initials",
    }


def _passphrase_problems(passphrase: str, again: str) -> dict[str, str]:
    if not passphrase:
        return {"passphrase": "Choose a passphrase"}
    return {"again": "" if passphrase == again else "The two passphrases are not the same"}
