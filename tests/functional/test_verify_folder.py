"""`imani verify-folder` on a machine that has no database and no window: with a file of keys, and with none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.cli.exit_codes import DONE, NOT_TAKEN, PASSPHRASE, PROBLEMS_FOUND
from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.domain.case import Case
from core.foundation.errors import FolderNotWritable, WeakPassphrase
from core.services import checking, opening, streams, sync
from tests.support.laptops import Office

CHECKOUT = Path(__file__).resolve().parents[2]
PASSPHRASE_OF_KEYS = "gravel minnow bazaar tundra plume"
CHEAP = KdfCost(FLOOR_MEMORY_KIB)
BARE = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "sqlalchemy", "sqlcipher3", "sqlite3", "reportlab"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from core.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two laptops that wrote a case, and Ana's file of keys beside them."""
    office = Office(tmp_path_factory.mktemp("office"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for words in ("one", "two", "three"):
        sync.sync_now(ana)
        sync.sync_now(ben)
        with ben.store.unit("test") as (unit, _):
            unit.update(Case, ben.store.select(Case)[0].id, summary=words)
    for laptop in (ben, ana):
        sync.sync_now(laptop)
    checking.export_checking_keys(ana, destination=office.root / "keys", passphrase=PASSPHRASE_OF_KEYS, cost=CHEAP)
    (office.root / "passphrase").write_text(PASSPHRASE_OF_KEYS)
    for laptop in (ana, ben):
        opening.lock(laptop)
    return office


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Office:
    """A copy of the shared folder to spoil."""
    copy = Office(tmp_path)
    subprocess.run(["cp", "-a", f"{office.folder}/.", str(copy.folder)], check=True)
    return copy


def bare(folder: Path, *words: object) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", BARE, "verify-folder", str(folder), "--json", *map(str, words)],
        cwd=CHECKOUT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def with_keys(office: Office, folder: Office) -> tuple[int, dict[str, Any]]:
    return bare(folder.folder, "--keys", office.root / "keys", "--passphrase-file", office.root / "passphrase")


def test_a_whole_folder_is_proven_down_to_who_let_in_whom(office: Office, folder: Office) -> None:
    code, said = with_keys(office, folder)
    assert (code, said["problems"], said["checked"]) == (DONE, [], "roster")
    assert said["laptops"] == 2 and said["segments"] >= 6 and said["strangers"] == 2
    assert all(len(head["hash"]) == 64 for head in said["heads"])


def test_what_is_gone_cut_and_strange_is_named(office: Office, folder: Office) -> None:
    files = folder.files()
    code, whole = with_keys(office, folder)
    assert code == DONE
    cut, copied = files[0], files[1]
    cut.write_bytes(cut.read_bytes()[:-1])
    copied.with_name(f"{copied.name} (conflicted copy)").write_bytes(copied.read_bytes())
    code, said = with_keys(office, folder)
    assert code == PROBLEMS_FOUND
    assert any(cut.name in problem and "changed, cut short or swapped" in problem for problem in said["problems"])
    assert any("conflicted copy" in problem for problem in said["problems"])
    assert whole["files"] + 1 == said["files"]


def test_without_keys_names_and_damage_are_checked_and_it_says_so(folder: Office) -> None:
    code, said = bare(folder.folder)
    assert (code, said["problems"], said["checked"], said["segments"]) == (DONE, [], "names", 0)
    victim = folder.files()[0]
    victim.write_bytes(victim.read_bytes()[::-1])
    code, said = bare(folder.folder)
    assert code == PROBLEMS_FOUND and [victim.name in problem for problem in said["problems"]] == [True]


def test_a_wrong_passphrase_and_a_file_of_something_else_are_told(office: Office, folder: Office) -> None:
    (folder.root / "wrong").write_text("not this one at all")
    words = ("--keys", office.root / "keys", "--passphrase-file", folder.root / "wrong")
    code, said = bare(folder.folder, *words)
    assert (code, said["error"]) == (PASSPHRASE, "wrong-checking-passphrase")
    code, said = bare(folder.folder, "--keys", folder.root / "wrong", "--passphrase-file", folder.root / "wrong")
    assert (code, said["error"]) == (NOT_TAKEN, "file-unreadable")


def test_the_keys_are_written_over_nothing_else_and_open_no_case(office: Office, tmp_path: Path) -> None:
    from core.sync.checking_keys import read_checking_keys
    from core.sync.engine.envelope import open_segment_file
    from core.sync.engine.epochs import tag_key
    from core.sync.engine.segment import find_key, read_segment
    from tests.support.laptops import PASSPHRASE as OF_ANA

    ana = opening.unlock(office.root / "Ana Reyes", OF_ANA, parts=office.parts)
    try:
        letter = tmp_path / "letter.txt"
        letter.write_text("dear neighbour")
        with pytest.raises(FolderNotWritable):
            checking.export_checking_keys(ana, destination=letter, passphrase=PASSPHRASE_OF_KEYS, cost=CHEAP)
        with pytest.raises(WeakPassphrase):
            checking.export_checking_keys(ana, destination=tmp_path / "k", passphrase="hazel", cost=CHEAP)
        assert letter.read_text() == "dear neighbour" and not (tmp_path / "k").exists()
        case = ana.store.select(Case)[0]
        keys = read_checking_keys(office.root / "keys", PASSPHRASE_OF_KEYS)
        assert {key.stream for key in keys.stream_keys} == {ana.organisation_stream} != {case.stream}
        tags = [tag_key(key.key).reveal() for key in keys.stream_keys]
        shut = 0
        for path in office.files():
            try:
                segment = read_segment(open_segment_file(path.read_bytes(), keys.envelope, keys.organisation))
            except Exception:
                continue
            shut += sum(find_key(section.nonce, section.tag, tags) is None for section in segment.sections)
        assert shut >= 4, "the sections of the case stay shut"
    finally:
        opening.lock(ana)
