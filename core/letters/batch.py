"""Many letters into one file: in order, counted, whole or not at all, and the same bytes for the same letters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.foundation.errors import AppError, BugError, GlyphsMissing, TextDoesNotFit
from core.foundation.files import translated, write_atomic
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.model import Letter, LetterFormat, TextHashes
from core.letters.render.pdf_engine import LetterDocument

_STAGE = "Making letters"


@dataclass(frozen=True, slots=True)
class BatchLetter:
    """A letter and its place in the walk, counted from 1."""

    place: int
    letter: Letter
    format: LetterFormat


@dataclass(frozen=True, slots=True)
class LetterMade:
    """`page_from` counts the file's pages from 1; `pages` leaves out the blank back of the last sheet."""

    place: int
    page_from: int
    pages: int
    text_sha256: bytes


@dataclass(frozen=True, slots=True)
class LetterRefused:
    """A letter that could not be made, and why. The others went on."""

    place: int
    error: AppError


@dataclass(frozen=True, slots=True)
class ChunkMade:
    """One file. `pages` counts blank ones too. If every letter was refused there is no file, and the hash is empty."""

    path: Path
    file_sha256: bytes
    pages: int
    letters: tuple[LetterMade, ...]
    refused: tuple[LetterRefused, ...]


def plan_chunks(count: int, size: int) -> list[tuple[int, int]]:
    """Part `count` letters into files of at most `size`: (start, end) with `end` left out, in order."""
    if count < 0 or size < 1:
        raise BugError(rule="a run has no fewer than no letters, and a file at least one")
    return [(start, min(start + size, count)) for start in range(0, count, size)]


def make_chunk(
    letters: Sequence[BatchLetter], *, path: Path, title: str, duplex: bool = False,
    envelope: EnvelopeProfile = DL_WINDOW, progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> ChunkMade:  # fmt: skip
    """Make one PDF/UA-1 file of `letters` at `path`, replacing what was there.

    `duplex` fills each letter up to an even number of pages, so that the next one begins on a new sheet.
    Nothing readable is written anywhere but to `path`, and that only when the file is whole.

    Raises:
        Cancelled: asked between letters; `path` is as it was.
        DiskFull, FolderNotWritable: likewise.
        BugError: letters in and letters out do not add up; no file was written.
    """
    token = cancel or NeverCancel()
    language = letters[0].letter.language if letters else "en-GB"
    document = LetterDocument(title=title, language=language, envelope=envelope)
    document.coming([(one.letter, one.format) for one in letters])
    made: list[LetterMade] = []
    refused: list[LetterRefused] = []
    hashes = TextHashes()
    for done, one in enumerate(letters):
        token.check()
        page_from = document.page_count + 1
        try:
            pages = document.add(one.letter, one.format)
        except (GlyphsMissing, TextDoesNotFit) as error:
            refused.append(LetterRefused(one.place, error))
        else:
            made.append(LetterMade(one.place, page_from, pages, hashes.of(one.letter)))
            if duplex and pages % 2:
                document.add_blank_page()
        progress(done + 1, len(letters), _STAGE)
    token.check()
    if not made:
        _remove(path)
        return ChunkMade(path, b"", 0, (), tuple(refused))
    finished = document.finish()
    _count(letters, made, refused, pages=finished.pages, duplex=duplex)
    write_atomic(path, finished.data)
    return ChunkMade(path, hashlib.sha256(finished.data).digest(), finished.pages, tuple(made), tuple(refused))


def _count(
    letters: Sequence[BatchLetter], made: Sequence[LetterMade], refused: Sequence[LetterRefused], *, pages: int,
    duplex: bool,
) -> None:  # fmt: skip
    """The finished file's own pages against what went in: letters have been lost silently by lesser means."""
    if [one.place for one in letters] != sorted(
        [one.place for one in made] + [one.place for one in refused], key=[one.place for one in letters].index
    ):
        raise BugError(rule="every letter of a file is made or refused, once")
    expected = 0
    for one in made:
        if one.page_from != expected + 1:
            raise BugError(rule="letters follow each other without a gap")
        expected += one.pages + (one.pages % 2 if duplex else 0)
    if expected != pages:
        raise BugError(rule=f"a file of {expected} pages has {expected} pages, not {pages}")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise translated(error, path) from error
