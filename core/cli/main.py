"""`imani`: the command line. A thin face over the services, as the desktop is.

Exit codes: `exit_codes.py`. Every command takes `--vault DIR`, `--passphrase-file FILE` and `--json`.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from core.cli.console import Output, ready_streams, show, show_error
from core.cli.exit_codes import BUG, CANCELLED, UNSUPPORTED, exit_code
from core.cli.leaving_words import people_words
from core.cli.packs_words import packs_words
from core.cli.people_words import pair_words, passphrase_words, retention_words
from core.cli.recovery_words import recovery_words
from core.crypto.kdf import CEILING_MEMORY_KIB, FLOOR_MEMORY_KIB
from core.domain.case import CHANNELS, CONTACT_WAYS
from core.domain.documents import ATTACHMENT_KINDS
from core.foundation.errors import AppError, BugError, Cancelled, FormIncomplete, UnsupportedMachine
from core.foundation.system import refuse_core_dumps

PROGRAM = "imani"


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, with its help."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Harassment and hate-incident casework, offline first.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    _init(verbs.add_parser("init", help="start a new organisation in an empty folder"))
    _organisation(verbs.add_parser("organisation", help="show or set what letters say about the landlord"))
    _import_homes(verbs.add_parser("import-homes", help="bring in a list of homes (CSV or XLSX)"))
    _case(verbs.add_parser("case", help="list, show or open cases"))
    _mirror(verbs.add_parser("mirror", help="what an investigator would find missing in the cases you can read"))
    _figures(verbs.add_parser("figures", help="figures over the cases you can read, also for the committee"))
    _attach(verbs.add_parser("attach", help="add, list or save the files of a case"))
    _letters(verbs.add_parser("letters", help="letters to an area"))
    _sync(verbs.add_parser("sync", help="exchange work through the shared folder"))
    passphrase_words(verbs.add_parser("passphrase", help="change the passphrase"), _common)
    recovery_words(verbs.add_parser("recovery", help="recovery sheets: show, try out, recover"), _common, _memory_mib)
    retention_words(verbs.add_parser("retention", help="what was deleted, and renewing your own keys"), _common)
    pair_words(verbs.add_parser("pair", help="use the same workbook on a second laptop"), _common, _memory_mib)
    people_words(verbs.add_parser("people", help="who is in; somebody leaves; a laptop is lost; late work"), _common)
    packs_words(verbs.add_parser("packs", help="the packs in force, and whether a changed pack is whole"), _common)
    _stores(verbs.add_parser("stores", help="show or choose where work is exchanged: a folder or a store"))
    _verify(verbs.add_parser("verify-folder", help="check every file in a shared folder"))
    _keys_for_checking(verbs.add_parser("keys-for-checking", help="write keys that check a folder and open no case"))
    _backup(verbs.add_parser("backup", help="write everything to one sealed file"))
    _restore(verbs.add_parser("restore", help="put a backup into an empty folder"))
    _demo(verbs.add_parser("demo", help="run the main job on a made-up co-operative, or on your own list of homes"))
    return parser


_LOOK_FOR_RUBBISH = (20_000, 20, 20)
"""Seldom: a command makes hundreds of thousands of things that end by themselves, and is soon over."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    ready_streams()
    refuse_core_dumps()
    parsed = build_parser().parse_args(arguments)
    as_json = bool(getattr(parsed, "json", False))
    try:
        _refuse_broken_text(vars(parsed))
        command = _command(parsed.run)
        gc.freeze()  # what was loaded stays: no look for rubbish goes through it again, as in the window
        gc.set_threshold(*_LOOK_FOR_RUBBISH)
        output = command(parsed)
        show(output, as_json=as_json)
    except AppError as error:
        show_error(error, as_json=as_json)
        return exit_code(error)
    except KeyboardInterrupt:
        show_error(Cancelled(), as_json=as_json)
        return CANCELLED
    except ModuleNotFoundError as error:
        show_error(_missing(error), as_json=as_json)
        return UNSUPPORTED
    except Exception as error:  # the last stop: no traceback, which could hold names
        show_error(BugError(rule=f"an unforeseen {type(error).__name__}"), as_json=as_json)
        return BUG
    return output.exit_code


def _command(name: str) -> Callable[[argparse.Namespace], Output]:
    """The function behind `module.function`. Imported only now: help and a mistyped command need no database."""
    module, _, function = name.partition(".")
    found: Callable[[argparse.Namespace], Output] = getattr(import_module(f"core.cli.{module}"), function)
    return found


