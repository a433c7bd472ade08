"""Letters to an area: who gets what, a look before, the PDFs, and what became of each at the door (policy 4.12).

Rows first: a run and one record per household are written before any page is made. Each file is written
whole and then marked made in one transaction, so a run can be killed anywhere and started again: no letter is
missing and none is made twice.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.estate import FORMATS
from core.domain.letters import DOOR_OUTCOMES, LetterRecord, LetterRun
from core.foundation.errors import FolderNotWritable, LetterBlocked, NotAgreedYet
from core.foundation.files import make_private_folder, write_atomic
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.letters.envelopes import profile_of
from core.letters.formats import is_made_here
from core.letters.languages import english_name
from core.letters.leak_guard import Leak, find_leaks, prepare
from core.letters.model import Letter, LetterFormat
from core.letters.render.braille_pages import USUAL, BrailleSheet
from core.letters.render.pdf_engine import render_letter
from core.letters.render.plain import plain_text
from core.letters.templates import Template
from core.policy.no_perpetrator import area_letter_concerns
from core.services import area_files, letter_words
from core.services.audit import note_before
from core.services.case_formats import ASKED_IN_CASE, as_the_case_needs
from core.services.forms import Problems
from core.services.letter_approval import needs_second_person
from core.services.letter_secrets import secrets_of_case
from core.services.letter_words import Addressee, AreaTexts, addressees_in
from core.services.organisation import organisation
from core.services.people_here import PersonHere, not_told_yet, people_here
from core.services.places import refuse_own_folder
from core.services.run_letters import letter_as_it_stands, letters_of
from core.services.telling_names import refuse_telling_name
from core.services.workspace import Workspace
from core.store.store import table_of

CHECKLIST_NAME = "delivery-checklist.pdf"
_USUALLY = {name: known.default for name, known in LetterRecord.__dataclass_fields__.items()}
"""What a letter is where nothing else is said: not written down ten thousand times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLettersForm:
    """Which area, for which case, and why.

    `homes` are single homes, drawn from a list, and `rows_left` its rows that get no letter, with the reasons.
    `left_out` maps a home to the reason it gets no letter. `told` are homes of people of the case who know that the
    letter is coming.
    """

    case: RecordId
    streets: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    homes: frozenset[RecordId] = frozenset()
    rows_left: tuple[str, ...] = ()
    reason: str = ""
    person_consulted: bool | None = None
    letter_date: date | None = None
    left_out: Mapping[RecordId, str] = field(default_factory=dict)
    told: frozenset[RecordId] = frozenset()
    duplex: bool = False
    braille: BrailleSheet = USUAL
    by_name: bool = False
    """Whether the people who live there stand on the envelope. The words inside name nobody either way."""


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One home and what it gets. `outcome`: letter, left-out or outsourced; `why` says so in words."""

    place: int
    addressee: Addressee
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """What a run would do. With `leaks` only a second person can let it through; `needs_second`: there is one."""

    form: AreaLettersForm
    area: str
    texts: AreaTexts
    letters: tuple[PlannedLetter, ...]
    people: tuple[PersonHere, ...]
    warnings: tuple[str, ...]
    leaks: tuple[Leak, ...]
    needs_second: bool = False
    envelope: str = "dl"
    """Which window envelope the letters are laid out for."""

    @property
    def template(self) -> Template:
        """The English words."""
        return self.texts.english

    @property
    def to_make(self) -> int:
        """How many letters would be made here."""
        return sum(planned.outcome == "letter" for planned in self.letters)


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """One letter as it will be printed: `why` says what makes it worth a look."""

    why: str
    address: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run, with one record per household."""

    run: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True)
