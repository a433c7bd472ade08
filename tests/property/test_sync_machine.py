"""Four to six real laptops and a folder that misbehaves, in any order of events; an oracle that shares no code says
what each laptop must show, and another what each person can know.

In CI a small profile runs; `IMANI_MACHINE=200x60` runs 200 examples of 60 steps (CONTRIBUTING.md).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from core.domain.case import Case, Note
from core.foundation.errors import NotAllowed, NotFound, RosterStale
from core.foundation.ids import RecordId, StreamId, UserId
from core.services import access, leaving, readers, streams
from core.services.roster import epochs_of, roster_of
from core.services.roster_news import news_of_roster
from core.services.workspace import Workspace
from tests.independent.formats import NONE
from tests.independent.reader import Folder, _ancestry
from tests.support.fleet import Fleet, Laptop, make_template
from tests.support.knowledge import Actor
from tests.support.laptops import Template, records_of
from tests.support.oracle import keys_of, read_by, shown_by, write_applied

EXAMPLES, STEPS = (int(part) for part in os.environ.get("IMANI_MACHINE", "5x25").split("x"))
people = st.integers(0, 3)
anyone = st.integers(0, 5)
numbers = st.integers(1, 3)
WRITERS = (0, 1, 3)
MOST_LAPTOPS = 6


class Machine(RuleBasedStateMachine):
    template: Template

    @initialize()
    def begin(self) -> None:
        self.fleet = Fleet(self.template, Path(tempfile.mkdtemp(dir=self.template.office.root.parent)))
        self.count = 0
        self.granted: dict[StreamId, set[UserId]] = {}
        """Per stream everybody who was ever given it, as the machine itself did it."""
        ana, ben, cat, dev = (laptop.workspace for laptop in self.fleet.laptops)
        everybody = {laptop.user for laptop in (ana, ben, cat, dev)}
        readers = (everybody, {ana.user}, {ana.user, ben.user})
        for number, given in enumerate(readers, 1):
            case = self.case(ana, number)
            assert case is not None
            self.granted[case.stream] = set(given)
        self.ours, self.everybody = ana.organisation_stream, everybody
        self.users = [laptop.user for laptop in (ana, ben, cat, dev)]
        self.removed: set[UserId] = set()
        self.joined: Laptop | None = None

    def laptop(self, at: int) -> tuple[int, Laptop]:
        at %= len(self.fleet.laptops)
        return at, self.fleet.laptops[at]

    def case(self, workspace: Workspace, number: int) -> Case | None:
        found = [case for case in workspace.store.select(Case) if case.reference == f"2026-AR-{number}"]
        return found[0] if found else None

    # ------------------------------------------------------------------ work

    @rule(at=anyone, number=numbers, kind=st.sampled_from(["summary", "summary", "place", "note", "delete-note"]))
    def write(self, at: int, number: int, kind: str) -> None:
        _, laptop = self.laptop(at)
        workspace = laptop.workspace
        case = None if laptop.gone else self.case(workspace, number)
        if case is None or laptop.name == "Cat Lim":
            return
        self.count += 1
        if workspace.store.writable is not None:
            return  # it has heard of the removal of its owner, and something is still to be sent
        with workspace.store.unit("test") as (unit, _):
            if kind == "note":
                unit.create(Note, case.stream, case=case.id, body=f"note {self.count}")
            elif kind == "delete-note":
                notes = [note for note in workspace.store.select(Note) if note.stream == case.stream]
                if notes:
                    unit.delete(Note, RecordId(notes[self.count % len(notes)].id))
            else:
                unit.update(Case, case.id, **{kind: f"{kind} {self.count}"})
        self.fleet.acknowledge(laptop)

    @rule(at=anyone, to=anyone, number=numbers)
    def relay(self, at: int, to: int, number: int) -> None:
        """One writes and publishes, another reads it and writes over it, unpublished."""
        self.write(at, number, "summary")
        self.exchange(at)
        self.exchange(to)
        self.write(to, number, "summary")

    @rule(at=anyone)
    def exchange(self, at: int) -> None:
        self.fleet.exchange(self.laptop(at)[0])

    @rule(at=anyone, puts=st.integers(0, 2), kill=st.booleans())
    def exchange_in_part(self, at: int, puts: int, kill: bool) -> None:
        self.fleet.exchange(self.laptop(at)[0], puts=puts, kill=kill)

    @rule(at=anyone, blind=st.sampled_from([30, 60]))
    def exchange_with_a_stale_listing(self, at: int, blind: int) -> None:
        self.fleet.exchange(self.laptop(at)[0], blind=blind)

    @rule(at=anyone, to=people, number=st.integers(2, 3))
    def give_access(self, at: int, to: int, number: int) -> None:
        _, laptop = self.laptop(at)
        case = None if laptop.gone else self.case(laptop.workspace, number)
        user = self.users[to]
        if case is None or laptop.name == "Cat Lim" or roster_of(laptop.workspace).role_of(user) is None:
            return
        if user in {row.user for row in access.kept_out_of(laptop.workspace, case.id)}:
            return
        if laptop.workspace.store.writable is not None:
            return
        with contextlib.suppress(RosterStale):  # three months without an administrator
            access.add_reader(laptop.workspace, case.id, user, "test")
            self.granted[case.stream].add(user)
        self.fleet.acknowledge(laptop)

    @rule(at=anyone, to=people, number=numbers)
    def take_access_away(self, at: int, to: int, number: int) -> None:
        _, laptop = self.laptop(at)
        case = None if laptop.gone else self.case(laptop.workspace, number)
        user = self.users[to]
        if case is None or user == laptop.workspace.user:
            return
        with contextlib.suppress(NotAllowed, NotFound):
            readers.remove_reader(laptop.workspace, case=case.id, user=user, reason="test")
        self.fleet.acknowledge(laptop)

    @rule(at=st.sampled_from(WRITERS), reader=people, walled=people)
    def open_a_case(self, at: int, reader: int, walled: int) -> None:
        laptop = self.fleet.laptops[at]
        users = self.users
        if (
            laptop.gone
            or laptop.workspace.store.writable is not None
            or walled in (at, reader)
            or len(self.granted) > 6
        ):
            return
        if roster_of(laptop.workspace).role_of(users[reader]) is None:
            return
        if news_of_roster(laptop.workspace).blocks:
            return  # three months without an administrator
        self.count += 1
        with laptop.workspace.store.unit("test") as (unit, _):
            stream = streams.open_case_stream(
                unit, laptop.workspace, readers=frozenset({users[reader]}), conflicted=frozenset({users[walled]})
            )
            unit.create(Case, stream, reference=f"2026-XX-{self.count}", summary="another")
        self.granted[stream] = {users[at], users[reader]}
        self.fleet.acknowledge(laptop)

    # ------------------------------------------------------------------ who is in, and time

    @precondition(lambda self: len(self.removed) < 2)
    @rule(who=st.integers(1, 3))
    def remove_somebody(self, who: int) -> None:
        """By Ana, whom the root names. They go on writing until they hear of it."""
        ana = self.fleet.laptops[0]
        with contextlib.suppress(NotAllowed, NotFound):
            leaving.remove_colleague(ana.workspace, user=self.users[who], reason="test")
            self.removed.add(self.users[who])
        self.fleet.acknowledge(ana)

    @precondition(lambda self: self.removed and self.joined is None and not self.fleet.hidden)
    @rule()
    def somebody_comes_back(self) -> None:
        """Invited again, as a new person on a new laptop: nothing of before is theirs."""
        ana = self.fleet.laptops[0]
        if any(laptop.twin_of == 0 for laptop in self.fleet.laptops):
            return  # what a laptop used twice lets in does not count
        self.joined = self.fleet.join(ana, f"Eve {self.count}")

    @rule(days=st.sampled_from([8, 70, 95]))
    def time_passes(self, days: int) -> None:
        """Packs are made of months that are over, read back a week later, and take the place of their originals."""
        self.fleet.time_passes(timedelta(days=days))

    # ------------------------------------------------------------------ mishaps

    @rule(pick=st.integers(0, 2**32), newest=st.integers(1, 4))
    def host_takes_files_away(self, pick: int, newest: int) -> None:
        self.fleet.hide(pick, newest)

    @rule(pick=st.integers(0, 2**32), odd_name=st.booleans())
    def host_shows_a_file_again(self, pick: int, odd_name: bool) -> None:
        if self.fleet.hidden:
            self.fleet.show(pick, odd_name=odd_name)

    @rule(pick=st.integers(0, 2**32))
    def host_damages_a_file(self, pick: int) -> None:
        self.fleet.damage(pick)

    @rule(at=anyone)
    def restart(self, at: int) -> None:
        self.fleet.restart(self.laptop(at)[0])

    @rule(at=anyone, seconds=st.integers(-100_000, 100_000))
    def clock_jumps(self, at: int, seconds: int) -> None:
        self.fleet.skew(self.laptop(at)[0], seconds)

    @rule(at=people)
    def back_up(self, at: int) -> None:
        self.fleet.back_up(at)

    @rule(at=people)
    def put_back_from_a_copy(self, at: int) -> None:
        if self.fleet.laptops[at].backup is not None:
            self.fleet.restore(at)

    @rule(at=st.sampled_from(WRITERS))
    def go_on_twice_under_one_number(self, at: int) -> None:
        if len(self.fleet.laptops) < MOST_LAPTOPS:
            self.fleet.twin(at)

    # ------------------------------------------------------------------ what must hold

    @rule(at=anyone)
    def what_is_shown_follows_from_the_files_applied(self, at: int) -> None:
        """Whatever the order and the losses: a function of the set of files, as the second reader has it."""
        at, laptop = self.laptop(at)
        self.fleet.exchange(at)
        if laptop.gone:
            return
        folder = Path(tempfile.mkdtemp(dir=self.fleet.root))
        write_applied(laptop.workspace, folder)
        said = Folder(folder, keys_of(laptop.workspace))
        assert (said.problems, said.refused) == ([], []), "what was applied is causally whole and keeps every rule"
        assert read_by(said) == shown_by(laptop.workspace)
        shutil.rmtree(folder)

    def teardown(self) -> None:
        if not hasattr(self, "fleet"):
            return
        try:
            self.fleet.settle()
            self.everybody_agrees()
            self.nobody_knows_more_than_they_were_given()
        finally:
            self.fleet.close()

    def everybody_agrees(self) -> None:
        ana = self.fleet.laptops[0]
        for laptop in self.fleet.laptops:
            if laptop.workspace.user in self.removed:
                assert laptop.gone or self.went_back(laptop), "they have heard of it"
        self.said = {id(laptop): self.second_reading(laptop) for laptop in self.fleet.here()}
        reading = {stream: self.readers(stream) for stream in self.granted}
        for laptop in self.fleet.here():
            said = self.said[id(laptop)]
            assert (said.problems, said.refused) == ([], [])
            shown = shown_by(laptop.workspace)
            assert read_by(said) == shown, laptop.name
            before = records_of(laptop.workspace)
            laptop.workspace.store.rebuild()
            assert records_of(laptop.workspace) == before, "made again from the changes it is the same"
            for stream, given in reading.items():
                reads, user = laptop.workspace.user in given, laptop.workspace.user
                undone = any(user in {member[0] for member in said.headers[name][5]} for name in said.idle)
                held = self.epochs(laptop, stream) > 0
                # Access given on a laptop used twice does not count; the key that came with it cannot be unlearned.
                assert held == reads or (held and undone), "who was given a case has it, nobody else"
            for other in self.fleet.here():
                users = {laptop.workspace.user, other.workspace.user}
                both = {self.ours, *(stream for stream, given in reading.items() if users <= given)}
                theirs = shown_by(other.workspace)
                assert {k: v for k, v in shown.items() if v["stream"] in both} == {
                    k: v for k, v in theirs.items() if v["stream"] in both
                }
        assert shown_by(ana.workspace)

    def second_reading(self, laptop: Laptop) -> Folder:
        return Folder(self.fleet.archive.parent, keys_of(laptop.workspace))

    def readers(self, stream: StreamId) -> set[bytes]:
        """Who reads a stream, as the second reader has it from any laptop that does."""
        found = [
            said.readers_of(stream)
            for laptop in self.fleet.here()
            if self.epochs(laptop, stream) and (said := self.said[id(laptop)])
        ]
        assert all(readers == found[0] for readers in found), "all who read it agree on who reads it"
        return found[0] if found else set()

    def went_back(self, laptop: Laptop) -> bool:
        """Whether the removal itself does not count: Ana's laptop was used twice, and this came after."""
        return roster_of(laptop.workspace).role_of(laptop.workspace.user) is not None

    def epochs(self, laptop: Laptop, stream: StreamId) -> int:
        return sum(known.key is not None for known in epochs_of(laptop.workspace, stream).values())

    def nobody_knows_more_than_they_were_given(self) -> None:
        """What everybody could derive from their seeds, their vault and every file there ever was."""
        world = self.fleet.world
        headers: dict[bytes, dict[int, Any]] = {}
        for said in self.said.values():
            headers.update(said.headers)
        for laptop in self.fleet.laptops[:4]:
            actor = self.fleet.attacker(laptop)
            reached = world.reach(actor)
            allowed = {self.ours, *(stream for stream, users in self.granted.items() if actor.user in users)}
            streams_reached = {stream for stream, _ in reached.values()}
            assert streams_reached & self.granted.keys() <= allowed, f"{laptop.name} was not given this case"
            given = [name for name, header in headers.items() if actor.user in {member[0] for member in header[5]}]
            with_the_past = _ancestry(given, headers)
            beyond = {
                name for name, (stream, _) in reached.items() if stream != self.ours and name not in with_the_past
            }
            assert not beyond & headers.keys(), f"{laptop.name} derives a key they are not a reader of"
            if not laptop.gone:
                assert {name for name in with_the_past if headers[name][1] != self.ours} <= reached.keys()
        host = Actor(actor.organisation, NONE[:16])
        assert not list(world.segments(host)) and not world.reach(host)
        with_outer_keys = Actor(actor.organisation, NONE[:16], {0: NONE}, frozenset(self.fleet.ever_envelope))
        assert world.reach(with_outer_keys) == {}, "the outer keys alone open no stream"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("fleet") / "template")


@pytest.mark.timeout(0 if "IMANI_MACHINE" in os.environ else 300)
def test_everybody_agrees_and_nobody_knows_more_whatever_happens(template: Template) -> None:
    machine = type("WithTemplate", (Machine,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize="IMANI_MACHINE" not in os.environ,
        ),
    )
