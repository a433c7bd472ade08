"""Sections whose key comes later are read as if it had been there all along."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.changes.change import Change, Op, OpKind
from core.changes.naming import change_id
from core.domain.case import Case
from core.foundation.ids import RecordId, UserId
from core.services import access, readers, streams, sync
from core.services.roster import epochs_of, writing_epoch
from core.services.workspace import Workspace
from core.store.ledger import Arrival, record_arrivals
from core.store.transactions import writing
from tests.support.laptops import Office, Template, change_ids_of, records_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana = office.found()
    others = [office.join(ana, name, "xx") for name in ("Ben Okafor", "Cat Lim", "Dev Patel")]
    for laptop in (ana, *others):
        sync.sync_now(laptop)
    return Template.of(office, {laptop.folder.name: laptop for laptop in (ana, *others)})


@pytest.fixture
def four(template: Template, tmp_path: Path) -> tuple[Workspace, ...]:
    _, laptops = template.copy(tmp_path)
    return tuple(laptops.values())


def open_case(workspace: Workspace, *readers: UserId) -> RecordId:
    with workspace.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, workspace, readers=frozenset(readers), conflicted=frozenset())
        return unit.create(Case, stream, reference="2026-AR-1", summary="as it was")


def set_summary(workspace: Workspace, case: RecordId, words: str) -> None:
    with workspace.store.unit("test") as (unit, _):
        unit.update(Case, case, summary=words)


def agree(*laptops: Workspace) -> None:
    for _ in range(3):
        for laptop in laptops:
            assert sync.sync_now(laptop, everything=True).refused == 0
    for laptop in laptops[1:]:
        assert records_of(laptop)["case"] == records_of(laptops[0])["case"]
        laptop.store.rebuild()
        assert records_of(laptop)["case"] == records_of(laptops[0])["case"]


def test_what_was_replaced_under_a_key_that_comes_later_stays_replaced(
    four: tuple[Workspace, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers are added at two places at once. Ana writes over Ben's words before the two are joined: whoever was given
    only the key she wrote with must come to the same case once Ben's key reaches them."""
    ana, ben, cat, dev = four
    for _ in range(16):
        case = open_case(ana, ben.user)
        stream = ana.store.get(Case, case).stream
        for laptop in (ana, ben):
            sync.sync_now(laptop)
        access.add_reader(ana, case, dev.user, "one")
        access.add_reader(ben, case, cat.user, "two")
        set_summary(ben, case, "from Ben")
        sync.sync_now(ben)
        with monkeypatch.context() as ended_before_the_two_were_joined:
            ended_before_the_two_were_joined.setattr("core.services.sync.settle_readers", lambda _: False)
            sync.sync_now(ana)
            set_summary(ana, case, "Ana over Ben")
            with_own_key = dev.user in writing_epoch(epochs_of(ana, stream)).header.users
            sync.sync_now(ana)
            sync.sync_now(dev)
        if with_own_key:
            break
    assert dev.store.get(Case, case).summary == "Ana over Ben"
    agree(ana, ben, cat, dev)


def test_what_an_author_had_not_seen_is_not_replaced_by_a_section_opened_late(
    four: tuple[Workspace, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ben's changed program names Ana's change as replaced before it says to have seen it. Later he has: that must
    not count for what he wrote before, on a laptop that can open it only now."""
    ana, ben, cat, _ = four
    case = open_case(ana, ben.user)
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    before = set(change_ids_of(ana))
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case, place="Block A")
    (name,) = set(change_ids_of(ana)) - before
    hlc = ben.store.clock().last + 1
    stream = ben.store.get(Case, case).stream
    op = Op(OpKind.SET, case, "case", "place", "Block B", (name + bytes(2),))
    forged = Change(change_id(ben.user, stream, hlc, b"1234"), hlc, ben.user, "slipped-in", (op,))
    with writing(ben.store.engine) as connection:
        record_arrivals(connection, [Arrival(forged, stream, ben.device)])
    sync.sync_now(ben)  # before Ana's change is in the folder
    sync.sync_now(ana)
    sync.sync_now(ben)
    set_summary(ben, case, "now he has seen it")
    for laptop in (ben, ana, cat):
        sync.sync_now(laptop)
    access.add_reader(ana, case, cat.user, "needs to know")
    agree(ana, cat)


def test_a_case_begun_and_shared_between_two_exchanges_is_read_from_its_beginning(four: tuple[Workspace, ...]) -> None:
    ana, ben, _, _ = four
    case = open_case(ana)
    access.add_reader(ana, case, ben.user, "at once")
    set_summary(ana, case, "for both")
    for laptop in (ana, ben):
        assert sync.sync_now(laptop).refused == 0
    set_summary(ben, case, "Ben writes")
    for laptop in (ben, ana):
        assert sync.sync_now(laptop).refused == 0
    assert ana.store.get(Case, case).summary == "Ben writes"
    agree(ana, ben)


def test_of_two_people_taken_off_a_case_between_two_exchanges_both_forget_it_in_silence(
    four: tuple[Workspace, ...],
) -> None:
    """The second holds the key of the epoch between, whose header must be readable with it."""
    ana, ben, cat, _ = four
    case = open_case(ana, ben.user, cat.user)
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    for user in (ben.user, cat.user):
        readers.remove_reader(ana, case=case, user=user, reason="no longer works on it")
    set_summary(ana, case, "for Ana alone")
    sync.sync_now(ana)
    for laptop in (ben, cat):
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())
        assert laptop.store.select(Case) == ()
    agree(ana)
