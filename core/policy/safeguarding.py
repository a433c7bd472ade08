"""By when those whose duty it is are told of a safeguarding concern (3.3).

The policy puts safety first and gives no length; the time is a row of the pack. The day on which somebody was told is
written down and not the hour, so whoever was told on the day on which the time ends was told in time.
"""

from __future__ import annotations

from datetime import date, datetime

from core.domain.risk import Safeguarding, SafeguardingTold
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps


@keeps("3.3", "A safeguarding concern is told by a time, and a late word stays late", on=("Today", "Risk"))
def safeguarding_duties(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 3.3: each concern about a child or an adult is told, or it is decided that it is not.

    Why nobody was told yet is no end, nor is it an end that the case was closed.
    """
    term = setting.pack.terms["safeguarding_told"].term
    found = []
    for one in facts.of(Safeguarding):
        noted_at = known(one.noted_at)
        if noted_at is None:
            continue
        promise = Promise(
            kind=DutyKind.SAFEGUARDING, clause="3.3", case=facts.case.id, subject=one.id,
            title="Tell somebody of a safeguarding concern", action="Write down who was told", anchor_at=noted_at,
        )  # fmt: skip
        due_at = setting.due_after(noted_at, term)
        words = (told for told in facts.of(SafeguardingTold) if told.concern == one.id)
        said = [_ended(told, noted_at, due_at, setting) for told in words]
        if one.told_on is not None:
            said.append(_told(one.told_on, noted_at, noted_at, due_at, setting))
        met_at = min((at for at in said if at is not None), default=None)
        basis = f"{term} from when the concern was written down on {setting.say(noted_at)}"
        found.append(clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis))
    return tuple(found)


def _ended(told: SafeguardingTold, noted_at: datetime, due_at: datetime, setting: Setting) -> datetime | None:
    """When this word ended the wait; None if it does not."""
    recorded_at = setting.happened(told.recorded_at)
    if told.told_on is not None:
        return _told(told.told_on, recorded_at, noted_at, due_at, setting)
    return recorded_at if told.nobody_because.strip() else None


def _told(
    day: date, recorded_at: datetime | None, noted_at: datetime, due_at: datetime, setting: Setting
) -> datetime | None:
    """The moment that counts for a day: when it was written down if that was the same day, and the time if it ended."""
    zone = setting.pack.zone
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    if day > setting.now.astimezone(zone).date():
        return None
    moment = min(setting.calendar.end_of_day(noon, zone), recorded_at or setting.now)
    if day <= due_at.astimezone(zone).date():
        moment = min(moment, due_at)
    return max(moment, noted_at)
