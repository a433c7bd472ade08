"""Holding a case and deleting it for good, through the pages of two people."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.domain.case import Case
from core.domain.retention import Deletion, LegalHold
from core.foundation.ids import RecordId
from core.services import cases
from core.services.case_page import read_case
from core.services.declarations import declare
from core.services.sync import sync_now
from core.services.workspace import Workspace
from desktop.screens.case.chapters.keeping import PART
from tests.support.chapter_pages import answer, menu_of
from tests.support.desk import DirectRunner, Seat, seat_with
from tests.support.laptops import Office


def desk_of(workspace: Workspace) -> Seat:
    return seat_with(DirectRunner(workspace), workspace.parts.clock)


def told_by(workspace: Workspace, case: RecordId) -> str:
    found = PART.facts(read_case(workspace, case=case), workspace.parts.clock.now())
    lines = [[fact.heading, *(words for words, _ in fact.tags), *(one.words for one in fact.doing)] for fact in found]
    return "; ".join(part for line in lines for part in line)


def test_a_hold_is_placed_and_lifted_and_two_people_delete(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    form = cases.ReportForm(
        words="Shouting.", received_at=office.clock.now() - timedelta(hours=1), danger_now=False,
        safe_ways=frozenset({"call"}), reporter_name="Meera Quill", readers=frozenset({ben.user}),
    )  # fmt: skip
    case = cases.log_report(ana, form=form).case
    seat = desk_of(ana)
    assert answer(seat, "hold", case, {"reason": "A court case"}) == {}
    (hold,) = ana.store.select(LegalHold)
    assert "ask-deletion" not in menu_of(ana, case)
    assert answer(seat, "lift-hold", case, {}, hold.id) == {}
    erasure = {"reason": "erasure", "words": "The committee, 3 March."}
    assert answer(seat, "ask-deletion", case, erasure) == {"reason": "The case is open. Close it first."}
    assert answer(seat, "ask-deletion", case, {**erasure, "reason": "mistake"}) == {}
    for laptop in (ana, ben):
        sync_now(laptop)
    (deletion,) = ben.store.select(Deletion)
    assert "Waits for a second person; Answer" in told_by(ben, case)
    assert "withdraw-deletion" in menu_of(ana, case) and "agree-deletion" in menu_of(ben, case)
    declare(ben, case=case, connected=False)
    assert answer(desk_of(ben), "agree-deletion", case, {"agree": True}, deletion.id) == {}
    assert "it goes with the next sync" in told_by(ben, case)
    for laptop in (ben, ana):
        sync_now(laptop)
        assert laptop.store.count(Case) == 0
