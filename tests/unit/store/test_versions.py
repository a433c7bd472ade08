"""What was written apart is found, with every version, and only while there is something to choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.changes.change import OpKind
from core.domain.case import Case, Note, Party
from core.domain.catalogue import RECORD_TYPES
from core.domain.declare import Record
from core.foundation.errors import NotFound
from core.foundation.ids import RecordId
from core.store.rows import DELETED_ELSEWHERE
from core.store.versions import HeldField, held_apart, held_of_record, type_of
from tests.support.statements import watching
from tests.support.vaults import (
    ANA,
    BEN,
    NOON,
    OTHER_LAPTOP,
    OTHER_STREAM,
    STREAM,
    OpenStore,
    a_change,
    everything,
    open_store,
    put,
)

LONG = "She said that it began in spring. " * 3_000


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "vault") as store:
        yield store


def held(opened: OpenStore) -> tuple[HeldField, ...]:
    with opened.store.reading() as connection:
        return held_apart(connection)


def written_apart(
    opened: OpenStore, kind: type[Record], name: str, mine: object, theirs: object, **first: Any
) -> RecordId:
    """A record whose field this laptop and another one wrote without knowing of each other; theirs is the later."""
    record = opened.create(kind, **first)
    seen = opened.heads(kind, record, name)
    opened.update(kind, record, **{name: mine})
    table = kind.SPEC.name
    opened.arrive(a_change(f"theirs {table} {name}", put(record, table, name, theirs, *seen), minutes=5))  # type: ignore[arg-type]
    return record


def test_both_versions_are_told_in_full_with_who_when_and_which_laptop(opened: OpenStore) -> None:
    note = written_apart(opened, Note, "body", f"{LONG}mine", f"{LONG}theirs", body="first")
    (found,) = held(opened)
    assert (found.kind, found.record, found.field, found.stream) == (Note, note, "body", STREAM)
    theirs, mine = found.versions
    assert (theirs.value, mine.value) == (f"{LONG}theirs", f"{LONG}mine")
    assert (theirs.actor, mine.actor) == (BEN, ANA)
    assert (theirs.device, mine.device) == (OTHER_LAPTOP, opened.store.author.device)
    assert (theirs.shown, mine.shown) == (True, False) and theirs.at > mine.at
    assert opened.store.get(Note, note).body == f"{LONG}theirs"


def test_a_stream_is_told_by_itself_and_a_record_too(opened: OpenStore) -> None:
    written_apart(opened, Case, "summary", "mine", "theirs", summary="first")
    with opened.store.reading() as connection:
        assert len(held_apart(connection, stream=STREAM)) == 1
        assert held_apart(connection, stream=OTHER_STREAM) == ()
        (found,) = held_apart(connection)
        assert held_of_record(connection, "case", found.record) == (found,)
        assert type_of(connection, found.record) == "case"
        assert held_of_record(connection, "case", RecordId(bytes(16))) == ()
        assert held_of_record(connection, "a type of tomorrow", found.record) == ()
        assert type_of(connection, RecordId(bytes(16))) is None


def test_versions_that_say_the_same_need_no_choice(opened: OpenStore) -> None:
    case = written_apart(opened, Case, "summary", "the stairs", "the stairs", summary="first")
    assert opened.row(Case, case)["contested"] == "summary", "both are kept all the same"
    assert held(opened) == ()


def test_one_and_yes_are_not_the_same(opened: OpenStore) -> None:
    written_apart(opened, Case, "summary", "1", 1, summary="first")
    assert len(held(opened)) == 1


def test_sets_are_merged_and_never_asked_about(opened: OpenStore) -> None:
    party = opened.create(Party, also_known_as=["Jo"])
    (first,) = opened.heads(Party, party, "also_known_as")
    opened.update(Party, party, also_known_as=["Joanna"])
    opened.arrive(
        a_change("adds", put(party, "party", "also_known_as", "J", kind=OpKind.ADD)),
        a_change("takes", put(party, "party", "also_known_as", None, first, kind=OpKind.REMOVE)),
    )
    assert opened.store.get(Party, party).also_known_as == {"Joanna", "J"}
    assert held(opened) == ()


def test_three_versions_are_three(opened: OpenStore) -> None:
    case = written_apart(opened, Case, "summary", "mine", "theirs", summary="first")
    opened.arrive(a_change("third", put(case, "case", "summary", "somebody else's"), minutes=2))
    (found,) = held(opened)
    assert [version.value for version in found.versions] == ["theirs", "somebody else's", "mine"]
    assert [version.shown for version in found.versions] == [True, False, False]


def test_a_choice_ends_it_whichever_version_is_chosen(opened: OpenStore) -> None:
    for choice in ("mine", "theirs", "both in one"):
        case = written_apart(opened, Case, "summary", "mine", "theirs", summary="first", reference=choice)
        opened.update(Case, case, summary=choice)
        assert held(opened) == ()
        assert len(opened.heads(Case, case, "summary")) == 1
        assert opened.store.get(Case, case).summary == choice


def test_asking_reads_no_table_that_may_be_large(opened: OpenStore) -> None:
    sent: list[str] = []
    with watching(lambda words, _: sent.append(words)):
        assert held(opened) == ()
    (query,) = [statement for statement in sent if "UNION" in statement]
    scans = [str(row[3]) for row in opened.sql(f"EXPLAIN QUERY PLAN {query}") if "SCAN" in str(row[3])]
    assert len(scans) == len(RECORD_TYPES) and [step for step in scans if not step.endswith("_contested")] == []


def test_nobody_is_asked_about_what_was_deleted_with_both_versions_known(opened: OpenStore) -> None:
    note = written_apart(opened, Note, "body", "mine", "theirs", body="first")
    opened.delete(Note, note)
    assert held(opened) == ()
    with opened.store.reading() as connection:
        assert held_of_record(connection, "note", note) == ()


class TestDeletedElsewhere:
    def deleted_here_changed_there(self, opened: OpenStore) -> RecordId:
        note = opened.create(Note, body="first", at=NOON)
        (seen,) = opened.heads(Note, note, "body")
        opened.delete(Note, note)
        assert held(opened) == ()
        opened.arrive(a_change("edit", put(note, "note", "body", "second", seen), minutes=5))
        return note

    def test_it_comes_back_and_is_asked_about(self, opened: OpenStore) -> None:
        note = self.deleted_here_changed_there(opened)
        assert opened.store.get(Note, note).body == "second"
        (found,) = held(opened)
        assert found.field == DELETED_ELSEWHERE
        # What the person who deleted it had written before is no change the deletion did not know of.
        assert [(version.value, version.actor) for version in found.versions] == [(False, BEN), (True, ANA)]

    def test_keeping_it_ends_the_question(self, opened: OpenStore) -> None:
        note = self.deleted_here_changed_there(opened)
        with opened.store.unit("test") as (unit, _):
            unit.keep(Note, note)
        assert held(opened) == () and opened.row(Note, note)["contested"] == ""
        assert opened.store.get(Note, note).body == "second"
        before = opened.sql("SELECT count(*) FROM change")
        with opened.store.unit("test") as (unit, _):
            unit.keep(Note, note)
        assert opened.sql("SELECT count(*) FROM change") == before, "nothing is written when nobody deleted it"

    def test_deleting_it_for_good_ends_it_too(self, opened: OpenStore) -> None:
        note = self.deleted_here_changed_there(opened)
        opened.delete(Note, note)
        assert held(opened) == ()
        assert opened.store.find(Note, note) is None
        with pytest.raises(NotFound), opened.store.unit("test") as (unit, _):
            unit.keep(Note, note)

    def test_it_is_asked_beside_the_fields_of_the_same_record(self, opened: OpenStore) -> None:
        note = self.deleted_here_changed_there(opened)
        opened.arrive(a_change("another", put(note, "note", "body", "third"), minutes=6))
        assert [found.field for found in held(opened)] == [DELETED_ELSEWHERE, "body"]

    def test_the_tables_made_again_from_the_log_say_the_same(self, opened: OpenStore) -> None:
        self.deleted_here_changed_there(opened)
        written_apart(opened, Case, "summary", "mine", "theirs", summary="first")
        before, asked = everything(opened), held(opened)
        opened.store.rebuild()
        assert everything(opened) == before
        assert held(opened) == asked and len(asked) == 2
