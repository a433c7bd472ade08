"""The mirror: what an investigator would find missing in the case today, each with the page that mends it."""

from __future__ import annotations

from datetime import datetime

from core.policy.finding import WEIGHTS, Finding
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.clauses import without_clause
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.theme import Tone

TONES = {3: Tone.LATE, 2: Tone.SOON, 1: Tone.INFO}
STAYS = "Stays on the file"


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Every finding, what weighs most first and what stays for ever last."""
    del now
    return tuple(fact_of(finding) for finding in page.missing)


def fact_of(finding: Finding) -> Fact:
    """A finding as a box with its button."""
    tags = [(WEIGHTS[finding.weight], TONES[finding.weight])]
    if finding.stays:
        tags.append((STAYS, Tone.NEUTRAL))
    doing = doing_of(finding)
    lines = (without_clause(finding.detail, finding.clause),) if finding.detail else ()
    return Fact(
        finding.sentence, lines, tags=tuple(tags), doing=(doing,) if doing.step else (), clauses=(finding.clause,)
    )


def doing_of(finding: Finding) -> Doing:
    """The button of a finding; a promise with a time is kept on the page it has on Today."""
    if not finding.duty:
        return Doing(finding.button, finding.step, finding.subject)
    page = DUTY_PAGES.get(finding.duty)
    if page is None:
        return Doing(finding.button, finding.step, finding.subject)
    return Doing(page.button, page.step, finding.subject if page.about_subject else None)


PART = Part(title="Mirror", facts=facts, empty="Nothing that the policy asks for is missing from this file today.")
