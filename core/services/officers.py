"""Whom a private interview was offered, which officer they asked for, and who can meet it (policy 4.26, 4.27).

No colleague's origin is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Case
from core.domain.interview import (
    CAN_MEET,
    OFFER_SAID,
    PIECES,
    REQUESTS,
    FromInterview,
    InterviewOffer,
    OfficerWish,
    RequestsMet,
)
from core.foundation.ids import RecordId, UserId
from core.policy.duties import CaseFacts
from core.policy.interview import (
    asked_at_report,
    asked_words,
    latest_said,
    nag,
    who_may_meet,
    why_not_wish,
    wishes_for_officer,
)
from core.services.access import PersonRow, names_of
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace
from core.store.store import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerForm:
    """What somebody asked for, and whether it could be met."""

    case: RecordId
    said_at: datetime
    wants: frozenset[str] = frozenset()
    wants_interpreter: frozenset[str] = frozenset()
    met: bool | None = None
    not_met_because: str = ""
    party: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Nagging:
    """What to say before a visit or an interview (empty: nothing), and who said they can meet what was asked for."""

    sentence: str = ""
    ask: tuple[PersonRow, ...] = ()

    @property
    def words(self) -> str:
        """The sentence, and whom to ask."""
        return " ".join(part for part in (self.sentence, self.ask_words) if part)

    @property
    def ask_words(self) -> str:
        """Whom to ask; empty if nobody said they can meet it."""
        names = ", ".join(person.name for person in self.ask if person.name)
        return f"Can be asked: {names}." if names else ""


NOTHING_TO_SAY = Nagging()


def record_interview_offer(
    workspace: Workspace, *, case: RecordId, offered_at: datetime, answer: str, words: str = "",
    party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """Somebody was offered a private interview, and what they said (policy 4.26).

    Raises:
        FormIncomplete: the moment lies ahead, or nobody says what they said.
    """
    problems = Problems()
    problems.not_in_future(offered_at, workspace.parts.clock.now(), "offered_at")
    problems.need(answer in OFFER_SAID, "answer", "Choose what they said.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("interview-offer") as (unit, outcome):
        record = unit.create(
            InterviewOffer, found.stream, case=case, party=party, offered_at=offered_at, answer=answer,
            words=words.strip(), recorded_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def record_officer_wish(workspace: Workspace, *, form: OfficerForm) -> StepRecorded:
    """Which officer and interpreter somebody wants, beside what they said before (policy 4.27).

    Raises:
        FormIncomplete: the moment lies ahead, or it could not be met and nobody said why.
    """
    problems = Problems()
    problems.not_in_future(form.said_at, workspace.parts.clock.now(), "said_at")
    problems.among(form.wants, REQUESTS, "wants")
    problems.among(form.wants_interpreter, REQUESTS, "wants_interpreter")
    wrong = why_not_wish(form.wants, form.wants_interpreter, form.met, form.not_met_because)
    for field, sentence in wrong.items():
        problems.need(False, field.removeprefix("wants_") if field == "wants_not_met_because" else field, sentence)
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("officer-wish") as (unit, outcome):
        record = unit.create(
            OfficerWish, case.stream, case=case.id, party=form.party, said_at=form.said_at, wants=form.wants,
            wants_interpreter=form.wants_interpreter, met=form.met, recorded_by=workspace.user,
            not_met_because=form.not_met_because if form.met is False else "",
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def say_what_i_can_meet(workspace: Workspace, *, can_meet: frozenset[str]) -> StepRecorded:
    """This person says which requests they can meet, in the place of what they said before (policy 4.27).

    Raises:
        NotAllowed: whoever only reads takes no interviews.
    """
    problems = Problems()
    problems.among(can_meet, CAN_MEET, "can_meet")
    problems.settle()
    mine = workspace.store.select(RequestsMet, table_of(RequestsMet).c.user == workspace.user)
    now = workspace.parts.clock.now()
    with workspace.store.unit("requests-met") as (unit, outcome):
        for one in mine[:-1]:
            unit.delete(RequestsMet, one.id)
        if mine:
            record = mine[-1].id
            unit.update(RequestsMet, record, can_meet=can_meet, said_at=now)
        else:
            record = unit.create(
                RequestsMet, workspace.organisation_stream, user=workspace.user, can_meet=can_meet, said_at=now
            )
    return StepRecorded(record, outcome.changed)


def what_i_can_meet(workspace: Workspace) -> frozenset[str]:
    """What this person said they can meet."""
    return latest_said(workspace.store.select(RequestsMet)).get(workspace.user, frozenset())


def nagging(workspace: Workspace, wants: Collection[str], *, met: bool | None = None) -> Nagging:
    """What to say to this person before they see somebody who wants this officer (policy 4.27). It bars nothing."""
    said = latest_said(workspace.store.select(RequestsMet))
    sentence = nag(wants, said.get(workspace.user, frozenset()), met=met)
    if not sentence:
        return NOTHING_TO_SAY
    names = names_of(workspace)
    ask = tuple(
        PersonRow(UserId(user), names.get(UserId(user), ""))
        for user in who_may_meet(wants, said)
        if user != workspace.user
    )
    return Nagging(sentence, ask)


def nagging_of_case(workspace: Workspace, facts: CaseFacts) -> Nagging:
    """The same for the people of a case: by their latest word, else by what was said when it was reported."""
    wishes = wishes_for_officer(facts)
    for one in wishes.values():
        found = nagging(workspace, one.wants, met=one.met)
        if found.sentence:
            return found
    at_report = asked_at_report(facts.parties) if not wishes else ()
    if at_report:
        asked = "; ".join(at_report)
        return Nagging(f"When it was reported they asked for: {asked}. Ask whether they want to go on with you.")
    return NOTHING_TO_SAY


# ------------------------------------------------------------------ the story


def _tell_wish(one: OfficerWish, names: Names) -> Iterator[TimelineEntry | None]:
    parts = [f"Officer: {asked_words(one.wants)}" if one.wants else ""]
    parts.append(f"Interpreter: {asked_words(one.wants_interpreter)}" if one.wants_interpreter else "")
    if not one.wants and not one.wants_interpreter:
        parts.append("Nobody in particular")
    if one.met is not None:
        parts.append("It could be met." if one.met else f"It could not be met: {one.not_met_because}")
    who = names.get(one.recorded_by, "")
    yield entry(one, one.said_at, "Officer asked for", who, "\n".join(part for part in parts if part), sensitive=True)


def _tell_offer(one: InterviewOffer, names: Names) -> Iterator[TimelineEntry | None]:
    told = "\n".join(part for part in (OFFER_SAID.get(one.answer, ""), one.words) if part)
    yield entry(one, one.offered_at, "Private interview offered", names.get(one.recorded_by, ""), told, sensitive=True)


def _tell_from(one: FromInterview, names: Names) -> Iterator[TimelineEntry | None]:
    what = "; ".join(words.lower() for code, words in PIECES.items() if code in one.pieces)
    title = f"Put in from a private interview: {what}"
    yield entry(one, one.at, title, names.get(one.by, ""), one.against_wish_because, sensitive=True)


TELLERS: dict[str, Teller] = {
    OfficerWish.SPEC.name: _tell_wish, InterviewOffer.SPEC.name: _tell_offer, FromInterview.SPEC.name: _tell_from,
}  # fmt: skip
