"""Who has to be told that closing is proposed, and who has been (4.29: "we will discuss this with the customer").

1. Each person harmed is talked to by themselves and gets a letter with the reasons and how to appeal. Where nobody is
   named as harmed it is whoever reported.
2. If somebody cannot be reached, three attempts and then something in writing, all after the proposal, stand in for the
   talk. Somebody who acts for them may be talked to. Of somebody who moved without a trace the reason stands in for it.
   Who has died needs neither, unless somebody speaks for them. Nobody has to be told where nobody is known.
3. The time to appeal of each person begins when they have both: the talk, or what stands in for it, and the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import SUCCESSFUL_OUTCOMES, Closure, Contact, Party
from core.domain.closing import ClosureTalk, PersonLetter
from core.domain.letters import LEFT_US, CaseLetter
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Setting, others_in_case, to_the_minute
from core.policy.keeps import keeps
from core.policy.people import DIED, fate_now
from core.policy.service_standards import can_be_reached

NEVER = datetime.min.replace(tzinfo=UTC)
OTHER_SIDE = "alleged-perpetrator"
_IN_WRITING = frozenset({"letter", "email"})
_NO_APPEAL = frozenset({"died", "nobody-known"})
_NO_LETTER = frozenset({"died", "moved", "nobody-known"})


@dataclass(frozen=True, slots=True)
class Told:
    """How one person stands with a proposal to close. `how`: talked, acted-for, unreachable, moved, died, nobody-known.

    `settled_at` is the talk or what stands in for it, `letter_at` the letter; each None while it is missing.
    `may_appeal`: whether there is a time to appeal to wait for.
    """

    party: RecordId | None
    how: str
    settled_at: datetime | None
    appeal_explained: bool
    letter_needed: bool
    letter_at: datetime | None
    may_appeal: bool

    @property
    def whole_at(self) -> datetime | None:
        """When nothing was missing any more; None while something is."""
        if self.settled_at is None or not self.appeal_explained or (self.letter_needed and self.letter_at is None):
            return None
        return max(self.settled_at, self.letter_at or NEVER)


@keeps("4.29", "Everybody harmed is told, the one complained about never", on=("Closing",))
def people_to_tell(facts: CaseFacts) -> tuple[RecordId | None, ...]:
    """Policy 4.29: everybody harmed, or whoever reported where nobody is named; never the one complained about.

    (None,) where the case names nobody.
    """
    sides = [party for party in facts.parties if OTHER_SIDE not in party.roles]
    for role in ("harmed", "reporter"):
        found = tuple(party.id for party in sides if role in party.roles)
        if found:
            return tuple(sorted(found))
    return (None,)


@keeps("4.29", "Each person has their own talk, letter and time", on=("Closing",))
def told_of(facts: CaseFacts, closure: Closure, setting: Setting) -> tuple[Told, ...]:
    """Policy 4.29: how each person stands with a proposal to close."""
    return tuple(_told(facts, closure, person, setting) for person in people_to_tell(facts))


def is_for(facts: CaseFacts, party: RecordId | None, person: RecordId | None) -> bool:
    """Policy 4.29: whether a record about `party` is about this person; about nobody: the only one there is."""
    return party == person or (party is None and len(people_to_tell(facts)) == 1)


@keeps("4.29", "Three attempts and then something in writing stand in for the talk", on=("Closing",))
def was_unreachable(facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting) -> datetime | None:
    """Policy 4.29: when enough attempts and then something in writing stood in for the talk; None if they did not."""
    start = to_the_minute(known(closure.proposed_at) or NEVER)
    tries: list[datetime] = []
    written = [one.at for one in _letters(facts, closure, person, setting) if one.left]
    for contact in facts.contacts:
        at = setting.happened(contact.at)
        reached = contact.outcome in SUCCESSFUL_OUTCOMES
        if at is None or to_the_minute(at) < start or reached or not _is_contact_with(facts, contact, person, setting):
            continue
        (written if contact.way in _IN_WRITING else tries).append(at)
    needed = setting.pack.closing.attempts_when_unreachable
    if len(tries) < needed:
        return None
    last_try = sorted(tries)[needed - 1]
    return min((at for at in written if at >= last_try), default=None)


def name_of(facts: CaseFacts, person: RecordId | None) -> str:
    """Policy 4.29: who a person is, for a sentence in the file: a name where there are several and it is known."""
    people = people_to_tell(facts)
    named = next((party.name for party in facts.parties if party.id == person and party.name), "")
    return named if len(people) > 1 and named else "the person"


def party_of(facts: CaseFacts, person: RecordId | None) -> Party | None:
    """Policy 4.29: the record of a person; None for nobody."""
    return next((party for party in facts.parties if party.id == person), None)


def died_alone_at(facts: CaseFacts, person: RecordId | None) -> datetime | None:
    """Policy 4.29: when we learned that this person had died, with nobody to speak for them; None otherwise."""
    fate = fate_now(facts).get(person) if person is not None else None
    if fate is None or fate.what != DIED or fate.speak_with is not None:
        return None
    return known(fate.noted_at) or NEVER


def _told(facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting) -> Told:
    how, settled_at, explained = _settled(facts, closure, person, setting)
    letter_at = _letter_at(facts, closure, person, setting)
    if how == "unreachable" and letter_at is None:
        letter_at = settled_at
    return Told(person, how, settled_at, explained, how not in _NO_LETTER, letter_at, how not in _NO_APPEAL)


def _settled(
    facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting
) -> tuple[str, datetime | None, bool]:
    """How, when, and whether the way to appeal was explained (where there is somebody to explain it to)."""
    proposed_at = known(closure.proposed_at) or NEVER
    if not can_be_reached(facts):
        return "nobody-known", proposed_at, True
    died_at = died_alone_at(facts, person)
    if died_at is not None:
        return "died", max(died_at, proposed_at), True
    found = []
    for talk in facts.of(ClosureTalk):
        at = setting.happened(talk.talked_at)
        if talk.closure != closure.id or at is None or not is_for(facts, talk.party, person):
            continue
        if talk.instead and not talk.instead_because.strip():
            continue
        explained = bool(talk.appeal_explained) or talk.instead == "moved"
        found.append((explained, max(at, proposed_at), talk.id, talk.instead or "talked"))
    if found:
        explained, at, _, how = max(found, key=lambda item: (item[0], -item[1].timestamp(), item[2]))
        return how, at, explained
    unreachable_at = was_unreachable(facts, closure, person, setting)
    if unreachable_at is not None:
        return "unreachable", unreachable_at, True
    return "", None, False


@dataclass(frozen=True, slots=True)
class Written:
    """When a letter left us or, where none is safe (`left` is False), when that was written down with its reason."""

    at: datetime
    left: bool


_OLD_SORTS = {"closure": "closing", "appeal-outcome": "appeal"}
"""Template of a letter -> what letters of before called it."""


def letters_told(
    facts: CaseFacts, person: RecordId | None, template: str, since_at: datetime, setting: Setting,
    *, about: RecordId | None = None,
) -> list[Written]:  # fmt: skip
    """Policy 4.29: the letters of this name to a person about one decision, and why there is none.

    A letter of before does not always say what it is about: it counts if it was written since the decision.
    """
    found = []
    for letter in facts.of(CaseLetter):
        written_at = known(letter.written_at)
        since = written_at is not None and to_the_minute(written_at) >= to_the_minute(since_at)
        told = letter.about == about if letter.about is not None else since
        if letter.template == template and told and is_for(facts, letter.party, person):
            left = letter.delivery in LEFT_US
            found.append((letter.delivered_at if left else written_at, left, letter.not_sent_because))
    for old in facts.of(PersonLetter):
        if old.sort == _OLD_SORTS.get(template) and old.about == about and is_for(facts, old.party, person):
            left = old.delivery not in ("", "returned")
            found.append((old.delivered_at if left else old.made_at, left, old.not_sent_because))
    return [
        Written(at, left)
        for moment, left, why in found
        if (at := setting.happened(moment)) is not None and (left or why.strip())
    ]


def _letters(facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting) -> list[Written]:
    since_at = known(closure.proposed_at) or NEVER
    return letters_told(facts, person, "closure", since_at, setting, about=closure.id)


def _letter_at(facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting) -> datetime | None:
    """When the first letter reached them, or it was written down why none could be sent safely."""
    return min((one.at for one in _letters(facts, closure, person, setting)), default=None)


def _is_contact_with(facts: CaseFacts, contact: Contact, person: RecordId | None, setting: Setting) -> bool:
    if contact.party in others_in_case(facts, setting):
        return False
    if len(people_to_tell(facts)) == 1 or contact.party == person:
        return True
    party = party_of(facts, person)
    return contact.party is None and party is not None and "reporter" in party.roles
