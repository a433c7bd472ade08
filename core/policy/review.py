"""Looking again at open cases (4.29, first half) and asking afterwards (4.30).

1. Reviews fall due every three months, each counted from the anchor: the day the case was opened, or
   opened again. A late review moves nothing.
2. One review answers for every period that was already overdue when it was held (they stay visible as late).
   If none was overdue, it answers for the period it falls in; a second one in the same period is extra.
3. A period that ran out with no review before the case was closed ended late, when the case was closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import SafeContact, Survey
from core.policy.calendar import Term, known
from core.policy.duties import (
    CaseFacts,
    Duty,
    DutyKind,
    Promise,
    Setting,
    clocked,
    missed,
    not_applicable,
    others_in_case,
    to_the_minute,
)
from core.policy.keeps import keeps
from core.policy.people import why_no_survey_for
from core.policy.service_standards import can_be_reached

NO_SAFE_WRITING = "The person has not said that any way of writing to them is safe."
NOBODY_TO_ASK = "We do not know whom to ask: the report came without a name and without a way to answer."


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


def open_spells(facts: CaseFacts) -> tuple[OpenSpell, ...]:
    """When the case was open (4.29), oldest first. A case opened again has its anchor at that moment."""
    opened_at, reopened_at = known(facts.case.opened_at), known(facts.case.reopened_at)
    ends = [known(facts.case.closed_at), *(known(closure.closed_at) for closure in facts.closures)]
    ended = sorted(end for end in ends if end is not None)
    last_end = ended[-1] if ended and facts.case.stage == "closed" else None
    first_anchor = opened_at or reopened_at
    if first_anchor is None or (facts.case.stage == "closed" and last_end is None):
        return ()
    if opened_at is None or reopened_at is None or reopened_at <= opened_at:
        return (OpenSpell(first_anchor, last_end, again=opened_at is None),)
    before = [end for end in ended if opened_at <= end <= reopened_at]
    first = OpenSpell(opened_at, before[-1] if before else reopened_at, again=False)
    return (first, OpenSpell(reopened_at, last_end, again=True))


@keeps("4.30", "A survey in writing within 14 days of closing, by a safe way", on=("Today",))
def survey_due(facts: CaseFacts, setting: Setting) -> Duty | None:
    """The duty of policy 4.30: a survey in writing within 14 days of closing, by a way that is safe.

    None while the case is open. It does not apply when the reason for not sending one was written down,
    when no way in writing is safe, or when nobody can be reached. If nobody has asked yet what is safe,
    it runs, and the thing to do is to ask.
    """
    spells = open_spells(facts)
    closed_at = spells[-1].end_at if spells else None
    if closed_at is None:
        return None
    asked = bool(_those_to_ask(facts, setting))
    promise = Promise(
        kind=DutyKind.SURVEY,
        clause="4.30",
        case=facts.case.id,
        subject=facts.case.id,
        title="Satisfaction survey",
        action="Send the survey" if asked else "Ask which way of writing is safe, then send the survey",
        anchor_at=closed_at,
    )
    met_at = _survey_sent_at(facts, closed_at, setting)
    reason = "" if met_at else _why_no_survey(facts, setting)
    if reason:
        return not_applicable(promise, reason)
    term = setting.pack.clocks.survey.term
    due_at = setting.due_after(closed_at, term)
    basis = f"{term} from closing on {setting.say(closed_at)}"
    return clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)


@keeps("4.30", "No safe way in writing, no survey", on=("Today",))
def safe_in_writing(facts: CaseFacts, setting: Setting) -> frozenset[str]:
    """The ways of writing (4.30) that somebody on the side of the person harmed has said are safe.

    The latest word of each person holds; a way never asked about is not safe.
    """
    ways = [safe.safe_ways - safe.unsafe_ways for safe in _those_to_ask(facts, setting)]
    return frozenset().union(*ways) & setting.pack.closing.survey_ways


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


def _survey_sent_at(facts: CaseFacts, closed_at: datetime, setting: Setting) -> datetime | None:
    sent = [setting.happened(survey.sent_at) for survey in facts.surveys]
    return min((at for at in sent if at is not None and to_the_minute(at) >= to_the_minute(closed_at)), default=None)


def _why_no_survey(facts: CaseFacts, setting: Setting) -> str:
    written: list[Survey] = sorted(
        (survey for survey in facts.surveys if survey.not_sent_because and survey.sent_at is None),
        key=lambda survey: survey.id,
    )
    if written:
        return f"Not sent: {written[0].not_sent_because.rstrip('. ')}."
    gone = why_no_survey_for(facts, setting)
    if gone:
        return gone
    if not can_be_reached(facts):
        return NOBODY_TO_ASK
    if _those_to_ask(facts, setting) and not safe_in_writing(facts, setting):
        return NO_SAFE_WRITING
    return ""


def _those_to_ask(facts: CaseFacts, setting: Setting) -> list[SafeContact]:
    """The latest word of each person on the side of the one harmed; the one complained about is never surveyed."""
    others = others_in_case(facts, setting)
    beginning = datetime.min.replace(tzinfo=UTC)
    latest: dict[bytes | None, SafeContact] = {}
    for safe in sorted(facts.safe_contacts, key=lambda item: (known(item.checked_at) or beginning, item.id)):
        if safe.party not in others:
            latest[safe.party] = safe
    return list(latest.values())
