"""Holding a case, and deleting it for good with a second person (policy 3.2)."""

from __future__ import annotations

from core.domain.retention import DELETION_REASONS
from core.policy.retention import holds_now
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import retention
from desktop.operations.base import Runner
from desktop.screens.step.choices import always, chosen, one_of, which
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, text, yes_no

GROUP = "Keeping the case"


def _hold(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    case = facts.page.file.case.id
    return retention.hold_case(runner, case, reason=text(answers, "reason"), on_done=on_done, on_failed=on_failed)


def _lift(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return retention.lift_hold(runner, chosen(answers, "hold"), on_done=on_done, on_failed=on_failed)


def _ask(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return retention.ask_deletion(
        runner, facts.page.file.case.id, reason=text(answers, "reason"), words=text(answers, "words"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _decide(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    deletion = chosen(answers, "deletion")
    decide = retention.agree_deletion if yes_no(answers, "agree") else retention.withdraw_deletion
    return decide(runner, deletion, on_done=on_done, on_failed=on_failed)


def _withdraw(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return retention.withdraw_deletion(runner, chosen(answers, "deletion"), on_done=on_done, on_failed=on_failed)


def _holds(facts: StepFacts) -> Options:
    return tuple((hold.id.hex(), hold.reason) for hold in holds_now(facts.page.file.contents))


def _asked(facts: StepFacts) -> Options:
    waiting = [one for one in facts.page.deletions if not one.agreed]
    return tuple((one.id.hex(), f"Asked by {one.asked_by or 'a colleague'}") for one in waiting)


def _is_held(page: CasePage) -> bool:
    return bool(holds_now(page.file.contents))


def _leads(page: CasePage) -> bool:
    leads = any(reader.leads and reader.this_is_me for reader in page.readers)
    return leads and not page.deletions and not _is_held(page)


def _may_agree(page: CasePage) -> bool:
    return any(one.may_agree for one in page.deletions)


def _may_withdraw(page: CasePage) -> bool:
    return any(not one.may_agree and not one.agreed for one in page.deletions)


STEPS: tuple[Step, ...] = (
    Step(
        key="hold", title="Hold the case",
        lead="For a court case, a complaint or an inquiry. While it stands, nothing of the case can be deleted.",
        save="Hold", done="The case is held.", run=_hold,
        menu="Hold the case", group=GROUP, offered=always, clauses=("3.2",),
        asks=(Ask(name="reason", kind=Answer.LINE, label="Why it is held"),),
    ),
    Step(
        key="lift-hold", title="Lift a hold", lead="", save="Lift the hold", done="The hold is lifted.", run=_lift,
        menu="Lift a hold", group=GROUP, offered=_is_held, clauses=("3.2",),
        asks=(which("hold", "Which hold", _holds, "Choose the hold."),),
    ),
    Step(
        key="ask-deletion", title="Delete the case for good",
        lead="Everything in it goes, on every laptop, with its files, and cannot be brought back. A second person who "
        "reads the case must agree first. If you read it alone, it goes with the next sync. A private interview set "
        "apart from it goes too; whoever reads only that is asked first. Old copies of the folder open the case until "
        "everybody who read it has renewed their keys: see the Settings page afterwards.",
        save="Ask for it", done="Asked. It is deleted once a second person has agreed.", run=_ask,
        menu="Delete the case for good", group=GROUP, offered=_leads, clauses=("3.2",),
        asks=(
            Ask(name="reason", kind=Answer.ONE, label="Why", options=one_of(DELETION_REASONS)),
            Ask(name="words", kind=Answer.WORDS, label="Whose decision it is, and on what ground"),
        ),
    ),
    Step(
        key="agree-deletion", title="Agree to deleting the case for good",
        lead="Read why it was asked for. If you agree, everything in the case goes with the next sync, on every "
        "laptop, and cannot be brought back.",
        save="Save my answer", done="Your answer is saved.", run=_decide,
        menu="Answer a request to delete", group=GROUP, offered=_may_agree, clauses=("3.2",),
        asks=(
            which("deletion", "Which request", _asked, "Choose the request."),
            Ask(
                name="agree", kind=Answer.YES_NO, label="Do you agree that it is deleted for good?",
                need="Say whether you agree.",
            ),
        ),
    ),
    Step(
        key="withdraw-deletion", title="Take back the request to delete", lead="The case stays as it is.",
        save="Take it back", done="The request is taken back. The case stays.", run=_withdraw,
        menu="Take back the request to delete", group=GROUP, offered=_may_withdraw, clauses=("3.2",),
        asks=(which("deletion", "Which request", _asked, "Choose the request."),),
    ),
)  # fmt: skip
