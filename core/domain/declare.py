"""How a record type is declared: once, as a frozen class whose fields carry everything about them.

From a declaration follow the table (`core/store/tables.py`), the wire form, the history, the merge,
the search text, the labels on screen and the export. Adding a field is adding a line; a vault or a
peer that does not know it yet keeps what it received and shows it after its own update.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, dataclass_transform

from core.foundation.ids import RecordId, StreamId

_SPEC = "spec"


class Kind(StrEnum):
    """What a field holds, and so how it is stored, sent and merged."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    CHOICE = "choice"
    LINK = "link"
    BYTES = "bytes"
    CHOICES = "choices"
    TEXTS = "texts"
    LINKS = "links"

    @property
    def many(self) -> bool:
        """Whether the field holds a set of values, merged add-wins."""
        return self in (Kind.CHOICES, Kind.TEXTS, Kind.LINKS)


class StreamKind(StrEnum):
    """Whose keys protect a record (keys-and-sync 2.4)."""

    ORGANISATION = "organisation"
    CASE = "case"
    PERSONAL = "personal"
    COMPARTMENT = "compartment"
    AUDIT = "audit"


class Care(StrEnum):
    """How carefully a value is handled on screen and in exports."""

    ROUTINE = "routine"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105  # a word for how a value is handled
    """A key and what goes with it: used by the program, never shown, searched or exported."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Everything about one field. `choices` maps code to label, in the order shown."""

    name: str
    kind: Kind
    label: str
    care: Care
    search_weight: int
    indexed: bool
    choices: Mapping[str, str]

    def label_of(self, code: str) -> str:
        """The words for a choice; the code itself if it comes from a newer version."""
        return self.choices.get(code, code)


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """Everything about one record type. `name` is its table and its wire name for ever.

    `append_only`: written once, in a change of its own; whatever would alter or delete it later is refused.
    """

    name: str
    label: str
    stream: StreamKind
    fields: Mapping[str, FieldSpec]
    append_only: bool = False

    @property
    def searchable(self) -> tuple[FieldSpec, ...]:
        """The fields whose words are found by search, heaviest first."""
        found = [spec for spec in self.fields.values() if spec.search_weight]
        return tuple(sorted(found, key=lambda spec: -spec.search_weight))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has: its id, and the stream whose keys protect it."""

    SPEC: ClassVar[RecordSpec]

    id: RecordId
    stream: StreamId


R = TypeVar("R", bound=Record)


def _field(  # one declaration carries everything, by keyword
    kind: Kind,
    label: str,
    *,
    default: object,
    care: Care = Care.ROUTINE,
    search: int = 0,
    indexed: bool = False,
    choices: Mapping[str, str] | None = None,
) -> Any:
    spec = FieldSpec("", kind, label, care, search, indexed, dict(choices or {}))
    return dataclasses.field(default=default, metadata={_SPEC: spec})


def text(label: str, *, default: str = "", care: Care = Care.ROUTINE, search: int = 0, indexed: bool = False) -> Any:
    """A short text; empty if never set."""
    return _field(Kind.TEXT, label, default=default, care=care, search=search, indexed=indexed)


def long_text(label: str, *, default: str = "", care: Care = Care.SENSITIVE, search: int = 1) -> Any:
    """A text of any length, kept as immutable versions; two written apart are both kept."""
    return _field(Kind.LONG_TEXT, label, default=default, care=care, search=search)


def integer(label: str, *, default: int | None = None, indexed: bool = False) -> Any:
    """A whole number, or None if never set."""
    return _field(Kind.INTEGER, label, default=default, indexed=indexed)


def boolean(label: str, *, default: bool | None = None, care: Care = Care.ROUTINE) -> Any:
    """Yes, no, or None for not asked."""
    return _field(Kind.BOOLEAN, label, default=default, care=care)


def instant(label: str, *, default: None = None, indexed: bool = False) -> Any:
    """A moment: timezone-aware UTC with millisecond precision, or None."""
    return _field(Kind.INSTANT, label, default=default, indexed=indexed)


def date(label: str, *, default: None = None, indexed: bool = False) -> Any:
    """A calendar date, or None."""
    return _field(Kind.DATE, label, default=default, indexed=indexed)


def choice(
    label: str, choices: Mapping[str, str], *, default: str = "", care: Care = Care.ROUTINE, indexed: bool = False
) -> Any:
    """One of `choices` by code; the empty code means not asked."""
    return _field(Kind.CHOICE, label, default=default, care=care, choices=choices, indexed=indexed)


def link(label: str, *, default: None = None, care: Care = Care.ROUTINE, indexed: bool = False) -> Any:
    """The id of another record, which may not have been received yet."""
    return _field(Kind.LINK, label, default=default, care=care, indexed=indexed)


def raw_bytes(label: str, *, default: bytes = b"", care: Care = Care.ROUTINE, indexed: bool = False) -> Any:
    """Bytes that are not text: a hash, a key, a user id."""
    return _field(Kind.BYTES, label, default=default, care=care, indexed=indexed)


def choices(
    label: str, options: Mapping[str, str], *, default: frozenset[str] = frozenset(), care: Care = Care.ROUTINE
) -> Any:
    """Any number of `options` by code, as a frozenset."""
    return _field(Kind.CHOICES, label, default=default, care=care, choices=options)


def texts(
    label: str, *, default: frozenset[str] = frozenset(), care: Care = Care.ROUTINE, search: int = 0
) -> Any:
    """Any number of short texts, as a frozenset."""
    return _field(Kind.TEXTS, label, default=default, care=care, search=search)


def links(label: str, *, default: frozenset[RecordId] = frozenset(), care: Care = Care.ROUTINE) -> Any:
    """Any number of record ids, as a frozenset."""
    return _field(Kind.LINKS, label, default=default, care=care)


@dataclass_transform(
    kw_only_default=True,
    frozen_default=True,
    field_specifiers=(
        text, long_text, integer, boolean, instant, date, choice, link, raw_bytes, choices, texts, links,
    ),
)  # fmt: skip
def record(
    *, name: str, label: str, stream: StreamKind, append_only: bool = False
) -> Callable[[type[R]], type[R]]:
    """Declare a record type. `name` is its table and wire name and never changes.

    Raises:
        TypeError: a field was not declared with one of the field functions above.
    """

    def decorate(cls: type[R]) -> type[R]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        specs: dict[str, FieldSpec] = {}
        for item in dataclasses.fields(made):
            if item.name in ("id", "stream"):
                continue
            spec = item.metadata.get(_SPEC)
            if spec is None:
                raise TypeError(f"{name}.{item.name} is not declared as a field")
            specs[item.name] = dataclasses.replace(spec, name=item.name)
        made.SPEC = RecordSpec(name, label, stream, specs, append_only)
        return made

    return decorate


def labels(*pairs: Sequence[str]) -> dict[str, str]:
    """Code to label, in the order given: `labels(("phone", "By phone"), ...)`."""
    return {pair[0]: pair[1] for pair in pairs}
