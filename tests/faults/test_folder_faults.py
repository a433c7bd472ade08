"""What a folder does to files: late, doubled, cut, emptied, flipped, swapped, rolled back. All come to agree."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.services import opening, sync
from core.services.workspace import Workspace
from tests.support.laptops import Office, Template, records_of
from tests.support.mischief import agree, ana_and_ben, new_files, write


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return ana_and_ben(tmp_path_factory.mktemp("template"))


@pytest.fixture
def office_and_laptops(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace]:
    office, laptops = template.copy(tmp_path / "office")
    return office, laptops["Ana Reyes"], laptops["Ben Okafor"]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero_fill(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [truncate, empty, zero_fill, flip])
def test_a_damaged_file_is_not_used_and_its_owner_mends_it(
    office_and_laptops: tuple[Office, Workspace, Workspace], damage: Callable[[Path], None]
) -> None:
    office, ana, ben = office_and_laptops
    write(ana, "what happened next")
    (path,) = new_files(office, lambda: sync.sync_now(ana))
    whole = path.read_bytes()
    damage(path)
    report = sync.sync_now(ben)
    assert report.received == 0 and report.refused == 0
    assert ben.store.select(Case)[0].summary == "first words"
    agree(ana, ben)
    assert path.read_bytes() == whole
    assert ben.store.select(Case)[0].summary == "what happened next"


@pytest.mark.parametrize("damage", [replace_by_link, replace_by_folder])
@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_or_a_folder_under_a_file_s_name_is_never_followed(
    office_and_laptops: tuple[Office, Workspace, Workspace], damage: Callable[[Path], None]
) -> None:
    office, ana, ben = office_and_laptops
    write(ana, "behind a link")
    (path,) = new_files(office, lambda: sync.sync_now(ana))
    damage(path)
    assert sync.sync_now(ben).received == 0
    assert ben.store.select(Case)[0].summary == "first words"


def test_swapped_files_are_read_for_what_they_are(office_and_laptops: tuple[Office, Workspace, Workspace]) -> None:
    office, ana, ben = office_and_laptops
    write(ana, "one")
    (first,) = new_files(office, lambda: sync.sync_now(ana))
    write(ana, "two")
    (second,) = new_files(office, lambda: sync.sync_now(ana))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    sync.sync_now(ben)
    agree(ana, ben)
    assert ben.store.select(Case)[0].summary == "two"


def test_conflicted_copies_and_renamed_files_are_known_by_their_bytes(
    office_and_laptops: tuple[Office, Workspace, Workspace],
) -> None:
    office, ana, ben = office_and_laptops
    write(ana, "renamed by a sync program")
    (path,) = new_files(office, lambda: sync.sync_now(ana))
    copy = path.with_name(path.name + " (Ben's conflicted copy 2026-11-20)")
    path.rename(copy)
    shutil.copy(copy, path.with_name("New file.txt"))
    path.with_name("notes.txt").write_text("somebody put a text here")
    report = sync.sync_now(ben)
    assert ben.store.select(Case)[0].summary == "renamed by a sync program"
    assert report.refused == 0
    assert sync.sync_now(ben).received == 0


def test_late_files_wait_for_what_they_rest_on(office_and_laptops: tuple[Office, Workspace, Workspace]) -> None:
    office, ana, ben = office_and_laptops
    paths = []
    for number in range(4):
        write(ana, f"entry {number}")
        paths += new_files(office, lambda: sync.sync_now(ana))
    held = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    order = [2, 3, 1, 0]
    for step, number in enumerate(order):
        paths[number].write_bytes(held[paths[number]])
        report = sync.sync_now(ben)
        expected = [0, 0, 0, 4][step]
        assert ben.store.count(Note) == expected
        assert report.waiting == (step + 1 if expected == 0 else 0)
    agree(ana, ben)


def test_shuffled_and_doubled_arrival_gives_the_same_records(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path / "write")
    ana, ben = laptops.values()
    base = set(office.files())
    for number in range(6):
        write(ana if number % 2 else ben, f"entry {number}")
        if number % 3:
            sync.sync_now(ben)
        sync.sync_now(ana)
    agree(ana, ben)
    wanted = records_of(ana)
    fresh = {path.relative_to(office.folder): path.read_bytes() for path in set(office.files()) - base}
    assert len(fresh) >= 6
    for laptop in laptops.values():
        opening.lock(laptop)
    for seed in range(4):
        dice = random.Random(seed)
        other, others = template.copy(tmp_path / f"read-{seed}")
        # Ana's own files come to an Ana who never wrote them: as if her vault was put back from a copy.
        reader = others["Ana Reyes"]
        order = [*fresh.items(), *dice.choices(list(fresh.items()), k=3)]
        dice.shuffle(order)
        for name, data in order:
            path = other.folder / name
            if path.exists():
                path = path.with_name(f"{path.name} copy")
            path.write_bytes(data)
            if dice.random() < 0.5:
                sync.sync_now(reader, refill=False)
        sync.sync_now(reader, everything=True, refill=False)
        assert records_of(reader) == wanted
        for laptop in others.values():
            opening.lock(laptop)


def test_a_rolled_back_or_emptied_folder_is_filled_again(
    office_and_laptops: tuple[Office, Workspace, Workspace], tmp_path: Path
) -> None:
    office, ana, ben = office_and_laptops
    old = tmp_path / "yesterday"
    shutil.copytree(office.folder, old)
    write(ana, "since yesterday")
    sync.sync_now(ana)
    sync.sync_now(ben)
    write(ben, "and an answer")
    sync.sync_now(ben)
    names = {path.name for path in office.files()}
    shutil.rmtree(office.folder)
    shutil.copytree(old, office.folder)
    records = records_of(ben)
    asked = sync.sync_now(ben, everything=True, refill=False)
    assert asked.missing == 2 and records_of(ben) == records, "nothing here goes because the folder lost it"
    assert sync.sync_now(ben, everything=True).missing == 0
    assert {path.name for path in office.files()} == names
    agree(ana, ben)

    shutil.rmtree(office.folder)
    office.folder.mkdir()
    question = sync.sync_now(ana).question
    assert question is not None and question.files == question.held and office.files() == []
    assert sync.sync_now(ana, answer=True).question is None
    agree(ana, ben)
    assert {path.name for path in office.files()} >= names - {"README.txt"}


def test_another_organisation_s_folder_changes_nothing(
    office_and_laptops: tuple[Office, Workspace, Workspace], tmp_path: Path
) -> None:
    office, ana, _ = office_and_laptops
    other = Office(tmp_path / "other")
    stranger = other.found("Zoe Hart", "zh")
    sync.sync_now(stranger)
    for path in other.files():
        target = office.folder / path.relative_to(other.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    before = records_of(ana)
    report = sync.sync_now(ana, everything=True)
    assert (report.received, report.refused, report.notices) == (0, 0, ())
    assert records_of(ana) == before


def test_a_laptop_put_back_from_a_copy_goes_on_under_a_new_number(
    office_and_laptops: tuple[Office, Workspace, Workspace], tmp_path: Path, template: Template
) -> None:
    office, ana, ben = office_and_laptops
    opening.lock(ben)
    shutil.copytree(office.root / "Ben Okafor", tmp_path / "backup")
    ben = template.reopen(office, "Ben Okafor")
    write(ben, "after the copy was made")
    sync.sync_now(ben)
    opening.lock(ben)
    shutil.rmtree(office.root / "Ben Okafor")
    shutil.copytree(tmp_path / "backup", office.root / "Ben Okafor")
    ben = template.reopen(office, "Ben Okafor")
    sync.choose_folder(ben, office.folder)
    write(ben, "written on the restored laptop")
    report = sync.sync_now(ben)
    assert any("put back from a copy" in notice for notice in report.notices)
    agree(ana, ben)
    assert {note.body for note in ana.store.select(Note)} == {
        "after the copy was made",
        "written on the restored laptop",
    }
    assert not any("twice under one number" in notice for notice in sync.sync_now(ana).notices)
    opening.lock(ben)
    ben = template.reopen(office, "Ben Okafor")
    write(ben, "and after opening it again")
    agree(ana, ben)


def test_a_laptop_copied_and_used_twice_is_frozen_and_everybody_agrees(
    office_and_laptops: tuple[Office, Workspace, Workspace], tmp_path: Path, template: Template
) -> None:
    office, ana, ben = office_and_laptops
    opening.lock(ben)
    shutil.copytree(office.root / "Ben Okafor", office.root / "twin" / "Ben Okafor")
    ben = template.reopen(office, "Ben Okafor")
    twin_office = Office(office.root / "twin", office.clock)
    twin = template.reopen(twin_office, "Ben Okafor")
    sync.choose_folder(twin, twin_office.folder)
    write(ben, "from the laptop")
    write(twin, "from its copy")
    sync.sync_now(ben)
    sync.sync_now(twin)
    for path in twin_office.files():
        target = office.folder / path.relative_to(twin_office.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    report = sync.sync_now(ana, everything=True)
    assert any("twice under one number" in notice for notice in report.notices)
    assert ana.store.select(Case)[0].summary not in {"from the laptop", "from its copy"}, "neither is taken as true"
    assert ana.store.count(Note) == 0
    agree(ana, ben)
    write(ben, "Ben goes on under a new number")
    agree(ana, ben)
    assert ana.store.select(Case)[0].summary == "Ben goes on under a new number"


def test_a_clock_far_ahead_is_noticed_and_not_followed(
    office_and_laptops: tuple[Office, Workspace, Workspace],
) -> None:
    office, ana, ben = office_and_laptops
    honest = office.clock.moment
    office.clock.moment = honest + timedelta(hours=5)
    write(ben, "from the future")
    office.clock.moment = honest
    sync.sync_now(ben)
    report = sync.sync_now(ana)
    assert ana.store.select(Case)[0].summary == "from the future"
    assert any("Ben Okafor\u2019s laptop is ahead" in notice for notice in report.notices)
    assert ana.store.clock().last >> 16 <= int((honest + timedelta(minutes=10)).timestamp() * 1000)
    assert any("clock of this laptop is ahead" in notice for notice in sync.sync_now(ben).notices)
