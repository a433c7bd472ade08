"""A round of visits to every tenant of an area (4.11)."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.doors import VISIT_OUTCOMES, Visit, VisitDoor, VisitRound
from core.policy.no_perpetrator import StepKind, StepState, steps_for_police_and_doors
from core.policy.visits import DoorNow, doors_now, progress_of, visited_at
from tests.support.policy import facts, london, make, setting

ROUND = make(VisitRound, area="Quill House", planned_at="2026-11-26 09:00")


def a_door(place: int, **fields: Any) -> VisitDoor:
    return make(VisitDoor, str(place), round=ROUND.id, place=place, address=f"Flat {place}", **fields)


def a_knock(door: VisitDoor, at: str, outcome: str, **fields: Any) -> Visit:
    return make(Visit, f"{door.place} {at} {outcome}", round=ROUND.id, door=door.id, at=at, outcome=outcome, **fields)


def one(*knocks: Visit) -> DoorNow:
    return doors_now([a_door(1)], knocks, attempts=3)[0]


def test_the_latest_knock_says_how_a_door_stands() -> None:
    door = a_door(1)
    first, second = a_knock(door, "2026-11-26 10:00", "no-answer"), a_knock(door, "2026-11-27 10:00", "spoke")
    assert not one(first).done
    assert one(second, first).outcome == "spoke" and one(second, first).done
    back = a_knock(door, "2026-11-27 10:00", "spoke", taken_back_at="2026-11-27 10:01")
    assert one(first, back).outcome == "no-answer", "a knock taken back counts no more"


def test_nobody_home_three_times_asks_for_a_card() -> None:
    door = a_door(1)
    knocks = [a_knock(door, f"2026-11-2{day} 10:00", "no-answer") for day in (5, 6, 7)]
    assert not one(*knocks[:2]).leave_card
    assert one(*knocks).leave_card and not one(*knocks).done
    left = one(*knocks, a_knock(door, "2026-11-27 10:05", "card"))
    assert left.done and not left.leave_card


def test_progress_counts_every_door_once() -> None:
    doors = [a_door(1), a_door(2), a_door(3), a_door(4, left_out_because="Complained about")]
    knocks = [a_knock(doors[0], "2026-11-26 10:00", "info"), a_knock(doors[1], "2026-11-26 10:02", "no-answer")]
    found = progress_of(doors_now(doors, knocks, attempts=3))
    assert (found.doors, found.done, found.no_answer, found.to_go, found.left_out) == (3, 1, 1, 1, 1)


def test_a_round_is_finished_by_its_last_door_or_by_ending_it() -> None:
    door, other = a_door(1), a_door(2, left_out_because="They live in fear of the door")
    knock = a_knock(door, "2026-11-26 10:00", "refused")
    assert visited_at(facts(ROUND, door, other), ROUND, attempts=3) is None
    assert visited_at(facts(ROUND, door, other, knock), ROUND, attempts=3) == london("2026-11-26 10:00")
    ended = make(VisitRound, ended_at="2026-11-28 10:00")
    assert visited_at(facts(ended, door), ended, attempts=3) == london("2026-11-28 10:00")
    assert visited_at(facts(ROUND), ROUND, attempts=3) is None, "a round without doors visited nobody"


def test_the_step_shows_from_the_records_how_far_it_is() -> None:
    door, other = a_door(1), a_door(2)
    knock, last = a_knock(door, "2026-11-26 10:00", "spoke"), a_knock(other, "2026-11-26 10:05", "spoke")

    def visits(*records: Any) -> Any:
        steps = steps_for_police_and_doors(facts(ROUND, door, other, *records), setting("2026-11-27 10:00"))
        return next(step for step in steps if step.kind is StepKind.VISIT)

    assert (visits(knock).state, visits(knock).note) == (StepState.STARTED, "1 of 2 doors done.")
    assert visits(knock, last).state is StepState.DONE


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 5), st.sampled_from(sorted(VISIT_OUTCOMES))), max_size=12),
       st.integers(0, 2**32))  # fmt: skip
def test_the_order_of_records_does_not_matter(knocked: list[tuple[int, int, str]], seed: int) -> None:
    doors = [a_door(place) for place in (1, 2, 3)]
    knocks = [a_knock(doors[place - 1], f"2026-11-2{minute} 10:00", outcome) for place, minute, outcome in set(knocked)]
    expected = doors_now(doors, knocks, attempts=3)
    dice = random.Random(seed)  # shuffles test data
    dice.shuffle(doors)
    dice.shuffle(knocks)
    assert doors_now(doors, knocks, attempts=3) == expected
