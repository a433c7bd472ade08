"""A private and safe interview, and the officer asked for (4.26, 4.27)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import Party
from core.domain.confidential import PrivateInterview
from core.domain.interview import (
    CAN_MEET,
    INTERPRETERS,
    REQUESTS,
    Interruption,
    InterviewEvent,
    InterviewOffer,
    InterviewPerson,
    OfficerWish,
    RequestsMet,
    SignedStatement,
)
from core.foundation.errors import PolicyPackInvalid
from core.policy import interview as rules
from core.policy.interview import Standing
from core.policy.interview_questions import EVENT_FIELDS, parse_interview_questions
from tests.support.policy import facts, london, make, named

QUESTIONS = Path(__file__).resolve().parents[3] / "resources" / "interview" / "questions-1.json"
DRAWN = ((100, 100, 200, 150, 300, 100), (320, 90, 340, 95))
NOW = london("2026-11-27 12:00")


def an_interview(**fields: Any) -> PrivateInterview:
    return make(PrivateInterview, **fields)


def signed(words: str, name: str = "", **fields: Any) -> SignedStatement:
    values = {"how": "drawn", "at": "2026-11-27 11:00", "words": words, "words_hash": rules.hash_of(words), **fields}
    return make(SignedStatement, name or words, **values)


# ------------------------------------------------------------------ the interpreter


def test_a_child_never_interprets_for_a_parent() -> None:
    assert rules.why_not_interpreter("child", "Somali") == {"interpreter_sort": rules.CHILD_INTERPRETS}


def test_nobody_of_the_person_complained_about_interprets() -> None:
    assert rules.why_not_interpreter("theirs", "Somali") == {"interpreter_sort": rules.THEIRS_INTERPRETS}


def test_whoever_interprets_interprets_into_a_language() -> None:
    for sort in INTERPRETERS:
        missing = rules.why_not_interpreter(sort, " ")
        if sort in rules.SPOKEN:
            assert missing == {"interpreter_language": rules.NAME_LANGUAGE}
            assert rules.why_not_interpreter(sort, "Somali") == {}
        elif sort not in rules.REFUSED_INTERPRETERS:
            assert missing == {}


def test_a_friend_is_taken_with_a_remark_and_an_interview_without_an_interpreter_is_held_again() -> None:
    assert rules.interpreter_remark("friend") == rules.FRIEND_INTERPRETS
    assert "again with an interpreter" in rules.interpreter_remark("not-had")
    assert rules.interpreter_remark("professional") == "" == rules.interpreter_remark("none")


# ------------------------------------------------------------------ place and times


def test_of_a_refuge_no_word_is_kept_and_no_address_anywhere() -> None:
    assert rules.why_not_place("refuge", "Harbour House") == rules.NO_REFUGE
    assert rules.why_not_place("refuge", "  ") == ""
    assert rules.why_not_place("public", "12 Elm Road, upstairs") == rules.NO_PLACE_ADDRESS
    assert rules.why_not_place("agency", "ZZ1 1AA") == rules.NO_PLACE_ADDRESS
    assert rules.why_not_place("office", "The small room at the back") == ""


def test_times_may_be_typed_afterwards_but_not_ahead_and_not_backwards() -> None:
    began, ended = london("2026-11-25 10:00"), london("2026-11-25 11:30")
    assert rules.why_not_times(began, ended, NOW) == {} == rules.why_not_times(None, None, NOW)
    assert rules.why_not_times(ended, began, NOW) == {"ended_at": rules.ENDS_FIRST}
    ahead = london("2026-11-27 12:06")
    assert rules.why_not_times(ahead, None, NOW) == {"started_at": rules.IN_FUTURE}
    assert rules.why_not_times(began, ahead, NOW) == {"ended_at": rules.IN_FUTURE}
    assert rules.why_not_times(began, london("2026-11-27 12:05"), NOW) == {}, "a laptop's clock may be a little off"


# ------------------------------------------------------------------ private


def test_private_is_said_by_somebody() -> None:
    assert rules.why_not_private(an_interview(), (), ()) == (rules.SAY_PRIVATE,)
    assert rules.why_not_private(an_interview(private_confirmed=False), (), ()) == (rules.NOT_PRIVATE,)
    assert rules.why_not_private(an_interview(private_confirmed=True), (), ()) == ()


def test_the_person_complained_about_comes_home_during_the_interview() -> None:
    one = an_interview(private_confirmed=True)
    came = make(Interruption, "came", at="2026-11-27 11:00", who_came="complained-about")
    assert rules.why_not_private(one, (), (came,)) == (rules.MADE_SAFE,)
    safe = make(Interruption, "came", at="2026-11-27 11:00", who_came="complained-about", made_safe="We left together.")
    assert rules.why_not_private(one, (), (safe,)) == ()
    assert rules.why_not_private(one, (), (safe, came)) == (rules.MADE_SAFE,), "each of them"


def test_with_somebody_of_theirs_in_the_room_it_was_never_private() -> None:
    one = an_interview(private_confirmed=True)
    theirs, child = make(InterviewPerson, "1", role="complained-about"), make(InterviewPerson, "2", role="child")
    assert rules.why_not_private(one, (theirs,), ()) == (rules.THEY_WERE_THERE,)
    assert rules.why_not_private(one, (child,), ()) == (rules.CHILD_WAS_THERE,)
    support = make(InterviewPerson, "3", role="support")
    assert rules.why_not_private(one, (support,), ()) == ()


def test_what_is_not_written_down_yet_is_named() -> None:
    assert len(rules.still_to_record(an_interview(), (), ())) == 6, "without a statement there is nothing to sign"
    words = "He shouted."
    whole = an_interview(
        place_sort="office", interpreter_sort="none", started_at="2026-11-27 10:00", ended_at="2026-11-27 11:00",
        officer_asked=True, statement=words,
    )  # fmt: skip
    person = make(InterviewPerson, "1", role="person")
    assert rules.still_to_record(whole, (person,), ()) == ("Read back, and signed or not",)
    assert rules.still_to_record(whole, (person,), (signed(words),)) == ()
    assert rules.still_to_record(whole, (person,), (signed(words, how="refused", reason="Afraid"),)) == ()
    assert rules.still_to_record(whole, (person,), (signed("Otherwise"),)) == ("Read back, and signed or not",)


def test_sound_is_recorded_only_with_consent() -> None:
    assert [rules.may_record_sound(an_interview(sound_agreed=said)) for said in (True, False, None)] == [
        True, False, False,
    ]  # fmt: skip


# ------------------------------------------------------------------ the statement


@pytest.mark.parametrize(("words", "for_whom", "reason", "missing"), [
    ("He waited.", "person", "", set()), ("He waited.", "file", "For the court", set()),
    ("He waited.", "file", " ", {"copy_reason"}), ("He waited.", "", "", {"for_whom"}),
    ("He waited.", "neighbour", "He asked", {"for_whom"}), (" ", "person", "", {"statement"}),
])  # fmt: skip
def test_a_copy_goes_to_the_person_or_with_a_reason_to_a_file(
    words: str, for_whom: str, reason: str, missing: set[str]
) -> None:
    assert set(rules.why_not_copy(words, for_whom, reason)) == missing


def test_a_signature_holds_for_the_very_words() -> None:
    words = "He waited on the stairs."
    assert rules.statement_now("", ()).standing is Standing.NONE
    assert rules.statement_now(words, ()).standing is Standing.UNSIGNED
    one = signed(words)
    now = rules.statement_now(words, (one,))
    assert (now.standing, now.version, now.signature) == (Standing.SIGNED, 1, one)


def test_a_later_change_is_a_new_version_which_nobody_signed() -> None:
    one = signed("He waited.")
    now = rules.statement_now("He waited. Twice.", (one,))
    assert (now.standing, now.version, now.signature) == (Standing.CHANGED, 2, one)
    two = signed("He waited. Twice.", at="2026-11-27 11:30")
    assert rules.statement_now("He waited. Twice.", (two, one)).standing is Standing.SIGNED
    back = rules.statement_now("He waited.", (two, one))
    assert (back.standing, back.version, back.signature) == (Standing.SIGNED, 1, one), "those words were signed"


def test_a_signature_whose_words_are_not_its_words_counts_for_nothing() -> None:
    forged = signed("He waited.", words_hash=rules.hash_of("Nothing happened."))
    assert rules.statement_now("Nothing happened.", (forged,)).standing is Standing.UNSIGNED
    assert rules.statement_now("He waited.", (forged,)).standing is Standing.UNSIGNED


def test_not_signed_is_kept_with_its_reason_and_may_be_signed_later() -> None:
    words = "He waited."
    no = signed(words, "no", how="refused", reason="Too tired", at="2026-11-27 11:00")
    assert rules.statement_now(words, (no,)).standing is Standing.NOT_SIGNED
    yes = signed(words, "yes", at="2026-11-27 12:00")
    assert rules.statement_now(words, (yes, no)).standing is Standing.SIGNED


@given(words=st.text(min_size=1, max_size=40).filter(str.strip), other=st.text(max_size=40))
def test_only_the_same_words_are_signed(words: str, other: str) -> None:
    standing = rules.statement_now(other, (signed(words, "x"),)).standing
    assert (standing is Standing.SIGNED) == (other == words)


def test_signing_needs_reading_back_and_agreeing() -> None:
    one = an_interview(statement="He waited.")
    assert rules.why_not_sign(one, how="drawn", strokes=DRAWN) == {"read_back": rules.READ_IT_BACK}
    one = an_interview(statement="He waited.", read_back=True, agreed=False)
    assert rules.why_not_sign(one, how="drawn", strokes=DRAWN) == {"agreed": rules.ASK_AGREED}
    one = an_interview(statement="He waited.", read_back=True, agreed=True, corrected=True)
    assert rules.why_not_sign(one, how="drawn", strokes=DRAWN) == {}, "corrected and agreed"
    assert rules.why_not_sign(one, how="") == {"how": rules.CHOOSE_HOW}
    assert rules.why_not_sign(an_interview(statement=" "), how="drawn", strokes=DRAWN) == {"statement": rules.NO_WORDS}


def test_by_keyboard_a_typed_name_and_agreed_aloud_sign_too() -> None:
    one = an_interview(statement="He waited.", read_back=True, agreed=True)
    assert rules.why_not_sign(one, how="typed") == {"name": rules.TYPE_NAME, "agreed_aloud": rules.SAY_ALOUD}
    assert rules.why_not_sign(one, how="typed", name="Ada Quill", agreed_aloud=True) == {}


@pytest.mark.parametrize("how", ["refused", "unable"])
def test_refused_or_unable_needs_a_reason_and_nothing_else(how: str) -> None:
    one = an_interview(statement="He waited.")
    assert rules.why_not_sign(one, how=how) == {"reason": rules.WHY_NOT_SIGNED}
    assert rules.why_not_sign(one, how=how, reason="Her hand shakes") == {}


def test_a_dot_is_no_signature_and_neither_is_what_lies_outside_the_box() -> None:
    for nothing in ((), ((),), ((5, 5),), ((5, 5, 6, 6),), ((0, 0, 2_000, 0),), ((0, 0, 100, 301),), ((1, 2, 3),)):
        assert rules.why_not_signature(nothing) == rules.DRAW
    assert rules.why_not_signature(DRAWN) == ""
    assert "too much" in rules.why_not_signature((tuple([1, 2] * (rules.MOST_POINTS + 1)),))


# ------------------------------------------------------------------ into the case


def test_nothing_goes_into_the_case_before_the_person_was_asked() -> None:
    assert rules.why_not_put(an_interview()) == rules.ASK_WISH
    assert rules.why_not_put(an_interview(), "A child is in danger") == rules.ASK_WISH
    assert rules.why_not_put(an_interview(into_case="some")) == "" == rules.why_not_put(an_interview(into_case="all"))


def test_against_the_wish_only_with_the_reason() -> None:
    no = an_interview(into_case="nothing")
    assert rules.why_not_put(no) == rules.WISH_NOTHING == rules.why_not_put(no, "  ")
    assert rules.why_not_put(no, "Her child's life. She was told before.") == ""


def test_what_waits_to_go_in_is_asked_once_and_never_the_statement() -> None:
    one = an_interview(
        statement="Everything", started_at="2026-11-27 10:00", wanted="That it stops", wants=frozenset({"woman"}),
        risk_answers=frozenset({"mind:yes"}),
    )  # fmt: skip
    told, gone = make(InterviewEvent, "1", what="He shouted"), make(InterviewEvent, "2", what="x", put_at=NOW)
    assert rules.pieces_waiting(one, (told, gone), ()) == {"incident", "contact", "wish", "officer", "risk"}
    assert rules.pieces_waiting(one, (gone,), ("contact", "wish")) == {"officer", "risk"}
    assert rules.pieces_waiting(an_interview(statement="Everything"), (), ()) == frozenset()


def test_what_happened_goes_in_as_what_and_who() -> None:
    assert rules.event_words(make(InterviewEvent, what=" He shouted. ", who="The man from above")) == (
        "He shouted.\nWho did it, as the person sees it: The man from above"
    )
    assert rules.event_words(make(InterviewEvent, impact="No sleep")) == ""


# ------------------------------------------------------------------ 4.27


def test_another_officer_is_told_and_not_barred() -> None:
    said = rules.nag({"woman"}, ())
    assert said.startswith("The person asked for a woman.") and "go on with you" in said
    assert rules.nag({"woman"}, {"man"}) and rules.nag({"woman", "origin"}, {"woman"})


def test_nobody_is_told_where_it_is_met_or_nothing_was_asked_for() -> None:
    assert rules.nag((), ()) == "" == rules.nag({"woman"}, {"woman", "origin"})
    assert rules.nag({"origin"}, (), met=True) == ""
    assert rules.nag({"woman"}, (), met=False), "that it could not be met does not make it met"


def test_the_same_origin_is_answered_for_each_request_and_kept_of_nobody() -> None:
    assert not rules.can_meet({"origin"}, {"origin"}), "whoever may be asked answers this time"
    assert rules.nag({"origin"}, {"origin"})
    assert set(CAN_MEET) == set(REQUESTS)
    assert set(RequestsMet.SPEC.fields) == {"user", "can_meet", "said_at"}
    forbidden = ("ethnic", "race", "colour", "nation", "gender", "sex")
    for field in RequestsMet.SPEC.fields:
        assert not any(word in field for word in forbidden)
    for code, words in CAN_MEET.items():
        assert code in {"woman", "man", "origin"} and "which" not in words


def test_who_may_be_asked_are_those_who_said_they_may() -> None:
    said = {b"a": frozenset({"woman"}), b"b": frozenset({"woman", "origin"}), b"c": frozenset[str]()}
    assert rules.who_may_meet({"woman"}, said) == (b"a", b"b")
    assert rules.who_may_meet({"woman", "origin"}, said) == (b"b",)
    assert rules.who_may_meet((), said) == ()


def test_what_a_colleague_can_meet_is_their_latest_word() -> None:
    first = make(RequestsMet, "1", user=b"a", can_meet=frozenset({"man"}), said_at="2026-11-01 10:00")
    then = make(RequestsMet, "2", user=b"a", can_meet=frozenset(), said_at="2026-11-02 10:00")
    assert rules.latest_said((then, first)) == {b"a": frozenset()}


def test_what_each_person_said_last_to_an_interview_offered_holds() -> None:
    her = make(Party, "her", name="Ada Quill", roles=frozenset({"harmed"}))
    no = make(InterviewOffer, "no", party=her.id, offered_at="2026-11-20 10:00", answer="no")
    yes = make(InterviewOffer, "yes", party=her.id, offered_at="2026-11-21 10:00", answer="yes")
    other = make(InterviewOffer, "other", offered_at="2026-11-20 10:00", answer="later")
    said = {party: one.answer for party, one in rules.interview_offers(facts(her, yes, no, other)).items()}
    assert said == {her.id: "yes", None: "later"}


def test_the_latest_wish_of_each_person_holds() -> None:
    ada, ben = named("ada"), named("ben")
    first = make(OfficerWish, "1", party=ada, wants=frozenset({"woman"}), said_at="2026-11-01 10:00")
    then = make(OfficerWish, "2", party=ada, wants=frozenset(), said_at="2026-11-03 10:00")
    other = make(OfficerWish, "3", party=ben, wants=frozenset({"man"}), said_at="2026-11-02 10:00")
    assert rules.wishes_for_officer(facts(then, first, other)) == {ada: then, ben: other}


def test_not_met_needs_a_reason_for_interpreters_too() -> None:
    assert rules.why_not_wish({"woman"}, (), False, " ") == {"wants_not_met_because": rules.SAY_WHY_NOT_MET}
    assert rules.why_not_wish((), {"woman"}, False, "") == {"wants_not_met_because": rules.SAY_WHY_NOT_MET}
    assert rules.why_not_wish({"woman"}, (), False, "Nobody was free") == {}
    assert rules.why_not_wish((), (), True, "") == {"wants": rules.ASKED_FOR_NOTHING}
    assert rules.why_not_wish((), (), None, "") == {}


def test_what_was_asked_for_at_the_report_is_not_lost() -> None:
    said = make(Party, "1", officer_wanted=" A woman "), make(Party, "3", officer_wanted="A woman")
    parties = (*said, make(Party, "2"))
    assert rules.asked_at_report(parties) == ("A woman",)


def test_what_was_asked_for_in_words() -> None:
    assert rules.asked_words({"woman"}) == "a woman"
    assert rules.asked_words({"origin", "man"}) == "a man of the same ethnic origin"
    assert rules.asked_words({"origin"}) == "somebody of the same ethnic origin"


# ------------------------------------------------------------------ the prompts


def test_the_shipped_prompts_ask_who_what_when_where_and_impact_once() -> None:
    found = parse_interview_questions(QUESTIONS.read_text(encoding="utf-8"))
    assert sorted(one.field for one in found.event) == sorted(EVENT_FIELDS) and found.version == 1
    assert all(found.words_of(field).endswith("?") for field in EVENT_FIELDS)
    assert {one.section for one in found.prompts} == {
        "Before you begin", "In their own words", "What it does", "What next",
    }  # fmt: skip


def test_the_questions_about_risk_are_those_of_the_assessment() -> None:
    from core.policy.risk_questions import parse_questions

    risk = parse_questions((QUESTIONS.parents[1] / "risk" / "victim-1.json").read_text(encoding="utf-8"))
    found = parse_interview_questions(QUESTIONS.read_text(encoding="utf-8"))
    assert set(found.risk) <= {question.code for question in risk.questions}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"format": 1', '"format": 2', "the format of the prompts is not 1"),
        ('"version": 1', '"version": true', "version of the prompts"),
        ('"code": "stop"', '"code": "safe-now"', "two of the prompts"),
        ('"code": "impact"', '"code": "feeling"', "event must ask"),
        ('next", "words": "Who helps', 'next", "words": "", "w": "Who helps', "words of prompts, row 16,"),
        ('"risk": ["how-often", "worse"', '"risk": ["worse", "worse"', "two of the risk"),
        ('"risk": ["how-often"', '"risk": [1', "risk is not a list"),
        ('"prompts": [', '"prompts": [3,', "prompts, row 1,"),
    ],
)
def test_prompts_that_are_not_whole_are_refused_with_the_row(old: str, new: str, said: str) -> None:
    text = QUESTIONS.read_text(encoding="utf-8")
    assert text.count(old) == 1
    with pytest.raises(PolicyPackInvalid) as found:
        parse_interview_questions(text.replace(old, new))
    assert said in str(found.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "3"])
def test_what_is_no_set_of_prompts_is_refused(text: str) -> None:
    with pytest.raises(PolicyPackInvalid):
        parse_interview_questions(text)
