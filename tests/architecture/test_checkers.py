"""The style and type checkers pass over the whole product."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*command: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_style() -> None:
    run("ruff", "check", "--no-cache", "--output-format=concise", ".")


@pytest.mark.timeout(600)
def test_types(tmp_path: Path) -> None:
    kept = CHECKOUT / ".mypy_cache"
    cache = kept if os.access(CHECKOUT, os.W_OK) else tmp_path
    run("mypy", f"--cache-dir={cache}")
