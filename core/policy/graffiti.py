"""Graffiti beside its clock: who judged it, the photograph before, the order to a contractor (4.25 and 6.3).

1. Not judged yet counts as offensive. The latest judgement holds; the time runs from our being told whatever it says.
2. It is photographed before it is removed, or somebody writes down why not: it is evidence.
3. A contractor is told where and what, never why.
"""

from __future__ import annotations

from datetime import UTC, datetime

from core.domain.case import Graffiti
from core.domain.doors import ContractorOrder, GraffitiJudgement
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("4.25", "Offensive or not: judged by whom and when, the latest holds", on=("Area",))
def judgement_now(facts: CaseFacts, mark: Graffiti) -> GraffitiJudgement | None:
    """Policy 4.25: the judgement on a marked place that holds, with who judged and when; None if nobody has."""
    found = [one for one in facts.of(GraffitiJudgement) if one.graffiti == mark.id and one.offensive is not None]
    return max(found, key=lambda one: (known(one.judged_at) or _BEGINNING, one.id), default=None)


@keeps("6.3", "Not judged yet counts as offensive", on=("Today", "Area"))
def is_offensive(facts: CaseFacts, mark: Graffiti) -> bool:
    """Policy 4.25 and 6.3: whether the 24 hours apply to a marked place. Not judged yet counts as offensive."""
    judged = judgement_now(facts, mark)
    return (mark.offensive if judged is None else judged.offensive) is not False


@keeps("4.25", "Photographed before it is removed, or why not", on=("Area",))
def why_not_removed(mark: Graffiti, *, photo_before: RecordId | None, no_photo_because: str) -> str:
    """Policy 4.25: what marking it removed still needs: a photograph from before, or the reason there is none."""
    if photo_before or no_photo_because.strip() or mark.photo_before or mark.no_photo_because:
        return ""
    return "Choose the photograph taken before, or say why there is none."


@keeps("4.25", "A contractor is told where and what, never why", on=("Area",))
def order_words(mark: Graffiti) -> str:
    """Policy 4.25: what a contractor is asked: where and what, never why."""
    where = mark.place.strip() or "the place we will tell you"
    return f"Please remove the graffiti here today: {where}. Photograph it before you begin, and again when it is gone."


def order_now(facts: CaseFacts, mark: Graffiti) -> ContractorOrder | None:
    """Policy 4.25: the newest order for a marked place; None if nobody was asked."""
    found = [one for one in facts.of(ContractorOrder) if one.graffiti == mark.id]
    return max(found, key=lambda one: (known(one.ordered_at) or _BEGINNING, one.id), default=None)


@keeps("4.25", "A contractor who cannot come is replaced", on=("Area",))
def needs_another_contractor(facts: CaseFacts, mark: Graffiti) -> bool:
    """Policy 4.25: whether the newest contractor cannot come while the graffiti still stands."""
    newest = order_now(facts, mark)
    return newest is not None and newest.outcome == "cannot" and known(mark.removed_at) is None
