"""What may be typed after `people`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from core.domain.organisation import ROLES


def people_words(parser: argparse.ArgumentParser, common: Callable[..., None]) -> None:
    """`people list|suspend|remove|role|late`."""
    verbs = parser.add_subparsers(dest="people_verb", required=True, metavar="list|suspend|remove|role|late")
    listing = verbs.add_parser("list", help="everybody and their laptops")
    common(listing)
    listing.set_defaults(run="people.listed")
    suspending = verbs.add_parser("suspend", help="cut one laptop off, because it is lost")
    common(suspending)
    _name(suspending)
    suspending.add_argument("--laptop", required=True, help="its number in `people list`, or the beginning of its id")
    suspending.add_argument("--reason", required=True, help="why, for the others to read")
    suspending.set_defaults(run="people.suspend")
    removing = verbs.add_parser("remove", help="say what removing somebody does; with --reason, do it")
    common(removing)
    _name(removing)
    removing.add_argument("--reason", default="", help="why, for the others to read")
    removing.add_argument(
        "--lead", action="append", default=[], metavar="CASE=NAME", help="who leads a case from now on; may be repeated"
    )
    removing.set_defaults(run="people.remove")
    role = verbs.add_parser("role", help="give somebody another role")
    common(role)
    _name(role)
    role.add_argument("--role", required=True, choices=sorted(ROLES), help="what they do from now on")
    role.set_defaults(run="people.role")
    _late(verbs.add_parser("late", help="work that came after somebody left, or from a laptop cut off"), common)


def _late(parser: argparse.ArgumentParser, common: Callable[..., None]) -> None:
    verbs = parser.add_subparsers(dest="late_verb", required=True, metavar="list|adopt|aside")
    listing = verbs.add_parser("list", help="what waits, in full")
    common(listing)
    listing.set_defaults(run="people.late_list")
    for verb, run, text in (
        ("adopt", "people.late_adopt", "take it over: it counts from now on"),
        ("aside", "people.late_aside", "put it aside: it stays off the list"),
    ):
        judging = verbs.add_parser(verb, help=text)
        common(judging)
        judging.add_argument("number", type=int, help="the number in `people late list`")
        judging.add_argument(
            "--entry", type=int, action="append", default=[], metavar="N", help="only this entry; may be repeated"
        )
        judging.set_defaults(run=run)


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="the colleague's name")
