"""Small numbers that would point to people, and every other number from which one of them could be worked out.

A number from 1 to one less than the least that is shown is hidden. Then, as long as any hidden number can be worked out
from what is still shown and from what adds up, one more is hidden, the smallest first. Two tests say whether one can:

1. By adding and taking away: the sums, restricted to what is hidden, are solved; what comes out alone is known.
2. By size: where the hidden parts of a shown whole come to less than the least that is shown, all of them are small,
   and how many people they are together is plain.

Source: primary and complementary cell suppression, as official statistics use it (Willenborg and de Waal 2001, ch. 9).
What is not promised: somebody may still come to know between which two numbers a hidden one lies.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)
_PRIME = 2**61 - 1
"""Sums are solved in whole numbers modulo this prime: exact for tables of this size, and quick."""


def hidden_cells(
    values: Mapping[Cell, int], sums: Sequence[Mapping[Cell, int]], *, least_shown: int,
    never_shown: frozenset[Cell] = frozenset(),
) -> frozenset[Cell]:  # fmt: skip
    """Which numbers are hidden. `sums`: cells with 1 or -1 that together make nothing. `never_shown` are not shown
    anyway, and are kept from being worked out as the rest is.
    """
    small = {cell for cell, value in values.items() if 0 < value < least_shown}
    hidden = small | set(never_shown)
    while True:
        while sum(_hide_more(values, one, hidden, small, least_shown) for one in sums):
            pass
        known = _solved(sums, hidden) & small
        if not known or not sum(_hide_beside(values, sums, hidden, cell) for cell in sorted(known, key=repr)):
            return frozenset(hidden - never_shown)


def _hide_more(
    values: Mapping[Cell, int], one: Mapping[Cell, int], hidden: set[Cell], small: set[Cell], least_shown: int
) -> bool:
    """Hide one more cell of a sum that gives a small number away by itself. Whether one was hidden."""
    gone = [cell for cell in one if cell in hidden]
    parts = [cell for cell in gone if one[cell] > 0]
    wholes = [cell for cell, sign in one.items() if sign < 0]
    alone = len(gone) == 1 and gone[0] in small
    few = len(wholes) == 1 and wholes[0] not in hidden and 0 < sum(values[cell] for cell in parts) < least_shown
    return (alone or few) and _hide(values, one, hidden)


def _hide_beside(values: Mapping[Cell, int], sums: Sequence[Mapping[Cell, int]], hidden: set[Cell], cell: Cell) -> bool:
    """Hide one more number in a sum that leads to a known one."""
    near = [one for one in sums if cell in one]
    return any(_hide(values, one, hidden) for one in (*near, *(one for one in sums if hidden & one.keys())))


def _hide(values: Mapping[Cell, int], one: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Hide the cheapest shown number of a sum: parts before the whole, small before large, nothings last."""
    shown = [cell for cell in one if cell not in hidden]
    if shown:
        hidden.add(min(shown, key=lambda cell: (values[cell] == 0, one[cell] < 0, values[cell])))
    return bool(shown)


def _solved(sums: Sequence[Mapping[Cell, int]], hidden: set[Cell]) -> set[Cell]:
    """The hidden numbers that come out by adding and taking away, whatever is shown."""
    pivots: dict[Cell, dict[Cell, int]] = {}
    for one in sums:
        row = {cell: sign % _PRIME for cell, sign in one.items() if cell in hidden}
        for held in [cell for cell in row if cell in pivots]:
            if held in row:
                row = _less(row, pivots[held], row[held])
        if not row:
            continue
        pivot = next(iter(row))
        back = pow(row[pivot], -1, _PRIME)
        row = {cell: value * back % _PRIME for cell, value in row.items()}
        for held, other in pivots.items():
            if pivot in other:
                pivots[held] = _less(other, row, other[pivot])
        pivots[pivot] = row
    return {pivot for pivot, row in pivots.items() if len(row) == 1}


def _less(row: Mapping[Cell, int], other: Mapping[Cell, int], times: int) -> dict[Cell, int]:
    made = dict(row)
    for cell, value in other.items():
        left = (made.get(cell, 0) - times * value) % _PRIME
        if left:
            made[cell] = left
        else:
            made.pop(cell, None)
    return made
