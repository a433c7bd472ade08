"""The people of a case, and what happened to them, in words (policy 1.3, 3.3 and 4.1 to 4.5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain.case import (
    ACTS,
    AGE_BANDS,
    CHANNELS,
    CONTACT_WAYS,
    HANDLING,
    PARTY_ROLES,
    PERCEIVERS,
    PERPETRATOR_KNOWN,
    PERSON_SORTS,
    STRANDS,
    Incident,
    Judgement,
    Party,
    Perception,
    Report,
)
from core.domain.intake import PERSON_FATES, REPORT_FATES, ReportFate
from core.domain.interview import FromInterview
from core.foundation.ids import RecordId
from core.policy.definition import course_of_conduct, harmed_by, intervals_of, pattern_of, why_harassment
from core.policy.enforcement import is_a_child
from core.policy.people import fate_now, people_harmed, why_not_to
from core.policy.reports import RETRACTED, latest_fates, report_fates, told_by_child, told_by_others
from core.policy.safe_contact import rules_now, ways_for
from core.policy.second_person import has_agreed, words_of
from core.services.case_page import CasePage
from core.services.contacts import NEVER_WORDS
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import small_first
from desktop.theme import Tone
from desktop.widgets.moments import date_words, moment_words

CHILD = "A child: parent or guardian, and safeguarding"
NO_NAME = "Name not given"
_SERVED = frozenset({"harmed", "reporter", "witness", "speaks-for"})


def people(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Everybody in the case: their part, how to reach them safely, and what became of them."""
    order = {role: place for place, role in enumerate(("harmed", "reporter", "speaks-for", "witness"))}
    parties = sorted(
        page.file.contents.parties,
        key=lambda party: (min((order.get(role, len(order)) for role in party.roles), default=len(order)), party.name),
    )
    found = [_person(page, party, now) for party in parties]
    known = PERPETRATOR_KNOWN.get(page.file.case.perpetrator_known, "")
    if known:
        found.append(Fact("Who did it", (known,)))
    return tuple(found)


