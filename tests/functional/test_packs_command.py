"""`imani packs` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, NOT_TAKEN, PROBLEMS_FOUND
from core.cli.main import main
from core.services import opening
from core.services.packs import DEFAULT_PACK, shipped_text
from tests.support.laptops import PASSPHRASE, Office


def test_a_file_is_checked_without_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads(shipped_text("policy", DEFAULT_PACK))
    content["clocks"]["appeal"]["value"] = 15
    file = tmp_path / "pack.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert main(["packs", "check", str(file)]) == DONE
    assert "Clocks, appeal, value: 15 instead of 10." in capsys.readouterr().out
    content["clocks"]["appeal"]["value"] = "ten"
    content["acts"][0]["severity"] = 0
    file.write_text(json.dumps(content), encoding="utf-8")
    assert main(["packs", "check", "--json", str(file)]) == PROBLEMS_FOUND
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 2
    assert main(["packs", "check", str(tmp_path / "none")]) == NOT_TAKEN


def test_what_is_in_force_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opening.lock(Office(tmp_path).found())
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    assert main(["packs", "show", "--vault", str(tmp_path / "Ana Reyes"), "--passphrase-file", str(secret)]) == DONE
    said = capsys.readouterr().out
    assert "Policy numbers: imani-2013 version 1 (" in said and "Bank holidays: England and Wales (" in said