class LettersMade:
    """The finished run: counts add up to every household of the area. `files` in walk order.

    `made` are all letters; `others` of them are no print but Braille, audio or plain text, in files of their own, and
    `drafts` of these nobody has gone over yet.
    """

    run: RecordId
    made: int
    others: int
    drafts: int
    refused: int
    left_out: int
    outsourced: int
    pages: int
    files: tuple[Path, ...]
    refusals: tuple[tuple[str, str], ...]
    changed: Changed


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as it stands now, with its letters in walk order."""

    run: LetterRun
    letters: tuple[LetterRecord, ...]
    may_agree: bool = False
    """Whether it waits for a second person, and this could be they."""
    words: str = ""
    """The words of the letter, while somebody is to agree to them."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Letters by state, and delivered ones by outcome under `at the door: ...`."""
        found = Counter(letter.state for letter in self.letters)
        found.update(f"at the door: {letter.delivery}" for letter in self.letters if letter.delivery)
        return dict(found)


@dataclass(frozen=True, slots=True)
class DeliveryRecorded:
    """The letter was ticked."""

    changed: Changed


def plan_area_letters(workspace: Workspace, *, form: AreaLettersForm) -> AreaPlan:
    """Who would get what, who would not and why, and whether any words give somebody away. Nothing is written.

    Raises:
        FormIncomplete: no area, or nobody lives there.
        NotFound: there is no such case in this vault.
    """
    case = workspace.store.get(Case, form.case)
    problems = Problems()
    chosen = form.streets or form.blocks or form.homes
    problems.need(chosen, "area", "Choose at least one street or block, or draw homes from a list.")
    problems.settle()
    reached = addressees_in(
        workspace, streets=form.streets, blocks=form.blocks, single=form.homes, by_name=form.by_name
    )
    problems.need(reached, "area", "No home of ours is known in this area. Check the spelling, or bring in the list.")
    problems.settle()
    texts = letter_words.area_texts(workspace)
    needs = as_the_case_needs(workspace, case=case, addressees=reached)
    planned = tuple(
        _planned(place, person, form, texts, from_case=person.home in needs.from_case)
        for place, person in enumerate(needs.addressees, start=1)
    )
    area = letter_words.say_area(form.streets | form.blocks, len(form.homes))
    leaks = _leaks(workspace, case, texts, planned)
    people = people_here(workspace, case=case, homes={one.addressee.home: one.addressee.address for one in planned})
    second = needs_second_person(workspace, case=case.id)
    warnings, envelope = _warnings(workspace, planned, second), organisation(workspace).envelope
    return AreaPlan(form, area, texts, planned, people, (*warnings, *needs.sentences), leaks, second, envelope)


def preview_area_letters(workspace: Workspace, *, plan: AreaPlan) -> tuple[LetterPreview, ...]:
    """The real pages of three telling households: the shortest and the longest address, and large print if needed."""
    making = [one for one in plan.letters if one.outcome == "letter" and one.addressee.letter_format.is_printed]
    if not making:
        return ()
    telling = {
        "Shortest address": min(making, key=lambda one: len(one.addressee.address)),
        "Longest address": max(making, key=lambda one: len(one.addressee.address)),
    }
    large = next((one for one in making if one.addressee.letter_format is LetterFormat.LARGE_PRINT), None)
    if large is not None:
        telling["Large print"] = large
    for one in making:
        if (text := plan.texts.of(one.addressee.language)) is not plan.template:
            telling.setdefault(f"In {english_name(text.identity.language)}", one)
    return tuple(
        LetterPreview(
            why, planned.addressee.address,
            render_letter(
                _letter(workspace, plan, planned.addressee), planned.addressee.letter_format,
                envelope=profile_of(plan.envelope),
            ),
        )
        for why, planned in telling.items()
    )  # fmt: skip


