"""What is done about the person complained about: weighing, tools, conditions, breaches (policy 4.6 to 4.10, 4.32).

Nothing here is a finding. A tool that was used keeps the version of the list of powers it was chosen from.
"""

from __future__ import annotations

import datetime

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

TENURES = labels(
    ("secure", "Secure tenant of ours"),
    ("assured", "Assured tenant of ours"),
    ("fully-mutual", "Tenant of a fully mutual co-operative"),
    ("leaseholder", "Leaseholder"),
    ("other-landlord", "Tenant of another landlord"),
    ("private", "Private tenant or owner"),
    ("none", "No home here: a visitor or somebody passing"),
    ("not-known", "Not known"),
)

HOW_IT_ENDED = labels(
    ("kept", "Kept, and over"),
    ("ended-early", "Ended early"),
    ("refused", "Refused by the court or the agency"),
    ("withdrawn", "Withdrawn"),
    ("breached", "Breached, and followed by something else"),
)

RIGHTS = labels(
    ("victims-code", "The Victims' Code"),
    ("case-review", "The case review, once called the community trigger"),
    ("ombudsman", "The Housing Ombudsman, or in Wales the Public Services Ombudsman"),
    ("subject-access", "Seeing what we hold about them"),
    ("complaint", "Complaining about us"),
    ("own-solicitor", "Taking legal advice of their own"),
    ("police", "Reporting to the police themselves"),
)

LINKS = labels(
    ("opposing", "The two sides complain of each other"),
    ("same-person", "The same person is complained about"),
    ("same-place", "The same place"),
)


@record(name="standing_of_person", label="About the person complained about", stream=StreamKind.CASE)
class StandingOfPerson(Record):
    """What the choice of tools depends on, as known on one day; the latest holds (policy 4.7)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person complained about")
    noted_at: datetime.datetime | None = instant("When", indexed=True)
    tenure: str = choice("Whose tenant", TENURES, default="not-known")
    age_years: int | None = integer("Age, if known")
    landlord: str = text("Their landlord", care=Care.PERSONAL)
    parent: str = text("Parent or guardian", care=Care.PERSONAL)


@record(name="proportionality", label="Weighing before acting", stream=StreamKind.CASE)
class Proportionality(Record):
    """The seven factors of policy 4.7, weighed before a formal tool is used."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person complained about")
    weighed_at: datetime.datetime | None = instant("When", indexed=True)
    weighed_by: bytes = raw_bytes("Who weighed it")
    tool: str = text("For which tool")
    behaviour: str = long_text("The behaviour and its effect on others")
    severity: str = long_text("How severe, and for how long")
    age: str = long_text("Their age")
    vulnerability: str = long_text("Their vulnerability")
    residence: str = long_text("Whether they live here")
    evidence: str = long_text("The evidence")
    wishes: str = long_text("What the person harmed wants")
    disability_thought_of: bool | None = boolean("Whether the behaviour has to do with a disability was thought of")
    conclusion: str = long_text("Conclusion")


@record(name="tool_used", label="Action taken", stream=StreamKind.CASE)
class ToolUsed(Record):
    """One tool used against one person: by whose authority, with which conditions, until when (policy 4.8)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person complained about")
    power: str = text("Tool")
    pack_version: int | None = integer("Version of the list of powers")
    rules: str = text("Which list of powers was in force")
    power_words: str = text("What the tool was called")
    basis: str = text("Legal basis")
    decided_at: datetime.datetime | None = instant("Decided", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")
    authority: str = text("By whose authority")
    weighing: RecordId | None = link("Weighing before acting")
    served_on: datetime.date | None = date("Given or served on")
    conditions: str = long_text("Conditions")
    expires_on: datetime.date | None = date("Ends on", indexed=True)
    approached_although: str = text("Why it was done although the person harmed did not want it", care=Care.SENSITIVE)
    ended: str = choice("How it ended", HOW_IT_ENDED)
    ended_at: datetime.datetime | None = instant("Ended")


@record(name="breach", label="Breach", stream=StreamKind.CASE)
class Breach(Record):
    """A condition was not kept."""

    case: RecordId | None = link("Case", indexed=True)
    tool: RecordId | None = link("Action taken", indexed=True)
    at: datetime.datetime | None = instant("When", indexed=True)
    what: str = long_text("What happened")
    evidence: str = text("Evidence", care=Care.SENSITIVE)
    done_about_it: str = long_text("What was done about it")


@record(name="landlord_request", label="Request to another landlord", stream=StreamKind.CASE)
class LandlordRequest(Record):
    """Another landlord was asked to act against their tenant (policy 4.10)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person complained about")
    landlord: str = text("Which landlord", care=Care.PERSONAL)
    asked_at: datetime.datetime | None = instant("When we asked", indexed=True)
    basis: str = text("Basis for sharing")
    shared: str = long_text("What we shared")
    replied_at: datetime.datetime | None = instant("When they replied")
    reply: str = long_text("What they said")


@record(name="rights_advice", label="Advice on rights", stream=StreamKind.CASE)
class RightsAdvice(Record):
    """The person harmed was told of their rights (policy 4.32)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    given_at: datetime.datetime | None = instant("When", indexed=True)
    given_by: bytes = raw_bytes("Who told them")
    about: frozenset[str] = choices("About", RIGHTS)
    copy_format: str = choice("Format of the sheet", FORMATS)


@record(name="publicity", label="Message to other residents", stream=StreamKind.CASE)
class Publicity(Record):
    """Whether others are told what was done, without naming anybody (policy 4.6)."""

    case: RecordId | None = link("Case", indexed=True)
    decided_at: datetime.datetime | None = instant("When", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")
    told: bool | None = boolean("Others are told")
    words: str = long_text("What is said")
    why: str = long_text("Why, and what could give somebody away")
    homes: int | None = integer("How many homes would read it")


@record(name="case_link", label="Link to another case", stream=StreamKind.CASE)
class CaseLink(Record):
    """Another case that has to do with this one. Each stays a file of its own; nothing of one is shown in the other."""

    case: RecordId | None = link("Case", indexed=True)
    other: RecordId | None = link("Other case", indexed=True)
    how: str = choice("How", LINKS)
    noted_at: datetime.datetime | None = instant("When")
