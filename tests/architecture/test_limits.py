"""What rots in this kind of program is the class and the file, so both have a limit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
MODULE_LINES = 500
CLASS_LINES = 300
CONSTRUCTOR_ARGUMENTS = 7


def product_modules() -> Iterator[Path]:
    for room in ("core", "desktop", "installer"):
        yield from sorted((CHECKOUT / room).rglob("*.py"))


def oversights(source: str) -> list[str]:
    """Every limit `source` breaks, as a sentence."""
    length = len(source.splitlines())
    found = [f"{length} lines"] if length > MODULE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > CLASS_LINES:
                found.append(f"class {node.name} has {size} lines")
            found += [f"{node.name} takes {count} arguments" for count in constructor_arguments(node)]
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno} changes a module's own variable")
    return found


def constructor_arguments(node: ast.ClassDef) -> Iterator[int]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            count = len(part.args.posonlyargs) + len(part.args.args) + len(part.args.kwonlyargs) - 1
            if count > CONSTRUCTOR_ARGUMENTS:
                yield count


@pytest.mark.parametrize("path", list(product_modules()), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_module_or_class_outgrows_its_limit(path: Path) -> None:
    assert oversights(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n" * (MODULE_LINES + 1),
        "class Big:\n" + "    x = 1\n" * CLASS_LINES,
        "class Greedy:\n    def __init__(self, a, b, c, d, *, e, f, g, h): ...\n",
        "def change():\n    global total\n    total = 1\n",
    ],
)
def test_each_limit_bites(source: str) -> None:
    assert len(oversights(source)) == 1
