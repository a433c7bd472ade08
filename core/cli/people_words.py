"""The words of commands about people and their laptops: what may be typed after `pair`, `passphrase`, `retention`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def pair_words(
    parser: argparse.ArgumentParser, common: Callable[..., None], memory_mib: Callable[[str], int]
) -> None:
    """`pair ask|answer|finish`."""
    verbs = parser.add_subparsers(dest="pair_verb", required=True, metavar="ask|answer|finish")
    asking = verbs.add_parser("ask", help="on the new laptop: show a code and eight words")
    common(asking)
    asking.add_argument("--folder", type=Path, required=True, metavar="DIR", help="the folder your organisation shares")
    asking.add_argument("--name", required=True, help="what you call this laptop")
    asking.add_argument(
        "--kdf-memory-mib", type=memory_mib, default=256, metavar="MIB",
        help="memory one guess of the passphrase costs (64 to 1024)",
    )  # fmt: skip
    asking.set_defaults(run="pairing.ask")
    answering = verbs.add_parser("answer", help="on the old laptop: look at the code; with --words, answer it")
    common(answering)
    code = answering.add_mutually_exclusive_group(required=True)
    code.add_argument("--code", help="the code the new laptop shows")
    code.add_argument("--picture", type=Path, metavar="FILE", help="a picture of its square code")
    answering.add_argument("--words", metavar="WORDS", help="the eight words the new laptop shows, in quotes")
    answering.set_defaults(run="pairing.answer")
    finishing = verbs.add_parser("finish", help="on the new laptop: take in what the old one sent")
    common(finishing)
    finishing.set_defaults(run="pairing.finish")


def passphrase_words(parser: argparse.ArgumentParser, common: Callable[..., None]) -> None:
    """`passphrase`."""
    common(parser)
    parser.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help="read the new passphrase from the first line of FILE"
    )
    parser.add_argument(
        "--somebody-knows", action="store_true",
        help="somebody may know the old one: new keys for you and for everything, a new number for this laptop",
    )  # fmt: skip
    parser.set_defaults(run="passphrases.change")


def retention_words(parser: argparse.ArgumentParser, common: Callable[..., None]) -> None:
    """`retention show|renew`."""
    verbs = parser.add_subparsers(dest="retention_verb", required=True, metavar="show|renew")
    showing = verbs.add_parser("show", help="what was deleted, who can still open it from old copies, what is due")
    common(showing)
    showing.set_defaults(run="retention.show")
    renewing = verbs.add_parser("renew", help="renew your own keys, and destroy the old ones")
    common(renewing)
    renewing.set_defaults(run="retention.renew")
