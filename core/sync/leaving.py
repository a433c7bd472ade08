"""Forgetting a stream its owner reads no more, so that it could come back whole if they were given it again."""

from __future__ import annotations

from core.domain.changed import NOTHING, Changed
from core.foundation.ids import OrganisationId, StreamId
from core.sync.engine.envelope import open_segment_file
from core.sync.engine.epochs import tag_key
from core.sync.engine.segment import read_segment, tag_of
from core.sync.keys import StreamKeys
from core.sync.ports import Box


def forget_stream(box: Box, keys: StreamKeys, stream: StreamId, organisation: OrganisationId) -> Changed:
    """Forget everything of a stream, and what was written down about it; its sealed sections are strangers again, as to
    anybody who never read it."""
    gone = NOTHING
    for one in (stream, *box.written_about(stream)):
        keys.forget_stream(one)
        _as_strangers(box, one, organisation)
        gone |= box.forget_stream(one)
    return gone


def finish_leaving(box: Box, organisation: OrganisationId) -> None:
    """Once nothing of this laptop waits to be sealed in such a stream, its keys go too."""
    for stream in box.leaving():
        _as_strangers(box, stream, organisation)
        box.finish_leaving(stream)


def _as_strangers(box: Box, stream: StreamId, organisation: OrganisationId) -> None:
    tags = [tag_key(row.key) for row in box.epochs(stream) if row.key is not None]
    envelope = box.envelope_keys()
    found: list[tuple[str, int, bytes, bytes]] = []
    for name in box.segments_of(stream):
        data = box.file(name)
        if data is None:
            continue
        segment = read_segment(open_segment_file(data, envelope, organisation))
        for place, section in enumerate(segment.sections):
            if any(tag_of(key, section.nonce) == section.tag for key in tags):
                found.append((name, place, section.nonce, section.tag))
    box.keep_strangers(stream, found)
