"""What every error is: its sentences, and the four families.

The docstring of a class is what a person reads, in three parts: the first paragraph says what
happened, `Safe:` what is safe, `Next:` what to do. Words in braces are filled from the error's
fields. `code` is stable: tests, logs and the command line's exit codes rely on it. Fields are
data for the person who has the file open; never a passphrase, a key or a person's name.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in the words a person reads."""

    happened: str
    safe: str
    next_step: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.safe, self.next_step) if part)


class AppError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "app-error"

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.code, fields)

    def explain(self) -> Explanation:
        """This error as three plain sentences (`happened`, `safe`, `next_step`)."""
        return explanation_of(type(self), self.fields)

    def __str__(self) -> str:
        return str(self.explain())

    def __reduce__(self) -> tuple[object, ...]:
        return rebuild, (type(self), self.fields)


def rebuild(kind: type[AppError], fields: dict[str, object]) -> AppError:
    return kind(**fields)


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "(not known)"


def explanation_of(kind: type[AppError], fields: dict[str, object]) -> Explanation:
    """Read the three parts out of the class docstring and fill in the fields."""
    parts = {"Happened": "", "Safe": "", "Next": ""}
    current = "Happened"
    for line in inspect.cleandoc(kind.__doc__ or "").splitlines():
        label, colon, rest = line.partition(":")
        opens = bool(colon) and label in parts
        current = label if opens else current
        parts[current] = f"{parts[current]} {(rest if opens else line).strip()}".strip()
    filled = {name: text.format_map(_Blank(fields)) for name, text in parts.items()}
    return Explanation(filled["Happened"], filled["Safe"], filled["Next"])


class ExpectedError(AppError):
    """The surroundings or the input did not allow this."""

    code = "expected"


class IntegrityError(AppError):
    """Some stored bytes do not verify.

    Safe: They have not been used, and nothing was overwritten.
    Next: Check the backup or another laptop before going on.
    """

    code = "integrity"


class PeerError(AppError):
    """Another laptop sent something that breaks the rules of exchange.

    Safe: It has been set aside, and everything else goes on.
    Next: Tell the owner of that laptop.
    """

    code = "peer"


class BugError(AppError):
    """The program broke one of its own rules: {rule}

    Safe: What was saved before this moment is safe.
    Next: Lock, start again, and tell the people who look after the program.
    """

    code = "bug"


class Cancelled(ExpectedError):
    """Stopped because you asked for it.

    Safe: What was finished before stopping is kept.
    """

    code = "cancelled"
