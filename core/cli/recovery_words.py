"""The words of `imani recovery`: what may be typed after it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

SHEET = "a file (its PDF, a photograph of its square code, its words as text), its words in quotes, or - to type them"


def recovery_words(
    parser: argparse.ArgumentParser, common: Callable[..., None], memory_mib: Callable[[str], int]
) -> None:
    """`recovery show|try|recover|go-on`."""
    verbs = parser.add_subparsers(dest="recovery_verb", required=True, metavar="show|try|recover|go-on")
    showing = verbs.add_parser("show", help="the recovery groups, who keeps which sheet, when they were tried out")
    common(showing)
    showing.set_defaults(run="recovery.show")
    trying = verbs.add_parser("try", help="try two recovery sheets and the organisation sheet out")
    common(trying)
    _sheets(trying)
    trying.add_argument("--group", metavar="NAME", help="which group, if there are several")
    trying.set_defaults(run="recovery.rehearse")
    recovering = verbs.add_parser("recover", help="every laptop is lost: make a workbook from sheets and the folder")
    common(recovering)
    _sheets(recovering)
    recovering.add_argument("--folder", type=Path, required=True, metavar="DIR", help="any copy of the shared folder")
    recovering.add_argument("--your-name", required=True)
    recovering.add_argument("--initials", required=True)
    recovering.add_argument(
        "--kdf-memory-mib", type=memory_mib, default=256, metavar="MIB",
        help="memory one guess of the passphrase costs (64 to 1024)",
    )  # fmt: skip
    recovering.set_defaults(run="recovery.recover")
    going = verbs.add_parser("go-on", help="from a recovered workbook to an ordinary one")
    common(going)
    way = going.add_mutually_exclusive_group(required=True)
    way.add_argument("--invitation", metavar="TEXT", help="an administrator is left: ask to be let in")
    way.add_argument("--nobody-is-left", action="store_true", help="become an administrator by the sheets")
    way.add_argument("--take-over", action="store_true", help="once let in: read every case of the group by right")
    way.add_argument("--forget-sheets", action="store_true", help="when done: forget the key of the sheets here")
    going.add_argument("--job-title", default="")
    going.set_defaults(run="recovery.go_on")


def _sheets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sheet", action="append", required=True, metavar="SHEET", help=f"twice; {SHEET}")
    parser.add_argument("--organisation-sheet", required=True, metavar="SHEET", help=SHEET)
