"""The power goes at any moment, and the disk had not written everything: what was acknowledged is there, and whole."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.services import notes
from core.services.opening import lock, unlock
from core.services.workspace import Parts, Workspace
from core.vault.database import check_integrity
from core.vault.keyslot import write_keyslot
from tests.support.dice import SeededRandomness
from tests.support.power_cut import Step, cut, trace
from tests.support.vaults import CHEAP, NOON, TestClock
from tests.support.workspaces import PASSPHRASE, logged, new_vault

CUTS = 60
NOTES = 6
NEW_PASSPHRASE = "copper willow saddle noon parcel"

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a program writes is watched with strace"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace"),
]


def opened(folder: Path, passphrase: str = PASSPHRASE) -> Workspace:
    return unlock(folder, passphrase, parts=Parts(TestClock(NOON), SeededRandomness(31)))


def write_notes(folder: Path) -> None:
    workspace = opened(folder)
    case = logged(workspace).case
    print("a case", flush=True)
    for number in range(NOTES):
        notes.add_note(workspace, case=case, body=f"note {number} " + "on the stairs " * 200)
        print("a note", flush=True)
    lock(workspace)


def change_passphrase(folder: Path) -> None:
    workspace = opened(folder)
    write_keyslot(folder, workspace.keys, NEW_PASSPHRASE, cost=CHEAP, randomness=workspace.parts.randomness)
    print("changed", flush=True)


def traced(work: str, tmp_path: Path) -> tuple[Path, list[Step]]:
    vault, start = tmp_path / "vault", tmp_path / "start"
    new_vault(vault)
    shutil.copytree(vault, start)
    steps = trace([sys.executable, "-m", __name__, work, str(vault)], vault, tmp_path / "log")
    assert any(step.what == "flush" for step in steps)
    return start, steps


def test_every_note_acknowledged_is_there_after_the_power_went(tmp_path: Path) -> None:
    start, steps = traced("write_notes", tmp_path)
    dice = random.Random(4)
    for number, after in enumerate(sorted(dice.randint(1, len(steps)) for _ in range(CUTS))):
        folder = tmp_path / f"cut-{number}"
        said = b"".join(cut(steps, start, folder, after=after, dice=dice))
        workspace = opened(folder)
        check_integrity(workspace.store.engine)
        assert workspace.store.count(Case) >= said.count(b"a case")
        found = workspace.store.select(Note)
        assert len(found) >= said.count(b"a note"), f"after {after} of {len(steps)} steps"
        assert all(note.body.startswith("note ") and note.body.endswith("stairs ") for note in found)
        lock(workspace)
        shutil.rmtree(folder)


def test_a_passphrase_being_changed_leaves_one_that_opens(tmp_path: Path) -> None:
    start, steps = traced("change_passphrase", tmp_path)
    dice = random.Random(5)
    for after in range(1, len(steps) + 1):
        folder = tmp_path / f"cut-{after}"
        said = b"".join(cut(steps, start, folder, after=after, dice=dice))
        passphrases = [NEW_PASSPHRASE] if b"changed" in said else [NEW_PASSPHRASE, PASSPHRASE]
        assert any(opens(folder, one) for one in passphrases), f"after {after} of {len(steps)} steps"


def opens(folder: Path, passphrase: str) -> bool:
    from core.foundation.errors import WrongPassphrase

    try:
        lock(opened(folder, passphrase))
    except WrongPassphrase:
        return False
    return True


def test_a_program_that_does_not_flush_is_found_out(tmp_path: Path) -> None:
    """The simulation itself: without the flushes of the log, an acknowledged note is lost by some cut."""
    start, steps = traced("write_notes", tmp_path)
    careless = [step for step in steps if step.what != "flush"]
    dice = random.Random(6)
    lost = 0
    for number in range(12):
        folder = tmp_path / f"cut-{number}"
        said = b"".join(cut(careless, start, folder, after=len(careless), dice=dice))
        try:
            workspace = opened(folder)
        except Exception:
            lost += 1
            continue
        lost += workspace.store.count(Note) < said.count(b"a note")
        lock(workspace)
    assert lost


if __name__ == "__main__":
    {"write_notes": write_notes, "change_passphrase": change_passphrase}[sys.argv[1]](Path(sys.argv[2]))
