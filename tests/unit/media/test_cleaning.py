"""A copy without location data: nothing of the place is left, the picture is the same, and what is odd is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.foundation.errors import CopyNotCleaned, EncodingRejected
from core.media.cleaning import can_clean, cleaned
from core.media.kinds import media_type_of, words_for
from core.media.pictures import clean_jpeg, clean_png, clean_webp, orientation_in
from tests.support import files


class InMemory:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read_at(self, place: int, count: int) -> bytes:
        return self._data[place : place + count]


def clean(data: bytes) -> bytes:
    kind = media_type_of(data[:64], "")
    return b"".join(cleaned(InMemory(data), len(data), kind))


def a_jpeg(*, progressive: bool = False, icc: bytes = b"") -> bytes:
    picture = Image.effect_noise((67, 45), 60).convert("RGB")
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85, progressive=progressive, icc_profile=icc or None)
    return made.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").tobytes()


def tells(data: bytes) -> bool:
    return files.PLACE in data or files.DEVICE in data or b"GPS" in data


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_its_picture_and_its_turning_and_loses_the_place(progressive: bool) -> None:
    plain = a_jpeg(progressive=progressive, icc=b"a colour profile" * 10)
    given = files.with_place(plain)
    assert tells(given)
    made = clean(given)
    assert not tells(made)
    assert pixels(made) == pixels(plain)
    with Image.open(io.BytesIO(made)) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}
        assert picture.info["icc_profile"] == b"a colour profile" * 10


def test_a_jpeg_that_was_held_upright_gets_no_exif_at_all() -> None:
    assert b"Exif" not in clean(files.with_place(a_jpeg(), turning=1))


def test_a_png_keeps_its_picture_and_loses_texts_time_and_what_nobody_knows() -> None:
    made = clean(files.png_with_place())
    assert not tells(made)
    assert pixels(made) == pixels(files.png())
    with Image.open(io.BytesIO(made)) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}


def test_a_webp_keeps_its_picture_and_loses_exif_and_xmp() -> None:
    picture = Image.effect_noise((33, 21), 60).convert("RGB")
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = files.DEVICE.decode()
    picture.save(made, "WEBP", lossless=True, exif=exif, xmp=files.PLACE)
    assert tells(made.getvalue())
    kept = clean(made.getvalue())
    assert not tells(kept)
    assert pixels(kept) == picture.tobytes()


@pytest.mark.parametrize("make", [files.mp4_with_place, files.heic_with_place])
def test_films_and_heic_pictures_are_overwritten_in_place(make: object) -> None:
    given: bytes = make()  # type: ignore[operator]  # one of two functions
    made = clean(given)
    assert tells(given)
    assert not tells(made)
    assert len(made) == len(given)
    assert files.noise(2000, 5) in made or files.noise(3000) in made, "the picture itself is as it was"


def test_a_film_with_a_track_of_places_is_refused_rather_than_half_cleaned() -> None:
    with pytest.raises(CopyNotCleaned):
        clean(files.mp4_with_place(place_track=True))


@pytest.mark.parametrize("kind", ["application/pdf", "text/plain", "audio/mpeg", "image/tiff", "image/gif"])
def test_other_kinds_are_refused(kind: str) -> None:
    assert not can_clean(kind, 100)
    with pytest.raises(CopyNotCleaned):
        cleaned(InMemory(b"x" * 100), 100, kind)


def test_a_picture_cut_short_is_refused() -> None:
    for data, cleaner in ((a_jpeg(), clean_jpeg), (files.png(), clean_png)):
        for end in range(2, len(data) - 1, 7):
            with pytest.raises(EncodingRejected):
                cleaner(data[:end])


@given(st.binary(max_size=400))
def test_whatever_bytes_come_they_are_refused_in_one_way(data: bytes) -> None:
    for kind, head in (
        ("image/jpeg", b"\xff\xd8"), ("image/png", b"\x89PNG\r\n\x1a\n"), ("image/webp", b"RIFF\x40\0\0\0WEBP"),
        ("image/heic", b"\0\0\0\x10ftypheic\0\0\0\0"), ("video/mp4", b"\0\0\0\x10ftypmp42\0\0\0\0"),
    ):  # fmt: skip
        whole = head + data
        try:
            b"".join(cleaned(InMemory(whole), len(whole), kind))
        except CopyNotCleaned:
            continue


@given(st.integers(0, 500), st.integers(0, 255))
def test_a_damaged_heic_is_refused_or_still_cleaned(place: int, value: int) -> None:
    whole = bytearray(files.heic_with_place())
    whole[place % len(whole)] = value
    try:
        made = b"".join(cleaned(InMemory(bytes(whole)), len(whole), "image/heic"))
    except CopyNotCleaned:
        return
    assert len(made) == len(whole)


def test_turning_is_read_in_either_order_of_bytes() -> None:
    assert orientation_in(files.tiff_with_place(8, ">")) == 8
    assert orientation_in(files.tiff_with_place(3, "<")) == 3
    assert orientation_in(b"II*\0\xff\xff\xff\xff") is None


def test_kinds_go_by_the_first_bytes_and_only_then_by_the_name() -> None:
    assert media_type_of(b"%PDF-1.7", "photo.jpg") == "application/pdf"
    assert media_type_of(b"MZ\x90\0", "statement.exe") == "application/octet-stream"
    assert media_type_of(b"PK\x03\x04", "minutes.docx").endswith("wordprocessingml.document")
    assert media_type_of(b"hello", "said.txt") == "text/plain"
    assert media_type_of(files.heic_with_place()[:64], "x") == "image/heic"
    assert words_for("audio/amr") == "sound recording"
    assert clean_webp
