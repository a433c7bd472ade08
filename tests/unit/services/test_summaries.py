"""Making summaries comes to an end: whoever makes them apart, everybody ends with one, and nobody says any more."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.domain.case import Case, Note
from core.foundation.ids import StreamId
from core.services import opening, summaries, sync
from core.services.exchange import go_on_as_new_laptop
from core.services.workspace import Workspace
from core.store import schema
from core.store import summaries as kept
from tests.support.fleet import NAMES, make_template
from tests.support.laptops import Office, Template, change_ids_of

ROUNDS = 5
"""After so many rounds without new work nobody has anything more to say, whatever was made apart before: one in which
all that is due is made, one that carries it, one in which it is vouched for, two that carry that to everybody."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("fleet") / "template")


@pytest.fixture
def fleet(template: Template, tmp_path: Path) -> Iterator[tuple[Office, list[Workspace]]]:
    office, laptops = template.copy(tmp_path / "copy")
    found = [laptops[name] for name in NAMES]
    yield office, found
    for laptop in found:
        opening.lock(laptop)


def all_exchange(laptops: list[Workspace], rounds: int) -> int:
    """How many files they sent."""
    return sum(sync.sync_now(laptop, everything=True).sent for _ in range(rounds) for laptop in laptops)


def said(laptop: Workspace) -> int:
    """How many changes say that there is a summary."""
    where = schema.CHANGE.c.cause == kept.CAUSE
    with laptop.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.CHANGE).where(where)).scalar_one())


def newest(laptop: Workspace, stream: StreamId) -> tuple[set[str], set[bytes]]:
    """The summary of a stream that is kept, and the laptops that vouch for it."""
    with laptop.store.reading() as connection:
        rows = kept.of_stream(connection, stream)
    return {row.name for row in rows}, {row.device for row in rows}


def write(laptop: Workspace, words: str) -> None:
    case = next(case for case in laptop.store.select(Case) if case.reference == "2026-AR-1")
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def test_two_who_make_one_apart_end_with_one_and_say_no_more(fleet: tuple[Office, list[Workspace]]) -> None:
    office, (ana, ben, *_) = fleet
    all_exchange([ana, ben], 2)
    office.clock.step(timedelta(days=61))
    case = next(case for case in ben.store.select(Case) if case.reference == "2026-AR-3")  # theirs alone
    for laptop in (ana, ben):
        while summaries.summarise(laptop):
            pass
    assert newest(ana, case.stream)[0] != newest(ben, case.stream)[0], "both made one"
    all_exchange([ana, ben], ROUNDS)
    before = [said(laptop) for laptop in (ana, ben)]
    assert all_exchange([ana, ben], 3) == 0
    assert [said(laptop) for laptop in (ana, ben)] == before
    assert set(change_ids_of(ben)) < set(change_ids_of(ana)), "Ana has a case of her own besides"
    assert newest(ana, ana.organisation_stream) == newest(ben, ana.organisation_stream)
    names, devices = newest(ana, case.stream)
    assert (names, devices) == newest(ben, case.stream)
    assert len(names) == 1 and devices == {ana.device, ben.device}, "one is left, and two people vouch for it"


def test_what_was_not_sent_goes_along_under_a_new_number_with_a_summary_among_it(
    fleet: tuple[Office, list[Workspace]],
) -> None:
    """The old number signed the summary. The others pass it over, and take everything else."""
    office, (ana, ben, *_) = fleet
    all_exchange([ana, ben], 2)
    office.clock.step(timedelta(days=61))
    write(ana, "written beside it")
    while summaries.summarise(ana):
        pass
    assert said(ana) > 0
    go_on_as_new_laptop(ana)
    for laptop in (ana, ben, ana, ben):
        report = sync.sync_now(laptop, everything=True)
        assert report.refused == 0, report.notices
    assert "written beside it" in {note.body for note in ben.store.select(Note)}
    assert all_exchange([ana, ben], ROUNDS) >= 0
    assert all_exchange([ana, ben], 2) == 0


@pytest.mark.parametrize("seed", range(4))
def test_four_laptops_that_write_and_sum_up_apart_come_to_rest(
    fleet: tuple[Office, list[Workspace]], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "EVERY_CHANGES", 3)
    office, laptops = fleet
    dice = random.Random(seed)
    for step in range(14):
        office.clock.step(timedelta(days=dice.choice((0, 0, 1, 61, 400, -400))))
        laptop = dice.choice(laptops)
        match dice.randrange(3):
            case 0 if laptop is not laptops[2]:  # of the committee: she only reads
                write(laptop, f"step {step}")
            case 1:
                summaries.summarise(laptop)
            case _:
                sync.sync_now(laptop, everything=True)
    all_exchange(laptops, ROUNDS)
    before = [change_ids_of(laptop) for laptop in laptops]
    assert all_exchange(laptops, 2) == 0, "with nothing new nobody has anything to say"
    assert [change_ids_of(laptop) for laptop in laptops] == before
    ana = laptops[0]
    for laptop in laptops:
        for stream in {case.stream for case in laptop.store.select(Case)} | {ana.organisation_stream}:
            assert newest(laptop, stream) == newest(ana, stream)
            assert len(newest(laptop, stream)[0]) <= 1


def test_a_summary_that_holds_less_does_not_take_the_place_of_one_that_holds_more(
    fleet: tuple[Office, list[Workspace]],
) -> None:
    office, (ana, ben, *_) = fleet
    all_exchange([ana, ben], 2)
    office.clock.step(timedelta(days=61))
    case = next(case for case in ana.store.select(Case) if case.reference == "2026-AR-1")
    while summaries.summarise(ben):  # not sent for a while
        pass
    for number in range(3):
        write(ana, f"note {number}")
        sync.sync_now(ana)
    office.clock.step(timedelta(days=61))
    while summaries.summarise(ana):
        pass
    (held,) = newest(ana, case.stream)[0]
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert newest(ana, case.stream)[0] == {held}
    all_exchange([ana, ben], ROUNDS)
    assert newest(ben, case.stream)[0] == {held}
    with ana.store.reading() as connection:
        files = connection.exec_driver_sql("SELECT COUNT(*) FROM summary_file WHERE replaced").scalar_one()
    with ben.store.reading() as connection:
        files += connection.exec_driver_sql("SELECT COUNT(*) FROM summary_file WHERE replaced").scalar_one()
    assert files >= 1, "the file of the other is cleared away in time"
