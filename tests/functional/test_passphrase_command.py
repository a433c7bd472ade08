"""`imani passphrase` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, PASSPHRASE
from core.cli.main import main
from tests.support.workspaces import PASSPHRASE as OLD
from tests.support.workspaces import new_vault

NEW = "copper willow saddle noon parcel"


@pytest.mark.parametrize("more", [(), ("--somebody-knows",)])
def test_the_passphrase_is_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]) -> None:
    vault = new_vault(tmp_path / "vault")
    for name, words in (("old", OLD), ("new", NEW), ("weak", "secret")):
        (tmp_path / name).write_text(words)

    def run(*words: object, key: str = "old") -> int:
        given = (words[0], "--vault", vault, "--passphrase-file", tmp_path / key, *words[1:])
        return main([str(word) for word in given])

    assert run("passphrase", "--new-passphrase-file", tmp_path / "weak", *more) == PASSPHRASE
    assert "Five words nobody could guess" in capsys.readouterr().err
    assert run("passphrase", "--new-passphrase-file", tmp_path / "new", *more, key="weak") == PASSPHRASE
    assert run("passphrase", "--new-passphrase-file", tmp_path / "new", *more) == DONE
    assert "still open with the old passphrase" in capsys.readouterr().out
    assert run("organisation") == PASSPHRASE
    assert run("organisation", key="new") == DONE
