"""Somebody let in who means harm, with a changed program: what they can write must cost nobody a record or a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.changes.change import Change, Op, OpKind
from core.changes.naming import change_id
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.domain.case import Case, Note
from core.domain.estate import Home
from core.domain.organisation import Member, Organisation
from core.foundation.ids import ChangeId, RecordId, StreamId
from core.services import access, opening, streams, sync
from core.services.roster import epochs_of, put_epoch, roster_of
from core.services.workspace import Workspace
from core.store import keyring
from core.store.ledger import Arrival, record_arrivals
from core.store.mailbox import VaultMailbox
from core.store.transactions import writing
from core.sync.engine import epochs, roster
from core.sync.engine.envelope import name_of, seal_segment_file
from core.sync.engine.epochs import EpochHeader, Membership, StreamRole, StreamType
from core.sync.engine.farewell import Farewell, op_of
from core.sync.engine.segment import certificate_content
from tests.support.laptops import Office, Template, change_ids_of, records_of

KEY = SecretBytes(b"k" * 32)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="committee")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user, cat.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, cat, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def three(template: Template, tmp_path: Path) -> tuple[Workspace, Workspace, Workspace]:
    _, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    return ana, ben, cat


def slip_in(
    workspace: Workspace, stream: StreamId, *ops: Op, number: int = 1, name: ChangeId | None = None
) -> None:
    """Put a change into a vault past every check of its own program."""
    hlc = workspace.store.clock().last + number
    made = name or change_id(workspace.user, stream, hlc, number.to_bytes(4, "big"))
    change = Change(made, hlc, workspace.user, "slipped-in", ops)
    with writing(workspace.store.engine) as connection:
        record_arrivals(connection, [Arrival(change, stream, workspace.device)])


def slip_in_header(workspace: Workspace, stream: StreamId, header: EpochHeader, *, number: int = 1) -> None:
    """As `slip_in`, for a header of whatever stream; its own program will make the grants."""
    row = keyring.EpochRow(stream, epochs.hash_of(header), header.number, None, KEY, None, 0)
    with writing(workspace.store.engine) as connection:
        keyring.add_epoch_header(connection, row)
    op = Op(OpKind.EPOCH, stream, "epoch", "", epochs.to_wire(header))  # type: ignore[arg-type]  # on purpose
    slip_in(workspace, stream, op, number=number)


def members(*users: tuple[Workspace, StreamRole]) -> tuple[Membership, ...]:
    found = (Membership(workspace.user, 0, role) for workspace, role in users)
    return tuple(sorted(found, key=lambda member: member.user))


@pytest.mark.parametrize("where", ["organisation", "case"])
@pytest.mark.parametrize("villain", ["officer", "committee"])
@pytest.mark.parametrize("about", ["this stream", "another stream"])
def test_a_false_wall_takes_no_stream_away(
    three: tuple[Workspace, Workspace, Workspace], where: str, villain: str, about: str
) -> None:
    ana, ben, cat = three
    who, victim = (ben, ana) if villain == "officer" else (cat, ben)
    case = ana.store.select(Case)[0]
    stream = case.stream if where == "case" else ana.organisation_stream
    header = epochs.first_header(
        stream=stream if about == "this stream" else StreamId(b"a" * 16), kind=StreamType.CASE,
        members=members((who, StreamRole.LEAD)), key=KEY, conflicted=frozenset({victim.user}),
    )  # fmt: skip
    slip_in_header(who, stream, header)
    sync.sync_now(who)
    report = sync.sync_now(victim)
    assert report.refused == 1 and report.notices
    assert any(epoch.key for epoch in epochs_of(victim, stream).values())
    with ana.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="after the attack")
        unit.update(Organisation, ana.store.select(Organisation)[0].id, phone="123")
    sync.sync_now(ana)
    sync.sync_now(victim)
    assert [note.body for note in victim.store.select(Note)] == ["after the attack"]
    assert victim.store.select(Organisation)[0].phone == "123"


def test_a_false_wall_before_access_does_not_keep_the_case_away(
    three: tuple[Workspace, Workspace, Workspace],
) -> None:
    ana, ben, cat = three
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-2", summary="to be shared")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    # Ben, who reads it, tells Cat's laptop that Cat is walled off, under a key and a header of his own making.
    (first,) = epochs_of(ben, stream).values()
    header = epochs.following_header(
        organisation=ben.keys.organisation, parents=[first.header], key=KEY, earlier=[],
        members=members((ben, StreamRole.LEAD), (cat, StreamRole.READ)), conflicted=frozenset({cat.user}),
    )  # fmt: skip
    with ben.store.unit("test") as (unit, _):
        put_epoch(unit, header, KEY, workspace_user=ben.user, now_ms=0)
    sync.sync_now(ben)
    access.add_reader(ana, case, cat.user, "needs to know")
    sync.sync_now(ana)
    sync.sync_now(cat)
    assert {row.summary for row in cat.store.select(Case)} == {"as it was", "to be shared"}


def test_a_true_wall_still_takes_the_stream_away_in_silence(three: tuple[Workspace, Workspace, Workspace]) -> None:
    ana, ben, _ = three
    case = ana.store.select(Case)[0]
    (first,) = epochs_of(ana, case.stream).values()
    header = epochs.following_header(
        organisation=ana.keys.organisation, parents=[first.header], key=KEY, earlier=[],
        members=members((ana, StreamRole.LEAD)), conflicted=frozenset({ben.user}),
    )  # fmt: skip
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="never sent")
        unit.create(Home, ben.organisation_stream, street="Elm Row")
    slip_in_old_key(ana, header)
    sync.sync_now(ana)
    report = sync.sync_now(ben)
    assert report.notices == () and report.refused == 0
    assert not any(epoch.key for epoch in epochs_of(ben, case.stream).values())
    # What he had not sent yet must not stop what he may still send, nor tell him.
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert [home.street for home in ana.store.select(Home)] == ["Elm Row"]


def slip_in_old_key(workspace: Workspace, header: EpochHeader) -> None:
    """A header in a section sealed with the key its readers had before, so that whom it shuts out sees it."""
    slip_in_header(workspace, header.stream, header)


def test_a_false_farewell_takes_no_stream_away(three: tuple[Workspace, Workspace, Workspace]) -> None:
    ana, ben, cat = three
    case = ana.store.select(Case)[0]
    (first,) = epochs_of(ben, case.stream)
    told = Farewell(frozenset({ana.user, cat.user}), b"h" * 32, first)
    slip_in(ben, case.stream, op_of(case.stream, told))
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="in another change")
    sync.sync_now(ben)
    for victim in (ana, cat):
        assert sync.sync_now(victim).refused == 1
        assert victim.store.select(Case)[0].summary == "as it was"
        assert any(epoch.key for epoch in epochs_of(victim, case.stream).values())
    # Nor does the lead send somebody away from what belongs to all.
    (ours, *_) = epochs_of(ana, ana.organisation_stream)
    wrong = Farewell(frozenset({ben.user}), b"h" * 32, ours)
    slip_in(ana, ana.organisation_stream, op_of(ana.organisation_stream, wrong))
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert ben.store.select(Organisation)


def test_a_change_too_large_is_refused_and_the_vault_stays_whole(
    three: tuple[Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben, _ = three
    case = ben.store.select(Case)[0]
    slip_in(ben, case.stream, Op(OpKind.SET, case.id, "case", "hologram", bytes(9 * 1024 * 1024)))
    with monkeypatch.context() as changed_program:
        changed_program.setattr("core.changes.change.MAX_CHANGE_BYTES", 1 << 30)
        sync.sync_now(ben)
    assert sync.sync_now(ana).refused == 1
    ana.store.rebuild()
    assert ana.store.select(Case)[0].summary == "as it was"


def test_many_large_versions_of_one_field_do_not_stop_the_exchange(
    three: tuple[Workspace, Workspace, Workspace],
) -> None:
    ana, ben, _ = three
    case = ben.store.select(Case)[0]
    for number in range(1, 11):
        op = Op(OpKind.SET, case.id, "case", "hologram", bytes(7 * 1024 * 1024))
        slip_in(ben, case.stream, op, number=number)
    sync.sync_now(ben)
    sync.sync_now(ana)
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case.id, summary="still possible")
    assert ana.store.select(Case)[0].summary == "still possible"
    before = records_of(ana)["case"]
    ana.store.rebuild()
    assert records_of(ana)["case"] == before


def test_an_unknown_policy_does_not_keep_anybody_out_of_their_workbook(
    three: tuple[Workspace, Workspace, Workspace], template: Template, tmp_path: Path
) -> None:
    ana, ben, _ = three
    known = ana.store.select(Organisation)[0]
    slip_in(ana, ana.organisation_stream, Op(OpKind.SET, known.id, "organisation", "policy_pack", "../../nowhere"))
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert ben.store.select(Organisation)[0].policy_pack == "../../nowhere"
    opening.lock(ben)
    again = template.reopen(Office(tmp_path), "Ben Okafor")
    assert again.pack is not None


def without_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed program that does not say what it had seen, so that its entries wait for nobody's."""
    monkeypatch.setattr("core.sync.sealing._news", lambda *_: [])


