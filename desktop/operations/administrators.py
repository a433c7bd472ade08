"""Who administers together: seeing it, proposing, agreeing, refusing."""

from __future__ import annotations

from core.foundation.ids import UserId
from core.services import administrators as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def administrators(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsView`."""
    return operation(runner, services.administrators, {}, on_done=on_done, on_failed=on_failed)


def propose(
    runner: Runner, *, add: frozenset[UserId] = frozenset(), remove: frozenset[UserId] = frozenset(),
    on_done: Receiver, on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `AdministratorsChanged`."""
    given = {"add": add, "remove": remove}
    return operation(runner, services.propose_administrators, given, on_done=on_done, on_failed=on_failed)


def agree(runner: Runner, proposal: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsChanged`."""
    given = {"proposal": proposal}
    return operation(runner, services.agree_to_administrators, given, on_done=on_done, on_failed=on_failed)


def refuse(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsChanged`."""
    return operation(runner, services.refuse_administrators, {}, on_done=on_done, on_failed=on_failed)
