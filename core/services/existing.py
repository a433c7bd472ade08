"""Is there a case about this already? Asked of what this person's own keys open, and of nothing else.

A case they may not read is not in this workbook, so it cannot be hinted at: where there is nothing, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import STAGES, Case, Incident, Party
from core.domain.changed import Changed
from core.domain.estate import Home
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.existing import Asked, KnownCase, Why, cases_like, persistent
from core.services.cases import REPORT_DRAFT
from core.services.contents import contents_of
from core.services.homes import address_of
from core.services.report_form import ReportForm, check_report, write_report
from core.services.workspace import Workspace
from core.store import drafts
from core.store.contents import CaseContents
from core.store.store import table_of

WHY = {
    Why.SAME_HOME: "the same home",
    Why.SAME_PERSON_HARMED: "a person harmed with a name like this",
    Why.SAME_PERSON_COMPLAINED_ABOUT: "a person complained about with a name like this",
    Why.SAME_PERSON: "somebody with a name like this",
    Why.SAME_PLACE: "a place like this",
}
CLOSED = "The case is closed. Open it again first, then add the report."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSoFar:
    """What a report that is being typed says so far about whom and where."""

    home: RecordId | None = None
    place: str = ""
    harmed: tuple[str, ...] = ()
    complained_about: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is known yet that a case could be recognised by."""
        names = (*self.harmed, *self.complained_about, *self.others)
        return self.home is None and not any(words.strip() for words in (self.place, *names))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingCase:
    """A case this person may read that may be about the same. `why` is a sentence without a full stop."""

    case: RecordId
    reference: str
    summary: str
    stage: str
    is_open: bool
    opened_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class ReportAdded:
    """The case a report was added to."""

    case: RecordId
    reference: str
    changed: Changed


def find_existing(workspace: Workspace, *, report: ReportSoFar) -> tuple[ExistingCase, ...]:
    """The cases this person may read that a report may belong to, likeliest first (policy 4.4)."""
    if report.empty:
        return ()
    asked = Asked(
        homes=frozenset({report.home} if report.home else ()), place=report.place, harmed=report.harmed,
        complained_about=report.complained_about, others=report.others,
    )  # fmt: skip
    cases = {case.id: case for case in workspace.store.select(Case)}
    found = cases_like(asked, _known(workspace, cases, with_places=bool(report.place.strip())))
    return tuple(
        ExistingCase(
            case=same.case, reference=case.reference, summary=case.summary, stage=STAGES.get(case.stage, case.stage),
            is_open=same.is_open, opened_at=case.opened_at, why=", ".join(WHY[why] for why in same.why),
        )
        for same in found
        for case in (cases[same.case],)
    )  # fmt: skip


def add_report(workspace: Workspace, *, case: RecordId, form: ReportForm) -> ReportAdded:
    """Add a report to a case there is already, with its incidents, its people and how they see it (policy 4.4).

    Who can read the case stays as it is. Its clocks go on from the first report.

    Raises:
        NotFound: this person cannot read the case.
        FormIncomplete: something needed is missing, or the case is closed; nothing was saved, the draft stays.
    """
    contents = contents_of(workspace, case)
    if contents.case.stage == "closed":
        raise FormIncomplete(problems={"case": CLOSED})
    check_report(form, workspace.parts.clock.now())
    with workspace.store.unit("add-report") as (unit, outcome):
        write_report(unit, workspace, form, case, known=contents.parties)
        drafts.discard_draft(unit.connection, REPORT_DRAFT)
    return ReportAdded(case, contents.case.reference, outcome.changed)


def complained_about_elsewhere(workspace: Workspace, contents: CaseContents) -> dict[RecordId, tuple[RecordId, ...]]:
    """For each person complained about: other cases in which somebody of that name is (policy 4.7).

    Over the cases this person may read; a case they may not read is neither counted nor named.
    """
    people = [party for party in contents.parties if "alleged-perpetrator" in party.roles and party.name.strip()]
    if not people:
        return {}
    cases = {case.id: case for case in workspace.store.select(Case) if case.id != contents.case.id}
    known = _known(workspace, cases, with_places=False)
    found = {party.id: persistent((party.name, *party.also_known_as), known) for party in people}
    return {party: others for party, others in found.items() if others}


def _known(workspace: Workspace, cases: Mapping[RecordId, Case], *, with_places: bool) -> tuple[KnownCase, ...]:
    people: dict[RecordId, list[Party]] = {}
    for party in workspace.store.select(Party):
        if party.case is not None:
            people.setdefault(party.case, []).append(party)
    addresses: dict[RecordId, str] = {}
    places: dict[RecordId, list[str]] = {}
    if with_places:
        wanted = {case.home for case in cases.values()} | {one.home for some in people.values() for one in some}
        homes = [home for home in wanted if home is not None]
        table = table_of(Home)
        for start in range(0, len(homes), 500):
            for home in workspace.store.select(Home, table.c.id.in_(homes[start : start + 500])):
                addresses[home.id] = address_of(home)
        for incident in workspace.store.select(Incident):
            if incident.case is not None and incident.place.strip():
                places.setdefault(incident.case, []).append(incident.place)
    return tuple(_one(case, people.get(case.id, []), addresses, places.get(case.id, [])) for case in cases.values())


def _one(case: Case, people: list[Party], addresses: Mapping[RecordId, str], places: list[str]) -> KnownCase:
    homes = frozenset(home for home in (case.home, *(one.home for one in people)) if home is not None)
    told = [case.place, *places, *(addresses[home] for home in homes if home in addresses)]

    def names(role: str) -> tuple[str, ...]:
        return tuple(name for one in people if role in one.roles for name in (one.name, *one.also_known_as) if name)

    return KnownCase(
        case=case.id, is_open=case.stage != "closed", homes=homes, places=tuple(place for place in told if place),
        harmed=names("harmed"), complained_about=names("alleged-perpetrator"),
        others=tuple(dict.fromkeys((*names("reporter"), *names("witness")))),
    )  # fmt: skip
