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
from core.domain.closing import APPEAL_DECISIONS, Appeal
from core.domain.documents import Attachment
from core.domain.safety import (
    ADDRESS_WHERE,
    GROUNDS,
    HOUSING,
    OPENLY,
    TRANSFER,
    TRIED,
    TRIGGERS,
    WHO_MOVES,
    HousingAdvice,
    ManagementTransfer,
    ProfessionalWitness,
    SecurityMeasure,
)
from core.policy.agencies import (
    advice_conflicts,
    agencies_at_work,
    answers_to,
    leaks,
    panels,
    referral_ended,
    sent_to_council,
    shared_with,
    whose_notes,
    withdrawn_to_tell,
)
from core.policy.people import people_harmed
from core.policy.safety import council_priority, options_told, spent_on_measures, transfer_now
from core.policy.support import SHEETS, people_without_options, sheets_given
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import small_first
from desktop.theme import Tone
from desktop.widgets.moments import date_words, moment_words

READ = "Select to read"


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """What needs somebody first, then who works on it, then what they were given."""
    return (
        *_at_work(page), *_transfers(page, now), *_sheets(page, now), *_housing(page, now), *_measures(page, now),
        *_witnesses(page, now),
        *_referrals(page, now), *_advice(page), *_together(page, now), *_panels(page, now),
        *_shared(page, now), *_directory(page),
    )  # fmt: skip


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return (Doing("Shared with somebody", "share"),)
    first = Doing("Referral", "referral") if page.agencies else Doing("New agency", "agency")
    return (
        first, Doing("Shared with somebody", "share"), Doing("Measure at the home", "measure"),
        Doing("Advice on housing", "housing"),
    )  # fmt: skip


def _at_work(page: CasePage) -> tuple[Fact, ...]:
    names = agencies_at_work(page.file.contents)
    return (Fact("At work on it with us", (", ".join(names),)),) if names else ()


