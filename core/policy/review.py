"""Looking again at open cases (4.29, first half).

1. Reviews fall due every three months, each counted from the anchor: the day the case was opened, or
   opened again. A late review moves nothing.
2. One review answers for every period that was already overdue when it was held (they stay visible as late).
   If none was overdue, it answers for the period it falls in; a second one in the same period is extra.
3. A period that ran out with no review before the case was closed ended late, when the case was closed.
4. Each time the case is opened again counts from that moment; what was late before stays visible.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.domain.closing import Reopening
from core.policy.calendar import Term, known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, missed
from core.policy.keeps import keeps


@dataclass(frozen=True, slots=True)
class OpenSpell:
    """From when the case was opened (or opened again) until it was closed; `end_at` None while it is open."""

    start_at: datetime
    end_at: datetime | None
    again: bool


@keeps("4.29", "Open cases reviewed every three months", on=("Today",))
def reviews_due(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.29: a review every three months while the case is open.

    All that have fallen due, and the next that has not been done yet. Empty if nothing says when the case
    was opened.
    """
    spells = open_spells(facts)
    held = sorted(at for review in facts.reviews if (at := setting.happened(review.reviewed_at)) is not None)
    return tuple(duty for spell in spells for duty in _reviews_of(facts, spell, held, setting))


@keeps("4.29", "A case opened again counts from then, and keeps its past", on=("Today",))
def open_spells(facts: CaseFacts) -> tuple[OpenSpell, ...]:
    """When the case was open (4.29), oldest first. A case opened again has its anchor at that moment."""
    opened_at = known(facts.case.opened_at)
    moments = [known(facts.case.reopened_at), *(known(one.reopened_at) for one in facts.of(Reopening))]
    again = sorted({at for at in moments if at is not None and (opened_at is None or at > opened_at)})
    starts = [*([opened_at] if opened_at is not None else []), *again]
    ends = [known(facts.case.closed_at), *(known(closure.closed_at) for closure in facts.closures)]
    ended = sorted(end for end in ends if end is not None)
    last_end = ended[-1] if ended and facts.case.stage == "closed" else None
    if not starts or (facts.case.stage == "closed" and last_end is None):
        return ()
    spells = []
    for start_at, next_at in itertools.pairwise(starts):
        before = [end for end in ended if start_at <= end <= next_at]
        spells.append(OpenSpell(start_at, before[-1] if before else next_at, again=start_at != opened_at))
    return (*spells, OpenSpell(starts[-1], last_end, again=starts[-1] != opened_at))


def _reviews_of(facts: CaseFacts, spell: OpenSpell, held: list[datetime], setting: Setting) -> Iterator[Duty]:
    term = setting.pack.clocks.review.term
    dues = list(_due_dates(spell, setting))
    met = _answered(spell, held, dues)
    for number, due_at in enumerate(dues, start=1):
        met_at = met.get(number)
        span = Term(term.value * number, term.unit)
        origin = "opened again" if spell.again else "opened"
        promise = Promise(
            kind=DutyKind.REVIEW,
            clause="4.29",
            case=facts.case.id,
            subject=facts.case.id,
            title=f"{term.value}-month review",
            action="Start review",
            anchor_at=spell.start_at,
        )
        basis = f"{span} from when the case was {origin} on {setting.say(spell.start_at)}"
        if met_at is None and spell.end_at is not None:
            yield missed(promise, setting, due_at=due_at, ended_at=spell.end_at, basis=basis)
            continue
        yield clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)
        if due_at > setting.now and met_at is None:
            return


def _due_dates(spell: OpenSpell, setting: Setting) -> Iterator[datetime]:
    """Every date passed in the spell; while it is open also the one ahead and the one after it."""
    term = setting.pack.clocks.review.term
    number, ahead = 0, 0
    while ahead < 2:
        number += 1
        due_at = setting.calendar.add_calendar_months(spell.start_at, term.value * number, zone=setting.pack.zone)
        if spell.end_at is not None and due_at >= spell.end_at:
            return
        ahead += due_at > setting.now
        yield due_at


def _answered(spell: OpenSpell, held: list[datetime], dues: list[datetime]) -> dict[int, datetime]:
    """Period number to the review that answers for it (rule 2 above)."""
    met: dict[int, datetime] = {}
    for at in held:
        if at <= spell.start_at or (spell.end_at is not None and at > spell.end_at):
            continue
        overdue = [number for number, due_at in enumerate(dues, start=1) if due_at < at and number not in met]
        current = [number for number, due_at in enumerate(dues, start=1) if at <= due_at][:1]
        for number in overdue or current:
            met.setdefault(number, at)
    return met
