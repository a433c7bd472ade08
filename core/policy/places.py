"""Places where things happen again, over the cases somebody may read (4.11, 5.1).

1. A place is the same in two cases when its kind, its name and its home or block are the same, however typed.
2. Only cases given here are counted, and only those the reader may read are ever given: a case kept from somebody adds
   nothing, not even to a number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.case import Graffiti, Incident
from core.domain.doors import KnownPlace
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import Setting
from core.policy.keeps import keeps

PlaceKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """One thing that happened at a place, in one case. `at` is when, or when we were told."""

    place: PlaceKey
    case: RecordId
    record: RecordId
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RepeatPlace:
    """A place of this case: how often something happened there in it, and in how many other cases."""

    place: KnownPlace
    here: int
    elsewhere: int
    other_cases: frozenset[RecordId]

    @property
    def repeats(self) -> bool:
        """Whether it happened there more than once."""
        return self.here + self.elsewhere > 1


def place_key(place: KnownPlace) -> PlaceKey:
    """What makes two places the same (4.11): kind, name, and home or block, whatever the spelling of capitals."""
    return key_of(place.what, place.name, block=place.block, home=place.home)


def key_of(kind: str, name: str, *, block: str, home: RecordId | None) -> PlaceKey:
    """The same for a place that is only being named (4.11)."""
    return (kind, _folded(name), home.hex() if home else _folded(block))


def uses_of(
    places: Iterable[KnownPlace], incidents: Iterable[Incident], marks: Iterable[Graffiti]
) -> tuple[PlaceUse, ...]:
    """Everything that happened at known places (4.11), in any number of cases; each thing once."""
    keys = {place.id: place_key(place) for place in places}
    found: dict[RecordId, PlaceUse] = {}
    for incident in incidents:
        if incident.known_place in keys and incident.case is not None:
            found[incident.id] = PlaceUse(
                keys[incident.known_place], incident.case, incident.id, known(incident.happened_at)
            )
    for mark in marks:
        if mark.known_place in keys and mark.case is not None:
            found[mark.id] = PlaceUse(keys[mark.known_place], mark.case, mark.id, known(mark.notified_at))
    return tuple(sorted(found.values(), key=lambda use: use.record))


@keeps("4.11", "Where things happen again, over the cases somebody may read", on=("Area",))
def repeat_places(
    case: RecordId, own: Iterable[KnownPlace], uses: Iterable[PlaceUse], setting: Setting
) -> tuple[RepeatPlace, ...]:
    """Policy 4.11: each place of a case with what happened there in the time of the pack, this case's own first.

    What has no date counts: nobody can say that it is long ago.
    """
    recent = [use for use in uses if use.at is None or _within(use.at, setting)]
    by_key: dict[PlaceKey, KnownPlace] = {}
    for place in sorted(own, key=lambda one: one.id):
        by_key.setdefault(place_key(place), place)
    found = []
    for key, place in by_key.items():
        there = [use for use in recent if use.place == key]
        others = frozenset(use.case for use in there if use.case != case)
        here = sum(use.case == case for use in there)
        found.append(RepeatPlace(place, here, len(there) - here, others))
    return tuple(sorted(found, key=lambda one: (-(one.here + one.elsewhere), one.place.name.casefold(), one.place.id)))


def _within(moment: datetime, setting: Setting) -> bool:
    return setting.due_after(moment, setting.pack.terms["repeat_places"].term) + timedelta(days=1) > setting.now


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
