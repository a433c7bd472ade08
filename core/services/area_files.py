"""The files of a run: printed letters in files of many, every other format in files of its own, and the checklist.

A file is written whole, then it is written down, in one transaction, with the letters in it; a file that was written
down and is still whole is not made again. So a run can be killed anywhere, and no letter is missing or made twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.changed import NOTHING, Changed
from core.domain.estate import FORMATS
from core.domain.letters import PROOFS, LetterFile, LetterRecord, LetterRun
from core.foundation.errors import AppError, BugError, GlyphsMissing, TextDoesNotFit
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, Progress
from core.letters.batch import BatchLetter, ChunkMade, make_chunk, plan_chunks
from core.letters.compose import with_address
from core.letters.envelopes import profile_of
from core.letters.formats import files_of, is_draft, is_made_here
from core.letters.languages import english_name
from core.letters.model import Letter, LetterFormat, text_sha256
from core.letters.render.braille_pages import BrailleSheet
from core.letters.render.checklist import ChecklistRow, render_checklist
from core.services import letter_words
from core.services.letter_words import Addressee
from core.services.run_letters import files_of_run, packed
from core.services.workspace import Workspace

CHUNK_LETTERS = 250
OTHERS_AT_ONCE = 20
"""So many letters in other formats are marked together: reading one out takes a second."""

_TO_MAKE = ("queued", "made", "refused")
_STAGE = "Making letters"


def is_other(letter: LetterRecord) -> bool:
    """Whether this letter was made as Braille, sound or plain text: a file of its own, on no printed page."""
    return letter.state == "made" and not _format(letter).is_printed


def file_stem(letter: LetterRecord) -> str:
    """The name of a letter's own file without its end: its place in the walk, and nothing about who lives there."""
    return f"letter-{letter.place or 0:05d}"


def own_file(letter: LetterRecord) -> str:
    """The name of the first file of a letter in another format."""
    suffixes = {LetterFormat.BRAILLE: ".brf", LetterFormat.AUDIO: ".wav", LetterFormat.PLAIN_TEXT: ".txt"}
    return file_stem(letter) + suffixes.get(_format(letter), "")


def braille_of(run: LetterRun) -> BrailleSheet:
    """The Braille page a run was planned with."""
    usual = BrailleSheet()
    return BrailleSheet(
        run.braille_cells or usual.cells, run.braille_lines or usual.lines, contracted=not run.braille_uncontracted
    )


def make_files(
    workspace: Workspace, run: LetterRun, letters: Sequence[LetterRecord], *, folder: Path, progress: Progress,
    cancel: CancelToken,
) -> tuple[Changed, list[Path]]:  # fmt: skip
    """Make what is missing of a run into `folder`; returns what changed and every file there is.

    Raises:
        Cancelled: finished files are kept and marked.
        DiskFull, FolderNotWritable: likewise.
    """
    making = [letter for letter in letters if letter.state in _TO_MAKE]
    printed = [letter for letter in making if _format(letter).is_printed]
    others = [letter for letter in making if not _format(letter).is_printed]
    maker = _Maker(workspace, run, folder, cancel, progress, total=len(making))
    maker.make_printed(printed)
    maker.make_others(others)
    return maker.changed, maker.files


@dataclass(slots=True)
class _Within:
    """Progress of one file as part of the whole run."""

    outer: Progress
    before: int
    total: int

    def __call__(self, done: int, total: int, stage: str = "") -> None:
        del total, stage
        self.outer(self.before + done, self.total, _STAGE)


