"""A case in words: its story, its people, what is due, what can be added. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from core.domain.letters import CASE_LETTER_STATES, DELIVERY_OUTCOMES, RUN_STATES, CaseLetter
from core.foundation.ids import RecordId
from core.services.access import ReaderRow
from core.services.case_page import CasePage
from core.services.history import HistoryRow
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.words import at_words, small_first
from desktop.theme import Tone
from desktop.widgets.moments import due_words, moment_words, whole_words

_STEP_PAGES = {
    "police": "police",
    "area-letter": "letters",
    "association": "association",
    "warn": "warning",
    "visit": "visits",
}
"""Kind of step (policy 4.11, 4.12) -> the page on which it is recorded."""

_KEYS = "epoch"
"""How the change log names a change of who can read a case."""

A_COLLEAGUE = "A colleague"
"""Somebody whose name has not arrived yet."""

_STEP_STATES = {
    "not-started": ("Not started", Tone.NEUTRAL),
    "started": ("Started", Tone.SOON),
    "done": ("Done", Tone.OK),
}

_DUTY_STATES = {
    "running": ("To do", Tone.INFO),
    "late": ("Late", Tone.LATE),
    "met": ("Done in time", Tone.OK),
    "met-late": ("Done late", Tone.SOON),
    "not-applicable": ("Does not apply", Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class Story:
    """One entry of the timeline. `fold` (if not empty) stands in place of `body` until somebody asks to read it."""

    key: RecordId
    when: str
    when_exactly: str
    title: str
    who: str
    body: str
    fold: str
    detail: str = ""
    """Stands folded below the rest."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A button: its words, the step it opens, and the record that step is about."""

    words: str
    step: str
    subject: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A heading and its lines; `fold` and `folded` as in `Story`; `tags` are (words, tone) beside the heading."""

    heading: str
    lines: tuple[str, ...]
    fold: str = ""
    folded: str = ""
    tags: tuple[tuple[str, Tone], ...] = ()
    doing: tuple[Doing, ...] = ()
    clauses: tuple[str, ...] = ()
    """Clauses of the policy behind it, each one press away."""


@dataclass(frozen=True, slots=True)
class NextLine:
    """Something to do next: words, how it stands, and the page that does it (empty: nothing to press)."""

    words: str
    state: str
    tone: Tone
    note: str = ""
    step: str = ""
    action: str = ""
    subject: RecordId | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Who did what to one record at one moment. `written` can hold names."""

    at: datetime
    who: str
    laptop: str
    what: str
    written: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """One duty with its reason, met or not."""

    title: str
    state: str
    tone: Tone
    why: str
    step: str = ""
    action: str = ""
    subject: RecordId | None = None
    clause: str = ""


def stories(page: CasePage, now: datetime) -> tuple[Story, ...]:
    """The timeline, newest first, sensitive text folded away."""
    return tuple(
        Story(
            entry.record,
            moment_words(entry.at, now),
            whole_words(entry.at),
            entry.title,
            entry.who,
            entry.body,
            "Describes what was reported. Select to read" if entry.sensitive and entry.body else "",
            entry.detail,
        )
        for entry in page.file.timeline
    )


def due_lines(page: CasePage, now: datetime) -> tuple[DueLine, ...]:
    """Every duty with its reason: to do first, then what was met."""
    duties = sorted(
        (duty.at(now) for duty in page.file.duties),
        key=lambda duty: (not duty.to_do, duty.due_at or duty.anchor_at),
    )
    lines = []
    for duty in duties:
        state, tone = _DUTY_STATES[duty.state.value]
        if duty.to_do and duty.due_at is not None:
            state, tone = due_words(duty.due_at, now), _tone(duty.due_at, now)
        page_of = DUTY_PAGES.get(duty.kind.value) if duty.to_do else None
        step, button = (page_of.step, page_of.button) if page_of and page_of.step else ("", "")
        subject = RecordId(duty.subject) if page_of and page_of.about_subject else None
        lines.append(DueLine(duty.title, state, tone, duty.why, step, button, subject, duty.clause))
    return tuple(lines)


def next_lines(page: CasePage, now: datetime) -> tuple[NextLine, ...]:
    """What happens next: the duties to do."""
    return tuple(
        NextLine(line.title, line.state, line.tone, "", line.step, line.action, line.subject, line.clause)
        for line in due_lines(page, now)
        if line.action
    )


def offered_lines(page: CasePage) -> tuple[NextLine, ...]:
    """The steps offered when nobody is named (policy 4.11, 4.12), done or not."""
    lines = []
    for step in page.steps:
        state, tone = _STEP_STATES[step.state.value]
        done = step.state.value == "done"
        lines.append(
            NextLine(
                step.title, state, tone, step.note, "" if done else _STEP_PAGES[step.kind.value],
                "" if done else step.action,
            )
        )  # fmt: skip
    return tuple(lines)


