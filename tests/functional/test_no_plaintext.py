"""Nothing anybody wrote can be read from the disk: vault, shared folder, backup, temporary files, what was logged."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.domain.case import Note
from core.services import cases, drafts, notes
from core.services.opening import lock
from core.services.workspace import Workspace
from core.vault.database import DATABASE_NAME, close_database
from tests.functional.everything_said import STEM
from tests.support.workspaces import PASSPHRASE, a_workspace, logged

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE_BYTES = 4096
RESERVED_BYTES = 48
"""At the end of each page: 16 bytes of nonce, 32 of HMAC-SHA256 (SQLCipher 4)."""


def forms_of(word: str) -> dict[str, bytes]:
    """Every way a word might lie in a file: each searched in bytes made lower case, but for base64."""
    plain = word.encode()
    return {
        "utf-8": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "hexadecimal": plain.hex().encode(),
        "backwards": plain[::-1],
    }


def base64_forms(word: str) -> list[bytes]:
    """What stands inside any base64 text that holds the word, at each of three offsets and in either case."""
    found = []
    for spelling in (word, word.upper(), word.capitalize()):
        for offset in range(3):
            text = base64.b64encode(b"\x00" * offset + spelling.encode())
            found.append(text[(offset * 8 + 5) // 6 : len(spelling) * 8 // 6])
    return found


def files_under(*roots: Path) -> Iterator[Path]:
    for root in roots:
        yield from (path for path in root.rglob("*") if path.is_file())


def places_of(word: str, *roots: Path) -> list[str]:
    """Every file, or name of a file, in which the word stands in any form."""
    found = []
    for path in files_under(*roots):
        data = path.read_bytes()
        lowered = data.lower()
        found += [f"{path.name}: {name}" for name, form in forms_of(word).items() if form in lowered]
        found += [f"{path.name}: base64" for form in base64_forms(word) if form in data]
        found += [f"{path.name}: its own name"] * (word in path.name.lower())
    return found


def readable_files(*roots: Path) -> list[str]:
    """Files of any size that are not noise: what squeezes well was not encrypted."""
    found = []
    for path in files_under(*roots):
        data = path.read_bytes()
        if len(data) >= 2048 and len(zlib.compress(data, 6)) < 0.97 * len(data):
            found.append(f"{path.name} squeezes to {len(zlib.compress(data, 6)) / len(data):.0%}")
    return found


class Day:
    """The folders of one day of two people, and what their programs printed."""

    def __init__(self, root: Path) -> None:
        self.root = root / "watched"
        self.elsewhere = root / "elsewhere"
        self.temporary = self.root / "temporary"
        for folder in (self.root, self.elsewhere, self.temporary):
            folder.mkdir()
        surroundings = {**os.environ, "TMPDIR": str(self.temporary), "HOME": str(self.temporary),
                        "TEMP": str(self.temporary), "SQLITE_TMPDIR": str(self.temporary), "PYTHONPATH": str(CHECKOUT),
                        "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
        self.log = (self.root / "log").open("wb")
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.functional.everything_said", str(self.root), str(self.elsewhere)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, env=surroundings,
            cwd=self.temporary,
        )  # fmt: skip

    def wait_for(self, word: bytes) -> None:
        assert self.program.stdout is not None
        line = self.program.stdout.readline()
        assert line == word + b"\n", (self.root / "log").read_text()[-3000:]

    def go_on(self) -> None:
        assert self.program.stdin is not None
        self.program.stdin.write(b"\n")
        self.program.stdin.flush()

    def end(self) -> None:
        self.program.kill()
        self.program.communicate()
        self.log.close()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    made = Day(tmp_path)
    yield made
    made.end()


def test_no_byte_on_the_disk_says_what_anybody_wrote(day: Day) -> None:
    day.wait_for(b"open")
    watched = day.root
    names = {path.relative_to(watched).parts[0] for path in files_under(watched)}
    assert {"ana", "ben", "shared", "backup"} <= names
    assert places_of(STEM, day.elsewhere), "the search finds nothing even in the list of homes"

    for moment in ("open", "locked"):
        assert places_of(STEM, watched) == [], moment
        assert places_of(PASSPHRASE, watched) == [], moment
        # The folder says in plain words what it is; the wal-index holds page numbers only.
        known = ("READ", "log", "-shm")
        assert [said for said in readable_files(watched) if not any(part in said for part in known)] == [], moment
        if moment == "open":
            day.go_on()
            day.wait_for(b"locked")
    assert list(files_under(day.temporary)) == []


def test_killed_while_open_it_leaves_nothing_either(day: Day) -> None:
    day.wait_for(b"open")
    day.end()
    assert places_of(STEM, day.root) == []
    assert (day.root / "ana" / f"{DATABASE_NAME}-wal").exists()


def test_the_search_would_find_every_form(tmp_path: Path) -> None:
    word = STEM
    hidden = {
        "plain": word.encode(), "upper": word.upper().encode(), "wide": word.encode("utf-16"),
        "wide-be": word.encode("utf-16-be"), "hex": word.encode().hex().encode(),
        **{f"base64-{n}": base64.b64encode(b"." * n + word.encode() + b"....") for n in range(4)},
    }  # fmt: skip
    for name, data in hidden.items():
        (tmp_path / name).write_bytes(os.urandom(100) + data + os.urandom(100))
        assert places_of(word, tmp_path), name
        (tmp_path / name).unlink()
    (tmp_path / f"{word}.pdf").write_bytes(b"")
    assert places_of(word, tmp_path)


# ------------------------------------------------------------------ deleted is gone


def decrypted_pages(path: Path, key: bytes) -> bytes:
    """Every page of a vault's database as SQLite sees it, free pages included, opened by hand."""
    data = path.read_bytes()
    assert len(data) % PAGE_BYTES == 0
    pages = []
    for start in range(0, len(data), PAGE_BYTES):
        page = data[start : start + PAGE_BYTES]
        body = page[16 if start == 0 else 0 : PAGE_BYTES - RESERVED_BYTES]
        nonce = page[PAGE_BYTES - RESERVED_BYTES :][:16]
        opener = Cipher(algorithms.AES(key), modes.CBC(nonce)).decryptor()
        pages.append(opener.update(body) + opener.finalize())
    return b"".join(pages)


