"""How much tests that search look through: little in the whole run, the same every time, and more when asked.

What the whole run tries is derandomised, so that trying it again finds nothing new; `IMANI_SEARCH=1` looks elsewhere
and longer (CONTRIBUTING.md).
"""

from __future__ import annotations

import os

SEARCHING = "IMANI_SEARCH" in os.environ


def examples(many: int) -> int:
    """`many` examples while searching, and two fifths of them in the whole run."""
    return many if SEARCHING else max(2, many * 2 // 5)
