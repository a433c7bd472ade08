"""Values between Python and the wire, and the declarations they follow."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import ACTS, STRANDS, Case, Note
from core.domain.catalogue import RECORD_TYPES, record_type
from core.domain.changed import NOTHING, Changed
from core.domain.declare import Care, FieldSpec, Kind, Record, StreamKind, labels, record, text
from core.domain.values import FIRST_MS, LAST_MS, from_wire, holds, to_wire
from core.foundation.errors import EncodingRejected


def a_field(kind: Kind) -> FieldSpec:
    return FieldSpec("it", kind, "It", Care.ROUTINE, 0, False, {"a": "A"})


MISFITS: list[tuple[Kind, Any]] = [
    (Kind.TEXT, 7), (Kind.TEXT, b"x"), (Kind.TEXT, "x" * 2_001), (Kind.TEXT, ["x"]),
    (Kind.LONG_TEXT, "x" * 1_000_001), (Kind.CHOICE, 1), (Kind.CHOICES, 3), (Kind.TEXTS, True),
    (Kind.INTEGER, True), (Kind.INTEGER, 2**63), (Kind.INTEGER, -(2**63) - 1), (Kind.INTEGER, "1"),
    (Kind.BOOLEAN, 1), (Kind.BOOLEAN, 0), (Kind.BOOLEAN, "yes"),
    (Kind.INSTANT, FIRST_MS - 1), (Kind.INSTANT, LAST_MS + 1), (Kind.INSTANT, True), (Kind.INSTANT, "2026-03-02"),
    (Kind.DATE, "2026-3-2"), (Kind.DATE, "20260302"), (Kind.DATE, "2026-02-30"), (Kind.DATE, 7), (Kind.DATE, ""),
    (Kind.DATE, "2026-W10-1"),
    (Kind.LINK, b"short"), (Kind.LINK, "text"), (Kind.LINKS, bytes(17)), (Kind.BYTES, "text"), (Kind.BYTES, 7),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), MISFITS)
def test_what_a_peer_may_not_write(kind: Kind, value: Any) -> None:
    assert not holds(a_field(kind), value)
    with pytest.raises(EncodingRejected):
        from_wire(a_field(kind), value)


def test_nothing_is_a_value_every_field_can_have() -> None:
    for kind in Kind:
        assert holds(a_field(kind), None)
        assert to_wire(a_field(kind), None) is None
        assert from_wire(a_field(kind), None) is None


def test_moments_of_any_zone_become_the_same_instant() -> None:
    spec = a_field(Kind.INSTANT)
    noon = datetime(2026, 7, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    back = from_wire(spec, to_wire(spec, noon))
    assert back == noon
    assert isinstance(back, datetime)
    assert back.utcoffset() == timedelta(0)


@pytest.mark.parametrize("year", [1, 1899, 1969, 1970, 9999])
def test_a_moment_of_any_year_is_shown_as_it_was_written(year: int) -> None:
    spec = a_field(Kind.INSTANT)
    moment = datetime(year, 6, 1, 12, 0, tzinfo=UTC)
    assert from_wire(spec, to_wire(spec, moment)) == moment


def test_a_moment_no_calendar_shows_is_refused_on_both_sides() -> None:
    west = timezone(timedelta(hours=-12))
    with pytest.raises(ValueError, match="moment"):
        to_wire(a_field(Kind.INSTANT), datetime(9999, 12, 31, 23, 0, tzinfo=west))


@pytest.mark.parametrize("value", [datetime(2026, 3, 2), date(2026, 3, 2), 7, "2026-03-02"])
def test_a_moment_needs_its_zone(value: object) -> None:
    with pytest.raises(TypeError):
        to_wire(a_field(Kind.INSTANT), value)


@pytest.mark.parametrize("value", [datetime(2026, 3, 2), "2026-03-02", 7])
def test_a_date_is_a_date(value: object) -> None:
    with pytest.raises(TypeError):
        to_wire(a_field(Kind.DATE), value)


@given(st.dates())
def test_any_date_there_and_back(day: date) -> None:
    spec = a_field(Kind.DATE)
    assert from_wire(spec, to_wire(spec, day)) == day


def test_a_code_of_a_newer_version_is_shown_as_it_is() -> None:
    spec = Case.SPEC.fields["stage"]
    assert spec.label_of("open") == "Open"
    assert spec.label_of("mediated") == "mediated"


class TestDeclarations:
    def test_names_are_used_once_and_can_be_names_of_tables(self) -> None:
        names = [kind.SPEC.name for kind in RECORD_TYPES]
        assert len(names) == len(set(names))
        for kind in RECORD_TYPES:
            assert record_type(kind.SPEC.name) is kind
            for name in (kind.SPEC.name, *kind.SPEC.fields):
                assert name.isidentifier()
                assert name == name.lower()
                assert len(name) <= 64

    def test_no_field_takes_a_name_the_tables_need(self) -> None:
        reserved = {"id", "stream", "deleted", "created_hlc", "changed_hlc", "contested", "stamps"}
        for kind in RECORD_TYPES:
            assert not reserved & kind.SPEC.fields.keys()

    def test_every_default_is_one_the_field_can_hold(self) -> None:
        for kind in RECORD_TYPES:
            for name, spec in kind.SPEC.fields.items():
                default = kind.__dataclass_fields__[name].default
                if spec.kind.many:
                    assert default == frozenset()
                else:
                    to_wire(spec, default)
                if spec.kind is Kind.CHOICE and default:
                    assert default in spec.choices

    def test_what_people_said_is_handled_with_care(self) -> None:
        for kind in RECORD_TYPES:
            for spec in kind.SPEC.fields.values():
                if spec.kind is Kind.LONG_TEXT:
                    assert spec.care is Care.SENSITIVE, f"{kind.SPEC.name}.{spec.name}"

    def test_no_label_uses_a_code_as_words(self) -> None:
        for kind in RECORD_TYPES:
            for spec in kind.SPEC.fields.values():
                assert spec.label
                assert "_" not in spec.label
                assert "perpetrator" not in spec.label.lower()

    def test_the_seven_acts_of_the_policy_in_its_order(self) -> None:
        assert len(ACTS) == 7
        assert next(iter(ACTS)) == "racist"
        assert "transgender-identity" in STRANDS

    def test_records_cannot_be_changed(self) -> None:
        note = Note(id=b"n" * 16, stream=b"s" * 16, body="x")  # type: ignore[arg-type]  # ids
        with pytest.raises(dataclasses.FrozenInstanceError):
            note.body = "y"  # type: ignore[misc]  # the point

    def test_a_field_that_is_not_declared_is_refused(self) -> None:
        with pytest.raises(TypeError, match="colour"):

            @record(name="thing", label="Thing", stream=StreamKind.CASE)
            class Thing(Record):
                name: str = text("Name")
                colour: str = "red"

        assert labels(("a", "A"), ("b", "B")) == {"a": "A", "b": "B"}


def test_what_changed_adds_up() -> None:
    one = Changed(frozenset({"note"}), frozenset({b"1"}))
    two = Changed(frozenset({"case"}), frozenset({b"2"}))
    assert one | two == Changed(frozenset({"note", "case"}), frozenset({b"1", b"2"}))
    assert NOTHING | one == one
    assert record_type("nobody-knows") is None
