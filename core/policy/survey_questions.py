"""The questions of the satisfaction survey, as data (4.30): each with its answers, and one for words of their own.

A survey keeps the version it was asked with, so that a later set changes nothing that was answered before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.foundation.errors import PolicyPackInvalid

FORMAT = 1
MOST_ROWS = 40
LONGEST_WORDS = 400
HIGHEST_SCORE = 10
BOX, ROOM = "[ ] ", "____"
"""How a line of `as_text` begins that is an answer to tick, and what stands for a line to write on."""
_LINES_TO_WRITE = 4
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_CODE = _LETTERS | frozenset("0123456789-")


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """One answer; a higher score is better. None: it is counted, and belongs to no average."""

    code: str
    words: str
    score: int | None


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """One question with its answers, in the order of the letter."""

    code: str
    words: str
    answers: tuple[SurveyAnswer, ...]

    def answer(self, code: str) -> SurveyAnswer | None:
        """The answer of that code; None if this version does not know it."""
        return next((one for one in self.answers if one.code == code), None)


@dataclass(frozen=True, slots=True)
class SurveyTranslation:
    """The questions in another language, answers and scores those of the English. `proofed_by`: "" for a draft."""

    language: str
    proofed_by: str
    questions: tuple[SurveyQuestion, ...]
    open_question: str


@dataclass(frozen=True, slots=True)
class SurveyQuestions:
    """One version of the survey. `open_question` is answered in words."""

    id: str
    version: int
    title: str
    note: str
    questions: tuple[SurveyQuestion, ...]
    open_question: str
    translations: tuple[SurveyTranslation, ...] = ()

    def question(self, code: str) -> SurveyQuestion | None:
        """The question of that code; None if this version does not know it."""
        return next((one for one in self.questions if one.code == code), None)

    def translation(self, language: str, *, drafts: bool) -> SurveyTranslation | None:
        """The questions in a language; None where there are none. `drafts`: also what nobody has proofed."""
        wanted = (one for one in self.translations if one.language == language and (drafts or one.proofed_by))
        return next(wanted, None)

    def said_in(self, translation: SurveyTranslation | None) -> SurveyQuestions:
        """The same survey in the words of a translation; None: in English."""
        if translation is None:
            return self
        return replace(self, questions=translation.questions, open_question=translation.open_question)


def as_text(questions: SurveyQuestions) -> str:
    """The questions as a letter asks them: each on a line, its answers on lines that begin with `BOX` (policy 4.30)."""
    found = []
    for number, one in enumerate(questions.questions, start=1):
        found += [f"{number}. {one.words}", *(f"{BOX}{answer.words}" for answer in one.answers)]
    return "\n".join([*found, questions.open_question, *[ROOM] * _LINES_TO_WRITE])


def parse_survey(text: str) -> SurveyQuestions:
    """Read a survey (policy 4.30).

    Raises:
        PolicyPackInvalid: not whole; the sentence names the row.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise _wrong(f"it is not readable ({problem})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _wrong(f"its format is not {FORMAT}")
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _wrong("version is not a whole number from 1")
    rows = _rows(content, "questions", "the survey")
    questions = tuple(_question(row, f"questions, row {place}") for place, row in enumerate(rows, start=1))
    _distinct([one.code for one in questions], "questions")
    made = SurveyQuestions(
        id=_words(content, "id", "the survey"), version=version, title=_words(content, "title", "the survey"),
        note=_words(content, "note", "the survey"), questions=questions,
        open_question=_words(content, "open_question", "the survey"),
    )  # fmt: skip
    said = content.get("translations", {})
    if not isinstance(said, dict) or not all(isinstance(one, dict) for one in said.values()):
        raise _wrong("translations is not a table of languages")
    return replace(made, translations=tuple(_translation(made, *one) for one in sorted(said.items())))


def _translation(survey: SurveyQuestions, language: str, content: Mapping[str, Any]) -> SurveyTranslation:
    where = f"translations, {language}"
    if not (2 <= len(language) <= 3 and set(language) <= _LETTERS) or language == "en":
        raise _wrong(f"{where}: this is not the short code of another language")
    proofed_by = content.get("proofed_by", "")
    if not isinstance(proofed_by, str) or len(proofed_by) > LONGEST_WORDS:
        raise _wrong(f"proofed_by of {where} is not a name")
    rows = _rows(content, "questions", where)
    questions = tuple(
        _question(row, f"{where}, questions, row {place}", scored=False) for place, row in enumerate(rows, start=1)
    )
    if [_codes(one) for one in questions] != [_codes(one) for one in survey.questions]:
        raise _wrong(f"{where} does not have the questions and answers of the English, in their order")
    scored = tuple(
        replace(one, answers=tuple(replace(answer, score=asked.score) for answer, asked in zip(
            one.answers, english.answers, strict=True)))
        for one, english in zip(questions, survey.questions, strict=True)
    )  # fmt: skip
    return SurveyTranslation(language, proofed_by.strip(), scored, _words(content, "open_question", where))


def _codes(question: SurveyQuestion) -> tuple[str, ...]:
    return (question.code, *(answer.code for answer in question.answers))


def _question(row: Mapping[str, Any], where: str, *, scored: bool = True) -> SurveyQuestion:
    """`scored` False: of a translation, whose scores are those of the English, whatever it says."""
    rows = _rows(row, "answers", where)
    answers = tuple(
        _answer(one if scored else {**one, "score": None}, f"{where}, answers, row {place}")
        for place, one in enumerate(rows, start=1)
    )
    _distinct([one.code for one in answers], f"answers of {where}")
    if len(answers) < 2:
        raise _wrong(f"{where} has fewer than two answers")
    return SurveyQuestion(_code(row, where), _words(row, "words", where), answers)


def _answer(row: Mapping[str, Any], where: str) -> SurveyAnswer:
    score = row.get("score")
    if score is not None and (not isinstance(score, int) or isinstance(score, bool) or not 0 <= score <= HIGHEST_SCORE):
        raise _wrong(f"score of {where} is not a whole number from 0 to {HIGHEST_SCORE}")
    return SurveyAnswer(_code(row, where), _words(row, "words", where), score)


def _rows(content: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    found = content.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_ROWS:
        raise _wrong(f"{name} of {where} is not a list of 1 to {MOST_ROWS} rows")
    if not all(isinstance(row, dict) for row in found):
        raise _wrong(f"{name} of {where} holds something that is no row")
    return found


def _distinct(codes: list[str], what: str) -> None:
    if len(set(codes)) != len(codes):
        raise _wrong(f"two {what} have the same code")


def _words(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_WORDS:
        raise _wrong(f"{name} of {where} is not a text of 1 to {LONGEST_WORDS} letters")
    return value


def _code(row: Mapping[str, Any], where: str) -> str:
    value = row.get("code")
    if not isinstance(value, str) or not value or not set(value) <= _CODE:
        raise _wrong(f"code of {where} is not made of small letters, digits and hyphens")
    return value


def _wrong(reason: str) -> PolicyPackInvalid:
    return PolicyPackInvalid(reason=f"the survey: {reason}")
