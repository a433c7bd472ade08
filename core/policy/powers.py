"""What can be done about the person complained about, here and today (4.8, 4.9, 4.10, 4.13), as data with dates.

1. A power is available on a day if it is in force and fits the person's tenure and age. Otherwise the reason why not
   is said; nothing is simply left out.
2. What is not known is never taken as fitting: without a tenure no tool that depends on one is available.
3. Whether somebody is a tenant does not matter for an injunction (4.9). The court grants it; a landlord applies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.enforcement import TENURES
from core.foundation.errors import PolicyPackInvalid
from core.policy.keeps import keeps

FORMAT = 1
NOT_CONFIRMED = "unknown"
CHILD_UNDER = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One tool. `begins` None: always; `confirmed` False: nobody has confirmed that it is in force."""

    code: str
    words: str
    formal: bool
    clause: str
    basis: str
    begins: date | None
    confirmed: bool
    ends: date | None
    tenures: frozenset[str] | None
    least_age: int | None
    most_age: int | None
    weighing: bool
    note: str


@dataclass(frozen=True, slots=True)
class LegalPack:
    """One version of the list."""

    id: str
    version: int
    title: str
    note: str
    powers: tuple[Power, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """One tool for one person on one day. `why_not` is empty if it is available."""

    power: Power
    why_not: str

    @property
    def available(self) -> bool:
        """Whether it can be used."""
        return not self.why_not


@keeps("4.8", "Every tool for this person today, or why not", on=("Action",))
def powers_for(pack: LegalPack, *, on: date, tenure: str, age_years: int | None) -> tuple[Offered, ...]:
    """Policy 4.8: every tool, available or not, and why not."""
    return tuple(Offered(power, _why_not(power, on=on, tenure=tenure, age_years=age_years)) for power in pack.powers)


@keeps("4.9", "An injunction does not depend on being a tenant", on=("Action",))
def injunction_for(pack: LegalPack, *, on: date, age_years: int | None) -> tuple[Offered, ...]:
    """Policy 4.9: injunctions, for which it does not matter whether the person is a tenant."""
    found = powers_for(pack, on=on, tenure="none", age_years=age_years)
    return tuple(one for one in found if one.power.clause == "4.9")


def is_child(age_years: int | None) -> bool:
    """Policy 4.7 (their age): whether a parent or guardian has to be part of it."""
    return age_years is not None and age_years < CHILD_UNDER


def parse_legal_pack(text: str) -> LegalPack:
    """Read a list of powers.

    Raises:
        PolicyPackInvalid: not whole; the sentence names the row.
    """
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise PolicyPackInvalid(reason=f"the format of the list of powers is not {FORMAT}")
        rows = content["powers"]
        head = (str(content["id"]), int(content["version"]), str(content["title"]), str(content["note"]))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise PolicyPackInvalid(reason=f"the list of powers is not readable ({problem})") from None
    powers = tuple(_power(row, place) for place, row in enumerate(rows, start=1))
    codes = [power.code for power in powers]
    if len(set(codes)) != len(codes):
        raise PolicyPackInvalid(reason="two of the powers have the same code")
    return LegalPack(*head, powers)


def _power(row: Any, place: int) -> Power:
    try:
        tenures = row["tenures"]
        if tenures is not None and not set(tenures) <= TENURES.keys():
            raise ValueError("a tenure is not known")
        if row["kind"] not in ("informal", "formal"):
            raise ValueError("kind is neither informal nor formal")
        return Power(
            code=_words(row["code"]), words=_words(row["words"]), formal=row["kind"] == "formal",
            clause=_words(row["clause"]), basis=_words(row["basis"]),
            begins=_day(row["from"]) if row["from"] != NOT_CONFIRMED else None,
            confirmed=row["from"] != NOT_CONFIRMED, ends=_day(row["until"]),
            tenures=None if tenures is None else frozenset(tenures), least_age=_age(row["least_age"]),
            most_age=_age(row["most_age"]), weighing=bool(row["weighing"]), note=str(row["note"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as problem:
        raise PolicyPackInvalid(reason=f"row {place} of the list of powers cannot be used ({problem})") from None


def _why_not(power: Power, *, on: date, tenure: str, age_years: int | None) -> str:
    if not power.confirmed:
        return "Nobody has confirmed that it is in force yet."
    if power.begins is not None and on < power.begins:
        return f"In force only from {_said(power.begins)}."
    if power.ends is not None and on > power.ends:
        return f"Not in force any more since {_said(power.ends)}."
    if power.tenures is not None and tenure not in power.tenures:
        if tenure in ("", "not-known"):
            return "It depends on whose tenant the person is, which is not known."
        return f"Not for this person: {TENURES.get(tenure, tenure).lower()}."
    return _why_not_for_age(power, age_years)


def _why_not_for_age(power: Power, age_years: int | None) -> str:
    if power.least_age is None and power.most_age is None:
        return ""
    if age_years is None:
        return "It depends on the person's age, which is not known."
    if power.least_age is not None and age_years < power.least_age:
        return f"Not under {power.least_age}."
    if power.most_age is not None and age_years > power.most_age:
        return f"Only up to {power.most_age}."
    return ""


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is missing")
    return value


def _age(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 120:
        raise ValueError("an age is not a number of years")
    return value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
