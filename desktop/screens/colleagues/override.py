"""The way to signing that somebody who is kept out of a case may be let in."""

from __future__ import annotations

from functools import partial

from desktop.screens.context import ScreenContext
from desktop.widgets import Button, Card, Flow, Text


class OverrideCard(Card):
    """For administrators; the page itself says who may sign."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(heading="Somebody kept out of a case")
        self.go = Button("Sign a request")
        self.body.addWidget(Text(
            "An officer may ask two administrators to agree that somebody with a connection to a case reads it all the"
            " same. You do not see the case by that.", "muted",
        ))  # fmt: skip
        self.body.addWidget(Flow(self.go))
        self.go.clicked.connect(partial(context.shell.go_to, "override"))
