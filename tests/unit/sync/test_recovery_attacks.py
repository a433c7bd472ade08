"""Attempts with and without sheets: what every honest laptop refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.changes import cbor
from core.changes.change import Op
from core.crypto import shares
from core.crypto.secrets import SecretBytes
from core.domain.case import Case
from core.foundation.ids import RecordId, StreamId, UserId
from core.services import access, cases, coming_back, lost_laptops, organisation, recovery_groups, sync
from core.services.recovery_choice import groups_in
from core.services.recovery_groups import GroupForm, HolderForm
from core.services.roster import epochs_of, headers_of, keys_of, new_stream_key, put_epoch, roster_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import recovery_wraps
from core.sync.engine import epochs, recovery
from core.sync.engine.epochs import Membership, StreamRole
from tests.support import sheets
from tests.support.laptops import CHEAP, PASSPHRASE, Office, Template

FEDERATION = GroupForm("Federation", (HolderForm("Ida Moss"), HolderForm("Ray Cole"), HolderForm("Una Bell")))
Three = tuple[Office, Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


@pytest.fixture
def three(template: Template, tmp_path: Path) -> Three:
    office, laptops = template.copy(tmp_path)
    return office, laptops["Ana Reyes"], laptops["Ben Okafor"]


def exchange(*laptops: Workspace) -> None:
    for laptop in (*laptops, *laptops):
        sync.sync_now(laptop)


def told(workspace: Workspace, words: str) -> bool:
    return any(words in notice for notice in sync.sync_state(workspace).notices)


def report(workspace: Workspace, *readers: UserId) -> tuple[RecordId, StreamId]:
    form = cases.ReportForm(
        words="Shouting", received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True,
        readers=frozenset(readers),
    )  # fmt: skip
    case = cases.log_report(workspace, form=form).case
    return case, workspace.store.get(Case, case).stream


def entry_by(workspace: Workspace, **changes: object) -> recovery.RecoveryGroup:
    seed = SecretBytes(bytes(range(32)))
    given = {
        "organisation": workspace.keys.organisation, "group": b"g" * 16, "edition": 1, "name": "Mine",
        "holders": [recovery.Holder(name) for name in ("A", "B", "C")], "keys": recovery.keys_of_seed(seed),
        "boot_key": SecretBytes(b"b" * 16), "counted": [],
    }  # fmt: skip
    return recovery.make_group(**{**given, **changes})  # type: ignore[arg-type]  # fields by name


def put_group(workspace: Workspace, entry: recovery.RecoveryGroup) -> None:
    stream = workspace.organisation_stream
    with workspace.store.unit("attack") as (unit, _):
        put_roster_entry(unit, stream, UserId(entry.group), recovery.GROUP, cbor.encode(entry.wire()))


def test_only_an_administrator_s_group_counts(three: Three) -> None:
    _, ana, ben = three
    put_group(ben, entry_by(ben))
    exchange(ben, ana)
    assert not roster_of(ana).groups
    assert told(ana, "only an administrator sets up a recovery group")


def test_an_edition_out_of_turn_and_one_signed_by_another_key_are_refused(three: Three) -> None:
    _, ana, ben = three
    put_group(ana, entry_by(ana, edition=2))
    exchange(ana, ben)
    assert not roster_of(ben).groups and told(ben, "out of turn")
    put_group(ana, replace(entry_by(ana), signature=bytes(64)))
    exchange(ana, ben)
    assert not roster_of(ben).groups


def give(workspace: Workspace, stream: StreamId, proof: dict[int | str, object] | None, mark: bytes = b"") -> None:
    """Make oneself the lead of a stream whose newest key is here, with a proof or without."""
    known = epochs_of(workspace, stream)
    headers = headers_of(known)
    members = epochs.effective_members(headers)
    members[workspace.user] = Membership(workspace.user, 0, StreamRole.LEAD)
    key = new_stream_key(workspace)
    header = epochs.following_header(
        organisation=workspace.keys.organisation, parents=[headers[name] for name in epochs.leaves(headers)],
        members=members.values(), key=key, earlier=keys_of(known.values()), recovery_group=mark,
    )  # fmt: skip
    with workspace.store.unit("attack") as (unit, _):
        if proof is not None:
            wire = {**proof, 2: epochs.hash_of(header)}
            unit.put_op(stream, Op(recovery.PROOF, RecordId(stream), "recovery", "", wire))  # type: ignore[arg-type]
        put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=0)


def leads(workspace: Workspace, stream: StreamId, user: UserId) -> bool:
    member = epochs.effective_members(headers_of(epochs_of(workspace, stream))).get(user)
    return member is not None and member.role is StreamRole.LEAD


def test_nobody_makes_themselves_the_lead_without_the_sheets_or_with_those_of_another_group(three: Three) -> None:
    office, ana, ben = three
    prepared, _ = sheets.begin(ana)
    other, words = sheets.begin(ana, FEDERATION)
    _, stream = report(ana, ben.user)
    exchange(ana, ben)
    keys = recovery.keys_of_seed(shares.combine(words[0], words[1]))
    mark = prepared.entry.mark
    give(ben, stream, {1: mark, 3: bytes(64)}, mark)
    exchange(ben, ana)
    assert not leads(ana, stream, ben.user)
    _, second = report(ana, ben.user)
    exchange(ana, ben)
    known = epochs_of(ben, second)
    assert all(epoch.header.recovery_group == mark for epoch in known.values())
    members = epochs.effective_members(headers_of(known))
    members[ben.user] = Membership(ben.user, 0, StreamRole.LEAD)
    key = new_stream_key(ben)
    header = epochs.following_header(
        organisation=ben.keys.organisation, parents=[epoch.header for epoch in known.values()],
        members=members.values(), key=key, earlier=keys_of(known.values()), recovery_group=mark,
    )  # fmt: skip
    proof = recovery.make_proof(
        keys, organisation=ben.keys.organisation, mark=other.entry.mark, header_hash=epochs.hash_of(header)
    )
    with ben.store.unit("attack") as (unit, _):
        unit.put_op(second, Op(recovery.PROOF, RecordId(second), "recovery", "", proof))
        put_epoch(unit, header, key, workspace_user=ben.user, now_ms=0)
    exchange(ben, ana)
    assert not leads(ana, second, ben.user)
    assert told(ana, "used for a case of another group")
    assert office.folder.exists()


def test_sheets_take_no_reader_away_and_no_wall_down(three: Three) -> None:
    office, ana, ben = three
    prepared, words = sheets.begin(ana)
    _, stream = report(ana, ben.user)
    exchange(ana, ben)
    keys = recovery.keys_of_seed(shares.combine(words[0], words[1]))
    form = lost_laptops.RecoverForm(words[0], words[1], words[3], office.folder, "Cleo Hart", "ch", PASSPHRASE)
    cleo = lost_laptops.recover(office.root / "new", form, parts=office.parts, cost=CHEAP).workspace
    coming_back.ask_again(cleo, organisation.invite(ana, role="officer").text)
    exchange(cleo, ana)
    (request,) = organisation.waiting_requests(ana)
    organisation.admit(ana, request=request.id)
    exchange(ana, cleo)
    known = epochs_of(cleo, stream)
    key = new_stream_key(cleo)
    header = epochs.following_header(
        organisation=cleo.keys.organisation, parents=[epoch.header for epoch in known.values()],
        members=[Membership(cleo.user, 0, StreamRole.LEAD), Membership(ben.user, 0, StreamRole.WRITE)],
        key=key, earlier=keys_of(known.values()),
        recovery_group=prepared.entry.mark,
    )  # fmt: skip
    mark = prepared.entry.mark
    proof = recovery.make_proof(
        keys, organisation=cleo.keys.organisation, mark=mark, header_hash=epochs.hash_of(header)
    )
    cleo.store.writable = None
    with cleo.store.unit("attack") as (unit, _):
        unit.put_op(stream, Op(recovery.PROOF, RecordId(stream), "recovery", "", proof))
        put_epoch(unit, header, key, workspace_user=cleo.user, now_ms=0)
    exchange(cleo, ana, ben)
    # Ben is given the key, and his laptop refuses it: Ana would be taken off.
    assert told(ben, "took a reader or a right away")
    assert leads(ben, stream, ana.user) and not leads(ben, stream, cleo.user)
    with ben.store.reading() as connection:
        assert not any(row.proven for row in recovery_wraps.wraps(connection, stream))


def test_nobody_comes_back_by_sheets_that_were_replaced(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben = three
    _, old = sheets.begin(ana)
    _, stream = report(ana)
    exchange(ana, ben)
    form = lost_laptops.RecoverForm(old[0], old[1], old[3], office.folder, "Cleo Hart", "ch", PASSPHRASE)
    cleo = lost_laptops.recover(office.root / "old", form, parts=office.parts, cost=CHEAP).workspace
    (row,) = recovery_groups.groups(ana)
    sheets.begin(ana, GroupForm("Officers of the co-op", sheets.HOLDERS, row.group))
    exchange(ana, ben)
    # Their program is changed: it does not look whether the sheets still count, and has not read the folder since.
    monkeypatch.setattr(coming_back, "_newest", lambda *_: True)
    coming_back.come_back(cleo)
    coming_back.give_myself_cases(cleo)
    exchange(cleo, ana, ben)
    for laptop in (ana, ben):
        assert roster_of(laptop).role_of(cleo.user) is None
        assert not any(member.user == cleo.user for member in organisation.members(laptop))
    assert not leads(ana, stream, cleo.user)
    with ana.store.reading() as connection:
        assert len(groups_in(connection)) == 2


def test_whoever_came_back_before_new_sheets_were_made_by_somebody_who_saw_it_stays(three: Three) -> None:
    office, ana, ben = three
    _, words = sheets.begin(ana)
    case, _ = report(ana)
    exchange(ana, ben)
    form = lost_laptops.RecoverForm(words[0], words[1], words[3], office.folder, "Cleo Hart", "ch", PASSPHRASE)
    cleo = lost_laptops.recover(office.root / "new", form, parts=office.parts, cost=CHEAP).workspace
    coming_back.come_back(cleo)
    coming_back.give_myself_cases(cleo)
    exchange(cleo, ana, ben)
    (row,) = recovery_groups.groups(ana)
    sheets.begin(ana, GroupForm("Officers of the co-op", sheets.HOLDERS, row.group))
    exchange(ana, ben, cleo)
    dee = office.join(ana, "Dee Marsh", "dm")
    for laptop in (ana, ben, dee):
        assert roster_of(laptop).role_of(cleo.user) == "administrator"
    assert "Cleo Hart" in {reader.name for reader in access.readers_of(ana, case)}