def _missing(error: ModuleNotFoundError) -> UnsupportedMachine:
    return UnsupportedMachine(
        reason=f"this Python lacks {error.name}",
        next_step="Start it with: python3 installer/start.py imani, which brings all it needs.",
    )


def _refuse_broken_text(given: Mapping[str, object]) -> None:
    """
    Raises:
        FormIncomplete: a word on the command line came in bytes that are no text.
    """
    for name, value in given.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
                said = f"--{name.replace('_', '-')} holds bytes that are not text. Type it again, or use UTF-8."
                raise FormIncomplete(problems={name: said})


def _at_least_one(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _memory_mib(text: str) -> int:
    """MiB of memory for one guess of the passphrase."""
    floor, ceiling = FLOOR_MEMORY_KIB // 1024, CEILING_MEMORY_KIB // 1024
    if not text.isdecimal() or not floor <= int(text) <= ceiling:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of MiB from {floor} to {ceiling}")
    return int(text)


def _common(parser: argparse.ArgumentParser, *, vault: bool = True) -> None:
    if vault:
        parser.add_argument("--vault", type=Path, required=True, metavar="DIR", help="the folder of the workbook")
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="read the passphrase from the first line of FILE"
        )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _init(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--organisation", required=True, help="name of the landlord")
    parser.add_argument("--name", required=True, help="your name")
    parser.add_argument("--initials", required=True, help="your initials, for case references")
    parser.add_argument("--job-title", default="", help="your job title")
    _letterhead(parser)
    parser.add_argument(
        "--kdf-memory-mib", type=_memory_mib, default=256, metavar="MIB",
        help="memory one guess of the passphrase costs (64 to 1024)",
    )  # fmt: skip
    parser.set_defaults(run="commands.init")


def _letterhead(parser: argparse.ArgumentParser) -> None:
    for detail in ("address", "phone", "email", "website", "out-of-hours"):
        parser.add_argument(f"--{detail}", help=f"{detail.replace('-', ' ')} of the landlord on letters")
    parser.add_argument("--envelope", help="window envelopes letters go into: dl (folded in three) or c5 (in half)")


def _organisation(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    _letterhead(parser)
    parser.set_defaults(run="commands.organisation_details")


def _either(codes: Mapping[str, str]) -> str:
    return ", ".join(codes)


def _import_homes(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("file", type=Path, help="a CSV or XLSX file")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    parser.add_argument("--not-taken", type=Path, metavar="FILE", help="write the rows not taken, with reasons, here")
    parser.set_defaults(run="commands.import_homes")


def _case(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="case_verb", required=True, metavar="list|show|declare|new")
    listing = verbs.add_parser("list", help="cases, newest first")
    _common(listing)
    listing.add_argument("--search", default="", help="only cases in whose file these words stand")
    listing.add_argument("--limit", type=_at_least_one, default=50, help="show this many at most (default: 50)")
    listing.set_defaults(run="commands.case_list")
    showing = verbs.add_parser("show", help="one case: what is due and what happened")
    _common(showing)
    showing.add_argument("reference")
    showing.set_defaults(run="commands.case_show")
    declaring = verbs.add_parser("declare", help="say whether you are connected with anybody in a case")
    _common(declaring)
    declaring.add_argument("reference")
    declaring.add_argument("--connected", choices=("yes", "no"), required=True, help="are you close to anybody in it")
    declaring.add_argument("--how", default="", help="how, where you are")
    declaring.set_defaults(run="commands.case_declare")
    new = verbs.add_parser("new", help="log a report")
    _common(new)
    new.add_argument("--words", required=True, help="what happened, in the person's words")
    new.add_argument("--received-at", metavar="TIME", help="when we were told, as 2026-11-23T18:40 (default: now)")
    new.add_argument("--danger", choices=("yes", "no"), required=True, help="is anyone in danger now")
    new.add_argument(
        "--safe", action="append", default=[], metavar="WAY",
        help=f"a safe way to reach the person: {_either(CONTACT_WAYS)}",
    )  # fmt: skip
    new.add_argument("--never", action="append", default=[], metavar="WAY", help="a way never to use")
    new.add_argument("--name", default="", help="who told us")
    new.add_argument("--anonymous", action="store_true", help="the person stays unnamed")
    new.add_argument("--home", default="", help="the address where it happened, as far as it takes to tell it apart")
    new.add_argument("--place", default="", help="where it happened")
    new.add_argument("--channel", default="phone", help=f"how we were told: {_either(CHANNELS)}")
    new.set_defaults(run="commands.case_new")


def _mirror(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--case", default="", metavar="REFERENCE", help="only this case")
    parser.add_argument("--closed", action="store_true", help="closed cases too")
    parser.set_defaults(run="figures.mirror")


def _figures(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--year", type=_at_least_one, metavar="YYYY", help="the year that begins then (default: now)")
    parser.add_argument("--quarter", type=int, choices=(1, 2, 3, 4), help="one quarter of that year")
    parser.add_argument("--from", dest="first", metavar="DAY", help="from this day, as 2026-04-01, with --to")
    parser.add_argument("--to", dest="last", metavar="DAY", help="to this day, which counts too")
    parser.add_argument("--committee", action="store_true", help="without numbers that could point to somebody")
    parser.add_argument("--into", type=Path, metavar="FILE", help="write them to a .pdf or .csv file; it is noted")
    parser.add_argument("--remark", default="", help="words to add to the file")
    parser.set_defaults(run="figures.figures")


def _attach(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="attach_verb", required=True, metavar="add|list|save")
    add = verbs.add_parser("add", help="attach a file to a case; the file itself stays as it is")
    _of_case(add)
    add.add_argument("file", type=Path, help="the file")
    add.add_argument("--what", required=True, help=f"what it is: {_either(ATTACHMENT_KINDS)}")
    add.add_argument("--about", default="", help="what it shows or says")
    add.add_argument("--taken-at", metavar="TIME", help="when it was taken or written, as 2026-11-23T18:40")
    add.add_argument("--taken-by", default="", help="who took it or gave it to us")
    add.set_defaults(run="attaching.add")
    listing = verbs.add_parser("list", help="the files of a case, newest first")
    _of_case(listing)
    listing.set_defaults(run="attaching.show")
    saving = verbs.add_parser("save", help="save a copy outside the workbook, without location data")
    _of_case(saving)
    saving.add_argument("which", help="the name of the file, or the first digits of its SHA-256")
    saving.add_argument("--into", type=Path, required=True, metavar="FILE", help="the copy to write")
    saving.add_argument("--original", action="store_true", help="bit for bit, with all it says of place and time")
    saving.set_defaults(run="attaching.save")


def _of_case(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--case", required=True, metavar="REFERENCE", help="the case")


def _letters(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="letters_verb", required=True, metavar="area|agree|typeface")
    area = verbs.add_parser("area", help="one general warning to every home of an area")
    _common(area)
    area.add_argument("--case", required=True, metavar="REFERENCE", help="the case the letters are for")
    area.add_argument("--street", action="append", default=[], help="a street (may be given again)")
    area.add_argument("--block", action="append", default=[], help="a block (may be given again)")
    area.add_argument("--list", type=Path, default=None, metavar="FILE", help="addresses of homes: CSV, XLSX or text")
    area.add_argument(
        "--without-unmatched", action="store_true", help="rows of the list that are no home of ours get no letter"
    )
    area.add_argument("--into", type=Path, required=True, metavar="DIR", help="where to put the PDFs")
    area.add_argument("--reason", default="", help="why the letters go out")
    area.add_argument("--braille-cells", type=int, default=40, metavar="N", help="cells on a line of Braille")
    area.add_argument("--braille-lines", type=int, default=25, metavar="N", help="lines on a page of Braille")
    area.add_argument("--braille-uncontracted", action="store_true", help="Braille letter by letter")
    area.add_argument("--by-name", action="store_true", help="the people who live there stand on the envelope")
    area.add_argument("--told", action="store_true", help="the people of the case who live there know it is coming")
    area.add_argument("--dry-run", action="store_true", help="say who would get what and make nothing")
    area.add_argument("--anew", action="store_true", help="plan a new run even if today's is there already")
    area.set_defaults(run="area_letters.letters_area")
    agree = verbs.add_parser("agree", help="agree, as a second person, to letters a colleague planned")
    _common(agree)
    agree.add_argument("--case", required=True, metavar="REFERENCE", help="the case the letters are for")
    agree.add_argument("--reason", default="", help="why they go out although words could give somebody away")
    agree.set_defaults(run="area_letters.letters_agree")
    typeface = verbs.add_parser("typeface", help="bring the Chinese typeface here, or say whether it is")
    typeface.add_argument("place", nargs="?", type=Path, help="the folder or file with NotoSansSC, regular and bold")
    typeface.set_defaults(run="area_letters.letters_typeface")


def _sync(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--folder", type=Path, metavar="DIR", help="choose this shared folder first")
    parser.add_argument("--everything", action="store_true", help="read the whole folder, not only what is new")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--put-back", dest="answer", action="store_const", const=True,
                        help="if much of the folder is gone: put back what is here")  # fmt: skip
    answer.add_argument("--leave-lost", dest="answer", action="store_const", const=False,
                        help="if much of the folder is gone: leave it as it is")  # fmt: skip
    parser.set_defaults(run="commands.sync", answer=None)


def _stores(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="stores_verb", required=True, metavar="show|try|code|folder|s3|webdav")
    for verb, words in (
        ("show", "where work is exchanged"), ("try", "write, list, read and remove a small file there"),
        ("code", "the store as a code for a colleague; it holds the key"),
    ):  # fmt: skip
        asking = verbs.add_parser(verb, help=words)
        _common(asking)
        asking.set_defaults(run=f"stores.{'try_it' if verb == 'try' else verb}")
    folder = verbs.add_parser("folder", help="exchange through a folder")
    _common(folder)
    folder.add_argument("folder", type=Path)
    folder.set_defaults(run="stores.use_folder")
    s3 = verbs.add_parser("s3", help="exchange through an S3-compatible object store")
    _common(s3)
    s3.add_argument("--endpoint", required=True, metavar="URL", help="its address, as https://s3.example.org")
    s3.add_argument("--bucket", required=True, help="the bucket")
    s3.add_argument("--prefix", default="", metavar="PART", help="only this part of the bucket")
    s3.add_argument("--region", default="", help="its region, where it has one")
    s3.add_argument("--key-id", required=True, metavar="ID", help="the name of the key")
    _secret(s3, "the secret of the key")
    s3.set_defaults(run="stores.use_s3")
    webdav = verbs.add_parser("webdav", help="exchange through a WebDAV folder")
    _common(webdav)
    webdav.add_argument("--address", required=True, metavar="URL", help="as https://files.example.org/casework")
    webdav.add_argument("--user", required=True, help="the name to sign in with")
    _secret(webdav, "the password")
    webdav.set_defaults(run="stores.use_webdav")


def _secret(parser: argparse.ArgumentParser, what: str) -> None:
    """Asked for, or read from a file: what stands on a command line is seen by everybody on the machine."""
    parser.add_argument(
        "--secret-file", type=Path, metavar="FILE", help=f"read {what} from the first line of FILE (default: ask)"
    )


def _verify(parser: argparse.ArgumentParser) -> None:
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument("--keys", type=Path, metavar="FILE", help="a file made by keys-for-checking")
    keys.add_argument("--vault", type=Path, metavar="DIR", help="the folder of a workbook that has the keys")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE",
        help="read the passphrase of the file of keys, or of the workbook, from the first line of FILE",
    )  # fmt: skip
    _common(parser, vault=False)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.set_defaults(run="checking.verify")


def _keys_for_checking(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE",
        help="read the passphrase to seal the new file with from the first line of FILE",
    )  # fmt: skip
    parser.add_argument(
        "--kdf-memory-mib", type=_memory_mib, default=256, metavar="MIB",
        help="memory one guess of the new passphrase costs (64 to 1024)",
    )  # fmt: skip
    parser.add_argument("file", type=Path, help="the file to write")
    parser.set_defaults(run="checking.export")


def _backup(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("file", type=Path, help="the backup to write")
    parser.set_defaults(run="commands.backup")


def _restore(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("file", type=Path, help="the backup to read")
    parser.set_defaults(run="commands.restore")


def _demo(parser: argparse.ArgumentParser) -> None:
    _common(parser, vault=False)
    parser.add_argument("--homes", type=Path, metavar="FILE", help="a real list of homes (CSV or XLSX)")
    parser.add_argument("--into", type=Path, default=Path("imani-demo"), metavar="DIR", help="where to put everything")
    parser.add_argument("--no-window", action="store_true", help="do not open the desktop at the end")
    parser.set_defaults(run="demo.run")
