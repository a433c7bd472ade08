"""Cases: log a report, list, search, open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.organisation import CASEWORK_ROLES, Member
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId, UserId
from core.policy.definition import classify_at_intake
from core.policy.duties import Duty
from core.policy.people import hidden_from_colleagues, people_harmed
from core.services import streams
from core.services.contents import contents_of
from core.services.duties import duties_of
from core.services.pack_changes import keep_rules
from core.services.recovery_case import GroupOption, options, settled_choice
from core.services.report_form import ReportForm, check_report, write_report
from core.services.telling import TimelineEntry
from core.services.timeline import timeline_of
from core.services.workspace import Workspace
from core.store import casebook, drafts
from core.store.casebook import CaseRow, PageKey
from core.store.contents import CaseContents
from core.store.duties import next_due_by_case
from core.store.store import table_of
from core.store.unit import WriteUnit

__all__ = [
    "REPORT_DRAFT", "CaseFile", "CaseLogged", "CaseOutline", "CasePage", "ListedCase", "ReportForm", "cases_at_home",
    "find_case", "list_cases", "log_report", "open_case", "outline_cases", "recovery_options",
]  # fmt: skip

REPORT_DRAFT = "report"
"""The draft in which the New report page keeps what is being typed."""


@dataclass(frozen=True, slots=True)
class CaseLogged:
    """A new case, its reference and the duties that began with it."""

    case: RecordId
    reference: str
    duties: tuple[Duty, ...]
    changed: Changed


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One line of the list, with what is due next. `next_due_at` None: nothing is due.

    `shut`: this person has not opened it yet, or is connected with it (policy 4.31); only `lookup` says so.
    """

    row: CaseRow
    next_due_at: datetime | None
    next_due: str
    shut: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the list. `next_key` None: this is the last page. `total` counts all pages."""

    rows: tuple[ListedCase, ...]
    total: int
    next_key: PageKey | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the case page shows."""

    contents: CaseContents
    duties: tuple[Duty, ...]
    timeline: tuple[TimelineEntry, ...]
    still_to_ask: tuple[str, ...]

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.contents.case


def log_report(workspace: Workspace, *, form: ReportForm) -> CaseLogged:
    """Open a case from a report. It is handled as harassment, whoever sees it that way (policy 4.2).

    Raises:
        FormIncomplete: something needed is missing; nothing was saved, the draft stays.
    """
    now = workspace.parts.clock.now()
    check_report(form, now)
    readers = _readers(workspace, form)
    recovery_group = settled_choice(form.recovery_group, recovery_options(workspace, form), len(readers))
    with workspace.store.unit("log-report") as (unit, outcome):
        stream = streams.open_case_stream(
            unit, workspace, readers=readers, conflicted=form.conflicted, recovery_group=recovery_group
        )
        reference = _next_reference(workspace, unit, now)
        case = unit.create(
            Case, stream, reference=reference, opened_at=form.received_at, lead=workspace.user,
            summary=form.summary or _first_words(form.words), place=form.place, home=form.home,
            stage="open", handling=classify_at_intake((), workspace.pack), perpetrator_known=form.perpetrator_known,
        )  # fmt: skip
        write_report(unit, workspace, form, case)
        keep_rules(unit, workspace, case=case)
        drafts.discard_draft(unit.connection, REPORT_DRAFT)
    return CaseLogged(case, reference, duties_of(workspace, contents_of(workspace, case)), outcome.changed)


def recovery_options(workspace: Workspace, form: ReportForm) -> tuple[GroupOption, ...]:
    """The recovery groups a case about these people could use."""
    names = [form.reporter_name, form.harmed_name, *(one.name for one in form.others_harmed)]
    names += [one.name for one in form.complained_about]
    homes = [home for home in (form.home, *(one.home for one in form.others_harmed)) if home]
    return options(workspace, conflicted=form.conflicted, names=names, homes=homes)


