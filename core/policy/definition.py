"""What harassment is and how a case is handled (4.1 to 4.5, and 6.2).

1. If anybody sees it as harassment, it is handled as harassment; at intake nothing else can be chosen.
2. How somebody sees it is kept for ever. A later judgement is a record beside it and changes none of it,
   nor what is counted from it for the regulator.
3. Going on in another way needs reasons and a second person, and counts once that person has agreed. Going back to
   harassment needs neither.
4. One incident is enough, with or without a reason behind it. Nothing here asks for two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import ACTS, PERCEIVERS, Incident, Judgement, Party, Perception
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack, Strand
from core.policy.pack_later import BENCHMARKS
from core.policy.second_person import has_agreed
from core.policy.words import say_length

HARASSMENT = "harassment"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How many incidents a case has and over how long; one is as good as many (policy 4.4)."""

    count: int
    sentence: str


@keeps("4.1", "Seven reasons, several at once, by perception; five are monitored by the regulator", on=("New report",))
def strands_of(perceptions: Iterable[Perception], pack: PolicyPack) -> tuple[Strand, ...]:
    """Policy 4.1: every reason anybody sees behind it, in the pack's order; several may apply.

    A reason counts because somebody sees it, whether or not the person harmed belongs to that group.
    """
    seen = _seen_strands(perceptions)
    return tuple(strand for strand in pack.strands if strand.code in seen)


@keeps("4.1", "Hate incidents are counted by how they are seen, whatever is judged later", on=("Case file",))
def monitored_strands(perceptions: Iterable[Perception], pack: PolicyPack) -> frozenset[str]:
    """Policy 4.1 for the regulator: the monitored strands anybody sees behind it. Any makes it a hate incident.

    Sex, age and illness count for the policy and not here. Follows from how it is seen alone, so no later
    judgement (4.3) takes it away.
    """
    return frozenset(strand.monitored_as for strand in strands_of(perceptions, pack) if strand.monitored_as)


@keeps("4.2", "Nothing else can be chosen at intake", on=("New report",))
@keeps("4.2", "Harassment if anybody sees it that way", on=("New report",))
@keeps("6.2", "The same promise as 4.2", on=("New report",))
def classify_at_intake(perceptions: Iterable[Perception], pack: PolicyPack) -> str:
    """Policy 4.2 (and 6.2): the handling a new case starts with. Harassment if anybody sees it that way.

    If nobody has said so it is still the first handling the policy allows at intake.
    """
    if any(perception.is_harassment for perception in perceptions):
        return HARASSMENT
    return pack.handling.at_intake[0]


@keeps("4.2", "It says who sees it so", on=("Case file",))
def why_harassment(perceptions: Iterable[Perception]) -> str:
    """Policy 4.2 as a sentence: who sees it as harassment, and that it is therefore handled so."""
    order = list(PERCEIVERS)
    seen = {perception.perceived_by for perception in perceptions if perception.is_harassment} & set(order)
    who = [PERCEIVERS[code][0].lower() + PERCEIVERS[code][1:] for code in order if code in seen]
    if not who:
        return "A new case starts as harassment; this can be judged again once it has been looked into. Policy 4.2."
    verb = "sees" if len(who) == 1 else "see"
    return f"Handled as harassment because {_listed(who)} {verb} it that way. Policy 4.2."


@keeps("4.3", "Going on in another way: reasons and a second person", on=("Case file",))
def check_judgement(judgement: Judgement, pack: PolicyPack) -> None:
    """Policy 4.3: whether this judgement may stand. Going on in another way needs reasons and a second person.

    Raises:
        FormIncomplete: something is missing; one sentence for each field.
    """
    problems = _judgement_problems(judgement, pack)
    if problems:
        raise FormIncomplete(problems=problems)


@keeps("4.3", "The latest judgement that may stand holds", on=("Case file",))
def handling_now(perceptions: Iterable[Perception], judgements: Iterable[Judgement], pack: PolicyPack) -> str:
    """Policy 4.3: how the case is handled after all judgements so far; the latest one that may stand holds.

    A judgement that lacks what it needs, such as one from a laptop with other rules, changes nothing.
    """
    standing = [judgement for judgement in judgements if not _judgement_problems(judgement, pack)]
    if not standing:
        return classify_at_intake(perceptions, pack)
    return max(standing, key=lambda item: (known(item.decided_at) or _NEVER, item.id)).handling


def judgements_agreed(facts: CaseFacts, pack: PolicyPack) -> tuple[Judgement, ...]:
    """Policy 4.3: the judgements that count: those that take a second person once that person has agreed."""
    two = pack.handling.downgrade_needs_second_person
    return tuple(
        one
        for one in facts.judgements
        if not (two and one.handling == pack.handling.downgrade_to)
        or has_agreed(facts, one.id, one.second_person, one.decided_by)
    )


