"""The people of a case: who they are, and what stops when one of them dies, moves or can no longer decide (3.1, 3.3).

1. Nothing about a person is taken out. What became of them stands beside it, and the latest word holds.
2. After a death nothing is sent to that person, no survey and no way to appeal; whoever speaks for them is spoken with.
3. Who can no longer decide is spoken with through the person who may decide for them; nothing of the rest stops.
4. After a move the old address is not written to or visited until the new one is on the file.
5. Risk, reviews, the file and what others in the case are owed go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from core.domain.case import ONE_OF_US, Party
from core.domain.intake import PersonFate
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Setting
from core.policy.keeps import keeps

DIED, LOST_CAPACITY, MOVED_AWAY = "died", "lost-capacity", "moved-away"
AT_HOME = frozenset({"letter", "visit"})
NOBODY_LEFT = "The person harmed has died and nobody speaks for them."
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("1.3", "Everybody harmed, whoever they are", on=("New report", "Case file"))
def people_harmed(facts: CaseFacts) -> tuple[Party, ...]:
    """Policy 1.3 and 3.1: everybody harmed, whoever they are: residents, visitors, staff, contractors, committee."""
    return tuple(party for party in facts.parties if "harmed" in party.roles)


@keeps("3.1", "A file about one of us begins hidden from colleagues", on=("New report",))
def hidden_from_colleagues(sorts: Iterable[str]) -> bool:
    """Policy 3.1: whether the file begins closed to colleagues, because one of us was harmed."""
    return bool(ONE_OF_US.intersection(sorts))


def fate_now(facts: CaseFacts) -> Mapping[RecordId | None, PersonFate]:
    """Policy 3.3: what became of each person, by the latest word."""
    latest: dict[RecordId | None, PersonFate] = {}
    for one in sorted(facts.of(PersonFate), key=lambda one: (known(one.noted_at) or _BEGINNING, one.id)):
        latest[one.party] = one
    return {party: one for party, one in latest.items() if one.what != "as-before"}


@keeps("3.3", "What became of a person, and what it stops", on=("Case file", "Record contact"))
def why_not_to(facts: CaseFacts, party: RecordId | None, way: str) -> str:
    """Policy 3.3: why this person is not to be reached this way after what became of them; empty if nothing says so."""
    fate = fate_now(facts).get(party) if party is not None else None
    if fate is None:
        return ""
    instead = _instead(facts, fate)
    if fate.what == DIED:
        return f"The person has died. {instead}"
    if fate.what == LOST_CAPACITY and fate.speak_with is not None:
        return f"The person can no longer decide for themselves. {instead}"
    if fate.what == MOVED_AWAY and way in AT_HOME and not _moved_into(facts, fate):
        return "The person has moved away, and the new home is not on the file yet."
    return ""


def died_at(facts: CaseFacts, party: RecordId | None) -> datetime | None:
    """Policy 4.28: when we learned that this person died, after which nothing is promised to them; None if they live.

    Of a promise made to nobody by name: when nobody was left to keep it to.
    """
    fates = fate_now(facts)
    if party is not None:
        fate = fates.get(party)
        return known(fate.noted_at) if fate is not None and fate.what == DIED else None
    if not nobody_left(facts):
        return None
    learned = [at for one in fates.values() if one.what == DIED and (at := known(one.noted_at)) is not None]
    return max(learned, default=None)


@keeps("4.29", "Nobody is left to talk to or to appeal", on=("Case file",))
def nobody_left(facts: CaseFacts) -> bool:
    """Policy 4.29 and 4.30: whether everybody we serve in the case has died, and nobody speaks for them.

    Then there is nobody to talk closing over with, to appeal, or to survey.
    """
    fates = fate_now(facts)
    serving = [party for party in facts.parties if party.roles & {"harmed", "reporter", "speaks-for"}]
    dead = [party for party in serving if (fate := fates.get(party.id)) is not None and fate.what == DIED]
    return bool(serving) and len(dead) == len(serving)


@keeps("3.3", "Whom to speak with instead", on=("Case file",))
def who_decides(facts: CaseFacts, party: RecordId) -> RecordId:
    """Policy 3.3: whom to speak with about what is done for this person: themselves, or who speaks for them."""
    fate = fate_now(facts).get(party)
    if fate is None or fate.what == MOVED_AWAY or fate.speak_with is None:
        return party
    return fate.speak_with


@keeps("4.30", "No survey to the dead, or to who cannot decide", on=("Today", "Case file"))
def why_no_survey_for(facts: CaseFacts, setting: Setting) -> str:
    """Policy 4.30: why nobody can be surveyed after what became of them; empty if somebody can."""
    del setting
    if nobody_left(facts):
        return f"{NOBODY_LEFT} No survey is sent."
    fates = fate_now(facts)
    asked = [party for party in facts.parties if party.roles & {"harmed", "reporter"}]
    gone = [one for party in asked if (one := fates.get(party.id)) is not None and one.what != MOVED_AWAY]
    if asked and len(gone) == len(asked):
        return "The person harmed has died or can no longer decide for themselves. No survey is sent to them."
    return ""


def _moved_into(facts: CaseFacts, fate: PersonFate) -> bool:
    """Whether where they live now is on file: another home than the one they left, or an address that is not ours."""
    party = next((one for one in facts.parties if one.id == fate.party), None)
    if party is None:
        return False
    return bool(party.address.strip()) or (party.home is not None and party.home != fate.left_home)


def _instead(facts: CaseFacts, fate: PersonFate) -> str:
    name = next((one.name for one in facts.parties if one.id == fate.speak_with and one.name), "")
    return f"Speak with {name} instead." if name else "Write down whom to speak with instead."
