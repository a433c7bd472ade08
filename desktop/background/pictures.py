"""Pictures from bytes in memory, turned as the camera was held, and never larger than a screen can use."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from core.foundation.errors import FileUnreadable
from core.foundation.ports import CancelToken, Progress

LONGEST_SIDE_PX = 6_000
"""A longer side is made this long while reading: nobody sees more, and a hostile picture fills no memory."""
MOST_MIB = 512
"""What one picture may take while it is read."""
READABLE = {
    "image/jpeg": b"jpeg", "image/png": b"png", "image/gif": b"gif", "image/webp": b"webp", "image/bmp": b"bmp",
    "image/tiff": b"tiff",
}  # fmt: skip


def can_read(media_type: str) -> bool:
    """Whether this kind of picture can be shown on this machine."""
    known = READABLE.get(media_type)
    return known is not None and QByteArray(known) in QImageReader.supportedImageFormats()


def read_picture(data: bytes, media_type: str, progress: Progress, cancel: CancelToken) -> QImage:
    """The picture, read as the kind its first bytes say and as no other.

    Raises:
        FileUnreadable: it cannot be shown.
    """
    cancel.check()
    QImageReader.setAllocationLimit(MOST_MIB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(READABLE.get(media_type, b"none")))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE_PX:
        longest = QSize(LONGEST_SIDE_PX, LONGEST_SIDE_PX)
        reader.setScaledSize(size.scaled(longest, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise FileUnreadable(path="The picture", reason="it is damaged, or of a kind that cannot be shown here")
    return image
