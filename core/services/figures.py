"""Figures for oneself and for the committee (policy 5.1, 6.1): counted over the cases this person can read.

The committee's version is made for whole years and their quarters only, all protected together: with days of one's own
choosing anybody could take one report away from another. What leaves as a file was written down before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.domain.audit import DEEDS
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.estate import Home
from core.foundation.errors import FolderNotWritable, FormIncomplete
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.letters.leak_guard import SecretKind, find_leaks
from core.letters.render.sheet import SheetBars, SheetHeading, SheetPart, SheetTable, SheetText, render_sheet
from core.policy.duties import CaseFacts, Setting
from core.policy.figure_tables import Table
from core.policy.figures import (
    Promised,
    acts_counted,
    answers_counted,
    appeals_counted,
    cases_counted,
    hate_counted,
    moves_counted,
    promises_counted,
    promises_of,
    strands_counted,
    surveys_counted,
    tools_counted,
)
from core.policy.figures_people import complained_about_counted, harmed_counted, repeats_counted
from core.policy.periods import Period, PeriodKind, any_days, financial_year, quarters_of, year_of
from core.policy.survey_questions import SurveyQuestions
from core.policy.words import say_moment
from core.reports.numbers import as_csv
from core.reports.shown import Bar, ShownTable, as_they_are, for_committee
from core.services.audit import note_before
from core.services.letter_secrets import secrets_of_case
from core.services.organisation import my_member, organisation
from core.services.places import refuse_own_folder
from core.services.surveys import survey_asked
from core.services.workspace import Workspace
from core.store.contents import contents_of_many
from core.store.store import table_of

BATCH = 100
SCOPE = "Counted over the cases that whoever made this can read."
HIDES = (
    "* A number under {least} is hidden, because it could point to somebody, and so is any number from which it could"
    " be worked out."
)
OF_THE_COMMITTEE = "The committee's version is made for a whole year or a quarter of one."
FORMATS = {"pdf": "PDF", "csv": "CSV"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figures. `kind` year and quarter go with `year` (and `quarter`, 1 to 4), days with `first` and `last`."""

    kind: str = PeriodKind.YEAR.value
    year: int | None = None
    quarter: int = 1
    first: date | None = None
    last: date | None = None
    committee: bool = False


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A year or a quarter to choose; `quarter` 0 is the whole year."""

    year: int
    quarter: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The tables of one period. `scope` and `hides` stand with them as sentences; `hides` is empty if nothing is."""

    period: Period
    committee: bool
    tables: tuple[ShownTable, ...]
    scope: str
    hides: str


@dataclass(frozen=True, slots=True)
class FiguresSaved:
    """The file that was written."""

    path: Path
    size_bytes: int
    changed: Changed


def period_choices(workspace: Workspace) -> tuple[PeriodChoice, ...]:
    """Every financial year since the first case this person can read, this one first, each with its quarters."""
    rule, zone = workspace.pack.figures, workspace.pack.zone
    now = year_of(workspace.parts.clock.now(), begins_in=rule.year_begins_in, zone=zone)
    table = table_of(Case)
    oldest = workspace.store.select(Case, table.c.opened_at.is_not(None), order_by=(table.c.opened_at,), limit=1)
    opened = oldest[0].opened_at if oldest else None
    first = year_of(opened, begins_in=rule.year_begins_in, zone=zone) if opened else now
    found = []
    for year in range(now, max(min(first, now), now - 10) - 1, -1):
        whole = financial_year(year, begins_in=rule.year_begins_in, zone=zone)
        found.append(PeriodChoice(year, 0, f"Year {year}/{(year + 1) % 100:02}: {whole.words}"))
        found += [
            PeriodChoice(year, number, f"Quarter {number} of {year}/{(year + 1) % 100:02}: {quarter.words}")
            for number, quarter in enumerate(quarters_of(whole, zone), start=1)
        ]
    return tuple(found)


