"""Contact with the person: made or tried. Only a contact that reached them stops a clock (policy 4.24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import CONTACT_OUTCOMES, CONTACT_WAYS, Contact
from core.domain.changed import Changed
from core.foundation.ids import RecordId
from core.policy.people import why_not_to
from core.policy.safe_contact import WaysToContact, ways_for
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store import drafts

NEVER_WORDS = {
    "text": "no text messages", "call": "no calls", "voicemail": "no voicemail", "email": "no email",
    "letter": "no letters home", "visit": "no visits", "they-contact-us": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """One contact or attempt. An unsafe way needs `unsafe_reason`."""

    case: RecordId
    at: datetime
    way: str
    outcome: str
    notes: str = ""
    party: RecordId | None = None
    unsafe_reason: str = ""


@dataclass(frozen=True, slots=True)
class ContactRecorded:
    """The new contact."""

    contact: RecordId
    changed: Changed


def record_contact(workspace: Workspace, *, form: ContactForm) -> ContactRecorded:
    """Write a contact or an attempt to the file.

    Raises:
        FormIncomplete: something is missing, or an unsafe way was used and nobody said why.
        NotFound: there is no such case in this vault.
    """
    contents = contents_of(workspace, form.case)
    known = ways_for(contents, form.party)
    people = [party.id for party in contents.parties]
    gone = why_not_to(contents, form.party or (people[0] if len(people) == 1 else None), form.way)
    problems = Problems()
    problems.need(form.way in CONTACT_WAYS, "way", "Choose how you made contact.")
    problems.need(form.outcome in CONTACT_OUTCOMES, "outcome", "Choose what came of it.")
    problems.not_in_future(form.at, workspace.parts.clock.now(), "at")
    problems.need(not gone, "way", gone)
    allowed = form.way not in known.never or form.unsafe_reason.strip()
    problems.need(allowed, "unsafe_reason", f"{known.why(form.way)} Say why it was used.")
    problems.settle()
    case = contents.case
    with workspace.store.unit("record-contact") as (unit, outcome):
        contact = unit.create(
            Contact, case.stream, case=case.id, party=form.party, at=form.at, way=form.way, outcome=form.outcome,
            notes=form.notes, by=workspace.user, unsafe_reason=form.unsafe_reason,
        )  # fmt: skip
        drafts.discard_draft(unit.connection, f"contact:{case.id.hex()}")
    return ContactRecorded(contact, outcome.changed)


def ways_to_contact(workspace: Workspace, *, case: RecordId, party: RecordId | None = None) -> WaysToContact:
    """How one person of a case may be reached; with nobody named, the rules of all its people together.

    Raises:
        NotFound: there is no such case in this vault.
    """
    return ways_for(contents_of(workspace, case), party)


def contact_hint(ways: WaysToContact) -> str:
    """The shortest warning worth having beside a duty; empty if there is none."""
    if not ways.safe and not ways.never:
        return "Safe ways not asked yet"
    if ways.differ and not ways.safe:
        safe, never = "", ", ".join(NEVER_WORDS.get(way, "") for way in ways.never)
        return "; ".join(part for part in ("Each person has their own safe ways", never) if part)
    safe = " or ".join(CONTACT_WAYS[way].lower() for way in ways.safe)
    never = ", ".join(NEVER_WORDS.get(way, "") for way in ways.never)
    return "; ".join(part for part in (f"Safe: {safe}" if safe else "", never) if part)
