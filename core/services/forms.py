"""What every form checks the same way."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.foundation.errors import FormIncomplete

CLOCK_LEEWAY = timedelta(minutes=5)
"""A moment this little ahead of the laptop's clock is taken as now."""


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

    def settle(self) -> None:
        """Raise what was found.

        Raises:
            FormIncomplete: with one sentence per field.
        """
        if self._found:
            raise FormIncomplete(problems=self._found)