def history_lines(rows: Sequence[HistoryRow]) -> tuple[HistoryLine, ...]:
    """The change log with what was done to one record in one moment on one line."""
    found: list[HistoryLine] = []
    for (at, who, laptop, record), steps in groupby(rows, key=lambda row: (row.at, row.who, row.laptop, row.record)):
        told = [step for step in steps if step.field != "Case"]  # which case it belongs to is on top of the page
        if record == _KEYS:
            found.append(HistoryLine(at, who, laptop, "Who can read it", ""))
            continue
        fields = ", ".join(dict.fromkeys(step.field.lower() for step in told if step.field))
        written = "; ".join(f"{step.field}: {step.value}" if step.field else step.value for step in told if step.value)
        found.append(HistoryLine(at, who, laptop, f"{record}: {fields}" if fields else record, written))
    return tuple(found)


def letters(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """The letters to one person, then the runs to an area; newest first."""
    runs = sorted(
        page.file.contents.letter_runs, key=lambda run: (run.planned_at is None, run.planned_at), reverse=True
    )
    singles = sorted(page.file.contents.of(CaseLetter), key=lambda one: (one.written_at is None, one.written_at))
    to_one = tuple(letter_fact(one, now) for one in reversed(singles))
    return to_one + tuple(
        Fact(
            run.area or "An area",
            (
                RUN_STATES.get(run.state, run.state),
                f"Planned {at_words(run.planned_at, now)}" if run.planned_at else "",
                run.reason,
            ),
        )
        for run in runs
    )


def letter_fact(one: CaseLetter, now: datetime) -> Fact:
    """A letter of the file, or why there is none."""
    tones = {"waiting": Tone.SOON, "ready": Tone.INFO, "made": Tone.INFO, "outsourced": Tone.SOON}
    state = (CASE_LETTER_STATES.get(one.state, one.state), tones.get(one.state, Tone.NEUTRAL))
    if one.delivery:
        state = (DELIVERY_OUTCOMES.get(one.delivery, one.delivery), Tone.OK)
    sent = one.state in ("made", "outsourced") and one.delivery in ("", "delivered", "posted")
    told = (Doing("It came back" if one.delivery else "What became of it", "letter-deliver", one.id),) if sent else ()
    lines = (
        f"To {one.addressee}" if one.addressee else "",
        f"Written {moment_words(one.written_at, now)}" if one.written_at else "",
        f"Reference {one.reference}" if one.reference else "",
    )  # fmt: skip
    if one.not_sent_because:
        return Fact(one.name, lines, "Why there is none. Select to read", one.not_sent_because, tags=(state,))
    return Fact(one.name, lines, tags=(state,), doing=(Doing("Look at it", "case-letter", one.id), *told))


def readers(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Who holds the key of this case."""
    found = [Fact(_reader(reader), _since(reader, now)) for reader in page.readers]
    if page.kept_out:
        kept_out = tuple(person.name or A_COLLEAGUE for person in page.kept_out)
        found.append(Fact("Kept out, because of a connection", kept_out))
    return tuple(found)


def connected(page: CasePage) -> tuple[str, str]:
    """Colleagues who may be connected with somebody in the case; empty if nobody is."""
    if not page.connections:
        return "", ""
    names = ", ".join("You" if found.this_is_me else found.name for found in page.connections)
    return "Is a colleague connected with this case?", f"{names}: the name fits. Decide whether they may read it."


def what_can_be_added(page: CasePage) -> tuple[tuple[str, str, str], ...]:
    """(step, words, group) of the menu, in the order of use; a group is a menu of its own."""
    case, contents = page.file.case, page.file.contents
    closed = case.stage == "closed"
    offered = [
        ("note", "Note", True),
        ("contact", "Contact, made or tried", True),
        ("safe-ways", "Safe ways to reach the person", True),
        ("graffiti", "Graffiti reported", not closed),
        ("graffiti-removed", "Graffiti removed", any(mark.removed_at is None for mark in contents.graffiti)),
        ("police", "Police asked to be seen more", not closed),
        ("letters", "Letters to an area", not closed),
        ("visits", "Visits from door to door", not closed),
        ("association", "Tenants' association told", not closed),
        ("judgement", "Decision on how it is handled", not closed),
        ("reader", "Somebody else may read it", bool(page.could_read)),
    ]
    chapters = ((step.key, step.menu, step.group) for step in CHAPTER_STEPS if step.menu and step.offered(page))
    return (*((step, words, "") for step, words, can in offered if can), *chapters)


def _reader(reader: ReaderRow) -> str:
    name = reader.name or A_COLLEAGUE
    marks = [mark for mark, is_so in (("you", reader.this_is_me), ("leads on it", reader.leads)) if is_so]
    return f"{name} ({', '.join(marks)})" if marks else name


def _since(reader: ReaderRow, now: datetime) -> tuple[str, ...]:
    given = f", given by {reader.given_by}" if reader.given_by and not reader.this_is_me else ""
    reason = "" if reader.reason in ("", "opened") else f"Reason: {reader.reason}"
    return (f"Since {small_first(moment_words(reader.since, now))}{given}", reason)


def _tone(due_at: datetime, now: datetime) -> Tone:
    if due_at < now:
        return Tone.LATE
    return Tone.SOON if due_at < now + timedelta(days=1) else Tone.INFO
