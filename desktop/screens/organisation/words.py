"""The Organisation page in words: one function a tab. Pure."""

from __future__ import annotations

from datetime import date

from core.domain.estate import FORMATS
from core.domain.governance import POLICY_EVENTS, PREVENTION
from core.policy.policy_care import FOOTER
from core.services.governance_page import OfficeRow, OrganisationPage
from core.services.pack_changes import ChangeRow
from desktop.screens.case.words import Doing, Fact
from desktop.theme import Tone

TABS = ("Offices", "Out of hours", "Training", "Copies", "Care of the policy", "Prevention", "Law", "Packs")
EMPTY = {
    "Offices": "Nobody holds an office.",
    "Out of hours": "Nobody holds the out-of-hours phone yet.",
    "Training": "No training is written down.",
    "Copies": "Nobody has asked for a copy of the policy. When somebody does, write it down here.",
    "Care of the policy": "No consultation or review is written down.",
    "Prevention": "Nothing is written down. What is done before anything happens belongs here, area by area.",
    "Law": "",
    "Packs": "",
}


def facts_of(page: OrganisationPage) -> dict[str, tuple[Fact, ...]]:
    """Name of a tab -> what it shows."""
    return {
        "Offices": offices(page), "Out of hours": out_of_hours(page), "Training": training(page),
        "Copies": copies(page), "Care of the policy": care(page), "Prevention": prevention(page), "Law": law(page),
        "Packs": packs(page),
    }  # fmt: skip


def doing_of(page: OrganisationPage) -> dict[str, tuple[Doing, ...]]:
    """Name of a tab -> the buttons above it, for what this person may do."""
    none: dict[str, tuple[Doing, ...]] = dict.fromkeys(TABS, ())
    if page.writes:
        none |= {
            "Out of hours": (Doing("Somebody takes the phone", "take-phone"), Doing("Print the card", "make-card")),
            "Training": (Doing("Write down a training", "training"),),
            "Copies": (Doing("Somebody asked for a copy", "copy"),),
            "Care of the policy": (Doing("Write down a consultation or review", "event"),),
            "Prevention": (Doing("Write down what was done", "prevention"),),
        }
        none["Packs"] = (Doing("Bring in a list of agencies", "agencies"),)
    if page.administers:
        none["Offices"] = (Doing("Somebody takes an office", "office"),)
        none["Copies"] = (*none["Copies"], Doing("Our own text of the policy", "policy-text"))
        none["Packs"] = (Doing("Bring in a changed pack", "import-pack"), *none["Packs"])
    return none


def offices(page: OrganisationPage) -> tuple[Fact, ...]:
    """Who holds which office, who can still do what, and what happens if one of them is connected with a case."""
    found = [_office(page, row) for row in page.offices]
    lines = tuple(f"{one.duty.words}: {one.sentence}" for one in page.possible)
    short = any(one.short for one in page.possible)
    found.append(Fact("Where it takes another person", lines, tags=(_short_tag(short),)))
    for other in page.if_connected:
        changed = tuple(
            f"{one.duty.words}: {one.sentence}"
            for one, usual in zip(other.duties, page.possible, strict=True)
            if one.sentence != usual.sentence
        )
        tag = _short_tag(any(one.short for one in other.duties))
        said = changed or ("Nothing changes: others can do all of it.",)
        found.append(Fact(f"If {other.name} is connected with a case", said, tags=(tag,)))
    for row in page.offices_before:
        assert row.held is not None
        lines = (f"{row.name or 'A former colleague'}, {_span(row.held.since, row.held.until)}",)
        found.append(Fact(f"Before: {row.office.words}", lines))
    return tuple(found)


def out_of_hours(page: OrganisationPage) -> tuple[Fact, ...]:
    """Who holds the phone tonight, the nights nobody does, and the shifts (policy 4.24)."""
    rota = page.rota
    number = f"The number is {rota.number}." if rota.number else "No out-of-hours phone is written down (Colleagues)."
    head = ("Nobody holds the phone.",) if not rota.tonight.name else (_held(rota.tonight.name, rota.tonight.phone),)
    tag = ("Held", Tone.OK) if rota.tonight.name else ("Nobody", Tone.LATE)
    tonight = Fact(
        f"The night of {_day(rota.tonight.night.day)}",
        (*head, number, f"The office is open {rota.hours}; at all other times the phone is held."),
        tags=(tag,), clauses=("4.24",),
    )  # fmt: skip
    nights = sum(gap.nights for gap in rota.gaps)
    lines = tuple(_nights(gap.first, gap.last) for gap in rota.gaps)
    count = f"{nights} of the next {len(rota.nights)} nights"
    gaps = Fact("Nobody yet", lines, tags=((count, Tone.SOON),)) if lines else Fact(
        "Nobody yet", (f"Somebody holds the phone on each of the next {len(rota.nights)} nights.",),
        tags=(("No gaps", Tone.OK),),
    )  # fmt: skip
    taken = []
    for row in rota.shifts:
        assert row.shift.from_on is not None and row.shift.until_on is not None
        doing = (Doing("Take off", "leave-phone", row.shift.id),) if page.writes else ()
        own = f"On {row.phone}" if row.shift.phone else ""
        taken.append(Fact(row.name, (_nights(row.shift.from_on, row.shift.until_on), own), doing=doing))
    return (tonight, gaps, *taken)


