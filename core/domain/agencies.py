"""Working with others: who they are, what they were asked, what was shared with them (policy 3.2, 4.13 to 4.19, 4.33).

The directory is the organisation's; everything about one case lies in its file. What another agency writes is theirs
and is not copied here.
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
    labels,
    link,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId

AGENCIES = labels(
    ("council", "Council"),
    ("race-unit", "Race unit"),
    ("police", "Police"),
    ("crime-prevention", "Crime prevention advisor"),
    ("victim-support", "Support for victims"),
    ("domestic-abuse", "Support in domestic abuse"),
    ("community", "Community group"),
    ("tenants-association", "Tenants' association"),
    ("landlord", "Another landlord"),
    ("health", "Health or social care"),
    ("advice", "Legal or housing advice"),
    ("other", "Another agency"),
)

BASES = labels(
    ("consent", "The person agreed"),
    ("crime", "To prevent or detect crime"),
    ("life", "To protect somebody's life"),
    ("safeguarding", "To keep a child or an adult at risk safe"),
    ("legal-duty", "The law or a court asks for it"),
    ("interests", "A legitimate interest, weighed against theirs"),
)
"""On what something is given to others. All but the first need a sentence."""

SERVICES = labels(
    ("support", "Support for the person"),
    ("interpreter", "An interpreter"),
    ("security", "Security measures"),
    ("surveillance", "Surveillance equipment"),
    ("notices", "Notices against nuisance"),
    ("councillor", "A councillor's help"),
    ("housing", "Help with housing"),
    ("advice", "Advice"),
    ("other", "Something else"),
)

OUTCOMES = labels(
    ("waiting", "They have it, and the person waits"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("closed", "Closed by them"),
    ("closed-untold", "Closed by them without telling us"),
    ("leak", "Something came out through them"),
)

FORUMS = labels(
    ("forum", "Forum of agencies"),
    ("asb-panel", "Panel on antisocial behaviour"),
    ("marac", "Conference on domestic abuse (MARAC)"),
    ("other", "Another meeting"),
)

JOINT = labels(("visit", "Visit"), ("interview", "Interview"), ("action", "Action"))

ADVISED = labels(("for", "Do it"), ("against", "Do not do it"), ("neither", "Neither"))

MEASURES = labels(
    ("locks", "Locks on doors and windows"),
    ("door-entry", "Door entry"),
    ("gating", "A gate"),
    ("lighting", "Lighting"),
    ("letterbox", "Letterbox"),
    ("other", "Something else"),
)


@record(name="agency", label="Agency", stream=StreamKind.ORGANISATION)
class Agency(Record):
    """One line of the directory. `checked_on`: when somebody last made sure of it."""

    name: str = text("Name")
    sort: str = choice("What it is", AGENCIES)
    area: str = text("Area it works in")
    contact: str = text("How to reach it", care=Care.PERSONAL)
    checked_on: datetime.date | None = date("Checked on")
    gone: bool | None = boolean("There is no such agency any more")


@record(name="referral", label="Referral", stream=StreamKind.CASE)
class Referral(Record):
    """An agency was asked to do something for somebody. `agency_kind` and `agency_name` stay as they were then."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    agency: RecordId | None = link("Agency", indexed=True)
    agency_name: str = text("Name of the agency", care=Care.PERSONAL)
    agency_kind: str = choice("What it is", AGENCIES)
    service: str = choice("What is asked", SERVICES)
    reason: str = long_text("Why")
    basis: str = choice("Basis for sharing", BASES)
    basis_words: str = text("Why without the person's agreement", care=Care.SENSITIVE)
    safe_contact_copied: bool | None = boolean("The agency was told how to reach the person safely")
    reference: str = text("Their reference")
    sent_at: datetime.datetime | None = instant("Sent", indexed=True)
    sent_by: bytes = raw_bytes("Who sent it")
    withdrawn_at: datetime.datetime | None = instant("The person withdrew their agreement")
    withdrawal_done: str = text("What the agency was told then", care=Care.SENSITIVE)


@record(name="referral_answer", label="Answer to a referral", stream=StreamKind.CASE)
class ReferralAnswer(Record):
    """What became of a referral, as heard on one day. Answers add up."""

    case: RecordId | None = link("Case", indexed=True)
    referral: RecordId | None = link("Referral", indexed=True)
    heard_at: datetime.datetime | None = instant("When", indexed=True)
    outcome: str = choice("What they said", OUTCOMES)
    first_contact_on: datetime.date | None = date("First in touch with the person on")
    note: str = long_text("In their words, or what was found")


@record(name="shared_item", label="Shared with others", stream=StreamKind.CASE)
class SharedItem(Record):
    """Something of the case was given to somebody outside (policy 3.2)."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("About whom")
    what: str = long_text("What was shared")
    with_whom: str = text("With whom", care=Care.PERSONAL)
    basis: str = choice("Basis for sharing", BASES)
    basis_words: str = text("Why without the person's agreement", care=Care.SENSITIVE)
    shared_at: datetime.datetime | None = instant("When", indexed=True)
    shared_by: bytes = raw_bytes("Who shared it")


@record(name="forum_item", label="Taken to a meeting of agencies", stream=StreamKind.CASE)
class ForumItem(Record):
    """The case was on the agenda of a meeting of agencies (policy 4.15)."""

    case: RecordId | None = link("Case", indexed=True)
    sort: str = choice("What kind of meeting", FORUMS)
    forum: str = text("Which meeting", care=Care.PERSONAL)
    met_on: datetime.date | None = date("Day of the meeting")
    on_agenda: bool | None = boolean("The case was on its agenda")
    extract: str = long_text("What they were given")
    actions: str = long_text("What was agreed")
    basis: str = choice("Basis for sharing", BASES)
    basis_words: str = text("Why without the person's agreement", care=Care.SENSITIVE)
    noted_at: datetime.datetime | None = instant("Written down", indexed=True)
    noted_by: bytes = raw_bytes("Who wrote it down")


@record(name="joint_work", label="Together with others", stream=StreamKind.CASE)
class JointWork(Record):
    """A visit, interview or action together with somebody of another organisation (policy 4.16).

    Their notes are theirs: nothing of them is kept here, and they see nothing of the file unless it is said what.
    """

    case: RecordId | None = link("Case", indexed=True)
    sort: str = choice("What was done together", JOINT)
    with_whom: str = text("With whom", care=Care.PERSONAL)
    organisation: str = text("Their organisation", care=Care.PERSONAL)
    done_at: datetime.datetime | None = instant("When", indexed=True)
    ours: str = long_text("Our own note")
    shown: str = long_text("What of the file they were shown")
    basis: str = choice("Basis for showing it", BASES)
    basis_words: str = text("Why without the person's agreement", care=Care.SENSITIVE)
    noted_by: bytes = raw_bytes("Who wrote it down")


@record(name="advice_sought", label="Advice of the police", stream=StreamKind.CASE)
class AdviceSought(Record):
    """What the police or a crime prevention advisor said about one measure (policy 4.18)."""

    case: RecordId | None = link("Case", indexed=True)
    adviser: str = text("Who advised", care=Care.PERSONAL)
    about: str = choice("About", MEASURES)
    advised: str = choice("They said", ADVISED)
    words: str = long_text("Their advice")
    followed: str = text("What we make of it", care=Care.SENSITIVE)
    given_at: datetime.datetime | None = instant("When", indexed=True)
