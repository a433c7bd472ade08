"""`core/policy/CLAUSES.md` is true: its functions say their clause, its tests exist, no clause is left out."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.policy import pack

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "core" / "policy" / "CLAUSES.md"
SCREENS = {
    "Today",
    "New report",
    "Case file",
    "Record contact",
    "Letters",
    "Plan",
    "Keeping",
    "Risk",
    "Action",
    "Area",
    "Visits",
    "Support",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    clause: str
    function: str
    screens: tuple[str, ...]
    test: str


def rows_of(section: str) -> list[list[str]]:
    text = PAGE.read_text(encoding="utf-8").split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


COVERED = [Row(cells[0], cells[2], tuple(cells[3].split(", ")), cells[4]) for cells in rows_of("Covered")]


@pytest.mark.parametrize("row", COVERED, ids=lambda row: f"{row.clause} {row.function}")
def test_the_function_exists_and_says_its_clause(row: Row) -> None:
    module, name = row.function.split(".")
    function = getattr(importlib.import_module(f"core.policy.{module}"), name)
    assert inspect.isfunction(function)
    assert re.search(rf"\b{re.escape(row.clause)}\b", function.__doc__ or "")


@pytest.mark.parametrize("row", COVERED, ids=lambda row: row.test)
def test_the_test_exists(row: Row) -> None:
    module, name = row.test.split(".")
    tree = ast.parse((CHECKOUT / "tests" / "unit" / "policy" / f"{module}.py").read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", COVERED, ids=lambda row: f"{row.clause} {row.function}")
def test_the_screen_is_one_there_is(row: Row) -> None:
    assert set(row.screens) <= SCREENS


def test_the_first_clauses_are_all_covered() -> None:
    promised = {"4.2", "4.3", "4.4", "4.5", "4.11", "4.12", "4.24", "4.25", "4.29", "4.30"}
    assert promised <= {row.clause for row in COVERED}


def test_every_clause_of_the_policy_is_covered_or_waits_for_something() -> None:
    later = {clause for cells in rows_of("Later") for clause in cells[0].split(", ")}
    assert {row.clause for row in COVERED} | later == {clause.number for clause in pack().clauses}
