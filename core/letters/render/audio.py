"""A letter read out by a machine, where one is installed. Nothing is written to disk on the way.

The voice runs as a program of its own: its licence (GPL-3) is not ours, and whoever installs it decides about it.
"""

from __future__ import annotations

import functools
import shutil
import subprocess  # a voice is a program of its own, asked for by its fixed name
from types import MappingProxyType

from core.foundation.errors import BugError
from core.letters.model import Letter
from core.letters.render.speech import speech_text

WORDS_PER_MINUTE = 150
LONGEST_S = 120
_VOICES = MappingProxyType(
    {"en": "en-gb", "cy": "cy", "pl": "pl", "ar": "ar", "ur": "ur", "bn": "bn", "gu": "gu", "pa": "pa"}
)


def has_voice(language: str) -> bool:
    """Whether this machine can read a letter out in a language."""
    return _program() is not None and _voice(language) != ""


def spoken(letter: Letter) -> bytes:
    """The letter as a WAV file, in memory.

    Raises:
        BugError: there is no voice (`has_voice` was not asked), or it said nothing.
    """
    program, voice = _program(), _voice(letter.language)
    if program is None or not voice:
        raise BugError(rule="a letter is read out only where there is a voice")
    asked = [program, "-v", voice, "-s", str(WORDS_PER_MINUTE), "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603  # no shell; the words go in as data
            asked, input=speech_text(letter).encode("utf-8"), capture_output=True, check=True, timeout=LONGEST_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BugError(rule="a voice that is there reads a letter out") from error
    return _with_lengths(done.stdout)


def _with_lengths(wave: bytes) -> bytes:
    """A WAV that came through a pipe says nothing true of its length: say it."""
    at = wave.find(b"data", 12)
    if wave[:4] != b"RIFF" or at < 0 or len(wave) <= at + 8:
        raise BugError(rule="a voice answers with a WAV file")
    size, rest = len(wave) - 8, len(wave) - at - 8
    head = wave[:4] + size.to_bytes(4, "little") + wave[8 : at + 4] + rest.to_bytes(4, "little")
    return head + wave[at + 8 :]


def _voice(language: str) -> str:
    return _VOICES.get(language.partition("-")[0].lower(), "")


@functools.cache
def _program() -> str | None:
    return shutil.which("espeak-ng")
