"""A second person agrees on their own laptop, and only from then on does it count (policy 3.3, 4.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.case import Case, Report
from core.domain.second_person import SecondOpinion
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId, UserId
from core.policy.reports import report_fates
from core.policy.risk import case_risk
from core.services import intake, sync
from core.services.casework import judge_handling
from core.services.contents import contents_of
from core.services.declarations import declare
from core.services.intake import ReportFateForm
from core.services.risk import RiskForm, assess_risk
from core.services.second_person import answer_as_second
from core.services.timeline import timeline_of
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.laptops import Office
from tests.support.workspaces import logged


def exchange(*laptops: Workspace) -> None:
    for laptop in (*laptops, *laptops):
        sync.sync_now(laptop)


def asked(workspace: Workspace) -> list[tuple[str, str]]:
    return [(row.kind, row.title) for row in today(workspace).rows if row.kind.startswith("second-")]


def lower(workspace: Workspace, case: RecordId, second: UserId) -> RecordId:
    form = RiskForm(
        case=case, answers={}, floors=frozenset({"weapon"}), judged="standard", reasons="He has moved away.",
        second_person=second,
    )  # fmt: skip
    return assess_risk(workspace, form=form).record


def test_a_second_person_agrees_on_their_own_laptop(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    ben, cai = office.join(ana, "Ben Okafor", "bo"), office.join(ana, "Cai Marsh", "cm")
    exchange(ana, ben, cai)
    case = logged(ana, received_at=ana.parts.clock.now()).case
    with pytest.raises(FormIncomplete) as stranger:
        lower(ana, case, UserId(b"s" * 16))
    assert "somebody who reads the case" in stranger.value.problems["second_person"]
    made = lower(ana, case, ben.user)
    exchange(ana, ben, cai)

    # Nothing counts yet, whoever looks; Ben is asked, Ana sees that it waits, Cai has nothing to do with it.
    for laptop in (ana, ben, cai):
        assert case_risk(contents_of(laptop, case)) == "high"
    declare(ben, case=case, connected=False)
    declare(cai, case=case, connected=False)
    assert asked(ben) == [("second-person", "You are asked as second person: the risk judged lower")]
    assert asked(ana) == [("second-waits", "Waits for Ben Okafor: the risk judged lower")]
    assert asked(cai) == []
    for other in (ana, cai):
        with pytest.raises(FormIncomplete) as not_theirs:
            answer_as_second(other, decision=made, agrees=True)
        assert not_theirs.value.problems == {"decision": "Ben Okafor is asked, and says it on their own laptop."}

    # What Ana's laptop writes in Ben's name is nobody's word.
    with ana.store.unit("test") as (unit, _):
        stream = ana.store.get(Case, case).stream
        forged = {"about": made, "agrees": True, "said_at": ana.parts.clock.now(), "said_by": ben.user}
        unit.create(SecondOpinion, stream, case=case, **forged)
    exchange(ana, ben)
    assert case_risk(contents_of(ana, case)) == case_risk(contents_of(ben, case)) == "high"
    assert asked(ben)

    with pytest.raises(FormIncomplete) as why_not:
        answer_as_second(ben, decision=made, agrees=False)
    assert list(why_not.value.problems) == ["reasons"]
    answer_as_second(ben, decision=made, agrees=True)
    assert case_risk(contents_of(ben, case)) == "standard" and asked(ben) == []
    assert case_risk(contents_of(ana, case)) == "high", "until his word has arrived"
    exchange(ben, ana)
    assert case_risk(contents_of(ana, case)) == "standard" and asked(ana) == []
    with pytest.raises(FormIncomplete) as over:
        answer_as_second(ben, decision=made, agrees=False, reasons="Second thoughts.")
    assert "any more" in over.value.problems["decision"]

    # A report found malicious, and a second person who does not agree.
    (report,) = ana.store.select(Report)
    form = ReportFateForm(
        report=report.id, what="malicious", reasons="Made up.", evidence="Film.", second_person=ben.user
    )
    fate = intake.note_report_fate(ana, form=form).record
    exchange(ana, ben)
    assert report_fates(contents_of(ana, case)) == {}
    assert asked(ben) == [("second-person", "You are asked as second person: a report found malicious")]
    answer_as_second(ben, decision=fate, agrees=False, reasons="The film is of another day.")
    exchange(ben, ana)
    assert report_fates(contents_of(ana, case)) == {} and asked(ana) == asked(ben) == []

    # Not going on as harassment: the case says so only once he agrees.
    said = {"handling": "other", "reasons": "Ordinary noise.", "second_person": ben.user}
    judged = judge_handling(ana, case=case, **said).record  # type: ignore[arg-type]
    exchange(ana, ben)
    assert ana.store.get(Case, case).handling == ben.store.get(Case, case).handling == "harassment"
    assert asked(ben) == [("second-person", "You are asked as second person: not to go on as harassment")]
    answer_as_second(ben, decision=judged, agrees=True)
    exchange(ben, ana)
    assert ana.store.get(Case, case).handling == "other" and asked(ana) == asked(ben) == []

    titles = [entry.title for entry in timeline_of(ana, contents_of(ana, case))]
    assert {"Second person agreed", "Second person did not agree"} <= set(titles)
    with pytest.raises(NotFound):
        answer_as_second(ben, decision=case, agrees=True)
