"""`imani mirror` and `imani figures`: what is missing in the cases somebody may read, and how many there are."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from core.cli.commands import opened, told
from core.cli.console import Output
from core.cli.declaring import declared_case
from core.cli.exit_codes import DONE, PROBLEMS_FOUND
from core.foundation.errors import FormIncomplete
from core.policy.finding import WEIGHTS, Finding
from core.services.figures import Asked, Figures, read_figures, save_figures
from core.services.mirror import MirrorRow, mirror_over_cases


def mirror(options: argparse.Namespace) -> Output:
    """Every case with something missing, most first. Exit code 50 if there is anything to mend."""
    with opened(options) as workspace:
        one = declared_case(workspace, options.case) if options.case else None
        rows = mirror_over_cases(workspace, closed=options.closed or one is not None, progress=told())
        if one is not None:
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


def figures(options: argparse.Namespace) -> Output:
    """The figures of a period, printed or written to a file."""
    asked = _asked(options)
    form = "" if options.into is None else options.into.suffix.lower().lstrip(".")
    if options.into is not None and form not in ("pdf", "csv"):
        raise FormIncomplete(problems={"into": "Give the file a name that ends in .pdf or .csv."})
    with opened(options) as workspace:
        if options.into is not None:
            saved = save_figures(
                workspace, asked=asked, destination=options.into, form=form, remark=options.remark, progress=told()
            )
            return Output([f"Written: {saved.path}"], {"file": str(saved.path), "bytes": saved.size_bytes})
        found = read_figures(workspace, asked=asked, progress=told())
    return Output(_lines(found), _figures_data(found))


def _asked(options: argparse.Namespace) -> Asked:
    if options.first or options.last:
        first, last = _day(options.first, "from"), _day(options.last, "to")
        return Asked(kind="days", first=first, last=last, committee=options.committee)
    kind = "quarter" if options.quarter else "year"
    return Asked(kind=kind, year=options.year, quarter=options.quarter or 1, committee=options.committee)


def _day(text: str | None, name: str) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise FormIncomplete(problems={name: f"--{name} is a day, such as 2026-04-01."}) from None


def _lines(found: Figures) -> list[str]:
    lines = [found.period.words, found.scope, *([found.hides] if found.hides else [])]
    for table in found.tables:
        rows = [("", *table.headings[1:]), *(row.words() for row in table.rows)]
        wide = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        lines += ["", f"{table.title} (policy {table.clause})"]
        for row in rows:
            numbers = "  ".join(word.rjust(wide[place]) for place, word in enumerate(row) if place)
            lines.append(f"  {row[0]:<{wide[0]}}  {numbers}".rstrip())
    return lines


def _figures_data(found: Figures) -> dict[str, Any]:
    tables = [
        {
            "code": table.code, "clause": table.clause, "title": table.title, "columns": table.headings[1:],
            "rows": [
                {"code": row.code, "name": row.label, "values": row.values, "rate": row.rate} for row in table.rows
            ],
        }
        for table in found.tables
    ]  # fmt: skip
    return {
        "period": found.period.words, "committee": found.committee, "scope": found.scope, "hides": found.hides,
        "tables": tables,
    }  # fmt: skip
