"""What the person wants, and what it means for what we do (1.1, 3.3, 4.7).

1. The latest word of each person holds. What they said before stays on the file.
2. Nobody approaches the person complained about before somebody asked what the person harmed wants.
3. Wanting no action ends no duty: it is asked again by the day that was agreed, and risk is still assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.domain.case import SUCCESSFUL_OUTCOMES
from core.domain.doors import WarningGiven
from core.domain.enforcement import ToolUsed
from core.domain.plan import AgainstWish, Wish
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, missed
from core.policy.keeps import keeps
from core.policy.people import died_at
from core.policy.service_standards import LEARNED_OF_DEATH

NOT_ASKED = "Nobody has recorded what the person wants. Ask before the person complained about is approached."
ASKED_NOT_TO = "The person does not want the person complained about to be approached"
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("1.1", "What each person wants, by their latest word", on=("Plan",))
def wishes_now(facts: CaseFacts) -> Mapping[RecordId | None, Wish]:
    """Policy 1.1: what each person wants, by their latest word; under None where no person was named."""
    latest: dict[RecordId | None, Wish] = {}
    for wish in sorted(facts.of(Wish), key=lambda one: (known(one.said_at) or _BEGINNING, one.id)):
        latest[wish.party] = wish
    return latest


@keeps("1.1", "Two people may want different things", on=("Plan",))
def wishes_differ(facts: CaseFacts) -> bool:
    """Policy 1.1: whether people harmed in one case want different things of us."""
    said = {(bool(wish.not_approached), bool(wish.no_action)) for wish in wishes_now(facts).values()}
    return len(said) > 1


@keeps("1.1", "Nobody is approached before the person was asked", on=("Plan",))
def why_not_approach(facts: CaseFacts) -> str:
    """Policy 1.1: why the person complained about is not to be approached yet; empty if they may be.

    It is a warning and not a bar: a risk to life or to a child goes before a wish, with the reason recorded.
    """
    now = wishes_now(facts)
    if not now:
        return NOT_ASKED
    against = [wish for wish in now.values() if wish.not_approached or wish.no_action]
    if not against:
        return ""
    said_at = max((at for wish in against if (at := known(wish.said_at)) is not None), default=None)
    when = f" (said {said_at:%d %b})".replace(" 0", " ") if said_at is not None else ""
    return f"{ASKED_NOT_TO}{when}."


@keeps("1.1", "What is not wanted stands at the top of the case", on=("Case file",))
def wishes_in_short(facts: CaseFacts) -> str:
    """Policy 1.1: what nobody may overlook, in a few words; empty if nobody asked to leave something."""
    against = [wish for wish in wishes_now(facts).values() if wish.not_approached or wish.no_action]
    if not against:
        return ""
    if wishes_differ(facts):
        return "The people harmed want different things"
    said_at = max((at for wish in against if (at := known(wish.said_at)) is not None), default=None)
    when = f" (said {said_at:%d %b})".replace(" 0", " ") if said_at is not None else ""
    return f"{'Wants no action' if any(wish.no_action for wish in against) else 'Wants nobody approached'}{when}"


@keeps("1.1", "What was done although it was not wanted has a ground, and the person is told", on=("Plan", "Mirror"))
def acts_without_ground(facts: CaseFacts) -> tuple[datetime, ...]:
    """Policy 1.1: when something was done to the person complained about against a wish, with no ground on the file.

    It counts from the wish that stood then: a ground written down since that wish, before or after the deed, is one.
    A talk with them that they began themselves cannot be told apart; it asks for a ground like any other.
    """
    grounds = [at for one in facts.of(AgainstWish) if (at := known(one.decided_at)) is not None]
    missing = []
    for at in sorted(_approached_at(facts)):
        stood = [moment for moment in _against_since(facts, at) if not any(ground >= moment for ground in grounds)]
        if stood:
            missing.append(at)
    return tuple(missing)


@keeps("1.1", "Whoever is overruled is told, or it is said why not", on=("Plan",))
def why_not_overrule(
    *, grounds: frozenset[str], reasons: str, told: bool | None, not_told_because: str
) -> dict[str, str]:
    """Policy 1.1: what is missing before a decision against a wish is written down, by field."""
    problems = {}
    if not grounds:
        problems["grounds"] = "Choose what goes before what the person wants."
    if not reasons.strip():
        problems["reasons"] = "Say what is done, and why."
    if told is None:
        problems["person_told"] = "Say whether the person was told."
    elif told is False and not not_told_because.strip():
        problems["not_told_because"] = "Say why the person was not told."
    return problems


@keeps("1.1", "Whoever wants no action is asked again", on=("Today", "Plan"))
def wishes_to_ask_again(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 1.1: whoever wanted no action is asked again by the day agreed. Their next word ends it."""
    found = []
    wishes = sorted(facts.of(Wish), key=lambda one: (known(one.said_at) or _BEGINNING, one.id))
    for place, wish in enumerate(wishes):
        said_at = known(wish.said_at)
        if not wish.no_action or wish.ask_again_on is None or said_at is None:
            continue
        day = wish.ask_again_on
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=setting.pack.zone)
        due_at = setting.calendar.end_of_day(noon, setting.pack.zone)
        promise = Promise(
            kind=DutyKind.ASK_AGAIN, clause="1.1", case=facts.case.id, subject=wish.id,
            title="Ask again what they want", action="Write down what they want", anchor_at=said_at,
        )  # fmt: skip
        basis = f"the day agreed on {setting.say(said_at)}"
        again = next((one.said_at for one in wishes[place + 1 :] if one.party == wish.party), None)
        met_at = setting.happened(again)
        ends = [(facts.case.closed_at, "The case was closed"), (died_at(facts, wish.party), LEARNED_OF_DEATH)]
        ended = min(((at, words) for at, words in ends if at is not None), default=None)
        if met_at is not None or ended is None:
            found.append(clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis))
        elif ended[0] > due_at:
            found.append(missed(promise, setting, due_at=due_at, ended_at=ended[0], basis=basis, end=ended[1]))
    return tuple(found)


def _approached_at(facts: CaseFacts) -> list[datetime]:
    """When the person complained about was spoken with, warned, or dealt with by a tool."""
    others = {party.id for party in facts.parties if "alleged-perpetrator" in party.roles}
    moments = [one.at for one in facts.contacts if one.party in others and one.outcome in SUCCESSFUL_OUTCOMES]
    moments += [one.decided_at for one in facts.of(ToolUsed)]
    moments += [one.given_at for one in facts.of(WarningGiven)]
    return [at for moment in moments if (at := known(moment)) is not None]


def _against_since(facts: CaseFacts, at: datetime) -> list[datetime]:
    """Since when each person who was against it at that moment had said so."""
    then: dict[RecordId | None, Wish] = {}
    for wish in sorted(facts.of(Wish), key=lambda one: (known(one.said_at) or _BEGINNING, one.id)):
        if (known(wish.said_at) or _BEGINNING) <= at:
            then[wish.party] = wish
    return [known(one.said_at) or _BEGINNING for one in then.values() if one.not_approached or one.no_action]
