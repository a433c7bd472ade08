"""Risk to each person harmed, the assessment before a court, domestic abuse and safeguarding (policy 3.3, 4.7)."""

from __future__ import annotations

from core.domain.risk import ABUSE_LEVELS, BANDS, CONCERNS, OCCASIONS, TOLD_HOW, Safeguarding
from core.foundation.ids import UserId
from core.policy.risk import safeguarding_to_tell, work_out
from core.policy.risk_questions import ALWAYS_POSSIBLE, Questions
from core.services.risk import RespondentForm, RiskForm
from desktop.background import Job, Receiver
from desktop.operations import risk
from desktop.operations.base import Runner
from desktop.screens.step.chapters.second_person import ASKED_HINT, ASKED_LABEL, other_readers
from desktop.screens.step.choices import chosen, is_open, one_of, people_of, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    number,
    record_id,
    some,
    text,
    yes_no,
)
from desktop.screens.words import small_first
from desktop.widgets.moments import moment_words

GROUP = "Risk"
_PREFIX = "q:"


def _assess(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    second = record_id(answers, "second_person")
    form = RiskForm(
        case=facts.page.file.case.id, answers=_given(answers), floors=some(answers, "floors"),
        occasion=text(answers, "occasion"), party=record_id(answers, "party"), judged=text(answers, "judged"),
        reasons=text(answers, "reasons"), second_person=UserId(second) if second else None,
        notes=text(answers, "notes"),
    )  # fmt: skip
    return risk.assess_risk(runner, form, on_done=on_done, on_failed=on_failed)


def _respondent(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = RespondentForm(
        case=facts.page.file.case.id, party=record_id(answers, "respondent"),
        vulnerability=text(answers, "vulnerability"), capacity=text(answers, "capacity"),
        risk_of_harm=text(answers, "risk_of_harm"), alternatives=text(answers, "alternatives"),
        other_matters=text(answers, "other_matters"), conclusion=text(answers, "conclusion"),
    )  # fmt: skip
    return risk.assess_respondent(runner, form, on_done=on_done, on_failed=on_failed)


def _abuse(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    noted = {
        "level": text(answers, "level"), "tool_score": number(answers, "tool_score"),
        "referred": yes_no(answers, "referred") is True, "adviser_offered": yes_no(answers, "adviser_offered"),
        "notes": text(answers, "notes"), "party": record_id(answers, "party"),
    }  # fmt: skip
    return risk.note_domestic_abuse(runner, facts.page.file.case.id, noted, on_done=on_done, on_failed=on_failed)


def _concern(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    noted = {
        "about": text(answers, "about"), "concern": text(answers, "concern"), "told": text(answers, "told"),
        "told_on": day(answers, "told_on"), "not_told_because": text(answers, "not_told_because"),
        "party": record_id(answers, "party"),
    }  # fmt: skip
    return risk.note_concern(runner, facts.page.file.case.id, noted, on_done=on_done, on_failed=on_failed)


def _tell(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said: dict[str, object] = {"concern": chosen(answers, "concern")}
    if yes_no(answers, "told_somebody") is False:
        said |= {"nobody": True, "nobody_because": text(answers, "nobody_because")}
    else:
        said |= {name: text(answers, name) for name in ("agency", "person", "how")}
        said["told_on"] = day(answers, "told_on")
    return risk.tell_concern(runner, said, on_done=on_done, on_failed=on_failed)


def _to_tell(facts: StepFacts) -> Options:
    return tuple(
        (one.id.hex(), ", ".join(filter(None, (CONCERNS.get(one.about, ""), _noted(one, facts)))))
        for one in safeguarding_to_tell(facts.page.file.contents)
    )


def _noted(one: Safeguarding, facts: StepFacts) -> str:
    return f"noted {small_first(moment_words(one.noted_at, facts.now))}" if one.noted_at else ""


def _somebody(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "told_somebody") is not False


def _nobody(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "told_somebody") is False


def _given(answers: Answers) -> dict[str, str]:
    return {
        name.removeprefix(_PREFIX): value
        for name, value in answers.items()
        if name.startswith(_PREFIX) and isinstance(value, str) and value
    }


def _questions(facts: StepFacts) -> tuple[Ask, ...]:
    """The organisation's own questions, then what is judged from the answers."""
    questions = facts.page.risk_questions
    asked = tuple(
        Ask(
            name=f"{_PREFIX}{question.code}", kind=Answer.ONE, label=question.words, section=question.section,
            options=one_of({option.code: option.words for option in question.options} | dict(ALWAYS_POSSIBLE)),
            optional=True,
        )
        for question in questions.questions
    )  # fmt: skip
    floors = {floor.code: floor.words for floor in questions.floors}
    return (
        who("Whose risk", "Each person harmed has a risk of their own."),
        Ask(name="occasion", kind=Answer.ONE, label="Why now", options=one_of(OCCASIONS), start=_occasion),
        *asked,
        Ask(
            name="floors", kind=Answer.SOME, label="Any of these makes the risk high", section="Dangers",
            options=one_of(floors), optional=True,
        ),
        Ask(
            name="judged", kind=Answer.ONE, label="Do you judge it otherwise than the answers say?",
            section="Your judgement", options=one_of({"": "As the answers say", **BANDS}), optional=True,
        ),
        Ask(name="reasons", kind=Answer.WORDS, label="Your reasons", applies=_otherwise),
        Ask(
            name="second_person", kind=Answer.FROM_LIST, label=ASKED_LABEL, hint=ASKED_HINT, options=other_readers,
            applies=_lower,
        ),
        Ask(name="notes", kind=Answer.WORDS, label="Anything else", optional=True),
    )  # fmt: skip


def _occasion(facts: StepFacts) -> object:
    return "first" if not facts.page.risk else ""


def _worked(facts: StepFacts, answers: Answers) -> str:
    questions: Questions = facts.page.risk_questions
    return work_out(questions, _given(answers), some(answers, "floors")).band


def _otherwise(facts: StepFacts, answers: Answers) -> bool:
    judged = text(answers, "judged")
    return bool(judged) and judged != _worked(facts, answers)


def _lower(facts: StepFacts, answers: Answers) -> bool:
    order = list(BANDS)
    judged = text(answers, "judged")
    return judged in order and order.index(judged) < order.index(_worked(facts, answers))


def _respondents(facts: StepFacts) -> Options:
    return people_of(facts.page, "alleged-perpetrator")


def _several_respondents(facts: StepFacts, _answers: Answers) -> bool:
    return len(_respondents(facts)) > 1


def _only_respondent(facts: StepFacts) -> object:
    found = _respondents(facts)
    return found[0][0] if len(found) == 1 else ""


def _is_high(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "level") == "high"


def _not_told(_facts: StepFacts, answers: Answers) -> bool:
    return not text(answers, "told")


def _was_told(_facts: StepFacts, answers: Answers) -> bool:
    return bool(text(answers, "told"))


STEPS: tuple[Step, ...] = (
    Step(
        key="risk", title="Risk assessment",
        lead="Every question can be skipped, and “does not want to say” is an answer. The result is never shown to the "
        "side complained about.",
        save="Save", done="Risk assessment saved.", run=_assess, asks=(), asks_from=_questions,
        menu="Risk assessment", group=GROUP, offered=is_open, clauses=("3.3",),
    ),
    Step(
        key="safeguarding", title="Safeguarding concern",
        lead="A child, or an adult with care needs, may be at risk. Tell those whose duty it is, and write down whom.",
        save="Save concern", done="Concern saved.", run=_concern,
        menu="Safeguarding concern", group=GROUP, offered=is_open, clauses=("3.3",),
        asks=(
            who(),
            Ask(name="about", kind=Answer.ONE, label="About", options=one_of(CONCERNS)),
            Ask(name="concern", kind=Answer.WORDS, label="What the concern is"),
            Ask(name="told", kind=Answer.LINE, label="Who was told", optional=True),
            Ask(name="told_on", kind=Answer.DAY, label="On which day", applies=_was_told),
            Ask(name="not_told_because", kind=Answer.LINE, label="Why nobody was told yet", applies=_not_told),
        ),
    ),
    Step(
        key="safeguarding-told", title="Who was told of the concern",
        lead="The agency whose duty it is, who there, when and how. Or that nobody is told: whose decision, and why.",
        save="Save", done="Saved.", run=_tell,
        menu="Who was told of a safeguarding concern", group=GROUP, clauses=("3.3",),
        offered=lambda page: bool(safeguarding_to_tell(page.file.contents)),
        asks=(
            which("concern", "Which concern", _to_tell, "Choose the concern."),
            Ask(
                name="told_somebody", kind=Answer.YES_NO, label="Was somebody told?", start=lambda _facts: True,
                need="Say whether somebody was told.",
            ),
            Ask(name="agency", kind=Answer.LINE, label="Which agency", applies=_somebody),
            Ask(name="person", kind=Answer.LINE, label="Who there", applies=_somebody, optional=True),
            Ask(name="told_on", kind=Answer.DAY, label="On which day", applies=_somebody),
            Ask(name="how", kind=Answer.ONE, label="How", options=one_of(TOLD_HOW), applies=_somebody),
            Ask(
                name="nobody_because", kind=Answer.LINE, label="Why nobody is told", applies=_nobody,
                hint="Whose decision it is, and on what ground. Until then it stays to be told.",
            ),
        ),
    ),
    Step(
        key="domestic-abuse", title="Domestic abuse",
        lead="The case then goes its own path: assessed with the tool made for it, referred where the risk is high, "
        "and never mediated. Keep the result here, not the questions of the tool.",
        save="Save", done="Saved.", run=_abuse,
        menu="Domestic abuse", group=GROUP, offered=is_open, clauses=("3.3", "4.23"),
        asks=(
            who("Person harmed"),
            Ask(name="level", kind=Answer.ONE, label="Risk by the tool used", options=one_of(ABUSE_LEVELS)),
            Ask(name="tool_score", kind=Answer.NUMBER, label="Score of the tool", optional=True),
            Ask(
                name="referred", kind=Answer.YES_NO, label="Was it referred to the multi-agency panel?",
                applies=_is_high,
            ),
            Ask(
                name="adviser_offered", kind=Answer.YES_NO, label="Was an independent adviser offered?", optional=True,
            ),
            Ask(name="notes", kind=Answer.WORDS, label="Notes", optional=True),
        ),
    ),
    Step(
        key="respondent", title="Assessment before a court is asked",
        lead="About the person complained about. It is kept apart from the risk to the person harmed.",
        save="Save", done="Assessment saved.", run=_respondent,
        menu="Assessment before a court is asked", group=GROUP, offered=is_open, clauses=("4.7",),
        asks=(
            Ask(
                name="respondent", kind=Answer.FROM_LIST, label="About whom", options=_respondents,
                start=_only_respondent, applies=_several_respondents,
            ),
            Ask(name="vulnerability", kind=Answer.WORDS, label="What makes them vulnerable"),
            Ask(name="capacity", kind=Answer.WORDS, label="Can they understand and keep conditions?"),
            Ask(name="risk_of_harm", kind=Answer.WORDS, label="What harm to others is to be feared"),
            Ask(name="alternatives", kind=Answer.WORDS, label="What else was tried or considered"),
            Ask(name="other_matters", kind=Answer.WORDS, label="Anything else that matters", optional=True),
            Ask(name="conclusion", kind=Answer.WORDS, label="What you conclude"),
        ),
    ),
)  # fmt: skip
