"""Walking the pages of a chapter as an officer does: open, answer, save, and read the tab of the case's file."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.workspace import Workspace
from desktop.screens.case.chapters.declare import Part
from desktop.screens.step.presenter import StepPresenter, StepView
from tests.support.desk import Heard, Seat
from tests.support.workspaces import clock_of


def answer(
    seat: Seat, step: str, case: RecordId, answers: dict[str, object], subject: RecordId | None = None
) -> dict[str, str]:
    """Open a page, answer it, save it. Gives the problems the page told, if it did not save."""
    presenter = StepPresenter(seat.context)
    opened, problems, failed = Heard(presenter.opened), Heard(presenter.problems), Heard(presenter.failed)
    presenter.arrive(step, case, subject)
    view = opened.last
    assert isinstance(view, StepView)
    presenter.typed({**view.answers, **answers})
    presenter.save()
    assert not failed.all, failed.all
    found: dict[str, str] = problems.last if problems.all else {}
    return found


def menu_of(workspace: Workspace, case: RecordId) -> list[str]:
    """The steps a case offers now."""
    from desktop.screens.case.words import what_can_be_added

    return [step for step, _, _ in what_can_be_added(read_case(workspace, case=case))]


def told(workspace: Workspace, part: Part, case: RecordId) -> str:
    """Everything a tab says, in one text, folded words left out."""
    found = part.facts(read_case(workspace, case=case), clock_of(workspace).now())
    lines = []
    for fact in found:
        lines += [fact.heading, *(words for words, _ in fact.tags), *fact.lines, *(one.words for one in fact.doing)]
        lines += [f"Policy {number}" for number in fact.clauses]
    return "\n".join(line for line in lines if line)
