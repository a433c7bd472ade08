"""What the folder lost, what it holds back, signs of life, and rounds in short turns."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.estate import Home
from core.foundation.ports import NeverCancel
from core.services import opening, streams, sync
from core.services.exchange import me_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync import healing
from core.sync.pacing import Turn
from core.sync.sealing import seal_next
from tests.support.laptops import Office, Template, change_ids_of, records_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cara = office.join(ana, "Cara Lind", "cl")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="first words")
    for laptop in (ana, ben, cara, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cara Lind": cara})


@pytest.fixture
def three(template: Template, tmp_path: Path) -> Iterator[tuple[Office, Workspace, Workspace, Workspace]]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cara = laptops.values()
    yield office, ana, ben, cara
    for laptop in (ana, ben, cara):
        opening.lock(laptop)


@pytest.fixture
def two(three: tuple[Office, Workspace, Workspace, Workspace]) -> tuple[Office, Workspace, Workspace]:
    return three[:3]


def held_files(office: Office, laptop: Workspace) -> list[Path]:
    """Where the files that `laptop` could put back lie."""
    with VaultMailbox(laptop.store.engine).reading() as box:
        held = box.held_sizes(["published", "applied"])
    return [path for path in office.files() if path.name in held]


def write(laptop: Workspace, *words: str) -> None:
    case = laptop.store.select(Case)[0]
    for body in words:
        with laptop.store.unit("test") as (unit, _):
            unit.create(Note, case.stream, case=case.id, body=body)
        sync.sync_now(laptop)


# ---------------------------------------------------------------------- losses


def test_a_good_part_of_the_folder_gone_is_asked_about_and_only_once(
    two: tuple[Office, Workspace, Workspace], tmp_path: Path
) -> None:
    office, ana, _ = two
    write(ana, *(f"note {number}" for number in range(24)))
    files, everything = held_files(office, ana), office.files()
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in files[: len(files) // 2]:
        shutil.move(path, kept / path.name)
    left = office.files()
    # An ordinary round notices that there are fewer files than before, and looks at all of them.
    report = sync.sync_now(ana)
    assert report.question is not None and report.question.files == report.missing == len(files) // 2
    assert office.files() == left, "nothing is put back before there is an answer"
    assert sync.sync_now(ana).question == report.question, "it is kept until somebody answers"
    assert sync.sync_state(ana).question == report.question
    assert sync.sync_now(ana, answer=False).question is None
    assert sync.sync_now(ana, everything=True).question is None, "the answer holds for this loss"
    assert office.files() == left
    # The files come back and are lost again: that is another loss.
    for path in files[: len(files) // 2]:
        shutil.copy(kept / path.name, path)
    assert sync.sync_now(ana, everything=True).missing == 0
    for path in files[: len(files) // 2]:
        path.unlink()
    assert sync.sync_now(ana).question is not None
    assert sync.sync_now(ana, answer=True).missing == 0
    assert office.files() == everything


def test_a_loss_that_is_put_back_by_itself_leaves_no_question(
    two: tuple[Office, Workspace, Workspace], tmp_path: Path
) -> None:
    office, ana, _ = two
    shutil.move(office.folder, tmp_path / "away")
    office.folder.mkdir()
    assert sync.sync_now(ana).question is not None
    shutil.rmtree(office.folder)
    shutil.move(tmp_path / "away", office.folder)
    assert sync.sync_now(ana).question is None
    assert sync.sync_state(ana).question is None


def test_few_lost_files_are_put_back_without_a_word(two: tuple[Office, Workspace, Workspace]) -> None:
    office, ana, _ = two
    files = office.files()
    held_files(office, ana)[0].unlink()
    report = sync.sync_now(ana)
    assert report.question is None and report.missing == 0 and office.files() == files


def test_a_refill_goes_on_in_the_next_rounds(
    two: tuple[Office, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, _ = two
    files = held_files(office, ana)
    monkeypatch.setattr(healing, "REFILL_FILES", 3)
    for path in office.files():
        path.unlink()
    assert sync.sync_now(ana).question is not None
    left = sync.sync_now(ana, answer=True).missing
    rounds = 1
    while left:
        left = sync.sync_now(ana).missing
        rounds += 1
    assert office.files() == files and rounds >= len(files) // 3


# ---------------------------------------------------------------------- held back


def test_what_a_signature_names_and_nobody_brings_is_missed_since_then(
    three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, cara = three
    before = set(office.files())
    write(ana, "held back by the folder")
    (held_back,) = set(office.files()) - before
    kept = held_back.read_bytes()
    write(ben, "an answer that has seen it")
    held_back.unlink()
    assert sync.sync_now(cara).waiting == 1
    noticed = office.clock.moment
    office.clock.step(timedelta(hours=5))
    write(ben, "one more")
    held_back.unlink(missing_ok=True)
    assert sync.sync_now(cara).waiting == 2
    with VaultMailbox(cara.store.engine).reading() as box:
        (missing,) = box.missing()
    assert missing.device == ana.device and missing.since_ms == int(noticed.timestamp() * 1000)
    held_back.write_bytes(kept)
    assert sync.sync_now(cara).waiting == 0
    with VaultMailbox(cara.store.engine).reading() as box:
        assert box.missing() == []
    assert records_of(cara)["case"] == []


# ---------------------------------------------------------------------- signs of life


def test_a_silent_laptop_gives_a_sign_of_life_once_a_week(two: tuple[Office, Workspace, Workspace]) -> None:
    office, ana, ben = two
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    office.clock.step(timedelta(days=2))
    for laptop in (ana, ben, ana, ben):
        sync.sync_now(laptop)
    quiet = len(office.files())
    office.clock.step(timedelta(days=2))
    assert sync.sync_now(ana).sent == sync.sync_now(ben).sent == 0, "signs of life are not answered"
    office.clock.step(timedelta(days=8))
    assert sync.sync_now(ana).sent == 1
    assert sync.sync_now(ben).sent == 1
    assert len(office.files()) == quiet + 2
    assert sync.sync_now(ana).sent == 0
    assert change_ids_of(ana) == change_ids_of(ben)


def test_who_only_reads_says_a_day_later_that_it_arrived(two: tuple[Office, Workspace, Workspace]) -> None:
    office, ana, ben = two
    write(ana, "for Ben to read")
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert sync.sync_state(ana).seen_by == ()
    office.clock.step(timedelta(days=1))
    assert sync.sync_now(ben).sent == 1
    sync.sync_now(ana)
    assert sync.sync_state(ana).seen_by == ("Ben Okafor",)


def test_an_empty_segment_is_sealed_only_when_asked_for(two: tuple[Office, Workspace, Workspace]) -> None:
    _, ana, _ = two
    now, dice = ana.parts.clock.now(), ana.parts.randomness
    with VaultMailbox(ana.store.engine).writing() as box:
        assert seal_next(box, me_of(ana), now=now, randomness=dice) is None
        assert seal_next(box, me_of(ana), now=now, randomness=dice, sign_of_life=True) is not None


# ---------------------------------------------------------------------- turns


class SlowClock:
    """A second passes each time somebody asks."""

    def __init__(self, workspace: Workspace) -> None:
        self._real = workspace.parts.clock
        self._s = 0.0

    def now(self) -> object:
        return self._real.now()

    def monotonic_s(self) -> float:
        self._s += 1
        return self._s


def test_many_short_turns_do_what_one_round_does(
    two: tuple[Office, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben = two
    write(ben, *(f"from Ben {number}" for number in range(7)))
    for number in range(3):
        with ana.store.unit("test") as (unit, _):
            unit.create(Home, ana.organisation_stream, street=f"Elm Row {number}")
    monkeypatch.setattr("core.services.sync.Turn", lambda inner, _, budget: Turn(inner, SlowClock(ana), budget))
    carried, turns, told = sync.NEW, 0, 0
    while True:
        turn = sync.sync_turn(ana, carried=carried, everything=True, budget_s=0.5, cancel=NeverCancel())
        turns += 1
        told += len(turn.changed.ids)
        carried = turn.carried
        if turn.report is not None:
            break
        assert turns < 200, "every turn gets something done"
    monkeypatch.undo()
    assert turns > 5 and told >= 7
    assert turn.report.received == 7 and turn.report.sent == 1 and turn.report.waiting == 0
    sync.sync_now(ben)
    assert records_of(ana) == records_of(ben)
    assert office.files()
