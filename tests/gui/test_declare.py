"""Before a case is opened for the first time: the question, the way in, and the case that stays shut."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.domain.letters import CaseLetter
from core.foundation.ids import RecordId
from core.services.declarations import declaration_of, declare
from core.services.sync import sync_now
from core.services.workspace import Workspace
from desktop.app.gate import OPEN
from desktop.app.screens import SCREENS
from desktop.app.workbench import Workbench
from desktop.screens.declare.view import DeclarePageView
from desktop.screens.preferences import Preferences
from desktop.screens.switcher.view import Switcher
from tests.support.desk import Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import Parts, a_workspace, join_cheaply, logged


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[tuple[Workspace, RecordId]]:
    """Ben's laptop, with a case that Ana took and shared with him."""
    with a_workspace(tmp_path / "vault") as ana:
        parts = Parts(TestClock(NOON), SeededRandomness(21))
        shared = tmp_path / "shared"
        shared.mkdir()
        laptop = join_cheaply(ana, tmp_path / "ben", shared, name="Ben Okafor", role="officer", parts=parts)
        case = logged(ana).case
        with ana.store.unit("write-letter") as (unit, _):
            stream = ana.store.get(Case, case).stream
            unit.create(CaseLetter, stream, case=case, name="First warning", addressee="Meera Quill", written_at=NOON)
        sync_now(ana)
        sync_now(laptop)
        yield laptop, case


@pytest.fixture
def seat(ben: tuple[Workspace, RecordId]) -> Seat:
    return a_seat(ben[0])


OF_A_CASE: tuple[tuple[str, dict[str, object]], ...] = (
    ("case", {}), ("step", {"step": "note"}), ("letters", {}), ("case-letter", {}), ("visits", {}),
    ("file", {"attachment": RecordId(bytes(16))}), ("interviews", {}), ("versions", {}), ("opened", {}),
    ("interview", {"interview": bytes(16)}), ("override", {"user": b"somebody", "called": "Somebody"}),
)  # fmt: skip


def shown_in(panel: Switcher) -> str:
    model = panel.table.model()
    cells = (model.index(row, column) for row in range(model.rowCount()) for column in range(model.columnCount()))
    return "\n".join(str(cell.data()) for cell in cells)


def test_every_page_of_a_case_leads_to_the_question_and_is_not_even_built(
    qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]
) -> None:
    bench = Workbench(seat.context.runner, seat.context.clock, SCREENS, Preferences())
    qtbot.addWidget(bench)
    bench.go_to("cases")
    for name, arguments in OF_A_CASE:
        bench.go_to(name, case=ben[1], **arguments)
        settle()
        assert (bench.current, bench.page(name)) == ("declare", None), name
    bench.find_anything()
    panel = bench.findChild(Switcher)
    assert panel is not None and "Add to 20" not in shown_in(panel), "no step of a case that is shut"
    panel.box.asked.emit("2026-")
    assert "Case, not open to you yet" in shown_in(panel)
    panel.names.click()
    assert "shouted" not in shown_in(panel)
    panel.box.asked.emit("shouted stairs")
    assert "not open to you" not in shown_in(panel), "what stands in it is not found word by word"
    panel.box.asked.emit("first warning")
    assert "Letter" not in shown_in(panel), "nor are its letters"
    panel.shut()
    bench.go_back()
    assert bench.current == "cases", "the question is nowhere to come back to"
    declare(ben[0], case=ben[1], connected=False)
    bench.go_to("case", case=ben[1])
    settle()
    assert bench.current == "case"
    said = declare(ben[0], case=ben[1], connected=True, how="She moved in next door.")
    bench.hear_change(said.changed)
    bench.go_to("case-letter", case=ben[1])
    settle()
    assert bench.current == "declare"


def test_the_answer_leads_to_the_page_that_was_wanted(
    qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]
) -> None:
    bench = Workbench(seat.context.runner, seat.context.clock, SCREENS, Preferences())
    qtbot.addWidget(bench)
    seat.context.runner.changed.connect(bench.hear_change)

    def answer(connected: bool) -> None:
        page = bench.page("declare")
        assert isinstance(page, DeclarePageView)
        page.connected.set_values([connected])
        page.how.setText("Lives next door")
        page.save.click()
        settle()

    bench.go_to("cases")
    bench.go_to("step", case=ben[1], step="note")
    bench.go_to("cases")
    bench.go_to("visits", case=ben[1])
    assert bench.current == "declare"
    answer(connected=False)
    assert bench.current == "visits", "not only to the case"
    bench.go_back()
    assert bench.current == "cases", "the question is nowhere to come back to"
    bench.hear_change(declare(ben[0], case=ben[1], connected=True, how="She moved in.").changed)
    bench.go_to("visits", case=ben[1])
    assert bench.current == "declare"
    bench.hear_change(declare(ben[0], case=ben[1], connected=False).changed)
    bench.go_to("case", case=ben[1])
    assert bench.current == "case", "what a shut case was asked for is forgotten"


def test_every_page_that_takes_a_case_is_tried_above(qtbot: QtBot, seat: Seat) -> None:
    takes = set()
    for screen in SCREENS:
        page = screen.factory(seat.context)
        qtbot.addWidget(page)
        arrive = getattr(page, "arrive", None)
        if arrive is not None and "case" in signature(arrive).parameters:
            takes.add(screen.name)
    assert takes == {name for name, _ in OF_A_CASE} | OPEN


def test_not_connected_leads_into_the_case(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    settle()
    assert "In this case: Meera Quill." in words_in(page) and "shouted" not in words_in(page)
    page.save.click()
    assert "Say whether you are connected" in words_in(page)
    page.connected.set_values([False])
    page.save.click()
    assert seat.desk.went[-1] == ("case", {"case": ben[1]})
    assert len(seat.desk.went) == 1 and not declaration_of(ben[0], case=ben[1]).shut


def test_a_connection_shuts_the_case(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    page.connected.set_values([True])
    page.connected.picked.emit()
    assert not page.how.isHidden()
    page.how.setText("Lives next door to her")
    page.save.click()
    settle()
    assert declaration_of(ben[0], case=ben[1]).connected
    assert "The case stays shut for you." in words_in(page) and "In this case" not in words_in(page)
    assert seat.desk.went == []


def test_the_page_passes_every_audit(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    settle()
    page.connected.set_values([True])
    page.connected.picked.emit()
    assert audit_everywhere(page) == []
