"""What the folder lost or damaged, and putting it back from what is held here.

A few lost files are put back without a word. If a good part of them is gone, the folder was emptied, rolled back or is
another one: nothing is put back until a person has answered, and the answer holds for these files only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from core.crypto.derive import sha256
from core.foundation.errors import FolderUnreachable, SharedFolderError
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken, FileInfo, SharedStore
from core.sync.engine.envelope import MAX_FILE_BYTES
from core.sync.ports import APPLIED, PUBLISHED, WITHHELD, Box, Mailbox

ASK_ABOVE_PERCENT = 20
"""More than this part of what is held, gone at once, is asked about."""
FEW = 10
"""Fewer than this are put back without asking, unless everything is gone."""
REFILL_FILES = 500
REFILL_BYTES = 64 * 1024 * 1024
"""At most so much is put back in one round; the next ones go on."""
CHECKED_UP_TO = "sync:checked-up-to"
LOST = "sync:lost"
LOST_OF = "sync:lost-of"


@dataclass(frozen=True, slots=True)
class Lost:
    """The question: of `held` files that lie here, `files` are gone from the folder. Put them back?"""

    files: int
    held: int

    @property
    def words(self) -> str:
        """The question itself."""
        if self.files == self.held:
            return f"The shared folder has none of the {self.held:,} files this laptop holds. Put them there?"
        return f"The shared folder lost {self.files:,} of {self.held:,} files. Put them back?"


@dataclass(frozen=True, slots=True)
class Healed:
    """What is still missing, and what a person has to say. `complete`: there was time for all of it."""

    missing: int
    question: Lost | None
    complete: bool


class Healer:
    """One look at a whole listing. Ended anywhere and begun again, it goes on where it was."""

    def __init__(
        self, mailbox: Mailbox, store: SharedStore, device: DeviceId, *,
        put: Callable[[str, bytes, str], bool], cancel: CancelToken,
    ) -> None:  # fmt: skip
        """`put(name, bytes, place)` writes a file where it belongs, or to `place`; False: not now."""
        self._mailbox = mailbox
        self._store = store
        self._device = device
        self._put = put
        self._cancel = cancel

    def run(self, there: Mapping[str, Sequence[FileInfo]], *, refill: bool, answer: bool | None) -> Healed:
        """Compare what is held with what is `there`. `refill`: put back at all. `answer`: what the person said."""
        with self._mailbox.reading() as box:
            held = dict(box.held_sizes([PUBLISHED, APPLIED, WITHHELD]))
            for name, pack in box.packed().items():
                if pack in held:
                    held.pop(name, None)  # the folder has it in the pack, or is given the pack
        gone = [name for name in held if name not in there]
        left, question = self._decide(gone, there, held, answer=answer if refill else None)
        self._mend(held, there)
        if not refill or question is not None:
            return Healed(len(gone), question, complete=False)
        wanted = [name for name in gone if name not in left]
        put, complete = self._refill(wanted, held)
        return Healed(len(gone) - put, None, complete)

    def _decide(
        self, gone: Sequence[str], there: Collection[str], held: Mapping[str, int], *, answer: bool | None
    ) -> tuple[frozenset[str], Lost | None]:
        """What is to be left as it is, and the question if there is one."""
        with self._mailbox.reading() as box:
            answered = dict(box.answered_losses())
        back = [name for name in answered if name in there or name not in held]
        unanswered = [name for name in gone if name not in answered]
        question = Lost(len(gone), len(held)) if _is_much(len(unanswered), len(held)) else None
        if question is not None and answer is not None:
            answered.update(dict.fromkeys(unanswered, answer))
            question = None
        else:
            unanswered = []
        if back or unanswered or question or self._was_asked():
            with self._mailbox.writing() as box:
                box.forget_losses(back)
                if answer is not None:
                    box.answer_losses(unanswered, put_back=answer)
                note_question(box, question)
        return frozenset(name for name, put_back in answered.items() if not put_back), question

    def _was_asked(self) -> bool:
        with self._mailbox.reading() as box:
            return asked(box) is not None

    def _refill(self, wanted: Sequence[str], held: Mapping[str, int]) -> tuple[int, bool]:
        put = size_bytes = 0
        for name in wanted:
            if put >= REFILL_FILES or size_bytes >= REFILL_BYTES:
                return put, False
            self._cancel.check()
            if self._put_back(name):
                put += 1
                size_bytes += held[name]
        return put, True

    def _mend(self, held: Mapping[str, int], there: Mapping[str, Sequence[FileInfo]]) -> None:
        """Wrong sizes of any file, any change in one of ours. Remembers how far it came, so that turns add up."""
        with self._mailbox.reading() as box:
            ours = frozenset(box.names_in([PUBLISHED], device=self._device))
            start = box.read_number(CHECKED_UP_TO) or 0
        order = sorted(name for name in there if name in held)
        start = start if start < len(order) else 0
        for place in range(start, len(order)):
            name = order[place]
            for info in there[name]:
                wrong = info.size_bytes != held[name]
                if name in ours and not wrong:
                    self._pause(place)
                    wrong = self._is_damaged(name, info)
                if wrong:
                    self._pause(place)
                    self._put_back(name, at=info.name)
        if start:
            with self._mailbox.writing() as box:
                box.write_number(CHECKED_UP_TO, 0)

    def _pause(self, place: int) -> None:
        try:
            self._cancel.check()
        except BaseException:
            with self._mailbox.writing() as box:
                box.write_number(CHECKED_UP_TO, place)
            raise

    def _put_back(self, name: str, *, at: str = "") -> bool:
        with self._mailbox.reading() as box:
            data = box.file(name)
        return data is not None and self._put(name, data, at)

    def _is_damaged(self, name: str, info: FileInfo) -> bool:
        try:
            return sha256(self._store.get(info.name, MAX_FILE_BYTES)).hex() != name
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return False  # not readable now; nothing is known of it


def asked(box: Box) -> Lost | None:
    """The question that waits for an answer, if there is one."""
    files = box.read_number(LOST)
    return Lost(files, box.read_number(LOST_OF) or 0) if files else None


def is_left_lost(box: Box) -> bool:
    """Whether the folder lost entries, and somebody has yet to say, or has said, that they are left so."""
    return asked(box) is not None or not all(dict(box.answered_losses()).values())


def note_question(box: Box, question: Lost | None) -> None:
    """Remember what a person has to be asked."""
    box.write_number(LOST, question.files if question else 0)
    box.write_number(LOST_OF, question.held if question else 0)


def _is_much(gone: int, held: int) -> bool:
    if not gone:
        return False
    return gone == held or (gone >= FEW and gone * 100 > held * ASK_ABOVE_PERCENT)
