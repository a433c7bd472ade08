"""The Colleagues page: people, letting in, inviting, the organisation's details, backup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from core.domain.organisation import ROLES, WINDOW_ENVELOPES
from core.foundation.errors import AppError
from core.services.organisation import JoinRequest, MemberRow
from desktop.screens.colleagues.administrators import AdministratorsCard
from desktop.screens.colleagues.backup import BackupCard
from desktop.screens.colleagues.inviting import InviteCard
from desktop.screens.colleagues.laptops import LaptopsCard
from desktop.screens.colleagues.late import LateWorkCard
from desktop.screens.colleagues.override import OverrideCard
from desktop.screens.colleagues.presenter import ColleaguesPresenter
from desktop.screens.colleagues.recovery import RecoveryCard
from desktop.screens.context import ScreenContext
from desktop.screens.stepping import focus_stop
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    ErrorSummary,
    Field,
    Flow,
    Form,
    ListTable,
    Page,
    ProgressRow,
    Select,
    Text,
    TextArea,
    TextBox,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)


class ColleaguesPage(Page):
    """What belongs to the organisation and to no case."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Colleagues", parent=parent)
        self._context = context
        self._for_details = False
        self.presenter = presenter = ColleaguesPresenter(context, self)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self._news = Banner("", "", Tone.LATE)
        self._news.clear()
        self._progress = ProgressRow("Looking in the shared folder", context.clock.monotonic_s)
        for widget in (self._news, self._problem, self._told, self._progress):
            self.pinned.addWidget(widget)
        self.table = _PeopleTable("Colleagues", presenter.model)
        self._count = Text("", "muted")
        people = Card(self._count, self.table, heading="People")
        self.late = LateWorkCard(context)
        self.waiting = _WaitingCard()
        self.invitation = InviteCard(context)
        self.details = _DetailsCard()
        self.backup = BackupCard(context)
        self.laptops = LaptopsCard(context)
        self.administrators = AdministratorsCard(context)
        self.recovery = RecoveryCard(context)
        self.add(Columns(
            _stack(people, self.administrators, self.late, self.waiting, self.invitation),
            _stack(self.details, self.laptops, self.recovery, OverrideCard(context), self.backup),
            stretches=(1, 1), stack_below_em=110,
        ))  # fmt: skip
        self.body.addStretch(1)
        presenter.news.connect(self._tell_news)
        self.table.opened.connect(self._open)
        presenter.people.connect(self._count_people)
        presenter.details.connect(self.details.show_details)
        presenter.waiting.connect(self.waiting.show_requests)
        presenter.invited.connect(self.invitation.show_invitation)
        presenter.details_problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.failed.connect(self._failed)
        self._progress.stopped.connect(presenter.stop)
        self.waiting.let_in.connect(presenter.let_in)
        self.waiting.look.clicked.connect(presenter.look)
        self.invitation.go.clicked.connect(self._invite)
        self.details.save.clicked.connect(self._save)

    def arrive(self, *, details: bool = False) -> None:
        """Called each time the page is shown. `details`: to fill in what letters say about the organisation."""
        self._for_details = details
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive()
        self.laptops.arrive()
        self.late.arrive()
        self.administrators.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        self.invitation.forget()
        self.laptops.forget()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.details.first_empty if self._for_details else self.table

    def _tell_news(self, sentence: str) -> None:
        self._news.say("Old news." if sentence else "", sentence, Tone.LATE)

    def _open(self, row: MemberRow) -> None:
        self._context.shell.go_to("colleague", user=row.user)

    def _count_people(self, words: str) -> None:
        self._count.setText(words)
        self.table.updateGeometry()

    def _invite(self) -> None:
        self.presenter.invite(self.invitation.role.value())

    def _save(self) -> None:
        self.presenter.save_details(self.details.values())

    def _problems(self, problems: dict[str, str]) -> None:
        self.details.form.show_problems({name: text for name, text in problems.items() if name != "role"})
        self.invitation.say_problem(problems.get("role", ""))

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")

    def _busy(self, what: str) -> None:
        self.waiting.setEnabled(not what)
        if what:
            self._problem.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            self._progress.end()

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _PeopleTable(ListTable):
    """As high as the people it lists, within reason."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height_for(min(max(self.model().rowCount(), 2), 10)))


class _WaitingCard(Card):
    """Everybody who asked to join, with the words to compare."""

    let_in = Signal(object)

    def __init__(self) -> None:
        super().__init__(heading="Waiting to be let in")
        self._lead = Text("")
        self._list = column(gap="medium")
        self.look = Button("Look in the shared folder", icon_name="refresh-cw")
        self.body.addWidget(self._lead)
        self.body.addLayout(self._list)
        self.body.addWidget(Flow(self.look))
        self.show_requests(())

    def show_requests(self, requests: tuple[JoinRequest, ...]) -> None:
        clear(self._list)
        if not requests:
            self._lead.setText("Nobody. After someone has used an invitation, look in the shared folder.")
            return
        self._lead.setText("Speak with each person, by phone or face to face, and compare all eight words.")
        for request in requests:
            part = _RequestPart(request)
            part.agreed.connect(self.let_in)
            self._list.addWidget(rule())
            self._list.addWidget(part)


class _RequestPart(QWidget):
    agreed = Signal(object)

    def __init__(self, request: JoinRequest) -> None:
        super().__init__()
        styled(self, "clear")
        self._request = request
        role = ROLES.get(request.role, request.role)
        words = request.words
        self.words = Text("\n".join("   ".join(words[start : start + 4]) for start in range(0, len(words), 4)), "large")
        self.words.setAccessibleName(f"Words to compare: {', '.join(words)}")
        self.go = Button("The words are the same: let them in", "primary", icon_name="check")
        title = f", {request.job_title}" if request.job_title else ""
        layout = column(self, gap="small")
        for part in (
            Text(f"{request.name} ({request.initials}){title}", "strong"), Text(f"Wants to join as: {role}", "muted"),
            self.words, Flow(self.go),
            Text("If one word is different, do not let them in. Make a new invitation and give it by hand.", "muted"),
        ):  # fmt: skip
            layout.addWidget(part)
        self.go.clicked.connect(self._agree)

    def _agree(self) -> None:
        self.agreed.emit(self._request)


class _DetailsCard(Card):
    """What letters say about the organisation."""

    def __init__(self) -> None:
        super().__init__(heading="Your organisation on letters")
        self.form = Form(ErrorSummary())
        self._missing = Banner("", "", Tone.LATE)
        self._boxes: dict[str, TextBox | TextArea] = {
            "name": TextBox(), "letter_name": TextBox(), "address": TextArea(lines=3), "phone": TextBox(wide_em=20),
            "email": TextBox(), "website": TextBox(), "out_of_hours": TextBox(wide_em=20),
        }  # fmt: skip
        self._envelope = Select(wide_em=24)
        self._envelope.set_options(list(WINDOW_ENVELOPES.items()))
        self._envelope.set_value("dl")
        self.save = Button("Save", "primary", keys="Ctrl+S")
        self.body.addWidget(self.form.summary)
        self.body.addWidget(self._missing)
        for name, (label, hint, optional) in _DETAILS.items():
            field = Field(label, self._boxes[name], hint=hint, optional=optional)
            self.body.addWidget(self.form.add(name, field))
        envelope = Field("Window envelopes", self._envelope, hint="The address stands where their window shows it.")
        self.body.addWidget(self.form.add("envelope", envelope))
        self.body.addWidget(Flow(self.save))
        self._shown: dict[str, str] = {}

    @property
    def first_empty(self) -> QWidget:
        """The first box that letters cannot do without and that holds nothing. (A name every organisation has.)"""
        needed = [self._boxes[name] for name, (_, _, optional) in _DETAILS.items() if not optional and name != "name"]
        return next((box for box in needed if not box.text().strip()), needed[0])

    def values(self) -> dict[str, str]:
        """What stands in the form, by field."""
        chosen = self._envelope.value()
        return {name: box.text() for name, box in self._boxes.items()} | {"envelope": str(chosen or "")}

    def show_details(self, details: dict[str, str], missing: tuple[str, ...]) -> None:
        """Fill the boxes, but for those in which something was typed meanwhile."""
        for name, box in self._boxes.items():
            if box.text() == self._shown.get(name, ""):
                box.setText(details[name])
        if self._envelope.value() == self._shown.get("envelope", "dl"):
            self._envelope.set_value(details["envelope"] if details["envelope"] in WINDOW_ENVELOPES else "dl")
        self._shown = details
        names = ", ".join(_DETAILS[name][0].lower() for name in missing)
        self._missing.say("Letters need more." if missing else "", f"Enter: {names}." if missing else "")


_DETAILS = {
    "name": ("Name", "", False),
    "letter_name": ("Name on letters", "If it differs from the name above.", True),
    "address": ("Address", "", False),
    "phone": ("Phone", "", False),
    "email": ("Email", "", False),
    "website": ("Web page for reports", "", True),
    "out_of_hours": ("Out-of-hours phone", "", True),
}


def _stack(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder
