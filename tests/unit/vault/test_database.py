"""The encrypted file: private, sealed, whole or not opened at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.domain.case import Note
from core.foundation.errors import AppError, FolderNotWritable, VaultDamaged, VaultInUse
from core.vault.database import DATABASE_NAME, check_integrity, close_database, open_database
from core.vault.occupancy import LOCK_NAME, Occupancy
from tests.support.vaults import STREAM, open_store, some_keys

PAGE = 4096


def filled(folder: Path, notes: int = 300) -> Path:
    with open_store(folder) as opened, opened.store.unit("fill") as (unit, _):
        for number in range(notes):
            unit.create(Note, STREAM, body=f"the walrus came at {number} " * 20)
    return folder / DATABASE_NAME


def test_the_files_are_private_and_the_folder_holds_nothing_else(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.create(Note, body="x")
        held = {path.name: stat.S_IMODE(path.stat().st_mode) for path in opened.folder.iterdir()}
        assert held == {DATABASE_NAME: 0o600, f"{DATABASE_NAME}-wal": 0o600, f"{DATABASE_NAME}-shm": 0o600}
    assert [path.name for path in (tmp_path / "vault").iterdir()] == [DATABASE_NAME]


def test_ordinary_sqlite_sees_only_noise(tmp_path: Path) -> None:
    path = filled(tmp_path / "vault")
    with contextlib.closing(sqlite3.connect(path)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM sqlite_master").fetchall()
    data = path.read_bytes()
    assert b"walrus" not in data
    assert b"SQLite format 3" not in data


@pytest.mark.parametrize("other", ["key", "salt"])
def test_another_key_is_damage_and_changes_nothing(tmp_path: Path, other: str) -> None:
    path = filled(tmp_path / "vault")
    before = path.read_bytes()
    wrong = some_keys(seed=9)
    if other == "salt":
        import dataclasses

        wrong = dataclasses.replace(some_keys(), vault_salt=bytes(16))
    # SQLCipher reads the salt from the file's own head, so only the key decides.
    if other == "key":
        with pytest.raises(VaultDamaged):
            open_database(path.parent, wrong)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + bytes(5000), bytes(PAGE * 3)])
def test_something_else_under_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    if content == b"":
        close_database(open_database(tmp_path, some_keys()))
        return
    with pytest.raises(VaultDamaged):
        open_database(tmp_path, some_keys())


def test_a_flipped_byte_on_any_page_is_found(tmp_path: Path) -> None:
    path = filled(tmp_path / "vault")
    whole = path.read_bytes()
    pages = len(whole) // PAGE
    assert pages > 50
    for page in range(0, pages, 7):
        broken = bytearray(whole)
        broken[page * PAGE + 1000] ^= 0x10
        path.write_bytes(broken)
        with pytest.raises(VaultDamaged):
            engine = open_database(path.parent, some_keys())
            try:
                check_integrity(engine)
            finally:
                close_database(engine)
    path.write_bytes(whole)
    engine = open_database(path.parent, some_keys())
    check_integrity(engine)
    close_database(engine)


def test_a_damaged_page_met_while_working_is_our_error_not_the_drivers(tmp_path: Path) -> None:
    path = filled(tmp_path / "vault")
    whole = bytearray(path.read_bytes())
    for page in range(8, len(whole) // PAGE):
        whole[page * PAGE + 1000] ^= 0x10
    path.write_bytes(whole)
    with pytest.raises(VaultDamaged), open_store(path.parent) as opened:
        opened.store.select(Note)


def test_a_cut_file_is_damage(tmp_path: Path) -> None:
    path = filled(tmp_path / "vault")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 // PAGE * PAGE])
    with pytest.raises(VaultDamaged):
        engine = open_database(path.parent, some_keys())
        try:
            check_integrity(engine)
        finally:
            close_database(engine)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable):
        open_database(tmp_path / "nowhere", some_keys())


@pytest.mark.skipif(os.name != "posix", reason="another way to refuse on Windows")
def test_a_file_nobody_may_open_is_a_sentence_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(AppError):
        open_database(tmp_path, some_keys())


def test_the_settings_that_keep_things_safe_hold_on_every_connection(tmp_path: Path) -> None:
    engine = open_database(tmp_path, some_keys())
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2,
        "trusted_schema": 0, "cell_size_check": 1, "recursive_triggers": 1,
        "cipher_hmac_algorithm": "HMAC_SHA256", "cipher_memory_security": "0",
    }  # fmt: skip
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted
    close_database(engine)


def test_the_key_shows_in_no_error_and_no_description_of_the_engine(tmp_path: Path) -> None:
    keys = some_keys()
    engine = open_database(tmp_path, keys)
    secret = keys.vault_key.reveal().hex()
    assert secret not in repr(engine) + str(engine.url) + repr(engine.url.render_as_string(hide_password=False))
    with pytest.raises(Exception, match="no such table") as caught, engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM absent WHERE x = ?", ("a person's name",))
    assert secret not in str(caught.value)
    assert "a person's name" not in str(caught.value)
    close_database(engine)


class TestOneProgramAtATime:
    def test_a_second_holder_is_refused_until_the_first_lets_go(self, tmp_path: Path) -> None:
        first = Occupancy(tmp_path)
        with pytest.raises(VaultInUse):
            Occupancy(tmp_path)
        first.release()
        first.release()
        Occupancy(tmp_path).release()
        assert stat.S_IMODE((tmp_path / LOCK_NAME).stat().st_mode) == 0o600

    def test_another_process_is_refused_and_its_death_lets_go(self, tmp_path: Path) -> None:
        program = (
            "import sys, pathlib; from core.vault.occupancy import Occupancy\n"
            "held = Occupancy(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[3],
        ) as other:  # fmt: skip
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            with pytest.raises(VaultInUse):
                Occupancy(tmp_path)
            other.kill()
            other.wait()
        Occupancy(tmp_path).release()

    def test_a_folder_that_is_not_there_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(FolderNotWritable):
            Occupancy(tmp_path / "nowhere")
