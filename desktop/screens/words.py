"""Words more than one screen needs: safe ways, drafts, counts. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.domain.case import CONTACT_WAYS
from core.domain.organisation import CASEWORK_ROLES
from core.foundation.ids import RecordId
from core.policy.safe_contact import WaysToContact, people_with_rules, ways_for
from core.services.organisation import MemberRow
from core.services.out_of_hours import OnCall
from core.services.versions import WaitingChoices
from desktop.widgets import SafeContact, Safety
from desktop.widgets.moments import clock_words, day_words, moment_words

if TYPE_CHECKING:  # Today counts and tells without loading all that the page of a case needs
    from core.services.case_page import CasePage

CHECK_AGAIN_AFTER = timedelta(days=30)
"""Safe ways change: after so long the page asks to check them with the person."""

def safe_contact(ways: WaysToContact, now: datetime) -> SafeContact:
    """What the strip shows. A way nobody asked about may not be used."""
    word = " A code word is agreed: People shows it." if ways.code_word else ""
    checked = f"Checked {small_first(moment_words(ways.checked_at, now))}." if ways.checked_at else ""
    old = ways.checked_at is not None and now - ways.checked_at > CHECK_AGAIN_AFTER
    if old:
        checked = f"{checked} That is over 30 days ago: ask the person again."
    asked = bool(ways.safe or ways.never)
    return SafeContact(
        ways=tuple((CONTACT_WAYS[way], safety_of(ways, way)) for way in (*ways.safe, *ways.never)),
        times=ways.times,
        if_someone_else_answers=_sentence(ways.if_someone_else_answers),
        checked=f"{checked}{word}" if asked else "Nobody has asked yet which ways are safe. Ask before anything else.",
        out_of_date=old or not asked,
    )


def contact_of(page: CasePage, now: datetime) -> SafeContact:
    """What the strip of a case shows: of each person by themselves, where they differ."""
    contact = safe_contact(page.ways, now)
    facts = page.file.contents
    people = people_with_rules(facts) if page.ways.differ else ()
    told = []
    for party in people:
        ways = ways_for(facts, party.id)
        marked = tuple((CONTACT_WAYS[way], safety_of(ways, way)) for way in (*ways.safe, *ways.never))
        told.append((party.name or "Name not given", marked, ways.times))
    return replace(contact, people=tuple(told))


def _sentence(words: str) -> str:
    said = words.strip()
    return said if not said or said[-1] in ".!?" else f"{said}."


def safety_of(ways: WaysToContact, way: str) -> Safety:
    """Whether one way may be used."""
    if way in ways.never:
        return Safety.NEVER
    return Safety.SAFE if way in ways.safe else Safety.NOT_ASKED


def choice_lines(choices: WaitingChoices) -> tuple[tuple[str, str, RecordId | None], ...]:
    """(in short, the rest, case) for each place where a choice waits; the case is None for what belongs to none."""
    places: list[tuple[str, int, RecordId | None]] = [
        (f"of {case.reference}", case.count, case.case) for case in choices.cases
    ]
    if choices.elsewhere:
        places.append(("about homes, colleagues or the organisation", choices.elsewhere, None))
    return tuple(
        (
            f"{count_words(count, 'entry', 'entries')} {where} {'needs' if count == 1 else 'need'} your choice.",
            "Two laptops changed the same thing. Both versions are kept.",
            case,
        )
        for where, count, case in places
    )


def when_words(moment: datetime, now: datetime) -> str:
    """ "9:41am" today, "yesterday at 9:41am", "20 November at 9:41am"."""
    if day_words(moment, now) == "Today":
        return clock_words(moment)
    return small_first(moment_words(moment, now))


def at_words(moment: datetime, now: datetime) -> str:
    """ "today at 9:41am", "yesterday at 9:41am", "20 November at 9:41am", after another word."""
    return small_first(moment_words(moment, now))


def does_casework(member: MemberRow) -> bool:
    """Whether somebody is offered as a reader of a new case."""
    return member.role in CASEWORK_ROLES


def small_first(words: str) -> str:
    """ "Today at 9:12am" in the middle of a sentence."""
    return words if words[:1].isdigit() else words[:1].lower() + words[1:]


def count_words(count: int, one: str, many: str) -> str:
    """ "1 case", "2 cases"."""
    return f"{count:,} {one if count == 1 else many}"


def open_for(opened_at: datetime | None, now: datetime) -> str:
    """How long a case has been open, for a tag: "today", "5 days"."""
    if opened_at is None:
        return ""
    days = (now - opened_at).days
    return "today" if days < 1 else count_words(days, "day", "days")


def on_call_words(found: OnCall, now: datetime) -> str:
    """ "Out of hours from 5:00pm: Sam Okoro, 020 7946 0999."; while the night lasts, until when."""
    begun = found.night.begins_at <= now
    when = f"until {clock_words(found.night.ends_at)}" if begun else f"from {clock_words(found.night.begins_at)}"
    if not found.name:
        return f"Out of hours {when}: nobody holds the phone."
    return f"Out of hours {when}: {', '.join(filter(None, (found.name, found.phone)))}."