def start_area_letters(workspace: Workspace, *, plan: AreaPlan) -> RunStarted:
    """Write the run and one record per household to the case. The pages are made by `make_area_letters`.

    Raises:
        LetterBlocked: the words could give somebody away, and there is no second person; nothing was written.
        FormIncomplete: somebody who asked for no letters has not been told; nothing was written.
    """
    if plan.leaks and not plan.needs_second:
        raise LetterBlocked(reason=plan.leaks[0].why)
    form = plan.form
    problems = Problems()
    problems.need(
        not not_told_yet(plan.people, told=form.told, left_out=form.left_out), "told",
        "Somebody in this case lives here and has not agreed to letters. Tell them first, then tick that they know.",
    )  # fmt: skip
    problems.settle()
    case = workspace.store.get(Case, form.case)
    now = workspace.parts.clock.now()
    identity = plan.template.identity
    with workspace.store.unit("start-area-letters") as (unit, outcome):
        run = unit.create(
            LetterRun, case.stream, case=case.id, planned_at=now, planned_by=workspace.user, area=plan.area,
            streets=form.streets | form.blocks, rows_left=frozenset(form.rows_left), reason=form.reason,
            person_consulted=form.person_consulted, template=identity.template_id,
            template_version=identity.version, template_sha256=identity.sha256, letter_date=_day(workspace, form),
            state="waiting" if plan.needs_second else "making", duplex=form.duplex,
            envelope=plan.envelope,
            template_text=plan.template.source, translations=plan.texts.kept(), filled_in=_filled_in(workspace),
            braille_cells=form.braille.cells, braille_lines=form.braille.lines,
            braille_uncontracted=not form.braille.contracted,
            hits={f"“{leak.found}”: {leak.why} In: {leak.sentence}"[:1900] for leak in plan.leaks},
        )  # fmt: skip
        for planned in plan.letters:
            person = planned.addressee
            unlike = {"salutation": person.salutation, "language": person.language, "letter_format": person.format_code}
            unlike |= {"why": planned.why, "state": "queued" if planned.outcome == "letter" else planned.outcome}
            made = unit.create(
                LetterRecord, case.stream, run=run, household=person.household, home=person.home, place=planned.place,
                address=person.address, address_block="\n".join(person.lines),
                **{name: said for name, said in unlike.items() if said != _USUALLY[name]},
            )  # fmt: skip
            unit.let_go(made)
    return RunStarted(run, outcome.changed)


def ready_folder(workspace: Workspace, *, folder: Path) -> None:
    """Make the folder letters go into. Ask before a run is started: a run nobody could make would stand in the case.

    Raises:
        FolderNotWritable, DiskFull: it is the workbook's own, or nothing may be written there.
    """
    refuse_own_folder(workspace.folder, folder)
    make_private_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderNotWritable(path=str(folder), reason="it may only be read")


