"""Reviews, where closing stands with each person, appeals, letters to one person, the survey (policy 4.29, 4.30)."""

from __future__ import annotations

from datetime import datetime

from core.domain.case import ENDINGS, FINDINGS, Closure, Review, Survey
from core.domain.closing import (
    APPEAL_DECISIONS,
    APPEAL_GROUNDS,
    LETTER_WAYS,
    REOPENED,
    Appeal,
    LateReport,
    PersonLetter,
    Reopening,
)
from core.domain.letters import CaseLetter
from core.domain.risk import BANDS
from core.foundation.ids import RecordId
from core.policy.appeals import in_time, is_decided, time_ends_at, was_answered_at
from core.policy.closing import MissingStep
from core.policy.late_reports import late_reports, undecided_reports
from core.policy.sooner import closing_wanted
from core.policy.survey import answers_of, response_of, scores_of
from core.policy.talks import Told, told_of
from core.services.case_page import CasePage
from core.services.letter_matters import MATTERS
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import A_COLLEAGUE, Doing, Fact, letter_fact
from desktop.screens.words import count_words, small_first
from desktop.theme import Tone
from desktop.widgets.moments import date_words, moment_words

READ = "Select to read"
_HOW = {
    "talked": "Talked over",
    "acted-for": "Talked over with somebody who acts for them",
    "unreachable": "Could not be reached: attempts, then a letter",
    "moved": "Moved away, no way to reach them is known",
    "died": "Has died, and nobody speaks for them",
    "nobody-known": "Nobody knows who reported it",
    "": "Not talked to yet",
}
_RESPONSES = {
    "answered": ("Answered", Tone.OK),
    "waiting": ("Waiting for an answer", Tone.INFO),
    "no-answer": ("Not answered", Tone.NEUTRAL),
    "not-sent": ("Not sent yet", Tone.SOON),
}


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """What is missing first, then each person, appeals, letters, surveys, and what was before."""
    return (
        *_missing(page), *_late(page, now), *_people(page, now), *_appeals(page, now), *_letters(page, now),
        *_surveys(page, now), *_reopened(page, now), *_proposals(page, now), *_reviews(page, now),
    )  # fmt: skip


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be done here now."""
    if page.file.case.stage == "closed":
        return (Doing("Satisfaction survey", "survey"), Doing("Open the case again", "reopen"))
    if page.closure is None:
        return (Doing("Review", "review"), Doing("Propose closing", "propose-closing"))
    if not page.closing.missing:
        return (Doing("Close the case", "close"), Doing("Take the proposal back", "withdraw-closing"))
    return (
        Doing("Closing talked over", "discuss-closing"), Doing("Letter about closing", "closing-letter"),
        Doing("Appeal", "appeal"), Doing("Take the proposal back", "withdraw-closing"),
    )  # fmt: skip


def _missing(page: CasePage) -> tuple[Fact, ...]:
    wanted = closing_wanted(page.file.contents)
    if wanted is not None:
        button = (Doing("Propose closing", "propose-closing"),)
        return (Fact("The last review found that the case should be closed", (), doing=button),)
    if page.closure is None or page.file.case.stage == "closed":
        return ()
    lines = tuple(_sentence(step) for step in page.closing.missing)
    if not lines:
        return (Fact("Nothing is missing", ("Somebody other than the officer who leads closes the case.",)),)
    return (Fact("Before the case can be closed", lines),)


def _late(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Each report that came when the case was closed, and what was decided about it."""
    contents = page.file.contents
    waiting = {report.id for report in undecided_reports(contents, page.setting)}
    said = {one.report: one for one in contents.of(LateReport)}
    found = []
    for report in late_reports(contents):
        at, decision = report.received_at or report.recorded_at, said.get(report.id)
        state = ("To decide", Tone.SOON) if report.id in waiting else ("Opened again", Tone.INFO)
        if decision is not None and not decision.opened_again:
            state = ("Stays closed", Tone.NEUTRAL)
        lines = (
            f"Reported {_at(at, now)}" if at else "",
            f"Decided {_at(decision.decided_at, now)} by {_who(page, decision.decided_by)}"
            if decision is not None and decision.decided_at else "",
        )  # fmt: skip
        reasons = decision.reasons if decision is not None else ""
        buttons = (Doing("Decide on it", "late-report", report.id),) if report.id in waiting else ()
        found.append(
            Fact("Report after closing", lines, f"Reasons. {READ}" if reasons else "", reasons, (state,), buttons)
        )
    return tuple(found)


