"""What can be known after sheets were replaced and after a case was deleted, by everything that follows from the files.

Real laptops write; the attacker has every file that was ever in the folder and trusts no tag
(`tests/support/knowledge.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case
from core.foundation.ids import RecordId
from core.services import (
    access,
    cases,
    notes,
    opening,
    readers,
    recovery_groups,
    retention,
    retention_day,
    streams,
    sync,
)
from core.services.recovery_groups import GroupForm, HolderForm
from core.services.roster import epochs_of, roster_of
from core.services.workspace import Workspace
from tests.support import sheets
from tests.support.knowledge import Actor, World
from tests.support.laptops import PASSPHRASE, Office
from tests.support.oracle import keys_of
from tests.support.paper import Words, holders_of


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def world() -> World:
    return World()


def exchange(office: Office, world: World, *laptops: Workspace) -> None:
    """Everybody in turn, twice; the attacker keeps every file of every moment."""
    for laptop in (*laptops, *laptops):
        office.clock.step()
        assert sync.sync_now(laptop).refused == 0
        see(office, world, laptop)


def see(office: Office, world: World, laptop: Workspace) -> None:
    world.add_folder(office.folder)
    world.laptops.update({name: known.certificate.public for name, known in roster_of(laptop).devices.items()})


def log(workspace: Workspace, words: str) -> RecordId:
    form = cases.ReportForm(words=words, received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True)
    return cases.log_report(workspace, form=form).case


def keys_in(*laptops: Workspace) -> dict[bytes, bytes]:
    """Every stream key these workbooks hold: header hash -> key."""
    return {name: key for laptop in laptops for name, (_, _, key) in keys_of(laptop).streams.items()}


def outer_keys(*laptops: Workspace) -> frozenset[tuple[int, bytes]]:
    return frozenset(key for laptop in laptops for key in keys_of(laptop).envelope)


def reached_with(world: World, words: Words, edition: int, outer: frozenset[tuple[int, bytes]]) -> dict[bytes, bytes]:
    """What paper reaches: header hash -> key. `outer`: outer keys somebody gave its holders besides."""
    found: dict[bytes, bytes] = {}
    for holder in holders_of(world, words, edition=edition):
        known = world.reach(replace(holder, envelope=holder.envelope | outer))
        found |= {name: key for name, (_, key) in known.items()}
    return found


# ------------------------------------------------------------------ recovery


def test_old_sheets_reach_what_they_were_made_for_and_nothing_begun_after_new_ones(
    office: Office, world: World
) -> None:
    ana, ben = office.pair()
    _, old = sheets.begin(ana)
    (group,) = recovery_groups.groups(ana)
    exchange(office, world, ana, ben)
    case = log(ben, "While the old sheets counted")
    exchange(office, world, ben, ana)
    before = keys_in(ana, ben)
    assert reached_with(world, old, 1, frozenset()) == before, "until then they reach everything"

    holders = (*sheets.HOLDERS[:2], HolderForm("Lena Frost"))
    _, new = sheets.begin(ana, GroupForm("Officers of the co-op", holders, group.group))
    exchange(office, world, ana, ben)
    recovery_groups.sheets_destroyed(ana, group.group, 1)
    log(ben, "After the change of holders")
    notes.add_note(ben, case=case, body="In the old case, by somebody who had heard")
    exchange(office, world, ben, ana)
    notes.add_note(ana, case=case, body="And an answer")
    log(ana, "By the one who made the sheets")
    seen_before = set(world.files)
    exchange(office, world, ana, ben)
    newest = world.files.keys() - seen_before

    everything = keys_in(ana, ben)
    after = everything.keys() - before.keys()
    streams = {ana.organisation_stream, ana.store.get(Case, case).stream}
    begun_again = {stream for stream in streams if after & epochs_of(ana, stream).keys()}
    assert begun_again == streams and len(after) >= 4, "the streams there were, and the cases there were not"
    every_outer_key = outer_keys(ana, ben)
    for outer in (frozenset[tuple[int, bytes]](), every_outer_key):
        reached = reached_with(world, old, 1, outer)
        assert reached == before
        assert not {everything[name] for name in after} & set(reached.values())
    opened = {name for holder in holders_of(world, old, edition=1) for _, name in world.opened_by(holder)}
    assert opened and newest and not opened & newest, "from the outside they cannot even tell who wrote when"
    assert reached_with(world, new, 2, frozenset()) == everything
    assert not list(holders_of(world, (*new[:2], new[2], old[3]), edition=2)), "nor do old and new sheets mix"


def test_sheets_replaced_twice_each_reach_only_their_own_time(office: Office, world: World) -> None:
    ana = office.found()
    form, times = None, []
    for edition in (1, 2, 3):
        _, words = sheets.begin(ana, form)
        (group,) = recovery_groups.groups(ana)
        form = GroupForm(group.name, sheets.HOLDERS, group.group)
        log(ana, f"In the time of edition {edition}")
        exchange(office, world, ana)
        times.append((edition, words, keys_in(ana)))
    for edition, words, known in times:
        assert reached_with(world, words, edition, outer_keys(ana)) == known, edition


# ------------------------------------------------------------------ deletion


def closed_case(office: Office, lead: Workspace, *others: Workspace) -> Case:
    with lead.store.unit("test") as (unit, _):
        users = frozenset(other.user for other in others)
        stream = streams.open_case_stream(unit, lead, readers=users, conflicted=frozenset())
        record = unit.create(
            Case, stream, reference="2026-AR-1", summary="as it was", stage="closed", lead=lead.user,
            opened_at=office.clock.now() - timedelta(days=9), closed_at=office.clock.now() - timedelta(days=1),
        )  # fmt: skip
    return lead.store.get(Case, record)


def delete_for_good(office: Office, world: World, case: Case, lead: Workspace, second: Workspace) -> None:
    asked = retention.ask_deletion(lead, case=case.id, reason="erasure", words="Decided on 3 March.").record
    exchange(office, world, lead, second)
    retention.agree_deletion(second, deletion=asked)
    exchange(office, world, second, lead)


def actor_of(workspace: Workspace, outer: frozenset[tuple[int, bytes]]) -> Actor:
    """A person with all that lies in their workbook and key file, and every outer key there ever was."""
    keys = keys_of(workspace)
    held = frozenset((stream, number, name, key) for name, (stream, number, key) in keys.streams.items())
    seeds = {workspace.keys.user_epoch: workspace.keys.user_wrap_seed.reveal()}
    return Actor(keys.organisation, keys.user, seeds, outer, held)


def streams_reached(world: World, actor: Actor) -> set[bytes]:
    return {stream for stream, _ in world.reach(actor).values()}


def renewed(office: Office, workspace: Workspace) -> Workspace:
    """Its person's own keys replaced and the old ones destroyed."""
    retention_day.hold_retention_day(workspace, passphrase=PASSPHRASE)
    return opening.unlock(workspace.folder, PASSPHRASE, parts=office.parts)


