"""What the command line shows: lines or JSON on standard output, progress and errors on standard error."""

from __future__ import annotations

import contextlib
import getpass
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from core.foundation.errors import AppError, FileUnreadable, FormIncomplete
from core.foundation.files import read_capped, translated

MAX_PASSPHRASE_BYTES = 4096
QUIET_STEPS = 5
"""Without a terminal, progress is told this many times at most per stage."""

_HERE: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "form-incomplete": {"safe": "Nothing was changed."},
    "no-shared-folder": {"next_step": "Choose the folder your organisation shares with: sync --folder DIR"},
    "disk-full": {"safe": "What was saved before is safe."},
})
"""What is said differently where there is no window."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a command says: `lines` for a person, `data` for `--json`, and the exit code."""

    lines: Sequence[str]
    data: Mapping[str, Any] = field(default_factory=dict)
    exit_code: int = 0


@dataclass(slots=True)
class ConsoleProgress:
    """Shows how far a job is: one moving line on a terminal, a few plain lines otherwise."""

    stream: TextIO
    last_stage: str = ""
    last_part: int = -1

    def __call__(self, done: int, total: int, stage: str = "") -> None:
        if stage != self.last_stage:
            self.last_stage, self.last_part = stage, -1
        steps = 100 if self.stream.isatty() else QUIET_STEPS
        part = steps if total <= 0 else done * steps // total
        if part == self.last_part:
            return
        self.last_part = part
        words = f"  {stage or 'Working'}: {done:,} of {total:,}"
        if self.stream.isatty():
            self.stream.write("\r\x1b[K" + words + ("\n" if done >= total else ""))
        else:
            self.stream.write(words + "\n")
        self.stream.flush()


def ready_streams() -> None:
    """A letter this terminal cannot show becomes its code; a name in another script never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show(output: Output, *, as_json: bool) -> None:
    """Print what a command said. A reader that went away early (`| head`) is no error.

    Raises:
        DiskFull, FolderNotWritable: the answer went into a file that could not be written.
    """
    try:
        if as_json:
            print(_json(output.data))
        else:
            for line in output.lines:
                print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()
    except OSError as error:
        _drop_the_rest()
        raise translated(error, Path("the answer")) from error


def show_error(error: AppError, *, as_json: bool) -> None:
    """Print an error as its three sentences, or as JSON with its stable code."""
    said = error.explain()
    said = replace(said, **_HERE.get(error.code, {}))
    if as_json:
        parts = {"error": error.code, "happened": said.happened, "safe": said.safe, "next": said.next_step}
        print(_json(parts))
        return
    for line in (said.happened, said.safe, said.next_step):
        if line:
            print(line, file=sys.stderr)


def _json(data: Mapping[str, Any]) -> str:
    plain = (getattr(sys.stdout, "encoding", None) or "").replace("-", "").casefold() != "utf8"
    return json.dumps(data, ensure_ascii=plain, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _drop_the_rest() -> None:
    """Leave nothing for the interpreter to flush at its end, when it would complain once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_passphrase(path: Path | None, *, prompt: str = "Passphrase: ", twice: bool = False) -> str:
    """The passphrase from the first line of a file, typed without being shown, or from standard input.

    `twice`: typed again, because a slip in a new passphrase would lock its owner out for good.

    Raises:
        FileUnreadable: the file cannot be read as text.
        FormIncomplete: nothing was typed, or not the same twice.
    """
    if path is None:
        return _typed(prompt, twice=twice)
    try:
        text = read_capped(path, MAX_PASSPHRASE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(path=str(path), reason="it is not plain text in UTF-8") from error
    return text.splitlines()[0] if text else ""


def _typed(prompt: str, *, twice: bool) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            said = "Type the passphrase, or give it with --passphrase-file FILE."
            raise FormIncomplete(problems={"passphrase": said})
        return line.rstrip("\r\n")
    try:
        typed = getpass.getpass(prompt)
        if twice and getpass.getpass("The same again: ") != typed:
            raise FormIncomplete(problems={"passphrase": "The two were not the same. Try again."})
    except EOFError as error:
        raise FormIncomplete(problems={"passphrase": "Type the passphrase."}) from error
    return typed
