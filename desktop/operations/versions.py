"""What two laptops wrote apart, and choosing."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import versions as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def versions_of_case(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `Contested`."""
    return operation(runner, services.versions_of_case, {"case": case}, on_done=on_done, on_failed=on_failed)


def versions_elsewhere(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `Contested`: what belongs to no case."""
    return operation(runner, services.versions_elsewhere, {}, on_done=on_done, on_failed=on_failed)


def settle_versions(
    runner: Runner, contested: services.Contested, *, chosen: bytes | str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `Settled`."""
    arguments = {"record": contested.record, "field": contested.field, "seen": contested.ids, "chosen": chosen}
    return operation(runner, services.settle_versions, arguments, on_done=on_done, on_failed=on_failed)
