"""The text of a square code in a photograph, a screenshot or a PDF page. The only module that imports zxing-cpp.

The file comes from anywhere, so it is bounded before it is decoded: bytes read, pixels unpacked, pages looked at.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, UnidentifiedImageError

from core.foundation.errors import NoCodeInPicture
from core.foundation.files import read_capped

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 64_000_000
"""More than any telephone takes; a few bytes can claim to be a picture of any size."""
MAX_PAGES = 3
LONGEST_TEXT = 4_000
_LONGEST_SIDE = 3_000
_PDF_SCALE = 3
_PICTURES = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_PDF = b"%PDF-"
_WHAT_A_SPOILT_FILE_RAISES = (
    OSError, ValueError, SyntaxError, MemoryError, EOFError, TypeError, ArithmeticError, LookupError, AttributeError,
    RuntimeError, struct.error, Image.DecompressionBombError, pypdfium2.PdfiumError,
)  # fmt: skip
"""The libraries promise nothing for bytes that are no picture; each of these was met or lies on a way through them."""


def texts_in(path: Path) -> tuple[str, ...]:
    """Every text that square codes in the picture or PDF hold, at least one.

    Raises:
        FileUnreadable: missing, not permitted, or too large.
        NoCodeInPicture: it is no picture, or there is no code in it that can be read.
    """
    data = read_capped(path, MAX_FILE_BYTES)
    found: list[str] = []
    try:
        for picture in _pictures(data):
            found += [text for text in _read(picture) if text not in found]
    except _WHAT_A_SPOILT_FILE_RAISES as error:
        raise NoCodeInPicture() from error
    if not found:
        raise NoCodeInPicture()
    return tuple(found)


def _pictures(data: bytes) -> Iterator[Image.Image]:
    if data[:1024].lstrip().startswith(_PDF):
        with pypdfium2.PdfDocument(data) as document:
            for number in range(min(len(document), MAX_PAGES)):
                page = document[number]
                wide, high = page.get_size()
                scale = min(_PDF_SCALE, _LONGEST_SIDE / max(wide, high, 1))
                yield page.render(scale=scale, grayscale=True).to_pil()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a strange file makes the library say is no concern of anybody's
        try:
            picture = Image.open(io.BytesIO(data), formats=_PICTURES)
        except UnidentifiedImageError as error:
            raise NoCodeInPicture() from error
        if picture.width * picture.height > MAX_PIXELS:
            raise NoCodeInPicture()
        picture.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        yield picture


def _read(picture: Image.Image) -> Iterator[str]:
    grey = _on_white(picture).convert("L")
    squares = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(grey, formats=squares, text_mode=zxingcpp.TextMode.Plain)
    for code in found:
        if code.valid and 0 < len(code.text) <= LONGEST_TEXT:
            yield code.text


def _on_white(picture: Image.Image) -> Image.Image:
    """A see-through picture as it looks on paper."""
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture
    layered = picture.convert("RGBA")
    paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    paper.alpha_composite(layered)
    return paper
