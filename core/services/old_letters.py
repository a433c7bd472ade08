"""Letters about closing, an appeal or the survey that an earlier version made: how one left us (policy 4.29, 4.30).

Such a letter can be in somebody's bag, made and not yet sent, while the program is replaced by this one.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.case import Survey
from core.domain.closing import LETTER_WAYS, PersonLetter
from core.foundation.ids import RecordId
from core.policy.survey import ways_to_write
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_of, facts_with, settle_stage, values_of
from core.services.forms import Problems
from core.services.letter_matters import IN_WRITING, SAID_ALREADY
from core.services.workspace import Workspace
from core.store.unit import WriteUnit

_WAY_OF_CONTACT = {"post": "letter", "email": "email", "text": "text"}
"""How it left -> the way of contact that has to be safe for it. Handing over and reading out need none."""
_NOT_SAFE = (
    "The person has not said that this way is safe, or somebody else in the case lives there. Write the letter anew;"
    " there you can give the reason why this way was used."
)
CAME_BACK = "returned"


def deliver_old_letter(
    workspace: Workspace, *, letter: RecordId, way: str, delivered_at: datetime | None = None
) -> StepRecorded:
    """How a letter of an earlier version reached the person, and when (now, if nothing is said); or that it came back.

    Raises:
        FormIncomplete: it was said already, the way is not safe, or the moment lies ahead or before it was made.
        NotFound: there is no such letter in this vault.
    """
    found = workspace.store.get(PersonLetter, letter)
    contents = facts_of(workspace, found.case)
    now = workspace.parts.clock.now()
    at = delivered_at or now
    contact = _WAY_OF_CONTACT.get(way, "")
    survey = found.sort.startswith("survey")
    safe = ways_to_write(contents, found.party, workspace.setting_of(contents))
    problems = Problems()
    problems.need(way in LETTER_WAYS, "way", "Choose how it reached them, or that it came back.")
    problems.need(not found.not_sent_because, "letter", "It was written down why there is no letter.")
    problems.need(way == CAME_BACK or found.delivery in ("", CAME_BACK), "way", SAID_ALREADY)
    problems.need(not (survey and way == "read"), "way", IN_WRITING)
    problems.need(not contact or contact in safe, "way", _NOT_SAFE)
    problems.not_in_future(at, now, "delivered_at")
    problems.need(found.made_at is None or at >= found.made_at, "delivered_at", "That is before the letter was made.")
    problems.settle()
    said: dict[str, object] = {"delivery": way, "delivered_at": at, "delivered_by": workspace.user}
    with workspace.store.unit("deliver-old-letter") as (unit, outcome):
        unit.update(PersonLetter, letter, **said)
        if survey:
            _tell_survey(unit, workspace, found, way, at)
        after = facts_with(contents, PersonLetter, {**values_of(found), **said}, record=letter)
        settle_stage(unit, workspace, after)
    return StepRecorded(letter, outcome.changed)


def _tell_survey(unit: WriteUnit, workspace: Workspace, letter: PersonLetter, way: str, at: datetime) -> None:
    survey = workspace.store.find(Survey, letter.about) if letter.about is not None else None
    went = way != CAME_BACK
    if survey is None:
        return
    if letter.sort == "survey-reminder":
        unit.update(Survey, survey.id, reminded_at=at if went else None)
        return
    unit.update(
        Survey, survey.id, sent_at=at if went else None, sent_by=workspace.user if went else b"",
        way=(_WAY_OF_CONTACT.get(way) or "visit") if went else "", not_sent_because="" if went else "It came back.",
    )  # fmt: skip
