"""Asking afterwards how satisfied each person is (4.30).

1. Each person harmed is asked in writing after closing, by a way that is safe for them. Nobody else is: the person
   complained about never, not even where they were harmed as well in the same case.
2. What is safe for a person is theirs to say, and follows from the file (`safe_contact.py`). After domestic abuse
   nothing is sent unless the file shows that they live apart.
3. Without an answer the person is reminded once. After that silence is an answer too, and it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain.case import Survey
from core.domain.risk import DomesticAbuse
from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, not_applicable, to_the_minute
from core.policy.keeps import keeps
from core.policy.people import MOVED_AWAY, fate_now, why_no_survey_for
from core.policy.review import open_spells
from core.policy.safe_contact import ASKED_NEVER, rules_now, ways_for
from core.policy.service_standards import can_be_reached
from core.policy.survey_questions import SurveyQuestions
from core.policy.talks import OTHER_SIDE, is_for, letters_told, party_of, people_to_tell

NO_SAFE_WRITING = "The person has not said that any way of writing to them is safe."
NOBODY_TO_ASK = "We do not know whom to ask: the report came without a name and without a way to answer."
ABUSE_AT_HOME = "Domestic abuse: nothing is sent unless the file shows that they live apart."
GONE = "The person has died or can no longer decide for themselves. No survey is sent to them."
NEVER_THEM = "The person complained about is never surveyed."
_ASK_FIRST = "Ask which way of writing is safe, then send the survey"


def people_to_survey(facts: CaseFacts) -> tuple[RecordId | None, ...]:
    """Policy 4.30: whom to ask: the people harmed, or whoever reported; never the person complained about.

    (None,) where the case names nobody; empty where all those harmed are also complained about.
    """
    named = [party for party in facts.parties if {"harmed", "reporter"} & party.roles]
    people = people_to_tell(facts)
    return () if people == (None,) and named else people


@keeps("4.30", "A survey in writing to each person within 14 days of closing", on=("Today",))
def surveys_due(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.30: a survey in writing to each person within 14 days of closing, by a way that is safe.

    Empty while the case is open. One does not apply when the reason for not sending it was written down, or when it is
    not safe. If nobody has asked yet what is safe, it runs, and the thing to do is to ask.
    """
    closed_at = _closed_at(facts)
    if closed_at is None:
        return ()
    return tuple(_survey_duty(facts, person, closed_at, setting) for person in people_to_survey(facts))


