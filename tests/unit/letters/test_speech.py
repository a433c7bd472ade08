"""A letter read out: what is said, and the sound itself where there is a voice."""

from __future__ import annotations

import io
import wave

import pytest

from core.foundation.errors import BugError
from core.letters.render.audio import has_voice, spoken
from core.letters.render.speech import speech_text
from tests.support.letter_pages import sample_letter


def test_numbers_are_said_digit_by_digit_and_addresses_spelt() -> None:
    said = speech_text(sample_letter(reference="L-AB3D5F"))
    assert "0 1 8 6 5, 4 9 6, 0 1 2 3" in said
    assert "hello at imani hyphen housing dot example" in said
    assert "O X 3, 0 A B" in said
    assert "L A B 3 D 5 F" in said
    assert "call the police on 9 9 9" in said
    assert "01865" not in said


def test_a_heading_has_a_pause_of_its_own() -> None:
    assert "\nWhat we mean by harassment.\n" in speech_text(sample_letter())


def test_no_somali_voice_is_said_and_not_faked() -> None:
    assert not has_voice("so")
    with pytest.raises(BugError):
        spoken(sample_letter().__class__(**{**_fields(), "language": "so"}))


def _fields() -> dict[str, object]:
    letter = sample_letter()
    return {name: getattr(letter, name) for name in letter.__slots__}


def test_where_a_voice_is_installed_a_letter_is_a_sound_file_of_true_length() -> None:
    if not has_voice("en-GB"):
        pytest.skip("no voice is installed: apt-get install espeak-ng")
    with wave.open(io.BytesIO(spoken(sample_letter()))) as sound:
        assert 60 < sound.getnframes() / sound.getframerate() < 600
