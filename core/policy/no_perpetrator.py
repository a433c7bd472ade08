"""What is offered when nobody can be named, or the person will not say who it is (4.11 and 4.12).

1. The steps are offered for every case in which nobody is named. None is demanded: which are right is for the
   officer and the person to say.
2. A step shows as done only when a record shows it: a warning that was given, a round of visits that is finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.case import SUCCESSFUL_OUTCOMES
from core.domain.doors import VisitRound, WarningGiven
from core.policy.duties import CaseFacts, Setting
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack
from core.policy.patrols import is_answered
from core.policy.visits import doors_of, progress_of, visited_at

NOBODY_NAMED = frozenset({"unknown", "withheld", "described"})


class StepKind(StrEnum):
    """The five things policy 4.11 and 4.12 name."""

    POLICE = "police"
    WARN = "warn"
    VISIT = "visit"
    AREA_LETTER = "area-letter"
    ASSOCIATION = "association"


class StepState(StrEnum):
    """How far a step is."""

    NOT_STARTED = "not-started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to offer. `done_at` is set when `state` is done; `action` is the words of its button."""

    kind: StepKind
    clause: str
    title: str
    state: StepState
    done_at: datetime | None
    note: str
    action: str


@dataclass(frozen=True, slots=True)
class AreaConcerns:
    """What to think of before writing to an area. `sentences` are for the screen, in order."""

    tiny: bool
    second_person: bool
    sentences: tuple[str, ...]


@keeps("4.11", "Offered when nobody is named", on=("Case file",))
def is_offered(facts: CaseFacts) -> bool:
    """Policy 4.11: whether nobody is named, or somebody is known and the person does not want to say."""
    return facts.case.perpetrator_known in NOBODY_NAMED


@keeps("4.11", "Police, warnings, visits", on=("Case file",))
def steps_for_police_and_doors(facts: CaseFacts, setting: Setting) -> tuple[Step, ...]:
    """Policy 4.11: ask the police to be seen more, warn those it may be, visit every tenant. Empty if named."""
    if not is_offered(facts):
        return ()
    asked_at = _first(setting, [request.asked_at for request in facts.police_requests])
    police = Step(
        kind=StepKind.POLICE,
        clause="4.11",
        title="Ask the police to be seen more in the area",
        state=StepState.DONE if asked_at else StepState.NOT_STARTED,
        done_at=asked_at,
        note=_asked(facts, asked_at, setting),
        action="Record the request",
    )
    return (police, _warn(facts, setting), _visit(facts, setting))


@keeps("4.12", "Letter to the area, or the tenants' association", on=("Case file", "Letters"))
def steps_for_area(facts: CaseFacts, setting: Setting) -> tuple[Step, ...]:
    """Policy 4.12: a general warning letter to everybody in the area, or word to the tenants' association."""
    if not is_offered(facts):
        return ()
    delivered_at = _first(setting, [run.finished_at for run in facts.letter_runs if run.state == "delivered"])
    delivered = any(run.state == "delivered" for run in facts.letter_runs)
    begun = [run for run in facts.letter_runs if run.state in ("planned", "making", "made")]
    ready = any(run.state == "made" for run in begun)
    note = _on("Delivered", delivered_at, setting)
    if not delivered and begun:
        note = "The letters are ready and not yet delivered." if ready else "The letters are being prepared."
    letter = Step(
        kind=StepKind.AREA_LETTER,
        clause="4.12",
        title="Write to every home in the area",
        state=StepState.DONE if delivered else StepState.STARTED if begun else StepState.NOT_STARTED,
        done_at=delivered_at,
        note=note,
        action="Choose the area",
    )
    told_at = _first(setting, [message.sent_at for message in facts.association_messages])
    association = Step(
        kind=StepKind.ASSOCIATION,
        clause="4.12",
        title="Ask the tenants' association to pass it on",
        state=StepState.DONE if told_at else StepState.NOT_STARTED,
        done_at=told_at,
        note=_on("Told", told_at, setting),
        action="Record the message",
    )
    return (letter, association)


