"""Appeals (4.29, 4.22): in time or late, by which person, decided by whom, answered in a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.domain.case import Closure, Party
from core.domain.closing import Appeal, ClosureTalk, PersonLetter
from core.domain.declare import Record
from core.domain.letters import CaseLetter
from core.domain.safety import ManagementTransfer
from core.policy.appeals import (
    NOT_BY_DECIDER,
    NOT_BY_LEAD,
    NOT_BY_PROPOSER,
    appeal_duties,
    in_time,
    is_decided,
    keeps_open,
    last_time_ends_at,
    time_ends_at,
    transfer_time_ends_at,
    was_answered_at,
    why_not_decide,
)
from core.policy.duties import CaseFacts, DutyState
from tests.support.policy import facts, london, make, named, setting

ADA, BEA = named("party ada"), named("party bea")
TWO = (
    make(Party, "ada", name="Ada Quill", roles=frozenset({"harmed"})),
    make(Party, "bea", name="Bea Hart", roles=frozenset({"harmed"})),
)
CLOSURE = make(Closure, proposed_at="2026-11-23 10:00", proposed_by=b"proposer", closed_by=b"closer")
MOVE = make(ManagementTransfer, decided_at="2026-11-25 10:00", decided_by=b"decider")
NOW = setting("2026-12-14 09:00")
LAST_MOMENT = london("2026-12-09 23:59").replace(second=59)


def told(party: Any = None, at: str = "2026-11-25 09:00") -> tuple[Record, Record]:
    name = f"{party}"
    return (
        make(ClosureTalk, name, closure=CLOSURE.id, party=party, talked_at=at, appeal_explained=True),
        make(CaseLetter, name, template="closure", about=CLOSURE.id, party=party, delivery="posted", delivered_at=at),
    )


def appeal(at: Any, **changes: Any) -> Appeal:
    return make(Appeal, **{"closure": CLOSURE.id, "made_at": at, **changes})


def test_an_appeal_in_the_last_second_is_in_time_whenever_it_arrives() -> None:
    found = facts(CLOSURE, *told())
    assert in_time(found, appeal(LAST_MOMENT), NOW)
    assert not in_time(found, appeal(LAST_MOMENT + timedelta(seconds=1)), NOW)
    assert in_time(found, appeal(LAST_MOMENT, recorded_at="2026-12-20 10:00"), setting("2026-12-21 10:00"))


def test_before_the_time_has_begun_every_appeal_is_in_time() -> None:
    assert time_ends_at(facts(CLOSURE), CLOSURE, None, NOW) is None
    assert in_time(facts(CLOSURE), appeal("2026-11-24 10:00"), NOW)


def test_each_person_has_a_time_of_their_own() -> None:
    found = facts(CLOSURE, *TWO, *told(ADA), *told(BEA, "2026-12-02 09:00"))
    day = london("2026-12-11 10:00")
    assert not in_time(found, appeal(day, party=ADA), NOW)
    assert in_time(found, appeal(day, party=BEA), NOW)
    assert last_time_ends_at(found, CLOSURE, NOW) == time_ends_at(found, CLOSURE, BEA, NOW)
    assert last_time_ends_at(facts(CLOSURE, *TWO, *told(ADA)), CLOSURE, NOW) is None
    friend = named("party friend")
    assert in_time(found, appeal(day, party=friend), NOW), "somebody else has the longest of the others' time"


def test_a_decision_on_a_move_can_be_appealed_as_long_as_closing() -> None:
    against = make(Appeal, transfer=MOVE.id, made_at=LAST_MOMENT)
    assert transfer_time_ends_at(MOVE, NOW) == london("2026-12-10 00:00") - timedelta(microseconds=1)
    assert in_time(facts(MOVE), against, NOW)
    assert not in_time(facts(MOVE), make(Appeal, transfer=MOVE.id, made_at="2026-12-10 00:00"), NOW)


def test_whoever_made_the_decision_or_leads_does_not_decide_the_appeal() -> None:
    found = facts(CLOSURE, MOVE, lead=b"lead")
    against = appeal("2026-12-01 10:00")
    assert why_not_decide(found, against, b"proposer", NOW) == NOT_BY_PROPOSER
    assert why_not_decide(found, against, b"closer", NOW) == NOT_BY_DECIDER
    assert why_not_decide(found, against, b"lead", NOW) == NOT_BY_LEAD
    assert why_not_decide(found, against, b"somebody else", NOW) == ""
    move = make(Appeal, transfer=MOVE.id, made_at="2026-12-01 10:00")
    assert why_not_decide(found, move, b"decider", NOW) == NOT_BY_DECIDER


def decided(decision: str, by: bytes = b"somebody else", **changes: Any) -> tuple[CaseFacts, Appeal]:
    made = appeal("2026-12-01 10:00", decision=decision, decided_by=by, decided_at="2026-12-02 10:00", **changes)
    return facts(CLOSURE, made), made


def test_only_what_somebody_else_decided_counts() -> None:
    assert is_decided(*decided("upheld"), NOW)
    assert not is_decided(*decided("upheld", by=b"proposer"), NOW)
    assert not is_decided(*decided("upheld", by=b""), NOW)


def test_right_keeps_the_case_open_and_right_in_part_as_it_says() -> None:
    assert keeps_open(*decided("upheld"), NOW)
    assert keeps_open(*decided("partly", keep_open=True), NOW)
    assert not keeps_open(*decided("partly", keep_open=False), NOW)
    assert not keeps_open(*decided("not-upheld"), NOW)
    assert not keeps_open(*decided("late"), NOW)


def test_an_appeal_is_to_be_decided_and_answered_by_a_day_and_late_stays_late() -> None:
    states = [duty.state for duty in appeal_duties(facts(CLOSURE, appeal("2026-12-01 10:00")), NOW)]
    assert states == [DutyState.RUNNING]
    found, made = decided("not-upheld")
    assert [duty.state for duty in appeal_duties(found, NOW)] == [DutyState.MET, DutyState.LATE]
    fields = {"template": "appeal-outcome", "delivered_at": "2026-12-11 10:00"}
    answer = make(CaseLetter, about=made.id, delivery="posted", **fields)
    answered = facts(CLOSURE, made, answer)
    assert was_answered_at(answered, made, NOW) == london("2026-12-11 10:00")
    assert [duty.state for duty in appeal_duties(answered, NOW)] == [DutyState.MET, DutyState.MET_LATE]


def test_a_letter_before_the_decision_or_one_that_came_back_is_no_answer() -> None:
    _, made = decided("not-upheld")
    fields = {"template": "appeal-outcome", "about": made.id}
    before = make(CaseLetter, "a", delivery="posted", delivered_at="2026-12-01 10:00", **fields)
    back = make(CaseLetter, "b", delivery="returned", delivered_at="2026-12-09 10:00", **fields)
    assert was_answered_at(facts(CLOSURE, made, before, back), made, NOW) is None


def test_an_answer_made_by_an_earlier_version_still_counts() -> None:
    _, made = decided("not-upheld")
    old = make(PersonLetter, sort="appeal", about=made.id, delivery="post", delivered_at="2026-12-11 10:00")
    assert was_answered_at(facts(CLOSURE, made, old), made, NOW) == london("2026-12-11 10:00")
    back = make(PersonLetter, sort="appeal", about=made.id, delivery="returned", delivered_at="2026-12-11 10:00")
    assert was_answered_at(facts(CLOSURE, made, back), made, NOW) is None


def test_a_late_appeal_says_so_and_is_still_to_be_decided() -> None:
    (duty,) = appeal_duties(facts(CLOSURE, *told(), appeal("2026-12-11 10:00")), NOW)
    assert duty.state is DutyState.RUNNING
    assert "It came after the time to appeal was over." in duty.why
