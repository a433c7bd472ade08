"""What a report turned out to be. The report, and what is counted from it, stay whatever was found."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.case import Judgement, Party, Perception, Report
from core.domain.intake import REPORT_FATES, ReportFate
from core.domain.second_person import SecondOpinion
from core.foundation.errors import FormIncomplete
from core.policy.closing import may_close
from core.policy.definition import classify_at_intake, handling_now, monitored_strands
from core.policy.reports import check_report_fate, report_fates, told_by_child, told_by_others
from core.policy.service_standards import first_contact
from tests.support.policy import facts, make, pack, setting

TOLD = make(Report, "told", received_at="2026-11-02 10:00", words="x")
SEEN = make(Perception, "seen", is_harassment=True, strands=frozenset({"race"}), stated_at="2026-11-02 10:00")


def fate(what: str, name: str = "", **fields: Any) -> ReportFate:
    values = {
        "report": TOLD.id, "what": what, "decided_at": "2026-11-09 10:00", "reasons": "She said so.",
        "decided_by": b"ana", "pressed": True, "evidence": "The film of the lift.", "second_person": b"ben", **fields,
    }  # fmt: skip
    return make(ReportFate, name or what, **values)


@pytest.mark.parametrize("what", REPORT_FATES)
def test_whatever_a_report_turned_out_to_be_it_stays_and_is_counted(what: str) -> None:
    case = facts(TOLD, SEEN, fate(what))
    assert case.reports == (TOLD,)
    assert monitored_strands(case.perceptions, pack()) == {"race"}
    assert handling_now(case.perceptions, case.judgements, pack()) == "harassment"
    assert first_contact(case, setting("2026-11-12 10:00")) is not None
    assert may_close(case, setting("2026-11-12 10:00"))


@pytest.mark.parametrize(
    ("what", "left_out", "field"),
    [
        ("retracted", {"pressed": None}, "pressed"), ("malicious", {"evidence": " "}, "evidence"),
        ("malicious", {"second_person": b""}, "second_person"),
        ("malicious", {"second_person": b"ana"}, "second_person"),
        ("mistaken", {"reasons": ""}, "reasons"), ("", {}, "what"),
    ],
)  # fmt: skip
def test_what_a_finding_needs(what: str, left_out: dict[str, Any], field: str) -> None:
    with pytest.raises(FormIncomplete) as caught:
        check_report_fate(fate(what, **left_out))
    assert list(caught.value.problems) == [field]
    assert report_fates(facts(TOLD, fate(what, **left_out))) == {}


def test_a_malicious_report_is_kept_with_its_finding() -> None:
    found = fate("malicious")
    check_report_fate(found)
    agreed = make(SecondOpinion, about=found.id, agrees=True, said_by=b"ben")
    assert report_fates(facts(TOLD, found, agreed)) == {TOLD.id: found}


def test_the_latest_finding_about_a_report_holds_in_any_order() -> None:
    back, stands = fate("retracted"), fate("stands", decided_at="2026-11-10 10:00")
    for order in ((back, stands), (stands, back)):
        assert report_fates(facts(TOLD, *order)) == {}


def test_a_report_by_somebody_else_a_child_or_nobody_named_counts_like_any_other() -> None:
    neighbour = make(Party, "n", roles=frozenset({"reporter"}))
    harmed = make(Party, "h", roles=frozenset({"harmed"}))
    third = make(Report, "third", received_at="2026-11-02 10:00", reporter=neighbour.id, by_child=True)
    unnamed = make(Report, "unnamed", received_at="2026-11-02 10:00", anonymous=True)
    case = facts(neighbour, harmed, third, unnamed)
    assert told_by_others(case) == (third,)
    assert told_by_child(case.reports) and not told_by_child([unnamed])
    seen = make(Perception, "anonymous", perceived_by="anonymous", is_harassment=True)
    assert classify_at_intake([seen], pack()) == "harassment"


def test_a_finding_is_no_judgement_on_how_the_case_goes_on() -> None:
    other = make(
        Judgement, "other", handling="other", reasons="Looked into.", decided_by=b"ana", second_person=b"ben",
        decided_at="2026-11-10 10:00",
    )  # fmt: skip
    case = facts(TOLD, SEEN, fate("malicious"), other)
    assert handling_now(case.perceptions, case.judgements, pack()) == "other"
    assert monitored_strands(case.perceptions, pack()) == {"race"}
