"""`imani demo --homes`: other people's lists, the odd ones too."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli import exit_codes
from core.cli.main import main


def play(folder: Path, rows: str) -> int:
    source = folder / "homes.csv"
    source.write_text(rows, encoding="utf-8")
    return main(["demo", "--no-window", "--into", str(folder / "demo"), "--homes", str(source)])


def test_a_street_longer_than_a_demo_wants_is_warned_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{number} Mill Road,Testford,ZZ1 1AA\n" for number in range(1, 206))
    assert play(tmp_path, f"Address,Town,Postcode\n{rows}") == exit_codes.DONE
    said = capsys.readouterr().out
    assert "the counts add up to all 205 households" in said
    assert "The homes are those of your list" in said
    assert "every row with anything in it was taken" in said
    listed = [line.strip().split("  (")[0] for line in said.partition("Every file it made")[2].splitlines()]
    for name in ("letters/letters-001.pdf", "amara.workbook-backup", "rows-not-taken.csv"):
        assert name in listed
        assert (tmp_path / "demo" / name).is_file()


@pytest.mark.parametrize("rows", ["n/a,\ntbc,\n", "The Old Rectory,ZZ1 1AA\nRose Cottage,ZZ1 1AB\n"])
def test_a_list_without_a_street_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str
) -> None:
    assert play(tmp_path, f"Address,Postcode\n{rows}") == exit_codes.NOT_TAKEN
    assert "no area to warn" in capsys.readouterr().err


def test_a_list_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    assert play(tmp_path, "Address,Postcode\n") == exit_codes.NOT_TAKEN
    assert not (tmp_path / "demo").exists()