class _Maker:
    def __init__(
        self, workspace: Workspace, run: LetterRun, folder: Path, cancel: CancelToken, progress: Progress, *, total: int
    ) -> None:
        self._workspace, self._run, self._folder = workspace, run, folder
        self._cancel, self._progress, self._total = cancel, progress, total
        self._texts = letter_words.texts_of(workspace, run)
        self._ours: Mapping[str, str] = letter_words.values_of(workspace, run)
        self._composed: dict[tuple[str, str], Letter] = {}
        self._done = 0
        self.changed = NOTHING
        self.files: list[Path] = []

    def make_printed(self, letters: Sequence[LetterRecord]) -> None:
        for number, (start, end) in enumerate(plan_chunks(len(letters), CHUNK_LETTERS), start=1):
            chunk, path = letters[start:end], self._folder / f"letters-{number:03d}.pdf"
            if not _stands(chunk, path):
                self._cancel.check()
                self.changed |= self._mark(chunk, number, self._chunk(chunk, path))
            if path.exists():  # a file in which every letter was refused is not made
                self.files.append(path)
            self._step(len(chunk))
        self._drop_files_beyond(len(plan_chunks(len(letters), CHUNK_LETTERS)))

    def _drop_files_beyond(self, last: int) -> None:
        """Where fewer letters are printed than before, what stood in the last files stands in earlier ones now."""
        beyond = [one for one in files_of_run(self._workspace, self._run.id) if (one.number or 0) > last]
        if beyond:
            with self._workspace.store.unit("make-area-letters") as (unit, outcome):
                for one in beyond:
                    unit.delete(LetterFile, one.id)
            self.changed |= outcome.changed

    def make_others(self, letters: Sequence[LetterRecord]) -> None:
        for start, end in plan_chunks(len(letters), OTHERS_AT_ONCE):
            made: dict[RecordId, dict[str, object]] = {}
            for letter in letters[start:end]:
                self._cancel.check()
                if not self._other_stands(letter):
                    made[letter.id] = self._other(letter)
                self._step(1)
            if made:
                with self._workspace.store.unit("make-area-letters") as (unit, outcome):
                    for record, fields in made.items():
                        unit.update(LetterRecord, record, **fields)
                self.changed |= outcome.changed
        self.files += [path for letter in letters for path in sorted(self._folder.glob(f"{file_stem(letter)}.*"))]

    def _chunk(self, chunk: Sequence[LetterRecord], path: Path) -> ChunkMade:
        batch = [BatchLetter(letter.place or 0, self._letter(letter), _format(letter)) for letter in chunk]
        progress = _Within(self._progress, self._done, self._total)
        return make_chunk(
            batch, path=path, title="Letters", duplex=bool(self._run.duplex),
            envelope=profile_of(self._run.envelope), progress=progress, cancel=self._cancel,
        )

    def _mark(self, chunk: Sequence[LetterRecord], number: int, made: ChunkMade) -> Changed:
        by_place = {letter.place: letter for letter in chunk}
        said: dict[str, object] = {
            "made_at": self._workspace.parts.clock.now(), "letters": packed(made.letters),
            "file_sha256": made.file_sha256,
        }  # fmt: skip
        earlier = next((one for one in files_of_run(self._workspace, self._run.id) if one.number == number), None)
        with self._workspace.store.unit("make-area-letters") as (unit, outcome):
            if earlier is not None:
                unit.update(LetterFile, earlier.id, **said)
            elif made.letters:
                unit.create(LetterFile, self._run.stream, run=self._run.id, number=number, **said)
            for refusal in made.refused:
                letter = by_place[refusal.place]
                unit.update(LetterRecord, letter.id, **self._not_made(letter, refusal.error))
        return outcome.changed

    def _not_made(self, letter: LetterRecord, error: AppError) -> dict[str, object]:
        """Refused; or for somebody else, where this machine, unlike that of the plan, has not the typeface."""
        language = self._texts.of(letter.language).identity.language
        if is_made_here(_format(letter), language):
            return _refused(error)
        why = f"No typeface for {english_name(language)} on this computer. Have it made, or read it to them."
        return {"state": "outsourced", "why": why}

    def _other_stands(self, letter: LetterRecord) -> bool:
        path = self._folder / own_file(letter)
        return letter.state == "made" and path.is_file() and letter_words.file_sha256(path) == letter.file_sha256

    def _other(self, letter: LetterRecord) -> dict[str, object]:
        """The fields of a letter in another format, whose files are written; or why it could not be made."""
        composed, form = self._letter(letter), _format(letter)
        try:
            files = files_of(composed, form, braille=braille_of(self._run))
        except (GlyphsMissing, TextDoesNotFit) as error:
            return _refused(error)
        for suffix, data in reversed(files):  # the one whose fingerprint is kept comes last
            write_atomic(self._folder / f"{file_stem(letter)}{suffix}", data)
        proof = letter.proof or ("draft" if is_draft(form, self._texts.of(letter.language)) else "")
        return {
            "state": "made", "why": "", "text_sha256": text_sha256(composed), "proof": proof,
            "file_sha256": hashlib.sha256(files[0][1]).digest(),
        }  # fmt: skip

    def _letter(self, letter: LetterRecord) -> Letter:
        """The words are the same for every home that is greeted alike in one language, and are put together once."""
        person = Addressee.of_record(letter)
        text = self._texts.of(letter.language)
        alike = (text.identity.language, person.salutation)
        known = self._composed.get(alike)
        if known is not None:
            return with_address(known, person.lines)
        made = letter_words.compose_area(self._ours, text, person, self._run.letter_date)
        if "address" not in text.named_fields():
            self._composed[alike] = made
        return made

    def _step(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total, _STAGE)


