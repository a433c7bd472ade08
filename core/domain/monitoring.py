"""Equality monitoring (policy 6.1): what somebody said about themselves, and nothing anybody assumed.

Every question is for the person to answer or not: "would rather not say" is an answer, and not the same as never having
been asked. It is kept with the case, under its keys (decision 0120): no page and no history shows an answer again, only
figures count them, and those for the committee hide small numbers. Somebody is told first who holds those keys.
"""

from __future__ import annotations

import datetime

from core.domain.declare import Care, Record, StreamKind, boolean, choice, instant, labels, link, raw_bytes, record
from core.foundation.ids import RecordId

PREFER_NOT = "prefer-not"
_RATHER_NOT = (PREFER_NOT, "Would rather not say")

ETHNIC_GROUPS = labels(
    ("asian", "Asian or Asian British"),
    ("black", "Black, Black British, Caribbean or African"),
    ("mixed", "Mixed or several ethnic groups"),
    ("white", "White"),
    ("gypsy-traveller-roma", "Gypsy, Irish Traveller or Roma"),
    ("arab", "Arab"),
    ("other", "Another ethnic group"),
    _RATHER_NOT,
)

RELIGIONS = labels(
    ("none", "No religion"),
    ("christian", "Christian"),
    ("buddhist", "Buddhist"),
    ("hindu", "Hindu"),
    ("jewish", "Jewish"),
    ("muslim", "Muslim"),
    ("sikh", "Sikh"),
    ("other", "Another religion or belief"),
    _RATHER_NOT,
)

SEXES = labels(("female", "Female"), ("male", "Male"), _RATHER_NOT)

GENDER_SAME = labels(("same", "The same as registered at birth"), ("different", "Different"), _RATHER_NOT)

ORIENTATIONS = labels(
    ("straight", "Straight or heterosexual"),
    ("gay-lesbian", "Gay or lesbian"),
    ("bisexual", "Bisexual"),
    ("other", "Another orientation"),
    _RATHER_NOT,
)

DISABILITIES = labels(
    ("none", "No condition that lasts a year or more"),
    ("not-limited", "A condition, and it does not limit them"),
    ("limited-little", "A condition that limits them a little"),
    ("limited-lot", "A condition that limits them a lot"),
    _RATHER_NOT,
)

AGE_GROUPS = labels(
    ("under-18", "Under 18"),
    ("18-24", "18 to 24"),
    ("25-44", "25 to 44"),
    ("45-64", "45 to 64"),
    ("65-up", "65 or older"),
    _RATHER_NOT,
)

DECLARED_BY = labels(("themselves", "The person"), ("for-them", "Somebody who speaks for them"))


@record(name="monitoring", label="Equality questions", stream=StreamKind.CASE)
class Monitoring(Record):
    """The answers of one person on one day; the latest hold. What is left open was not asked."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person", indexed=True)
    asked_at: datetime.datetime | None = instant("When", indexed=True)
    asked_by: bytes = raw_bytes("Who asked")
    declared_by: str = choice("Who answered", DECLARED_BY, default="themselves")
    informed: bool | None = boolean("They were told who could read it")
    ethnic_group: str = choice("Ethnic group", ETHNIC_GROUPS, care=Care.SECRET)
    religion: str = choice("Religion or belief", RELIGIONS, care=Care.SECRET)
    sex: str = choice("Sex", SEXES, care=Care.SECRET)
    gender: str = choice("Gender identity", GENDER_SAME, care=Care.SECRET)
    orientation: str = choice("Sexual orientation", ORIENTATIONS, care=Care.SECRET)
    disability: str = choice("Disability", DISABILITIES, care=Care.SECRET)
    age_group: str = choice("Age", AGE_GROUPS, care=Care.SECRET)
