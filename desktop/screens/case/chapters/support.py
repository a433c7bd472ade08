"""Who works on the case with us, what they were given, and what came of it (policy 3.2, 4.13 to 4.23, 4.33)."""

from __future__ import annotations

from datetime import datetime

from core.domain.agencies import (
    ADVISED,
    BASES,
    FORUMS,
    JOINT,
    MEASURES,
    OUTCOMES,
    SERVICES,
    AdviceSought,
    JointWork,
    Referral,
)
from core.policy.agencies import (
    advice_conflicts,
    agencies_at_work,
    answers_to,
    leaks,
    panels,
    referral_ended,
    shared_with,
    whose_notes,
    withdrawn_to_tell,
)
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.theme import Tone
from desktop.widgets.moments import date_words, moment_words

READ = "Select to read"


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """What needs somebody first, then who works on it, then what they were given."""
    return (
        *_at_work(page), *_referrals(page, now), *_advice(page), *_together(page, now), *_panels(page, now),
        *_shared(page, now), *_directory(page),
    )  # fmt: skip


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return (Doing("Shared with somebody", "share"),)
    first = Doing("Referral", "referral") if page.agencies else Doing("New agency", "agency")
    return (first, Doing("Shared with somebody", "share"), Doing("Together with others", "joint"))


def _at_work(page: CasePage) -> tuple[Fact, ...]:
    names = agencies_at_work(page.file.contents)
    return (Fact("At work on it with us", (", ".join(names),)),) if names else ()


def _referrals(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    to_tell, leaked = {one.id for one in withdrawn_to_tell(contents)}, leaks(contents)
    found = []
    for one in contents.of(Referral):
        heard = tuple(answer for answer in answers_to(contents, one.id) if answer.outcome != "leak")
        last = OUTCOMES.get(heard[-1].outcome, "") if heard else "No answer yet"
        tags = [(last, Tone.NEUTRAL if referral_ended(contents, one) else Tone.SOON)]
        if one.withdrawn_at is not None:
            tags.append(("Agreement withdrawn", Tone.INFO))
        if one.id in to_tell:
            tags.append(("Tell the agency", Tone.LATE))
        if one.id in leaked:
            tags.append(("Something came out", Tone.LATE))
        seen = next((answer.first_contact_on for answer in reversed(heard) if answer.first_contact_on), None)
        lines = (
            SERVICES.get(one.service, one.service), f"Sent {moment_words(one.sent_at, now)}" if one.sent_at else "",
            f"Basis: {BASES.get(one.basis, one.basis).lower()}",
            "Told how to reach the person safely" if one.safe_contact_copied else "Not told how to reach the person",
            f"First in touch on {date_words(seen, now)}" if seen else "",
            f"Their reference: {one.reference}" if one.reference else "",
        )  # fmt: skip
        buttons = [Doing("Record the answer", "referral-answer", one.id)]
        if one.withdrawn_at is None or one.id in to_tell:
            buttons.append(Doing("Agreement withdrawn", "withdraw-consent", one.id))
        found.append(Fact(one.agency_name, lines, f"Why. {READ}", one.reason, tuple(tags), tuple(buttons)))
    return tuple(found)


def _advice(page: CasePage) -> tuple[Fact, ...]:
    contents = page.file.contents
    apart = advice_conflicts(contents)
    return tuple(
        Fact(
            f"Advice: {MEASURES.get(one.about, one.about).lower()}",
            (f"{one.adviser}: {ADVISED.get(one.advised, '').lower()}", one.followed), f"The advice. {READ}", one.words,
            (("Advisers disagree", Tone.SOON),) if one.about in apart else (),
        )
        for one in contents.of(AdviceSought)
    )  # fmt: skip


def _together(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"{JOINT.get(one.sort, one.sort)} together with {one.organisation}",
            (moment_words(one.done_at, now) if one.done_at else "", one.with_whom, whose_notes(one)),
            f"Our note. {READ}", one.ours,
        )
        for one in page.file.contents.of(JointWork)
    )  # fmt: skip


def _panels(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            one.forum, (FORUMS.get(one.sort, one.sort), date_words(one.met_on, now) if one.met_on else ""),
            f"What they were given and agreed. {READ}", "\n".join(part for part in (one.extract, one.actions) if part),
        )
        for one in panels(page.file.contents)
    )  # fmt: skip


def _shared(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"Shared with {one.with_whom}",
            (
                moment_words(one.shared_at, now) if one.shared_at else "",
                f"Basis: {BASES.get(one.basis, one.basis).lower()}",
            ),
            f"What was shared. {READ}", one.what,
        )
        for one in shared_with(page.file.contents)
    )  # fmt: skip


def _directory(page: CasePage) -> tuple[Fact, ...]:
    stale = [row.agency for row in page.agencies if row.stale]
    if not stale:
        return ()
    names = ", ".join(one.name for one in stale)
    check = (Doing("Check an agency", "check-agency"),)
    return (Fact("Agencies nobody has checked for a year", (names,), doing=check),)


PART = Part(
    title="Support", facts=facts, doing=doing,
    empty="Nobody outside works on this case yet. Put agencies in the directory first, then refer.",
)  # fmt: skip
