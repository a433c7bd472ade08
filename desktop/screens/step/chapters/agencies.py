"""The directory, referrals, what is shared, meetings, joint work and advice (policy 3.2, 4.13 to 4.19, 4.33)."""

from __future__ import annotations

from core.domain.agencies import ADVISED, AGENCIES, BASES, FORUMS, JOINT, MEASURES, OUTCOMES, SERVICES, Referral
from core.policy.agencies import least_for_panel
from core.services.agencies import AdviceForm, Basis, JointForm, PanelForm, ReferralForm
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import agencies
from desktop.operations.base import Runner
from desktop.screens.step.choices import always, chosen, is_open, now, officer_remark, one_of, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    moment,
    record_id,
    text,
    yes_no,
)

GROUP = "Working with others"


# ------------------------------------------------------------------ what is done


def _list(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "name": text(answers, "name"), "kind": text(answers, "kind"), "area": text(answers, "area"),
        "contact": text(answers, "contact"), "checked": yes_no(answers, "checked"),
    }  # fmt: skip
    return agencies.list_agency(runner, said, on_done=on_done, on_failed=on_failed)


def _check(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "agency": chosen(answers, "agency"), "there": yes_no(answers, "there"), "contact": text(answers, "contact"),
    }  # fmt: skip
    return agencies.check_agency(runner, said, on_done=on_done, on_failed=on_failed)


