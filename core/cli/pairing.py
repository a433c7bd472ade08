"""`imani pair`: a second laptop of the same person."""

from __future__ import annotations

import argparse
import sys

from core.cli.commands import opened, real_parts, told
from core.cli.console import Output, read_passphrase
from core.crypto.kdf import KdfCost
from core.foundation.errors import FormIncomplete, WeakPassphrase
from core.services import handing_over, opening, pairing
from core.services import sync as exchange
from core.services.handing_over import CodeKind


def ask(options: argparse.Namespace) -> Output:
    """On the new laptop: ask to become a laptop of whoever reads the code."""
    passphrase = read_passphrase(options.passphrase_file, prompt="New passphrase: ", twice=True)
    form = pairing.PairingForm(options.name, passphrase, options.folder)
    cost = KdfCost(options.kdf_memory_mib * 1024)
    try:
        asked = pairing.ask_to_pair(options.vault, form, parts=real_parts(), cost=cost, progress=told())
    except WeakPassphrase:
        words = opening.suggest_passphrase(real_parts())
        print(f"Five words nobody could guess, if you like them: {words}", file=sys.stderr)
        raise
    lines = [
        "On your other laptop: pair answer, with this code:", f"  {asked.code}",
        "It must show these eight words:", f"  {' '.join(asked.words)}",
        "When it has answered: pair finish, here.",
    ]  # fmt: skip
    return Output(lines, {"code": asked.code, "words": list(asked.words)})


def answer(options: argparse.Namespace) -> Output:
    """On the old laptop: show what a code stands for; with the new laptop's words, answer it."""
    code = options.code or handing_over.code_in_picture(path=options.picture, kind=CodeKind.LAPTOP)
    with opened(options) as workspace:
        seen = pairing.read_pairing_code(workspace, code=code, progress=told())
        said = {"laptop": seen.laptop_name, "words": list(seen.words), "paired": False}
        if options.words is None:
            lines = [
                f"The new laptop is called {seen.laptop_name}. It must show these eight words:",
                f"  {' '.join(seen.words)}", "If it does, run this again with --words and the words it shows.",
            ]  # fmt: skip
            return Output(lines, said)
        if tuple(options.words.casefold().split()) != seen.words:
            said_wrong = "The words are not the same. Somebody may have come between: do not go on with this code."
            raise FormIncomplete(problems={"words": said_wrong})
        pairing.pair(workspace, code=code, progress=told())
        exchange.sync_now(workspace, progress=told())
    return Output([f"{seen.laptop_name} is one of your laptops. Run pair finish there."], {**said, "paired": True})


def finish(options: argparse.Namespace) -> Output:
    """On the new laptop: take in what the old one sent."""
    passphrase = read_passphrase(options.passphrase_file)
    workspace = opening.finish_joining(options.vault, passphrase, parts=real_parts(), progress=told())
    opening.lock(workspace)
    return Output(["This laptop is one of yours now."], {"vault": str(options.vault)})
