"""The mirror: what an investigator would find missing in a case today, and where it is mended.

1. It follows from the records alone and says nothing about anybody's conduct: what is missing, by which clause.
2. What can still be done names the page that does it. What cannot be undone stays and says so: a late first contact
   is no less late for being explained.
3. It stops nothing. It is read by whoever reads the case and by nobody else.
4. Of a person nobody can reach nothing is asked that only they could answer.
5. Once a case is closed, what its pages no longer take stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from core.policy.clocks import duties_of_case
from core.policy.duties import CaseFacts, DutyKind, DutyState, Setting
from core.policy.finding import GRAVE, SERIOUS, Finding, Rule, once_closed, that_stays
from core.policy.keeps import keeps
from core.policy.mirror_action import (
    action_weighed,
    agencies_asked,
    closing_held,
    graffiti_kept,
    handling_reasoned,
    moves_reasoned,
    nobody_named,
    reasons_seen,
    referrals_followed,
    sharing_based,
    witness_grounded,
)
from core.policy.mirror_person import (
    advised_of_rights,
    help_offered,
    interview_offered,
    officer_asked,
    people_safe,
    person_heard,
    plan_agreed,
    risk_assessed,
    safe_ways,
)
from core.policy.powers import LegalPack

_TO_A_PERSON = frozenset(
    {DutyKind.FIRST_CONTACT, DutyKind.LATE_REPORT_CONTACT, DutyKind.GRAFFITI, DutyKind.SAFEGUARDING}
)


@keeps("5.1", "Everything missing in a case, what weighs most first", on=("Mirror",))
def findings(facts: CaseFacts, setting: Setting, legal: LegalPack) -> tuple[Finding, ...]:
    """Everything missing in one case, what weighs most first (5.1: what is reported must be there to be counted)."""
    found = [finding for rule in RULES for finding in rule(facts, setting, legal)]
    if facts.case.stage == "closed":
        found = [once_closed(finding) for finding in found]
    return tuple(sorted(found, key=lambda one: (one.stays, -one.weight, _place(one.clause), one.code)))


@keeps("5.1", "How much there is to mend in a case", on=("Mirror",))
def weight_of(found: Iterable[Finding]) -> int:
    """How much there is to mend in a case (5.1), to put those with most first; what stays for ever adds nothing."""
    return sum(finding.weight for finding in found if not finding.stays)


@keeps("4.24", "In the mirror: promises late now, and kept too late for ever", on=("Mirror",))
def timely(facts: CaseFacts, setting: Setting, legal: LegalPack) -> Iterator[Finding]:
    """Promises with a time (4.24, 4.25, 4.28, 4.29, 4.30 and all others of Today): late now, or kept too late."""
    del legal
    duties = duties_of_case(facts, setting.pack, setting.calendar, setting.now)
    for duty in duties:
        if duty.state is DutyState.LATE:
            yield Finding(
                code=f"late-{duty.kind}", clause=duty.clause, weight=_weight(duty.kind),
                sentence=f"{duty.title}: late.", detail=duty.why, duty=duty.kind, button=duty.action,
                subject=duty.subject,
            )  # fmt: skip
    ended = [duty for duty in duties if duty.state is DutyState.MET_LATE]
    for kind, times in sorted(Counter(duty.kind for duty in ended).items()):
        first = next(duty for duty in ended if duty.kind is kind)
        often = "once" if times == 1 else f"{times} times"
        title = first.title.partition(":")[0]
        yield that_stays(f"was-late-{kind}", first.clause, _weight(kind), f"{title}: too late or not at all, {often}.")


def _weight(kind: DutyKind) -> int:
    return GRAVE if kind in _TO_A_PERSON else SERIOUS


def _place(clause: str) -> tuple[int, ...]:
    return tuple(int(part) for part in clause.split("."))


RULES: tuple[Rule, ...] = (
    timely, person_heard, help_offered, sharing_based, safe_ways, risk_assessed, people_safe, reasons_seen,
    handling_reasoned, action_weighed, nobody_named, agencies_asked, referrals_followed, witness_grounded,
    moves_reasoned, graffiti_kept, interview_offered, officer_asked, plan_agreed, closing_held, advised_of_rights,
)  # fmt: skip
