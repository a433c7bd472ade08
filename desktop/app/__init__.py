"""The composition root: the one place that chooses the real parts and puts the window together."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desktop. Exit codes: 0 closed, 2 wrong options, 3 library missing, 4 no display, 5 self check."""
    from core.foundation.system import refuse_core_dumps
    from desktop.app.start import run

    refuse_core_dumps()
    return run(arguments)