def _transfers(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    holds = transfer_now(page.file.contents)
    found = []
    for one in page.file.contents.of(ManagementTransfer):
        tags = [(TRANSFER.get(one.decision, one.decision), Tone.INFO if one is holds else Tone.NEUTRAL)]
        appeals = [appeal for appeal in page.file.contents.of(Appeal) if appeal.transfer == one.id]
        for appeal in appeals:
            words = APPEAL_DECISIONS.get(appeal.decision, "not decided yet").lower()
            tags.append((f"Appeal: {words}", Tone.NEUTRAL if appeal.decision else Tone.SOON))
        held = f": {one.address_held_by}" if one.address_held_by else ""
        lines = (
            _on("Decided", one.decided_at, now), f"By authority of {one.authority}",
            "; ".join(words for code, words in TRIGGERS.items() if code in one.triggers),
            f"Who moves: {WHO_MOVES.get(one.who_moves, one.who_moves).lower()}",
            f"New address: {ADDRESS_WHERE.get(one.address_where, one.address_where).lower()}{held}",
        )  # fmt: skip
        button = () if appeals else (Doing("Appeal", "appeal", one.id),)
        found.append(Fact("Move for safety", lines, f"Reasons. {READ}", one.reasons, tuple(tags), button))
    return tuple(found)


def _housing(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    told, found = options_told(contents), []
    priority = council_priority(contents)
    if told or priority:
        lines = (*(words for code, words in HOUSING.items() if code in told), priority)
        found.append(Fact("Told about housing" if told else "Housing", lines))
    for one in contents.of(HousingAdvice):
        if one.chosen:
            days = (
                f"From {date_words(one.begins_on, now)}" if one.begins_on else "",
                f"Until {date_words(one.ends_on, now)}" if one.ends_on else "",
            )  # fmt: skip
            fold = f"Who provides it. {READ}" if one.provider else ""
            found.append(Fact(f"For now: {HOUSING.get(one.chosen, one.chosen).lower()}", days, fold, one.provider))
    return tuple(found)


def _sheets(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """What each person harmed was given in writing to keep, and who has no sheet of options yet."""
    contents, found = page.file.contents, []
    without = {one.id for one in people_without_options(contents)}
    for party in people_harmed(contents):
        given = sheets_given(contents, party.id)
        lines = tuple(
            _on(f"{given[code].name}:", given[code].delivered_at, now)
            for code in SHEETS
            if code in given
        )
        if party.id not in without:
            found.append(Fact(f"Given to {party.name or 'the person harmed'}", lines))
        elif page.file.case.stage != "closed":
            doing = (Doing("Write to one person", "case-letter"),)
            tags = (("No sheet of options yet", Tone.INFO),)
            found.append(Fact(f"Given to {party.name or 'the person harmed'}", lines, tags=tags, doing=doing))
    return tuple(found)


def _measures(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    attached, found = {one.id for one in contents.of(Attachment)}, []
    for one in contents.of(SecurityMeasure):
        lines = (
            one.place, _on("Asked", one.asked_at, now),
            f"Done on {date_words(one.done_on, now)}" if one.done_on else "",
            f"Repair {one.repair_reference}" if one.repair_reference else "", f"The order says: {one.order_words}",
        )  # fmt: skip
        tag = ("Done", Tone.OK) if one.done_on else ("Asked for", Tone.SOON)
        buttons = [] if one.done_on else [Doing("It is done", "measure-done", one.id)]
        for words, photo in (("Before", one.photo_before), ("Afterwards", one.photo_after)):
            if photo in attached:
                buttons.append(Doing(f"{words}: look at it", "file", photo))
        buttons.append(Doing("Photographs", "measure-photos", one.id))
        found.append(Fact(MEASURES.get(one.sort, one.sort), lines, tags=(tag,), doing=tuple(buttons)))
    spent = spent_on_measures(contents)
    return (*found, Fact("Spent on measures", (f"£{spent:,}",))) if spent else tuple(found)


def _witnesses(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            "Professional witness",
            (
                OPENLY.get(one.openly, one.openly), f"By authority of {one.authority}",
                "; ".join(words for code, words in GROUNDS.items() if code in one.grounds),
                "Tried first: " + "; ".join(words.lower() for code, words in TRIED.items() if code in one.tried),
                f"From {date_words(one.begins_on, now)}" if one.begins_on else "",
                f"Until {date_words(one.ends_on, now)}" if one.ends_on else "",
                f"Cost £{one.cost_pounds:,}" if one.cost_pounds else "",
            ),
            f"Why it is necessary. {READ}", one.necessity,
        )
        for one in page.file.contents.of(ProfessionalWitness)
    )  # fmt: skip


def _referrals(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    to_tell, leaked = {one.id for one in withdrawn_to_tell(contents)}, leaks(contents)
    council = {one.id for one in sent_to_council(contents)}
    found = []
    for one in contents.of(Referral):
        heard = tuple(answer for answer in answers_to(contents, one.id) if answer.outcome != "leak")
        last = OUTCOMES.get(heard[-1].outcome, "") if heard else "No answer yet"
        tags = [(last, Tone.NEUTRAL if referral_ended(contents, one) else Tone.SOON)]
        if one.id in council:
            tags.append(("For the council's powers", Tone.INFO))
        if one.withdrawn_at is not None:
            tags.append(("Agreement withdrawn", Tone.INFO))
        if one.id in to_tell:
            tags.append(("Tell the agency", Tone.LATE))
        if one.id in leaked:
            tags.append(("Something came out", Tone.LATE))
        seen = next((answer.first_contact_on for answer in reversed(heard) if answer.first_contact_on), None)
        lines = (
            SERVICES.get(one.service, one.service), _on("Sent", one.sent_at, now),
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


def _on(what: str, at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    words = moment_words(at, now)
    return f"{what} {small_first(words) if words.startswith(('Today', 'Yesterday')) else words}"


PART = Part(
    title="Support", facts=facts, doing=doing,
    empty="Nobody outside works on this case yet. Put agencies in the directory first, then refer.",
)  # fmt: skip
