"""A record goes in, rows are written, the same record comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.changes.change import OpKind
from core.domain.case import Case, Contact, Incident, Note, Party, Perception, Report
from core.domain.catalogue import RECORD_TYPES
from core.domain.declare import FieldSpec, Kind, Record
from core.domain.estate import Home, Household
from core.domain.letters import LetterRecord, LetterRun
from core.foundation.errors import BugError, FormIncomplete, NotFound, UntrackedWrite
from core.foundation.ids import RecordId
from core.store import schema
from core.store.store import table_of
from core.store.transactions import writing
from tests.support.vaults import (
    NOON,
    OTHER_STREAM,
    STREAM,
    OpenStore,
    a_change,
    an_id,
    everything,
    known_type,
    open_store,
    put,
)

ALTERED = [kind for kind in RECORD_TYPES if not kind.SPEC.append_only]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "vault") as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    """One workbook for the tests of every type: a record of one is nothing to those of another."""
    with open_store(tmp_path_factory.mktemp("shared") / "vault") as store:
        yield store


VALUES: dict[Kind, Any] = {
    Kind.TEXT: "Flat 3, Ørsted’s Court / 株式会社 \x00 'quoted' \"twice\"; DROP TABLE",
    Kind.LONG_TEXT: "They shouted again.\r\n\tIt went on. مرحبا " * 200,
    Kind.INTEGER: -(2**63),
    Kind.BOOLEAN: False,
    Kind.INSTANT: datetime(2026, 3, 29, 0, 59, 59, 999000, tzinfo=UTC),
    Kind.DATE: date(2024, 2, 29),
    Kind.LINK: an_id("somewhere else"),
    Kind.BYTES: bytes(range(256)),
    Kind.TEXTS: frozenset({"Old Road", "new, road", 'The "Block"', "ß"}),
    Kind.LINKS: frozenset({an_id("one"), an_id("two")}),
}


def a_value(spec: FieldSpec) -> Any:
    if spec.kind is Kind.CHOICE:
        return list(spec.choices)[-1]
    return frozenset(list(spec.choices)[:3]) if spec.kind is Kind.CHOICES else VALUES[spec.kind]


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.SPEC.name)
def test_every_field_of_every_type_comes_back_as_it_went_in(shared: OpenStore, kind: type[Record]) -> None:
    values = {name: a_value(spec) for name, spec in kind.SPEC.fields.items()}
    full = shared.create(kind, **values)
    empty = shared.create(kind, **{next(iter(values)): next(iter(values.values()))})

    found = shared.store.get(kind, full)
    assert {name: getattr(found, name) for name in values} == values
    assert (found.id, found.stream) == (full, STREAM)

    bare = shared.store.get(kind, empty)
    for name in list(values)[1:]:
        assert getattr(bare, name) == kind.__dataclass_fields__[name].default, name


@pytest.mark.parametrize("kind", ALTERED, ids=lambda kind: kind.SPEC.name)
def test_clearing_every_field_gives_what_was_never_set(shared: OpenStore, kind: type[Record]) -> None:
    values = {name: a_value(spec) for name, spec in kind.SPEC.fields.items()}
    record = shared.create(kind, **values)
    shared.update(kind, record, **{name: () if spec.kind.many else None for name, spec in kind.SPEC.fields.items()})
    found = shared.store.get(kind, record)
    for name in values:
        assert getattr(found, name) == kind.__dataclass_fields__[name].default, name


@pytest.mark.parametrize("kind", ALTERED, ids=lambda kind: kind.SPEC.name)
def test_writing_one_field_leaves_every_other_as_it_was(shared: OpenStore, kind: type[Record]) -> None:
    values = {name: a_value(spec) for name, spec in kind.SPEC.fields.items()}
    record = shared.create(kind, **values)
    for name, spec in kind.SPEC.fields.items():
        shared.update(kind, record, **{name: () if spec.kind.many else None})
        shared.update(kind, record, **{name: values[name]})
    found = shared.store.get(kind, record)
    assert {name: getattr(found, name) for name in values} == values


def test_an_empty_text_is_kept_where_the_usual_value_is_another(opened: OpenStore) -> None:
    household = opened.create(Household, language="", format_needed="")
    found = opened.store.get(Household, household)
    assert (found.language, found.format_needed) == ("", "")


def test_no_is_not_the_same_as_not_asked(opened: OpenStore) -> None:
    unasked, denied = opened.create(Report, words="a"), opened.create(Report, words="b", danger_now=False)
    assert opened.store.get(Report, unasked).danger_now is None
    assert opened.store.get(Report, denied).danger_now is False


def test_milliseconds_survive_and_finer_parts_are_cut(opened: OpenStore) -> None:
    at = NOON + timedelta(microseconds=123_999)
    note = opened.create(Note, body="x", at=at)
    assert opened.store.get(Note, note).at == NOON + timedelta(milliseconds=123)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Note, {"at": datetime(2026, 3, 2, 12, 0)}),  # a moment without its zone is the point
        (Note, {"body": "x" * 1_000_001}),
        (Note, {"case": b"short"}),
        (Note, {"body": 5}),
        (Home, {"street": "x" * 2_001}),
        (Party, {"roles": "harmed"}),
        (Party, {"roles": [1]}),
        (LetterRun, {"letter_date": NOON}),
        (LetterRun, {"template_version": True}),
        (LetterRecord, {"place": 2**63}),
    ],
)
def test_a_value_its_field_cannot_hold_is_refused_and_nothing_is_kept(
    opened: OpenStore, kind: type[Record], values: dict[str, Any]
) -> None:
    before = everything(opened)
    with pytest.raises((TypeError, ValueError, FormIncomplete)):
        opened.create(kind, **values)
    assert everything(opened) == before


def test_a_field_nobody_declared_is_refused(opened: OpenStore) -> None:
    with pytest.raises(BugError):
        opened.create(Note, colour="blue")


def test_text_that_is_not_unicode_is_refused_whole(opened: OpenStore) -> None:
    before = everything(opened)
    with pytest.raises(BugError):
        opened.create(Note, body="broken \ud800 paste")
    assert everything(opened) == before


class TestSets:
    def test_elements_are_added_and_taken_away(self, opened: OpenStore) -> None:
        party = opened.create(Party, name="Jo Vale", also_known_as=["Jo", "Joanna"])
        opened.update(Party, party, also_known_as=["Joanna", "J"])
        assert opened.store.get(Party, party).also_known_as == {"Joanna", "J"}
        opened.update(Party, party, also_known_as=[])
        assert opened.store.get(Party, party).also_known_as == frozenset()

    def test_the_same_set_again_writes_nothing(self, opened: OpenStore) -> None:
        party = opened.create(Party, also_known_as=["Jo"])
        before = opened.sql("SELECT count(*) FROM change")
        opened.update(Party, party, also_known_as=["Jo", "Jo"])
        assert opened.sql("SELECT count(*) FROM change") == before

    def test_adding_wins_over_taking_away_elsewhere(self, opened: OpenStore) -> None:
        party = opened.create(Party, also_known_as=["Jo"])
        (first,) = opened.heads(Party, party, "also_known_as")
        opened.arrive(
            a_change("again", put(party, "party", "also_known_as", "Jo", kind=OpKind.ADD)),
            a_change("away", put(party, "party", "also_known_as", None, first, kind=OpKind.REMOVE)),
        )
        assert opened.store.get(Party, party).also_known_as == {"Jo"}

    def test_an_element_from_elsewhere_that_cannot_be_read_does_not_stop_editing(self, opened: OpenStore) -> None:
        party = opened.create(Party, also_known_as=["Jo"])
        opened.arrive(
            a_change("list", put(party, "party", "also_known_as", ["nested"], kind=OpKind.ADD)),
            a_change("map", put(party, "party", "also_known_as", {1: 2}, kind=OpKind.ADD)),
            a_change("number", put(party, "party", "also_known_as", 7, kind=OpKind.ADD)),
        )
        assert opened.store.get(Party, party).also_known_as == {"Jo"}
        opened.update(Party, party, also_known_as=["Joanna"])
        assert opened.store.get(Party, party).also_known_as == {"Joanna"}


class TestVersions:
    def test_two_values_written_apart_are_both_kept_until_somebody_chooses(self, opened: OpenStore) -> None:
        case = opened.create(Case, reference="2026-A-001", summary="before")
        (seen,) = opened.heads(Case, case, "summary")
        opened.update(Case, case, summary="mine")
        opened.arrive(a_change("theirs", put(case, "case", "summary", "theirs", seen), minutes=5))
        assert opened.row(Case, case)["contested"] == "summary"
        assert opened.store.get(Case, case).summary == "theirs"
        assert len(opened.heads(Case, case, "summary")) == 2

        opened.update(Case, case, summary="both together")
        assert opened.row(Case, case)["contested"] == ""
        assert opened.store.get(Case, case).summary == "both together"

    def test_choosing_the_version_already_shown_settles_it(self, opened: OpenStore) -> None:
        case = opened.create(Case, summary="before")
        (seen,) = opened.heads(Case, case, "summary")
        opened.update(Case, case, summary="mine")
        opened.arrive(a_change("theirs", put(case, "case", "summary", "theirs", seen), minutes=5))
        opened.update(Case, case, summary="theirs")
        assert opened.row(Case, case)["contested"] == ""

    def test_a_clock_far_ahead_does_not_beat_somebody_who_saw_it(self, opened: OpenStore) -> None:
        case = opened.create(Case, summary="before")
        opened.arrive(a_change("future", put(case, "case", "summary", "from 2031"), minutes=60 * 24 * 365 * 5))
        opened.update(Case, case, summary="corrected today")
        assert opened.store.get(Case, case).summary == "corrected today"

    def test_a_value_its_field_cannot_hold_is_kept_but_not_shown(self, opened: OpenStore) -> None:
        case = opened.create(Case, summary="before")
        (seen,) = opened.heads(Case, case, "summary")
        opened.arrive(a_change("odd", put(case, "case", "summary", 12, seen)))
        assert opened.store.get(Case, case).summary == ""
        opened.update(Case, case, summary="mended")
        assert opened.store.get(Case, case).summary == "mended"

    def test_a_withheld_change_hides_nothing_and_brings_nothing_back(self, opened: OpenStore) -> None:
        case = opened.create(Case, reference="2026-A-001", summary="first")
        (first,) = opened.heads(Case, case, "summary")
        late = a_change("late", put(case, "case", "summary", "after removal", first))
        opened.arrive(late, withheld=True)
        assert opened.store.get(Case, case).summary == "first"
        assert opened.sql("SELECT count(*) FROM change WHERE withheld") == [(1,)]
        opened.arrive(a_change("built", put(case, "case", "summary", "built on it", late.op_id(0))))
        assert opened.store.get(Case, case).summary == "built on it"
        assert len(opened.heads(Case, case, "summary")) == 1


class TestNothingLeft:
    def test_a_record_of_which_nothing_stands_is_not_shown(self, opened: OpenStore) -> None:
        opened.arrive(a_change("late", put(an_id("note"), "note", "body", "after removal")), withheld=True)
        assert opened.store.find(Note, an_id("note")) is None
        assert opened.store.count(Note) == 0


class TestDeleting:
    def test_a_deleted_record_is_not_found_searched_or_counted(self, opened: OpenStore) -> None:
        note = opened.create(Note, body="the walrus was here")
        opened.delete(Note, note)
        assert opened.store.find(Note, note) is None
        assert opened.store.select(Note) == ()
        assert opened.store.count(Note) == 0
        assert opened.sql("SELECT count(*) FROM search WHERE search MATCH 'walrus'") == [(0,)]
        with pytest.raises(NotFound):
            opened.store.get(Note, note)

    def test_an_edit_made_elsewhere_meanwhile_brings_it_back(self, opened: OpenStore) -> None:
        note = opened.create(Note, body="the walrus was here")
        (seen,) = opened.heads(Note, note, "body")
        opened.delete(Note, note)
        opened.arrive(a_change("edit", put(note, "note", "body", "the walrus was there", seen, kind=OpKind.TEXT)))
        assert opened.store.get(Note, note).body == "the walrus was there"
        assert opened.sql("SELECT count(*) FROM search WHERE search MATCH 'walrus'") == [(1,)]

    def test_a_deleted_record_cannot_be_written_to_by_mistake(self, opened: OpenStore) -> None:
        note = opened.create(Note, body="gone")
        opened.delete(Note, note)
        with pytest.raises(NotFound):
            opened.update(Note, note, body="back?")
        with pytest.raises(NotFound):
            opened.delete(Note, note)
        assert opened.store.find(Note, note) is None

    def test_nothing_can_be_written_to_a_record_that_was_never_there(self, opened: OpenStore) -> None:
        with pytest.raises(NotFound):
            opened.update(Note, an_id("nobody"), body="x")
        with pytest.raises(NotFound):
            opened.delete(Note, an_id("nobody"))


class TestUnits:
    def test_a_failure_in_the_middle_keeps_nothing(self, opened: OpenStore) -> None:
        before = everything(opened)
        with pytest.raises(RuntimeError), opened.store.unit("test") as (unit, _):
            unit.create(Note, STREAM, body="half")
            raise RuntimeError
        assert everything(opened) == before

    def test_one_unit_makes_one_change_for_each_stream(self, opened: OpenStore) -> None:
        with opened.store.unit("two-at-once") as (unit, outcome):
            one = unit.create(Note, STREAM, body="here")
            unit.create(Note, OTHER_STREAM, body="there")
            unit.update(Note, one, body="here again")
        assert opened.sql("SELECT cause, count(*) FROM change GROUP BY cause") == [("two-at-once", 2)]
        assert outcome.changed.kinds == {"note"}
        assert len(outcome.changed.ids) == 2

    def test_stamps_rise_even_when_the_clock_stands_still_or_goes_back(self, opened: OpenStore) -> None:
        for minutes in (0, 0, -600, -1200, 1):
            opened.clock.forward(minutes=minutes)
            opened.create(Note, body="tick")
        stamps = [stamp for (stamp,) in opened.sql("SELECT hlc FROM change ORDER BY position")]
        assert stamps == sorted(set(stamps))

    def test_a_long_import_becomes_changes_no_laptop_finds_too_large(self, opened: OpenStore) -> None:
        with opened.store.unit("import") as (unit, _):
            homes = [unit.create(Home, STREAM, street="Long Road", number=str(n)) for n in range(3_000)]
        assert opened.store.count(Home) == len(set(homes)) == 3_000
        assert len(opened.sql("SELECT 1 FROM change")) == 2

    def test_the_longest_texts_of_the_widest_script_can_be_read_again(self, opened: OpenStore) -> None:
        words = "𝔘" * 1_000_000
        with opened.store.unit("log") as (unit, _):
            for _ in range(3):
                note = unit.create(Note, STREAM, body=words)
        opened.store.rebuild()
        assert opened.store.get(Note, note).body == words


class TestUntrackedWrites:
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO r_note SELECT x'00', stream, 0, 0, 0, '', x'80', NULL, NULL, 'forged', NULL FROM r_note",
            "INSERT OR REPLACE INTO r_note SELECT * FROM r_note",
            "UPDATE r_note SET body = 'forged'",
            "DELETE FROM r_note",
        ],
    )
    def test_are_refused(self, opened: OpenStore, statement: str) -> None:
        opened.create(Note, body="as written")
        before = everything(opened)
        with pytest.raises(UntrackedWrite), writing(opened.store.engine) as connection:
            connection.exec_driver_sql(statement)
        assert everything(opened) == before

    def test_are_refused_for_every_type_and_after_a_rebuild(self, opened: OpenStore) -> None:
        opened.store.rebuild()
        for name in schema.RECORD_TABLES:
            kind = known_type(name)
            first, spec = next(iter(kind.SPEC.fields.items()))
            opened.create(kind, **{first: a_value(spec)})
            for statement in (f"DELETE FROM r_{name}", f"UPDATE r_{name} SET deleted = 1"):
                with pytest.raises(UntrackedWrite), writing(opened.store.engine) as connection:
                    connection.exec_driver_sql(statement)

    def test_the_door_is_shut_again_after_every_unit(self, opened: OpenStore) -> None:
        opened.create(Note, body="x")
        assert opened.sql("SELECT count(*) FROM ledger_open") == [(0,)]


class TestOtherPeoplesRecords:
    def test_a_record_of_one_stream_cannot_be_written_from_another(self, opened: OpenStore) -> None:
        note = opened.create(Note, body="ours")
        (seen,) = opened.heads(Note, note, "body")
        opened.arrive(
            a_change("intruder", put(note, "note", "body", "theirs", seen, kind=OpKind.TEXT)), stream=OTHER_STREAM
        )
        opened.arrive(
            a_change("deleter", put(note, "note", "", [seen], kind=OpKind.TOMBSTONE)), stream=OTHER_STREAM
        )
        assert opened.store.get(Note, note).body == "ours"
        assert opened.store.get(Note, note).stream == STREAM
        opened.store.rebuild()
        assert opened.store.get(Note, note).body == "ours"

    def test_an_id_already_taken_by_another_type_stays_what_it_was(self, opened: OpenStore) -> None:
        note = opened.create(Note, body="a note")
        opened.arrive(a_change("twin", put(note, "party", "name", "Not A Note")))
        assert opened.store.get(Note, note).body == "a note"
        assert opened.store.find(Party, note) is None


def test_an_arrival_repeated_changes_nothing(opened: OpenStore) -> None:
    party = an_id("party")
    changes = [
        a_change("one", put(party, "party", "name", "Ada"), put(party, "party", "roles", "harmed", kind=OpKind.ADD)),
        a_change("two", put(an_id("note"), "note", "body", "words", kind=OpKind.TEXT), minutes=1),
    ]
    assert opened.arrive(*changes).kinds == {"party", "note"}
    before = everything(opened)
    assert opened.arrive(*changes, *changes).kinds == frozenset()
    assert opened.arrive(changes[1]).ids == frozenset()
    assert everything(opened) == before


def test_the_same_change_twice_in_one_delivery_counts_once(opened: OpenStore) -> None:
    change = a_change("one", put(an_id("note"), "note", "body", "words", kind=OpKind.TEXT))
    opened.arrive(change, change)
    assert opened.sql("SELECT count(*) FROM change") == [(1,)]


def test_selecting_with_conditions_order_and_limit(opened: OpenStore) -> None:
    case = opened.create(Case, reference="2026-A-001")
    for hour in (3, 1, 2):
        opened.create(Contact, case=case, at=NOON + timedelta(hours=hour), way="call", outcome="spoke")
    opened.create(Contact, case=an_id("another"), at=NOON, way="call", outcome="spoke")
    table = table_of(Contact)
    found = opened.store.select(Contact, table.c.case == case, order_by=(table.c.at.desc(),), limit=2)
    assert [contact.at for contact in found] == [NOON + timedelta(hours=3), NOON + timedelta(hours=2)]
    assert opened.store.count(Contact, table.c.case == case) == 3


def test_search_finds_beginnings_without_accents_and_forgets_old_words(opened: OpenStore) -> None:
    party = opened.create(Party, name="Zoë Ångström", also_known_as=["Zed"])

    def hits(words: str) -> int:
        return int(opened.sql("SELECT count(*) FROM search WHERE search MATCH ?", words)[0][0])

    assert [hits(words) for words in ('"zoe"*', '"angs"*', '"zed"', '"ngstrom"*')] == [1, 1, 1, 0]
    opened.update(Party, party, name="Somebody Else", also_known_as=[])
    assert [hits(words) for words in ('"zoe"*', '"zed"', '"somebody"')] == [0, 0, 1]


def test_a_type_without_searched_fields_takes_no_room_in_the_index(opened: OpenStore) -> None:
    opened.create(Household, language="cy")
    opened.create(Perception, perceived_by="witness")
    assert opened.sql("SELECT count(*) FROM search") == [(0,)]


def test_incident_with_every_kind_of_act_reads_back(opened: OpenStore) -> None:
    acts = frozenset(Incident.SPEC.fields["acts"].choices)
    incident = opened.create(Incident, acts=acts)
    assert opened.store.get(Incident, RecordId(incident)).acts == acts
