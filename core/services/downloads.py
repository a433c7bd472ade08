"""Files of the folder whose bytes a sync program keeps elsewhere: asking for them, off every round's own path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.foundation.errors import BugError
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.sync.transports.folder import FolderTransport
from core.sync.transports.opening import Transport

AT_MOST = 500
"""Asked for at one time; the next exchange names what is left."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Names in a folder that are placeholders: opening one waits until it is downloaded, or fails while offline."""

    folder: Path
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BroughtDown:
    """How many came, of how many that were asked for."""

    came: int
    asked: int


def elsewhere_of(transport: Transport) -> Elsewhere | None:
    """What a round met and left alone; None: nothing, or no folder."""
    if not isinstance(transport, FolderTransport) or not transport.not_here:
        return None
    return Elsewhere(transport.folder, transport.not_here[:AT_MOST])


def bring_down(
    *, elsewhere: Elsewhere, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> BroughtDown:
    """Open each, so that the sync program downloads it. May take a minute for one; needs no workbook.

    Raises:
        Cancelled: the rest comes another time.
    """
    token = cancel or NeverCancel()
    transport = FolderTransport(elsewhere.folder, randomness=_NoDice())
    came = 0
    for done, name in enumerate(elsewhere.names):
        token.check()
        progress(done, len(elsewhere.names), "Downloading")
        came += transport.bring_down(name)
    return BroughtDown(came, len(elsewhere.names))


class _NoDice:
    """Reading needs none."""

    def bytes(self, count: int) -> bytes:
        raise BugError(rule=f"something wanted {count} random bytes to read a file")
