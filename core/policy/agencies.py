"""Working with others (3.2, 4.13 to 4.16, 4.18, 4.19, 4.33).

1. Nothing of a case is given to anybody without a basis; without the person's agreement it takes a sentence why.
2. A referral is asked after until the agency declined, closed, or was in touch with the person. Waiting is no end.
3. Whoever withdraws their agreement ends the referral: the agency is told, and that is written down.
4. What the person says is never to be used is told to the agency, or nothing is sent.
5. Only what is on the agenda is taken to a meeting of agencies, without names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from core.domain.agencies import AdviceSought, Agency, ForumItem, JointWork, Referral, ReferralAnswer, SharedItem
from core.domain.case import ACTS
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps

GIVE_A_BASIS = "Say on what basis it is shared."
SAY_WHY = "Without the person's agreement, write down why it may be shared."
TELL_SAFE_CONTACT = "The person asked never to be reached in some ways. Tell the agency, or it may use them."
NOT_ON_AGENDA = "Only cases on the agenda are shared with a meeting."
_ENDED = frozenset({"declined", "closed", "closed-untold"})
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("3.2", "Nothing is shared without a basis", on=("Support",))
def why_not_share(basis: str, basis_words: str) -> str:
    """Policy 3.2: what is missing before something is given to others; empty if nothing is."""
    if not basis:
        return GIVE_A_BASIS
    return SAY_WHY if basis != "consent" and not basis_words.strip() else ""


@keeps("3.2", "Everything that was shared, in one list", on=("Support",))
def shared_with(facts: CaseFacts) -> tuple[SharedItem, ...]:
    """Policy 3.2: everything that was given to others, oldest first."""
    return tuple(sorted(facts.of(SharedItem), key=lambda one: (known(one.shared_at) or _BEGINNING, one.id)))


@keeps("4.14", "An agency nobody checked for a year is marked", on=("Support",))
def is_stale(agency: Agency, setting: Setting) -> bool:
    """Policy 4.14: whether nobody made sure for a long while, or ever, that it still exists."""
    if agency.checked_on is None:
        return True
    checked_at = datetime.combine(agency.checked_on, time(12), tzinfo=setting.pack.zone)
    return setting.now > setting.due_after(checked_at, setting.pack.terms["check_agency"].term)


@keeps("4.14", "The directory of agencies", on=("Support",))
def directory(agencies: Iterable[Agency], kind: str = "") -> tuple[Agency, ...]:
    """Policy 4.14: agencies that exist, of one kind or of every kind, by name."""
    found = (one for one in agencies if not one.gone and kind in ("", one.sort))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


@keeps("4.13", "What the council was asked to use its powers for", on=("Support",))
def sent_to_council(facts: CaseFacts) -> tuple[Referral, ...]:
    """Policy 4.13: what the council was asked to use its powers for."""
    return tuple(one for one in _referrals(facts) if one.agency_kind == "council")


@keeps("4.15", "Only cases on the agenda, with a basis", on=("Support",))
def why_not_panel(*, on_agenda: bool | None, basis: str, basis_words: str) -> str:
    """Policy 4.15: what is missing before a case is taken to a meeting of agencies; empty if nothing is."""
    return why_not_share(basis, basis_words) if on_agenda else NOT_ON_AGENDA


@keeps("4.15", "The least a meeting needs, without names", on=("Support",))
def least_for_panel(facts: CaseFacts) -> str:
    """Policy 4.15: the least a meeting needs to know of the case. No name, no address, no words of anybody."""
    acts = {act for incident in facts.incidents for act in incident.acts}
    kinds = "; ".join(words.lower() for code, words in ACTS.items() if code in acts)
    count = len(facts.incidents)
    happened = f"{count} incident{'' if count == 1 else 's'} written down"
    return f"Case {facts.case.reference}. {happened}{': ' + kinds if kinds else ''}."


def panels(facts: CaseFacts) -> tuple[ForumItem, ...]:
    """Policy 4.15: the meetings that had the case on their agenda, oldest first."""
    found = (one for one in facts.of(ForumItem) if one.on_agenda)
    return tuple(sorted(found, key=lambda one: (one.met_on or date.min, one.id)))


@keeps("4.16", "Partners keep their own notes and see nothing unless shown", on=("Support",))
def whose_notes(joint: JointWork) -> str:
    """Policy 4.16: who holds which notes of what was done together, as a sentence."""
    theirs = joint.organisation.strip() or "the other organisation"
    seen = "They were shown what is written here." if joint.shown.strip() else "They were shown nothing of the file."
    return f"The notes of {theirs} are theirs and are not kept here. {seen}"


@keeps("4.18", "Advice that conflicts is seen", on=("Support",))
def advice_conflicts(facts: CaseFacts) -> frozenset[str]:
    """Policy 4.18: the measures one adviser is for and another against."""
    said: dict[str, set[str]] = {}
    for one in facts.of(AdviceSought):
        said.setdefault(one.about, set()).add(one.advised)
    return frozenset(about for about, answers in said.items() if {"for", "against"} <= answers)


@keeps("4.19", "The agency is told how the person must not be reached", on=("Support",))
def why_not_refer(*, never: Iterable[str], copied: bool | None) -> str:
    """Policy 4.19: why a referral may put the person in danger; empty if it does not."""
    return TELL_SAFE_CONTACT if not copied and any(never) else ""


def answers_to(facts: CaseFacts, referral: RecordId) -> tuple[ReferralAnswer, ...]:
    """Policy 4.19: what became of a referral, oldest first."""
    found = (one for one in facts.of(ReferralAnswer) if one.referral == referral)
    return tuple(sorted(found, key=lambda one: (known(one.heard_at) or _BEGINNING, one.id)))


def referral_ended(facts: CaseFacts, referral: Referral) -> bool:
    """Policy 4.19: whether nobody has to ask after it any more."""
    return referral.withdrawn_at is not None or any(_settles(one) for one in answers_to(facts, referral.id))


@keeps("4.19", "A referral is asked after until they are in touch", on=("Today", "Support"))
def referrals_to_chase(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.19: ask after a referral, and again after every answer that is no end."""
    found = []
    term = setting.pack.terms["chase_agency"].term
    for one in _referrals(facts):
        since = setting.happened(one.sent_at)
        withdrawn_at = setting.happened(one.withdrawn_at)
        heard = [(setting.happened(answer.heard_at), answer) for answer in answers_to(facts, one.id)]
        answers = [(at, answer) for at, answer in heard if at is not None and answer.outcome != "leak"]
        while since is not None:
            met_at, answer = answers.pop(0) if answers else (None, None)
            if withdrawn_at is not None and (met_at is None or withdrawn_at < met_at):
                met_at, answer = max(withdrawn_at, since), None
            promise = Promise(
                kind=DutyKind.REFERRAL, clause="4.19", case=facts.case.id, subject=one.id,
                title="What became of a referral", action="Record the answer", anchor_at=since,
            )  # fmt: skip
            basis = f"{term} from {setting.say(since)}, when we last heard or sent it"
            due_at = setting.due_after(since, term)
            found.append(clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis))
            since = met_at if answer is not None and not _settles(answer) else None
    return tuple(found)


