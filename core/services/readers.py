"""Who reads a case, changed: somebody is let in, is taken off, leads, or is kept out of it. Each is written down first.

Whoever is taken off or kept out gets no key from then on, and their own laptop forgets the case in silence. What they
have read they have read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core.domain.case import Case
from core.domain.changed import Changed
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.access import (
    ReaderAdded,
    about_case,
    add_reader,
    begin_epoch,
    leads,
    may_change,
    names_of,
    walled_off,
)
from core.services.audit import note_before, refuse_auditor
from core.services.forms import Problems
from core.services.roster import KnownEpoch, epochs_in, epochs_of, headers_of, roster_in
from core.services.roster_news import refuse_old_roster
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.epochs import Membership, StreamRole


@dataclass(frozen=True, slots=True)
class ReadersChanged:
    """Who reads the case is settled anew from the next exchange on."""

    changed: Changed


def let_in(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> ReaderAdded:
    """Let somebody read the case, from its beginning. It is written down first.

    Raises:
        NotFound: no such case here, or no such colleague.
        NotAllowed: this person only reads the case, or the other one is walled off from it.
        FormIncomplete: no reason was given, or they look at the list of what was opened.
    """
    need_reason(reason, "Say why this person needs to read the case.")
    stream = workspace.store.get(Case, case).stream
    known = epochs_of(workspace, stream)
    if user in walled_off(known) or not may_change(known, workspace.user):
        raise NotAllowed()
    refuse_auditor(workspace, case=case, user=user)
    refuse_old_roster(workspace)
    name = names_of(workspace).get(user, "")
    note_before(workspace, about=stream, deed="grant", subject=name, reason=reason.strip())
    return add_reader(workspace, case, user, reason)


def remove_reader(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> ReadersChanged:
    """From now on somebody reads nothing new in the case, and their laptop forgets it.

    Raises:
        NotFound: no such case here, or they do not read it.
        NotAllowed: this person does not lead on the case.
        FormIncomplete: no reason was given, or the person is the only one who leads.
    """
    need_reason(reason, "Say why this person no longer reads the case.")

    def without(members: dict[UserId, Membership]) -> Iterable[Membership]:
        if user not in members:
            raise NotFound(what="reader")
        if members.pop(user).role is StreamRole.LEAD and not _led(members.values()):
            raise FormIncomplete(problems={"user": "Choose somebody else to lead on the case first."})
        return members.values()

    return _change(workspace, case, "removal", user, reason, without)


def hand_over(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> ReadersChanged:
    """Somebody else leads on the case from now on; whoever did goes on reading and writing.

    Raises:
        NotFound: no such case here, or nobody of that name belongs to the organisation.
        NotAllowed: this person does not lead, or the other one is kept out or only reads by their role.
        FormIncomplete: no reason was given.
    """
    need_reason(reason, "Say why somebody else leads on the case.")
    stream = workspace.store.get(Case, case).stream
    if not leads(epochs_of(workspace, stream), workspace.user):
        raise NotAllowed()
    name = names_of(workspace).get(user, "")
    note_before(workspace, about=stream, deed="hand-over", subject=name, reason=reason.strip())
    with workspace.store.unit("hand-over") as (unit, outcome):
        known = _known(unit, workspace, stream)
        (added,) = memberships(roster_in(unit, workspace), {user}, lead=workspace.user)
        if user in walled_off(known) or added.role < StreamRole.WRITE:
            raise NotAllowed()
        if user not in epochs.effective_members(headers_of(known)):
            refuse_old_roster(workspace, unit)
        members = {
            one.user: replace(one, role=min(one.role, StreamRole.WRITE))
            for one in epochs.effective_members(headers_of(known)).values()
        }
        members[user] = replace(members.get(user, added), role=StreamRole.LEAD)
        begin_epoch(unit, workspace, known, members.values(), reason.strip())
        unit.update(Case, case, lead=user)
    return ReadersChanged(outcome.changed)


def wall_off(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> ReadersChanged:
    """Keep somebody out of the case because of a connection. They are told nothing; if they read it, their laptop
    forgets it; nobody can give them the key any more.

    Raises:
        NotFound: no such case here.
        NotAllowed: this person does not lead on the case.
        FormIncomplete: no reason was given, or it is about the person themselves.
    """
    need_reason(reason, "Say what connects this person with the case.")
    problems = Problems()
    problems.need(user != workspace.user, "user", "Let somebody else lead first; they can then keep you out.")
    problems.settle()

    def without(members: dict[UserId, Membership]) -> Iterable[Membership]:
        members.pop(user, None)
        return members.values()

    refuse_auditor(workspace, case=case, user=user)
    return _change(workspace, case, "wall", user, reason, without, walled=frozenset({user}))


def need_reason(reason: str, sentence: str) -> None:
    """
    Raises:
        FormIncomplete: no reason was given.
    """
    problems = Problems()
    problems.need(reason.strip(), "reason", sentence)
    problems.settle()


def _change(  # one way to change readers, by keyword
    workspace: Workspace, case: RecordId, deed: str, user: UserId, reason: str,
    change: Callable[[dict[UserId, Membership]], Iterable[Membership]], *, walled: frozenset[UserId] = frozenset(),
) -> ReadersChanged:  # fmt: skip
    stream = workspace.store.get(Case, case).stream
    if not leads(epochs_of(workspace, stream), workspace.user):
        raise NotAllowed()
    note_before(workspace, about=stream, deed=deed, subject=names_of(workspace).get(user, ""), reason=reason.strip())
    with workspace.store.unit(_CAUSES[deed]) as (unit, outcome):
        known = _known(unit, workspace, stream)
        if walled and walled <= walled_off(known):
            return ReadersChanged(outcome.changed)
        members = change(dict(epochs.effective_members(headers_of(known))))
        begin_epoch(unit, workspace, known, members, reason.strip(), walled=walled)
    return ReadersChanged(outcome.changed | about_case(case))


_CAUSES = {"removal": "remove-reader", "wall": "wall-off"}


def _known(unit: WriteUnit, workspace: Workspace, stream: StreamId) -> dict[bytes, KnownEpoch]:
    known = epochs_in(unit, stream)
    if not leads(known, workspace.user):
        raise NotAllowed()
    return known


def _led(members: Iterable[Membership]) -> bool:
    return any(member.role is StreamRole.LEAD for member in members)
