"""The sentences of the page about who can read a case."""

from __future__ import annotations

from datetime import datetime

from core.services.access import ReaderRow
from core.services.access_page import AccessPage, ReadersStep
from core.services.conflicts import SAME_FAMILY_NAME, SAME_HOME, SAME_NAME, Connection
from core.services.declarations import Interest
from desktop.screens.words import small_first
from desktop.widgets.moments import moment_words

A_COLLEAGUE = "A former colleague"
_WHY = {
    SAME_NAME: "has the same name as {party}, who is in this case.",
    SAME_HOME: "has the same name as somebody who lives with {party}, who is in this case.",
    SAME_FAMILY_NAME: "has the same family name as {party}, who is in this case.",
}


def who(row: ReaderRow) -> str:
    """A reader by name, with what marks them out."""
    marks = [mark for mark, is_so in (("you", row.this_is_me), ("leads on the case", row.leads)) if is_so]
    name = row.name or A_COLLEAGUE
    return f"{name} ({', '.join(marks)})" if marks else name


def since(row: ReaderRow, now: datetime) -> str:
    """Since when they read it, by whose decision and why."""
    reason = row.reason if row.reason != "opened" else "when the case was opened"
    by = f", let in by {row.given_by or A_COLLEAGUE}"
    return f"Since {small_first(moment_words(row.since, now))}{by}. Reason: {reason or 'none was given'}"


def count(page: AccessPage) -> str:
    """How many can read it."""
    people = len(page.readers)
    by = "1 person" if people == 1 else f"{people} people"
    return f"Readable by {by}." + (f" The sheets of {page.recovery} open it too." if page.recovery else "")


def alone(page: AccessPage) -> tuple[str, str]:
    """The warning when one loss would lose the case; empty if there is none."""
    if not page.only_one_reads:
        return "", ""
    rest = "If that laptop is lost, the case is lost. Let one more person read it."
    return "Only one person can read this case.", rest


def connection(found: Connection) -> str:
    """Why somebody may be connected with the case."""
    name = "You have" if found.this_is_me else f"{found.name} has"
    return _WHY[found.why].format(party=found.party or "somebody").replace("has", name, 1)


def what_then(found: Connection) -> str:
    """What to do about it."""
    if found.this_is_me:
        return "If that is no accident, let somebody else lead on the case; they can then keep you out."
    reads = " They can read it now." if found.reads else ""
    return f"Ask somebody who knows.{reads} Keeping them out is not told to them."


def interest(found: Interest) -> tuple[str, tuple[str, ...]]:
    """A name, and what they said about themselves."""
    said = f"Connected: {found.how}" if found.connected else "Not connected with anybody in it."
    return (found.name or A_COLLEAGUE, (said,))


def step(found: ReadersStep, now: datetime) -> tuple[str, tuple[str, ...]]:
    """A heading and lines for one change of readers."""
    did = [
        (found.let_in, "Opened for {}" if found.first else "Let in: {}"), (found.taken_away, "Taken off: {}"),
        (found.kept_out, "Kept out because of a connection: {}"), (found.allowed_again, "No longer kept out: {}"),
        (found.leads, "Leads from here on: {}"),
    ]  # fmt: skip
    lines = [words.format(", ".join(name or A_COLLEAGUE for name in names)) for names, words in did if names]
    heading = lines[0] if lines else "A new key, the same people"
    why = "" if found.reason in ("", "opened") else f"Reason: {found.reason}"
    by = f"{moment_words(found.at, now)}, by {found.by or A_COLLEAGUE}"
    return heading, tuple(line for line in (*lines[1:], by, why) if line)
