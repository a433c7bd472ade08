"""Letters about closing, an appeal or the survey: what each is about, what stops it, and what follows once it has left.

It is the same from whichever page such a letter is written: the time to appeal begins when it left (policy 4.29), and
a survey counts as sent, with who sent it, when and how (4.30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Closure, Survey
from core.domain.closing import Appeal
from core.domain.letters import LEFT_US, CaseLetter
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.appeals import is_decided, was_answered_at
from core.policy.closing import current_closure, finding_of
from core.policy.duties import Setting
from core.policy.survey import ways_to_write
from core.policy.talks import is_for
from core.services.closing_stage import facts_with, person_of, settle_stage, values_of
from core.services.surveys import begin_survey, to_remind_of, why_not_remind, why_not_send
from core.services.workspace import Workspace
from core.store.contents import CaseContents
from core.store.unit import WriteUnit

CLOSING, APPEAL, SURVEY, REMINDER = "closure", "appeal-outcome", "survey", "survey-reminder"
MATTERS = frozenset({CLOSING, APPEAL, SURVEY, REMINDER})
"""The documents that are about one of these; none of them names anybody else in the case."""
WAY_OF_CONTACT = {"post": "letter", "door": "letter", "email": "email", "text": "text", "in-person": "", "read": ""}
"""How a letter leaves -> the way of contact that has to be safe for it. Handing over and reading out need none."""
NOT_SAFE = "The person has not said that this way is safe, or somebody else in the case lives there."
IN_WRITING = "The survey goes out in writing. Choose another way."
SAID_ALREADY = "How it reached them was said already. Say that it came back, or write a new letter."
NOT_PROPOSED = "Closing is not proposed. Propose it first."
NOT_DECIDED = "No appeal of this person is decided and waits for an answer."


@dataclass(frozen=True, slots=True)
class Matter:
    """Whom such a letter is for, what it is about, and what was found. `about` is None for a survey not begun yet."""

    party: RecordId | None
    about: RecordId | None
    finding: str


def matter_of(
    contents: CaseContents, *, template: str, party: RecordId | None, about: RecordId | None, setting: Setting
) -> Matter | None:
    """What a letter is about; None for a document that is about none of this.

    Raises:
        FormIncomplete: it has nothing to tell yet, or may not be sent to this person.
    """
    if template not in MATTERS:
        return None
    person = person_of(contents, party)
    finding = finding_of(contents)
    if template == CLOSING:
        closure = _closure(contents, about)
        return Matter(person, closure.id, closure.finding)
    if template == APPEAL:
        return Matter(person, _appeal(contents, person, about, setting), finding)
    if template == SURVEY:
        _refuse("party", why_not_send(contents, person, setting))
        begun = (one.id for one in contents.surveys if is_for(contents, one.party, person) and _is_begun(one))
        return Matter(person, next(begun, None), finding)
    survey = to_remind_of(contents, person, about)
    _refuse("survey", why_not_remind(contents, survey, setting))
    return Matter(person, survey.id if survey else None, finding)


def begin(
    unit: WriteUnit, workspace: Workspace, contents: CaseContents, *, template: str, party: RecordId | None,
    about: RecordId | None,
) -> RecordId | None:  # fmt: skip
    """What a letter that is being written is about; a survey is begun with its letter, and asks what is asked today."""
    if template != SURVEY:
        return about
    questions = workspace.shelf.survey(workspace.today)
    if about is None:
        return begin_survey(unit, contents, party, questions)
    unit.update(Survey, about, set_id=questions.id, set_version=questions.version)
    return about


def why_not_by(contents: CaseContents, letter: CaseLetter, way: str, setting: Setting) -> str:
    """Why a letter of a matter may not go this way, as a sentence; empty if it may."""
    if letter.template in (SURVEY, REMINDER) and way == "read":
        return IN_WRITING
    contact = WAY_OF_CONTACT.get(way, "") if letter.template in MATTERS else ""
    return NOT_SAFE if contact and contact not in ways_to_write(contents, letter.party, setting) else ""


def is_never_by(letter: CaseLetter) -> bool:
    """Whether no reason makes up for a way that is not safe: the survey is sent safely or not at all."""
    return letter.template in (SURVEY, REMINDER)


def left(
    unit: WriteUnit, workspace: Workspace, contents: CaseContents, letter: CaseLetter, *, delivery: str, way: str,
    delivered_at: datetime | None,
) -> None:  # fmt: skip
    """What follows from what became of a letter: the stage of the case, and whether the survey counts as sent."""
    went = delivery in LEFT_US
    if letter.template == REMINDER and letter.about is not None:
        unit.update(Survey, letter.about, reminded_at=delivered_at if went else None)
    elif letter.template == SURVEY and letter.about is not None:
        unit.update(
            Survey, letter.about, sent_at=delivered_at if went else None, sent_by=workspace.user if went else b"",
            way=(WAY_OF_CONTACT.get(way) or "visit") if went else "",
            not_sent_because="It came back." if delivery == "returned" else "",
        )  # fmt: skip
    elif letter.template in MATTERS:
        after = values_of(letter, delivery=delivery, delivered_at=delivered_at)
        settle_stage(unit, workspace, facts_with(contents, CaseLetter, after, record=letter.id))


def _closure(contents: CaseContents, about: RecordId | None) -> Closure:
    named = (one for one in contents.closures if one.id == about)
    found = next(named, None) if about is not None else current_closure(contents)
    if found is None:
        raise FormIncomplete(problems={"template": NOT_PROPOSED})
    return found


def _appeal(
    contents: CaseContents, person: RecordId | None, about: RecordId | None, setting: Setting
) -> RecordId:
    waiting = [
        one.id
        for one in contents.of(Appeal)
        if is_decided(contents, one, setting)
        and (one.id == about or (about is None and one.party == person and not was_answered_at(contents, one, setting)))
    ]
    if not waiting:
        raise FormIncomplete(problems={"appeal": NOT_DECIDED})
    return waiting[-1]


def _is_begun(survey: Survey) -> bool:
    return survey.sent_at is None and not survey.not_sent_because


def _refuse(field: str, sentence: str) -> None:
    if sentence:
        raise FormIncomplete(problems={field: sentence})
