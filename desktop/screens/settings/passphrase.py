"""Another passphrase; and the other button, for when somebody may know the one in use."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete, WeakPassphrase, WrongPassphrase
from desktop.operations import passphrase
from desktop.screens.context import ScreenContext
from desktop.screens.first_run.passphrase import PassphrasePart
from desktop.screens.first_run.presenter import CHECK_AFTER_MS, STRENGTH_WORDS
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ErrorSummary,
    Field,
    Flow,
    Form,
    PassphraseBox,
    Text,
    Tone,
    announce,
    column,
    rule,
    styled,
)

OLD_COPIES = "Backups made before, and old copies of the key file, still open with the old passphrase."
IF_SOMEBODY_KNOWS = (
    "For when somebody may have seen your passphrase, or may have a copy of your files. You get new keys and your "
    "colleagues are told; everything in this workbook is written again under a new key; this laptop gets a new number, "
    "and what is written under the old one counts no more; and the workbook locks. Open it again with the new "
    "passphrase, then sync. What was copied before stays readable with the old passphrase. What you and your "
    "colleagues write from then on does not open with it, as soon as their laptops have heard of your new keys. Pair "
    "your other laptops again. Without the shared folder your colleagues hear of it with the next exchange, and Today "
    "asks you to finish it then. "
    "If a laptop is gone, tell an administrator as well: they can shut it out."
)


class PassphrasePresenter(QObject):
    """Checks what was typed, and says what went wrong beside the field it concerns."""

    problems = Signal(object)
    """Field name -> sentence; under "" what belongs to no field."""
    suggested = Signal(str)
    strength = Signal(int, str, str)
    busy = Signal(str)
    changed = Signal()

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self._judge)

    def suggest(self) -> None:
        """Five words from a fair die."""
        passphrase.suggest(self._context.runner, on_done=self._suggested, on_failed=self._quietly_failed)

    def typed(self, text: str) -> None:
        """Judge it, a moment after the last key."""
        self._text = text
        if text:
            self._timer.start()
        else:
            self._timer.stop()
            self.strength.emit(-1, "", "")

    def change(self, old: str, new: str, again: str, *, somebody_knows: bool) -> None:
        """Change it; with `somebody_knows`, make new keys and lock."""
        missing = {
            "old": "" if old else "Enter the passphrase you use now",
            "passphrase": "" if new else "Choose a passphrase",
            "again": "" if not new or new == again else "The two passphrases are not the same",
        }
        found = {name: sentence for name, sentence in missing.items() if sentence}
        self.problems.emit(found)
        if found or self._is_busy:
            return
        self._is_busy = True
        if somebody_knows:
            self.busy.emit("Making new keys, and writing everything under them. This can take a few minutes.")
            passphrase.somebody_knows(self._context.runner, old, new, on_done=self._renewed, on_failed=self._failed)
        else:
            self.busy.emit("Changing the passphrase. This takes a few seconds.")
            passphrase.change_passphrase(self._context.runner, old, new, on_done=self._done, on_failed=self._failed)

    def _suggested(self, words: str) -> None:
        self.suggested.emit(words)

    def _quietly_failed(self, _error: AppError) -> None:
        """A suggestion or a judgement that did not come is not missed."""

    def _judge(self) -> None:
        passphrase.judge(self._context.runner, self._text, on_done=self._judged, on_failed=self._quietly_failed)

    def _judged(self, strength: Any) -> None:
        if self._text:
            score = max(0, min(len(STRENGTH_WORDS) - 1, strength.score))
            self.strength.emit(score, STRENGTH_WORDS[score], strength.advice)

    def _done(self, _changed: object) -> None:
        self._end()
        self.changed.emit()

    def _renewed(self, _renewed: object) -> None:
        self._end()
        self._context.shell.lock()

    def _failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
            return
        weak = "passphrase" if isinstance(error, WeakPassphrase) else ""
        field = "old" if isinstance(error, WrongPassphrase) else weak
        self.problems.emit({field: str(error.explain())})

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")


class PassphraseCard(Card):
    """Two buttons; the form below them for the one that was pressed."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Your passphrase", parent=parent)
        self._somebody_knows = False
        self.presenter = presenter = PassphrasePresenter(context, self)
        self.change = Button("Change passphrase")
        self.known = Button("Somebody may know my passphrase")
        self.form = Form(ErrorSummary())
        self.old = PassphraseBox(wide_em=40)
        self.secret = PassphrasePart(self.form)
        self.go, self.back = Button("", "primary"), Button("Cancel", "quiet")
        self._lead = Text("")
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        self._progress = Banner("", "", Tone.INFO, icon_name="clock")
        self._asking = styled(QWidget(), "clear")
        inner = column(self._asking, gap="medium")
        field = self.form.add("old", Field("Passphrase you use now", self.old))
        for part in (
            rule(), self._lead, self.form.summary, self._problem, field, self.secret, self._progress,
            Flow(self.go, self.back),
        ):  # fmt: skip
            inner.addWidget(part)
        self.body.addWidget(self._told)
        self.body.addWidget(Flow(self.change, self.known))
        self.body.addWidget(self._asking)
        self._asking.hide()
        for banner in (self._told, self._problem, self._progress):
            banner.clear()
        self.change.clicked.connect(self._begin_change)
        self.known.clicked.connect(self._begin_renewal)
        self.back.clicked.connect(self.forget)
        self.go.clicked.connect(self._go)
        self.secret.finished.connect(self._go)
        self.secret.another_asked.connect(presenter.suggest)
        self.secret.typed.connect(presenter.typed)
        presenter.suggested.connect(self.secret.show_suggestion)
        presenter.strength.connect(self.secret.show_strength)
        presenter.problems.connect(self._say)
        presenter.busy.connect(self._busy)
        presenter.changed.connect(self._changed)

    def forget(self) -> None:
        """Take everything typed off the screen, and the form with it."""
        self.old.clear()
        self.secret.forget()
        self._say({})
        self._asking.hide()

    def _begin_change(self) -> None:
        self._begin(OLD_COPIES, "Change the passphrase", somebody_knows=False)

    def _begin_renewal(self) -> None:
        self._begin(IF_SOMEBODY_KNOWS, "Make new keys and lock", somebody_knows=True)

    def _begin(self, lead: str, go: str, *, somebody_knows: bool) -> None:
        self.forget()
        self._somebody_knows = somebody_knows
        self._told.clear()
        self._lead.setText(lead)
        self.go.set_words(go)
        self._asking.show()
        self.old.setFocus()
        self.presenter.suggest()

    def _go(self) -> None:
        self.presenter.change(
            self.old.text(), self.secret.passphrase, self.secret.again, somebody_knows=self._somebody_knows
        )

    def _say(self, problems: dict[str, str]) -> None:
        whole = problems.get("", "")
        self._problem.say("That did not work." if whole else "", whole, Tone.ERROR)
        self.form.show_problems({name: sentence for name, sentence in problems.items() if name})

    def _busy(self, what: str) -> None:
        self._progress.say(what)
        for part in (self.go, self.change, self.known):
            part.setEnabled(not what)
        if what:
            announce(self, what)

    def _changed(self) -> None:
        self.forget()
        self._told.say("The passphrase is changed.", OLD_COPIES)
        self.change.setFocus()
        announce(self, "The passphrase is changed.")
