"""The organisation's own changes of the packs that come with the program, and what a case keeps of them."""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Record,
    StreamKind,
    boolean,
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

PACKS = labels(
    ("policy", "Policy numbers"),
    ("legal", "Legal powers"),
    ("risk", "Questions about risk"),
    ("holidays", "Bank holidays"),
    ("interview", "Prompts of the private interview"),
    ("survey", "Questions of the survey"),
)
KEPT_BY_CASES = ("policy", "legal", "risk", "holidays")
"""Packs a case keeps from its opening. What was asked in an interview or a survey, its own record says."""


@record(name="pack_change", label="Change of a pack", stream=StreamKind.ORGANISATION)
class PackChange(Record):
    """One value (`path`, `value` as JSON) or a whole pack (`body`), in force from a day.

    It counts once a second person agreed to exactly this (`PackChangeAgreed`), or where nobody else could (`alone`).
    """

    pack: str = text("Pack", indexed=True)
    path: str = text("Which value")
    value: str = text("New value")
    body: str = long_text("The whole pack", search=0)
    from_on: datetime.date | None = date("In force from")
    reason: str = text("Why")
    proposed_at: datetime.datetime | None = instant("Proposed")
    proposed_by: bytes = raw_bytes("Proposed by")
    alone: bool | None = boolean("Nobody else could agree")


@record(name="pack_change_agreed", label="Change of a pack agreed", stream=StreamKind.ORGANISATION)
class PackChangeAgreed(Record):
    """What a second person said to a change. `fingerprint` is of the change as they saw it."""

    change: RecordId | None = link("Change", indexed=True)
    fingerprint: bytes = raw_bytes("Fingerprint of the change")
    agrees: bool | None = boolean("Agrees")
    said_at: datetime.datetime | None = instant("When")
    said_by: bytes = raw_bytes("Who")


@record(name="rules_at_opening", label="Rules when the case was opened", stream=StreamKind.CASE)
class RulesAtOpening(Record):
    """Which version of each pack held when the case was opened; the case keeps them (policy 2.1)."""

    case: RecordId | None = link("Case", indexed=True)
    policy: str = text("Policy")
    legal: str = text("Legal powers")
    risk: str = text("Questions about risk")
    holidays: str = text("Bank holidays")
    at: datetime.datetime | None = instant("When")
