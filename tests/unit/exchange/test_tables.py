"""Reading lists: every kind of file an office sends, and every kind that is no list at all."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.exchange.tables import Table, read_table, read_table_bytes
from core.foundation.errors import Cancelled, FileUnreadable, ImportFileRejected, ListUnreadable
from core.foundation.ports import NeverCancel, no_progress

LIST = "Address,Town,Postcode\n1 Märsh Läne,Eastmere,ZZ1 1AA\n2 Marsh Lane,Eastmere,ZZ1 1AA\n"


def table_of(data: bytes | str) -> Table:
    raw = data.encode() if isinstance(data, str) else data
    return read_table_bytes(raw, cancel=NeverCancel(), progress=no_progress)


def workbook(*rows: list[object], more: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if more is not None:
        more(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


# ------------------------------------------------------------------ text lists


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")],
)
def test_every_usual_encoding_is_read(encoding: str, named: str) -> None:
    table = table_of(LIST.encode(encoding))
    assert table.encoding == named
    assert table.columns == ("Address", "Town", "Postcode")
    assert table.rows[0].cells == ("1 Märsh Läne", "Eastmere", "ZZ1 1AA")


def test_big_endian_utf16_is_read() -> None:
    assert table_of(b"\xfe\xff" + LIST.encode("utf-16-be")).rows[0].cells[0] == "1 Märsh Läne"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_delimiter_and_line_end_is_read(delimiter: str, line_end: str) -> None:
    table = table_of(LIST.replace(",", delimiter).replace("\n", line_end))
    assert [row.cells[2] for row in table.rows] == ["ZZ1 1AA", "ZZ1 1AA"]
    assert [row.line for row in table.rows] == [2, 3]


def test_one_column_of_addresses_with_commas_is_one_column() -> None:
    table = table_of("Address\n1, Marsh Lane, Eastmere\n2, Marsh Lane, Eastmere\n3, Marsh Lane, Eastmere\n")
    assert table.columns == ("Address",)
    assert table.rows[1].cells == ("2, Marsh Lane, Eastmere",)


def test_quotes_keep_commas_and_line_breaks_and_lines_are_counted() -> None:
    table = table_of('Address,Name\n"1, Marsh ""Old"" Lane\nEastmere",Ann\n2 Marsh Lane,Bob\n')
    assert table.rows[0].cells == ('1, Marsh "Old" Lane\nEastmere', "Ann")
    assert [row.line for row in table.rows] == [2, 4]
    assert not table.damaged


def test_titles_above_the_column_names_are_left_out_and_said() -> None:
    table = table_of("Homes of the co-op\n\nRef,Address,Postcode\n1,1 Marsh Lane,ZZ1 1AA\n")
    assert table.columns == ("Ref", "Address", "Postcode")
    assert table.heading_line == 3
    assert any("line 1 above" in note for note in table.notes)


def test_a_list_cut_off_inside_quotes_names_the_row_and_keeps_the_rest() -> None:
    table = table_of('Address,Postcode\n1 Marsh Lane,ZZ1 1AA\n"2 Marsh La')
    assert [row.line for row in table.rows] == [2]
    assert [(row.line, row.text) for row in table.damaged] == [(3, '"2 Marsh La')]


@pytest.mark.parametrize("after", [1, 3, 40])
def test_a_quote_never_closed_does_not_swallow_the_rows_after_it(after: int) -> None:
    rest = "".join(f"{n} Marsh Lane,ZZ1 1AA\n" for n in range(after))
    table = table_of(f'Address,Postcode\n0 Marsh Lane,ZZ1 1AA\n"broken,ZZ1 1AA\n{rest}')
    assert len(table.rows) == 1 + after
    assert [row.line for row in table.damaged] == [3]


def test_a_quote_closed_by_a_later_row_does_not_join_them() -> None:
    table = table_of('Address,Postcode\n"1 Marsh Lane,ZZ1 1AA\n2 Marsh Lane,ZZ1 1AA\n"3, Marsh Lane",ZZ1 1AA\n')
    assert [row.cells[0] for row in table.rows] == ["2 Marsh Lane", "3, Marsh Lane"]
    assert [row.line for row in table.damaged] == [2]


def test_rows_of_odd_length_are_kept_and_named() -> None:
    table = table_of("Address,Town\n1 Marsh Lane,Eastmere\n2 Marsh Lane\n3 Marsh Lane,Eastmere,extra\n")
    assert [len(row.cells) for row in table.rows] == [2, 1, 3]
    assert table.rows[1].cell(1) == ""
    assert any("more cells" in note and note.endswith("4.") for note in table.notes)
    assert any("fewer cells" in note and note.endswith("3.") for note in table.notes)


def test_formulas_in_text_are_only_text() -> None:
    assert (
        table_of("Address,Notes\n1 Marsh Lane,\"=cmd|' /C calc'!A0\"\n2 Marsh Lane,x\n")
        .rows[0]
        .cells[1]
        .startswith("=cmd")
    )


def test_a_hundred_thousand_rows_are_read_whole_with_progress() -> None:
    heard: list[int] = []
    text = "No,Street,Postcode\n" + "".join(f"{n},Marsh Lane,ZZ1 1AA\n" for n in range(100_000))
    table = read_table_bytes(
        text.encode(), cancel=NeverCancel(), progress=lambda done, total, stage="": heard.append(done)
    )
    assert len(table.rows) == 100_000
    assert table.rows[-1].line == 100_001
    assert heard == sorted(heard)
    assert len(heard) > 10


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    class Stop:
        def check(self) -> None:
            raise Cancelled

    path = tmp_path / "homes.csv"
    path.write_text("No,Street\n" + "1,Marsh Lane\n" * 5_000)
    with pytest.raises(Cancelled):
        read_table(path, cancel=Stop(), progress=no_progress)


# ------------------------------------------------------------------ workbooks


def test_a_workbook_gives_what_a_person_sees() -> None:
    def finish(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["A4"].number_format = "0000"
        sheet.merge_cells("A1:C1")
        book.create_sheet("Rents").append(["secret"])

    data = workbook(
        ["Homes"], [], ["Ref", "No", "Street", "Since", "Postcode"],
        [12, 12.0, "Marsh Lane", datetime(2020, 1, 2), "ZZ1 1AA"], ["0012", 12.5, " Marsh Lane ", date(2020, 1, 3), True],
        more=finish,
    )  # fmt: skip
    table = table_of(data)
    assert table.columns == ("Ref", "No", "Street", "Since", "Postcode")
    assert table.rows[0].cells == ("0012", "12", "Marsh Lane", "2020-01-02", "ZZ1 1AA")
    assert table.rows[1].cells == ("0012", "12.5", "Marsh Lane", "2020-01-03", "yes")
    assert [row.line for row in table.rows] == [4, 5]
    assert any("Rents" in note for note in table.notes)


def test_a_workbook_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_bytes(workbook(["Address", "Postcode"], ["1 Marsh Lane", "ZZ1 1AA"]))
    assert read_table(path).rows[0].cells == ("1 Marsh Lane", "ZZ1 1AA")


def test_a_formula_is_never_run() -> None:
    table = table_of(
        workbook(
            ["Address", "Postcode"], ["1 Marsh Lane", '=HYPERLINK("http://x.invalid")'], ["2 Marsh Lane", "ZZ1 1AA"]
        )
    )
    assert table.rows[0].cells == ("1 Marsh Lane",)


def hostile_entities() -> bytes:
    good = zipfile.ZipFile(io.BytesIO(workbook(["Address", "Town"], ["1 Marsh Lane", "Eastmere"])))
    parts = {name: good.read(name) for name in good.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>'
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = bomb + sheet[sheet.index(b"<worksheet") :]
    return zipped(**parts)


REFUSED = {
    "nothing": (b"", "empty"),
    "only spaces": (b" \r\n\t\r\n", "empty"),
    "one row": (b"Address,Postcode\n", "only one row"),
    "only rows of nothing": (b",,\n,,\n,,\n", "no rows"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n", "PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".xls"),
    "a locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "password",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
    "bytes renamed to .csv": (bytes(range(256)) * 20, "not a text file"),
    "text with control characters": (b"Address,Town\n1 Marsh\x07 Lane,Eastmere\n", "not a text file"),
    "a web page": (b"<html><table><tr><td>1 Marsh Lane</td></tr></table></html>", "web page"),
    "a compressed folder": (zipped(homes=b"Address\n1 Marsh Lane\n"), "compressed folder"),
    "a workbook cut short": (workbook(["Address"], ["1 Marsh Lane"])[:-400], "damaged"),
    "a workbook with macros": (zipped(**{"[Content_Types].xml": b"<x/>", "xl__vbaProject.bin": b"x"}), "macros"),
    "an OpenDocument sheet": (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    "a bomb": (zipped(**{"[Content_Types].xml": b"<x/>", "xl__a.xml": b"0" * 30_000_000}), "unpacks to far more"),
    "hostile entities": (hostile_entities(), "must not have"),
    "an empty workbook": (workbook(), "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    data, words = REFUSED[name]
    path = tmp_path / "homes.csv"
    path.write_bytes(data)
    with pytest.raises(ImportFileRejected) as caught:
        read_table(path)
    explained = caught.value.explain()
    assert words in explained.happened
    assert explained.safe == "Nothing was imported, and the homes already here are unchanged."
    assert explained.next_step.endswith(".")


def test_a_missing_file_is_another_error(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        read_table(tmp_path / "gone.csv")


# ------------------------------------------------------------------ anything at all

PIECES = st.sampled_from([b'"', b",", b";", b"\t", b"\n", b"\r\n", b"Address", b"1 Marsh Lane", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04",
                          b"\x00", b"\xe9", b"sep=;\n", b"=cmd", b"%PDF", b" "])  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=60).map(b"".join)))
@example(b'"\n"\n"')
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes_give_a_table_or_a_refusal(data: bytes) -> None:
    try:
        table = table_of(data)
    except ListUnreadable as refusal:
        assert refusal.reason
        assert refusal.next_step.endswith(".")
        return
    lines = [row.line for row in table.rows] + [row.line for row in table.damaged]
    assert len(lines) == len(set(lines))
    assert len(table.columns) >= max((len(row.cells) for row in table.rows), default=0)


GOOD_WORKBOOK = workbook(["Address", "Postcode"], ["1 Marsh Lane", "ZZ1 1AA"], ["2 Marsh Lane", "ZZ1 1AA"])


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(GOOD_WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_gives_a_table_or_a_refusal(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD_WORKBOOK)
    for at, value in flips:
        data[at] = value
    try:
        assert isinstance(table_of(bytes(data)), Table)
    except ListUnreadable as refusal:
        assert refusal.reason
