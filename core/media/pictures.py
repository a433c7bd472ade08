"""Pictures without what cameras and phones write beside the picture: place, time, device, name, thumbnail.

Nothing is drawn again: the picture's own bytes are copied, and only pieces known to be needed to show it are kept. How
the picture was held (its turning) is kept, because without it the copy would lie on its side.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from core.foundation.errors import EncodingRejected

MAX_PICTURE_BYTES = 64 * 1024 * 1024
"""A larger one is not cleaned."""

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF = b"Exif\0\0"
_ICC = b"ICC_PROFILE\0"
_JFIF_BYTES = 14

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
        b"pHYs", b"hIST", b"sPLT", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04

_ORIENTATION_TAG = 0x0112
_SHORT = 3
_TURNED = range(2, 9)


def clean_jpeg(untrusted_data: bytes) -> bytes:
    """A JPEG with its picture, colour profile and turning, and nothing else; what follows the picture is dropped.

    Raises:
        EncodingRejected: it is no JPEG that can be read piece by piece to its end.
    """
    if untrusted_data[:2] != b"\xff\xd8":
        raise EncodingRejected(reason="it is no JPEG")
    made = bytearray(b"\xff\xd8")
    turning = 1
    ended = False
    pieces: list[tuple[int, bytes]] = []
    for marker, payload, scan in _jpeg_pieces(untrusted_data):
        if marker == _APP1 and payload.startswith(_EXIF):
            turning = orientation_in(payload[len(_EXIF) :]) or turning
        elif marker == _EOI:
            ended = True
        elif kept := _jpeg_kept(marker, payload):
            pieces.append((marker, kept + scan))
    if not ended:
        raise EncodingRejected(reason="the picture has no end")
    if pieces and pieces[0][0] == _APP0:  # JFIF comes first where there is one
        made += pieces.pop(0)[1]
    if turning in _TURNED:
        made += _segment(_APP1, _EXIF + _tiff_with_only(turning))
    for _, piece in pieces:
        made += piece
    return bytes(made + b"\xff\xd9")


def clean_png(untrusted_data: bytes) -> bytes:
    """A PNG with the pieces that show it; text, time and everything unknown are dropped.

    Raises:
        EncodingRejected: it is no PNG that can be read piece by piece to its end.
    """
    if untrusted_data[:8] != _PNG_MAGIC:
        raise EncodingRejected(reason="it is no PNG")
    made = bytearray(_PNG_MAGIC)
    turning, place = 1, 8
    while True:
        if place + 12 > len(untrusted_data):
            raise EncodingRejected(reason="the picture has no end")
        length = int.from_bytes(untrusted_data[place : place + 4], "big")
        kind = untrusted_data[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(untrusted_data):
            raise EncodingRejected(reason="a piece of the picture is cut short")
        if kind == b"eXIf":
            turning = orientation_in(untrusted_data[place + 8 : place + 8 + length]) or turning
        if kind == b"IEND" and turning in _TURNED:
            made += _png_chunk(b"eXIf", _tiff_with_only(turning))
        if kind in _PNG_KEPT:
            made += untrusted_data[place:end]
        if kind == b"IEND":
            return bytes(made)
        place = end


def clean_webp(untrusted_data: bytes) -> bytes:
    """A WebP with the pieces that show it.

    Raises:
        EncodingRejected: it is no WebP that can be read piece by piece to its end.
    """
    if untrusted_data[:4] != b"RIFF" or untrusted_data[8:12] != b"WEBP":
        raise EncodingRejected(reason="it is no WebP")
    whole = 8 + int.from_bytes(untrusted_data[4:8], "little")
    if whole > len(untrusted_data):
        raise EncodingRejected(reason="the picture is cut short")
    body = bytearray()
    place, seen = 12, False
    while place + 8 <= whole:
        kind = untrusted_data[place : place + 4]
        length = int.from_bytes(untrusted_data[place + 4 : place + 8], "little")
        end = place + 8 + length + length % 2
        if place + 8 + length > whole:
            raise EncodingRejected(reason="a piece of the picture is cut short")
        if kind in _WEBP_KEPT:
            piece = bytearray(untrusted_data[place:end])
            if kind == b"VP8X" and length:
                piece[8] &= 0xFF & ~(_WEBP_EXIF | _WEBP_XMP)
            body += piece
            seen = True
        place = end
    if not seen:
        raise EncodingRejected(reason="there is no picture in it")
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + bytes(body)


def orientation_in(untrusted_tiff: bytes) -> int | None:
    """How the camera was held, 1 to 8, as EXIF says it; None if it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(untrusted_tiff[:2])
    if order is None or len(untrusted_tiff) < 8:
        return None
    start = struct.unpack_from(f"{order}I", untrusted_tiff, 4)[0]
    if start + 2 > len(untrusted_tiff):
        return None
    count = struct.unpack_from(f"{order}H", untrusted_tiff, start)[0]
    for place in range(start + 2, start + 2 + 12 * count, 12):
        if place + 12 > len(untrusted_tiff):
            return None
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", untrusted_tiff, place)
        if tag == _ORIENTATION_TAG and kind == _SHORT:
            return value if value in range(1, 9) else None
    return None


def _jpeg_pieces(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, payload, the coded picture that follows it) up to the end of the picture."""
    place = 2
    while place < len(data):
        if data[place] != 0xFF:
            raise EncodingRejected(reason="the pieces of the picture do not follow each other")
        while place < len(data) and data[place] == 0xFF:
            place += 1
        if place >= len(data):
            return
        marker = data[place]
        place += 1
        if marker == _EOI:
            yield marker, b"", b""
            return
        if marker in _STANDALONE:
            continue
        length = int.from_bytes(data[place : place + 2], "big")
        if marker in (0, _SOI) or length < 2 or place + length > len(data):
            raise EncodingRejected(reason="a piece of the picture is cut short")
        payload = data[place + 2 : place + length]
        place += length
        scan_end = _scan_end(data, place) if marker == _SOS else place
        yield marker, payload, data[place:scan_end]
        place = scan_end


def _scan_end(data: bytes, place: int) -> int:
    """Where the coded picture ends: at the first marker that is neither a stuffed byte nor a restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            return len(data)
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            if data[place + 1] != 0xFF:
                return place
            place += 1
            continue
        place += 2


def _jpeg_kept(marker: int, payload: bytes) -> bytes:
    if marker == _APP0:
        if not payload.startswith(b"JFIF\0") or len(payload) < _JFIF_BYTES:
            return b""
        return _segment(_APP0, payload[: _JFIF_BYTES - 2] + b"\0\0")  # without its small picture
    if marker == _APP2:
        return _segment(marker, payload) if payload.startswith(_ICC) else b""
    if marker == _APP14:
        return _segment(marker, payload[:12]) if payload.startswith(b"Adobe") else b""
    if _APP0 <= marker <= _APP15 or marker == _COM:
        return b""
    return _segment(marker, payload)


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + kind + payload + zlib.crc32(kind + payload).to_bytes(4, "big")


def _tiff_with_only(turning: int) -> bytes:
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION_TAG, _SHORT, 1, turning, 0, 0)
