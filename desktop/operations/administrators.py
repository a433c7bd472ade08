"""Who administers together: seeing it, proposing, agreeing, refusing."""

from __future__ import annotations

from core.foundation.ids import DeviceId, UserId
from core.services import administrators as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def administrators(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsView`."""
    return operation(runner, services.administrators, {}, on_done=on_done, on_failed=on_failed)


def propose(
    runner: Runner, *, add: frozenset[UserId] = frozenset(), remove: frozenset[UserId] = frozenset(), reason: str = "",
    on_done: Receiver, on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `AdministratorsChanged`."""
    given = {"add": add, "remove": remove, "reason": reason}
    return operation(runner, services.propose_administrators, given, on_done=on_done, on_failed=on_failed)


def propose_lifting(
    runner: Runner, device: DeviceId, reason: str, *, on_done: Receiver, on_failed: Receiver
) -> Job:  # fmt: skip
    """Answers with `AdministratorsChanged`."""
    given = {"device": device, "reason": reason}
    return operation(runner, services.propose_lifting, given, on_done=on_done, on_failed=on_failed)


def propose_passphrase_cost(
    runner: Runner, memory_kib: int, reason: str, *, on_done: Receiver, on_failed: Receiver
) -> Job:  # fmt: skip
    """Answers with `AdministratorsChanged`."""
    given = {"memory_kib": memory_kib, "reason": reason}
    return operation(runner, services.propose_passphrase_cost, given, on_done=on_done, on_failed=on_failed)


def agree(runner: Runner, proposal: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsChanged`."""
    given = {"proposal": proposal}
    return operation(runner, services.agree_to_administrators, given, on_done=on_done, on_failed=on_failed)


def refuse(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AdministratorsChanged`."""
    return operation(runner, services.refuse_administrators, {}, on_done=on_done, on_failed=on_failed)
