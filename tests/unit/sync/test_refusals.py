"""A colleague's laptop with a changed program breaks a rule: what breaks it is set aside, everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.changes import cbor
from core.changes.change import Change, Op, OpKind
from core.changes.naming import change_id
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.domain.case import Case, Note
from core.domain.organisation import Organisation
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.services import streams, sync
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store import keyring
from core.store.ledger import Arrival, record_arrivals
from core.store.mailbox import VaultMailbox
from core.store.transactions import writing
from core.sync.engine import epochs, roster
from core.sync.engine.envelope import name_of, open_segment_file, seal_segment_file
from core.sync.engine.epochs import Membership, StreamRole, StreamType
from core.sync.engine.segment import make_segment, place_of, read_segment
from tests.support.laptops import Office, Template, every_byte_of, records_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="committee")
    with ana.store.unit("test") as (unit, _):
        readers = frozenset({ben.user, cat.user})
        stream = streams.open_case_stream(unit, ana, readers=readers, conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, cat, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def office_and_laptops(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace, Workspace]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    return office, ana, ben, cat


def slip_in(workspace: Workspace, stream: StreamId, *ops: Op, actor: UserId | None = None, number: int = 1) -> None:
    """Put a change into a vault past every check of its own program."""
    who, hlc = actor or workspace.user, 1 << 16
    change = Change(change_id(who, stream, hlc, number.to_bytes(4, "big")), hlc, who, "slipped-in", ops)
    with writing(workspace.store.engine) as connection:
        record_arrivals(connection, [Arrival(change, stream, workspace.device)])


def new_person(workspace: Workspace) -> roster.Admission:
    signer, laptop = SigningKey.from_seed(SecretBytes(b"5" * 32)), SigningKey.from_seed(SecretBytes(b"6" * 32))
    user, device = UserId(b"5" * 16), DeviceId(b"6" * 16)
    wrap_public = WrapPrivateKey.from_seed(SecretBytes(b"7" * 32)).public
    record = roster.make_user_record(user=user, signer=signer, wrap_public=wrap_public)
    certificate = roster.make_device_certificate(
        organisation=workspace.keys.organisation, user=user, user_signer=signer, device=device, device_signer=laptop
    )
    return roster.Admission(record, certificate, "officer")


def set_summary(case: Case, words: str) -> Op:
    return Op(OpKind.SET, case.id, "case", "summary", words)


def in_another_s_name(ana: Workspace, ben: Workspace) -> None:
    case = ben.store.select(Case)[0]
    slip_in(ben, case.stream, set_summary(case, "forged"), actor=ana.user)


def lets_in_a_stranger(ana: Workspace, ben: Workspace) -> None:
    value = cbor.decode(cbor.encode(new_person(ben).wire()), max_bytes=1 << 16)
    op = Op(roster.ADMIT, RecordId(b"5" * 16), "roster", "", value)  # type: ignore[arg-type]  # CBOR values
    slip_in(ben, ben.organisation_stream, op)


def replaces_the_root(ana: Workspace, ben: Workspace) -> None:
    signer = SigningKey.from_seed(ben.keys.user_sign_seed)
    root = roster.Root(ben.keys.organisation, 1, bytes(32), ((ben.user, signer.public),), 1)
    slip_in(ben, ben.organisation_stream, Op(roster.ROOT, RecordId(ben.user), "roster", "", root.wire()))


def adds_a_laptop_to_another_person(ana: Workspace, ben: Workspace) -> None:
    stranger = new_person(ben).certificate
    value = roster.device_wire(stranger)
    slip_in(ben, ben.organisation_stream, Op(roster.DEVICE, RecordId(ana.user), "roster", "", value))


def hides_a_roster_entry_in_a_case(ana: Workspace, ben: Workspace) -> None:
    case = ben.store.select(Case)[0]
    value = roster.device_wire(roster_of(ben).devices[ben.device].certificate)
    slip_in(ben, case.stream, Op(roster.DEVICE, RecordId(ben.user), "roster", "", value))


def begins_a_case_a_second_time(ana: Workspace, ben: Workspace) -> None:
    case = ben.store.select(Case)[0]
    key = SecretBytes(b"k" * 32)
    header = epochs.first_header(
        stream=case.stream, kind=StreamType.CASE, members=[Membership(ben.user, 0, StreamRole.LEAD)], key=key
    )
    row = keyring.EpochRow(case.stream, epochs.hash_of(header), 1, None, key, None, 0)
    with writing(ben.store.engine) as connection:
        keyring.add_epoch_header(connection, row)  # unknown to Ben's own program, so it travels under the true key
    slip_in(ben, case.stream, Op(OpKind.EPOCH, RecordId(case.stream), "epoch", "", epochs.to_wire(header)))


@pytest.mark.parametrize(
    "misdeed",
    [
        in_another_s_name, lets_in_a_stranger, replaces_the_root, adds_a_laptop_to_another_person,
        hides_a_roster_entry_in_a_case, begins_a_case_a_second_time,
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_set_aside_and_the_rest_goes_on(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
    misdeed: Callable[[Workspace, Workspace], None],
) -> None:
    _, ana, ben, cat = office_and_laptops
    before, people = records_of(ana), set(roster_of(ana).users)
    misdeed(ana, ben)
    sync.sync_now(ben)
    for laptop in (ana, cat):
        report = sync.sync_now(laptop)
        assert report.refused == report.received >= 1 and report.waiting == 0
        assert report.notices and all("set aside" in notice for notice in report.notices)
    assert records_of(ana) == before and set(roster_of(ana).users) == people
    case = ben.store.select(Case)[0]
    with VaultMailbox(ben.store.engine).writing() as box:  # Ben's program is put right again
        for epoch in [epoch for epoch in box.epochs(case.stream) if epoch.author == ben.user]:
            box.forget_epoch(stream=case.stream, header_hash=epoch.header_hash)
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="honest work after it")
    sync.sync_now(ben)
    assert sync.sync_now(ana).refused == 0
    assert [note.body for note in ana.store.select(Note)] == ["honest work after it"]


def test_a_committee_member_s_changes_are_refused_where_they_only_read(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    _, ana, ben, cat = office_and_laptops
    case = cat.store.select(Case)[0]
    assert case.summary == "as it was", "given access, they read it"
    slip_in(cat, case.stream, set_summary(case, "written by somebody who only reads"))
    organisation = cat.store.select(Organisation)[0]
    op = Op(OpKind.SET, organisation.id, "organisation", "phone", "000")
    slip_in(cat, cat.organisation_stream, op, number=2)
    sync.sync_now(cat)
    for laptop in (ana, ben):
        assert sync.sync_now(laptop).refused == 2
        assert laptop.store.select(Case)[0].summary == "as it was"
        assert laptop.store.select(Organisation)[0].phone == ""


def test_what_a_newer_version_wrote_is_kept_and_told(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    _, ana, ben, _ = office_and_laptops
    case = ben.store.select(Case)[0]
    newer = Op(99, case.id, "case", "hologram", b"from next year")
    slip_in(ben, case.stream, newer, Op(OpKind.SET, case.id, "case", "place", "known part"))
    sync.sync_now(ben)
    report = sync.sync_now(ana)
    assert report.refused == 0 and ["newer version" in notice for notice in report.notices] == [True]
    assert b"from next year" in every_byte_of(ana)
    assert ana.store.select(Case)[0].place == "known part"


def resealed(office: Office, workspace: Workspace, change: Callable[[bytes], bytes]) -> None:
    """Put the newest file of a laptop into the folder again with other content, sealed as it should be."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        keys = box.envelope_keys()
        name = box.names_in(["published"], device=workspace.device)[-1]
        data = box.file(name) or b""
    content = change(open_segment_file(data, keys, workspace.keys.organisation))
    made = seal_segment_file(content, keys, workspace.keys.organisation)
    (office.files()[0].parent / name_of(made)).write_bytes(made)


