"""The mirror on what we decided, did and gave to others, and whether the file says why (3.2, 4.1 to 4.25, 4.29)."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.agencies import AdviceSought, ForumItem, JointWork, Referral, SharedItem
from core.domain.case import Judgement
from core.domain.enforcement import LandlordRequest, Proportionality, ToolUsed
from core.domain.safety import ProfessionalWitness
from core.policy.agencies import leaks, why_not_share, withdrawn_to_tell
from core.policy.calendar import known
from core.policy.closing import ClosingStep, current_closure, may_close
from core.policy.definition import HARASSMENT, monitored_strands
from core.policy.duties import CaseFacts, Setting
from core.policy.enforcement import power_named, standing_now, weighing_for
from core.policy.finding import GRAVE, SERIOUS, SMALL, Finding, that_stays
from core.policy.graffiti import judgement_now
from core.policy.keeps import keeps
from core.policy.no_perpetrator import StepState, steps_when_nobody_named
from core.policy.powers import LegalPack, is_child
from core.policy.risk import case_risk
from core.policy.safety import transfer_now, why_not_employ

_CLOSING_PAGES = {
    ClosingStep.PROPOSE: ("propose-closing", "Propose closing"),
    ClosingStep.CONSIDER_NEW_REPORT: ("propose-closing", "Propose closing again"),
    ClosingStep.DISCUSS: ("discuss-closing", "Talk it over"),
    ClosingStep.EXPLAIN_APPEAL: ("discuss-closing", "Talk it over"),
    ClosingStep.WRITE: ("closing-letter", "Write to them"),
    ClosingStep.DECIDE_APPEAL: ("decide-appeal", "Decide the appeal"),
    ClosingStep.ANSWER_APPEAL: ("appeal-letter", "Answer it"),
}


@keeps("4.1", "In the mirror: nobody asked what is behind it, so nothing to count as a hate incident", on=("Mirror",))
def reasons_seen(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.1: what people think is behind it was asked, or there is no record for the count of hate incidents."""
    del setting, legal
    if not any(perception.strands for perception in facts.perceptions):
        yield Finding(
            code="strands", clause="4.1", weight=SERIOUS, step="perception", button="Write down how it is seen",
            sentence="Nothing says what the person, or anybody else, thinks is behind it.",
        )  # fmt: skip


