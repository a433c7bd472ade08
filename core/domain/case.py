"""The case and what belongs to it: reports, incidents, perceptions, contacts, notes, reviews.

Every record here lives in its case's own stream, so only the people given that case's key can read it.
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
    links,
    long_text,
    raw_bytes,
    record,
    text,
    texts,
)
from core.foundation.ids import RecordId

STAGES = labels(
    ("open", "Open"),
    ("closure-proposed", "Closing discussed"),
    ("appeal-window", "Time to appeal"),
    ("closed", "Closed"),
)
"""Policy 4.29: open, then closing discussed, then time to appeal, then closed."""

CASE_OPEN_STAGES = ("open", "closure-proposed", "appeal-window")
"""Every stage in which duties still run."""

HANDLING = labels(
    ("harassment", "Handled as harassment"),
    ("other", "Continued in another way"),
)

CHANNELS = labels(
    ("phone", "By phone"),
    ("in-person", "In person"),
    ("email", "By email"),
    ("text", "By text message"),
    ("letter", "By letter"),
    ("online", "Online"),
    ("agency", "From another agency"),
    ("noticed", "Noticed by staff"),
)

ACTS = labels(
    ("racist", "Racist behaviour or language"),
    ("hate-crime", "Hate crime"),
    ("violence", "Actual or threatened violence"),
    ("abuse", "Abusive or insulting words or behaviour"),
    ("damage", "Actual or threatened damage to a home or possessions"),
    ("graffiti", "Threatening, abusive or insulting graffiti or literature"),
    ("disturbance", "Behaviour that interferes with peace, comfort or convenience"),
)
"""The seven kinds of act of policy 4.5, in its order; several may apply to one incident."""

STRANDS = labels(
    ("race", "Race"),
    ("religion", "Religion"),
    ("gender", "Gender"),
    ("disability", "Disability"),
    ("sexual-orientation", "Sexual orientation"),
    ("transgender-identity", "Transgender identity"),
    ("illness", "Illness"),
    ("age", "Age"),
    ("other", "Another reason"),
    ("none", "No reason known"),
)
"""Policy 4.1, with transgender identity added for the regulator's monitored strands."""

PERCEIVERS = labels(
    ("harmed", "The person harmed"),
    ("reporter", "The person who reported"),
    ("witness", "A witness"),
    ("officer", "A member of staff"),
    ("agency", "Another agency"),
    ("anonymous", "Somebody who did not give a name"),
)

PARTY_ROLES = labels(
    ("harmed", "Person harmed"),
    ("reporter", "Person who reported"),
    ("alleged-perpetrator", "Person complained about"),
    ("witness", "Witness"),
    ("speaks-for", "Speaks for the person harmed"),
)

PERSON_SORTS = labels(
    ("resident", "Resident"),
    ("household", "Member of a household"),
    ("visitor", "Visitor"),
    ("staff", "Member of staff"),
    ("contractor", "Contractor"),
    ("committee", "Committee member"),
    ("outside", "None of these: from outside"),
)
"""How somebody belongs here (policy 1.3 and 3.1): staff, contractors and the committee too are protected."""

ONE_OF_US = frozenset({"staff", "contractor", "committee"})
"""People who work with those who read the files: the file of one of them begins hidden from colleagues."""

AGE_BANDS = labels(
    ("under-10", "Under 10"),
    ("10-17", "10 to 17"),
    ("adult", "18 or over"),
    ("not-known", "Not known"),
)
"""What matters of somebody's age before it is known in years (policy 4.7)."""

PERPETRATOR_KNOWN = labels(
    ("unknown", "Nobody knows who"),
    ("withheld", "Known, but the person does not want to say"),
    ("described", "Described but not named"),
    ("named", "Named"),
)
"""Policy 4.11: nobody can be identified, or the person will not say."""

CONTACT_WAYS = labels(
    ("text", "Text message"),
    ("call", "Phone call"),
    ("voicemail", "Voicemail"),
    ("email", "Email"),
    ("letter", "Letter to home"),
    ("visit", "Visit"),
    ("they-contact-us", "Only when they contact us"),
)

NEVER_WAYS = {code: words for code, words in CONTACT_WAYS.items() if code != "they-contact-us"}
"""The ways somebody can ask us never to use."""

SEEN_BY_OTHERS = labels(
    ("home", "The home: they live with the person complained about"),
    ("letterbox", "The letterbox: somebody else may open the post"),
    ("phone", "The phone: somebody else may answer or read it"),
    ("email", "The email: somebody else may read it"),
)
"""What somebody shares, so that a way of contact would reach another first (policy 3.3)."""

