"""Files of a case on the command line: attached, listed, saved with and without location data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli import exit_codes
from core.cli.main import main
from tests.support import files
from tests.support.workspaces import PASSPHRASE, new_vault

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    new_vault(tmp_path / "vault")

    def command(*words: str | Path) -> tuple[int, Any]:
        given = [str(word) for word in words]
        code = main([*given, "--vault", str(tmp_path / "vault"), "--passphrase-file", str(secret), "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed else None

    return command


@pytest.fixture
def case(run: Run) -> str:
    said = ("--words", "Paint on the wall again.", "--danger", "no", "--safe", "call")
    reference: str = run("case", "new", *said)[1]["reference"]
    return reference


def test_attached_listed_and_saved(run: Run, case: str, tmp_path: Path) -> None:
    source = tmp_path / "wall.png"
    source.write_bytes(files.png_with_place())
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    add = ("attach", "add", source, "--case", case, "--what", "photo-before", "--taken-by", "Meera Quill")
    code, added = run(*add, "--taken-at", "2026-01-23T18:40")
    assert (code, added["sha256"], added["already"], added["type"]) == (0, digest, False, "image/png")
    assert run(*add)[1]["already"]
    (listed,) = run("attach", "list", "--case", case)[1]["files"]
    assert (listed["name"], listed["what"], listed["state"]) == ("wall.png", "Photograph from before", "not-sent")
    assert listed["taken_at"].startswith("2026-01-23T18:40")

    assert run("attach", "save", "wall.png", "--case", case, "--into", tmp_path / "clean.png")[1]["cleaned"]
    assert files.PLACE not in (tmp_path / "clean.png").read_bytes()
    whole = ("attach", "save", digest[:8], "--case", case, "--into", tmp_path / "whole.png", "--original")
    assert run(*whole)[0] == 0
    assert (tmp_path / "whole.png").read_bytes() == source.read_bytes()


def test_what_cannot_be_done_is_told_with_its_code(run: Run, case: str, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    of_case = ("--case", case)
    assert run("attach", "add", tmp_path / "empty", *of_case, "--what", "photo")[0] == exit_codes.NOT_TAKEN
    assert run("attach", "add", tmp_path / "nowhere", *of_case, "--what", "photo")[0] == exit_codes.NOT_TAKEN
    assert run("attach", "add", tmp_path / "letter.txt", *of_case, "--what", "selfie")[0] == exit_codes.NOT_TAKEN
    assert run("attach", "add", tmp_path / "letter.txt", *of_case, "--what", "letter")[0] == 0
    save = ("attach", "save", "letter.txt", *of_case, "--into")
    assert run(*save, tmp_path / "copy.txt")[0] == exit_codes.NOT_TAKEN, "a text cannot be cleaned"
    assert run(*save, tmp_path / "letter.txt", "--original")[0] == exit_codes.DISK, "nothing is replaced"
    assert run("attach", "save", "other.txt", *of_case, "--into", tmp_path / "x")[0] == exit_codes.NOT_FOUND
    assert run("attach", "list", "--case", "2026-ZZ-9")[0] == exit_codes.NOT_FOUND
