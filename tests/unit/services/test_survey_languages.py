"""The questions of the survey in the language of its letter: from the pack, or said plainly that there are none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.foundation.errors import PolicyPackInvalid
from core.letters.compose import QUESTIONS
from core.letters.templates import Template
from core.policy.survey_questions import SurveyQuestions, parse_survey
from core.services.letter_words import note_of_questions, questions_of
from core.services.packs import DEFAULT_PACK, shipped_text
from core.services.template_book import shipped
from core.services.workspace import Workspace

SHIPPED = json.loads(shipped_text("survey", DEFAULT_PACK))


def in_polish(proofed_by: str = "", **changes: Any) -> SurveyQuestions:
    questions = [
        {"code": one["code"], "words": f"PL {one['words']}",
         "answers": [{"code": answer["code"], "words": f"PL {answer['words']}"} for answer in one["answers"]]}
        for one in SHIPPED["questions"]
    ]  # fmt: skip
    said = {"proofed_by": proofed_by, "questions": questions, "open_question": "PL more?", **changes}
    return parse_survey(json.dumps({**SHIPPED, "translations": {"pl": said}}))


def a_letter(language: str, *, proofed_by: str = "") -> Template:
    found = next(one for one in shipped() if (one.identity.template_id, one.identity.language) == ("survey", language))
    return replace(found, use=replace(found.use, proofed_by=proofed_by))


def asked(survey: SurveyQuestions, template: Template) -> tuple[str, str]:
    shelf = SimpleNamespace(survey=lambda _on: survey)
    workspace = cast(Workspace, SimpleNamespace(shelf=shelf, today=date(2026, 11, 29)))
    first = questions_of(workspace, template)[QUESTIONS].split("\n", 1)[0]
    return first, note_of_questions(workspace, template)


ENGLISH = "1. " + SHIPPED["questions"][0]["words"]
POLISH = "1. PL " + SHIPPED["questions"][0]["words"]


def test_a_draft_letter_asks_in_its_own_language_and_a_proofed_one_only_what_is_proofed() -> None:
    draft, proofed = a_letter("pl"), a_letter("pl", proofed_by="Ewa Lis")
    assert (draft.is_draft, proofed.is_draft) == (True, False)
    still = "The questions in Polish are a draft until somebody who reads it has proofed them."
    none = "The questions of the survey are in English: the pack has none that somebody has proofed in Polish."
    assert asked(in_polish(), draft) == (POLISH, still)
    assert asked(in_polish(), proofed) == (ENGLISH, none)
    assert asked(in_polish("Ewa Lis"), proofed) == (POLISH, "")


def test_where_the_pack_has_no_translation_it_is_said() -> None:
    plain = parse_survey(json.dumps(SHIPPED))
    none = "The questions of the survey are in English: the pack has none in Welsh."
    assert asked(plain, a_letter("cy")) == (ENGLISH, none)
    assert asked(in_polish(), a_letter("cy")) == (ENGLISH, none)
    assert asked(in_polish(), a_letter("en-GB")) == (ENGLISH, "")


def test_the_scores_of_a_translation_are_those_of_the_english() -> None:
    survey = in_polish()
    (translation,) = survey.translations
    scores = [[answer.score for answer in one.answers] for one in survey.said_in(translation).questions]
    assert scores == [[answer.score for answer in one.answers] for one in survey.questions]


@pytest.mark.parametrize("wrong, said", [
    ({"questions": []}, "questions of translations, pl is not a list"),
    ({"questions": [{"code": "x", "words": "x", "answers": [{"code": c, "words": c} for c in "ab"]}]},
     "translations, pl does not have the questions and answers of the English, in their order"),
    ({"open_question": ""}, "open_question of translations, pl"),
    ({"proofed_by": 3}, "proofed_by of translations, pl is not a name"),
])  # fmt: skip
def test_a_translation_that_asks_something_else_is_refused_by_its_row(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyPackInvalid) as refused:
        in_polish(**wrong)
    assert said in refused.value.explain().happened
