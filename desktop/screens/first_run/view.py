"""The first run: choose, then found or join; joining waits until a colleague has compared eight words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.operations.beginning import Founding, Joining
from desktop.screens.centred import Centred
from desktop.screens.first_run.passphrase import PassphrasePart
from desktop.screens.first_run.presenter import FirstRunActions, FirstRunPresenter, Step
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
    TextArea,
    TextBox,
    Tone,
    announce,
    column,
    row,
    rule,
    styled,
)

COMPARE = "Read these eight words to the person who invited you, by phone or face to face. They must see the same ones."


class FirstRunView(Centred):
    """`opened` when a workbook is open. `waiting` starts on the page that waits to be let in."""

    opened = Signal()

    def __init__(self, actions: FirstRunActions, *, waiting: bool = False, parent: QWidget | None = None) -> None:
        self._choose, self._found, self._join, self._wait = _Choose(), _Found(), _Join(), _Wait()
        self._pages: dict[Step, _StepCard] = {
            Step.CHOOSE: self._choose,
            Step.FOUND: self._found,
            Step.JOIN: self._join,
            Step.WAIT: self._wait,
        }
        self._stack = _OneAtATime(self._pages.values())
        super().__init__(
            self._stack, foot="Works offline. Nothing leaves this laptop until you sync.", wide_em=76, parent=parent
        )
        self._presenter = presenter = FirstRunPresenter(actions, self)
        presenter.moved.connect(self._move)
        presenter.busy.connect(self._busy)
        presenter.problems.connect(self._say)
        presenter.suggested.connect(self._suggested)
        presenter.strength.connect(self._strength)
        presenter.words_to_compare.connect(self._wait.show_words)
        presenter.waiting_told.connect(self._wait.tell)
        presenter.opened.connect(self._opened)
        self._choose.found.clicked.connect(self._to_found)
        self._choose.join.clicked.connect(self._to_join)
        for card in (self._found, self._join):
            card.back.clicked.connect(self._to_choose)
            card.secret.another_asked.connect(presenter.suggest)
            card.secret.typed.connect(self._passphrase_typed)
        self._found.go.clicked.connect(self._do_found)
        self._join.go.clicked.connect(self._do_join)
        self._found.secret.finished.connect(self._do_found)
        self._join.secret.finished.connect(self._do_join)
        self._wait.go.clicked.connect(self._do_check)
        self._wait.again.returnPressed.connect(self._do_check)
        self._move(Step.WAIT if waiting else Step.CHOOSE)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts on the page on show."""
        return self._now.first

    @property
    def _now(self) -> _StepCard:
        return self._pages[self._step]

    def _move(self, step: Step) -> None:
        self._step = step
        self._stack.show_page(self._now)
        self.setAccessibleName(self._now.title)
        self.scroller.verticalScrollBar().setValue(0)
        self._now.first.setFocus(Qt.FocusReason.OtherFocusReason)
        if step in (Step.FOUND, Step.JOIN):
            self._presenter.suggest()

    def _to_choose(self) -> None:
        self._presenter.go(Step.CHOOSE)

    def _to_found(self) -> None:
        self._presenter.go(Step.FOUND)

    def _to_join(self) -> None:
        self._presenter.go(Step.JOIN)

    def _do_found(self) -> None:
        self._presenter.found(self._found.form_values(), self._found.secret.again)

    def _do_join(self) -> None:
        self._presenter.join(self._join.form_values(), self._join.secret.again)

    def _do_check(self) -> None:
        self._presenter.check_again(self._wait.again.text())

    def _passphrase_typed(self, text: str) -> None:
        self._presenter.passphrase_typed(text, avoid=self._now.names())

    def _suggested(self, words: str) -> None:
        for card in (self._found, self._join):
            card.secret.show_suggestion(words)

    def _strength(self, score: int, word: str, advice: str) -> None:
        if isinstance(self._now, _FormCard):
            self._now.secret.show_strength(score, word, advice)

    def _busy(self, what: str) -> None:
        self._now.set_busy(what)

    def _say(self, problems: dict[str, str]) -> None:
        self._now.say(problems)

    def _opened(self) -> None:
        for card in (self._found, self._join):
            card.secret.forget()
        self._wait.again.clear()
        self.opened.emit()


