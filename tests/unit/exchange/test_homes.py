"""Planning an import: nothing lost, nothing merged that differs, nothing changed the second time."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange.columns import guess_columns
from core.exchange.homes import HomesPlan, KnownHome, plan_import
from core.exchange.people import people_in
from core.exchange.plan import ResidentRow
from core.exchange.rejects import rows_not_taken_csv, safe_cell
from core.exchange.rows import SourceRow, Table
from core.exchange.tables import read_table_bytes
from core.foundation.ports import NeverCancel, no_progress


def plan_of(text: str, known: dict[str, KnownHome] | None = None) -> HomesPlan:
    table = read_table_bytes(text.encode(), cancel=NeverCancel(), progress=no_progress)
    return plan_import(table, guess_columns(table), known=known or {})


def known_after(plan: HomesPlan) -> dict[str, KnownHome]:
    return {home.key: KnownHome.from_row(f"home-{at}", home) for at, home in enumerate(plan.new)}


def warnings(plan: HomesPlan) -> list[tuple[int, str]]:
    return [(warning.line, warning.code) for warning in plan.warnings]


def test_separate_columns_make_a_home() -> None:
    plan = plan_of(
        "Ref,Flat,House no,Street,Town,Postcode,Title,First name,Surname,Language,Format,Block\n"
        "A1,2,14,MARSH LANE,EASTMERE,zz11aa,mrs,Anna,Bell,Bangla,LARGE PRINT,North\n"
        "A2,,16,MARSH LANE,EASTMERE,ZZ1 1AA,,,,,,North\n"
    )
    home, other = plan.new
    assert (home.flat, home.number, home.street, home.town, home.postcode) == (
        "Flat 2",
        "14",
        "Marsh Lane",
        "Eastmere",
        "ZZ1 1AA",
    )
    assert home.residents == (ResidentRow("Mrs", "Anna", "Bell", "Anna Bell"),)
    assert (home.language, home.format_needed, home.block, home.landlord_reference) == (
        "bn",
        "large-print",
        "North",
        "A1",
    )
    assert (other.flat, other.residents, other.source_line) == ("", (), 3)


def test_rows_of_one_home_are_joined_with_everybody_in_it() -> None:
    plan = plan_of(
        'Address,Postcode,Tenant,Language\n"Flat 2, 14 Marsh Lane, Eastmere",ZZ1 1AA,Mr A Bell,\n'
        "14 Flat 2 Marsh Ln Eastmere,ZZ11AA,Ms C Dunn,Somali\n2/14 MARSH LANE EASTMERE,zz1 1aa,MR A BELL,Polish\n"
    )
    (home,) = plan.new
    assert [person.full for person in home.residents] == ["A Bell", "C Dunn"]
    assert home.language == "so"
    assert [(row.line, row.first_line) for row in plan.repeated] == [(3, 2), (4, 2)]
    assert warnings(plan) == [(4, "rows-disagree")]


def test_a_missing_postcode_is_a_warning_and_never_a_reason_to_refuse() -> None:
    plan = plan_of("Address,Postcode\n1 Marsh Lane Eastmere,\n2 Marsh Lane Eastmere,ZZ1 1AA\n")
    assert len(plan.new) == 2
    assert warnings(plan) == [(2, "no-postcode")]


def test_lookalikes_are_kept_apart_and_named() -> None:
    plan = plan_of(
        "Address,Postcode\n1 Marsh Lane Eastmere,\n2 Marsh Lane Eastmere,ZZ1 1AA\n1 Marsh Lane Eastmere,ZZ1 1AA\n"
    )
    assert len(plan.new) == 3
    assert (4, "looks-like") in warnings(plan)


def test_streets_are_spelled_one_way() -> None:
    plan = plan_of(
        "Address,Postcode\n1 Marsh Rd,ZZ1 1AA\n2 Marsh Road,ZZ1 1AA\n3 MARSH ROAD,ZZ1 1AA\n4 Marsh Rd.,ZZ1 1AA\n"
    )
    assert {home.street for home in plan.new} == {"Marsh Road"}


def test_what_cannot_be_taken_is_named_and_the_rest_goes_on() -> None:
    plan = plan_of(
        "Address,Tenant\n1 Marsh Lane,Ann Bell\nTBC,Eve Dunn\n,Zed Fox\nFlat 7,Ida Gow\nPO Box 12,x\nTotal: 5,\n,\n2 Marsh Lane,Jo Hay\n"
        + "9 Marsh Lane " * 40
        + ",Kim\n"
    )
    assert [home.source_line for home in plan.new] == [2, 9]
    assert [row.line for row in plan.refused] == [3, 4, 5, 6, 7, 10]
    assert plan.blank_rows == 1
    assert all(row.reason.endswith(".") for row in plan.refused)


def test_unknown_needs_are_said_and_not_guessed() -> None:
    plan = plan_of(
        "Address,Language,Letter format\n1 Marsh Lane,ask daughter,yellow paper\n2 Marsh Lane,Somali,standard\n"
    )
    assert plan.new[0].language == plan.new[0].format_needed == ""
    assert (2, "unknown-language") in warnings(plan)
    assert (2, "unknown-format") in warnings(plan)
    assert [code for line, code in warnings(plan) if line == 3] == ["no-postcode"]
    assert (plan.new[1].language, plan.new[1].format_needed) == ("so", "standard")


LIST = "Ref,Address,Postcode,Tenant,Language\n1,1 Marsh Lane,ZZ1 1AA,Ann Bell,\n2,2 Marsh Lane,,Eve Dunn & Jo Dunn,Somali\n"


def test_importing_the_same_list_twice_changes_nothing() -> None:
    again = plan_of(LIST, known_after(plan_of(LIST)))
    assert (len(again.new), len(again.updated), len(again.unchanged)) == (0, 0, 2)


def test_another_writing_of_the_same_list_changes_nothing() -> None:
    other = LIST.replace("1 Marsh Lane", "1 MARSH LN.").replace("Somali", "soomaali").replace("ZZ1 1AA", "zz11aa")
    again = plan_of(other, known_after(plan_of(LIST)))
    assert (len(again.new), len(again.updated), len(again.unchanged)) == (0, 0, 2)


def test_a_newer_list_shows_what_differs_field_by_field() -> None:
    newer = "Ref,Address,Postcode,Tenant,Language\n1,1 Marsh Lane,ZZ1 1AA,Ann Bell; Kit Bell,Polish\n,2 Marsh Lane,ZZ1 1AB,,\n"
    plan = plan_of(newer, known_after(plan_of(LIST)))
    first, second = plan.updated
    assert [(change.field, change.before, change.after) for change in first.changes] == [
        ("language", "", "pl"),
        ("residents", (ResidentRow(full="Ann Bell"),), (ResidentRow(full="Kit Bell"),)),
    ]
    # The empty cells for reference, people and language take nothing away; the postcode is news of a known home.
    assert [(change.field, change.before, change.after) for change in second.changes] == [("postcode", "", "ZZ1 1AB")]
    assert second.home_id == "home-1"
    assert not plan.new


def test_two_homes_are_never_matched_to_one_known_home() -> None:
    known = known_after(plan_of("Address,Postcode\n1 Marsh Lane,\n3 Marsh Lane,\n"))
    plan = plan_of("Address,Postcode\n1 Marsh Lane,ZZ1 1AA\n1 Marsh Lane,ZZ9 9AA\n", known)
    assert (len(plan.updated), len(plan.new)) == (1, 1)


def test_names_as_people_type_them() -> None:
    def names(text: str) -> list[tuple[str, str]]:
        return [(person.title, person.full) for person in people_in(text)]

    assert names("Mr A Bell & Mrs C Dunn") == [("Mr", "A Bell"), ("Mrs", "C Dunn")]
    assert names("Mr & Mrs Bell") == [("Mr", "Bell"), ("Mrs", "Bell")]
    assert names("BELL, ANNA") == [("", "Anna Bell")]
    assert names("Anderson Sandford") == [("", "Anderson Sandford")]
    assert names("Abdi Nur / Hodan Nur") == [("", "Abdi Nur"), ("", "Hodan Nur")]
    assert names("VOID") == names("the occupier") == names("") == []


def test_the_report_of_rows_not_taken_is_safe_to_open() -> None:
    plan = plan_of(
        'Address,Tenant\n1 Marsh Lane,x\nTBC,"=HYPERLINK(""http://x.invalid"")"\nn/a,@SUM(A1)\nTBC,"Bell, Ann"\n'
    )
    report = rows_not_taken_csv(plan)
    assert report.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(report.decode("utf-8-sig"))))
    assert rows[0] == ["Line", "Reason", "Address", "Tenant"]
    assert rows[1][0] == "3"
    assert rows[1][3] == '\'=HYPERLINK("http://x.invalid")'
    assert rows[2][3] == "'@SUM(A1)"
    assert rows[3][3] == "Bell, Ann"


@given(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", " "]),
        st.sampled_from(["", "=", "+", "-", "@", "\t="]),
        st.text(max_size=20),
    )
)
def test_no_cell_of_the_report_can_start_a_formula(text: str) -> None:
    assert not safe_cell(text).lstrip().startswith(("=", "+", "-", "@"))
    assert safe_cell(text).endswith(text)


ADDRESSES = st.one_of(
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["", "Flat 2, ", "FLAT 2 ", "Basement "]),
        st.integers(1, 6),
        st.sampled_from(["Marsh Lane", "marsh ln", "Sedge Row, Eastmere", "Tide Street ZZ1 1AA"]),
    ),
    st.sampled_from(["", "TBC", "Flat 9", '"', "=cmd()", "The Old Pump House", "12"]),
    st.text(max_size=30),
)
CELLS = st.one_of(st.sampled_from(["", "Ann Bell", "Mr & Mrs Bell", "Somali", "Braille", "x"]), st.text(max_size=15))


@settings(max_examples=150)
@given(st.lists(st.tuples(ADDRESSES, CELLS, CELLS), min_size=1, max_size=25), st.binary(max_size=12))
def test_every_row_ends_in_exactly_one_bucket(rows: list[tuple[str, str, str]], tail: bytes) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("Address", "Tenant", "Language"), ("7 Marsh Lane", "Ann", ""), *rows])
    text = stream.getvalue().translate({**dict.fromkeys(range(9)), **dict.fromkeys(range(14, 32)), 127: None})
    text += tail.decode("ascii", "ignore").translate({**dict.fromkeys(range(32)), 127: None})
    table = read_table_bytes(text.encode("utf-8", "ignore"), cancel=NeverCancel(), progress=no_progress)
    match = guess_columns(table)
    plan = plan_import(table, match, known={})
    counts = plan.counts
    assert counts.total == len(table.rows) + len(table.damaged) + match.first_row_is_data
    assert (
        counts.total == counts.new + counts.updated + counts.unchanged + counts.repeated + counts.refused + counts.blank
    )
    lines = [home.source_line for home in plan.new] + [row.line for row in (*plan.repeated, *plan.refused)]
    assert len(lines) == len(set(lines))
    firsts = {home.source_line for home in plan.new}
    assert all(row.first_line in firsts and row.first_line < row.line for row in plan.repeated)
    again = plan_import(table, match, known=known_after(plan))
    assert (again.counts.new, again.counts.updated, again.counts.unchanged) == (0, 0, counts.new)


def test_a_home_where_nobody_lives_is_taken_and_marked_vacant() -> None:
    table = Table(("Address", "Tenant"), (SourceRow(2, ("1 Marsh Lane, Eastmere, ZZ1 1AA", "VOID")),))
    plan = plan_import(table, guess_columns(table), known={})
    assert [(home.number, home.vacant, home.residents) for home in plan.new] == [("1", True, ())]


def test_somebody_moving_into_a_vacant_home_is_news_and_so_is_leaving() -> None:
    def table(tenant: str) -> Table:
        return Table(("Address", "Tenant"), (SourceRow(2, ("1 Marsh Lane, Eastmere, ZZ1 1AA", tenant)),))

    empty = plan_import(table("vacant"), guess_columns(table("vacant")), known={}).new[0]
    known = {empty.key: KnownHome.from_row("h", empty)}
    let = plan_import(table("Ms A Bell"), guess_columns(table("Ms A Bell")), known=known).updated[0]
    assert ("vacant", True, False) in [(change.field, change.before, change.after) for change in let.changes]
    assert plan_import(table("vacant"), guess_columns(table("vacant")), known=known).unchanged
