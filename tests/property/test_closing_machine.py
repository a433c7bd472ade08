"""Whatever happens in whatever order: no case is closed without talk, letter and time to appeal for each person harmed.

The machine acts as officers do and keeps a plain diary of its own. A case may be closed exactly when the diary says so;
the diary knows nothing of the rules but the policy's words (4.29) and what the pack decides where it is silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.domain.case import Closure, Contact, Judgement, Party, Perception, Report, Review
from core.domain.closing import Appeal, ClosureTalk, Reopening
from core.domain.declare import Record
from core.domain.intake import PersonFate
from core.domain.letters import CaseLetter
from core.domain.risk import RiskAssessment
from core.policy.calendar import LONDON
from core.policy.clocks import duties_of_case
from core.policy.closing import closure_next, may_close
from core.policy.definition import monitored_strands
from core.policy.duties import CaseFacts, DutyState, Setting
from core.policy.review import open_spells, reviews_due
from tests.support.policy import calendar, facts, make, named, pack
from tests.support.searching import examples

PACK, CALENDAR = pack(), calendar()
LEAD, OTHER, PROPOSER = b"lead", b"somebody else", b"proposer"
ADA, BEA = named("party ada"), named("party bea")
WAITS = st.sampled_from([timedelta(minutes=7), timedelta(hours=20), timedelta(days=3), timedelta(days=16)])
PEOPLE = st.sampled_from([ADA, BEA])
DECISIONS = st.sampled_from(["upheld", "partly", "not-upheld", "not-upheld"])


def end_of_time(start: datetime) -> datetime:
    """The last moment of the tenth working day after `start`, counted on the fingers."""
    day, left = start.astimezone(LONDON).date(), 10
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in CALENDAR.holidays
    return datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(days=1) - timedelta(microseconds=1)


@dataclass
class Diary:
    """What was done about one proposal, in plain words."""

    id: Any
    at: datetime
    talked: dict[Any, datetime] = field(default_factory=dict)
    half: set[Any] = field(default_factory=set)
    """Talked to without a word on how to appeal, and not again."""
    tried: dict[Any, list[datetime]] = field(default_factory=dict)
    letters: dict[Any, list[datetime]] = field(default_factory=dict)
    appeals: dict[Any, dict[str, Any]] = field(default_factory=dict)
    news: bool = False

    def ready_at(self, person: Any, dead: dict[Any, datetime]) -> datetime | None:
        """When this person had everything, or needs nothing any more."""
        if person in dead:
            return max(dead[person], self.at)
        letters, tries = sorted(self.letters.get(person, [])), sorted(self.tried.get(person, []))
        if person in self.talked:
            return max(self.talked[person], letters[0]) if letters else None
        if len(tries) < 3:
            return None
        written = [at for at in letters if at >= tries[2]]
        return max(written[0], letters[0]) if written else None

    def missing(self, people: list[Any], dead: dict[Any, datetime], now: datetime) -> set[str]:
        """Every kind of step that is missing; empty if the case may be closed."""
        found = {"consider-new-report"} if self.news else set()
        for person in people:
            if person in dead or (self.ready_at(person, dead) is not None and person not in self.half):
                continue
            if person not in self.talked:
                found |= {"explain-appeal"} if person in self.half else {"explain-appeal", "discuss"}
            if not self.letters.get(person):
                found.add("write")
        return found | self._of_appeals(people, dead, now)

    def _of_appeals(self, people: list[Any], dead: dict[Any, datetime], now: datetime) -> set[str]:
        if any(one["decision"] in ("upheld", "partly") for one in self.appeals.values()):
            return {"propose"}
        ends = {}
        for person in people:
            ready = None if person in self.half - self.talked.keys() - dead.keys() else self.ready_at(person, dead)
            ends[person] = None if ready is None else end_of_time(ready)
        found = set()
        for one in self.appeals.values():
            end = ends[one["by"]]
            if not one["decision"] and (end is None or one["at"] <= end):
                found.add("decide-appeal")
            if one["decision"] and not one["answered"]:
                found.add("answer-appeal")
        living = [end for person, end in ends.items() if person not in dead]
        if None not in ends.values() and any(end is not None and now <= end for end in living):
            found.add("wait")
        return found


class ClosingMachine(RuleBasedStateMachine):
    """One case with one or two people harmed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 23, 10, tzinfo=UTC)
        self.records: dict[Any, Record] = {}
        self.count = 0
        self.diary: Diary | None = None
        self.dead: dict[Any, datetime] = {}
        self.case: dict[str, Any] = {"opened_at": datetime(2026, 1, 30, 9, tzinfo=UTC), "lead": LEAD, "stage": "open"}
        self.people: list[Any] = []

    @initialize(two=st.booleans(), told=st.booleans())
    def begin(self, two: bool, told: bool) -> None:
        self.people = [ADA, BEA] if two else [ADA]
        for person, name in zip(self.people, ("ada", "bea"), strict=False):
            self.keep(make(Party, name, name=name.title(), roles=frozenset({"harmed"})))
            assert person in self.records
        seen = frozenset({"race", "disability"})
        self.keep(make(Perception, is_harassment=True, strands=seen, stated_at=self.now))
        self.keep(make(Report, received_at=self.case["opened_at"]))
        if told:
            self._tell_everybody()

    def _tell_everybody(self) -> None:
        """Begin where closing was proposed and everybody has had the talk and the letter: most of the rest follows."""
        closure = self.add(Closure, proposed_at=self.now, proposed_by=PROPOSER, reason="Quiet.")
        self.diary = diary = Diary(closure.id, self.now)
        for person in self.people:
            self.tick()
            self.add(ClosureTalk, closure=diary.id, party=person, talked_at=self.now, appeal_explained=True)
            diary.talked[person] = self.now
            self.now += timedelta(days=2)
            fields = {"template": "closure", "about": diary.id, "party": person, "delivery": "posted"}
            self.add(CaseLetter, delivered_at=self.now, written_at=self.now, **fields)
            diary.letters[person] = [self.now]
        self.tick()

    def keep(self, record: Record) -> Record:
        self.records[record.id] = record
        return record

    def add(self, kind: type[Record], **fields: Any) -> Record:
        self.count += 1
        return self.keep(make(kind, f"machine {self.count}", **fields))

    def tick(self) -> None:
        self.now += timedelta(minutes=1)

    @property
    def facts(self) -> CaseFacts:
        return facts(*self.records.values(), **self.case)

    @property
    def setting(self) -> Setting:
        return Setting(PACK, CALENDAR, self.now)

    def is_open(self) -> bool:
        return self.case["stage"] != "closed"

    def is_proposed(self) -> bool:
        return self.diary is not None and self.is_open()

    @rule(wait=WAITS)
    def time_passes(self, wait: timedelta) -> None:
        self.now += wait

    @precondition(is_open)
    @rule()
    def propose(self) -> None:
        closure = self.add(Closure, proposed_at=self.now, proposed_by=PROPOSER, reason="Quiet.")
        self.diary = Diary(closure.id, self.now)
        self.tick()

    @precondition(is_proposed)
    @rule()
    def take_back(self) -> None:
        assert self.diary is not None
        self.keep(replace(self.records[self.diary.id], withdrawn_at=self.now))  # type: ignore[call-arg]
        self.diary = None
        self.tick()

    @precondition(is_proposed)
    @rule(person=PEOPLE, explained=st.sampled_from([True, True, True, False]))
    def talk(self, person: Any, explained: bool) -> None:
        assert self.diary is not None
        if person not in self.people:
            return
        self.add(ClosureTalk, closure=self.diary.id, party=person, talked_at=self.now, appeal_explained=explained)
        if explained:
            self.diary.talked.setdefault(person, self.now)
            self.diary.half.discard(person)
        elif person not in self.diary.talked:
            self.diary.half.add(person)
        self.tick()

    @precondition(is_proposed)
    @rule(person=PEOPLE)
    def try_to_reach(self, person: Any) -> None:
        assert self.diary is not None
        if person not in self.people:
            return
        self.add(Contact, party=person, at=self.now, way="call", outcome="no-answer")
        self.diary.tried.setdefault(person, []).append(self.now)
        self.tick()

    @precondition(is_proposed)
    @rule(person=PEOPLE, back=st.sampled_from([False, False, True]))
    def write(self, person: Any, back: bool) -> None:
        assert self.diary is not None
        if person not in self.people:
            return
        how = "returned" if back else "posted"
        self.add(
            CaseLetter, template="closure", about=self.diary.id, party=person, delivery=how, delivered_at=self.now,
            written_at=self.now,
        )  # fmt: skip
        if not back:
            self.diary.letters.setdefault(person, []).append(self.now)
        self.tick()

    @precondition(is_proposed)
    @rule(person=PEOPLE)
    def appeal(self, person: Any) -> None:
        assert self.diary is not None
        if person not in self.people or person in self.dead:
            return
        made = self.add(Appeal, closure=self.diary.id, party=person, made_at=self.now)
        self.diary.appeals[made.id] = {"by": person, "at": self.now, "decision": "", "answered": False}
        self.tick()

    @precondition(lambda self: self.is_proposed() and bool(self.diary.appeals))
    @rule(data=st.data(), decision=DECISIONS, by=st.sampled_from([OTHER, OTHER, PROPOSER]))
    def decide(self, data: st.DataObject, decision: str, by: bytes) -> None:
        assert self.diary is not None
        chosen = data.draw(st.sampled_from(sorted(self.diary.appeals)))
        if self.diary.appeals[chosen]["decision"]:
            return
        changed = {"decision": decision, "decided_at": self.now, "decided_by": by, "keep_open": decision == "partly"}
        self.keep(replace(self.records[chosen], **changed))  # type: ignore[arg-type]
        if by == OTHER:
            self.diary.appeals[chosen]["decision"] = decision
        self.tick()

    @precondition(lambda self: self.is_proposed() and bool(self.diary.appeals))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        assert self.diary is not None
        chosen = data.draw(st.sampled_from(sorted(self.diary.appeals)))
        fields = {"template": "appeal-outcome", "about": chosen, "party": self.diary.appeals[chosen]["by"]}
        self.add(CaseLetter, delivery="delivered", delivered_at=self.now, written_at=self.now, **fields)
        one = self.diary.appeals[chosen]
        one["answered"] = one["answered"] or bool(one["decision"])
        self.tick()

    @precondition(is_open)
    @rule()
    def something_new(self) -> None:
        self.add(Report, received_at=self.now, words="Again.")
        if self.diary is not None:
            self.diary.news = True
        self.tick()

    @precondition(lambda self: len(self.people) == 2 and not self.dead)
    @rule()
    def bea_dies(self) -> None:
        self.add(PersonFate, party=BEA, what="died", noted_at=self.now)
        self.dead[BEA] = self.now
        self.tick()

    @rule(second=st.booleans())
    def judged_to_go_on_otherwise(self, second: bool) -> None:
        agreed = OTHER if second else b""
        self.add(
            Judgement, handling="other", decided_at=self.now, reasons="A feud.", decided_by=LEAD, second_person=agreed
        )
        self.tick()

    @rule()
    def review(self) -> None:
        self.add(Review, reviewed_at=self.now, keep_open=True)
        self.tick()

    @precondition(is_open)
    @rule(closer=st.sampled_from([LEAD, OTHER]))
    def close(self, closer: bytes) -> None:
        missing = {one.step.value for one in may_close(self.facts, self.setting, closer=closer)}
        assert missing == self.expected() | ({"another-closer"} if closer == LEAD and self.diary else set())
        if missing:
            return
        assert self.diary is not None
        self.keep(replace(self.records[self.diary.id], closed_at=self.now, closed_by=closer))  # type: ignore[call-arg]
        self.case |= {"stage": "closed", "closed_at": self.now}
        self.tick()

    @precondition(lambda self: not self.is_open())
    @rule()
    def open_again(self) -> None:
        self.add(Reopening, reopened_at=self.now, why="incident", reasons="Again.")
        self.case |= {"stage": "open", "reopened_at": self.now}
        self.diary = None
        self.tick()

    def expected(self) -> set[str]:
        """What the diary misses."""
        return {"propose"} if self.diary is None else self.diary.missing(self.people, self.dead, self.now)

    @invariant()
    def what_is_missing_is_what_the_diary_misses(self) -> None:
        if self.is_open() and self.people:
            assert {one.step.value for one in may_close(self.facts, self.setting)} == self.expected()

    @invariant()
    def the_count_for_the_regulator_stays(self) -> None:
        if self.people:
            assert monitored_strands(self.facts.perceptions, PACK) == {"race", "disability"}

    @invariant()
    def the_stage_follows_from_the_records(self) -> None:
        found = closure_next(self.facts, self.setting)
        if not self.is_open():
            assert found.stage == "closed"
        elif self.diary is None:
            assert found.stage == "open"
        else:
            assert found.stage in ("closure-proposed", "appeal-window", "open")

    @invariant()
    def what_was_late_stays_late(self) -> None:
        late = {
            (duty.kind, duty.subject, duty.anchor_at, duty.due_at)
            for duty in duties_of_case(self.facts, PACK, CALENDAR, self.now)
            if duty.kind in ("review", "sooner-review") and duty.was_late
        }
        before: set[Any] = getattr(self, "_late", set())
        assert before <= late
        self._late = late


