"""What the person wants, what support was offered, and the plan agreed with them (policy 1.1, 1.2, 3.3 and 4.28).

Every one of these is added and never overwritten: what somebody wanted in March is still there in June, and a support
offer that was declined can still be shown.
"""

from __future__ import annotations

import datetime

from core.domain.case import CONTACT_WAYS
from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
    choices,
    date,
    instant,
    integer,
    labels,
    link,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.domain.estate import FORMATS
from core.foundation.ids import RecordId

SUPPORT = labels(
    ("victim-support", "Victim support"),
    ("counselling", "Counselling"),
    ("security", "Safer doors, locks or lights"),
    ("advice", "Advice on rights"),
    ("interpreter", "Interpreter or translation"),
    ("tenancy", "Help with the tenancy"),
    ("move", "Advice on moving"),
    ("other", "Something else"),
)

OFFER_ANSWERS = labels(
    ("offered", "No answer yet"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("later", "Not now, ask again"),
)

AGREED = labels(
    ("signed", "Signed"),
    ("said", "Agreed in words"),
    ("not-yet", "Not agreed yet: the person cannot at the moment"),
)

WHO_ACTS = labels(
    ("landlord", "We do it"),
    ("person", "The person does it"),
    ("agency", "Another agency does it"),
)


@record(name="wish", label="What the person wants", stream=StreamKind.CASE)
class Wish(Record):
    """What one person wants, as they said it on one day. The latest of each person holds (policy 1.1, 4.7)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    said_at: datetime.datetime | None = instant("When they said so", indexed=True)
    words: str = long_text("What they want")
    not_approached: bool | None = boolean("The person complained about is not to be approached")
    no_action: bool | None = boolean("They want no action")
    ask_again_on: datetime.date | None = date("Ask again on")
    recorded_by: bytes = raw_bytes("Who wrote it down")


OVERRIDING = labels(
    ("life", "A risk to somebody's life or safety"),
    ("child", "A child, or an adult at risk, has to be kept safe"),
    ("crime", "To prevent a crime, or to help with one"),
    ("others", "Others are in danger as well"),
    ("law", "The law requires it"),
)
"""What goes before what the person wants."""


@record(name="against_wish", label="Done although it was not wanted", stream=StreamKind.CASE)
class AgainstWish(Record):
    """What went before what the person wants, on which ground, and whether they were told (policy 1.1)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    grounds: frozenset[str] = choices("What went before it", OVERRIDING)
    reasons: str = long_text("What is done, and why")
    decided_at: datetime.datetime | None = instant("Decided", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")
    person_told: bool | None = boolean("The person was told")
    not_told_because: str = text("Why the person was not told", care=Care.SENSITIVE)


@record(name="support_offer", label="Support offered", stream=StreamKind.CASE)
class SupportOffer(Record):
    """Support that was offered, and the answer; a declined offer stays (policy 1.2)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    what: str = choice("What", SUPPORT)
    details: str = text("Details", care=Care.SENSITIVE)
    offered_at: datetime.datetime | None = instant("Offered", indexed=True)
    offered_by: bytes = raw_bytes("Offered by")
    answer: str = choice("Answer", OFFER_ANSWERS, default="offered")
    answered_at: datetime.datetime | None = instant("Answered")


@record(name="action_plan", label="Action plan", stream=StreamKind.CASE)
class ActionPlan(Record):
    """One version of the plan agreed with one person (policy 4.28). A new version is a new record."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    drawn_up_at: datetime.datetime | None = instant("Drawn up", indexed=True)
    drawn_up_by: bytes = raw_bytes("Drawn up by")
    outcome_wanted: str = long_text("What the person hopes for")
    contact_way: str = choice("How we keep in touch", CONTACT_WAYS)
    contact_days: int | None = integer("How often, in days")
    only_if_something_happens: bool | None = boolean("Only when something happens")
    not_without_asking: str = long_text("What we will not do without asking first")
    when_we_act_anyway: str = long_text("When we may have to act all the same")
    agreed: str = choice("Agreed", AGREED, default="not-yet")
    agreed_at: datetime.datetime | None = instant("Agreed on")
    copy_given_at: datetime.datetime | None = instant("Copy given")
    copy_format: str = choice("Format of the copy", FORMATS)


@record(name="plan_action", label="Agreed action", stream=StreamKind.CASE)
class PlanAction(Record):
    """One thing somebody agreed to do (policy 4.28)."""

    case: RecordId | None = link("Case", indexed=True)
    plan: RecordId | None = link("Action plan", indexed=True)
    what: str = text("What", care=Care.SENSITIVE, search=1)
    who: str = choice("Who does it", WHO_ACTS, default="landlord")
    agency: str = text("Which agency")
    by_when: datetime.date | None = date("By when")
    done_at: datetime.datetime | None = instant("Done")
    not_done_because: str = text("Why it was not done", care=Care.SENSITIVE)
