"""What paper opens: closed under everything that follows from it and from every file ever published.

The oracle stands on the second reader's ground (`tests/support/knowledge.py`), not on the program's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest
from shamir_mnemonic import Share

from core.crypto import shares
from core.domain.case import Case
from core.services import cases, sync
from core.services.recovery_groups import GroupForm, HolderForm, groups
from core.services.roster import epochs_of, roster_of
from core.services.workspace import Workspace
from core.sync.engine import boot
from tests.independent.formats import Refused, decode, expand, h, open_file, unwrap, wrap_key
from tests.support import sheets
from tests.support.knowledge import Actor, World
from tests.support.laptops import Office


@dataclass
class Paper:
    """One edition's sheets, and what the folder held when everything had been written."""

    office: Office
    ana: Workspace
    words: tuple[str, str, str, str]
    world: World


def report(workspace: Workspace, words: str) -> bytes:
    form = cases.ReportForm(words=words, received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True)
    case = cases.log_report(workspace, form=form).case
    return workspace.store.get(Case, case).stream


def seen(office: Office, ana: Workspace) -> World:
    world = World(laptops={laptop: item.certificate.public for laptop, item in roster_of(ana).devices.items()})
    world.add_folder(office.folder)
    return world


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    office = Office(tmp_path)
    ana = office.found()
    report(ana, "Before there were sheets")
    sync.sync_now(ana)
    _, words = sheets.begin(ana)
    sync.sync_now(ana)
    report(ana, "Afterwards")
    sync.sync_now(ana)
    return Paper(office, ana, words, seen(office, ana))


def reached(world: World, seeds: list[bytes], boot_key: bytes | None, edition: int = 1) -> set[bytes]:
    """The streams of which somebody with these seeds, and this K_boot, derives a key."""
    streams: set[bytes] = set()
    for seed, data in itertools.product(seeds, world.files.values()):
        capsule = None if boot_key is None else _capsule(data, boot_key)
        if capsule is None:
            continue
        mark, wrapped = capsule[1], capsule[2]
        try:
            inside = decode(unwrap(wrap_key(seed), ["cwf1/boot", mark], wrapped))
        except Refused:
            continue
        actor = Actor(
            inside[1], mark[:16], {edition: seed}, frozenset((number, key) for number, key in inside[4]),
            frozenset((inside[3], number, name, key) for number, name, key in inside[7]),
        )  # fmt: skip
        streams |= {stream for stream, _ in world.reach(actor).values()} | {inside[3]}
    return streams


def _capsule(data: bytes, boot_key: bytes) -> list[bytes] | None:
    try:
        value = decode(open_file(data, expand(h(b"cwf1/boot\0" + boot_key), "cwf1/capsule"), ["cwf1/capsule"]))
    except Refused:
        return None
    return value if isinstance(value, list) else None


def every_stream(ana: Workspace) -> set[bytes]:
    return {ana.organisation_stream, *(case.stream for case in ana.store.select(Case))}


def boot_key_of(words: str) -> bytes:
    return boot.read_sheet(words).boot_key.reveal()


def test_two_sheets_and_the_organisation_sheet_reach_every_stream_and_nothing_less_reaches_one(paper: Paper) -> None:
    key = boot_key_of(paper.words[3])
    for one, two in itertools.combinations(paper.words[:3], 2):
        seed = shares.combine(one, two).reveal()
        assert reached(paper.world, [seed], key) == every_stream(paper.ana)
        # Two sheets alone: no file opens, so there is nothing in which a grant could be looked for.
        assert reached(paper.world, [seed], None) == set()
        guesses = [bytes(16), seed[:16], seed[16:], h(seed)[:16]]
        assert all(reached(paper.world, [seed], guess) == set() for guess in guesses)
    for one in paper.words[:3]:
        value = Share.from_mnemonic(one).value
        from_one = [value, value[::-1], h(value), h(one.encode()), bytes(32)]
        assert reached(paper.world, from_one, key) == set()


def test_two_sheets_reach_nothing_even_with_the_outer_keys_of_another_organisation(paper: Paper) -> None:
    seed = shares.combine(paper.words[0], paper.words[1]).reveal()
    (row,) = groups(paper.ana)
    actor = Actor(paper.ana.keys.organisation, row.group, {1: seed}, frozenset({(1, bytes(32))}))
    assert paper.world.reach(actor) == {}


def test_old_sheets_reach_no_epoch_that_began_after_new_ones(paper: Paper) -> None:
    (row,) = groups(paper.ana)
    holders = (*sheets.HOLDERS[:2], HolderForm("Lena Frost"))
    _, new = sheets.begin(paper.ana, GroupForm("Officers of the co-op", holders, row.group))
    before = every_stream(paper.ana)
    sync.sync_now(paper.ana)
    later = report(paper.ana, "After the change of holders")
    sync.sync_now(paper.ana)
    world = seen(paper.office, paper.ana)
    old_seed = shares.combine(paper.words[0], paper.words[1]).reveal()
    new_seed = shares.combine(new[0], new[1]).reveal()
    for key in (boot_key_of(paper.words[3]), boot_key_of(new[3])):
        assert later not in reached(world, [old_seed], key)
    assert reached(world, [old_seed], boot_key_of(paper.words[3])) == before
    assert reached(world, [new_seed], boot_key_of(new[3]), edition=2) == before | {later}
    assert epochs_of(paper.ana, later)  # type: ignore[arg-type]  # a stream id
