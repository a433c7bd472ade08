"""How long the case is kept, what holds it, and whether it is to be deleted for good (policy 3.2)."""

from __future__ import annotations

from datetime import datetime

from core.domain.retention import DELETION_REASONS
from core.policy.retention import holds_now, is_about_a_child
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import at_words
from desktop.theme import Tone
from desktop.widgets.moments import date_words

SOONER = "A child is complained about: it is looked at again sooner than other cases."


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """A request to delete first, then what holds the case, then until when it is kept."""
    return (*_asked(page, now), *_held(page, now), _kept(page, now))


def _asked(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    found = []
    for one in page.deletions:
        asked_at = f", {at_words(one.asked_at, now)}" if one.asked_at else ""
        waits = ("Waits for a second person", Tone.SOON)
        state = ("Agreed: it goes with the next sync", Tone.LATE) if one.agreed else waits
        step = "agree-deletion" if one.may_agree else "withdraw-deletion"
        button = () if one.agreed else (Doing("Answer" if one.may_agree else "Take it back", step, one.id),)
        why = f"{DELETION_REASONS.get(one.reason, one.reason)}. Asked by {one.asked_by or 'a colleague'}{asked_at}"
        found.append(Fact("To be deleted for good", (why, one.words), tags=(state,), doing=button))
    return tuple(found)


def _held(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            "Held", (hold.reason, f"Since {at_words(hold.placed_at, now)}" if hold.placed_at else ""),
            tags=(("Nothing can be deleted", Tone.INFO),), doing=(Doing("Lift the hold", "lift-hold", hold.id),),
        )
        for hold in holds_now(page.file.contents)
    )  # fmt: skip


def _kept(page: CasePage, now: datetime) -> Fact:
    sooner = (SOONER,) if is_about_a_child(page.file.contents) else ()
    if page.kept_until is None:
        said = "As long as it is open. After it is closed, for the time your organisation has set."
        return Fact("How long it is kept", (said, *sooner))
    day = date_words(page.kept_until.date(), now)
    over = page.kept_until < now
    return Fact(
        "How long it is kept", ("People delete it, not the clock.", *sooner),
        tags=((f"Time over since {day}" if over else f"Until {day}", Tone.SOON if over else Tone.NEUTRAL),),
    )  # fmt: skip


PART = Part(title="Keeping", facts=facts, empty="")
