"""What is asked all day long is answered from an index, however large the vault: read from SQLite's own plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.services.cases import list_cases, log_report, open_case
from core.services.contacts import ways_to_contact
from core.services.history import history_of_case
from core.services.notes import add_note
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.statements import watching
from tests.support.workspaces import a_report, a_workspace, logged

SMALL = {
    "r_member", "r_organisation", "stale_stream", "ledger_open", "roster", "epoch", "meta", "envelope", "device", "hit",
    "summary_base",
}  # fmt: skip
"""Tables that stay small, and the handful of hits that every search begins with."""

Action = Callable[[Workspace], object]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with a_workspace(tmp_path_factory.mktemp("plans") / "vault") as opened:
        for _ in range(5):
            logged(opened)
        today(opened)
        yield opened


def plans(workspace: Workspace, action: Action) -> list[str]:
    """The plan of every query the action sends."""
    sent: list[tuple[str, Any]] = []

    def note(words: str, values: Any) -> None:
        if words.lstrip().upper().startswith("SELECT"):
            sent.append((words, values))

    with watching(note):
        action(workspace)
    assert sent
    with workspace.store.reading() as connection:
        return [
            str(step[3])
            for statement, values in sent
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def whole_reads(found: list[str]) -> list[str]:
    """The steps that read a whole table that may be large. The index of what was written apart is next to empty."""
    return [
        step
        for step in found
        if step.startswith("SCAN ")
        and step.split()[1] not in SMALL
        and "VIRTUAL" not in step
        and not step.endswith("_contested")
    ]


def first(workspace: Workspace) -> Any:
    return list_cases(workspace).rows[0].row.id


ACTIONS: dict[str, Action] = {
    "one page": lambda w: list_cases(w, limit=2),
    "the next page": lambda w: list_cases(w, limit=2, after=list_cases(w, limit=2).next_key),
    "open cases": lambda w: list_cases(w, stages=("open",), limit=2),
    "search": lambda w: list_cases(w, words="stairs"),
    "search for two words": lambda w: list_cases(w, words="stairs shouted"),
    "a case": lambda w: open_case(w, case=first(w)),
    "its history": lambda w: history_of_case(w, case=first(w)),
    "ways to contact": lambda w: ways_to_contact(w, case=first(w)),
    "a note": lambda w: add_note(w, case=first(w), body="words"),
    "a report": lambda w: log_report(w, form=a_report()),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_no_large_table_is_read_whole(workspace: Workspace, name: str) -> None:
    # The list begins at the newest case of its index and stops after a page; the count reads that index alone.
    found = [step for step in plans(workspace, ACTIONS[name]) if "INDEX r_case_newest" not in step]
    assert whole_reads(found) == []


def test_today_reads_only_the_duties(workspace: Workspace) -> None:
    assert {step.split()[1] for step in whole_reads(plans(workspace, today))} <= {"duty"}


def test_cases_of_hits_are_looked_up_by_their_stream(workspace: Workspace) -> None:
    found = plans(workspace, lambda w: list_cases(w, words="stairs"))
    assert any("r_case USING INDEX ix_r_case_stream" in step for step in found), found


def test_a_page_of_the_list_needs_no_sorting(workspace: Workspace) -> None:
    for name in ("one page", "the next page", "open cases"):
        found = plans(workspace, ACTIONS[name])
        assert not any("TEMP B-TREE" in step for step in found), found
