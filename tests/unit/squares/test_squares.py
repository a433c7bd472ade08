"""Square codes: what is made is read back from paper, screens and photographs; what is damaged is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from core.foundation.errors import AppError, BugError, FileUnreadable, NoCodeInPicture
from core.squares import reading
from core.squares.making import QUIET_MODULES, Square, square_of
from core.squares.reading import texts_in

CODE = "LAPTOP-" + "-".join(["ABCDE", "FGHJ2", "34567"] * 4)
LONG = "IMANI-" + "-".join(["ABCDE", "FGHJ2", "34567"] * 22)


def drawn(square: Square, *, module_px: int = 6, quiet: int = QUIET_MODULES) -> Image.Image:
    side = square.size + 2 * quiet
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(square.rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + quiet, y + quiet), 0)
    return picture.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)


def kept(picture: Image.Image, path: Path, kind: str = "PNG") -> Path:
    picture.save(path, kind)
    return path


@pytest.mark.parametrize("text", [CODE, LONG, "A"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PDF"])
def test_what_is_made_is_read_back(tmp_path: Path, text: str, kind: str) -> None:
    assert texts_in(kept(drawn(square_of(text)), tmp_path / "code", kind)) == (text,)


def test_a_photograph_that_is_turned_dim_soft_and_in_a_corner_is_read(tmp_path: Path) -> None:
    table = Image.new("L", (2400, 1800), 90)
    code = drawn(square_of(LONG), module_px=8).rotate(17, expand=True, fillcolor=200)
    table.paste(code, (1100, 700))
    photo = table.filter(ImageFilter.GaussianBlur(1.4)).point(lambda value: 40 + value // 2)
    assert texts_in(kept(photo, tmp_path / "photo.jpg", "JPEG")) == (LONG,)


def test_a_see_through_picture_is_read_as_it_looks_on_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    ink = drawn(square_of(CODE), module_px=8)
    clear.paste((0, 0, 0, 255), (40, 40), ink.point(lambda value: 255 - value))
    assert texts_in(kept(clear, tmp_path / "clear.png")) == (CODE,)


def test_a_smudged_code_is_read_or_refused_and_never_read_as_something_else(tmp_path: Path) -> None:
    whole = drawn(square_of(CODE))
    outcomes = set()
    for part in range(0, 60, 4):
        smudged = whole.copy()
        wide = whole.width * part // 100
        smudged.paste(128, (whole.width // 3, whole.height // 3, whole.width // 3 + wide, whole.height // 3 + wide))
        try:
            outcomes.add(texts_in(kept(smudged, tmp_path / "smudged.png")))
        except NoCodeInPicture:
            outcomes.add("refused")
    assert outcomes == {(CODE,), "refused"}


def test_other_kinds_of_code_are_not_taken(tmp_path: Path) -> None:
    bars = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("IMANI", zxingcpp.BarcodeFormat.Code128), scale=3)
    picture = Image.frombuffer("L", (bars.shape[1], bars.shape[0]), bytes(bars), "raw", "L", 0, 1)
    with pytest.raises(NoCodeInPicture):
        texts_in(kept(picture, tmp_path / "bars.png"))


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n%%EOF", b"GIF89a" + b"\xff" * 99]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(NoCodeInPicture):
        texts_in(tmp_path / "x")


def test_a_missing_or_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileUnreadable):
        texts_in(tmp_path / "none.png")
    path = kept(drawn(square_of(CODE)), tmp_path / "code.png")
    monkeypatch.setattr(reading, "MAX_PIXELS", 1_000)
    with pytest.raises(NoCodeInPicture):
        texts_in(path)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    with pytest.raises(FileUnreadable):
        texts_in(path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_the_bytes_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "PDF", "WEBP", "TIFF", "BMP"]))
    held = io.BytesIO()
    drawn(square_of(CODE), module_px=3).save(held, kind)
    spoilt = bytearray(held.getvalue())
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(spoilt)))
    path = tmp_path_factory.mktemp("spoilt") / "x"
    path.write_bytes(bytes(spoilt[:cut] if data.draw(st.booleans()) else spoilt))
    try:
        assert texts_in(path) == (CODE,)
    except AppError as error:
        assert isinstance(error, NoCodeInPicture)


@pytest.mark.parametrize("text", ["", "A" * 2_001])
def test_a_code_holds_a_short_text(text: str) -> None:
    with pytest.raises(BugError):
        square_of(text)