def closed_pages(workspace: Workspace) -> bytes:
    """The pages after everything was written back, as a thief who guessed the passphrase would see them."""
    close_database(workspace.store.engine)
    return decrypted_pages(workspace.folder / DATABASE_NAME, workspace.keys.vault_key.reveal()).lower()


def words_in_index(workspace: Workspace, *words: str) -> list[bool]:
    """Whether the full-text index, read block by block, still speaks of these words."""
    with workspace.store.reading() as connection:
        blocks = b"".join(block for (block,) in connection.exec_driver_sql("SELECT block FROM search_data"))
        content = "".join(str(row) for row in connection.exec_driver_sql("SELECT * FROM search_content"))
    return [word.encode() in blocks or word in content for word in words]


def test_a_discarded_draft_is_gone_from_every_page(tmp_path: Path) -> None:
    for discard in (False, True):
        with a_workspace(tmp_path / f"vault-{discard}") as workspace:
            for size in (3, 3000):
                drafts.save_draft(workspace, name="report", body="unsaid thing " * size)
            if discard:
                drafts.discard_draft(workspace, name="report")
            assert (b"unsaid thing" in closed_pages(workspace)) is not discard


def test_a_saved_note_leaves_no_draft_behind(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        drafts.save_draft(workspace, name=notes.note_draft(case), body="first i wrote hatherleigh " * 400)
        drafts.save_draft(workspace, name=notes.note_draft(case), body="and then something milder " * 400)
        notes.add_note(workspace, case=case, body="what was kept")
        drafts.save_draft(workspace, name=cases.REPORT_DRAFT, body="blundeston " * 400)
        logged(workspace)
        pages = closed_pages(workspace)
        assert [word in pages for word in (b"hatherleigh", b"milder", b"blundeston", b"what was kept")] == [
            False, False, False, True,
        ]  # fmt: skip


def test_words_taken_back_are_gone_from_the_search_index_at_once(tmp_path: Path) -> None:
    """The history keeps what was written, on purpose; the index keeps only what still stands."""
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        note = notes.add_note(workspace, case=case, body="hatherleigh came by").note
        gone = notes.add_note(workspace, case=case, body="blundeston came by").note
        assert words_in_index(workspace, "hatherleigh", "blundeston") == [True, True]
        with workspace.store.unit("edit") as (unit, _):
            unit.update(Note, note, body="somebody came by")
            unit.delete(Note, gone)
        assert words_in_index(workspace, "hatherleigh", "blundeston", "somebody") == [False, False, True]


def test_locking_leaves_one_file_and_no_key(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        logged(workspace)
        lock(workspace)
        left = sorted(path.name for path in (tmp_path / "vault").iterdir())
    assert DATABASE_NAME in left
    assert not [name for name in left if name.endswith(("-wal", "-shm"))]
