"""Reviews sooner than every three months while the risk is high (4.29), and what belongs into a review.

1. From the moment the risk is high or medium, and from each review while it is, the next review is due after the time
   of the pack. The regular reviews are not moved by it.
2. Whoever reviews may set a sooner day; a later one than the pack allows is refused.
3. A risk that falls before the day came takes the promise away. One that falls afterwards does not: it was late.
4. A review looks at the risk to each person anew, and at each agreed action.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from core.domain.case import Review
from core.domain.plan import PlanAction
from core.domain.risk import RiskAssessment
from core.foundation.ids import RecordId
from core.policy.calendar import Term, known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, missed
from core.policy.keeps import keeps
from core.policy.review import OpenSpell, open_spells
from core.policy.risk import case_risk
from core.policy.talks import people_to_tell

TOO_LATE = "With this risk the next review is due by {day} at the latest."
NOT_PAST = "Enter a day that still lies ahead, or leave it empty."


@dataclass(frozen=True, slots=True)
class _Begun:
    """A promise that began: at a review, or when the risk rose."""

    at: datetime
    band: str
    next_on: date | None
    is_review: bool


def term_for(risk: str, setting: Setting) -> Term | None:
    """Policy 4.29: how soon a case of this risk is reviewed again; None where the regular reviews are enough."""
    rule = setting.pack.terms.get(f"review_{risk}")
    return rule.term if rule is not None else None


@keeps("4.29", "Reviewed sooner while the risk is high, or on the day that was set", on=("Today",))
def sooner_reviews(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.29 to review sooner than every three months, kept, missed and running."""
    return tuple(duty for spell in open_spells(facts) for duty in _of_spell(facts, spell, setting))


def next_review_by(facts: CaseFacts, setting: Setting) -> date | None:
    """Policy 4.29: the last day for the next review, if one were held now; None where the regular ones are enough."""
    term = term_for(case_risk(facts), setting)
    return None if term is None else setting.due_after(setting.now, term).astimezone(setting.pack.zone).date()


@keeps("4.29", "No later day than the risk allows", on=("Closing",))
def why_not_on(facts: CaseFacts, wanted: date, setting: Setting) -> str:
    """Policy 4.29: why the next review cannot be set to this day, as a sentence; empty if it can."""
    today = setting.now.astimezone(setting.pack.zone).date()
    latest = next_review_by(facts, setting)
    if wanted <= today:
        return NOT_PAST
    if latest is not None and wanted > latest:
        return TOO_LATE.format(day=f"{latest.day} {latest:%B %Y}")
    return ""


@keeps("4.29", "A review scores the risk to each person anew", on=("Closing",))
def assessed_for_review(
    facts: CaseFacts, setting: Setting
) -> tuple[dict[RecordId | None, RecordId], tuple[RecordId, ...]]:
    """Policy 4.29: the fresh assessment of each person, and the people whose risk has to be scored again first."""
    term = setting.pack.terms["fresh_risk"].term
    fresh: dict[RecordId | None, RecordId] = {}
    for one in sorted(facts.of(RiskAssessment), key=lambda one: (known(one.assessed_at) or setting.now, one.id)):
        at = setting.happened(one.assessed_at)
        if at is not None and setting.due_after(at, term) >= setting.now:
            fresh[one.party] = one.id
    people = people_to_tell(facts)
    alone = len(people) == 1
    stale = tuple(
        person for person in people if person is not None and person not in fresh and not (alone and None in fresh)
    )
    return fresh, stale


@keeps("4.29", "A review says of each agreed action whether it is done", on=("Closing",))
def open_actions(facts: CaseFacts) -> tuple[PlanAction, ...]:
    """Policy 4.29: agreed actions of which a review has to say whether they are done, by their day."""
    waiting = (one for one in facts.of(PlanAction) if one.done_at is None and not one.not_done_because)
    return tuple(sorted(waiting, key=lambda one: (one.by_when or date.max, one.id)))


@keeps("4.29", "A review that found the case should be closed is not forgotten", on=("Closing",))
def closing_wanted(facts: CaseFacts) -> Review | None:
    """Policy 4.29: the latest review if it found that the case should be closed and nobody has proposed it since."""
    timed = [(at, one.id, one) for one in facts.reviews if (at := known(one.reviewed_at)) is not None]
    if not timed or facts.case.stage == "closed":
        return None
    at, _, latest = max(timed, key=lambda item: item[:2])
    since = [known(one.proposed_at) for one in facts.closures]
    proposed = any(moment is not None and moment >= at for moment in since)
    return latest if latest.keep_open is False and not proposed else None


def _of_spell(facts: CaseFacts, spell: OpenSpell, setting: Setting) -> Iterator[Duty]:
    begun = list(_begun(facts, spell, setting))
    reviews = [one.at for one in begun if one.is_review]
    for place, one in enumerate(begun):
        due_at = _due(one, setting)
        if due_at is None:
            continue
        met_at = min((at for at in reviews if at > one.at), default=None)
        changed_at = next((later.at for later in begun[place + 1 :] if not later.is_review), None)
        dropped = changed_at is not None and changed_at <= due_at and (met_at is None or changed_at < met_at)
        if dropped or (spell.end_at is not None and met_at is None and spell.end_at <= due_at):
            continue
        term = term_for(one.band, setting)
        since = "the review" if one.is_review else f"the risk was found to be {one.band}"
        basis = f"{term} from {since} on {setting.say(one.at)}" if term else "the day set at the last review"
        promise = Promise(
            kind=DutyKind.SOONER_REVIEW, clause="4.29", case=facts.case.id, subject=facts.case.id,
            title=f"Review sooner: {one.band} risk" if term else "Review on the day that was set",
            action="Start review", anchor_at=one.at,
        )  # fmt: skip
        if met_at is None and spell.end_at is not None:
            yield missed(promise, setting, due_at=due_at, ended_at=spell.end_at, basis=basis)
        else:
            yield clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)


def _begun(facts: CaseFacts, spell: OpenSpell, setting: Setting) -> Iterator[_Begun]:
    """Reviews, and assessments that changed the risk of the case, in the order they happened."""
    moments: list[tuple[datetime, bool, RecordId, date | None]] = [
        (at, False, one.id, None)
        for one in facts.of(RiskAssessment)
        if (at := setting.happened(one.assessed_at)) is not None
    ]
    moments += [
        (at, True, one.id, one.next_on)
        for one in facts.reviews
        if (at := setting.happened(one.reviewed_at)) is not None
    ]
    band = ""
    for at, is_review, _, next_on in sorted(moments, key=lambda item: item[:3]):
        found = _risk_at(facts, at)
        changed, band = found != band, found
        inside = at >= spell.start_at and (spell.end_at is None or at <= spell.end_at)
        if inside and (is_review or changed):
            yield _Begun(at, found, next_on, is_review)


def _due(one: _Begun, setting: Setting) -> datetime | None:
    term = term_for(one.band, setting)
    times = [setting.due_after(one.at, term)] if term is not None else []
    if one.next_on is not None:
        noon = datetime.combine(one.next_on, time(12), tzinfo=setting.pack.zone)
        times.append(setting.calendar.end_of_day(noon, setting.pack.zone))
    return min(times, default=None)


def _risk_at(facts: CaseFacts, moment: datetime) -> str:
    until = tuple(one for one in facts.of(RiskAssessment) if (known(one.assessed_at) or moment) <= moment)
    return case_risk(replace(facts, more={**facts.more, RiskAssessment.SPEC.name: until}))
