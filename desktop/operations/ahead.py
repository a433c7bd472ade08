"""What pages will ask is loaded before anybody opens them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken


def load_services(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """On another thread; `on_done(None)`. Services know no window, so any thread may load them."""
    return operation(runner, _load_services, {}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)


def _load_services(*, cancel: CancelToken) -> None:
    from core import services

    for module in iter_modules(services.__path__, f"{services.__name__}."):
        cancel.check()
        import_module(module.name)
