"""What the mirror holds up: one thing that is missing in a case, and where it is mended (`mirror.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts, Setting
from core.policy.powers import LegalPack

GRAVE, SERIOUS, SMALL = 3, 2, 1
"""Somebody may be in danger or a promise was broken; the file does not hold up; something to tidy."""
WEIGHTS = {GRAVE: "Matters most", SERIOUS: "Matters", SMALL: "Smaller"}
NOTE = "note"
WRITE_WHY = "Write down why"
AFTER_CLOSING = frozenset({"rights", "safe-ways", "contact", "survey", NOTE})
"""Pages that can still be filled in once a case is closed; what needs another can no longer be mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is missing. `step` is the page that mends it and `button` its words; where `duty` is set it is the
    page of that kind of duty. `stays`: it happened, and nothing takes it away; the page is then where the reason goes.
    """

    code: str
    clause: str
    weight: int
    sentence: str
    detail: str = ""
    """Where the date comes from, for what has one."""
    step: str = ""
    button: str = ""
    subject: RecordId | None = None
    duty: str = ""
    stays: bool = False


Rule: TypeAlias = Callable[[CaseFacts, Setting, LegalPack], Iterator[Finding]]


def that_stays(code: str, clause: str, weight: int, sentence: str) -> Finding:
    """A finding nothing takes away (5.1: a breach is recorded): only the reason can be written down."""
    return Finding(code=code, clause=clause, weight=weight, sentence=sentence, step=NOTE, button=WRITE_WHY, stays=True)


def once_closed(finding: Finding) -> Finding:
    """The same finding in a closed case (4.29): where its page is shut it can no longer be mended."""
    if finding.stays or finding.duty or finding.step in AFTER_CLOSING:
        return finding
    return replace(finding, step=NOTE, button=WRITE_WHY, subject=None, stays=True)
