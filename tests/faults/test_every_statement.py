"""Ended at every statement in turn: what is left opens, is whole, and is as before the work or as after it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.every_statement import SCENARIOS, places
from tests.support.searching import SEARCHING

CHECKOUT = Path(__file__).resolve().parents[2]
PLACES = 40 if SEARCHING else 5
"""How many statements of each piece of work are tried here, evenly from the first to the last."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked, which this system cannot")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_ended_at_any_statement_it_is_as_before_or_as_after(tmp_path: Path, scenario: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.every_statement", str(tmp_path), scenario, str(PLACES)],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    result = json.loads(done.stdout)
    assert result["broken"] == [], done.stderr[-2000:]
    assert result["killed"] == len(places(result["statements"], PLACES)) > 2


def test_the_places_tried_begin_with_the_first_statement_and_end_with_the_last() -> None:
    assert places(3, 40) == [1, 2, 3]
    assert places(400, 5) == [1, 101, 201, 300, 400]
