"""Where a row of a pack comes from: the policy, or a decision because the policy is silent."""

from __future__ import annotations

from dataclasses import dataclass

from core.policy.rows import Row

_FROM_POLICY = "policy"
_FROM_DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. `decided` is true where the policy is silent and somebody had to choose."""

    clause: str
    decided: bool
    note: str


def read_source(at: Row) -> Source:
    """The three values that say where the rest of a row comes from."""
    origin = at.one_of("source", (_FROM_POLICY, _FROM_DECISION))
    return Source(at.words("clause"), origin == _FROM_DECISION, at.words("note"))
