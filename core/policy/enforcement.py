"""Acting against harassment (4.6, 4.7, 4.8, 4.10, 4.32) and with care for everybody.

1. Before a formal tool is used, the seven factors of 4.7 are weighed in writing, for that tool and that person.
2. A child is never dealt with alone: a parent or guardian is named first, and under 10 there is no agreement with the
   child and no order. Safeguarding is thought of.
3. Nobody is approached against the wish of the person harmed without a reason that stays on the file.
4. A request to another landlord is asked after when there was no answer for a while.
5. What runs out is said beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.domain.enforcement import CaseLink, LandlordRequest, Proportionality, RightsAdvice, StandingOfPerson, ToolUsed
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps
from core.policy.powers import LegalPack, Power, is_child

FACTOR_WORDS = {
    "behaviour": "The behaviour and its effect on others", "severity": "How severe, and for how long",
    "age": "The person's age", "vulnerability": "Anything that makes the person vulnerable",
    "residence": "Whether the person lives here", "evidence": "The evidence there is",
    "wishes": "What the person harmed wants",
}  # fmt: skip
"""The seven of policy 4.7, in its order, as they are asked."""
FACTORS = tuple(FACTOR_WORDS)
WEIGH_FIRST = "Weigh the seven factors of policy 4.7 for this tool first."
NAME_A_PARENT = "The person is a child. Write down the parent or guardian first."
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("4.7", "What is known of the person complained about", on=("Action",))
def standing_now(facts: CaseFacts) -> Mapping[RecordId | None, StandingOfPerson]:
    """Policy 4.7: what is known of each person complained about that the tools depend on."""
    latest: dict[RecordId | None, StandingOfPerson] = {}
    for one in sorted(facts.of(StandingOfPerson), key=lambda one: (known(one.noted_at) or _BEGINNING, one.id)):
        latest[one.party] = one
    return latest


@keeps("4.7", "A child, by years or by what is known of their age", on=("Case file", "Action"))
def is_a_child(facts: CaseFacts, party: RecordId | None) -> bool:
    """Policy 4.7: whether somebody complained about is a child, by their age in years or by what is known of it."""
    standing = standing_now(facts).get(party)
    if standing is not None and standing.age_years is not None:
        return is_child(standing.age_years)
    return any(one.id == party and one.age_band in ("under-10", "10-17") for one in facts.parties)


def age_for_tools(facts: CaseFacts, party: RecordId | None) -> int | None:
    """Policy 4.7 and 4.8: the age by which tools are chosen; None where what is known of it does not settle it.

    Under 10 nothing is open that needs an age, and from 18 everything is; between, the age in years decides.
    """
    standing = standing_now(facts).get(party)
    if standing is not None and standing.age_years is not None:
        return standing.age_years
    band = next((one.age_band for one in facts.parties if one.id == party), "")
    return {"under-10": 9, "adult": 18}.get(band)


def factors_missing(weighed: Proportionality) -> tuple[str, ...]:
    """Policy 4.7: the factors about which nothing was written."""
    return tuple(name for name in FACTORS if not getattr(weighed, name).strip())


@keeps("4.7", "The seven factors are weighed before a formal tool", on=("Action",))
def weighing_for(facts: CaseFacts, party: RecordId | None, power: str) -> Proportionality | None:
    """Policy 4.7: the latest whole weighing for this tool and this person."""
    found = [
        one
        for one in facts.of(Proportionality)
        if one.party == party and one.tool == power and not factors_missing(one) and one.conclusion.strip()
    ]
    return max(found, key=lambda one: (known(one.weighed_at) or _BEGINNING, one.id), default=None)


@keeps("4.8", "What is missing before a tool is used", on=("Action",))
def why_not_use(facts: CaseFacts, power: Power, party: RecordId | None) -> str:
    """Policy 4.8: what is still missing before this tool is used against this person; empty if nothing is."""
    if power.weighing and weighing_for(facts, party, power.code) is None:
        return WEIGH_FIRST
    standing = standing_now(facts).get(party)
    if is_a_child(facts, party) and not (standing is not None and standing.parent.strip()):
        return NAME_A_PARENT
    return ""


def tools_running(facts: CaseFacts) -> tuple[ToolUsed, ...]:
    """Policy 4.8: what was begun and has not ended, oldest first."""
    running = (one for one in facts.of(ToolUsed) if not one.ended)
    return tuple(sorted(running, key=lambda one: (known(one.decided_at) or _BEGINNING, one.id)))


@keeps("4.8", "What runs out is said beforehand", on=("Today", "Action"))
def tools_expiring(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.8: look at each tool again before it runs out."""
    found = []
    for one in tools_running(facts):
        decided_at = known(one.decided_at)
        if one.expires_on is None or decided_at is None:
            continue
        last = datetime(one.expires_on.year, one.expires_on.month, one.expires_on.day, 12, tzinfo=setting.pack.zone)
        due_at = setting.calendar.end_of_day(last, setting.pack.zone)
        promise = Promise(
            kind=DutyKind.EXPIRY, clause="4.8", case=facts.case.id, subject=one.id, title="An action runs out",
            action="Say how it ended", anchor_at=decided_at,
        )  # fmt: skip
        found.append(clocked(promise, setting, due_at=due_at, met_at=None, basis="its last day"))
    return tuple(found)


@keeps("4.10", "Another landlord is asked, and asked again", on=("Today", "Action"))
def landlords_to_chase(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.10: ask again where another landlord has not answered."""
    term = setting.pack.terms["chase_landlord"].term
    found = []
    for one in facts.of(LandlordRequest):
        asked_at = setting.happened(one.asked_at)
        if asked_at is None:
            continue
        promise = Promise(
            kind=DutyKind.CHASE, clause="4.10", case=facts.case.id, subject=one.id, title="Answer of another landlord",
            action="Record the answer", anchor_at=asked_at,
        )  # fmt: skip
        basis = f"{term} from asking on {setting.say(asked_at)}"
        due_at = setting.due_after(asked_at, term)
        found.append(clocked(promise, setting, due_at=due_at, met_at=setting.happened(one.replied_at), basis=basis))
    return tuple(found)


@keeps("4.32", "The rights the person harmed was told of", on=("Action",))
def rights_given(facts: CaseFacts) -> frozenset[str]:
    """Policy 4.32: the rights the person harmed was told of."""
    return frozenset(topic for one in facts.of(RightsAdvice) for topic in one.about)


@keeps("4.7", "Counter-allegations are two files", on=("Action",))
def opposing_cases(facts: CaseFacts) -> frozenset[RecordId]:
    """Policy 4.7: cases in which the other side complains of this one. Nothing of one file goes into the other."""
    return frozenset(one.other for one in facts.of(CaseLink) if one.how == "opposing" and one.other is not None)


def power_named(pack: LegalPack, code: str) -> Power | None:
    """Policy 4.8: a tool by its code; None if this version of the list does not have it."""
    return next((power for power in pack.powers if power.code == code), None)


@keeps("4.6", "Others are told without pointing to anybody", on=("Action",))
def points_to_somebody(homes: int | None, setting: Setting) -> bool:
    """Policy 4.6: whether so few homes would read a message that it points to people without a name."""
    return homes is None or homes < setting.pack.area_letters.tiny_block_homes
