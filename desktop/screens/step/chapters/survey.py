"""The satisfaction survey: made, left out with a reason, reminded of once, answered (policy 4.30)."""

from __future__ import annotations

from core.domain.case import CONTACT_WAYS, Survey
from core.foundation.ids import RecordId
from core.policy.survey import people_to_survey, response_of, ways_to_write, why_not_survey
from core.policy.survey_questions import SurveyQuestions
from core.services.case_page import CasePage
from core.services.surveys import ANSWER, AnswerForm
from desktop.background import Job, Receiver
from desktop.operations import closing
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, is_open, one_of, which
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, day, record_id, text, yes_no

GROUP = "Survey"


def _survey(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said: dict[str, object] = {"case": facts.page.file.case.id, "party": record_id(answers, "party")}
    if yes_no(answers, "send") is False:
        said["not_sent_because"] = text(answers, "not_sent_because")
        return closing.leave_out_survey(runner, said, on_done=on_done, on_failed=on_failed)
    return closing.write_survey(runner, said, on_done=on_done, on_failed=on_failed)


def _remind(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"survey": chosen(answers, "survey")}
    return closing.write_reminder(runner, said, on_done=on_done, on_failed=on_failed)


def _answered(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    given = {
        name.removeprefix(ANSWER): value
        for name, value in answers.items()
        if name.startswith(ANSWER) and isinstance(value, str) and value
    }
    form = AnswerForm(
        survey=chosen(answers, "survey"), returned_on=day(answers, "returned_on"), answers=given,
        comments=text(answers, "comments"),
    )  # fmt: skip
    return closing.record_answers(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _people(facts: StepFacts) -> Options:
    contents = facts.page.file.contents
    names: dict[RecordId | None, str] = {party.id: party.name for party in contents.parties}
    return tuple(
        (person.hex(), f"{names.get(person) or 'Name not given'} ({_standing(facts.page, person)})")
        for person in people_to_survey(contents)
        if person is not None
    )


def _standing(page: CasePage, person: RecordId | None) -> str:
    """What may be sent to this person, or why nothing may, in a few words."""
    refusal = why_not_survey(page.file.contents, person, page.setting)
    if refusal:
        return refusal.rstrip(".")
    ways = ways_to_write(page.file.contents, person, page.setting)
    safe = ", ".join(words.lower() for code, words in CONTACT_WAYS.items() if code in ways)
    return f"safe: {safe}" if safe else "safe ways not asked yet"


def _only_person(facts: StepFacts) -> object:
    people = [person for person in people_to_survey(facts.page.file.contents) if person is not None]
    if facts.subject in people and facts.subject is not None:
        return facts.subject.hex()
    return people[0].hex() if len(people) == 1 else ""


def _has_people(facts: StepFacts, _answers: Answers) -> bool:
    return people_to_survey(facts.page.file.contents) != (None,)


def _not_sent(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "send") is False


def _may_send(facts: StepFacts) -> object:
    people = people_to_survey(facts.page.file.contents)
    wanted = [person for person in people if person == facts.subject] or list(people)
    return not (len(wanted) == 1 and why_not_survey(facts.page.file.contents, wanted[0], facts.page.setting))


def _waiting(page: CasePage) -> list[Survey]:
    found = page.file.contents.surveys
    return [one for one in found if response_of(one, page.setting) in ("waiting", "no-answer")]


def _named(page: CasePage, found: list[Survey]) -> Options:
    names: dict[RecordId | None, str] = {party.id: party.name for party in page.file.contents.parties}
    return tuple((one.id.hex(), f"Survey of {names.get(one.party) or 'the person'}") for one in found)


def _to_answer(facts: StepFacts) -> Options:
    """The surveys that were sent with the questions this page asks."""
    asked = _asked(facts)
    return _named(facts.page, [one for one in _waiting(facts.page) if facts.page.asked[one.id] == asked])


def _asked(facts: StepFacts) -> SurveyQuestions | None:
    """None if no answer is waited for any more: it came back, or was written down on another laptop."""
    waiting = _waiting(facts.page)
    one = next((survey for survey in waiting if survey.id == facts.subject), waiting[0] if waiting else None)
    return None if one is None else facts.page.asked[one.id]


def _to_remind(facts: StepFacts) -> Options:
    return _named(facts.page, [one for one in _waiting(facts.page) if one.reminded_at is None])


def _today(facts: StepFacts) -> object:
    return facts.now.astimezone(facts.page.setting.pack.zone).date().isoformat()


def _answer_asks(facts: StepFacts) -> tuple[Ask, ...]:
    questions = _asked(facts)
    chosen = which("survey", "Which survey", _to_answer, "Choose the survey.")
    if questions is None:
        return (chosen,)
    return (
        chosen,
        Ask(name="returned_on", kind=Answer.DAY, label="It came back on", start=_today),
        *(
            Ask(name=f"{ANSWER}{one.code}", kind=Answer.FROM_LIST, label=one.words, section="What they ticked",
                options=one_of({"": "Not answered", **{each.code: each.words for each in one.answers}}),
                start=lambda _facts: "", optional=True)
            for one in questions.questions
        ),
        Ask(name="comments", kind=Answer.WORDS, label=questions.open_question, section="In their own words",
            optional=True),
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="survey", title="Satisfaction survey",
        lead="In writing, and only by a way that is safe. The person complained about is never asked.",
        save="Save", done="Saved. If it goes out, it is under Letters: make it there, then say what became of it.",
        run=_survey,
        menu="Satisfaction survey", group=GROUP, offered=lambda page: not is_open(page), clauses=("4.30",),
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="To whom", options=_people, start=_only_person,
                applies=_has_people, need="Choose who is asked.",
            ),
            Ask(
                name="send", kind=Answer.YES_NO, label="Is it sent to them?", start=_may_send,
                need="Say whether it is sent.",
            ),
            Ask(name="not_sent_because", kind=Answer.LINE, label="Why is it not sent?", applies=_not_sent),
        ),
    ),
    Step(
        key="survey-reminder", title="Reminder of the survey", lead="Once, and never again.",
        save="Write the reminder", done="The reminder is under Letters. Make it there, then say what became of it.",
        run=_remind,
        menu="Reminder of the survey", group=GROUP, clauses=("4.30",),
        offered=lambda page: any(one.reminded_at is None for one in _waiting(page)),
        asks=(which("survey", "Which survey", _to_remind, "Choose the survey."),),
    ),
    Step(
        key="survey-answer", title="Answers to the survey",
        lead="As they gave them. A question they left out stays not answered.",
        save="Save answers", done="The answers are saved.", run=_answered, asks=(), asks_from=_answer_asks,
        menu="Answers to the survey", group=GROUP, offered=lambda page: bool(_waiting(page)), clauses=("4.30",),
    ),
)  # fmt: skip
