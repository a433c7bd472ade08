"""What keeps a laptop from counting, and what of it the administrators can lift together."""

from __future__ import annotations

from core.foundation.ids import DeviceId, UserId
from core.sync.engine.entries import REMOVE, SUSPEND
from core.sync.engine.entry import Entry
from core.sync.engine.leaving import Removal
from core.sync.engine.roster import Roster
from core.sync.engine.standing import Standing


def in_the_way(roster: Roster, device: DeviceId) -> tuple[Entry, ...]:
    """The suspensions that would have to end for a laptop to count: its own, or, where a laptop was given its number
    while another of the same person was suspended elsewhere, the suspension of that other. Nothing if it counts, or if
    something else is in the way as well (its owner was removed, or it wrote twice under one number).
    """
    owner = roster.owner_of(device)
    if owner is None or roster.role_of(owner) is None or roster.withheld_from(device) is None:
        return ()
    covering = roster.standing.removals_of(device)
    if any(entry.kind == REMOVE for entry in covering):
        return ()
    others = tuple(one for one in _suspensions(roster, owner) if not (one.origin and one.origin.device == device))
    for some in (covering, others):
        if some and _counts_without(roster, device, some):
            return some
    return ()


def is_shut_out(roster: Roster, device: DeviceId) -> bool:
    """Whether nobody suspended a laptop and it counts for nothing all the same: no certificate of it counts."""
    known = roster.standing.certifying.get(device, ())
    return bool(known) and not roster.standing.removals_of(device) and roster.withheld_from(device) == 1


def have_no_laptop(roster: Roster) -> tuple[UserId, ...]:
    """Who is in, and has laptops of which none counts any more."""
    laptops: dict[UserId, list[DeviceId]] = {}
    for device in roster.devices:
        owner = roster.owner_of(device)
        if owner is not None and roster.role_of(owner) is not None:
            laptops.setdefault(owner, []).append(device)
    out = (
        owner for owner, mine in laptops.items()
        if any(is_shut_out(roster, device) for device in mine)
        and all(roster.withheld_from(device) is not None for device in mine)
    )  # fmt: skip
    return tuple(sorted(out))


def _suspensions(roster: Roster, owner: UserId) -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in roster.standing.removals
        if entry.kind == SUSPEND and isinstance(entry.said, Removal) and entry.said.user == owner
    )


def _counts_without(roster: Roster, device: DeviceId, some: tuple[Entry, ...]) -> bool:
    lifted = frozenset(entry.name for entry in some)
    then = Standing(roster.entries, root=roster.root, forks=roster.forks, lifted=lifted)
    return then.withheld_from(device) is None
