"""Figures over real vaults: one's own and the committee's, written to a file after it was noted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from core.domain.case import Case, Party
from core.foundation.errors import FolderNotWritable, FormIncomplete
from core.reports.shown import HIDDEN, ShownTable
from core.services.audit import entries_here
from core.services.figures import Asked, Figures, period_choices, read_figures, save_figures
from core.services.monitoring import MonitoringForm, note_monitoring
from core.services.opening import lock
from core.services.sync import sync_now
from core.services.workspace import Workspace
from tests.support.dice import SeededRandomness
from tests.support.vaults import NOON
from tests.support.workspaces import Parts, a_workspace, clock_of, join_cheaply, logged

YEAR = Asked(year=2025)
FOR_COMMITTEE = Asked(year=2025, committee=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def some_cases(workspace: Workspace, count: int) -> None:
    for number in range(count):
        strands = frozenset({"race"} if number < 2 else {"religion"} if number < 9 else {"none"})
        logged(workspace, strands=strands, acts=frozenset({"abuse"}), received_at=NOON - timedelta(days=number))


def table(figures: Figures, code: str) -> ShownTable:
    return next(one for one in figures.tables if one.code == code)


def numbers(figures: Figures, code: str) -> dict[str, tuple[int | None, ...]]:
    return {row.code: row.values for row in table(figures, code).rows}


def test_the_officers_own_version_has_every_number(workspace: Workspace) -> None:
    some_cases(workspace, 12)
    own = read_figures(workspace, asked=YEAR)
    assert own.period.words == "1 Apr 2025 to 31 Mar 2026" and own.hides == ""
    assert numbers(own, "cases")["opened"] == (12,)
    assert numbers(own, "hate")["race"] == (2,) and numbers(own, "strands")["religion"] == (7, 0, 0, 0, 7)
    assert "can read" in own.scope


def test_the_committees_version_hides_what_could_point_to_somebody(workspace: Workspace) -> None:
    some_cases(workspace, 12)
    shown = read_figures(workspace, asked=FOR_COMMITTEE)
    assert numbers(shown, "hate")["race"] == (None,)
    assert numbers(shown, "strands")["race"][0] is None
    assert "under five is hidden" in shown.hides
    assert table(shown, "hate").rows[1].words()[1] != HIDDEN or table(shown, "hate").rows[0].words()[1] == "12"


def test_the_committee_gets_years_and_quarters_and_no_days_of_somebodys_choosing(workspace: Workspace) -> None:
    with pytest.raises(FormIncomplete):
        read_figures(workspace, asked=Asked(kind="days", first=NOON.date(), last=NOON.date(), committee=True))
    some = read_figures(workspace, asked=Asked(kind="days", first=date(2026, 3, 1), last=date(2026, 3, 2)))
    assert some.period.words == "1 Mar 2026 to 2 Mar 2026"
    quarter = read_figures(workspace, asked=Asked(kind="quarter", year=2025, quarter=4, committee=True))
    assert quarter.period.words == "1 Jan 2026 to 31 Mar 2026"


@pytest.mark.parametrize(
    "asked",
    [Asked(kind="quarter", quarter=5), Asked(kind="days"), Asked(kind="month"), Asked(year=1),
     Asked(kind="days", first=date(2026, 3, 2), last=date(2026, 3, 1))],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_in_a_sentence(workspace: Workspace, asked: Asked) -> None:
    with pytest.raises(FormIncomplete) as told:
        read_figures(workspace, asked=asked)
    assert all(sentence.endswith(".") for sentence in told.value.problems.values())


def test_periods_to_choose_go_back_to_the_first_case(workspace: Workspace) -> None:
    assert [choice.year for choice in period_choices(workspace)] == [2025] * 5
    logged(workspace, received_at=NOON - timedelta(days=400))
    choices = period_choices(workspace)
    assert [choice.year for choice in choices] == [2025] * 5 + [2024] * 5
    assert choices[0].words == "Year 2025/26: 1 Apr 2025 to 31 Mar 2026"


def test_a_case_somebody_cannot_read_is_not_in_their_figures(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    parts = Parts(clock_of(workspace), SeededRandomness(5))
    ben = join_cheaply(workspace, tmp_path / "ben", tmp_path / "shared", name="Ben Kite", role="officer", parts=parts)
    try:
        logged(workspace, conflicted=frozenset({ben.user}), strands=frozenset({"race"}))
        logged(workspace, strands=frozenset({"age"}))
        sync_now(workspace)
        sync_now(ben)
        his, hers = read_figures(ben, asked=YEAR), read_figures(workspace, asked=YEAR)
        assert numbers(his, "cases")["opened"] == (1,) and numbers(hers, "cases")["opened"] == (2,)
        assert his.scope == hers.scope, "the same words, whether or not there is anything more"
        assert [row.code for row in table(his, "strands").rows] == [row.code for row in table(hers, "strands").rows]
    finally:
        lock(ben)


def test_equality_answers_are_counted_and_not_asked_is_not_an_answer(workspace: Workspace) -> None:
    case = logged(workspace).case
    logged(workspace)
    (party, _) = workspace.store.select(Party)
    mine = next(one for one in workspace.store.select(Party) if one.case == case)
    form = MonitoringForm(case=case, party=mine.id, answers={"sex": "prefer-not"}, informed=True)
    note_monitoring(workspace, form=form)
    del party
    found = numbers(read_figures(workspace, asked=YEAR), "harmed-sex")
    assert found["prefer-not"] == (0, 1, 1) and found["not-asked"] == (0, 1, 1) and found["all"] == (0, 2, 2)


def test_answers_that_are_none_are_refused(workspace: Workspace) -> None:
    case = logged(workspace).case
    (party,) = workspace.store.select(Party)
    for answers in ({}, {"sex": "both"}, {"shoe_size": "9"}):
        with pytest.raises(FormIncomplete):
            note_monitoring(workspace, form=MonitoringForm(case=case, party=party.id, answers=answers, informed=True))


def test_a_file_of_numbers_for_a_spreadsheet(workspace: Workspace, tmp_path: Path) -> None:
    some_cases(workspace, 12)
    saved = save_figures(workspace, asked=FOR_COMMITTEE, destination=tmp_path / "figures.csv", form="csv")
    text = saved.path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Opened", "12"] in rows and ["Hate incident: race", "*", "*"] in rows
    assert any("under five is hidden" in row[0] for row in rows if row)
    assert "Meera" not in text


def test_what_leaves_is_noted_before_and_says_nothing_of_any_case(workspace: Workspace, tmp_path: Path) -> None:
    save_figures(workspace, asked=FOR_COMMITTEE, destination=tmp_path / "figures.pdf")
    (entry,) = [row for row in entries_here(workspace) if row.deed == "export"]
    assert entry.subject == "Figures for the committee, 1 Apr 2025 to 31 Mar 2026, PDF"


def test_the_pdf_is_tagged_and_has_every_table(workspace: Workspace, tmp_path: Path) -> None:
    some_cases(workspace, 12)
    saved = save_figures(workspace, asked=YEAR, destination=tmp_path / "figures.pdf", remark="A quiet year.")
    data = saved.path.read_bytes()
    assert b"/Table" in data and b"/Figure" in data and b"/Scope /Row" in data
    with pypdfium2.PdfDocument(data) as pdf:
        words = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    for said in (
        "Harassment cases, 1 Apr 2025 to 31 Mar 2026", "A quiet year.", "not for the committee",
        "Promises kept (policy 5.1)", "Solid: In time. Striped: Late.", "People complained about: age",
    ):  # fmt: skip
        assert said in words.replace("\r\n", "\n"), said


def test_words_that_name_somebody_do_not_go_out_with_it(workspace: Workspace, tmp_path: Path) -> None:
    logged(workspace)
    with pytest.raises(FormIncomplete) as told:
        save_figures(workspace, asked=FOR_COMMITTEE, destination=tmp_path / "f.pdf", remark="Thanks to Meera Quill.")
    assert "would give somebody away" in told.value.problems["remark"]
    assert not (tmp_path / "f.pdf").exists()
    assert not [row for row in entries_here(workspace) if row.deed == "export"], "nothing left, so nothing is noted"


def test_a_file_that_is_there_is_left_as_it_is(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("mine")
    with pytest.raises(FolderNotWritable):
        save_figures(workspace, asked=YEAR, destination=tmp_path / "f.csv", form="csv")
    assert (tmp_path / "f.csv").read_text() == "mine"
    save_figures(workspace, asked=YEAR, destination=tmp_path / "f.csv", form="csv", replace=True)
    assert (tmp_path / "f.csv").read_text() != "mine"


def test_without_any_case_everything_is_nothing(workspace: Workspace) -> None:
    assert not workspace.store.select(Case)
    own = read_figures(workspace, asked=YEAR)
    assert all(one.is_empty and one.bars() == () for one in own.tables)
    assert not any(one.hides for one in read_figures(workspace, asked=FOR_COMMITTEE).tables)
