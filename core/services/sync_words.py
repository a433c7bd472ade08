"""Sync words: eight words for each laptop's work so far, to be read out on the phone or kept in the minutes.

A folder that shows two groups of people two different things can hide it for ever, except from people who compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.changes.hlc import instant_of
from core.crypto.derive import sha256
from core.crypto.words import comparison_words
from core.domain.changed import Changed
from core.domain.exchange import WordsCheck
from core.domain.organisation import Organisation
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.files import write_atomic
from core.foundation.ids import DeviceId
from core.policy.words import say_moment
from core.services.delivery import laptop_names
from core.services.exchange import me_of
from core.services.roster import roster_of
from core.services.streams import personal_stream
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine.roster import WRITING_ROLES

_SEQ_BYTES = 8


@dataclass(frozen=True, slots=True)
class LaptopWords:
    """The words of one laptop up to its entry `number`, written at `at`. `checked_at`: when they were last the same."""

    device: DeviceId
    whose: str
    is_this: bool
    number: int
    at: datetime
    words: tuple[str, ...]
    checked_at: datetime | None
    differed_at: datetime | None


@dataclass(frozen=True, slots=True)
class WordsCompared:
    """What came out, kept as a record. `same` is None if this laptop has not got so far yet; then nothing is kept."""

    same: bool | None
    whose: str
    number: int
    changed: Changed


def words_of_laptops(workspace: Workspace) -> tuple[LaptopWords, ...]:
    """The words of every laptop whose work is here, this one first."""
    roster, mine = roster_of(workspace), me_of(workspace).device
    names = laptop_names(workspace, roster)
    with VaultMailbox(workspace.store.engine).reading() as box:
        heads = box.heads()
    checks = workspace.store.select(WordsCheck)
    rows = [
        LaptopWords(
            device, names.get(device, "a colleague\u2019s laptop"), device == mine, head.seq, instant_of(head.hlc),
            words_for(device, head.seq, head.body_hash), _last(checks, device, same=True),
            _last(checks, device, same=False),
        )
        for device, head in heads.items()
        if head.seq
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.is_this, row.whose.casefold(), row.device)))


def words_for(device: DeviceId, number: int, body_hash: bytes) -> tuple[str, ...]:
    """The eight words of a laptop's chain up to one segment (PROTOCOL 33)."""
    return comparison_words(sha256(b"cwf1/sync-words\0" + device + number.to_bytes(_SEQ_BYTES, "big") + body_hash))


def minutes_text(workspace: Workspace) -> str:
    """What may be pasted into the minutes of a meeting: one short paragraph a laptop, and nothing of any case."""
    now, zone = workspace.parts.clock.now(), workspace.pack.zone
    names = [found.name for found in workspace.store.select(Organisation) if found.name]
    lines = [f"Sync words{f' of {names[0]}' if names else ''}, {now.astimezone(zone):%d %B %Y}.", ""]
    for row in words_of_laptops(workspace):
        at = say_moment(row.at, now=now, zone=zone)
        lines += [f"{row.whose}, entry {row.number:,} ({at}):", f"    {' '.join(row.words)}"]
    lines += ["", "Anybody's workbook shows the same words for the same entry. If not, tell the administrator."]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class MinutesSaved:
    """Where the text lies."""

    path: Path


def save_minutes(workspace: Workspace, *, path: Path) -> MinutesSaved:
    """Write the text for the minutes to a file, to be printed or sent with the papers.

    Raises:
        FolderNotWritable, DiskFull: a file of that name stays as it was.
    """
    write_atomic(path, minutes_text(workspace).encode())
    return MinutesSaved(path)


def compare_words(workspace: Workspace, *, device: DeviceId, number: int, words: str) -> WordsCompared:
    """Compare what was heard on the phone with what is here, and keep the result.

    Raises:
        NotFound: no such laptop here.
        FormIncomplete: not eight words.
    """
    said = re.findall(r"[a-z]+", words.casefold())
    problems = {}
    if number < 1:
        problems["number"] = "Type the number of the entry that was read out."
    if len(said) != len(comparison_words(bytes(32))):
        problems["words"] = f"Type the eight words that were read out. There are {len(said)} here."
    if problems:
        raise FormIncomplete(problems=problems)
    roster = roster_of(workspace)
    names = laptop_names(workspace, roster)
    with VaultMailbox(workspace.store.engine).reading() as box:
        if device not in box.heads():
            raise NotFound(what="laptop")
        known = box.body_hashes(device, number)
    whose = names.get(device, "a colleague\u2019s laptop")
    if not known:
        return WordsCompared(None, whose, number, Changed(frozenset(), frozenset()))
    same = len(known) == 1 and tuple(said) == words_for(device, number, known[0])
    with workspace.store.unit("compare-words") as (unit, outcome):
        stream = workspace.organisation_stream
        if roster.role_of(workspace.user) not in WRITING_ROLES:  # who only reads keeps it for themselves
            stream = personal_stream(unit, workspace)
        unit.create(
            WordsCheck, stream, laptop=device, number=number, same=same, checked_by=workspace.user,
            checked_at=workspace.parts.clock.now(),
        )  # fmt: skip
    return WordsCompared(same, whose, number, outcome.changed)


def _last(checks: tuple[WordsCheck, ...], device: DeviceId, *, same: bool) -> datetime | None:
    found = [check.checked_at for check in checks if check.laptop == device and check.same is same]
    return max((moment for moment in found if moment is not None), default=None)
