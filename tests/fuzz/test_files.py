"""Files a person gives the program: backups, and lists of homes. Spoilt in any way they are read, or refused by name.

As `test_readers.py`: some tries in CI, `IMANI_FUZZ=50` for fifty times as many.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.domain.case import Note
from core.exchange.columns import guess_columns
from core.exchange.homes import plan_import
from core.exchange.tables import read_table_bytes
from core.foundation.errors import AppError, BugError
from core.foundation.ids import StreamId
from core.foundation.ports import NeverCancel, no_progress
from core.store import schema
from core.vault.backup import is_backup, make_backup, restore_backup
from core.vault.database import DATABASE_NAME, close_database, open_database
from core.vault.keyslot import KEYSLOT_NAME, KeyslotContent, write_keyslot
from tests.fuzz.test_readers import MOST_BYTES, cheap_passphrases, tries
from tests.support.dice import SeededRandomness
from tests.support.mutations import spoilt
from tests.support.vaults import CHEAP, NOON, open_store

__all__ = ["cheap_passphrases"]

WORDS = "five plain words to open"
SAVED = "what was saved"
NAMES = ("../keyslot", "/etc/passwd", "blobs/../../out", "blobs/" + "0" * 64, "keyslot", "workbook.db", " ", "a" * 300)
LIST = (
    "Address,Town,Postcode,Tenant,Needs\n"
    '1 M\u00e4rsh L\u00e4ne,Eastmere,ZZ1 1AA,"Lee, Ann",\n'
    "Flat 2, 4 Amber Road,Eastmere,ZZ1 1AB,Omar Said,large print\n"
    '"3 Elm\nRow",Eastmere,,=cmd|x,\n'
)


def refused_or(work: Callable[[], None]) -> bool:
    """Whether it was refused, by name and in bounded memory; anything else than a named refusal fails the test."""
    tracemalloc.start(1)
    try:
        work()
    except BugError:
        raise
    except AppError:
        return True
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MOST_BYTES
    return False


Parts = list[tuple[str, bytes]]


def parts_of(archive: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


def packed(parts: Parts, *, squeezed: bool) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice is what is tried
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED) as archive:
            for name, data in parts:
                archive.writestr(name, data)
    return stream.getvalue()


def archives(good: bytes, *, squeezed: bool) -> st.SearchStrategy[bytes]:
    """Bytes near an archive: spoilt as a whole, or one part spoilt, renamed, doubled, left out or squeezed."""
    parts = parts_of(good)
    places = st.integers(0, len(parts) - 1)
    other_data = places.flatmap(
        lambda at: spoilt(parts[at][1]).map(lambda data: [*parts[:at], (parts[at][0], data), *parts[at + 1 :]])
    )
    other_name = st.tuples(places, st.sampled_from(NAMES)).map(
        lambda it: [*parts[: it[0]], (it[1], parts[it[0]][1]), *parts[it[0] + 1 :]]
    )
    doubled = st.tuples(places, st.sampled_from([*NAMES, *(name for name, _ in parts)])).map(
        lambda it: [*parts, (it[1], parts[it[0]][1])]
    )
    left_out = places.map(lambda at: parts[:at] + parts[at + 1 :])
    whole = st.one_of(other_data, other_data, other_name, doubled, left_out).map(
        lambda changed: packed(changed, squeezed=squeezed)
    )
    return st.one_of(spoilt(good), whole, whole, st.just(packed(parts, squeezed=not squeezed)))


@pytest.fixture
def backup(tmp_path: Path) -> Iterator[bytes]:
    with open_store(tmp_path / "vault") as opened:
        write_keyslot(opened.folder, opened.keys, WORDS, cost=CHEAP, randomness=SeededRandomness(3))
        with opened.store.unit("test") as (unit, _):
            unit.create(Note, StreamId(b"s" * 16), body=SAVED)
        make_backup(
            opened.folder, opened.store.engine, tmp_path / "good.backup", made_at=NOON, progress=no_progress,
            cancel=NeverCancel(),
        )  # fmt: skip
        yield (tmp_path / "good.backup").read_bytes()


def notes_in(folder: Path, keys: KeyslotContent) -> list[str]:
    engine = open_database(folder, keys)
    try:
        with engine.connect() as connection:
            return list(connection.execute(select(schema.RECORD_TABLES["note"].c.body)).scalars())
    finally:
        close_database(engine)


def test_a_spoilt_backup_is_put_back_whole_or_leaves_nothing(backup: bytes, tmp_path: Path) -> None:
    @tries(60)
    @given(archives(backup, squeezed=False))
    def spoil(data: bytes) -> None:
        place = Path(tempfile.mkdtemp(dir=tmp_path))
        file, folder = place / "some.backup", place / "in" / "here"
        file.write_bytes(data)
        folder.mkdir(parents=True)
        kept: list[KeyslotContent] = []
        try:
            refused = refused_or(
                lambda: kept.append(restore_backup(file, folder, WORDS, progress=no_progress, cancel=NeverCancel()))
            )
            is_backup(file)
            assert sorted(path.name for path in place.iterdir()) == ["in", "some.backup"], "nothing beside the folder"
            assert [path.name for path in (place / "in").iterdir()] == ["here"]
            if refused:
                assert not {KEYSLOT_NAME, DATABASE_NAME} & {path.name for path in folder.iterdir()}
            else:
                assert notes_in(folder, kept[0]) == [SAVED]
        finally:
            shutil.rmtree(place)

    spoil()


def reads_a_list(data: bytes) -> None:
    table = read_table_bytes(data, cancel=NeverCancel(), progress=no_progress)
    assert all(isinstance(cell, str) for row in table.rows for cell in row.cells)
    plan_import(table, guess_columns(table), known={})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spoilt_text_list(encoding: str) -> None:
    good = LIST.encode(encoding)
    reads_a_list(good)

    @tries(100)
    @given(spoilt(good))
    def spoil(data: bytes) -> None:
        refused_or(lambda: reads_a_list(data))

    spoil()


@tries(150)
@given(st.lists(st.text(st.sampled_from('",;\t|\n\r =+@\x00\u00e9a1'), max_size=40), max_size=12).map("\n".join))
def test_a_list_of_nothing_but_signs(text: str) -> None:
    refused_or(lambda: reads_a_list(text.encode()))


def test_a_spoilt_spreadsheet() -> None:
    book = openpyxl.Workbook()
    for line in LIST.replace('"3 Elm\nRow"', "3 Elm Row").splitlines():
        book.worksheets[0].append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    good = stream.getvalue()
    reads_a_list(good)

    @tries(80)
    @given(archives(good, squeezed=True))
    def spoil(data: bytes) -> None:
        refused_or(lambda: reads_a_list(data))

    spoil()


@pytest.mark.parametrize("count", [200_000_000])
def test_a_small_spreadsheet_that_unpacks_to_much_takes_no_memory(count: int) -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Address", "Town", "Postcode"])
    book.save(stream)
    parts = [(name, data) for name, data in parts_of(stream.getvalue()) if not name.endswith("sheet1.xml")]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(count // 10_000_000):
                sheet.write(b" " * 10_000_000)
    assert refused_or(lambda: reads_a_list(bomb.getvalue()))
