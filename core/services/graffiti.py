"""Graffiti: who judges it, and the contractor who removes it (policy 4.25 and 6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.case import Case, Graffiti
from core.domain.doors import ORDER_OUTCOMES, WALLS, ContractorOrder, GraffitiJudgement
from core.foundation.ids import RecordId
from core.letters.leak_guard import find_leaks, prepare
from core.policy.safety import ORDER_SAYS_WHY, order_says_why
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.letter_secrets import secrets_of_case
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderForm:
    """What a contractor is asked. `wall`: whose it is; `owner_agreed` is needed where it is not ours."""

    graffiti: RecordId
    contractor: str
    words: str
    wall: str
    owner_agreed: bool | None = None


def judge_graffiti(
    workspace: Workspace, *, graffiti: RecordId, offensive: bool | None, reasons: str = ""
) -> StepRecorded:
    """Whether graffiti is offensive or discriminatory, judged by whoever does it now (policy 4.25).

    Raises:
        FormIncomplete: nothing was judged, or the 24 hours would end without a reason.
    """
    problems = Problems()
    problems.need(offensive is not None, "offensive", "Say whether it is offensive or discriminatory.")
    problems.need(
        offensive is not False or reasons.strip(), "reasons",
        "Say why it is neither offensive nor discriminatory. The 24 hours no longer apply then.",
    )  # fmt: skip
    problems.settle()
    mark = workspace.store.get(Graffiti, graffiti)
    with workspace.store.unit("judge-graffiti") as (unit, outcome):
        record = unit.create(
            GraffitiJudgement, mark.stream, case=mark.case, graffiti=graffiti, offensive=offensive,
            judged_at=workspace.parts.clock.now(), judged_by=workspace.user, reasons=reasons,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def order_removal(workspace: Workspace, *, form: OrderForm) -> StepRecorded:
    """A contractor is asked to remove graffiti, in words that do not say why (policy 4.25).

    Raises:
        FormIncomplete: no contractor, no words, words that give somebody away, or a wall whose owner did not agree.
    """
    mark = workspace.store.get(Graffiti, form.graffiti)
    problems = Problems()
    problems.need(form.contractor.strip(), "contractor", "Say who was asked.")
    problems.need(form.words.strip(), "words", "Write down what they were asked.")
    problems.need(form.wall in WALLS, "wall", "Say whose wall it is.")
    problems.need(form.wall in ("", "ours") or form.owner_agreed, "owner_agreed", "Ask the owner of the wall first.")
    for sentence in given_away(workspace, mark, form.words)[:1]:
        problems.need(False, "words", sentence)  # nothing to test: it was found
    telling = order_says_why(form.words, ())
    problems.need(not telling, "words", ORDER_SAYS_WHY.format(words=", ".join(telling)))
    problems.settle()
    with workspace.store.unit("order-removal") as (unit, outcome):
        record = unit.create(
            ContractorOrder, mark.stream, case=mark.case, graffiti=mark.id, contractor=form.contractor,
            words=form.words, wall=form.wall, owner_agreed=form.owner_agreed, ordered_by=workspace.user,
            ordered_at=workspace.parts.clock.now(),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def answer_order(workspace: Workspace, *, order: RecordId, came: str, cannot_because: str = "") -> StepRecorded:
    """What became of an order: they came, or cannot come in time (policy 4.25)."""
    problems = Problems()
    problems.need(came in ORDER_OUTCOMES and came != "ordered", "came", "Say what became of it.")
    problems.need(came != "cannot" or cannot_because.strip(), "cannot_because", "Say why they cannot come.")
    problems.settle()
    with workspace.store.unit("answer-order") as (unit, outcome):
        unit.update(ContractorOrder, order, outcome=came, cannot_because=cannot_because)
    return StepRecorded(order, outcome.changed)


def given_away(workspace: Workspace, mark: Graffiti, words: str) -> tuple[str, ...]:
    """What in the words to a contractor tells of the case; where the graffiti is they have to know."""
    if mark.case is None:
        return ()
    secrets = prepare(secrets_of_case(workspace, workspace.store.get(Case, mark.case)))
    return tuple(leak.why for leak in find_leaks(words, secrets, allowed=(mark.place,) if mark.place else ()))


# ------------------------------------------------------------------ the story


def _tell_judgement(judgement: GraffitiJudgement, names: Names) -> Iterator[TimelineEntry | None]:
    title = "Graffiti judged offensive or discriminatory"
    if judgement.offensive is False:
        title = "Graffiti judged neither offensive nor discriminatory"
    yield entry(judgement, judgement.judged_at, title, names.get(judgement.judged_by, ""), judgement.reasons)


def _tell_order(order: ContractorOrder, names: Names) -> Iterator[TimelineEntry | None]:
    body = "\n".join(part for part in (order.words, label_of(order, "outcome"), order.cannot_because) if part)
    yield entry(
        order, order.ordered_at, f"Contractor asked: {order.contractor}", names.get(order.ordered_by, ""), body
    )


TELLERS: dict[str, Teller] = {
    GraffitiJudgement.SPEC.name: _tell_judgement,
    ContractorOrder.SPEC.name: _tell_order,
}
