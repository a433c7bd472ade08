"""The first run: choose, then found or join; joining waits until a colleague has compared eight words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.operations.beginning import Founding, Joining
from desktop.screens.centred import Centred
from desktop.screens.code_box import CodeBox
from desktop.screens.first_run.cards import OneAtATime, StepCard
from desktop.screens.first_run.demo import DemoPart
from desktop.screens.first_run.lost import LostLaptops
from desktop.screens.first_run.passphrase import PassphrasePart
from desktop.screens.first_run.presenter import FirstRunActions, FirstRunPresenter, Step
from desktop.screens.first_run.second_laptop import CodeShown, SecondLaptop
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import (
    Banner,
    Button,
    Field,
    PassphraseBox,
    Text,
    TextBox,
    Tone,
    announce,
    rule,
)

WAITING_LEAD = "Your request is in the shared folder. A colleague, or your other laptop, must answer it."
LAID_OUT_MS = 50
COMPARE_LAPTOPS = "Your other laptop must show these eight words before you answer there."
COMPARE = "Read these eight words to the person who invited you, by phone or face to face. They must see the same ones."


class FirstRunView(Centred):
    """`opened` when a workbook is open. `waiting` starts on the page that waits to be let in."""

    opened = Signal()
    demo_opened = Signal()
    """The demo with made-up people, and no workbook of this laptop's."""
    help_section = "The first start"

    def __init__(self, actions: FirstRunActions, *, waiting: bool = False, parent: QWidget | None = None) -> None:
        self._choose, self._found, self._join, self._pair = _Choose(actions), _Found(), _Join(), SecondLaptop()
        self._wait, self._lost = _Wait(), LostLaptops()
        self._pages: dict[Step, StepCard] = {
            Step.CHOOSE: self._choose,
            Step.FOUND: self._found,
            Step.JOIN: self._join,
            Step.PAIR: self._pair,
            Step.LOST: self._lost,
            Step.WAIT: self._wait,
        }
        self._stack = OneAtATime(self._pages.values())
        super().__init__(
            self._stack, foot="Works offline. Nothing leaves this laptop until you sync.", wide_em=76, parent=parent
        )
        self._wanted: QWidget | None = None
        self._soon = QTimer(self)  # what has just appeared has its place only after the page was laid out again
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAID_OUT_MS)
        self._soon.timeout.connect(self._into_view)
        self._presenter = presenter = FirstRunPresenter(actions, self)
        presenter.moved.connect(self._move)
        presenter.busy.connect(self._busy)
        presenter.problems.connect(self._say)
        presenter.suggested.connect(self._suggested)
        presenter.strength.connect(self._strength)
        presenter.words_to_compare.connect(self._wait.show_words)
        presenter.waiting_told.connect(self._wait.tell)
        presenter.code_to_show.connect(self._wait.show_code)
        presenter.code_read.connect(self._join.code.set_text)
        presenter.sheet_read.connect(self._lost.show_words)
        presenter.opened.connect(self._opened)
        self._choose.found.clicked.connect(self._to_found)
        self._choose.join.clicked.connect(self._to_join)
        self._choose.pair.clicked.connect(self._to_pair)
        self._choose.lost.clicked.connect(self._to_lost)
        self._choose.demo.opened.connect(self.demo_opened)
        for box in self._lost.boxes:
            box.file_chosen.connect(presenter.read_sheet)
        self._join.code.picture_chosen.connect(presenter.read_picture)
        for card in self._forms:
            card.back.clicked.connect(self._to_choose)
            card.secret.another_asked.connect(presenter.suggest)
            card.secret.typed.connect(self._passphrase_typed)
        self._found.go.clicked.connect(self._do_found)
        self._join.go.clicked.connect(self._do_join)
        self._pair.go.clicked.connect(self._do_pair)
        self._lost.go.clicked.connect(self._do_recover)
        self._lost.secret.finished.connect(self._do_recover)
        self._pair.secret.finished.connect(self._do_pair)
        self._found.secret.finished.connect(self._do_found)
        self._join.secret.finished.connect(self._do_join)
        self._wait.go.clicked.connect(self._do_check)
        self._wait.again.returnPressed.connect(self._do_check)
        self._move(Step.WAIT if waiting else Step.CHOOSE)

    def show_step(self, step: Step) -> None:
        """Show one of its pages."""
        self._presenter.go(step)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts on the page on show."""
        return self._now.first

    def forget_passphrase(self) -> None:
        for card in self._forms:
            card.secret.empty()
        self._wait.again.clear()

    @property
    def _forms(self) -> tuple[_FormCard | SecondLaptop | LostLaptops, ...]:
        return self._found, self._join, self._pair, self._lost

    @property
    def _now(self) -> StepCard:
        return self._pages[self._step]

    def _move(self, step: Step) -> None:
        self._step = step
        self._stack.show_page(self._now)
        self.setAccessibleName(self._now.title)
        self.scroller.verticalScrollBar().setValue(0)
        self._now.first.setFocus(Qt.FocusReason.OtherFocusReason)
        if step in (Step.FOUND, Step.JOIN, Step.PAIR, Step.LOST):
            self._presenter.suggest()

    def _to_choose(self) -> None:
        self._presenter.go(Step.CHOOSE)

    def _to_found(self) -> None:
        self._presenter.go(Step.FOUND)

    def _to_join(self) -> None:
        self._presenter.go(Step.JOIN)

    def _to_pair(self) -> None:
        self._presenter.go(Step.PAIR)

    def _to_lost(self) -> None:
        self._presenter.go(Step.LOST)

    def _do_recover(self) -> None:
        self._presenter.recover(self._lost.form_values(), self._lost.secret.again)

    def _do_found(self) -> None:
        self._presenter.found(self._found.form_values(), self._found.secret.again)

    def _do_join(self) -> None:
        self._presenter.join(self._join.form_values(), self._join.secret.again)

    def _do_pair(self) -> None:
        self._presenter.pair(self._pair.form_values(), self._pair.secret.again)

    def _do_check(self) -> None:
        self._presenter.check_again(self._wait.again.text())

    def _passphrase_typed(self, text: str) -> None:
        self._presenter.passphrase_typed(text, avoid=self._now.names())

    def _suggested(self, words: str) -> None:
        for card in self._forms:
            card.secret.show_suggestion(words)

    def _strength(self, score: int, word: str, advice: str) -> None:
        if isinstance(self._now, (_FormCard, SecondLaptop, LostLaptops)):
            self._now.secret.show_strength(score, word, advice)
            self._bring(self.focusWidget())  # what stands above it has grown

    def _busy(self, what: str) -> None:
        self._now.set_busy(what)
        if what:
            self._bring(self._now.progress)

    def _say(self, problems: dict[str, str]) -> None:
        self._now.say(problems)
        if problems.get(""):
            self._bring(self._now.problem)

    def _bring(self, wanted: QWidget | None) -> None:
        self._wanted = wanted
        self._soon.start()

    def _into_view(self) -> None:
        if self._wanted is not None and self._wanted.isVisible():
            self.scroller.ensureWidgetVisible(self._wanted)

    def _opened(self) -> None:
        for card in self._forms:
            card.secret.forget()
        self._lost.forget()
        self._wait.again.clear()
        self.opened.emit()


class _Choose(StepCard):
    def __init__(self, actions: FirstRunActions) -> None:
        super().__init__("Welcome", "This laptop has no workbook yet. How do you want to begin?")
        self.found = Button("Start a new organisation", "primary", icon_name="plus")
        self.join = Button("Join one that uses it already", icon_name="users")
        self.pair = Button("This is my second laptop", icon_name="copy")
        self.lost = Button("We have lost our laptops: recover from sheets", icon_name="refresh-cw")
        for button, words in (
            (self.found, "For the first person. You will be able to invite the others."),
            (self.join, "For everyone after the first. A colleague has given you an invitation."),
            (self.pair, "You use the workbook on another laptop already, and have it at hand."),
            (self.lost, "You have recovery sheets on paper and a copy of the shared folder."),
        ):
            self.body.addWidget(rule())
            self.body.addWidget(Text(words))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.demo = DemoPart(actions, actions.monotonic_s)
        self.body.addWidget(rule())
        self.body.addWidget(self.demo)
        self.demo.busy.connect(self._hold)
        self.go.hide()
        self.first = self.found

    def _hold(self, busy: bool) -> None:  # a signal gives it
        """What the demo shows at its end must not come over a form half filled in."""
        for button in (self.found, self.join, self.pair, self.lost):
            button.setEnabled(not busy)


class _FormCard(StepCard):
    """What both ways in ask of a person."""

    def __init__(self, title: str, lead: str) -> None:
        super().__init__(title, lead)
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        self.your_name = TextBox(wide_em=36)
        self.initials, self.job = TextBox(wide_em=8), TextBox(wide_em=36)
        self.secret = PassphrasePart(self.form)

    def add_person(self) -> None:
        add = self.body.addWidget
        add(self.form.add("your_name", Field("Your name", self.your_name, hint="As colleagues know you.")))
        hint = "Shown beside what you write. For example: RO"
        add(self.form.add("initials", Field("Your initials", self.initials, hint=hint)))
        add(self.form.add("job_title", Field("Your job title", self.job, optional=True)))
        add(rule())
        add(self.secret)


class _Found(_FormCard):
    def __init__(self) -> None:
        super().__init__("Start a new organisation", "You can change all of this later, except who began it.")
        self._organisation = TextBox(wide_em=40)
        field = Field("Name of your organisation", self._organisation, hint="As it stands on your letters.")
        self.body.addWidget(self.form.add("organisation_name", field))
        self.add_person()
        self.finish("Start", self.back)
        self.first = self._organisation

    def names(self) -> tuple[str, ...]:
        return self._organisation.text(), self.your_name.text()

    def form_values(self) -> Founding:
        return Founding(
            organisation_name=self._organisation.text().strip(),
            your_name=self.your_name.text().strip(),
            initials=self.initials.text().strip(),
            job_title=self.job.text().strip(),
            passphrase=self.secret.passphrase,
        )


class _Join(_FormCard):
    def __init__(self) -> None:
        super().__init__(
            "Join your organisation", "You need the invitation a colleague gave you, and the folder you share."
        )
        self.code = CodeBox("Paste or type it here")
        self._folder = PathLine("Choose folder", PathKind.FOLDER, title="Choose the shared folder")
        hint = "The text you were given, or a picture of the square on the sheet."
        self.body.addWidget(self.form.add("invitation", Field("Invitation", self.code, hint=hint)))
        hint = "The office network drive, a USB stick, or the code of a store. Everything in it is sealed."
        self.body.addWidget(self.form.add("shared_folder", Field("Shared folder", self._folder, hint=hint)))
        self.add_person()
        self.finish("Ask to join", self.back)
        self.first = self.code

    def names(self) -> tuple[str, ...]:
        return (self.your_name.text(),)

    def form_values(self) -> Joining:
        return Joining(
            invitation=self.code.text(),
            your_name=self.your_name.text().strip(),
            initials=self.initials.text().strip(),
            job_title=self.job.text().strip(),
            passphrase=self.secret.passphrase,
            shared_folder=Path(self._folder.text()),
        )


class _Wait(StepCard):
    def __init__(self) -> None:
        super().__init__("Waiting to be let in", WAITING_LEAD)
        self._lead = Text(COMPARE)
        self._words = Text("", "large", selectable=True)
        self._code = CodeShown()
        self._told = Banner("", "", Tone.SOON)
        self.again = PassphraseBox(wide_em=36)
        self._field = Field("Your passphrase", self.again, hint="The one you chose when you asked to join.")
        for part in (self._code, self._lead, self._words, self._told, self.form.add("waiting_passphrase", self._field)):
            self.body.addWidget(part)
        self._lead.hide()
        self._words.hide()
        self._told.clear()
        self.finish("Check again")
        self.first = self.again

    def show_words(self, words: tuple[str, ...]) -> None:
        """Straight after asking: the passphrase is still known, so only the words are shown."""
        self._words.setText("\n".join("   ".join(words[start : start + 4]) for start in range(0, len(words), 4)))
        self._words.setAccessibleName(f"Eight words to compare: {', '.join(words)}")
        self._lead.show()
        self._words.show()
        self._field.hide()
        self.first = self.go

    def show_code(self, code: str, square: object) -> None:
        """For a second laptop: its code, and the words are compared with the other laptop and not with a person."""
        self._code.show_code(code, square)
        self.say_title("Waiting for your other laptop", "Enter this code there: Colleagues, My laptops, Add a laptop.")
        self._lead.setText(COMPARE_LAPTOPS)

    def tell(self, sentence: str) -> None:
        self._told.say("Not yet.", sentence, Tone.SOON)
        announce(self, sentence)

    def say(self, problems: dict[str, str]) -> None:
        if problems:
            self._field.show()
            self._told.clear()
        super().say(problems)
