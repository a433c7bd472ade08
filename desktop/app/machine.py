"""Can this machine show a window at all? Asked before Qt is touched, because Qt aborts instead of saying.

Qt blames libxcb-cursor0 whichever library is missing, so each is tried by name.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

EXIT_LIBRARY_MISSING = 3
EXIT_NO_DISPLAY = 4

TO_START = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
}
TO_SHOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Library -> Debian package; what these need themselves comes with them."""

_OLD_NAMES = ("bookworm", "jammy", "bullseye")


def refusal(
    environment: Mapping[str, str],
    *,
    platform: str = sys.platform,
    loads: Callable[[str], bool] | None = None,
    release: str | None = None,
) -> tuple[int, str] | None:
    """(exit code, sentence) if a window cannot be shown here, else None. Only Linux is asked."""
    if not platform.startswith("linux"):
        return None
    hidden = environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in {"offscreen", "minimal", "vnc"}
    needed = TO_START if hidden else {**TO_START, **TO_SHOW}
    can_load = loads or _loads
    missing = [package for library, package in needed.items() if not can_load(library)]
    if missing:
        names = " ".join(_named(package, release if release is not None else _release()) for package in missing)
        return EXIT_LIBRARY_MISSING, (
            "Workbook cannot start: some system libraries are missing. Nothing was changed. "
            f"Run this line once, then try again:\n  sudo apt-get install {names}"
        )
    if not hidden and not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return EXIT_NO_DISPLAY, (
            "Workbook cannot start: there is no screen to show its window on. Nothing was changed. "
            "Run it from the desktop of this computer, or use the command line program `imani`."
        )
    return None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _named(package: str, release: str) -> str:
    renamed = package == "libglib2.0-0" and release and not any(name in release for name in _OLD_NAMES)
    return "libglib2.0-0t64" if renamed else package


def _release() -> str:
    path = Path("/etc/os-release")
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() and os.name == "posix" else ""
