"""The whole job on the command line, as a script would do it: real files, JSON out, stable exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli import exit_codes
from core.cli.main import build_parser, main
from core.foundation import errors

PASSPHRASE = "mellow tundra cactus ribbon oboe"
HOMES = "Address,Tenant\n" + "".join(f'"{n} Marsh Lane, Eastmere, ZZ1 1AA",Ms A Bell\n' for n in range(1, 13))

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def command(*words: str | Path, vault: str = "vault") -> tuple[int, Any]:
        given = [str(word) for word in words]
        code = main([*given, "--vault", str(tmp_path / vault), "--passphrase-file", str(secret), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def founded(run: Run) -> Run:
    init = ("init", "--organisation", "Marsh Lane Co-op", "--name", "Amara Osei", "--initials", "AO")
    ours = ("--address", "2 Marsh Lane", "--phone", "020 7946 0321", "--email", "office@marshlane.example")
    assert run(*init, *ours, "--kdf-memory-mib", "64")[0] == 0
    return run


def test_from_an_empty_folder_to_letters_on_disk(founded: Run, tmp_path: Path) -> None:
    homes = tmp_path / "homes.csv"
    homes.write_text(HOMES, encoding="utf-8")
    code, planned = founded("import-homes", homes, "--dry-run")
    assert (code, planned["counts"]["new"]) == (0, 12)
    assert founded("import-homes", homes)[1]["counts"]["new"] == 12
    assert founded("import-homes", homes)[1]["counts"]["unchanged"] == 12

    code, logged = founded("case", "new", "--words", "Shouted at on the stairs.", "--danger", "no", "--safe", "call")
    assert code == 0
    reference = logged["reference"]
    assert founded("case", "list", "--search", "stairs")[1]["cases"][0]["reference"] == reference
    shown = founded("case", "show", reference)[1]
    assert {duty["clause"] for duty in shown["duties"]} >= {"4.24", "4.29"}

    area = ("letters", "area", "--case", reference, "--street", "Marsh Lane", "--into", tmp_path / "letters")
    assert founded(*area, "--dry-run")[1]["letters"] == 12
    code, made = founded(*area)
    assert (code, made["made"], made["refused"]) == (0, 12, 0)
    names = sorted(path.name for path in (tmp_path / "letters").iterdir())
    assert names == ["delivery-checklist.pdf", "letters-001.pdf"]
    assert "Letters to Marsh Lane" in [entry["title"] for entry in founded("case", "show", reference)[1]["timeline"]]


def test_letters_to_a_street_nobody_knows_make_nothing(founded: Run, tmp_path: Path) -> None:
    words = ("case", "new", "--words", "Shouted at.", "--danger", "no", "--safe", "call")
    reference = founded(*words)[1]["reference"]
    area = ("letters", "area", "--case", reference, "--street", "No Such Street", "--into", tmp_path / "letters")
    code, refusal = founded(*area)
    assert (code, refusal["error"]) == (exit_codes.NOT_TAKEN, "form-incomplete")
    assert not (tmp_path / "letters").exists()


def test_sync_verify_backup_and_restore(founded: Run, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    code, report = founded("sync", "--folder", shared)
    assert code == 0
    assert report["sent"] > 0
    assert founded("verify-folder", shared)[0] == 0
    victim = next(path for path in shared.rglob("*") if path.is_file() and path.name != "README.txt")
    damaged = bytearray(victim.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    victim.write_bytes(bytes(damaged))
    code, checked = founded("verify-folder", shared)
    assert code == exit_codes.PROBLEMS_FOUND
    assert any(victim.name in problem for problem in checked["problems"])

    for path in shared.rglob("*"):
        if path.is_file():
            path.unlink()
    code, asked = founded("sync")
    assert (code, asked["lost"] > 0) == (exit_codes.WAITING, True)
    assert not any(path.is_file() for path in (shared / "cwf1").rglob("*"))
    assert founded("sync", "--put-back")[0] == 0
    assert founded("verify-folder", shared)[0] == 0

    backup = tmp_path / "amara.backup"
    assert founded("backup", backup)[0] == 0
    assert founded("restore", backup, vault="second")[0] == 0
    assert founded("case", "list", vault="second")[0] == 0
    assert founded("restore", backup, vault="second")[0] == exit_codes.OCCUPIED


def test_a_wrong_passphrase_and_an_empty_folder_have_codes_of_their_own(founded: Run, tmp_path: Path) -> None:
    assert founded("case", "list", vault="nowhere")[0] == exit_codes.NO_VAULT
    (tmp_path / "secret").write_text("another passphrase altogether", encoding="utf-8")
    code, said = founded("case", "list")
    assert (code, said["error"]) == (exit_codes.PASSPHRASE, "wrong-passphrase")
    assert said["safe"]


def test_a_reference_nobody_has_is_not_found(founded: Run) -> None:
    assert founded("case", "show", "2026-ZZ-999")[0] == exit_codes.NOT_FOUND


def every_error() -> list[type[errors.AppError]]:
    found, waiting = [], [errors.AppError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


def test_every_error_has_an_exit_code_and_every_code_is_written_down() -> None:
    codes = {exit_codes.exit_code(kind.__new__(kind)) for kind in every_error()}
    table = [line.split("|") for line in (exit_codes.__doc__ or "").splitlines() if line.startswith("|")]
    documented = {int(cells[1]) for cells in table if cells[1].strip().isdigit()}
    assert codes <= documented
    assert exit_codes.DONE in documented


def test_each_command_of_the_readme_is_there() -> None:
    helped = build_parser().format_help()
    for command in ("demo", "init", "import-homes", "case", "letters", "sync", "verify-folder", "backup", "restore"):
        assert command in helped
