"""The only threads: who runs where, how a job can end, and what a lock leaves behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.domain.changed import Changed
from core.foundation.errors import BugError, Cancelled, DiskFull, VaultLocked, WrongPassphrase
from core.foundation.system import SystemClock
from desktop.background import JobRunner, Lane
from desktop.background.job import PROGRESS_INTERVAL_S, ThinnedProgress
from desktop.operations.base import operation

LONG_MS = 20_000


class Ear(QObject):
    """Hears answers, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.threads: set[str] = set()

    def hear(self, *values: Any) -> None:
        self.threads.add(threading.current_thread().name)
        self.heard.append(values[0] if len(values) == 1 else values)

    def over(self) -> None:
        self.heard.append("cancelled")


class Closer:
    def __init__(self) -> None:
        self.closed: list[tuple[object, str]] = []

    def __call__(self, workspace: object) -> None:
        self.closed.append((workspace, threading.current_thread().name))


@dataclass(frozen=True)
class Saved:
    changed: Changed
    number: int = 1


@pytest.fixture
def closer() -> Closer:
    return Closer()


@pytest.fixture
def runner(qtbot: QtBot, closer: Closer) -> Iterator[JobRunner]:
    made = JobRunner(SystemClock(), close_workspace=closer)
    yield made
    assert made.shut_down()
    assert not [t for t in threading.enumerate() if t.name in {"vault", "pool-0", "pool-1"}]


def opened(qtbot: QtBot, runner: JobRunner, workspace: object = "workspace") -> None:
    with qtbot.waitSignal(runner.opened, timeout=LONG_MS):
        runner.start(lambda progress, cancel: workspace, lane=Lane.OPENING, name="unlock")


def ended(qtbot: QtBot, runner: JobRunner) -> None:
    qtbot.waitUntil(lambda: not runner.jobs, timeout=LONG_MS)


def test_a_vault_job_gets_the_workspace_on_its_own_thread_and_answers_on_ours(qtbot: QtBot, runner: JobRunner) -> None:
    opened(qtbot, runner)
    ear, where = Ear(), []

    def work(workspace: str, progress: object, cancel: object) -> str:
        where.append(threading.current_thread().name)
        return f"from {workspace}"

    runner.start(work, lane=Lane.VAULT, name="look").tell(on_done=ear.hear)
    ended(qtbot, runner)
    assert ear.heard == ["from workspace"]
    assert where == ["vault"]
    assert ear.threads == {threading.main_thread().name}


def test_vault_jobs_never_overlap(qtbot: QtBot, runner: JobRunner) -> None:
    opened(qtbot, runner)
    inside, most, order = [], [], []

    def work(number: int, workspace: object, progress: object, cancel: object) -> None:
        inside.append(number)
        most.append(len(inside))
        order.append(number)
        inside.remove(number)

    for number in range(40):
        runner.start(partial(work, number), lane=Lane.VAULT, name="look")
    ended(qtbot, runner)
    assert max(most) == 1
    assert order == list(range(40))


def test_without_a_workbook_a_vault_job_says_it_is_locked(qtbot: QtBot, runner: JobRunner) -> None:
    ear = Ear()
    runner.start(lambda w, p, c: 1, lane=Lane.VAULT, name="look").tell(on_failed=ear.hear)
    ended(qtbot, runner)
    assert [type(error) for error in ear.heard] == [VaultLocked]


