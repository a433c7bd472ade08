"""The floors of the house hold, and a wrong import is refused by the name of the rule it breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Breach:
    """A module that must not exist: `module` (dotted) holding `line`, refused by `contract`, which says `named`."""

    contract: str
    module: str
    line: str
    named: str = ""


BREACHES = [
    Breach("Core floors", "core.foundation.breach_upward", "import core.domain.values"),
    Breach("Core floors", "core.store.breach_sibling", "import core.vault.database"),
    Breach("Core floors", "core.helpers.__init__", "", named="core.helpers"),
    Breach("Desktop floors", "desktop.background.breach_floor", "import desktop.screens"),
    Breach("Desktop floors", "desktop.pages.__init__", "", named="desktop.pages"),
    Breach("No Qt in core", "core.domain.breach_qt", "import PySide6.QtCore"),
    Breach("The desktop reaches core", "desktop.screens.breach_store", "import core.store.rows"),
    Breach("Pure rooms", "core.changes.breach_clock", "import time"),
    Breach("Pure rooms", "core.domain.breach_file", "import pathlib"),
    Breach("Pure rooms", "core.policy.breach_chance", "import random"),
    Breach("Pure rooms", "core.sync.engine.breach_network", "import socket"),
    Breach("Pure rooms", "core.letters.compose", "import reportlab"),
    Breach("Inside sync", "core.sync.engine.breach_transport", "import core.sync.transports"),
    Breach("Only the composition roots", "core.services.breach_real_clock", "import core.foundation.system"),
    Breach("No circles", "core.foundation.breach_circle", "import core.domain.case", named=".foundation -> .domain"),
    Breach("Only the crypto room", "core.vault.breach_crypto", "import cryptography.fernet"),
    Breach("Only the store and the vault", "core.services.breach_rows", "import sqlalchemy"),
    Breach("Only letters.render", "core.letters.breach_drawing", "import reportlab.pdfgen"),
    Breach("Inside letters", "core.letters.compose", "import core.letters.render"),
]


def lint_imports(tree: Path) -> tuple[int, str]:
    """Run import-linter on the packages in `tree` and return its exit code and report."""
    finished = subprocess.run(
        [sys.executable, "-P", "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "NO_COLOR": "1", "COLUMNS": "250"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


@pytest.fixture(scope="module")
def report_on_breaches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy of the house in which every breach was committed."""
    tree = tmp_path_factory.mktemp("house")
    shutil.copy(CHECKOUT / "pyproject.toml", tree)
    for room in ("core", "desktop"):
        shutil.copytree(CHECKOUT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("desktop/background", "desktop/screens", "core/sync/engine", "core/sync/transports"):
        (tree / package).mkdir(exist_ok=True)
        (tree / package / "__init__.py").touch()
    for breach in BREACHES:
        path = tree.joinpath(*breach.module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{breach.line}\n")
    exit_code, report = lint_imports(tree)
    assert exit_code == 1 and "Broken contracts" in report, report
    return report


def complaint(report: str, contract: str) -> str:
    """The part of a report that says how the contract whose name starts with `contract` was broken."""
    lines = report.partition("Broken contracts")[2].splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("----") and number]
    sections = {
        lines[start - 1]: "\n".join(lines[start + 1 : end - 1])
        for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True)
    }
    return next((text for title, text in sections.items() if title.startswith(contract)), "")


def test_every_import_keeps_to_the_floors() -> None:
    exit_code, report = lint_imports(CHECKOUT)
    assert exit_code == 0, report


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.module}: {breach.line}")
def test_a_wrong_import_is_refused_by_name(breach: Breach, report_on_breaches: str) -> None:
    named = breach.named or breach.module
    assert named in complaint(report_on_breaches, breach.contract), report_on_breaches
