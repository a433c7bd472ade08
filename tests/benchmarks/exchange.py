"""The exchange between two laptops beside programs that carry the same log of changes.

Ours is in this process and does more than they do: it checks every signature and merges every change into the
receiver's records and search. They are whole processes, so each of their figures holds one start of a program.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.estate import Home
from core.foundation.ids import RecordId, StreamId
from core.services import leaving, opening, organisation, streams
from core.services.exchange import me_of
from core.services.sync import sync_now
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.sealing import seal_next
from tests.benchmarks.big_vault import sentence
from tests.benchmarks.measure import say
from tests.benchmarks.peers import Peer, Spent, peers_for
from tests.support.laptops import PASSPHRASE, Office
from tests.support.workspaces import homes_csv, with_homes

CASES = 400
HOMES = 10_000
CASES_OF_ONE = 5_000
LETTERS = 160
ROUNDS = 3


def run(folder: Path, *, histories: tuple[int, ...], files: tuple[int, ...]) -> None:
    print("\nExchange between two laptops")
    _first(folder / "first")
    for history in histories:
        _incremental(folder / f"history-{history}", history)
    for count in files:
        _nothing_new(folder / f"files-{count}", count)
    _joining(folder / "joining")
    _leaving(folder / "leaving")


class Pair:
    """Ana and Ben on two laptops, and the same changes as a plain log for the peers."""

    def __init__(self, root: Path) -> None:
        self.office = Office(root)
        self.ana = self.office.found()
        self.ben = self.office.join(self.ana, "Ben Okafor", "bo")
        self._dice = random.Random(3)
        self._cases: list[tuple[StreamId, RecordId]] = []
        self.log = root / "log"
        self.log.mkdir()
        self._open_cases()

    def _open_cases(self) -> None:
        with self.ana.store.unit("bench") as (unit, _):
            for number in range(CASES):
                stream = streams.open_case_stream(
                    unit, self.ana, readers=frozenset({self.ben.user}), conflicted=frozenset()
                )
                case = unit.create(Case, stream, reference=f"2026-AR-{number}", lead=self.ana.user)
                self._cases.append((stream, case))
        self.sync()

    def write(self, count: int) -> None:
        """`count` notes, one change each, and the same words in the log."""
        with (self.log / "changes.jsonl").open("a") as log:
            for start in range(0, count, CASES):
                self.office.clock.step(timedelta(seconds=1))
                with self.ana.store.unit("bench") as (unit, _):
                    for stream, case in self._cases[: min(CASES, count - start)]:
                        body = sentence(self._dice, LETTERS)
                        unit.create(Note, stream, case=case, body=body, at=self.office.clock.now(), by=self.ana.user)
                        log.write(json.dumps({"case": case.hex(), "by": self.ana.user.hex(), "body": body}) + "\n")

    def push(self) -> Spent:
        return _spent(lambda: sync_now(self.ana))

    def pull(self) -> Spent:
        return _spent(lambda: sync_now(self.ben))

    def sync(self) -> None:
        self.push()
        self.pull()
        self.push()

    def close(self) -> None:
        for workspace in (self.ana, self.ben):
            workspace.store.engine.dispose()
            workspace.occupancy.release()


def _first(root: Path) -> None:
    pair = Pair(root)
    pair.write(10_000)
    _say("First exchange of 10,000 changes", [(pair.push(), pair.pull())])
    _peers("", peers_for(pair.log, root / "peers"), 1)
    pair.close()


def _incremental(root: Path, history: int) -> None:
    pair = Pair(root)
    pair.write(history)
    pair.sync()
    peers = peers_for(pair.log, root / "peers") if history >= 100_000 else []
    for peer in peers:
        peer.exchange()
    found = []
    spent: dict[str, list[tuple[Spent, Spent]]] = {peer.name: [] for peer in peers}
    for _ in range(ROUNDS):
        pair.write(100)
        found.append((pair.push(), pair.pull()))
        pair.push()
        for peer in peers:
            spent[peer.name].append(peer.exchange())
    _say(f"100 changes on a history of {history:,}", found)
    for name, values in spent.items():
        _say(f"    {name}", values)
    pair.close()


def _nothing_new(root: Path, files: int) -> None:
    pair = Pair(root)
    _many_files(pair.ana, pair, files)
    pair.sync()
    count = len(pair.office.files())
    _say(f"Nothing new, {count:,} files in the folder", [(pair.push(), pair.pull()) for _ in range(ROUNDS)])
    peers = peers_for(pair.office.folder, root / "peers")
    for peer in peers:
        peer.exchange()
    _peers("", peers, ROUNDS)
    pair.close()


def _joining(root: Path) -> None:
    """Somebody joins an organisation of 10,000 homes: until they see them, and until all of it was checked."""
    for name, with_summary in (("from a summary", True), ("from the history", False)):
        office = Office(root / name)
        ana = office.found()
        with_homes(ana, homes_csv(office.root / "homes.csv", HOMES, streets=240))
        sync_now(ana)
        sync_now(ana)
        with pytest.MonkeyPatch.context() as patch:
            if not with_summary:
                patch.setattr(organisation, "summaries_for_joiner", lambda *_: ())
            office.ask(ana, "Ben Okafor", "bo", "officer")
            sync_now(ana)
            (request,) = organisation.waiting_requests(ana)
            organisation.admit(ana, request=request.id)
        sync_now(ana)
        opened: list[Workspace] = []
        seen = _spent(
            lambda office=office, opened=opened: opened.append(
                opening.finish_joining(office.root / "Ben Okafor", PASSPHRASE, parts=office.parts)
            )
        )
        (ben,) = opened
        homes = ben.store.count(Home)
        rest = _spent(lambda ben=ben: sync_now(ben))
        say(
            f"Joining {HOMES:,} homes {name}",
            f"{seen.cpu_ms:>8.0f} CPU ms to {homes:,} homes seen, then {rest.cpu_ms:>8.0f} CPU ms",
        )
        for workspace in (ana, ben):
            workspace.store.engine.dispose()
            workspace.occupancy.release()


def _leaving(root: Path) -> None:
    """An officer who reads 5,000 cases leaves: what holds up the screen, and the first entry in a case afterwards."""
    office = Office(root)
    ana = office.found()
    ben = office.join(ana, "Ben Okafor", "bo")
    case = stream = None
    for _ in range(CASES_OF_ONE // 500):
        with ana.store.unit("bench") as (unit, _):
            for number in range(500):
                readers = frozenset({ben.user})
                stream = streams.open_case_stream(unit, ana, readers=readers, conflicted=frozenset())
                case = unit.create(Case, stream, reference=f"2026-AR-{number}", lead=ana.user)
    sync_now(ana)
    assert case is not None
    assert stream is not None
    left = _spent(lambda: leaving.remove_colleague(ana, user=ben.user, reason="moved on"))
    with ana.store.unit("bench") as (unit, _):
        unit.create(Note, stream, case=case, body="the first entry afterwards", by=ana.user)
    after = _spent(lambda: sync_now(ana))
    say(
        f"Somebody who reads {CASES_OF_ONE:,} cases leaves",
        f"{left.cpu_ms:>8.0f} CPU ms before the screen is free, {after.cpu_ms:>8.0f} CPU ms for the next exchange",
    )
    for workspace in (ana, ben):
        workspace.store.engine.dispose()
        workspace.occupancy.release()


def _many_files(workspace: Workspace, pair: Pair, files: int) -> None:
    """One change a file, as a year of short working days makes them."""
    mailbox = VaultMailbox(workspace.store.engine)
    me = me_of(workspace)
    for _ in range(files):
        pair.write(1)
        with mailbox.writing() as box:
            seal_next(box, me, now=workspace.parts.clock.now(), randomness=workspace.parts.randomness)


def _peers(before: str, peers: list[Peer], rounds: int) -> None:
    for peer in peers:
        _say(f"    {before}{peer.name}", [peer.exchange() for _ in range(rounds)])


def _spent(work: Callable[[], object]) -> Spent:
    cpu, wall = time.process_time(), time.monotonic()
    work()
    return Spent((time.process_time() - cpu) * 1000, (time.monotonic() - wall) * 1000)


def _say(what: str, found: list[tuple[Spent, Spent]]) -> None:
    def middle(place: int, kind: str) -> float:
        return statistics.median(getattr(pair[place], kind) for pair in found)

    say(
        what,
        f"send {middle(0, 'cpu_ms'):>8.0f} CPU ms ({middle(0, 'wall_ms'):>7.0f} ms)   "
        f"take in {middle(1, 'cpu_ms'):>8.0f} CPU ms ({middle(1, 'wall_ms'):>7.0f} ms)",
    )