@keeps("4.30", "Reminded once, never again", on=("Today",))
def survey_reminders(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.30: to remind once whoever has not answered. An answer in time leaves none behind."""
    closed_at = _closed_at(facts)
    term = setting.pack.terms["survey_reminder"].term
    found = []
    for survey in facts.surveys if closed_at is not None else ():
        sent_at = setting.happened(survey.sent_at)
        if closed_at is None or sent_at is None or to_the_minute(sent_at) < to_the_minute(closed_at):
            continue
        due_at = setting.due_after(sent_at, term)
        answered_at = setting.happened(survey.entered_at)
        if answered_at is not None and answered_at <= due_at:
            continue
        promise = Promise(
            kind=DutyKind.SURVEY_REMINDER, clause="4.30", case=facts.case.id, subject=survey.id,
            title="Reminder of the survey", action="Remind them", anchor_at=sent_at,
        )  # fmt: skip
        reminded_at = setting.happened(survey.reminded_at)
        done = [at for at in (reminded_at, answered_at) if at is not None]
        person = _person_of(facts, survey)
        if not done and not ways_to_write(facts, person, setting):
            found.append(not_applicable(promise, why_not_survey(facts, person, setting) or NO_SAFE_WRITING))
            continue
        basis = f"{term} from when it was sent on {setting.say(sent_at)}"
        found.append(clocked(promise, setting, due_at=due_at, met_at=min(done, default=None), basis=basis))
    return tuple(found)


@keeps("4.30", "To whom nothing may be sent, and why", on=("Closing",))
def why_not_survey(facts: CaseFacts, person: RecordId | None, setting: Setting) -> str:
    """Policy 4.30: why nothing may be sent to this person, as a sentence; empty if something may, or to be asked."""
    party = party_of(facts, person)
    if party is not None and OTHER_SIDE in party.roles:
        return NEVER_THEM
    gone = why_no_survey_for(facts, setting)
    fate = fate_now(facts).get(person) if person is not None else None
    if gone or (fate is not None and fate.what != MOVED_AWAY):
        return gone or GONE
    if not can_be_reached(facts):
        return NOBODY_TO_ASK
    if _is_abused(facts, person) and not _lives_apart(facts, person):
        return ABUSE_AT_HOME
    if _was_asked(facts, person) and not ways_to_write(facts, person, setting):
        return _why_unsafe(facts, person, setting)
    return ""


@keeps("4.30", "No safe way in writing, no survey", on=("Closing",))
def ways_to_write(facts: CaseFacts, person: RecordId | None, setting: Setting) -> frozenset[str]:
    """Policy 4.30: the ways of writing that are safe for this person; a way never asked about is not safe.

    A way somebody else sees first is never safe: a home, phone or email shared with the person complained about.
    """
    party = party_of(facts, person)
    if party is not None and OTHER_SIDE in party.roles:
        return frozenset()
    if _is_abused(facts, person) and not _lives_apart(facts, person):
        return frozenset()
    return frozenset(ways_for(facts, person).safe) & setting.pack.closing.survey_ways


def answers_of(survey: Survey) -> Mapping[str, str]:
    """Policy 4.30: question -> answer, by code; what was not answered is left out."""
    pairs = (answer.partition(":") for answer in survey.answers)
    return {question: answer for question, _, answer in pairs if question and answer}


@keeps("4.30", "The score of each question", on=("Closing",))
def scores_of(survey: Survey, questions: SurveyQuestions) -> Mapping[str, int]:
    """Policy 4.30: the score of each question; what has none, or is not known to this version, is left out."""
    found: dict[str, int] = {}
    for question, given in answers_of(survey).items():
        asked = questions.question(question)
        answer = asked.answer(given) if asked is not None else None
        if answer is not None and answer.score is not None:
            found[question] = answer.score
    return found


@keeps("4.30", "Silence is counted too", on=("Closing",))
def response_of(survey: Survey, setting: Setting) -> str:
    """Policy 4.30: how a survey stands: not-sent, answered, waiting, or no-answer once the time for it is over."""
    if survey.entered_at is not None:
        return "answered"
    sent_at = setting.happened(survey.sent_at)
    if sent_at is None:
        return "not-sent"
    ended_at = setting.due_after(sent_at, setting.pack.terms["survey_answer"].term)
    return "no-answer" if setting.now > ended_at else "waiting"


def _survey_duty(facts: CaseFacts, person: RecordId | None, closed_at: datetime, setting: Setting) -> Duty:
    asked = _was_asked(facts, person)
    promise = Promise(
        kind=DutyKind.SURVEY, clause="4.30", case=facts.case.id, subject=person or facts.case.id,
        title="Satisfaction survey", action="Send the survey" if asked else _ASK_FIRST, anchor_at=closed_at,
    )  # fmt: skip
    own = [one for one in facts.surveys if is_for(facts, one.party, person)]
    sent = [at for one in own if (at := setting.happened(one.sent_at)) is not None]
    sent += [one.at for one in letters_told(facts, person, "survey", closed_at, setting) if one.left]
    met_at = min((at for at in sent if to_the_minute(at) >= to_the_minute(closed_at)), default=None)
    reason = "" if met_at else _written_reason(own) or why_not_survey(facts, person, setting)
    if reason:
        return not_applicable(promise, reason)
    term = setting.pack.clocks.survey.term
    due_at = setting.due_after(closed_at, term)
    basis = f"{term} from closing on {setting.say(closed_at)}"
    return clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)


def _closed_at(facts: CaseFacts) -> datetime | None:
    spells = open_spells(facts)
    return spells[-1].end_at if spells else None


def _written_reason(surveys: list[Survey]) -> str:
    written = sorted((one for one in surveys if one.not_sent_because and one.sent_at is None), key=lambda one: one.id)
    return f"Not sent: {written[0].not_sent_because.rstrip('. ')}." if written else ""


def _person_of(facts: CaseFacts, survey: Survey) -> RecordId | None:
    return next((one for one in people_to_survey(facts) if is_for(facts, survey.party, one)), survey.party)


def _was_asked(facts: CaseFacts, person: RecordId | None) -> bool:
    """Whether anybody has asked what is safe for this person, or for all in the case."""
    rules = rules_now(facts)
    return bool(rules) if person is None else person in rules or None in rules


def _why_unsafe(facts: CaseFacts, person: RecordId | None, setting: Setting) -> str:
    """Why the way in writing that they called safe is not; that they called none safe, if so."""
    said = frozenset[str]().union(*(one.safe_ways for one in rules_now(facts).values() if one.party in (None, person)))
    ways = ways_for(facts, person)
    reasons = (ways.why(way) for way in sorted(said & setting.pack.closing.survey_ways))
    return next((why for why in reasons if why and why != ASKED_NEVER), NO_SAFE_WRITING)


def _is_abused(facts: CaseFacts, person: RecordId | None) -> bool:
    return any(one.party is None or person is None or one.party == person for one in facts.of(DomesticAbuse))


def _lives_apart(facts: CaseFacts, person: RecordId | None) -> bool:
    """Whether the file shows that they live apart: both homes are known, and they differ."""
    party = party_of(facts, person)
    homes = [one.home for one in facts.parties if OTHER_SIDE in one.roles and one.id != person]
    return bool(party and party.home and homes and all(home is not None and home != party.home for home in homes))
