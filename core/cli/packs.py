"""`imani packs`: the packs in force, and whether a changed pack is whole."""

from __future__ import annotations

import argparse

from core.cli.commands import opened
from core.cli.console import Output
from core.cli.exit_codes import PROBLEMS_FOUND
from core.services.pack_changes import check_pack_text, packs_now, read_pack_file
from core.services.packs import DEFAULT_PACK


def check(options: argparse.Namespace) -> Output:
    """Read a pack file; every row that is wrong is a line. Opens no workbook."""
    found = check_pack_text(read_pack_file(options.file), name=DEFAULT_PACK)
    data = {"pack": found.pack, "problems": list(found.problems), "differs": list(found.differs)}
    if found.problems:
        count = len(found.problems)
        head = f"{found.name or 'This file'}: {count} {'thing is' if count == 1 else 'things are'} wrong."
        return Output([head, *found.problems], data, exit_code=PROBLEMS_FOUND)
    count = len(found.differs)
    differs = "the same as what comes with the program" if not count else (
        f"{count} {'difference' if count == 1 else 'differences'} from what comes with the program"
    )  # fmt: skip
    return Output([f"{found.name}: whole, {differs}.", *found.differs], data)


def show(options: argparse.Namespace) -> Output:
    """Every pack in force today, and every change of it."""
    with opened(options) as workspace:
        rows = packs_now(workspace)
    lines = []
    for row in rows:
        lines.append(f"{row.name}: {row.version}")
        lines += [f"  {one.what}: {one.instead} ({one.state}; {one.by}: {one.reason})" for one in row.changes]
    packs = [
        {
            "pack": row.pack, "version": row.version,
            "changes": [{"what": one.what, "value": one.instead, "state": one.state} for one in row.changes],
        }
        for row in rows
    ]  # fmt: skip
    return Output(lines, {"packs": packs})
