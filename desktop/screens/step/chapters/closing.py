"""Reviews, proposing to close, the talk with each person, closing, opening again (policy 4.29)."""

from __future__ import annotations

from core.domain.case import ENDINGS, FINDINGS, WAYS_OF_CONTACT
from core.domain.closing import NO_TALK, REOPENED
from core.foundation.errors import BugError
from core.foundation.ids import RecordId
from core.policy.late_reports import undecided_reports
from core.policy.sooner import assessed_for_review, closing_wanted, next_review_by, open_actions
from core.policy.talks import told_of
from core.services.case_page import CasePage
from core.services.closing import ProposalForm, TalkForm
from core.services.late_reports import LateReportForm
from core.services.reviews import ACTION, ReviewForm
from desktop.background import Job, Receiver
from desktop.operations import closing
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, is_open, one_of, person_to_tell, which
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    record_id,
    text,
    yes_no,
)
from desktop.screens.words import small_first
from desktop.widgets.moments import date_words, moment_words

GROUP = "Review and closing"
_DONE: Options = (("done", "Done"), ("open", "Still to do"))


def closure_of(facts: StepFacts) -> RecordId:
    """The proposal to close that holds."""
    if facts.page.closure is None:
        raise BugError(rule="the menu offers this only once closing was proposed")
    return facts.page.closure.id


# ------------------------------------------------------------------ what is done


