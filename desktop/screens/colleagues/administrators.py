"""Administrators: who they are, what is proposed, who has agreed. Everybody sees it; those asked can answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import UserId
from core.services.administrators import AdministratorsChanged, AdministratorsView, ProposalRow
from core.services.root_words import PASSPHRASE_COSTS
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
    TextArea,
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
    problems = Signal(object)
    """Field name -> sentence, for the other fields."""
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def load(self) -> None:
        """Read it again."""
        administrators.administrators(self._context.runner, on_done=self._read, on_failed=self._failed)

    def propose(self, person: object, reason: str, *, leaves: bool) -> None:
        """Propose that somebody joins the administrators, or leaves them."""
        self.problem.emit("" if person else "Choose a person.")
        if not isinstance(person, bytes):
            return
        chosen = frozenset({UserId(person)})
        administrators.propose(
            self._context.runner, add=frozenset() if leaves else chosen, remove=chosen if leaves else frozenset(),
            reason=reason, on_done=self._said, on_failed=self._failed,
        )  # fmt: skip

    def propose_passphrases(self, memory_kib: object, reason: str) -> None:
        """Propose how long a guess at a passphrase takes at least."""
        if isinstance(memory_kib, int):
            administrators.propose_passphrase_cost(
                self._context.runner, memory_kib, reason, on_done=self._said, on_failed=self._failed
            )

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
            rest = {name: text for name, text in error.problems.items() if name not in ("reason", "passphrase")}
            self.problem.emit(" ".join(rest.values()))
            self.problems.emit(error.problems)
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
        self.reason = TextArea(lines=2)
        self._why = Field("Why", self.reason, hint="Everybody can read it.", optional=True)
        self.passphrases = Select(list(PASSPHRASE_COSTS.items()), wide_em=28)
        self._cost = Field(
            "How long does a guess at a passphrase take?", self.passphrases,
            hint="Longer protects a stolen laptop better and makes opening slower. It holds for each from the next"
            " change of the passphrase or of the keys on. Say why above.",
        )  # fmt: skip
        self.propose_cost = Button("Propose this", "quiet")
        self._proposing, self._of_people = styled(QWidget(), "clear"), styled(QWidget(), "clear")
        people, inner = column(self._of_people, gap="small"), column(self._proposing, gap="small")
        people.addWidget(self._field)
        people.addWidget(Flow(self.add_one, self.leave))
        choices = (self._why, self._of_people, self._cost, Flow(self.propose_cost))
        for widget in (rule(), Text("Propose a change"), *choices):
            inner.addWidget(widget)
        self._decided = column(gap="small")
        for part in (self._names, self._rule, self._problem, self._told):
            self.body.addWidget(part)
        self.body.addLayout(self._list)
        self.body.addWidget(self._proposing)
        self.body.addLayout(self._decided)
        for banner in (self._problem, self._told):
            banner.clear()
        self._proposing.hide()
        presenter.shown.connect(self._show)
        presenter.problem.connect(self._field.set_problem)
        presenter.problems.connect(self._show_problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._fail)
        self.add_one.clicked.connect(self._propose_add)
        self.leave.clicked.connect(self._propose_leave)
        self.propose_cost.clicked.connect(self._propose_cost)

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
        self._of_people.setVisible(len(people) > 1)
        self.passphrases.set_value(view.passphrase_kib)
        self._proposing.setVisible(view.may_propose)
        clear(self._decided)
        if view.decided:
            self._decided.addWidget(rule())
            self._decided.addWidget(Text("Decided until now"))
        for one in view.decided:
            why = f" The reason given: {one.why.rstrip('.')}." if one.why else ""
            self._decided.addWidget(Text(f"{' '.join(one.what)}{why}", "muted"))

    def _propose_add(self) -> None:
        self._show_problems({})
        self.presenter.propose(self.person.value(), self.reason.text(), leaves=False)

    def _propose_leave(self) -> None:
        self._show_problems({})
        self.presenter.propose(self.person.value(), self.reason.text(), leaves=True)

    def _propose_cost(self) -> None:
        self._show_problems({})
        self.presenter.propose_passphrases(self.passphrases.value(), self.reason.text())

    def _show_problems(self, problems: dict[str, str]) -> None:
        self._why.set_problem(problems.get("reason", ""))
        self._cost.set_problem(problems.get("passphrase", ""))

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._show_problems({})
        self.reason.setText("")
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
        what += [sentence.rstrip(".") for sentence in row.further]
        self.agree, self.refuse = Button("Agree", "primary"), Button("Refuse", "quiet")
        layout = column(self, gap="small")
        layout.addWidget(Text(f"Proposed: {'; '.join(what)}.", "strong"))
        if row.why:
            layout.addWidget(Text(f"The reason given: {row.why.rstrip('.')}."))
        layout.addWidget(Text(f"Agreed: {', '.join(row.agreed) or 'nobody yet'}."))
        layout.addWidget(Text(f"Asked: {', '.join(row.waiting_for) or 'nobody else'}.", "muted"))
        if row.may_agree:
            layout.addWidget(Flow(self.agree, self.refuse))
            self.agree.clicked.connect(self._agree)
            self.refuse.clicked.connect(self.refused)

    def _agree(self) -> None:
        self.agreed.emit(self._id)
