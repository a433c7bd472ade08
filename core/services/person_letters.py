"""Letters to one person about closing, an appeal, or a survey: made, kept with the case, and how they reached them.

The file is attached to the case, sealed like every other; it is looked at, printed and copied from there. A letter
counts only once it is written down how it left (policy 4.29, 4.30).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Closure, Survey
from core.domain.changed import Changed
from core.domain.closing import LETTER_WAYS, PERSON_LETTERS, Appeal, PersonLetter
from core.domain.organisation import Member
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId
from core.letters.model import text_sha256
from core.policy.appeals import is_decided
from core.policy.closing import finding_of
from core.policy.duties import CaseFacts, to_the_minute
from core.policy.outgoing import NOT_FOUND, accuses, words_for_other, words_of_finding
from core.policy.survey import ways_to_write
from core.policy.talks import OTHER_SIDE, party_of, people_to_tell
from core.services.attachments import AttachmentForm, GivenFile, attach
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_with, settle_stage, values_of
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.letter_words import say_day
from core.services.person_letter_words import make_letter, recipient_of
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store.unit import WriteUnit

_TEMPLATES = {
    "closing": "closure", "appeal": "appeal-outcome", "survey": "survey", "survey-reminder": "survey-reminder",
}  # fmt: skip
_DECISIONS = {
    "upheld": "appeal_upheld", "partly": "appeal_partly", "not-upheld": "appeal_refused", "late": "appeal_late",
}  # fmt: skip
"""What was decided -> the field of the letter that says so."""
_SAFE_WAY = {"post": "letter", "email": "email", "text": "text"}
"""How a letter left -> the way of contact that has to be safe for it. Handing it over and reading it out need none."""
_SURVEY_WAY = {**_SAFE_WAY, "hand": "visit"}
NOT_SAFE = "The person has not said that this way is safe, or somebody else in the case lives there."
ELSEWHERE = "The person needs: {words}. The text is in Files, for whoever makes it."


@dataclass(frozen=True, slots=True)
class LetterMade:
    """The letter is in the case's files. `to_say` says what else is to be done, as a sentence; empty if nothing is."""

    letter: RecordId
    attachment: RecordId
    to_say: str
    changed: Changed


def make_closing_letter(
    workspace: Workspace, *, closure: RecordId, reasons: str, party: RecordId | None = None
) -> LetterMade:
    """Make the letter to one person with the reasons for closing and how to appeal (policy 4.29).

    Raises:
        FormIncomplete: no reasons, or they accuse somebody of what was not found.
        LetterBlocked: it tells something about somebody else in the case.
    """
    found = workspace.store.get(Closure, closure)
    facts = facts_of(workspace, found.case)
    person = person_of(facts, party)
    setting = workspace.setting_of(facts)
    finding = found.finding
    _check_words(reasons, finding)
    until = setting.due_after(setting.now, setting.pack.clocks.appeal.term).astimezone(setting.pack.zone).date()
    said = {
        "closing_reasons": "\n".join(part for part in (words_of_finding(finding), reasons) if part),
        "appeal_by": say_day(until),
        "note": f"If {words_for_other(finding)} does anything like this again, please tell us at once.",
    }  # fmt: skip
    return keep_letter(workspace, facts, sort="closing", about=closure, person=person, said=said)


def make_appeal_letter(workspace: Workspace, *, appeal: RecordId, reasons: str) -> LetterMade:
    """Make the letter that says what became of an appeal, and why (policy 4.29).

    Raises:
        FormIncomplete: it is not decided yet, or the reasons accuse somebody of what was not found.
        LetterBlocked: it tells something about somebody else in the case.
    """
    found = workspace.store.get(Appeal, appeal)
    facts = facts_of(workspace, found.case)
    setting = workspace.setting_of(facts)
    if not is_decided(facts, found, setting):
        raise FormIncomplete(problems={"appeal": "The appeal is not decided yet. Decide it first."})
    _check_words(reasons, finding_of(facts))
    open_still = found.closure is not None and found.decision in ("upheld", "partly") and found.keep_open is not False
    decider = next((one.name for one in workspace.store.select(Member) if one.user == found.decided_by), "")
    received = (found.made_at or setting.now).astimezone(setting.pack.zone).date()
    said = {
        "appeal_received": say_day(received), "decided_by": decider or "a colleague", "appeal_reasons": reasons,
        _DECISIONS[found.decision]: "yes", "appeal_open": "yes" if open_still else "",
    }  # fmt: skip
    return keep_letter(workspace, facts, sort="appeal", about=appeal, person=person_of(facts, found.party), said=said)


