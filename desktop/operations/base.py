"""The one way a presenter asks for something to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol

from desktop.background import Job, Lane, Receiver

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken, Progress


class Runner(Protocol):
    """What an operation needs of `JobRunner`; tests bring one that answers from a script."""

    def start(self, work: Callable[..., object], *, lane: Lane, name: str, last_words: bool = False) -> Job: ...


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
        reporting = {"progress": progress, "cancel": cancel}
        return self.service(*workspace, **self.arguments, **_asked_for(self.service, reporting))


def _asked_for(service: Callable[..., object], offered: Mapping[str, object]) -> dict[str, object]:
    """What of `offered` the service takes: most are over at once and can neither report nor be stopped."""
    parameters = signature(service).parameters
    return {name: value for name, value in offered.items() if name in parameters}


def operation(  # noqa: PLR0913  # one way to ask, and each receiver has a name
    runner: Runner,
    service: Callable[..., object],
    arguments: Mapping[str, object],
    *,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver | None = None,
    on_progress: Receiver | None = None,
    lane: Lane = Lane.VAULT,
    last_words: bool = False,
) -> Job:
    """Run `service(workspace, **arguments)` and answer on the GUI thread.

    The service gets `progress` and `cancel` if it takes them. In the pool and opening lanes no workspace is
    passed. Receivers are bound methods of QObjects: `on_done(result)`, `on_failed(AppError)`, `on_cancelled()`,
    `on_progress(done, total, stage)`. `last_words`: save this even if the person locks.

    Raises:
        BugError: a receiver is not a bound method of a QObject.
    """
    call = ServiceCall(service, arguments, lane)
    job = runner.start(call, lane=lane, name=call.name, last_words=last_words)
    return job.tell(on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress)
