"""Who should read a stream now, by its epochs and by the roster: what every new epoch is measured by.

An epoch from a segment that does not count (its author had been removed, or their laptop cut off) decides nothing: its
key still opens what was sealed with it, and nobody is a reader because of it. The first epoch of a stream always
counts, for there is nothing before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.foundation.errors import SegmentRejected
from core.foundation.ids import DeviceId, UserId
from core.sync.engine import epochs
from core.sync.engine.entries import ADMINISTRATOR, WRITING_ROLES
from core.sync.engine.epochs import EpochHeader, Membership, StreamRole, StreamType
from core.sync.engine.roster import Roster

Place = tuple[DeviceId | None, int | None]
"""The segment that brought a header; (None, None): made here, or from before this was kept."""


def uncounted(
    headers: Mapping[bytes, EpochHeader], places: Mapping[bytes, Place], roster: Roster
) -> frozenset[bytes]:
    """The epochs that decide nothing."""
    if not roster.standing.cut_devices():
        return frozenset()
    found = []
    for name, header in headers.items():
        device, seq = places.get(name, (None, None))
        if header.parents and device is not None and seq is not None and roster.is_withheld(device, seq):
            found.append(name)
    return frozenset(found)


def writers_of(headers: Mapping[bytes, EpochHeader], without: frozenset[bytes]) -> frozenset[UserId]:
    """Everybody whom an epoch that counts lets write."""
    return frozenset(
        member.user
        for name, header in headers.items()
        if name not in without
        for member in header.members
        if member.role >= StreamRole.WRITE
    )


def organisation_members(roster: Roster) -> tuple[Membership, ...]:
    """The readers of the organisation's own stream: everybody who is in, with the keys that are theirs now."""
    return tuple(
        Membership(user, record.user_epoch, _role_in_stream(roster.role_of(user)))
        for user, record in sorted(roster.people().items())
    )


def members_now(
    headers: Mapping[bytes, EpochHeader], roster: Roster, without: frozenset[bytes] = frozenset()
) -> dict[UserId, Membership]:
    """Who should read a stream: its effective members without those removed from the organisation, each with the
    keys that are theirs now."""
    people = roster.people()
    found = {}
    for user, member in epochs.effective_members(headers, without).items():
        record = people.get(user)
        if record is not None:
            found[user] = Membership(user, record.user_epoch, member.role)
    return found


def may_go(headers: Iterable[EpochHeader], roster: Roster) -> frozenset[UserId]:
    """Readers anybody who writes there may leave out of a new epoch: they are not in the organisation any more."""
    people = roster.people()
    return frozenset(user for header in headers for user in header.users if user not in people)


def check_organisation_header(
    header: EpochHeader, *, author: UserId, parents: Mapping[bytes, EpochHeader], before: Roster, earlier: Roster
) -> None:
    """A later epoch of the organisation's stream: everybody may begin one, because its readers follow from the roster.

    `before` is the roster as its author's laptop had seen it, `earlier` the same one segment ago: what one segment says
    may stand in any order, so the readers lie between the two. Whoever is in is among them, and nobody who never was.

    Raises:
        SegmentRejected: a rule is broken.
    """
    epochs.check_follows(header, parents)
    if before.role_of(author) is None and before.standing.role_ever_of(author) is None:
        raise SegmentRejected(reason="somebody changed the readers who is not in the organisation")
    if header.conflicted:
        raise SegmentRejected(reason="it walls somebody off from the organisation itself")
    ever = {user for user in before.users if before.standing.role_ever_of(user) is not None}
    if not (before.people().keys() & earlier.people().keys()) <= header.users <= ever:
        raise SegmentRejected(reason="the readers of the organisation's records are not those the roster names")


def is_organisation_s(header: EpochHeader) -> bool:
    """Whether it is a later epoch of the organisation's stream."""
    return header.kind is StreamType.ORGANISATION and bool(header.parents)


def _role_in_stream(role: str | None) -> StreamRole:
    if role == ADMINISTRATOR:
        return StreamRole.LEAD
    return StreamRole.WRITE if role in WRITING_ROLES else StreamRole.READ
