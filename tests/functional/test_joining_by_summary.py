"""Who joins sees the organisation's records at once, marked as being checked; the history then confirms or accuses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.changes.state_wire import decode_states, encode_states
from core.domain.case import Case, Note
from core.domain.estate import Home
from core.domain.organisation import Member
from core.foundation.errors import StillChecking
from core.services import opening, organisation, summaries, sync
from core.services.workspace import Workspace
from core.store import summaries as kept
from core.store.bases import bases
from tests.support.laptops import PASSPHRASE, Office, change_ids_of, records_of


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(summaries, "EVERY_CHANGES", 8)
    return Office(tmp_path)


def homes(laptop: Workspace, count: int, street: str = "Elm Row") -> None:
    for number in range(count):
        with laptop.store.unit("test") as (unit, _):
            unit.create(Home, laptop.organisation_stream, street=street, number=str(number))


def join(office: Office, admin: Workspace, name: str, initials: str) -> Workspace:
    """As `Office.join`, with a folder of which the joiner at first gets only what the summary needs."""
    office.ask(admin, name, initials, "officer")
    sync.sync_now(admin)
    (request,) = [item for item in organisation.waiting_requests(admin) if item.name == name]
    organisation.admit(admin, request=request.id)
    sync.sync_now(admin)
    return opening.finish_joining(office.root / name, PASSPHRASE, parts=office.parts)


@pytest.fixture
def laptops() -> Iterator[list[Workspace]]:
    found: list[Workspace] = []
    yield found
    for laptop in found:
        opening.lock(laptop)


def test_a_joiner_sees_everything_at_once_and_the_history_confirms_it(
    office: Office, laptops: list[Workspace]
) -> None:
    ana = office.found()
    laptops.append(ana)
    homes(ana, 10)
    sync.sync_now(ana)
    sync.sync_now(ana)
    with ana.store.reading() as connection:
        assert len(kept.of_stream(connection, ana.organisation_stream)) == 1
    homes(ana, 3, "Oak Lane")
    sync.sync_now(ana)
    ben = join(office, ana, "Ben Okafor", "bo")
    laptops.append(ben)
    assert ben.store.count(Home) == 10, "what the summary holds, before any history was read"
    assert change_ids_of(ben) == []
    state = sync.sync_state(ben)
    assert "summed up by Ana Reyes" in state.being_checked
    with pytest.raises(StillChecking), ben.store.unit("test") as (unit, _):
        unit.create(Home, ben.organisation_stream, street="Too early")
    ben.store.rebuild()
    assert ben.store.count(Home) == 10, "made again in between, it still stands"

    report = sync.sync_now(ben, everything=True)
    assert report.refused == 0 and report.notices == ()
    assert sync.sync_state(ben).being_checked == "" and ben.store.count(Home) == 13
    assert records_of(ben) == records_of(ana) and change_ids_of(ben) == change_ids_of(ana)
    homes(ben, 1, "Now it may be written")
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert records_of(ben) == records_of(ana)


def test_a_joiner_who_locks_in_between_goes_on_where_they_were(office: Office, laptops: list[Workspace]) -> None:
    ana = office.found()
    laptops.append(ana)
    homes(ana, 9)
    sync.sync_now(ana)
    sync.sync_now(ana)
    ben = join(office, ana, "Ben Okafor", "bo")
    opening.lock(ben)
    ben = opening.unlock(office.root / "Ben Okafor", PASSPHRASE, parts=office.parts)
    laptops.append(ben)
    assert ben.store.count(Home) == 9 and ben.store.checking
    carried, turns = sync.NEW, 0
    while True:
        turn = sync.sync_turn(ben, carried=carried, everything=True, budget_s=0.0)
        carried, turns = turn.carried, turns + 1
        if turn.report is not None:
            break
    assert turns > 3 and not ben.store.checking
    assert records_of(ben) == records_of(ana)


def test_a_summary_that_lies_is_found_out_and_its_maker_named(
    office: Office, laptops: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = office.found()
    laptops.append(ana)
    homes(ana, 10)
    true_state = kept.state_of

    def without_one_home(connection: object, stream: object) -> bytes | None:
        state = true_state(connection, stream)  # type: ignore[arg-type]  # as asked
        if state is None:
            return None
        states = decode_states(state)
        home = next(entity for entity, one in states.items() if one.table == "home")
        del states[home]
        return encode_states(states)

    monkeypatch.setattr(kept, "state_of", without_one_home)
    sync.sync_now(ana)
    monkeypatch.undo()
    sync.sync_now(ana)
    ben = join(office, ana, "Ben Okafor", "bo")
    laptops.append(ben)
    assert ben.store.count(Home) == 9
    report = sync.sync_now(ben, everything=True)
    assert ben.store.count(Home) == 10, "the history counts"
    assert any("summary made by Ana Reyes" in notice for notice in report.notices)
    assert records_of(ben) == records_of(ana)


def test_a_lie_that_a_colleague_can_check_is_shown_to_nobody(
    office: Office, laptops: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = office.pair("Ben Okafor", "bo", role="administrator")
    laptops += [ana, ben]
    homes(ana, 10)
    monkeypatch.setattr(kept, "state_of", lambda connection, stream: encode_states({}))
    sync.sync_now(ana)
    monkeypatch.undo()
    monkeypatch.setattr(summaries, "EVERY_CHANGES", 10**6)
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert any("summary made by Ana Reyes" in notice for notice in sync.sync_state(ben).notices)
    cara = join(office, ben, "Cara Lind", "cl")
    laptops.append(cara)
    assert not cara.store.checking and cara.store.count(Home) == 10


def test_what_two_people_vouch_for_is_shown_without_a_mark(office: Office, laptops: list[Workspace]) -> None:
    ana, ben = office.pair()
    laptops += [ana, ben]
    homes(ana, 10)
    for laptop in (ana, ana, ben, ben, ana):
        sync.sync_now(laptop)
    with ana.store.reading() as connection:
        vouched = kept.of_stream(connection, ana.organisation_stream)
    assert {row.device for row in vouched} == {ana.device, ben.device}, "the second person was asked, and looked first"
    cara = join(office, ana, "Cara Lind", "cl")
    laptops.append(cara)
    with cara.store.reading() as connection:
        assert [base.trusted for base in bases(connection)] == [True]
    assert sync.sync_state(cara).being_checked == "" and cara.store.count(Home) == 10
    assert {member.name for member in cara.store.select(Member)} >= {"Ana Reyes", "Ben Okafor"}
    sync.sync_now(cara, everything=True)
    for laptop in (ana, ben, cara, ana, ben):
        sync.sync_now(laptop)
    assert records_of(cara) == records_of(ana) == records_of(ben)


def test_a_lost_or_damaged_summary_only_costs_time(office: Office, laptops: list[Workspace]) -> None:
    ana = office.found()
    laptops.append(ana)
    homes(ana, 10)
    sync.sync_now(ana)
    sync.sync_now(ana)
    shutil.rmtree(office.folder / "cwf1" / "b")
    ben = join(office, ana, "Ben Okafor", "bo")
    laptops.append(ben)
    assert not ben.store.checking and records_of(ben) == records_of(ana)
    assert ben.store.count(Case) == ben.store.count(Note) == 0


def test_an_idle_organisation_makes_no_more_summaries(office: Office, laptops: list[Workspace]) -> None:
    ana = office.found()
    laptops.append(ana)
    homes(ana, 10)
    for _ in range(3):
        sync.sync_now(ana)
    made = len(list((office.folder / "cwf1" / "b").rglob("*")))
    for _ in range(4):
        office.clock.step(timedelta(days=70))
        sync.sync_now(ana)
    assert len(list((office.folder / "cwf1" / "b").rglob("*"))) == made
    homes(ana, 1)
    sync.sync_now(ana)
    office.clock.step(timedelta(days=61))
    for _ in range(2):
        sync.sync_now(ana)
    assert len(list((office.folder / "cwf1" / "b").rglob("*"))) > made, "one change, sixty days old"


def test_a_summary_that_was_replaced_is_cleared_away_a_month_later(office: Office, laptops: list[Workspace]) -> None:
    ana = office.found()
    laptops.append(ana)
    for street in ("Elm Row", "Oak Lane", "Birch Road"):
        homes(ana, 9, street)
        for _ in range(3):
            sync.sync_now(ana)
    files = {path for path in (office.folder / "cwf1" / "b").rglob("*") if path.is_file()}
    assert len(files) == 3
    for _ in range(6):
        office.clock.step(timedelta(days=7))
        sync.sync_now(ana, everything=True)
    left = {path for path in (office.folder / "cwf1" / "b").rglob("*") if path.is_file()}
    with ana.store.reading() as connection:
        (newest,) = kept.of_stream(connection, ana.organisation_stream)
    assert {path.name for path in left} == {newest.name}
    assert sync.sync_now(ana, everything=True).missing == 0
    ben = join(office, ana, "Ben Okafor", "bo")
    laptops.append(ben)
    assert ben.store.count(Home) == 27
