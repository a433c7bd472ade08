"""What somebody's signature names and nobody has brought: kept with the time it was first missed.

A folder may lose a file or hold it back. Whoever built on it has named it under their signature, so its absence is
known by laptop and number, and how long it lasts is counted here.
"""

from __future__ import annotations

from datetime import datetime

from core.changes.hlc import to_ms
from core.foundation.errors import IntegrityError, PeerError
from core.foundation.ids import DeviceId
from core.sync.engine.envelope import open_segment_file
from core.sync.engine.segment import Head, Segment, read_segment
from core.sync.identity import Me
from core.sync.ports import Box

MOST_LOOKED_AT = 200
"""How many waiting segments are asked what they wait for; the others say much the same."""


def note_missing(box: Box, me: Me, *, now: datetime) -> int:
    """Bring what is known to be missing up to date. Returns how many segments are.

    Of a chain with a gap only its newest missing segment is named: the rest follows from the numbers.
    """
    known = box.missing()
    waiting = box.waiting_segments()
    if not waiting and not known:
        return 0
    keys = box.envelope_keys()
    named: dict[DeviceId, Head] = {}
    for item in waiting[:MOST_LOOKED_AT]:
        data = box.file(item.name)
        try:
            segment = read_segment(open_segment_file(data or b"", keys, me.organisation))
        except (IntegrityError, PeerError):
            continue
        for head in _rests_on(segment):
            if head.seq > (named[head.device].seq if head.device in named else 0) and not box.is_held(
                head.device, head.seq, head.body_hash
            ):
                named[head.device] = head
    since = {item.device: item.since_ms for item in known}
    now_ms = to_ms(now)
    wanted = [(head.device, head.seq, head.body_hash, since.get(head.device, now_ms)) for head in named.values()]
    if sorted(wanted) != sorted((item.device, item.seq, item.body_hash, item.since_ms) for item in known):
        box.set_missing(wanted)
    return len(wanted)


def _rests_on(segment: Segment) -> tuple[Head, ...]:
    before = (Head(segment.device, segment.seq - 1, segment.previous),) if segment.seq > 1 else ()
    return (*before, *segment.seen)
