"""Everything the page of one case shows, in one go: the file, what comes next, and who can read it."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.case import Case
from core.domain.estate import Home
from core.domain.organisation import CASEWORK_ROLES, ROLES, Member
from core.foundation.ids import RecordId, StreamId, UserId
from core.policy.closing import ClosureNext, closure_next, current_closure
from core.policy.duties import Setting
from core.policy.no_perpetrator import Step, steps_when_nobody_named
from core.services.cases import CaseFile, open_case
from core.services.contacts import WaysToContact, ways_from
from core.services.homes import address_of
from core.services.roster import epochs_of, writing_epoch
from core.services.workspace import Workspace
from core.store.store import table_of


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody in the organisation. `casework`: offered as a reader of a new case. `me`: whose vault this is."""

    user: UserId
    name: str
    role: str
    casework: bool
    me: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """Who holds the key of a case. `leads` of them give it to others; `kept_out` never get it."""

    readers: tuple[str, ...]
    leads: tuple[str, ...]
    kept_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The file of a case and what follows from it. `closure` is the proposal to close that holds, if any.

    `steps` are the steps of policy 4.11 and 4.12; empty when somebody is named. `homes` are the addresses of
    the homes the file names.
    """

    file: CaseFile
    ways: WaysToContact
    steps: tuple[Step, ...]
    closing: ClosureNext
    closure: RecordId | None
    readers: Readers
    lead: str
    homes: dict[RecordId, str]


def read_case(workspace: Workspace, *, case: RecordId) -> CasePage:
    """One case with everything its page shows.

    Raises:
        NotFound: there is no such case in this vault.
    """
    file = open_case(workspace, case=case)
    facts = file.contents
    setting = Setting(workspace.pack, workspace.calendar, workspace.parts.clock.now())
    closure = current_closure(facts)
    names = _names(workspace)
    wanted = {record.home for record in (facts.case, *facts.parties)} - {None}
    homes = workspace.store.select(Home, table_of(Home).c.id.in_(wanted)) if wanted else ()
    return CasePage(
        file=file, ways=ways_from(facts.safe_contacts), steps=steps_when_nobody_named(facts, setting),
        closing=closure_next(facts, setting), closure=closure.id if closure else None,
        readers=_readers(workspace, facts.case.stream, names), lead=names.get(facts.case.lead, ""),
        homes={home.id: address_of(home) for home in homes},
    )  # fmt: skip


def readers_of_case(workspace: Workspace, *, case: RecordId) -> Readers:
    """Who can read a case.

    Raises:
        NotFound: there is no such case in this vault.
    """
    return _readers(workspace, workspace.store.get(Case, case).stream, _names(workspace))


def list_colleagues(workspace: Workspace) -> tuple[Colleague, ...]:
    """Everybody in the organisation, by name."""
    members = sorted(workspace.store.select(Member), key=lambda member: (member.name.casefold(), member.user))
    return tuple(
        Colleague(
            UserId(member.user), member.name, ROLES.get(member.role, member.role), member.role in CASEWORK_ROLES,
            member.user == workspace.user,
        )
        for member in members
    )  # fmt: skip


def _names(workspace: Workspace) -> dict[bytes, str]:
    return {member.user: member.name for member in workspace.store.select(Member)}


def _readers(workspace: Workspace, stream: StreamId, names: dict[bytes, str]) -> Readers:
    header = writing_epoch(epochs_of(workspace, stream)).header

    def named(users: set[UserId] | frozenset[UserId]) -> tuple[str, ...]:
        return tuple(sorted((names.get(user, "A former colleague") for user in users), key=str.casefold))

    leads = {member.user for member in header.members if member.role.name == "LEAD"}
    return Readers(named(header.users), named(leads), named(header.conflicted))