def training(page: OrganisationPage) -> tuple[Fact, ...]:
    """Every colleague with every training."""
    found = []
    for colleague in page.colleagues:
        mine = [one for one in page.trainings if one.user == colleague.user]
        lapsed = [one for one in mine if one.lapsed]
        lines = tuple(
            f"{one.training.words}: done {_day(one.done_on)}, counts until {_day(one.until)}"
            if one.done_on and one.until
            else f"{one.training.words}: never written down"
            for one in mine
        )
        soon = any(one.soon for one in mine)
        tag = ("Runs out soon", Tone.INFO) if soon else ("Up to date", Tone.OK)
        if lapsed:
            tag = ("Training is due", Tone.SOON)
        found.append(Fact(colleague.name or "A colleague", lines, tags=(tag,)))
    return tuple(found)


def copies(page: OrganisationPage) -> tuple[Fact, ...]:
    """Copies asked for, those still to give first."""
    found = []
    for one in sorted(page.copies, key=lambda one: (one.copy.given_on is not None, one.due_on or date.max)):
        copy = one.copy
        made = (f"Made by {copy.outsourced_to}, sent {_day(copy.outsourced_on)}" if copy.outsourced_on else
                f"Made by {copy.outsourced_to}" if copy.outsourced_to else "")  # fmt: skip
        lines = (
            f"{FORMATS.get(copy.format, copy.format)}"
            + ("" if copy.language.casefold().startswith("en") else f", in {copy.language}"),
            f"Asked {_day(copy.asked_on)}" if copy.asked_on else "", made,
            f"Given {_day(copy.given_on)} {copy.given_how}".rstrip() if copy.given_on else
            f"To be given by {_day(one.due_on)}" if one.due_on else "",
            "Somebody else has to make this one." if one.made_elsewhere and not copy.outsourced_to
            and not copy.given_on else "",
        )  # fmt: skip
        tag = ("Given", Tone.OK) if copy.given_on else ("Late", Tone.LATE) if one.late else ("To give", Tone.INFO)
        doing = () if copy.given_on or not page.writes else (
            Doing("Make it", "make-copy", copy.id), Doing("Sent or given", "copy-given", copy.id),
        )  # fmt: skip
        found.append(Fact(copy.asked_by or "Somebody", lines, tags=(tag,), doing=doing))
    return tuple(found)


def care(page: OrganisationPage) -> tuple[Fact, ...]:
    """The three dates the policy names, that they differ, and what was held."""
    found = []
    for one in page.dates:
        footer = one.where == FOOTER
        tag = ("Late", Tone.LATE) if one.late else ("Soon", Tone.SOON) if one.soon else ("In time", Tone.OK)
        if one.late and (footer or one.last is None):
            tag = ("To be decided", Tone.SOON)  # the policy named that day, not whoever begins here
        lines = (f"Due by {_day(one.due_on)}", f"Last: {one.last_words}", "At the foot of the policy" if footer else "")
        found.append(Fact(one.what, lines, tags=(tag,), clauses=() if footer else (one.where,)))
    for contradiction in page.contradictions:
        told = tuple(f"{'Its foot' if where == 'footer' else where}: {what}" for where, what in contradiction.says)
        head = f"The policy contradicts itself: {contradiction.about[:1].lower()}{contradiction.about[1:]}"
        said = ("All of it is shown. Which one holds is for the committee to decide.",)
        found.append(Fact(head, (*told, *said), tags=(("For the committee", Tone.SOON),)))
    for event in page.events:
        when = f"{_day(event.held_on)}, with {event.with_whom}" if event.held_on else event.with_whom
        found.append(Fact(POLICY_EVENTS.get(event.sort, event.sort), (when, event.words)))
    return tuple(found)


def prevention(page: OrganisationPage) -> tuple[Fact, ...]:
    """What was done, area by area; then each activity."""
    found = [
        Fact(
            area.area, (f"{area.count} written down, the last {_day(area.last)}" if area.last else f"{area.count}",),
            tags=((("Nothing for a year", Tone.SOON) if area.lapsed else ("This year", Tone.OK)),),
        )
        for area in page.areas
    ]  # fmt: skip
    for one in page.prevention:
        came = "" if one.people is None else f", {one.people} came"
        lines = (f"{_day(one.done_on)}, {one.area}{came}" if one.done_on else one.area, one.words)
        found.append(Fact(PREVENTION.get(one.sort, one.sort), lines))
    return tuple(found)