TestClosingMachine = ClosingMachine.TestCase
TestClosingMachine.settings = settings(max_examples=examples(16), stateful_step_count=30, deadline=None)


# ------------------------------------------------------------------ the anchor of reviews

moments = st.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month0 = day.month - 1 + months
    year, month = day.year + month0 // 12, month0 % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


@given(moments, st.lists(st.integers(0, 900), max_size=6), st.integers(30, 900), st.integers(0, 200))
def test_reviews_keep_their_anchor_whatever_is_late_or_leaps(
    opened_at: datetime, held: list[int], days: int, paused: int
) -> None:
    """Held early, late, often or never; closed and opened again: each is due on the day of its anchor, months later."""
    now = opened_at + timedelta(days=days)
    reviews = [make(Review, str(n), reviewed_at=opened_at + timedelta(days=n)) for n in held]
    again_at = opened_at + timedelta(days=paused + 20)
    case: dict[str, Any] = {"opened_at": opened_at}
    more: list[Record] = []
    if paused:
        more = [
            make(Closure, proposed_at=opened_at, closed_at=opened_at + timedelta(days=10)),
            make(Reopening, reopened_at=again_at),
        ]
        case["reopened_at"] = again_at
    found = facts(*reviews, *more, **case)
    anchors = [spell.start_at for spell in open_spells(found)]
    assert anchors == ([opened_at, again_at] if paused else [opened_at])
    for duty in reviews_due(found, Setting(PACK, CALENDAR, now)):
        assert duty.due_at is not None and duty.anchor_at in anchors
        start, due = duty.anchor_at.astimezone(LONDON).date(), duty.due_at.astimezone(LONDON).date()
        number = next(n for n in range(1, 400) if months_later(start, 3 * n) >= due)
        assert due == months_later(start, 3 * number)
        if duty.due_at < now and duty.met_at is None:
            assert duty.state is DutyState.LATE


@given(moments, st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["high", "medium", "standard"])), max_size=5))
def test_a_risk_that_stays_high_is_never_without_a_day_for_the_next_review(
    opened_at: datetime, assessed: list[tuple[int, str]]
) -> None:
    now = opened_at + timedelta(days=301)
    risks = [
        make(RiskAssessment, str(n), worked_out=band, judged=band, assessed_at=opened_at + timedelta(days=day))
        for n, (day, band) in enumerate(sorted(assessed))
    ]
    found = duties_of_case(facts(*risks, opened_at=opened_at), PACK, CALENDAR, now)
    to_do = [duty for duty in found if duty.kind == "sooner-review" and duty.to_do]
    if risks and risks[-1].worked_out in ("high", "medium"):
        assert to_do
