"""Where the data that comes with the program lies."""

from __future__ import annotations

from pathlib import Path


def resources_folder() -> Path:
    """The folder `resources`, beside the packages."""
    return Path(__file__).resolve().parents[2] / "resources"