WAYS_OF_CONTACT = {**CONTACT_WAYS, "they-contact-us": "They contacted us"}
"""The ways as one says them afterwards."""

CONTACT_OUTCOMES = labels(
    ("spoke", "Spoke with the person"),
    ("replied", "The person replied"),
    ("no-answer", "No answer"),
    ("message-left", "Message left"),
    ("sent", "Sent, no reply yet"),
    ("refused", "The person did not want to talk"),
)

SUCCESSFUL_OUTCOMES = frozenset({"spoke", "replied", "refused"})
"""Outcomes in which the person was reached; the others are attempts and stop no clock (policy 4.24)."""


FINDINGS = labels(
    ("found", "It happened as it was reported"),
    ("partly", "Part of it happened as it was reported"),
    ("not-shown", "It could not be shown that it happened"),
    ("malicious", "The report was malicious"),
    ("none", "No finding was made"),
)

ENDINGS = labels(
    ("stopped", "It has stopped"),
    ("acted", "Action was taken and has worked"),
    ("moved", "Somebody moved away"),
    ("passed-on", "Another agency deals with it now"),
    ("taken-back", "The report was taken back"),
    ("lost-touch", "The person can no longer be reached"),
    ("died", "The person has died"),
    ("no-more", "There is nothing more we can do"),
)


@record(name="case", label="Case", stream=StreamKind.CASE)
class Case(Record):
    """One managed case. There is one per case stream."""

    reference: str = text("Reference", search=3, indexed=True)
    opened_at: datetime.datetime | None = instant("Opened", indexed=True)
    summary: str = text("What it is about, in a few words", care=Care.SENSITIVE, search=2)
    stage: str = choice("Stage", STAGES, default="open", indexed=True)
    handling: str = choice("Handling", HANDLING, default="harassment")
    lead: bytes = raw_bytes("Officer who leads", indexed=True)
    place: str = text("Where", care=Care.PERSONAL, search=2)
    home: RecordId | None = link("Home", care=Care.PERSONAL, indexed=True)
    perpetrator_known: str = choice("Who did it", PERPETRATOR_KNOWN, default="unknown", care=Care.SENSITIVE)
    closed_at: datetime.datetime | None = instant("Closed", indexed=True)
    reopened_at: datetime.datetime | None = instant("Opened again")


@record(name="report", label="Report", stream=StreamKind.CASE)
class Report(Record):
    """One communication received. `received_at` is when we were told: the clock of policy 4.24 starts there."""

    case: RecordId | None = link("Case", indexed=True)
    received_at: datetime.datetime | None = instant("When we were told", indexed=True)
    recorded_at: datetime.datetime | None = instant("When it was written down")
    channel: str = choice("How we were told", CHANNELS, default="phone")
    words: str = long_text("What happened, in their words")
    anonymous: bool | None = boolean("The person stays unnamed", default=False)
    danger_now: bool | None = boolean("Somebody is in danger now", care=Care.SENSITIVE)
    received_by: bytes = raw_bytes("Who was told")
    reporter: RecordId | None = link("Who told us")
    by_child: bool | None = boolean("A child told us", care=Care.SENSITIVE)
    answered_by: str = text("Who answered, out of hours", care=Care.PERSONAL)


@record(name="incident", label="Incident", stream=StreamKind.CASE)
class Incident(Record):
    """One thing that happened. One incident is enough for a case (policy 4.4), with or without a motive."""

    case: RecordId | None = link("Case", indexed=True)
    happened_at: datetime.datetime | None = instant("When it happened")
    happened_text: str = text("When it happened, as told")
    place: str = text("Where it happened", care=Care.PERSONAL, search=1)
    known_place: RecordId | None = link("Place", care=Care.PERSONAL)
    acts: frozenset[str] = choices("What kind of act", ACTS)
    harmed: frozenset[RecordId] = links("Who was harmed by it", care=Care.PERSONAL)
    report: RecordId | None = link("Report that told of it")
    description: str = long_text("What happened")


