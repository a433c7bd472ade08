"""Risk to each person harmed, the assessment of the person complained about, and what goes before all other paths:
domestic abuse and safeguarding.

Assessments are added and never overwritten. Each keeps the version of the questions it was made with.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
    date,
    instant,
    integer,
    labels,
    link,
    long_text,
    raw_bytes,
    record,
    text,
    texts,
)
from core.foundation.ids import RecordId

BANDS = labels(("standard", "Standard"), ("medium", "Medium"), ("high", "High"))
"""From the lowest to the highest."""

OCCASIONS = labels(
    ("first", "The first assessment"),
    ("incident", "Something new happened"),
    ("review", "A review"),
    ("after-contact", "After contact with the person complained about"),
    ("interview", "A private interview"),
    ("other", "Another reason"),
)

ABUSE_LEVELS = labels(
    ("standard", "Standard"), ("medium", "Medium"), ("high", "High"), ("not-done", "Not assessed yet")
)  # fmt: skip

CONCERNS = labels(("child", "A child"), ("adult", "An adult with care needs"))


@record(name="risk_assessment", label="Risk assessment", stream=StreamKind.CASE)
class RiskAssessment(Record):
    """The risk to one person harmed on one day. `answers` are "question:option"; one that is missing was not asked."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    assessed_at: datetime.datetime | None = instant("When", indexed=True)
    assessed_by: bytes = raw_bytes("Who assessed it")
    occasion: str = choice("Why now", OCCASIONS, default="first")
    set_id: str = text("Set of questions")
    set_version: int | None = integer("Version of the questions")
    answers: frozenset[str] = texts("Answers", care=Care.SENSITIVE)
    floors: frozenset[str] = texts("Dangers", care=Care.SENSITIVE)
    score: int | None = integer("Score")
    worked_out: str = choice("Risk as worked out", BANDS, care=Care.SENSITIVE)
    judged: str = choice("Risk as judged", BANDS, care=Care.SENSITIVE)
    reasons: str = long_text("Reasons for judging otherwise")
    second_person: bytes = raw_bytes("Second person who agreed")
    notes: str = long_text("Notes")


@record(name="respondent_assessment", label="Assessment before court", stream=StreamKind.CASE)
class RespondentAssessment(Record):
    """What must be weighed about the person complained about before the court is asked for anything."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person complained about")
    assessed_at: datetime.datetime | None = instant("When", indexed=True)
    assessed_by: bytes = raw_bytes("Who assessed it")
    vulnerability: str = long_text("What makes them vulnerable")
    capacity: str = long_text("Whether they can understand and keep conditions")
    risk_of_harm: str = long_text("Risk of harassment, alarm or distress to others")
    alternatives: str = long_text("What else was tried or considered")
    other_matters: str = long_text("Anything else that matters")
    conclusion: str = long_text("Conclusion")


@record(name="domestic_abuse", label="Domestic abuse", stream=StreamKind.CASE)
class DomesticAbuse(Record):
    """The case is about domestic abuse: its own path, and never mediation. The questions of the tool are not kept."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person harmed")
    noted_at: datetime.datetime | None = instant("When", indexed=True)
    noted_by: bytes = raw_bytes("Who noted it")
    level: str = choice("Risk by the tool used", ABUSE_LEVELS, default="not-done")
    tool_score: int | None = integer("Score of the tool")
    referred_to_panel_at: datetime.datetime | None = instant("Referred to the multi-agency panel")
    adviser_offered: bool | None = boolean("An independent adviser was offered")
    notes: str = long_text("Notes")


TOLD_HOW = labels(
    ("phone", "By phone"),
    ("form", "By their form"),
    ("email", "By email"),
    ("meeting", "In a meeting"),
    ("letter", "By letter"),
)
"""How somebody whose duty it is was told of a concern."""


@record(name="safeguarding", label="Safeguarding concern", stream=StreamKind.CASE)
class Safeguarding(Record):
    """Somebody must be kept safe by those whose duty it is; told whom, when, and what came back."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    about: str = choice("About", CONCERNS)
    concern: str = long_text("What the concern is")
    noted_at: datetime.datetime | None = instant("When", indexed=True)
    noted_by: bytes = raw_bytes("Who noted it")
    told: str = text("Who was told", care=Care.SENSITIVE)
    told_on: datetime.date | None = date("Told on")
    not_told_because: str = text("Why nobody was told", care=Care.SENSITIVE)


@record(name="safeguarding_told", label="Told of a safeguarding concern", stream=StreamKind.CASE)
class SafeguardingTold(Record):
    """Who was told of a concern after it was written down; or that it was decided to tell nobody, and why."""

    case: RecordId | None = link("Case", indexed=True)
    concern: RecordId | None = link("Concern", indexed=True)
    agency: str = text("Agency", care=Care.SENSITIVE)
    person: str = text("Who there", care=Care.SENSITIVE)
    told_on: datetime.date | None = date("Told on")
    how: str = choice("How", TOLD_HOW)
    nobody_because: str = text("Why it was decided to tell nobody", care=Care.SENSITIVE)
    recorded_at: datetime.datetime | None = instant("Written down", indexed=True)
    recorded_by: bytes = raw_bytes("Who wrote it down")
