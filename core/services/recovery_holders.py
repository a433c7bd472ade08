"""Who keeps sheets of which group, as far as ids and names tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.domain.organisation import Member
from core.foundation.ids import UserId
from core.services.recovery_choice import current_groups
from core.services.workspace import Workspace
from core.sync.engine.recovery import RecoveryGroup


def groups_held_by(workspace: Workspace, users: frozenset[UserId], names: Iterable[str]) -> frozenset[bytes]:
    """The groups of which one of these people, or somebody of one of these names, keeps a sheet."""
    with workspace.store.reading() as connection:
        current = current_groups(connection)
    if not current:
        return frozenset()
    members = {UserId(member.user): folded(member.name) for member in workspace.store.select(Member)}
    return held_by(current, members, users, names)


def held_by(
    current: Iterable[RecoveryGroup], members: Mapping[UserId, str], users: frozenset[UserId], names: Iterable[str]
) -> frozenset[bytes]:
    """As `groups_held_by`, for who has the groups and the folded names of colleagues at hand."""
    told = {folded(name) for name in names} - {""}
    return frozenset(
        group.group
        for group in current
        if group.users & users
        or told & {folded(holder.name) for holder in group.holders}
        or told & {members.get(user, "") for user in group.users}
    )


def folded(name: str) -> str:
    """A name as it is compared with another."""
    return " ".join(name.casefold().split())
