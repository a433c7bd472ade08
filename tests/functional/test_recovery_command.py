"""Coming back from paper on the command line: real files, JSON out, stable exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import exit_codes
from core.cli.main import main
from core.services import cases, sync
from tests.support import sheets
from tests.support.laptops import PASSPHRASE, Office


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A folder with the four sheets as they were saved, beside the organisation's shared folder."""
    office = Office(tmp_path / "office")
    ana = office.found()
    prepared, _ = sheets.begin(ana)
    form = cases.ReportForm(words="Shouting", received_at=office.clock.now(), danger_now=False, anonymous=True)
    cases.log_report(ana, form=form)
    sync.sync_now(ana)
    folder = tmp_path / "paper"
    folder.mkdir()
    for sheet in prepared.sheets:
        (folder / sheet.file_name).write_bytes(sheet.data)
    (tmp_path / "secret").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return folder


def imani(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    given = [str(word) for word in words]
    where = ["--vault", str(tmp_path / "new"), "--passphrase-file", str(tmp_path / "secret"), "--json"]
    code = main([*given, *where])
    return code, json.loads(capsys.readouterr().out)


def test_recover_from_the_files_of_sheets_and_go_on(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _, organisation = sorted(paper.iterdir(), key=lambda path: path.name.startswith("organisation"))
    given = ("--sheet", first, "--sheet", second, "--organisation-sheet", organisation)
    place = ("--folder", tmp_path / "office" / "shared", "--your-name", "Cleo Hart", "--initials", "CH")
    cheap = ("--kdf-memory-mib", "64")

    code, refused = imani(
        tmp_path, capsys, "recovery", "recover", "--sheet", first, "--sheet", first, *given[4:], *place, *cheap
    )
    assert (code, refused["error"]) == (exit_codes.NOT_TAKEN, "sheet-given-twice")
    code, made = imani(tmp_path, capsys, "recovery", "recover", *given, *place, *cheap)
    assert (code, made["cases"], made["missing"]) == (0, 1, [])
    (still_shut,) = imani(tmp_path, capsys, "case", "list")[1]["cases"]
    assert still_shut["summary"] == "", "whoever it is for has not said yet whether they are connected with it"
    assert imani(tmp_path, capsys, "case", "declare", still_shut["reference"], "--connected", "no")[0] == 0
    assert imani(tmp_path, capsys, "case", "list")[1]["cases"][0]["summary"] == "Shouting", "it is read before going on"
    assert imani(tmp_path, capsys, "case", "new", "--words", "x", "--danger", "no")[0] != 0
    assert imani(tmp_path, capsys, "recovery", "go-on", "--take-over")[0] == exit_codes.NOT_ALLOWED
    assert imani(tmp_path, capsys, "recovery", "go-on", "--nobody-is-left")[1]["cases"] == 1
    assert imani(tmp_path, capsys, "case", "list")[1]["cases"][0]["summary"] == "Shouting"
    assert imani(tmp_path, capsys, "recovery", "try", *given)[0] == 0
    code, shown = imani(tmp_path, capsys, "recovery", "show")
    assert (code, shown["groups"][0]["cases"], shown["groups"][0]["due"]) == (0, 1, False)
    assert imani(tmp_path, capsys, "recovery", "go-on", "--forget-sheets")[0] == 0
    assert imani(tmp_path, capsys, "recovery", "go-on", "--take-over")[0] == exit_codes.NOT_ALLOWED
    assert imani(tmp_path, capsys, "verify-folder", tmp_path / "office" / "shared")[0] == 0
