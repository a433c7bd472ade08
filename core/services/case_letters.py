"""Letters to one person of a case: chosen, filled from the case, looked at, guarded, agreed to, made and delivered.

A letter is kept for ever as it was: the template's text, what was filled in, the words and their fingerprint. Whoever
asks years later sees what was sent, and one that was spoiled is made again as it was.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.estate import FORMATS
from core.domain.letters import DELIVERY_OUTCOMES, DELIVERY_WAYS, LEFT_US, CaseLetter
from core.foundation.errors import NotAgreedYet
from core.foundation.files import make_private_folder, write_atomic
from core.foundation.ids import RecordId
from core.letters.compose import compose
from core.letters.envelopes import profile_of
from core.letters.fields import FIELDS_BY_NAME
from core.letters.formats import extras_here, files_of, is_draft, is_made_here, marked_as_draft, page_count
from core.letters.leak_guard import Leak, SecretKind, find_leaks, prepare
from core.letters.model import Layout, Letter, LetterFormat, canonical_text, text_sha256
from core.letters.render.papers import Paper
from core.letters.render.pdf_engine import render_letter
from core.letters.templates import AUDIENCES, Template, why_not_say
from core.policy.closing import FOUND
from core.policy.duties import to_the_minute
from core.policy.outgoing import NOT_FOUND, accuses
from core.policy.safe_contact import ways_for
from core.services import letter_matters
from core.services.audit import note_before
from core.services.case_letter_words import Suggested, asked_of, format_code, merged, suggest
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_of
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.letter_matters import MATTERS, WAY_OF_CONTACT, Matter
from core.services.letter_secrets import secrets_of_case
from core.services.letter_words import note_of_questions, words_of_ours
from core.services.letters import ready_folder
from core.services.organisation import organisation
from core.services.sent_letters import UNREAD, is_draft_translation, letter_to_look_at
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.telling_names import refuse_telling_name
from core.services.template_book import ENGLISH, TemplateRow, template_in_use, templates_in_use
from core.services.workspace import Workspace
from core.store.contents import CaseContents

_PEOPLE = frozenset({
    SecretKind.NAME, SecretKind.NICKNAME, SecretKind.FLAT, SecretKind.HOME, SecretKind.PHONE, SecretKind.EMAIL,
    SecretKind.REFERENCE,
})  # fmt: skip
_BLOCKED = frozenset({"complained-about", "parent", "area", "association", "door", "police"})
"""Readers to whom nothing of the case may be said unless a second person takes it on themselves."""
_PEOPLE_BLOCKED = frozenset({"landlord"})
"""Readers who are told what happened, and never about anybody but the person they are asked about.

