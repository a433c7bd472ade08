"""`kill -9` in the middle of everything: what was promised is there, and nothing is there by half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TIMES = {"autosave": 90, "importing": 50, "letters": 30, "exchange": 40, "attaching": 40, "interview": 6}
AT_LEAST = 200

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked, which this system cannot")


def kill_repeatedly(folder: Path, scenario: str, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill_zygote", str(folder), scenario, str(TIMES[scenario]), str(seed)],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("scenario", TIMES)
def test_nothing_promised_is_lost_and_nothing_is_half_done(tmp_path: Path, scenario: str) -> None:
    result = kill_repeatedly(tmp_path, scenario, seed=20260302)
    assert result["broken"] == []
    assert result["killed"] == TIMES[scenario]
    # Something was promised between the kills, or nothing was tried.
    assert all(number for name, number in result["promised"].items() if name != "draft"), result["promised"]


def test_the_kills_are_as_many_as_they_must_be() -> None:
    assert sum(TIMES.values()) >= AT_LEAST
