"""This person's own laptops: which there are, their names, adding one."""

from __future__ import annotations

from core.foundation.ids import DeviceId
from core.services import laptops as services
from core.services import pairing
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def my_laptops(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `LaptopRow`."""
    return operation(runner, services.my_laptops, {}, on_done=on_done, on_failed=on_failed)


def name_laptop(runner: Runner, device: DeviceId, name: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `LaptopNamed`."""
    return operation(
        runner, services.name_laptop, {"device": device, "name": name}, on_done=on_done, on_failed=on_failed
    )


def read_pairing_code(runner: Runner, code: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PairingSeen`. Nothing is given away."""
    return operation(runner, pairing.read_pairing_code, {"code": code}, on_done=on_done, on_failed=on_failed)


def pair(runner: Runner, code: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Paired`. The new laptop hears of it with the next sync."""
    return operation(runner, pairing.pair, {"code": code}, on_done=on_done, on_failed=on_failed)
