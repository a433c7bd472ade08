"""The mirror on what the person harmed was asked, offered and promised (1.1, 1.2, 3.3, 4.26, 4.28, 4.32)."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.case import Contact, SafeContact
from core.domain.confidential import CompartmentStub
from core.domain.interview import FromInterview
from core.domain.risk import DomesticAbuse, RiskAssessment, Safeguarding
from core.policy.action_plan import actions_due, is_provisional, people_without_plan, plans_now
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Setting
from core.policy.enforcement import rights_given
from core.policy.finding import GRAVE, SERIOUS, SMALL, Finding, that_stays
from core.policy.interview import asked_at_report, interview_offers, wishes_for_officer
from core.policy.keeps import keeps
from core.policy.powers import LegalPack
from core.policy.risk import child_at_risk, risk_now, safeguarding_to_tell, why_assess
from core.policy.safeguarding import safeguarding_duties
from core.policy.service_standards import can_be_reached
from core.policy.support import support_offered
from core.policy.wishes import acts_without_ground, wishes_now


@keeps("1.1", "In the mirror: nobody wrote down what the person wants, or asked again", on=("Mirror",))
def person_heard(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 1.1: what the person wants was asked, and is asked again."""
    del legal
    said = wishes_now(facts)
    if not said and can_be_reached(facts):
        yield Finding(
            code="wishes", clause="1.1", weight=GRAVE, step="wish", button="Write down what they want",
            sentence="Nobody has written down what the person wants.",
        )  # fmt: skip
    today = setting.now.astimezone(setting.pack.zone).date()
    if any(wish.no_action and wish.ask_again_on and wish.ask_again_on <= today for wish in said.values()):
        yield Finding(
            code="wishes-again", clause="1.1", weight=SERIOUS, step="wish", button="Ask again",
            sentence="The person wanted no action, and the day to ask again has come.",
        )  # fmt: skip
    if acts_without_ground(facts):
        yield Finding(
            code="against-wish", clause="1.1", weight=GRAVE, step="against-wish", button="Write down the ground",
            sentence="The person complained about was approached although that was not wanted, and no ground is given.",
        )  # fmt: skip