@keeps("4.3", "In the mirror: a decision without reasons, or of which the person was not told", on=("Mirror",))
def handling_reasoned(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.3: the judgement that holds has its reasons, and the person knows of it."""
    del setting, legal
    latest = max(facts.judgements, key=_decided, default=None)
    if latest is None:
        return
    if not latest.reasons.strip():
        yield Finding(
            code="judgement-reasons", clause="4.3", weight=SERIOUS, step="judgement", button="Decide with reasons",
            sentence="The decision on how the case is handled has no reasons.",
        )  # fmt: skip
    if latest.handling != HARASSMENT and not latest.person_told:
        yield Finding(
            code="judgement-untold", clause="4.3", weight=SERIOUS, step="judgement", button="Write down that they know",
            sentence="Nothing says that the person was told it is no longer handled as harassment.",
        )  # fmt: skip


@keeps("4.7", "In the mirror: a formal tool nobody weighed, or weighed too late", on=("Mirror",))
def action_weighed(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.7: the seven factors were weighed before a formal tool, and what they depend on is known."""
    del setting
    standing = standing_now(facts)
    for used in facts.of(ToolUsed):
        power = power_named(legal, used.power)
        weighed = weighing_for(facts, used.party, used.power)
        if power is not None and power.weighing and weighed is None:
            yield Finding(
                code="weighing", clause="4.7", weight=GRAVE, step="weigh", button="Weigh the seven factors",
                sentence=f"{power.words}: used without the seven factors having been weighed.",
            )  # fmt: skip
        elif power is not None and power.weighing and weighed is not None and not _before(facts, used):
            said = f"{power.words}: weighed only after it was used."
            yield that_stays("weighed-late", "4.7", SERIOUS, said)
    about = [party.id for party in facts.parties if "alleged-perpetrator" in party.roles]
    if None not in standing and any(party not in standing for party in about):
        yield Finding(
            code="standing", clause="4.7", weight=SMALL, step="standing", button="Write down what is known",
            sentence="Nothing is known of the tenancy and age of somebody complained about.",
        )  # fmt: skip
    if any(is_child(one.age_years) and not one.parent.strip() for one in standing.values()):
        yield Finding(
            code="parent", clause="4.7", weight=GRAVE, step="standing", button="Write down a parent",
            sentence="A child is complained about, and no parent or guardian is on the file.",
        )  # fmt: skip


@keeps("4.11", "In the mirror: nobody is named and no step was begun", on=("Mirror",))
def nobody_named(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.11 and 4.12: while nobody is named, at least one of the five steps was begun."""
    del legal
    steps = steps_when_nobody_named(facts, setting)
    if steps and all(step.state is StepState.NOT_STARTED for step in steps):
        yield Finding(
            code="nobody-named", clause="4.11", weight=SERIOUS, step="police", button="Ask the police",
            sentence="Nobody is named, and none of the steps for that was begun: police, warnings, visits, letters.",
        )  # fmt: skip


@keeps("3.2", "In the mirror: something was given to others without a basis", on=("Mirror",))
def sharing_based(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 3.2: nothing was given to others without a basis."""
    del setting, legal
    based = [(one.basis, one.basis_words) for one in facts.of(SharedItem)]
    based += [(one.basis, one.basis_words) for one in facts.of(Referral)]
    based += [(one.basis, one.basis_words) for one in facts.of(ForumItem) if one.extract.strip()]
    based += [(one.basis, one.basis_words) for one in facts.of(JointWork) if one.shown.strip()]
    without = sum(bool(why_not_share(*one)) for one in based)
    without += sum(not one.basis.strip() for one in facts.of(LandlordRequest))
    if without:
        often = "once" if without == 1 else f"{without} times"
        yield that_stays("shared", "3.2", GRAVE, f"Something was given to others without a basis, {often}.")


@keeps("4.33", "In the mirror: no agency was asked to help", on=("Mirror",))
def agencies_asked(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.33 and 4.19: others were asked to help, above all where the risk is high or it is a hate incident."""
    del legal
    asked = (
        *facts.of(Referral), *facts.of(ForumItem), *facts.of(JointWork), *facts.of(AdviceSought),
        *facts.of(LandlordRequest), *facts.police_requests,
    )  # fmt: skip
    if not asked:
        pressing = case_risk(facts) == "high" or bool(monitored_strands(facts.perceptions, setting.pack))
        yield Finding(
            code="agencies", clause="4.33", weight=SERIOUS if pressing else SMALL, step="referral",
            button="Refer to an agency", sentence="No other agency was asked to help.",
        )  # fmt: skip


@keeps("4.19", "In the mirror: an agency that does not know of a withdrawal", on=("Mirror",))
def referrals_followed(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.19: an agency knows that the person withdrew; what came out through one is not forgotten."""
    del setting, legal
    for referral in withdrawn_to_tell(facts):
        yield Finding(
            code="withdrawn", clause="4.19", weight=GRAVE, step="withdraw-consent", button="Tell the agency",
            sentence="The person withdrew their agreement, and the agency was not told.", subject=referral.id,
        )  # fmt: skip
    if leaks(facts):
        yield that_stays("leak", "4.19", GRAVE, "Something came out through an agency.")


@keeps("4.20", "In the mirror: a professional witness without ground or authority", on=("Mirror",))
def witness_grounded(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.20 and 4.21: a professional witness was employed on a ground, with authority."""
    del setting, legal
    if any(why_not_employ(witness) for witness in facts.of(ProfessionalWitness)):
        said = "A professional witness was employed, and the ground, the need or the authority is missing."
        yield that_stays("witness", "4.20", SERIOUS, said)


@keeps("4.22", "In the mirror: a move without reasons, or without word on appealing", on=("Mirror",))
def moves_reasoned(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.22: the decision on a move has reasons, and the person knows how to appeal."""
    del setting, legal
    decision = transfer_now(facts)
    if decision is None:
        return
    if not decision.reasons.strip():
        yield Finding(
            code="move-reasons", clause="4.22", weight=SERIOUS, step="transfer", button="Decide with reasons",
            sentence="The decision on a move has no reasons.",
        )  # fmt: skip
    if not decision.appeal_told:
        yield Finding(
            code="move-appeal", clause="4.22", weight=SERIOUS, step="transfer", button="Write down that they know",
            sentence="Nothing says that the person was told how to appeal against the decision on a move.",
        )  # fmt: skip


@keeps("4.25", "In the mirror: graffiti nobody judged or photographed", on=("Mirror",))
def graffiti_kept(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.25 and 6.3: somebody judged each mark, and it was photographed before it was removed."""
    del legal
    for mark in facts.graffiti:
        if judgement_now(facts, mark) is None:
            yield Finding(
                code="graffiti-judged", clause="4.25", weight=SMALL, step="graffiti-judged", button="Judge it",
                sentence="Graffiti was never judged; it counts as offensive.", subject=mark.id,
            )  # fmt: skip
        photographed = mark.photo_before or mark.photographed_before or mark.no_photo_because.strip()
        if setting.happened(mark.removed_at) is not None and not photographed:
            yield Finding(
                code="graffiti-photo", clause="4.25", weight=SERIOUS, step="graffiti-removed", button="Say why",
                sentence="Graffiti was removed without a photograph, and nobody said why.", subject=mark.id,
            )  # fmt: skip


@keeps("4.29", "In the mirror: steps of closing that are missing, or were left out", on=("Mirror",))
def closing_held(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Policy 4.29: once closing is proposed its steps follow; a case that is closed went through them all."""
    del legal
    closure = current_closure(facts)
    closed = facts.case.stage == "closed"
    if closure is None:
        if closed:
            yield that_stays("closed-alone", "4.29", GRAVE, "The case was closed without closing having been proposed.")
        return
    if not closure.reason.strip():
        yield Finding(
            code="closing-reason", clause="4.29", weight=SERIOUS, step="propose-closing", button="Give the reason",
            sentence="Closing was proposed without a reason.",
        )  # fmt: skip
    for missing in may_close(facts, setting):
        if missing.step not in _CLOSING_PAGES:
            continue
        if closed:
            yield that_stays(f"closed-{missing.step}", "4.29", GRAVE, f"Closed without this: {missing.sentence}")
            continue
        step, button = _CLOSING_PAGES[missing.step]
        yield Finding(
            code=f"closing-{missing.step}", clause="4.29", weight=SERIOUS, step=step, button=button,
            sentence=missing.sentence,
        )  # fmt: skip


def _before(facts: CaseFacts, used: ToolUsed) -> bool:
    """Whether the factors were weighed for a tool no later than it was decided."""
    decided_at = known(used.decided_at)
    return any(
        one.party == used.party and one.tool == used.power and (at := known(one.weighed_at)) is not None
        and (decided_at is None or at <= decided_at)
        for one in facts.of(Proportionality)
    )  # fmt: skip


def _decided(judgement: Judgement) -> tuple[float, bytes]:
    at = known(judgement.decided_at)
    return (at.timestamp() if at else 0.0, judgement.id)
