"""What every test shares: no screen is needed, and no test depends on how fast the machine is."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import sys

import pytest
from hypothesis import HealthCheck, settings

from installer.system_libraries import TEST_PROGRAMS, WINDOWS, Needs, missing_parts, os_release, package_names

settings.register_profile("house", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
gc.set_threshold(50_000, 20, 20)
"""Looking through everything that was imported, again and again, was a tenth of the time of the whole run."""


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
