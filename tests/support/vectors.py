"""Finds the external test vectors, which are read beside the checkout and never copied into it."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

_REPOSITORY = Path(__file__).resolve().parents[2]
OWN_FOLDER = _REPOSITORY / "tests" / "vectors" / "own"


def external(name: str) -> Any:
    """The parsed JSON file `name` of the folder of external vectors.

    Looked for in the folder `IMANI_VECTORS` names, else in `shared/vectors` beside the checkout.
    Absent: the test is skipped, or fails where `CI` is `true`.
    """
    named = os.environ.get("IMANI_VECTORS")
    folder = Path(named) if named else _REPOSITORY.parent / "shared" / "vectors"
    return _load(folder / name, f"the external vectors {name} are not beside this checkout")


def cryptography_vectors(*parts: str) -> Any:
    """The parsed JSON file of the package `cryptography_vectors`, same version as `cryptography`."""
    found = importlib.util.find_spec("cryptography_vectors")
    folder = Path(found.origin).parent if found and found.origin else Path("absent")
    return _load(folder.joinpath(*parts), "the package cryptography_vectors is not installed")


def own(name: str) -> list[dict[str, Any]]:
    """The vectors of one of our own known-answer files."""
    document = json.loads((OWN_FOLDER / name).read_text(encoding="utf-8"))
    vectors: list[dict[str, Any]] = document["vectors"]
    return vectors


def _load(path: Path, absent: str) -> Any:
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    if os.environ.get("CI") == "true":
        pytest.fail(absent)
    pytest.skip(absent)
