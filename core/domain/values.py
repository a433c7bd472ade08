"""Between a field's value in Python and on the wire. Both ways refuse what the declaration does not allow."""

from __future__ import annotations

from datetime import date, datetime

from core.changes.change import Wire
from core.changes.hlc import from_ms, to_ms
from core.domain.declare import FieldSpec, Kind
from core.foundation.errors import EncodingRejected, FormIncomplete
from core.foundation.ids import ID_BYTES

MAX_TEXT_LENGTH = 2_000
MAX_LONG_TEXT_LENGTH = 1_000_000
FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999
"""The first millisecond of the year 1 and the last of the year 9999: what can be shown."""
_TOO_LONG = "is too long"
SHORT_TEXT_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE)
"""Fields that hold one text: any text up to `text_limit` fits."""
_TEXT_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.CHOICES, Kind.TEXTS)


def to_wire(spec: FieldSpec, value: object) -> Wire:
    """One value (for a set field: one element) as it travels. None clears a field.

    Raises:
        FormIncomplete: a text longer than the field can hold, which people do paste.
        TypeError, ValueError: our own code offered a value the field cannot hold.
    """
    if value is None:
        return None
    if spec.kind is Kind.INSTANT:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError(f"{spec.name} needs a moment with its time zone")
        value = to_ms(value)
    elif spec.kind is Kind.DATE:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(f"{spec.name} needs a date")
        value = value.isoformat()
    checked: Wire = value  # type: ignore[assignment]  # `_fits` is the check
    problem = _misfit(spec, checked)
    if problem == _TOO_LONG:
        said = f"{spec.label}: this is too long. Use at most {text_limit(spec):,} letters."
        raise FormIncomplete(problems={spec.name: said})
    if problem:
        raise ValueError(f"{spec.name} {problem}")
    return checked


def from_wire(spec: FieldSpec, value: Wire) -> object:
    """The Python value behind `to_wire`; None for a cleared field.

    Raises:
        EncodingRejected: a peer wrote a value this field cannot hold.
    """
    if value is None:
        return None
    problem = _misfit(spec, value)
    if problem:
        raise EncodingRejected(reason=f"a field {problem}")
    if spec.kind is Kind.INSTANT and isinstance(value, int):
        return from_ms(value)
    if spec.kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def holds(spec: FieldSpec, value: Wire) -> bool:
    """Whether the field can hold this value as it travels."""
    return value is None or not _misfit(spec, value)


def _misfit(spec: FieldSpec, value: Wire) -> str:  # one line per kind reads best
    if spec.kind in _TEXT_KINDS:
        if not isinstance(value, str):
            return "is not text"
        return _TOO_LONG if len(value) > text_limit(spec) else ""
    if spec.kind is Kind.DATE:
        return "" if _is_iso_date(value) else "is not a date"
    if spec.kind is Kind.BOOLEAN:
        return "" if isinstance(value, bool) else "is not yes or no"
    if spec.kind is Kind.INSTANT:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and FIRST_MS <= value <= LAST_MS else "is not a moment"  # type: ignore[operator]
    if spec.kind is Kind.INTEGER:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and -(2**63) <= value < 2**63 else "is not a whole number"  # type: ignore[operator]
    if spec.kind in (Kind.LINK, Kind.LINKS):
        return "" if isinstance(value, bytes) and len(value) == ID_BYTES else "is not a record id"
    return "" if isinstance(value, bytes) else "is not bytes"


def text_limit(spec: FieldSpec) -> int:
    """How many letters a text field can hold."""
    return MAX_LONG_TEXT_LENGTH if spec.kind is Kind.LONG_TEXT else MAX_TEXT_LENGTH


def _is_iso_date(value: Wire) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