@keeps("4.19", "Consent withdrawn after it was sent", on=("Support",))
def withdrawn_to_tell(facts: CaseFacts) -> tuple[Referral, ...]:
    """Policy 4.19: referrals whose consent was withdrawn after they were sent, and the agency was not told yet."""
    return tuple(one for one in _referrals(facts) if one.withdrawn_at is not None and not one.withdrawal_done.strip())


@keeps("4.19", "What came out through an agency", on=("Support",))
def leaks(facts: CaseFacts) -> frozenset[RecordId]:
    """Policy 4.19: referrals through which something came out."""
    return frozenset(one.referral for one in facts.of(ReferralAnswer) if one.outcome == "leak" and one.referral)


@keeps("4.33", "The agencies that work on it with us", on=("Support",))
def agencies_at_work(facts: CaseFacts) -> tuple[str, ...]:
    """Policy 4.33: the agencies that work on the case with us now, by name."""
    return tuple(sorted({one.agency_name for one in _referrals(facts) if not referral_ended_by_them(facts, one)}))


def referral_ended_by_them(facts: CaseFacts, referral: Referral) -> bool:
    """Policy 4.33: whether the agency is out of it: it declined or closed, or the person withdrew."""
    over = any(one.outcome in _ENDED for one in answers_to(facts, referral.id))
    return over or referral.withdrawn_at is not None


def _referrals(facts: CaseFacts) -> tuple[Referral, ...]:
    return tuple(sorted(facts.of(Referral), key=lambda one: (known(one.sent_at) or _BEGINNING, one.id)))


def _settles(answer: ReferralAnswer) -> bool:
    return answer.outcome in _ENDED or (answer.outcome == "accepted" and answer.first_contact_on is not None)
