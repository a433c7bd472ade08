"""Taking in what a damaged folder still holds, in a workbook made from recovery sheets.

An ordinary laptop waits for what is missing. Where every laptop is lost nobody may ever bring it, so here a segment is
applied although its predecessor, or something its author had seen, is gone. Everything else is checked as always: the
laptop is certified, the signature good, the root the pinned one, and every section is judged by its stream's rules.
"""

from __future__ import annotations

from core.foundation.errors import IntegrityError, PeerError
from core.foundation.ids import DeviceId
from core.sync.ingest import Ingest

_ANY = 2**62


class Salvage(Ingest):
    """One batch that does not wait. Oldest first by the authors' clocks, so that causes mostly come before effects."""

    def _work_off(self, queues: dict[DeviceId, list[tuple[int, str]]], limit: int) -> None:
        waiting = [name for queue in queues.values() for _, name in queue]
        stamped = sorted((self._stamp(name), name) for name in waiting)
        progress = True
        while progress and self._applied < limit:
            progress = False
            for stamp in list(stamped):
                if self._applied < limit and self._attempt(stamp[1]):
                    stamped.remove(stamp)
                    progress = True
                    self._cancel.check()

    def _stamp(self, name: str) -> int:
        try:
            return self._segment(name).hlc
        except (IntegrityError, PeerError):
            return 0  # refused with its reason when its turn comes

    def _has(self, device: DeviceId, seq: int, body_hash: bytes) -> bool:
        del device, seq, body_hash
        return True

    def _seq_of(self, device: DeviceId) -> int:
        del device
        return _ANY
