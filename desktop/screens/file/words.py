"""Attached files in words."""

from __future__ import annotations

from datetime import datetime

from core.services.attachments import AttachedFile, FileState
from desktop.theme import Tone
from desktop.widgets.moments import moment_words

_KB, _MB, _GB = 1_000, 1_000_000, 1_000_000_000
_HASH_BLOCK = 8


def size(size_bytes: int) -> str:
    """ "812 bytes", "34 KB", "2.1 MB"."""
    if size_bytes < _KB:
        return "1 byte" if size_bytes == 1 else f"{size_bytes} bytes"
    if size_bytes < _MB:
        return f"{round(size_bytes / _KB)} KB"
    unit, name = (_MB, "MB") if size_bytes < _GB else (_GB, "GB")
    return f"{size_bytes / unit:.1f} {name}"


def lines(row: AttachedFile, now: datetime) -> tuple[str, ...]:
    """What it is, what it shows, when and by whom it was taken, when and by whom attached."""
    taken = _taken(row, now)
    when = moment_words(row.attached_at, now) if row.attached_at else ""
    attached = f"{when}, attached by {row.attached_by}" if when else ""
    twin = "The same file was attached twice, on two laptops." if row.same_as else ""
    return tuple(line for line in (_kind(row), row.about, taken, attached, twin) if line)


def state(row: AttachedFile) -> tuple[str, Tone] | None:
    """What stands beside its name; None where there is nothing to say."""
    tones = {
        FileState.NOT_SENT: Tone.NEUTRAL, FileState.COMING: Tone.SOON, FileState.WHEN_ASKED: Tone.NEUTRAL,
        FileState.UNREADABLE: Tone.LATE,
    }  # fmt: skip
    tone = tones.get(row.state)
    return None if tone is None else (row.state_words, tone)


def checksum(row: AttachedFile) -> str:
    """The hash in blocks that can be read aloud and compared."""
    blocks = [row.sha256[start : start + _HASH_BLOCK] for start in range(0, len(row.sha256), _HASH_BLOCK)]
    return f"SHA-256 of the original: {' '.join(blocks)}"


def told_attached(names: list[str], already: list[str]) -> str:
    """What became of the files that were chosen."""
    said = []
    if names:
        said.append(f"{names[0]} is attached." if len(names) == 1 else f"{len(names)} files are attached.")
    if already:
        one = f"{already[0]} is in this case already" if len(already) == 1 else (
            f"{len(already)} files are in this case already"
        )  # fmt: skip
        said.append(f"{one}; nothing was stored twice.")
    return " ".join(said)


def _kind(row: AttachedFile) -> str:
    return f"{row.what or 'Not said what it is'}, {row.kind}, {size(row.size_bytes)}"


def _taken(row: AttachedFile, now: datetime) -> str:
    if row.taken_at is None:
        return f"From {row.taken_by}" if row.taken_by else ""
    by = f" by {row.taken_by}" if row.taken_by else ""
    return f"{moment_words(row.taken_at, now)}, taken or written{by}"
