"""What the pages of the first run are made of."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from desktop.widgets import Banner, Button, Card, ErrorSummary, Flow, Form, Text, Tone, announce, column, styled


class StepCard(Card):
    """One page of the first run: title, problems, content, a button that goes on."""

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.title = title
        self.first: QWidget = self
        self.form = Form(ErrorSummary())
        self.problem = Banner("", "", Tone.ERROR)
        self.progress = Banner("", "", Tone.INFO, icon_name="clock")
        self.go = Button("", "primary")
        self._title, self._lead_text = Text(title, "title"), Text(lead, "muted")
        self.body.addWidget(self._title)
        self.body.addWidget(self._lead_text)
        self._lead_text.setVisible(bool(lead))
        self.body.addWidget(self.form.summary)
        self.body.addWidget(self.problem)
        self.problem.clear()
        self.progress.clear()

    def finish(self, go: str, *others: Button) -> None:
        """Put the buttons at the end."""
        self.go.set_words(go)
        self.body.addWidget(self.progress)
        self.body.addWidget(Flow(self.go, *others))

    def say_title(self, title: str, lead: str) -> None:
        """Say something else at the head of the page."""
        self.title = title
        self._title.setText(title)
        self._lead_text.setText(lead)

    def names(self) -> tuple[str, ...]:
        """Names a passphrase should not be made of."""
        return ()

    def set_busy(self, what: str) -> None:
        self.progress.say(what)
        self.go.setEnabled(not what)
        if what:
            announce(self, what)

    def say(self, problems: dict[str, str]) -> None:
        whole = problems.get("", "")
        self.problem.say("That did not work." if whole else "", whole, Tone.ERROR)
        self.form.show_problems({name: sentence for name, sentence in problems.items() if name})
        if whole:
            announce(self, whole, urgent=True)


class OneAtATime(QWidget):
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
