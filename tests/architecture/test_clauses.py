"""`core/policy/CLAUSES.md` is what the code says, and no clause is without a rule, a page or a test."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests.support.clause_page import CHECKOUT, PAGE, Row, page, rows
from tests.support.policy import pack

SCREENS = {
    "Today": "today",
    "New report": "report",
    "Case file": "case",
    "Record contact": "step/reaching.py",
    "Letters": "letters",
    "Plan": "case/chapters/plan.py",
    "Keeping": "case/chapters/keeping.py",
    "Risk": "case/chapters/risk.py",
    "Action": "case/chapters/enforcement.py",
    "Area": "case/chapters/doors.py",
    "Visits": "visits",
    "Support": "case/chapters/support.py",
    "Mirror": "case/chapters/mirror.py",
    "Organisation": "organisation",
    "Access": "access",
    "Figures": "figures",
    "Closing": "case/chapters/closing.py",
    "Interview": "interviews",
}
"""Name of a page, as people read it -> where it is, below desktop/screens."""

KEPT = rows()


def each(row: Row) -> str:
    return f"{row.kept.clause} {row.function}"


def test_the_page_is_what_the_code_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "mark the rule with @keeps, then run: python -m tests.support.clause_page"


@pytest.mark.parametrize("row", KEPT, ids=each)
def test_the_rule_says_its_clause(row: Row) -> None:
    rule = getattr(importlib.import_module(f"core.policy.{row.module}"), row.function)
    assert re.search(rf"\b{re.escape(row.kept.clause)}\b", rule.__doc__ or "")


@pytest.mark.parametrize("row", KEPT, ids=each)
def test_the_rule_is_tried(row: Row) -> None:
    assert row.tests, "no test of policy calls it"


@pytest.mark.parametrize("row", KEPT, ids=each)
def test_the_rule_is_seen_on_a_page_there_is(row: Row) -> None:
    assert row.kept.screens
    for screen in row.kept.screens:
        assert (CHECKOUT / "desktop" / "screens" / SCREENS[screen]).exists()


def test_every_rule_is_used_by_the_program() -> None:
    used: set[str] = set()
    for floor in ("core", "desktop"):
        for path in (CHECKOUT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Name):
                    used.add(node.id)
                elif isinstance(node, ast.Attribute):
                    used.add(node.attr)
    assert not {row.function for row in KEPT} - used


def test_every_clause_of_the_policy_is_kept_or_waits_for_something() -> None:
    later = PAGE.read_text(encoding="utf-8").partition("## Later\n")[2]
    waiting = {cell for line in later.splitlines() if line.startswith("|") for cell in line.split("|")[1].split(", ")}
    waiting = {cell.strip() for cell in waiting}
    assert {row.kept.clause for row in KEPT} | (waiting & {clause.number for clause in pack().clauses}) == {
        clause.number for clause in pack().clauses
    }
