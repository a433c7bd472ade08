"""Guessing columns: what an officer would otherwise have to choose by hand."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import pytest

from core.exchange.columns import FIELDS, guess_columns
from core.exchange.headings import field_for
from core.exchange.tables import Table, read_table_bytes
from core.foundation.ports import NeverCancel, no_progress


def table_of(text: str) -> Table:
    return read_table_bytes(text.encode(), cancel=NeverCancel(), progress=no_progress)


def test_usual_column_names_are_known() -> None:
    table = table_of(
        "UPRN,Flat No.,Building Name,House number,Street name,Area,Post Town,County,POST CODE,Tenant 1 Title,Tenant 1 First name,"
        "Tenant 1 Surname,Joint tenant,Preferred language,Letter format,Scheme,Comments,Rent\n"
        "1,2,Heron House,3,Marsh Lane,Bow,London,Kent,ZZ1 1AA,Ms,Ann,Bell,Mr C Bell,Somali,Braille,East,x,100\n"
        "2,3,Heron House,3,Marsh Lane,Bow,London,Kent,ZZ1 1AA,Ms,Eve,Dunn,,Somali,Braille,East,x,100\n"
    )
    assert [guess.field for guess in guess_columns(table).columns] == [
        "landlord_reference", "flat", "building", "number", "street", "locality", "town", "county", "postcode", "resident_title",
        "resident_given", "resident_family", "resident_full", "language", "format_needed", "block", "notes", "",
    ]  # fmt: skip


def test_a_column_is_known_by_its_cells_when_its_name_says_nothing() -> None:
    rows = "".join(f"{n} Marsh Lane Eastmere,ZZ1 1A{c},Somali,Mrs A Bell\n" for n, c in enumerate("ABDE"))
    match = guess_columns(table_of(f"A1,B1,C1,D1\n{rows}"))
    assert [guess.field for guess in match.columns] == ["whole_address", "postcode", "language", "resident_full"]
    assert match.columns[0].examples == ("0 Marsh Lane Eastmere", "1 Marsh Lane Eastmere", "2 Marsh Lane Eastmere")
    assert not match.problem


def test_a_list_without_column_names_is_noticed() -> None:
    match = guess_columns(
        table_of("1 Marsh Lane Eastmere ZZ1 1AA\n2 Marsh Lane Eastmere ZZ1 1AA\n3 Marsh Lane Eastmere ZZ1 1AA\n")
    )
    assert match.first_row_is_data
    assert match.columns[0].heading == "Column 1"
    assert match.indexes("whole_address") == (0,)


def test_address_lines_are_read_together() -> None:
    match = guess_columns(
        table_of(
            "Address 1,Address 2,Town,Postcode\nFlat 1,3 Marsh Lane,Eastmere,ZZ1 1AA\nFlat 2,3 Marsh Lane,Eastmere,ZZ1 1AA\n"
        )
    )
    assert match.chosen["whole_address"] == (0, 1)


def test_a_person_can_choose_otherwise() -> None:
    match = guess_columns(table_of("What,Where\nAnn Bell,Marsh 1\nEve Dunn,Marsh 2\n"))
    assert match.problem == "Choose the column that holds the address."
    chosen = match.with_choice("whole_address", 1).with_choice("resident_full", 0)
    assert dict(chosen.chosen) == {"resident_full": (0,), "whole_address": (1,)}
    assert not chosen.problem
    moved = chosen.with_choice("street", 1)
    assert "whole_address" not in moved.chosen
    assert moved.with_choice("street", None).problem
    with pytest.raises(ValueError, match="one column"):
        match.with_choice("town", (0, 1))
    with pytest.raises(ValueError, match="no such"):
        match.with_choice("town", 9)


def test_every_known_heading_leads_to_a_real_field() -> None:
    assert field_for("Post Code")[0] in FIELDS
    assert field_for("Tenant 2") == ("resident_full", 0.95)
    assert field_for("Rent due") == ("", 0.0)
