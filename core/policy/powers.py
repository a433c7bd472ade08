"""What can be done about the person complained about, here and today (4.8, 4.9, 4.10, 4.13), as data with dates.

1. A power is available on a day if it is in force and fits the person's tenure and age. Otherwise the reason why not
   is said; nothing is simply left out.
2. What is not known is never taken as fitting: without a tenure no tool that depends on one is available.
3. Whether somebody is a tenant does not matter for an injunction (4.9). The court grants it; a landlord applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.enforcement import TENURES
from core.policy.keeps import keeps
from core.policy.rows import Row, top_row

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
class Law:
    """A law or standard: how it stands, and what came in its place. `in_policy`: the policy itself names it."""

    words: str
    in_policy: bool
    stands: str
    instead: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A law or power and how it stands on a day, in words."""

    words: str
    stands: str
    note: str
    in_policy: bool


@dataclass(frozen=True, slots=True)
class LegalPack:
    """One version of the list."""

    id: str
    version: int
    title: str
    note: str
    laws: tuple[Law, ...]
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
@keeps("4.9", "An injunction does not depend on being a tenant", on=("Action",))
def powers_for(pack: LegalPack, *, on: date, tenure: str, age_years: int | None) -> tuple[Offered, ...]:
    """Policy 4.8 (and 4.9: an injunction does not ask whose tenant): every tool, available or not, and why not."""
    return tuple(Offered(power, _why_not(power, on=on, tenure=tenure, age_years=age_years)) for power in pack.powers)


def is_child(age_years: int | None) -> bool:
    """Policy 4.7 (their age): whether a parent or guardian has to be part of it."""
    return age_years is not None and age_years < CHILD_UNDER


@keeps("2.1", "The laws and powers as they stand on the day", on=("Organisation",))
def framework_on(pack: LegalPack, *, on: date) -> tuple[Standing, ...]:
    """Policy 2.1: every law and standard the policy names or has come since, and every power, as it stands that day."""
    laws = tuple(Standing(law.words, law.stands, law.instead, law.in_policy) for law in pack.laws)
    powers = tuple(
        Standing(power.words, _in_force(power, on), f"{power.basis}. {power.note}".strip(), False)
        for power in pack.powers
    )
    return laws + powers


def parse_legal_pack(text: str) -> LegalPack:
    """Read a list of powers.

    Raises:
        PolicyPackInvalid: not whole; the sentences name every row.
    """
    top = top_row(text, "the list of powers", formats=FORMAT)
    pack = LegalPack(
        top.words("id"), top.whole("version", most=1_000_000), top.words("title"), top.words("note"),
        top.each("laws", _law, called="words"), top.each("powers", _power),
    )  # fmt: skip
    top.nothing_else()
    codes = [power.code for power in pack.powers]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        top.noted.add(f"two of the powers have the same code: {code}")
    top.noted.settle()
    return pack


def _law(row: Row) -> Law:
    return Law(row.words("words"), row.flag("in_policy"), row.words("stands"), row.words("instead", may_be_empty=True))


def _power(row: Row) -> Power:
    formal = row.one_of("kind", ("informal", "formal")) == "formal"
    confirmed = not (row.has("from") and row.says("from") == NOT_CONFIRMED)
    begins = row.day_or_none("from") if confirmed else None
    if not confirmed:
        row.words("from")
    power = Power(
        code=row.words("code"), words=row.words("words"), formal=formal, clause=row.words("clause"),
        basis=row.words("basis"), begins=begins, confirmed=confirmed, ends=row.day_or_none("until"),
        tenures=row.codes_or_none("tenures", TENURES), least_age=row.whole_or_none("least_age", least=0, most=120),
        most_age=row.whole_or_none("most_age", least=0, most=120), weighing=row.flag("weighing"),
        note=row.words("note", may_be_empty=True),
    )  # fmt: skip
    if power.begins is not None and power.ends is not None and power.ends < power.begins:
        row.wrong("until", "lies before the day it begins")
    if power.least_age is not None and power.most_age is not None and power.most_age < power.least_age:
        row.wrong("most_age", "is under the least age")
    return power


def _in_force(power: Power, on: date) -> str:
    if not power.confirmed:
        return "Nobody has confirmed that it is in force yet"
    if power.begins is not None and on < power.begins:
        return f"In force only from {_said(power.begins)}"
    if power.ends is not None and on > power.ends:
        return f"Not in force any more since {_said(power.ends)}"
    return f"In force since {_said(power.begins)}" if power.begins is not None else "Always there"


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
