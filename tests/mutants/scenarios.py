"""Short stories on four real laptops, each of which comes out right only if certain rules hold.

Every story asserts what a person would notice. `test_mutants.py` breaks a rule and wants the story to fail.
Ana is an administrator and leads cases 1 (all read; Cat only reads), 2 (only Ana) and 3 (Ana and Ben; Dev walled off).
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.changes import cbor
from core.changes.change import Change, Op, OpKind
from core.changes.naming import change_id, record_id
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.domain.case import Case, Note
from core.domain.organisation import Organisation
from core.foundation.errors import SharedFolderError
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.services import access, leaving, quarantine, readers, streams, sync
from core.services.roster import epochs_of, put_epoch, roster_of
from core.services.workspace import Workspace
from core.store import keyring
from core.store.ledger import Arrival, record_arrivals
from core.store.mailbox import VaultMailbox
from core.store.transactions import writing
from core.sync.engine import epochs, roster
from core.sync.engine.entries import REMOVE, ROLE
from core.sync.engine.envelope import name_of, open_segment_file, seal_segment_file
from core.sync.engine.epochs import Membership, StreamRole
from core.sync.engine.judging import cut_offs
from core.sync.engine.leaving import Removal, RoleChange
from core.sync.engine.segment import make_segment, place_of, read_segment
from core.sync.transports.folder import FolderTransport
from tests.support.fleet import Fleet
from tests.support.laptops import change_ids_of, records_of
from tests.support.rogue import Rogue

KEY = SecretBytes(b"k" * 32)


def of(fleet: Fleet) -> tuple[Workspace, ...]:
    return tuple(laptop.workspace for laptop in fleet.laptops)


def case_of(workspace: Workspace, number: int) -> Case:
    return next(case for case in workspace.store.select(Case) if case.reference == f"2026-AR-{number}")


def set_summary(workspace: Workspace, number: int, words: str) -> None:
    with workspace.store.unit("test") as (unit, _):
        unit.update(Case, case_of(workspace, number).id, summary=words)


def new_files(fleet: Fleet, at: int) -> list[Path]:
    """One laptop's exchange, and the files it put into the folder."""
    before = set(fleet.office.files())
    sync.sync_now(fleet.laptops[at].workspace, refill=False)
    return sorted(set(fleet.office.files()) - before)


def slip_in(workspace: Workspace, stream: StreamId, *ops: Op, actor: UserId | None = None, number: int = 1) -> None:
    """Put a change into a vault past every check of its own program."""
    who, hlc = actor or workspace.user, workspace.store.clock().last + number
    change = Change(change_id(who, stream, hlc, number.to_bytes(4, "big")), hlc, who, "slipped-in", ops)
    with writing(workspace.store.engine) as connection:
        record_arrivals(connection, [Arrival(change, stream, workspace.device)])


def reaches(fleet: Fleet, sender: int, *receivers: int) -> list[int]:
    """An exchange of the sender, then of the receivers; how many things each of those set aside."""
    sync.sync_now(fleet.laptops[sender].workspace)
    return [sync.sync_now(fleet.laptops[at].workspace).refused for at in receivers]


# ------------------------------------------------------------------ validity


def a_forged_signature(fleet: Fleet) -> None:
    ana, ben, cat, _ = of(fleet)
    set_summary(ben, 1, "the true one")
    (path,) = new_files(fleet, 1)
    with VaultMailbox(ben.store.engine).reading() as box:
        keys = box.envelope_keys()
    read = read_segment(open_segment_file(path.read_bytes(), keys, ben.keys.organisation))
    mallory = SigningKey.from_seed(cat.keys.device_sign_seed)
    content, _ = make_segment(
        place=place_of(read, mallory.public), device=read.device, hlc=read.hlc, mark=read.mark, seen=read.seen,
        sections=[], grants=[], signer=mallory,
    )  # fmt: skip
    forged = seal_segment_file(content, keys, ben.keys.organisation)
    path.unlink()
    path.with_name(name_of(forged)).write_bytes(forged)
    assert sync.sync_now(ana, refill=False).refused == 1


