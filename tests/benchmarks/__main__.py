"""`python -m tests.benchmarks [--cases N --entries N --homes N --only WORD]`: prints tables, never fails on seconds."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks import bulk, daily, exchange, held, letters, scrolling, start

TABLES = ("daily", "bulk", "exchange", "start", "letters", "held", "scrolling")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--homes", type=int, default=10_000)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--histories", default="1000,10000,100000", help="changes already exchanged, with commas")
    parser.add_argument("--files", default="1000,10000", help="files in the shared folder, with commas")
    parser.add_argument("--only", choices=TABLES, default=None)
    parser.add_argument("--runs", default="1000,10000", help="letters of an area run, with commas")
    parser.add_argument("--merged", type=int, default=200, help="letters LibreOffice merges; it takes most of the time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imani-benchmarks-") as name:
        folder = Path(name)
        if asked.only in (None, "daily"):
            daily.run(folder, cases=asked.cases, entries=asked.entries)
        if asked.only in (None, "bulk"):
            bulk.run(folder, homes=asked.homes, letters=asked.letters)
        if asked.only in (None, "exchange"):
            exchange.run(folder, histories=numbers(asked.histories), files=numbers(asked.files))
        if asked.only in (None, "letters"):
            letters.run(folder, counts=numbers(asked.runs), merged=asked.merged)
        if asked.only in (None, "start"):
            start.run(folder, cases=asked.cases)
        if asked.only in (None, "held"):
            held.run(folder, cases=asked.cases)
        if asked.only in (None, "scrolling"):
            scrolling.run()


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
