"""Closing (4.29): talk it over with each person, write, wait for an appeal, close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.case import Closure, Contact, Incident, Party, Perception, Report
from core.domain.closing import Appeal, ClosureTalk, PersonLetter, Reopening
from core.domain.declare import Record
from core.domain.intake import PersonFate, ReportFate
from core.domain.letters import CaseLetter
from core.domain.second_person import SecondOpinion
from core.policy.closing import (
    SAY_MALICIOUS,
    SAY_RETRACTED,
    ClosingStep,
    closing_duties,
    closure_next,
    current_closure,
    finding_of,
    may_close,
    was_malicious,
    why_not_propose,
)
from core.policy.definition import monitored_strands
from core.policy.duties import DutyState
from core.policy.retention import why_not_delete
from core.policy.talks import people_to_tell, told_of, was_unreachable
from tests.support.policy import facts, london, make, named, pack, setting

LEAD = b"lead"
LAST_MOMENT = london("2026-12-09 23:59").replace(second=59)
"""Ten working days after Wednesday 25 November: the end of Wednesday 9 December."""
ADA, BEA = named("party ada"), named("party bea")
TWO = (
    make(Party, "ada", name="Ada Quill", roles=frozenset({"harmed", "reporter"})),
    make(Party, "bea", name="Bea Hart", roles=frozenset({"harmed"})),
)


def closure(name: str = "", **changes: object) -> Closure:
    return make(Closure, name, **{"proposed_at": "2026-11-23 10:00", "proposed_by": b"proposer", **changes})


def talk(name: str = "", at: str = "2026-11-24 10:00", **changes: object) -> ClosureTalk:
    fields = {"closure": named("closure "), "talked_at": at, "appeal_explained": True, **changes}
    return make(ClosureTalk, name, **fields)


def letter(name: str = "", at: str = "2026-11-25 09:00", **changes: object) -> CaseLetter:
    fields = {"about": named("closure "), "written_at": at, "delivered_at": at, "delivery": "posted"}
    return make(CaseLetter, name, **{"template": "closure", **fields, **changes})


def appeal(name: str = "", at: object = "2026-12-01 10:00", **changes: object) -> Appeal:
    return make(Appeal, name, **{"closure": named("closure "), "made_at": at, **changes})


READY = (closure(), talk(), letter())
DECIDED = {"decided_at": "2026-12-03 10:00", "decided_by": b"somebody else", "decision": "not-upheld"}
ANSWER = make(CaseLetter, "answer", template="appeal-outcome", about=named("appeal "), delivery="delivered",
              delivered_at="2026-12-04 10:00")  # fmt: skip


def missing(now: str, *records: Record, closer: bytes = b"") -> list[ClosingStep]:
    found = facts(*records, opened_at=london("2026-01-01 10:00"), lead=LEAD)
    return [item.step for item in may_close(found, setting(now), closer=closer)]


def test_open_then_proposed_then_appeal_then_closed() -> None:
    now = setting("2026-11-26 09:00")
    assert closure_next(facts(), now).stage == "open"
    assert closure_next(facts(closure()), now).stage == "closure-proposed"
    assert closure_next(facts(closure(), talk()), now).stage == "closure-proposed", "the letter is missing"
    waiting = closure_next(facts(*READY), now)
    assert waiting.stage == "appeal-window"
    assert waiting.sentence == "The time to appeal runs until Wed 9 Dec, 11:59pm. Policy 4.29."
    ready = closure_next(facts(*READY), setting("2026-12-10 00:00"))
    assert ready.missing == ()
    assert ready.sentence == "Nothing is missing: the case can be closed. Policy 4.29."
    assert closure_next(facts(*READY, stage="closed"), now).stage == "closed"


def test_each_step_is_asked_for() -> None:
    assert missing("2026-11-26 09:00") == [ClosingStep.PROPOSE]
    untold = [ClosingStep.DISCUSS, ClosingStep.EXPLAIN_APPEAL, ClosingStep.WRITE]
    assert missing("2026-11-26 09:00", closure()) == untold
    assert missing("2027-01-26 09:00", closure(), talk(appeal_explained=False), letter()) == [
        ClosingStep.EXPLAIN_APPEAL
    ]
    assert missing("2027-01-26 09:00", closure(), talk()) == [ClosingStep.WRITE]
    assert missing("2027-01-26 09:00", closure(), letter()) == [ClosingStep.DISCUSS, ClosingStep.EXPLAIN_APPEAL]
    about_another = talk(closure=named("closure other"))
    assert ClosingStep.DISCUSS in missing("2027-01-26 09:00", closure(), about_another, letter())


def test_a_letter_that_came_back_is_no_letter_and_one_that_is_unsafe_has_its_reason() -> None:
    assert missing("2027-01-26 09:00", closure(), talk(), letter(delivery="returned")) == [ClosingStep.WRITE]
    made = letter(delivery="", delivered_at=None)
    assert missing("2027-01-26 09:00", closure(), talk(), made) == [ClosingStep.WRITE]
    told = letter(delivery="", delivered_at=None, not_sent_because="He opens her post. Read out to her.")
    assert missing("2027-01-26 09:00", closure(), talk(), told) == []


def test_each_person_harmed_has_their_own_talk_letter_and_time() -> None:
    ada = (talk("ada", party=ADA), letter("ada", party=ADA))
    assert missing("2027-01-26 09:00", *TWO, closure(), *ada) == [
        ClosingStep.DISCUSS, ClosingStep.EXPLAIN_APPEAL, ClosingStep.WRITE,
    ]  # fmt: skip
    sentences = [step.sentence for step in may_close(facts(*TWO, closure(), *ada), setting("2027-01-26 09:00"))]
    assert all("Bea Hart" in sentence and "Ada" not in sentence for sentence in sentences)
    nobody = talk("nobody by name", party=None)
    assert ClosingStep.DISCUSS in missing("2027-01-26 09:00", *TWO, closure(), *ada, nobody), "it says not with whom"
    later = (talk("bea", "2026-12-01 10:00", party=BEA), letter("bea", "2026-12-02 10:00", party=BEA))
    assert missing("2026-12-10 09:00", *TWO, closure(), *ada, *later) == [ClosingStep.WAIT]
    assert missing("2026-12-17 09:00", *TWO, closure(), *ada, *later) == []


def test_the_one_complained_about_is_never_asked_about_closing() -> None:
    other = make(Party, "other", roles=frozenset({"alleged-perpetrator"}))
    both = make(Party, "both", roles=frozenset({"harmed", "alleged-perpetrator"}))
    assert people_to_tell(facts(*TWO, other, both)) == tuple(sorted((ADA, BEA)))
    reporter = make(Party, "r", roles=frozenset({"reporter"}))
    assert people_to_tell(facts(other, reporter)) == (reporter.id,)
    assert people_to_tell(facts(other)) == (None,)


def test_time_to_appeal_ends_with_the_last_second_of_the_tenth_working_day() -> None:
    assert missing("2026-12-09 23:59", *READY) == [ClosingStep.WAIT]
    assert missing("2026-12-10 00:00", *READY) == []


def test_time_to_appeal_begins_with_the_later_of_talk_and_letter_whatever_was_typed() -> None:
    early = letter(at="2026-10-01 09:00")
    assert missing("2026-12-08 23:00", closure(), talk(), early) == [ClosingStep.WAIT]
    assert missing("2026-12-09 00:00", closure(), talk(), early) == []
    before = (closure(), talk(at="2026-10-01 10:00"), letter(at="2026-10-01 10:00"))
    assert missing("2026-12-07 23:00", *before) == [ClosingStep.WAIT], "never before it was proposed"


def test_christmas_stretches_the_time_to_appeal() -> None:
    found = facts(closure(), talk(), letter(at="2026-12-18 09:00"))
    ends = closure_next(found, setting("2026-12-18 10:00")).appeal_ends_at
    assert ends is not None
    assert ends == london("2027-01-07 00:00") - timedelta(microseconds=1)


def test_appeal_on_the_last_second_stops_closing_though_it_arrives_later() -> None:
    assert missing("2026-12-14 09:00", *READY, appeal(at=LAST_MOMENT)) == [ClosingStep.DECIDE_APPEAL]
    assert missing("2026-12-14 09:00", *READY, appeal(at=LAST_MOMENT + timedelta(seconds=1))) == []


def test_an_appeal_is_decided_and_answered_before_closing() -> None:
    assert missing("2027-01-14 09:00", *READY, appeal()) == [ClosingStep.DECIDE_APPEAL]
    assert missing("2027-01-14 09:00", *READY, appeal(**DECIDED)) == [ClosingStep.ANSWER_APPEAL]
    assert missing("2027-01-14 09:00", *READY, appeal(**DECIDED), ANSWER) == []


def test_what_the_proposer_decided_counts_as_not_decided() -> None:
    own = appeal(**{**DECIDED, "decided_by": b"proposer"})
    assert missing("2027-01-14 09:00", *READY, own, ANSWER) == [ClosingStep.DECIDE_APPEAL]


@pytest.mark.parametrize("decision", [{"decision": "upheld"}, {"decision": "partly", "keep_open": True}])
def test_an_appeal_that_was_right_keeps_the_case_open(decision: dict[str, object]) -> None:
    right = appeal(**{**DECIDED, **decision})
    found = facts(*READY, right, ANSWER)
    assert missing("2027-01-14 09:00", *READY, right, ANSWER) == [ClosingStep.PROPOSE]
    assert closure_next(found, setting("2027-01-14 09:00")).stage == "open"


def test_partly_right_may_still_be_closed() -> None:
    partly = appeal(**{**DECIDED, "decision": "partly", "keep_open": False})
    assert missing("2027-01-14 09:00", *READY, partly, ANSWER) == []


def test_one_of_two_appeals_and_each_is_decided_by_itself() -> None:
    told = (
        talk("ada", party=ADA), letter("ada", party=ADA), talk("bea", party=BEA), letter("bea", party=BEA),
    )  # fmt: skip
    hers = appeal("", party=BEA)
    assert missing("2027-01-14 09:00", *TWO, closure(), *told, hers) == [ClosingStep.DECIDE_APPEAL]
    both = (appeal("", party=BEA, **DECIDED), appeal("second", party=ADA))
    assert missing("2027-01-14 09:00", *TWO, closure(), *told, *both) == [
        ClosingStep.ANSWER_APPEAL, ClosingStep.DECIDE_APPEAL,
    ]  # fmt: skip


def test_appeal_turned_down_and_closing_proposed_again_starts_anew() -> None:
    first = (*READY, appeal(**DECIDED), ANSWER)
    again = closure("second", proposed_at="2026-12-14 10:00")
    assert ClosingStep.DISCUSS in missing("2027-01-16 09:00", *first, again)
    told = (
        talk("again", "2026-12-15 10:00", closure=again.id), letter("again", "2026-12-15 10:00", about=again.id),
    )  # fmt: skip
    assert missing("2026-12-16 09:00", *first, again, *told) == [ClosingStep.WAIT]
    assert missing("2027-01-16 09:00", *first, again, *told) == []


def test_two_laptops_proposed_apart_and_the_appeal_is_on_the_earlier_one() -> None:
    earlier = closure("a", proposed_at="2026-11-23 09:00")
    later = closure("b", proposed_at="2026-11-23 11:00")
    told = (talk(closure=later.id), letter(about=later.id))
    theirs = appeal(closure=earlier.id)
    assert missing("2027-01-16 09:00", earlier, later, *told, theirs) == [ClosingStep.DECIDE_APPEAL]
    assert missing("2027-01-16 09:00", later, earlier, theirs, *told) == [ClosingStep.DECIDE_APPEAL]


@pytest.mark.parametrize(
    "new",
    [
        make(Report, "new", received_at="2026-12-01 10:00"),
        make(Incident, "new", happened_at="2026-12-01 10:00"),
        make(Report, "new", recorded_at="2026-12-01 10:00"),
    ],
)
def test_new_incident_during_the_window_stops_closing_until_proposed_again(new: Record) -> None:
    assert missing("2027-01-16 09:00", *READY, new) == [ClosingStep.CONSIDER_NEW_REPORT]
    again = closure("again", proposed_at="2026-12-02 10:00")
    told = (talk("a", "2026-12-02 10:00", closure=again.id), letter("a", "2026-12-02 10:00", about=again.id))
    assert missing("2027-01-16 09:00", *READY, again, *told, new) == []


def test_old_reports_do_not_stop_closing() -> None:
    assert missing("2027-01-16 09:00", *READY, make(Report, received_at="2026-01-01 10:00")) == []


def test_a_proposal_taken_back_ends_with_every_one_before_it() -> None:
    earlier = closure("earlier", proposed_at="2026-11-20 10:00")
    taken_back = closure(withdrawn_at="2026-12-01 10:00")
    found = facts(earlier, taken_back)
    assert current_closure(found) is None
    assert closure_next(found, setting("2027-01-16 09:00")).stage == "open"
    later = closure("later", proposed_at="2026-12-02 10:00")
    assert current_closure(facts(earlier, taken_back, later)) == later


# ------------------------------------------------------------------ in place of a talk


def attempts(count: int, **fields: object) -> list[Contact]:
    return [
        make(Contact, f"try {day}{fields}", at=f"2026-11-2{3 + day} 12:00", way="call", outcome="no-answer", **fields)
        for day in range(count)
    ]


LETTER = make(Contact, "letter", at="2026-11-26 09:00", way="letter", outcome="sent")


def test_person_who_cannot_be_reached_after_three_attempts_and_a_letter() -> None:
    assert missing("2026-12-10 23:00", closure(), *attempts(3), LETTER) == [ClosingStep.WAIT]
    assert missing("2026-12-11 00:00", closure(), *attempts(3), LETTER) == []
    ours = letter(at="2026-11-26 09:00")
    assert missing("2026-12-11 00:00", closure(), *attempts(3), ours) == []
    at = was_unreachable(facts(closure(), *attempts(3), ours), closure(), None, setting("2026-12-11 00:00"))
    assert at == london("2026-11-26 09:00")


def test_two_attempts_or_no_letter_are_not_enough() -> None:
    untold = [ClosingStep.DISCUSS, ClosingStep.EXPLAIN_APPEAL, ClosingStep.WRITE]
    assert missing("2026-12-11 00:00", closure(), *attempts(2), LETTER) == untold
    assert missing("2026-12-11 00:00", closure(), *attempts(3)) == untold


def test_a_letter_before_the_third_attempt_is_not_enough() -> None:
    too_soon = make(Contact, "letter", at="2026-11-24 09:00", way="letter", outcome="sent")
    assert ClosingStep.DISCUSS in missing("2026-12-11 00:00", closure(), *attempts(3), too_soon)


def test_attempts_before_the_proposal_do_not_count() -> None:
    old = [make(Contact, str(n), at=f"2026-10-0{n} 12:00", way="call", outcome="no-answer") for n in (1, 2, 3)]
    assert ClosingStep.DISCUSS in missing("2026-12-11 00:00", closure(), *old, LETTER)


def test_attempts_to_reach_somebody_else_do_not_count() -> None:
    witness = make(Party, "witness", roles=frozenset({"witness"}))
    assert ClosingStep.DISCUSS in missing(
        "2026-12-11 00:00", closure(), witness, *attempts(3, party=witness.id), LETTER
    )
    ada = (talk("ada", party=ADA), letter("ada", party=ADA))
    not_bea = missing("2027-01-11 00:00", *TWO, closure(), *ada, *attempts(3, party=ADA), LETTER)
    assert ClosingStep.DISCUSS in not_bea
    tried = (*attempts(3, party=BEA), letter("bea", "2026-11-26 09:00", party=BEA))
    assert missing("2027-01-11 00:00", *TWO, closure(), *ada, *tried) == []


def test_somebody_who_died_needs_no_talk_no_letter_and_no_time_unless_somebody_speaks_for_them() -> None:
    died = make(PersonFate, party=BEA, what="died", noted_at="2026-11-24 09:00")
    ada = (talk("ada", party=ADA), letter("ada", party=ADA))
    assert missing("2027-01-30 09:00", *TWO, closure(), died, *ada) == []
    both = (make(PersonFate, "ada", party=ADA, what="died", noted_at="2026-11-24 09:00"), died)
    assert missing("2026-11-24 11:00", *TWO, closure(), *both) == [], "nobody is left to wait for"
    spoken_for = make(PersonFate, party=BEA, what="died", noted_at="2026-11-24 09:00", speak_with=named("party son"))
    assert ClosingStep.DISCUSS in missing("2027-01-30 09:00", *TWO, closure(), spoken_for, *ada)
    son = (talk("son", party=BEA, instead="acted-for", instead_because="Her son."), letter("son", party=BEA))
    assert missing("2027-01-30 09:00", *TWO, closure(), spoken_for, *ada, *son) == []


def test_a_letter_made_by_an_earlier_version_still_counts() -> None:
    fields = {"sort": "closing", "about": named("closure "), "made_at": "2026-11-25 09:00"}
    sent = make(PersonLetter, delivery="post", delivered_at="2026-11-25 09:00", **fields)
    assert missing("2027-01-26 09:00", closure(), talk(), sent) == []
    none = make(PersonLetter, not_sent_because="He opens her post.", **fields)
    assert missing("2027-01-26 09:00", closure(), talk(), none) == []
    back = make(PersonLetter, delivery="returned", delivered_at="2026-11-26 09:00", **fields)
    assert missing("2027-01-26 09:00", closure(), talk(), back) == [ClosingStep.WRITE]


def test_a_letter_that_does_not_say_what_it_is_about_counts_if_it_was_written_since() -> None:
    fields = {"template": "closure", "written_at": "2026-11-25 08:00", "delivered_at": "2026-11-25 09:00"}
    assert missing("2027-01-26 09:00", closure(), talk(), make(CaseLetter, delivery="posted", **fields)) == []
    back = make(CaseLetter, delivery="returned", **fields)
    before = make(CaseLetter, delivery="posted", **{**fields, "written_at": "2026-11-20 08:00"})
    other = make(CaseLetter, delivery="posted", **{**fields, "template": "appointment"})
    assert missing("2027-01-26 09:00", closure(), talk(), back, before, other) == [ClosingStep.WRITE]


def test_somebody_who_moved_without_a_trace_keeps_the_time_to_appeal() -> None:
    moved = talk(instead="moved", instead_because="The flat is empty; the number is dead.", appeal_explained=None)
    assert missing("2026-11-30 09:00", closure(), moved) == [ClosingStep.WAIT]
    assert missing("2027-01-30 09:00", closure(), moved) == []


def test_somebody_who_acts_for_them_is_told_everything() -> None:
    acted = talk(instead="acted-for", instead_because="Her daughter holds a power of attorney.")
    assert missing("2027-01-30 09:00", closure(), acted) == [ClosingStep.WRITE]
    assert missing("2027-01-30 09:00", closure(), acted, letter()) == []


def test_nobody_known_means_nobody_to_tell() -> None:
    unnamed = make(Report, received_at="2026-01-01 09:00", anonymous=True)
    assert missing("2026-11-24 09:00", closure(), unnamed) == []
    (told,) = told_of(facts(unnamed, closure()), closure(), setting("2026-11-24 09:00"))
    assert told.how == "nobody-known"


def test_a_talk_planned_for_later_has_not_happened() -> None:
    assert ClosingStep.DISCUSS in missing("2026-12-14 09:00", closure(), talk(at="2027-11-24 10:00"), letter())


# ------------------------------------------------------------------ who closes, what was found, again


def test_somebody_other_than_the_lead_closes() -> None:
    assert missing("2026-12-14 09:00", *READY, closer=LEAD) == [ClosingStep.ANOTHER_CLOSER]
    assert missing("2026-12-14 09:00", *READY, closer=b"another") == []


def test_reopened_case_is_closed_by_a_new_proposal_only() -> None:
    reopened = facts(*READY, reopened_at=london("2026-12-20 10:00"))
    assert current_closure(reopened) is None
    assert closure_next(reopened, setting("2027-01-16 09:00")).stage == "open"
    assert current_closure(facts(*READY, make(Reopening, reopened_at="2026-12-20 10:00"))) is None


def test_an_appeal_in_time_that_arrives_after_closing_waits_to_be_decided() -> None:
    closed = facts(*READY, appeal(at=LAST_MOMENT), stage="closed", closed_at=london("2026-12-10 09:00"))
    found = closure_next(closed, setting("2026-12-11 09:00"))
    assert found.stage == "closed"
    assert [step.step for step in found.missing] == [ClosingStep.DECIDE_APPEAL]
    opened_again = make(Reopening, reopened_at="2026-12-20 10:00")
    later = facts(*READY, appeal(at=LAST_MOMENT), opened_again, stage="closed", closed_at=london("2027-03-10 09:00"))
    assert closure_next(later, setting("2027-03-11 09:00")).missing == ()


def test_a_malicious_report_needs_its_finding_first_and_stays_with_it() -> None:
    assert why_not_propose(facts(), finding="malicious", outcome="no-more") == {"finding": SAY_MALICIOUS}
    seen = make(Perception, is_harassment=True, strands=frozenset({"race"}))
    fate = make(ReportFate, what="malicious", decided_at="2026-11-20 10:00", evidence="Two recordings.",
                reasons="Made up.", decided_by=b"a", second_person=b"b")  # fmt: skip
    waits = facts(seen, fate)
    assert why_not_propose(waits, finding="malicious", outcome="no-more") == {"finding": SAY_MALICIOUS}
    agreed = make(SecondOpinion, about=fate.id, agrees=True, said_by=b"b")
    found = facts(closure(finding="malicious"), seen, fate, agreed, opened_at=london("2026-01-01 10:00"))
    assert why_not_propose(found, finding="malicious", outcome="no-more") == {}
    assert finding_of(found) == "malicious" and was_malicious(found)
    assert monitored_strands(found.perceptions, pack()) == {"race"}, "how it was seen still counts"
    assert why_not_delete(found, setting("2026-12-01 10:00"), "mistake").startswith("A report found to be malicious")
    assert finding_of(facts(closure(finding="malicious", withdrawn_at="2026-12-01 10:00"))) == ""


def test_a_report_taken_back_asks_about_pressure_first() -> None:
    assert why_not_propose(facts(), finding="none", outcome="taken-back") == {"outcome": SAY_RETRACTED}
    fate = make(ReportFate, what="retracted", decided_at="2026-11-20 10:00", reasons="She said so.", pressed=False)
    assert why_not_propose(facts(fate), finding="none", outcome="taken-back") == {}


# ------------------------------------------------------------------ what Today asks


def steps(now: str, *records: Record, **case: object) -> list[tuple[str, DutyState]]:
    return [(duty.kind.value, duty.state) for duty in closing_duties(facts(*records, **case), setting(now))]


def test_each_step_of_closing_has_its_day_and_a_late_one_stays_late() -> None:
    assert steps("2026-11-23 12:00", closure()) == [("closing-talk", DutyState.RUNNING)]
    assert steps("2026-12-01 12:00", closure()) == [("closing-talk", DutyState.LATE)]
    late = talk(at="2026-12-02 10:00")
    assert steps("2026-12-03 12:00", closure(), late) == [
        ("closing-talk", DutyState.MET_LATE), ("closing-letter", DutyState.RUNNING),
    ]  # fmt: skip
    assert steps("2026-12-11 09:00", *READY)[-1] == ("closing-end", DutyState.RUNNING)
    assert steps("2026-12-11 09:00", *READY, appeal())[-1][0] == "closing-letter", "the appeal comes first"
    closed = (closure(closed_at="2027-01-05 10:00"), talk(), letter())
    assert steps("2027-02-01 09:00", *closed, stage="closed")[-1] == ("closing-end", DutyState.MET_LATE)


def test_a_proposal_taken_back_in_time_leaves_no_duty_behind() -> None:
    assert steps("2026-12-14 09:00", closure(withdrawn_at="2026-11-24 10:00")) == []
    assert steps("2026-12-14 09:00", closure(withdrawn_at="2026-12-10 10:00")) == [
        ("closing-talk", DutyState.MET_LATE)
    ]
