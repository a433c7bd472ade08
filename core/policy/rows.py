"""Reading a pack field by field, with every wrong row named and not only the first.

What is wrong is noted and reading goes on with a value that stands in, so that whoever mends a file sees all of it at
once. Nothing that stands in is ever used: `settle` refuses a text in which anything was noted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any, TypeVar

from core.foundation.errors import PolicyPackInvalid

LARGEST = 1_000
MOST_ROWS = 2_000
MOST_TOLD = 100
"""A file in which more is wrong is another kind of file."""
LONGEST_TEXT = 2_000

T = TypeVar("T")


class Noted:
    """What is wrong so far, one sentence each."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Note one thing, once."""
        if sentence not in self.sentences and len(self.sentences) < MOST_TOLD:
            self.sentences.append(sentence)

    def settle(self) -> None:
        """
        Raises:
            PolicyPackInvalid: something was noted; `problems` has every sentence.
        """
        if self.sentences:
            raise PolicyPackInvalid(reason="; ".join(self.sentences), problems=tuple(self.sentences))


def problems_of(error: PolicyPackInvalid) -> tuple[str, ...]:
    """Everything that is wrong with a pack, one sentence each."""
    found = error.fields.get("problems", ())
    return found if isinstance(found, tuple) and found else (str(error.fields.get("reason", "")),)


class Row:
    """One object of named values. `where` names it in a sentence. A quiet one stands in for what is missing."""

    def __init__(self, content: object, where: str, noted: Noted, *, quiet: bool = False) -> None:
        self.noted, self._where, self._quiet = noted, where, quiet
        if not isinstance(content, dict):
            self.wrong("", "is not a list of named values")
            content, self._quiet = {}, True
        self._left: dict[str, object] = dict(content)

    def wrong(self, name: str, what: str) -> None:
        """Note that a value cannot be used; `name` empty: the whole row."""
        if not self._quiet:
            self.noted.add(f"{name} in {self._where} {what}" if name else f"{self._where} {what}")

    def nothing_else(self) -> None:
        """Note every name that nobody asked for."""
        for name in sorted(self._left):
            self.wrong(name, "is not known to this version")

    def has(self, name: str) -> bool:
        """Whether a value of that name is left."""
        return name in self._left

    def says(self, name: str) -> object:
        """A value as it stands, without taking it."""
        return self._left.get(name)

    def words(self, name: str, *, may_be_empty: bool = False) -> str:
        """A text."""
        value = self._take(name)
        if not isinstance(value, str) or not (value.strip() or may_be_empty) or len(value) > LONGEST_TEXT:
            return self._instead(name, "is not text", "-")
        return value

    def whole(self, name: str, *, least: int = 1, most: int = LARGEST) -> int:
        """A whole number."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return self._instead(name, f"is not a whole number from {least} to {most:,}", least)
        return value

    def whole_or_none(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number, or null."""
        if self._left.get(name, "") is None:
            del self._left[name]
            return None
        return self.whole(name, least=least, most=most)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._take(name)
        return value if isinstance(value, bool) else self._instead(name, "is neither true nor false", False)

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """One of the codes allowed."""
        value = self._take(name)
        if isinstance(value, str) and value in allowed:
            return value
        told = f"is {value!r}, which is not known" if isinstance(value, str) else "is not text"
        return self._instead(name, told, next(iter(allowed)))

    def codes(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """At least one of the codes allowed."""
        values = self._list(name)
        if not values or any(not isinstance(value, str) or value not in allowed for value in values):
            return self._instead(name, "holds something that is not known", (next(iter(allowed)),))
        return tuple(str(value) for value in values)

    def each_word(self, name: str) -> tuple[str, ...]:
        """A list of texts, which may be empty."""
        values = self._list(name)
        if any(not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT for value in values):
            return self._instead(name, "holds something that is not text", ())
        return tuple(str(value) for value in values)

    def codes_or_none(self, name: str, allowed: Collection[str]) -> frozenset[str] | None:
        """Codes, or null."""
        if self._left.get(name, "") is None:
            del self._left[name]
            return None
        return frozenset(self.codes(name, allowed))

    def day_or_none(self, name: str) -> date | None:
        """A day such as 2026-11-29, or null."""
        value = self._take(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return self._instead(name, "is not a day such as 2026-11-29", None)

    def time_of_day(self, name: str) -> time:
        """A time such as 09:00."""
        value = self._take(name)
        try:
            return time.fromisoformat(value)
        except (TypeError, ValueError):
            return self._instead(name, "is not a time such as 09:00", time())

    def inside(self, name: str) -> Row:
        """The values inside a value."""
        missing = name not in self._left
        return Row({} if (value := self._take(name)) is None and missing else value, name, self.noted,
                   quiet=missing or self._quiet)  # fmt: skip

    def each(self, name: str, read: Callable[[Row], T], *, called: str = "code") -> tuple[T, ...]:
        """Every row of a list. `called`: the field that names a row in a sentence."""
        rows = self._list(name)
        if len(rows) > MOST_ROWS:
            return self._instead(name, f"has more than {MOST_ROWS:,} rows", ())
        return tuple(
            finished(Row(value, _called(name, place, value, called), self.noted, quiet=self._quiet), read)
            for place, value in enumerate(rows, start=1)
        )

    def items(self, name: str) -> dict[str, object]:
        """A value that is itself names and values."""
        value = self._take(name)
        return value if isinstance(value, dict) else self._instead(name, "is not a list of named values", {})

    def _list(self, name: str) -> list[object]:
        value = self._take(name)
        if isinstance(value, list):
            return value
        return self._instead(name, "is not a list", []) if not self._quiet else []

    def _take(self, name: str) -> Any:
        if name not in self._left:
            self.wrong(name, "is missing")
            return _Missing
        return self._left.pop(name)

    def _instead(self, name: str, what: str, stands_in: T) -> T:
        if f"{name} in {self._where} is missing" not in self.noted.sentences:
            self.wrong(name, what)
        return stands_in


class _Missing:
    """Stands for a value that is not there: of no kind a value can be."""


def finished(row: Row, read: Callable[[Row], T]) -> T:
    """Read a row and note what is left of it."""
    value = read(row)
    row.nothing_else()
    return value


def top_row(text: str, what: str, *, formats: int) -> Row:
    """The outermost values of a pack.

    Raises:
        PolicyPackInvalid: the text is no JSON object, a name appears twice, or it is of another format.
    """
    try:
        content = json.loads(text, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as problem:
        raise PolicyPackInvalid(reason=f"{what} is not readable ({problem})") from None
    noted = Noted()
    row = Row(content, what, noted)
    noted.settle()
    if row.whole("format") != formats:
        noted.add(f"the format of {what} is not {formats}")
    noted.settle()
    return row


def _called(name: str, place: int, value: object, called: str) -> str:
    own = value.get(called) if isinstance(value, dict) else None
    return f"{name}, row {place} ({own})" if isinstance(own, str) and own else f"{name}, row {place}"


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a name appears twice")
    return content
