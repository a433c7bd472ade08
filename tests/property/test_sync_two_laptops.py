"""Three real laptops, one folder that misbehaves, any order of events: in the end all agree and nothing is lost."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.domain.case import Case, Note
from core.foundation.ids import RecordId
from core.services import access, opening, streams, sync
from core.services.workspace import Workspace
from tests.support.laptops import Office, Template, change_ids_of, records_of

NAMES = ("Ana Reyes", "Ben Okafor", "Dev Patel")
laptops = st.integers(0, len(NAMES) - 1)


def make_template(root: Path) -> Template:
    office = Office(root)
    ana = office.found(NAMES[0], "ar")
    others = [office.join(ana, name, "xx") for name in NAMES[1:]]
    with ana.store.unit("test") as (unit, _):
        shared = streams.open_case_stream(
            unit, ana, readers=frozenset(other.user for other in others), conflicted=frozenset()
        )
        unit.create(Case, shared, reference="2026-AR-1", summary="shared by all")
    with ana.store.unit("test") as (unit, _):
        alone = streams.open_case_stream(unit, ana, readers=frozenset(), conflicted=frozenset())
        unit.create(Case, alone, reference="2026-AR-2", summary="of one reader at first")
    for laptop in (ana, *others, ana):
        sync.sync_now(laptop)
    return Template.of(office, dict(zip(NAMES, (ana, *others), strict=True)))


class Machine(RuleBasedStateMachine):
    template: Template

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(dir=self.template.office.root.parent))
        self.office, laptops = self.template.copy(self.root)
        self.laptops = [laptops[name] for name in NAMES]
        self.written: set[bytes] = set().union(*(change_ids_of(laptop) for laptop in self.laptops))
        self.hidden: list[tuple[Path, bytes]] = []
        self.offset = timedelta()
        self.count = 0

    def case(self, laptop: Workspace, number: int) -> Case | None:
        found = [case for case in laptop.store.select(Case) if case.reference == f"2026-AR-{number}"]
        return found[0] if found else None

    def remember(self, laptop: Workspace) -> None:
        self.written.update(change_ids_of(laptop))

    @rule(who=laptops, number=st.integers(1, 2), kind=st.sampled_from(["summary", "place", "note", "delete-note"]))
    def write(self, who: int, number: int, kind: str) -> None:
        laptop = self.laptops[who]
        case = self.case(laptop, number)
        if case is None:
            return
        self.count += 1
        with laptop.store.unit("test") as (unit, _):
            if kind == "note":
                unit.create(Note, case.stream, case=case.id, body=f"note {self.count}")
            elif kind == "delete-note":
                notes = laptop.store.select(Note)
                if notes:
                    unit.delete(Note, RecordId(notes[self.count % len(notes)].id))
            else:
                unit.update(Case, case.id, **{kind: f"{kind} {self.count}"})
        self.remember(laptop)

    @rule(who=laptops)
    def exchange(self, who: int) -> None:
        assert sync.sync_now(self.laptops[who], refill=False).refused == 0
        self.remember(self.laptops[who])

    @rule(who=laptops, to=laptops)
    def give_access(self, who: int, to: int) -> None:
        laptop = self.laptops[who]
        case = self.case(laptop, 2)
        if case is not None:
            access.add_reader(laptop, case.id, self.laptops[to].user, "test")
            self.remember(laptop)

    @rule(pick=st.integers(0, 2**32))
    def host_hides_a_file(self, pick: int) -> None:
        files = self.office.files()
        if files:
            path = files[pick % len(files)]
            self.hidden.append((path, path.read_bytes()))
            path.unlink()

    @precondition(lambda self: self.hidden)
    @rule(pick=st.integers(0, 2**32), odd_name=st.booleans())
    def host_shows_a_file_again(self, pick: int, odd_name: bool) -> None:
        path, data = self.hidden.pop(pick % len(self.hidden))
        (path.with_name(f"{path.name} (2)") if odd_name else path).write_bytes(data)

    @rule(pick=st.integers(0, 2**32))
    def host_damages_a_file(self, pick: int) -> None:
        files = self.office.files()
        if files:
            path = files[pick % len(files)]
            data = path.read_bytes()
            self.hidden.append((path, data))
            path.write_bytes(data[: pick % max(len(data), 1)])

    @rule(who=laptops)
    def restart(self, who: int) -> None:
        opening.lock(self.laptops[who])
        self.laptops[who] = self.template.reopen(self.office, NAMES[who])

    @rule(seconds=st.integers(-100_000, 100_000))
    def clock_jumps(self, seconds: int) -> None:
        self.office.clock.step(timedelta(seconds=seconds) - self.offset)
        self.offset = timedelta(seconds=seconds)

    @invariant()
    def nobody_lost_what_they_wrote(self) -> None:
        for laptop in getattr(self, "laptops", ()):
            held = change_ids_of(laptop)
            assert len(held) == len(set(held))

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            dice = random.Random(len(self.hidden))
            dice.shuffle(self.hidden)
            for path, data in self.hidden:
                path.write_bytes(data)
            for _ in range(4):
                for laptop in self.laptops:
                    assert sync.sync_now(laptop, everything=True).refused == 0
                    self.remember(laptop)
            ana, ben, dev = self.laptops
            assert set(change_ids_of(ana)) == self.written, "what was written anywhere is at its lead's"
            readers = {row.user for row in access.readers_of(ana, self.case_id(2))}
            for laptop in (ben, dev):
                assert self.rows(laptop, 1) == self.rows(ana, 1)
                assert (self.case(laptop, 2) is not None) == (laptop.user in readers)
                if laptop.user in readers:
                    assert records_of(laptop) == records_of(ana)
                before = records_of(laptop)
                laptop.store.rebuild()
                assert records_of(laptop) == before
        finally:
            for laptop in self.laptops:
                opening.lock(laptop)
            shutil.rmtree(self.root, ignore_errors=True)

    def case_id(self, number: int) -> RecordId:
        case = self.case(self.laptops[0], number)
        assert case is not None
        return case.id

    def rows(self, laptop: Workspace, number: int) -> list[dict[str, object]]:
        case = self.case(laptop, number)
        assert case is not None
        return [row for rows in records_of(laptop).values() for row in rows if row["stream"] == case.stream]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("office") / "template")


def test_three_laptops_agree_in_the_end_whatever_happens(template: Template) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    machine = type("WithTemplate", (Machine,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6, stateful_step_count=18, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
