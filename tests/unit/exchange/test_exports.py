"""Lists as they come out of other systems: national address files, housing systems, spreadsheets with titles."""

from __future__ import annotations

import io

import openpyxl

from core.exchange.columns import guess_columns
from core.exchange.exports import ADDRESSBASE_NOTE, PAF_NOTE
from core.exchange.homes import HomesPlan, plan_import
from core.exchange.tables import read_table_bytes
from core.foundation.ports import NeverCancel, no_progress


def plan_of(data: str | bytes) -> HomesPlan:
    raw = data.encode() if isinstance(data, str) else data
    table = read_table_bytes(raw, cancel=NeverCancel(), progress=no_progress)
    return plan_import(table, guess_columns(table), known={})


def homes(plan: HomesPlan) -> list[tuple[str, ...]]:
    return [(one.flat, one.building, one.number, one.street, one.locality, one.town) for one in plan.new]


def test_the_postcode_address_file_puts_a_number_on_the_smaller_road() -> None:
    plan = plan_of(
        "Organisation Name,Sub Building Name,Building Name,Building Number,Dependent Thoroughfare,Thoroughfare,"
        "Double Dependent Locality,Dependent Locality,Post Town,Postcode,UDPRN\n"
        ",FLAT 1,QUILL HOUSE,4,,AMBER ROAD,,COWLEY,TESTFORD,ZZ1 1AA,50000001\n"
        ",,,12,ELM MEWS,HIGH STREET,,COWLEY,TESTFORD,ZZ1 1AB,50000002\n"
        ",,12A,,,AMBER ROAD,,,TESTFORD,ZZ1 1AC,50000003\n"
        ",,14-16,,,AMBER ROAD,,,TESTFORD,ZZ1 1AC,50000004\n"
        ",,ROSE COTTAGE,,,MILL LANE,,,TESTFORD,ZZ9 9AA,50000005\n"
    )
    assert homes(plan) == [
        ("Flat 1", "Quill House", "4", "Amber Road", "Cowley", "Testford"),
        ("", "", "12", "Elm Mews", "High Street, Cowley", "Testford"),
        ("", "", "12A", "Amber Road", "", "Testford"),
        ("", "", "14-16", "Amber Road", "", "Testford"),
        ("", "Rose Cottage", "", "Mill Lane", "", "Testford"),
    ]
    assert PAF_NOTE in plan.notes


def test_addressbase_has_a_number_in_four_columns() -> None:
    plan = plan_of(
        "UPRN,SAO_TEXT,SAO_START_NUMBER,SAO_START_SUFFIX,PAO_TEXT,PAO_START_NUMBER,PAO_START_SUFFIX,PAO_END_NUMBER,"
        "STREET_DESCRIPTION,LOCALITY,TOWN_NAME,POSTCODE_LOCATOR\n"
        "1001,FLAT 1,,,QUILL HOUSE,4,,,AMBER ROAD,,TESTFORD,ZZ1 1AA\n"
        "1002,,2,A,QUILL HOUSE,4,,,AMBER ROAD,,TESTFORD,ZZ1 1AA\n"
        "1003,,,,,12,A,,AMBER ROAD,,TESTFORD,ZZ1 1AA\n"
        "1004,,,,,14,,16,AMBER ROAD,,TESTFORD,ZZ1 1AA\n"
    )
    assert homes(plan) == [
        ("Flat 1", "Quill House", "4", "Amber Road", "", "Testford"),
        ("Flat 2A", "Quill House", "4", "Amber Road", "", "Testford"),
        ("", "", "12A", "Amber Road", "", "Testford"),
        ("", "", "14-16", "Amber Road", "", "Testford"),
    ]
    assert ADDRESSBASE_NOTE in plan.notes and plan.new[2].landlord_reference == "1003"


def test_the_report_of_a_housing_system() -> None:
    text = (
        "Tenancy report - run 28/11/2026 09:14;;;;;;;\nScheme: All;;;;;;;\n;;;;;;;\n"
        "Tenancy Ref;Addr1;Addr2;Addr3;PCode;Tenant(s);Lang;Comm Needs\n"
        "T1;FLAT 1 QUILL HOUSE;4 AMBER ROAD;TESTFORD;ZZ11AA;MRS LENA MÖSS & MR IAN MÖSS;POL;LP\n"
        "T2;2-4 AMBER ROAD;TESTFORD;;ZZ1 1AC;DR NG;URD;BRAILLE\n"
        "T3;Feb-04 AMBER ROAD;TESTFORD;;ZZ1 1AC;MS POE;;\nTotal: 3;;;;;;;\n"
    )
    plan = plan_of(text.encode("cp1252"))
    assert homes(plan) == [
        ("Flat 1", "Quill House", "4", "Amber Road", "", "Testford"), ("", "", "2-4", "Amber Road", "", "Testford"),
    ]  # fmt: skip
    assert [(one.language, one.format_needed) for one in plan.new] == [("pl", "large-print"), ("ur", "braille")]
    assert [one.full for one in plan.new[0].residents] == ["Lena Möss", "Ian Möss"]
    assert [(one.line, "date" in one.reason) for one in plan.refused] == [(7, True), (8, False)]


def test_names_of_columns_in_two_rows_below_a_title() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Tallow Street Homes: rent roll"], [], ["", "Address", "", "", "Tenant", ""],
        ["Ref", "House", "Street", "Postcode", "Name", "Lang"], [1, 4, "Amber Road", "ZZ1 1AA", "Mrs Moss", "বাংলা"],
        [2, "12A", "Amber Road", "ZZ1 1AC", "", "Polski"],
    ):  # fmt: skip
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    plan = plan_of(data.getvalue())
    assert [(one.number, one.street, one.postcode, one.language) for one in plan.new] == [
        ("4", "Amber Road", "ZZ1 1AA", "bn"), ("12A", "Amber Road", "ZZ1 1AC", "pl"),
    ]  # fmt: skip
    assert not plan.refused


def test_without_names_of_columns_no_first_row_and_no_flat_is_lost() -> None:
    plan = plan_of(
        "FLAT 1,QUILL HOUSE,4 AMBER ROAD,TESTFORD,ZZ1 1AA\nFLAT 2,QUILL HOUSE,4 AMBER ROAD,TESTFORD,ZZ1 1AA\n"
        "12,AMBER ROAD,,TESTFORD,ZZ1 1AA\n"
    )
    assert homes(plan) == [
        ("Flat 1", "Quill House", "4", "Amber Road", "", "Testford"),
        ("Flat 2", "Quill House", "4", "Amber Road", "", "Testford"), ("", "", "12", "Amber Road", "", "Testford"),
    ]  # fmt: skip
    assert not plan.repeated and not plan.refused
