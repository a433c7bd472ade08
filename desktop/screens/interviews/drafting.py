"""What is typed in an interview and not saved, as one text. Names with a dot belong to what is written beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.domain.confidential import PrivateInterview
from core.domain.declare import Kind
from core.policy.interview_questions import EVENT_FIELDS

FIELDS = PrivateInterview.SPEC.fields
EVENT, NOTE, SAFE = "event.", "note.body", "safe.made_safe"
BESIDE = frozenset({NOTE, SAFE, f"{EVENT}id", f"{EVENT}acts", *(f"{EVENT}{name}" for name in EVENT_FIELDS)})
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE)


def pack(typed: Mapping[str, Any]) -> str:
    """What is typed as one text; empty if nothing is."""
    return json.dumps({name: _plain(value) for name, value in typed.items()}) if typed else ""


def unpack(kept: str) -> dict[str, Any]:
    """The typed values behind `pack`. What is not one of them, or of the wrong kind, is left out."""
    try:
        found = json.loads(kept) if kept else {}
    except ValueError:
        return {}
    read = ((name, _read(name, value)) for name, value in (found.items() if isinstance(found, dict) else ()))
    return {name: value for name, value in read if value is not _WRONG}


_WRONG = object()


def _read(name: str, value: object) -> object:
    if name in BESIDE:
        fits = isinstance(value, str) or (name.endswith("acts") and isinstance(value, list))
        return value if fits else _WRONG
    spec = FIELDS.get(name)
    if spec is None:
        return _WRONG
    if spec.kind.many:
        return frozenset(str(one) for one in value) if isinstance(value, list) else _WRONG
    if spec.kind is Kind.INSTANT:
        return _moment(value)
    fits = isinstance(value, str) if spec.kind in _TEXTS else value is None or isinstance(value, bool)
    return value if fits else _WRONG


def _moment(value: object) -> object:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return _WRONG


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(str(one) for one in value) if isinstance(value, (frozenset, set, tuple)) else value
