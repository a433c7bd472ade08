"""A laptop's old files in one file a month: the folder shrinks, nobody loses anything, and nobody can be made to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.changes import cbor
from core.domain.case import Case, Note
from core.services import access, leaving, opening, organisation, streams, sync
from core.services.exchange import me_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.store.schema import CHANGE
from core.sync.engine.envelope import name_of, open_segment_file, seal_segment_file
from core.sync.packing import PACK
from tests.support.laptops import PASSPHRASE, Office, Template, change_ids_of, records_of

Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Three laptops with a hundred days behind them: Ana and Ben wrote a lot at the beginning."""
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cara = office.join(ana, "Cara Lind", "cl", role="committee")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="first words")
    for laptop in (ana, ben, cara):
        sync.sync_now(laptop)
    for number in range(6):
        write(ana, f"Ana {number}")
        sync.sync_now(ben)
        write(ben, f"Ben {number}")
        sync.sync_now(ana)
    sync.sync_now(cara)
    office.clock.step(timedelta(days=100))
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cara Lind": cara})


@pytest.fixture
def laptops(template: Template, tmp_path: Path) -> Iterator[Laptops]:
    office, found = template.copy(tmp_path)
    ana, ben, cara = found.values()
    yield office, ana, ben, cara
    for laptop in (ana, ben, cara):
        opening.lock(laptop)


def write(laptop: Workspace, words: str) -> None:
    case = laptop.store.select(Case)[0]
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)
        unit.update(Case, case.id, summary=words)
    sync.sync_now(laptop)


def weeks(office: Office, count: int, *some: Workspace) -> None:
    for _ in range(count):
        for laptop in some:
            sync.sync_now(laptop, everything=True)
        office.clock.step(timedelta(days=7))


def packs_in(office: Office, laptop: Workspace) -> list[Path]:
    with VaultMailbox(laptop.store.engine).reading() as box:
        packs = set(box.packed().values())
    return [path for path in office.files() if path.name in packs]


