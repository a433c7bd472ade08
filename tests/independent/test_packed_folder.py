"""PROTOCOL 30 and 31 are enough: a folder whose old files were packed reads as before, and summaries add up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.changes import cbor
from core.domain.case import Case, Note
from core.domain.estate import Home
from core.services import opening, streams, summaries, sync
from core.services.workspace import Workspace
from core.store import summaries as kept
from core.store.mailbox import VaultMailbox
from core.sync.engine.envelope import name_of, seal_segment_file
from tests.independent import summed
from tests.independent.formats import decode, open_file
from tests.independent.reader import Folder
from tests.support.laptops import Office
from tests.support.oracle import keys_of, read_by, shown_by

Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Laptops]:
    office = Office(tmp_path)
    ana, ben = office.pair()
    cara = office.join(ana, "Cara Lind", "cl", role="committee")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="first words")
    for laptop in (ana, ben, cara):
        sync.sync_now(laptop)
    yield office, ana, ben, cara
    for laptop in (ana, ben, cara):
        opening.lock(laptop)


def write(laptop: Workspace, words: str) -> None:
    case = laptop.store.select(Case)[0]
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)
        unit.update(Case, case.id, summary=words)
        unit.create(Home, laptop.organisation_stream, street="Elm Row", number=words)
    sync.sync_now(laptop)


def read(office: Office, laptop: Workspace) -> Folder:
    folder = Folder(office.folder, keys_of(laptop))
    assert (folder.problems, folder.refused) == ([], [])
    return folder


def weeks(office: Office, count: int, *some: Workspace) -> None:
    for _ in range(count):
        for laptop in some:
            sync.sync_now(laptop, everything=True)
        office.clock.step(timedelta(days=7))


def test_a_folder_that_was_packed_reads_as_before(laptops: Laptops) -> None:
    office, *everybody = laptops
    ana, ben, cara = everybody
    for number in range(3):
        write(ana, f"Ana {number}")
        sync.sync_now(ben)
        write(ben, f"Ben {number}")
        sync.sync_now(ana)
    for laptop in (cara, ana, ben):
        sync.sync_now(laptop)
    before = {laptop.user: read_by(read(office, laptop)) for laptop in everybody}
    known = {laptop.user: set(read(office, laptop).segments) for laptop in everybody}
    files = {path.name for path in office.files()}
    office.clock.step(timedelta(days=100))
    weeks(office, 6, *everybody)
    gone = files - {path.name for path in office.files()}
    assert len(gone) >= 10, "the originals were deleted"
    for laptop in everybody:
        folder = read(office, laptop)
        assert known[laptop.user] <= set(folder.segments)
        assert read_by(folder) == before[laptop.user] == shown_by(laptop)


def test_a_pack_with_other_bytes_or_of_two_laptops_is_refused_whole(laptops: Laptops) -> None:
    office, ana, ben, _ = laptops
    write(ana, "by Ana")
    write(ben, "by Ben")
    before = read(office, ana)
    with VaultMailbox(ben.store.engine).reading() as box:
        keys = box.envelope_keys()
    outer = keys_of(ben).envelope[0]
    mine = [one for one in before.order if one.device == ana.device]
    his = [one for one in before.order if one.device == ben.device]
    contents = {}
    for one in (*mine[:2], his[0]):
        (path,) = office.folder.rglob(one.file)
        contents[one.name] = open_file(path.read_bytes(), outer[1], ["cwf1/env", before.keys.organisation, outer[0]])
        assert decode(contents[one.name])[0] == one.body
    first, second, other = contents.values()
    spoilt = second[:-1] + bytes([second[-1] ^ 1])
    for packed in ([first, spoilt], [first, other], []):
        data = seal_segment_file(cbor.encode(["cwf1/pack", list(packed)]), keys, ana.keys.organisation)
        path = office.files()[0].parent / name_of(data)
        path.write_bytes(data)
        after = Folder(office.folder, keys_of(ana))
        assert [problem for problem in after.problems if problem.startswith(path.name)], packed
        assert read_by(after) == read_by(before)
        path.unlink()


def test_summaries_add_up_and_a_lie_does_not(laptops: Laptops, monkeypatch: pytest.MonkeyPatch) -> None:
    office, ana, ben, cara = laptops
    monkeypatch.setattr(summaries, "EVERY_CHANGES", 4)
    for number in range(5):
        write(ana, f"Ana {number}")
    with ana.store.unit("test") as (unit, _):
        unit.delete(Note, ana.store.select(Note)[0].id)
    for laptop in (ana, ben, ana, ben, cara):
        sync.sync_now(laptop)
    folder = read(office, ben)
    found = list(summed.summaries(folder, office.folder))
    assert {one.stream for one in found} == {ana.organisation_stream, ana.store.select(Case)[0].stream}
    assert {one.device for one in found} == {ana.device, ben.device}, "and a second person vouches"
    for one in found:
        assert one.state == summed.state_of(folder, one.stream, one.covers)

    write(ben, "left out")
    monkeypatch.setattr(kept, "state_of", lambda connection, stream: cbor.encode([]))
    for number in range(5):
        write(ben, f"Ben {number}")
    sync.sync_now(ben)
    folder = read(office, ben)
    lies = [one for one in summed.summaries(folder, office.folder) if one not in found]
    assert lies and all(one.state != summed.state_of(folder, one.stream, one.covers) for one in lies)


def test_it_imports_nothing_of_the_program() -> None:
    tree = ast.parse(Path(summed.__file__).read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.startswith("core") or ("tests." in name and "independent" not in name)]