def note_no_letter(
    workspace: Workspace, *, about: RecordId, sort: str, because: str, party: RecordId | None = None
) -> StepRecorded:
    """No letter can be given to this person safely: why, and how they were told instead (policy 4.29).

    Raises:
        FormIncomplete: no reason was given.
    """
    problems = Problems()
    problems.need(sort in ("closing", "appeal"), "sort", "Choose which letter.")
    problems.need(because.strip(), "because", "Say why no letter is safe, and how the person was told instead.")
    problems.settle()
    found = workspace.store.get(Appeal, about) if sort == "appeal" else workspace.store.get(Closure, about)
    facts = facts_of(workspace, found.case)
    made = {
        "case": facts.case.id, "party": person_of(facts, party), "sort": sort, "about": about,
        "made_by": workspace.user, "made_at": workspace.parts.clock.now(), "not_sent_because": because.strip(),
    }  # fmt: skip
    with workspace.store.unit("note-no-letter") as (unit, outcome):
        record = unit.create(PersonLetter, facts.case.stream, **made)
        settle_stage(unit, workspace, facts_with(facts, PersonLetter, made))
    return StepRecorded(record, outcome.changed)


def letter_delivered(workspace: Workspace, *, letter: RecordId, delivery: str, delivered_at: datetime) -> StepRecorded:
    """How a letter reached the person, or that it came back (policy 4.29, 4.30). The time to appeal follows from it.

    Raises:
        FormIncomplete: the way is not safe for this person, or the moment lies ahead or before it was made.
    """
    found = workspace.store.get(PersonLetter, letter)
    facts = facts_of(workspace, found.case)
    _check_delivery(workspace, facts, found, delivery, delivered_at)
    said = {"delivery": delivery, "delivered_at": delivered_at, "delivered_by": workspace.user}
    with workspace.store.unit("letter-delivered") as (unit, outcome):
        unit.update(PersonLetter, letter, **said)
        if found.sort.startswith("survey") and found.about is not None:
            _tell_survey(unit, found.about, found.sort, delivery, delivered_at)
        settle_stage(unit, workspace, facts_with(facts, PersonLetter, values_of(found, **said), record=letter))
    return StepRecorded(letter, outcome.changed)


def keep_letter(
    workspace: Workspace, facts: CaseFacts, *, sort: str, about: RecordId, person: RecordId | None,
    said: Mapping[str, str],
) -> LetterMade:  # fmt: skip
    """Make a letter, attach its file to the case and write it down. Nothing has left yet.

    Raises:
        FormIncomplete, LetterBlocked: as `make_letter`.
    """
    recipient = recipient_of(workspace, party_of(facts, person))
    made = make_letter(workspace, facts, template_id=_TEMPLATES[sort], recipient=recipient, said=said)
    now = workspace.parts.clock.now()
    name = f"letter-{now.astimezone(workspace.pack.zone):%Y-%m-%d}.{made.ending}"
    kept = attach(
        workspace, case=facts.case.id, given=GivenFile(data=made.data, name=name),
        form=AttachmentForm("letter", about=PERSON_LETTERS[sort], taken_at=now),
    )  # fmt: skip
    identity = made.template.identity
    with workspace.store.unit("make-letter") as (unit, outcome):
        letter = unit.create(
            PersonLetter, facts.case.stream, case=facts.case.id, party=person, sort=sort, about=about, made_at=now,
            made_by=workspace.user, template=identity.template_id, template_version=identity.version,
            template_sha256=identity.sha256, text_sha256=text_sha256(made.letter),
            letter_format=recipient.format_code, attachment=kept.attachment,
        )  # fmt: skip
    note = "" if recipient.made_here else ELSEWHERE.format(words=recipient.format_words.lower())
    return LetterMade(letter, kept.attachment, note, kept.changed | outcome.changed)