def test_old_files_become_one_a_laptop_and_month_and_everybody_has_everything(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    before = len(office.files())
    wanted = {laptop.device: records_of(laptop) for laptop in laptops[1:]}
    weeks(office, 1, ana, ben, cara)
    assert len(office.files()) >= before, "nothing is deleted before the packs were read back"
    weeks(office, 4, ana, ben, cara)
    packs = packs_in(office, ana)
    assert len(packs) >= 2
    old = [path for path in office.files() if path.parent.name == "2026-11" and path not in packs]
    assert len(old) <= 4, "what stays are requests, admissions and single files"
    weeks(office, 3, ana, ben, cara)
    assert packs_in(office, ben) == packs_in(office, cara) == packs, "what is packed is not put back by others"
    assert not set(old) - set(office.files())
    for laptop in laptops[1:]:
        assert records_of(laptop) == wanted[laptop.device]
        assert sync.verify_shared_folder(laptop).problems == ()

    # Who joins now reads the packs and has the same as everybody.
    dan = office.join(ana, "Dan Moss", "dm")
    for _ in range(2):
        sync.sync_now(dan, everything=True)
        sync.sync_now(ana)
    assert change_ids_of(dan) == [one for one in change_ids_of(ana) if one in set(change_ids_of(dan))]
    assert records_of(dan)["member"] == records_of(ana)["member"] and records_of(dan)["member"]
    opening.lock(dan)


def test_a_pack_is_the_originals(laptops: Laptops, tmp_path: Path) -> None:
    """Somebody who joins, shown only packs, ends with the same as shown only the originals."""
    office, ana, ben, _ = laptops
    office.ask(ana, "Dan Moss", "dm", "officer")
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    dan = organisation.admit(ana, request=request.id).user
    case = ana.store.select(Case)[0]
    access.add_reader(ana, case.id, dan, "shared")
    sync.sync_now(ana)
    shutil.copytree(office.root / "Dan Moss", office.root / "Dan again")
    originals = {path.name: path.read_bytes() for path in office.files()}
    weeks(office, 1, ana, ben, ana)
    packs = {path.name: path.read_bytes() for path in packs_in(office, ana)}
    with VaultMailbox(ana.store.engine).reading() as box:
        keys, packed = box.envelope_keys(), box.packed()
    inside = set()
    for data in packs.values():
        label, contents = cbor.decode(open_segment_file(data, keys, ana.keys.organisation), max_bytes=2**26)  # type: ignore[misc]
        assert label == PACK
        inside |= {bytes(content) for content in contents}  # type: ignore[union-attr]
    singly = {open_segment_file(originals[name], keys, ana.keys.organisation) for name in packed if name in originals}
    assert inside == singly and len(inside) > 10, "the very bytes that were signed"

    found = []
    rest = {name: data for name, data in originals.items() if name not in packed}
    for vault, files in (("Dan Moss", originals), ("Dan again", {**rest, **packs})):
        shutil.rmtree(office.folder / "cwf1")
        place = office.folder / "cwf1" / "2027-03"
        place.mkdir(parents=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        reader = opening.finish_joining(office.root / vault, PASSPHRASE, parts=office.parts)
        assert sync.sync_now(reader, everything=True, refill=False).waiting == 0
        found.append((records_of(reader), what_came(reader)))
        assert reader.store.count(Note) == 12
        opening.lock(reader)
    assert found[0] == found[1]


def what_came(laptop: Workspace) -> set[bytes]:
    """The changes of others: a reader may vouch for a summary by a change of their own."""
    with laptop.store.reading() as connection:
        return set(connection.execute(select(CHANGE.c.id).where(CHANGE.c.device != laptop.device)).scalars())


def test_a_damaged_pack_replaces_nothing_and_is_mended(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    weeks(office, 1, ana)
    (pack, *_) = packs_in(office, ana)
    whole = pack.read_bytes()
    damaged = bytearray(whole)
    damaged[len(damaged) // 2] ^= 1
    pack.write_bytes(damaged)
    before = set(office.files())
    sync.sync_now(ben)
    assert pack not in packs_in(office, ben) and set(office.files()) >= before
    weeks(office, 3, ana, ben, cara)
    assert pack.read_bytes() == whole, "its maker mends it before anything is deleted"
    assert records_of(ben)["note"] == records_of(ana)["note"]


def test_while_one_laptop_is_away_nothing_is_deleted_for_90_days(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    weeks(office, 1, ana, ben, cara)
    files = {path.name for path in office.files()}
    weeks(office, 5, ana, ben)
    with VaultMailbox(ana.store.engine).reading() as box:
        mine = [name for name in box.packed() if box.file(name) is not None and name in files]
    kept = {path.name for path in office.files()}
    assert set(mine) <= kept, "Cara's laptop has not said that it knows"
    weeks(office, 14, ana, ben)
    assert not set(mine) & {path.name for path in office.files()}


def test_a_pack_of_somebody_else_s_work_takes_nothing_away(laptops: Laptops) -> None:
    """Ben packs Ana's files and deletes hers: whoever held them still does, and the folder is whole again."""
    office, ana, ben, cara = laptops
    wanted = records_of(ana)
    with VaultMailbox(ben.store.engine).reading() as box:
        keys = box.envelope_keys()
        names = [name for name, _ in box.packable(ana.device, before_ms=2**50)]
        contents = [open_segment_file(box.file(name) or b"", keys, me_of(ben).organisation) for name in names]
    forged = [*contents[:-1], contents[-1][:-1] + bytes([contents[-1][-1] ^ 1])]
    for made in (contents, forged):
        data = seal_segment_file(cbor.encode([PACK, list(made)]), keys, me_of(ben).organisation)
        (office.folder / "cwf1" / f"{office.clock.now():%Y-%m}").mkdir(exist_ok=True)
        (office.folder / "cwf1" / f"{office.clock.now():%Y-%m}" / name_of(data)).write_bytes(data)
    for path in office.files():
        if path.name in names:
            path.unlink()
    for _ in range(2):
        for laptop in (cara, ana):
            sync.sync_now(laptop, everything=True)
    for path in packs_in(office, cara):
        path.unlink()
    for _ in range(2):
        for laptop in (cara, ana, ben):
            sync.sync_now(laptop, everything=True, answer=True)
    assert records_of(ana) == wanted
    dan = office.join(ana, "Dan Moss", "dm")
    sync.sync_now(dan, everything=True)
    assert records_of(dan)["member"] == records_of(ana)["member"]
    opening.lock(dan)


def test_hostile_packs_are_refused_in_one_way(laptops: Laptops) -> None:
    office, ana, ben, _ = laptops
    with VaultMailbox(ana.store.engine).reading() as box:
        keys = box.envelope_keys()
        one = open_segment_file(box.file(box.packable(ana.device, before_ms=2**50)[0][0]) or b"", keys,
                                me_of(ana).organisation)  # fmt: skip
        other = open_segment_file(box.file(box.packable(ben.device, before_ms=2**50)[0][0]) or b"", keys,
                                  me_of(ana).organisation)  # fmt: skip
    folder = office.folder / "cwf1" / f"{office.clock.now():%Y-%m}"
    folder.mkdir(exist_ok=True)
    hostile = set()
    for parts in ([], [one, other], [b""], ["text"], 7, [[one]], [one, b"\x80"]):
        data = seal_segment_file(cbor.encode([PACK, parts]), keys, me_of(ana).organisation)  # type: ignore[list-item]
        (folder / name_of(data)).write_bytes(data)
        hostile.add(name_of(data))
    before = records_of(ben)
    report = sync.sync_now(ben)
    assert report.refused == 7 and records_of(ben) == before
    with VaultMailbox(ben.store.engine).reading() as box:
        assert not hostile & set(box.packed().values())


def test_an_administrator_packs_what_a_removed_colleague_left(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    with VaultMailbox(ana.store.engine).reading() as box:
        his = {name for name, _ in box.packable(ben.device, before_ms=2**50)}
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync.sync_now(ana)
    wanted = records_of(ana)
    weeks(office, 5, ana, cara)
    with VaultMailbox(ana.store.engine).reading() as box:
        packed = box.packed()
    assert his and his <= set(packed)
    there = {path.name for path in office.files()}
    assert not his & there and {packed[name] for name in his} <= there
    assert records_of(ana)["note"] == wanted["note"]
    assert sync.verify_shared_folder(ana).problems == ()
