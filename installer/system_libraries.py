"""The system libraries Qt needs on Linux, checked by loading them before Qt is touched.

Checked first because Qt's own message always blames libxcb-cursor0, whichever library is missing, and
then aborts the process. On Debian and Ubuntu the missing ones are installed when we may; otherwise the
person gets the one line to run.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.refusal import EXIT_CANNOT_RUN_HERE, Refused

DRAWING = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Library -> Debian package, for Qt to start at all, even without a screen."""

WINDOWS = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Library -> Debian package, for Qt to open a window on a screen."""

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "strace": "strace",
    "xauth": "xauth",
    "dbus-run-session": "dbus",
    "at-spi-bus-launcher": "at-spi2-core",
}
"""Program -> Debian package, for the tests that drive the real window on a pretend screen."""

SYNC_PROGRAMS = {"syncthing": "syncthing"}
"""Program -> Debian package, for the test that lets a real sync program carry the folder."""

RENAMED_FOR_64_BIT_TIME = {"libglib2.0-0": "libglib2.0-0t64"}
RELEASES_BEFORE_THE_RENAMING = frozenset({"bookworm", "jammy", "kinetic", "lunar", "mantic"})

PROGRAM_FOLDERS = ("/usr/libexec", "/usr/lib/at-spi2-core")
PACKAGE_LISTS = Path("/var/lib/apt/lists")
OS_RELEASE_FILES = (Path("/etc/os-release"), Path("/usr/lib/os-release"))
APT_GET = ("apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300")
LINES_OF_APT_TO_SHOW = 12


@dataclass(frozen=True, slots=True)
class Needs:
    """Libraries and programs one verb cannot do without, each -> Debian package."""

    libraries: Mapping[str, str]
    programs: Mapping[str, str]


def missing_parts(needs: Needs) -> dict[str, str]:
    """What is absent on this machine, each -> Debian package."""
    absent = {name: package for name, package in needs.libraries.items() if not _loads(name)}
    absent.update({name: package for name, package in needs.programs.items() if not _has_program(name)})
    return absent


def provide(needs: Needs, say: Callable[[str], None]) -> None:
    """Make sure everything in `needs` is there.

    Raises:
        Refused: something is missing and we may not, or could not, install it.
    """
    absent = missing_parts(needs)
    if not absent:
        return
    release = os_release()
    if not (_is_debian_family(release) and shutil.which("apt-get")):
        raise Refused(EXIT_CANNOT_RUN_HERE, _sentence_for_other_linux(absent))
    packages = package_names(absent.values(), release)
    if _may_install():
        _install(packages, say)
        absent = missing_parts(needs)
    if absent:
        raise Refused(EXIT_CANNOT_RUN_HERE, sentence_with_the_line(package_names(absent.values(), release)))


def package_names(packages: Iterable[str], release: Mapping[str, str]) -> list[str]:
    """The names these Debian packages have in this release, each once, sorted."""
    codenames = [release.get(key, "") for key in ("UBUNTU_CODENAME", "DEBIAN_CODENAME", "VERSION_CODENAME")]
    if any(codename in RELEASES_BEFORE_THE_RENAMING for codename in codenames):
        return sorted(set(packages))
    return sorted({RENAMED_FOR_64_BIT_TIME.get(package, package) for package in packages})


def sentence_with_the_line(packages: list[str]) -> str:
    """What to say when a person must install `packages` themselves."""
    return (
        "Some system libraries are missing. Nothing was changed on this computer. "
        "Run this line once, or ask the person who looks after the computer to, and then try again:\n"
        f"  sudo apt-get install {' '.join(packages)}"
    )


def os_release() -> dict[str, str]:
    """The fields of the operating system's own description; empty when there is none."""
    for path in OS_RELEASE_FILES:
        if path.is_file():
            return parse_os_release(path.read_text(encoding="utf-8", errors="replace"))
    return {}


def parse_os_release(text: str) -> dict[str, str]:
    """Read os-release(5): NAME=value lines, values perhaps in quotes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _sentence_for_other_linux(absent: Mapping[str, str]) -> str:
    return (
        f"Some system libraries are missing: {', '.join(sorted(absent))}. Nothing was changed on this computer. "
        "Install the packages that hold them with this system's own software tool, and then try again."
    )


def _is_debian_family(release: Mapping[str, str]) -> bool:
    families = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return bool(families & {"debian", "ubuntu"})


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _install(packages: list[str], say: Callable[[str], None]) -> None:
    say(f"Installing system libraries (once; a minute or so): {' '.join(packages)}")
    if not any(PACKAGE_LISTS.glob("*_Packages*")):
        _apt_get("update")
    if _apt_get("install", "--no-install-recommends", *packages).returncode == 0:
        return
    say("  the package lists on this computer are out of date; renewing them")
    _apt_get("update")
    tried_again = _apt_get("install", "--no-install-recommends", *packages)
    if tried_again.returncode:
        say("\n".join(f"  {line}" for line in tried_again.stdout.splitlines()[-LINES_OF_APT_TO_SHOW:]))


def _apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*APT_GET, *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_program(name: str) -> bool:
    return bool(shutil.which(name) or any(Path(folder, name).is_file() for folder in PROGRAM_FOLDERS))
