"""The statement of a private interview on paper (policy 4.26, 4.31): the person's words, who was there, how it was read
back and signed, with what they drew.

It goes to the person or to a file that the officer chooses, and nowhere else: into no letter, no case and no exchange.
That it is made is on the disk before it is. Of the place it says nothing: a refuge is named nowhere (4.23).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.interview import COPY_FOR, INTERPRETERS, PRESENT, SIGNED_HOW, InterviewPerson, SignedStatement
from core.foundation.errors import FolderNotWritable, NotFound
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId, StreamId, UserId
from core.letters.model import (
    Block,
    Bullets,
    Drawing,
    Heading,
    Layout,
    Letter,
    LetterFormat,
    Letterhead,
    Paragraph,
    Run,
)
from core.letters.render.pdf_engine import render_letter
from core.policy.interview import HEIGHT, WIDTH, Standing, statement_now, why_not_copy
from core.services.access import names_of
from core.services.audit import note_before
from core.services.forms import Problems
from core.services.interview_record import unpack_strokes
from core.services.interviews import Interview, read_again
from core.services.organisation import organisation
from core.services.place import shared_folder
from core.services.places import refuse_own_folder
from core.services.telling_names import refuse_telling_name
from core.services.workspace import Workspace

TITLE = "Statement made in a private interview"
STAMP = "CONFIDENTIAL"
WHOSE = "Only for the person who made it and for those they agreed may have it. Keep it locked away."
NOT_SIGNED_YET = "It was not signed."
CHANGED = "An earlier version of this statement was signed. Nobody has signed these words."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementForm:
    """Which statement, for whom, and where it goes. `entry`: what was written down when the interview was opened.

    `version`: one that was kept, signed or not; None for the words as they stand now.
    """

    interview: StreamId
    entry: RecordId
    destination: Path
    for_whom: str
    reason: str = ""
    large_print: bool = False
    version: RecordId | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class StatementMade:
    """The file that was written."""

    path: Path
    changed: Changed


def make_statement(workspace: Workspace, *, form: StatementForm) -> StatementMade:
    """Write a statement to a PDF file, after noting that it leaves the workbook.

    Raises:
        FormIncomplete: there are no words, or nobody said for whom it is or why.
        FolderNotWritable, DiskFull: nothing was written; an older file of that name is untouched. The folder that is
            exchanged, the workbook's own, and a name that says who it is about are refused.
        GlyphsMissing, TextDoesNotFit: it cannot be printed.
        NotFound, NotAllowed: as `read_again`.
    """
    found = read_again(workspace, interview=form.interview, entry=form.entry)
    version = _version(found, form.version)
    words = version.words if version is not None else found.record.statement
    problems = Problems()
    for field, sentence in why_not_copy(words, form.for_whom, form.reason).items():
        problems.need(False, field, sentence)
    problems.need(form.destination.name, "path", "Choose where the file goes.")
    problems.settle()
    _refuse_places(workspace, found, form)
    letter = statement_letter(workspace, found=found, version=version)
    data = render_letter(letter, LetterFormat.LARGE_PRINT if form.large_print else LetterFormat.STANDARD)
    noted = note_before(
        workspace, about=form.interview, deed="print", record=version.id if version else found.record.id,
        subject=f"{found.row.label}: the statement, {'large' if form.large_print else 'usual'} print",
        reason=". ".join(filter(None, (COPY_FOR[form.for_whom], form.reason.strip()))),
    )  # fmt: skip
    write_atomic(form.destination, data)
    return StatementMade(form.destination, noted.changed)


def statement_letter(workspace: Workspace, *, found: Interview, version: SignedStatement | None) -> Letter:
    """The statement as the letter engine draws it. `version`: one that was kept; None for the words as they stand."""
    signatures = found.of(SignedStatement)
    if version is None:
        now = statement_now(found.record.statement, signatures)
        version = now.signature if now.standing in (Standing.SIGNED, Standing.NOT_SIGNED) else None
        unsigned = CHANGED if now.standing is Standing.CHANGED else NOT_SIGNED_YET
    else:
        unsigned = ""
    words = version.words if version is not None else found.record.statement
    landlord = organisation(workspace)
    held = found.record.started_at
    blocks: list[Block] = [Paragraph((Run(WHOSE),)), *_about(workspace, found)]
    blocks += [Heading("What the person said, in their own words"), *_paragraphs(words)]
    blocks += [Heading("How it was read back and signed"), *_signed(workspace, found, version, unsigned)]
    return Letter(
        title=TITLE, language="en-GB", letterhead=Letterhead(landlord.letter_name or landlord.name),
        blocks=tuple(blocks), address_lines=(), closing=(), layout=Layout.SHEET, stamp=STAMP,
        date_text=f"Interview held on {_moment(workspace, held)}" if held else "", reference_text=found.row.label,
    )  # fmt: skip


# ------------------------------------------------------------------ inside


def _version(found: Interview, version: RecordId | None) -> SignedStatement | None:
    if version is None:
        return None
    one = next((one for one in found.of(SignedStatement) if one.id == version), None)
    if one is None:
        raise NotFound(what="statement")
    return one


def _refuse_places(workspace: Workspace, found: Interview, form: StatementForm) -> None:
    target = form.destination
    refuse_own_folder(workspace.folder, target)
    shared = shared_folder(workspace)
    if shared is not None and shared.expanduser().resolve() in target.expanduser().resolve().parents:
        raise FolderNotWritable(path=str(target.parent), reason="your colleagues' laptops read this folder")
    if target.is_dir():
        raise FolderNotWritable(path=str(target), reason="it is a folder; give the file a name")
    if target.exists() and not form.replace:
        raise FolderNotWritable(
            path=str(target.parent), reason=f"{target.name} is there already, so it was left as it is"
        )
    case = workspace.store.find(Case, found.case) if found.case else None
    if case is not None:
        refuse_telling_name(workspace, case=case, path=target)


def _about(workspace: Workspace, found: Interview) -> Iterator[Block]:
    """Who was there, and whether it was private."""
    record = found.record
    there = [
        (Run(f"{PRESENT.get(one.role, one.role)}{f': {one.name.strip()}' if one.name.strip() else ''}"),)
        for one in found.of(InterviewPerson)
    ]
    there += [(Run(record.present.strip()),)] if record.present.strip() else []
    there += [(Run(f"Supported by {record.support_person.strip()}"),)] if record.support_person.strip() else []
    yield Heading("Who was there")
    yield Bullets(tuple(there)) if there else Paragraph((Run("It was not written down who was there."),))
    told = []
    if record.private_confirmed is not None:
        told.append("Nobody else could hear." if record.private_confirmed else "Somebody else could hear.")
    if record.interpreter_sort:
        into = f", {record.interpreter_language.strip()}" if record.interpreter_language.strip() else ""
        told.append(f"Interpreter: {INTERPRETERS.get(record.interpreter_sort, record.interpreter_sort)}{into}.")
    if record.ended_at is not None:
        told.append(f"It ended on {_moment(workspace, record.ended_at)}.")
    if told:
        yield Paragraph((Run(" ".join(told)),))


def _paragraphs(words: str) -> Iterator[Block]:
    for part in words.replace("\r\n", "\n").split("\n\n"):
        if part.strip():
            yield Paragraph((Run(part.strip("\n")),))


def _signed(workspace: Workspace, found: Interview, version: SignedStatement | None, unsigned: str) -> Iterator[Block]:
    record = found.record
    if version is None or version.words == record.statement:
        told = ["It was read back to the person." if record.read_back else "It was not read back to the person."]
        if record.read_back and record.agreed is not None:
            told.append("They agreed that it is what they said." if record.agreed else "They did not agree that it is.")
        if record.corrected:
            told.append("They corrected it when it was read back, and the words above are as corrected.")
        yield Paragraph((Run(" ".join(told)),))
    if version is None:
        yield Paragraph((Run(unsigned, True),))
        return
    name = names_of(workspace).get(UserId(version.by), "")
    before = f" Before {name}." if name else ""
    when = f", {_moment(workspace, version.at)}" if version.at else ""
    yield Paragraph((Run(f"{SIGNED_HOW.get(version.how, version.how)}{when}.", True), Run(before)))
    details = (
        f"Read back in: {version.read_in}" if version.read_in.strip() else "",
        f"Name: {version.name}" if version.name.strip() else "",
        "They heard it and agreed to it aloud." if version.agreed_aloud else "",
        f"Why it is not signed: {version.reason}" if version.reason.strip() else "",
    )
    for line in details:
        if line:
            yield Paragraph((Run(line),))
    strokes = unpack_strokes(version.strokes) if version.how == "drawn" else ()
    if strokes:
        yield Drawing(strokes, WIDTH, HEIGHT, f"Signature, drawn by hand{when}")


def _moment(workspace: Workspace, moment: datetime) -> str:
    local = moment.astimezone(workspace.pack.zone)
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {local:%B %Y} at {local.hour % 12 or 12}:{local.minute:02}{half}"
