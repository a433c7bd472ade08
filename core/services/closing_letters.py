"""The letters the steps of closing write: about closing, an appeal and the survey, or why none is safe (4.29, 4.30).

Each is a letter like any other (`case_letters.py`): looked at, made and sent from the letters of the case.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.case import Closure, Survey
from core.domain.closing import Appeal, PersonLetter
from core.domain.letters import CaseLetter
from core.foundation.errors import FormIncomplete, LetterBlocked
from core.foundation.ids import RecordId
from core.services.case_letter_words import closing_words
from core.services.case_letters import CaseLetterForm, plan_case_letter, suggest_letter, write_case_letter
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_of, facts_with, person_of, settle_stage
from core.services.forms import Problems
from core.services.letter_matters import APPEAL, CLOSING, REMINDER, SURVEY
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.template_book import template_in_use
from core.services.workspace import Workspace

_REASONS = "Write the reasons as the person will read them."


def write_closing_letter(
    workspace: Workspace, *, closure: RecordId, closing_reasons: str, party: RecordId | None = None
) -> StepRecorded:
    """Write the letter to one person with the reasons for closing and how to appeal (policy 4.29).

    Raises:
        FormIncomplete: no reasons, or they accuse somebody of what was not found.
        LetterBlocked: it tells something about somebody else in the case.
    """
    found = workspace.store.get(Closure, closure)
    _need("closing_reasons", closing_reasons)
    said = closing_words(found, closing_reasons)
    return _written(workspace, found.case, CLOSING, party, closure, closing_reasons=said)


def write_appeal_letter(workspace: Workspace, *, appeal: RecordId, appeal_reasons: str) -> StepRecorded:
    """Write the letter that says what became of an appeal, and why (policy 4.29).

    Raises:
        FormIncomplete: it is not decided yet, or the reasons accuse somebody of what was not found.
        LetterBlocked: it tells something about somebody else in the case.
    """
    found = workspace.store.get(Appeal, appeal)
    _need("appeal_reasons", appeal_reasons)
    return _written(workspace, found.case, APPEAL, found.party, appeal, appeal_reasons=appeal_reasons)


def write_survey(workspace: Workspace, *, case: RecordId, party: RecordId | None = None) -> StepRecorded:
    """Write the survey of one person, in the format they need. It counts as sent once it has left (policy 4.30).

    Raises:
        FormIncomplete: the case is open, nothing may be sent to this person, or nobody asked what is safe.
    """
    return _written(workspace, case, SURVEY, party, None)


def write_reminder(workspace: Workspace, *, survey: RecordId) -> StepRecorded:
    """Write the one reminder of a survey nobody has answered (policy 4.30).

    Raises:
        FormIncomplete: it was not sent, it was answered, or they were reminded already.
    """
    found = workspace.store.get(Survey, survey)
    return _written(workspace, found.case, REMINDER, found.party, survey)


def note_no_letter(
    workspace: Workspace, *, about: RecordId, because: str, party: RecordId | None = None
) -> StepRecorded:
    """No letter can be given to this person safely: why, and how they were told instead (policy 4.29).

    Raises:
        FormIncomplete: no reason was given.
    """
    problems = Problems()
    problems.need(because.strip(), "because", "Say why no letter is safe, and how the person was told instead.")
    problems.settle()
    appeal = workspace.store.find(Appeal, about)
    found = appeal or workspace.store.get(Closure, about)
    facts = facts_of(workspace, found.case)
    template = APPEAL if appeal else CLOSING
    made = {
        "case": facts.case.id, "party": person_of(facts, appeal.party if appeal else party), "about": about,
        "name": template_in_use(workspace, template=template).name, "template": template, "state": "none",
        "written_at": workspace.parts.clock.now(), "written_by": workspace.user, "not_sent_because": because.strip(),
    }  # fmt: skip
    with workspace.store.unit("note-no-letter") as (unit, outcome):
        record = unit.create(CaseLetter, facts.case.stream, **made)
        settle_stage(unit, workspace, facts_with(facts, CaseLetter, made))
    return StepRecorded(record, outcome.changed)


def _written(
    workspace: Workspace, case: RecordId | None, template: str, party: RecordId | None, about: RecordId | None,
    **said: str,
) -> StepRecorded:  # fmt: skip
    """Write a letter from what the case knows; one that tells of somebody else is refused."""
    contents = facts_of(workspace, case)
    asked = {"case": contents.case.id, "template": template, "party": person_of(contents, party), "about": about}
    known = suggest_letter(workspace, **asked)  # type: ignore[arg-type]  # what both take by the same names
    form = CaseLetterForm(**asked, values={**known.values, **said})  # type: ignore[arg-type]
    plan = plan_case_letter(workspace, form=form)
    if plan.blocking:
        raise LetterBlocked(reason=plan.blocking[0].why)
    return write_case_letter(workspace, plan=plan)


def _need(field: str, reasons: str) -> None:
    if not reasons.strip():
        raise FormIncomplete(problems={field: _REASONS})


# ------------------------------------------------------------------ the story of letters made by an earlier version


def _tell_letter(one: PersonLetter, names: Names) -> Iterator[TimelineEntry | None]:
    words = label_of(one, "sort")
    if one.not_sent_because:
        yield entry(one, one.made_at, f"No letter: {words.lower()}", names.get(one.made_by, ""), one.not_sent_because)
        return
    yield entry(one, one.made_at, f"Made: {words.lower()}", names.get(one.made_by, ""), "")
    how = label_of(one, "delivery").lower()
    yield entry(one, one.delivered_at, f"{words}: {how}", names.get(one.delivered_by, ""), "")


TELLERS: dict[str, Teller] = {PersonLetter.SPEC.name: _tell_letter}
