"""The one way the installer stops early: a plain message and a stable exit code."""

from __future__ import annotations

EXIT_USAGE = 2
EXIT_CANNOT_RUN_HERE = 3
EXIT_NO_DISPLAY = 4
EXIT_SET_UP_FAILED = 8


class Refused(Exception):
    """The program cannot be set up or started; `str()` says what happened, what is safe and what to do."""

    def __init__(self, exit_code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