def test_nobody_s_workbook_opens_a_deleted_case_and_once_keys_were_renewed_nobody_does(
    office: Office, world: World
) -> None:
    ana, ben = office.pair()
    dev = office.join(ana, "Dev Patel", "dp")
    kept, gone = closed_case(office, ana, ben, dev), closed_case(office, ana, ben)
    exchange(office, world, ana, ben, dev)
    for laptop in (ana, ben):
        notes.add_note(laptop, case=gone.id, body="Nobody else's business")
    exchange(office, world, ana, ben, dev)
    readers.remove_reader(ana, case=gone.id, user=ben.user, reason="on leave")
    exchange(office, world, ana, ben, dev)
    access.add_reader(ana, gone.id, ben.user, "is back")
    exchange(office, world, ana, ben, dev)
    assert len(epochs_of(ana, gone.stream)) >= 2, "keys of several epochs"
    for laptop in (ana, ben):
        assert gone.stream in streams_reached(world, actor_of(laptop, outer_keys(ana)))

    delete_for_good(office, world, gone, ana, ben)
    exchange(office, world, ana, ben, dev)
    for laptop in (ana, ben, dev):
        known = actor_of(laptop, outer_keys(ana))
        assert gone.stream not in {stream for stream, *_ in known.held}
        without_seed = streams_reached(world, replace(known, wrap_seeds={}))
        assert gone.stream not in without_seed and kept.stream in without_seed
    # The old wrap key still opens the grant in the old file: that is what renewing keys is for.
    assert gone.stream in streams_reached(world, actor_of(ben, outer_keys(ana)))

    ana = renewed(office, ana)
    assert gone.stream in streams_reached(world, actor_of(ben, outer_keys(ana))), "Ben has not renewed his yet"
    ben = renewed(office, ben)
    exchange(office, world, ana, ben, dev)
    cat = office.join(ana, "Cat Doe", "cd")
    exchange(office, world, ana, ben, dev, cat)
    everybody = (ana, ben, dev, cat)
    for laptop in everybody:
        reached = streams_reached(world, actor_of(laptop, outer_keys(*everybody)))
        assert gone.stream not in reached and laptop.organisation_stream in reached
        assert (kept.stream in reached) == (laptop is not cat)
    # Nor all of them together, with everything that lies on four laptops.
    together = frozenset(key for laptop in everybody for key in actor_of(laptop, frozenset()).held)
    for laptop in everybody:
        known = replace(actor_of(laptop, outer_keys(*everybody)), held=together)
        assert gone.stream not in streams_reached(world, known)
