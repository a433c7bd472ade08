"""Measures at a home, professional witnesses, a move, a roof for now (4.17, 4.20, 4.21, 4.22, 4.23).

1. Whoever does the work learns what is to be done and where, never why.
2. A professional witness is the last way: other evidence was tried, somebody answers for it, and the witness learns a
   place and no name of anybody.
3. Any one of the three things of 4.22 is enough for a move, and none compels one: reasons are given either way.
4. Where somebody moves to, and where a refuge is, is written in no record every reader of the case sees.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, time

from core.domain.agencies import MEASURES
from core.domain.risk import DomesticAbuse
from core.domain.safety import HousingAdvice, ManagementTransfer, ProfessionalWitness, SecurityMeasure
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps

ORDER_SAYS_WHY = "A works order says what is to be done, never why. Leave this out: {words}."
GIVE_GROUNDS = "Tick at least one of the two grounds of policy 4.21."
TRY_OTHERS = "Tick what other evidence was tried first."
SAY_NECESSARY = "Say why it is necessary."
WHOSE_AUTHORITY = "Say by whose authority."
WEIGH_PRIVACY = "Covertly only after what it does to the privacy of others was weighed in writing."
NAMES_SOMEBODY = "The witness is told a place, and no name. Leave this out: {words}."
A_TRIGGER = "Tick at least one. Any one of the three is enough."
GIVE_REASONS = "The policy says “may”. Give the reasons, whichever way it was decided."
NO_ADDRESS = "Leave addresses out. Every reader of the case sees this, and so may somebody who should not."
COUNCIL_PRIORITY = "Domestic abuse: a council treats a person made homeless by it as having priority. Help them say so."
_TELLING = re.compile(
    r"\b(harass\w*|racis\w*|hate|abus\w*|threat\w*|victim\w*|perpetrator\w*|assault\w*|attack\w*|police|crime\w*"
    r"|violen\w*|complain\w*|incident\w*|neighbour\w*|afraid|scared|asb|antisocial|anti-social|refuge|stalk\w*)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]? {0,3}[0-9][A-Za-z]{2}(?![A-Za-z0-9])")
_STREET = re.compile(
    r"(?<![A-Za-z0-9])[0-9]{1,4}[A-Za-z]?,? +(?:"
    r"(?:[A-Z][A-Za-z'’.-]* +){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Terrace|Crescent|Close|Court|Drive|Way|Place|Gardens|Grove|Square|Walk"
    r"|House|Hill|Mews|Row)\b"
    r"|(?i:(?!(?:the|on|in|at|a|of|our|this) )[A-Za-z'’.-]+ +(?:street|road|avenue|lane|terrace|crescent)\b))"
)
"""A number and a street; common words that are also streets count only with a capital letter."""
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST_NAME = 3
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("4.17", "The works order says what and where, never why", on=("Support",))
def works_order_words(sort: str, place: str) -> str:
    """Policy 4.17: the words of a works order. What and where, never why, and for whom not either."""
    what = MEASURES.get(sort, sort).lower() if sort != "other" else "see the list given with this order"
    where = f" Place: {place.strip()}." if place.strip() else ""
    return f"Please fit or mend: {what}.{where} Make an appointment first."


@keeps("4.17", "Words that give the reason away are found", on=("Support",))
def order_says_why(words: str, names: Collection[str]) -> tuple[str, ...]:
    """Policy 4.17: what in the words of a works order gives the reason away, or names somebody."""
    telling = {found.group(0) for found in _TELLING.finditer(words)}
    return tuple(sorted(telling | set(names_in(words, names)), key=str.casefold))


@keeps("4.17", "Measures asked for and not done", on=("Support",))
def measures_to_do(facts: CaseFacts) -> tuple[SecurityMeasure, ...]:
    """Policy 4.17: what was asked for and is not done, longest waiting first."""
    waiting = (one for one in facts.of(SecurityMeasure) if one.done_on is None)
    return tuple(sorted(waiting, key=lambda one: (known(one.asked_at) or _BEGINNING, one.id)))


def spent_on_measures(facts: CaseFacts) -> int:
    """Policy 4.17: what measures at the home have cost, in whole pounds."""
    return sum(one.cost_pounds or 0 for one in facts.of(SecurityMeasure))


@keeps("4.20", "A professional witness needs a reason, other evidence tried, authority", on=("Support",))
def why_not_employ(witness: ProfessionalWitness) -> dict[str, str]:
    """Policy 4.20: what is missing before a professional witness is employed, by field."""
    missing = {
        "grounds": "" if may_employ(witness.grounds) else GIVE_GROUNDS,
        "tried": "" if witness.tried else TRY_OTHERS,
        "necessity": "" if witness.necessity.strip() else SAY_NECESSARY,
        "authority": "" if witness.authority.strip() else WHOSE_AUTHORITY,
        "privacy_weighed": WEIGH_PRIVACY if witness.openly == "covert" and not witness.privacy_weighed else "",
    }
    return {field: sentence for field, sentence in missing.items() if sentence}


@keeps("4.21", "Either of the two grounds is enough", on=("Support",))
def may_employ(grounds: Collection[str]) -> bool:
    """Policy 4.21: evidence cannot be had otherwise, or people are too afraid; one of them is enough."""
    return bool({"no-evidence", "afraid"} & set(grounds))


@keeps("4.20", "The witness is told a place and no name", on=("Support",))
def names_in(words: str, names: Collection[str]) -> tuple[str, ...]:
    """Policy 4.20: names of people in the case, or parts of them, that are in what a witness is told."""
    whole = _NAME.findall(words)
    said = {word.casefold() for word in (*whole, *(part for word in whole for part in re.split("['’-]", word)))}
    parts = {part for name in names for part in _NAME.findall(name)}
    return tuple(sorted({part for part in parts if len(part) >= _SHORTEST_NAME and part.casefold() in said}))


@keeps("4.22", "Any one of the three is enough for a move, and none compels one", on=("Support",))
def why_not_award(*, decision: str, triggers: Collection[str], reasons: str) -> dict[str, str]:
    """Policy 4.22: what is missing in a decision on a move, by field. Any one trigger suffices; none compels."""
    missing: dict[str, str] = {}
    if decision == "awarded" and not triggers:
        missing["triggers"] = A_TRIGGER
    if not reasons.strip():
        missing["reasons"] = GIVE_REASONS
    return missing


@keeps("4.22", "The latest decision on a move holds", on=("Support",))
def transfer_now(facts: CaseFacts) -> ManagementTransfer | None:
    """Policy 4.22: the decision on a move that holds: the latest. Earlier ones stay on the file."""
    found = facts.of(ManagementTransfer)
    return max(found, key=lambda one: (known(one.decided_at) or _BEGINNING, one.id), default=None)


@keeps("4.22", "The new address is kept out of the case", on=("Support",))
def tells_an_address(words: str) -> bool:
    """Policy 4.22: whether words hold an address: a postcode, or a number and a street."""
    return bool(_POSTCODE.search(words) or _STREET.search(words))


@keeps("4.23", "Of a refuge not even the name is kept", on=("Support",))
def may_name_provider(chosen: str) -> bool:
    """Policy 4.23: whether who provides the roof is written down at all. Of a refuge not even the name is."""
    return chosen != "refuge"


@keeps("4.23", "Every option on housing the person was told of", on=("Support",))
def options_told(facts: CaseFacts) -> frozenset[str]:
    """Policy 4.23: every option on housing the person was told of."""
    return frozenset(option for one in facts.of(HousingAdvice) for option in one.told)


@keeps("4.23", "What comes next is said before a roof for now ends", on=("Today", "Support"))
def stays_ending(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.23: before a roof for now ends, say what comes next for that person."""
    found = []
    for one in facts.of(HousingAdvice):
        advised_at = setting.happened(one.advised_at)
        if advised_at is None or one.ends_on is None:
            continue
        after = (setting.happened(later.advised_at) for later in facts.of(HousingAdvice) if later.party == one.party)
        met_at = min((at for at in after if at is not None and at > advised_at), default=None)
        promise = Promise(
            kind=DutyKind.STAY, clause="4.23", case=facts.case.id, subject=one.id, title="A roof for now ends",
            action="Say what comes next", anchor_at=advised_at,
        )  # fmt: skip
        last = datetime.combine(one.ends_on, time(12), tzinfo=setting.pack.zone)
        due_at = setting.calendar.end_of_day(last, setting.pack.zone)
        found.append(clocked(promise, setting, due_at=due_at, met_at=met_at, basis="its last day"))
    return tuple(found)


@keeps("4.23", "Priority with the council after domestic abuse", on=("Support",))
def council_priority(facts: CaseFacts) -> str:
    """Policy 4.23: what to say to a council where there is domestic abuse; empty if there is none."""
    return COUNCIL_PRIORITY if facts.of(DomesticAbuse) else ""