def _sentence(step: MissingStep) -> str:
    return step.sentence.removesuffix(" Policy 4.29.")


def _people(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Each person with the proposal that holds: the talk, the letter, their time to appeal."""
    if page.closure is None:
        return ()
    contents = page.file.contents
    return tuple(
        _person(page, one, time_ends_at(contents, page.closure, one.party, page.setting), now)
        for one in told_of(contents, page.closure, page.setting)
    )


def _person(page: CasePage, told: Told, ends_at: datetime | None, now: datetime) -> Fact:
    when = f", {_at(told.settled_at, now)}" if told.settled_at else ""
    letter = "No letter yet" if told.letter_needed else ""
    if told.letter_at is not None:
        letter = f"Letter: {_at(told.letter_at, now)}"
    until = f"May appeal until {_at(ends_at, now)}" if told.may_appeal and ends_at is not None else ""
    done = told.whole_at is not None
    tag = ("Told", Tone.OK) if done else ("To be told", Tone.SOON)
    lines = (f"{_HOW.get(told.how, told.how)}{when}", letter, until)
    return Fact(f"Closing: {_name(page, told.party)}", lines, tags=(tag,))


def _appeals(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents, found = page.file.contents, []
    for one in contents.of(Appeal):
        decided = is_decided(contents, one, page.setting)
        late = () if in_time(contents, one, page.setting) else (("Came late", Tone.SOON),)
        state = (APPEAL_DECISIONS.get(one.decision, one.decision), Tone.INFO) if decided else ("To decide", Tone.SOON)
        answered_at = was_answered_at(contents, one, page.setting)
        buttons: tuple[Doing, ...] = ()
        if not decided:
            buttons = (Doing("Decide it", "decide-appeal", one.id),)
        elif answered_at is None:
            buttons = (Doing("Answer in a letter", "appeal-letter", one.id),)
        lines = (
            f"Made {_at(one.made_at, now)}" if one.made_at else "",
            "; ".join(words for code, words in APPEAL_GROUNDS.items() if code in one.grounds),
            f"Decided by {_who(page, one.decided_by)}" if decided else "",
            f"Answered {_at(answered_at, now)}" if answered_at else "",
        )  # fmt: skip
        words = "\n\n".join(part for part in (one.words, one.reasons) if part)
        about = "a move" if one.transfer is not None else "closing"
        heading = f"Appeal of {_name(page, one.party)} against {about}"
        fold = f"Their words and the reasons. {READ}" if words else ""
        found.append(Fact(heading, lines, fold, words, (state, *late), buttons))
    return tuple(found)


def _letters(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """The letters about closing, appeals and the survey, and those of an earlier version: they lie in Files."""
    contents = page.file.contents
    return (
        *(letter_fact(one, now) for one in contents.of(CaseLetter) if one.template in MATTERS),
        *(_old_letter(page, one, now) for one in contents.of(PersonLetter)),
    )


def _old_letter(page: CasePage, one: PersonLetter, now: datetime) -> Fact:
    heading = f"{one.SPEC.fields['sort'].label_of(one.sort)}: {_name(page, one.party)}"
    made = f"Made {_at(one.made_at, now)} by {_who(page, one.made_by)}" if one.made_at else ""
    if one.not_sent_because:
        tag = ("No letter", Tone.NEUTRAL)
        return Fact(heading, (made,), f"Why there is none. {READ}", one.not_sent_because, (tag,))
    left = f"{LETTER_WAYS.get(one.delivery, '')} {_at(one.delivered_at, now)}" if one.delivered_at else ""
    tag = (LETTER_WAYS.get(one.delivery, "Not sent yet") if one.delivery else "Not sent yet", Tone.NEUTRAL)
    became = (Doing("Say what became of it", "old-letter", one.id),)
    return Fact(heading, (made, left, "It is kept in Files."), tags=(tag,), doing=became)


def _surveys(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(_survey(page, one, now) for one in page.file.contents.surveys)


def _survey(page: CasePage, survey: Survey, now: datetime) -> Fact:
    heading = f"Survey: {_name(page, survey.party)}"
    if survey.not_sent_because and survey.sent_at is None:
        return Fact(heading, (survey.not_sent_because,), tags=(("Not sent", Tone.NEUTRAL),))
    state = response_of(survey, page.setting)
    questions = page.asked[survey.id]
    given, scores = answers_of(survey), scores_of(survey, questions)
    scored = f"{count_words(len(scores), 'answer', 'answers')} with a score" if scores else ""
    lines = (
        f"Sent {_at(survey.sent_at, now)}" if survey.sent_at else "",
        f"Reminded {_at(survey.reminded_at, now)}" if survey.reminded_at else "",
        f"Entered by {_who(page, survey.entered_by)}" if survey.entered_at else "", scored,
    )  # fmt: skip
    asked = (one for one in questions.questions if one.code in given)
    ticked = ((one.words, one.answer(given[one.code])) for one in asked)
    each = "\n".join(f"{question} {answer.words}." for question, answer in ticked if answer is not None)
    words = "\n\n".join(part for part in (each, survey.comments) if part)
    waits = state in ("waiting", "no-answer")
    buttons = (Doing("Answers came back", "survey-answer", survey.id),) if waits else ()
    if waits and survey.reminded_at is None:
        buttons = (*buttons, Doing("Remind them", "survey-reminder", survey.id))
    return Fact(heading, lines, f"The answers. {READ}" if words else "", words, (_RESPONSES[state],), buttons)


def _reopened(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            "Opened again",
            (
                REOPENED.get(one.why, one.why),
                f"{moment_words(one.reopened_at, now)} by {_who(page, one.reopened_by)}" if one.reopened_at else "",
            ),
            f"What happened. {READ}" if one.reasons else "", one.reasons,
        )
        for one in page.file.contents.of(Reopening)
    )  # fmt: skip


def _proposals(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(_proposal(page, one, now) for one in page.file.contents.closures)


def _proposal(page: CasePage, one: Closure, now: datetime) -> Fact:
    if one.closed_at is not None:
        tag = ("Closed", Tone.NEUTRAL)
    elif one.withdrawn_at is not None:
        tag = ("Taken back", Tone.NEUTRAL)
    else:
        holds = page.closure is not None and one.id == page.closure.id
        tag = ("Proposed", Tone.INFO) if holds else ("Over", Tone.NEUTRAL)
    lines = (
        f"Proposed {_at(one.proposed_at, now)} by {_who(page, one.proposed_by)}" if one.proposed_at else "",
        ENDINGS.get(one.outcome, ""),
        f"Found: {FINDINGS.get(one.finding, '').lower()}" if one.finding and one.finding != "none" else "",
        f"Closed {_at(one.closed_at, now)} by {_who(page, one.closed_by)}" if one.closed_at else "",
    )  # fmt: skip
    words = "\n\n".join(part for part in (one.reason, one.withdrawn_because) if part)
    return Fact("Proposal to close", lines, f"Reasons. {READ}", words, (tag,))


def _reviews(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    held = sorted(page.file.contents.reviews, key=lambda one: (one.reviewed_at or now, one.id), reverse=True)
    return tuple(_review(page, one, now) for one in held)


def _review(page: CasePage, one: Review, now: datetime) -> Fact:
    done, left = len(one.actions_done), len(one.actions_open)
    lines = (
        f"By {_who(page, one.by)}",
        f"Risk: {BANDS.get(one.risk, one.risk).lower()}" if one.risk else "",
        f"Risk not assessed: {one.risk_not_because}" if one.risk_not_because else "",
        f"{count_words(done, 'action', 'actions')} done, {left} still to do" if done or left else "",
        f"Next by {date_words(one.next_on, now)}" if one.next_on else "",
    )  # fmt: skip
    tag = ("To be closed", Tone.INFO) if one.keep_open is False else ("Stays open", Tone.NEUTRAL)
    heading = f"Review, {_at(one.reviewed_at, now)}" if one.reviewed_at else "Review"
    return Fact(heading, lines, f"What was found. {READ}", one.findings, (tag,))


def _name(page: CasePage, party: RecordId | None) -> str:
    named = (one.name for one in page.file.contents.parties if one.id == party and one.name)
    return next(named, "the person")


def _at(at: datetime, now: datetime) -> str:
    """A moment in the middle of a line."""
    words = moment_words(at, now)
    return small_first(words) if words.startswith(("Today", "Yesterday")) else words


def _who(page: CasePage, user: bytes) -> str:
    return page.names.get(user, "") or A_COLLEAGUE.lower()


PART = Part(
    title="Closing", facts=facts, doing=doing,
    empty="Look at an open case again every three months. Closing is talked over with each person and can be appealed.",
)  # fmt: skip
