"""A round of visits to every tenant of an area (4.11).

1. Each knock is a record. The latest one at a door that was not taken back says how the door stands.
2. No answer is no visit: somebody comes back, until as many attempts were made as the pack asks for anybody who cannot
   be reached. Then a card or a letter stands in for the visit.
3. A door nobody may knock at counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.doors import Visit, VisitDoor, VisitRound
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DoorNow:
    """How one door stands. `outcome` is empty before the first knock; `no_answers` counts knocks nobody answered."""

    door: VisitDoor
    outcome: str = ""
    at: datetime | None = None
    visit: RecordId | None = None
    no_answers: int = 0
    leave_card: bool = False

    @property
    def left_out(self) -> bool:
        """Whether nobody is to knock there."""
        return bool(self.door.left_out_because)

    @property
    def done(self) -> bool:
        """Whether nobody has to come back."""
        return self.left_out or self.outcome not in ("", "no-answer")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: doors to knock at, done, without an answer so far, not knocked at yet."""

    doors: int
    done: int
    no_answer: int
    left_out: int

    @property
    def to_go(self) -> int:
        """Doors nobody has knocked at."""
        return self.doors - self.done - self.no_answer


@keeps("4.11", "Every door of a round as its knocks say", on=("Visits",))
def doors_now(doors: Iterable[VisitDoor], visits: Iterable[Visit], *, attempts: int) -> tuple[DoorNow, ...]:
    """Policy 4.11: every door of a round in walk order, as it stands by its knocks, in whatever order these come."""
    knocks: dict[RecordId | None, list[Visit]] = {}
    for visit in visits:
        if visit.taken_back_at is None:
            knocks.setdefault(visit.door, []).append(visit)
    in_walk_order = sorted(doors, key=lambda door: (door.place is None, door.place or 0, door.id))
    return tuple(_stands(door, knocks.get(door.id, []), attempts) for door in in_walk_order)


@keeps("4.11", "How far the visits are", on=("Visits",))
def progress_of(doors: Iterable[DoorNow]) -> Progress:
    """Policy 4.11: the counts of a round."""
    every = tuple(doors)
    knocked_at = [door for door in every if not door.left_out]
    done = sum(door.done for door in knocked_at)
    no_answer = sum(door.outcome == "no-answer" for door in knocked_at)
    return Progress(len(knocked_at), done, no_answer, len(every) - len(knocked_at))


def doors_of(facts: CaseFacts, visit_round: VisitRound, *, attempts: int) -> tuple[DoorNow, ...]:
    """Policy 4.11: the doors of one round of a case."""
    doors = [door for door in facts.of(VisitDoor) if door.round == visit_round.id]
    visits = [visit for visit in facts.of(Visit) if visit.round == visit_round.id]
    return doors_now(doors, visits, attempts=attempts)


@keeps("4.11", "When every tenant was visited", on=("Case file",))
def visited_at(facts: CaseFacts, visit_round: VisitRound, *, attempts: int) -> datetime | None:
    """Policy 4.11: when a round was finished: its last door done, or somebody ended it; None while it goes on."""
    ended_at = known(visit_round.ended_at)
    if ended_at is not None:
        return ended_at
    doors = [door for door in doors_of(facts, visit_round, attempts=attempts) if not door.left_out]
    if not doors or not all(door.done for door in doors):
        return None
    return max((door.at for door in doors if door.at is not None), default=None)


def _stands(door: VisitDoor, knocks: list[Visit], attempts: int) -> DoorNow:
    if not knocks:
        return DoorNow(door)
    latest = max(knocks, key=lambda visit: (known(visit.at) or _BEGINNING, visit.id))
    unanswered = sum(visit.outcome == "no-answer" for visit in knocks)
    card = latest.outcome == "no-answer" and unanswered >= attempts
    return DoorNow(door, latest.outcome, known(latest.at), latest.id, unanswered, card)
