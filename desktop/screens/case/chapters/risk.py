"""Risk: why it is to be assessed, the risk of each person, domestic abuse and safeguarding (policy 3.3)."""

from __future__ import annotations

from datetime import datetime

from core.domain.risk import (
    ABUSE_LEVELS,
    BANDS,
    CONCERNS,
    TOLD_HOW,
    DomesticAbuse,
    RespondentAssessment,
    RiskAssessment,
    Safeguarding,
    SafeguardingTold,
)
from core.foundation.ids import RecordId
from core.policy.risk import (
    band_of,
    case_risk,
    child_at_risk,
    may_mediate,
    risk_now,
    safeguarding_to_tell,
    waits_for_second,
)
from core.policy.second_person import words_of
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import at_words
from desktop.theme import Tone

TONES = {"high": Tone.LATE, "medium": Tone.SOON, "standard": Tone.INFO}


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """What is to be done first, then each person, then what has its own path."""
    return (*_to_do(page), *_people(page, now), *_own_paths(page, now))


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return ()
    return (Doing("Assess the risk", "risk"), Doing("Safeguarding concern", "safeguarding"))


def _to_do(page: CasePage) -> tuple[Fact, ...]:
    contents = page.file.contents
    found = []
    if page.why_assess_risk and page.file.case.stage != "closed":
        found.append(Fact("Assess the risk", (page.why_assess_risk,), doing=(Doing("Assess", "risk"),)))
    if child_at_risk(contents) and not any(one.about == "child" for one in page.concerns):
        line = "An assessment names a child at risk. Think of safeguarding."
        found.append(Fact("A child at risk", (line,), doing=(Doing("Write down the concern", "safeguarding"),)))
    found += [
        Fact(
            "A safeguarding concern nobody was told of",
            (CONCERNS.get(one.about, ""), f"So far: {one.not_told_because}" if one.not_told_because else ""),
            tags=(("To be told", Tone.LATE),), doing=(Doing("Write down who was told", "safeguarding-told", one.id),),
        )
        for one in safeguarding_to_tell(contents)
    ]  # fmt: skip
    if case_risk(contents) and not may_mediate(contents):
        found.append(Fact("No mediation", ("The risk is high, or this is about domestic abuse.",)))
    return tuple(found)


def _people(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    found = []
    for party, one in risk_now(page.file.contents).items():
        band = band_of(one, page.file.contents)
        when = _when("Assessed", one.assessed_at, now)
        lines = [f"{when}. Score {one.score}." if one.score is not None else when]
        if band != one.worked_out:
            lines.append(f"By the answers alone it would be {BANDS.get(one.worked_out, one.worked_out).lower()}.")
        elif one.judged not in ("", band):
            lines.append(_why_not_so(page, one))
        fold = "Why it was judged so. Select to read" if one.reasons else ""
        tags = ((BANDS.get(band, band), TONES.get(band, Tone.NEUTRAL)),)
        found.append(Fact(f"Risk to {_name(page, party)}", tuple(lines), fold, one.reasons, tags))
    return tuple(found)


def _why_not_so(page: CasePage, one: RiskAssessment) -> str:
    if not waits_for_second(one):
        return "Judged otherwise, but without what that needs; the answers hold."
    who = page.names.get(one.second_person, "") or "A colleague"
    judged = BANDS.get(one.judged, one.judged).lower()
    words = words_of(page.file.contents, one.id, one.second_person, one.assessed_by)
    if not words:
        return f"Judged {judged}; waits for {who} to agree. Until then the answers hold."
    return f"Judged {judged}; {who} did not agree, so the answers hold: {words[0].reasons}"


def _own_paths(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    found = [
        Fact(
            "Domestic abuse",
            (_when("Noted", one.noted_at, now), _when("Referred to the panel", one.referred_to_panel_at, now)),
            tags=((ABUSE_LEVELS.get(one.level, one.level), TONES.get(one.level, Tone.NEUTRAL)),),
        )
        for one in contents.of(DomesticAbuse)
    ]  # fmt: skip
    found += [
        Fact(
            f"Safeguarding: {CONCERNS.get(one.about, one.about).lower()}",
            _told_lines(page, one),
            "The concern. Select to read", one.concern,
        )
        for one in page.concerns
    ]  # fmt: skip
    found += [
        Fact(
            "Assessment before a court is asked",
            (_when("Made", one.assessed_at, now),),
            "The conclusion. Select to read", one.conclusion,
        )
        for one in contents.of(RespondentAssessment)
    ]  # fmt: skip
    return tuple(found)


def _told_lines(page: CasePage, concern: Safeguarding) -> tuple[str, ...]:
    """Who was told of a concern, with it and afterwards."""
    later = [one for one in page.file.contents.of(SafeguardingTold) if one.concern == concern.id]
    lines = [f"{concern.told} was told"] if concern.told else []
    if concern.not_told_because:
        lines.append(f"{'Not told at first' if later else 'Nobody was told'}: {concern.not_told_because}")
    for one in later:
        if one.nobody_because:
            lines.append(f"It was decided to tell nobody: {one.nobody_because}")
        else:
            who = ", ".join(part for part in (one.agency, one.person) if part)
            how = TOLD_HOW.get(one.how, "").lower()
            day = f" on {one.told_on.day} {one.told_on:%B %Y}" if one.told_on else ""
            lines.append(f"{who} was told{day}{f', {how}' if how else ''}")
    return tuple(lines)


def _when(what: str, at: datetime | None, now: datetime) -> str:
    return f"{what} {at_words(at, now)}" if at else ""


def _name(page: CasePage, party: RecordId | None) -> str:
    return next((one.name for one in page.file.contents.parties if one.id == party and one.name), "the person")


PART = Part(
    title="Risk", facts=facts, doing=doing, empty="Nobody has assessed the risk yet.",
)  # fmt: skip
