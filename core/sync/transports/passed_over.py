"""What lies in a shared folder and is never read: `verify-folder` says so, an exchange passes it over."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from core.sync.engine.envelope import is_name

LITTER = frozenset({"desktop.ini", "thumbs.db", ".ds_store", ".directory", ".stfolder", ".nomedia", "icon\r"})
"""What systems and sync programs put into every folder, in small letters. It changes all the time and means nothing."""
LITTER_BEGINS = ("~$", ".~lock.", "._", ".~", ".syncthing.", "~syncthing~", ".owncloudsync", ".sync_", ".nextcloudsync")


class PassedOver(Enum):
    """Why something is not read."""

    EMPTY = "empty"
    LINK = "link"
    FOLDER = "folder"
    SPECIAL = "special"
    SHUT = "shut"


def is_litter(name: str) -> bool:
    """Whether a system or another program made a file for itself."""
    small = name.casefold()
    return small in LITTER or small.startswith(LITTER_BEGINS)


def passed_over(root: Path, prefix: str) -> Iterator[tuple[str, PassedOver]]:
    """Every empty file, link and pipe below a prefix, every folder under a file's name or that cannot be opened."""
    waiting = [(root / prefix, prefix)]
    while waiting:
        folder, folder_name = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError:
            yield folder_name, PassedOver.SHUT
            continue
        for entry in entries:
            name = f"{folder_name}/{entry.name}"
            try:
                what = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(what.st_mode):
                waiting.append((Path(entry.path), name))
            why = _why(entry.name, what.st_mode, what.st_size)
            if why is not None and not is_litter(entry.name):
                yield name, why


def _why(name: str, mode: int, size: int) -> PassedOver | None:
    if stat.S_ISLNK(mode):
        return PassedOver.LINK
    if stat.S_ISDIR(mode):
        return PassedOver.FOLDER if is_name(name) else None
    if not stat.S_ISREG(mode):
        return PassedOver.SPECIAL
    return None if size else PassedOver.EMPTY
