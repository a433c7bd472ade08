"""How the exchange is said. Pure."""

from __future__ import annotations

from datetime import datetime

from core.services.sync import SyncReport, SyncState
from desktop.screens.words import count_words, small_first
from desktop.widgets.moments import moment_words


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
    """How much is waiting."""
    if not state.waiting_to_send:
        return "Nothing is waiting to be sent."
    return f"{count_words(state.waiting_to_send, 'change is', 'changes are')} waiting to be sent."


def seen_words(state: SyncState) -> str:
    """Who has what was written here."""
    if not state.seen_by:
        return "No other laptop has your newest entries yet."
    if len(state.seen_by) == 1:
        return f"{state.seen_by[0]} has your newest entries."
    return f"{', '.join(state.seen_by[:-1])} and {state.seen_by[-1]} have your newest entries."


def status_words(state: SyncState) -> str:
    """The words at the foot of the navigation."""
    return f"Saved here. {state.waiting_to_send:,} to send" if state.waiting_to_send else "Saved here. Nothing to send"


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
    if report.missing:
        lost = count_words(report.missing, "file is", "files are")
        rest.append(f"{lost} missing from the folder. What this laptop has was put back.")
    return strong, " ".join(rest)
