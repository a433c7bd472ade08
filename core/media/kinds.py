"""What kind of file it is, by its first bytes; the name only decides where the bytes do not."""

from __future__ import annotations

from pathlib import PurePath

HEAD_BYTES = 64
"""How many of the first bytes `media_type_of` looks at."""
UNKNOWN = "application/octet-stream"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic", b"heim": "image/heic",
    b"heis": "image/heic", b"hevc": "image/heic", b"avif": "image/avif", b"avis": "image/avif", b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
_BY_NAME = {
    ".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822", ".msg": "application/vnd.ms-outlook",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text", ".zip": "application/zip", ".mp3": "audio/mpeg",
}  # fmt: skip
_WORDS = {
    "image/jpeg": "JPEG picture", "image/png": "PNG picture", "image/gif": "GIF picture", "image/webp": "WebP picture",
    "image/heic": "HEIC picture", "image/avif": "AVIF picture", "image/tiff": "TIFF picture",
    "image/bmp": "bitmap picture", "application/pdf": "PDF document", "text/plain": "text", "text/csv": "table of text",
    "message/rfc822": "email", "application/vnd.ms-outlook": "email", "application/msword": "office document",
    "application/rtf": "text document", "application/zip": "archive",
    _BY_NAME[".docx"]: "Word document", _BY_NAME[".xlsx"]: "Excel workbook", _BY_NAME[".odt"]: "text document",
}  # fmt: skip


def media_type_of(head: bytes, name: str) -> str:
    """The media type of a file that begins with `head`; what is not known is `application/octet-stream`."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    ending = PurePath(name).suffix.casefold()
    if head[:2] == b"PK":
        found = _BY_NAME.get(ending, "application/zip")
        return found if found.startswith("application/") else "application/zip"
    return _BY_NAME.get(ending, UNKNOWN)


def words_for(media_type: str) -> str:
    """The kind in words: "JPEG picture", "sound recording"."""
    if media_type in _WORDS:
        return _WORDS[media_type]
    family = media_type.partition("/")[0]
    return {"image": "picture", "audio": "sound recording", "video": "video"}.get(family, "file")