@keeps("1.2", "In the mirror: no support was offered", on=("Mirror",))
def help_offered(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 1.2: support was offered, whatever the answer."""
    del setting, legal
    if not support_offered(facts) and can_be_reached(facts):
        yield Finding(
            code="support", clause="1.2", weight=SERIOUS, step="support", button="Write down an offer",
            sentence="No offer of support is on the file, not even one that was declined.",
        )  # fmt: skip


@keeps("3.3", "In the mirror: safe ways nobody asked for, or an unsafe one used", on=("Mirror",))
def safe_ways(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 3.3: how the person can be reached safely was asked, and kept to."""
    del setting, legal
    asked = [one for one in facts.safe_contacts if one.safe_ways or one.unsafe_ways]
    if not asked and can_be_reached(facts):
        yield Finding(
            code="safe-ways", clause="3.3", weight=GRAVE, step="safe-ways", button="Write down the safe ways",
            sentence="Nobody has asked how the person can be reached safely.",
        )  # fmt: skip
    if any(_unsafe(contact, safe) for contact in facts.contacts for safe in asked):
        said = "A way the person had said is unsafe was used, and nobody wrote down why."
        yield that_stays("unsafe-contact", "3.3", GRAVE, said)


@keeps("3.3", "In the mirror: risk nobody assessed, or not again", on=("Mirror",))
def risk_assessed(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 3.3: the risk to each person harmed was assessed, and again when something new happened."""
    del legal
    why = why_assess(facts, setting)
    if why:
        weight = SERIOUS if facts.of(RiskAssessment) else GRAVE
        yield Finding(
            code="risk", clause="3.3", weight=weight, step="risk", button="Assess the risk", sentence=why
        )  # fmt: skip
    assessed = risk_now(facts)
    harmed = [party for party in facts.parties if "harmed" in party.roles]
    if assessed and None not in assessed and any(party.id not in assessed for party in harmed):
        yield Finding(
            code="risk-person", clause="3.3", weight=GRAVE, step="risk", button="Assess the risk",
            sentence="The risk to one of the people harmed was never assessed.",
        )  # fmt: skip


@keeps("3.3", "In the mirror: a child at risk, or domestic abuse without an adviser", on=("Mirror",))
def people_safe(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 3.3: a child or an adult at risk was told of, and domestic abuse has somebody independent."""
    del legal
    concerns = facts.of(Safeguarding)
    late = {duty.subject for duty in safeguarding_duties(facts, setting) if duty.was_late}
    if child_at_risk(facts) and not any(one.about == "child" for one in concerns):
        yield Finding(
            code="child", clause="3.3", weight=GRAVE, step="safeguarding", button="Write down the concern",
            sentence="An assessment names a child at risk, and no safeguarding concern is on the file.",
        )  # fmt: skip
    for one in safeguarding_to_tell(facts):
        if one.id in late:
            continue  # said with the promises that are late
        yield Finding(
            code="safeguarding-untold", clause="3.3", weight=GRAVE, step="safeguarding-told",
            button="Write down who was told", subject=one.id,
            sentence="Nobody was told of a safeguarding concern, and nobody decided that it stays so.",
        )  # fmt: skip
    noted = facts.of(DomesticAbuse)
    if noted and not any(one.adviser_offered for one in noted):
        yield Finding(
            code="adviser", clause="3.3", weight=GRAVE, step="domestic-abuse", button="Write down the offer",
            sentence="This is about domestic abuse, and no independent adviser was offered.",
        )  # fmt: skip


@keeps("4.26", "In the mirror: no private interview offered, or wanted and not held", on=("Mirror",))
def interview_offered(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.26: the person could speak with us in a private and safe place, whatever they said to the offer.

    An interview that readers of the case see, or from which something was put into it, was offered.
    """
    del setting, legal
    held = bool(facts.of(CompartmentStub) or facts.of(FromInterview))
    offers = interview_offers(facts)
    if held or not can_be_reached(facts):
        return
    if not offers:
        yield Finding(
            code="interview", clause="4.26", weight=SERIOUS, step="interview-offer", button="Write down the offer",
            sentence="Nothing says that a private interview was offered.",
        )  # fmt: skip
    elif any(one.answer == "yes" for one in offers.values()):
        yield Finding(
            code="interview-wanted", clause="4.26", weight=SERIOUS, step="interviews", button="Private interviews",
            sentence="The person wants a private interview, and none is on the file.",
        )  # fmt: skip


@keeps("4.27", "In the mirror: nobody asked which officer they want, or whether it could be met", on=("Mirror",))
def officer_asked(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.27: the person was asked which officer they want, and it was met where possible."""
    del setting, legal
    wishes = wishes_for_officer(facts)
    if not wishes and not asked_at_report(facts.parties) and can_be_reached(facts):
        yield Finding(
            code="officer", clause="4.27", weight=SMALL, step="officer-wish", button="Write down what they said",
            sentence="Nobody has asked which officer the person wants.",
        )  # fmt: skip
    if any((one.wants or one.wants_interpreter) and one.met is None for one in wishes.values()):
        yield Finding(
            code="officer-met", clause="4.27", weight=SERIOUS, step="officer-wish", button="Say whether it was met",
            sentence="The person asked for another officer, and nothing says whether it could be met.",
        )  # fmt: skip


@keeps("4.28", "In the mirror: no plan, not agreed, no copy, our part not done", on=("Mirror",))
def plan_agreed(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.28: a plan with each person harmed, agreed, with a copy, and our own part of it done."""
    del legal
    plans = plans_now(facts)
    if can_be_reached(facts) and (not plans or people_without_plan(facts)):
        sentence = "One of the people harmed has no action plan." if plans else "There is no action plan."
        yield Finding(
            code="plan", clause="4.28", weight=GRAVE, step="plan", button="Make a plan", sentence=sentence
        )  # fmt: skip
    if any(is_provisional(plan) for plan in plans.values()):
        yield Finding(
            code="plan-agreed", clause="4.28", weight=SMALL, step="plan", button="Agree the plan",
            sentence="The person has not agreed to the plan yet.",
        )  # fmt: skip
    for plan in plans.values():
        if plan.copy_given_at is None:
            yield Finding(
                code="plan-copy", clause="4.28", weight=SMALL, step="plan-copy", button="Give a copy",
                sentence="The person has no copy of the plan.", subject=plan.id,
            )  # fmt: skip
    for action in actions_due(facts, setting):
        yield Finding(
            code="plan-action", clause="4.28", weight=SERIOUS, step="plan-action-done", button="Say what became of it",
            sentence="We agreed to do something by a day that has passed, and nothing says that it was done.",
            subject=action.id,
        )  # fmt: skip


@keeps("4.32", "In the mirror: no advice on rights", on=("Mirror",))
def advised_of_rights(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.32: the person was told of their rights."""
    del setting, legal
    if not rights_given(facts) and can_be_reached(facts):
        yield Finding(
            code="rights", clause="4.32", weight=SERIOUS, step="rights", button="Write down the advice",
            sentence="Nothing says that the person was told of their rights.",
        )  # fmt: skip


def _unsafe(contact: Contact, safe: SafeContact) -> bool:
    """Whether a contact went a way that was known to be unsafe by then, without a reason."""
    at, asked_at = known(contact.at), known(safe.checked_at)
    later = at is not None and (asked_at is None or at > asked_at)
    return (
        later and safe.party == contact.party and contact.way in safe.unsafe_ways and not contact.unsafe_reason.strip()
    )
