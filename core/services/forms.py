"""What every form checks the same way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from core.foundation.errors import FormIncomplete

CLOCK_LEEWAY = timedelta(minutes=5)
"""A moment this little ahead of the laptop's clock is taken as now."""

LONGEST_AGO = timedelta(days=30 * 365)
"""A report of something told longer ago than this is a slip of the hand in the year."""


class Problems:
    """Collects what is wrong with a form, field by field, and raises it all at once."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def need(self, condition: object, field: str, sentence: str) -> None:
        """Unless `condition` holds, `field` is to be shown with `sentence`."""
        if not condition:
            self._found.setdefault(field, sentence)

    def not_in_future(self, moment: datetime, now: datetime, field: str) -> None:
        """`moment` may not lie ahead."""
        self.need(moment <= now + CLOCK_LEEWAY, field, "Enter a time that has already passed.")

    def not_long_ago(self, moment: datetime, now: datetime, field: str) -> None:
        """`moment` may not lie in another age."""
        self.need(moment >= now - LONGEST_AGO, field, "Check the year: this lies more than 30 years back.")

    def among(self, chosen: Collection[str], codes: Collection[str], field: str) -> None:
        """Every one of `chosen` must be a code we know: a misspelt safe way would be read as never asked about."""
        strange = ", ".join(f"“{code}”" for code in sorted(set(chosen) - set(codes)))
        self.need(not strange, field, f"Not known: {strange}. Choose from: {', '.join(codes)}.")

    def settle(self) -> None:
        """Raise what was found.

        Raises:
            FormIncomplete: with one sentence per field.
        """
        if self._found:
            raise FormIncomplete(problems=self._found)
