"""What is known of the person complained about, what was weighed, and what is done (policy 4.6 to 4.10, 4.32)."""

from __future__ import annotations

from datetime import datetime

from core.domain.enforcement import (
    HOW_IT_ENDED,
    LINKS,
    RIGHTS,
    TENURES,
    Breach,
    CaseLink,
    LandlordRequest,
    Proportionality,
    ToolUsed,
)
from core.foundation.ids import RecordId
from core.policy.court_papers import appendix_of
from core.policy.enforcement import is_a_child, opposing_cases, rights_given, standing_now
from core.services.case_page import CasePage
from core.services.enforcement import power_words, tools_for
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import at_words
from desktop.theme import Tone
from desktop.widgets.moments import date_words


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """The person first, then what was weighed and done, then others who were asked or told."""
    return (
        *_people(page), *_today(page, now), *_weighed(page, now), *_tools(page, now), *_landlords(page, now),
        *_told(page),
    )  # fmt: skip


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return ()
    return (
        Doing("About the person", "standing"), Doing("Weigh before acting", "weigh"), Doing("Action taken", "tool"),
        Doing("Advice on rights", "rights"),
    )  # fmt: skip


def _people(page: CasePage) -> tuple[Fact, ...]:
    found = []
    if page.not_to_be_approached:
        found.append(Fact("Before anybody approaches the person complained about", (page.not_to_be_approached,)))
    for party, one in standing_now(page.file.contents).items():
        child = is_a_child(page.file.contents, party)
        tags = (("A child: parent or guardian, and safeguarding", Tone.SOON),) if child else ()
        lines = (
            TENURES.get(one.tenure, one.tenure), f"Landlord: {one.landlord}" if one.landlord else "",
            f"Age {one.age_years}" if one.age_years is not None else "Age not known",
            f"Parent or guardian: {one.parent}" if one.parent else "",
        )  # fmt: skip
        found.append(Fact(_name(page, party), lines, tags=tags))
    return tuple(found)


def _today(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Every tool for each person today: what to think of with it, or why it is not there."""
    found = []
    if page.file.case.stage == "closed":
        return ()
    for party in page.file.contents.parties:
        if "alleged-perpetrator" not in party.roles:
            continue
        tools = tools_for(page.legal, page.file.contents, party.id, now.date())
        ready = [f"{one.power.words}. {one.power.note}".strip() for one in tools if one.available]
        others = [f"{one.power.words}: no. {one.why_not}" for one in tools if not one.available]
        line = f"{len(ready)} can be used today, {len(others)} cannot."
        fold = "Which, and why. Select to read"
        found.append(Fact(f"Tools for {_name(page, party.id)}", (line,), fold, "\n".join((*ready, *others))))
    return tuple(found)


def _weighed(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"Weighed: {_words(page, one.tool)}",
            (f"On {at_words(one.weighed_at, now)}" if one.weighed_at else "",),
            "The conclusion. Select to read", one.conclusion,
            doing=(Doing("Papers for court", "court-papers", one.id),) if appendix_of(one) else (),
        )
        for one in page.file.contents.of(Proportionality)
    )  # fmt: skip


def _tools(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    found = []
    breaches = page.file.contents.of(Breach)
    for one in page.file.contents.of(ToolUsed):
        broken = sum(breach.tool == one.id for breach in breaches)
        lines = (
            _name(page, one.party), one.basis, f"By authority of {one.authority}",
            f"Ends on {date_words(one.expires_on, now)}" if one.expires_on else "",
            f"Not kept {broken} times" if broken > 1 else "Not kept once" if broken else "",
        )  # fmt: skip
        state = (HOW_IT_ENDED.get(one.ended, one.ended), Tone.NEUTRAL) if one.ended else ("In force", Tone.INFO)
        running = (Doing("Not kept", "breach", one.id), Doing("How it ended", "end-tool", one.id))
        fold = "Conditions. Select to read" if one.conditions else ""
        tags, buttons = (state,), () if one.ended else running
        found.append(Fact(power_words(one), lines, fold, one.conditions, tags, buttons))
    return tuple(found)


def _landlords(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"{one.landlord} asked to act",
            (f"Asked {at_words(one.asked_at, now)}" if one.asked_at else "", one.reply),
            tags=(("Answered", Tone.OK) if one.replied_at else ("No answer yet", Tone.SOON),),
            doing=() if one.replied_at else (Doing("Record the answer", "landlord-replied", one.id),),
        )
        for one in page.file.contents.of(LandlordRequest)
    )  # fmt: skip


def _told(page: CasePage) -> tuple[Fact, ...]:
    found = []
    given = rights_given(page.file.contents)
    if given:
        found.append(Fact("Told of their rights", tuple(words for code, words in RIGHTS.items() if code in given)))
    references = {row.case: row.reference for row in page.other_cases}
    # A case this person may not read is not named to them, not even that there is one.
    links = [link for link in page.file.contents.of(CaseLink) if link.other in references]
    against = opposing_cases(page.file.contents)
    for link in links:
        tags = (("Separate files", Tone.INFO),) if link.other in against else ()
        reference = references[link.other] if link.other else ""
        found.append(Fact(reference, (LINKS.get(link.how, link.how),), tags=tags))
    return tuple(found)


def _words(page: CasePage, code: str) -> str:
    return next((power.words for power in page.legal.powers if power.code == code), code)


def _name(page: CasePage, party: RecordId | None) -> str:
    named = (one.name for one in page.file.contents.parties if one.id == party and one.name)
    return next(named, "The person complained about")


PART = Part(
    title="Action", facts=facts, doing=doing,
    empty="Nothing was done against the person complained about yet. Say what is known of them first.",
)  # fmt: skip
