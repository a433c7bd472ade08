"""Nobody named (4.11) and the letter to the area (4.12)."""

from __future__ import annotations

import pytest

from core.domain.case import AssociationMessage, Contact, Party, PoliceRequest
from core.domain.declare import Record
from core.domain.doors import WarningGiven
from core.domain.letters import LetterRun
from core.policy.no_perpetrator import Step, StepState, area_letter_concerns, steps_when_nobody_named
from tests.support.policy import facts, make, pack, setting


def steps(*records: Record, known: str = "unknown") -> dict[str, Step]:
    found = facts(*records, perpetrator_known=known)
    return {step.kind.value: step for step in steps_when_nobody_named(found, setting("2026-11-27 19:00"))}


@pytest.mark.parametrize("known", ["unknown", "withheld", "described"])
def test_five_steps_are_offered_in_the_policys_order_and_none_is_done(known: str) -> None:
    offered = steps(known=known)
    assert list(offered) == ["police", "warn", "visit", "area-letter", "association"]
    assert {step.state for step in offered.values()} == {StepState.NOT_STARTED}
    assert [step.clause for step in offered.values()] == ["4.11", "4.11", "4.11", "4.12", "4.12"]


@pytest.mark.parametrize("known", ["named", ""])
def test_named_or_not_asked_offers_nothing(known: str) -> None:
    assert steps(known=known) == {}


def test_police_asked() -> None:
    later = make(PoliceRequest, "b", asked_at="2026-11-26 10:00")
    first = make(PoliceRequest, "a", asked_at="2026-11-25 10:00")
    police = steps(later, first)["police"]
    assert police.state is StepState.DONE
    assert police.note == "Asked Wed 25 Nov, 10:00am."


def test_a_request_without_a_time_is_not_done() -> None:
    assert steps(make(PoliceRequest))["police"].state is StepState.NOT_STARTED


@pytest.mark.parametrize(
    ("state", "shown", "note"),
    [
        ("planned", StepState.STARTED, "The letters are being prepared."),
        ("making", StepState.STARTED, "The letters are being prepared."),
        ("made", StepState.STARTED, "The letters are ready and not yet delivered."),
        ("stopped", StepState.NOT_STARTED, ""),
        ("delivered", StepState.DONE, "Delivered Fri 27 Nov, 11:00am."),
    ],
)
def test_area_letter_is_done_when_delivered_and_not_before(state: str, shown: StepState, note: str) -> None:
    letter = steps(make(LetterRun, state=state, finished_at="2026-11-27 11:00"))["area-letter"]
    assert (letter.state, letter.note) == (shown, note)


def test_association_told() -> None:
    told = steps(make(AssociationMessage, sent_at="2026-11-27 11:00"))["association"]
    assert told.state is StepState.DONE


def test_talking_with_somebody_complained_about_is_not_by_itself_a_warning() -> None:
    other = make(Party, "other", roles=frozenset({"alleged-perpetrator"}))
    spoke = make(Contact, party=other.id, at="2026-11-27 11:00", outcome="spoke")
    assert steps(other, spoke, known="described")["warn"].state is StepState.STARTED
    assert steps(spoke, known="described")["warn"].state is StepState.NOT_STARTED


@pytest.mark.parametrize(("homes", "tiny"), [(0, True), (1, True), (9, True), (10, False), (640, False)])
def test_tiny_block_under_ten_homes(homes: int, tiny: bool) -> None:
    concerns = area_letter_concerns(homes, pack())
    assert concerns.tiny is tiny
    assert concerns.second_person
    assert ("can point to the people involved" in concerns.sentences[0]) is tiny


def test_whoever_works_alone_is_not_promised_a_second_reader() -> None:
    assert "A second person reads the letter before it goes out." in area_letter_concerns(50, pack()).sentences
    (alone,) = area_letter_concerns(50, pack(), somebody_else=False).sentences
    assert "nobody else can read this case" in alone


def test_a_warning_that_was_given_is_a_warning_done() -> None:
    given = make(WarningGiven, given_at="2026-11-27 12:00", given_to="Two young men")
    warned = steps(given)["warn"]
    assert (warned.state, warned.note) == (StepState.DONE, "Warned Fri 27 Nov, 12:00pm.")


def test_an_answer_of_the_police_is_said() -> None:
    answered = make(PoliceRequest, asked_at="2026-11-25 10:00", replied_at="2026-11-26 10:00", reply="Yes")
    assert steps(answered)["police"].note.endswith("They answered.")
