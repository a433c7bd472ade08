"""CPU time of interleaved rounds, and a table of ratios. The machine is shared, so only ratios within one run count."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One row: the product's CPU ms, the peers' by name, and the goal in words."""

    what: str
    ours_ms: float
    peers_ms: dict[str, float] = field(default_factory=dict)
    goal: str = ""


@dataclass(slots=True)
class Table:
    """Collects rows and facts and prints them as they come."""

    peers: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)

    def heading(self, title: str) -> None:
        columns = "".join(f"{name:>22}" for name in self.peers)
        print(f"\n{title}\n{'':<42}{'CPU ms':>9}{columns}   goal")

    def add(self, line: Line) -> None:
        self.lines.append(line)
        cells = ""
        for name in self.peers:
            peer = line.peers_ms.get(name)
            cells += f"{'':>22}" if not peer else f"{peer:>11.2f} ms {line.ours_ms / peer:>6.2f}x"
        print(f"{line.what:<42}{line.ours_ms:>9.2f}{cells}   {line.goal}", flush=True)


def say(what: str, value: str) -> None:
    print(f"{what:<42}{value}", flush=True)


def cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def in_turns(works: dict[str, Callable[[], object]], *, rounds: int, warm_up: int = 1) -> dict[str, float]:
    """The median CPU ms of each, taken in turns so that a busy moment hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for count in range(rounds + warm_up):
        for name, work in works.items():
            spent = cpu_ms(work)
            if count >= warm_up:
                found[name].append(spent)
    return {name: statistics.median(values) for name, values in found.items()}


@contextlib.contextmanager
def timed(what: str, per: int = 0, unit: str = "") -> Iterator[None]:
    """Says how long the block took, and how many of something that is per CPU second."""
    begun, wall = time.process_time(), time.monotonic()
    yield
    spent, passed = time.process_time() - begun, time.monotonic() - wall
    rate = f", {per / spent:,.0f} {unit} per CPU s" if per and spent else ""
    say(what, f"{spent:.2f} CPU s ({passed:.2f} s){rate}")
