"""Everything the Organisation page shows, and what administrators are reminded of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.domain.governance import OfficeHeld, PolicyCopy, PolicyEvent, Prevention, TrainingDone
from core.foundation.ids import UserId
from core.policy.nations import why_not_this_law
from core.policy.offices import Person, WhoCan, everything_still_possible, holders_on, vacant_offices
from core.policy.pack import Contradiction, Office
from core.policy.policy_care import (
    AreaPrevention,
    CopyStanding,
    PolicyDate,
    care_reminders,
    copies_to_give,
    copy_standing,
    policy_dates,
    prevention_by_area,
)
from core.policy.powers import LegalPack, Standing, framework_on
from core.policy.training import TrainingStanding, trainings_now, why_warn
from core.services.agencies import AgencyRow, agencies_of
from core.services.organisation import MemberRow, members
from core.services.out_of_hours import Rota, rota_of, rota_reminder
from core.services.out_of_hours_card import card_languages
from core.services.pack_changes import PackRow, packs_now
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.store import table_of

NEWEST = 100


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office and who holds it today; `held` None: nobody."""

    office: Office
    held: OfficeHeld | None
    name: str


@dataclass(frozen=True, slots=True)
class IfConnected:
    """What would still be possible if one person were connected with a case."""

    name: str
    duties: tuple[WhoCan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage:
    """The page, as this person may see it. `today` is the civil day everything was worked out for."""

    today: date
    administers: bool
    writes: bool
    colleagues: tuple[MemberRow, ...]
    offices: tuple[OfficeRow, ...]
    offices_before: tuple[OfficeRow, ...]
    possible: tuple[WhoCan, ...]
    if_connected: tuple[IfConnected, ...]
    trainings: tuple[TrainingStanding, ...]
    copies: tuple[CopyStanding, ...]
    dates: tuple[PolicyDate, ...]
    contradictions: tuple[Contradiction, ...]
    events: tuple[PolicyEvent, ...]
    areas: tuple[AreaPrevention, ...]
    prevention: tuple[Prevention, ...]
    framework: tuple[Standing, ...]
    legal: LegalPack
    another_nation: str
    packs: tuple[PackRow, ...]
    agencies: tuple[AgencyRow, ...]
    rota: Rota
    card_languages: tuple[tuple[str, str], ...]
    reminders: tuple[str, ...]

    def name_of(self, user: bytes) -> str:
        """A colleague by name."""
        return next((row.name for row in self.colleagues if row.user == user), "")


def read_organisation(workspace: Workspace) -> OrganisationPage:
    """The whole page."""
    store, today, pack = workspace.store, workspace.today, workspace.pack
    people = members(workspace)
    held = store.select(OfficeHeld)
    copies = store.select(PolicyCopy, order_by=(table_of(PolicyCopy).c.created_hlc.desc(),), limit=NEWEST)
    events = store.select(PolicyEvent)
    prevention = store.select(Prevention)
    mine = next((row for row in people if row.this_is_me), None)
    key_holders = people_of(workspace)
    return OrganisationPage(
        today=today, administers=mine is not None and mine.role == "administrator",
        writes=mine is not None and mine.role in ("administrator", "officer"), colleagues=people,
        offices=_offices(workspace, held, people), offices_before=_before(workspace, held, people),
        possible=everything_still_possible(key_holders),
        if_connected=tuple(
            IfConnected(one.name, everything_still_possible(key_holders, connected={one.user}))
            for one in key_holders
            if one.offices
        ),
        trainings=training_of(workspace, {row.user for row in people}),
        copies=tuple(copy_standing(copy, pack, workspace.calendar, today) for copy in copies),
        dates=policy_dates(events, pack, workspace.calendar, today), contradictions=pack.contradictions,
        events=tuple(sorted(events, key=lambda one: (one.held_on or date.min, one.id), reverse=True)),
        areas=prevention_by_area(prevention, today),
        prevention=tuple(
            sorted(prevention, key=lambda one: (one.done_on or date.min, one.id), reverse=True)[:NEWEST]
        ),
        framework=framework_on(workspace.shelf.legal(today), on=today), legal=workspace.shelf.legal(today),
        another_nation=why_not_this_law(workspace.shelf.legal(today), pack),
        packs=packs_now(workspace), agencies=agencies_of(workspace), rota=rota_of(workspace, people),
        card_languages=card_languages(workspace),
        reminders=organisation_reminders(workspace),
    )  # fmt: skip


def people_of(workspace: Workspace) -> tuple[Person, ...]:
    """Everybody with keys, with the offices they hold today."""
    holding: dict[bytes, set[str]] = {}
    outside: set[bytes] = set()
    for one in holders_on(workspace.store.select(OfficeHeld), workspace.pack, workspace.today):
        if one.user:
            holding.setdefault(one.user, set()).add(one.office.code)
            if one.office.outside:
                outside.add(one.user)
    return tuple(
        Person(row.user, row.name, row.role, frozenset(holding.get(row.user, ())), row.user in outside)
        for row in members(workspace)
    )


def training_of(workspace: Workspace, users: Collection[bytes]) -> tuple[TrainingStanding, ...]:
    """How these people stand with every training (policy 6.6)."""
    found = workspace.store.select(TrainingDone)
    return trainings_now(users, found, workspace.pack, workspace.calendar, workspace.today)


def training_warnings(workspace: Workspace) -> dict[UserId, str]:
    """Whose training has lapsed, and the sentence to show before a case is given to them (policy 6.6)."""
    users = {UserId(row.user) for row in members(workspace) if row.role != "committee"}
    standings = training_of(workspace, users)
    return {user: said for user in sorted(users) if (said := why_warn(standings, user))}


def own_training_warning(workspace: Workspace) -> str:
    """What to say before this person takes a report: that their own training has lapsed (policy 6.6); empty if not."""
    return training_warnings(workspace).get(workspace.user, "")


def organisation_reminders(workspace: Workspace) -> tuple[str, ...]:
    """What administrators are reminded of on Today (policy 6.4, 6.6, 7.1 to 7.3, 8.1, 9.1); nobody else is."""
    if not roster_of(workspace).is_administrator(workspace.user):
        return ()
    pack, today, store = workspace.pack, workspace.today, workspace.store
    told = []
    late = [one for one in copies_to_give(store.select(PolicyCopy), pack, workspace.calendar, today) if one.late]
    if late:
        told.append(f"{_count(len(late), 'copy', 'copies')} of the policy asked for and not given in time.")
    lapsed = len(training_warnings(workspace))
    if lapsed and not store.count(TrainingDone):
        told.append("No training is written down yet.")
    elif lapsed:
        told.append(f"Training is due for {_count(lapsed, 'colleague', 'colleagues')}.")
    empty = [one for one in vacant_offices(store.select(OfficeHeld), pack, today) if not one.outside]
    if empty:
        told.append(f"Nobody holds: {', '.join(one.words for one in empty)}.")
    unheld = rota_reminder(rota_of(workspace, members(workspace)))
    if unheld:
        told.append(unheld)
    waiting = sum(row.may_agree for found in packs_now(workspace) for row in found.changes)
    if waiting:
        told.append(f"{_count(waiting, 'change', 'changes')} of a pack waiting for your word.")
    return (*told, *care_reminders(store.select(PolicyEvent), pack, workspace.calendar, today))


def _offices(
    workspace: Workspace, held: tuple[OfficeHeld, ...], people: tuple[MemberRow, ...]
) -> tuple[OfficeRow, ...]:
    names = {bytes(row.user): row.name for row in people}
    today = workspace.today
    found = []
    for office in workspace.pack.offices:
        now = [one for one in held if one.office == office.code and _now(one, today)]
        found += [OfficeRow(office, one, names.get(one.user, "") or one.name) for one in now]
        if not now:
            found.append(OfficeRow(office, None, ""))
    return tuple(found)


def _before(workspace: Workspace, held: tuple[OfficeHeld, ...], people: tuple[MemberRow, ...]) -> tuple[OfficeRow, ...]:
    names = {bytes(row.user): row.name for row in people}
    offices = {office.code: office for office in workspace.pack.offices}
    over = [one for one in held if one.office in offices and not _now(one, workspace.today)]
    return tuple(
        OfficeRow(offices[one.office], one, names.get(one.user, "") or one.name)
        for one in sorted(over, key=lambda one: (one.until or date.max, one.id), reverse=True)
    )


def _now(one: OfficeHeld, today: date) -> bool:
    return (one.since is None or one.since <= today) and (one.until is None or one.until >= today)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
