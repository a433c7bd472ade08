"""A real laptop meets a colleague's changed program and a folder of oddities: every exchange ends, work goes on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.changes import cbor
from core.changes.naming import record_id
from core.domain.case import Case
from core.services import sync
from core.services.roster import epochs_of, roster_of
from core.services.versions import versions_of_case
from core.services.workspace import Workspace
from core.sync.engine import epochs, farewell, recovery, roster
from tests.mutants.scenarios import case_of, set_summary
from tests.support.fleet import Fleet, make_template
from tests.support.laptops import Template, records_of
from tests.support.mutations import SCALARS, VALUES, spoilt
from tests.support.rogue import Rogue
from tests.support.specimens import GROUP, KEY, KEYS_OF_GROUP

TIMES = float(os.environ.get("IMANI_FUZZ", "0.5"))
OFTEN = [1, 2, 4, 5, 7, 8, 9, 10, 12, 15, 20, 22, 23, 24, 25, 26, 27, 28, 29]
KINDS = st.one_of(st.integers(1, 40), st.sampled_from(OFTEN))
TABLES = ["case", "note", "member", "organisation", "attachment", "epoch", "roster", "", "unheard_of"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("fuzz") / "template")


@pytest.fixture
def fleet(template: Template, tmp_path: Path) -> Fleet:
    return Fleet(template, tmp_path / "fleet")


def tries(number: int) -> settings:
    return settings(
        max_examples=max(1, int(number * TIMES)), phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        deadline=None,
    )  # fmt: skip


def goes_on(fleet: Fleet) -> None:
    """After all of it, honest work by others reaches everybody, and the records can be made again.

    What Dev writes before seeing what Ben's program said may stand beside it, as one of two versions; what Dev writes
    after seeing it is what everybody reads.
    """
    ana, _, _, dev = (laptop.workspace for laptop in fleet.laptops)
    set_summary(dev, 1, "honest work beside it")
    for laptop in (dev, ana):
        sync.sync_now(laptop)
    assert "honest work beside it" in summaries_shown(ana)
    set_summary(dev, 1, "honest work after it")
    for laptop in (dev, ana):
        sync.sync_now(laptop)
    assert case_of(ana, 1).summary == "honest work after it"
    assert summaries_shown(ana) == {"honest work after it"}
    before = records_of(ana)
    ana.store.rebuild()
    assert records_of(ana) == before


def summaries_shown(workspace: Workspace) -> set[str]:
    """The summary of case 1 with every version of it that waits for a choice."""
    case = case_of(workspace, 1)
    apart = [held for held in versions_of_case(workspace, case=case.id) if held.field == "summary"]
    return {case.summary, *(version.words for held in apart for version in held.versions)}


def put(fleet: Fleet, name: str, data: bytes) -> None:
    (fleet.office.files()[0].parent / name).write_bytes(data)


def known_values(rogue: Rogue) -> dict[int, list[bytes]]:
    """A good value of every kind of op that has one of its own, to be spoilt."""
    ben = rogue.workspace
    (first,) = epochs_of(ben, case_of(ben, 1).stream).values()
    next_one = epochs.following_header(
        organisation=ben.keys.organisation, parents=[first.header], members=first.header.members, key=KEY.key,
        earlier=[],
    )  # fmt: skip
    laptop = roster_of(ben).devices[ben.device].certificate
    values: dict[int, Any] = {
        7: epochs.to_wire(next_one),
        15: farewell.Farewell(frozenset({ben.user}), first.header_hash, first.header_hash).wire(),
        26: roster.device_wire(laptop),
        29: GROUP.wire(),
        recovery.WRAPPED: recovery.wrapped_wire(GROUP.mark, first.header_hash),
        recovery.PROOF: recovery.make_proof(
            KEYS_OF_GROUP, organisation=ben.keys.organisation, mark=GROUP.mark, header_hash=first.header_hash
        ),
    }
    return {kind: [cbor.encode(value)] for kind, value in values.items()}


def test_whatever_a_colleague_s_program_says_the_exchange_ends_and_work_goes_on(fleet: Fleet) -> None:
    ana, ben, _, _ = (laptop.workspace for laptop in fleet.laptops)
    sync.sync_now(ben)
    rogue = Rogue(ben)
    good = known_values(rogue)
    case = case_of(ben, 1)
    streams = st.sampled_from([case.stream, ben.organisation_stream])
    tables = st.sampled_from(TABLES)
    fields = st.sampled_from(["summary", "body", "", "deleted", "user", "name", "lead", "\0"])

    @tries(60)
    @given(st.data(), streams, KINDS, tables, fields)
    def say(data: st.DataObject, stream: Any, kind: int, table: str, field: str) -> None:
        if kind in good:
            try:
                value = cbor.decode(data.draw(spoilt(good[kind][0])), max_bytes=1 << 20)
            except Exception:
                value = None
        else:
            value = data.draw(VALUES)
        own = record_id(stream, table, data.draw(st.binary(min_size=7, max_size=7)))
        entity = data.draw(st.sampled_from([own, case.id, bytes(stream), bytes(ben.user), bytes(16)]))
        deps = data.draw(st.lists(st.binary(min_size=18, max_size=18), max_size=2))
        op = [kind, entity, table, field, value, deps]
        change = rogue.change(stream, data.draw(st.sampled_from([[op], [op, op], [[1, own, table, field, 1, []], op]])))
        if data.draw(st.integers(0, 9)) == 0:
            change[data.draw(st.integers(0, 4))] = data.draw(SCALARS)
        put(fleet, *rogue.segment([(stream, [change])]))
        sync.sync_now(ana, refill=False)

    say()
    goes_on(fleet)


@pytest.mark.parametrize(("kind", "value"), [(1, 0), (1, "dishonest"), (4, None)])
def test_nonsense_in_a_field_stands_beside_honest_work_until_somebody_who_saw_it_writes(
    fleet: Fleet, kind: int, value: Any
) -> None:
    ana, ben, _, _ = (laptop.workspace for laptop in fleet.laptops)
    sync.sync_now(ben)
    rogue = Rogue(ben)
    case = case_of(ben, 1)
    change = rogue.change(case.stream, [[kind, case.id, "case", "summary", value, []]])
    put(fleet, *rogue.segment([(case.stream, [change])]))
    sync.sync_now(ana)
    goes_on(fleet)


def test_whatever_lies_under_the_outer_key_the_exchange_ends(fleet: Fleet) -> None:
    ana, ben, _, _ = (laptop.workspace for laptop in fleet.laptops)
    sync.sync_now(ben)
    rogue = Rogue(ben)
    labels = st.sampled_from(["cwf1/device", "cwf1/pack", "cwf1/capsule", "cwf1/pair", "", "cwf2/later"])

    @tries(40)
    @given(st.one_of(st.binary(max_size=60), st.tuples(labels, st.lists(VALUES, max_size=3)).map(
        lambda it: cbor.encode([it[0], *it[1]])), VALUES.map(cbor.encode)))  # fmt: skip
    def lie(content: bytes) -> None:
        put(fleet, *rogue.file(content))
        sync.sync_now(ana, refill=False)

    lie()
    goes_on(fleet)


HOSTILE = [
    "a" * 255, "-rf", "~$Report.docx", "CON", "con.txt", "a\nb", "a\tb", " ", " x", "x ", "x.", "...", "%2e%2e", "*",
    "?", "\u202egnp.exe", "e\u0301", "\u00e9", "A" * 64, "0" * 63, "0" * 65, "0" * 63 + "g", "\\..\\..\\x",
    "desktop.ini", ".hidden", "~cwf12345678.tmp", "0" * 64 + " (2)", "x.sync-conflict-20261129-120000-ABCDEFG",
    "\U0001f600",
]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="half of these names cannot be made there")
def test_names_nobody_should_give(fleet: Fleet) -> None:
    ana = fleet.laptops[0].workspace
    month = fleet.office.files()[0].parent
    outside = fleet.root / "outside"
    outside.write_text("not to be read")
    real = fleet.office.files()[0].read_bytes()
    before = {path.name for path in month.iterdir()}
    for place, name in enumerate(HOSTILE):
        (month / name).write_bytes(real if place % 2 else name.encode())
    (month / ("1" * 64)).symlink_to(outside)
    (month / ("2" * 64)).mkdir()
    (month / ("2" * 64) / ("3" * 64)).write_bytes(b"deep")
    os.mkfifo(month / ("4" * 64))
    (month / ("5" * 64)).touch()
    with (month / ("6" * 64)).open("wb") as sparse:
        sparse.truncate(70 * 1024**3)
    (month.parent / "not a month").mkdir()
    (month.parent / "not a month" / "x").write_bytes(b"x")
    (month.parent / "b").mkdir(exist_ok=True)
    (month.parent / "b" / "zz").mkdir()
    (month.parent / "b" / "zz" / ("7" * 64)).write_bytes(b"no blob")
    nothing_new = records_of(ana)
    report = sync.sync_now(ana, everything=True)
    assert report.refused == 0 and records_of(ana) == nothing_new
    assert before <= {path.name for path in month.iterdir()}, "nothing of ours goes"
    assert outside.read_text() == "not to be read"
    goes_on(fleet)
    checked = sync.verify_shared_folder(ana)
    known = {"strange-name", "damaged", "unreadable", "link", "folder", "special", "empty", "too-large"}
    assert {problem.code for problem in checked.problems} <= known
    assert ana.store.select(Case)
