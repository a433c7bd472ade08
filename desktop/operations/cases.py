"""Log a report, list and search cases, open one."""

from __future__ import annotations

from core.foundation.ids import RecordId, UserId
from core.services import case_page, lookup, readers
from core.services import cases as services
from core.services.cases import ReportForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def log_report(runner: Runner, form: ReportForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `CaseLogged`."""
    return operation(runner, services.log_report, {"form": form}, on_done=on_done, on_failed=on_failed)


def recovery_options(runner: Runner, form: ReportForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The recovery groups there are for such a case: answers with a tuple of `GroupOption`."""
    return operation(runner, services.recovery_options, {"form": form}, on_done=on_done, on_failed=on_failed)


def outline_cases(runner: Runner, *, stages: tuple[str, ...], on_done: Receiver, on_failed: Receiver) -> Job:
    """The whole list: answers with `CaseOutline`."""
    return operation(runner, lookup.outline_cases, {"stages": stages}, on_done=on_done, on_failed=on_failed)


def search_cases(runner: Runner, *, words: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Cases in whose file every word stands: answers with `CasePage`."""
    return operation(runner, lookup.find_cases, {"words": words}, on_done=on_done, on_failed=on_failed)


def list_cases(
    runner: Runner, *, after: object, stages: tuple[str, ...], on_done: Receiver, on_failed: Receiver
) -> Job:
    """One page of the list, after the case at `after`: answers with `CasePage`."""
    arguments = {"after": after, "stages": stages}
    return operation(runner, lookup.list_cases, arguments, on_done=on_done, on_failed=on_failed)


def read_case(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `core.services.case_page.CasePage`."""
    return operation(runner, case_page.read_case, {"case": case}, on_done=on_done, on_failed=on_failed)


def add_reader(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Let somebody read a case. Answers with `core.services.access.ReaderAdded`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, readers.let_in, arguments, on_done=on_done, on_failed=on_failed)
