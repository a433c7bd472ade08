"""`imani pair`: two laptops of one person, from the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, NOT_TAKEN, WAITING
from core.cli.main import main
from tests.support.laptops import PASSPHRASE

OWN = "velvet harbour signal maple drift"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, object]]:
    code = main([*(str(word) for word in words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_second_laptop_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_words, new_words, shared = tmp_path / "p1", tmp_path / "p2", tmp_path / "shared"
    old_words.write_text(PASSPHRASE)
    new_words.write_text(OWN)
    shared.mkdir()
    old = ("--vault", tmp_path / "old", "--passphrase-file", old_words)
    new = ("--vault", tmp_path / "new", "--passphrase-file", new_words)
    cheap = ("--kdf-memory-mib", "64")
    person = ("--organisation", "Hazel Tree", "--name", "Ana Reyes", "--initials", "AR")
    assert run(capsys, "init", *old, *person, *cheap)[0] == DONE
    assert run(capsys, "sync", *old, "--folder", shared)[0] == DONE
    code, asked = run(capsys, "pair", "ask", *new, "--folder", shared, "--name", "Home laptop", *cheap)
    assert code == DONE
    code, waiting = run(capsys, "pair", "finish", *new)
    assert code == WAITING and waiting["error"] == "pairing-not-answered"
    code, seen = run(capsys, "pair", "answer", *old, "--code", asked["code"])
    assert (code, seen["words"], seen["laptop"], seen["paired"]) == (DONE, asked["words"], "Home laptop", False)
    assert run(capsys, "pair", "finish", *new)[0] == WAITING  # looking gave nothing away
    assert run(capsys, "pair", "answer", *old, "--code", asked["code"], "--words", "one two three")[0] == NOT_TAKEN
    words = " ".join(asked["words"]).upper()  # type: ignore[arg-type]
    code, answered = run(capsys, "pair", "answer", *old, "--code", asked["code"], "--words", words)
    assert code == DONE and answered["paired"] is True
    assert run(capsys, "pair", "finish", *new)[0] == DONE
    assert run(capsys, "sync", *new)[0] == DONE
    assert run(capsys, "pair", "answer", *old, "--code", asked["code"])[0] == NOT_TAKEN
