"""The exchange is ended between any two effects; the next one goes on, and nothing is lost or doubled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.foundation.ids import RecordId
from core.foundation.ports import FileInfo, NeverCancel, SharedStore, no_progress
from core.services import access, opening, streams, sync
from core.services.exchange import me_of
from core.services.place import transport_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultBox, VaultMailbox
from core.sync.runner import Runner, Surroundings
from tests.support.laptops import Office, Template, change_ids_of, records_of
from tests.support.searching import SEARCHING


class Killed(BaseException):
    """The program ended here."""


@dataclass
class Countdown:
    """Ends the program at the n-th effect: odd counts after the effect, even ones before it."""

    left: int

    def step(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1


class MortalMailbox(VaultMailbox):
    def __init__(self, workspace: Workspace, countdown: Countdown) -> None:
        super().__init__(workspace.store.engine)
        self._countdown = countdown

    @contextlib.contextmanager
    def writing(self) -> Iterator[VaultBox]:
        with super().writing() as box:
            yield box
            self._countdown.step()  # everything done, nothing committed
        self._countdown.step()  # committed


class MortalStore:
    def __init__(self, store: SharedStore, countdown: Countdown) -> None:
        self._store = store
        self._countdown = countdown

    def list(self, prefix: str) -> Iterator[FileInfo]:
        return self._store.list(prefix)

    def get(self, name: str, max_bytes: int) -> bytes:
        self._countdown.step()
        return self._store.get(name, max_bytes)

    def put_if_absent(self, name: str, data: bytes) -> None:
        self._countdown.step()
        self._store.put_if_absent(name, data)
        self._countdown.step()

    def delete(self, name: str) -> None:
        self._countdown.step()
        self._store.delete(name)
        self._countdown.step()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="first words")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


def write_something(ana: Workspace, ben: Workspace) -> RecordId:
    """Ben has two files for Ana in the folder; Ana has unsent work, one new case and one new reader."""
    case = ana.store.select(Case)[0]
    for words in ("a first note", "a second note"):
        with ben.store.unit("test") as (unit, _):
            unit.create(Note, case.stream, case=case.id, body=words)
        sync.sync_now(ben)
    with ben.store.unit("test") as (unit, _):
        unit.update(Case, case.id, summary="changed by Ben")
    sync.sync_now(ben)
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case.id, summary="changed by Ana at the same time")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset(), conflicted=frozenset())
        new = unit.create(Case, stream, reference="2026-AR-2", summary="a second case")
    access.add_reader(ana, new, ben.user, "shared")
    return new


def run_mortal(workspace: Workspace, effects: int) -> bool:
    """Whether the round came to its end before the n-th effect."""
    countdown = Countdown(effects)
    around = Surroundings(
        MortalMailbox(workspace, countdown), MortalStore(transport_of(workspace), countdown),
        workspace.parts.clock, workspace.parts.randomness,
    )  # fmt: skip
    try:
        Runner(me_of(workspace), around, progress=no_progress, cancel=NeverCancel()).run(everything=True)
    except Killed:
        return False
    return True


def test_ended_at_every_effect_in_turn_nothing_is_lost_or_doubled(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "start")
    ana, ben = laptops.values()
    new = write_something(ana, ben)
    start = Template.of(office, laptops)
    finished, effects = False, 0
    outcomes = set()
    while not finished:
        office, laptops = start.copy(tmp_path / str(effects))
        ana, ben = laptops.values()
        finished = run_mortal(ana, effects)
        for laptop in (ana, ben, ana, ben):
            report = sync.sync_now(laptop, everything=True)
            assert report.refused == 0 and report.waiting == 0 and report.notices == ()
        assert records_of(ana) == records_of(ben)
        assert change_ids_of(ana) == change_ids_of(ben)
        assert len(set(change_ids_of(ana))) == len(change_ids_of(ana))
        assert ben.store.get(Case, new).summary == "a second case"
        assert ana.store.count(Note) == 2
        contested = [row["contested"] for row in records_of(ana)["case"]]
        assert sorted(contested) == ["", "summary"], "two versions written apart are both kept"
        outcomes.add(len(office.files()))
        for laptop in laptops.values():
            opening.lock(laptop)
        effects += 1 if SEARCHING else 2
    assert effects > 15, "the round has many effects, and each was tried, or each second"


@pytest.mark.parametrize("weeks_before", [0, 1, 3])
def test_packing_ended_at_every_effect_loses_nothing_and_is_done_in_the_end(
    template: Template, tmp_path: Path, weeks_before: int
) -> None:
    """Making a pack, reading it back, deleting what it replaces: ended anywhere, the next weeks finish it."""
    office, laptops = template.copy(tmp_path / "start")
    ana, ben = laptops.values()
    write_something(ana, ben)
    for laptop in (ana, ben, ana, ben):
        sync.sync_now(laptop)
    wanted = records_of(ana)
    office.clock.step(timedelta(days=100))
    for _ in range(weeks_before):
        a_week(office, ana, ben)
    start = Template.of(office, laptops)
    finished, effects = False, 0
    while not finished:
        office, laptops = start.copy(tmp_path / str(effects))
        ana, ben = laptops.values()
        finished = run_mortal(ana, effects)
        for _ in range(5 - weeks_before):
            a_week(office, ana, ben)
        with VaultMailbox(ana.store.engine).reading() as box:
            packed = box.packed()
            assert len(box.own_packs()) == 1
        names = {path.name for path in office.files()}
        assert set(packed.values()) <= names and not set(packed) & names
        assert records_of(ana) == records_of(ben) == wanted
        assert sync.verify_shared_folder(ana).problems == ()
        effects += 4 if SEARCHING else 9
        for laptop in laptops.values():
            opening.lock(laptop)


def a_week(office: Office, *laptops: Workspace) -> None:
    for laptop in laptops:
        assert sync.sync_now(laptop, everything=True).refused == 0
    office.clock.step(timedelta(days=7))
