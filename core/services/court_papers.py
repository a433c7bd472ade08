"""Papers for court in a folder: what happened, what was done, the weighing as appendix, photographs (4.7, 4.17)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from core.domain.agencies import MEASURES
from core.domain.case import ACTS, Case
from core.domain.changed import NOTHING, Changed
from core.domain.documents import Attachment
from core.domain.enforcement import HOW_IT_ENDED, Proportionality
from core.domain.organisation import Member
from core.foundation.errors import AppError, Cancelled, DiskFull, FolderNotWritable, FormIncomplete
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.letters.model import Block, Bullets, Heading, Layout, Letter, LetterFormat, Letterhead, Paragraph, Run
from core.letters.render.pdf_engine import render_letter
from core.policy.court_papers import (
    WEIGH_FIRST,
    Exhibit,
    appendix_of,
    done_about,
    exhibits_of,
    incidents_in_order,
    works_in_order,
)
from core.policy.enforcement import power_named
from core.services.attachment_copies import save_copy
from core.services.audit import note_before
from core.services.contents import contents_of
from core.services.enforcement import power_words
from core.services.letter_words import say_day
from core.services.letters import ready_folder
from core.services.organisation import organisation
from core.services.telling_names import refuse_telling_name
from core.services.workspace import Workspace
from core.store.contents import CaseContents

_REFERENCE_BYTES = 5
_NOT_DATED = "No date written down"


@dataclass(frozen=True, slots=True)
class CourtPapersMade:
    """The files: the papers, their appendix, then the photographs. `left_out`: photographs that could not be put there,
    each with why."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]
    changed: Changed


@dataclass(frozen=True, slots=True)
class _Shown:
    """A photograph as the papers name it; `file` empty: it is not there, and `why`."""

    exhibit: Exhibit
    record: Attachment
    file: str
    why: str = ""


