"""Assessing risk, domestic abuse and safeguarding (policy 1.1, 3.3, 4.7), and the questions an organisation uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.organisation import QuestionSet
from core.domain.risk import (
    ABUSE_LEVELS,
    BANDS,
    CONCERNS,
    OCCASIONS,
    TOLD_HOW,
    DomesticAbuse,
    RespondentAssessment,
    RiskAssessment,
    Safeguarding,
    SafeguardingTold,
)
from core.foundation.errors import NotAllowed
from core.foundation.ids import RecordId, UserId
from core.policy.risk import is_lower, work_out
from core.policy.risk_questions import Questions, parse_questions
from core.policy.second_person import NOT_A_READER
from core.services.access import may_be_second
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.roster import roster_in
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.vaults import settle_packs
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskForm:
    """One assessment. `answers`: question -> option; `judged`: another band than worked out, with `reasons`."""

    case: RecordId
    answers: Mapping[str, str]
    floors: frozenset[str] = frozenset()
    occasion: str = "first"
    party: RecordId | None = None
    judged: str = ""
    reasons: str = ""
    second_person: UserId | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondentForm:
    """What is weighed about the person complained about before a court is asked."""

    case: RecordId
    vulnerability: str
    capacity: str
    risk_of_harm: str
    alternatives: str
    conclusion: str
    other_matters: str = ""
    party: RecordId | None = None


@dataclass(frozen=True, slots=True)
class QuestionsInUse:
    """The organisation uses these questions from now on."""

    version: int
    changed: Changed


def questions_in_use(workspace: Workspace) -> Questions:
    """The organisation's own set if it has one, otherwise the one that comes with the program.

    A set of its own that cannot be read, because a laptop with another version wrote it, is passed over.

    Raises:
        PolicyPackInvalid: the shipped set is missing or damaged.
    """
    return workspace.shelf.questions(workspace.today)


def use_questions(workspace: Workspace, *, text: str, decided_by: str) -> QuestionsInUse:
    """Use a set of the organisation's own from now on. What was assessed before stays as it was.

    Raises:
        PolicyPackInvalid: the text is not such a set; the sentence names the row.
        NotAllowed: only an administrator may.
        FormIncomplete: nobody was named who decided it.
    """
    made = parse_questions(text)
    problems = Problems()
    problems.need(decided_by.strip(), "decided_by", "Say who decided to use these questions.")
    problems.settle()
    with workspace.store.unit("use-questions") as (unit, outcome):
        if not roster_in(unit, workspace).is_administrator(workspace.user):
            raise NotAllowed()
        unit.create(
            QuestionSet, workspace.organisation_stream, set_id=made.id, version=made.version, body=text,
            taken_into_use_at=workspace.parts.clock.now(), decided_by=decided_by,
        )  # fmt: skip
    settle_packs(workspace)
    return QuestionsInUse(made.version, outcome.changed)


def assess_risk(workspace: Workspace, *, form: RiskForm) -> StepRecorded:
    """Assess the risk to one person harmed, beside every assessment before (policy 3.3).

    Judged lower than the answers say it counts once the second person has agreed (`answer_as_second`).

    Raises:
        FormIncomplete: nothing was answered, or another band was judged without what that needs.
    """
    questions = questions_in_use(workspace)
    worked = work_out(questions, form.answers, form.floors)
    judged = form.judged or worked.band
    other = judged != worked.band
    lower = other and list(BANDS).index(judged) < list(BANDS).index(worked.band) if judged in BANDS else False
    problems = Problems()
    problems.need(worked.answered or worked.floors, "questions", "Answer at least one question, or name a danger.")
    problems.need(form.occasion in OCCASIONS, "occasion", "Choose why it is assessed now.")
    problems.need(judged in BANDS, "judged", "Choose a risk that is on the list.")
    problems.need(not other or form.reasons.strip(), "reasons", "Give the reasons for judging it otherwise.")
    named = form.second_person is not None and form.second_person != workspace.user
    problems.need(not lower or named, "second_person", "A second person must agree before the risk is judged lower.")
    reads = not lower or not named or may_be_second(workspace, case=form.case, user=form.second_person)
    problems.need(reads, "second_person", NOT_A_READER)
    problems.settle()
    case = workspace.store.get(Case, form.case)
    known = {(question.code, option.code) for question in questions.questions for option in question.options}
    codes = {question.code for question in questions.questions}
    kept = {pair for pair in form.answers.items() if pair in known or pair[0] in codes}
    with workspace.store.unit("assess-risk") as (unit, outcome):
        record = unit.create(
            RiskAssessment, case.stream, case=case.id, party=form.party, assessed_at=workspace.parts.clock.now(),
            assessed_by=workspace.user, occasion=form.occasion, set_id=questions.id, set_version=questions.version,
            answers={f"{question}:{option}" for question, option in kept}, floors=worked.floors, score=worked.score,
            worked_out=worked.band, judged=judged, reasons=form.reasons, second_person=form.second_person or b"",
            notes=form.notes,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def assess_respondent(workspace: Workspace, *, form: RespondentForm) -> StepRecorded:
    """Weigh what must be weighed about the person complained about before a court is asked (policy 4.7).

    Raises:
        FormIncomplete: one of the matters was left out.
    """
    problems = Problems()
    problems.need(form.vulnerability.strip(), "vulnerability", "Say what makes them vulnerable, if anything.")
    problems.need(form.capacity.strip(), "capacity", "Say whether they can understand and keep conditions.")
    problems.need(form.risk_of_harm.strip(), "risk_of_harm", "Say what harm to others is to be feared.")
    problems.need(form.alternatives.strip(), "alternatives", "Say what else was tried or considered.")
    problems.need(form.conclusion.strip(), "conclusion", "Say what you conclude.")
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("assess-respondent") as (unit, outcome):
        record = unit.create(
            RespondentAssessment, case.stream, case=case.id, party=form.party,
            assessed_at=workspace.parts.clock.now(), assessed_by=workspace.user, vulnerability=form.vulnerability,
            capacity=form.capacity, risk_of_harm=form.risk_of_harm, alternatives=form.alternatives,
            other_matters=form.other_matters, conclusion=form.conclusion,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def note_domestic_abuse(
    workspace: Workspace, *, case: RecordId, level: str, tool_score: int | None = None, referred: bool = False,
    adviser_offered: bool | None = None, notes: str = "", party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """The case is about domestic abuse and goes its own path; it is never mediated."""
    problems = Problems()
    problems.need(level in ABUSE_LEVELS, "level", "Choose the risk by the tool you used, or that none was used yet.")
    to_refer = "With a high risk it is referred to the multi-agency panel. Do that first."
    problems.need(level != "high" or referred, "referred", to_refer)
    problems.settle()
    found = workspace.store.get(Case, case)
    now = workspace.parts.clock.now()
    with workspace.store.unit("note-domestic-abuse") as (unit, outcome):
        record = unit.create(
            DomesticAbuse, found.stream, case=case, party=party, noted_at=now, noted_by=workspace.user, level=level,
            tool_score=tool_score, referred_to_panel_at=now if referred else None, adviser_offered=adviser_offered,
            notes=notes,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def note_concern(
    workspace: Workspace, *, case: RecordId, about: str, concern: str, told: str = "", told_on: date | None = None,
    not_told_because: str = "", party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """A child or an adult is at risk: who was told, or why nobody was."""
    problems = Problems()
    problems.need(about in CONCERNS, "about", "Choose whom the concern is about.")
    problems.need(concern.strip(), "concern", "Write down what the concern is.")
    problems.need(
        (told.strip() and told_on) or not_told_because.strip(), "told",
        "Say who was told and on which day, or why nobody was told yet.",
    )  # fmt: skip
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("note-concern") as (unit, outcome):
        record = unit.create(
            Safeguarding, found.stream, case=case, party=party, about=about, concern=concern,
            noted_at=workspace.parts.clock.now(), noted_by=workspace.user, told=told, told_on=told_on,
            not_told_because=not_told_because,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def tell_concern(
    workspace: Workspace, *, concern: RecordId, agency: str = "", person: str = "", told_on: date | None = None,
    how: str = "", nobody: bool = False, nobody_because: str = "",
) -> StepRecorded:  # fmt: skip
    """Who was told of a concern, by whom it is dealt with now; or that nobody is told, and why (policy 3.3).

    Raises:
        FormIncomplete: the agency, the day or the way is missing, or the day has not come; or a reason is missing.
        NotFound: there is no such concern in this vault.
    """
    found = workspace.store.get(Safeguarding, concern)
    now = workspace.parts.clock.now()
    problems = Problems()
    if nobody:
        problems.need(nobody_because.strip(), "nobody_because", "Say whose decision it is, and why.")
    else:
        problems.need(agency.strip(), "agency", "Say which agency was told.")
        problems.need(told_on, "told_on", "Enter the day on which they were told.")
        problems.need(told_on is None or told_on <= workspace.today, "told_on", "Enter a day that has come.")
        problems.need(how in TOLD_HOW, "how", "Choose how they were told.")
    problems.settle()
    said = {"nobody_because": nobody_because.strip()} if nobody else {
        "agency": agency.strip(), "person": person.strip(), "told_on": told_on, "how": how,
    }  # fmt: skip
    with workspace.store.unit("tell-concern") as (unit, outcome):
        record = unit.create(
            SafeguardingTold, found.stream, case=found.case, concern=concern, recorded_at=now,
            recorded_by=workspace.user, **said,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


# ------------------------------------------------------------------ the story


def _tell_risk(one: RiskAssessment, names: Names) -> Iterator[TimelineEntry | None]:
    lower = is_lower(one)
    band = BANDS.get(one.worked_out if lower else one.judged or one.worked_out, "not worked out").lower()
    judged = f", judged {BANDS[one.judged].lower()} if a second person agrees" if lower else ""
    title = f"Risk assessed: {band}{judged}"
    yield entry(one, one.assessed_at, title, names.get(one.assessed_by, ""), one.reasons, sensitive=True)


def _tell_respondent(one: RespondentAssessment, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(one.assessed_by, "")
    yield entry(one, one.assessed_at, "Assessed before asking a court", who, one.conclusion, sensitive=True)


def _tell_abuse(one: DomesticAbuse, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(one, one.noted_at, "Domestic abuse noted", names.get(one.noted_by, ""), one.notes, sensitive=True)
    yield entry(one, one.referred_to_panel_at, "Referred to the multi-agency panel", "", "")


def _tell_concern(one: Safeguarding, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Safeguarding concern: {label_of(one, 'about').lower()}"
    yield entry(one, one.noted_at, title, names.get(one.noted_by, ""), one.concern, sensitive=True)


def _tell_told(one: SafeguardingTold, names: Names) -> Iterator[TimelineEntry | None]:
    title = "Safeguarding: nobody is told" if one.nobody_because else "Safeguarding: somebody was told"
    how = label_of(one, "how") if one.how else ""
    told = one.nobody_because or ", ".join(part for part in (one.agency, one.person, how) if part)
    yield entry(one, one.recorded_at, title, names.get(one.recorded_by, ""), told, sensitive=True)


TELLERS: dict[str, Teller] = {
    SafeguardingTold.SPEC.name: _tell_told,
    RiskAssessment.SPEC.name: _tell_risk,
    RespondentAssessment.SPEC.name: _tell_respondent,
    DomesticAbuse.SPEC.name: _tell_abuse,
    Safeguarding.SPEC.name: _tell_concern,
}
