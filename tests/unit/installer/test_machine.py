"""Which machines are let in, and what the others are told."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from installer import start
from installer.machine import Machine, check_machine, this_machine
from installer.refusal import EXIT_CANNOT_RUN_HERE, Refused

DEBIAN_12 = Machine("Linux", "x86_64", is_64_bit=True, is_usual_python=True, glibc=(2, 36), macos=None)
WINDOWS_11 = Machine("Windows", "AMD64", is_64_bit=True, is_usual_python=True, glibc=None, macos=None)
NEW_MAC = Machine("Darwin", "arm64", is_64_bit=True, is_usual_python=True, glibc=None, macos=(15, 2))


@pytest.mark.parametrize(
    "machine",
    [
        DEBIAN_12,
        replace(DEBIAN_12, glibc=(2, 34)),
        replace(DEBIAN_12, processor="aarch64", glibc=(2, 39)),
        WINDOWS_11,
        NEW_MAC,
    ],
)
def test_machines_with_every_wheel_are_let_in(machine: Machine) -> None:
    check_machine(machine)


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (replace(DEBIAN_12, is_64_bit=False), "64-bit Python"),
        (replace(DEBIAN_12, is_usual_python=False), "unusual build"),
        (replace(DEBIAN_12, glibc=(2, 31)), "version 2.31, and version 2.34"),
        (replace(DEBIAN_12, glibc=None), "GNU C library"),
        (replace(DEBIAN_12, processor="aarch64"), "version 2.39"),
        (replace(DEBIAN_12, processor="armv7l"), "armv7l"),
        (replace(WINDOWS_11, processor="ARM64"), "ARM64"),
        (replace(NEW_MAC, processor="x86_64"), "Intel"),
        (replace(NEW_MAC, macos=(12, 7)), "too old"),
        (replace(DEBIAN_12, system="FreeBSD"), "FreeBSD"),
    ],
)
def test_other_machines_get_one_plain_sentence(machine: Machine, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        check_machine(machine)
    assert caught.value.exit_code == EXIT_CANNOT_RUN_HERE
    assert "Nothing was installed or changed." in str(caught.value)


def test_the_machine_that_runs_this_test_is_let_in() -> None:
    check_machine(this_machine())


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_pythons_that_were_tried_are_let_in(version: tuple[int, int]) -> None:
    assert start.refusal_of_this_python(version) == ""


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 10), (3, 14), (4, 0)])
def test_other_pythons_are_named_and_refused(version: tuple[int, int]) -> None:
    assert f"this is Python {version[0]}.{version[1]}." in start.refusal_of_this_python(version)


def test_an_old_python_can_read_the_file_it_is_started_with() -> None:
    ast.parse(Path(start.__file__).read_text(encoding="ascii"), feature_version=(3, 4))