def law(page: OrganisationPage) -> tuple[Fact, ...]:
    """The legal framework as it stands today: what the policy names, what came since, and every power."""
    kept = "A case opened under older rules keeps them; what is done now follows the list of the day it is done."
    head = Fact(page.legal.title, (page.legal.note, kept, page.another_nation))
    count = len(page.legal.laws)
    laws = [
        Fact(
            one.words, (f"{one.stands}.", one.note),
            tags=((("Named in the policy", Tone.INFO) if one.in_policy else ("Not in the policy", Tone.NEUTRAL)),),
        )
        for one in page.framework[:count]
    ]  # fmt: skip
    powers = []
    for one, power in zip(page.framework[count:], page.legal.powers, strict=True):
        whom = "any tenure" if power.tenures is None else f"only: {', '.join(sorted(power.tenures))}"
        ages = _ages(power.least_age, power.most_age)
        lines = (f"{one.stands}, {whom}{ages}.", one.note)
        tag = ("Formal", Tone.SOON) if power.formal else ("Informal", Tone.NEUTRAL)
        powers.append(Fact(one.words, lines, tags=(tag,), clauses=(power.clause,)))
    return (head, *laws, *powers)


def packs(page: OrganisationPage) -> tuple[Fact, ...]:
    """Each pack with its version, and every change of it."""
    found = []
    for pack in page.packs:
        lines = (f"In force: {pack.version}", f"{len(pack.values)} values can be changed one at a time.")
        doing = (Doing("Change a value", f"change-{pack.pack}"),) if page.administers and pack.values else ()
        if page.administers and pack.pack == "holidays":
            doing = (Doing("Add a bank holiday", "add-holiday"),)
        found.append(Fact(pack.name, lines if pack.values else lines[:1], doing=doing))
        found += [_change(pack.name, change) for change in pack.changes]
    agencies = f"{len(page.agencies)} in the directory. Every officer adds to it and checks it, from a case."
    found.append(Fact("Agencies", (agencies,)))
    return tuple(found)


_STATES = {
    "in force": ("In force", Tone.OK), "from then on": ("Agreed, begins later", Tone.INFO),
    "waits": ("Waits for a second person", Tone.SOON), "refused": ("Refused", Tone.NEUTRAL),
    "set aside": ("Set aside: it cannot be used", Tone.LATE),
}  # fmt: skip


def _change(name: str, change: ChangeRow) -> Fact:
    lines = (
        f"{change.what}: {change.instead}", f"From {_day(change.from_on)}" if change.from_on else "",
        f"{change.by or 'A former colleague'}: {change.reason}", "; ".join(change.said), *change.why,
    )  # fmt: skip
    doing = (Doing("Agree or refuse", "answer-change", change.change),) if change.may_agree else ()
    return Fact(f"Change of {name[:1].lower()}{name[1:]}", lines, tags=(_STATES[change.state],), doing=doing)


def _office(page: OrganisationPage, row: OfficeRow) -> Fact:
    held = row.held
    about, clauses = row.office.note, () if row.office.outside else (row.office.clause,)
    if held is None:
        tag = ("Nobody", Tone.NEUTRAL if row.office.outside else Tone.SOON)
        return Fact(row.office.words, (about,), tags=(tag,), clauses=clauses)
    without = "" if held.user else " (no workbook here)"
    lines = (f"{row.name or 'A former colleague'}{without}, {_span(held.since, held.until)}", about)
    doing = (Doing("Ends", "office-ends", held.id),) if page.administers else ()
    return Fact(row.office.words, lines, doing=doing, clauses=clauses)


def _held(name: str, phone: str) -> str:
    return f"{name} holds the phone, {phone}." if phone else f"{name} holds the phone."


def _nights(first: date, last: date) -> str:
    if first == last:
        return f"The night of {_weekday(first)}"
    return f"Each night from {_weekday(first)} to {_weekday(last)}"


def _weekday(day: date) -> str:
    return f"{day:%A} {_day(day)}"


def _short_tag(short: bool) -> tuple[str, Tone]:
    return ("Not enough people", Tone.LATE) if short else ("Possible", Tone.OK)


def _span(since: date | None, until: date | None) -> str:
    begun = f"since {_day(since)}" if since else "since a day nobody wrote down"
    return f"{begun}, until {_day(until)}" if until else begun


def _ages(least: int | None, most: int | None) -> str:
    return (f", from {least}" if least is not None else "") + (f", up to {most}" if most is not None else "")


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a day nobody wrote down"
