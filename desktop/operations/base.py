"""The one way a presenter asks for something to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from core.foundation.ports import CancelToken, Progress
from desktop.background import Job, Lane, Receiver


class Runner(Protocol):
    """What an operation needs of `JobRunner`; tests bring one that answers from a script."""

    def start(self, work: Callable[..., object], *, lane: Lane, name: str) -> Job: ...


class ServiceCall:
    """A service function with its arguments, ready to run in a lane. Readable by tests."""

    def __init__(self, service: Callable[..., object], arguments: Mapping[str, object], lane: Lane) -> None:
        self.service = service
        self.arguments = dict(arguments)
        self.lane = lane

    @property
    def name(self) -> str:
        return getattr(self.service, "__name__", "job").lstrip("_")

    def __call__(self, *given: Any) -> object:
        workspace = given[:-2]
        progress: Progress = given[-2]
        cancel: CancelToken = given[-1]
        return self.service(*workspace, **self.arguments, progress=progress, cancel=cancel)


def operation(
    runner: Runner,
    service: Callable[..., object],
    arguments: Mapping[str, object],
    *,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver | None = None,
    on_progress: Receiver | None = None,
    lane: Lane = Lane.VAULT,
) -> Job:
    """Run `service(workspace, **arguments, progress=, cancel=)` and answer on the GUI thread.

    In the pool and opening lanes no workspace is passed. Receivers are bound methods of QObjects:
    `on_done(result)`, `on_failed(AppError)`, `on_cancelled()`, `on_progress(done, total, stage)`.

    Raises:
        BugError: a receiver is not a bound method of a QObject.
    """
    call = ServiceCall(service, arguments, lane)
    job = runner.start(call, lane=lane, name=call.name)
    return job.tell(on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress)
