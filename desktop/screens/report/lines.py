"""A row of the New report page as one line of its draft. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
"""Name of a box -> text, or the list of what is ticked."""


def to_line(row: Row) -> str:
    """A row as one line; empty if nothing was said in it."""
    said = {name: value for name, value in row.items() if value not in ("", None, [])}
    return json.dumps(said, sort_keys=True, ensure_ascii=False) if said else ""


def from_line(line: str) -> dict[str, Any]:
    """Read `to_line` back; what is strange is left out."""
    try:
        kept: Any = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {str(name): value for name, value in kept.items() if isinstance(value, (str, list))}
