"""Rows of a policy pack that came after the first packs: a pack of an organisation that has none goes on with ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from core.policy.pack_sources import Source, read_source
from core.policy.rows import Row, finished

NATIONS = {"england": "England", "wales": "Wales"}
"""Where the rights a person has may differ (policy 4.32)."""
_POSTCODE_AREA = re.compile(r"[A-Z]{1,2}")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the office is open on a working day, and for how many nights ahead somebody should hold the phone (4.24)."""

    opens: time
    shuts: time
    nights_ahead: int
    source: Source


@dataclass(frozen=True, slots=True)
class Nations:
    """Where the organisation is, and the postcode areas (letters before the first digit) that lie wholly in Wales."""

    organisation_in: str
    wales_postcodes: frozenset[str]
    source: Source


USUAL_HOURS = OfficeHours(
    time(9), time(17), 28,
    Source("4.24", decided=True, note="Nine to five on working days. The policy gives no office hours."),
)  # fmt: skip
USUAL_NATIONS = Nations(
    "england", frozenset({"CF", "SA"}),
    Source("4.32", decided=True, note="Rights differ between England and Wales; the policy names neither."),
)  # fmt: skip


BENCHMARKS = {"housemark": "HouseMark", "police": "Police"}
"""Lists others count by, to compare a landlord with others (policy 4.5, 5.1): code and name."""
_LINES = {
    "racist": ("C Hate-related", "Personal"), "hate-crime": ("C Hate-related", "Personal"),
    "violence": ("J Physical violence", "Personal"), "abuse": ("B Verbal abuse, harassment", "Personal"),
    "damage": ("D Vandalism, damage", "Environmental"), "graffiti": ("D Vandalism, damage", "Environmental"),
    "disturbance": ("A Noise", "Nuisance"),
}  # fmt: skip
USUAL_LINES = {act: dict(zip(BENCHMARKS, lines, strict=True)) for act, lines in _LINES.items()}
"""Each kind of act of 4.5 -> its line in each list: from common use, for whoever reports to such a list to check."""


def read_lines(at: Row) -> dict[str, str]:
    """The line of a kind of act in each list others count by; empty where it has none."""
    return {code: at.words(code, may_be_empty=True) for code in BENCHMARKS if at.has(code)}


def read_office_hours(at: Row) -> OfficeHours:
    """The office hours of a pack."""
    found = finished(
        at,
        lambda inner: OfficeHours(
            inner.time_of_day("opens"), inner.time_of_day("shuts"), inner.whole("nights_ahead", most=92),
            read_source(inner),
        ),
    )  # fmt: skip
    if found.opens >= found.shuts:
        at.wrong("shuts", "is not after it opens")
    return found


def read_nations(at: Row) -> Nations:
    """England or Wales, as a pack says it."""
    found = finished(
        at,
        lambda inner: Nations(
            inner.one_of("organisation_in", NATIONS), frozenset(inner.each_word("wales_postcodes")), read_source(inner)
        ),
    )
    for area in sorted(found.wales_postcodes):
        if not _POSTCODE_AREA.fullmatch(area):
            at.wrong("wales_postcodes", f"holds {area!r}, which is no postcode area such as CF")
    return found
