"""Line icons in a colour of the theme, sharp at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QImageReader, QPixmap

from core.foundation.errors import BugError
from desktop.theme.fonts import RESOURCES

_DENSITIES = (1, 2, 3)


def icon(name: str, colour: str, side_px: int = 18) -> QIcon:
    """The icon `resources/icons/<name>.svg` in one colour.

    Raises:
        BugError: there is no such icon.
    """
    result = QIcon()
    for density in _DENSITIES:
        result.addPixmap(_pixmap(name, colour, side_px, density))
    return result


def pixmap(name: str, colour: str, side_px: int, density: float) -> QPixmap:
    """The icon as a picture for painting at one screen density."""
    return _pixmap(name, colour, side_px, max(1, round(density)))


def _pixmap(name: str, colour: str, side_px: int, density: int) -> QPixmap:
    picture = QPixmap.fromImage(_image(name, colour, side_px * density))
    picture.setDevicePixelRatio(density)
    return picture


@lru_cache(maxsize=512)
def _image(name: str, colour: str, side_px: int) -> QImage:
    try:
        source = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError as error:
        raise BugError(rule=f"there is an icon called {name}") from error
    buffer = QBuffer()
    buffer.setData(QByteArray(source.replace("currentColor", colour).encode()))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(side_px, side_px))
    image = reader.read()
    if image.isNull():
        image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
    return image
