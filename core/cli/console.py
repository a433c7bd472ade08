"""What the command line shows: lines or JSON on standard output, progress and errors on standard error."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from core.foundation.errors import AppError, FileUnreadable
from core.foundation.files import read_capped

MAX_PASSPHRASE_BYTES = 4096
QUIET_STEPS = 5
"""Without a terminal, progress is told this many times at most per stage."""


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


def show(output: Output, *, as_json: bool) -> None:
    """Print what a command said."""
    if as_json:
        print(json.dumps(output.data, ensure_ascii=False, indent=2, default=str))
        return
    for line in output.lines:
        print(line)


def show_error(error: AppError, *, as_json: bool) -> None:
    """Print an error as its three sentences, or as JSON with its stable code."""
    said = error.explain()
    if as_json:
        parts = {"error": error.code, "happened": said.happened, "safe": said.safe, "next": said.next_step}
        print(json.dumps(parts, ensure_ascii=False, indent=2))
        return
    for line in (said.happened, said.safe, said.next_step):
        if line:
            print(line, file=sys.stderr)


def read_passphrase(path: Path | None, *, prompt: str = "Passphrase: ") -> str:
    """The passphrase from the first line of a file, or typed without being shown.

    Raises:
        FileUnreadable: the file cannot be read as text.
    """
    if path is None:
        return getpass.getpass(prompt)
    try:
        text = read_capped(path, MAX_PASSPHRASE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(path=str(path), reason="it is not plain text") from error
    return text.splitlines()[0] if text else ""
