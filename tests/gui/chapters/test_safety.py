"""Keeping somebody safe through the pages of a case: measures, a witness, a move, a roof for now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Case, Party
from core.domain.closing import Appeal
from core.domain.safety import HousingAdvice, ManagementTransfer, ProfessionalWitness, SecurityMeasure
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services.appeals import decide_appeal
from core.services.safety import measure_done
from core.services.workspace import Workspace
from desktop.screens.case.chapters.support import PART
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, as_somebody_else, logged

TODAY = NOON.date().isoformat()
WITNESS = {
    "grounds": ["afraid"], "tried": ["diary"], "necessity": "Nobody dares.", "openly": "overt",
    "authority": "The committee", "firm": "Mill Evidence", "told": "Flat 3, the landing, at night.",
}  # fmt: skip
MOVE = {
    "triggers": ["life"], "decision": "awarded", "reasons": "She was nearly killed.", "who_moves": "harmed",
    "authority": "The committee", "appeal_told": True,
}  # fmt: skip


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
        unit.create(Party, stream, case=found, name="Ada Quill", roles={"victim"})
    return found


def test_a_measure_is_asked_for_without_saying_why_and_done(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    asked = {"sort": "locks", "place": "Flat 3, front door"}
    refused = answer(seat, "measure", case, {**asked, "order_words": "Racist threats at Ada's door"})
    assert refused == {
        "order_words": "A works order says what is to be done, never why. Leave this out: Ada, Racist, threats."
    }
    assert answer(seat, "measure", case, {**asked, "order_words": ""}) == {}
    (kept,) = workspace.store.select(SecurityMeasure)
    assert kept.order_words.startswith("Please fit or mend: locks on doors and windows. Place: Flat 3")
    assert answer(seat, "measure-done", case, {"done_on": TODAY, "cost_pounds": "120"}, kept.id) == {}
    with pytest.raises(FormIncomplete):
        measure_done(workspace, measure=kept.id, done_on=NOON.date(), cost_pounds=1)
    assert "Spent on measures\n£120" in told(workspace, PART, case)
    assert "measure-done" not in menu_of(workspace, case)


def test_a_witness_learns_a_place_and_no_name(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    refused = answer(seat, "witness", case, {**WITNESS, "told": "Watch the door of Ms Quill.", "tried": []})
    assert set(refused) == {"tried", "told"}
    assert list(answer(seat, "witness", case, {**WITNESS, "openly": "covert"})) == ["privacy_weighed"]
    assert answer(seat, "witness", case, WITNESS) == {}
    (kept,) = workspace.store.select(ProfessionalWitness)
    assert kept.told == WITNESS["told"] and kept.decided_by == workspace.user
    assert "Tried first: diary sheets" in told(workspace, PART, case)


def test_a_move_keeps_the_new_address_out_and_is_appealed_to_somebody_else(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert list(answer(seat, "transfer", case, {**MOVE, "triggers": []})) == ["triggers"]
    leaked = {**MOVE, "reasons": "She moves to 12 Mill Close.", "address_where": "person"}
    assert set(answer(seat, "transfer", case, leaked)) == {"reasons", "address_held_by"}
    assert answer(seat, "transfer", case, {**MOVE, "address_where": "person", "address_held_by": "Ms Hill"}) == {}
    (kept,) = workspace.store.select(ManagementTransfer)
    assert "New address: somebody holds it, outside this program: Ms Hill" in told(workspace, PART, case)
    made = {"made_at": NOON.isoformat(), "channel": "phone", "grounds": ["not-safe"], "words": "It is too near."}
    assert answer(seat, "appeal", case, made, kept.id) == {}
    (appeal,) = workspace.store.select(Appeal)
    assert appeal.transfer == kept.id and appeal.closure is None
    assert "Appeal: not decided yet" in told(workspace, PART, case)
    refused = answer(seat, "decide-appeal", case, {"decision": "not-upheld", "reasons": "It stands."}, appeal.id)
    assert refused == {"decision": "You made the decision. Somebody else decides the appeal."}
    other = as_somebody_else(workspace)
    with pytest.raises(FormIncomplete) as leaks:
        decide_appeal(other, appeal=appeal.id, decision="upheld", reasons="She moves to 12 Mill Close.")
    assert "Leave addresses out" in str(leaks.value)
    decide_appeal(other, appeal=appeal.id, decision="upheld", reasons="She may choose.")
    with pytest.raises(FormIncomplete):
        decide_appeal(other, appeal=appeal.id, decision="not-upheld", reasons="Again.")
    assert "Appeal: the appeal was right" in told(workspace, PART, case)


def test_a_refuge_is_never_named(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    advice = {"told": ["council", "refuge"], "chosen": "refuge", "begins_on": TODAY}
    assert list(answer(seat, "housing", case, {**advice, "note": "It is at 9 Mill Street."})) == ["note"]
    assert answer(seat, "housing", case, {**advice, "note": "She has a lift."}) == {}
    (kept,) = workspace.store.select(HousingAdvice)
    assert kept.provider == ""
    assert "For now: a refuge" in told(workspace, PART, case)
