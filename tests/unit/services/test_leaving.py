"""Somebody is removed, a laptop is lost: real laptops, one folder, and what each of them can read afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.foundation.errors import FormIncomplete, NotAllowed, RemovedFromOrganisation
from core.services import access, leaving, opening, organisation, quarantine, streams, sync
from core.services.reach import reach_of
from core.services.roster import epochs_of, headers_of, roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine import epochs
from core.sync.engine.envelope import open_segment_file
from tests.support.laptops import PASSPHRASE, Office, Template, change_ids_of, records_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="administrator")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user, cat.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, cat, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture
def laptops(template: Template, tmp_path: Path) -> Laptops:
    office, found = template.copy(tmp_path)
    ana, ben, cat = found.values()
    return office, ana, ben, cat


def note(workspace: Workspace, words: str) -> None:
    case = workspace.store.select(Case)[0]
    with workspace.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def notes(workspace: Workspace) -> set[str]:
    return {item.body for item in workspace.store.select(Note)}


def sync_all(*workspaces: Workspace) -> None:
    for _ in range(2):
        for workspace in workspaces:
            sync.sync_now(workspace)


def hears_of_it(workspace: Workspace) -> None:
    """An exchange of somebody who learns in it that they were removed, as far as their laptop sends what waits."""
    with pytest.raises(RemovedFromOrganisation):
        sync.sync_now(workspace)
    assert opening.vault_state(workspace.folder) is not opening.VaultState.READY


def test_what_was_seen_counts_and_what_comes_later_is_withheld_and_kept(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    note(ben, "before")
    sync.sync_now(ben)
    sync.sync_now(ana)
    note(ben, "late")
    leaving.remove_colleague(ana, user=ben.user, reason="He has left the co-operative.")
    sync.sync_now(ana)
    late = set(change_ids_of(ben))
    hears_of_it(ben)
    for laptop in (ana, cat):
        assert sync.sync_now(laptop).refused == 0
        assert notes(laptop) == {"before"}
        assert late <= set(change_ids_of(laptop)), "nothing is lost"
        assert roster_of(laptop).role_of(ben.user) is None
        assert {row.name for row in organisation.members(laptop)} == {"Ana Reyes", "Cat Lim"}
        before = records_of(laptop)
        laptop.store.rebuild()
        assert records_of(laptop) == before
    (group,) = quarantine.late_work(ana)
    assert group.sentence == "1 entry by Ben Okafor arrived after their removal." and group.where == "Case 2026-AR-1"
    (entry,) = group.entries
    assert {row.who for row in entry.says} == {"Ben Okafor"} and "late" in {row.value for row in entry.says}
    with pytest.raises(NotAllowed):  # Cat does not lead the case
        quarantine.adopt(cat, changes=[entry.change for entry in group.entries])
    judged = quarantine.adopt(ana, changes=[entry.change for entry in group.entries])
    assert judged.entries == 1 and "note" in judged.changed.kinds
    assert notes(ana) == {"before", "late"} and quarantine.late_work(ana) == ()
    sync_all(ana, cat)
    assert notes(cat) == {"before", "late"} and quarantine.late_work(cat) == ()


def test_late_work_put_aside_is_off_the_list_everywhere_and_shows_nowhere(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync.sync_now(ana)
    note(ben, "late one")
    note(ben, "late two")
    hears_of_it(ben)
    sync_all(ana, cat)
    (group,) = quarantine.late_work(ana)
    assert [len(found.entries) for found in quarantine.late_work(cat)] == [2]
    quarantine.put_aside(ana, changes=[group.entries[0].change])
    quarantine.adopt(ana, changes=[group.entries[1].change])
    sync_all(ana, cat)
    for laptop in (ana, cat):
        assert notes(laptop) == {"late two"} and quarantine.late_work(laptop) == ()


def test_late_work_that_came_before_the_news_is_hidden_when_the_news_comes(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync.sync_now(ana)
    hidden = {path: path.read_bytes() for path in laptops[0].files()}
    newest = max(hidden, key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    note(ben, "late")
    sync.sync_now(ben, refill=False)
    sync.sync_now(cat, refill=False)
    assert notes(cat) == {"late"}
    newest.write_bytes(hidden[newest])
    sync.sync_now(cat)
    assert notes(cat) == set()
    case = cat.store.select(Case)[0]
    assert case.summary == "as it was"
    before = records_of(cat)
    cat.store.rebuild()
    assert records_of(cat) == before


def test_who_was_removed_can_derive_nothing_that_is_written_afterwards(laptops: Laptops) -> None:
    office, ana, ben, cat = laptops
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync_all(ana, cat)
    before = reach_of(ben, folder=office.folder)
    note(cat, "not for Ben")
    sync.sync_now(cat)
    note(ana, "nor this")
    sync_all(ana, cat)
    assert notes(ana) == notes(cat) == {"not for Ben", "nor this"}
    after = reach_of(ben, folder=office.folder)
    assert after.opened == before.opened, "every file ever published and every key he holds open not one more section"
    case = ana.store.select(Case)[0]
    known = epochs_of(ana, case.stream)
    (newest,) = epochs.leaves(headers_of(known))
    assert ben.user not in known[newest].header.users and known[newest].header.number == 2
    assert known[newest].author == cat.user, "made by whoever wrote first, who does not lead"
    with VaultMailbox(cat.store.engine).reading() as box:
        keys = box.envelope_keys()
    assert [number for number, _ in keys] == [2, 1]
    under_new = 0
    with VaultMailbox(ben.store.engine).reading() as box:
        old = box.envelope_keys()
    for path in office.files():
        try:
            open_segment_file(path.read_bytes(), old, ana.keys.organisation)
        except Exception:  # whatever it is, Ben cannot open it
            try:
                open_segment_file(path.read_bytes(), keys, ana.keys.organisation)
            except Exception:  # a request or an admission
                continue
            under_new += 1
    assert under_new >= 2, "what is written afterwards is closed to him from the outside"


def test_only_an_administrator_removes_and_says_why(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    with pytest.raises(NotAllowed):
        leaving.remove_colleague(ben, user=cat.user, reason="x")
    with pytest.raises(NotAllowed):
        leaving.remove_colleague(cat, user=ana.user, reason="the root names her")
    with pytest.raises(FormIncomplete):
        leaving.remove_colleague(ana, user=ben.user, reason=" ")


def test_two_administrators_remove_each_other_and_the_folder_agrees(laptops: Laptops) -> None:
    office, ana, ben, cat = laptops
    dev = office.join(ana, "Dev Patel", "dp", role="administrator")
    sync_all(ana, cat, dev, ben)
    leaving.remove_colleague(cat, user=dev.user, reason="one")
    leaving.remove_colleague(dev, user=cat.user, reason="two")
    sync.sync_now(cat)
    hears_of_it(dev)
    hears_of_it(cat)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
        roster = roster_of(laptop)
        assert roster.role_of(cat.user) is None and roster.role_of(dev.user) is None
    note(ana, "between the two of us")
    sync_all(ana, ben)
    assert "between the two of us" in notes(ben)


def test_a_suspended_laptop_s_later_work_waits(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    note(ben, "before")
    sync_all(ben, ana, cat)
    leaving.suspend_laptop(cat, device=ben.device, reason="It was left on a train.")
    sync.sync_now(cat)
    note(ben, "late")
    sync.sync_now(ben)
    for laptop in (ana, cat):
        sync.sync_now(laptop)
        assert notes(laptop) == {"before"}
    assert roster_of(ana).role_of(ben.user) == "officer"
    assert leaving.colleague(ana, ben.user).laptops[0].suspended


def test_a_role_is_changed_and_what_it_no_longer_allows_is_refused(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    leaving.change_role(ana, user=cat.user, role="officer")
    sync_all(ana, cat, ben)
    assert {row.name: row.role for row in organisation.members(ben)}["Cat Lim"] == "officer"
    with pytest.raises(NotAllowed):
        leaving.remove_colleague(cat, user=ben.user, reason="x")
    assert roster_of(ben).role_of(cat.user) == "officer"


def test_a_case_whose_lead_left_is_led_by_whoever_was_named(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    with ben.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ben, readers=frozenset({cat.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-BO-1", summary="Ben's")
    sync_all(ben, cat, ana)
    preview = leaving.what_removing_does(cat, ben.user)
    assert preview.cases_read == 2 and [case.reference for case in preview.without_lead] == ["2026-BO-1"]
    (case,) = preview.without_lead
    assert case.could_lead == ((cat.user, "Cat Lim"),)
    leaving.remove_colleague(cat, user=ben.user, reason="left", leads={case.case: cat.user})
    sync_all(cat, ana)
    rows = access.readers_of(cat, case.case)
    assert [(row.name, row.leads) for row in rows] == [("Cat Lim", True)]


def test_somebody_takes_over_a_case_nobody_leads_any_more(laptops: Laptops) -> None:
    _, ana, ben, cat = laptops
    with ben.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ben, readers=frozenset({cat.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-BO-1", summary="Ben's")
    sync_all(ben, cat, ana)
    with pytest.raises(NotAllowed):
        leaving.take_the_lead(cat, case)
    leaving.remove_colleague(ana, user=ben.user, reason="left")
    sync_all(ana, cat)
    leaving.take_the_lead(cat, case)
    sync_all(cat, ana)
    assert [(row.name, row.leads) for row in access.readers_of(cat, case)] == [("Cat Lim", True)]


def test_somebody_let_in_while_another_is_removed_is_not_locked_out(laptops: Laptops) -> None:
    office, ana, ben, cat = laptops
    waiting = office.ask(cat, "Dev Patel", "dp", "officer")
    sync.sync_now(cat)
    (request,) = organisation.waiting_requests(cat)
    assert request.words == waiting.words
    leaving.remove_colleague(ana, user=ben.user, reason="left")  # Cat has not heard of it
    organisation.admit(cat, request=request.id)
    sync.sync_now(ana)
    sync.sync_now(cat)
    sync_all(ana, cat)
    dev = opening.finish_joining(office.root / "Dev Patel", PASSPHRASE, parts=office.parts)
    note(ana, "after both")
    sync_all(ana, cat, dev)
    assert roster_of(dev).role_of(ben.user) is None
    case = ana.store.select(Case)[0]
    access.add_reader(ana, case.id, dev.user, "test")
    sync_all(ana, dev)
    assert "after both" in notes(dev)