def test_a_segment_signed_by_somebody_else_is_refused_and_the_true_one_still_counts(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, cat = office_and_laptops
    case = ben.store.select(Case)[0]
    with ben.store.unit("test") as (unit, _):
        unit.update(Case, case.id, summary="the true one")
    sync.sync_now(ben)
    mallory = SigningKey.from_seed(cat.keys.device_sign_seed)

    def forge(content: bytes) -> bytes:
        read = read_segment(content)
        return make_segment(
            place=place_of(read, mallory.public), device=read.device, hlc=read.hlc, mark=read.mark, seen=read.seen,
            sections=[], grants=[], signer=mallory,
        )[0]  # fmt: skip

    resealed(office, ben, forge)
    report = sync.sync_now(ana)
    assert report.refused == 1 and "signature" in report.notices[0]
    assert ana.store.select(Case)[0].summary == "the true one"


def test_the_same_segment_in_another_envelope_counts_once(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, _ = office_and_laptops
    case = ben.store.select(Case)[0]
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="once")
    sync.sync_now(ben)
    resealed(office, ben, lambda content: content)
    report = sync.sync_now(ana)
    assert (report.received, report.refused, report.waiting, report.notices) == (2, 0, 0, ())
    assert ana.store.count(Note) == 1


def test_junk_from_somebody_with_the_envelope_key_is_refused_with_a_notice(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, _ = office_and_laptops
    for junk in (b"", b"\x82\x01", cbor.encode(["cwf1/device", [1]]), cbor.encode([b"", b""])):
        resealed(office, ana, lambda _, junk=junk: junk)  # type: ignore[misc]  # bound now, used now
    report = sync.sync_now(ben)
    assert report.refused == 4 and len(report.notices) >= 1
    assert sync.sync_now(ben).refused == 0


def test_a_folder_is_checked_from_its_files(
    office_and_laptops: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, _ = office_and_laptops
    found = sync.verify_shared_folder(ana)
    assert found.sound and found.segments >= 4
    assert found.strangers == 4, "two requests and two admissions"
    assert {head.device for head in found.heads} >= {ana.device}
    case = ben.store.select(Case)[0]
    for words in ("one", "two"):
        with ben.store.unit("test") as (unit, _):
            unit.update(Case, case.id, summary=words)
        before = set(office.files())
        sync.sync_now(ben)
        if words == "one":
            (middle,) = set(office.files()) - before
    data = middle.read_bytes()
    middle.unlink()
    assert [problem.code for problem in sync.verify_shared_folder(ana).problems] == ["gap"]
    middle.write_bytes(data[:-1])
    assert {problem.code for problem in sync.verify_shared_folder(ana).problems} == {"damaged", "gap"}
    middle.write_bytes(data)
    middle.with_name("a copy.txt").write_bytes(data)
    assert [problem.code for problem in sync.verify_shared_folder(ana).problems] == ["strange-name"]
