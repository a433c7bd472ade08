"""A decision that takes two counts once the second person has agreed in their own word (3.3, 4.3)."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.case import Judgement, Report
from core.domain.declare import Record
from core.domain.intake import ReportFate
from core.domain.risk import RiskAssessment
from core.domain.second_person import SecondOpinion
from core.policy.definition import judgements_agreed
from core.policy.duties import DutyState
from core.policy.reports import report_fates
from core.policy.risk import band_of, case_risk
from core.policy.second_asked import second_person_duties, seconds_asked
from core.policy.second_person import has_agreed
from tests.support.policy import facts, london, make, pack, setting

TOLD = make(Report, received_at="2026-11-02 10:00")
LOWER = make(
    RiskAssessment, assessed_at="2026-11-23 10:00", assessed_by=b"ana", worked_out="high", judged="medium",
    reasons="He has moved away.", second_person=b"ben",
)  # fmt: skip
MALICIOUS = make(
    ReportFate, report=TOLD.id, what="malicious", decided_at="2026-11-23 10:00", decided_by=b"ana", evidence="Film.",
    reasons="Made up.", second_person=b"ben",
)  # fmt: skip


def word(about: Record, name: str = "", **changes: Any) -> SecondOpinion:
    fields = {"about": about.id, "agrees": True, "said_at": "2026-11-24 12:00", "said_by": b"ben", **changes}
    return make(SecondOpinion, name, **fields)


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ((), False),
        ((word(LOWER),), True),
        ((word(LOWER, said_by=b"ana"),), False),
        ((word(LOWER, said_by=b"cai"),), False),
        ((word(LOWER, agrees=False, reasons="He comes back."),), False),
        ((word(LOWER, agrees=None),), False),
        ((word(MALICIOUS),), False),
        ((word(LOWER, "a"), word(LOWER, "b", agrees=False, said_at="2026-11-24 11:00")), False),
    ],
)  # fmt: skip
def test_the_lower_risk_counts_only_by_the_second_persons_own_yes(words: tuple[Record, ...], counts: bool) -> None:
    found = facts(LOWER, *words)
    assert has_agreed(found, LOWER.id, b"ben", b"ana") is counts
    assert band_of(LOWER, found) == case_risk(found) == ("medium" if counts else "high")


def test_nobody_is_a_second_person_to_themselves() -> None:
    alone = make(RiskAssessment, assessed_at="2026-11-23 10:00", assessed_by=b"ben", worked_out="high",
                 judged="medium", reasons="x", second_person=b"ben")  # fmt: skip
    found = facts(alone, word(alone))
    assert band_of(alone, found) == "high" and seconds_asked(found) == ()


def test_a_malicious_finding_counts_only_then_and_what_held_before_holds_until_then() -> None:
    before = make(ReportFate, "before", report=TOLD.id, what="mistaken", decided_at="2026-11-10 10:00",
                  decided_by=b"ana", reasons="A mix-up.")  # fmt: skip
    assert report_fates(facts(TOLD, before, MALICIOUS)) == {TOLD.id: before}
    assert report_fates(facts(TOLD, before, MALICIOUS, word(MALICIOUS))) == {TOLD.id: MALICIOUS}
    assert report_fates(facts(TOLD, MALICIOUS, word(MALICIOUS, agrees=False))) == {}


@pytest.mark.parametrize(("decision", "clause"), [(LOWER, "3.3"), (MALICIOUS, "4.3")])
def test_the_second_person_is_asked_by_a_day(decision: Record, clause: str) -> None:
    (waits,) = second_person_duties(facts(TOLD, decision), setting("2026-11-24 09:00"))
    assert (waits.state, waits.clause, waits.subject) == (DutyState.RUNNING, clause, decision.id)
    (late,) = second_person_duties(facts(TOLD, decision), setting("2026-11-30 09:00"))
    assert late.state is DutyState.LATE
    for agrees in (True, False):
        said = facts(TOLD, decision, word(decision, agrees=agrees))
        (done,) = second_person_duties(said, setting("2026-11-30 09:00"))
        assert (done.state, done.met_at) == (DutyState.MET, london("2026-11-24 12:00"))


def test_going_on_in_another_way_counts_only_then() -> None:
    other = make(Judgement, handling="other", decided_at="2026-11-23 10:00", decided_by=b"ana", reasons="x",
                 second_person=b"ben")  # fmt: skip
    assert judgements_agreed(facts(other), pack()) == ()
    assert judgements_agreed(facts(other, word(other, agrees=False)), pack()) == ()
    assert judgements_agreed(facts(other, word(other)), pack()) == (other,)
    assert [one.what for one in seconds_asked(facts(other))] == ["not to go on as harassment"]
    back = make(Judgement, "back", handling="harassment", decided_at="2026-11-24 10:00", decided_by=b"ana")
    assert judgements_agreed(facts(other, back), pack()) == (back,) and seconds_asked(facts(other, back)) == ()


def test_what_was_decided_anew_asks_nobody() -> None:
    anew = make(RiskAssessment, "anew", assessed_at="2026-11-25 10:00", assessed_by=b"ana", worked_out="high",
                judged="high")  # fmt: skip
    stands = make(ReportFate, "stands", report=TOLD.id, what="stands", decided_at="2026-11-25 10:00",
                  decided_by=b"ana", reasons="It was not.")  # fmt: skip
    assert seconds_asked(facts(TOLD, LOWER, anew, MALICIOUS, stands)) == ()
    closed = facts(LOWER, stage="closed", closed_at=london("2026-11-26 09:00"))
    assert second_person_duties(closed, setting("2026-11-30 09:00")) == ()
