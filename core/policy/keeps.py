"""Which clause of the policy a function keeps: said once, on the function itself.

The page of clauses (`CLAUSES.md`) is made from these marks, and a clause without one stops the build
(`tests/architecture/test_clauses.py`).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])
_MARK = "__keeps__"


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise of one clause. `screens`: the names, as people read them, of the pages where it is seen."""

    clause: str
    promise: str
    screens: tuple[str, ...]


def keeps(clause: str, promise: str, *, on: tuple[str, ...]) -> Callable[[Rule], Rule]:
    """Mark a function as the one that keeps a promise of a clause; it stays as it is. May be given more than once."""

    def mark(rule: Rule) -> Rule:
        setattr(rule, _MARK, (Kept(clause, promise, on), *kept_by(rule)))
        return rule

    return mark


def kept_by(rule: object) -> tuple[Kept, ...]:
    """The promises a function was marked with, in the order they stand above it; none for any other object."""
    found = getattr(rule, _MARK, ())
    return found if isinstance(found, tuple) else ()


def marked_rules() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """(module, name, function) of every function at the top of a module of this room."""
    room = __name__.rpartition(".")[0]
    for found in pkgutil.iter_modules(importlib.import_module(room).__path__):
        module = importlib.import_module(f"{room}.{found.name}")
        for name, rule in inspect.getmembers(module, inspect.isfunction):
            if rule.__module__ == module.__name__:
                yield found.name, name, rule
