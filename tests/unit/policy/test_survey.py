"""The survey after closing (4.30): whom, how, when, and when not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.domain.case import Party, Report, SafeContact, Survey
from core.domain.declare import Record
from core.domain.intake import PersonFate
from core.domain.risk import DomesticAbuse
from core.foundation.errors import PolicyPackInvalid
from core.letters.compose import compose
from core.letters.model import Blanks, Boxes, Heading
from core.letters.templates import newest_version
from core.policy.duties import Duty, DutyState
from core.policy.survey import (
    ABUSE_AT_HOME,
    GONE,
    NEVER_THEM,
    answers_of,
    people_to_survey,
    response_of,
    scores_of,
    survey_reminders,
    surveys_due,
    ways_to_write,
    why_not_survey,
)
from core.policy.survey_questions import SurveyQuestions, as_text, parse_survey
from core.services.packs import DEFAULT_PACK, shipped_text
from core.services.resources import resources_folder
from tests.support.letter_values import values_for
from tests.support.policy import facts, london, make, named, setting

SAFE_LETTER = make(SafeContact, safe_ways=frozenset({"letter"}), checked_at="2026-01-01 10:00")
NAMED = make(Report, received_at="2026-01-01 09:00")
NOW = setting("2026-05-06 09:00")
HER, HIM = named("party her"), named("party him")
HOME, ELSEWHERE = named("home"), named("elsewhere")


def her(**changes: Any) -> Party:
    return make(Party, "her", **{"name": "Ada Quill", "roles": frozenset({"harmed"}), "home": HOME, **changes})


def him(**changes: Any) -> Party:
    return make(Party, "him", **{"roles": frozenset({"alleged-perpetrator"}), "home": ELSEWHERE, **changes})


def said_safe(*ways: str) -> SafeContact:
    return make(SafeContact, "hers", party=HER, safe_ways=frozenset(ways), checked_at="2026-01-01 10:00")


def surveys(now: str, *records: Record, **case: Any) -> tuple[Duty, ...]:
    fields = {"stage": "closed", "closed_at": london("2026-05-05 10:00"), "opened_at": london("2026-01-01 10:00")}
    return surveys_due(facts(NAMED, *records, **{**fields, **case}), setting(now))


def the_survey(now: str, *records: Record) -> Duty:
    (duty,) = surveys(now, *records)
    return duty


def test_survey_is_due_within_14_days_of_closing_the_last_day_included() -> None:
    duty = the_survey("2026-05-19 23:59", SAFE_LETTER)
    assert duty.state is DutyState.RUNNING
    assert duty.why.startswith("Due Tue 19 May, 11:59pm: 14 days from closing on Tue 5 May, 10:00am.")
    assert the_survey("2026-05-20 00:00", SAFE_LETTER).state is DutyState.LATE


def test_no_survey_while_the_case_is_open() -> None:
    assert surveys("2026-05-06 09:00", stage="open", closed_at=None) == ()


def test_survey_sent_in_time_and_too_late() -> None:
    sent = make(Survey, sent_at="2026-05-10 10:00", way="letter")
    assert the_survey("2026-06-06 09:00", SAFE_LETTER, sent).state is DutyState.MET
    late = make(Survey, sent_at="2026-05-25 10:00", way="letter")
    assert the_survey("2026-06-06 09:00", SAFE_LETTER, late).state is DutyState.MET_LATE


def test_survey_of_an_earlier_closing_does_not_count_for_this_one() -> None:
    before = make(Survey, sent_at="2026-03-10 10:00", way="letter")
    assert the_survey("2026-05-06 09:00", SAFE_LETTER, before).state is DutyState.RUNNING


@pytest.mark.parametrize(
    "safe",
    [
        make(SafeContact, safe_ways=frozenset({"call", "visit"})),
        make(SafeContact, safe_ways=frozenset({"letter"}), unsafe_ways=frozenset({"letter"})),
        make(SafeContact),
    ],
)
def test_no_safe_way_in_writing_means_no_survey(safe: SafeContact) -> None:
    duty = the_survey("2026-05-06 09:00", safe)
    assert duty.state is DutyState.NOT_APPLICABLE
    assert duty.why == "The person has not said that any way of writing to them is safe. Policy 4.30."


def test_the_latest_word_on_what_is_safe_holds() -> None:
    unsafe_now = make(SafeContact, "b", unsafe_ways=frozenset({"letter"}), checked_at="2026-04-01 10:00")
    assert the_survey("2026-05-06 09:00", unsafe_now, SAFE_LETTER).state is DutyState.NOT_APPLICABLE
    assert the_survey("2026-05-06 09:00", SAFE_LETTER, unsafe_now).state is DutyState.NOT_APPLICABLE


def test_nobody_has_asked_yet_what_is_safe_so_ask() -> None:
    duty = the_survey("2026-05-06 09:00")
    assert duty.state is DutyState.RUNNING
    assert duty.action == "Ask which way of writing is safe, then send the survey"


def test_each_person_harmed_is_asked_and_the_one_complained_about_never() -> None:
    second = make(Party, "second", name="Bea Hart", roles=frozenset({"harmed"}))
    theirs = make(SafeContact, "theirs", party=HIM, safe_ways=frozenset({"letter"}))
    never = make(SafeContact, "second", party=second.id, unsafe_ways=frozenset({"letter", "email", "text"}))
    found = surveys("2026-05-06 09:00", her(), him(), second, theirs, said_safe("email"), never)
    assert {duty.subject: duty.state for duty in found} == {
        HER: DutyState.RUNNING, second.id: DutyState.NOT_APPLICABLE,
    }  # fmt: skip
    assert ways_to_write(facts(her(), him(), theirs), HIM, NOW) == frozenset()
    assert why_not_survey(facts(her(), him(), theirs), HIM, NOW) == NEVER_THEM


def test_who_was_harmed_and_is_complained_about_in_the_same_case_is_not_surveyed() -> None:
    both = her(roles=frozenset({"harmed", "alleged-perpetrator"}))
    assert people_to_survey(facts(both)) == ()
    assert surveys("2026-05-06 09:00", both, said_safe("letter")) == ()


def test_a_letter_to_a_shared_home_is_not_safe_but_an_email_may_be() -> None:
    shared = (her(), him(home=HOME))
    assert ways_to_write(facts(*shared, said_safe("letter", "email")), HER, NOW) == {"email"}
    refusal = why_not_survey(facts(*shared, said_safe("letter")), HER, NOW)
    assert refusal == "The person complained about has the same home on file."


@pytest.mark.parametrize(
    ("his_home", "refused"), [(HOME, ABUSE_AT_HOME), (None, ABUSE_AT_HOME), (ELSEWHERE, "")]
)
def test_after_domestic_abuse_nothing_is_sent_unless_the_file_shows_that_they_live_apart(
    his_home: Any, refused: str
) -> None:
    abuse = make(DomesticAbuse, party=HER)
    found = facts(NAMED, her(), him(home=his_home), said_safe("letter", "email"), abuse)
    assert why_not_survey(found, HER, NOW) == refused
    assert bool(ways_to_write(found, HER, NOW)) is (refused == "")


def test_domestic_abuse_with_nobody_complained_about_in_the_file_is_not_known_to_live_apart() -> None:
    found = facts(NAMED, her(), said_safe("email"), make(DomesticAbuse))
    assert why_not_survey(found, HER, NOW) == ABUSE_AT_HOME


@pytest.mark.parametrize("what", ["died", "lost-capacity"])
def test_who_has_died_or_cannot_decide_is_not_surveyed_and_the_others_are(what: str) -> None:
    gone = make(PersonFate, party=HER, what=what, noted_at="2026-04-01 10:00")
    second = make(Party, "second", name="Bea Hart", roles=frozenset({"harmed"}))
    theirs = make(SafeContact, "second", party=second.id, safe_ways=frozenset({"email"}))
    found = surveys("2026-05-06 09:00", her(), said_safe("email"), gone, second, theirs)
    assert {duty.subject: duty.state for duty in found} == {
        HER: DutyState.NOT_APPLICABLE, second.id: DutyState.RUNNING,
    }  # fmt: skip
    assert why_not_survey(facts(NAMED, her(), second, said_safe("email"), gone), HER, NOW) == GONE
    moved = make(PersonFate, party=HER, what="moved-away", noted_at="2026-04-01 10:00", left_home=HOME)
    assert ways_to_write(facts(NAMED, her(), said_safe("letter", "email"), moved), HER, NOW) == {"email"}


def test_reason_for_not_sending_is_shown() -> None:
    duty = the_survey("2026-05-06 09:00", SAFE_LETTER, make(Survey, not_sent_because="She asked for none."))
    assert duty.state is DutyState.NOT_APPLICABLE
    assert duty.why == "Not sent: She asked for none. Policy 4.30."


def test_nobody_known_to_ask() -> None:
    closed = {"stage": "closed", "closed_at": london("2026-05-05 10:00"), "opened_at": london("2026-01-01 10:00")}
    unnamed = make(Report, received_at="2026-01-01 09:00", anonymous=True)
    (duty,) = surveys_due(facts(unnamed, **closed), NOW)
    assert duty.state is DutyState.NOT_APPLICABLE


# ------------------------------------------------------------------ the reminder and the answer

SENT = make(Survey, sent_at="2026-05-10 10:00", way="letter")


def reminders(now: str, survey: Survey, *records: Record) -> list[DutyState]:
    closed = {"stage": "closed", "closed_at": london("2026-05-05 10:00"), "opened_at": london("2026-01-01 10:00")}
    return [duty.state for duty in survey_reminders(facts(NAMED, survey, *records, **closed), setting(now))]


def test_whoever_has_not_answered_is_reminded_once() -> None:
    assert reminders("2026-05-20 09:00", SENT, SAFE_LETTER) == [DutyState.RUNNING]
    assert reminders("2026-05-25 09:00", SENT, SAFE_LETTER) == [DutyState.LATE]
    reminded = make(Survey, sent_at="2026-05-10 10:00", way="letter", reminded_at="2026-05-22 10:00")
    assert reminders("2026-09-25 09:00", reminded, SAFE_LETTER) == [DutyState.MET]
    answered = make(Survey, sent_at="2026-05-10 10:00", way="letter", entered_at="2026-05-15 10:00")
    assert reminders("2026-09-25 09:00", answered, SAFE_LETTER) == []


def test_nobody_is_reminded_by_a_way_that_is_not_safe_any_more() -> None:
    unsafe_now = make(SafeContact, "b", unsafe_ways=frozenset({"letter"}), checked_at="2026-05-20 10:00")
    assert reminders("2026-05-25 09:00", SENT, SAFE_LETTER, unsafe_now) == [DutyState.NOT_APPLICABLE]


def test_silence_becomes_no_answer_and_one_that_comes_later_is_taken() -> None:
    assert response_of(make(Survey), NOW) == "not-sent"
    assert response_of(SENT, setting("2026-06-07 23:00")) == "waiting"
    assert response_of(SENT, setting("2026-06-08 00:00")) == "no-answer"
    late = make(Survey, sent_at="2026-05-10 10:00", entered_at="2026-09-10 10:00")
    assert response_of(late, setting("2026-09-11 09:00")) == "answered"


def test_scores_are_read_by_question_and_what_cannot_be_read_is_left_out() -> None:
    given = frozenset({"in-touch:always", "ended:very-not", "odd", "private:not-asked", "dealt:x", "new-one:yes"})
    survey = make(Survey, answers=given)
    assert scores_of(survey, survey_questions()) == {"in-touch": 4, "ended": 1}
    assert answers_of(survey)["private"] == "not-asked"


# ------------------------------------------------------------------ the questions as data

YES_NO = [{"code": "yes", "words": "Yes", "score": 1}, {"code": "no", "words": "No", "score": 0}]
WHOLE = {
    "format": 1, "id": "s", "version": 1, "title": "T", "note": "N", "open_question": "Why?",
    "questions": [{"code": "speed", "words": "Speed", "answers": [
        {"code": "yes", "words": "Good", "score": 1}, {"code": "no", "words": "Bad"}]}],
}  # fmt: skip


def survey_questions() -> SurveyQuestions:
    return parse_survey(shipped_text("survey", DEFAULT_PACK))


def test_the_shipped_survey_is_whole() -> None:
    questions = survey_questions()
    assert (questions.id, questions.version) == ("satisfaction", 1)
    (only,) = parse_survey(json.dumps(WHOLE)).questions
    assert [one.score for one in only.answers] == [1, None]


def test_the_letter_asks_what_the_data_asks() -> None:
    """A survey on paper and the page its answers are entered on have the same questions and answers."""
    template = newest_version(resources_folder() / "templates", template_id="survey", language="en-GB")
    letter = compose(template, {**values_for(template), "survey_questions": as_text(survey_questions())})
    asked = [block.plain for block in letter.blocks if isinstance(block, Heading)]
    ticked = [block.plain.split("\n") for block in letter.blocks if isinstance(block, Boxes)]
    questions = survey_questions().questions
    numbered = [f"{number}. {one.words}" for number, one in enumerate(questions, start=1)]
    assert asked == [*numbered, survey_questions().open_question]
    assert ticked[:-1] == [[answer.words for answer in one.answers] for one in questions]
    assert any(isinstance(block, Blanks) for block in letter.blocks), "there is room to write"


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"format": 2}, "format"),
        ({"version": 0}, "version"),
        ({"title": " "}, "title"),
        ({"questions": []}, "questions"),
        ({"questions": ["speed"]}, "no row"),
        ({"questions": [{"code": "Speed!", "words": "Speed", "answers": YES_NO}]}, "questions, row 1"),
        ({"questions": [{"code": "a", "words": "A", "answers": YES_NO}] * 2}, "same code"),
        ({"questions": [{"code": "a", "words": "", "answers": YES_NO}]}, "questions, row 1"),
        ({"questions": [{"code": "a", "words": "A"}]}, "answers of questions, row 1"),
        ({"questions": [{"code": "a", "words": "A", "answers": YES_NO[:1]}]}, "fewer than two"),
        ({"questions": [{"code": "a", "words": "A", "answers": [YES_NO[0], YES_NO[0]]}]}, "same code"),
        ({"questions": [{"code": "a", "words": "A", "answers": [YES_NO[0], {**YES_NO[1], "score": 11}]}]}, "row 2"),
        ({"open_question": None}, "open_question"),
    ],
)
def test_a_survey_that_is_not_whole_is_refused_and_the_row_named(change: dict[str, Any], row: str) -> None:
    with pytest.raises(PolicyPackInvalid) as refused:
        parse_survey(json.dumps({**WHOLE, **change}))
    assert row in str(refused.value)
    with pytest.raises(PolicyPackInvalid):
        parse_survey("{")
