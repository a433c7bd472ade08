"""`imani mirror` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, NOT_FOUND, PROBLEMS_FOUND
from core.cli.main import main
from tests.support.workspaces import PASSPHRASE, a_workspace, logged


def test_what_is_missing_is_printed_and_mending_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        reference = logged(workspace).reference
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    common = ["--vault", str(tmp_path / "vault"), "--passphrase-file", str(secret)]
    assert main(["mirror", *common]) == PROBLEMS_FOUND
    said = capsys.readouterr().out
    assert said.startswith(f"{reference}: ") and "Nobody has assessed the risk yet." in said
    assert main(["mirror", "--case", reference, "--json", *common]) == PROBLEMS_FOUND
    (row,) = json.loads(capsys.readouterr().out)["cases"]
    assert ("wishes", "wish") in {(one["code"], one["page"]) for one in row["missing"]}
    assert main(["mirror", "--case", "2026-XX-001", *common]) == NOT_FOUND


def test_without_cases_there_is_nothing_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with a_workspace(tmp_path / "vault"):
        pass
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    assert main(["mirror", "--vault", str(tmp_path / "vault"), "--passphrase-file", str(secret)]) == DONE
    assert capsys.readouterr().out == "Nothing that the policy asks for is missing.\n"
