"""The page of one colleague: laptops, role, removing them after reading what that does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.organisation import ROLES
from core.foundation.errors import AppError
from core.foundation.ids import RecordId, UserId
from core.services.leaving import Colleague, ColleagueLaptop, RemovalPreview
from desktop.screens.context import ScreenContext
from desktop.screens.leaving.presenter import ColleaguePresenter
from desktop.screens.stepping import to_top
from desktop.screens.words import when_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    Page,
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

A_COLLEAGUE = "A colleague"


class ColleaguePage(Page):
    """Opens with `arrive(user=...)`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(A_COLLEAGUE, parent=parent)
        self._context = context
        self.presenter = presenter = ColleaguePresenter(context, self)
        self.back = Button("Back to colleagues", icon_name="arrow-left")
        self.actions.add(self.back)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self.removing, self.suspending, self.lifting = _RemoveCard(), _suspend_card(), _lift_card()
        for card in (self.removing, self.suspending, self.lifting):
            self.add(card)
        self._laptops = Card(heading="Laptops")
        self._list = column(gap="medium")
        self._laptops.body.addLayout(self._list)
        self.add(self._laptops)
        self.role = _RoleCard()
        self.add(self.role)
        self.leaving = _LeaveCard()
        self.add(self.leaving)
        self.body.addStretch(1)
        presenter.shown.connect(self._show)
        presenter.preview.connect(self._preview)
        presenter.suspending.connect(self._ask_to_suspend)
        presenter.lifting.connect(self._ask_to_lift)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self.back.clicked.connect(presenter.go_back)
        self.leaving.go.clicked.connect(presenter.ask_to_remove)
        self.removing.confirmed.connect(presenter.remove)
        self.removing.no.clicked.connect(self._dropped)
        self.suspending.confirmed.connect(presenter.suspend)
        self.suspending.no.clicked.connect(self._dropped)
        self.lifting.confirmed.connect(presenter.lift)
        self.lifting.no.clicked.connect(self._dropped)
        self.role.save.clicked.connect(self._change_role)

    def arrive(self, user: UserId) -> None:
        """Show somebody."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive(user)

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.back

    def _show(self, person: Colleague) -> None:
        name = person.name or A_COLLEAGUE
        self.set_title(f"{name} (you)" if person.this_is_me else name)
        clear(self._list)
        for number, laptop in enumerate(person.laptops):
            if number:
                self._list.addWidget(rule())
            self._list.addWidget(self._laptop(laptop, person))
        self.role.show_person(person)
        self.leaving.show_person(person)

    def _laptop(self, laptop: ColleagueLaptop, person: Colleague) -> QWidget:
        holder = styled(QWidget(), "clear")
        layout = column(holder, gap="small")
        layout.addWidget(Text(f"Laptop {laptop.number}{' (this one)' if laptop.this_one else ''}", "strong"))
        when = "Has sent nothing yet."
        if laptop.last_wrote_at is not None:
            when = f"Last sent something: {when_words(laptop.last_wrote_at, self._context.clock.now())}."
        layout.addWidget(Text(when, "muted"))
        if laptop.suspended:
            layout.addWidget(Text(f"Cut off: what it sends now does not count. {laptop.why}".strip()))
            if laptop.may_count_again:
                again = Button("Let this laptop count again", "quiet")
                again.setAccessibleName(f"Let laptop {laptop.number} of {person.name or A_COLLEAGUE} count again")
                again.clicked.connect(partial(self.presenter.ask_to_lift, laptop.device))
                layout.addWidget(Flow(again))
        elif person.may_suspend and not laptop.this_one:
            go = Button("Suspend this laptop", "quiet")
            go.setAccessibleName(f"Suspend laptop {laptop.number} of {person.name or A_COLLEAGUE}")
            go.clicked.connect(partial(self.presenter.ask_to_suspend, laptop.device))
            layout.addWidget(Flow(go))
        return holder

    def _preview(self, preview: RemovalPreview | None) -> None:
        self.removing.show_preview(preview)
        if preview is not None:
            to_top(self)

    def _ask_to_suspend(self, laptop: ColleagueLaptop | None) -> None:
        self.suspending.show_laptop(laptop)
        if laptop is not None:
            to_top(self)

    def _ask_to_lift(self, laptop: ColleagueLaptop | None) -> None:
        self.lifting.show_laptop(laptop)
        if laptop is not None:
            to_top(self)

    def _dropped(self) -> None:
        self.presenter.put_away()
        self.back.setFocus()

    def _change_role(self) -> None:
        self.presenter.change_role(self.role.select.value())

    def _problems(self, problems: dict[str, str]) -> None:
        self.removing.say_problem(problems.get("reason", ""))
        self.suspending.say_problem(problems.get("reason", ""))
        self.lifting.say_problem(problems.get("reason", ""))
        self.role.say_problem(problems.get("role", ""))

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")
        self.back.setFocus()

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _RemoveCard(Card):
    """What will happen, in plain words; who leads; why; then the button."""

    confirmed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(heading="Before you remove them")
        self._what = column(gap="tight")
        self._leads = column(gap="small")
        self._selects: dict[RecordId, Select] = {}
        self.reason = TextArea(lines=2)
        self._field = Field("Why", self.reason, hint="The others will read it, and so will they.")
        self.go, self.no = Button("Remove them", "primary"), Button("Do not remove them", "quiet")
        self.body.addLayout(self._what)
        self.body.addLayout(self._leads)
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.go, self.no))
        self.go.clicked.connect(self._confirm)
        self.hide()

    def show_preview(self, preview: RemovalPreview | None) -> None:
        """None: nobody is about to be removed."""
        self.setVisible(preview is not None)
        self.reason.setText("")
        clear(self._what)
        clear(self._leads)
        self._selects = {}
        if preview is None:
            return
        lines = what_happens(preview)
        for line in lines:
            self._what.addWidget(Text(line))
        for case in preview.without_lead:
            options = [(user, name or A_COLLEAGUE) for user, name in case.could_lead]
            select = Select(options, empty="Nobody yet", wide_em=26)
            self._selects[case.case] = select
            self._leads.addWidget(Field(f"Who leads {case.reference} from now on?", select))
        announce(self, " ".join(lines))
        self.reason.setFocus()

    def say_problem(self, sentence: str) -> None:
        """Under the reason."""
        self._field.set_problem(sentence)

    def _confirm(self) -> None:
        chosen = {case: select.value() for case, select in self._selects.items()}
        self.confirmed.emit(self.reason.text(), {case: user for case, user in chosen.items() if user is not None})


def what_happens(preview: RemovalPreview) -> tuple[str, ...]:
    """What removing somebody will do."""
    name = preview.name or A_COLLEAGUE
    laptops = "Their laptop" if preview.laptops == 1 else f"Their {preview.laptops} laptops"
    lines = [
        f"{name} reads nothing new from the next sync on.",
        "Everything they sent until now stays, and stays theirs by name.",
        "What they send later does not count. It waits here to be read, taken over or put aside.",
        f"{laptops} will say so, and close the workbook for good.",
        "What they have read, printed or copied they keep. A changed program could keep the workbook too.",
        "Cases that only they read cannot be seen from here. Two recovery sheets open these, if there are any.",
    ]
    if preview.cases_read:
        lines.insert(1, f"Of the cases you can see they read {preview.cases_read}.")
    if preview.without_lead:
        lines.append("Some cases would have no lead. Say who leads them now, or somebody takes them over later.")
    return tuple(lines)


class _LaptopCard(Card):
    """About one laptop: what it means, why, then the button. `what`: with its number left open."""

    confirmed = Signal(str)

    def __init__(self, heading: str, what: str, hint: str, go: Button, no: Button) -> None:
        super().__init__(heading=heading)
        self._said, self._what = what, Text("")
        self.reason = TextArea(lines=2)
        self._field = Field("Why", self.reason, hint=hint)
        self.go, self.no = go, no
        for part in (self._what, self._field, Flow(self.go, self.no)):
            self.body.addWidget(part)
        self.go.clicked.connect(self._confirm)
        self.hide()

    def show_laptop(self, laptop: ColleagueLaptop | None) -> None:
        """None: nothing is about to be done."""
        self.setVisible(laptop is not None)
        self.reason.setText("")
        if laptop is None:
            return
        said = self._said.format(number=laptop.number)
        self._what.setText(said)
        announce(self, said)
        self.reason.setFocus()

    def say_problem(self, sentence: str) -> None:
        """Under the reason."""
        self._field.set_problem(sentence)

    def _confirm(self) -> None:
        self.confirmed.emit(self.reason.text())


def _suspend_card() -> _LaptopCard:
    what = (
        "What laptop {number} sent until now counts. What it sends later waits to be looked at. Whoever has the laptop "
        "and its passphrase can still read what is on it. Its owner should make new keys, or be removed and invited "
        "again if it was their only laptop."
    )
    hint = "For example: it was left on a train. The others will read it."
    go, no = Button("Suspend it", "primary"), Button("Do not suspend it", "quiet")
    return _LaptopCard("Before you suspend it", what, hint, go, no)


def _lift_card() -> _LaptopCard:
    what = (
        "Everything laptop {number} sent since it was cut off counts from then on, as if nothing had been. Do this "
        "only if its owner has it in their hands and nobody else had its passphrase. The administrators decide it "
        "together: it holds when more than half of them have agreed, on the Colleagues page."
    )
    hint = "For example: it was found, and nobody else had it. Everybody can read it."
    go, no = Button("Let it count again", "primary"), Button("Leave it cut off", "quiet")
    return _LaptopCard("Before it counts again", what, hint, go, no)


class _RoleCard(Card):
    """What somebody does here."""

    def __init__(self) -> None:
        super().__init__(heading="What they do here")
        self.select = Select(list(ROLES.items()), wide_em=32)
        self._field = Field("Role", self.select)
        self.save = Button("Save")
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.save))

    def show_person(self, person: Colleague) -> None:
        """Only who may be removed may be given another role."""
        self.setVisible(person.may_remove)
        self.select.set_value(person.role)

    def say_problem(self, sentence: str) -> None:
        """Under the box."""
        self._field.set_problem(sentence)


class _LeaveCard(Card):
    """Where removing begins."""

    def __init__(self) -> None:
        super().__init__(heading="When they leave")
        self._why = Text("", "muted")
        self.go = Button("See what removing them does")
        self.body.addWidget(self._why)
        self.body.addWidget(Flow(self.go))

    def show_person(self, person: Colleague) -> None:
        """Hidden for oneself, and where there is nothing to do or to say."""
        self.setVisible(not person.this_is_me and (person.may_remove or bool(person.why_not_removed)))
        self.go.setVisible(person.may_remove)
        self._why.setText(person.why_not_removed or "Nothing is done before you have read what it means.")