def make_area_letters(
    workspace: Workspace, *, run: RecordId, folder: Path, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> LettersMade:  # fmt: skip
    """Make the pages of a run into `folder`, file by file, and the delivery checklist. Run it again to go on.

    A file that is already made and still whole is not made again. Stopping keeps the finished files.

    Raises:
        Cancelled: files finished so far are kept and marked; run again to go on.
        DiskFull, FolderNotWritable: likewise.
        NotAgreedYet: a second person has not agreed to it.
        NotFound: there is no such run in this vault.
    """
    token = cancel or NeverCancel()
    state = run_state(workspace, run=run)
    if state.run.state == "waiting":
        raise NotAgreedYet()
    if state.run.case is not None:
        refuse_telling_name(workspace, case=workspace.store.get(Case, state.run.case), path=folder)
    ready_folder(workspace, folder=folder)
    note_before(
        workspace, about=state.run.stream, deed="print", record=run,
        subject=f"Letters to {state.run.area}: {len(state.letters)} homes",
    )  # fmt: skip
    changed, files = area_files.make_files(
        workspace, state.run, state.letters, folder=folder, progress=progress, cancel=token
    )
    token.check()
    was_making = state.run.state == "making"
    del state  # ten thousand letters need not be here twice
    finished = run_state(workspace, run=run)
    checklist = folder / CHECKLIST_NAME
    write_atomic(checklist, area_files.checklist_of(finished.run, finished.letters))
    with workspace.store.unit("make-area-letters") as (unit, outcome):
        if was_making:
            unit.update(LetterRun, run, state="made", finished_at=workspace.parts.clock.now())
    return _summary(finished, (*files, checklist), changed | outcome.changed)


def run_state(workspace: Workspace, *, run: RecordId) -> RunState:
    """A run with its letters in walk order.

    Raises:
        NotFound: there is no such run in this vault.
    """
    found = workspace.store.get(LetterRun, run)
    letters = letters_of(workspace, run)
    if found.state != "waiting":
        return RunState(found, letters)
    addressee = next((Addressee.of_record(one) for one in letters if one.state == "queued"), None)
    texts, ours = letter_words.texts_of(workspace, found), letter_words.values_of(workspace, found)
    used = {text.identity.language: text for one in letters if (text := texts.of(one.language)) is not texts.english}
    words = "\n\n".join(
        plain_text(letter_words.compose_area(ours, text, addressee, found.letter_date))
        for text in (texts.english, *used.values())
        if addressee
    )
    return RunState(found, letters, may_agree=found.planned_by != workspace.user, words=words)


def list_runs(workspace: Workspace, *, case: RecordId) -> tuple[RunState, ...]:
    """The runs of a case, newest first."""
    table = table_of(LetterRun)
    found = workspace.store.select(LetterRun, table.c.case == case, order_by=(table.c.planned_at.desc(),))
    return tuple(run_state(workspace, run=run.id) for run in found)


def record_delivery(workspace: Workspace, *, letter: RecordId, outcome_code: str) -> DeliveryRecorded:
    """Tick one door; the empty code takes the tick back.

    Raises:
        FormIncomplete: there is no such outcome, or the letter was never made.
    """
    found = letter_as_it_stands(workspace, letter)
    problems = Problems()
    problems.need(outcome_code in DOOR_OUTCOMES, "outcome_code", "Choose what happened at the door.")
    problems.need(found.state in ("made", "outsourced"), "outcome_code", "This letter has not been made.")
    problems.settle()
    ticked, run = bool(outcome_code), workspace.store.get(LetterRun, found.run) if found.run else None
    with workspace.store.unit("record-delivery") as (unit, outcome):
        unit.update(
            LetterRecord, letter, delivery=outcome_code, delivered_by=workspace.user if ticked else b"",
            delivered_at=workspace.parts.clock.now() if ticked else None,
        )  # fmt: skip
        if run is not None and run.state in ("made", "delivered"):
            done = ticked and not _doors_left(workspace, run.id, apart_from=letter)
            if done is not (run.state == "delivered"):
                state = "delivered" if done else "made"
                unit.update(LetterRun, run.id, state=state, finished_at=workspace.parts.clock.now())
    return DeliveryRecorded(outcome.changed)


def _doors_left(workspace: Workspace, run: RecordId, *, apart_from: RecordId) -> bool:
    """Whether another letter of a run that is made is still to go to its door: then none waits to be made."""
    table = table_of(LetterRecord)
    to_go = ("queued", "made", "outsourced")  # one that was printed with others says what was planned of it
    waiting = (table.c.run == run, table.c.state.in_(to_go), table.c.id != apart_from)
    no_tick = (table.c.delivery.is_(None)) | (table.c.delivery == "")
    return bool(workspace.store.select(LetterRecord, *waiting, no_tick, limit=1))


def plan_in_words(plan: AreaPlan) -> list[str]:
    """The plan as lines for a person."""
    counts = Counter(planned.outcome for planned in plan.letters)
    head = (
        f"{plan.area}: {len(plan.letters)} homes, {counts['letter']} letters to make,"
        f" {counts['outsourced']} for somebody else to make, {counts['left-out']} left out."
    )
    lines = [head]
    lines += [
        f"  {planned.addressee.address}: {planned.why}" for planned in plan.letters if planned.outcome != "letter"
    ]
    lines += [f"  No letter for a row of the list. {row}" for row in plan.form.rows_left]
    lines += ["A second person reads and agrees to the letters before they are made."] if plan.needs_second else []
    return [*lines, *plan.warnings, *(f"Words that give somebody away: {leak.why}" for leak in plan.leaks)]


def _planned(
    place: int, person: Addressee, form: AreaLettersForm, texts: AreaTexts, *, from_case: bool = False
) -> PlannedLetter:
    reason = form.left_out.get(person.home, "")
    if reason:
        return PlannedLetter(place, person, "left-out", reason)
    if person.empty:
        return PlannedLetter(place, person, "left-out", "Nobody lives there now.")
    if person.problem:
        return PlannedLetter(place, person, "left-out", f"{person.problem} Complete it under Homes, then plan again.")
    asked = FORMATS.get(person.format_code, person.format_code)
    note = " ".join(filter(None, (texts.note(person.language), ASKED_IN_CASE if from_case else "")))
    if not is_made_here(person.letter_format, texts.of(person.language).identity.language):
        needs = asked if texts.of(person.language) is texts.english else f"{asked}, {english_name(person.language)}"
        return PlannedLetter(place, person, "outsourced", f"Needs: {needs}. Have it made, or read it to them.")
    if not person.letter_format.is_printed:
        return PlannedLetter(place, person, "letter", f"{asked}, in a file of its own. {note}".strip())
    return PlannedLetter(place, person, "letter", note)


def _warnings(workspace: Workspace, planned: Sequence[PlannedLetter], second: bool) -> tuple[str, ...]:
    concerns = area_letter_concerns(len(planned), workspace.pack, somebody_else=second)
    warnings = list(concerns.sentences) if planned else []
    if any(one.outcome == "left-out" and not one.addressee.empty for one in planned):
        warnings.append(
            "Leaving a home out can point to the people involved. Tell them first instead, and send it to them too."
        )
    return tuple(warnings)


def _leaks(
    workspace: Workspace, case: Case, words: AreaTexts, planned: Sequence[PlannedLetter]
) -> tuple[Leak, ...]:
    """The words are the same for every home but for the name after Dear: each distinct text is read once."""
    secrets = prepare(secrets_of_case(workspace, case))
    ours = organisation(workspace)
    values = letter_words.values_of_ours(ours)
    greeted = {
        (one.addressee.salutation, words.of(one.addressee.language).identity.language): one.addressee
        for one in planned
        if one.outcome == "letter"
    }
    texts = {
        text
        for person in greeted.values()
        for text in letter_words.compose_area(values, words.of(person.language), person, None).body_texts()
    }
    allowed = letter_words.words_of_ours(ours)
    found = [leak for text in sorted(texts) for leak in find_leaks(text, secrets, allowed=allowed)]
    return tuple(dict.fromkeys(found))


def _letter(workspace: Workspace, plan: AreaPlan, person: Addressee) -> Letter:
    ours = letter_words.values_of_ours(organisation(workspace))
    return letter_words.compose_area(ours, plan.texts.of(person.language), person, _day(workspace, plan.form))


def _filled_in(workspace: Workspace) -> str:
    ours = letter_words.values_of_ours(organisation(workspace))
    return json.dumps(ours, ensure_ascii=False, sort_keys=True)


def _day(workspace: Workspace, form: AreaLettersForm) -> date:
    return form.letter_date or workspace.parts.clock.now().astimezone(workspace.pack.zone).date()


def _summary(state: RunState, files: tuple[Path, ...], changed: Changed) -> LettersMade:
    counts = Counter(letter.state for letter in state.letters)
    return LettersMade(
        run=state.run.id, made=counts["made"], others=sum(map(area_files.is_other, state.letters)),
        drafts=sum(letter.proof == "draft" for letter in state.letters), refused=counts["refused"],
        left_out=counts["left-out"], outsourced=counts["outsourced"],
        pages=sum(letter.pages or 0 for letter in state.letters), files=files,
        refusals=tuple((letter.address, letter.why) for letter in state.letters if letter.state == "refused"),
        changed=changed,
    )  # fmt: skip

