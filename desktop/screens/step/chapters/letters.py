"""What becomes of a letter of the file: agreed to, given or sent, made elsewhere, gone over, or not going out."""

from __future__ import annotations

from core.domain.closing import LETTER_WAYS, PERSON_LETTERS, PersonLetter
from core.domain.letters import DELIVERY_OUTCOMES, DELIVERY_WAYS, LEFT_US, CaseLetter
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import case_letters, closing
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, now, one_of, which
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, moment, text

GROUP = "Letters"


def _approve(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {"letter": chosen(answers, "letter"), "reason": text(answers, "reason")}
    return case_letters.approve_case_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _deliver(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {
        "letter": chosen(answers, "letter"), "outcome_code": text(answers, "outcome_code"), "way": text(answers, "way"),
        "unsafe_reason": text(answers, "unsafe_reason"), "delivered_at": moment(answers, "delivered_at"),
    }  # fmt: skip
    return case_letters.deliver_case_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _cancel(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {"letter": chosen(answers, "letter"), "why": text(answers, "why")}
    return case_letters.cancel_case_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _prove(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {"letter": chosen(answers, "letter"), "by": text(answers, "by")}
    return case_letters.prove_case_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _outsource(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {"letter": chosen(answers, "letter"), "to": text(answers, "to")}
    return case_letters.outsource_case_letter(runner, said, on_done=on_done, on_failed=on_failed)


def _deliver_old(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {
        "letter": chosen(answers, "letter"), "way": text(answers, "way"),
        "delivered_at": moment(answers, "delivered_at"),
    }  # fmt: skip
    return closing.deliver_old_letter(runner, said, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what to choose from


def _in(page: CasePage, *states: str) -> tuple[CaseLetter, ...]:
    return tuple(one for one in page.file.contents.of(CaseLetter) if one.state in states)


def _named(letters: tuple[CaseLetter, ...]) -> Options:
    return tuple(
        (one.id.hex(), f"{one.name}, to {one.addressee}, {one.reference}" if one.addressee else one.name)
        for one in letters
    )


def _waiting(facts: StepFacts) -> Options:
    return _named(_in(facts.page, "waiting"))


def _out(facts: StepFacts) -> Options:
    return _named(_in(facts.page, "made", "outsourced"))


def _agreed(facts: StepFacts) -> Options:
    return _named(_in(facts.page, "ready", "made", "outsourced"))


def _not_gone(facts: StepFacts) -> Options:
    found = _in(facts.page, "waiting", "ready", "made", "outsourced")
    return _named(tuple(one for one in found if one.delivery not in LEFT_US))


def _drafts(facts: StepFacts) -> Options:
    return _named(tuple(one for one in facts.page.file.contents.of(CaseLetter) if one.proof == "draft"))


def _old(facts: StepFacts) -> Options:
    return tuple((one.id.hex(), PERSON_LETTERS.get(one.sort, one.sort)) for one in _made_before(facts.page))


def _made_before(page: CasePage) -> tuple[PersonLetter, ...]:
    return tuple(one for one in page.file.contents.of(PersonLetter) if not one.not_sent_because)


def _has_old(page: CasePage) -> bool:
    return bool(_made_before(page))


def _has_waiting(page: CasePage) -> bool:
    return bool(_in(page, "waiting"))


def _has_out(page: CasePage) -> bool:
    return bool(_in(page, "made", "outsourced"))


def _outcomes(facts: StepFacts) -> Options:
    del facts
    return tuple((code, "Posted or sent" if code == "posted" else words)
                 for code, words in DELIVERY_OUTCOMES.items() if code)  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="letter-approve", title="Agree to a letter",
        lead="Read it first. Whoever wrote it cannot agree to it. Words that could give somebody away need a reason.",
        save="Agree", done="Agreed.", run=_approve,
        menu="Agree to a letter", group=GROUP, offered=_has_waiting, clauses=("4.12", "4.31"),
        asks=(
            which("letter", "Which letter", _waiting, "Choose the letter."),
            Ask(
                name="reason", kind=Answer.WORDS, optional=True,
                label="Why it goes out all the same, if words in it could give somebody away",
            ),
        ),
    ),
    Step(
        key="letter-deliver", title="What became of a letter",
        lead="A letter counts from when it left us. A way nobody has asked about counts as not safe. If one came back, "
        "say so here and write another.",
        save="Save", done="Saved.", run=_deliver,
        menu="What became of a letter", group=GROUP, offered=_has_out, clauses=("3.3", "4.29", "4.30"),
        asks=(
            which("letter", "Which letter", _out, "Choose the letter."),
            Ask(name="way", kind=Answer.ONE, label="How", options=one_of(DELIVERY_WAYS)),
            Ask(name="outcome_code", kind=Answer.ONE, label="What became of it", options=_outcomes),
            Ask(name="delivered_at", kind=Answer.MOMENT, label="When", start=now),
            Ask(
                name="unsafe_reason", kind=Answer.WORDS, optional=True,
                label="Why a way was used that is not known to be safe",
            ),
        ),
    ),
    Step(
        key="old-letter", title="What became of a letter of an earlier version",
        lead="It was made before this version of the program, and lies in Files. If it never left, write it anew.",
        save="Save", done="Saved.", run=_deliver_old,
        menu="What became of a letter of an earlier version", group=GROUP, offered=_has_old, clauses=("4.29", "4.30"),
        asks=(
            which("letter", "Which letter", _old, "Choose the letter."),
            Ask(name="way", kind=Answer.ONE, label="How it reached them", options=one_of(LETTER_WAYS)),
            Ask(name="delivered_at", kind=Answer.MOMENT, label="When", start=now),
        ),
    ),
    Step(
        key="letter-outsource", title="Somebody else makes a letter",
        lead="In a format or language this program does not make, such as Braille by a transcriber.",
        save="Save", done="Saved.", run=_outsource, clauses=("6.5",),
        asks=(
            which("letter", "Which letter", _agreed, "Choose the letter."),
            Ask(name="to", kind=Answer.LINE, label="Who makes it"),
        ),
    ),
    Step(
        key="letter-proof", title="Somebody has gone over a letter",
        lead="Machine Braille, a machine's voice and a translation are drafts until somebody who reads them has.",
        save="Save", done="Saved.", run=_prove, clauses=("6.5",),
        asks=(
            which("letter", "Which letter", _drafts, "Choose the letter."),
            Ask(name="by", kind=Answer.LINE, label="Who has gone over it"),
        ),
    ),
    Step(
        key="letter-cancel", title="A letter does not go out", lead="It stays in the file.", save="Save",
        done="Saved.", run=_cancel, clauses=("4.31",),
        asks=(
            which("letter", "Which letter", _not_gone, "Choose the letter."),
            Ask(name="why", kind=Answer.WORDS, label="Why"),
        ),
    ),
)  # fmt: skip
