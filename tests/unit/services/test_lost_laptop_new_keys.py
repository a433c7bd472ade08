"""A laptop of somebody is lost and suspended, and they renew their keys: real laptops, and what each can read then."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.foundation.errors import NotAllowed
from core.services import checking, leaving, opening, pairing, retention_day, streams, sync
from core.services.own_standing import How, own_standing
from core.services.place import transport_of
from core.services.roster import epochs_of, roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.checking_keys import as_verify_keys
from core.sync.verify import verify_folder
from tests.support.knowledge import Actor, World
from tests.support.laptops import CHEAP, PASSPHRASE, Office, Template

OWN = "velvet harbour signal maple drift"


def paired(office: Office, old: Workspace, folder: str) -> Workspace:
    form = pairing.PairingForm(folder, OWN, office.folder)
    asked = pairing.ask_to_pair(office.root / folder, form, parts=office.parts, cost=CHEAP)
    pairing.pair(old, code=asked.code)
    sync.sync_now(old)
    return opening.finish_joining(office.root / folder, OWN, parts=office.parts)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    train = paired(office, ben, "train")
    for laptop in (train, ben, ana, train):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "train": train})


Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture
def laptops(template: Template, tmp_path: Path) -> Laptops:
    office, found = template.copy(tmp_path)
    ana, ben, train = found.values()
    return office, ana, ben, train


def note(workspace: Workspace, words: str) -> None:
    case = workspace.store.select(Case)[0]
    with workspace.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def notes(workspace: Workspace) -> set[str]:
    return {item.body for item in workspace.store.select(Note)}


def renewed(office: Office, workspace: Workspace) -> Workspace:
    passphrase = OWN if workspace.folder.name == "train" else PASSPHRASE
    retention_day.hold_retention_day(workspace, passphrase=passphrase)
    return opening.unlock(workspace.folder, passphrase, parts=office.parts)


def actor_of(workspace: Workspace) -> Actor:
    """Everything somebody holding this laptop, unlocked, knows."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        held = frozenset((row.stream, row.number, row.header_hash, row.key.reveal()) for row in box.epochs() if row.key)
        envelope = frozenset((number, key.reveal()) for number, key in box.envelope_keys())
    keys = workspace.keys
    return Actor(keys.organisation, keys.user, {keys.user_epoch: keys.user_wrap_seed.reveal()}, envelope, held)


def world_of(office: Office, workspace: Workspace) -> World:
    known = {device: laptop.certificate.public for device, laptop in roster_of(workspace).devices.items()}
    world = World(laptops=known)
    world.add_folder(office.folder)
    return world


@pytest.mark.parametrize("from_train", [False, True])
def test_after_a_suspension_new_keys_let_a_further_laptop_count(laptops: Laptops, from_train: bool) -> None:
    office, ana, ben, train = laptops
    lost, here = (ben, train) if from_train else (train, ben)
    note(ana, "before")
    for laptop in (ana, here):
        sync.sync_now(laptop)
    leaving.suspend_laptop(here, device=lost.device, reason="It was left on a train.")
    sync.sync_now(here)
    here = renewed(office, here)
    assert (here.keys.user_epoch, own_standing(here).how) == (1, How.IN)
    for laptop in (here, ana, here):
        assert sync.sync_now(laptop).refused == 0
    assert roster_of(ana).users[here.user].record.user_epoch == 1
    third = paired(office, here, "third")
    for laptop in (third, ana, here):
        assert sync.sync_now(laptop).refused == 0
    for laptop in (ana, here, third):
        assert roster_of(laptop).withheld_from(third.device) is None
        assert roster_of(laptop).withheld_from(here.device) is None
        assert roster_of(laptop).withheld_from(lost.device) is not None
    note(third, "from the third")
    for laptop in (third, ana, here):
        assert sync.sync_now(laptop).refused == 0
    assert notes(ana) == notes(here) == notes(third) == {"before", "from the third"}
    note(ana, "for the new keys")
    for laptop in (ana, here, third):
        assert sync.sync_now(laptop).refused == 0
    assert notes(here) == notes(third) == {"before", "from the third", "for the new keys"}
    keys = as_verify_keys(checking.checking_keys(ana))
    assert verify_folder(transport_of(ana), keys=keys).problems == ()


def test_without_new_keys_a_laptop_paired_after_a_suspension_does_not_count(laptops: Laptops) -> None:
    office, ana, ben, train = laptops
    leaving.suspend_laptop(ben, device=train.device, reason="It was left on a train.")
    sync.sync_now(ben)
    third = paired(office, ben, "third")
    for laptop in (third, ana):
        sync.sync_now(laptop)
    assert roster_of(ana).withheld_from(third.device) == 1


def test_a_certificate_by_keys_that_have_not_arrived_yet_waits_for_them(laptops: Laptops, tmp_path: Path) -> None:
    office, ana, ben, train = laptops
    leaving.suspend_laptop(ben, device=train.device, reason="It was left on a train.")
    sync.sync_now(ben)
    sync.sync_now(ana)
    before = set(office.files())
    ben = renewed(office, ben)
    late = {path: path.read_bytes() for path in set(office.files()) - before}
    third = paired(office, ben, "third")
    note(third, "from the third")
    sync.sync_now(third)
    for path in late:
        path.unlink()
    assert sync.sync_now(ana).refused == 0
    for path, data in late.items():
        path.write_bytes(data)
    for _round in range(2):
        assert sync.sync_now(ana).refused == 0
    assert roster_of(ana).withheld_from(third.device) is None and notes(ana) == {"from the third"}


def test_whoever_has_the_suspended_laptop_derives_nothing_granted_after(laptops: Laptops) -> None:
    office, ana, ben, train = laptops
    leaving.suspend_laptop(ben, device=train.device, reason="It was left on a train.")
    sync.sync_now(ben)
    ben = renewed(office, ben)
    sync.sync_now(ana)
    note(ana, "for the new keys")
    sync.sync_now(ana)
    sync.sync_now(ben)
    case = ana.store.select(Case)[0].stream
    new = {
        name
        for stream in (case, ana.organisation_stream)
        for name, known in epochs_of(ana, stream).items()
        if any((member.user, member.user_epoch) == (ben.user, 1) for member in known.header.members)
    }
    assert len(new) == 2 and not new & set(world_of(office, ana).reach(actor_of(train)))
    assert new <= set(world_of(office, ana).reach(actor_of(ben)))
    sync.sync_now(train)
    assert "for the new keys" not in notes(train) and own_standing(train).how is How.SUSPENDED
    with pytest.raises(NotAllowed):
        retention_day.hold_retention_day(train, passphrase=OWN)


def test_what_was_granted_before_still_opens_afterwards(laptops: Laptops) -> None:
    office, ana, ben, train = laptops
    with ana.store.unit("test") as (unit, _changed):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-2", summary="on its way")
    sync.sync_now(ana)
    leaving.suspend_laptop(ben, device=train.device, reason="It was left on a train.")
    ben = renewed(office, ben)
    assert sync.sync_now(ben).refused == 0
    assert {case.reference for case in ben.store.select(Case)} == {"2026-AR-1", "2026-AR-2"}
    third = paired(office, ben, "third")
    assert {case.reference for case in third.store.select(Case)} == {"2026-AR-1", "2026-AR-2"}