def read_figures(
    workspace: Workspace, *, asked: Asked, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Figures:
    """Count.

    Raises:
        FormIncomplete: the days are the wrong way round, or the committee's version of days of one's own choosing.
        Cancelled: it was stopped.
    """
    period = _period(workspace, asked)
    if asked.committee and period.kind is PeriodKind.DAYS:
        raise FormIncomplete(problems={"period": OF_THE_COMMITTEE})
    count = _counter(workspace, _cases(workspace, progress, cancel or NeverCancel()))
    if not asked.committee:
        tables = as_they_are(count(period))
    else:
        whole = _year(workspace, period.year)
        periods = (*quarters_of(whole, workspace.pack.zone), whole)
        wanted = periods.index(period)
        least = workspace.pack.figures.least_shown
        tables = for_committee(wanted, [count(one) for one in periods], least_shown=least)
    hides = HIDES.format(least=_in_words(workspace.pack.figures.least_shown)) if any(t.hides for t in tables) else ""
    return Figures(period=period, committee=asked.committee, tables=tables, scope=SCOPE, hides=hides)


def save_figures(  # what is asked, where it goes and how it is told, by keyword
    workspace: Workspace, *, asked: Asked, destination: Path, form: str = "pdf", remark: str = "",
    replace: bool = False, progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> FiguresSaved:  # fmt: skip
    """Write the figures to a file, after noting that they leave. `remark` is looked through for what would give
    somebody away.

    Raises:
        FormIncomplete: as `read_figures`, or words of the remark point to somebody in a case.
        FolderNotWritable, DiskFull: nothing was written; an older file of that name is untouched.
        GlyphsMissing: a character of the remark cannot be printed.
        Cancelled: it was stopped before anything was written.
    """
    if form not in FORMATS:
        raise FormIncomplete(problems={"form": "Choose PDF or CSV."})
    refuse_own_folder(workspace.folder, destination)
    if destination.exists() and not replace:
        said = f"{destination.name} is there already, so it was left as it is"
        raise FolderNotWritable(path=str(destination.parent), reason=said)
    _guard(workspace, remark)
    figures = read_figures(workspace, asked=asked, progress=progress, cancel=cancel)
    head = _head(workspace, figures, remark)
    data = as_csv(head, figures.tables) if form == "csv" else _pdf(head, figures)
    whose = "for the committee" if figures.committee else "with every number"
    noted = note_before(
        workspace, about=workspace.organisation_stream, deed="export",
        subject=f"Figures {whose}, {figures.period.words}, {FORMATS[form]}", reason=DEEDS["export"],
    )  # fmt: skip
    write_atomic(destination, data)
    return FiguresSaved(destination, len(data), noted.changed)


def _period(workspace: Workspace, asked: Asked) -> Period:
    rule, zone = workspace.pack.figures, workspace.pack.zone
    if asked.kind == PeriodKind.DAYS.value:
        if asked.first is None or asked.last is None:
            raise FormIncomplete(problems={"first": "Enter the first and the last day."})
        return any_days(asked.first, asked.last, begins_in=rule.year_begins_in, zone=zone)
    now = year_of(workspace.parts.clock.now(), begins_in=rule.year_begins_in, zone=zone)
    whole = _year(workspace, now if asked.year is None else asked.year)
    if asked.kind == PeriodKind.YEAR.value:
        return whole
    if asked.kind != PeriodKind.QUARTER.value or not 1 <= asked.quarter <= 4:
        raise FormIncomplete(problems={"period": "Choose a year, a quarter from 1 to 4, or days."})
    return quarters_of(whole, zone)[asked.quarter - 1]


def _year(workspace: Workspace, year: int) -> Period:
    return financial_year(year, begins_in=workspace.pack.figures.year_begins_in, zone=workspace.pack.zone)


def _cases(workspace: Workspace, progress: Progress, cancel: CancelToken) -> tuple[CaseFacts, ...]:
    ids = [case.id for case in workspace.store.select(Case)]
    found: list[CaseFacts] = []
    for start in range(0, len(ids), BATCH):
        cancel.check()
        progress(start, len(ids), "Counting")
        with workspace.store.reading() as connection:
            found += contents_of_many(connection, ids[start : start + BATCH])
    return tuple(found)


def _counter(workspace: Workspace, cases: Sequence[CaseFacts]) -> Callable[[Period], tuple[Table, ...]]:
    """What counts one period: the same tables in the same order every time."""
    setting = Setting(workspace.pack, workspace.calendar, workspace.parts.clock.now())
    homes = workspace.store.count(Home, table_of(Home).c.state != "not-ours")
    promises: list[Promised] = []
    for case in cases:  # each by the policy that was in force when it was opened
        promises += promises_of((case,), workspace.setting_of(case))
    legal = workspace.shelf.legal(workspace.today)
    asked: dict[RecordId | None, SurveyQuestions] = {None: workspace.shelf.survey(workspace.today)}
    asked |= {one.id: survey_asked(workspace, one) for case in cases for one in case.surveys}

    def count(period: Period) -> tuple[Table, ...]:
        return (
            cases_counted(cases, period), promises_counted(promises, period),
            hate_counted(cases, period, setting, homes), strands_counted(cases, period),
            acts_counted(cases, period, workspace.pack), repeats_counted(cases, period),
            tools_counted(cases, period, legal), moves_counted(cases, period),
            surveys_counted(cases, period, setting), answers_counted(cases, period, asked),
            appeals_counted(cases, period), *harmed_counted(cases, period),
            *complained_about_counted(cases, period, legal),
        )  # fmt: skip

    return count


def _guard(workspace: Workspace, remark: str) -> None:
    """Words somebody adds go out with the figures: they must name nobody of any case."""
    if not remark.strip():
        return
    secrets = [
        secret
        for case in workspace.store.select(Case)
        for secret in secrets_of_case(workspace, case)
        if secret.kind is not SecretKind.STRAND  # what is behind cases is what the tables are about
    ]
    found = find_leaks(remark, secrets)
    if found:
        said = f"These words would give somebody away: {found[0].why} Write it without them."
        raise FormIncomplete(problems={"remark": said})


def _head(workspace: Workspace, figures: Figures, remark: str) -> tuple[str, ...]:
    zone, now = workspace.pack.zone, workspace.parts.clock.now()
    whose = "For the committee" if figures.committee else "With every number: not for the committee"
    made = f"Made on {say_moment(now, now=now, zone=zone)} by {my_member(workspace).name}."
    ours = organisation(workspace).name
    title = f"Harassment cases, {figures.period.words}"
    lines = (ours, title, whose, made, figures.scope, figures.hides, remark.strip())
    return tuple(line for line in lines if line)


def _pdf(head: Sequence[str], figures: Figures) -> bytes:
    parts: list[SheetPart] = [SheetText(head[0], bold=True), *(SheetText(line) for line in head[2:])]
    for table in figures.tables:
        parts.append(SheetHeading(f"{table.title} (policy {table.clause})"))
        if table.note:
            parts.append(SheetText(table.note))
        bars = table.bars()
        if bars:
            most = max(bar.whole + bar.striped for bar in bars)
            says = f"The numbers of the table below as bars: {table.title}."
            parts.append(SheetBars(tuple(_drawn(bar, most) for bar in bars), says))
            parts += [SheetText(table.legend)] if table.legend else []
        parts.append(SheetTable(table.headings, tuple(row.words() for row in table.rows)))
    return render_sheet(head[1], parts, foot=head[0])


def _drawn(bar: Bar, most: int) -> tuple[str, float, float, str]:
    return (bar.name, bar.whole / most, bar.striped / most, bar.words)


def _in_words(number: int) -> str:
    small = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[number] if number < len(small) else str(number)
