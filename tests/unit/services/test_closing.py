"""Closing a case in a real vault, step by step, with an appeal (policy 4.29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.domain.case import Case, Closure
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId, UserId
from core.services import cases, closing, opening
from core.services.workspace import Parts, Workspace
from tests.support.dice import SeededRandomness
from tests.support.vaults import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def workspace(tmp_path: Path, clock: TestClock) -> Iterator[Workspace]:
    made = opening.found_organisation(
        tmp_path / "vault",
        opening.FoundingForm("Marsh Lane Co-op", "Amara Osei", "AO", "Officer", "mellow tundra cactus ribbon oboe"),
        parts=Parts(clock, SeededRandomness(7)), cost=KdfCost(FLOOR_MEMORY_KIB),
    )  # fmt: skip
    yield made
    opening.lock(made)


@pytest.fixture
def case(workspace: Workspace, clock: TestClock) -> RecordId:
    form = cases.ReportForm(
        words="Shouted at on the stairs.", received_at=clock.now(), danger_now=False, safe_ways=frozenset({"call"})
    )
    return cases.log_report(workspace, form=form).case


def as_somebody_else(workspace: Workspace) -> Workspace:
    """The same vault in the hands of a colleague, for decisions that need a second person."""
    return replace(workspace, keys=replace(workspace.keys, user=UserId(b"a-second-person-")))


def stage(workspace: Workspace, case: RecordId) -> str:
    return workspace.store.get(Case, case).stage


def to_appeal_window(workspace: Workspace, case: RecordId) -> RecordId:
    closure = closing.propose_closing(workspace, case=case, reason="Quiet for three months.").record
    closing.discuss_closing(workspace, closure=closure, person_agrees=True, appeal_explained=True)
    return closure


def test_a_case_cannot_be_closed_before_the_time_to_appeal_is_over(
    workspace: Workspace, case: RecordId, clock: TestClock
) -> None:
    to_appeal_window(workspace, case)
    assert stage(workspace, case) == "appeal-window"
    clock.forward(days=3)
    with pytest.raises(FormIncomplete) as refusal:
        closing.close_case(as_somebody_else(workspace), case=case)
    assert "can appeal until" in str(refusal.value)
    clock.forward(days=20)
    closing.close_case(as_somebody_else(workspace), case=case)
    assert stage(workspace, case) == "closed"
    assert workspace.store.get(Case, case).closed_at is not None


def test_closing_without_explaining_the_appeal_is_refused(workspace: Workspace, case: RecordId) -> None:
    closure = closing.propose_closing(workspace, case=case, reason="Quiet.").record
    with pytest.raises(FormIncomplete):
        closing.discuss_closing(workspace, closure=closure, person_agrees=True, appeal_explained=False)
    assert stage(workspace, case) == "closure-proposed"


def test_an_upheld_appeal_keeps_the_case_open(workspace: Workspace, case: RecordId, clock: TestClock) -> None:
    closure = to_appeal_window(workspace, case)
    clock.forward(days=2)
    closing.record_appeal(workspace, closure=closure, appealed_at=clock.now(), grounds="It happened again.")
    closing.decide_appeal(as_somebody_else(workspace), closure=closure, upheld=True)
    assert stage(workspace, case) == "open"
    clock.forward(days=40)
    with pytest.raises(FormIncomplete):
        closing.close_case(as_somebody_else(workspace), case=case)


def test_the_one_who_proposed_closing_cannot_decide_the_appeal(
    workspace: Workspace, case: RecordId, clock: TestClock
) -> None:
    closure = to_appeal_window(workspace, case)
    closing.record_appeal(workspace, closure=closure, appealed_at=clock.now())
    with pytest.raises(FormIncomplete) as refusal:
        closing.decide_appeal(workspace, closure=closure, upheld=False)
    assert "did not propose" in str(refusal.value)
    assert workspace.store.get(Closure, closure).appeal_decided_at is None


def test_an_appeal_turned_down_by_somebody_else_lets_the_case_close(
    workspace: Workspace, case: RecordId, clock: TestClock
) -> None:
    closure = to_appeal_window(workspace, case)
    closing.record_appeal(workspace, closure=closure, appealed_at=clock.now())
    clock.forward(days=30)
    with pytest.raises(FormIncomplete):
        closing.close_case(as_somebody_else(workspace), case=case)
    closing.decide_appeal(as_somebody_else(workspace), closure=closure, upheld=False)
    closing.close_case(as_somebody_else(workspace), case=case)
    assert stage(workspace, case) == "closed"
