"""Secrets, and secrets made ready to be looked for in many texts. Pure."""

from __future__ import annotations

import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from core.letters.folded import fold_words
from core.letters.guard_patterns import (
    Form,
    Words,
    email_forms,
    flat_forms,
    flat_ids,
    home_forms,
    misspellable,
    name_forms,
    nickname_forms,
    parse_day,
    phone_digits,
    phrase_forms,
    reference_forms,
)
from core.letters.guard_words import FUNCTION_WORDS, NO_STRAND, STRAND_WORDS, stem

FEWEST_PHONE_DIGITS = 5


class SecretKind(enum.Enum):
    """What sort of thing must not be told."""

    NAME = "name"
    NICKNAME = "nickname"
    FLAT = "flat"
    HOME = "home"
    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    FACT = "fact"
    STRAND = "strand"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing that must not be told. `reason` says to the officer whose it is: "the person who reported".

    `value` as people write it: "Ms Amina Khan", "Flat 6", "Flat 6, 14 Marsh Lane, ZZ1 1AA", "07700 900123",
    an ISO date, a few words of what happened, a strand's code. A name of one word is a family name.
    """

    kind: SecretKind
    value: str
    reason: str


class Pattern(NamedTuple):
    """A form of a secret; `secret` is its place in the list, or `NOT_SECRET`."""

    form: Form
    secret: int
    strand: str = ""


NOT_SECRET = -1
"""The secret of a strand that is only counted, because a list of many strands tells none."""


class Day(NamedTuple):
    """A secret date; its month and day are its key."""

    secret: int
    year: int | None
    weekday: int | None
    """0 for Monday; None where the year is not known."""


class Fact(NamedTuple):
    """What happened, as the roots of its telling words; `enough` of them in one sentence tell it."""

    secret: int
    stems: frozenset[str]
    enough: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """Secrets made ready. `patterns` by first word; `near` by the first and last two letters."""

    secrets: tuple[Secret, ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    near: Mapping[str, tuple[tuple[str, int], ...]]
    ids: Mapping[Words, tuple[int, ...]]
    phones: tuple[tuple[str, int], ...]
    days: Mapping[tuple[int, int], tuple[Day, ...]]
    facts: tuple[Fact, ...]


def prepare(secrets: Sequence[Secret]) -> Prepared:
    """Make secrets ready for `leak_guard.find_leaks`; worth doing once for a whole run."""
    bench = _Bench()
    for place, secret in enumerate(secrets):
        bench.take(secret, place)
    bench.count_the_other_strands()
    return bench.prepared(tuple(secrets))


class _Bench:
    """Where the tables are filled."""

    def __init__(self) -> None:
        self._patterns: dict[str, dict[Pattern, None]] = defaultdict(dict)
        self._near: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._ids: dict[Words, dict[int, None]] = defaultdict(dict)
        self._phones: list[tuple[str, int]] = []
        self._days: dict[tuple[int, int], list[Day]] = defaultdict(list)
        self._facts: list[Fact] = []
        self._strands: set[str] = set()

    def take(self, secret: Secret, place: int) -> None:
        value = secret.value
        match secret.kind:
            case SecretKind.NAME:
                self._file(name_forms(value), place)
                self._file_near(value, place)
            case SecretKind.NICKNAME:
                self._file(nickname_forms(value), place)
                self._file_near(value, place)
            case SecretKind.FLAT:
                self._file(flat_forms(value), place)
                self._file_ids(flat_ids(value), place)
            case SecretKind.HOME:
                forms, numbers = home_forms(value)
                self._file(forms, place)
                self._file_ids(numbers, place)
            case SecretKind.PHONE:
                if len(digits := phone_digits(value)) >= FEWEST_PHONE_DIGITS:
                    self._phones.append((digits, place))
            case SecretKind.EMAIL:
                self._file(email_forms(value), place)
            case SecretKind.REFERENCE:
                self._file(reference_forms(value), place)
            case SecretKind.DATE:
                self._take_day(value, place)
            case SecretKind.STRAND:
                self._take_strand(value, place)
            case SecretKind.FACT:
                self._take_fact(value, place)

    def count_the_other_strands(self) -> None:
        """Have the strands that are no secret counted too, where any strand is one."""
        if self._strands:
            for strand in STRAND_WORDS.keys() - self._strands:
                self._file(phrase_forms(STRAND_WORDS[strand], ""), NOT_SECRET, strand)

    def prepared(self, secrets: tuple[Secret, ...]) -> Prepared:
        return Prepared(
            secrets=secrets,
            patterns=MappingProxyType({word: tuple(found) for word, found in self._patterns.items()}),
            near=MappingProxyType({end: tuple(sorted(words)) for end, words in self._near.items()}),
            ids=MappingProxyType({number: tuple(places) for number, places in self._ids.items()}),
            phones=tuple(self._phones),
            days=MappingProxyType({day: tuple(found) for day, found in self._days.items()}),
            facts=tuple(self._facts),
        )

    def _file(self, forms: Iterable[Form], place: int, strand: str = "") -> None:
        for form in forms:
            if form.words:
                self._patterns[form.words[0]][Pattern(form, place, strand)] = None

    def _file_near(self, value: str, place: int) -> None:
        for word in misspellable(value):
            # One wrong letter leaves either the first two or the last two as they are.
            self._near["<" + word[:2]].add((word, place))
            self._near[">" + word[-2:]].add((word, place))

    def _file_ids(self, numbers: Iterable[Words], place: int) -> None:
        for number in numbers:
            self._ids[number][place] = None

    def _take_day(self, value: str, place: int) -> None:
        day = parse_day(value)
        if day is None:
            self._take_fact(value, place)
        else:
            year, month, number = day
            weekday = None if year is None else datetime.date(year, month, number).weekday()
            self._days[month, number].append(Day(place, year, weekday))

    def _take_strand(self, value: str, place: int) -> None:
        plain = " ".join(fold_words(value))
        code = plain.replace(" ", "-")
        if code in STRAND_WORDS:
            self._strands.add(code)
            self._file(phrase_forms(STRAND_WORDS[code], "the reason behind it"), place, code)
        elif plain not in NO_STRAND:
            self._take_fact(value, place)

    def _take_fact(self, value: str, place: int) -> None:
        words = fold_words(value)
        telling = frozenset(stem(word) for word in words if word not in FUNCTION_WORDS and len(word) > 1)
        if not telling:
            self._file([Form(words, "what happened")], place)
            return
        count = len(telling)
        self._facts.append(Fact(place, telling, count if count <= 3 else max(3, -(-count * 3 // 5))))
