"""What somebody was in the middle of writing, in words."""

from __future__ import annotations

from datetime import datetime

from core.services.unfinished import Unfinished
from desktop.screens.words import when_words

DRAFT_WORDS = {
    "report": "a new report",
    "note": "a note",
    "contact": "a contact",
    "graffiti": "a report of graffiti",
    "graffiti-removed": "that graffiti was removed",
    "police": "a request to the police",
    "association": "a message to the tenants' association",
    "judgement": "a decision on handling",
    "reader": "who else may read the case",
    "letters": "letters to an area",
    "case-letter": "a letter to one person",
    "visit-said": "what you were told at a door",
    "safe-ways": "about safe ways to make contact",
    "org-office": "who holds an office",
    "org-training": "a training",
    "org-copy": "that somebody asked for the policy",
    "org-policy-text": "about our own text of the policy",
    "org-event": "a consultation or review of the policy",
    "org-prevention": "what was done to prevent harassment",
    "org-agencies": "about a list of agencies",
    "org-import-pack": "about a changed pack",
    "org-change-policy": "a change of the policy's numbers",
    "org-change-legal": "a change of the legal powers",
    "org-change-risk": "a change of the questions about risk",
    "versions": "one text from two versions",
}
"""Kind of draft -> what the person was writing."""


def unfinished_words(draft: Unfinished, now: datetime) -> str:
    """ "You were writing a note on 2026-RO-014. It is saved up to 9:41am." """
    what = DRAFT_WORDS.get(draft.kind) or _title_of(draft.kind)
    where = f" on {draft.reference}" if draft.reference else ""
    return f"You were writing {what}{where}. It is saved up to {when_words(draft.saved_at, now)}."


def _title_of(kind: str) -> str:
    from desktop.screens.step.chapters import CHAPTER_STEPS  # many pages, and Today is there before any of them

    return next((f"\u201c{step.title}\u201d" for step in CHAPTER_STEPS if step.key == kind), "something")
