"""Write the bank holidays of England and Wales that ship with the program.

Run from the top folder: `python installer/tools/make_holidays.py`. The `holidays` package knows the
rules and the one-off days; only this script and a test ask it, so that every laptop counts from the
same list and a newer version of that package cannot move a deadline unnoticed.
"""

from __future__ import annotations

import json
from pathlib import Path

FIRST_YEAR = 2012
LAST_YEAR = 2031
TARGET = Path(__file__).resolve().parents[2] / "resources" / "policy" / "holidays-england-wales.json"


def bank_holidays() -> dict[str, str]:
    """ISO date to name, oldest first, for every year shipped.

    Raises:
        ValueError: England and Wales no longer share their bank holidays, so one list is not enough.
    """
    import holidays

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    england = holidays.country_holidays("GB", subdiv="ENG", years=years)
    wales = holidays.country_holidays("GB", subdiv="WLS", years=years)
    if set(england) != set(wales):
        raise ValueError("England and Wales differ; ship two lists")
    return {day.isoformat(): name for day, name in sorted(england.items())}


def as_text() -> str:
    """The whole file."""
    content = {
        "format": 1,
        "region": "England and Wales",
        "first_year": FIRST_YEAR,
        "last_year": LAST_YEAR,
        "days": bank_holidays(),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    TARGET.write_text(as_text(), encoding="utf-8", newline="\n")
    print(f"Wrote {TARGET.name}")


if __name__ == "__main__":
    main()
