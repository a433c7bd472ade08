"""The words of `imani packs`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def packs_words(parser: argparse.ArgumentParser, common: Callable[..., None]) -> None:
    """`imani packs check FILE` and `imani packs show`."""
    verbs = parser.add_subparsers(dest="packs_verb", required=True, metavar="check|show")
    check = verbs.add_parser("check", help="whether a changed pack is whole: every wrong row is named")
    common(check, vault=False)
    check.add_argument("file", type=Path, metavar="FILE", help="the pack, a JSON file")
    check.set_defaults(run="packs.check")
    show = verbs.add_parser("show", help="every pack in force today, and every change of it")
    common(show)
    show.set_defaults(run="packs.show")
