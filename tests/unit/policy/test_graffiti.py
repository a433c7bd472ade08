"""Graffiti beside its clock (4.25, 6.3)."""

from __future__ import annotations

import itertools
from typing import Any

from core.domain.case import Graffiti
from core.domain.doors import ContractorOrder, GraffitiJudgement
from core.policy.duties import DutyState
from core.policy.graffiti import (
    is_offensive,
    judgement_now,
    needs_another_contractor,
    order_now,
    order_words,
    why_not_removed,
)
from core.policy.service_standards import graffiti_removal
from tests.support.policy import facts, make, named, setting

TOLD = "2026-11-26 10:00"


def a_mark(name: str = "wall", **fields: Any) -> Graffiti:
    return make(Graffiti, name, **{"notified_at": TOLD, "place": "Stairwell", **fields})


def judged(at: str, *, offensive: bool, of: Graffiti) -> GraffitiJudgement:
    return make(GraffitiJudgement, at, graffiti=of.id, judged_at=at, offensive=offensive)


def test_not_judged_counts_as_offensive() -> None:
    assert is_offensive(facts(a_mark(offensive=None)), a_mark(offensive=None))
    assert judgement_now(facts(a_mark()), a_mark()) is None


def test_the_latest_judgement_holds_in_any_order() -> None:
    mark = a_mark()
    both = (judged("2026-11-26 11:00", offensive=False, of=mark), judged("2026-11-27 11:00", offensive=True, of=mark))
    for order in itertools.permutations(both):
        found = facts(mark, *order)
        assert is_offensive(found, mark)
        assert judgement_now(found, mark) == both[1]


def test_judged_ordinary_first_and_offensive_later_is_late_at_once() -> None:
    mark = a_mark()
    first = judged("2026-11-26 11:00", offensive=False, of=mark)
    (duty,) = graffiti_removal(facts(mark, first), setting("2026-11-28 12:00"))
    assert duty.state is DutyState.NOT_APPLICABLE
    later = judged("2026-11-28 11:00", offensive=True, of=mark)
    (duty,) = graffiti_removal(facts(mark, first, later), setting("2026-11-28 12:00"))
    assert duty.state is DutyState.LATE, "the time runs from when we were told"


def test_two_walls_are_judged_apart() -> None:
    wall, gate = a_mark("wall"), a_mark("gate")
    found = facts(wall, gate, judged("2026-11-26 11:00", offensive=False, of=gate))
    assert is_offensive(found, wall) and not is_offensive(found, gate)


def test_a_photograph_before_or_the_reason_there_is_none() -> None:
    mark = a_mark()
    assert why_not_removed(mark, photo_before=None, no_photo_because=" ").startswith("Choose the photograph")
    assert why_not_removed(mark, photo_before=named("photo"), no_photo_because="") == ""
    assert why_not_removed(mark, photo_before=None, no_photo_because="Rain") == ""


def test_the_order_says_where_and_never_why() -> None:
    words = order_words(a_mark())
    assert "Stairwell" in words
    for telling in ("offensive", "racist", "hate", "harass", "case", "discriminat"):
        assert telling not in words.casefold()


def test_a_contractor_who_cannot_come_leaves_the_work_open() -> None:
    mark = a_mark()
    first = make(ContractorOrder, "a", graffiti=mark.id, ordered_at="2026-11-26 11:00", outcome="cannot")
    assert needs_another_contractor(facts(mark, first), mark)
    second = make(ContractorOrder, "b", graffiti=mark.id, ordered_at="2026-11-26 12:00")
    for order in itertools.permutations((first, second)):
        assert order_now(facts(mark, *order), mark) == second
        assert not needs_another_contractor(facts(mark, *order), mark)
    gone = a_mark(removed_at="2026-11-26 15:00")
    assert not needs_another_contractor(facts(gone, first), gone)
