"""Qt models over frozen rows. They never query: they ask, and a presenter answers."""

from __future__ import annotations

from desktop.models.keyset import Column, KeysetModel, TupleModel

__all__ = ["Column", "KeysetModel", "TupleModel"]
