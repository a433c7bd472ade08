"""Read the user guide; look up a clause of the policy."""

from __future__ import annotations

from core.services import clauses, guide
from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation


def read_guide(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `core.services.guide.Section`."""
    return operation(runner, guide.read_guide, {}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)


def list_clauses(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `core.policy.pack.Clause`."""
    return operation(runner, clauses.list_clauses, {}, on_done=on_done, on_failed=on_failed)


def show_clause(runner: Runner, number: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `core.services.clauses.ClausePage`."""
    return operation(runner, clauses.show_clause, {"number": number}, on_done=on_done, on_failed=on_failed)
