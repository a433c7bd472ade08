"""How much danger each person harmed is in, and what follows from it (1.1: victim-centred; 3.3: safety; 4.22).

1. The score is the sum of the weights of what was answered. What was not asked or not said adds nothing.
2. A danger on the list of dangers makes the risk high, whatever the score.
3. Judging higher than worked out needs a reason; judging lower needs a reason and the word of a second person. Without
   them, and until that word is there, what was worked out holds.
4. The latest assessment of each person holds; the risk of a case is the highest of its people.
5. It is assessed again when something new happens, at each review and after contact with the person complained about.
6. Domestic abuse has its own path and is never mediated. A child or an adult at risk is a matter for safeguarding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import SUCCESSFUL_OUTCOMES
from core.domain.risk import BANDS, DomesticAbuse, RespondentAssessment, RiskAssessment, Safeguarding, SafeguardingTold
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Setting
from core.policy.keeps import keeps
from core.policy.risk_questions import Questions
from core.policy.second_person import has_agreed

_ORDER = tuple(BANDS)
_HIGHEST = _ORDER[-1]
_BEGINNING = datetime.min.replace(tzinfo=UTC)
CHILD = "child"


@dataclass(frozen=True, slots=True)
class Worked:
    """What the answers give. `floors`: the dangers that made it high by themselves."""

    score: int
    band: str
    floors: frozenset[str]
    answered: int


@keeps("3.3", "Score and band; a danger makes it high whatever the score", on=("Risk",))
def work_out(questions: Questions, answers: Mapping[str, str], floors: Collection[str]) -> Worked:
    """Policy 3.3: score and band of one set of answers; codes that are not in the set count for nothing."""
    weights = {
        (question.code, option.code): option.weight for question in questions.questions for option in question.options
    }
    given = [weights[pair] for pair in answers.items() if pair in weights]
    score = sum(given)
    hit = frozenset(floor.code for floor in questions.floors if floor.code in floors)
    reached = [band.code for band in questions.bands if score >= band.at_least]
    return Worked(score, _HIGHEST if hit else reached[-1], hit, len(given))


@keeps("3.3", "Judging lower needs a reason and a second person who has agreed", on=("Risk",))
def band_of(assessment: RiskAssessment, facts: CaseFacts) -> str:
    """Policy 3.3: the band that holds: as judged where that may stand, otherwise as worked out."""
    worked, judged = assessment.worked_out, assessment.judged
    if judged not in _ORDER or worked not in _ORDER or judged == worked or not assessment.reasons.strip():
        return worked
    agreed = has_agreed(facts, assessment.id, assessment.second_person, assessment.assessed_by)
    return judged if agreed or not is_lower(assessment) else worked


def is_lower(assessment: RiskAssessment) -> bool:
    """Policy 3.3: whether somebody judged the risk lower than the answers say."""
    worked, judged = assessment.worked_out, assessment.judged
    return judged in _ORDER and worked in _ORDER and _ORDER.index(judged) < _ORDER.index(worked)


def waits_for_second(assessment: RiskAssessment) -> bool:
    """Policy 3.3: whether this assessment holds as judged only once its second person has agreed."""
    named = assessment.second_person not in (b"", assessment.assessed_by)
    return named and is_lower(assessment) and bool(assessment.reasons.strip())


@keeps("3.3", "How much danger each person is in, by the latest assessment", on=("Risk",))
def risk_now(facts: CaseFacts) -> Mapping[RecordId | None, RiskAssessment]:
    """Policy 3.3: the assessment of each person that holds."""
    latest: dict[RecordId | None, RiskAssessment] = {}
    for one in sorted(facts.of(RiskAssessment), key=lambda one: (known(one.assessed_at) or _BEGINNING, one.id)):
        latest[one.party] = one
    return latest


def case_risk(facts: CaseFacts) -> str:
    """Policy 3.3: the risk of a case is the highest of its people; empty if nobody was assessed."""
    found = [band_of(one, facts) for one in risk_now(facts).values()]
    return max((band for band in found if band in _ORDER), key=_ORDER.index, default="")


@keeps("3.3", "Assessed again when something new happens", on=("Risk",))
def why_assess(facts: CaseFacts, setting: Setting) -> str:
    """Policy 3.3: why risk is to be assessed now, as a sentence; empty if it need not be."""
    made = [at for one in facts.of(RiskAssessment) if (at := setting.happened(one.assessed_at)) is not None]
    if not made:
        return "Nobody has assessed the risk yet."
    last = max(made)
    newer = (
        ("Something new was reported since the last assessment.", [report.received_at for report in facts.reports]),
        (
            "A review was held since the last assessment.",
            [review.reviewed_at for review in facts.reviews if not review.assessments],
        ),
        ("There was contact with the person complained about since the last assessment.", _approached(facts)),
    )
    for sentence, moments in newer:
        if any(at is not None and at > last for at in (setting.happened(moment) for moment in moments)):
            return sentence
    return ""


def is_domestic_abuse(facts: CaseFacts) -> bool:
    """Policy 3.3 and 4.23: whether the case goes its own path."""
    return bool(facts.of(DomesticAbuse))


@keeps("3.3", "Domestic abuse and high risk are never mediated", on=("Risk",))
def may_mediate(facts: CaseFacts) -> bool:
    """Policy 3.3: mediation is out of the question where there is domestic abuse or the risk is high."""
    return not is_domestic_abuse(facts) and case_risk(facts) != _HIGHEST


@keeps("3.3", "A safeguarding concern is told to those whose duty it is", on=("Risk",))
def safeguarding_to_tell(facts: CaseFacts) -> tuple[Safeguarding, ...]:
    """Policy 3.3: concerns about a child or an adult of which nobody has been told.

    Why nobody was told yet is a reason to wait and not an end: one ends when somebody was told, or when it was decided,
    with the reason, that nobody is.
    """
    settled = {one.concern for one in facts.of(SafeguardingTold) if one.told_on or one.nobody_because.strip()}
    return tuple(one for one in facts.of(Safeguarding) if one.told_on is None and one.id not in settled)


def child_at_risk(facts: CaseFacts) -> bool:
    """Policy 3.3: whether an assessment that holds names a child at risk, so that safeguarding is to be thought of."""
    return any(CHILD in one.floors for one in risk_now(facts).values())


@keeps("4.7", "The person complained about is assessed before a court is asked", on=("Risk",))
def assessed_before_court(facts: CaseFacts, party: RecordId | None) -> RespondentAssessment | None:
    """Policy 4.7: the latest assessment of the person complained about, without which no court is asked."""
    found = [one for one in facts.of(RespondentAssessment) if one.party == party]
    return max(found, key=lambda one: (known(one.assessed_at) or _BEGINNING, one.id), default=None)


def _approached(facts: CaseFacts) -> list[datetime | None]:
    others = {party.id for party in facts.parties if "alleged-perpetrator" in party.roles}
    return [
        contact.at for contact in facts.contacts if contact.party in others and contact.outcome in SUCCESSFUL_OUTCOMES
    ]
