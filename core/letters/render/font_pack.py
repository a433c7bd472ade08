"""The Chinese typeface: ten megabytes a weight, so it does not come with the program but is brought to a computer once.

It is one family that was tried, Noto Sans SC (SIL Open Font License), as TrueType files, regular and bold. A file is
taken for what its own name table says it is, never for what it is called. It lies in the user's own folder, beside no
case data.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

from core.foundation.errors import FontPackUnknown
from core.foundation.files import make_private_folder, read_capped, translated, write_atomic

FAMILY = "Noto Sans SC"
_LARGEST_BYTES = 40 * 1024 * 1024
_NEEDED = {"Regular": "CaseworkChinese-Regular.ttf", "Bold": "CaseworkChinese-Bold.ttf"}


def pack_folder() -> Path:
    """The user's own folder for typefaces brought to this computer."""
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "workbook-typefaces"


@functools.cache
def pack_files() -> tuple[Path, ...]:
    """Regular and bold where both are here, otherwise nothing."""
    found = tuple(pack_folder() / name for name in _NEEDED.values())
    return found if all(path.is_file() for path in found) else ()


def bring_pack(source: Path) -> tuple[str, ...]:
    """Copy the typeface from a folder (or the folder of a file) to this computer; returns the names of the files taken.

    Raises:
        FontPackUnknown: the two weights are not there; nothing was copied.
        FolderNotWritable, DiskFull: it could not be kept.
    """
    folder = source if source.is_dir() else source.parent
    found: dict[str, Path] = {}
    try:
        for path in sorted([*folder.glob("*.ttf"), *folder.glob("*/*.ttf")]):
            weight = _weight(path)
            if weight:
                found.setdefault(weight, path)
    except OSError as error:
        raise translated(error, folder) from error
    missing = [weight.lower() for weight in _NEEDED if weight not in found]
    if missing:
        raise FontPackUnknown(missing=" and ".join(missing))
    make_private_folder(pack_folder())
    for weight, name in _NEEDED.items():
        write_atomic(pack_folder() / name, read_capped(found[weight], _LARGEST_BYTES))
    pack_files.cache_clear()
    return tuple(found[weight].name for weight in _NEEDED)


def _weight(path: Path) -> str:
    """Which weight of the family a file says it is; "" for everything else."""
    if path.stat().st_size > _LARGEST_BYTES:
        return ""
    try:
        name = TTFontFile(str(path), charInfo=0).name.decode("ascii", "replace")
    except (TTFError, OSError, ValueError):
        return ""
    stem, _, weight = name.partition("-")
    return weight if stem == FAMILY.replace(" ", "") and weight in _NEEDED else ""
