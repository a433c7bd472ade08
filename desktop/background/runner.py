"""Runs jobs: one thread that owns the open workbook, and a pool of two for work that needs none.

Rules
1. The workspace object is made, used and closed on the vault thread. It is never handed out.
2. Vault jobs run one after another, so the database is never busy with ourselves.
3. Every way a job can end is read and delivered; nothing is lost in a future nobody looks at.
4. Only the runner emits, and only on the GUI thread: a worker leaves its message in a queue.
5. Locking and closing are one path: stop accepting, cancel, forget the keys, (close:) drain with a deadline.
6. A job of `last_words` (saving what was being typed) is still done before the keys are forgotten.
7. After a lock, answers of older jobs are dropped unread: they may hold what the lock is to hide.
8. While the threads run, rubbish is looked for on the GUI thread only (`rubbish.py`).
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QMetaObject, QObject, Qt, QTimer, Signal, Slot

from core.foundation.errors import AppError, BugError, Cancelled, VaultLocked
from desktop.background.job import Job, ThinnedProgress
from desktop.background.rubbish import Rubbish

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken, Clock, Progress

POOL_THREADS = 2
DRAIN_DEADLINE_S = 10.0

VaultWork: TypeAlias = "Callable[[Any, Progress, CancelToken], object]"
"""(workspace, progress, cancel) -> frozen result."""
PoolWork: TypeAlias = "Callable[[Progress, CancelToken], object]"
"""(progress, cancel) -> frozen result."""

_log = logging.getLogger(__name__)


class Lane(Enum):
    """Where a job runs."""

    VAULT = "vault"
    """On the thread that owns the open workbook."""
    OPENING = "opening"
    """On the same thread; what it returns becomes the open workbook and is not delivered."""
    POOL = "pool"
    """On one of two threads that never see the workbook."""


@dataclass(eq=False)
class _Order:
    job: Job | None
    work: Callable[..., object]
    lane: Lane
    epoch: int
    last_words: bool = False
    progress: ThinnedProgress | None = None


@dataclass
class _Queue:
    """A line of orders and the threads that take from it."""

    waiting: deque[_Order | None] = field(default_factory=deque)
    ready: threading.Condition = field(default_factory=threading.Condition)

    def put(self, order: _Order | None) -> None:
        with self.ready:
            self.waiting.append(order)
            self.ready.notify()

    def take(self) -> _Order | None:
        with self.ready:
            while not self.waiting:
                self.ready.wait()
            return self.waiting.popleft()

    def drop_waiting(self) -> list[_Order]:
        """Take out what may be given up, in order."""
        with self.ready:
            kept = [order for order in self.waiting if order is None or order.last_words or order.job is None]
            dropped = [order for order in self.waiting if order is not None and order not in kept]
            self.waiting = deque(kept)
            return dropped


class JobRunner(QObject):
    """See the rules at the top. Make it on the GUI thread; call it there only."""

    changed = Signal(object)
    """`Changed`: announced once for each job whose result says that it touched something."""
    opened = Signal()
    """A workbook is open on the vault thread."""
    closed = Signal()
    """The workbook is closed and its keys are forgotten."""
    busy = Signal(bool)
    """Whether any job is waiting or running."""

    def __init__(self, clock: Clock, *, close_workspace: Callable[[Any], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._close_workspace = close_workspace
        self._jobs: set[Job] = set()
        self._messages: deque[tuple[Callable[..., None], tuple[object, ...]]] = deque()
        self._epoch = 0
        self._accepting = True
        self._is_open = False
        self._workspace: Any = None  # touched on the vault thread only
        self._vault_queue, self._pool_queue = _Queue(), _Queue()
        self._rubbish = Rubbish(self)
        self._threads = [threading.Thread(target=self._serve, args=(self._vault_queue,), name="vault", daemon=True)]
        self._threads += [
            threading.Thread(target=self._serve, args=(self._pool_queue,), name=f"pool-{number}", daemon=True)
            for number in range(POOL_THREADS)
        ]
        for thread in self._threads:
            thread.start()

    # ------------------------------------------------------------------ asking, on the GUI thread

    @property
    def is_open(self) -> bool:
        """Whether a workbook is open, as far as the GUI thread has heard."""
        return self._is_open

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs that are waiting or running."""
        return tuple(self._jobs)

    def start(self, work: Callable[..., object], *, lane: Lane, name: str, last_words: bool = False) -> Job:
        """Hand a job over. It cannot answer before the caller has returned to the event loop.

        `work(workspace, progress, cancel)` in the vault lane, `work(progress, cancel)` in the others.
        """
        job = Job(name, self, stoppable=not last_words)
        order = _Order(job, work, lane, self._epoch, last_words)
        order.progress = ThinnedProgress(partial(self._report, order), self._clock.monotonic_s)
        self._jobs.add(job)
        if len(self._jobs) == 1:
            self.busy.emit(True)
        if self._accepting:
            (self._pool_queue if lane is Lane.POOL else self._vault_queue).put(order)
        else:
            self._leave(self._deliver_failed, order, VaultLocked())
        return job

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in self._jobs:
            job.cancel()

    def lock(self) -> None:
        """Forget the workbook. Returns at once: what was shown may be destroyed before the keys are gone.

        Jobs not yet started end as cancelled; running ones are asked to stop and their answers dropped.
        """
        self._epoch += 1
        self._is_open = False
        self.cancel_all()
        for order in self._vault_queue.drop_waiting() + self._pool_queue.drop_waiting():
            self._leave(self._deliver_cancelled, order)
        self._vault_queue.put(_Order(None, self._close, Lane.OPENING, self._epoch))

    def shut_down(self, *, deadline_s: float = DRAIN_DEADLINE_S) -> bool:
        """Lock, then wait for the threads to end. False if one was still at work at the deadline."""
        if self._accepting:
            self.lock()
            self._accepting = False
            self._vault_queue.put(None)
            for _ in range(POOL_THREADS):
                self._pool_queue.put(None)
        end_s = self._clock.monotonic_s() + deadline_s
        for thread in self._threads:
            thread.join(max(0.0, end_s - self._clock.monotonic_s()))
        self._hear()
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._rubbish.stop()
        return ended

    # ------------------------------------------------------------------ working, on the other threads

    def _serve(self, queue: _Queue) -> None:
        while (order := queue.take()) is not None:
            self._run(order)
            del order

    def _run(self, order: _Order) -> None:
        if order.job is None:
            order.work()
            return
        assert order.progress is not None
        try:
            order.job.flag.check()
            if order.lane is Lane.VAULT:
                if self._workspace is None:
                    raise VaultLocked()
                result = order.work(self._workspace, order.progress, order.job.flag)
            else:
                result = order.work(order.progress, order.job.flag)
            if order.lane is Lane.OPENING:
                self._adopt(result)
                result = None
        except Cancelled:
            self._leave(self._deliver_cancelled, order)
        except AppError as error:
            self._leave(self._deliver_failed, order, error.with_traceback(None))
        except Exception as error:
            _log.error("job %s broke a rule: %s\n%s", order.job.name, type(error).__name__, _places(error))
            self._leave(self._deliver_failed, order, BugError(rule=f"{order.job.name} ended in {type(error).__name__}"))
        else:
            self._leave(self._deliver_done, order, result)

    def _adopt(self, workspace: object) -> None:
        """One that comes too late, after a lock, is closed by the order the lock has left behind it in the line."""
        if self._workspace is not None:
            self._close_quietly(self._workspace)
        self._workspace = workspace

    def _close(self) -> None:
        workspace, self._workspace = self._workspace, None
        if workspace is not None:
            self._close_quietly(workspace)
        self._leave(self._deliver_closed)

    def _close_quietly(self, workspace: object) -> None:
        try:
            self._close_workspace(workspace)
        except Exception as error:  # a lock that fails half-way must still count as locked
            _log.error("closing broke a rule: %s\n%s", type(error).__name__, _places(error))

    def _report(self, order: _Order, done: int, total: int, stage: str) -> None:
        self._leave(self._deliver_progress, order, done, total, stage)

    def _leave(self, deliver: Callable[..., None], *values: object) -> None:
        self._messages.append((deliver, values))
        QMetaObject.invokeMethod(self, "_hear", Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------------ answering, on the GUI thread

    @Slot()
    def _hear(self) -> None:
        while self._messages:
            deliver, values = self._messages.popleft()
            deliver(*values)

    def _deliver_progress(self, order: _Order, done: int, total: int, stage: str) -> None:
        if order.job in self._jobs and order.epoch == self._epoch:
            order.job.progress.emit(done, total, stage)

    def _deliver_done(self, order: _Order, result: object) -> None:
        if order.epoch != self._epoch:
            self._deliver_cancelled(order)
            return
        job = self._known(order)
        if order.lane is Lane.OPENING:
            self._is_open = True
            self.opened.emit()
        job.done.emit(result)
        from core.domain.changed import Changed  # late: nothing has changed when the window opens

        touched = getattr(result, "changed", None)
        if isinstance(touched, Changed) and (touched.kinds or touched.ids):
            self.changed.emit(touched)
        self._end(job)

    def _deliver_failed(self, order: _Order, error: AppError) -> None:
        if order.epoch != self._epoch:
            self._deliver_cancelled(order)
            return
        job = self._known(order)
        job.failed.emit(error)
        self._end(job)

    def _deliver_cancelled(self, order: _Order) -> None:
        job = self._known(order)
        job.cancelled.emit()
        self._end(job)

    def _deliver_closed(self) -> None:
        self.closed.emit()

    def _known(self, order: _Order) -> Job:
        if order.job is None or order.job not in self._jobs:
            raise BugError(rule="a job answers once")
        return order.job

    def _end(self, job: Job) -> None:
        self._jobs.discard(job)
        job.finished.emit()
        QTimer.singleShot(0, job.deleteLater)
        if not self._jobs:
            self.busy.emit(False)


def _places(error: BaseException) -> str:
    """Where it happened, file and line only: an exception's own words can hold a person's name."""
    return "\n".join(f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__))
