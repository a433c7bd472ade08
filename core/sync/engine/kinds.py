"""What each kind of stream demands of the epoch that begins it. `epochs.py` has the rules all of them share."""

from __future__ import annotations

from core.foundation.errors import SegmentRejected
from core.foundation.ids import UserId
from core.sync.engine import roster
from core.sync.engine.epochs import EpochHeader, StreamRole, StreamType

LEAST_READERS = 2
"""Of a compartment: what one person alone holds is lost with their laptop."""


def check_shape(header: EpochHeader) -> None:
    """What holds of every epoch of a stream of this kind.

    Raises:
        SegmentRejected: it does not.
    """
    if header.kind is StreamType.AUDIT and sum(member.role > StreamRole.READ for member in header.members) != 1:
        raise SegmentRejected(reason="a list of what somebody did is written by another")


def check_first(header: EpochHeader, *, author: UserId, role: str | None, ours: bool) -> None:
    """`role` is what the author's laptop had seen them to be; `ours`: it is the organisation's stream.

    Raises:
        SegmentRejected: a stream of this kind does not begin like that.
    """
    if ours != (header.kind is StreamType.ORGANISATION):
        raise SegmentRejected(reason="an epoch lies in another kind of stream than it says")
    if header.kind is StreamType.CASE and role not in roster.WRITING_ROLES:
        raise SegmentRejected(reason="a case was opened by somebody whose role opens no cases")
    if ours and role != roster.ADMINISTRATOR:
        raise SegmentRejected(reason="the organisation's records were begun by somebody else")
    if header.kind is StreamType.COMPARTMENT and len(header.users) < LEAST_READERS:
        raise SegmentRejected(reason="something set apart has fewer than two readers")
    if header.kind is StreamType.PERSONAL and header.users != {author}:
        raise SegmentRejected(reason="a personal stream is shared")
    if any(member.role is StreamRole.LEAD and member.user != author for member in header.members):
        raise SegmentRejected(reason="somebody was made the lead by another person")
