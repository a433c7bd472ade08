"""All duties of a case together, the order of Today, and whether a laptop's own clock can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.policy.action_plan import update_promises
from core.policy.agencies import referrals_to_chase
from core.policy.appeals import appeal_duties
from core.policy.calendar import LONDON, WorkingCalendar
from core.policy.closing import closing_duties
from core.policy.duties import CLOCK_TOLERANCE, CaseFacts, Duty, DutyKind, Setting
from core.policy.enforcement import landlords_to_chase, tools_expiring
from core.policy.keeps import keeps
from core.policy.late_reports import late_report_contacts, late_report_duties
from core.policy.pack import PolicyPack
from core.policy.patrols import police_answers
from core.policy.review import reviews_due
from core.policy.safeguarding import safeguarding_duties
from core.policy.safety import stays_ending
from core.policy.second_asked import second_person_duties
from core.policy.service_standards import first_contact, graffiti_removal
from core.policy.sooner import sooner_reviews
from core.policy.survey import survey_reminders, surveys_due
from core.policy.wishes import wishes_to_ask_again
from core.policy.words import say_length, say_moment

MOVED_BACK_TOLERANCE = timedelta(minutes=1)
"""Setting the clock by the network moves it by seconds; more than this is somebody's hand or a flat battery."""
_KINDS = tuple(DutyKind)


def duties_of_case(facts: CaseFacts, pack: PolicyPack, calendar: WorkingCalendar, now: datetime) -> tuple[Duty, ...]:
    """Every timed promise of one case as it stands at `now`: done, to be done, late, or not applying.

    Policy 1.1, 3.3, 4.3, 4.8, 4.10, 4.11, 4.19, 4.23, 4.24, 4.25, 4.28, 4.29 and 4.30, in the order of the time due.
    """
    setting = Setting(pack, calendar, now)
    first = first_contact(facts, setting)
    duties = [first] if first is not None else []
    duties += graffiti_removal(facts, setting)
    duties += reviews_due(facts, setting)
    duties += sooner_reviews(facts, setting)
    duties += closing_duties(facts, setting)
    duties += late_report_contacts(facts, setting)
    duties += late_report_duties(facts, setting)
    duties += appeal_duties(facts, setting)
    duties += surveys_due(facts, setting)
    duties += survey_reminders(facts, setting)
    duties += update_promises(facts, setting)
    duties += police_answers(facts, setting)
    duties += tools_expiring(facts, setting)
    duties += landlords_to_chase(facts, setting)
    duties += referrals_to_chase(facts, setting)
    duties += stays_ending(facts, setting)
    duties += wishes_to_ask_again(facts, setting)
    duties += second_person_duties(facts, setting)
    duties += safeguarding_duties(facts, setting)
    return tuple(sorted(duties, key=_order))


def today_order(duties: Iterable[Duty], now: datetime) -> tuple[Duty, ...]:
    """What is still to be done, as it stands at `now`: late first (longest late at the top), then by time due."""
    current = (duty.at(now) for duty in duties)
    return tuple(sorted((duty for duty in current if duty.to_do), key=_order))


class ClockTrouble(StrEnum):
    """What seems to be wrong with a laptop's clock."""

    MOVED_BACK = "moved-back"
    BEHIND = "behind"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class PeerStamp:
    """A moment another laptop wrote. `fresh` when it was written just now, as during a direct exchange."""

    name: str
    at: datetime
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ClockWarning:
    """Something is wrong with this laptop's clock or another's; `sentence` is for the screen."""

    trouble: ClockTrouble
    sentence: str
    off_by: timedelta


@keeps("4.24", "A laptop with a wrong clock is noticed", on=("Today",))
def clock_check(
    now: datetime, *, last_seen_local: datetime | None = None, peers: Iterable[PeerStamp] = ()
) -> tuple[ClockWarning, ...]:
    """Whether deadlines (4.24) can be trusted to this laptop's clock.

    `last_seen_local` is the latest moment this laptop has itself written. A stamp of another laptop that
    lies ahead of us means that one of the two is wrong; one that lies behind means so only if it is fresh.
    """
    warnings: list[ClockWarning] = []
    if last_seen_local is not None and last_seen_local - now > MOVED_BACK_TOLERANCE:
        warnings.append(_moved_back(now, last_seen_local))
    warnings += [
        _differs(now, peer)
        for peer in sorted(peers, key=lambda peer: (peer.name, peer.at))
        if peer.at - now > CLOCK_TOLERANCE or (peer.fresh and now - peer.at > CLOCK_TOLERANCE)
    ]
    return tuple(warnings)


def _moved_back(now: datetime, last_seen: datetime) -> ClockWarning:
    off_by = last_seen - now
    seen = say_moment(last_seen, now=now, zone=LONDON)
    sentence = (
        f"The laptop clock moved back by {say_length(off_by)}: this laptop was last used at {seen}. "
        "Check the date and time, because deadlines depend on it."
    )
    return ClockWarning(ClockTrouble.MOVED_BACK, sentence, off_by)


def _differs(now: datetime, peer: PeerStamp) -> ClockWarning:
    behind = peer.at > now
    trouble = ClockTrouble.BEHIND if behind else ClockTrouble.AHEAD
    off_by = abs(peer.at - now)
    sentence = (
        f"This laptop's clock is {say_length(off_by)} {'behind' if behind else 'ahead of'} that of {peer.name}. "
        "Check the date and time on both, because deadlines depend on it."
    )
    return ClockWarning(trouble, sentence, off_by)


def _order(duty: Duty) -> tuple[datetime, int, bytes, bytes]:
    return (duty.due_at or duty.anchor_at, _KINDS.index(duty.kind), duty.case, duty.subject)
