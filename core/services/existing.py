"""Is there a case about this already? Asked of what this person's own keys open, and of nothing else.

A case they may not read is not in this workbook, so it cannot be hinted at: where there is nothing, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import STAGES, Case
from core.domain.changed import Changed
from core.domain.estate import Home
from core.foundation.ids import RecordId
from core.policy.existing import Asked, KnownCase, Why, cases_like, persistent
from core.services.cases import REPORT_DRAFT
from core.services.contents import contents_of
from core.services.declarations import shut_among
from core.services.homes import address_of
from core.services.report_form import ReportForm, check_report, write_report
from core.services.workspace import Workspace
from core.store import drafts
from core.store.contents import CaseContents
from core.store.likeness import CaseMark, PersonMark, case_marks, incident_places, person_marks
from core.store.store import table_of

WHY = {
    Why.SAME_HOME: "the same home",
    Why.SAME_PERSON_HARMED: "a person harmed with a name like this",
    Why.SAME_PERSON_COMPLAINED_ABOUT: "a person complained about with a name like this",
    Why.SAME_PERSON: "somebody with a name like this",
    Why.SAME_PLACE: "a place like this",
}
AT_ONCE = 500
"""So many homes are looked up in one go."""


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
    """The case a report was added to. `to_decide`: it is closed, and somebody decides whether it is opened again."""

    case: RecordId
    report: RecordId
    reference: str
    to_decide: bool
    changed: Changed


def find_existing(workspace: Workspace, *, report: ReportSoFar) -> tuple[ExistingCase, ...]:
    """The cases this person may read that a report may belong to, likeliest first (policy 4.4)."""
    if report.empty:
        return ()
    asked = Asked(
        homes=frozenset({report.home} if report.home else ()), place=report.place, harmed=report.harmed,
        complained_about=report.complained_about, others=report.others,
    )  # fmt: skip
    found = cases_like(asked, _known(workspace, with_places=bool(report.place.strip())))
    cases = {same.case: workspace.store.get(Case, same.case) for same in found}
    shut = shut_among(workspace, cases)
    return tuple(
        ExistingCase(
            case=same.case, reference=case.reference, summary="" if same.case in shut else case.summary,
            stage=STAGES.get(case.stage, case.stage), is_open=same.is_open, opened_at=case.opened_at,
            why=", ".join(WHY[why] for why in same.why),
        )
        for same in found
        for case in (cases[same.case],)
    )  # fmt: skip


def add_report(workspace: Workspace, *, case: RecordId, form: ReportForm) -> ReportAdded:
    """Add a report to a case there is already, with its incidents, its people and how they see it (policy 4.4).

    Who can read the case stays as it is. Its clocks go on from the first report. A closed case takes it too and stays
    closed: whether it is opened again is decided by somebody, and waits on Today until it is (policy 4.29).

    Raises:
        NotFound: this person cannot read the case.
        FormIncomplete: something needed is missing; nothing was saved, the draft stays.
    """
    contents = contents_of(workspace, case)
    check_report(form, workspace.parts.clock.now())
    with workspace.store.unit("add-report") as (unit, outcome):
        report = write_report(unit, workspace, form, case, known=contents.parties)
        drafts.discard_draft(unit.connection, REPORT_DRAFT)
    return ReportAdded(case, report, contents.case.reference, contents.case.stage == "closed", outcome.changed)


def complained_about_elsewhere(workspace: Workspace, contents: CaseContents) -> dict[RecordId, tuple[RecordId, ...]]:
    """For each person complained about: other cases in which somebody of that name is (policy 4.7).

    Over the cases this person may read; a case they may not read is neither counted nor named.
    """
    people = [party for party in contents.parties if "alleged-perpetrator" in party.roles and party.name.strip()]
    if not people:
        return {}
    own = {contents.case.id}
    with workspace.store.reading() as connection:
        marks = [mark for mark in person_marks(connection, role="alleged-perpetrator") if mark.case not in own]
    known = [KnownCase(case=mark.case, is_open=True, complained_about=mark.names) for mark in marks]
    found = {party.id: persistent((party.name, *party.also_known_as), known) for party in people}
    return {party: others for party, others in found.items() if others}


def _known(workspace: Workspace, *, with_places: bool) -> tuple[KnownCase, ...]:
    people: dict[RecordId, list[PersonMark]] = {}
    places: dict[RecordId, list[str]] = {}
    addresses: dict[RecordId, str] = {}
    with workspace.store.reading() as connection:
        cases = tuple(case_marks(connection))
        for mark in person_marks(connection):
            people.setdefault(mark.case, []).append(mark)
        for case, place in incident_places(connection) if with_places else ():
            places.setdefault(case, []).append(place)
    if with_places:
        homes = {case.home for case in cases} | {one.home for some in people.values() for one in some}
        addresses = _addresses(workspace, homes)
    return tuple(_one(case, people.get(case.id, []), addresses, places.get(case.id, [])) for case in cases)


def _addresses(workspace: Workspace, homes: Collection[RecordId | None]) -> dict[RecordId, str]:
    wanted = [home for home in homes if home is not None]
    table = table_of(Home)
    found: dict[RecordId, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        for home in workspace.store.select(Home, table.c.id.in_(wanted[start : start + AT_ONCE])):
            found[home.id] = address_of(home)
    return found


def _one(
    case: CaseMark, people: list[PersonMark], addresses: Mapping[RecordId, str], places: list[str]
) -> KnownCase:
    homes = frozenset(home for home in (case.home, *(one.home for one in people)) if home is not None)
    told = [case.place, *places, *(addresses[home] for home in homes if home in addresses)]

    def names(*roles: str) -> tuple[str, ...]:
        return tuple(name for one in people if one.roles.intersection(roles) for name in one.names)

    return KnownCase(
        case=case.id, is_open=case.stage != "closed", homes=homes, places=tuple(place for place in told if place),
        harmed=names("harmed"), complained_about=names("alleged-perpetrator"),
        others=tuple(dict.fromkeys(names("reporter", "witness"))),
    )  # fmt: skip
