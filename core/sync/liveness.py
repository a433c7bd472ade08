"""Signs of life, and the first sign that a folder lost something.

A laptop that writes nothing seals an empty segment once a week, so that silence means something, and a day after it has
applied somebody's work, so that they learn it arrived. An empty segment is never answered by another.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.changes.hlc import to_ms
from core.foundation.ids import DeviceId
from core.sync.ports import Box, Mailbox

HEARTBEAT_EVERY = timedelta(days=7)
ACKNOWLEDGE_AFTER = timedelta(days=1)
WORK_ARRIVED = "sync:work-arrived-ms"
"""When work of others was first applied that no segment of ours has acknowledged; 0: there is none."""
LISTED = "sync:listed"
_MS = timedelta(milliseconds=1)
_MOST_FILES = 100_000_000


def sign_of_life_is_due(box: Box, device: DeviceId, *, now: datetime) -> bool:
    """Whether this laptop should say that it is there, if it has nothing else to say."""
    now_ms, arrived_ms, last_ms = to_ms(now), box.read_number(WORK_ARRIVED), box.last_kept_ms(device)
    if arrived_ms and now_ms - arrived_ms >= ACKNOWLEDGE_AFTER / _MS:
        return True
    return last_ms is not None and now_ms - last_ms >= HEARTBEAT_EVERY / _MS


def note_work(box: Box, *, now: datetime) -> None:
    """Somebody's work was applied here."""
    if not box.read_number(WORK_ARRIVED):
        box.write_number(WORK_ARRIVED, to_ms(now))


def note_acknowledged(box: Box) -> None:
    """A segment of ours says what was applied."""
    if box.read_number(WORK_ARRIVED):
        box.write_number(WORK_ARRIVED, 0)


def has_shrunk(box: Box, month: str, files: int) -> bool:
    """Whether the months that are listed every time hold fewer files than at the end of the last round."""
    before, here = box.read_number(LISTED) or 0, _packed(month, files)
    return before // _MOST_FILES == here // _MOST_FILES and here < before


def note_listed(mailbox: Mailbox, month: str, files: int) -> None:
    """So many files are there now."""
    here = _packed(month, files)
    with mailbox.reading() as box:
        known = box.read_number(LISTED)
    if known != here:
        with mailbox.writing() as box:
            box.write_number(LISTED, here)


def _packed(month: str, files: int) -> int:
    return int(month.replace("-", "")) * _MOST_FILES + min(files, _MOST_FILES - 1)
