"""`imani figures` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, NOT_TAKEN
from core.cli.main import main
from tests.support.workspaces import PASSPHRASE, a_workspace, logged


@pytest.fixture
def common(tmp_path: Path) -> list[str]:
    with a_workspace(tmp_path / "vault") as workspace:
        logged(workspace, strands=frozenset({"race"}))
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return ["--vault", str(tmp_path / "vault"), "--passphrase-file", str(tmp_path / "passphrase")]


def test_figures_are_printed_for_oneself_and_for_the_committee(
    common: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["figures", "--year", "2025", *common]) == DONE
    own = capsys.readouterr().out
    assert "1 Apr 2025 to 31 Mar 2026" in own and "Hate incident: race" in own
    assert main(["figures", "--year", "2025", "--quarter", "4", "--committee", "--json", *common]) == DONE
    said = json.loads(capsys.readouterr().out)
    assert said["committee"] and "under five is hidden" in said["hides"]
    hate = next(table for table in said["tables"] if table["code"] == "hate")
    assert [row["values"] for row in hate["rows"] if row["code"] == "race"] == [[None]]


def test_a_file_is_written_where_it_was_asked_for(
    common: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "figures.pdf"
    assert main(["figures", "--year", "2025", "--committee", "--into", str(target), *common]) == DONE
    assert target.read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "words",
    [["--from", "2026-02-30", "--to", "2026-03-01"], ["--from", "2026-03-02", "--to", "2026-03-01"],
     ["--from", "2026-03-01", "--to", "2026-03-02", "--committee"], ["--into", "figures.docx"]],
)  # fmt: skip
def test_what_cannot_be_taken_is_said(common: list[str], capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["figures", *words, *common]) == NOT_TAKEN
    assert capsys.readouterr().out == ""
