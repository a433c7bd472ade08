"""`imani recovery`: recovery groups, and coming back from paper."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.cli.commands import opened, real_parts, told
from core.cli.console import Output, read_passphrase
from core.crypto.kdf import KdfCost
from core.foundation.errors import FormIncomplete, NotFound
from core.services import coming_back, lost_laptops, opening, recovery_groups
from core.services import sync as exchange
from core.services.lost_laptops import RecoverForm
from core.services.recovery_groups import GroupRow
from core.services.recovery_sheets import words_in_file
from core.services.workspace import Workspace

SHEETS_NEEDED = 2


def show(options: argparse.Namespace) -> Output:
    """Every recovery group."""
    with opened(options) as workspace:
        rows = recovery_groups.groups(workspace)
    lines = [] if rows else ["There are no recovery sheets yet. An administrator makes them on the Colleagues page."]
    for row in rows:
        tried = f"tried out on {row.rehearsed_at:%d %B %Y}" if row.rehearsed_at else "never tried out"
        due = ", to be tried out again" if row.due else ""
        lines.append(f"{row.name}, edition {row.edition}: {row.cases} cases, {tried}{due}")
        lines += [f"  sheet {holder.sheet}: {holder.name}" for holder in row.holders]
        for old in row.old_sheets:
            state = "destroyed" if old.destroyed_at else "to be destroyed against signature"
            lines.append(f"  old sheets of edition {old.edition}: {state}")
    return Output(lines, {"groups": [_plain(row) for row in rows]})


def rehearse(options: argparse.Namespace) -> Output:
    """Try two sheets and the organisation sheet out."""
    first, second, organisation = _words(options)
    with opened(options) as workspace:
        group = _group(workspace, options.group)
        recovery_groups.rehearse(workspace, group.group, first=first, second=second, organisation_words=organisation)
    return Output([f"These sheets open {group.name}. The day is noted."], {"group": group.name})


def recover(options: argparse.Namespace) -> Output:
    """Make a workbook from two sheets, the organisation sheet and a copy of the folder."""
    first, second, organisation = _words(options)
    passphrase = read_passphrase(options.passphrase_file, prompt="New passphrase: ", twice=True)
    form = RecoverForm(first, second, organisation, options.folder, options.your_name, options.initials, passphrase)
    made = lost_laptops.recover(
        options.vault, form, parts=real_parts(), cost=KdfCost(options.kdf_memory_mib * 1024), progress=told()
    )
    opening.lock(made.workspace)
    lines = [f"Recovered: {made.cases} cases can be read. Nothing can be written until you go on (recovery go-on)."]
    lines += list(made.missing)
    return Output(lines, {"cases": made.cases, "missing": list(made.missing), "vault": str(options.vault)})


def go_on(options: argparse.Namespace) -> Output:
    """One step from a recovered workbook to an ordinary one."""
    with opened(options) as workspace:
        if options.invitation:
            asked = coming_back.ask_again(workspace, options.invitation, job_title=options.job_title)
            exchange.sync_now(workspace, progress=told())
            said = f"Asked. The administrator must see these eight words: {' '.join(asked.words)}"
            return Output([said, "When you are let in: sync, then recovery go-on --take-over."], {"words": asked.words})
        if options.nobody_is_left:
            coming_back.come_back(workspace, job_title=options.job_title)
        if options.forget_sheets:
            coming_back.forget_sheets(workspace)
            return Output(["The key of the sheets is forgotten here. Put them back."], {"forgotten": True})
        taken = 0
        while done := coming_back.give_myself_cases(workspace):
            taken += done
        exchange.sync_now(workspace, progress=told())
    said = f"{taken} cases are yours to read and to lead. Everybody can see that sheets did it."
    return Output([said], {"cases": taken})


def _words(options: argparse.Namespace) -> tuple[str, str, str]:
    if len(options.sheet) != SHEETS_NEEDED:
        raise FormIncomplete(problems={"sheet": "Give --sheet twice: any two of the three share sheets."})
    first, second, organisation = (_sheet(text) for text in (*options.sheet, options.organisation_sheet))
    return first, second, organisation


def _sheet(text: str) -> str:
    if text == "-":  # words on a command line stay in its history
        print("Words of the sheet, in order: ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline()
    return text if " " in text.strip() and not Path(text).is_file() else words_in_file(Path(text))


def _group(workspace: Workspace, name: str | None) -> GroupRow:
    rows = recovery_groups.groups(workspace)
    found = [row for row in rows if name is None or row.name.casefold() == name.casefold()]
    if not found:
        raise NotFound(what="recovery group")
    if len(found) > 1:
        raise FormIncomplete(problems={"group": "There are several groups. Say which one with --group."})
    return found[0]


def _plain(row: GroupRow) -> dict[str, object]:
    return {
        "name": row.name, "edition": row.edition, "cases": row.cases, "due": row.due,
        "holders": [holder.name for holder in row.holders],
    }  # fmt: skip
