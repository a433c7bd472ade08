"""The doors around a home, counted and not measured (policy 4.12)."""

from __future__ import annotations

from core.policy.neighbours import Door, doors_around


def street(*numbers: int | None) -> list[Door]:
    """Doors in this order, each named by its place."""
    return [Door(f"{place}".encode(), number) for place, number in enumerate(numbers)]


def numbers(doors: list[Door], found: tuple[bytes, ...]) -> list[int | None]:
    return [door.number for door in doors if door.home in found]


WALK = street(1, 3, 5, 7, 9, 11, 12, 10, 8, 6, 4, 2)
"""Up the odd side and down the even one, as letters are delivered."""


def test_doors_on_each_side_and_those_across_between_them() -> None:
    assert numbers(WALK, doors_around(WALK, WALK[2].home, 1)) == [3, 5, 7, 8, 6, 4, 2]
    assert numbers(WALK, doors_around(WALK, WALK[8].home, 1)) == [5, 7, 9, 11, 10, 8, 6]


def test_where_the_street_ends_there_are_fewer() -> None:
    assert numbers(WALK, doors_around(WALK, WALK[0].home, 2)) == [1, 3, 5, 6, 4, 2]
    assert len(doors_around(WALK, WALK[5].home, 50)) == len(WALK)


def test_flats_of_one_building_are_counted_one_by_one_and_the_walk_goes_on_to_the_next_house() -> None:
    doors = street(4, 4, 4, 6, 7, 3)
    assert doors_around(doors, doors[1].home, 1) == tuple(doors[place].home for place in (0, 1, 2, 5))
    assert doors[3].home in doors_around(doors, doors[2].home, 1)


def test_without_numbers_there_is_no_other_side_and_a_home_elsewhere_has_no_neighbours() -> None:
    named = street(None, None, None, 5)
    assert doors_around(named, named[0].home, 1) == (named[0].home, named[1].home)
    assert doors_around(named, b"elsewhere", 3) == ()
    assert doors_around(WALK, WALK[2].home, 0)[0:1] == (WALK[2].home,)
