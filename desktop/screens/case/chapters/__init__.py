"""The parts of a case's file that the chapters of the casework add: one module a chapter, each with its `PART`."""

from __future__ import annotations

from desktop.screens.case.chapters import closing, doors, enforcement, keeping, mirror, plan, risk, support
from desktop.screens.case.chapters.declare import Part

PARTS: tuple[Part, ...] = (
    risk.PART, plan.PART, doors.PART, enforcement.PART, support.PART, closing.PART, keeping.PART, mirror.PART,
)  # fmt: skip
"""In the order of the tabs, after Incidents."""

LAST_PARTS = (closing.PART.title, keeping.PART.title, mirror.PART.title)
"""What is wanted seldom, or at the end: these tabs come after Files."""

FIRST = ("Timeline", "What is due", "Who can read it", "People", "Incidents")
THEN = ("Letters", "Files")
HISTORY = "History"


def titles_of_file() -> tuple[str, ...]:
    """What the pages of a case's file are called, in the order of their tabs."""
    chapters = (part.title for part in PARTS if part.title not in LAST_PARTS)
    return (*FIRST, *chapters, *THEN, *LAST_PARTS, HISTORY)
