"""Every error tells a person what happened, what is safe and what to do, and has a code that never changes."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
from core.foundation import errors
from core.foundation.errors import AppError, BugError, ExpectedError, IntegrityError, PeerError, explanation_of

CHECKOUT = Path(__file__).resolve().parents[2]
FAMILIES = {AppError, ExpectedError, IntegrityError, PeerError, BugError}
NOTHING_TO_DO = {
    "cancelled": "the person asked for it",
    "not-yet-readable": "the next sync reads it",
    "gone-from-folder": "nothing was lost",
    "envelope-rejected": "told as part of the file it was in",
    "signature-rejected": "told as part of the file it was in",
    "key-rejected": "told as part of the file it was in",
    "encoding-rejected": "told as part of the file it was in",
}
"""Errors that rightly name no next step, with the reason."""


def error_classes() -> list[type[AppError]]:
    return [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AppError)]


def placeholders(kind: type[AppError]) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(kind.__doc__ or "") if name}


def raised_errors() -> Iterator[tuple[str, ast.Call, type[AppError]]]:
    """(where, call, error class) for every place in the product that makes an error."""
    known = {kind.__name__: kind for kind in error_classes()}
    for room in ("core", "desktop"):
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
                if isinstance(node, ast.Call) and name in known:
                    yield f"{path.relative_to(CHECKOUT)}:{node.lineno}", node, known[name]


def test_codes_are_unique_and_each_class_has_its_own() -> None:
    assert [kind.__name__ for kind in error_classes() if "code" not in vars(kind)] == []
    counted = Counter(kind.code for kind in error_classes())
    assert [code for code, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("kind", [kind for kind in error_classes() if kind not in FAMILIES], ids=lambda kind: kind.code)
def test_every_error_is_told_in_three_parts(kind: type[AppError]) -> None:
    told = explanation_of(kind, dict.fromkeys(placeholders(kind), "x"))
    assert told.happened
    assert told.safe
    assert bool(told.next_step) != (kind.code in NOTHING_TO_DO)
    assert "!" not in str(told)
    assert all(part == "x" or part.endswith((".", "x")) for part in (told.happened, told.safe, told.next_step) if part)


def test_errors_are_made_with_every_field_their_words_name() -> None:
    unfilled = [
        f"{where} {kind.__name__} lacks {sorted(lacking)}"
        for where, call, kind in raised_errors()
        if not any(keyword.arg is None for keyword in call.keywords)
        and (lacking := placeholders(kind) - {keyword.arg for keyword in call.keywords})
    ]
    assert unfilled == []


def test_no_room_keeps_errors_of_its_own() -> None:
    own = set()
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if module.name.endswith("__main__"):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, BaseException) and kind.__module__.startswith("core."):
                own.add(kind)
    assert [kind.__qualname__ for kind in own if not issubclass(kind, AppError)] == []
    assert {kind.__module__.rpartition(".")[0] for kind in own} == {"core.foundation.errors"}