def _refer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = ReferralForm(
        case=facts.page.file.case.id, agency=chosen(answers, "agency"), party=record_id(answers, "party"),
        service=text(answers, "service"), reason=text(answers, "reason"), basis=_basis(answers),
        safe_contact_copied=yes_no(answers, "safe_contact_copied"), reference=text(answers, "reference"),
    )  # fmt: skip
    return agencies.refer(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _answered(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "referral": chosen(answers, "referral"), "outcome": text(answers, "outcome"), "note": text(answers, "note"),
        "first_contact_on": day(answers, "first_contact_on"),
    }  # fmt: skip
    return agencies.referral_answered(runner, said, on_done=on_done, on_failed=on_failed)


def _withdraw(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"referral": chosen(answers, "referral"), "told_agency": text(answers, "told_agency")}
    return agencies.withdraw_consent(runner, said, on_done=on_done, on_failed=on_failed)


def _share(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "case": facts.page.file.case.id, "party": record_id(answers, "party"), "what": text(answers, "what"),
        "with_whom": text(answers, "with_whom"), "basis": _basis(answers),
    }  # fmt: skip
    return agencies.share(runner, said, on_done=on_done, on_failed=on_failed)


def _panel(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = PanelForm(
        case=facts.page.file.case.id, kind=text(answers, "kind"), forum=text(answers, "forum"),
        met_on=day(answers, "met_on"), on_agenda=yes_no(answers, "on_agenda"), extract=text(answers, "extract"),
        actions=text(answers, "actions"), basis=_basis(answers),
    )  # fmt: skip
    return agencies.take_to_panel(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _joint(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = JointForm(
        case=facts.page.file.case.id, kind=text(answers, "kind"), with_whom=text(answers, "with_whom"),
        organisation=text(answers, "organisation"), done_at=moment(answers, "done_at"), ours=text(answers, "ours"),
        shown=text(answers, "shown"), basis=_basis(answers),
    )  # fmt: skip
    return agencies.work_together(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _advice(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = AdviceForm(
        case=facts.page.file.case.id, adviser=text(answers, "adviser"), about=text(answers, "about"),
        advised=text(answers, "advised"), words=text(answers, "words"), followed=text(answers, "followed"),
    )  # fmt: skip
    return agencies.note_advice(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _basis(answers: Answers) -> Basis:
    return Basis(code=text(answers, "basis"), words=text(answers, "basis_words"))


# ------------------------------------------------------------------ what to choose from


def _directory(facts: StepFacts) -> Options:
    return tuple(
        (row.agency.id.hex(), f"{row.agency.name} ({_about(row.agency.sort, row.stale)})")
        for row in facts.page.agencies
    )  # fmt: skip


def _about(kind: str, stale: bool) -> str:
    words = AGENCIES.get(kind, kind).lower()
    return f"{words}, not checked for long" if stale else words


def _referrals(facts: StepFacts) -> Options:
    found = facts.page.file.contents.of(Referral)
    return tuple((one.id.hex(), f"{one.agency_name}: {SERVICES.get(one.service, '').lower()}") for one in found)


def _without_consent(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "basis") not in ("", "consent")


def _was_shown(_facts: StepFacts, answers: Answers) -> bool:
    return bool(text(answers, "shown").strip())


def _shown_without_consent(facts: StepFacts, answers: Answers) -> bool:
    return _was_shown(facts, answers) and _without_consent(facts, answers)


def _least(facts: StepFacts) -> object:
    return least_for_panel(facts.page.file.contents)


def _has_agencies(page: CasePage) -> bool:
    return bool(page.agencies)


def _can_refer(page: CasePage) -> bool:
    return is_open(page) and bool(page.agencies)


def _has_referrals(page: CasePage) -> bool:
    return bool(page.file.contents.of(Referral))


def _on_basis(label: str = "Basis for sharing") -> tuple[Ask, Ask]:
    return (
        Ask(name="basis", kind=Answer.ONE, label=label, options=one_of(BASES)),
        Ask(
            name="basis_words", kind=Answer.WORDS, label="Why without the person's agreement",
            applies=_without_consent,
        ),
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="agency", title="New agency", lead="The directory is the same for every case. Put nothing of a case here.",
        save="Save", done="Agency saved.", run=_list,
        menu="New agency in the directory", group=GROUP, offered=always, clauses=("4.14", "4.33"),
        asks=(
            Ask(name="name", kind=Answer.LINE, label="Name"),
            Ask(name="kind", kind=Answer.FROM_LIST, label="What it is", options=one_of(AGENCIES)),
            Ask(name="area", kind=Answer.LINE, label="Area it works in", optional=True),
            Ask(name="contact", kind=Answer.WORDS, label="How to reach it", optional=True),
            Ask(
                name="checked", kind=Answer.YES_NO, label="Did you make sure today that it exists?",
                hint="A race unit of years ago may not exist any more.",
            ),
        ),
    ),
    Step(
        key="check-agency", title="Check an agency", lead="Ring it, or look at its own pages.",
        save="Save", done="Saved.", run=_check,
        menu="Check an agency", group=GROUP, offered=_has_agencies, clauses=("4.14",),
        asks=(
            which("agency", "Which agency", _directory, "Choose the agency."),
            Ask(name="there", kind=Answer.YES_NO, label="Does it still exist?"),
            Ask(name="contact", kind=Answer.WORDS, label="How to reach it, if that changed", optional=True),
        ),
    ),
    Step(
        key="referral", title="Referral", lead="Share only what they need. Today tells you to ask after it.",
        save="Save", done="Referral saved.", run=_refer,
        menu="Referral to an agency", group=GROUP, offered=_can_refer, clauses=("4.13", "4.14", "4.19", "4.33"),
        asks=(
            which("agency", "Which agency", _directory, "Choose the agency."),
            who("For whom"),
            Ask(name="service", kind=Answer.FROM_LIST, label="What is asked", options=one_of(SERVICES)),
            Ask(name="reason", kind=Answer.WORDS, label="Why, in as few words as they need"),
            *_on_basis(),
            Ask(
                name="safe_contact_copied", kind=Answer.YES_NO,
                label="Were they told how to reach the person safely, and how not?",
            ),
            Ask(name="reference", kind=Answer.LINE, label="Their reference", optional=True),
        ),
    ),
    Step(
        key="referral-answer", title="What became of a referral", lead="", save="Save", done="Saved.", run=_answered,
        menu="What became of a referral", group=GROUP, offered=_has_referrals, clauses=("4.13", "4.19", "4.33"),
        asks=(
            which("referral", "Which referral", _referrals, "Choose the referral."),
            Ask(name="outcome", kind=Answer.ONE, label="What they said", options=one_of(OUTCOMES)),
            Ask(name="first_contact_on", kind=Answer.DAY, label="First in touch with the person on", optional=True),
            Ask(name="note", kind=Answer.WORDS, label="In their words, or what you found", optional=True),
        ),
    ),
    Step(
        key="withdraw-consent", title="The person withdrew their agreement",
        lead="What was sent cannot be taken back. Tell the agency to stop, and to delete what it may.",
        save="Save", done="Saved.", run=_withdraw,
        menu="Agreement withdrawn", group=GROUP, offered=_has_referrals, clauses=("4.19",),
        asks=(
            which("referral", "Which referral", _referrals, "Choose the referral."),
            Ask(
                name="told_agency", kind=Answer.LINE, label="What the agency was told, and who heard it",
                hint="Leave it empty until somebody did. The case says so as long.", optional=True,
            ),
        ),
    ),
    Step(
        key="share", title="Shared with somebody outside", lead="Everything that leaves the file, in one list.",
        save="Save", done="Saved.", run=_share,
        menu="Shared with somebody outside", group=GROUP, offered=always, clauses=("3.2", "4.33"),
        asks=(
            who("About whom"),
            Ask(name="what", kind=Answer.WORDS, label="What was shared"),
            Ask(name="with_whom", kind=Answer.LINE, label="With whom"),
            *_on_basis(),
        ),
    ),
    Step(
        key="panel", title="Meeting of agencies",
        lead="Only cases on its agenda. The words below name nobody; add only what the meeting needs.",
        save="Save", done="Saved.", run=_panel,
        menu="Meeting of agencies", group=GROUP, offered=is_open, clauses=("4.15",),
        asks=(
            Ask(name="kind", kind=Answer.FROM_LIST, label="What kind of meeting", options=one_of(FORUMS)),
            Ask(name="forum", kind=Answer.LINE, label="Which meeting"),
            Ask(name="met_on", kind=Answer.DAY, label="Day of the meeting"),
            Ask(name="on_agenda", kind=Answer.YES_NO, label="Was the case on its agenda?"),
            *_on_basis(),
            Ask(name="extract", kind=Answer.WORDS, label="What they were given", start=_least),
            Ask(name="actions", kind=Answer.WORDS, label="What was agreed", optional=True),
        ),
    ),
    Step(
        key="joint", title="Together with another organisation",
        lead="They see nothing of the file unless you show it. Their notes are theirs and are not kept here.",
        save="Save", done="Saved.", run=_joint, remark=officer_remark,
        menu="Together with another organisation", group=GROUP, offered=is_open, clauses=("4.16",),
        asks=(
            Ask(name="kind", kind=Answer.ONE, label="What was done together", options=one_of(JOINT)),
            Ask(name="with_whom", kind=Answer.LINE, label="With whom"),
            Ask(name="organisation", kind=Answer.LINE, label="Their organisation"),
            Ask(name="done_at", kind=Answer.MOMENT, label="When", start=now),
            Ask(name="ours", kind=Answer.WORDS, label="Our own note"),
            Ask(name="shown", kind=Answer.WORDS, label="What of the file they were shown", optional=True),
            Ask(
                name="basis", kind=Answer.ONE, label="Basis for showing it", options=one_of(BASES), applies=_was_shown,
            ),
            Ask(
                name="basis_words", kind=Answer.WORDS, label="Why without the person's agreement",
                applies=_shown_without_consent,
            ),
        ),
    ),
    Step(
        key="advice", title="Advice of the police", lead="One measure at a time. Where two disagree, the case says so.",
        save="Save", done="Saved.", run=_advice,
        menu="Advice of the police or an advisor", group=GROUP, offered=is_open, clauses=("4.18",),
        asks=(
            Ask(name="adviser", kind=Answer.LINE, label="Who advised"),
            Ask(name="about", kind=Answer.FROM_LIST, label="About", options=one_of(MEASURES)),
            Ask(name="advised", kind=Answer.ONE, label="What they said", options=one_of(ADVISED)),
            Ask(name="words", kind=Answer.WORDS, label="Their advice"),
            Ask(name="followed", kind=Answer.LINE, label="What we make of it", optional=True),
        ),
    ),
)  # fmt: skip
