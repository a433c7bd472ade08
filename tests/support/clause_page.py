"""Makes the table of `core/policy/CLAUSES.md` from the marks on the rules and the tests that try them.

python -m tests.support.clause_page        writes the page anew
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from pathlib import Path

import core.policy
from core.policy.keeps import Kept, kept_by, marked_rules

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "core" / "policy" / "CLAUSES.md"
TESTS = CHECKOUT / "tests"
BEGINNING, END = "## Covered\n", "\n## "
HEAD = "| Clause | What it promises | Function | Screen | Tests |\n|---|---|---|---|---|\n"


@dataclass(frozen=True)
class Row:
    """One line of the page. `module` and `function` within core.policy; `tests` the file and name of each test."""

    kept: Kept
    module: str
    function: str
    line: int
    tests: tuple[tuple[str, str], ...]

    def text(self) -> str:
        named = "none"
        if self.tests:
            module, first = self.tests[0]
            more = f" and {len(self.tests) - 1} more" if len(self.tests) > 1 else ""
            named = f"`{module}.{first}`{more}"
        screens = ", ".join(self.kept.screens)
        return f"| {self.kept.clause} | {self.kept.promise} | `{self.module}.{self.function}` | {screens} | {named} |"


def rows() -> list[Row]:
    """Every mark on every rule, by the number of its clause."""
    tried = _tried_in_tests()
    found = [
        Row(kept, module, name, inspect.getsourcelines(rule)[1], tuple(tried.get((module, name), ())))
        for module, name, rule in marked_rules()
        for kept in kept_by(rule)
    ]
    return sorted(found, key=lambda row: (_number(row.kept.clause), row.module, row.line))


def page(text: str) -> str:
    """The page with its table made anew; everything else is left as somebody wrote it."""
    before, rest = text.split(BEGINNING, 1)
    after = rest.split(END, 1)[1]
    table = HEAD + "\n".join(row.text() for row in rows()) + "\n"
    return f"{before}{BEGINNING}\n{table}{END}{after}"


def _number(clause: str) -> tuple[int, ...]:
    return tuple(int(part) for part in clause.split("."))


def _tried_in_tests() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(module, rule) -> the tests of policy that call it, the most direct first.

    Directly, or through a helper of the test's file or another rule of the same module.
    """
    rules = {path.stem: _functions(path) for path in sorted(Path(core.policy.__path__[0]).glob("*.py"))}
    found: dict[tuple[str, str], list[tuple[int, int, str, str]]] = {}
    for path in sorted([*(TESTS / "unit" / "policy").glob("test_*.py"), *(TESTS / "property").glob("test_*.py")]):
        own = _functions(path)
        for module in _policy_modules(path):
            known = {**rules[module], **own}
            for place, test in enumerate(name for name in own if name.startswith("test_")):
                for rule, steps in _reached(test, known).items():
                    elsewhere = path.stem != f"test_{module}"
                    found.setdefault((module, rule), []).append((steps + 9 * elsewhere, place, path.stem, test))
    return {rule: [(stem, test) for _, _, stem, test in sorted(tests)] for rule, tests in found.items()}


def _policy_modules(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "core.policy":
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core.policy."):
            modules.add((node.module or "").split(".")[2])
    return modules


def _functions(path: Path) -> dict[str, set[str]]:
    """Name of a function at the top of a file -> the names it uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: _names(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


def _names(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names | {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}


def _reached(test: str, known: dict[str, set[str]]) -> dict[str, int]:
    """Every name reached from a test -> in how many steps."""
    reached: dict[str, int] = {}
    waiting = [(test, 0)]
    while waiting:
        name, steps = waiting.pop(0)
        for used in known.get(name, set()) - reached.keys():
            reached[used] = steps + 1
            waiting.append((used, steps + 1))
    return reached


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