def area_letter_as_made(workspace: Workspace, run: LetterRun, letter: LetterRecord) -> Letter:
    """One letter of a run as it was made: the run's own text, the words of that day, the address of that day.

    Raises:
        BugError: what is made of it is not what was made.
    """
    text, ours = letter_words.texts_of(workspace, run).of(letter.language), letter_words.values_of(workspace, run)
    made = letter_words.compose_area(ours, text, Addressee.of_record(letter), run.letter_date)
    if letter.text_sha256 and text_sha256(made) != letter.text_sha256:
        raise BugError(rule="a letter that is made again says what it said")
    return made


def checklist_of(run: LetterRun, letters: Sequence[LetterRecord]) -> bytes:
    """The delivery checklist: every letter that is to go to a door, in walk order."""
    rows = [
        ChecklistRow(
            place_number=letter.place or 0, address=letter.address, pages=letter.pages or 0,
            file_number=letter.chunk or 0, page_from=letter.page_from or 0, note=where_it_is(letter),
        )
        for letter in letters
        if letter.state in ("made", "outsourced")
    ]  # fmt: skip
    day = letter_words.say_day(run.letter_date) if run.letter_date else ""
    return render_checklist(rows, title="Delivery checklist", date_text=day)


def where_it_is(letter: LetterRecord) -> str:
    """Where a letter that is on no printed page is, in words; "" for one that is."""
    if letter.state == "outsourced":
        return "Not in the files: to be made by somebody else"
    if not is_other(letter):
        return ""
    draft = f". {PROOFS['draft']}" if letter.proof == "draft" else ""
    return f"{FORMATS.get(letter.letter_format, letter.letter_format)}: {own_file(letter)}{draft}"


def _refused(error: AppError) -> dict[str, object]:
    return {"state": "refused", "why": error.explain().happened}


def _format(letter: LetterRecord) -> LetterFormat:
    try:
        return LetterFormat(letter.letter_format)
    except ValueError:
        return LetterFormat.EASY_READ


def _stands(chunk: Sequence[LetterRecord], path: Path) -> bool:
    """Whether this file was made and recorded before, and its bytes are still those."""
    marks = {letter.file_sha256 for letter in chunk if letter.state == "made"}
    if any(letter.state == "queued" for letter in chunk) or len(marks) != 1 or not path.is_file():
        return False
    return letter_words.file_sha256(path) in marks
