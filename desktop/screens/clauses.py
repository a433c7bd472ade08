"""The clause of the policy behind a rule, one press away from wherever a screen names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop.screens.context import ScreenContext
from desktop.widgets import Button, Flow


class ClauseLink(Button):
    """ "Policy 4.24": shows what that clause says. Esc comes back."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Policy {number}", "link")
        self.number = number
        self.setAccessibleName(f"Policy {number}: what it says")


def clause_link(number: str, asked: Callable[[str], object]) -> ClauseLink:
    """A link to a clause; a press says `asked(number)`."""
    link = ClauseLink(number)
    link.clicked.connect(partial(asked, number))
    return link


def clause_links(numbers: Sequence[str], asked: Callable[[str], object]) -> Flow:
    """The links of several clauses beside each other."""
    return Flow(*(clause_link(number, asked) for number in numbers))


def without_clause(why: str, number: str) -> str:
    """A reason without the clause at its end, where the link beside it names it."""
    return why.removesuffix(f" Policy {number}.")


def show_clause(context: ScreenContext, number: str) -> None:
    """Open the page of a clause."""
    context.shell.go_to("help", clause=number)