@record(name="perception", label="How it is seen", stream=StreamKind.CASE)
class Perception(Record):
    """Somebody sees it as harassment, for these reasons (policy 4.2). Never overwritten by a later judgement."""

    case: RecordId | None = link("Case", indexed=True)
    perceived_by: str = choice("Who sees it that way", PERCEIVERS, default="harmed")
    is_harassment: bool | None = boolean("They see it as harassment", default=True)
    strands: frozenset[str] = choices("What they think is behind it", STRANDS, care=Care.SENSITIVE)
    stated_at: datetime.datetime | None = instant("When they said so")
    party: RecordId | None = link("Who that is", care=Care.PERSONAL)
    by_association: bool | None = boolean("The person is taken for one of that group, or is connected with one")
    words: str = long_text("How they put it")


@record(name="judgement", label="Judgement on handling", stream=StreamKind.CASE)
class Judgement(Record):
    """After investigation: whether to continue as harassment (policy 4.3). A record of its own, with reasons."""

    case: RecordId | None = link("Case", indexed=True)
    decided_at: datetime.datetime | None = instant("When it was decided", indexed=True)
    handling: str = choice("Decision", HANDLING)
    evidence: str = long_text("Evidence relied on")
    reasons: str = long_text("Reasons")
    decided_by: bytes = raw_bytes("Who decided")
    second_person: bytes = raw_bytes("Second person who agreed")
    person_told: bool | None = boolean("The person was told")


@record(name="party", label="Person in the case", stream=StreamKind.CASE)
class Party(Record):
    """One person in the case and in which roles; somebody can be harmed in one case and complained about in another."""

    case: RecordId | None = link("Case", indexed=True)
    name: str = text("Name", care=Care.PERSONAL, search=2)
    also_known_as: frozenset[str] = texts("Other names", care=Care.PERSONAL, search=1)
    roles: frozenset[str] = choices("Part in the case", PARTY_ROLES)
    home: RecordId | None = link("Home", care=Care.PERSONAL, indexed=True)
    resident: RecordId | None = link("Resident", care=Care.PERSONAL)
    phone: str = text("Phone", care=Care.PERSONAL)
    email: str = text("Email", care=Care.PERSONAL)
    language: str = text("Language", care=Care.PERSONAL)
    format_needed: str = text("Format needed", care=Care.PERSONAL)
    officer_wanted: str = text("Kind of officer asked for", care=Care.PERSONAL)
    address: str = text("Address, where it is not one of our homes", care=Care.PERSONAL)
    sort: str = choice("How they belong here", PERSON_SORTS, care=Care.PERSONAL)
    known: str = choice("How well they are known", PERPETRATOR_KNOWN, care=Care.SENSITIVE)
    described: str = long_text("Description")
    age_band: str = choice("Age", AGE_BANDS, care=Care.PERSONAL)


@record(name="safe_contact", label="Safe ways to reach the person", stream=StreamKind.CASE)
class SafeContact(Record):
    """How somebody may be reached without putting them at risk. A way nobody asked about counts as unsafe."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person", indexed=True)
    safe_ways: frozenset[str] = choices("Safe", CONTACT_WAYS)
    unsafe_ways: frozenset[str] = choices("Never", NEVER_WAYS)
    times: str = text("When it is safe", care=Care.PERSONAL)
    if_someone_else_answers: str = text("What to say if someone else answers", care=Care.SENSITIVE)
    code_word: str = text("Code word", care=Care.SENSITIVE)
    checked_at: datetime.datetime | None = instant("Last checked with the person")
    checked_by: bytes = raw_bytes("Checked by")
    seen_by_others: frozenset[str] = choices("What others share or see", SEEN_BY_OTHERS, care=Care.SENSITIVE)


@record(name="contact", label="Contact", stream=StreamKind.CASE)
class Contact(Record):
    """One contact or attempt. Only a contact that reached the person stops the clock of policy 4.24."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    at: datetime.datetime | None = instant("When", indexed=True)
    way: str = choice("How", WAYS_OF_CONTACT)
    outcome: str = choice("What came of it", CONTACT_OUTCOMES)
    notes: str = long_text("What was said")
    by: bytes = raw_bytes("Who made it")
    unsafe_reason: str = text("Why an unsafe way was used", care=Care.SENSITIVE)


@record(name="note", label="Note", stream=StreamKind.CASE)
class Note(Record):
    """Something written to the file."""

    case: RecordId | None = link("Case", indexed=True)
    at: datetime.datetime | None = instant("When", indexed=True)
    body: str = long_text("Note")
    by: bytes = raw_bytes("Who wrote it")


