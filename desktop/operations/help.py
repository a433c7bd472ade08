"""Read the user guide; look up a clause of the policy.

The services of the policy are imported inside the job, on the other thread: Help can be opened before anything is
unlocked, and what they bring with them would hold the window meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.services import guide
from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Book:
    """What there is to read. `shipped`: nothing is unlocked, and the policy is read as it comes with the program."""

    runner: Runner
    shipped: bool = False

    def read_guide(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Answers with a tuple of `core.services.guide.Section`."""
        return operation(self.runner, guide.read_guide, {}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)

    def list_clauses(self, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Answers with a tuple of `core.policy.pack.Clause`."""
        service, lane = (_list_shipped_clauses, Lane.POOL) if self.shipped else (_list_clauses, Lane.VAULT)
        return operation(self.runner, service, {}, on_done=on_done, on_failed=on_failed, lane=lane)

    def show_clause(self, number: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
        """Answers with `core.services.clauses.ClausePage`."""
        service, lane = (_show_shipped_clause, Lane.POOL) if self.shipped else (_show_clause, Lane.VAULT)
        return operation(self.runner, service, {"number": number}, on_done=on_done, on_failed=on_failed, lane=lane)


def _list_clauses(workspace: Workspace) -> object:
    from core.services import clauses

    return clauses.list_clauses(workspace)


def _list_shipped_clauses() -> object:
    from core.services import clauses

    return clauses.list_shipped_clauses()


def _show_clause(workspace: Workspace, *, number: str) -> object:
    from core.services import clauses

    return clauses.show_clause(workspace, number=number)


def _show_shipped_clause(*, number: str) -> object:
    from core.services import clauses

    return clauses.show_shipped_clause(number=number)
