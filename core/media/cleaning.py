"""A copy without location data, piece by piece, for the kinds of files where that can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.foundation.errors import CopyNotCleaned, EncodingRejected
from core.media.boxes import Patch, Readable, telling_pieces
from core.media.pictures import MAX_PICTURE_BYTES, clean_jpeg, clean_png, clean_webp

BLOCK_BYTES = 1024 * 1024

_WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": clean_jpeg, "image/png": clean_png, "image/webp": clean_webp,
}  # fmt: skip
_IN_PLACE = frozenset({"image/heic", "image/avif", "video/mp4", "video/quicktime", "audio/mp4"})


def can_clean(media_type: str, size_bytes: int) -> bool:
    """Whether a copy without location data can be made of this kind of file. A single file may still refuse."""
    return media_type in _IN_PLACE or (media_type in _WHOLE and size_bytes <= MAX_PICTURE_BYTES)


def cleaned(source: Readable, size_bytes: int, media_type: str) -> Iterator[bytes]:
    """The file without what says where, when and with what it was made. Nothing is given out before all is checked.

    Raises:
        CopyNotCleaned: this kind of file, or this one, cannot be cleaned with certainty.
    """
    if not can_clean(media_type, size_bytes):
        raise CopyNotCleaned(reason="that is not possible for this kind of file")
    try:
        if media_type in _WHOLE:
            return iter((_WHOLE[media_type](source.read_at(0, size_bytes)),))
        return _patched(source, size_bytes, telling_pieces(source, size_bytes))
    except EncodingRejected as error:
        raise CopyNotCleaned(reason=str(error.fields.get("reason", "it is not built as such files are"))) from error


def _patched(source: Readable, size_bytes: int, patches: tuple[Patch, ...]) -> Iterator[bytes]:
    for start in range(0, size_bytes, BLOCK_BYTES):
        block = bytearray(source.read_at(start, min(BLOCK_BYTES, size_bytes - start)))
        end = start + len(block)
        for patch in patches:
            first, last = max(start, patch.place), min(end, patch.place + patch.size_bytes)
            if first < last:
                inside = slice(first - patch.place, last - patch.place)
                block[first - start : last - start] = patch.data[inside] if patch.data else bytes(last - first)
        yield bytes(block)
