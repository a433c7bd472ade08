"""What each person said to a private interview, and the officer they asked for, as the file shows it (4.26, 4.27)."""

from __future__ import annotations

from datetime import datetime

from core.domain.interview import OFFER_SAID
from core.policy.interview import asked_words, interview_offers, wishes_for_officer
from core.services.case_page import CasePage
from desktop.screens.case.words import Doing, Fact
from desktop.theme import Tone
from desktop.widgets.moments import moment_words


def interview_facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """One for each person who was offered a private interview."""
    names = {party.id: party.name for party in page.file.contents.parties}
    again = () if page.file.case.stage == "closed" else (Doing("Offer again", "interview-offer"),)
    return tuple(
        Fact(
            "Private interview offered",
            tuple(filter(None, (
                names.get(party, "") if party else "", one.words,
                f"Offered {moment_words(one.offered_at, now)}" if one.offered_at else "",
            ))),
            tags=((OFFER_SAID.get(one.answer, one.answer), Tone.OK if one.answer == "yes" else Tone.NEUTRAL),),
            doing=() if one.answer == "yes" else again,
        )
        for party, one in interview_offers(page.file.contents).items()
    )  # fmt: skip


def officer_facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """One for each person who said which officer they want, or that nobody in particular."""
    names = {party.id: party.name for party in page.file.contents.parties}
    found = []
    for party, one in wishes_for_officer(page.file.contents).items():
        wanted = [f"Officer: {asked_words(one.wants)}" if one.wants else ""]
        wanted.append(f"Interpreter: {asked_words(one.wants_interpreter)}" if one.wants_interpreter else "")
        if not one.wants and not one.wants_interpreter:
            wanted.append("Nobody in particular")
        lines = (
            names.get(party, "") if party else "", *wanted,
            f"Said {moment_words(one.said_at, now)}" if one.said_at else "",
            f"Why it could not be met: {one.not_met_because}" if one.met is False else "",
        )  # fmt: skip
        tags = () if one.met is None else (("Met", Tone.OK),) if one.met else (("Not met", Tone.SOON),)
        change = () if page.file.case.stage == "closed" else (Doing("Change", "officer-wish"),)
        found.append(Fact("Officer asked for", tuple(line for line in lines if line), tags=tags, doing=change))
    return tuple(found)