def make_court_papers(
    workspace: Workspace, *, weighing: RecordId, folder: Path, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> CourtPapersMade:  # fmt: skip
    """Make the papers about the person who was weighed. It is written down first who made them.

    A photograph whose bytes are not here, or whose location data cannot be taken out, is named in them with the reason.

    Raises:
        FormIncomplete: one of the seven was not weighed.
        FolderNotWritable, DiskFull, Cancelled: what was made by then is there.
        GlyphsMissing: the letter engine cannot draw a character.
        NotFound: there is no such weighing in this vault.
    """
    weighed = workspace.store.get(Proportionality, weighing)
    appendix = appendix_of(weighed)
    if not appendix or weighed.case is None:
        raise FormIncomplete(problems={"weighing": WEIGH_FIRST})
    contents = contents_of(workspace, weighed.case)
    refuse_telling_name(workspace, case=workspace.store.get(Case, weighed.case), path=folder)
    ready_folder(workspace, folder=folder)
    reference = base64.b32encode(workspace.parts.randomness.bytes(_REFERENCE_BYTES)).decode("ascii")[:6]
    note_before(workspace, about=weighed.stream, deed="print", record=weighing, subject="Papers for court")
    place = folder / f"papers-{reference}"
    shown = _photographs(workspace, contents, place, progress, cancel or NeverCancel())
    writer = _Writer(workspace, contents, weighed)
    files = []
    for suffix, letter in ((".pdf", writer.papers(shown)), ("-appendix.pdf", writer.appendix(appendix))):
        target = place.with_name(place.name + suffix)
        write_atomic(target, render_letter(letter, LetterFormat.STANDARD))
        files.append(target)
    files += [folder / one.file for one in shown if one.file]
    return CourtPapersMade(tuple(files), tuple(f"{one.exhibit.shows}: {one.why}" for one in shown if one.why), NOTHING)


def _photographs(
    workspace: Workspace, contents: CaseContents, place: Path, progress: Progress, cancel: CancelToken
) -> tuple[_Shown, ...]:
    found = []
    attached = {one.id: one for one in contents.of(Attachment)}
    exhibits = [one for one in exhibits_of(contents) if one.photo in attached]
    for number, exhibit in enumerate(exhibits, start=1):
        progress(number - 1, len(exhibits), "Copying the photographs")
        record = attached[exhibit.photo]
        target = place.with_name(f"{place.name}-photo-{number}{_suffix(record)}")
        try:
            save_copy(workspace, attachment=record.id, destination=target, cancel=cancel)
        except (Cancelled, DiskFull, FolderNotWritable):
            raise
        except AppError as error:
            found.append(_Shown(exhibit, record, "", error.explain().happened))
        else:
            found.append(_Shown(exhibit, record, target.name))
    return tuple(found)


def _suffix(record: Attachment) -> str:
    return {"image/jpeg": ".jpg", "image/png": ".png"}.get(record.media_type, Path(record.name).suffix[:6])


class _Writer:
    """The words of the papers."""

    def __init__(self, workspace: Workspace, contents: CaseContents, weighed: Proportionality) -> None:
        self._workspace, self._contents, self._weighed = workspace, contents, weighed
        self._names = {member.user: member.name for member in workspace.store.select(Member)}
        power = power_named(workspace.shelf.legal(workspace.today), weighed.tool)
        self._tool = power.words if power else weighed.tool
        named = (one.name for one in contents.parties if one.id == weighed.party and one.name)
        self._person = next(named, "the person complained about")

    def papers(self, shown: tuple[_Shown, ...]) -> Letter:
        """What happened, what was done, the works, the photographs."""
        lead = (
            f"About {self._person}. For: {self._tool}. What is written here was reported; it is not a finding. "
            "The weighing of the seven factors of our policy (4.7) is the appendix."
        )
        blocks = (_text(lead), *self._happened(), *self._done(), *self._works(), *_exhibits(shown))
        return self._letter(f"Papers for court: {self._contents.case.reference}", blocks)

    def appendix(self, told: tuple[tuple[str, str], ...]) -> Letter:
        """The seven factors and the conclusion."""
        by = self._names.get(self._weighed.weighed_by, "a colleague")
        lead = f"About {self._person}, before: {self._tool}. Weighed on {self._day(self._weighed.weighed_at)} by {by}."
        blocks: list[Block] = [_text(lead)]
        for number, (words, said) in enumerate(told, start=1):
            blocks.append(Heading(f"{number}. {words}" if number <= len(told) - 2 else words))
            blocks += _lines(said)
        return self._letter(f"Appendix: weighing before acting, {self._contents.case.reference}", tuple(blocks))

    def _happened(self) -> Iterator[Block]:
        yield Heading("What happened")
        incidents = incidents_in_order(self._contents)
        if not incidents:
            yield _text("No incident is written down.")
        for number, one in enumerate(incidents, start=1):
            when = self._moment(one.happened_at) or one.happened_text or _NOT_DATED
            acts = "; ".join(words.lower() for code, words in ACTS.items() if code in one.acts)
            yield _text(f"{number}. {when}{f': {acts}' if acts else ''}", bold=True)
            yield from _lines(one.description)

    def _done(self) -> Iterator[Block]:
        yield Heading("What we did")
        done = done_about(self._contents, self._weighed.party)
        if not done:
            yield _text("Nothing was done about this person yet.")
        for tool, breaches in done:
            yield _text(f"{self._day(tool.decided_at)}: {power_words(tool)}", bold=True)
            told = [tool.basis, f"By authority of {tool.authority}" if tool.authority else ""]
            told.append(f"Given or served on {say_day(tool.served_on)}" if tool.served_on else "")
            told.append(f"Until {say_day(tool.expires_on)}" if tool.expires_on else "")
            told.append(HOW_IT_ENDED.get(tool.ended, ""))
            told += [f"Not kept, {self._moment(one.at)}: {one.what}" for one in breaches]
            yield from _bullets(told)
            yield from _lines(tool.conditions)

    def _works(self) -> Iterator[Block]:
        works = works_in_order(self._contents)
        if works:
            yield Heading("Works for safety")
        for one in works:
            done = f"done on {say_day(one.done_on)}" if one.done_on else "not done yet"
            cost = f", £{one.cost_pounds:,}" if one.cost_pounds else ""
            what = f"{MEASURES.get(one.sort, one.sort)}: asked for on {self._day(one.asked_at)}, {done}{cost}."
            yield from _bullets([what])

    def _letter(self, title: str, blocks: tuple[Block, ...]) -> Letter:
        ours = organisation(self._workspace)
        contact = tuple(line for line in (*ours.address.split("\n"), ours.phone, ours.email) if line.strip())
        return Letter(
            title=title, language="en-GB", letterhead=Letterhead(ours.letter_name or ours.name, contact),
            blocks=blocks, address_lines=(), date_text=say_day(self._workspace.today), closing=(), layout=Layout.SHEET,
        )  # fmt: skip

    def _day(self, at: datetime | None) -> str:
        return say_day(self._civil(at).date()) if at is not None else _NOT_DATED

    def _moment(self, at: datetime | None) -> str:
        return f"{say_day(self._civil(at).date())}, {self._civil(at):%H:%M}" if at is not None else ""

    def _civil(self, at: datetime) -> datetime:
        return at.astimezone(self._workspace.pack.zone)


def _exhibits(shown: tuple[_Shown, ...]) -> Iterator[Block]:
    if not shown:
        return
    yield Heading("Photographs")
    yield _text("Copies without location data. The originals are kept bit for bit; the SHA-256 is theirs.")
    for number, one in enumerate(shown, start=1):
        taken = f", taken {_taken(one.record.taken_at)}" if one.record.taken_at else ""
        by = f" by {one.record.taken_by}" if one.record.taken_by else ""
        there = f"File {one.file}." if one.file else f"Not with these papers: {one.why}"
        yield from _bullets([f"{number}. {one.exhibit.shows}{taken}{by}. {there} SHA-256 {one.record.sha256.hex()}"])


def _taken(at: datetime) -> str:
    return say_day(date(at.year, at.month, at.day))


def _text(words: str, *, bold: bool = False) -> Paragraph:
    return Paragraph((Run(words, bold=bold),))


def _lines(words: str) -> list[Block]:
    return [_text(line.strip()) for line in words.splitlines() if line.strip()]


def _bullets(lines: list[str]) -> Iterator[Block]:
    told = tuple((Run(line),) for line in lines if line.strip())
    if told:
        yield Bullets(told)
