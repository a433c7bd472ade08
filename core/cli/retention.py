"""`imani retention`: what was deleted for good, and renewing one's own keys so that old copies do not open it."""

from __future__ import annotations

import argparse

from core.cli.commands import opened, real_parts, told
from core.cli.console import Output, read_passphrase
from core.services import opening, retention_day
from core.services.retention_day import due_sentence


def show(options: argparse.Namespace) -> Output:
    """How this person stands, and every deletion."""
    with opened(options) as workspace:
        state = retention_day.retention_day_state(workspace)
    last = f"last renewed on {state.last:%d %B %Y}" if state.last else "never renewed so far"
    lines = [f"Your keys were {last}."]
    lines.append(due_sentence(state) if state.due else f"They are next renewed by {state.due_at:%d %B %Y}.")
    lines += [f"{item.at:%d %B %Y}: {item.sentence}" for item in state.deletions]
    lines += [f"New recovery sheets are needed for {name}; an administrator makes them." for name in state.sheets]
    deletions = [
        {"at": item.at.isoformat(), "waiting": list(item.waiting), "since": item.since and item.since.isoformat()}
        for item in state.deletions
    ]
    return Output(
        lines, {"due": state.due, "due_at": state.due_at.isoformat(), "deletions": deletions, "sheets": state.sheets}
    )


def renew(options: argparse.Namespace) -> Output:
    """Renew the keys; the workbook opens with the same passphrase afterwards."""
    passphrase = read_passphrase(options.passphrase_file, prompt="Passphrase: ")
    workspace = opening.unlock(options.vault, passphrase, parts=real_parts())
    try:
        retention_day.hold_retention_day(workspace, passphrase=passphrase, progress=told())
    finally:
        opening.lock(workspace)
    return Output(["Your keys are renewed, and the old ones are destroyed here."], {"renewed": True})
