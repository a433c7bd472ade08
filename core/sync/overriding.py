"""Overrides of walls as an interpreter meets them in opened sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.foundation.errors import IntegrityError, PeerError
from core.foundation.ids import DeviceId, StreamId
from core.sync.engine import override
from core.sync.engine.override import Overridden
from core.sync.engine.roster import Roster
from core.sync.engine.segment import SectionContent
from core.sync.identity import Me

Seen = Mapping[DeviceId, int]


def overrides_in(content: SectionContent, seen: Seen, me: Me, roster: Roster) -> Overridden:
    """Who may be let in past which walls by an epoch in this section.

    Raises:
        SegmentRejected, EncodingRejected, SignatureRejected: one lacks a signature it needs.
    """
    ops = (op for change in content.changes for op in change.ops)
    return override.valid_in(
        ops, organisation=me.organisation, stream=content.stream, roster=roster, before=roster.as_seen(seen)
    )


def let_back(sections: Iterable[tuple[SectionContent, Seen]], me: Me, roster: Roster) -> set[StreamId]:
    """The streams this person is let in to again, although older epochs in them wall them off."""
    found: set[StreamId] = set()
    for content, seen in sections:
        try:
            if me.user in overrides_in(content, seen, me, roster):
                found.add(content.stream)
        except (IntegrityError, PeerError):
            continue  # it is refused, with its reason, when it is judged
    return found
