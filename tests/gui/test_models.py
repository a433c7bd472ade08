"""Long lists by pages, short lists with the smallest change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.models import Column, KeysetModel, TupleModel
from desktop.models.keyset import PAGE_ROWS, PAGES_KEPT
from desktop.widgets import ListTable
from tests.support.gallery import ROWS, columns
from tests.support.gui_audits import show_at

COUNT = 100_000


def number_columns() -> tuple[Column[int], ...]:
    return (
        Column(heading="Ref", words=lambda n: f"HC-{n:06d}", wide_em=10),
        Column(heading="What", words=lambda n: "Threatening words", stretch=True),
    )


class Feeder:
    """A presenter that answers from a range; keeps the questions."""

    def __init__(self, model: KeysetModel[int], *, answers: bool = True) -> None:
        self.asked: list[tuple[int, int]] = []
        self._model, self._answers = model, answers

    def __call__(self, generation: int, page: int) -> None:
        self.asked.append((generation, page))
        if self._answers:
            start = self._model.start_of(page)
            first = 0 if start is None else int(str(start)) + 1
            self._model.put_page(generation, page, range(first, min(COUNT, first + PAGE_ROWS)))


def long_model(*, answers: bool = True) -> tuple[KeysetModel[int], Feeder]:
    model: KeysetModel[int] = KeysetModel(number_columns())
    feeder = Feeder(model, answers=answers)
    model.wanted.connect(feeder)
    starts = [None, *(page * PAGE_ROWS - 1 for page in range(1, COUNT // PAGE_ROWS))]
    model.restart(count=COUNT, page_starts=starts, first_page=range(PAGE_ROWS))
    return model, feeder


def test_it_keeps_qt_rules(qtmodeltester: ModelTester) -> None:
    model: KeysetModel[int] = KeysetModel(number_columns())
    model.restart(count=3, page_starts=[None], first_page=[0, 1, 2])
    qtmodeltester.check(model)
    short: TupleModel[int] = TupleModel(number_columns())
    short.put((1, 2))
    qtmodeltester.check(short)


def test_any_row_of_a_hundred_thousand_costs_one_page() -> None:
    model, feeder = long_model()
    assert model.rowCount() == COUNT
    assert model.data(model.index(0, 0)) == "HC-000000"
    assert feeder.asked == []
    model.data(model.index(70_123, 0))
    assert model.data(model.index(70_123, 0)) == "HC-070123"
    assert feeder.asked == [(1, 350)]


def test_a_page_on_its_way_is_asked_for_once_and_shown_as_such() -> None:
    model, feeder = long_model(answers=False)
    for row in range(400, 450):
        assert model.data(model.index(row, 0)) == "..."
    assert model.data(model.index(400, 0), Qt.ItemDataRole.AccessibleTextRole) == "Loading"
    assert feeder.asked == [(1, 2)]


def test_answers_to_an_older_question_are_dropped() -> None:
    model, _ = long_model(answers=False)
    model.row_at(500)
    model.restart(count=2, page_starts=[None], first_page=[7, 8])
    model.put_page(1, 0, [1, 2])
    assert model.row_at(0) == 7


def test_it_keeps_only_so_many_pages() -> None:
    model, feeder = long_model()
    for page in range(PAGES_KEPT + 5):
        model.row_at(page * PAGE_ROWS)
    assert len(model._pages) == PAGES_KEPT
    before = len(feeder.asked)
    model.row_at(1)
    assert len(feeder.asked) == before + 1


def test_a_page_that_could_not_be_had_is_asked_for_again() -> None:
    model, feeder = long_model(answers=False)
    model.row_at(500)
    model.forget_page(1, 2)
    model.row_at(500)
    assert feeder.asked == [(1, 2), (1, 2)]


def test_a_short_list_announces_only_the_rows_that_differ(qtbot: QtBot) -> None:
    model: TupleModel[int] = TupleModel(number_columns())
    model.put((1, 2, 3, 4))
    heard: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: heard.append((first.row(), last.row())))
    model.put((1, 9, 3, 4))
    model.put((1, 9, 3, 4))
    assert heard == [(1, 1)]


class TestListTable:
    def test_enter_opens_and_j_k_move(self, qtbot: QtBot) -> None:
        model: TupleModel[tuple[str, ...]] = TupleModel(columns())
        model.put(ROWS)
        table = ListTable("Cases", model)
        qtbot.addWidget(table)
        show_at(table, 1000, 400)
        opened: list[object] = []
        table.opened.connect(opened.append)
        table.setFocus()
        qtbot.keyClick(table, Qt.Key.Key_J)
        qtbot.keyClick(table, Qt.Key.Key_J)
        qtbot.keyClick(table, Qt.Key.Key_K)
        qtbot.keyClick(table, Qt.Key.Key_Return)
        assert opened == [ROWS[1]]

    def test_narrow_tables_drop_columns_and_never_scroll_sideways(self, qtbot: QtBot) -> None:
        model: TupleModel[tuple[str, ...]] = TupleModel(columns())
        model.put(ROWS)
        table = ListTable("Cases", model)
        qtbot.addWidget(table)
        show_at(table, 1200, 400)
        assert not any(table.isColumnHidden(n) for n in range(5))
        show_at(table, 450, 400)
        assert [table.isColumnHidden(n) for n in range(5)] == [False, False, True, True, False]
        assert table.horizontalHeader().length() <= table.viewport().width()

    def test_a_column_gives_what_its_words_do_not_need_to_one_whose_words_would_be_cut(self, qtbot: QtBot) -> None:
        long = "Flat 1204 Curlew Point, 5 Eelmarket Road"
        model: TupleModel[str] = TupleModel((
            Column(heading="Home", words=lambda home: home, wide_em=10),
            Column(heading="Note", words=lambda _: "-", wide_em=60, stretch=True),
        ))  # fmt: skip
        model.put((long,))
        table = ListTable("Homes", model)
        qtbot.addWidget(table)
        show_at(table, 600, 300)
        assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance(long)
        before = table.columnWidth(0)
        model.put(("Flat 1",))
        assert table.columnWidth(0) == before, "nothing jumps while somebody searches"

    @pytest.mark.parametrize("percent", [100, 200])
    def test_every_row_has_one_height_that_holds_the_words(self, qtbot: QtBot, percent: int) -> None:
        model, _ = long_model()
        table = ListTable("Cases", model)
        qtbot.addWidget(table)
        show_at(table, 800, 400, percent=percent)
        assert table.rowHeight(0) == table.rowHeight(99_999) >= max(34, table.fontMetrics().height() + 8)
