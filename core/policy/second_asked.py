"""Which decisions wait for a second person, and by when they are asked to say their word (3.3, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import Judgement
from core.domain.intake import ReportFate
from core.domain.risk import RiskAssessment
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.definition import HARASSMENT
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps
from core.policy.reports import latest_fates
from core.policy.risk import risk_now, waits_for_second
from core.policy.second_person import said_at

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SecondAsked:
    """A decision somebody made and another person is asked about. `said_at` is None while they have not said."""

    decision: RecordId
    what: str
    clause: str
    decided_at: datetime
    decided_by: bytes
    second: bytes
    said_at: datetime | None


@keeps("4.3", "What waits for a second person", on=("Risk", "Case file"))
def seconds_asked(facts: CaseFacts) -> tuple[SecondAsked, ...]:
    """Policy 3.3 and 4.3: decisions that hold if a second person agrees; what was decided anew asks nobody."""
    return tuple(_asked(facts))


@keeps("3.3", "The second person is asked by a day", on=("Today",))
def second_person_duties(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 3.3 and 4.3: whoever was named as second person agrees, or says why not."""
    term = setting.pack.terms["second_person"].term
    found = []
    for one in seconds_asked(facts):
        if one.said_at is None and facts.case.stage == "closed":
            continue
        promise = Promise(
            kind=DutyKind.SECOND_PERSON, clause=one.clause, case=facts.case.id, subject=one.decision,
            title=f"Second person: {one.what}", action="Say whether you agree", anchor_at=one.decided_at,
        )  # fmt: skip
        due_at = setting.due_after(one.decided_at, term)
        basis = f"{term} from the decision of {setting.say(one.decided_at)}"
        met_at = setting.happened(one.said_at)
        found.append(clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis))
    return tuple(found)


def _asked(facts: CaseFacts) -> Iterator[SecondAsked]:
    made: list[tuple[RiskAssessment | ReportFate | Judgement, str, str, datetime | None, bytes]] = [
        (one, "the risk judged lower", "3.3", one.assessed_at, one.assessed_by)
        for one in risk_now(facts).values()
        if waits_for_second(one)
    ]
    made += [
        (one, "a report found malicious", "4.3", one.decided_at, one.decided_by)
        for one in latest_fates(facts).values()
        if one.what == "malicious"
    ]
    judged = max(facts.judgements, key=lambda one: (known(one.decided_at) or NEVER, one.id), default=None)
    if judged is not None and judged.handling != HARASSMENT and judged.second_person not in (b"", judged.decided_by):
        made.append((judged, "not to go on as harassment", "4.3", judged.decided_at, judged.decided_by))
    for one, what, clause, moment, by in made:
        at = known(moment)
        if at is not None:
            yield SecondAsked(
                one.id, what, clause, at, by, one.second_person, said_at(facts, one.id, one.second_person, by)
            )
