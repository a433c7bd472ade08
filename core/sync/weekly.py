"""What is done when the whole folder was listed, once a week or when somebody asks: healing, then packs.

Until it has come to its end, the next round lists everything again and goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from core.changes.hlc import to_ms
from core.foundation.errors import FolderUnreachable, SharedFolderError
from core.foundation.ports import CancelToken, FileInfo, SharedStore
from core.sync.engine.blob import blob_path
from core.sync.healing import Healed, Healer
from core.sync.identity import Me
from core.sync.packing import PackRoom
from core.sync.ports import Box, Mailbox

WHOLE_LIST_EVERY = timedelta(days=7)
REPLACED_KEPT_FOR = timedelta(days=30)
LAST_WHOLE_LIST = "sync:last-full-list-ms"


def whole_list_is_due(box: Box, *, now: datetime) -> bool:
    """Whether the whole folder has not been gone through for a week, or not to the end."""
    last_ms = box.read_number(LAST_WHOLE_LIST)
    age_ms = to_ms(now) - (last_ms or 0)
    return last_ms is None or not 0 <= age_ms < WHOLE_LIST_EVERY / timedelta(milliseconds=1)


class Weekly:
    """One go through a whole listing."""

    def __init__(
        self, mailbox: Mailbox, store: SharedStore, me: Me, *, put: Callable[[str, bytes, str], bool],
        cancel: CancelToken,
    ) -> None:  # fmt: skip
        """`put(name, bytes, place)` writes a file where it belongs, or to `place`; False: not now."""
        self._mailbox = mailbox
        self._store = store
        self._healer = Healer(mailbox, store, me.device, put=put, cancel=cancel)
        self._packs = PackRoom(mailbox, store, me, cancel=cancel)

    def run(
        self, there: Mapping[str, Sequence[FileInfo]], *, now: datetime, refill: bool, answer: bool | None
    ) -> Healed:
        """Heal; where nothing is lost and nothing has to be asked, see to the packs.

        Raises:
            FolderUnreachable, Cancelled: the next round goes on.
        """
        self._note(0)
        healed = self._healer.run(there, refill=refill, answer=answer)
        if healed.complete:
            self._packs.run(there, now=now)
            self._clear_away(now)
        if healed.complete or not refill:
            self._note(to_ms(now))
        return healed

    def _clear_away(self, now: datetime) -> None:
        """Delete the files of our summaries that newer ones replaced a month ago: whoever joined then has read them."""
        with self._mailbox.writing() as box:
            names = box.replaced_summaries(now_ms=to_ms(now), before_ms=to_ms(now - REPLACED_KEPT_FOR))
        for name in names:
            try:
                self._store.delete(blob_path(name))
            except FolderUnreachable:
                raise
            except SharedFolderError:
                continue  # another week
            with self._mailbox.writing() as box:
                box.forget_summary_file(name)

    def _note(self, at_ms: int) -> None:
        with self._mailbox.writing() as box:
            box.write_number(LAST_WHOLE_LIST, at_ms)
