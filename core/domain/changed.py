"""What a piece of work changed: told once to whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """Record types and ids touched. A model re-queries if `kinds` meets what it shows."""

    kinds: frozenset[str] = frozenset()
    ids: frozenset[bytes] = frozenset()

    def __or__(self, other: Changed) -> Changed:
        return Changed(self.kinds | other.kinds, self.ids | other.ids)


NOTHING = Changed()