def incidents(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """The reports; what happened, each time; how it is seen and by whom; what was judged. None replaces another."""
    contents = page.file.contents
    later = dict(intervals_of(contents.incidents))
    place = {incident: number for number, incident in enumerate(later)}
    in_order = sorted(contents.incidents, key=lambda one: place.get(one.id, len(place)))
    return (
        *_in_short(page),
        *(_incident(page, number, one, now, later) for number, one in enumerate(in_order, start=1)),
        *(_report(page, report, now) for report in contents.reports),
        *(_seen(page, seen, now) for seen in contents.perceptions),
        *(_judged(page, one, now) for one in contents.judgements),
    )


def _person(page: CasePage, party: Party, now: datetime) -> Fact:
    contents = page.file.contents
    roles = ", ".join(words for code, words in PARTY_ROLES.items() if code in party.roles)
    home = page.homes.get(party.home, "") if party.home else ""
    details = (
        ("How they belong here", PERSON_SORTS.get(party.sort, "")),
        ("How well they are known", PERPETRATOR_KNOWN.get(party.known, "")),
        ("Home", party.address or home), ("Phone", party.phone), ("Email", party.email),
        ("Age", AGE_BANDS.get(party.age_band, "")), ("Language", party.language),
        ("Format needed", party.format_needed), ("Kind of officer asked for", party.officer_wanted),
        ("Also known as", ", ".join(sorted(party.also_known_as))),
        ("Also complained about in", ", ".join(page.elsewhere.get(party.id, ()))),
    )  # fmt: skip
    served = bool(party.roles & _SERVED)
    lines = [roles, *(f"{what}: {value}" for what, value in details if value)]
    tags: list[tuple[str, Tone]] = []
    if "alleged-perpetrator" in party.roles and is_a_child(contents, party.id):
        tags.append((CHILD, Tone.SOON))
    fold, folded = ("Description. Select to read", party.described) if party.described else ("", "")
    if served:
        safe, never, code_word = _reaching(page, party)
        tags += [(words.upper(), Tone.LATE) for words in never]
        lines += safe
        fold, folded = ("Code word. Select to read", code_word) if code_word else (fold, folded)
    fate = fate_now(contents).get(party.id)
    if fate is not None:
        since = f", since {date_words(fate.since, now)}" if fate.since else ""
        tags.insert(0, (f"{PERSON_FATES.get(fate.what, fate.what)}{since}", Tone.NEUTRAL))
        lines.append(why_not_to(contents, party.id, "letter"))
    reachable = served and not (fate is not None and fate.what == "died")
    doing = [Doing("Safe ways", "safe-ways", party.id)] if reachable else []
    doing.append(Doing("Add or correct", "person-more", party.id))
    doing.append(Doing("What became of them", "person-fate", party.id))
    if fate is not None and fate.what == "moved-away":
        doing.append(Doing("Where they live now", "new-home", party.id))
    return Fact(party.name or NO_NAME, tuple(line for line in lines if line), fold, folded, tuple(tags), tuple(doing))


def _reaching(page: CasePage, party: Party) -> tuple[list[str], list[str], str]:
    """(lines on what is safe and why something is not, what is never to be used, the code word)."""
    contents = page.file.contents
    ways = ways_for(contents, party.id)
    asked = party.id in rules_now(contents) or None in rules_now(contents)
    safe = ", ".join(CONTACT_WAYS[way].lower() for way in ways.safe)
    lines = [f"Safe: {safe}" if safe else "Safe ways: not asked" if not asked else "No way is known to be safe"]
    if ways.times:
        lines.append(f"When it is safe: {ways.times}")
    if ways.if_someone_else_answers:
        lines.append(f"If someone else answers: {ways.if_someone_else_answers}")
    if party.id in fate_now(contents):
        return [line for line in lines if ways.safe or line.startswith("Safe:")], [], ways.code_word
    lines += dict.fromkeys(why for _, why in ways.why_never if "asked never" not in why)
    return lines, [NEVER_WORDS[way] for way in ways.never if NEVER_WORDS.get(way)], ways.code_word


def _in_short(page: CasePage) -> tuple[Fact, ...]:
    contents = page.file.contents
    strands = ", ".join(sorted(page.monitored))
    lines = (
        why_harassment(contents.perceptions) if contents.case.handling == "harassment" else "",
        pattern_of(contents.incidents).sentence, course_of_conduct(contents.incidents),
        f"Counted for the regulator as a hate incident: {strands}. A later judgement does not change that."
        if strands else "",
    )  # fmt: skip
    found = [Fact("In short", tuple(line for line in lines if line), tags=_acts(page, frozenset(page.gravest)))]
    if page.judge_again:
        found.append(Fact("Decide again", (page.judge_again,), doing=(Doing("Decide again", "judgement"),)))
    return tuple(found)


def _incident(page: CasePage, number: int, incident: Incident, now: datetime, later: Mapping[RecordId, str]) -> Fact:
    if incident.happened_at:
        when = moment_words(incident.happened_at, now)
        after = later.get(incident.id, "")
        when = f"{when}, {after}" if after else when
    else:
        when = incident.happened_text or "When: not asked"
    parties = page.file.contents.parties
    several = len(people_harmed(page.file.contents)) > 1
    names = {party.id: party.name or NO_NAME for party in parties}
    harmed = ", ".join(names[one] for one in harmed_by(incident, parties)) if several else ""
    tags = _acts(page, incident.acts) or (("What kind of act: not asked", Tone.NEUTRAL),)
    if any(incident.id in one.records for one in page.file.contents.of(FromInterview)):
        tags = (*tags, ("From a private interview", Tone.CONFIDENTIAL))
    fold = "Describes what happened. Select to read" if incident.description else ""
    lines = tuple(line for line in (when, incident.place, f"Harmed: {harmed}" if harmed else "") if line)
    return Fact(f"Incident {number}", lines, fold, incident.description, tags)


def _report(page: CasePage, report: Report, now: datetime) -> Fact:
    parties = {party.id: party for party in page.file.contents.parties}
    told_by = parties.get(report.reporter) if report.reporter else None
    third = report in told_by_others(page.file.contents)
    fate = report_fates(page.file.contents).get(report.id)
    lines = [
        CHANNELS.get(report.channel, report.channel),
        "From somebody who stays unnamed" if report.anonymous else f"Told by {told_by.name}" if told_by and told_by.name
        else "", "Told by somebody else than the person harmed" if third else "",
    ]  # fmt: skip
    tags = [("Told by a child: think of safeguarding first", Tone.SOON)] if told_by_child((report,)) else []
    if fate is not None:
        tags.append((REPORT_FATES.get(fate.what, fate.what), Tone.NEUTRAL))
        lines.append(RETRACTED if fate.what == "retracted" else "It stays on the file with what was found.")
    found = latest_fates(page.file.contents).get(report.id)
    if found is not None and found is not fate and found.what == "malicious":
        lines.append(_not_agreed(page, found))
    heading = f"Report of {small_first(moment_words(report.received_at, now))}" if report.received_at else "Report"
    doing = (Doing("What became of it", "report-fate", report.id),)
    return Fact(heading, tuple(line for line in lines if line), tags=tuple(tags), doing=doing)


def _not_agreed(page: CasePage, found: ReportFate) -> str:
    """A finding that counts for nothing yet, or never."""
    who = page.names.get(found.second_person, "") or "A colleague"
    words = words_of(page.file.contents, found.id, found.second_person, found.decided_by)
    if not words:
        return f"Found to be malicious; waits for {who} to agree, and counts for nothing until then."
    return f"Found to be malicious; {who} did not agree, so it counts for nothing: {words[0].reasons}"


def _seen(page: CasePage, seen: Perception, now: datetime) -> Fact:
    strands = ", ".join(STRANDS[code] for code in STRANDS if code in seen.strands)
    named = (f", {party.name}" for party in page.file.contents.parties if party.id == seen.party and party.name)
    who = next(named, "")
    lines = (
        f"Seen that way by: {PERCEIVERS.get(seen.perceived_by, seen.perceived_by).lower()}{who}",
        f"Behind it: {strands or 'not asked'}",
        "By association, or taken for one of them" if seen.by_association else "",
        f"Said {small_first(moment_words(seen.stated_at, now))}" if seen.stated_at else "",
    )  # fmt: skip
    fold = "How they put it. Select to read" if seen.words else ""
    heading = "Seen as harassment" if seen.is_harassment else "Not seen as harassment: a view, which changes nothing"
    return Fact(heading, tuple(line for line in lines if line), fold, seen.words)


def _second(page: CasePage, one: Judgement) -> str:
    if not one.second_person:
        return ""
    who = page.names.get(one.second_person, "") or "a colleague"
    words = words_of(page.file.contents, one.id, one.second_person, one.decided_by)
    if not words:
        return f"Waits for {who} to agree; until then it goes on as before"
    if has_agreed(page.file.contents, one.id, one.second_person, one.decided_by):
        return f"Second person who agreed: {who}"
    return f"{who} did not agree, so it goes on as before: {words[0].reasons}"


def _judged(page: CasePage, one: Judgement, now: datetime) -> Fact:
    lines = (
        HANDLING.get(one.handling, one.handling),
        f"Decided {small_first(moment_words(one.decided_at, now))} by {page.names.get(one.decided_by, 'a colleague')}"
        if one.decided_at else "",
        _second(page, one),
        {True: "The person was told", False: "The person has not been told"}.get(one.person_told, "Told: not asked")  # type: ignore[arg-type]
    )  # fmt: skip
    words = "\n".join(part for part in (one.reasons, f"Evidence: {one.evidence}" if one.evidence else "") if part)
    return Fact("Decision", tuple(line for line in lines if line), "Reasons and evidence. Select to read", words)


def _acts(page: CasePage, acts: frozenset[str]) -> tuple[tuple[str, Tone], ...]:
    """The kinds of act as chips, gravest first."""
    order = {code: place for place, code in enumerate(page.gravest)}
    sorted_acts = sorted(acts, key=lambda code: order.get(code, len(order)))
    return tuple((ACTS.get(code, code), Tone.NEUTRAL) for code in sorted_acts)