def waiting_letters(facts: CaseFacts) -> tuple[PersonLetter, ...]:
    """Letters that were made and of which nobody has said how they left."""
    return tuple(one for one in facts.of(PersonLetter) if not one.delivery and not one.not_sent_because)


def facts_of(workspace: Workspace, case: RecordId | None) -> CaseFacts:
    """The facts of the case a record belongs to.

    Raises:
        NotFound: it belongs to none that is in this vault.
    """
    if case is None:
        raise NotFound(what="case")
    return contents_of(workspace, case)


def person_of(facts: CaseFacts, party: RecordId | None) -> RecordId | None:
    """Who is meant: the one named, or the only person there is to tell.

    Raises:
        FormIncomplete: there are several and nobody was named, or the one complained about was.
    """
    people = people_to_tell(facts)
    if party is None and len(people) == 1:
        return people[0]
    other = party_of(facts, party)
    if other is None or OTHER_SIDE in other.roles:
        raise FormIncomplete(problems={"party": "Choose who is meant."})
    return party


def _check_delivery(
    workspace: Workspace, facts: CaseFacts, letter: PersonLetter, delivery: str, delivered_at: datetime
) -> None:
    setting = workspace.setting_of(facts)
    problems = Problems()
    problems.need(delivery in LETTER_WAYS, "delivery", "Choose how it reached them.")
    problems.not_in_future(delivered_at, setting.now, "delivered_at")
    made_at = to_the_minute(letter.made_at) if letter.made_at else delivered_at
    problems.need(delivered_at >= made_at, "delivered_at", "That is before the letter was made.")
    way = _SAFE_WAY.get(delivery)
    problems.need(way is None or way in ways_to_write(facts, letter.party, setting), "delivery", NOT_SAFE)
    aloud = letter.sort.startswith("survey") and delivery == "read"
    problems.need(not aloud, "delivery", "The survey goes out in writing. Choose another way.")
    again = letter.delivery not in ("", "returned") and delivery != "returned"
    problems.need(not again, "delivery", "How it reached them was said already. Make a new letter.")
    problems.settle()


def _tell_survey(unit: WriteUnit, survey: RecordId, sort: str, delivery: str, at: datetime) -> None:
    """A survey counts as sent from when its letter left; one that came back was not sent."""
    if sort == "survey-reminder":
        unit.update(Survey, survey, reminded_at=None if delivery == "returned" else at)
    elif delivery == "returned":
        unit.update(Survey, survey, sent_at=None, way="", not_sent_because="It came back.")
    else:
        unit.update(Survey, survey, sent_at=at, way=_SURVEY_WAY[delivery])


def _check_words(reasons: str, finding: str) -> None:
    problems = Problems()
    problems.need(reasons.strip(), "reasons", "Write the reasons as the person will read them.")
    accusing = accuses(reasons, finding)
    problems.need(not accusing, "reasons", NOT_FOUND.format(words=", ".join(accusing)))
    problems.settle()


# ------------------------------------------------------------------ the story


def _tell_letter(one: PersonLetter, names: Names) -> Iterator[TimelineEntry | None]:
    words = label_of(one, "sort")
    if one.not_sent_because:
        yield entry(one, one.made_at, f"No letter: {words.lower()}", names.get(one.made_by, ""), one.not_sent_because)
        return
    yield entry(one, one.made_at, f"Made: {words.lower()}", names.get(one.made_by, ""), "")
    how = label_of(one, "delivery").lower()
    yield entry(one, one.delivered_at, f"{words}: {how}", names.get(one.delivered_by, ""), "")


TELLERS: dict[str, Teller] = {PersonLetter.SPEC.name: _tell_letter}
