"""Whether there is a case already: about this home, this place or these people (3.3 and 4.4).

1. Only a question to the officer: nothing is joined by itself, and a second report of one thing is worth having.
2. Whoever asks gives only what they may read; where there is nothing, nothing is said, so silence tells nothing.
3. The same home comes first, then people of the same name, then a place described alike. Open cases go before closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum

from core.foundation.ids import RecordId
from core.policy.alike import any_name_alike, names_alike, places_alike
from core.policy.keeps import keeps

MOST_SHOWN = 5


class Why(IntEnum):
    """Why a case may be the one, the strongest reason first."""

    SAME_HOME = 0
    SAME_PERSON_HARMED = 1
    SAME_PERSON_COMPLAINED_ABOUT = 2
    SAME_PERSON = 3
    SAME_PLACE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a new report says so far. Empty is not known yet."""

    homes: frozenset[RecordId] = frozenset()
    place: str = ""
    harmed: tuple[str, ...] = ()
    complained_about: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """What is on file of one case somebody may read. Names with other names of the same person."""

    case: RecordId
    is_open: bool
    homes: frozenset[RecordId] = frozenset()
    places: tuple[str, ...] = ()
    harmed: tuple[str, ...] = ()
    complained_about: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MayBeSame:
    """A case that may be the one, and every reason for it, the strongest first."""

    case: RecordId
    is_open: bool
    why: tuple[Why, ...]


@keeps("4.4", "Whether there is a case about it already, over those one may read", on=("New report",))
def cases_like(asked: Asked, known: Iterable[KnownCase], *, most: int = MOST_SHOWN) -> tuple[MayBeSame, ...]:
    """Policy 4.4: the cases a new report may belong to, likeliest first; none where nothing fits."""
    found = []
    for one in known:
        why = _why(asked, one)
        if why:
            found.append(MayBeSame(one.case, one.is_open, why))
    found.sort(key=lambda same: (same.why[0], not same.is_open, -len(same.why), same.case))
    return tuple(found[:most])


@keeps("4.7", "One person complained about in several cases, over those one may read", on=("Case file",))
def persistent(names: Collection[str], known: Iterable[KnownCase]) -> tuple[RecordId, ...]:
    """Policy 4.7 and 4.8: other cases in which somebody of this name is complained about, over those one may read.

    A question and not a finding: two people may have one name, and nothing of one file goes into another by itself.
    """
    usable = [name for name in names if name.strip()]
    return tuple(sorted({one.case for one in known if any_name_alike(usable, one.complained_about)}))


def _why(asked: Asked, one: KnownCase) -> tuple[Why, ...]:
    everybody = (*one.harmed, *one.complained_about, *one.others)
    reasons = {
        Why.SAME_HOME: bool(asked.homes & one.homes),
        Why.SAME_PERSON_HARMED: any_name_alike(asked.harmed, one.harmed),
        Why.SAME_PERSON_COMPLAINED_ABOUT: any_name_alike(asked.complained_about, one.complained_about),
        Why.SAME_PLACE: any(places_alike(asked.place, place) for place in one.places) if asked.place.strip() else False,
    }
    told = (*asked.harmed, *asked.complained_about, *asked.others)
    if not (reasons[Why.SAME_PERSON_HARMED] or reasons[Why.SAME_PERSON_COMPLAINED_ABOUT]):
        reasons[Why.SAME_PERSON] = any(names_alike(name, other) for name in told for other in everybody)
    return tuple(sorted(why for why, is_so in reasons.items() if is_so))
