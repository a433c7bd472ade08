"""Assessing risk through the pages of a case, and questions of the organisation's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.risk import DomesticAbuse, RespondentAssessment, RiskAssessment, Safeguarding
from core.foundation.errors import PolicyPackInvalid
from core.foundation.ids import RecordId
from core.services import risk as services
from core.services.workspace import Workspace
from desktop.screens.case.chapters.risk import PART
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, logged

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "risk" / "victim-1.json"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def test_answers_give_a_band_and_a_danger_gives_high(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "Nobody has assessed the risk yet." in told(workspace, PART, case)
    given = {"q:how-often": "daily", "q:affected": "extremely", "q:mind": "yes", "q:known": "declined"}
    assert answer(seat, "risk", case, given) == {}
    words = told(workspace, PART, case)
    assert "Medium" in words and "Score 13." in words and "Nobody has assessed" not in words
    assert answer(seat, "risk", case, {**given, "occasion": "other", "floors": ["weapon"]}) == {}
    assert "High" in told(workspace, PART, case) and "No mediation" in told(workspace, PART, case)
    first = min(workspace.store.select(RiskAssessment), key=lambda one: one.score or 0)
    assert first.answers == {"how-often:daily", "affected:extremely", "mind:yes", "known:declined"}
    assert (first.set_id, first.set_version) == ("victim", 1)


def test_nothing_answered_is_no_assessment(seat: Seat, case: RecordId) -> None:
    assert list(answer(seat, "risk", case, {})) == ["questions"]


def test_judging_lower_alone_is_refused(seat: Seat, case: RecordId) -> None:
    given = {"floors": ["assault"], "judged": "standard", "reasons": "He moved."}
    assert list(answer(seat, "risk", case, given)) == ["second_person"]


def test_an_organisation_uses_its_own_questions_and_what_was_assessed_stays(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert answer(seat, "risk", case, {"q:how-often": "daily"}) == {}
    made = json.loads(SHIPPED.read_text(encoding="utf-8"))
    made["version"] = 7
    made["questions"] = [
        {"code": "dog", "section": "Animals", "words": "Is there a dangerous dog?",
         "options": [{"code": "yes", "words": "Yes", "weight": 30}, {"code": "no", "words": "No", "weight": 0}]},
    ]  # fmt: skip
    services.use_questions(workspace, text=json.dumps(made), decided_by="The committee, 1 March")
    assert answer(seat, "risk", case, {"q:dog": "yes", "occasion": "other"}) == {}
    found = {one.set_version: (one.answers, one.worked_out) for one in workspace.store.select(RiskAssessment)}
    assert found == {1: ({"how-often:daily"}, "standard"), 7: ({"dog:yes"}, "high")}
    with pytest.raises(PolicyPackInvalid):
        services.use_questions(workspace, text="{}", decided_by="The committee")


def test_domestic_abuse_with_a_high_risk_is_referred_first(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert list(answer(seat, "domestic-abuse", case, {"level": "high", "tool_score": "15"})) == ["referred"]
    assert answer(seat, "domestic-abuse", case, {"level": "high", "tool_score": "15", "referred": True}) == {}
    (noted,) = workspace.store.select(DomesticAbuse)
    assert (noted.tool_score, noted.referred_to_panel_at) == (15, NOON)


def test_a_concern_says_who_was_told_or_why_nobody(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    concern = {"about": "child", "concern": "He is alone at night."}
    assert list(answer(seat, "safeguarding", case, concern)) == ["told"]
    day = (NOON + timedelta(days=0)).date().isoformat()
    assert answer(seat, "safeguarding", case, {**concern, "told": "Children's services", "told_on": day}) == {}
    (kept,) = workspace.store.select(Safeguarding)
    assert kept.told == "Children's services"
    assert "Children's services was told" in told(workspace, PART, case)


def test_who_was_told_of_a_concern_is_written_down_later(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "safeguarding-told" not in menu_of(workspace, case)
    later = {"about": "adult", "concern": "He sees nobody.", "not_told_because": "He asked us to wait a day."}
    assert answer(seat, "safeguarding", case, later) == {}
    (concern,) = workspace.store.select(Safeguarding)
    assert "nobody was told of" in told(workspace, PART, case) and "safeguarding-told" in menu_of(workspace, case)
    desk = {"agency": "Adult social care", "person": "The duty desk"}
    said: dict[str, object] = {**desk, "told_on": NOON.date().isoformat(), "how": "phone"}
    missing = answer(seat, "safeguarding-told", case, {"told_on": said["told_on"]}, concern.id)
    assert set(missing) == {"agency", "how"}
    ahead = {**said, "told_on": (NOON + timedelta(days=2)).date().isoformat()}
    assert list(answer(seat, "safeguarding-told", case, ahead, concern.id)) == ["told_on"]
    assert answer(seat, "safeguarding-told", case, said, concern.id) == {}
    shown = told(workspace, PART, case)
    assert "Adult social care, The duty desk was told on" in shown and "nobody was told of" not in shown
    assert "safeguarding-told" not in menu_of(workspace, case)


def test_nobody_is_told_only_by_a_decision(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    answer(seat, "safeguarding", case, {"about": "adult", "concern": "x", "not_told_because": "Not yet"})
    (concern,) = workspace.store.select(Safeguarding)
    nobody: dict[str, object] = {"told_somebody": False}
    assert list(answer(seat, "safeguarding-told", case, nobody, concern.id)) == ["nobody_because"]
    nobody["nobody_because"] = "The panel, 3 March: she can decide and said no."
    assert answer(seat, "safeguarding-told", case, nobody, concern.id) == {}
    assert "decided to tell nobody: The panel" in told(workspace, PART, case)


def test_the_assessment_before_a_court_leaves_nothing_out(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    said = dict.fromkeys(("vulnerability", "capacity", "risk_of_harm", "alternatives"), "Written.")
    assert list(answer(seat, "respondent", case, said)) == ["conclusion"]
    assert answer(seat, "respondent", case, {**said, "conclusion": "Ask for it."}) == {}
    assert len(workspace.store.select(RespondentAssessment)) == 1
