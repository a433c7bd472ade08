"""The satisfaction survey: made for one person, sent in writing by a safe way, reminded once, answered (4.30)."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from core.domain.case import Survey
from core.foundation.errors import FormIncomplete, PolicyPackInvalid
from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts
from core.policy.survey import people_to_survey, response_of, ways_to_write, why_not_survey
from core.policy.survey_questions import SurveyQuestions, parse_survey
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.letter_words import say_day
from core.services.person_letters import LetterMade, facts_of, keep_letter, person_of
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace

SHIPPED = "satisfaction-1.json"
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


@functools.cache
def survey_questions() -> SurveyQuestions:
    """The survey that comes with the program.

    Raises:
        PolicyPackInvalid: it is missing or damaged.
    """
    try:
        text = (files("resources") / "survey" / SHIPPED).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyPackInvalid(reason="the survey is missing") from error
    return parse_survey(text)


def make_survey(workspace: Workspace, *, case: RecordId, party: RecordId | None = None) -> LetterMade:
    """Make the survey of one person, in the format they need. It counts as sent once it has left (policy 4.30).

    Raises:
        FormIncomplete: the case is open, nothing may be sent to this person, or nobody asked what is safe.
        LetterBlocked: it would tell something about somebody else.
    """
    contents = contents_of(workspace, case)
    setting = workspace.setting_of(contents)
    person = _person(contents, party)
    refusal = why_not_survey(contents, person, setting)
    problems = Problems()
    problems.need(not refusal, "party", refusal)
    problems.need(contents.case.stage == "closed", "party", OPEN)
    problems.need(refusal or ways_to_write(contents, person, setting), "party", ASK_FIRST)
    problems.settle()
    questions = survey_questions()
    term = setting.pack.terms["survey_answer"].term
    until = setting.due_after(setting.now, term).astimezone(setting.pack.zone).date()
    said = {"reply_by": say_day(until)}
    with workspace.store.unit("make-survey") as (unit, outcome):
        survey = unit.create(
            Survey, contents.case.stream, case=case, party=person, set_id=questions.id, set_version=questions.version
        )
    made = keep_letter(workspace, contents, sort="survey", about=survey, person=person, said=said)
    return LetterMade(made.letter, made.attachment, made.to_say, outcome.changed | made.changed)


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


def remind_of_survey(workspace: Workspace, *, survey: RecordId) -> LetterMade:
    """Make the one reminder of a survey nobody has answered (policy 4.30).

    Raises:
        FormIncomplete: it was not sent, it was answered, or they were reminded already.
    """
    found = workspace.store.get(Survey, survey)
    facts = facts_of(workspace, found.case)
    setting = workspace.setting_of(facts)
    problems = Problems()
    waiting = response_of(found, setting) in ("waiting", "no-answer")
    problems.need(waiting, "survey", "Only a survey that was sent and not answered is reminded of.")
    problems.need(found.reminded_at is None, "survey", "They were reminded once. Nobody is asked a third time.")
    problems.need(ways_to_write(facts, found.party, setting), "survey", "No way of writing to them is safe any more.")
    problems.settle()
    return keep_letter(workspace, facts, sort="survey-reminder", about=survey, person=found.party, said={})


def record_answers(workspace: Workspace, *, form: AnswerForm) -> StepRecorded:
    """A survey came back: each answer, what they wrote, and who entered it (policy 4.30).

    Raises:
        FormIncomplete: nothing was answered, an answer is not on the list, it was never sent or entered already.
    """
    found = workspace.store.get(Survey, form.survey)
    questions = survey_questions()
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
    yield entry(one, one.sent_at, "Satisfaction survey sent", "", "")
    yield entry(one, one.reminded_at, "Reminded of the survey", "", "")
    yield entry(one, one.entered_at, "Survey answered", names.get(one.entered_by, ""), one.comments, sensitive=True)


TELLERS: dict[str, Teller] = {Survey.SPEC.name: _tell_survey}
