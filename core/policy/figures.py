"""Figures over cases (5.1): opened and closed, promises kept, what is behind it and what came of it, hate incidents.

1. Only the cases given here are counted, and only those the reader may read are ever given.
2. A case counts in the period it was opened in. One that is opened again, after an appeal for instance, is no new case.
3. A hate incident is counted by how it was seen, whatever was judged later (4.2, 4.3).
4. A promise counts in the period in which it was due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import ACTS, STRANDS, SUCCESSFUL_OUTCOMES
from core.domain.closing import APPEAL_DECISIONS, Appeal
from core.domain.doors import WarningGiven
from core.domain.enforcement import ToolUsed
from core.domain.plan import ActionPlan
from core.domain.safety import TRANSFER, ManagementTransfer
from core.foundation.ids import RecordId
from core.policy.action_plan import interval_of
from core.policy.calendar import known
from core.policy.clocks import duties_of_case
from core.policy.closing import current_closure
from core.policy.definition import counted_as, monitored_strands
from core.policy.duties import CaseFacts, DutyKind, DutyState, Setting, others_in_case
from core.policy.enforcement import power_named
from core.policy.figure_tables import Row, Table, counted
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack
from core.policy.periods import Period
from core.policy.powers import LegalPack
from core.policy.review import open_spells
from core.policy.survey import scores_of
from core.policy.survey_questions import SurveyQuestion, SurveyQuestions

PROMISES = {
    DutyKind.FIRST_CONTACT: "First contact in 24 hours (4.24)",
    DutyKind.LATE_REPORT_CONTACT: "Contact in 24 hours after a report on a closed case (4.24)",
    DutyKind.GRAFFITI: "Graffiti removed in 24 hours (4.25)",
    DutyKind.UPDATE: "Updates promised in the plan (4.28)",
    DutyKind.REVIEW: "Review every three months (4.29)",
    DutyKind.SURVEY: "Survey after closing (4.30)",
    DutyKind.POLICE_ANSWER: "Answers of the police followed up (4.11)",
    DutyKind.REFERRAL: "Referrals followed up (4.19)",
    DutyKind.CHASE: "Other landlords followed up (4.10)",
}
"""Kind of promise -> its words, those of the service standards first."""
IN_TIME, LATE, NOT_YET, NOT_ASKED = range(4)
_STATES = {
    DutyState.MET: IN_TIME, DutyState.MET_LATE: LATE, DutyState.LATE: LATE, DutyState.RUNNING: NOT_YET,
    DutyState.NOT_APPLICABLE: NOT_ASKED,
}  # fmt: skip
UNKNOWN = "not-asked"
_ENDED = {"Stopped": ("stopped", "acted"), "Moved or passed on": ("moved", "passed-on")}
"""How a case ended, in the words of a column, and the endings of 4.29 it stands for. More columns would be of ones."""
STRANDS_TOGETHER = len(_ENDED) + 2
"""The column of a row's sum in the table of what is behind a case: after still open, how it ended, and otherwise."""


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise: when it was due, and how it was kept (`IN_TIME`, `LATE`, `NOT_YET`, `NOT_ASKED`)."""

    kind: DutyKind
    at: datetime
    how: int


@keeps("5.1", "Cases opened, closed and open", on=("Figures",))
def cases_counted(cases: Sequence[CaseFacts], period: Period) -> Table:
    """Policy 5.1: how many cases there were at the beginning, came, went, and were there at the end."""
    spells = [(place, spell) for case in cases for place, spell in enumerate(open_spells(case))]
    there = [spell for _, spell in spells]
    begun = sum(one.start_at < period.start_at and _open_at(one.end_at, period.start_at) for one in there)
    opened = sum(place == 0 and period.has(one.start_at) for place, one in spells)
    again = sum(place > 0 and period.has(one.start_at) for place, one in spells)
    closed = sum(period.has(one.end_at) for one in there)
    values = (
        ("begin", "Open at the beginning", begun, False), ("opened", "Opened", opened, True),
        ("again", "Opened again", again, True), ("closed", "Closed", closed, True),
        ("end", "Open at the end", begun + opened + again - closed, False),
    )  # fmt: skip
    return Table(
        code="cases", clause="5.1", title="Cases", note="A case that is opened again is not a new one.",
        columns=("Cases",), rows=tuple(Row(code, words, (count,), adds=adds) for code, words, count, adds in values),
        sums=((("begin", 1), ("opened", 1), ("again", 1), ("closed", -1), ("end", -1)),),
    )  # fmt: skip


@keeps("5.1", "Promises kept in time and too late, by clause", on=("Figures",))
def promises_counted(promises: Iterable[Promised], period: Period) -> Table:
    """Policy 5.1: every promise of 4.24, 4.25, 4.28, 4.29, 4.30 and the rest by how it was kept."""
    counts = {kind.value: [0, 0, 0, 0] for kind in PROMISES}
    for one in promises:
        if period.has(one.at):
            counts[one.kind.value][one.how] += 1
    return Table(
        code="promises", clause="5.1", title="Promises kept",
        note="By the day they were due. What came late, or never, counts as late.",
        columns=("In time", "Late", "Not due yet", "Did not apply"),
        rows=counted({kind.value: words for kind, words in PROMISES.items()}, counts, 4), total=True, striped=1,
    )  # fmt: skip


def promises_of(cases: Iterable[CaseFacts], setting: Setting) -> tuple[Promised, ...]:
    """Policy 5.1: every promise made in some cases, and how it stands now."""
    found: list[Promised] = []
    for case in cases:
        duties = duties_of_case(case, setting.pack, setting.calendar, setting.now)
        mine = (duty for duty in duties if duty.kind in PROMISES)
        found += [Promised(duty.kind, duty.due_at or duty.anchor_at, _STATES[duty.state]) for duty in mine]
        found += [Promised(DutyKind.UPDATE, at, IN_TIME) for at in updates_kept(case, setting)]
    return tuple(found)


@keeps("5.1", "What is behind it, and how it ended", on=("Figures",))
def strands_counted(cases: Sequence[CaseFacts], period: Period) -> Table:
    """Policy 5.1: each reason anybody sees (4.1) by how the case ended, as its closing says (4.29)."""
    width = STRANDS_TOGETHER
    counts = {code: [0] * width for code in (*STRANDS, UNKNOWN)}
    for case in _opened_in(cases, period):
        place = outcome_of(case)
        seen = {strand for perception in case.perceptions for strand in perception.strands if strand in STRANDS}
        for strand in seen or {UNKNOWN}:
            counts[strand][place] += 1
    return Table(
        code="strands", clause="4.1", title="What is seen behind it, and how it ended",
        note="Of the cases opened. One case can have several reasons, so the rows do not add up to the cases. Stopped:"
        " also where action has worked. Otherwise: taken back, out of touch, died, nothing more to do, or not said.",
        columns=("Still open", *_ENDED, "Otherwise"),
        rows=counted({**STRANDS, UNKNOWN: "Not asked"}, counts, width), total=True, whole=width,
    )  # fmt: skip


@keeps("5.1", "Hate incidents as the regulator counts them, for every 1,000 homes", on=("Figures",))
def hate_counted(cases: Sequence[CaseFacts], period: Period, setting: Setting, homes: int) -> Table:
    """Policy 5.1 and 4.1: cases opened, and those with hate incidents by the five strands the regulator monitors."""
    named = {strand.code: strand.monitored_as for strand in setting.pack.strands if strand.monitored_as}
    counts = dict.fromkeys(named, 0)
    opened = hate = 0
    for case in _opened_in(cases, period):
        opened += 1
        found = monitored_strands(case.perceptions, setting.pack)
        hate += bool(found)
        for code, name in named.items():
            counts[code] += name in found
    rows = [Row("opened", "Cases opened", (opened,)), Row("hate", "Of these, with a hate incident", (hate,)),
            Row("other", "Of these, without", (opened - hate,))]  # fmt: skip
    sums = [(("hate", 1), ("other", 1), ("opened", -1))]
    for code, count in counts.items():
        rows += [
            Row(code, f"Hate incident: {named[code]}", (count,)),
            Row(f"not {code}", "", (hate - count,), shown=False),
        ]
        sums.append(((code, 1), (f"not {code}", 1), ("hate", -1)))
    return Table(
        code="hate", clause="4.1", title="Hate incidents",
        note="As tenant satisfaction measure NM01 counts them: by how they were seen, each case once. A case with"
        " several reasons stands in several rows.",
        columns=("Cases",), rows=tuple(rows), sums=tuple(sums), homes=homes,
    )  # fmt: skip


@keeps("5.1", "Kinds of act", on=("Figures",))
def acts_counted(cases: Sequence[CaseFacts], period: Period, pack: PolicyPack) -> Table:
    """Policy 5.1: the kinds of act of 4.5 in the cases opened, each once a case, with their lines in other lists.

    There is no table of those lines: two kinds share one, and small numbers could be worked out from it.
    """
    lines = counted_as(pack)
    labels = {code: f"{words} ({lines[code]})" if code in lines else words for code, words in ACTS.items()}
    counts = {code: [0] for code in (*ACTS, UNKNOWN)}
    for case in _opened_in(cases, period):
        for act in {act for incident in case.incidents for act in incident.acts if act in ACTS} or {UNKNOWN}:
            counts[act][0] += 1
    return Table(
        code="acts", clause="4.5", title="Kinds of act",
        note="Each kind once a case; one case can have several. In brackets: its line in lists others count by.",
        columns=("Cases",), rows=counted({**labels, UNKNOWN: "Not asked"}, counts, 1),
    )  # fmt: skip


@keeps("5.1", "Action taken", on=("Figures",))
def tools_counted(cases: Sequence[CaseFacts], period: Period, legal: LegalPack) -> Table:
    """Policy 5.1: which tools of 4.8 were used in the period, and how many warnings were given (4.11)."""
    labels = {power.code: power.words for power in legal.powers} | {"warning": "Warning to somebody it may be"}
    counts = {code: [0] for code in labels}
    for case in cases:
        for used in case.of(ToolUsed):
            if period.has(known(used.decided_at)) and used.power in counts:
                counts[used.power][0] += 1
        counts["warning"][0] += sum(period.has(known(one.given_at)) for one in case.of(WarningGiven))
    return Table(
        code="tools", clause="4.8", title="Action taken", note="By the day it was decided.", columns=("Times",),
        rows=counted(labels, counts, 1),
    )  # fmt: skip


@keeps("5.1", "Moves for safety", on=("Figures",))
def moves_counted(cases: Sequence[CaseFacts], period: Period) -> Table:
    """Policy 5.1: decisions on a move (4.22) in the period."""
    counts = {code: [0] for code in TRANSFER}
    for case in cases:
        for one in case.of(ManagementTransfer):
            if period.has(known(one.decided_at)) and one.decision in counts:
                counts[one.decision][0] += 1
    return Table(
        code="moves", clause="4.22", title="Moves for safety", note="By the day it was decided.",
        columns=("Decisions",), rows=counted(TRANSFER, counts, 1),
    )  # fmt: skip


@keeps("5.1", "Surveys sent and come back", on=("Figures",))
def surveys_counted(cases: Sequence[CaseFacts], period: Period, setting: Setting) -> Table:
    """Policy 5.1: surveys of 4.30 that were sent in the period, and whether they came back."""
    sent = [one for case in cases for one in case.surveys if period.has(known(one.sent_at))]
    back = sum(one.returned_on is not None for one in sent)
    kept = sum(
        bool(one.not_sent_because.strip()) and one.sent_at is None and period.has(_closed_at(case))
        for case in cases
        for one in case.surveys
    )
    rows = (
        Row("sent", "Sent", (len(sent),)), Row("back", "Came back", (back,)),
        Row("not-back", "Did not come back", (len(sent) - back,)), Row("kept", "Not sent, for a reason", (kept,)),
    )  # fmt: skip
    del setting
    return Table(
        code="surveys", clause="4.30", title="Surveys", note="", columns=("Surveys",), rows=rows,
        sums=((("back", 1), ("not-back", 1), ("sent", -1)),),
    )  # fmt: skip


@keeps("5.1", "How people answered the survey", on=("Figures",))
def answers_counted(
    cases: Sequence[CaseFacts], period: Period, asked: Mapping[RecordId | None, SurveyQuestions]
) -> Table:
    """Policy 5.1: of the surveys of 4.30 that were sent in the period and came back, how each question was answered.

    A good answer has a score in the upper half of those the question offers. `asked`: the questions each survey was
    sent with, and under None those in use, which come first; a code that two versions share counts as one question.
    A question that a survey did not ask has no answer there, so that every row adds up to the surveys that came back.
    """
    words: dict[str, str] = {}
    for version in (asked[None], *asked.values()):
        for question in version.questions:
            words.setdefault(question.code, question.words)
    counts = {code: [0, 0, 0] for code in words}
    for case in cases:
        for survey in case.surveys:
            if period.has(known(survey.sent_at)) and survey.returned_on is not None:
                questions = asked[survey.id]
                scores = scores_of(survey, questions)
                for code, count in counts.items():
                    count[_how_good(questions.question(code), scores.get(code))] += 1
    return Table(
        code="answers", clause="4.30", title="What people answered",
        note="Of the surveys that came back. A good answer is one of the upper half of those offered. A question that a"
        " survey did not ask has no answer there.",
        columns=("Good", "Not good", "No answer"),
        rows=counted(words, counts, 3), total=True,
        striped=1,
    )  # fmt: skip


@keeps("5.1", "Appeals, and how they were decided", on=("Figures",))
def appeals_counted(cases: Sequence[CaseFacts], period: Period) -> Table:
    """Policy 5.1: appeals of 4.22 and 4.29 made in the period, by their decision so far."""
    labels = {**APPEAL_DECISIONS, UNKNOWN: "Not decided yet"}
    counts = {code: [0] for code in labels}
    for case in cases:
        for appeal in case.of(Appeal):
            if period.has(known(appeal.made_at)):
                counts[appeal.decision if appeal.decision in APPEAL_DECISIONS else UNKNOWN][0] += 1
    return Table(
        code="appeals", clause="4.29", title="Appeals", note="By the day they were made.", columns=("Appeals",),
        rows=counted(labels, counts, 1),
    )  # fmt: skip


def _how_good(question: SurveyQuestion | None, score: int | None) -> int:
    """A good answer (0), another (1), or none (2)."""
    offered = [answer.score for answer in question.answers if answer.score is not None] if question else []
    if score is None or not offered:
        return 2
    return 0 if 2 * score > max(offered) + min(offered) else 1


def updates_kept(case: CaseFacts, setting: Setting) -> Iterator[datetime]:
    """Policy 4.28: when somebody was in touch in the time agreed in a plan."""
    others = others_in_case(case, setting)
    plans = sorted(case.of(ActionPlan), key=lambda plan: (known(plan.drawn_up_at) or setting.now, plan.id))
    ended_at = _closed_at(case)
    for place, plan in enumerate(plans):
        anchor_at = known(plan.drawn_up_at)
        later = next((one for one in plans[place + 1 :] if one.party == plan.party), None)
        until_at = known(later.drawn_up_at) if later else ended_at
        for at in _reached(case, setting, others, plan.party):
            if anchor_at is None or at <= anchor_at or (until_at is not None and at > until_at):
                continue
            if at <= setting.due_after(anchor_at, interval_of(plan, setting)):
                yield at
            anchor_at = at


def outcome_of(case: CaseFacts) -> int:
    """Policy 5.1: still open (0), how it ended by its closing (a place in `_ENDED`, from 1), otherwise (the last)."""
    if _closed_at(case) is None:
        return 0
    closure = current_closure(case)
    said = closure.outcome if closure is not None else ""
    return next((place for place, codes in enumerate(_ENDED.values(), start=1) if said in codes), len(_ENDED) + 1)


def action_taken(case: CaseFacts) -> bool:
    """Policy 5.1: whether anything was done about anybody complained about."""
    return bool(case.of(ToolUsed) or case.of(WarningGiven))


def formal_action(case: CaseFacts, party: RecordId, legal: LegalPack) -> int:
    """Policy 6.1: what was done about one person: a formal tool (0), something else (1), nothing (2)."""
    used = [one for one in case.of(ToolUsed) if one.party in (party, None)]
    powers = [power_named(legal, one.power) for one in used]
    if any(power is not None and power.formal for power in powers):
        return 0
    warned = any(one.party == party for one in case.of(WarningGiven))
    return 1 if used or warned else 2


def opened_in(cases: Iterable[CaseFacts], period: Period) -> tuple[CaseFacts, ...]:
    """Policy 5.1: the cases first opened in a period."""
    return tuple(_opened_in(cases, period))


def _opened_in(cases: Iterable[CaseFacts], period: Period) -> Iterator[CaseFacts]:
    for case in cases:
        spells = open_spells(case)
        if spells and period.has(spells[0].start_at):
            yield case


def _open_at(end_at: datetime | None, moment: datetime) -> bool:
    return end_at is None or end_at >= moment


def _closed_at(case: CaseFacts) -> datetime | None:
    spells = open_spells(case)
    return spells[-1].end_at if spells else None


def _reached(
    case: CaseFacts, setting: Setting, others: frozenset[RecordId | None], party: RecordId | None
) -> list[datetime]:
    return sorted(
        at
        for contact in case.contacts
        if contact.outcome in SUCCESSFUL_OUTCOMES and contact.party not in others
        and (party is None or contact.party in (None, party)) and (at := setting.happened(contact.at)) is not None
    )  # fmt: skip
