"""Which names a transport takes: relative, with `/`, inside our own place, and nothing that leads out of it."""

from __future__ import annotations

from core.foundation.errors import SharedFolderError

ROOT_NAME = "cwf1"
README_NAME = "README.txt"
README_TEXT = "The files in this folder are encrypted. Please do not rename, move or delete them.\n"


def checked_parts(name: str) -> tuple[str, ...]:
    """The parts of a name or a prefix.

    Raises:
        SharedFolderError: it does not begin with our own folder, or could lead out of it.
    """
    parts = tuple(name.rstrip("/").split("/"))
    if parts[0] != ROOT_NAME or any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise SharedFolderError(reason="a name in it is not one this program uses")
    return parts


def checked(name: str) -> str:
    """The same name, without a slash at its end.

    Raises:
        SharedFolderError: as above.
    """
    return "/".join(checked_parts(name))
