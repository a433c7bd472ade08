"""Weighing and acting through the pages of a case: from nothing known to an injunction and its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Party
from core.domain.enforcement import CaseLink, LandlordRequest, ToolUsed
from core.foundation.ids import RecordId
from core.services.today import today
from core.services.workspace import Workspace
from desktop.screens.case.chapters.enforcement import PART
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged

FACTORS = dict.fromkeys(
    ("behaviour", "severity", "age", "vulnerability", "residence", "evidence", "wishes"), "Written down."
)
WEIGHED = {**FACTORS, "tool": "injunction", "disability_thought_of": False, "conclusion": "Ask for it."}
BEFORE_COURT = dict.fromkeys(
    ("vulnerability", "capacity", "risk_of_harm", "alternatives", "conclusion"), "Written down."
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    found = logged(workspace).case
    stream = workspace.store.get(Case, found).stream
    with workspace.store.unit("test") as (unit, _):
        unit.create(Party, stream, case=found, name="Dan Crow", roles={"alleged-perpetrator"})
    return found


def test_from_nothing_known_to_an_injunction_its_breach_and_its_end(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    asked = {"power": "injunction", "authority": "The committee, 3 March"}
    first = answer(seat, "tool", case, asked)
    assert first["power"] == "It depends on the person's age, which is not known."
    assert "Nobody has recorded what the person wants." in first["approached_although"]
    assert answer(seat, "standing", case, {"tenure": "secure", "age_years": "34"}) == {}
    assert answer(seat, "wish", case, {"words": "Stop him, please."}) == {}
    assert answer(seat, "tool", case, asked)["power"].startswith("Weigh the seven factors")
    assert answer(seat, "weigh", case, WEIGHED) == {}
    assert answer(seat, "tool", case, asked)["power"].startswith("Make the assessment of this person")
    assert answer(seat, "respondent", case, BEFORE_COURT) == {}
    ends = (NOON + timedelta(days=180)).date().isoformat()
    assert answer(seat, "tool", case, {**asked, "expires_on": ends, "conditions": "Not to go to Flat 3."}) == {}
    (used,) = workspace.store.select(ToolUsed)
    assert used.weighing is not None and used.pack_version == 1
    assert "Civil injunction\nIn force" in told(workspace, PART, case)
    happened = {"what": "He stood at the door.", "at": NOON.isoformat()}
    assert answer(seat, "breach", case, happened, used.id) == {}
    assert "Not kept once" in told(workspace, PART, case)
    clock_of(workspace).forward(days=181)
    assert [row.title for row in today(workspace).rows if row.kind == "expiry"] == ["An action runs out"]
    assert answer(seat, "end-tool", case, {"ended": "kept"}, used.id) == {}
    assert not [row for row in today(workspace).rows if row.kind == "expiry"]
    assert "end-tool" not in menu_of(workspace, case)


def test_against_the_wish_of_the_person_harmed_only_with_a_reason_that_stays(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert answer(seat, "standing", case, {"tenure": "secure", "age_years": "34"}) == {}
    assert answer(seat, "wish", case, {"words": "Not him.", "not_approached": True}) == {}
    warning = {"power": "first-warning", "authority": "Me"}
    assert list(answer(seat, "tool", case, warning)) == ["approached_although"]
    assert answer(seat, "tool", case, {**warning, "approached_although": "A threat to a child."}) == {}
    (used,) = workspace.store.select(ToolUsed)
    assert used.approached_although == "A threat to a child."


def test_another_landlord_s_tenant(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert list(answer(seat, "standing", case, {"tenure": "other-landlord"})) == ["landlord"]
    assert answer(seat, "standing", case, {"tenure": "other-landlord", "landlord": "Harbour Homes"}) == {}
    request = {"landlord": "Harbour Homes", "basis": "Preventing crime", "shared": "The dates."}
    assert answer(seat, "ask-landlord", case, request) == {}
    (kept,) = workspace.store.select(LandlordRequest)
    clock_of(workspace).forward(days=15)
    assert [row.late for row in today(workspace).rows if row.kind == "chase"] == [True]
    assert answer(seat, "landlord-replied", case, {"reply": "They warned him."}, kept.id) == {}
    assert not [row for row in today(workspace).rows if row.kind == "chase"]


def test_counter_allegations_are_noted_in_both_files_and_nothing_else_goes_over(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    other = logged(workspace, words="She shouts at me.").case
    assert answer(seat, "link-case", case, {"how": "opposing"}, other) == {}
    streams = {one.case: one.stream for one in workspace.store.select(CaseLink)}
    assert set(streams) == {case, other} and len(set(streams.values())) == 2
    assert "The two sides complain of each other" in told(workspace, PART, case)
    assert "She shouts at me." not in told(workspace, PART, case)


def test_rights_and_a_message_to_few_homes(seat: Seat, case: RecordId) -> None:
    assert answer(seat, "rights", case, {"about": ["ombudsman", "victims-code"], "copy_format": "large-print"}) == {}
    message = {"told": True, "homes": "6", "words": "We act against harassment."}
    assert answer(seat, "publicity", case, message)["why"].startswith("So few homes")
    assert answer(seat, "publicity", case, {**message, "why": "Nobody can be known from it."}) == {}
