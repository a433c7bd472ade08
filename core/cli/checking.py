"""`imani verify-folder` and `imani keys-for-checking`.

With a file of keys, or with none, the check uses neither the database nor the window's libraries: it can run on a
machine that has no workbook.
"""

from __future__ import annotations

import argparse
import sys

from core.cli.console import ConsoleProgress, Output, read_passphrase
from core.cli.exit_codes import PROBLEMS_FOUND
from core.crypto.kdf import KdfCost
from core.foundation.system import SystemRandomness
from core.sync.checking_keys import as_verify_keys, read_checking_keys
from core.sync.transports.folder import FolderTransport
from core.sync.verify import Depth, FolderVerified, verify_folder

_SAID_OF_DEPTH = {
    Depth.NAMES: "Without keys only names and damage were checked: not who wrote what, nor whether anything is gone.",
    Depth.CHAINS: "Chains and signatures were checked; who let in whom was not, for want of the organisation's keys.",
    Depth.ROSTER: "",
}


def verify(options: argparse.Namespace) -> Output:
    """Check every file in a shared folder, with the keys there are."""
    if options.vault is not None:
        report = _with_workbook(options)
    else:
        keys = None
        if options.keys is not None:
            passphrase = read_passphrase(options.passphrase_file, prompt="Passphrase of the file of keys: ")
            keys = as_verify_keys(read_checking_keys(options.keys, passphrase))
        transport = FolderTransport(options.folder, randomness=SystemRandomness())
        report = verify_folder(transport, keys=keys, progress=ConsoleProgress(sys.stderr))
    return _said(options, report)


def export(options: argparse.Namespace) -> Output:
    """Write the keys that check a folder, sealed with a passphrase of their own."""
    from core.cli.commands import opened
    from core.services import checking

    with opened(options) as workspace:
        passphrase = read_passphrase(options.new_passphrase_file, prompt="Passphrase for the new file: ", twice=True)
        made = checking.export_checking_keys(
            workspace, destination=options.file, passphrase=passphrase, cost=KdfCost(options.kdf_memory_mib * 1024)
        )
    return Output(
        [
            f"Written to {made.path}. It checks the shared folder and opens no case.",
            "It opens the organisation's own records (who works here, the homes): give it to nobody outside.",
        ],
        {"file": str(made.path)},
    )


def _with_workbook(options: argparse.Namespace) -> FolderVerified:
    from core.cli.commands import opened, told
    from core.services.sync import verify_shared_folder

    with opened(options) as workspace:
        return verify_shared_folder(workspace, folder=options.folder, progress=told())


def _said(options: argparse.Namespace, report: FolderVerified) -> Output:
    problems = [f"{problem.file or options.folder}: {problem.sentence}" for problem in report.problems]
    if not problems and not (report.segments or (report.depth is Depth.NAMES and report.files)):
        none = "there is nothing in it" if not report.files else "none of its files belongs to this organisation"
        problems.append(f"{options.folder}: This does not look like the shared folder: {none}.")
    read = ""
    if report.depth is not Depth.NAMES:
        read = f", {_count(report.segments, 'segment')} from {_count(len(report.heads), 'laptop')}"
        read += f", {report.strangers:,} that these keys do not open" if report.strangers else ""
    lines = [f"{_count(report.files, 'file')} checked{read}.", *problems]
    if _SAID_OF_DEPTH[report.depth]:
        lines.append(_SAID_OF_DEPTH[report.depth])
    if not problems:
        lines.append("No problem found.")
    return Output(
        lines,
        {
            "files": report.files, "segments": report.segments, "laptops": len(report.heads),
            "strangers": report.strangers, "checked": report.depth.value, "problems": problems,
            "heads": [
                {"laptop": head.device.hex(), "number": head.seq, "hash": head.body_hash.hex()} for head in report.heads
            ],
        },
        PROBLEMS_FOUND if problems else 0,
    )  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
