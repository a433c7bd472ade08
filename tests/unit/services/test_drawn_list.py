"""An area drawn from a list: each row is a home of ours or named with the reason, and the counts add up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from core.domain.estate import Home
from core.foundation.errors import FormIncomplete, ImportFileRejected
from core.services import drawn_list, letters
from core.services.drawn_list import DrawnList, draw_around, draw_from_file, draw_from_text
from core.services.homes import find_homes, import_homes, preview_import
from core.services.workspace import Workspace
from tests.support.estate import HOMES, homes_list, with_letterhead
from tests.support.workspaces import a_workspace, logged

MORE = (
    "H8,,,9,Birch Lane,Testford,ZZ1 1AB,,Ms Iris Wood,English,",
    "H9,,,9A,Birch Lane,Testford,ZZ1 1AB,,Mr Sol Wood,English,",
    "H10,,,7,Amber Road,Otherham,ZZ9 9AA,,Mr Sol Reed,English,",
    "H11,,,1,Dock Street,Testford,ZZ1 1AC,,Mr Ned Cole,English,",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("drawn")
    with a_workspace(folder / "vault") as opened:
        path = homes_list(folder / "homes.csv", *HOMES, *MORE)
        import_homes(opened, preview=preview_import(opened, path=path))
        with_letterhead(opened)
        (gone,) = find_homes(opened, words="dock 1")
        with opened.store.unit("sell") as (unit, _):
            unit.update(Home, gone.id, state="not-ours")
        yield opened


def states(found: DrawnList) -> list[str]:
    return [row.state for row in found.rows]


def adds_up(found: DrawnList) -> bool:
    return sum(map(found.count, {row.state for row in found.rows})) + found.blank == found.total


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ("7 Birch Lane, Testford, ZZ1 1AB", "7 Birch Lane"),
        ("7 birch ln", "7 Birch Lane"),
        ("7, Birch Lane", "7 Birch Lane"),
        ("9a Birch Lane Testford", "9A Birch Lane"),
        ("Flat 3, Quill House, 4 Amber Road, ZZ1 1AA", "Flat 3 Quill House"),
        ("Flat 10 Quill House", "Flat 10 Quill House"),
        ("10 Quill House", "Flat 10 Quill House"),
        ("FLAT 01, QUILL HOUSE, 4 AMBER RD, TESTFORD, ZZ11AA", "Flat 1 Quill House"),
    ],
)
def test_a_row_with_less_detail_is_found_where_one_home_fits(workspace: Workspace, row: str, address: str) -> None:
    (found,) = draw_from_text(workspace, text=row).rows
    assert (found.state, len(found.homes)) == ("found", 1), found
    assert found.homes[0].address.startswith(address)


@pytest.mark.parametrize(
    ("row", "state", "why", "could_be"),
    [
        ("Quill House, 4 Amber Road, Testford, ZZ1 1AA", "doubtful", "5 homes of ours fit this row.", 5),
        ("7 Birch Lane, Testford, ZZ8 8QQ", "doubtful", "The postcode or town is not the one we have", 1),
        ("7 Brich Lane, Testford", "doubtful", "written differently from ours", 1),
        ("8 Birch Lane, ZZ1 1AB", "doubtful", "We know no home with this number in Birch Lane", 3),
        ("Flat 77, Quill House", "doubtful", "We know no home with this number in Quill House", 5),
        ("1 Dock Street, Testford, ZZ1 1AC", "unknown", "no longer ours", 0),
        ("1 Elsewhere Crescent, Farham, ZZ5 5AA", "unknown", "none of our homes", 0),
        ("PO Box 12, Testford", "unreadable", "post box", 0),
        ("Total: 14", "unreadable", "does not hold an address", 0),
    ],
)
def test_what_is_no_home_or_could_be_several_is_named_with_the_reason(
    workspace: Workspace, row: str, state: str, why: str, could_be: int
) -> None:
    (found,) = draw_from_text(workspace, text=row).rows
    assert (found.state, len(found.homes)) == (state, could_be), found
    assert why in found.why and found.text == row


def test_the_same_home_twice_gets_one_letter_and_every_line_is_counted(workspace: Workspace) -> None:
    found = draw_from_text(workspace, text="Address\n7 Birch Lane, ZZ1 1AB\n\n7 birch lane\n9 Birch Lane\nNowhere 3\n")
    assert states(found) == ["found", "repeated", "found", "unknown"]
    assert [row.line for row in found.rows] == [2, 4, 5, 6]
    assert (len(found.homes), found.total) == (2, 5) and adds_up(found)
    assert "line 2" in found.rows[1].why


def test_a_spreadsheet_and_a_csv_file_are_read_as_lists_of_homes_are(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = (("Our list",), ("Property ref", "Tenant", "Address", "Postcode"), ("H6", "A B", "7 Birch Lane", "ZZ1 1AB"))
    for cells in (*rows, ("H1", "C D", "", ""), ("", "", "", ""), ("H99", "E F", "", "")):
        book.active.append(cells)
    book.save(tmp_path / "list.xlsx")
    found = draw_from_file(workspace, path=tmp_path / "list.xlsx")
    assert states(found) == ["found", "found", "unreadable"], "the landlord's own reference is enough"
    assert adds_up(found) and found.rows[1].homes[0].address.startswith("Flat 1 Quill House")
    (tmp_path / "list.csv").write_text("House number,Street\n7,Birch Lane\n9,Birch Lane\n", encoding="utf-8")
    assert states(draw_from_file(workspace, path=tmp_path / "list.csv")) == ["found", "found"]
    (tmp_path / "list.txt").write_text("7 Birch Lane\n9 Birch Lane, Testford\n", encoding="utf-8")
    assert states(draw_from_file(workspace, path=tmp_path / "list.txt")) == ["found", "found"]


@pytest.mark.parametrize("text", ["", " \n\n", "Name\tAge\nAda\t40\n"])
def test_what_is_no_list_is_refused_in_a_sentence(workspace: Workspace, text: str) -> None:
    try:
        found = draw_from_text(workspace, text=text)
    except ImportFileRejected as refused:
        assert "What was pasted" in refused.explain().happened
    else:
        assert not found.homes and adds_up(found)


def test_open_rows_are_settled_by_hand_and_go_into_the_run(workspace: Workspace) -> None:
    found = draw_from_text(workspace, text="7 Birch Lane\nQuill House, 4 Amber Road, ZZ1 1AA\n12 Nowhere Close")
    with pytest.raises(FormIncomplete, match="list"):
        drawn_list.refuse_open_rows(found)
    two = [place.home for place in found.rows[1].homes[:2]]
    settled = found.with_homes(2, two).with_left({3})
    drawn_list.refuse_open_rows(settled)
    assert settled.homes == found.homes | set(two) and len(settled.homes) == 3
    (left,) = settled.left
    assert left.startswith("Line 3, 12 Nowhere Close: No street or building of ours")
    assert settled.with_homes(3, two) == settled, "a settled row is settled"

    form = letters.AreaLettersForm(
        case=logged(workspace).case, homes=settled.homes, rows_left=settled.left, reason="A second report"
    )
    plan = letters.plan_area_letters(workspace, form=form)
    assert plan.area == "3 homes from a list"
    assert [one.addressee.address.split(",")[0] for one in plan.letters] == [
        "Flat 1 Quill House", "Flat 2 Quill House", "7 Birch Lane"
    ]  # fmt: skip
    assert any("12 Nowhere Close" in line for line in letters.plan_in_words(plan))
    run = letters.start_area_letters(workspace, plan=plan).run
    assert letters.run_state(workspace, run=run).run.rows_left == frozenset(settled.left)


def test_the_people_who_live_there_can_stand_on_the_envelope_and_nowhere_else(workspace: Workspace) -> None:
    case = logged(workspace).case
    form = letters.AreaLettersForm(case=case, streets=frozenset({"Birch Lane"}), reason="x", by_name=True)
    plan = letters.plan_area_letters(workspace, form=form)
    assert [one.addressee.lines[0] for one in plan.letters] == ["Mrs Vera Stone", "Ms Iris Wood", "Mr Sol Wood"]
    assert {one.addressee.salutation for one in plan.letters} == {"Resident"}
    run = letters.start_area_letters(workspace, plan=plan).run
    kept = letters.run_state(workspace, run=run).letters
    assert [one.address_block.split("\n")[0] for one in kept] == ["Mrs Vera Stone", "Ms Iris Wood", "Mr Sol Wood"]


def test_the_doors_around_a_home_are_counted_in_the_order_of_the_walk(workspace: Workspace) -> None:
    (middle,) = find_homes(workspace, words="flat 3 quill")
    found = draw_around(workspace, home=middle.id, each_side=1)
    assert [row.homes[0].address.split(",")[0][:6] for row in found.rows] == ["Flat 2", "Flat 3", "Flat 4"]
    assert "1 door on each side of Flat 3" in found.notes[0] and "not measured" in found.notes[0]
    assert adds_up(found) and found.homes == {row.homes[0].home for row in found.rows} and not found.to_settle
    (seven,) = [one for one in find_homes(workspace, words="7 birch") if one.town == "Testford"]
    assert len(draw_around(workspace, home=seven.id, each_side=50).rows) == 3, "the street of that town, and no other"
    for wrong in (None, 0, 51):
        with pytest.raises(FormIncomplete):
            draw_around(workspace, home=middle.id, each_side=wrong)