So are the people harmed in a letter about closing, an appeal or the survey.
"""
_ASKED_FOR_SAFETY = frozenset({"harmed", "reporter", "witness", "speaks-for"})
_REFERENCE_BYTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetterForm:
    """What an officer chose and filled in. `values` by field name, a day as YYYY-MM-DD, "yes" for what is said.

    `addressee` and `address` (a line each) are those of `party` unless they are given. `about`: the closing, appeal or
    survey it tells of, if it is not the latest.
    """

    case: RecordId
    template: str
    party: RecordId | None = None
    about: RecordId | None = None
    language: str = ENGLISH
    letter_format: str = ""
    addressee: str = ""
    address: str = ""
    audience: str = ""
    letter_date: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseLetterPlan:
    """A letter as it would be. `blocking`: what only a second person may let through; `seen`: shown, no more.

    `cautions` are sentences: a way that is not safe, a format somebody else makes, a text nobody has proofed.
    """

    form: CaseLetterForm
    template: Template
    letter: Letter
    values: Mapping[str, str]
    reference: str
    blocking: tuple[Leak, ...]
    seen: tuple[Leak, ...]
    needs_second: bool
    cautions: tuple[str, ...]
    envelope: str = "dl"

    @property
    def format(self) -> LetterFormat:
        """The format it is made in."""
        return _format(self.form.letter_format)


@dataclass(frozen=True, slots=True)
class CaseLetterMade:
    """The files, or none where somebody else has to make it."""

    letter: RecordId
    files: tuple[Path, ...]
    pages: int
    changed: Changed


def documents_for(workspace: Workspace) -> tuple[TemplateRow, ...]:
    """Every document that can be chosen for a person of a case, in every language."""
    return tuple(row for row in templates_in_use(workspace) if row.can_be_used and row.template.use.audiences)


def suggest_letter(
    workspace: Workspace, *, case: RecordId, template: str, party: RecordId | None = None, language: str = ENGLISH,
    about: RecordId | None = None,
) -> Suggested:  # fmt: skip
    """What the case knows for a letter, and what an officer is asked for.

    Raises:
        NotFound: no such case or document.
    """
    chosen = template_in_use(workspace, template=template, language=language)
    return suggest(workspace, contents_of(workspace, case), chosen, party, about)


def plan_case_letter(workspace: Workspace, *, form: CaseLetterForm) -> CaseLetterPlan:
    """The letter as it would be, and everything that speaks against it. Nothing is written.

    Raises:
        FormIncomplete: what is missing, by field name.
        NotFound: no such case or document.
        GlyphsMissing, TextDoesNotFit: it cannot be made like this; `characters` or `part` says why.
    """
    contents = contents_of(workspace, form.case)
    template = template_in_use(workspace, template=form.template, language=form.language)
    matter = letter_matters.matter_of(
        contents, template=form.template, party=form.party, about=form.about, setting=workspace.setting_of(contents)
    )
    if matter is not None:
        form = replace(form, party=matter.party, about=matter.about)
    known = suggest(workspace, contents, template, form.party, form.about)
    form = replace(
        form, addressee=form.addressee or known.addressee, address=form.address or known.address,
        letter_format=form.letter_format or known.letter_format, audience=form.audience or _audience(template),
        letter_date=form.letter_date or workspace.parts.clock.now().astimezone(workspace.pack.zone).date(),
    )  # fmt: skip
    _check(form, template, matter)
    reference = "L-" + base64.b32encode(workspace.parts.randomness.bytes(_REFERENCE_BYTES)).decode("ascii")[:6]
    assert form.letter_date is not None
    values = merged(
        workspace, template, addressee=form.addressee, address=form.address, values=form.values, day=form.letter_date,
        reference=reference,
    )  # fmt: skip
    letter = compose(template, values)
    blocking, seen = _leaks(workspace, contents, form, template, letter)
    second = workspace.pack.area_letters.second_person_approves and template.use.signed_off
    return CaseLetterPlan(
        form, template, letter, values, reference, blocking, seen, second or bool(blocking),
        _cautions(workspace, contents, form, template), organisation(workspace).envelope,
    )  # fmt: skip


def preview_case_letter(workspace: Workspace, *, plan: CaseLetterPlan) -> bytes:
    """The real pages as a PDF; for a format that is not on paper, in large print, to be looked through.

    Raises:
        GlyphsMissing, TextDoesNotFit: it cannot be made like this.
    """
    del workspace
    envelope = profile_of(plan.envelope)
    letter = marked_as_draft(plan.letter) if plan.template.is_draft else plan.letter
    shown = plan.format if plan.format.is_printed else LetterFormat.LARGE_PRINT
    return render_letter(letter, shown, envelope=envelope)


def write_case_letter(workspace: Workspace, *, plan: CaseLetterPlan) -> StepRecorded:
    """Keep the letter in the file of the case. If a second person is needed it waits for them."""
    form = plan.form
    case = workspace.store.get(Case, form.case)
    identity = plan.template.identity
    contents = contents_of(workspace, form.case)
    with workspace.store.unit("write-case-letter") as (unit, outcome):
        about = letter_matters.begin(
            unit, workspace, contents, template=form.template, party=form.party, about=form.about
        )
        record = unit.create(
            CaseLetter, case.stream, case=case.id, party=form.party, about=about, addressee=form.addressee,
            audience=form.audience, name=plan.template.name, template=identity.template_id,
            template_version=identity.version, template_sha256=identity.sha256, template_text=plan.template.source,
            filled_in=json.dumps(dict(plan.values), ensure_ascii=False, sort_keys=True),
            words=canonical_text(plan.letter), reference=plan.reference, envelope=plan.envelope,
            language=identity.language,
            letter_format=form.letter_format, state="waiting" if plan.needs_second else "ready",
            proof="draft" if is_draft(plan.format, plan.template) else "",
            written_at=workspace.parts.clock.now(), written_by=workspace.user,
            hits={_hit(leak) for leak in (*plan.blocking, *plan.seen)}, text_sha256=text_sha256(plan.letter),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def approve_case_letter(workspace: Workspace, *, letter: RecordId, reason: str = "") -> StepRecorded:
    """A second person agrees; `reason` is needed where words could give somebody away (policy 4.31).

    Raises:
        FormIncomplete: its writer cannot agree to it, or nobody said why it goes out all the same.
    """
    found = workspace.store.get(CaseLetter, letter)
    problems = Problems()
    problems.need(found.state == "waiting", "letter", "This letter does not wait for anybody.")
    problems.need(found.written_by != workspace.user, "letter", "Somebody who did not write it agrees to it.")
    why = "Words in it could give somebody away. Say why it goes out all the same."
    problems.need(not _blocking_hits(found) or reason.strip(), "reason", why)
    problems.settle()
    with workspace.store.unit("approve-case-letter") as (unit, outcome):
        unit.update(
            CaseLetter, letter, state="ready", approved_at=workspace.parts.clock.now(), approved_by=workspace.user,
            override_reason=reason.strip(),
        )  # fmt: skip
    return StepRecorded(letter, outcome.changed)


def make_case_letter(
    workspace: Workspace, *, letter: RecordId, folder: Path, paper: Paper = Paper.A4
) -> CaseLetterMade:
    """Make the files into `folder`, or make them again as they were. It is written down first who made them.

    Raises:
        NotAgreedYet: a second person has not agreed to it yet.
        FolderNotWritable, DiskFull: nothing was made.
        FormIncomplete: it was cancelled.
        GlyphsMissing, TextDoesNotFit: it cannot be made like this.
    """
    found = workspace.store.get(CaseLetter, letter)
    if found.state == "waiting":
        raise NotAgreedYet()
    problems = Problems()
    problems.need(found.state != "cancelled", "letter", "This letter was cancelled.")
    problems.settle()
    made = letter_to_look_at(found)
    form = _format(found.letter_format)
    if not is_made_here(form, found.language):
        with workspace.store.unit("make-case-letter") as (unit, outcome):
            unit.update(CaseLetter, letter, state="outsourced")
        return CaseLetterMade(letter, (), 0, outcome.changed)
    if found.case is not None:
        refuse_telling_name(workspace, case=workspace.store.get(Case, found.case), path=folder)
    ready_folder(workspace, folder=folder)
    files = files_of(made, form, paper=paper, envelope=profile_of(found.envelope))
    note_before(workspace, about=found.stream, deed="print", record=letter, subject=found.name)
    make_private_folder(folder)
    paths = []
    for suffix, data in files:
        path = folder / f"letter-{found.reference}{suffix}"
        write_atomic(path, data)
        paths.append(path)
    with workspace.store.unit("make-case-letter") as (unit, outcome):
        unit.update(
            CaseLetter, letter, state="made", made_at=found.made_at or workspace.parts.clock.now(),
            pages=page_count(files), file_sha256=hashlib.sha256(files[0][1]).digest(),
        )  # fmt: skip
    return CaseLetterMade(letter, tuple(paths), page_count(files), outcome.changed)


def deliver_case_letter(
    workspace: Workspace, *, letter: RecordId, outcome_code: str, way: str, unsafe_reason: str = "",
    delivered_at: datetime | None = None,
) -> StepRecorded:  # fmt: skip
    """What became of it, and when (now, if nothing is said). The time to appeal begins then (policy 4.29).

    A way that is not known to be safe for this person needs a reason (policy 3.3); no survey goes by one (4.30).

    Raises:
        FormIncomplete: it was not made, the way is not safe and nobody said why it was used, or the moment lies ahead
            or before it was written.
    """
    now = workspace.parts.clock.now()
    at = delivered_at or now
    found = workspace.store.get(CaseLetter, letter)
    problems = Problems()
    problems.need(outcome_code in DELIVERY_OUTCOMES, "outcome_code", "Choose what became of the letter.")
    problems.need(way in DELIVERY_WAYS, "way", "Choose how it was given or sent.")
    problems.need(found.state in ("made", "outsourced"), "outcome_code", "This letter has not been made.")
    problems.not_in_future(at, now, "delivered_at")
    early = found.written_at is not None and at < to_the_minute(found.written_at)
    problems.need(not early, "delivered_at", "That is before the letter was written.")
    unread = outcome_code in LEFT_US and is_draft_translation(found)
    problems.need(not unread, "outcome_code", UNREAD)
    again = found.template in MATTERS and found.delivery in LEFT_US and outcome_code in LEFT_US
    problems.need(not again, "outcome_code", letter_matters.SAID_ALREADY)
    contents = facts_of(workspace, found.case)
    if outcome_code not in ("", "returned"):
        strict = letter_matters.why_not_by(contents, found, way, workspace.setting_of(contents))
        never = bool(strict) and outcome_code in LEFT_US and letter_matters.is_never_by(found)
        problems.need(not never, "way", strict)
        unsafe = "" if never else _unsafe(contents, found.party, way) or strict
        problems.need(not unsafe or unsafe_reason.strip(), "unsafe_reason", f"{unsafe} Say why it was used.")
    problems.settle()
    ticked = bool(outcome_code)
    with workspace.store.unit("deliver-case-letter") as (unit, outcome):
        unit.update(
            CaseLetter, letter, delivery=outcome_code, delivery_way=way if ticked else "",
            delivered_at=at if ticked else None, delivered_by=workspace.user if ticked else b"",
            unsafe_reason=unsafe_reason.strip() if ticked else "",
        )  # fmt: skip
        letter_matters.left(unit, workspace, contents, found, delivery=outcome_code, way=way, delivered_at=at)
    return StepRecorded(letter, outcome.changed)


def cancel_case_letter(workspace: Workspace, *, letter: RecordId, why: str) -> StepRecorded:
    """It does not go out; it stays in the file. What was delivered cannot be cancelled.

    Raises:
        FormIncomplete: no reason, or it was delivered.
    """
    found = workspace.store.get(CaseLetter, letter)
    problems = Problems()
    problems.need(why.strip(), "why", "Say why this letter does not go out.")
    problems.need(found.delivery not in LEFT_US, "why", "It has gone out already.")
    problems.settle()
    with workspace.store.unit("cancel-case-letter") as (unit, outcome):
        unit.update(CaseLetter, letter, state="cancelled", cancelled_because=why.strip())
    return StepRecorded(letter, outcome.changed)


def prove_case_letter(workspace: Workspace, *, letter: RecordId, by: str) -> StepRecorded:
    """Somebody who reads it has gone over a Braille file, a recording or a translation (policy 6.5)."""
    problems = Problems()
    problems.need(by.strip(), "by", "Name who has gone over it.")
    problems.settle()
    with workspace.store.unit("prove-case-letter") as (unit, outcome):
        unit.update(CaseLetter, letter, proof="proofed", proofed_by=by.strip())
    return StepRecorded(letter, outcome.changed)


def outsource_case_letter(workspace: Workspace, *, letter: RecordId, to: str) -> StepRecorded:
    """Somebody else makes it in this format (policy 6.5)."""
    problems = Problems()
    problems.need(to.strip(), "to", "Say who makes it.")
    found = workspace.store.get(CaseLetter, letter)
    problems.need(found.state in ("ready", "made", "outsourced"), "to", "A second person has not agreed to it yet.")
    problems.settle()
    with workspace.store.unit("outsource-case-letter") as (unit, outcome):
        unit.update(CaseLetter, letter, state="outsourced", outsourced_to=to.strip())
    return StepRecorded(letter, outcome.changed)


# ------------------------------------------------------------------ inside


def _audience(template: Template) -> str:
    return template.use.audiences[0] if template.use.audiences else ""


def _format(code: str) -> LetterFormat:
    try:
        return LetterFormat(code or "standard")
    except ValueError:
        return LetterFormat.EASY_READ


def _check(form: CaseLetterForm, template: Template, matter: Matter | None) -> None:
    problems = Problems()
    is_letter = template.use.layout is Layout.LETTER
    problems.need(form.audience in AUDIENCES, "audience", "Choose who reads it.")
    problems.need(form.letter_format in FORMATS, "letter_format", "Choose a format that is on the list.")
    problems.need(not is_letter or form.addressee.strip(), "addressee", "Say to whom it goes.")
    problems.need(not is_letter or matter or form.address.strip(), "address", "Say where it goes, one line each.")
    for name in asked_of(template):
        needed = name in template.required_fields() and not form.values.get(name, "").strip()
        problems.need(not needed, name, f"Fill this in: {FIELDS_BY_NAME[name].means}.")
    finding = matter.finding if matter else ""
    for name, value in form.values.items():
        reason = why_not_say(value, after_finding=template.use.after_finding or finding in FOUND)
        problems.need(not reason, name, f"{reason}.")
        accusing = accuses(value, finding) if matter else ()
        problems.need(not accusing, name, NOT_FOUND.format(words=", ".join(accusing)))
    problems.settle()


def _leaks(
    workspace: Workspace, contents: CaseContents, form: CaseLetterForm, template: Template, letter: Letter
) -> tuple[tuple[Leak, ...], tuple[Leak, ...]]:
    """What blocks the letter, and what is only shown. What goes to the people harmed may speak of what they said."""
    apart = None if set(template.use.audiences) & {"area", "association", "door", "police"} else form.party
    secrets = prepare(
        secrets_of_case(workspace, contents.case, apart_from=apart, facts=form.audience not in ("harmed", "agency"))
    )
    allowed = (*words_of_ours(organisation(workspace)), form.addressee)
    found = dict.fromkeys(
        leak for text in letter.body_texts() for leak in find_leaks(text, secrets, allowed=allowed)
    )
    blocked = [
        leak
        for leak in found
        if form.audience in _BLOCKED or (_names_nobody(form.audience, form.template) and leak.secret.kind in _PEOPLE)
    ]
    return tuple(blocked), tuple(leak for leak in found if leak not in blocked)


def _hit(leak: Leak) -> str:
    return f"“{leak.found}”: {leak.why} In: {leak.sentence}"[:1900]


def _blocking_hits(found: CaseLetter) -> bool:
    return bool(found.hits) and (found.audience in _BLOCKED or _names_nobody(found.audience, found.template))


def _names_nobody(audience: str, template: str) -> bool:
    return audience in _PEOPLE_BLOCKED or template in MATTERS


def _cautions(
    workspace: Workspace, contents: CaseContents, form: CaseLetterForm, template: Template
) -> tuple[str, ...]:
    found = [note] if (note := note_of_questions(workspace, template)) else []
    if unsafe := _unsafe(contents, form.party, "post"):
        found.append(f"{unsafe} Give it in another way.")
    if form.addressee and not form.address.strip():
        found.append("There is no address on it. Hand it over, or send it by email.")
    person = next((one for one in contents.parties if one.id == form.party), None)
    if person is not None and person.format_needed.strip() and format_code(person.format_needed) == "":
        found.append(f"The person needs: {person.format_needed.strip()}. Have it made.")
    wanted = _format(form.letter_format)
    if not is_made_here(wanted, form.language):
        found.append(f"This program cannot make it as {FORMATS[form.letter_format].lower()}. Have it made.")
    elif is_draft(wanted, template):
        found.append("It is a draft until somebody who reads it has gone over it.")
        found += [extra for extra in extras_here() if wanted.value in extra.lower()]
    return tuple(found)


def _unsafe(contents: CaseContents, party: RecordId | None, way: str) -> str:
    """Why this way may not be used for this person, as a sentence; "" if it may. Not asked counts as unsafe."""
    contact = WAY_OF_CONTACT.get(way, "")
    person = next((one for one in contents.parties if one.id == party), None)
    if not contact or person is None or not person.roles & _ASKED_FOR_SAFETY:
        return ""
    ways = ways_for(contents, party)
    if why := ways.why(contact):
        return why
    return "" if contact in ways.safe else "Nobody has asked whether this way is safe for the person."


# ------------------------------------------------------------------ the story


def _tell(one: CaseLetter, names: Names) -> Iterator[TimelineEntry | None]:
    if one.not_sent_because:
        title = f"No letter: {one.name}"
        yield entry(one, one.written_at, title, names.get(one.written_by, ""), one.not_sent_because, sensitive=True)
        return
    to = f"{one.name}, to {one.addressee}" if one.addressee else one.name
    yield entry(one, one.written_at, f"Letter written: {to}", names.get(one.written_by, ""), one.words, sensitive=True)
    yield entry(
        one, one.approved_at, f"Letter agreed to: {one.name}", names.get(one.approved_by, ""), one.override_reason,
        sensitive=True,
    )  # fmt: skip
    title = f"Letter: {label_of(one, 'delivery').lower()}, {one.name}"
    yield entry(one, one.delivered_at, title, names.get(one.delivered_by, ""), one.unsafe_reason)


TELLERS: dict[str, Teller] = {CaseLetter.SPEC.name: _tell}
