"""The satisfaction survey: to whom it may be sent, reminded of once, left out with a reason, answered (4.30)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.domain.case import Survey
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts, Setting
from core.policy.survey import NEVER_THEM, people_to_survey, response_of, ways_to_write, why_not_survey
from core.policy.survey_questions import SurveyQuestions
from core.policy.talks import is_for
from core.services.casework import StepRecorded
from core.services.closing_stage import person_of
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace
from core.store.contents import CaseContents
from core.store.unit import WriteUnit

ASK_FIRST = "Nobody has asked which way of writing is safe. Ask first, then send it."
ANSWER = "answer:"
"""Before the code of a question in the names of problems."""
OPEN = "The case is open. The survey comes after closing."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """What came back. `answers`: question -> answer, by code; a question left out was not answered."""

    survey: RecordId
    returned_on: date | None
    answers: Mapping[str, str] = field(default_factory=dict)
    comments: str = ""


def survey_asked(workspace: Workspace, survey: Survey) -> SurveyQuestions:
    """The questions a survey was sent with, whatever is in use now (policy 4.30)."""
    sent = survey.sent_at or workspace.parts.clock.now()
    on = sent.astimezone(workspace.pack.zone).date()
    return workspace.shelf.survey_asked(survey.set_id, survey.set_version, on)


def begin_survey(
    unit: WriteUnit, contents: CaseContents, party: RecordId | None, questions: SurveyQuestions
) -> RecordId:
    """The record of a survey whose letter is being written, with the questions it asks (policy 4.30).

    It counts as sent once that letter has left.
    """
    return unit.create(
        Survey, contents.case.stream, case=contents.case.id, party=party, set_id=questions.id,
        set_version=questions.version,
    )  # fmt: skip


def why_not_send(contents: CaseContents, person: RecordId | None, setting: Setting) -> str:
    """Why no survey may be written for this person yet, or ever; empty if one may."""
    if not people_to_survey(contents):
        return NEVER_THEM
    if refusal := why_not_survey(contents, person, setting):
        return refusal
    if contents.case.stage != "closed":
        return OPEN
    return "" if ways_to_write(contents, person, setting) else ASK_FIRST


def to_remind_of(contents: CaseContents, person: RecordId | None, survey: RecordId | None) -> Survey | None:
    """The survey that is named, or the one last sent to this person."""
    if survey is not None:
        return next((one for one in contents.surveys if one.id == survey), None)
    sent = [one for one in contents.surveys if one.sent_at is not None and is_for(contents, one.party, person)]
    return max(sent, key=lambda one: (one.sent_at, one.id), default=None)


def why_not_remind(contents: CaseContents, survey: Survey | None, setting: Setting) -> str:
    """Why nobody is reminded of this survey; empty if they may be, once."""
    if survey is None or response_of(survey, setting) not in ("waiting", "no-answer"):
        return "Only a survey that was sent and not answered is reminded of."
    if survey.reminded_at is not None:
        return "They were reminded once. Nobody is asked a third time."
    return "" if ways_to_write(contents, survey.party, setting) else "No way of writing to them is safe any more."


def leave_out_survey(
    workspace: Workspace, *, case: RecordId, not_sent_because: str, party: RecordId | None = None
) -> StepRecorded:
    """No survey goes to this person, and why (policy 4.30).

    Raises:
        FormIncomplete: no reason was given.
    """
    contents = contents_of(workspace, case)
    problems = Problems()
    problems.need(not_sent_because.strip(), "not_sent_because", "Say why it is not sent.")
    problems.settle()
    with workspace.store.unit("leave-out-survey") as (unit, outcome):
        record = unit.create(
            Survey, contents.case.stream, case=case, party=_person(contents, party),
            not_sent_because=not_sent_because.strip(),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def record_answers(workspace: Workspace, *, form: AnswerForm) -> StepRecorded:
    """A survey came back: each answer, what they wrote, and who entered it (policy 4.30).

    Raises:
        FormIncomplete: nothing was answered, an answer is not on the list, it was never sent or entered already.
    """
    found = workspace.store.get(Survey, form.survey)
    questions = survey_asked(workspace, found)
    now = workspace.parts.clock.now()
    problems = Problems()
    problems.need(found.sent_at is not None, "survey", "This survey was never sent.")
    problems.need(found.entered_at is None, "survey", "Its answers were entered already.")
    problems.need(form.answers or form.comments.strip(), "comments", "Enter at least one answer.")
    for code, given in form.answers.items():
        asked = questions.question(code)
        known = asked is not None and asked.answer(given) is not None
        problems.need(known, f"{ANSWER}{code}", "Choose one of the answers.")
    today = now.astimezone(workspace.pack.zone).date()
    problems.need(form.returned_on, "returned_on", "Enter the day it came back.")
    problems.need(form.returned_on is None or form.returned_on <= today, "returned_on", "Enter a day that has come.")
    problems.settle()
    with workspace.store.unit("record-answers") as (unit, outcome):
        unit.update(
            Survey, form.survey, returned_on=form.returned_on, comments=form.comments, entered_at=now,
            answers={f"{code}:{given}" for code, given in form.answers.items()}, entered_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(form.survey, outcome.changed)


def _person(contents: CaseFacts, party: RecordId | None) -> RecordId | None:
    people = people_to_survey(contents)
    if not people:
        raise FormIncomplete(problems={"party": "The person complained about is never surveyed."})
    return person_of(contents, party)


# ------------------------------------------------------------------ the story


def _tell_survey(one: Survey, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(one, one.sent_at, "Satisfaction survey sent", names.get(one.sent_by, ""), "")
    yield entry(one, one.reminded_at, "Reminded of the survey", "", "")
    yield entry(one, one.entered_at, "Survey answered", names.get(one.entered_by, ""), one.comments, sensitive=True)


TELLERS: dict[str, Teller] = {Survey.SPEC.name: _tell_survey}
