"""What a laptop had seen when it made a segment of long ago, walked back from the files at hand.

The vault keeps only what each laptop has seen by now. A section that is opened late, because its key came late, must be
judged by what its author had seen then, or the answer would depend on when the key came.
"""

from __future__ import annotations

from collections.abc import Callable

from core.foundation.ids import DeviceId
from core.sync.engine.segment import Segment
from core.sync.ports import Box

Heads = dict[DeviceId, tuple[int, bytes]]
EVERYTHING_AGAIN_AT_MOST_EVERY = 50


class SeenThen:
    """Remembers the last answer for each laptop, so that walking a chain forward costs each segment once."""

    def __init__(self, box: Box, read: Callable[[str], Segment]) -> None:
        self._box = box
        self._read = read
        self._known: dict[DeviceId, tuple[int, bytes, Heads]] = {}

    def heads(self, segment: Segment, fallback: Heads) -> tuple[Heads, dict[DeviceId, int]]:
        """Every head its author had seen, and the numbers of those they had said so of in the segment before.

        `fallback`: what is known by now, if files it would take are not here.
        """
        steps = [segment]
        base: Heads = {}
        while True:
            first = steps[-1]
            known = self._known.get(first.device)
            if known is not None and (known[0], known[1]) == (first.seq - 1, first.previous):
                base = dict(known[2])
                break
            if first.seq == 1 or (first.seq % EVERYTHING_AGAIN_AT_MOST_EVERY == 0 and len(steps) > 1):
                break
            name = self._box.segment_named(first.device, first.seq - 1, first.previous)
            if name is None:
                return dict(fallback), {}
            steps.append(self._read(name))
        before: Heads = {}
        for step in reversed(steps):
            before = dict(base)
            base.update({head.device: (head.seq, head.body_hash) for head in step.seen})
        self._known[segment.device] = (segment.seq, segment.hash, dict(base))
        return base, {device: seq for device, (seq, _) in before.items()}
