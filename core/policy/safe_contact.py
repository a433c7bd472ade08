"""Which ways reach a person safely, each person by their own rules (3.3).

1. The latest word of each person holds. Rules written down for nobody by name hold for everybody.
2. A way that somebody else sees first is never used, whether the person said so (a partner reads the email) or it
   follows from the file: the same home, phone or email as the person complained about.
3. A way nobody asked about is not known to be safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.domain.case import CONTACT_WAYS, Party, SafeContact
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps
from core.policy.people import why_not_to

ASKED_NEVER = "The person asked never to be reached this way."
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_REACHES = {
    "home": ("letter", "visit"), "letterbox": ("letter",), "phone": ("text", "call", "voicemail"), "email": ("email",),
}  # fmt: skip
_SEEN = {
    "home": "They live with the person complained about, who would see it.",
    "letterbox": "Somebody else may open their post.",
    "phone": "Somebody else may answer or read their phone.",
    "email": "Somebody else may read their email.",
}
_SHARED = {
    "home": "The person complained about has the same home on file.",
    "phone": "The person complained about has the same phone number on file.",
    "email": "The person complained about has the same email on file.",
}


@dataclass(frozen=True, slots=True)
class WaysToContact:
    """What is known about reaching somebody. A way nobody asked about counts as unsafe.

    `why_never` has a sentence for each way of `never`.
    """

    safe: tuple[str, ...]
    never: tuple[str, ...]
    times: str
    if_someone_else_answers: str
    checked_at: datetime | None
    code_word: str = ""
    differ: bool = False
    """What is safe for one person of the case is not for another."""
    why_never: tuple[tuple[str, str], ...] = ()

    def why(self, way: str) -> str:
        """Why a way is never to be used, as a sentence; empty if it may be."""
        return dict(self.why_never).get(way, "")


def rules_now(facts: CaseFacts) -> Mapping[RecordId | None, SafeContact]:
    """Policy 3.3: what each person said last about reaching them; under None where no person was named."""
    latest: dict[RecordId | None, SafeContact] = {}
    for one in sorted(facts.safe_contacts, key=lambda one: (known(one.checked_at) or _BEGINNING, one.id)):
        latest[one.party] = one
    return latest


def never_for(facts: CaseFacts, party: RecordId | None) -> Mapping[str, str]:
    """Policy 3.3: each way this person is never to be reached, and why."""
    found: dict[str, str] = {}
    for rule in _rules_for(facts, party):
        for way in rule.unsafe_ways:
            found.setdefault(way, ASKED_NEVER)
        for what in sorted(rule.seen_by_others & _REACHES.keys()):
            for way in _REACHES[what]:
                found.setdefault(way, _SEEN[what])
    person = next((one for one in facts.parties if one.id == party), None)
    if person is not None:
        for what in shared_with_complained_about(facts, person):
            for way in _REACHES[what]:
                found.setdefault(way, _SHARED[what])
    for way in CONTACT_WAYS:
        gone = why_not_to(facts, party, way) if way != "they-contact-us" else ""
        if gone:
            found[way] = gone
    return found


@keeps("3.3", "Why a way is never to be used", on=("Record contact", "Case file"))
def why_not_reach(facts: CaseFacts, party: RecordId | None, way: str) -> str:
    """Policy 3.3: why one person must not be reached one way; empty if nothing speaks against it.

    For every button that would write, ring or knock. With no person named it holds for everybody in the case.
    """
    return ways_for(facts, party).why(way)


@keeps("3.3", "Each person has safe ways of their own", on=("Case file",))
def ways_for(facts: CaseFacts, party: RecordId | None) -> WaysToContact:
    """Policy 3.3: the ways to reach one person of the case; with None, the rules of all its people together."""
    if party is None:
        return ways_in(facts)
    rules = _rules_for(facts, party)
    never = never_for(facts, party)
    return _ways(rules, never)


@keeps("3.3", "A way is safe for a case only if it is for everybody", on=("Case file",))
def ways_in(facts: CaseFacts) -> WaysToContact:
    """Policy 3.3: a way is safe for a case only if it is safe for everybody who was asked, and nobody said never.

    Somebody who died stops what is sent to them, and not what is sent to the others.
    """
    serving = [party for party in facts.parties if party.roles & {"harmed", "reporter", "witness", "speaks-for"}]
    never: dict[str, str] = {}
    for party in (*(one.id for one in serving), None):
        for way, why in never_for(facts, party).items():
            if way not in never and not why_not_to(facts, party, way):
                never[way] = why
    rules = _here(facts)
    for_all = frozenset().union(*(rule.safe_ways for rule in rules if rule.party is None))
    own = [rule.safe_ways | for_all for rule in rules if rule.party is not None]
    found = _ways(rules, never)
    safe = own[0].intersection(*own[1:]) if own else for_all
    return replace(found, safe=tuple(way for way in found.safe if way in safe), differ=len(set(own)) > 1)


def people_with_rules(facts: CaseFacts) -> tuple[Party, ...]:
    """Policy 3.3: the people of the case who said how they may be reached, and whom anybody would reach."""
    asked = {rule.party for rule in _here(facts)}
    return tuple(party for party in facts.parties if party.id in asked)


@keeps("3.3", "What others see first is not safe", on=("New report", "Case file"))
def why_not_safe(safe: frozenset[str], seen_by_others: frozenset[str]) -> str:
    """Policy 3.3: why a way cannot be called safe while others see it first; empty if none is called so."""
    for what, ways in _REACHES.items():
        if what in seen_by_others and safe.intersection(ways):
            words = ", ".join(CONTACT_WAYS[way].lower() for way in ways if way in safe)
            return f"{_SEEN[what]} So this is not a safe way: {words}."
    return ""


def shared_with_complained_about(facts: CaseFacts, person: Party) -> tuple[str, ...]:
    """Policy 3.3: what somebody shares on file with a person complained about: their home, phone or email."""
    if "alleged-perpetrator" in person.roles:
        return ()
    others = [one for one in facts.parties if "alleged-perpetrator" in one.roles and one.id != person.id]
    shared = {
        "home": any(one.home is not None and one.home == person.home for one in others),
        "phone": any(_digits(one.phone) and _digits(one.phone) == _digits(person.phone) for one in others),
        "email": any(one.email.strip() and _plain(one.email) == _plain(person.email) for one in others),
    }
    return tuple(what for what, is_so in shared.items() if is_so)


def _here(facts: CaseFacts) -> list[SafeContact]:
    """The rules of everybody who can still be reached, by when they were asked."""
    rules = [rule for rule in rules_now(facts).values() if not why_not_to(facts, rule.party, "call")]
    return sorted(rules, key=lambda one: (known(one.checked_at) or _BEGINNING, one.id))


def _rules_for(facts: CaseFacts, party: RecordId | None) -> list[SafeContact]:
    now = rules_now(facts)
    if party is None:
        return list(now.values())
    return [rule for one, rule in now.items() if one in (None, party)]


def _ways(rules: list[SafeContact], never: Mapping[str, str]) -> WaysToContact:
    safe = {way for rule in rules for way in rule.safe_ways} - never.keys()
    last = rules[-1] if rules else None
    return WaysToContact(
        safe=tuple(way for way in CONTACT_WAYS if way in safe),
        never=tuple(way for way in CONTACT_WAYS if way in never),
        times=_last(rule.times for rule in rules),
        if_someone_else_answers=_last(rule.if_someone_else_answers for rule in rules),
        checked_at=last.checked_at if last else None,
        code_word=_last(rule.code_word for rule in rules),
        why_never=tuple((way, never[way]) for way in CONTACT_WAYS if way in never),
    )


def _last(said: Iterable[str]) -> str:
    """What was said last by somebody who said anything."""
    words = [one for one in said if one.strip()]
    return words[-1] if words else ""


def _digits(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return digits[-9:] if len(digits) >= 6 else ""


def _plain(email: str) -> str:
    return email.strip().casefold()
