"""`imani passphrase`: another one, or new keys for everything."""

from __future__ import annotations

import argparse
import sys

from core.cli.commands import real_parts, told
from core.cli.console import Output, read_passphrase
from core.foundation.errors import WeakPassphrase
from core.services import opening, passphrase

NEW_KEYS = (
    "You have new keys, and everything is under a new key. This laptop has a new number, and the old one counts no "
    "more. Sync now, and pair your other laptops again."
)
NOT_TOLD = (
    f"{NEW_KEYS} The shared folder could not be reached: your colleagues hear of it with the next exchange. "
    "Run `imani retention renew` after that, to destroy the old keys."
)
OLD_COPIES = "Backups and copies of the key file made before still open with the old passphrase."


def change(options: argparse.Namespace) -> Output:
    """Seal the keys under another passphrase; with `--somebody-knows`, make new keys first."""
    old = read_passphrase(options.passphrase_file, prompt="Passphrase you use now: ")
    new = read_passphrase(options.new_passphrase_file, prompt="New passphrase: ", twice=True)
    workspace = opening.unlock(options.vault, old, parts=real_parts())
    done = "The passphrase is changed."
    try:
        if options.somebody_knows:
            renewed = passphrase.somebody_knows(workspace, old=old, new=new, progress=told())
            done = NEW_KEYS if renewed.told else NOT_TOLD
        else:
            passphrase.change_passphrase(workspace, old=old, new=new, progress=told())
    except WeakPassphrase:
        words = opening.suggest_passphrase(real_parts())
        print(f"Five words nobody could guess, if you like them: {words}", file=sys.stderr)
        raise
    finally:
        opening.lock(workspace)
    return Output([f"{done} {OLD_COPIES}"], {"vault": str(options.vault), "new_keys": bool(options.somebody_knows)})
