"""Contact with the person: made or tried. Only a contact that reached them stops a clock (policy 4.24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import CONTACT_OUTCOMES, CONTACT_WAYS, Case, Contact, SafeContact
from core.domain.changed import Changed
from core.foundation.ids import RecordId
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store import drafts
from core.store.store import table_of

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


@dataclass(frozen=True, slots=True)
class WaysToContact:
    """What is known about reaching the person. A way nobody asked about counts as unsafe."""

    safe: tuple[str, ...]
    never: tuple[str, ...]
    times: str
    if_someone_else_answers: str
    checked_at: datetime | None


def record_contact(workspace: Workspace, *, form: ContactForm) -> ContactRecorded:
    """Write a contact or an attempt to the file.

    Raises:
        FormIncomplete: something is missing, or an unsafe way was used and nobody said why.
        NotFound: there is no such case in this vault.
    """
    known = ways_to_contact(workspace, case=form.case)
    problems = Problems()
    problems.need(form.way in CONTACT_WAYS, "way", "Choose how you made contact.")
    problems.need(form.outcome in CONTACT_OUTCOMES, "outcome", "Choose what came of it.")
    problems.not_in_future(form.at, workspace.parts.clock.now(), "at")
    problems.need(
        form.way not in known.never or form.unsafe_reason.strip(),
        "unsafe_reason",
        "The person asked never to be reached this way. Say why it was used.",
    )
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("record-contact") as (unit, outcome):
        contact = unit.create(
            Contact, case.stream, case=case.id, party=form.party, at=form.at, way=form.way, outcome=form.outcome,
            notes=form.notes, by=workspace.user, unsafe_reason=form.unsafe_reason,
        )  # fmt: skip
        drafts.discard_draft(unit.connection, f"contact:{case.id.hex()}")
    return ContactRecorded(contact, outcome.changed)


def ways_to_contact(workspace: Workspace, *, case: RecordId) -> WaysToContact:
    """How the person of a case may be reached.

    Raises:
        NotFound: there is no such case in this vault.
    """
    workspace.store.get(Case, case)
    table = table_of(SafeContact)
    return ways_from(workspace.store.select(SafeContact, table.c.case == case, order_by=(table.c.changed_hlc,)))


def ways_from(rules: tuple[SafeContact, ...]) -> WaysToContact:
    """The rules of all people in a case together: a way is safe only if nobody said never."""
    never = {way for rule in rules for way in rule.unsafe_ways}
    safe = {way for rule in rules for way in rule.safe_ways} - never
    last = rules[-1] if rules else None
    return WaysToContact(
        safe=tuple(way for way in CONTACT_WAYS if way in safe),
        never=tuple(way for way in CONTACT_WAYS if way in never),
        times=last.times if last else "",
        if_someone_else_answers=last.if_someone_else_answers if last else "",
        checked_at=last.checked_at if last else None,
    )


def contact_hint(ways: WaysToContact) -> str:
    """The shortest warning worth having beside a duty; empty if there is none."""
    if not ways.safe and not ways.never:
        return "Safe ways not asked yet"
    safe = " or ".join(CONTACT_WAYS[way].lower() for way in ways.safe)
    never = ", ".join(NEVER_WORDS.get(way, "") for way in ways.never)
    return "; ".join(part for part in (f"Safe: {safe}" if safe else "", never) if part)
