"""`verify-folder` on folders spoilt in every way: each spoilt file is named, in words, and nothing ends in an error."""

from __future__ import annotations

import os
import random
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain.case import Case
from core.foundation.errors import SharedFolderError
from core.foundation.system import SystemRandomness
from core.services import checking, opening, streams, sync
from core.sync.checking_keys import as_verify_keys
from core.sync.engine.envelope import MAX_FILE_BYTES, name_of
from core.sync.listing import canonical, strange
from core.sync.transports.folder import FolderTransport
from core.sync.verify import FolderVerified, VerifyKeys, verify_folder
from tests.support.laptops import Office

Spoilt = tuple[Path, VerifyKeys]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    office = Office(tmp_path_factory.mktemp("office"))
    ana = office.found()
    ben = office.join(ana, "Ben Okafor", "bo")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, ana, ben):
        sync.sync_now(laptop)
    keys = as_verify_keys(checking.checking_keys(ana))
    for laptop in (ana, ben):
        opening.lock(laptop)
    return office.folder, keys


@pytest.fixture
def folder(whole: Spoilt, tmp_path: Path) -> Spoilt:
    shutil.copytree(whole[0], tmp_path / "shared")
    return tmp_path / "shared", whole[1]


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "cwf1").rglob("*") if path.is_file() and len(path.name) == 64)


def checked(folder: Path, keys: VerifyKeys | None) -> FolderVerified:
    return verify_folder(FolderTransport(folder, randomness=SystemRandomness()), keys=keys)


def cut(path: Path, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: dice.randrange(1, path.stat().st_size)])


def flip(path: Path, dice: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def empty(path: Path, _: random.Random) -> None:
    path.write_bytes(b"")


def swap(path: Path, dice: random.Random) -> None:
    other = dice.choice([one for one in path.parent.iterdir() if one != path and one.is_file()])
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


def garbage(path: Path, dice: random.Random) -> None:
    path.write_bytes(dice.randbytes(dice.randrange(1, 4_000)))


def huge(path: Path, _: random.Random) -> None:
    with path.open("r+b") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)


