"""What was done in the area: warnings, the police, places, graffiti, visits (policy 4.11, 4.25)."""

from __future__ import annotations

from datetime import datetime

from core.domain.case import Graffiti, PoliceRequest
from core.domain.doors import ORDER_OUTCOMES, PLACE_KINDS, WARNING_WAYS, PoliceChase, VisitRound, WarningGiven
from core.policy.graffiti import is_offensive, judgement_now, needs_another_contractor, order_now
from core.policy.patrols import is_answered
from core.policy.places import RepeatPlace
from core.policy.visits import doors_of, progress_of
from core.services.case_page import CasePage
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import at_words, count_words
from desktop.theme import Tone
from desktop.widgets.moments import moment_words

_AS_SAID = "What was said. Select to read"


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Places where it happens again, graffiti, then what was done about people nobody can name."""
    contents = page.file.contents
    return (
        *(_place(page, repeat) for repeat in page.repeats),
        *(_graffiti(page, mark, now) for mark in contents.graffiti),
        *(_round(page, one, now) for one in contents.of(VisitRound)),
        *(_request(page, request, now) for request in contents.police_requests),
        *(_warning(warning, now) for warning in contents.of(WarningGiven)),
    )


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return ()
    found = [Doing("Warning given", "warning"), Doing("Police asked", "police")]
    if page.file.contents.incidents or page.file.contents.graffiti:
        found.append(Doing("Name the place", "place"))
    return tuple(found)


def _place(page: CasePage, repeat: RepeatPlace) -> Fact:
    place = repeat.place
    kind = PLACE_KINDS.get(place.what, place.what)
    where = page.homes.get(place.home, "") if place.home else place.block
    lines = [f"In this case {count_words(repeat.here, 'time', 'times')} in the last year."]
    if repeat.elsewhere:
        others = count_words(len(repeat.other_cases), "other case", "other cases")
        lines.append(f"{count_words(repeat.elsewhere, 'time', 'times')} more in {others} that you may read.")
    tags = (("It happens here again", Tone.LATE),) if repeat.repeats else ()
    heading = ", ".join(part for part in (place.name, where) if part)
    return Fact(f"{kind}: {heading}" if heading else kind, tuple(lines), tags=tags)


def _graffiti(page: CasePage, mark: Graffiti, now: datetime) -> Fact:
    contents = page.file.contents
    judged, order = judgement_now(contents, mark), order_now(contents, mark)
    words = "Offensive or discriminatory" if is_offensive(contents, mark) else "Neither offensive nor discriminatory"
    lines = ["Not judged by anybody yet: it counts as offensive" if is_offensive(contents, mark) else words]
    if judged is not None:
        when = f" {at_words(judged.judged_at, now)}" if judged.judged_at else ""
        lines = [f"{words}, judged by {page.names.get(judged.judged_by, 'a colleague')}{when}"]
    if order is not None:
        lines.append(f"{order.contractor}: {ORDER_OUTCOMES.get(order.outcome, order.outcome).lower()}")
    photo = "Photographed before" if mark.photo_before else ""
    if mark.removed_at:
        photo = photo or f"No photograph before: {mark.no_photo_because}"
        lines += [photo, "Photographed afterwards" if mark.photo_after else "No photograph afterwards"]
        return Fact(
            f"Graffiti: {mark.place}", (*lines, f"Removed {at_words(mark.removed_at, now)}"),
            tags=(("Removed", Tone.OK),), doing=(Doing("Judge it", "graffiti-judged", mark.id),),
        )  # fmt: skip
    buttons = [Doing("Judge it", "graffiti-judged", mark.id)]
    if order is None or needs_another_contractor(contents, mark):
        buttons.append(Doing("Contractor asked", "graffiti-order", mark.id))
    elif order.outcome == "ordered":
        buttons.append(Doing("What became of the order", "graffiti-ordered", order.id))
    buttons.append(Doing("Mark removed", "graffiti-removed", mark.id))
    tone = Tone.LATE if needs_another_contractor(contents, mark) else Tone.SOON
    return Fact(f"Graffiti: {mark.place}", tuple(lines), tags=(("Still there", tone),), doing=tuple(buttons))


def _round(page: CasePage, one: VisitRound, now: datetime) -> Fact:
    # The number of attempts changes only which doors suggest a card, never a count.
    counts = progress_of(doors_of(page.file.contents, one, attempts=1))
    lines = [f"Planned {at_words(one.planned_at, now)}" if one.planned_at else ""]
    lines.append(f"{counts.done} of {count_words(counts.doors, 'door', 'doors')} done, {counts.no_answer} no answer.")
    if one.ended_at:
        lines.append(f"Ended {at_words(one.ended_at, now)}")
    buttons = (Doing("Open", "visits", one.id),)
    return Fact(f"Visits: {one.area}", tuple(lines), "Why. Select to read", one.why, doing=buttons)


def _request(page: CasePage, request: PoliceRequest, now: datetime) -> Fact:
    again = [one for one in page.file.contents.of(PoliceChase) if one.request == request.id]
    lines = [f"Asked {at_words(request.asked_at, now)}" if request.asked_at else ""]
    lines += [f"Asked again {at_words(one.at, now)}" for one in again if one.at]
    lines.append(f"Reference {request.reference}" if request.reference else "")
    if is_answered(request):
        lines.append(f"Answered {at_words(request.replied_at, now)}" if request.replied_at else "Answered")
        return Fact(f"Police: {request.asked_of}", tuple(lines), _AS_SAID, request.reply, (("Answered", Tone.OK),))
    buttons = (Doing("Their answer, or asked again", "police-answer", request.id),)
    return Fact(f"Police: {request.asked_of}", tuple(lines), tags=(("No answer yet", Tone.SOON),), doing=buttons)


def _warning(warning: WarningGiven, now: datetime) -> Fact:
    lines = [WARNING_WAYS.get(warning.way, warning.way)]
    lines.append(moment_words(warning.given_at, now) if warning.given_at else "")
    if warning.named_nobody is False:
        lines.append("It named or accused somebody.")
    if warning.against_wish_because:
        lines.append(f"All the same because: {warning.against_wish_because}")
    return Fact(f"Warned: {warning.given_to}", tuple(lines), _AS_SAID, warning.words)


PART = Part(
    title="Area", facts=facts, doing=doing,
    empty="When nobody can be named: ask the police to be seen more, warn those it may be, visit the tenants.",
)  # fmt: skip
