"""`imani mirror`: what is missing in the cases somebody may read."""

from __future__ import annotations

import argparse
from typing import Any

from core.cli.commands import opened, told
from core.cli.console import Output
from core.cli.exit_codes import DONE, PROBLEMS_FOUND
from core.policy.finding import WEIGHTS, Finding
from core.services import cases
from core.services.mirror import MirrorRow, mirror_over_cases


def mirror(options: argparse.Namespace) -> Output:
    """Every case with something missing, most first. Exit code 50 if there is anything to mend."""
    with opened(options) as workspace:
        rows = mirror_over_cases(workspace, closed=options.closed or bool(options.case), progress=told())
        if options.case:
            one = cases.find_case(workspace, reference=options.case)
            rows = tuple(row for row in rows if row.case == one)
    if not rows:
        return Output(["Nothing that the policy asks for is missing."], {"cases": []})
    lines = [line for row in rows for line in mirror_lines(row)]
    mend = any(row.to_mend for row in rows)
    return Output(lines, {"cases": [_data(row) for row in rows]}, PROBLEMS_FOUND if mend else DONE)


def mirror_lines(row: MirrorRow) -> list[str]:
    """One case in lines: its reference, then each finding."""
    lines = [f"{row.reference}: {len(row.to_mend)} to mend, {len(row.findings) - len(row.to_mend)} that stay"]
    lines += [f"  {WEIGHTS[one.weight]:<13} {one.clause:<5} {one.sentence}{_stays(one)}" for one in row.findings]
    return lines


def _stays(finding: Finding) -> str:
    return " (stays on the file)" if finding.stays else ""


def _data(row: MirrorRow) -> dict[str, Any]:
    found = [
        {
            "code": one.code, "clause": one.clause, "weight": one.weight, "sentence": one.sentence, "stays": one.stays,
            "page": one.step or one.duty,
        }
        for one in row.findings
    ]  # fmt: skip
    return {"reference": row.reference, "stage": row.stage, "mine": row.mine, "weight": row.weight, "missing": found}