def what_is_built_on_something_missing_waits(fleet: Fleet) -> None:
    ana, ben, _, dev = of(fleet)
    set_summary(ana, 1, "from Ana")
    (first,) = new_files(fleet, 0)
    sync.sync_now(ben)
    set_summary(ben, 1, "Ben over Ana")
    new_files(fleet, 1)
    data = first.read_bytes()
    first.unlink()
    report = sync.sync_now(dev, refill=False)
    assert (report.waiting, case_of(dev, 1).summary) == (1, "as it was")
    first.write_bytes(data)
    sync.sync_now(dev, refill=False)
    assert case_of(dev, 1).summary == "Ben over Ana"


def the_second_of_two_waits_for_the_first(fleet: Fleet) -> None:
    _, ben, _, dev = of(fleet)
    set_summary(ben, 1, "one")
    (first,) = new_files(fleet, 1)
    set_summary(ben, 1, "two")
    new_files(fleet, 1)
    data = first.read_bytes()
    first.unlink()
    assert sync.sync_now(dev, refill=False).waiting == 1 and case_of(dev, 1).summary == "as it was"
    first.write_bytes(data)
    assert sync.sync_now(dev, refill=False).waiting == 0 and case_of(dev, 1).summary == "two"


def a_laptop_used_twice_is_frozen(fleet: Fleet) -> None:
    """Both branches are longer than one step; neither shows, whichever came first, and what was before stays."""
    ana, ben, _, dev = of(fleet)
    set_summary(ben, 1, "before the copy")
    reaches(fleet, 1, 0, 3)
    fleet.twin(1)
    ben, twin = fleet.laptops[1].workspace, fleet.laptops[-1].workspace
    apart = fleet.root / "apart"
    (apart / "cwf1").mkdir(parents=True)
    sync.choose_folder(twin, apart)
    for words in ("one", "two"):
        for who in (ben, twin):
            with who.store.unit("test") as (unit, _):
                unit.create(Note, case_of(who, 1).stream, case=case_of(who, 1).id, body=words)
                unit.update(Case, case_of(who, 1).id, summary=words)
            sync.sync_now(who)
    sync.sync_now(dev)
    assert dev.store.count(Note) == 2, "until the other branch comes nobody can know"
    month = fleet.office.files()[0].parent
    for path in apart.rglob("*"):
        if path.is_file() and len(path.name) == 64:
            shutil.copy(path, month / path.name)
    for laptop in (ana, dev):
        sync.sync_now(laptop, everything=True)
        assert (laptop.store.count(Note), case_of(laptop, 1).summary) == (0, "before the copy")


def a_branch_waits_for_its_own_beginning(fleet: Fleet) -> None:
    """Of a laptop used twice Dev has number n of the one and meets n + 1 of the other first."""
    *_, dev = of(fleet)
    fleet.twin(1)
    ben, twin = fleet.laptops[1].workspace, fleet.laptops[-1].workspace
    apart = fleet.root / "apart"
    (apart / "cwf1").mkdir(parents=True)
    sync.choose_folder(twin, apart)
    set_summary(ben, 1, "of the laptop")
    reaches(fleet, 1, 3)
    for words in ("first of the copy", "second of the copy"):
        set_summary(twin, 1, words)
        before = set(apart.rglob("*"))
        sync.sync_now(twin, refill=False)
        (newest,) = [path for path in set(apart.rglob("*")) - before if len(path.name) == 64]
    month = fleet.office.files()[0].parent
    shutil.copy(newest, month / newest.name)
    report = sync.sync_now(dev)
    assert (report.waiting, case_of(dev, 1).summary) == (1, "of the laptop")