def copy_before_the_original(
    ana: Workspace, ben: Workspace, cat: Workspace, office: Office, monkeypatch: pytest.MonkeyPatch, *ops: Op,
    stream: StreamId, name: ChangeId | None = None,
) -> None:  # fmt: skip
    """Ana's newest file reaches Ben; Ben's copy reaches Cat first, then Ana's original does."""
    with ben.store.unit("test") as (unit, _):
        unit.create(Home, ben.organisation_stream, street="he has seen that he is an officer")
    sync.sync_now(ben)
    before = set(office.files())
    sync.sync_now(ana)
    (original,) = set(office.files()) - before
    sync.sync_now(ben)
    with writing(ben.store.engine) as connection:
        # Ben's own vault would ignore a copy, so his program forgets the original first.
        if name is not None:
            connection.exec_driver_sql("DELETE FROM change WHERE id = ?", (name,))
    slip_in(ben, stream, *ops, name=name)
    with monkeypatch.context() as changed_program:
        without_seen(changed_program)
        data = original.read_bytes()
        original.unlink()
        sync.sync_now(ben, refill=False)
    sync.sync_now(cat)
    original.write_bytes(data)
    sync.sync_now(cat)


@pytest.fixture
def office_of_three(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace, Workspace]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    return office, ana, ben, cat


