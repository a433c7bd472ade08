"""The doors around a home: whom a general letter goes to when a whole street is too many (policy 4.12).

A list of homes has no map, so nothing here measures: doors are counted in the order one walks past them. The doors next
to a home on its own side of the street are taken, and those across whose house numbers lie between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.policy.keeps import keeps

MOST_DOORS = 50
EVEN, ODD, NO_SIDE = "even", "odd", ""


@dataclass(frozen=True, slots=True)
class Door:
    """One door of a street. `number` None: none is known, and so no side of the street either."""

    home: bytes
    number: int | None

    @property
    def side(self) -> str:
        """Which side of the street it stands on."""
        if self.number is None:
            return NO_SIDE
        return ODD if self.number % 2 else EVEN


@keeps("4.12", "The doors around a home, counted on each side, and those across the street", on=("Letters",))
def doors_around(street: Sequence[Door], home: bytes, each_side: int) -> tuple[bytes, ...]:
    """Policy 4.12: the home, as many doors on each side of it as asked for, and those across between them.

    `street`: all doors of the street, in the order one walks past them; that order is kept. Fewer where the street
    ends; none where the home is not in it. The home itself is among them: whoever alone got no letter would be
    pointed to.
    """
    here = next((door for door in street if door.home == home), None)
    if here is None:
        return ()
    own = [door for door in street if door.side == here.side]
    at = own.index(here)
    near = own[max(0, at - each_side) : at + each_side + 1]
    numbers = [door.number for door in near if door.number is not None]
    taken = {door.home for door in near}
    if numbers:
        low, high = min(numbers) - 1, max(numbers) + 1
        taken |= {door.home for door in street if door.side != here.side and door.number and low <= door.number <= high}
    return tuple(door.home for door in street if door.home in taken)