def another_s_name(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    case = case_of(ben, 1)
    slip_in(ben, case.stream, Op(OpKind.SET, case.id, "case", "summary", "forged"), actor=ana.user)
    assert reaches(fleet, 1, 0) == [1] and case_of(ana, 1).summary == "as it was"


def another_s_number(fleet: Fleet) -> None:
    """A record of one case touched through another, and a change under a number that is not its own."""
    ana, ben, _, _ = of(fleet)
    first, third = case_of(ben, 1), case_of(ben, 3)
    slip_in(ben, third.stream, Op(OpKind.SET, first.id, "case", "summary", "through another"))
    assert reaches(fleet, 1, 0) == [1]
    assert case_of(ana, 1).summary == "as it was"


def another_type_of_record(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    case = case_of(ben, 1)
    name = record_id(case.stream, "note", b"1234567")
    slip_in(ben, case.stream, Op(OpKind.SET, name, "case", "summary", "not a case"))
    assert reaches(fleet, 1, 0, 3) == [1, 1]


def a_roster_entry_in_a_case(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    laptop = SigningKey.from_seed(SecretBytes(b"6" * 32))
    certificate = roster.make_device_certificate(
        organisation=ben.keys.organisation, user=ben.user, user_signer=SigningKey.from_seed(ben.keys.user_sign_seed),
        device=roster.laptop_number(laptop.public), device_signer=laptop,
    )  # fmt: skip
    value = roster.device_wire(certificate)
    slip_in(ben, case_of(ben, 1).stream, Op(roster.DEVICE, RecordId(ben.user), "roster", "", value))
    assert reaches(fleet, 1, 0) == [1]


def somebody_who_only_reads_writes(fleet: Fleet) -> None:
    ana, _, cat, _ = of(fleet)
    case = case_of(cat, 1)
    slip_in(cat, case.stream, Op(OpKind.SET, case.id, "case", "summary", "by a reader"))
    assert reaches(fleet, 2, 0, 1) == [1, 1] and case_of(ana, 1).summary == "as it was"


def somebody_writes_who_we_are(fleet: Fleet) -> None:
    """Committee members write nothing there, officers nothing about the organisation and its people."""
    ana, ben, cat, _ = of(fleet)
    known = ana.store.select(Organisation)[0]
    own = record_id(cat.organisation_stream, "home", b"7654321")
    slip_in(cat, cat.organisation_stream, Op(OpKind.SET, own, "home", "street", "Elm Row"))
    slip_in(ben, ben.organisation_stream, Op(OpKind.SET, known.id, "organisation", "phone", "000"))
    assert reaches(fleet, 2, 0) == [1]
    assert reaches(fleet, 1, 0) == [1]


def a_key_given_later_opens_the_past(fleet: Fleet) -> None:
    ana, _, _, dev = of(fleet)
    set_summary(ana, 2, "before Dev")
    reaches(fleet, 0, 3)
    access.add_reader(ana, case_of(ana, 2).id, dev.user, "covers")
    assert reaches(fleet, 0, 3) == [0]
    assert case_of(dev, 2).summary == "before Dev"
    assert records_of(dev)["case"] == [row for row in records_of(ana)["case"] if row["stream"] in streams_of(dev)]


def streams_of(workspace: Workspace) -> set[bytes]:
    return {case.stream for case in workspace.store.select(Case)}


# ------------------------------------------------------------------ membership


def begin(workspace: Workspace, number: int, *, walled: frozenset[UserId], **members: StreamRole) -> None:
    """A next epoch of a case by a changed program, with whatever readers and walls it likes. Members by name."""
    case = case_of(workspace, number)
    known = epochs_of(workspace, case.stream)
    newest = max(known.values(), key=lambda one: one.header.number)
    assert newest.key is not None
    users = {name.split()[0].lower(): user for user, name in access.names_of(workspace).items()}
    made = epochs.EpochHeader(
        stream=case.stream, kind=newest.header.kind, number=newest.header.number + 1, parents=(newest.header_hash,),
        members=tuple(sorted((Membership(users[n], 0, role) for n, role in members.items()), key=lambda m: m.user)),
        conflicted=walled, commitment=epochs.commitment_of(KEY),
    )  # fmt: skip
    with workspace.store.unit("test") as (unit, _):
        put_epoch(unit, made, KEY, workspace_user=workspace.user, now_ms=0)
        unit.update(Case, case.id, summary="under the new key")


def a_wall_taken_down(fleet: Fleet) -> None:
    """Not even by who leads the case."""
    ana, _, _, dev = of(fleet)
    begin(ana, 3, walled=frozenset(), ana=StreamRole.LEAD, ben=StreamRole.WRITE, dev=StreamRole.READ)
    assert reaches(fleet, 0, 1) == [1]
    sync.sync_now(dev)
    assert not [case for case in dev.store.select(Case) if case.reference == "2026-AR-3"]


def a_key_for_somebody_walled_off(fleet: Fleet) -> None:
    _, ben, _, dev = of(fleet)
    walled = frozenset({dev.user})
    begin(ben, 3, walled=walled, ana=StreamRole.LEAD, ben=StreamRole.WRITE, dev=StreamRole.READ)
    assert reaches(fleet, 1, 0) == [1]


def a_reader_taken_away_by_who_does_not_lead(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    begin(ben, 1, walled=frozenset(), ana=StreamRole.LEAD, ben=StreamRole.WRITE, cat=StreamRole.READ)
    assert reaches(fleet, 1, 0, 2) == [1, 1]


def a_lead_made_by_who_does_not_lead(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    everybody = {"ana": StreamRole.LEAD, "cat": StreamRole.READ, "dev": StreamRole.WRITE}
    begin(ben, 1, walled=frozenset(), ben=StreamRole.LEAD, **everybody)
    assert reaches(fleet, 1, 0, 3) == [1, 1]


def a_reader_added_by_who_only_reads(fleet: Fleet) -> None:
    _, _, cat, _ = of(fleet)
    case = case_of(cat, 1)
    (first,) = epochs_of(cat, case.stream).values()
    members = [replace(one, role=max(one.role, StreamRole.WRITE)) for one in first.header.members]
    made = epochs.following_header(
        organisation=cat.keys.organisation, parents=[first.header], key=KEY, earlier=[], members=members
    )
    row = keyring.EpochRow(case.stream, epochs.hash_of(made), 2, epochs.encode(made), KEY, None, 0)
    with writing(cat.store.engine) as connection:
        keyring.add_epoch_header(connection, row)
    slip_in(cat, case.stream, Op(OpKind.EPOCH, RecordId(case.stream), "epoch", "", epochs.to_wire(made)))
    assert reaches(fleet, 2, 0) == [1]


def another_key_than_promised(fleet: Fleet) -> None:
    """Ben gives the others a key that is not the one his header commits to."""
    _, ben, _, dev = of(fleet)
    case = case_of(ben, 1)
    (first,) = epochs_of(ben, case.stream).values()
    made = epochs.following_header(
        organisation=ben.keys.organisation, parents=[first.header], key=SecretBytes(b"a" * 32), earlier=[],
        members=first.header.members,
    )  # fmt: skip
    row = keyring.EpochRow(case.stream, epochs.hash_of(made), 2, None, KEY, None, 0)
    with writing(ben.store.engine) as connection:
        keyring.add_epoch_header(connection, row)
    op = Op(OpKind.SET, case.id, "case", "summary", "under a key of his own")
    slip_in(ben, case.stream, Op(OpKind.EPOCH, RecordId(case.stream), "epoch", "", epochs.to_wire(made)), op)
    assert reaches(fleet, 1, 0, 3) == [1, 1] and case_of(dev, 1).summary == "as it was"


def a_stream_begun_twice(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    case = case_of(ben, 1)
    made = epochs.first_header(
        stream=case.stream, kind=epochs.StreamType.CASE, key=KEY, members=[Membership(ben.user, 0, StreamRole.LEAD)]
    )
    row = keyring.EpochRow(case.stream, epochs.hash_of(made), 1, None, KEY, None, 0)
    with writing(ben.store.engine) as connection:
        keyring.add_epoch_header(connection, row)
    slip_in(ben, case.stream, Op(OpKind.EPOCH, RecordId(case.stream), "epoch", "", epochs.to_wire(made)))
    assert reaches(fleet, 1, 0) == [1]
    assert len(epochs_of(fleet.laptops[0].workspace, case.stream)) == 1


def a_case_opened_by_the_committee(fleet: Fleet) -> None:
    ana, _, cat, _ = of(fleet)
    stream = StreamId(b"stream of sixtee")
    members = sorted([Membership(cat.user, 0, StreamRole.LEAD), Membership(ana.user, 0, StreamRole.WRITE)],
                     key=lambda member: member.user)  # fmt: skip
    made = epochs.first_header(stream=stream, kind=epochs.StreamType.CASE, key=KEY, members=members)
    with writing(cat.store.engine) as connection:
        keyring.add_epoch_header(connection, keyring.EpochRow(stream, epochs.hash_of(made), 1, None, KEY, None, 0))
    slip_in(cat, stream, Op(OpKind.EPOCH, RecordId(stream), "epoch", "", epochs.to_wire(made)))
    assert reaches(fleet, 2, 0) == [1]


def readers_changed_at_two_places(fleet: Fleet) -> None:
    """Ana takes nobody in that Ben did not know of, and the other way round: in the end all read."""
    ana, ben, cat, dev = of(fleet)
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-9", summary="two at once")
    reaches(fleet, 0, 1)
    access.add_reader(ana, case, dev.user, "one")
    access.add_reader(ben, case, cat.user, "two")
    for _ in range(3):
        for laptop in (ana, ben, dev, cat):
            assert sync.sync_now(laptop).refused == 0
    for laptop in (ana, ben, cat, dev):
        assert {row.name for row in access.readers_of(laptop, case)} == set(fleet.keys)
    set_summary(ana, 9, "for all")
    reaches(fleet, 0, 1, 2, 3)
    assert [case_of(laptop, 9).summary for laptop in (ben, cat, dev)] == ["for all"] * 3


def two_taken_off_a_case_at_once(fleet: Fleet) -> None:
    ana, ben, cat, _ = of(fleet)
    for who in (ben, cat):
        readers.remove_reader(ana, case=case_of(ana, 1).id, user=who.user, reason="works on it no more")
    assert reaches(fleet, 0, 1, 2) == [0, 0]
    assert not [case for who in (ben, cat) for case in who.store.select(Case) if case.reference == "2026-AR-1"]


def nobody_knows_more_than_they_were_given(fleet: Fleet) -> None:
    ana, _, _, dev = of(fleet)
    access.add_reader(ana, case_of(ana, 2).id, fleet.laptops[1].workspace.user, "covers")
    set_summary(ana, 2, "not for Dev")
    fleet.exchange(0)
    for at in range(1, 4):
        fleet.exchange(at)
    secret = {case_of(ana, number).stream for number in (2, 3)}
    reached = {stream for stream, _ in fleet.world.reach(fleet.actor(fleet.laptops[3])).values()}
    assert not secret & reached and case_of(dev, 1).stream in reached
    assert secret <= {stream for stream, _ in fleet.world.reach(fleet.actor(fleet.laptops[0])).values()}


def let_in_by_who_may_not(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    signer, laptop = SigningKey.from_seed(SecretBytes(b"5" * 32)), SigningKey.from_seed(SecretBytes(b"6" * 32))
    user, device = UserId(b"5" * 16), DeviceId(b"6" * 16)
    record = roster.make_user_record(
        user=user, signer=signer, wrap_public=WrapPrivateKey.from_seed(SecretBytes(b"7" * 32)).public
    )
    certificate = roster.make_device_certificate(
        organisation=ben.keys.organisation, user=user, user_signer=signer, device=device, device_signer=laptop
    )
    value = cbor.decode(cbor.encode(roster.Admission(record, certificate, "officer").wire()), max_bytes=1 << 16)
    slip_in(ben, ben.organisation_stream, Op(roster.ADMIT, RecordId(user), "roster", "", value))  # type: ignore[arg-type]
    assert reaches(fleet, 1, 0) == [1] and user not in roster_of(ana).users


def another_s_keys_replaced(fleet: Fleet) -> None:
    """Ana herself, an administrator, lets Dev in again with keys of her own making."""
    ana, ben, _, dev = of(fleet)
    signer, laptop = SigningKey.from_seed(SecretBytes(b"5" * 32)), SigningKey.from_seed(SecretBytes(b"6" * 32))
    record = roster.make_user_record(
        user=dev.user, signer=signer, wrap_public=WrapPrivateKey.from_seed(SecretBytes(b"7" * 32)).public
    )
    certificate = roster.make_device_certificate(
        organisation=ana.keys.organisation, user=dev.user, user_signer=signer, device=DeviceId(b"6" * 16),
        device_signer=laptop,
    )  # fmt: skip
    value = cbor.decode(cbor.encode(roster.Admission(record, certificate, "officer").wire()), max_bytes=1 << 16)
    slip_in(ana, ana.organisation_stream, Op(roster.ADMIT, RecordId(dev.user), "roster", "", value))  # type: ignore[arg-type]
    assert reaches(fleet, 0, 1) == [1]
    assert roster_of(ben).devices.keys() == roster_of(dev).devices.keys()


# ------------------------------------------------------------------ folder


def a_damaged_file_is_looked_at_again(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    set_summary(ben, 1, "whole in the end")
    (path,) = new_files(fleet, 1)
    data = path.read_bytes()
    path.write_bytes(data[:-7])
    sync.sync_now(ana, refill=False)
    path.write_bytes(data)
    sync.sync_now(ana, refill=False)
    assert case_of(ana, 1).summary == "whole in the end"


def what_could_not_be_written_stays_outgoing(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    set_summary(ben, 1, "sent at last")
    with pytest.MonkeyPatch.context() as full:

        def refuse(*_: object) -> None:
            raise SharedFolderError(reason="full")

        full.setattr(FolderTransport, "put_if_absent", refuse)
        sync.sync_now(ben)
    reaches(fleet, 1, 0)
    assert case_of(ana, 1).summary == "sent at last"


def the_folder_s_loss_is_nobody_s(fleet: Fleet) -> None:
    ana, ben, _, dev = of(fleet)
    set_summary(ben, 1, "kept by two")
    (path,) = new_files(fleet, 1)
    sync.sync_now(ana)
    before = change_ids_of(ana)
    path.unlink()
    for at in (0, 1):
        fleet.exchange(at, everything=True)
    assert change_ids_of(ana) == before and case_of(ana, 1).summary == "kept by two"
    sync.sync_now(ana, everything=True)
    sync.sync_now(dev, everything=True)
    assert case_of(dev, 1).summary == "kept by two", "whoever has it puts it back"


def a_spoilt_file_is_mended(fleet: Fleet) -> None:
    _, ben, _, dev = of(fleet)
    set_summary(ben, 1, "mended")
    (path,) = new_files(fleet, 1)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(bytes(data))
    sync.sync_now(ben, everything=True)
    sync.sync_now(dev, refill=False)
    assert case_of(dev, 1).summary == "mended" and sha256(path.read_bytes()).hex() == path.name


def a_vault_put_back_from_a_copy(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    fleet.back_up(1)
    set_summary(fleet.laptops[1].workspace, 1, "after the copy")
    reaches(fleet, 1, 0)
    device = fleet.laptops[1].workspace.store.author.device
    fleet.restore(1)
    ben = fleet.laptops[1].workspace
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, case_of(ben, 1).stream, case=case_of(ben, 1).id, body="on the restored laptop")
    reaches(fleet, 1, 0)
    assert ben.store.author.device != device
    assert case_of(ana, 1).summary == "after the copy" and ana.store.count(Note) == 1


def nothing_is_written_through_a_link(fleet: Fleet) -> None:
    """Somebody else who writes in the folder has put a link where the month's files belong."""
    _, ben, _, _ = of(fleet)
    elsewhere = fleet.root / "elsewhere"
    elsewhere.mkdir()
    month = fleet.office.files()[0].parent
    month.rename(month.with_name("2026-10"))
    month.symlink_to(elsewhere)
    set_summary(ben, 1, "stays here")
    with contextlib.suppress(SharedFolderError):
        sync.sync_now(ben, refill=False)
    assert list(elsewhere.iterdir()) == []


def a_conflicted_copy_is_read(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    set_summary(ben, 1, "under another name")
    (path,) = new_files(fleet, 1)
    path.rename(path.with_name("conflicted copy (Ben).txt"))
    sync.sync_now(ana, refill=False)
    assert case_of(ana, 1).summary == "under another name"


# ------------------------------------------------------------------ leaving


def heads_of(workspace: Workspace) -> dict[DeviceId, tuple[int, bytes]]:
    with VaultMailbox(workspace.store.engine).reading() as box:
        return {device: (head.seq, head.body_hash) for device, head in box.heads().items()}


def slip_in_entry(workspace: Workspace, kind: int, value: object) -> None:
    """An entry of the roster past every check of its own program, in the organisation's stream."""
    op = Op(kind, RecordId(workspace.user), "roster", "", value)  # type: ignore[arg-type]  # CBOR values
    slip_in(workspace, workspace.organisation_stream, op)


def nothing_new_is_derivable_after_a_removal(fleet: Fleet) -> None:
    """Dev keeps his laptop, his vault and every file ever published, and looks at what comes after him."""
    ana, _, _, dev = of(fleet)
    for at in (3, 0, 1):
        fleet.exchange(at)
    before = fleet.actor(fleet.laptops[3])
    leaving.remove_colleague(ana, user=dev.user, reason="has left")
    for at, words in ((0, "after Dev left"), (1, "and by Ben")):
        fleet.exchange(at)
        set_summary(of(fleet)[at], 1, words)
        files = set(fleet.office.files())
        fleet.exchange(at)
    fleet.exchange(0)
    assert case_of(ana, 1).summary == "and by Ben"
    newest = [path.name for path in set(fleet.office.files()) - files]
    opened = {name for body, name in fleet.world.opened_by(before) if body}
    assert newest and not opened & set(newest), "the outside of what comes after him stays shut"
    assert opened, "what was there before is his for ever"
    with_outer_keys = replace(before, envelope=frozenset(fleet.ever_envelope))
    reached = fleet.world.reach(with_outer_keys)
    later = [
        (name, epoch)
        for stream in (ana.organisation_stream, case_of(ana, 1).stream)
        for name, epoch in epochs_of(ana, stream).items()
        if epoch.header.number > 1
    ]
    assert len(later) >= 2 and not {name for name, _ in later} & reached.keys()
    assert not {epoch.key.reveal() for _, epoch in later if epoch.key} & {key for _, key in reached.values()}


def what_comes_after_a_removal_waits(fleet: Fleet) -> None:
    """What Dev wrote before counts; one entry of a program that does not care waits to be looked at, and is adopted."""
    ana, ben, _, dev = of(fleet)
    set_summary(dev, 1, "before the removal")
    reaches(fleet, 3, 0, 1)
    rogue = Rogue(dev)
    leaving.remove_colleague(ana, user=dev.user, reason="has left")
    reaches(fleet, 0, 1)
    case = case_of(dev, 1)
    late = rogue.change(case.stream, [[1, case.id, "case", "summary", "too late", []]])
    name, data = rogue.segment([(case.stream, [late])])
    (fleet.office.files()[0].parent / name).write_bytes(data)
    for laptop in (ana, ben):
        assert sync.sync_now(laptop).refused == 0
        assert case_of(laptop, 1).summary == "before the removal"
    assert quarantine.late_count(ana) == 1
    quarantine.adopt(ana, changes=[late[0]])
    reaches(fleet, 0, 1)
    for laptop in (ana, ben):
        assert case_of(laptop, 1).summary == "too late", "adopted, it counts like any other"


def removed_by_who_may_not(fleet: Fleet) -> None:
    ana, ben, _, dev = of(fleet)
    fleet.exchange(3)
    fleet.exchange(1)
    entry = Removal(dev.user, None, cut_offs(roster_of(ben), heads_of(ben), dev.user), "because")
    slip_in_entry(ben, REMOVE, entry.wire())
    assert reaches(fleet, 1, 0) == [1]
    assert roster_of(ana).role_of(dev.user) == "officer"


def a_removal_dated_back(fleet: Fleet) -> None:
    """Ana has seen two things of Dev's and says she had seen none: what he wrote must not vanish by that."""
    ana, ben, _, dev = of(fleet)
    for words in ("one", "two"):
        set_summary(dev, 1, words)
        reaches(fleet, 3, 0, 1)
    with ana.store.unit("test") as (unit, _):
        unit.create(Note, case_of(ana, 1).stream, case=case_of(ana, 1).id, body="she has said what she had seen")
    reaches(fleet, 0, 1)
    slip_in_entry(ana, REMOVE, Removal(dev.user, None, (), "dated back").wire())
    reaches(fleet, 0, 1)
    assert case_of(ben, 1).summary == "two" and roster_of(ben).role_of(dev.user) == "officer"


def a_role_given_by_who_may_not(fleet: Fleet) -> None:
    ana, ben, cat, _ = of(fleet)
    fleet.exchange(1)
    entry = RoleChange(cat.user, "administrator", cut_offs(roster_of(ben), heads_of(ben), cat.user))
    slip_in_entry(ben, ROLE, entry.wire())
    assert reaches(fleet, 1, 0) == [1]
    assert roster_of(ana).role_of(cat.user) == "committee"


def a_case_judged_late_by_who_does_not_lead(fleet: Fleet) -> None:
    """Ben reads the case and does not lead it: he takes nothing over."""
    ana, ben, _, dev = of(fleet)
    rogue = Rogue(dev)
    leaving.remove_colleague(ana, user=dev.user, reason="has left")
    reaches(fleet, 0, 1)
    case = case_of(dev, 1)
    late = rogue.change(case.stream, [[1, case.id, "case", "summary", "too late", []]])
    name, data = rogue.segment([(case.stream, [late])])
    (fleet.office.files()[0].parent / name).write_bytes(data)
    reaches(fleet, 0, 1)
    slip_in(ben, case.stream, Op(OpKind.ADOPT, RecordId(case.stream), "late", "", [late[0]]))
    assert reaches(fleet, 1, 0) == [1] and case_of(ana, 1).summary == "as it was"