def test_nobody_can_open_another_s_record_elsewhere_first(
    office_of_three: tuple[Office, Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben, cat = office_of_three
    case = ana.store.select(Case)[0]
    with ana.store.unit("test") as (unit, _):
        note = unit.create(Note, case.stream, case=case.id, body="what the person said")
    op = Op(OpKind.SET, note, "note", "body", "squatted")
    copy_before_the_original(ana, ben, cat, office, monkeypatch, op, stream=ben.organisation_stream)
    assert [known.body for known in cat.store.select(Note)] == ["what the person said"]
    sync.sync_now(ana)
    assert records_of(ana)["note"] == records_of(cat)["note"]


def test_nobody_can_use_another_s_change_number_first(
    office_of_three: tuple[Office, Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben, cat = office_of_three
    case = ana.store.select(Case)[0]
    before = set(change_ids_of(ana))
    with ana.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="what the person said")
    (name,) = set(change_ids_of(ana)) - before
    op = Op(OpKind.SET, case.id, "case", "hologram", "a copy")
    copy_before_the_original(ana, ben, cat, office, monkeypatch, op, stream=case.stream, name=ChangeId(name))
    assert [known.body for known in cat.store.select(Note)] == ["what the person said"]
    sync.sync_now(ana)
    assert records_of(ana)["note"] == records_of(cat)["note"]


def test_a_key_kept_back_does_not_stop_anybody(
    three: tuple[Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben, cat = three
    case = ana.store.select(Case)[0]
    (first,) = epochs_of(ben, case.stream).values()
    header = epochs.following_header(
        organisation=ben.keys.organisation, parents=[first.header], members=first.header.members, key=KEY, earlier=[]
    )
    slip_in_header(ben, case.stream, header)
    with monkeypatch.context() as changed_program:
        changed_program.setattr("core.sync.sealing._grants", lambda *_: [])
        sync.sync_now(ben)
    sync.sync_now(ana)
    with ana.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body="after it")
    for laptop in (ana, ben, cat):
        assert sync.sync_now(laptop).refused == 0
    assert [note.body for note in cat.store.select(Note)] == ["after it"]


def test_who_gave_access_cannot_be_rewritten(three: tuple[Workspace, Workspace, Workspace]) -> None:
    ana, ben, cat = three
    case = ana.store.select(Case)[0]
    (first,) = epochs_of(ben, case.stream).values()
    before = access.readers_of(cat, case.id)
    op = Op(OpKind.EPOCH, case.stream, "epoch", "", epochs.to_wire(first.header))  # type: ignore[arg-type]
    slip_in(ben, case.stream, op)
    sync.sync_now(ben)
    sync.sync_now(cat)
    assert access.readers_of(cat, case.id) == before
    assert {row.given_by for row in before} == {"Ana Reyes"}


def test_naming_what_one_had_not_seen_does_the_same_on_every_laptop(
    office_of_three: tuple[Office, Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben, cat = office_of_three
    case = ana.store.select(Case)[0]
    before = set(change_ids_of(ana))
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case.id, place="Block A")
    (name,) = set(change_ids_of(ana)) - before
    op = Op(OpKind.SET, case.id, "case", "place", "Block B", (name + bytes(2),))
    copy_before_the_original(ana, ben, cat, office, monkeypatch, op, stream=case.stream)
    sync.sync_now(ana)
    assert records_of(ana)["case"] == records_of(cat)["case"]
    before_rebuild = records_of(ana)["case"]
    ana.store.rebuild()
    assert records_of(ana)["case"] == before_rebuild


def test_nobody_can_use_a_colleague_s_new_laptop_number_first(
    office_of_three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, cat = office_of_three
    public = SigningKey.from_seed(SecretBytes(b"8" * 32)).public
    number = roster.laptop_number(public)
    squatter = roster.make_device_certificate(
        organisation=ben.keys.organisation, user=ben.user, user_signer=SigningKey.from_seed(ben.keys.user_sign_seed),
        device=number, device_signer=SigningKey.from_seed(SecretBytes(b"9" * 32)),
    )  # fmt: skip
    with VaultMailbox(ben.store.engine).reading() as box:
        data = seal_segment_file(certificate_content(squatter), box.envelope_keys(), ben.keys.organisation)
    (office.files()[-1].parent / name_of(data)).write_bytes(data)
    assert sync.sync_now(ana).notices
    assert roster_of(ana).public_of(number) is None
    value = roster.device_wire(squatter)
    slip_in(ben, ben.organisation_stream, Op(roster.DEVICE, RecordId(ben.user), "roster", "", value))
    sync.sync_now(ben)
    assert sync.sync_now(cat).refused == 2, "the file and the entry"
    assert roster_of(cat).public_of(number) is None


def test_nothing_of_a_refused_section_reaches_the_roster(three: tuple[Workspace, Workspace, Workspace]) -> None:
    ana, _, cat = three
    signer = SigningKey.from_seed(SecretBytes(b"9" * 32))
    second = roster.make_device_certificate(
        organisation=cat.keys.organisation, user=cat.user, user_signer=SigningKey.from_seed(cat.keys.user_sign_seed),
        device=roster.laptop_number(signer.public), device_signer=signer,
    )  # fmt: skip
    known = cat.store.select(Organisation)[0]
    slip_in(
        cat, cat.organisation_stream,
        Op(roster.DEVICE, RecordId(cat.user), "roster", "", roster.device_wire(second)),
        Op(OpKind.SET, known.id, "organisation", "phone", "written by somebody who only reads"),
    )  # fmt: skip
    sync.sync_now(cat)
    assert sync.sync_now(ana).refused == 1
    assert roster_of(ana).public_of(second.device) is None


def test_only_an_administrator_changes_the_letterhead_and_who_is_who(
    three: tuple[Workspace, Workspace, Workspace],
) -> None:
    ana, ben, cat = three
    known = ben.store.select(Organisation)[0]
    own = next(member for member in ben.store.select(Member) if member.user == ben.user)
    before = records_of(cat)
    slip_in(ben, ben.organisation_stream, Op(OpKind.SET, known.id, "organisation", "phone", "0900 call me instead"))
    sync.sync_now(ben)
    slip_in(ben, ben.organisation_stream, Op(OpKind.SET, own.id, "member", "name", "Ana Reyes"), number=2)
    sync.sync_now(ben)
    for laptop in (ana, cat):
        assert sync.sync_now(laptop).refused == 2
    assert records_of(cat) == before