class _StepCard(Card):
    """One page of the first run: title, problems, content, a button that goes on."""

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.title = title
        self.first: QWidget = self
        self.form = Form(ErrorSummary())
        self._problem = Banner("", "", Tone.ERROR)
        self._progress = Banner("", "", Tone.INFO, icon_name="clock")
        self.go = Button("", "primary")
        self.body.addWidget(Text(title, "title"))
        if lead:
            self.body.addWidget(Text(lead, "muted"))
        self.body.addWidget(self.form.summary)
        self.body.addWidget(self._problem)
        self._problem.clear()
        self._progress.clear()

    def finish(self, go: str, *others: Button) -> None:
        """Put the buttons at the end."""
        self.go.set_words(go)
        self.body.addWidget(self._progress)
        self.body.addWidget(Flow(self.go, *others))

    def names(self) -> tuple[str, ...]:
        """Names a passphrase should not be made of."""
        return ()

    def set_busy(self, what: str) -> None:
        self._progress.say(what)
        self.go.setEnabled(not what)
        if what:
            announce(self, what)

    def say(self, problems: dict[str, str]) -> None:
        whole = problems.get("", "")
        self._problem.say("That did not work." if whole else "", whole, Tone.ERROR)
        self.form.show_problems({name: sentence for name, sentence in problems.items() if name})
        if whole:
            announce(self, whole, urgent=True)


class _Choose(_StepCard):
    def __init__(self) -> None:
        super().__init__("Welcome", "This laptop has no workbook yet. How do you want to begin?")
        self.found = Button("Start a new organisation", "primary", icon_name="plus")
        self.join = Button("Join one that uses it already", icon_name="users")
        for button, words in (
            (self.found, "For the first person. You will be able to invite the others."),
            (self.join, "For everyone after the first. A colleague has given you an invitation."),
        ):
            self.body.addWidget(rule())
            self.body.addWidget(Text(words))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.go.hide()
        self.first = self.found


class _FormCard(_StepCard):
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
        self._invitation = TextArea("Paste it here", lines=3)
        self._folder = TextBox("No folder chosen", wide_em=36)
        self._choose = Button("Choose folder", icon_name="folder-open")
        folder = _FolderLine(self._folder, self._choose)
        self.body.addWidget(self.form.add("invitation", Field("Invitation", self._invitation)))
        hint = "The office network drive, or a USB stick. Everything in it is sealed."
        self.body.addWidget(self.form.add("shared_folder", Field("Shared folder", folder, hint=hint)))
        self.add_person()
        self.finish("Ask to join", self.back)
        self.first = self._invitation
        self._choose.clicked.connect(self._ask_folder)

    def names(self) -> tuple[str, ...]:
        return (self.your_name.text(),)

    def form_values(self) -> Joining:
        return Joining(
            invitation=self._invitation.text().strip(),
            your_name=self.your_name.text().strip(),
            initials=self.initials.text().strip(),
            job_title=self.job.text().strip(),
            passphrase=self.secret.passphrase,
            shared_folder=Path(self._folder.text().strip()),
        )

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, "Choose the shared folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()


class _FolderLine(QWidget):
    """The box and its button as one control of a `Field`."""

    def __init__(self, box: TextBox, button: Button) -> None:
        super().__init__()
        styled(self, "clear")
        layout = row(self)
        layout.addWidget(box, 1)
        layout.addWidget(button)
        self._box = box
        self.setFocusProxy(box)

    def setAccessibleName(self, name: str) -> None:
        self._box.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self._box.setAccessibleDescription(description)


class _Wait(_StepCard):
    def __init__(self) -> None:
        super().__init__("Waiting to be let in", "Your request is in the shared folder. A colleague must accept it.")
        self._lead = Text(COMPARE)
        self._words = Text("", "large", selectable=True)
        self._told = Banner("", "", Tone.SOON)
        self.again = PassphraseBox(wide_em=36)
        self._field = Field("Your passphrase", self.again, hint="The one you chose when you asked to join.")
        for part in (self._lead, self._words, self._told, self.form.add("waiting_passphrase", self._field)):
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

    def tell(self, sentence: str) -> None:
        self._told.say("Not accepted yet.", sentence, Tone.SOON)
        announce(self, sentence)

    def say(self, problems: dict[str, str]) -> None:
        if problems:
            self._field.show()
            self._told.clear()
        super().say(problems)


class _OneAtATime(QWidget):
    """As high as the page on show, not as the highest: the others are out of the layout."""

    def __init__(self, pages: Iterable[QWidget]) -> None:
        super().__init__()
        styled(self, "clear")
        layout = column(self, gap="none")
        self._pages = tuple(pages)
        for page in self._pages:
            page.hide()
            layout.addWidget(page)

    def show_page(self, wanted: QWidget) -> None:
        for page in self._pages:
            page.setVisible(page is wanted)
