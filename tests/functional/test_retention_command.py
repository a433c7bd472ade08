"""`imani retention` as it is typed: shown, renewed, shown again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli.main import main
from core.services import opening
from tests.support.laptops import PASSPHRASE, Office


def test_it_is_shown_and_renewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path)
    opening.lock(office.found())
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    common = ["--vault", str(tmp_path / "Ana Reyes"), "--passphrase-file", str(secret)]
    assert main(["retention", "show", *common]) == 0
    assert "never renewed so far" in capsys.readouterr().out
    assert main(["retention", "renew", *common]) == 0
    assert "the old ones are destroyed" in capsys.readouterr().out
    assert main(["retention", "show", "--json", *common]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["due"] is False and said["deletions"] == []