@record(name="graffiti", label="Graffiti", stream=StreamKind.CASE)
class Graffiti(Record):
    """One marked place, with its own 24-hour clock from when we were told (policy 4.25)."""

    case: RecordId | None = link("Case", indexed=True)
    place: str = text("Where", care=Care.PERSONAL, search=1)
    notified_at: datetime.datetime | None = instant("When we were told", indexed=True)
    offensive: bool | None = boolean("Offensive or discriminatory", default=True)
    removed_at: datetime.datetime | None = instant("Removed")
    photographed_before: bool | None = boolean("Photographed before removal")
    police_reference: str = text("Police reference")
    known_place: RecordId | None = link("Place", care=Care.PERSONAL)
    photo_before: RecordId | None = link("Photograph before removal")
    no_photo_because: str = text("Why there is no photograph before", care=Care.SENSITIVE)
    photo_after: RecordId | None = link("Photograph after removal")


@record(name="review", label="Review", stream=StreamKind.CASE)
class Review(Record):
    """One review of an open case (policy 4.29). A late review does not move the following ones."""

    case: RecordId | None = link("Case", indexed=True)
    reviewed_at: datetime.datetime | None = instant("When", indexed=True)
    keep_open: bool | None = boolean("Keep the case open")
    findings: str = long_text("What was found")
    by: bytes = raw_bytes("Who reviewed it")
    assessments: frozenset[RecordId] = links("Risk assessments made for it")
    risk: str = text("Risk at the review", care=Care.SENSITIVE)
    risk_not_because: str = text("Why the risk was not assessed", care=Care.SENSITIVE)
    actions_done: frozenset[RecordId] = links("Agreed actions that are done")
    actions_open: frozenset[RecordId] = links("Agreed actions still to do")
    next_on: datetime.date | None = date("Next review by")


@record(name="closure", label="Closing", stream=StreamKind.CASE)
class Closure(Record):
    """A proposal to close, with its reasons, what was found, and its end (policy 4.29).

    The talks, letters and appeals that go with it are records of their own (`core/domain/closing.py`).
    """

    case: RecordId | None = link("Case", indexed=True)
    proposed_at: datetime.datetime | None = instant("Proposed")
    proposed_by: bytes = raw_bytes("Proposed by")
    reason: str = long_text("Why")
    finding: str = choice("What was found", FINDINGS, care=Care.SENSITIVE)
    outcome: str = choice("How it ended", ENDINGS)
    withdrawn_at: datetime.datetime | None = instant("Proposal taken back")
    withdrawn_by: bytes = raw_bytes("Who took it back")
    withdrawn_because: str = long_text("Why it was taken back")
    closed_at: datetime.datetime | None = instant("Closed")
    closed_by: bytes = raw_bytes("Who closed it")


@record(name="survey", label="Satisfaction survey", stream=StreamKind.CASE)
class Survey(Record):
    """The written survey of one person after a case is closed (policy 4.30); never sent by a way that is not safe.

    `answers` are "question:answer"; a question that is missing was not answered.
    """

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    sent_at: datetime.datetime | None = instant("Sent")
    sent_by: bytes = raw_bytes("Who sent it")
    way: str = choice("How", CONTACT_WAYS)
    not_sent_because: str = text("Why it was not sent")
    set_id: str = text("Set of questions")
    set_version: int | None = integer("Version of the questions")
    reminded_at: datetime.datetime | None = instant("Reminded")
    returned_on: datetime.date | None = date("Came back on")
    answers: frozenset[str] = texts("Answers", care=Care.SENSITIVE)
    comments: str = long_text("What they wrote")
    entered_at: datetime.datetime | None = instant("Answers entered")
    entered_by: bytes = raw_bytes("Who entered them")


@record(name="police_request", label="Request to the police", stream=StreamKind.CASE)
class PoliceRequest(Record):
    """The police were asked to be seen more in the area (policy 4.11)."""

    case: RecordId | None = link("Case", indexed=True)
    asked_at: datetime.datetime | None = instant("When we asked", indexed=True)
    asked_of: str = text("Which team")
    reference: str = text("Their reference")
    reply: str = long_text("What they said")
    replied_at: datetime.datetime | None = instant("When they answered")


@record(name="association_message", label="Message to the tenants' association", stream=StreamKind.CASE)
class AssociationMessage(Record):
    """The tenants' association was asked to pass on that harassment is taken seriously (policy 4.12)."""

    case: RecordId | None = link("Case", indexed=True)
    sent_at: datetime.datetime | None = instant("When", indexed=True)
    sent_to: str = text("To whom", care=Care.PERSONAL)
    words: str = long_text("What was said")
