"""Everything the page about who can read a case shows: readers, who is kept out, and how it came to be so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.changes.hlc import instant_of
from core.domain.case import Case
from core.foundation.ids import RecordId, UserId
from core.policy.offices import WhoCan, everything_still_possible
from core.services.access import (
    PersonRow,
    ReaderRow,
    kept_out_of,
    leads,
    may_be_reader,
    names_of,
    readers_of,
    walled_off,
)
from core.services.audit import auditor_of
from core.services.conflicts import Connection, connections
from core.services.declarations import Interest, interests_in
from core.services.governance_page import people_of, training_warnings
from core.services.recovery_case import case_recovery
from core.services.roster import KnownEpoch, epochs_of, headers_of
from core.services.workspace import Workspace
from core.sync.engine import epochs
from core.sync.engine.epochs import StreamRole


@dataclass(frozen=True, slots=True)
class ReadersStep:
    """One change of readers: who decided it when and why, and the names concerned."""

    at: datetime
    by: str
    reason: str
    let_in: tuple[str, ...] = ()
    taken_away: tuple[str, ...] = ()
    kept_out: tuple[str, ...] = ()
    allowed_again: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """Who can read one case. `recovery` names the group whose sheets open it; empty: none does.

    `connections` are colleagues who may be connected with somebody in the case and about whom nobody has decided.
    """

    case: RecordId
    reference: str
    readers: tuple[ReaderRow, ...]
    kept_out: tuple[PersonRow, ...]
    could_read: tuple[PersonRow, ...]
    connections: tuple[Connection, ...]
    history: tuple[ReadersStep, ...]
    i_lead: bool
    looks_on: str = ""
    """Who, outside the team, sees what is opened and given out; empty: nobody was chosen."""
    recovery: str = ""
    interests: tuple[Interest, ...] = ()
    """What everybody said about themselves before they first opened it."""
    training: Mapping[UserId, str] = field(default_factory=dict)
    """Whose training has lapsed, and the sentence to show before a case is given to them (policy 6.6)."""
    possible: tuple[WhoCan, ...] = ()
    """Who can still do what takes another person than whoever leads (policy 7.1 to 7.3)."""

    @property
    def only_one_reads(self) -> bool:
        """If this laptop is lost, the case is lost."""
        return len(self.readers) == 1 and not self.recovery


def read_access(workspace: Workspace, *, case: RecordId) -> AccessPage:
    """Who can read a case, since when and by whose decision.

    Raises:
        NotFound: this person cannot read it themselves.
    """
    found = workspace.store.get(Case, case)
    known = epochs_of(workspace, found.stream)
    looker = auditor_of(workspace, case=case)
    return AccessPage(
        case=case, reference=found.reference, readers=readers_of(workspace, case),
        kept_out=kept_out_of(workspace, case), could_read=may_be_reader(workspace, case),
        connections=connections(workspace, case=case), history=readers_history(known, names_of(workspace)),
        i_lead=leads(known, workspace.user), looks_on=looker.name if looker else "",
        recovery=_recovery(workspace, case), interests=interests_in(workspace, case=case),
        training=training_warnings(workspace),
        possible=_possible(workspace, known),
    )  # fmt: skip


def _possible(workspace: Workspace, known: dict[bytes, KnownEpoch]) -> tuple[WhoCan, ...]:
    leading = [
        member.user
        for member in epochs.effective_members(headers_of(known)).values()
        if member.role is StreamRole.LEAD
    ]
    found = everything_still_possible(people_of(workspace), involved=leading, connected=walled_off(known))
    return tuple(one for one in found if one.duty.of_a_case)


def _recovery(workspace: Workspace, case: RecordId) -> str:
    found = case_recovery(workspace, case=case)
    return found.name if found.group else ""


def readers_history(known: dict[bytes, KnownEpoch], names: dict[UserId, str]) -> tuple[ReadersStep, ...]:
    """Every change of the readers of a stream, newest first."""
    made = [(epoch.header.number, epoch.header_hash, _step(epoch, known, names)) for epoch in known.values()]
    return tuple(step for _, _, step in sorted(made, key=lambda one: one[:2], reverse=True))


def _step(epoch: KnownEpoch, known: dict[bytes, KnownEpoch], names: dict[UserId, str]) -> ReadersStep:
    header = epoch.header
    before = [known[name].header for name in header.parents if name in known]
    users = frozenset[UserId]().union(*(parent.users for parent in before))
    walled = frozenset[UserId]().union(*(parent.conflicted for parent in before))
    led = {user for parent in before for user in parent.users if parent.role_of(user) is StreamRole.LEAD}
    lead_now = {member.user for member in header.members if member.role is StreamRole.LEAD}
    return ReadersStep(
        instant_of(epoch.hlc), names.get(epoch.author or UserId(b""), ""), header.reason,
        let_in=_called(header.users - users, names), taken_away=_called(users - header.users, names),
        kept_out=_called(header.conflicted - walled, names), allowed_again=_called(walled - header.conflicted, names),
        leads=_called(lead_now - led if before else (), names), first=not before,
    )  # fmt: skip


def _called(users: Iterable[UserId], names: dict[UserId, str]) -> tuple[str, ...]:
    return tuple(sorted((names.get(user, "") for user in users), key=str.casefold))
