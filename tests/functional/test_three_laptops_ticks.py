"""Three laptops: where each thing stands is said in words, what is held back and who is silent, by name; sync words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.exchange import WordsCheck
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import DeviceId
from core.services import opening, streams, sync
from core.services.delivery import Level, Stage, delivery_of_case, standing
from core.services.sync_words import compare_words, minutes_text, words_of_laptops
from core.services.workspace import Workspace
from tests.support.laptops import Office

Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Laptops]:
    office = Office(tmp_path)
    ana, ben = office.pair()
    cara = office.join(ana, "Cara Lind", "cl", role="committee")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-001", summary="first words")
    for laptop in (ana, ben, cara, ana):
        sync.sync_now(laptop)
    yield office, ana, ben, cara
    for laptop in (ana, ben, cara):
        opening.lock(laptop)


def note(laptop: Workspace, words: str) -> Case:
    case = laptop.store.select(Case)[0]
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)
    return case


def test_an_entry_goes_from_this_laptop_to_the_folder_to_two_others(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    case = note(ana, "where is it now?")

    def newest() -> tuple[str, Stage, tuple[str, ...]]:
        entry = standing(ana).newest[0]
        return entry.what, entry.delivery.stage, entry.delivery.seen_by

    assert newest() == ("Note in 2026-AR-001", Stage.HERE, ())
    assert delivery_of_case(ana, case=case.id) == standing(ana).newest[0].delivery
    sync.sync_now(ana)
    assert newest() == ("Note in 2026-AR-001", Stage.FOLDER, ())
    note(ben, "I have read it")
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert newest() == ("Note in 2026-AR-001", Stage.SEEN, ("Ben Okafor\u2019s laptop",))
    # Cara only reads and may not even read the case: her laptop still says, a day later, that it came.
    sync.sync_now(cara)
    office.clock.step(timedelta(days=1))
    sync.sync_now(cara)
    sync.sync_now(ana)
    assert newest()[2] == ("Ben Okafor\u2019s laptop", "Cara Lind\u2019s laptop")
    assert standing(ana).newest[0].delivery.words == "Seen by 2 other laptops."
    # What comes next begins again, and what was seen stays seen.
    note(ana, "one more")
    first, second = standing(ana).newest[:2]
    assert (first.delivery.stage, second.delivery.stage) == (Stage.HERE, Stage.SEEN)
    assert [row.is_this for row in standing(ana).laptops] == [True, False, False]


def test_what_is_held_back_turns_amber_and_red_with_the_name_of_the_laptop(laptops: Laptops) -> None:
    office, ana, ben, cara = laptops
    before = set(office.files())
    note(ana, "this file will be held back")
    sync.sync_now(ana)
    (held_back,) = set(office.files()) - before
    sync.sync_now(ben)
    note(ben, "built on it")
    sync.sync_now(ben)
    kept = held_back.read_bytes()
    held_back.unlink()
    sync.sync_now(cara)
    since = office.clock.now()
    for passed, level in ((timedelta(), Level.NEW), (timedelta(days=1), Level.AMBER), (timedelta(days=6), Level.RED)):
        office.clock.step(passed)
        sync.sync_now(cara)
        (missing,) = standing(cara).missing
        assert (missing.whose, missing.count, missing.level) == ("Ana Reyes\u2019s laptop", 1, level)
        assert missing.since == since
    held_back.write_bytes(kept)
    sync.sync_now(cara, everything=True)
    assert standing(cara).missing == ()


def test_a_laptop_that_says_nothing_for_more_than_a_week_is_named(laptops: Laptops) -> None:
    office, ana, ben, _ = laptops
    note(ben, "the last of Ben for a while")
    sync.sync_now(ben)
    last = office.clock.now()
    sync.sync_now(ana)
    office.clock.step(timedelta(days=8))
    sync.sync_now(ana)
    assert not any(row.silent for row in standing(ana).laptops)
    office.clock.step(timedelta(days=2))
    assert not any(row.silent for row in standing(ana).laptops), "Ana has not looked either"
    sync.sync_now(ana)
    (silent,) = [row for row in standing(ana).laptops if row.silent]
    assert (silent.whose, silent.heard_at) == ("Ben Okafor\u2019s laptop", last)
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert not any(row.silent for row in standing(ana).laptops), "one sign of life, and he is there again"
    office.clock.step(timedelta(days=120))
    sync.sync_now(ana)
    assert not any(row.whose.startswith("Ben") for row in standing(ana).laptops), "out of use by now"


def test_words_read_out_on_the_phone_are_compared_and_the_result_stays(laptops: Laptops) -> None:
    _, ana, ben, cara = laptops
    note(ben, "something to compare")
    sync.sync_now(ben)
    note(ben, "and something more")
    for laptop in (ben, ana, cara):
        sync.sync_now(laptop)
    mine = words_of_laptops(ben)[0]
    assert mine.is_this and len(mine.words) == 8
    at_ana = next(row for row in words_of_laptops(ana) if row.device == mine.device)
    assert (at_ana.words, at_ana.number) == (mine.words, mine.number)
    assert all(" ".join(row.words) in minutes_text(ana) for row in words_of_laptops(cara))
    assert "Ben Okafor\u2019s laptop" in minutes_text(ana) and "2026-AR" not in minutes_text(ana)

    same = compare_words(ana, device=mine.device, number=mine.number, words=" ".join(mine.words).upper())
    assert same.same is True
    assert compare_words(ana, device=mine.device, number=mine.number - 1, words=" ".join(mine.words)).same is False
    later = compare_words(ana, device=mine.device, number=mine.number + 5, words=" ".join(mine.words))
    assert later.same is None
    kept = ana.store.select(WordsCheck)
    assert sorted((check.number, check.same) for check in kept) == [(mine.number - 1, False), (mine.number, True)]
    row = next(row for row in words_of_laptops(ana) if row.device == mine.device)
    assert row.checked_at is not None and row.differed_at is not None
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert ben.store.count(WordsCheck) == 2, "everybody sees that somebody compared"

    with pytest.raises(FormIncomplete) as wrong:
        compare_words(ana, device=mine.device, number=0, words="only four words here")
    assert set(wrong.value.problems) == {"number", "words"}
    with pytest.raises(NotFound):
        compare_words(ana, device=DeviceId(bytes(16)), number=1, words=" ".join(mine.words))
    # Whoever may not write in the organisation's records keeps the result for themselves.
    assert compare_words(cara, device=mine.device, number=mine.number, words=" ".join(mine.words)).same
    assert cara.store.count(WordsCheck) == 1
    assert sync.sync_now(ana).refused == 0