@keeps("4.3", "Somebody sees it so since: decide again", on=("Case file",))
def why_judge_again(perceptions: Iterable[Perception], judgements: Iterable[Judgement], pack: PolicyPack) -> str:
    """Policy 4.3: why a case that goes on in another way is to be judged again; empty if nothing says so.

    Somebody has said since that they see it as harassment, or sees another reason behind it.
    """
    standing = [judgement for judgement in judgements if not _judgement_problems(judgement, pack)]
    latest = max(standing, key=lambda item: (known(item.decided_at) or _NEVER, item.id), default=None)
    if latest is None or latest.handling == HARASSMENT:
        return ""
    decided_at = known(latest.decided_at) or _NEVER
    since = [seen for seen in perceptions if seen.is_harassment and (known(seen.stated_at) or _NEVER) > decided_at]
    return "Somebody has said since the decision that they see it as harassment. Decide again." if since else ""


@keeps("4.4", "One incident is enough, with or without a motive", on=("Case file",))
def pattern_of(incidents: Iterable[Incident]) -> Pattern:
    """Policy 4.4: one incident or a series. Says what there is; asks for nothing, motive included."""
    told = tuple(incidents)
    if not told:
        return Pattern(0, "No incident has been written down yet.")
    if len(told) == 1:
        return Pattern(1, "One incident. One is enough. Policy 4.4.")
    times = sorted(at for incident in told if (at := known(incident.happened_at)) is not None)
    over = f" over {say_length(times[-1] - times[0])}" if len(times) == len(told) else ""
    return Pattern(len(told), f"{len(told)} incidents{over}. Policy 4.4.")


@keeps("4.4", "How long after the one before an incident came", on=("Case file",))
def intervals_of(incidents: Iterable[Incident]) -> tuple[tuple[RecordId, str], ...]:
    """Policy 4.4: each dated incident in the order it happened, with how long after the one before it came."""
    dated = sorted(
        ((at, incident.id) for incident in incidents if (at := known(incident.happened_at)) is not None),
        key=lambda one: one,
    )
    found = []
    for place, (at, incident) in enumerate(dated):
        since = at - dated[place - 1][0] if place else None
        later = f"{say_length(since)} after the one before" if since else "at the same time"
        words = later if place else ""
        found.append((incident, words))
    return tuple(found)


@keeps("4.4", "A second incident is a hint on the law and no gate", on=("Case file",))
def course_of_conduct(incidents: Iterable[Incident]) -> str:
    """Policy 4.4: that a second incident opens a way in law; empty for one. A hint on the options and never a gate."""
    count = sum(1 for _ in incidents)
    if count < 2:
        return ""
    return (
        f"{count} incidents may be a course of conduct under the Protection from Harassment Act 1997. "
        "That is a legal option to think about; nothing here waits for it."
    )


@keeps("4.5", "One event may harm different people", on=("Case file",))
def harmed_by(incident: Incident, parties: Iterable[Party]) -> tuple[RecordId, ...]:
    """Policy 4.5: who was harmed by this incident; where nobody was named for it, everybody harmed in the case."""
    told = tuple(parties)
    if incident.harmed:
        return tuple(party.id for party in told if party.id in incident.harmed)
    return tuple(party.id for party in told if "harmed" in party.roles)


@keeps("4.5", "Each kind of act has its line in the lists others count by, as rows of the pack", on=("Figures",))
def counted_as(pack: PolicyPack) -> dict[str, str]:
    """Policy 4.5 and 5.1: each kind of act with its lines in the lists others count by: "HouseMark D, police ...".

    A kind that has none in any list is left out. The lists are no part of the policy: whoever reports to one checks it.
    """
    found = {}
    for act in pack.acts:
        lines = [f"{name}: {act.counted_as[code]}" for code, name in BENCHMARKS.items() if act.counted_as.get(code)]
        if lines:
            found[act.code] = "; ".join(lines)
    return found


@keeps("4.5", "Seven kinds of act, several at once, gravest first", on=("New report", "Case file"))
def acts_by_severity(incidents: Iterable[Incident], pack: PolicyPack) -> tuple[str, ...]:
    """Policy 4.5: every kind of act in these incidents, gravest first; the first one sets the priority.

    An act this version does not know comes last, and is not left out.
    """
    severity = {act.code: act.severity for act in pack.acts}
    found = {act for incident in incidents for act in incident.acts}
    order = {code: place for place, code in enumerate(ACTS)}
    return tuple(sorted(found, key=lambda code: (-severity.get(code, 0), order.get(code, len(order)), code)))


def _seen_strands(perceptions: Iterable[Perception]) -> frozenset[str]:
    return frozenset().union(*(seen.strands for seen in perceptions if seen.is_harassment is not False))


def _judgement_problems(judgement: Judgement, pack: PolicyPack) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not judgement.handling:
        problems["handling"] = "Choose how to go on."
    if not judgement.decided_by:
        problems["decided_by"] = "Say who decided."
    if judgement.handling != pack.handling.downgrade_to:
        return problems
    if pack.handling.downgrade_needs_reasons and not judgement.reasons.strip():
        problems["reasons"] = "Write down the reasons for not going on as harassment."
    if pack.handling.downgrade_needs_second_person:
        if not judgement.second_person:
            problems["second_person"] = "A second person must agree before a case stops being handled as harassment."
        elif judgement.second_person == judgement.decided_by:
            problems["second_person"] = "The second person cannot be the one who decided."
    return problems


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