def _review(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    actions = {
        action.id: said == "done"
        for action in open_actions(facts.page.file.contents)
        if (said := text(answers, f"{ACTION}{action.id.hex()}"))
    }
    form = ReviewForm(
        case=facts.page.file.case.id, findings=text(answers, "findings"), keep_open=yes_no(answers, "keep_open"),
        actions=actions, risk_not_because=text(answers, "risk_not_because"), next_on=day(answers, "next_on"),
    )  # fmt: skip
    return closing.review_case(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _propose(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = ProposalForm(
        case=facts.page.file.case.id, reason=text(answers, "reason"), outcome=text(answers, "outcome"),
        finding=text(answers, "finding"),
    )  # fmt: skip
    return closing.propose_closing(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _discuss(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    instead = text(answers, "instead")
    form = TalkForm(
        closure=closure_of(facts), party=record_id(answers, "party"), way=text(answers, "way"),
        views=text(answers, "views"), person_agrees=yes_no(answers, "person_agrees"), instead=instead,
        appeal_explained=yes_no(answers, "appeal_explained") is True,
        instead_because=text(answers, "instead_because") if instead else "",
    )  # fmt: skip
    return closing.discuss_closing(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _withdraw(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"closure": closure_of(facts), "because": text(answers, "because")}
    return closing.withdraw_closing(runner, said, on_done=on_done, on_failed=on_failed)


def _close(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del answers
    return closing.close_case(runner, {"case": facts.page.file.case.id}, on_done=on_done, on_failed=on_failed)


def _reopen(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"case": facts.page.file.case.id, "why": text(answers, "why"), "reasons": text(answers, "reasons")}
    return closing.reopen_case(runner, said, on_done=on_done, on_failed=on_failed)


def _late_report(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    form = LateReportForm(
        report=chosen(answers, "report"), open_again=yes_no(answers, "open_again"), reasons=text(answers, "reasons"),
        person_told=yes_no(answers, "person_told"),
    )  # fmt: skip
    return closing.decide_late_report(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what to choose from


def _review_asks(facts: StepFacts) -> tuple[Ask, ...]:
    """The findings, each agreed action that is open, the risk where it is not fresh, and the next day."""
    page, contents = facts.page, facts.page.file.contents
    actions = tuple(
        Ask(name=f"{ACTION}{one.id.hex()}", kind=Answer.ONE, label=one.what, section="Agreed actions",
            options=lambda _facts: _DONE, need="Say whether it is done.")
        for one in open_actions(contents)
    )  # fmt: skip
    _, stale = assessed_for_review(contents, page.setting)
    latest = next_review_by(contents, page.setting)
    limit = f"With this risk by {date_words(latest, facts.now)} at the latest." if latest else ""
    because = Ask(
        name="risk_not_because", kind=Answer.LINE, label="Why can the risk not be assessed again now?",
        section="Risk", hint="Better: assess it first, with the button above. What you type here is kept.",
    )  # fmt: skip
    return (
        Ask(name="findings", kind=Answer.WORDS, label="What did the review find?"),
        *actions,
        *((because,) if stale else ()),
        Ask(name="keep_open", kind=Answer.YES_NO, label="Keep the case open?", section="What comes next",
            need="Say whether the case stays open.", hint="No: propose closing afterwards."),
        Ask(name="next_on", kind=Answer.DAY, label="Next review by, if sooner than in three months",
            section="What comes next", optional=True, hint=limit, applies=_stays_open),
    )  # fmt: skip


def _stays_open(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "keep_open") is not False


def _instead(_facts: StepFacts) -> Options:
    return (("", "They were talked to themselves"), *NO_TALK.items())


def _no_talk(_facts: StepFacts, answers: Answers) -> bool:
    return bool(text(answers, "instead"))


def _somebody_talked(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "instead") in ("", "acted-for")


def _proposed(page: CasePage) -> bool:
    return is_open(page) and page.closure is not None


def _somebody_to_talk_with(page: CasePage) -> bool:
    if page.closure is None or not is_open(page):
        return False
    told = told_of(page.file.contents, page.closure, page.setting)
    return any(one.settled_at is None or not one.appeal_explained for one in told)


def _may_be_closed(page: CasePage) -> bool:
    return _proposed(page) and not page.closing.missing


def _is_closed(page: CasePage) -> bool:
    return not is_open(page)


def _undecided(facts: StepFacts) -> Options:
    waiting = undecided_reports(facts.page.file.contents, facts.page.setting)
    moments = ((one.id.hex(), one.received_at or one.recorded_at or facts.now) for one in waiting)
    return tuple((code, f"Of {small_first(moment_words(at, facts.now))}") for code, at in moments)


def _waits_for_a_decision(page: CasePage) -> bool:
    return bool(undecided_reports(page.file.contents, page.setting))


def _findings_start(facts: StepFacts) -> object:
    wanted = closing_wanted(facts.page.file.contents)
    return wanted.findings if wanted is not None else None


STEPS: tuple[Step, ...] = (
    Step(
        key="review", title="Review", lead="Look again at the open case: the risk, and what was agreed.",
        save="Save review", done="Review saved.", run=_review, asks=(), asks_from=_review_asks,
        also=(("Assess the risk again", "risk"),),
        menu="Review", group=GROUP, offered=is_open, clauses=("4.29",),
    ),
    Step(
        key="propose-closing", title="Proposal to close",
        lead="Everybody harmed is talked to, written to and told how to appeal before anything is closed.",
        save="Propose closing", done="Closing is proposed. Talk it over with each person next.", run=_propose,
        also=(("What became of a report", "report-fate"), ("What became of a person", "person-fate")),
        menu="Proposal to close", group=GROUP, offered=is_open, clauses=("4.29",),
        asks=(
            Ask(name="reason", kind=Answer.WORDS, label="Why should the case be closed?", start=_findings_start),
            Ask(name="outcome", kind=Answer.FROM_LIST, label="How did it end?", options=one_of(ENDINGS)),
            Ask(
                name="finding", kind=Answer.ONE, label="What was found?", options=one_of(FINDINGS),
                hint="Letters call nobody responsible unless that was found. How it was seen still counts.",
            ),
        ),
    ),
    Step(
        key="discuss-closing", title="Closing talked over",
        lead="With each person harmed by themselves. Their time to appeal begins once they have the letter as well.",
        save="Save", done="Saved. Give them the letter about closing next.", run=_discuss,
        also=(("Contact, made or tried", "contact"), ("What became of a person", "person-fate")),
        menu="Closing talked over", group=GROUP, offered=_somebody_to_talk_with, clauses=("4.29",),
        asks=(
            person_to_tell("With whom"),
            Ask(
                name="instead", kind=Answer.ONE, label="Was the person talked to?", options=_instead,
                start=lambda _facts: "",
                hint="If they cannot be reached: record each attempt, then the letter. That stands in for the talk.",
            ),
            Ask(
                name="instead_because", kind=Answer.WORDS, label="Why, and how is that known?", applies=_no_talk,
            ),
            Ask(
                name="way", kind=Answer.FROM_LIST, label="How", options=one_of(WAYS_OF_CONTACT),
                applies=_somebody_talked,
            ),
            Ask(
                name="person_agrees", kind=Answer.YES_NO, label="Does the person agree?", optional=True,
                applies=_somebody_talked,
            ),
            Ask(
                name="views", kind=Answer.WORDS, label="What the person thinks of it, in their words", optional=True,
                applies=_somebody_talked,
            ),
            Ask(
                name="appeal_explained", kind=Answer.YES_NO, label="Was it explained how to appeal?",
                need="Say whether it was explained how to appeal.", applies=_somebody_talked,
            ),
        ),
    ),
    Step(
        key="withdraw-closing", title="Proposal to close taken back", lead="What was said about it stays in the file.",
        save="Take it back", done="The case goes on.", run=_withdraw,
        menu="Take the proposal to close back", group=GROUP, offered=_proposed, clauses=("4.29",),
        asks=(Ask(name="because", kind=Answer.WORDS, label="Why does the case go on?"),),
    ),
    Step(
        key="close", title="Close the case", lead="The survey is due next. The file stays and can be read as before.",
        save="Close the case", done="The case is closed.", run=_close,
        menu="Close the case", group=GROUP, offered=_may_be_closed, clauses=("4.29",),
        asks=(),
    ),
    Step(
        key="late-report", title="Report after closing",
        lead="The report is kept with the case, whatever is decided. Opened again, it stays the same case with "
        "the same reference.",
        save="Save decision", done="Decision saved. The report stays with the case.", run=_late_report,
        also=(("Contact, made or tried", "contact"),),
        menu="Report after closing", group=GROUP, offered=_waits_for_a_decision, clauses=("4.29",),
        asks=(
            which("report", "Which report", _undecided, "Choose the report."),
            Ask(
                name="open_again", kind=Answer.YES_NO, label="Is the case opened again?",
                need="Say whether the case is opened again.",
            ),
            Ask(name="reasons", kind=Answer.WORDS, label="Reasons"),
            Ask(name="person_told", kind=Answer.YES_NO, label="Does the person know of it?", optional=True),
        ),
    ),
    Step(
        key="reopen", title="Open the case again",
        lead="It stays the same case with the same reference. Reviews count from today.",
        save="Open it again", done="The case is open again.", run=_reopen,
        menu="Open the case again", group=GROUP, offered=_is_closed, clauses=("4.29",),
        asks=(
            Ask(name="why", kind=Answer.ONE, label="Why", options=one_of(REOPENED)),
            Ask(name="reasons", kind=Answer.WORDS, label="What happened"),
        ),
    ),
)  # fmt: skip
