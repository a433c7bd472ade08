"""Appeals against closing or a move, and letters to one person about them (policy 4.22, 4.29)."""

from __future__ import annotations

from core.domain.case import CHANNELS
from core.domain.closing import APPEAL_DECISIONS, APPEAL_GROUNDS, Appeal
from core.domain.safety import TRANSFER, ManagementTransfer
from core.foundation.ids import RecordId
from core.policy.appeals import in_time, is_decided, was_answered_at
from core.policy.talks import OTHER_SIDE, told_of
from core.services.appeals import AppealForm
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import closing
from desktop.operations.base import Runner
from desktop.screens.step.chapters.closing import GROUP, closure_of
from desktop.screens.step.choices import chosen, is_open, now, one_of, person_to_tell, which
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    moment,
    record_id,
    some,
    text,
    yes_no,
)

_IN_LETTERS = "The letter is under Letters. Look at it there and make it, then say what became of it."


# ------------------------------------------------------------------ what is done


def _appeal(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    against = record_id(answers, "against")
    moves = {one.id for one in facts.page.file.contents.of(ManagementTransfer)}
    form = AppealForm(
        closure=against if against not in moves else None, transfer=against if against in moves else None,
        party=record_id(answers, "party"), made_at=moment(answers, "made_at"), channel=text(answers, "channel"),
        grounds=some(answers, "grounds"), words=text(answers, "words"),
    )  # fmt: skip
    return closing.record_appeal(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _decide(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "appeal": chosen(answers, "appeal"), "decision": text(answers, "decision"), "reasons": text(answers, "reasons"),
        "keep_open": yes_no(answers, "keep_open"),
    }  # fmt: skip
    return closing.decide_appeal(runner, said, on_done=on_done, on_failed=on_failed)


def _closing_letter(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    party = record_id(answers, "party")
    if yes_no(answers, "safe") is False:
        said = {"about": closure_of(facts), "because": text(answers, "because"), "party": party}
        return closing.note_no_letter(runner, said, on_done=on_done, on_failed=on_failed)
    said = {"closure": closure_of(facts), "closing_reasons": text(answers, "closing_reasons"), "party": party}
    return closing.write_closing_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _appeal_letter(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    appeal = chosen(answers, "appeal")
    if yes_no(answers, "safe") is False:
        said: dict[str, object] = {"about": appeal, "because": text(answers, "because")}
        return closing.note_no_letter(runner, said, on_done=on_done, on_failed=on_failed)
    said = {"appeal": appeal, "appeal_reasons": text(answers, "appeal_reasons")}
    return closing.write_appeal_letter(runner, said, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what to choose from


def _against(facts: StepFacts) -> Options:
    contents = facts.page.file.contents
    proposals = [one for one in contents.closures if one.withdrawn_at is None and one.proposed_at is not None]
    latest = max(proposals, key=lambda one: (one.proposed_at, one.id), default=None)
    closing_too = ((latest.id.hex(), "Closing the case"),) if latest is not None else ()
    moves = contents.of(ManagementTransfer)
    return (
        *closing_too,
        *((one.id.hex(), f"Move for safety: {TRANSFER.get(one.decision, one.decision).lower()}") for one in moves),
    )


def _who_may_appeal(facts: StepFacts) -> Options:
    """The people harmed, whoever reported, and whoever speaks for one of them; never the person complained about."""
    sides = [one for one in facts.page.file.contents.parties if OTHER_SIDE not in one.roles]
    served = [one for one in sides if one.roles & {"harmed", "reporter", "speaks-for"}]
    return tuple((one.id.hex(), one.name or "Name not given") for one in served)


def _several_may_appeal(facts: StepFacts, _answers: Answers) -> bool:
    return len(_who_may_appeal(facts)) > 1


def _only_one(facts: StepFacts) -> object:
    found = _who_may_appeal(facts)
    return found[0][0] if len(found) == 1 else ""


def _undecided(facts: StepFacts) -> Options:
    page = facts.page
    waiting = [one for one in page.file.contents.of(Appeal) if not is_decided(page.file.contents, one, page.setting)]
    return tuple((one.id.hex(), _words(page, one)) for one in waiting)


def _unanswered(facts: StepFacts) -> Options:
    return tuple((one.id.hex(), _words(facts.page, one)) for one in _to_answer(facts.page))


def _to_answer(page: CasePage) -> list[Appeal]:
    contents = page.file.contents
    return [
        one
        for one in contents.of(Appeal)
        if is_decided(contents, one, page.setting) and was_answered_at(contents, one, page.setting) is None
    ]


def _words(page: CasePage, appeal: Appeal) -> str:
    about = "a move" if appeal.transfer is not None else "closing"
    late = "" if in_time(page.file.contents, appeal, page.setting) else ", came late"
    return f"Against {about}, by {_name(page, appeal.party)}{late}"


def _name(page: CasePage, party: RecordId | None) -> str:
    return next((one.name for one in page.file.contents.parties if one.id == party and one.name), "the person")


def _reasons_for_closing(facts: StepFacts) -> object:
    return facts.page.closure.reason if facts.page.closure is not None else None


def _reasons_on_appeal(facts: StepFacts) -> object:
    waiting = _to_answer(facts.page)
    chosen_one = [one for one in waiting if one.id == facts.subject] or waiting
    return chosen_one[0].reasons if len(chosen_one) == 1 else None


def _partly(facts: StepFacts, answers: Answers) -> bool:
    appeal = record_id(answers, "appeal")
    found = next((one for one in facts.page.file.contents.of(Appeal) if one.id == appeal), None)
    return text(answers, "decision") == "partly" and (found is None or found.closure is not None)


def _safe(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "safe") is not False


def _not_safe(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "safe") is False


def _may_appeal(page: CasePage) -> bool:
    contents = page.file.contents
    return bool(contents.of(ManagementTransfer)) or any(one.withdrawn_at is None for one in contents.closures)


def _to_decide(page: CasePage) -> bool:
    contents = page.file.contents
    return any(not is_decided(contents, one, page.setting) for one in contents.of(Appeal))


def _somebody_to_write_to(page: CasePage) -> bool:
    if page.closure is None or not is_open(page):
        return False
    told = told_of(page.file.contents, page.closure, page.setting)
    return any(one.letter_needed and one.letter_at is None for one in told)


_SAFE_ASK = Ask(
    name="safe", kind=Answer.YES_NO, label="Can a letter reach them safely, by post, by email or handed over?",
    need="Say whether a letter is safe.", start=lambda _facts: True,
)  # fmt: skip
_BECAUSE = Ask(
    name="because", kind=Answer.WORDS, label="Why is none safe, and how were they told instead?", applies=_not_safe,
)  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="closing-letter", title="Letter about closing",
        lead="It says the reasons and how to appeal, in the format the person needs. The time to appeal begins when it "
        "is sent.",
        save="Write the letter", done=_IN_LETTERS, run=_closing_letter,
        menu="Letter about closing", group=GROUP, offered=_somebody_to_write_to, clauses=("4.29",),
        asks=(
            person_to_tell("To whom"),
            _SAFE_ASK,
            Ask(
                name="closing_reasons", kind=Answer.WORDS, label="The reasons, as the person will read them",
                start=_reasons_for_closing, applies=_safe,
                hint="Name nobody else. Words that tell of somebody else are refused.",
            ),
            _BECAUSE,
        ),
    ),
    Step(
        key="appeal", title="Appeal",
        lead="An appeal in time stops closing until it is decided. It counts from when they told anybody of us.",
        save="Save appeal", done="Appeal saved. Somebody else decides it.", run=_appeal,
        menu="Appeal", group=GROUP, offered=_may_appeal, clauses=("4.22", "4.29"),
        asks=(
            which("against", "Against which decision", _against, "Choose the decision."),
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Who appeals", options=_who_may_appeal,
                applies=_several_may_appeal, start=_only_one, need="Choose who appeals.",
            ),
            Ask(name="made_at", kind=Answer.MOMENT, label="When did they tell us?", start=now),
            Ask(name="channel", kind=Answer.FROM_LIST, label="How", options=one_of(CHANNELS)),
            Ask(
                name="grounds", kind=Answer.SOME, label="Why they appeal", options=one_of(APPEAL_GROUNDS),
                optional=True,
            ),
            Ask(name="words", kind=Answer.WORDS, label="In their words", optional=True),
        ),
    ),
    Step(
        key="decide-appeal", title="Decision on an appeal",
        lead="Whoever made the decision does not decide the appeal, nor does the officer who leads on the case.",
        save="Save decision", done="Decision saved. Answer the person in a letter next.", run=_decide,
        menu="Decision on an appeal", group=GROUP, offered=_to_decide, clauses=("4.22", "4.29"),
        asks=(
            which("appeal", "Which appeal", _undecided, "Choose the appeal."),
            Ask(
                name="decision", kind=Answer.ONE, label="Decision", options=one_of(APPEAL_DECISIONS),
                hint="Right: the same case stays open, or is opened again.",
            ),
            Ask(name="keep_open", kind=Answer.YES_NO, label="Does the case stay open?", applies=_partly),
            Ask(name="reasons", kind=Answer.WORDS, label="Reasons"),
        ),
    ),
    Step(
        key="appeal-letter", title="Answer to an appeal",
        lead="The person gets the decision and the reasons in a letter.",
        save="Write the letter", done=_IN_LETTERS, run=_appeal_letter,
        menu="Answer to an appeal", group=GROUP, offered=lambda page: bool(_to_answer(page)), clauses=("4.22", "4.29"),
        asks=(
            which("appeal", "Which appeal", _unanswered, "Choose the appeal."),
            _SAFE_ASK,
            Ask(
                name="appeal_reasons", kind=Answer.WORDS, label="The reasons, as the person will read them",
                start=_reasons_on_appeal, applies=_safe,
            ),
            _BECAUSE,
        ),
    ),
)  # fmt: skip