def into_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def into_link(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def into_pipe(path: Path, _: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def moved(path: Path, _: random.Random) -> None:
    (path.parent / "old").mkdir(exist_ok=True)
    path.rename(path.parent / "old" / path.name)


def doubled(path: Path, _: random.Random) -> None:
    shutil.copy(path, path.with_name(f"{path.name} (2)"))


DAMAGE = (cut, flip, empty, swap, garbage, huge, into_folder, into_link, into_pipe, moved, doubled)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there, and there are no pipes")
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_each_spoilt_file_is_named_in_words(
    whole: Spoilt, folder: Spoilt, damage: Callable[[Path, random.Random], None]
) -> None:
    root, keys = folder
    dice = random.Random(damage.__name__)
    for path in dice.sample(files_of(root), 3):
        shutil.rmtree(root)
        shutil.copytree(whole[0], root)
        damage(path, dice)
        for some in (None, keys):
            said = checked(root, some)
            about = [problem for problem in said.problems if path.name in problem.file]
            assert about, f"{damage.__name__} is named"
            assert all(one.sentence[:1].isupper() and one.sentence.endswith(".") for one in said.problems)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there, and there are no pipes")
def test_anything_at_once_ends_in_sentences(whole: Spoilt, folder: Spoilt) -> None:
    """Many folders, several things wrong in each, files gone among them."""
    root, keys = folder
    dice = random.Random("anything at once")
    for _ in range(25):
        shutil.rmtree(root)
        shutil.copytree(whole[0], root)
        for _ in range(dice.randrange(1, 6)):
            left = files_of(root)
            dice.choice([*DAMAGE, lambda path, _: path.unlink()])(dice.choice(left), dice)
        said = checked(root, keys)
        assert all(problem.sentence.strip() and problem.code for problem in said.problems)


def test_a_file_taken_away_from_the_middle_is_missed(folder: Spoilt) -> None:
    root, keys = folder
    named = 0
    for path in files_of(root):
        data = path.read_bytes()
        path.unlink()
        named += any(problem.code in ("gap", "no-root", "unknown-laptop") for problem in checked(root, keys).problems)
        path.write_bytes(data)
    assert named >= len(files_of(root)) // 2, "only the newest of a laptop, and what no key opens, are not missed"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever administers the machine reads everything")
def test_what_cannot_be_read_is_said(folder: Spoilt) -> None:
    root, keys = folder
    path = files_of(root)[0]
    path.chmod(0)
    assert [problem.code for problem in checked(root, keys).problems if path.name in problem.file] == ["unreadable"]
    path.chmod(0o600)
    path.parent.chmod(0)
    assert "shut" in [problem.code for problem in checked(root, keys).problems]
    path.parent.chmod(0o700)


# ---------------------------------------------------------------- other people's sync programs

COPIES = (
    "{name} (conflicted copy 2026-11-29).x", "{name} (Ana's conflicted copy 2026-11-29)", "{name}-LAPTOP-7Q2",
    "{name}.sync-conflict-20261129-101500-7QLKMNO", "{name}_conflict-20261129-101500", "{name} - Copy", "{name} (1)",
    "{name} (case conflict)", "{name}.txt", "{name}~", "Kopie von {name}", " {name} ", "{name}.", "{upper}",
    "{name} (Zo\u00eb)", "{name} (Zoe\u0308)",
)  # fmt: skip
"""Dropbox, OneDrive, Google Drive, Nextcloud, Syncthing, SMB and people."""
LITTER = (
    "desktop.ini", ".DS_Store", "Thumbs.db", ".~lock.{name}#", "~${name}", "._{name}", ".syncthing.{name}.tmp",
    "~syncthing~{name}.tmp", ".nextcloudsync.log",
)  # fmt: skip


@pytest.mark.parametrize("shape", COPIES)
def test_a_copy_by_a_sync_program_is_known_by_its_bytes(folder: Spoilt, shape: str) -> None:
    root, keys = folder
    path = files_of(root)[0]
    odd = path.with_name(shape.format(name=path.name, upper=path.name.upper()))
    data = path.read_bytes()
    path.rename(odd)
    transport = FolderTransport(root, randomness=SystemRandomness())
    month = odd.parent.relative_to(root).as_posix()
    listed = list(transport.list("cwf1"))
    (info,) = [one for one in strange(listed) if unicodedata.normalize("NFC", one.name).endswith(
        unicodedata.normalize("NFC", odd.name))]  # fmt: skip
    assert path.name not in canonical(listed)
    assert name_of(transport.get(info.name, MAX_FILE_BYTES)) == path.name, "an exchange reads it for what it is"
    assert any(name.endswith(info.name.rpartition("/")[2]) for name in transport.names(month))
    (problem,) = checked(root, keys).problems
    assert problem.code == "strange-name" and "renamed" in problem.sentence
    path.write_bytes(data)
    (problem,) = checked(root, keys).problems
    assert "can be deleted" in problem.sentence


@pytest.mark.parametrize("shape", LITTER)
def test_what_a_system_puts_into_every_folder_is_no_problem(folder: Spoilt, shape: str) -> None:
    root, keys = folder
    path = files_of(root)[0]
    path.with_name(shape.format(name=path.name)).write_bytes(b"whatever")
    path.with_name(".stfolder").mkdir()
    assert checked(root, keys).problems == ()


@pytest.mark.skipif(os.name == "nt", reason="names are letters there")
def test_a_name_in_letters_of_another_system_is_said_and_ends_nothing(folder: Spoilt) -> None:
    root, keys = folder
    month = files_of(root)[0].parent
    with open(os.fsencode(month) + b"/M\xfcller \\ 1", "wb") as stream:
        stream.write(b"whatever")
    said = checked(root, keys)
    (problem,) = said.problems
    problem.file.encode("utf-8")
    transport = FolderTransport(root, randomness=SystemRandomness())
    assert len(transport.names(f"cwf1/{month.name}")) == len(files_of(root))
    for info in transport.list("cwf1"):
        try:
            transport.get(info.name, MAX_FILE_BYTES)
        except SharedFolderError:
            assert "Müller" in os.fsencode(info.name).decode("latin-1")


def test_a_placeholder_is_said_and_not_waited_for(folder: Spoilt, monkeypatch: pytest.MonkeyPatch) -> None:
    root, keys = folder
    monkeypatch.setattr("core.sync.transports.folder._is_elsewhere", lambda found: True)
    codes = {problem.code for problem in checked(root, keys).problems}
    assert "unreadable" in codes
