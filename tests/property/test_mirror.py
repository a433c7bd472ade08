"""Whatever is missing in a case: adding what mends it takes that finding away, and brings only what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.domain.agencies import Referral
from core.domain.case import (
    Closure,
    Contact,
    Graffiti,
    Judgement,
    Perception,
    PoliceRequest,
    Review,
    SafeContact,
)
from core.domain.closing import ClosureTalk
from core.domain.confidential import CompartmentStub
from core.domain.declare import Record
from core.domain.doors import GraffitiJudgement
from core.domain.enforcement import Proportionality, RightsAdvice, StandingOfPerson, ToolUsed
from core.domain.interview import InterviewOffer, OfficerWish
from core.domain.letters import CaseLetter
from core.domain.plan import ActionPlan, AgainstWish, PlanAction, SupportOffer, Wish
from core.domain.risk import DomesticAbuse, RiskAssessment, Safeguarding, SafeguardingTold
from core.domain.safety import ManagementTransfer
from core.policy import mirror
from core.policy.duties import CaseFacts
from core.policy.enforcement import FACTORS
from core.policy.finding import Finding
from core.policy.talks import people_to_tell
from tests.support.policy import facts, make, named, setting
from tests.unit.policy.test_mirror import HER, HIM, OPENED, person, whole_file
from tests.unit.policy.test_powers import pack as legal_pack

LEGAL = legal_pack()
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
DAY = date(2026, 6, 10)
SETTING = setting(NOW)
WHOLE = tuple(whole_file())
TROUBLE: tuple[Record, ...] = (
    person("another", "harmed"),
    person("him", "alleged-perpetrator"),
    make(StandingOfPerson, party=HIM, noted_at=OPENED, tenure="secure", age_years=12),
    make(ToolUsed, party=HIM, power="injunction", decided_at="2026-03-03 10:00"),
    make(Judgement, decided_at="2026-03-03 10:00", handling="other", decided_by=b"a"),
    make(RiskAssessment, "child", party=HER, assessed_at="2026-03-02 17:00", worked_out="high", floors={"child"}),
    make(DomesticAbuse, noted_at="2026-03-02 16:00"),
    make(Wish, "none", party=HER, said_at="2026-03-02 16:00", no_action=True, ask_again_on=date(2026, 3, 4)),
    make(ActionPlan, "two", party=HER, drawn_up_at="2026-03-04 11:00", contact_days=30, agreed="not-yet"),
    make(PlanAction, plan=named("action_plan two"), what="The light", who="landlord", by_when=date(2026, 3, 5)),
    make(Graffiti, "wall", place="Wall", notified_at="2026-03-02 10:00"),
    make(Graffiti, "door", place="Door", notified_at="2026-03-02 10:00", removed_at="2026-03-02 12:00"),
    make(Referral, basis="consent", agency_name="X", sent_at="2026-06-09 10:00", withdrawn_at="2026-06-09 12:00"),
    make(ManagementTransfer, decided_at="2026-03-03 10:00", decision="awarded", triggers={"assault"}),
    make(Closure, proposed_at="2026-06-08 14:00", proposed_by=b"a"),
    make(Safeguarding, about="adult", concern="x", noted_at=OPENED, not_told_because="Not yet"),
    make(OfficerWish, "asked", party=HER, said_at="2026-03-02 16:00", wants=frozenset({"woman"})),
    make(InterviewOffer, "wanted", party=HER, offered_at="2026-03-02 16:00", answer="yes"),
)  # fmt: skip

Mend = Callable[[CaseFacts, Finding], list[Record]]


def _contact(_facts: CaseFacts, _finding: Finding) -> list[Record]:
    return [
        make(Contact, f"mended {party.hex()}", party=party, at=NOW, way="call", outcome="spoke")
        for party in _harmed(_facts)
    ]


def _harmed(found: CaseFacts) -> list[bytes]:
    return [party.id for party in found.parties if "harmed" in party.roles] or [HER]


def _risk(found: CaseFacts, _finding: Finding) -> list[Record]:
    return [
        make(RiskAssessment, f"m {one.hex()}", party=one, assessed_at=NOW, worked_out="standard")
        for one in _harmed(found)
    ]


def _plan(found: CaseFacts, _finding: Finding) -> list[Record]:
    return [
        make(
            ActionPlan, f"m {one.hex()}", party=one, drawn_up_at=NOW, contact_days=30, agreed="said", copy_given_at=NOW
        )
        for one in _harmed(found)
    ]


def _standing(found: CaseFacts, _finding: Finding) -> list[Record]:
    about = [party.id for party in found.parties if "alleged-perpetrator" in party.roles] or [HIM]
    return [
        make(StandingOfPerson, f"m {one.hex()}", party=one, noted_at=NOW, tenure="secure", age_years=40)
        for one in {*about, HIM}
    ]


def _weigh(_facts: CaseFacts, _finding: Finding) -> list[Record]:
    whole = dict.fromkeys(FACTORS, "Known.")
    return [make(Proportionality, party=HIM, tool="injunction", weighed_at=NOW, conclusion="Ask.", **whole)]


def _changed(kind: type[Record], **values: object) -> Mend:
    """The record the finding is about (or the only one), with something written into it."""

    def mend(found: CaseFacts, finding: Finding) -> list[Record]:
        every = [one for one in (*WHOLE, *TROUBLE) if isinstance(one, kind)]
        some = [one for one in every if finding.subject in (None, one.id)]
        here = {one.id for one in _all(found)}
        return [replace(one, **values) for one in some if one.id in here]  # type: ignore[arg-type]

    return mend


def _new(kind: type[Record], **values: object) -> Mend:
    return lambda _facts, _finding: [make(kind, "mended", **values)]


def _talk(found: CaseFacts, _finding: Finding) -> list[Record]:
    return [
        make(ClosureTalk, f"m {one}", closure=closure.id, party=one, talked_at=NOW, way="call", appeal_explained=True)
        for one in people_to_tell(found)
        for closure in found.closures
    ]


def _write(found: CaseFacts, _finding: Finding) -> list[Record]:
    return [
        make(CaseLetter, f"m {one}", party=one, template="closure", about=closure.id, delivery="posted",
             delivered_at=NOW)
        for one in people_to_tell(found)
        for closure in found.closures
    ]


def _judge_mark(_facts: CaseFacts, finding: Finding) -> list[Record]:
    assert finding.subject is not None
    return [make(GraffitiJudgement, finding.subject.hex(), graffiti=finding.subject, offensive=True, judged_at=NOW)]


def _tell(_facts: CaseFacts, finding: Finding) -> list[Record]:
    return [make(SafeguardingTold, "mended", concern=finding.subject, agency="The council", told_on=DAY)]


MENDS: Mapping[str, Mend] = {
    "wishes": _new(Wish, party=HER, said_at=NOW, words="Peace."),
    "wishes-again": _new(Wish, party=HER, said_at=NOW, words="Peace."),
    "against-wish": _new(AgainstWish, grounds=frozenset({"life"}), decided_at=NOW, person_told=True),
    "support": _new(SupportOffer, what="counselling", offered_at=NOW),
    "safe-ways": _new(SafeContact, party=HER, safe_ways=frozenset({"call"}), checked_at=NOW),
    "risk": _risk,
    "risk-person": _risk,
    "child": _new(Safeguarding, about="child", concern="x", noted_at=NOW, told="The council", told_on=DAY),
    "adviser": _new(DomesticAbuse, noted_at=NOW, adviser_offered=True),
    "interview": _new(InterviewOffer, party=HER, offered_at=NOW, answer="no"),
    "interview-wanted": _new(CompartmentStub, at=NOW),
    "officer": _new(OfficerWish, party=HER, said_at=NOW),
    "officer-met": _new(OfficerWish, party=HER, said_at=NOW, wants=frozenset({"woman"}), met=True),
    "safeguarding-untold": _tell,
    "late-safeguarding": _tell,
    "plan": _plan,
    "plan-agreed": _plan,
    "plan-copy": _changed(ActionPlan, copy_given_at=NOW),
    "plan-action": _changed(PlanAction, done_at=NOW),
    "rights": _new(RightsAdvice, about=frozenset({"police"}), given_at=NOW),
    "strands": _new(Perception, strands=frozenset({"race"}), stated_at=NOW),
    "judgement-reasons": _new(Judgement, decided_at=NOW, handling="other", reasons="A feud.", person_told=True),
    "judgement-untold": _new(Judgement, decided_at=NOW, handling="other", reasons="A feud.", person_told=True),
    "weighing": _weigh,
    "standing": _standing,
    "parent": _standing,
    "nobody-named": _new(PoliceRequest, asked_at=NOW, asked_of="The local team"),
    "agencies": _new(Referral, basis="consent", agency_name="A charity", sent_at=NOW),
    "withdrawn": _changed(Referral, withdrawal_done="Told to stop."),
    "move-reasons": _new(ManagementTransfer, decided_at=NOW, decision="not-awarded", reasons="x", appeal_told=True),
    "move-appeal": _new(ManagementTransfer, decided_at=NOW, decision="not-awarded", reasons="x", appeal_told=True),
    "graffiti-judged": _judge_mark,
    "graffiti-photo": _changed(Graffiti, no_photo_because="It was being washed off."),
    "late-graffiti": _changed(Graffiti, removed_at=NOW, photographed_before=True),
    "late-first-contact": _contact,
    "late-update": _contact,
    "late-review": _new(Review, reviewed_at=NOW, findings="x", keep_open=True),
    "late-sooner-review": _new(Review, reviewed_at=NOW, findings="x", keep_open=True),
    "late-ask-again": _new(Wish, party=HER, said_at=NOW, words="Peace."),
    "late-police-answer": _changed(PoliceRequest, replied_at=NOW),
    "closing-reason": _changed(Closure, reason="Quiet for months."),
    "closing-discuss": _talk,
    "closing-explain-appeal": _talk,
    "closing-write": _write,
}  # fmt: skip
FOLLOWS: Mapping[str, set[str]] = {
    "weighing": {"weighed-late"},
    "late-first-contact": {"was-late-first-contact", "was-late-update"},
    "late-update": {"was-late-update", "was-late-first-contact"},
    "late-review": {"was-late-review", "was-late-sooner-review", "risk"},
    "late-sooner-review": {"was-late-review", "was-late-sooner-review", "risk"},
    "late-graffiti": {"was-late-graffiti"},
    "late-ask-again": {"was-late-ask-again"},
    "wishes": {"was-late-ask-again"},
    "wishes-again": {"was-late-ask-again"},
    "late-police-answer": {"was-late-police-answer"},
    "late-safeguarding": {"was-late-safeguarding"},
    "plan": {"was-late-update"},
    "plan-agreed": {"was-late-update"},
}


def _all(found: CaseFacts) -> tuple[Record, ...]:
    fields = (getattr(found, name) for name in CaseFacts.__slots__ if name not in ("case", "more"))
    return (*(one for group in fields for one in group), *(one for group in found.more.values() for one in group))


def _of(records: tuple[Record, ...], named_person: bool) -> CaseFacts:
    known = "named" if named_person else "unknown"
    return facts(*records, opened_at=OPENED, stage="open", perpetrator_known=known)


def _codes(found: CaseFacts) -> dict[tuple[str, bytes | None], Finding]:
    return {(one.code, one.subject): one for one in mirror.findings(found, SETTING, LEGAL)}


records = st.tuples(
    st.sets(st.sampled_from(range(len(WHOLE))), min_size=2),
    st.sets(st.sampled_from(range(len(TROUBLE)))),
    st.booleans(),
)


@given(records)
def test_mending_takes_the_finding_away_and_brings_only_what_follows(picked: tuple[set[int], set[int], bool]) -> None:
    kept, trouble, named_person = picked
    before = tuple(WHOLE[place] for place in sorted(kept | {0, 1})) + tuple(TROUBLE[place] for place in sorted(trouble))
    was = _codes(_of(before, named_person))
    for (code, subject), finding in was.items():
        assert finding.step or finding.duty, "every finding leads somewhere"
        if finding.stays:
            continue
        mended = MENDS[code](_of(before, named_person), finding)
        assert mended, f"{code} is mended by something"
        new = {one.id for one in mended}
        after = tuple(one for one in before if one.id not in new) + tuple(mended)
        now = _codes(_of(after, named_person))
        assert (code, subject) not in now, f"{code} is gone once it is mended"
        assert {one for one, _ in now} - {one for one, _ in was} <= FOLLOWS.get(code, set()), code


@given(records)
def test_the_order_of_records_changes_nothing(picked: tuple[set[int], set[int], bool]) -> None:
    kept, trouble, named_person = picked
    some = tuple(WHOLE[place] for place in sorted(kept)) + tuple(TROUBLE[place] for place in sorted(trouble))
    assert _codes(_of(some, named_person)).keys() == _codes(_of(some[::-1], named_person)).keys()
