"""Papers for court: what happened, what was done, and the weighing of policy 4.7 as their appendix (4.7, 4.8, 4.17).

They hold what the case says and nothing else: no safe ways, no contacts with the people harmed, nothing of a private
interview, not where works were done, and nothing of another case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.agencies import MEASURES
from core.domain.case import Graffiti, Incident
from core.domain.documents import Attachment
from core.domain.enforcement import Breach, Proportionality, StandingOfPerson, ToolUsed
from core.domain.safety import SecurityMeasure
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.enforcement import FACTOR_WORDS, factors_missing, is_a_child, standing_now
from core.policy.keeps import keeps

_DISABILITY: dict[bool | None, str] = {
    True: "It was considered whether the behaviour has to do with a disability: it may.",
    False: "It was considered whether the behaviour has to do with a disability: nothing points to it.",
    None: "It was not said whether the behaviour has to do with a disability.",
}
_BEGINNING = datetime.min.replace(tzinfo=UTC)
WEIGH_FIRST = "Weigh the seven factors of policy 4.7 for this person first, each of them, with a conclusion."


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One photograph that goes with the papers. `shows`: of what it is, and whether from before or after."""

    photo: RecordId
    shows: str


@keeps("4.7", "The weighing is printed, all seven factors, as the appendix of the papers for court", on=("Action",))
def appendix_of(weighed: Proportionality) -> tuple[tuple[str, str], ...]:
    """Policy 4.7: the seven factors in the policy's order and the conclusion; empty where one of them is missing."""
    if factors_missing(weighed) or not weighed.conclusion.strip():
        return ()
    said = _DISABILITY.get(weighed.disability_thought_of, _DISABILITY[None])
    factors = ((words, getattr(weighed, name)) for name, words in FACTOR_WORDS.items())
    return (*factors, ("Disability", said), ("Conclusion", weighed.conclusion))


@keeps("4.7", "The seven boxes begin with what the case says already", on=("Action",))
def known_of_factors(facts: CaseFacts, party: RecordId | None, wishes: str) -> dict[str, str]:
    """Policy 4.7: what the case knows for a factor, to begin with; nothing for one it knows nothing of. `wishes`: what
    the person harmed wants, in words. Whoever weighs goes over all of it."""
    standing = standing_now(facts).get(party)
    found = {
        "severity": _severity(facts), "age": _age(facts, party, standing),
        "vulnerability": f"Parent or guardian: {standing.parent}." if standing and standing.parent else "",
        "residence": _residence(standing), "evidence": _evidence(facts), "wishes": wishes,
    }  # fmt: skip
    return {name: words for name, words in found.items() if words}


def incidents_in_order(facts: CaseFacts) -> tuple[Incident, ...]:
    """What happened, oldest first; what has no date comes last."""
    far = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(facts.incidents, key=lambda one: (known(one.happened_at) or far, one.id)))


def done_about(facts: CaseFacts, party: RecordId | None) -> tuple[tuple[ToolUsed, tuple[Breach, ...]], ...]:
    """Policy 4.8: every tool used against one person, oldest first, with what was not kept of it."""
    used = sorted(
        (one for one in facts.of(ToolUsed) if one.party == party),
        key=lambda one: (known(one.decided_at) or _BEGINNING, one.id),
    )
    breaches = sorted(facts.of(Breach), key=lambda one: (known(one.at) or _BEGINNING, one.id))
    return tuple((one, tuple(breach for breach in breaches if breach.tool == one.id)) for one in used)


def works_in_order(facts: CaseFacts) -> tuple[SecurityMeasure, ...]:
    """Policy 4.17: the measures at the home, in the order they were asked for."""
    return tuple(sorted(facts.of(SecurityMeasure), key=lambda one: (known(one.asked_at) or _BEGINNING, one.id)))


@keeps("4.17", "Photographs from before and after stand with the works and in the papers", on=("Support", "Action"))
def exhibits_of(facts: CaseFacts) -> tuple[Exhibit, ...]:
    """Policy 4.17 and 4.25: the photographs of works and graffiti, each once, in the order of what they show."""
    works: Iterable[tuple[str, SecurityMeasure | Graffiti]] = (
        *((MEASURES.get(one.sort, one.sort), one) for one in works_in_order(facts)),
        *((f"Graffiti, {one.place}", one) for one in facts.graffiti),
    )
    found: dict[RecordId, Exhibit] = {}
    for words, one in works:
        for photo, when in ((one.photo_before, "before"), (one.photo_after, "after")):
            if photo is not None and photo not in found:
                found[photo] = Exhibit(photo, f"{words}: {when}")
    return tuple(found.values())


def _severity(facts: CaseFacts) -> str:
    days = sorted(at for one in facts.incidents if (at := known(one.happened_at)) is not None)
    count = len(facts.incidents)
    if not count:
        return ""
    incidents = "1 incident" if count == 1 else f"{count} incidents"
    when = ""
    if days:
        first, last = (f"{day.day} {day:%B %Y}" for day in (days[0], days[-1]))
        when = f" on {first}" if first == last else f" from {first} to {last}"
    return f"{incidents}{when}."


def _age(facts: CaseFacts, party: RecordId | None, standing: StandingOfPerson | None) -> str:
    if standing is not None and standing.age_years is not None:
        return f"{standing.age_years} years."
    if is_a_child(facts, party):
        return "A child."
    adult = any(one.id == party and one.age_band == "adult" for one in facts.parties)
    return "18 or over." if adult else ""


def _residence(standing: StandingOfPerson | None) -> str:
    if standing is None or standing.tenure == "not-known":
        return ""
    words = StandingOfPerson.SPEC.fields["tenure"].label_of(standing.tenure)
    return f"{words}, {standing.landlord}." if standing.landlord else f"{words}."


def _evidence(facts: CaseFacts) -> str:
    counted = (
        (len(facts.reports), "report", "reports"),
        (len(facts.of(Attachment)), "file", "files"),
    )
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    return f"On the file: {', '.join(told)}." if told else ""
