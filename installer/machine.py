"""Which machines the program runs on: exactly those for which every pinned wheel exists."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from dataclasses import dataclass

from installer.refusal import EXIT_CANNOT_RUN_HERE, Refused

OLDEST_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}
"""PySide6 6.11.3 is built against these; sqlcipher3 is content with 2.28."""

OLDEST_MACOS = (13, 0)
"""PySide6 6.11.3 needs it. The tests need 15, because pikepdf, which reads letters back there, has no older wheel."""

SUPPORTED = (
    "Imani Casework runs on 64-bit Windows 10 or later (Intel or AMD), on macOS 13 or later (Apple silicon), "
    "and on 64-bit Linux such as Debian 12 or Ubuntu 22.04 and later."
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What matters about a computer and its Python. Versions are (major, minor); None when not applicable."""

    system: str
    processor: str
    is_64_bit: bool
    is_usual_python: bool
    glibc: tuple[int, int] | None
    macos: tuple[int, int] | None


def this_machine() -> Machine:
    """Describe the computer this runs on."""
    return Machine(
        system=platform.system(),
        processor=platform.machine(),
        is_64_bit=sys.maxsize > 2**32,
        is_usual_python=sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED"),
        glibc=_glibc_version(),
        macos=_macos_version(),
    )


def check_machine(machine: Machine) -> None:
    """Raise `Refused` with one plain sentence when no set-up can work on `machine`."""
    reason = _reason_against(machine)
    if reason:
        raise Refused(EXIT_CANNOT_RUN_HERE, f"{reason} Nothing was installed or changed. {SUPPORTED}")


def _reason_against(machine: Machine) -> str:
    if not machine.is_64_bit:
        return "This Python is a 32-bit one, and the program needs a 64-bit Python."
    if not machine.is_usual_python:
        return "This is an unusual build of Python, and the program needs the ordinary one (CPython)."
    if machine.system == "Linux":
        return _reason_against_linux(machine)
    if machine.system == "Darwin":
        return _reason_against_mac(machine)
    if machine.system == "Windows":
        usual = machine.processor.upper() in {"AMD64", "X86_64"}
        return "" if usual else f"The program is not made for Windows on this processor ({machine.processor})."
    return f"The program is not made for this kind of computer ({machine.system or 'unknown'})."


def _reason_against_mac(machine: Machine) -> str:
    if machine.processor != "arm64":
        return "This Mac has an Intel processor, for which some parts of the program are no longer made."
    if (machine.macos or (0, 0)) < OLDEST_MACOS:
        return "This macOS is too old for some parts of the program."
    return ""


def _reason_against_linux(machine: Machine) -> str:
    needed = OLDEST_GLIBC.get(machine.processor)
    if needed is None:
        return f"The program is not made for Linux on this processor ({machine.processor or 'unknown'})."
    if machine.glibc is None:
        return "This Linux does not use the GNU C library, which the program's parts are made for."
    if machine.glibc < needed:
        found, wanted = _dotted(machine.glibc), _dotted(needed)
        return f"This Linux is too old: its C library is version {found}, and version {wanted} or later is needed."
    return ""


def _glibc_version() -> tuple[int, int] | None:
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, OSError, ValueError):
        return None
    return _major_minor(version) if name == "glibc" else None


def _macos_version() -> tuple[int, int] | None:
    version = platform.mac_ver()[0]
    return _major_minor(version) if version else None


def _major_minor(version: str) -> tuple[int, int]:
    parts = [*version.split("."), "0"]
    return int(parts[0]), int(parts[1])


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)
