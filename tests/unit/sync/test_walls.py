"""Who cannot read a case: with the product's own reading, and with everything they hold and the raw files."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.crypto.secrets import SecretBytes
from core.crypto.wrap import WrapPrivateKey
from core.domain.case import Case, Note, Report
from core.foundation.errors import IntegrityError, NotAllowed, NotFound
from core.foundation.ids import RecordId, StreamId, UserId
from core.services import access, cases, streams, sync
from core.services.roster import epochs_of, put_epoch, roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine import epochs
from core.sync.engine.envelope import open_segment_file
from core.sync.engine.epochs import EpochKey, Membership, StreamRole
from core.sync.engine.segment import open_section, place_of, read_segment, try_grant
from tests.support.laptops import Office, Template, change_ids_of, every_byte_of, records_of

SECRET_WORDS = (b"Jacaranda", b"stairwell", b"swastika", "Zdzis\u0142aw".encode())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="committee")
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


def open_case(
    workspace: Workspace, *, readers: frozenset[UserId] = frozenset(), conflicted: frozenset[UserId] = frozenset()
) -> tuple[RecordId, StreamId]:
    with workspace.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, workspace, readers=readers, conflicted=conflicted)
        case = unit.create(Case, stream, reference="2026-AR-1", summary="Jacaranda Court stairwell")
        unit.create(Report, stream, case=case, words="A swastika by the door of Zdzis\u0142aw")
    return case, stream


def closure(workspace: Workspace, office: Office) -> tuple[set[bytes], set[StreamId]]:
    """Everything this person could ever derive: their seeds and kept keys, and every file that was ever published,
    closed under opening grants, sections and earlier keys. Sections are tried with every key, tags are not trusted.
    Returns the stream keys reached and the streams of the sections opened.
    """
    keys = workspace.keys
    private = WrapPrivateKey.from_seed(keys.user_wrap_seed)
    with VaultMailbox(workspace.store.engine).reading() as box:
        envelope_keys = box.envelope_keys()
        known = {row.header_hash: EpochKey(row.stream, row.number, row.header_hash, row.key)
                 for row in box.epochs() if row.key is not None}  # fmt: skip
    publics = {laptop.certificate.device: laptop.certificate.public for laptop in roster_of(workspace).devices.values()}
    segments = []
    for path in office.files():
        try:
            segments.append(read_segment(open_segment_file(path.read_bytes(), envelope_keys, keys.organisation)))
        except IntegrityError:
            continue
    assert segments
    opened: dict[tuple[bytes, int], StreamId] = {}
    before = -1
    while before != len(known) + len(opened):
        before = len(known) + len(opened)
        for segment in segments:
            place = place_of(segment, publics[segment.device])
            for grant in segment.grants:
                key = try_grant(grant, private=private, place=place, recipient=keys.user, user_epoch=0)
                if key is not None:
                    known[key.header_hash] = key
            for index, section in enumerate(segment.sections):
                for key in list(known.values()):
                    try:
                        content = open_section(section, key=key, place=place, index=index)
                    except IntegrityError:
                        continue
                    opened[(segment.hash, index)] = content.stream
                    for op in (op for change in content.changes for op in change.ops if op.kind == 7):
                        header = epochs.from_wire(op.value)
                        if epochs.hash_of(header) in known:
                            sek = known[epochs.hash_of(header)].key
                            for item in epochs.earlier_keys(header, sek, organisation=keys.organisation):
                                known[item.header_hash] = item
    return {key.key.reveal() for key in known.values()}, set(opened.values())


def test_a_walled_member_holds_nothing_finds_nothing_and_can_derive_nothing(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    case, stream = open_case(ana, readers=frozenset({ben.user}), conflicted=frozenset({cat.user}))
    for laptop in (ana, ben, cat, ana):
        report = sync.sync_now(laptop)
        assert report.refused == 0 and report.notices == ()
    assert ben.store.get(Report, ben.store.select(Report)[0].id).words.startswith("A swastika")

    heap = every_byte_of(cat)
    assert [word for word in (*SECRET_WORDS, b"2026-AR-1", case, stream) if word in heap] == []
    assert cat.store.count(Case) == cat.store.count(Report) == 0
    assert cases.list_cases(cat, words="Jacaranda").rows == () and cases.list_cases(cat).total == 0
    with pytest.raises(NotFound):
        access.readers_of(cat, case)

    sek = {epoch.key.reveal() for epoch in epochs_of(ana, stream).values() if epoch.key}
    assert sek
    reached, streams_opened = closure(cat, office)
    assert not sek & reached and stream not in streams_opened
    # The same search does reach the case for somebody who was given it: it can find what it looks for.
    reached, streams_opened = closure(ben, office)
    assert sek <= reached and stream in streams_opened


def test_the_folder_shows_no_word_and_no_name(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path)
    ana, ben, _ = laptops.values()
    open_case(ana, readers=frozenset({ben.user}))
    sync.sync_now(ana)
    words = (*SECRET_WORDS, b"Ana Reyes", b"Okafor", b"Hazel Tree", b"2026-AR-1", ana.user, ana.device, b"cwf1/")
    for path in office.files():
        data = path.read_bytes()
        assert [word for word in words if word in data] == []
        assert path.stat().st_size >= 1024 and len(path.name) == 64
    tops = {path.name for path in office.folder.iterdir()}
    assert tops == {"cwf1", "README.txt"}


def test_an_officer_added_later_reads_the_case_from_its_beginning(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    case, stream = open_case(ana, conflicted=frozenset({cat.user}))
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    assert ben.store.count(Case) == 0
    assert [row.name for row in access.readers_of(ana, case)] == ["Ana Reyes"]
    assert [row.name for row in access.may_be_reader(ana, case)] == ["Ben Okafor"]
    assert [row.name for row in access.kept_out_of(ana, case)] == ["Cat Lim"]
    access.add_reader(ana, case, ben.user, "covers for me in August")
    with ana.store.unit("test") as (unit, _):
        unit.create(Note, stream, case=case, body="written after Ben was given access")
    for laptop in (ana, ben, cat):
        assert sync.sync_now(laptop).refused == 0
    assert records_of(ben) == records_of(ana)
    rows = access.readers_of(ben, case)
    assert [(row.name, row.given_by, row.leads) for row in rows] == [
        ("Ana Reyes", "Ana Reyes", True),
        ("Ben Okafor", "Ana Reyes", False),
    ]
    assert rows[1].reason == "covers for me in August"
    assert cat.store.count(Case) == cat.store.count(Note) == 0
    with ben.store.unit("test") as (unit, _):
        unit.update(Case, case, summary="Ben writes too")
    for laptop in (ben, ana):
        sync.sync_now(laptop)
    assert ana.store.get(Case, case).summary == "Ben writes too"


def test_a_walled_person_cannot_be_added(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path)
    ana, _, cat = laptops.values()
    case, _ = open_case(ana, conflicted=frozenset({cat.user}))
    with pytest.raises(NotAllowed):
        access.add_reader(ana, case, cat.user, "by mistake")


def test_a_key_smuggled_to_a_walled_person_is_refused_by_every_honest_laptop(
    template: Template, tmp_path: Path
) -> None:
    _, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    case, stream = open_case(ana, readers=frozenset({ben.user}), conflicted=frozenset({cat.user}))
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    # Ben's laptop runs a changed program: it takes the wall down and gives Cat the key.
    (first,) = epochs_of(ben, stream).values()
    assert first.key is not None
    key = SecretBytes(b"k" * 32)
    smuggled = epochs.EpochHeader(
        stream=stream, kind=first.header.kind, number=2, parents=(first.header_hash,),
        members=tuple(sorted((*first.header.members, Membership(cat.user, 0, StreamRole.READ)), key=lambda m: m.user)),
        conflicted=frozenset(), commitment=epochs.commitment_of(key), reason="x",
        earlier=epochs._seal_earlier(ben.keys.organisation, stream, 2, key,
                                     [EpochKey(stream, 1, first.header_hash, first.key)]),
    )  # fmt: skip
    with ben.store.unit("smuggle") as (unit, _):
        put_epoch(unit, smuggled, key, workspace_user=ben.user, now_ms=0)
        unit.update(Case, case, summary="now Cat sees it")
    sync.sync_now(ben)
    report = sync.sync_now(ana)
    assert report.refused == 1 and any("takes down a wall" in notice for notice in report.notices)
    assert ana.store.get(Case, case).summary == "Jacaranda Court stairwell"
    quiet = sync.sync_now(cat)
    assert quiet.notices == (), "somebody walled off must not learn of the wall"
    assert cat.store.count(Case) == 0 and case not in every_byte_of(cat)


def test_two_people_give_access_at_once_and_both_hold(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path)
    ana, ben, _ = laptops.values()
    dev = office.join(ana, "Dev Patel", "dp")
    eve = office.join(ana, "Eve Marsh", "em")
    case, _ = open_case(ana, readers=frozenset({ben.user}))
    for laptop in (ana, ben, dev, eve):
        sync.sync_now(laptop)
    access.add_reader(ana, case, dev.user, "one")
    access.add_reader(ben, case, eve.user, "two")
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case, place="Block A")
    with ben.store.unit("test") as (unit, _):
        unit.update(Case, case, summary="from Ben")
    for _ in range(2):
        for laptop in (ana, ben, dev, eve):
            assert sync.sync_now(laptop).refused == 0
    assert records_of(ana)["case"] == records_of(ben)["case"] == records_of(dev)["case"] == records_of(eve)["case"]
    names = {row.name for row in access.readers_of(eve, case)}
    assert names == {"Ana Reyes", "Ben Okafor", "Dev Patel", "Eve Marsh"}
    assert change_ids_of(dev) == change_ids_of(eve)


def test_a_committee_member_is_told_at_once_that_they_only_read(template: Template, tmp_path: Path) -> None:
    from core.domain.estate import Home

    _, laptops = template.copy(tmp_path)
    cat = laptops["Cat Lim"]
    with pytest.raises(NotAllowed), cat.store.unit("test") as (unit, _):
        unit.create(Home, cat.organisation_stream, street="Elm Row")
    with pytest.raises(NotAllowed), cat.store.unit("test") as (unit, _):
        streams.open_case_stream(unit, cat, readers=frozenset(), conflicted=frozenset())
