"""How the exchange is said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.services.delivery import Delivery, LaptopRow, Level, MissingEntry, NewestEntry, Stage
from core.services.sync import SyncReport, SyncState
from core.services.sync_words import LaptopWords, WordsCompared
from desktop.screens.words import count_words, small_first
from desktop.theme import Tone
from desktop.widgets.moments import day_words, moment_words


def last_words(state: SyncState, now: datetime) -> str:
    """ "Last sync yesterday at 5:12pm. 4 changes waiting to be sent." """
    if state.last_sync_at is None:
        last = "This laptop has not synced yet."
    else:
        last = f"Last sync {small_first(moment_words(state.last_sync_at, now))}."
    return " ".join(part for part in (last, waiting_words(state), _choice_words(state)) if part)


def _choice_words(state: SyncState) -> str:
    """ "1 needs your choice." """
    count = state.choices.count
    return f"{count:,} {'needs' if count == 1 else 'need'} your choice." if count else ""


def waiting_words(state: SyncState) -> str:
    """How much is waiting; without a place to send it to nothing waits."""
    if not _has_place(state):
        return "Nothing leaves this laptop until a shared folder is chosen."
    if not state.waiting_to_send:
        return "Nothing is waiting to be sent."
    return f"{count_words(state.waiting_to_send, 'change is', 'changes are')} waiting to be sent."


def seen_words(state: SyncState) -> str:
    """Who has what was written here; empty if nobody, where the words above it say so."""
    if not state.seen_by:
        return "" if "No other laptop has it" in state.words else "No other laptop has your newest entries yet."
    return f"{and_words(state.seen_by)} {'has' if len(state.seen_by) == 1 else 'have'} your newest entries."


def status_words(state: SyncState, activity: str = "") -> str:
    """The words at the foot of the navigation. `activity`: what the exchange is doing by itself."""
    if state.being_checked:
        return "Being checked. You can read everything"
    if activity:
        return f"Saved here. {activity}"
    if not _has_place(state):
        return "Saved here, on this laptop only"
    return f"Saved here. {state.waiting_to_send:,} to send" if state.waiting_to_send else "Saved here. Nothing to send"


def _has_place(state: SyncState) -> bool:
    """Whether there is anywhere to send to."""
    return state.folder is not None or bool(state.place)


def report_words(report: SyncReport) -> tuple[str, str]:
    """What one exchange did: (in short, the rest)."""
    if not report.sent and not report.received:
        strong = "Nothing new, here or there."
    else:
        strong = f"Sent {count_words(report.sent, 'file', 'files')}, received {report.received:,}."
    rest = []
    if report.waiting:
        rest.append(f"{count_words(report.waiting, 'file waits', 'files wait')} for others that have not arrived yet.")
    if report.refused:
        rest.append(f"{count_words(report.refused, 'file was', 'files were')} set aside.")
    if report.elsewhere is not None:
        names = count_words(len(report.elsewhere.names), "file is", "files are")
        rest.append(f"{names} not on this laptop yet: your sync program has to download what it shows.")
    if report.missing and report.question is None:
        lost = count_words(report.missing, "file is", "files are")
        rest.append(f"{lost} missing from the folder. What this laptop has was put back.")
    return strong, " ".join(rest)


def stage_words(delivery: Delivery) -> str:
    """For a tag: "Saved here", "In the folder", "Seen by 2"."""
    if delivery.stage is Stage.SEEN:
        return f"Seen by {len(delivery.seen_by)}"
    return "In the folder" if delivery.stage is Stage.FOLDER else "Saved here"


def stage_tone(delivery: Delivery) -> Tone:
    """Colour is never the only sign."""
    return {Stage.SEEN: Tone.OK, Stage.FOLDER: Tone.INFO}.get(delivery.stage, Tone.NEUTRAL)


def entry_words(entry: NewestEntry, now: datetime) -> str:
    """ "Note in 2026-AR-014, today at 9:41am. Ben's laptop and Cara's laptop have it." """
    said = f"{entry.what}, {small_first(moment_words(entry.at, now))}."
    by = entry.delivery.seen_by
    if not by:
        return said
    return f"{said} {and_words(by)} {'has' if len(by) == 1 else 'have'} it."


def laptop_words(row: LaptopRow, now: datetime) -> str:
    """ "Ben's laptop. Newest entry here today at 9:41am." """
    if row.heard_at is None:
        return f"{row.whose}. Nothing has come from it yet."
    return f"{row.whose}. Its newest entry here is of {small_first(moment_words(row.heard_at, now))}."


def laptop_tag(row: LaptopRow) -> tuple[str, Tone]:
    """Whether it has what was written here."""
    if row.is_this:
        return "This laptop", Tone.INFO
    return ("Has your newest", Tone.OK) if row.has_newest else ("Not your newest yet", Tone.NEUTRAL)


def silent_words(row: LaptopRow, now: datetime) -> tuple[str, str]:
    """ "Nothing from Ben's laptop since 3 November." """
    since = "" if row.heard_at is None else small_first(day_words(row.heard_at, now))
    return (
        f"Nothing from {row.whose} since {since}.",
        "Every laptop gives a sign of life once a week. Ask whether it is in use and reaches the shared folder.",
    )


def missing_words(missing: MissingEntry, now: datetime) -> tuple[str, str, Tone]:
    """What has not come, since when, and what to do."""
    what = count_words(missing.count, "entry", "entries")
    short = f"{what} of {missing.whose} missing since {small_first(moment_words(missing.since, now))}."
    if missing.level is Level.NEW:
        return short, "A colleague\u2019s entries build on it. It may still be on its way.", Tone.INFO
    rest = "Others have seen it, and the shared folder does not have it. Ask for a sync from that laptop"
    if missing.level is Level.AMBER:
        return short, f"{rest}.", Tone.SOON
    return short, f"{rest}, and compare sync words by phone: somebody may be holding it back.", Tone.ERROR


def and_words(names: Sequence[str]) -> str:
    """ "Ana, Ben and Cara"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def compared_words(result: WordsCompared) -> tuple[str, str, Tone]:
    """What the comparison means."""
    where = f"{result.whose}, entry {result.number:,}"
    if result.same is None:
        return (
            "This laptop has not got so far yet.",
            f"Nothing of {where} has come here. Sync, then compare again, or read out an earlier entry.", Tone.SOON,
        )  # fmt: skip
    if result.same:
        return "The words are the same.", f"You both have the same work of {where}. This is kept.", Tone.OK
    rest = f"Read them out once more. If they still differ, you were shown different work of {where}."
    return "The words differ.", f"{rest} Tell your administrator, and write both down. This is kept.", Tone.ERROR


def checked_words(row: LaptopWords, now: datetime) -> str:
    """When the words were last compared."""
    if row.differed_at is not None and (row.checked_at is None or row.differed_at > row.checked_at):
        return f"Compared {small_first(moment_words(row.differed_at, now))}: they differed."
    if row.checked_at is None:
        return "Not compared yet."
    return f"Compared {small_first(moment_words(row.checked_at, now))}: the same."
