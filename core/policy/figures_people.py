"""Figures over the people of cases (5.1, 6.1): who comes again, and whether everybody is treated alike.

1. Somebody is the same in two cases when the file of residents says so, or when name and home are the same.
2. Characteristics are what people said of themselves. Not wanting to say is an answer; not asked is another.
3. Somebody who answered twice counts by their latest answer; one person in two cases counts in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import Party
from core.domain.doors import KnownPlace
from core.domain.monitoring import Monitoring
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.figure_tables import Row, Table, counted
from core.policy.figures import UNKNOWN, action_taken, formal_action, opened_in
from core.policy.keeps import keeps
from core.policy.periods import Period
from core.policy.places import place_key
from core.policy.powers import LegalPack

CHARACTERISTICS = ("ethnic_group", "religion", "sex", "gender", "orientation", "disability", "age_group")
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Side:
    """Which people of a case are looked at, in words."""

    code: str
    role: str
    title: str
    columns: tuple[str, ...]


HARMED = Side("harmed", "harmed", "People harmed", ("Action was taken", "No action so far"))
COMPLAINED_ABOUT = Side(
    "about", "alleged-perpetrator", "People complained about", ("Formal action", "Other action", "No action so far")
)


@keeps("5.1", "People and places that come again", on=("Figures",))
def repeats_counted(cases: Sequence[CaseFacts], period: Period) -> Table:
    """Policy 5.1: people harmed, homes and places, and people complained about that are in more than one case.

    One of the cases was opened in the period; the others may be older.
    """
    until = [case for case in cases if _begun_at(case) < period.end_at]
    now = {case.case.id for case in opened_in(until, period)}
    about = [_people(case, "alleged-perpetrator") for case in until]
    keys = (
        ("harmed", "People harmed in more than one case", [_people(case, "harmed") for case in until]),
        ("place", "Homes and places in more than one case", [_places(case) for case in until]),
        ("about", "People complained about in more than one case", about),
    )
    rows = []
    for code, label, sets in keys:
        met: dict[object, set[RecordId]] = {}
        for case, found in zip(until, sets, strict=True):
            for key in found:
                met.setdefault(key, set()).add(case.case.id)
        count = sum(len(there) > 1 and bool(there & now) for there in met.values())
        rows.append(Row(code, label, (count,), adds=False))
    return Table(
        code="repeats", clause="5.1", title="Again",
        note="In more than one case, of which one was opened in this time.", columns=("How many",), rows=tuple(rows),
    )  # fmt: skip


@keeps("6.1", "What was done for people harmed, by what they say of themselves", on=("Figures",))
def harmed_counted(cases: Sequence[CaseFacts], period: Period) -> tuple[Table, ...]:
    """Policy 6.1: for each characteristic, for how many of the people harmed action was taken."""
    people = [
        (case, party, 0 if action_taken(case) else 1)
        for case in opened_in(cases, period)
        for party in case.parties
        if "harmed" in party.roles
    ]
    return tuple(_by(name, HARMED, people) for name in CHARACTERISTICS)


@keeps("6.1", "What was done about people complained about, by what they say of themselves", on=("Figures",))
def complained_about_counted(cases: Sequence[CaseFacts], period: Period, legal: LegalPack) -> tuple[Table, ...]:
    """Policy 6.1: for each characteristic, about how many of the people complained about formal action was taken."""
    people = [
        (case, party, formal_action(case, party.id, legal))
        for case in opened_in(cases, period)
        for party in case.parties
        if "alleged-perpetrator" in party.roles
    ]
    return tuple(_by(name, COMPLAINED_ABOUT, people) for name in CHARACTERISTICS)


@keeps("6.1", "What somebody said of themselves, by their latest answer", on=("Figures",))
def answers_of(case: CaseFacts, party: RecordId) -> Monitoring | None:
    """Policy 6.1: the latest answers of one person; None if nobody asked them."""
    found = [one for one in case.of(Monitoring) if one.party == party]
    return max(found, key=lambda one: (known(one.asked_at) or _BEGINNING, one.id), default=None)


def _by(name: str, side: Side, people: Iterable[tuple[CaseFacts, Party, int]]) -> Table:
    field = Monitoring.SPEC.fields[name]
    counts = {code: [0] * len(side.columns) for code in (*field.choices, UNKNOWN)}
    for case, party, place in people:
        answers = answers_of(case, party.id)
        said = getattr(answers, name) if answers is not None else ""
        counts[said if said in field.choices else UNKNOWN][place] += 1
    width = len(side.columns)
    everybody = tuple(sum(count[place] for count in counts.values()) for place in range(width))
    rows = counted({**field.choices, UNKNOWN: "Not asked"}, counts, width)
    return Table(
        code=f"{side.code}-{name}", clause="6.1", title=f"{side.title}: {field.label.lower()}",
        note="Of the cases opened. Not wanting to say is an answer; not asked means that nobody asked.",
        columns=side.columns, rows=(*rows, Row("all", "Everybody", everybody)), total=True,
        striped=width - 1, sums=((*((code, 1) for code in counts), ("all", -1)),),
    )  # fmt: skip


def _people(case: CaseFacts, role: str) -> set[object]:
    found: set[object] = set()
    for party in case.parties:
        if role in party.roles:
            name = " ".join(party.name.casefold().split())
            if party.resident:
                found.add(party.resident)
            elif name:
                found.add((name, party.home))
    return found


def _places(case: CaseFacts) -> set[object]:
    found: set[object] = {place_key(place) for place in case.of(KnownPlace)}
    return found | ({case.case.home} if case.case.home else set())


def _begun_at(case: CaseFacts) -> datetime:
    return known(case.case.opened_at) or _BEGINNING