def test_expected_errors_arrive_as_they_are_and_others_as_a_bug_without_their_words(
    qtbot: QtBot, runner: JobRunner, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()

    def full(progress: object, cancel: object) -> None:
        raise DiskFull(path="x")

    def broken(progress: object, cancel: object) -> None:
        raise KeyError("Amara Nwosu")

    runner.start(full, lane=Lane.POOL, name="full").tell(on_failed=ear.hear)
    runner.start(broken, lane=Lane.POOL, name="broken").tell(on_failed=ear.hear)
    ended(qtbot, runner)
    assert {type(error) for error in ear.heard} == {DiskFull, BugError}
    assert "broken" in caplog.text
    assert "KeyError" in caplog.text
    assert "Amara" not in caplog.text + "".join(str(error) for error in ear.heard)


def test_a_change_is_announced_once_after_the_answer(qtbot: QtBot, runner: JobRunner) -> None:
    opened(qtbot, runner)
    ear = Ear()
    runner.changed.connect(ear.hear)
    saved = Saved(Changed(frozenset({"case"}), frozenset({b"1"})))
    for result in (saved, Saved(Changed())):
        runner.start(lambda w, p, c, r=result: r, lane=Lane.VAULT, name="save").tell(on_done=ear.hear)
    ended(qtbot, runner)
    assert ear.heard == [saved, saved.changed, Saved(Changed())]


def test_stop_reaches_the_job_at_its_next_step(qtbot: QtBot, runner: JobRunner) -> None:
    ear, started = Ear(), threading.Event()

    def work(progress: Callable[..., None], cancel: Any) -> None:
        started.set()
        while True:
            cancel.check()

    job = runner.start(work, lane=Lane.POOL, name="long").tell(
        on_done=ear.hear, on_failed=ear.hear, on_cancelled=ear.over
    )
    assert started.wait(20)
    job.cancel()
    ended(qtbot, runner)
    assert ear.heard == ["cancelled"]


def test_progress_is_thinned_but_the_last_step_always_arrives() -> None:
    now, sent = [0.0], []
    thinned = ThinnedProgress(lambda done, total, stage: sent.append(done), lambda: now[0])
    for done in range(1, 1001):
        thinned(done, 1000)
        now[0] += 0.001
    assert sent[-1] == 1000
    assert len(sent) <= 1.0 / PROGRESS_INTERVAL_S + 2


def test_progress_arrives_on_our_thread(qtbot: QtBot, runner: JobRunner) -> None:
    ear = Ear()
    runner.start(lambda p, c: p(3, 3, "Letters"), lane=Lane.POOL, name="long").tell(on_progress=ear.hear)
    ended(qtbot, runner)
    assert ear.heard == [(3, 3, "Letters")]
    assert ear.threads == {threading.main_thread().name}


def test_an_answer_to_a_page_that_is_gone_is_dropped(qtbot: QtBot, runner: JobRunner) -> None:
    go, calls = threading.Event(), []

    class Page(QLabel):
        def show_words(self, words: str) -> None:
            calls.append(words)
            self.setText(words)

    page = Page()
    runner.start(lambda p, c: str(go.wait(20)), lane=Lane.POOL, name="slow").tell(on_done=page.show_words)
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    go.set()
    ended(qtbot, runner)
    assert calls == []


def test_a_page_that_is_rubbish_is_destroyed_on_the_thread_of_the_window(qtbot: QtBot, runner: JobRunner) -> None:
    """Qt ends the whole program where a widget is destroyed on another thread."""
    where: list[str] = []

    class Page(QLabel):
        def __del__(self) -> None:
            where.append(threading.current_thread().name)

    def makes_much_rubbish(progress: object, cancel: object) -> None:
        for _ in range(4 * gc.get_threshold()[0]):
            circle: list[object] = []
            circle.append(circle)

    page = Page()
    page.itself = page  # type: ignore[attr-defined]  # only looking through everything finds it
    del page
    runner.start(makes_much_rubbish, lane=Lane.POOL, name="much").tell()
    ended(qtbot, runner)
    assert where == [] or where == [threading.main_thread().name]
    qtbot.waitUntil(lambda: where == [threading.main_thread().name], timeout=LONG_MS)


def test_when_the_threads_have_ended_python_looks_for_rubbish_as_always() -> None:
    one, other = (JobRunner(SystemClock(), close_workspace=Closer()) for _ in range(2))
    assert not gc.isenabled()
    assert one.shut_down()
    assert not gc.isenabled()
    assert other.shut_down()
    assert gc.isenabled()


@pytest.mark.parametrize("receiver", [lambda result: None, print, partial(print, "x")])
def test_only_a_bound_method_of_a_qobject_may_hear(
    runner: JobRunner, qtbot: QtBot, receiver: Callable[..., None]
) -> None:
    with pytest.raises(BugError):
        runner.start(lambda p, c: 1, lane=Lane.POOL, name="x").tell(on_done=receiver)
    ended(qtbot, runner)


def test_an_operation_passes_its_arguments_by_name(qtbot: QtBot, runner: JobRunner) -> None:
    opened(qtbot, runner)
    ear = Ear()

    def log_report(workspace: str, *, words: str, progress: object, cancel: object) -> tuple[str, str]:
        return workspace, words

    operation(runner, log_report, {"words": "graffiti"}, on_done=ear.hear, on_failed=ear.hear)
    ended(qtbot, runner)
    assert ear.heard == [("workspace", "graffiti")]


class TestLocking:
    def test_the_workbook_is_closed_on_its_own_thread(self, qtbot: QtBot, runner: JobRunner, closer: Closer) -> None:
        opened(qtbot, runner)
        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            runner.lock()
        assert closer.closed == [("workspace", "vault")]
        assert not runner.is_open

    def test_answers_that_were_on_their_way_are_dropped_and_waiting_jobs_never_run(
        self, qtbot: QtBot, runner: JobRunner
    ) -> None:
        opened(qtbot, runner)
        ear, go, ran = Ear(), threading.Event(), []
        started = threading.Event()

        def slow(workspace: object, progress: object, cancel: object) -> str:
            started.set()
            go.wait(20)
            return "what the lock is to hide"

        runner.start(slow, lane=Lane.VAULT, name="slow").tell(on_done=ear.hear, on_cancelled=ear.over)
        runner.start(lambda w, p, c: ran.append(1), lane=Lane.VAULT, name="next").tell(
            on_done=ear.hear, on_cancelled=ear.over
        )
        assert started.wait(20)
        runner.lock()
        go.set()
        ended(qtbot, runner)
        assert ear.heard == ["cancelled", "cancelled"]
        assert ran == []

    def test_last_words_are_saved_before_the_keys_go(self, qtbot: QtBot, runner: JobRunner, closer: Closer) -> None:
        opened(qtbot, runner)
        go, saved = threading.Event(), []
        runner.start(lambda w, p, c: go.wait(20), lane=Lane.VAULT, name="slow")

        def save(workspace: object, progress: object, cancel: Any) -> None:
            cancel.check()
            saved.append((workspace, list(closer.closed)))

        runner.start(save, lane=Lane.VAULT, name="save_draft", last_words=True)
        runner.lock()
        go.set()
        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            pass
        assert saved == [("workspace", [])]

    def test_a_workbook_that_opens_too_late_is_closed_at_once(
        self, qtbot: QtBot, runner: JobRunner, closer: Closer
    ) -> None:
        go, started, ear = threading.Event(), threading.Event(), Ear()

        def open_slowly(progress: object, cancel: object) -> str:
            started.set()
            go.wait(20)
            return "late"

        runner.start(open_slowly, lane=Lane.OPENING, name="unlock").tell(on_done=ear.hear, on_cancelled=ear.over)
        assert started.wait(20)
        runner.lock()
        go.set()
        ended(qtbot, runner)
        assert ear.heard == ["cancelled"]
        assert closer.closed == [("late", "vault")]
        assert not runner.is_open

    def test_it_can_be_opened_again(self, qtbot: QtBot, runner: JobRunner) -> None:
        opened(qtbot, runner, "one")
        runner.lock()
        opened(qtbot, runner, "two")
        ear = Ear()
        runner.start(lambda w, p, c: w, lane=Lane.VAULT, name="look").tell(on_done=ear.hear)
        ended(qtbot, runner)
        assert ear.heard == ["two"]

    def test_a_failed_unlock_leaves_nothing_open(self, qtbot: QtBot, runner: JobRunner) -> None:
        ear = Ear()

        def wrong(progress: object, cancel: object) -> None:
            raise WrongPassphrase()

        runner.start(wrong, lane=Lane.OPENING, name="unlock").tell(on_failed=ear.hear)
        ended(qtbot, runner)
        assert [type(e) for e in ear.heard] == [WrongPassphrase]
        assert not runner.is_open

    def test_closing_that_fails_still_counts_as_locked(self, qtbot: QtBot) -> None:
        def fails(workspace: object) -> None:
            raise OSError("disk gone")

        runner = JobRunner(SystemClock(), close_workspace=fails)
        opened(qtbot, runner)
        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            runner.lock()
        assert runner.shut_down()


class TestShuttingDown:
    def test_everything_ends_and_the_workbook_is_closed(self, qtbot: QtBot, closer: Closer) -> None:
        runner = JobRunner(SystemClock(), close_workspace=closer)
        opened(qtbot, runner)
        ear, started = Ear(), threading.Event()

        def until_stopped(progress: object, cancel: Any) -> None:
            started.set()
            while True:
                cancel.check()

        runner.start(until_stopped, lane=Lane.POOL, name="long").tell(on_cancelled=ear.over)
        assert started.wait(20)
        assert runner.shut_down()
        assert closer.closed == [("workspace", "vault")]
        assert ear.heard == ["cancelled"]

    def test_a_job_that_does_not_stop_is_not_waited_for(self, qtbot: QtBot, closer: Closer) -> None:
        runner, go, started = JobRunner(SystemClock(), close_workspace=closer), threading.Event(), threading.Event()

        def stuck(progress: object, cancel: object) -> None:
            started.set()
            go.wait(20)

        runner.start(stuck, lane=Lane.POOL, name="stuck")
        assert started.wait(20)
        assert not runner.shut_down(deadline_s=0.05)
        go.set()
        assert runner.shut_down()

    def test_nothing_is_accepted_afterwards(self, qtbot: QtBot, closer: Closer) -> None:
        runner, ear = JobRunner(SystemClock(), close_workspace=closer), Ear()
        assert runner.shut_down()
        runner.start(lambda p, c: 1, lane=Lane.POOL, name="late").tell(on_done=ear.hear, on_failed=ear.hear)
        qtbot.waitUntil(lambda: bool(ear.heard), timeout=LONG_MS)
        assert [type(e) for e in ear.heard] == [VaultLocked]


def test_cancelled_is_never_a_failure(qtbot: QtBot, runner: JobRunner) -> None:
    ear = Ear()

    def stops(progress: object, cancel: object) -> None:
        raise Cancelled()

    runner.start(stops, lane=Lane.POOL, name="x").tell(on_failed=ear.hear, on_cancelled=ear.over)
    ended(qtbot, runner)
    assert ear.heard == ["cancelled"]
