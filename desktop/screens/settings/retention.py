"""What was deleted for good, who could still open it from an old copy, and the button that renews one's own keys."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete, WrongPassphrase
from core.services.retention_day import RetentionDayState, due_sentence
from desktop.operations import retention_day
from desktop.screens.context import ScreenContext
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
    clear,
    column,
    rule,
    styled,
)

WHAT_IT_DOES = (
    "The workbook exchanges with the folder, makes new keys for you, destroys the old ones and locks. Open it again "
    "with the same passphrase. It can be interrupted: pressed again, it goes on. Invitations nobody answered yet end. "
    "Pair your other laptops again afterwards."
)
NOTHING_DELETED = "Nothing was deleted for good yet."
NOT_WITH_IT = (
    "A private interview set apart from a case is not deleted with it: it has keys and readers of its own. "
    "Backups open with the passphrase of their day until they are destroyed."
)


class RetentionPresenter(QObject):
    """Asks how things stand each time the page is shown, and renews the keys."""

    shown = Signal(object)
    """`RetentionDayState`."""
    problems = Signal(object)
    """Field name -> sentence; under "" what belongs to no field."""
    busy = Signal(str)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    def load(self) -> None:
        """How this person stands."""
        retention_day.state(self._context.runner, on_done=self._have, on_failed=self._failed)

    def renew(self, passphrase: str) -> None:
        """Renew the keys; the workbook locks."""
        if self._is_busy:
            return
        self.problems.emit({})
        self._is_busy = True
        self.busy.emit("Renewing your keys. This can take a minute.")
        retention_day.renew(self._context.runner, passphrase, on_done=self._renewed, on_failed=self._failed)

    def _have(self, state: RetentionDayState) -> None:
        self.shown.emit(state)

    def _renewed(self, _held: object) -> None:
        self._end()
        self._context.shell.lock()

    def _failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
            return
        self.problems.emit({"passphrase" if isinstance(error, WrongPassphrase) else "": str(error.explain())})

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")


class RetentionCard(Card):
    """The list, when the keys are due, and the form behind the button."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="What was deleted", parent=parent)
        self.presenter = presenter = RetentionPresenter(context, self)
        self._due = Banner("", "", Tone.SOON, icon_name="clock")
        self._when = Text("")
        self._shown = styled(QWidget(), "clear")
        self._lines = column(self._shown, gap="tight")
        self.renew, self.back = Button("Renew my keys"), Button("Cancel", "quiet")
        self.go = Button("Renew my keys and lock", "primary")
        self.form = Form(ErrorSummary())
        self.passphrase = PassphraseBox(wide_em=40)
        self._problem, self._progress = Banner("", "", Tone.ERROR), Banner("", "", Tone.INFO, icon_name="clock")
        self._asking = styled(QWidget(), "clear")
        inner = column(self._asking, gap="medium")
        field = self.form.add("passphrase", Field("Your passphrase", self.passphrase))
        for part in (
            rule(), Text(WHAT_IT_DOES), self.form.summary, field, self._progress, Flow(self.go, self.back),
        ):  # fmt: skip
            inner.addWidget(part)
        outer: tuple[QWidget, ...] = (
            self._due, self._when, self._shown, Text(NOT_WITH_IT, "small"), self._problem, Flow(self.renew),
        )  # fmt: skip
        for item in outer:
            self.body.addWidget(item)
        self.body.addWidget(self._asking)
        self._asking.hide()
        for banner in (self._due, self._problem, self._progress):
            banner.clear()
        self.renew.clicked.connect(self._begin)
        self.back.clicked.connect(self.forget)
        self.go.clicked.connect(self._go)
        self.passphrase.returnPressed.connect(self._go)
        presenter.shown.connect(self._show)
        presenter.problems.connect(self._say)
        presenter.busy.connect(self._busy)

    def load(self) -> None:
        """Show what holds."""
        self.presenter.load()

    def forget(self) -> None:
        """Take everything typed off the screen, and the form with it."""
        self.passphrase.clear()
        self._say({})
        self._asking.hide()

    def _show(self, state: RetentionDayState) -> None:
        self._due.say("Renew your keys." if state.due and not state.pair_again else "", due_sentence(state))
        if state.pair_again:
            self._due.say("This laptop has your old keys.", due_sentence(state))
        last = f"You last renewed your keys on {_day(state.last)}. " if state.last else ""
        self._when.setText(f"{last}Everybody renews them by {_day(state.due_at)} at the latest.")
        self._when.setVisible(not state.due)
        clear(self._lines)
        for item in state.deletions:
            self._lines.addWidget(Text(f"{_day(item.at)}: {item.sentence}"))
        if not state.deletions:
            self._lines.addWidget(Text(NOTHING_DELETED))
        for name in state.sheets:
            self._lines.addWidget(
                Text(f"New recovery sheets are needed for {name}. An administrator makes them on the Colleagues page.")
            )
        self.renew.setEnabled(not state.pair_again)

    def _begin(self) -> None:
        self.forget()
        self._asking.show()
        self.passphrase.setFocus()

    def _go(self) -> None:
        self.presenter.renew(self.passphrase.text())

    def _say(self, problems: dict[str, str]) -> None:
        whole = problems.get("", "")
        self._problem.say("That did not work." if whole else "", whole, Tone.ERROR)
        self.form.show_problems({name: sentence for name, sentence in problems.items() if name})

    def _busy(self, what: str) -> None:
        self._progress.say(what)
        for part in (self.go, self.renew):
            part.setEnabled(not what)
        if what:
            announce(self, what)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
