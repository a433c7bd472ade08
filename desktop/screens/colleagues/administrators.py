"""Administrators: who they are, what is proposed, who has agreed. Everybody sees it; those asked can answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import UserId
from core.services.administrators import AdministratorsChanged, AdministratorsView, ProposalRow
from desktop.operations import administrators
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    Select,
    Text,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)


class AdministratorsPresenter(QObject):
    """Reads who administers, and says what the person decides about it."""

    shown = Signal(object)
    """`AdministratorsView`."""
    problem = Signal(str)
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def load(self) -> None:
        """Read it again."""
        administrators.administrators(self._context.runner, on_done=self._read, on_failed=self._failed)

    def propose(self, person: object, *, leaves: bool) -> None:
        """Propose that somebody joins the administrators, or leaves them."""
        self.problem.emit("" if person else "Choose a person.")
        if not isinstance(person, bytes):
            return
        chosen = frozenset({UserId(person)})
        given = {"remove": chosen} if leaves else {"add": chosen}
        administrators.propose(self._context.runner, **given, on_done=self._said, on_failed=self._failed)

    def agree(self, proposal: str) -> None:
        """Agree to a proposal."""
        administrators.agree(self._context.runner, proposal, on_done=self._said, on_failed=self._failed)

    def refuse(self) -> None:
        """Agree to nothing that is proposed now."""
        administrators.refuse(self._context.runner, on_done=self._refused, on_failed=self._failed)

    def _read(self, view: AdministratorsView) -> None:
        self.shown.emit(view)

    def _said(self, done: AdministratorsChanged) -> None:
        if done.decided:
            self.told.emit("Decided.", "It holds from now on, and the others see it with the next sync.")
        else:
            self.told.emit("Said.", "The others are asked with the next sync. It holds when enough have agreed.")
        self.load()

    def _refused(self, _done: AdministratorsChanged) -> None:
        self.told.emit("Refused.", "The others see it with the next sync.")
        self.load()

    def _failed(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problem.emit(" ".join(error.problems.values()))
        else:
            self.failed.emit(error)


class AdministratorsCard(Card):
    """The names, the proposals, and for an administrator two ways to propose."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Administrators", parent=parent)
        self.presenter = presenter = AdministratorsPresenter(context, self)
        self._names, self._rule = Text("", "strong"), Text("", "muted")
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        self._list = column(gap="small")
        self.person = Select(empty="Choose", wide_em=28)
        self._field = Field("Who?", self.person)
        self.add_one, self.leave = Button("Propose to add"), Button("Propose to leave out", "quiet")
        self._proposing = styled(QWidget(), "clear")
        inner = column(self._proposing, gap="small")
        for part in (rule(), Text("Propose a change"), self._field, Flow(self.add_one, self.leave)):
            inner.addWidget(part)
        for part in (self._names, self._rule, self._problem, self._told):
            self.body.addWidget(part)
        self.body.addLayout(self._list)
        self.body.addWidget(self._proposing)
        for banner in (self._problem, self._told):
            banner.clear()
        self._proposing.hide()
        presenter.shown.connect(self._show)
        presenter.problem.connect(self._field.set_problem)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._fail)
        self.add_one.clicked.connect(self._propose_add)
        self.leave.clicked.connect(self._propose_leave)

    def arrive(self) -> None:
        """The page is shown."""
        self._told.clear()
        self._problem.clear()
        self.presenter.load()

    def _show(self, view: AdministratorsView) -> None:
        me = " (you)"
        names = [f"{row.name}{me if row.this_is_me else ''}" for row in view.rows]
        self._names.setText(", ".join(names))
        count = count_words(len(view.rows), "person decides", "people decide")
        together = "" if len(view.rows) == 1 else f" together. {view.needed} must agree"
        self._rule.setText(f"{count}{together} who administers. Everybody sees these names.")
        clear(self._list)
        for row in view.proposals:
            part = _ProposalPart(row)
            part.agreed.connect(self.presenter.agree)
            part.refused.connect(self.presenter.refuse)
            self._list.addWidget(rule())
            self._list.addWidget(part)
        people = (*view.candidates, *view.rows)
        self.person.set_options([(row.user, row.name) for row in people])
        self._proposing.setVisible(view.may_propose and len(people) > 1)

    def _propose_add(self) -> None:
        self.presenter.propose(self.person.value(), leaves=False)

    def _propose_leave(self) -> None:
        self.presenter.propose(self.person.value(), leaves=True)

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")

    def _fail(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _ProposalPart(QWidget):
    agreed = Signal(str)
    refused = Signal()

    def __init__(self, row: ProposalRow) -> None:
        super().__init__()
        styled(self, "clear")
        self._id = row.id
        what = [f"{' and '.join(row.added)} administers too"] if row.added else []
        what += [f"{' and '.join(row.removed)} administers no more"] if row.removed else []
        self.agree, self.refuse = Button("Agree", "primary"), Button("Refuse", "quiet")
        layout = column(self, gap="small")
        layout.addWidget(Text(f"Proposed: {'; '.join(what)}.", "strong"))
        layout.addWidget(Text(f"Agreed: {', '.join(row.agreed) or 'nobody yet'}."))
        layout.addWidget(Text(f"Asked: {', '.join(row.waiting_for) or 'nobody else'}.", "muted"))
        if row.may_agree:
            layout.addWidget(Flow(self.agree, self.refuse))
            self.agree.clicked.connect(self._agree)
            self.refuse.clicked.connect(self.refused)

    def _agree(self) -> None:
        self.agreed.emit(self._id)
