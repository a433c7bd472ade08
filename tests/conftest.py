"""What every test shares: no screen is needed, and no test depends on how fast the machine is."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import sys

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from installer.system_libraries import TEST_PROGRAMS, WINDOWS, Needs, missing_parts, os_release, package_names
from tests.support.searching import SEARCHING, examples

settings.register_profile(
    "house", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow],
    derandomize=not SEARCHING, max_examples=examples(100),
)  # fmt: skip
settings.load_profile("house")
if not SEARCHING:
    # Otherwise what is tried also depends on which modules a process has imported by then, and so on luck.
    providers._get_local_constants = lambda: providers._local_constants
gc.set_threshold(50_000, 20, 20)
"""Looking through everything that was imported, again and again, was a tenth of the time of the whole run."""


_IN_MEMORY = Path("/dev/shm")  # made for this by the system, and private to it
_ROOM_BYTES = 8 * 1024**3


def _work_in_memory() -> None:
    """Where there is room, the folders of the tests lie in memory: a third of a run was waiting for the disk.

    What is promised about a disk that fails is tried on disks of its own (`tests/faults`).
    """
    if "PYTEST_XDIST_WORKER" in os.environ or not _IN_MEMORY.is_dir() or not os.access(_IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(_IN_MEMORY).free < _ROOM_BYTES or _free_memory_bytes() < _ROOM_BYTES:
        return
    os.environ.setdefault("TMPDIR", str(_IN_MEMORY))
    tempfile.tempdir = None


def _free_memory_bytes() -> int:
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


_work_in_memory()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: a window's test that clears up after itself need not look through it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs a pretend screen where there is none; in CI that is a failure."""
    if item.get_closest_marker("needs_screen") is None:
        return
    reason = _why_there_is_no_screen()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def _why_there_is_no_screen() -> str:
    if not sys.platform.startswith("linux"):
        return "driving the real window from outside is written for Linux"
    packages = package_names(missing_parts(Needs(WINDOWS, TEST_PROGRAMS)).values(), os_release())
    return f"run: sudo apt-get install {' '.join(packages)}" if packages else ""
