"""Lists as housing systems and hurried people leave them: each row somewhere, no home invented, none lost."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from core.exchange.addresses import parse_address
from core.exchange.columns import guess_columns
from core.exchange.homes import plan_import
from core.exchange.plan import HomesPlan, KnownHome
from core.exchange.tables import read_table_bytes
from core.foundation.errors import ListUnreadable
from core.foundation.ports import NeverCancel, no_progress


def plan_of(data: str | bytes, known: dict[str, KnownHome] | None = None) -> HomesPlan:
    content = data.encode() if isinstance(data, str) else data
    table = read_table_bytes(content, cancel=NeverCancel(), progress=no_progress)
    plan = plan_import(table, guess_columns(table), known=known or {})
    counts = plan.counts
    parts = (counts.new, counts.updated, counts.unchanged, counts.repeated, counts.refused, counts.blank)
    assert counts.total == sum(parts)
    return plan


def sentences(plan: HomesPlan) -> str:
    return " ".join([*(w.sentence for w in plan.warnings), *(r.reason for r in plan.refused), *plan.notes])


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "flat", "number", "street"),
    [
        ("2/1 14 Marsh Street, Glasgow", "Flat 2/1", "14", "Marsh Street"),
        ("0/1, 14 Marsh Street, Glasgow", "Flat 0/1", "14", "Marsh Street"),
        ("14/3 Marsh Street, Edinburgh", "", "14/3", "Marsh Street"),
        ("2/14 Marsh Lane, London", "Flat 2", "14", "Marsh Lane"),
        ("1F2 20 Marsh Road, Edinburgh", "Flat 1F2", "20", "Marsh Road"),
        ("3 (2F1) Marsh Road, Edinburgh", "Flat 2F1", "3", "Marsh Road"),
        ("PF1, 20 Marsh Road, Edinburgh", "Flat PF1", "20", "Marsh Road"),
        ("Flat G/1, 20 Marsh Road, Glasgow", "Flat G/1", "20", "Marsh Road"),
        ("10½ Marsh Street, London", "", "10½", "Marsh Street"),
    ],
)
def test_stairs_and_halves(text: str, flat: str, number: str, street: str) -> None:
    parsed = parse_address(text)
    assert (parsed.flat, parsed.number, parsed.street) == (flat, number, street)


def test_a_reference_cut_short_by_the_spreadsheet_is_left_out_and_told() -> None:
    plan = plan_of("UPRN,Address\n1.00023E+11,1 Mill Road\n1.00023E+11,2 Mill Road\n100023336956,3 Mill Road\n")
    assert [home.landlord_reference for home in plan.new] == ["", "", "100023336956"]
    assert [w.line for w in plan.warnings if w.code == "shortened-reference"] == [2, 3]


@pytest.mark.parametrize("number", ["2026-03-01", "01-Mar", "Mar-01", "1/3/2026"])
def test_a_house_number_turned_into_a_date_is_refused_not_dropped(number: str) -> None:
    plan = plan_of(f"House No,Street,Postcode\n{number},Mill Road,ZZ1 1AA\n12,Mill Road,ZZ1 1AA\n")
    assert [home.number for home in plan.new] == ["12"]
    assert "into a date" in plan.refused[0].reason


def test_homes_without_a_number_are_not_joined_into_one() -> None:
    rows = "House No,Street,Postcode,Tenant\n,Mill Road,ZZ1 1AA,Ms A Bell\n#N/A,Mill Road,ZZ1 1AA,Mr C Dunn\n"
    plan = plan_of(rows)
    assert (len(plan.new), len(plan.repeated), len(plan.refused)) == (1, 0, 1)
    assert "cannot be told apart" in plan.refused[0].reason
    twice = plan_of("House No,Street,Postcode,Tenant\n,Mill Road,ZZ1 1AA,Ms A Bell\n,Mill Road,ZZ1 1AA,Ms A Bell\n")
    assert (len(twice.new), len(twice.repeated)) == (1, 1)


def test_what_a_spreadsheet_could_not_work_out_is_nothing() -> None:
    plan = plan_of("Address,Postcode,Tenant\n1 Mill Road,ZZ1 1AA,#REF!\n#N/A,ZZ1 1AA,Ms A Bell\n")
    assert plan.new[0].residents == ()
    assert plan.refused[0].line == 3


def test_the_flats_of_two_blocks_stay_apart_and_carry_the_block_on_the_letter() -> None:
    plan = plan_of(
        "Block,Flat,Street,Postcode\nElm House,1,Mill Road,ZZ1 1AA\nOak House,1,Mill Road,ZZ1 1AA\n"
        "Elm House,G/1,Mill Road,ZZ1 1AA\n"
    )
    assert [(home.flat, home.building) for home in plan.new] == [
        ("Flat 1", "Elm House"), ("Flat 1", "Oak House"), ("Flat G/1", "Elm House"),
    ]  # fmt: skip


def test_where_the_tenant_gets_post_is_no_part_of_the_home() -> None:
    plan = plan_of(
        "Property Address,Property Postcode,Correspondence Address,Correspondence Postcode\n"
        '"12 Mill Road, Testford",ZZ1 1AA,"PO Box 9, Elsewhere",ZZ9 9ZZ\n'
    )
    (home,) = plan.new
    assert (home.number, home.street, home.town, home.postcode) == ("12", "Mill Road", "Testford", "ZZ1 1AA")
    alone = plan_of("Correspondence Address,Name\n12 Mill Road,Ms A Bell\n14 Mill Road,Mr C Dunn\n")
    assert len(alone.new) == 2


@pytest.mark.parametrize("written", ["TBC", "N/A", "ZZ1", "12345"])
def test_what_is_no_postcode_gets_on_no_envelope_and_is_told(written: str) -> None:
    plan = plan_of(f"Address,Postcode\n12 Mill Road,{written}\n14 Mill Road,ZZ1 1AA\n16 Mill Road,ZZ1 1AA\n")
    assert (plan.new[0].locality, plan.new[0].town, plan.new[0].postcode) == ("", "", "")
    assert f"“{written}” is not one" in sentences(plan)


def test_titles_are_no_language() -> None:
    table = read_table_bytes(
        b"Mr,Smith,12 Mill Road,ZZ1 1AA\nMs,Jones,14 Mill Road,ZZ1 1AB\n", cancel=NeverCancel(), progress=no_progress
    )
    assert guess_columns(table).columns[0].field == "resident_title"


def test_a_garage_is_taken_and_pointed_out() -> None:
    plan = plan_of("Address,Postcode\n12 Mill Road,ZZ1 1AA\nGarage 4 Mill Road,ZZ1 1AA\n")
    assert [w.line for w in plan.warnings if w.code == "not-a-home"] == [3]


def test_the_sheet_with_the_list_is_read_not_the_cover() -> None:
    rows = [["Address", "Postcode"], ["12 Mill Road", "ZZ1 1AA"]]
    plan = plan_of(workbook(Cover=[["Stock list"], ["Confidential"]], Homes=rows, Old=rows))
    assert [home.number for home in plan.new] == ["12"]
    assert "Only the sheet “Homes” was read; not read: Cover, Old." in plan.notes
    assert len(plan_of(workbook(Plain=[["12 Mill Road, Testford"], ["14 Mill Road, Testford"]])).new) == 2


def test_text_of_old_systems_is_read() -> None:
    rows = "Address,Postcode\r\n12 Mill Road,ZZ1 1AA\r\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert plan_of(rows.encode(encoding)).new[0].number == "12"
    assert plan_of(rows.replace("Mill", "Mi\0ll").encode()).new[0].street == "Mill Road"
    with pytest.raises(ListUnreadable):
        plan_of((rows + "\0" * 400 + rows).encode())


def test_too_many_columns_are_named_as_the_reason() -> None:
    wide = ",".join(["Address", *(f"c{n}" for n in range(600))])
    with pytest.raises(ListUnreadable, match="more than 500 columns"):
        plan_of(f"{wide}\n{wide}\n")


def test_one_home_is_said_as_one() -> None:
    assert plan_of("Address,Postcode\n12 Mill Road,ZZ1 1AA\n").summary.startswith("1 home in 1 row: 1 new,")