def steps_when_nobody_named(facts: CaseFacts, setting: Setting) -> tuple[Step, ...]:
    """Policy 4.11 and 4.12: all five steps in the policy's order; empty when somebody is named."""
    return steps_for_police_and_doors(facts, setting) + steps_for_area(facts, setting)


@keeps("4.12", "A letter to a tiny block points to people", on=("Letters",))
def area_letter_concerns(home_count: int, pack: PolicyPack, *, somebody_else: bool = True) -> AreaConcerns:
    """Policy 4.12: what to think of before a letter goes to `home_count` homes.

    The threshold for a tiny block is a decision kept in the pack. `somebody_else`: another person reads the case.
    """
    rule = pack.area_letters
    tiny = home_count < rule.tiny_block_homes
    sentences: list[str] = []
    if tiny:
        homes = "home" if home_count == 1 else "homes"
        sentences.append(
            f"Only {home_count} {homes}: any letter can point to the people involved. "
            "Choose a larger area, or ask the person first."
        )
    if rule.second_person_approves and somebody_else:
        sentences.append("A second person reads the letter before it goes out.")
    elif rule.second_person_approves:
        sentences.append("A second person would read the letter first, but nobody else can read this case.")
    return AreaConcerns(tiny, rule.second_person_approves, tuple(sentences))


def _warn(facts: CaseFacts, setting: Setting) -> Step:
    warned_at = _first(setting, [warning.given_at for warning in facts.of(WarningGiven)])
    spoken_at = _spoken_with_those_complained_about(facts, setting)
    note = _on("Somebody complained about was spoken with", spoken_at, setting)
    return Step(
        kind=StepKind.WARN,
        clause="4.11",
        title="Warn those it may be",
        state=StepState.DONE if warned_at else StepState.STARTED if spoken_at else StepState.NOT_STARTED,
        done_at=warned_at,
        note=_on("Warned", warned_at, setting) if warned_at else note,
        action="Write down the warning",
    )


def _visit(facts: CaseFacts, setting: Setting) -> Step:
    attempts = setting.pack.closing.attempts_when_unreachable
    rounds = facts.of(VisitRound)
    done_at = _first(setting, [visited_at(facts, one, attempts=attempts) for one in rounds])
    note = _on("Finished", done_at, setting)
    if rounds and done_at is None:
        counts = [progress_of(doors_of(facts, one, attempts=attempts)) for one in rounds]
        note = f"{sum(one.done for one in counts)} of {sum(one.doors for one in counts)} doors done."
    return Step(
        kind=StepKind.VISIT,
        clause="4.11",
        title="Visit every tenant in the area",
        state=StepState.DONE if done_at else StepState.STARTED if rounds else StepState.NOT_STARTED,
        done_at=done_at,
        note=note,
        action="Go on with the visits" if rounds else "Plan the visits",
    )


def _asked(facts: CaseFacts, asked_at: datetime | None, setting: Setting) -> str:
    answered = any(is_answered(request) for request in facts.police_requests)
    return " ".join(part for part in (_on("Asked", asked_at, setting), "They answered." if answered else "") if part)


def _spoken_with_those_complained_about(facts: CaseFacts, setting: Setting) -> datetime | None:
    people = {party.id for party in facts.parties if "alleged-perpetrator" in party.roles}
    reached = [
        contact.at for contact in facts.contacts if contact.party in people and contact.outcome in SUCCESSFUL_OUTCOMES
    ]
    return _first(setting, reached)


def _first(setting: Setting, moments: list[datetime | None]) -> datetime | None:
    happened = [setting.happened(moment) for moment in moments]
    return min((moment for moment in happened if moment is not None), default=None)


def _on(what: str, moment: datetime | None, setting: Setting) -> str:
    return f"{what} {setting.say(moment)}." if moment else ""
