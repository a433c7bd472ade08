"""The landlord itself, and the colleagues who may open its records."""

from __future__ import annotations

from datetime import datetime

from core.domain.declare import (
    Record,
    StreamKind,
    choice,
    instant,
    integer,
    labels,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.domain.governance import OfficeHeld, PolicyText
from core.domain.packs import PackChange

ROLES = labels(
    ("administrator", "Administrator and officer"),
    ("officer", "Officer"),
    ("committee", "Committee member"),
)
"""What a colleague does. No role opens a case by itself: a case is opened by its keys."""

CASEWORK_ROLES = frozenset({"administrator", "officer"})
"""The roles offered as readers of a new case unless somebody says otherwise."""


WINDOW_ENVELOPES = labels(
    ("dl", "DL, the sheet folded in three"),
    ("c5", "C5, the sheet folded in half"),
)
"""Where the address stands on a letter, so that it and nothing else shows in the window."""


@record(name="organisation", label="Organisation", stream=StreamKind.ORGANISATION)
class Organisation(Record):
    """The landlord, as its letters name it."""

    name: str = text("Name")
    letter_name: str = text("Name on letters")
    address: str = text("Address on letters")
    phone: str = text("Phone on letters")
    email: str = text("Email on letters")
    website: str = text("Website on letters")
    out_of_hours: str = text("Out-of-hours phone")
    envelope: str = choice("Window envelopes", WINDOW_ENVELOPES, default="dl")
    policy_pack: str = text("Policy pack", default="imani-2013")


@record(name="member", label="Colleague", stream=StreamKind.ORGANISATION)
class Member(Record):
    """One colleague by name. Which keys are theirs is the roster's business (`core/sync/roster.py`)."""

    user: bytes = raw_bytes("User", indexed=True)
    name: str = text("Name")
    initials: str = text("Initials in case references")
    role: str = choice("Role", ROLES)
    job_title: str = text("Job title")
    joined_at: datetime | None = instant("Joined")


RECOVERY_EVENTS = labels(
    ("rehearsed", "Sheets tried out"),
    ("destroyed", "Old sheets destroyed"),
    ("used", "Sheets used to recover"),
)


@record(name="recovery_event", label="Recovery sheets", stream=StreamKind.ORGANISATION)
class RecoveryEvent(Record):
    """Something that was done with the sheets of a recovery group. The group itself is the roster's business."""

    what: str = choice("What was done", RECOVERY_EVENTS)
    group: bytes = raw_bytes("Group", indexed=True)
    edition: int | None = integer("Edition")
    at: datetime | None = instant("When")
    by: bytes = raw_bytes("By")


@record(name="question_set", label="Questions about risk", stream=StreamKind.ORGANISATION)
class QuestionSet(Record):
    """The organisation's own version of a set of questions, as the text of a question file."""

    set_id: str = text("Set", indexed=True)
    version: int | None = integer("Version")
    body: str = long_text("Questions", search=0)
    taken_into_use_at: datetime | None = instant("In use since")
    decided_by: str = text("Decided by")


OF_ADMINISTRATORS = frozenset({
    Organisation.SPEC.name, Member.SPEC.name, QuestionSet.SPEC.name, OfficeHeld.SPEC.name, PackChange.SPEC.name,
    PolicyText.SPEC.name,
})  # fmt: skip
"""Types of record only an administrator writes: what letters are headed with, who a colleague is and which office they
hold, and what the packs say."""
