"""Files as cameras and phones make them, built byte by byte, and folders to put them in."""

from __future__ import annotations

import random
import struct
import zlib

PLACE = b"52/1,12/1,3456/100"
"""Stands in every made-up picture where a camera writes its position; found again if a copy still holds it."""
DEVICE = b"Quillphone 7 of A. Bright"


def noise(size_bytes: int, seed: int = 1) -> bytes:
    """Bytes that squeeze to nothing smaller."""
    return random.Random(seed).randbytes(size_bytes)


def tiff_with_place(turning: int = 6, order: str = ">") -> bytes:
    """EXIF with how the camera was held, what camera it was, and a GPS directory with a latitude."""
    mark = b"MM" if order == ">" else b"II"
    make_at, gps_at = 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + len(DEVICE) + 1
    first = struct.pack(
        f"{order}2sHIHHHIHHHHIIHHIII", mark, 42, 8, 3,
        0x0112, 3, 1, turning, 0,
        0x0110, 2, len(DEVICE) + 1, make_at,
        0x8825, 4, 1, gps_at, 0,
    )  # fmt: skip
    place_at = gps_at + 2 + 2 * 12 + 4
    gps = struct.pack(f"{order}HHHI4sHHIII", 2, 1, 2, 2, b"N\0\0\0", 2, 5, 3, place_at, 0)
    position = struct.pack(f"{order}6I", 52, 1, 12, 1, 3456, 100) + PLACE
    return first + DEVICE + b"\0" + gps + position


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def with_place(jpeg: bytes, *, turning: int = 6) -> bytes:
    """A plain JPEG made to look as from a phone: EXIF, XMP, IPTC, a comment, and a little film after its end."""
    exif = segment(0xE1, b"Exif\0\0" + tiff_with_place(turning))
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='" + PLACE + b"'/>")
    iptc = segment(0xED, b"Photoshop 3.0\0" + PLACE)
    comment = segment(0xFE, b"taken by " + DEVICE)
    maker = segment(0xEB, PLACE)
    return jpeg[:2] + exif + xmp + iptc + maker + comment + jpeg[2:] + b"\0\0\0\x18ftypmp42" + PLACE


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + kind + payload + zlib.crc32(kind + payload).to_bytes(4, "big")


def png(width: int = 4, height: int = 3, *extra: bytes) -> bytes:
    """A small grey PNG; `extra` pieces stand before its picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((90 + y,)) * width for y in range(height))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", png_chunk(b"IHDR", head), *extra, png_chunk(b"IDAT", zlib.compress(rows)),
         png_chunk(b"IEND", b""))
    )  # fmt: skip


def png_with_place() -> bytes:
    return (
        png(4, 3, png_chunk(b"eXIf", tiff_with_place()), png_chunk(b"tEXt", b"Comment\0" + PLACE),
            png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PLACE), png_chunk(b"prVt", DEVICE))
        + PLACE
    )  # fmt: skip


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def mp4_with_place(*, place_track: bool = False) -> bytes:
    """A film of one track as phones make them, with its place in `udta` and `meta`."""
    handler = box(b"hdlr", bytes(8), b"meta" if place_track else b"vide", bytes(12))
    track = box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", handler, box(b"minf", bytes(8))), box(b"udta", PLACE))
    keys = box(b"meta", box(b"keys", PLACE), box(b"ilst", DEVICE))
    movie = box(b"moov", box(b"mvhd", bytes(100)), track, box(b"udta", box(b"\xa9xyz", PLACE)), keys)
    return box(b"ftyp", b"mp42", bytes(4), b"mp42isom") + box(b"mdat", noise(3000)) + movie + box(b"uuid", PLACE)


def heic_with_place() -> bytes:
    """A HEIC picture with a picture item and an Exif item that lies among the picture's data."""
    picture, exif = noise(2000, 5), tiff_with_place()
    kind = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    infos = box(
        b"iinf", bytes(4), (2).to_bytes(2, "big"),
        box(b"infe", b"\2\0\0\0", (1).to_bytes(2, "big"), bytes(2), b"hvc1\0"),
        box(b"infe", b"\2\0\0\0", (2).to_bytes(2, "big"), bytes(2), b"Exif\0"),
    )  # fmt: skip

    def located(start: int) -> bytes:
        entries = b"".join(
            number.to_bytes(2, "big") + bytes(2) + (1).to_bytes(2, "big") + place.to_bytes(4, "big")
            + length.to_bytes(4, "big")
            for number, place, length in ((1, start, len(picture)), (2, start + len(picture), len(exif)))
        )  # fmt: skip
        return box(b"iloc", bytes(4), b"\x44\x00", (2).to_bytes(2, "big"), entries)

    def meta(start: int) -> bytes:
        return box(b"meta", bytes(4), box(b"hdlr", bytes(8), b"pict", bytes(12)), infos, located(start))

    start = len(kind) + len(meta(0)) + 8
    return kind + meta(start) + box(b"mdat", picture, exif)