def list_cases(
    workspace: Workspace, *, words: str = "", after: PageKey | None = None, limit: int = 200,
    stages: tuple[str, ...] = (),
) -> CasePage:  # fmt: skip
    """Cases newest first, or those in whose file every word of `words` begins a word."""
    with workspace.store.reading() as connection:
        if words.strip():
            rows = casebook.search_cases(connection, words, limit=limit)
            total, next_key = len(rows), None
        else:
            rows = casebook.case_page(connection, after=after, limit=limit, stages=stages)
            total = casebook.count_cases(connection, stages=stages)
            next_key = casebook.key_of(rows[-1]) if len(rows) == limit else None
        due = next_due_by_case(connection, [row.id for row in rows])
    listed = tuple(ListedCase(row, *due.get(row.id, (None, ""))) for row in rows)
    return CasePage(listed, total, next_key)


@dataclass(frozen=True, slots=True)
class CaseOutline:
    """How long the list is, the key after which each page begins (None first), and the first page."""

    total: int
    page_starts: tuple[PageKey | None, ...]
    first: tuple[ListedCase, ...]


def outline_cases(workspace: Workspace, *, page_rows: int = 200, stages: tuple[str, ...] = ()) -> CaseOutline:
    """What a table needs to show the whole list and fetch any page of it with `list_cases(after=...)`."""
    with workspace.store.reading() as connection:
        starts, total = casebook.page_starts(connection, page_rows=page_rows, stages=stages)
    return CaseOutline(total, starts, list_cases(workspace, limit=page_rows, stages=stages).rows)


def open_case(workspace: Workspace, *, case: RecordId) -> CaseFile:
    """The whole file of one case.

    Raises:
        NotFound: there is no such case in this vault.
    """
    contents = contents_of(workspace, case)
    return CaseFile(contents, duties_of(workspace, contents), timeline_of(workspace, contents), _still_to_ask(contents))


def find_case(workspace: Workspace, *, reference: str) -> RecordId:
    """The case with this reference. Two officers with the same initials may each give one, out of touch with each
    other; such a case is meant by its reference, `#` and the beginning of its id.

    Raises:
        NotFound: there is none in this vault.
        FormIncomplete: several have it; each is named with what tells it apart.
    """
    words, _, own = reference.strip().partition("#")
    cases = workspace.store.select(Case, table_of(Case).c.reference == words.strip().upper())
    found = [case for case in cases if case.id.hex().startswith(own.strip().lower())]
    if not found:
        raise NotFound(what="case")
    if len(found) > 1:
        names = "; ".join(f"{case.reference}#{case.id.hex()[:8]} ({case.summary or case.place})" for case in found)
        raise FormIncomplete(problems={"reference": f"{len(found)} cases have this reference. Say which: {names}."})
    return found[0].id


def cases_at_home(workspace: Workspace, *, home: RecordId) -> tuple[CaseRow, ...]:
    """Cases at one home that this person may read; nothing is said about others."""
    with workspace.store.reading() as connection:
        return casebook.cases_at_home(connection, home)


def _readers(workspace: Workspace, form: ReportForm) -> frozenset[UserId]:
    chosen = form.readers
    if chosen is None and hidden_from_colleagues(form.sorts_harmed):
        chosen = frozenset()
    if chosen is None:
        members = workspace.store.select(Member)
        chosen = frozenset(UserId(member.user) for member in members if member.role in CASEWORK_ROLES)
    return (chosen | {workspace.user}) - (form.conflicted - {workspace.user})


def _next_reference(workspace: Workspace, unit: WriteUnit, now: datetime) -> str:
    me = [member for member in workspace.store.select(Member) if member.user == workspace.user]
    initials = (me[0].initials if me else "") or "X"
    prefix = f"{now.year}-{initials.upper()}-"
    return f"{prefix}{casebook.highest_number(unit.connection, prefix) + 1:03d}"


def _first_words(words: str, *, length: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " ..."


def _still_to_ask(contents: CaseContents) -> tuple[str, ...]:
    harmed = people_harmed(contents)
    asks = {
        "Where it happened": not (contents.case.place or contents.case.home),
        "What kind of act it was": not any(incident.acts for incident in contents.incidents),
        "What they think is behind it": not any(seen.strands for seen in contents.perceptions),
        "When it happened": not any(i.happened_at or i.happened_text for i in contents.incidents),
        "The name of the person harmed": not any(party.name for party in harmed),
    }
    return tuple(sentence for sentence, missing in asks.items() if missing)
