"""People are removed at any time, by several at once, while the folder hides files and they go on writing.

Four real laptops with real vaults. Whoever is removed here has a changed program that goes on writing and sending. In
the end everybody who is still in agrees; nothing beyond a cut-off shows anywhere, nothing before one is lost, and what
a vault shows is what it makes again from its log.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select

from core.domain.case import Case, Note
from core.foundation.errors import NotAllowed, NotFound
from core.foundation.ports import NeverCancel, no_progress
from core.services import leaving, opening, quarantine, streams, sync
from core.services.access import settle_readers
from core.services.exchange import run_round
from core.services.place import transport_of
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.schema import CHANGE
from tests.support.laptops import Office, Template, change_ids_of, records_of
from tests.support.searching import examples

NAMES = ("Ana Reyes", "Ben Okafor", "Cat Lim", "Dev Patel")
laptops = st.integers(0, len(NAMES) - 1)


def make_template(root: Path) -> Template:
    office = Office(root)
    ana = office.found(NAMES[0], "ar")
    roles = ("administrator", "administrator", "officer")
    others = [office.join(ana, name, "xx", role=role) for name, role in zip(NAMES[1:], roles, strict=True)]
    with ana.store.unit("test") as (unit, _):
        shared = streams.open_case_stream(
            unit, ana, readers=frozenset(other.user for other in others), conflicted=frozenset()
        )
        unit.create(Case, shared, reference="2026-AR-1", summary="shared by all")
    for laptop in (ana, *others, ana):
        sync.sync_now(laptop)
    return Template.of(office, dict(zip(NAMES, (ana, *others), strict=True)))


def exchange(laptop: Workspace, *, everything: bool = False) -> None:
    """A round of a program that does not care whether its owner was removed."""
    for _ in range(2 if everything else 1):
        run_round(
            laptop, transport_of(laptop), everything=everything, refill=False, progress=no_progress,
            cancel=NeverCancel(),
        )  # fmt: skip
        if roster_of(laptop).role_of(laptop.user) is not None and settle_readers(laptop):
            run_round(
                laptop, transport_of(laptop), everything=False, refill=False, progress=no_progress,
                cancel=NeverCancel(),
            )  # fmt: skip


class Machine(RuleBasedStateMachine):
    template: Template

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(dir=self.template.office.root.parent))
        self.office, found = self.template.copy(self.root)
        self.laptops = [found[name] for name in NAMES]
        self.hidden: list[tuple[Path, bytes]] = []
        self.count = 0
        self.removals = 0

    @rule(who=laptops, edit=st.booleans())
    def write(self, who: int, edit: bool) -> None:
        laptop = self.laptops[who]
        case = laptop.store.select(Case)[0]
        self.count += 1
        with laptop.store.unit("test") as (unit, _):
            if edit:
                unit.update(Case, case.id, summary=f"summary {self.count}")
            else:
                unit.create(Note, case.stream, case=case.id, body=f"note {self.count} of {NAMES[who]}")

    @rule(who=laptops)
    def exchanges(self, who: int) -> None:
        exchange(self.laptops[who])

    @precondition(lambda self: self.removals < 3)
    @rule(by=st.integers(0, 2), who=st.integers(1, 3))
    def remove(self, by: int, who: int) -> None:
        try:
            leaving.remove_colleague(self.laptops[by], user=self.laptops[who].user, reason="test")
        except (NotAllowed, NotFound):
            return
        self.removals += 1

    @rule(by=st.integers(0, 2), who=st.integers(1, 3))
    def suspend(self, by: int, who: int) -> None:
        try:
            leaving.suspend_laptop(self.laptops[by], device=self.laptops[who].device, reason="test")
        except (NotAllowed, NotFound):
            return

    @rule(pick=st.integers(0, 2**32))
    def host_hides_a_file(self, pick: int) -> None:
        files = self.office.files()
        if files:
            path = files[pick % len(files)]
            self.hidden.append((path, path.read_bytes()))
            path.unlink()

    @precondition(lambda self: self.hidden)
    @rule(pick=st.integers(0, 2**32))
    def host_shows_a_file_again(self, pick: int) -> None:
        path, data = self.hidden.pop(pick % len(self.hidden))
        path.write_bytes(data)

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            random.Random(len(self.hidden)).shuffle(self.hidden)
            for path, data in self.hidden:
                path.write_bytes(data)
            for _ in range(3):
                for laptop in self.laptops:
                    exchange(laptop, everything=True)
            ana = self.laptops[0]
            roster = roster_of(ana)
            stay = [laptop for laptop in self.laptops if roster.role_of(laptop.user) is not None]
            for laptop in stay:
                known = roster_of(laptop)
                assert {user: known.role_of(user) for user in known.users} == {
                    user: roster.role_of(user) for user in roster.users
                }
                assert known.standing.cut_devices() == roster.standing.cut_devices()
                assert records_of(laptop) == records_of(ana)
                assert change_ids_of(laptop) == change_ids_of(ana), "kept, whether it counts or not"
                before = records_of(laptop)
                laptop.store.rebuild()
                assert records_of(laptop) == before
            begins = roster.standing.cut_devices()
            with ana.store.reading() as connection:
                rows = connection.execute(select(CHANGE.c.device, CHANGE.c.seq, CHANGE.c.withheld)).all()
            for row in rows:
                first = begins.get(row.device)
                assert bool(row.withheld) == (first is not None and (row.seq is None or row.seq >= first))
            late = {item.change for group in quarantine.late_work(ana) for item in group.entries}
            assert all(change in set(change_ids_of(ana)) for change in late)
        finally:
            for laptop in self.laptops:
                opening.lock(laptop)
            shutil.rmtree(self.root, ignore_errors=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("office") / "template")


def test_whoever_is_removed_when_and_by_whom_everybody_left_agrees(template: Template) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    machine = type("WithTemplate", (Machine,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(10), stateful_step_count=16, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
