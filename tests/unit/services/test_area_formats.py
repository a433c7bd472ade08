"""A run makes every format it can, counts all of it, and makes one letter again as it was."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Party
from core.domain.estate import Home
from core.domain.letters import LetterFile, LetterRecord
from core.foundation.errors import Cancelled, DiskFull, FolderNotWritable, FormIncomplete
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.letters import batch, formats
from core.letters.batch import LetterMade
from core.letters.envelopes import PROFILES
from core.letters.render.braille_pages import BrailleSheet
from core.services import area_files, letters
from core.services.area_afterwards import cancel_area_letters, proof_area_letters, reprint_letter
from core.services.area_files import own_file
from core.services.homes import import_homes, preview_import
from core.services.organisation import update_organisation
from core.services.run_letters import files_of_run, packed
from core.services.workspace import Workspace
from core.store.store import table_of
from tests.support.estate import homes_list, with_letterhead
from tests.support.letter_pages import marks, page_texts
from tests.support.workspaces import a_workspace, logged

ROWS = (
    "H1,1,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mrs Lena Moss,English,",
    "H2,2,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mr Idris Vale,English,Plain text",
    "H3,3,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Ms Ada Finch,English,Large print",
    "H4,4,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mx Rowan Teal,English,Braille",
    "H5,10,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mr Otto Lark,English,Audio",
    "H6,11,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mr Sol Reed,English,Easy read",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("formats")
    with a_workspace(folder / "vault") as opened:
        import_homes(opened, preview=preview_import(opened, path=homes_list(folder / "homes.csv", *ROWS)))
        with_letterhead(opened)
        yield opened


def a_run(workspace: Workspace, **more: object) -> RecordId:
    form = letters.AreaLettersForm(
        case=logged(workspace).case, blocks=frozenset({"Quill House"}), reason="A second report", **more
    )  # type: ignore[arg-type]
    return letters.start_area_letters(workspace, plan=letters.plan_area_letters(workspace, form=form)).run


@pytest.fixture
def no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "has_voice", lambda language: False)


def test_each_home_gets_its_format_and_every_home_is_counted(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    run = a_run(workspace)
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path / "out")
    assert (made.made, made.others, made.refused, made.left_out, made.outsourced) == (4, 2, 0, 0, 2)
    state = letters.run_state(workspace, run=run)
    assert made.made + made.refused + made.left_out + made.outsourced == len(state.letters) == len(ROWS)
    by_format = {letter.letter_format: letter for letter in state.letters}
    assert {code: letter.state for code, letter in by_format.items()} == {
        "standard": "made", "plain-text": "made", "large-print": "made", "braille": "made", "audio": "outsourced",
        "easy-read": "outsourced",
    }  # fmt: skip
    names = {path.name for path in made.files}
    assert names == {"letters-001.pdf", "letter-00002.txt", "letter-00004.brf", "letter-00004.pef",
                     "delivery-checklist.pdf"}  # fmt: skip
    assert names == {path.name for path in (tmp_path / "out").iterdir()}
    braille = by_format["braille"]
    assert braille.proof == "draft" and by_format["plain-text"].proof == ""
    data = (tmp_path / "out" / own_file(braille)).read_bytes()
    assert hashlib.sha256(data).digest() == braille.file_sha256
    text = (tmp_path / "out" / "letter-00002.txt").read_text(encoding="utf-8")
    assert "Flat 2 Quill House" in text and "Dear Resident" in text
    checklist = " ".join(page_texts((tmp_path / "out" / "delivery-checklist.pdf").read_bytes()))
    assert "letter-00004.brf" in checklist and "Draft" in checklist and "somebody else" in checklist

    proof_area_letters(workspace, run=run, by="Ms Iris Wood, who reads Braille")
    (proofed,) = [one for one in letters.run_state(workspace, run=run).letters if one.proof]
    assert (proofed.proof, proofed.proofed_by) == ("proofed", "Ms Iris Wood, who reads Braille")
    with pytest.raises(FormIncomplete):
        proof_area_letters(workspace, run=run, by="Nobody")


def test_what_stands_is_not_made_again_and_what_is_gone_is(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    run = a_run(workspace)
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.suffix != ".pdf"}
    (tmp_path / "letter-00002.txt").unlink()
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert (tmp_path / "letter-00002.txt").exists()
    assert (tmp_path / "letter-00004.brf").stat().st_mtime_ns == before[tmp_path / "letter-00004.brf"]


def test_what_is_in_a_file_is_said_once_and_the_last_word_counts(
    workspace: Workspace, tmp_path: Path, no_voice: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_files, "CHUNK_LETTERS", 1)
    run = a_run(workspace)
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    rows = workspace.store.select(LetterRecord, table_of(LetterRecord).c.run == run)
    printed = [one for one in letters.run_state(workspace, run=run).letters if one.chunk]
    assert [(one.place, one.state, one.chunk, one.page_from) for one in printed] == [
        (1, "made", 1, 1),
        (3, "made", 2, 1),
    ]
    assert {row.state for row in rows if row.id in {one.id for one in printed}} == {"queued"}, "not written again"
    with pytest.raises(FormIncomplete):
        cancel_area_letters(workspace, run=run, reason="Too late")
    one, other = sorted(files_of_run(workspace, run), key=lambda file: file.number or 0)
    for letter in letters.run_state(workspace, run=run).letters:
        if letter.state in ("made", "outsourced"):
            letters.record_delivery(workspace, letter=letter.id, outcome_code="posted")
    assert letters.run_state(workspace, run=run).run.state == "delivered"

    with workspace.store.unit("test") as (unit, _):  # a laptop that wrote nonsense, and one whose letters moved
        unit.update(LetterFile, one.id, letters=b"\xff nonsense")
        unit.update(LetterFile, other.id, letters=packed([LetterMade(1, 5, 2, b"words")]))
    moved, lost = sorted(
        (one for one in letters.run_state(workspace, run=run).letters if one.place in (1, 3)), key=lambda one: one.state
    )
    assert (moved.place, moved.page_from, moved.chunk, lost.state) == (1, 5, 2, "queued")
    area_files.CHUNK_LETTERS = 5
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert made.made == 4 and [file.number for file in files_of_run(workspace, run)] == [1]


def test_a_need_that_only_the_case_knows_is_met_and_what_it_may_tell_is_said(workspace: Workspace) -> None:
    homes = {home.flat.split()[-1]: home.id for home in workspace.store.select(Home) if home.flat}
    case = logged(workspace, reporter_name="Meera Vale").case
    (party, *_) = workspace.store.select(Party, table_of(Party).c.case == case)
    form = letters.AreaLettersForm(case=case, blocks=frozenset({"Quill House"}), reason="A report")

    def plan(**needs: object) -> tuple[dict[int, letters.PlannedLetter], list[str]]:
        with workspace.store.unit("test") as (unit, _):
            unit.update(Party, party.id, **needs)
        found = letters.plan_area_letters(workspace, form=form)
        return {one.place: one for one in found.letters}, [one for one in found.warnings if one.startswith("Flat")]

    first, said = plan(home=homes["1"], format_needed="Large print", language="Urdu")
    assert (first[1].addressee.format_code, first[1].addressee.language) == ("large-print", "ur")
    assert first[1].why.endswith("As somebody of this case needs it; the list of homes does not say so.")
    assert len(said) == 1 and "large print, Urdu, as somebody of this case" in said[0] and "yourself" in said[0]
    assert first[2].addressee.format_code == "plain-text" and not first[2].why.endswith("say so.")
    here, said = plan(home=homes["4"])
    assert here[4].addressee.format_code == "braille", "what the list says of everybody there stays"
    assert [one.partition(": ")[2] for one in said if "needs: Large print" in one] == [
        "somebody of this case needs: Large print. The letter is not made so; have it made, or read it."
    ]
    here, said = plan(home=homes["1"], format_needed="on yellow paper", language="")
    assert here[1].addressee.format_code == "standard" and len(said) == 1 and "on yellow paper" in said[0]
    assert plan(format_needed="", language="")[1] == []
    other = letters.AreaLettersForm(case=logged(workspace).case, blocks=frozenset({"Quill House"}), reason="Another")
    plan(format_needed="Braille")
    assert letters.plan_area_letters(workspace, form=other).letters[0].addressee.format_code == "standard"


def test_a_run_is_printed_for_the_envelope_it_was_planned_for(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    update_organisation(workspace, envelope="c5")
    run = a_run(workspace)
    update_organisation(workspace, envelope="dl")
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    first = next(one for one in letters.run_state(workspace, run=run).letters if one.chunk)
    (again,) = reprint_letter(workspace, letter=first.id, folder=tmp_path).files
    other = tmp_path / "dl"
    letters.make_area_letters(workspace, run=a_run(workspace), folder=other)
    address = "".join("".join(first.address_block.split("\n")).replace(",", "").split())
    for path, code in ((tmp_path / "letters-001.pdf", "c5"), (again, "c5"), (other / "letters-001.pdf", "dl")):
        page = marks(path.read_bytes(), 0)
        seen, clear = PROFILES[code].visible_zone, PROFILES[code].keep_clear_zone
        inside = "".join(mark.text for mark in page if seen.contains(mark.zone)).replace(",", "")
        assert inside == address == "".join(mark.text for mark in page if mark.zone.meets(clear)).replace(",", "")


class StopAt:
    def __init__(self, checks: int) -> None:
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("checks", range(9))
def test_stopped_anywhere_nothing_is_missing_or_doubled(
    workspace: Workspace, tmp_path: Path, no_voice: None, checks: int
) -> None:
    run = a_run(workspace)
    stopped = False
    try:
        letters.make_area_letters(workspace, run=run, folder=tmp_path, cancel=StopAt(checks))
    except Cancelled:
        stopped = True
    assert stopped or checks > 5
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert (made.made, made.outsourced) == (4, 2)
    found = Counter(letter.place for letter in letters.run_state(workspace, run=run).letters)
    assert set(found.values()) == {1}
    texts = page_texts((tmp_path / "letters-001.pdf").read_bytes())
    assert sum("Dear Resident" in text for text in texts) == 2


def test_the_braille_page_of_the_reader_is_kept_with_the_run(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    run = a_run(workspace, braille=BrailleSheet(32, 20, contracted=False))
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    lines = (tmp_path / "letter-00004.brf").read_bytes().replace(b"\f", b"").split(b"\r\n")
    assert 25 < max(map(len, lines)) <= 32
    assert b'cols="32" rows="20"' in (tmp_path / "letter-00004.pef").read_bytes()
    with pytest.raises(FormIncomplete) as refused:
        BrailleSheet(5, 100)
    assert set(refused.value.problems) == {"braille_cells", "braille_lines"}


def test_one_letter_is_printed_again_as_it_was_and_one_that_came_back_is_sent_again(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    run = a_run(workspace)
    letters.make_area_letters(workspace, run=run, folder=tmp_path / "out")
    first, _, _, braille, audio, _ = letters.run_state(workspace, run=run).letters
    was = page_texts((tmp_path / "out" / "letters-001.pdf").read_bytes())[: first.pages]
    update_organisation(workspace, address="9 New Street", phone="01632 960999", email="new@tallow.example")
    try:
        again = reprint_letter(workspace, letter=first.id, folder=tmp_path / "again")
        assert [path.name for path in again.files] == ["letter-00001-again-1.pdf"]
        assert page_texts(again.files[0].read_bytes()) == was
        letters.record_delivery(workspace, letter=first.id, outcome_code="returned")
        again = reprint_letter(workspace, letter=first.id, folder=tmp_path / "again")
        assert [path.name for path in again.files] == ["letter-00001-again-2.pdf"]
        kept = letters.run_state(workspace, run=run).letters[0]
        assert (kept.delivery, kept.reprints) == ("reissued", 2) and kept.reprinted_at is not None
        letters.record_delivery(workspace, letter=first.id, outcome_code="delivered")
        names = [path.name for path in reprint_letter(workspace, letter=braille.id, folder=tmp_path / "again").files]
        assert names == ["letter-00004-again-1.brf", "letter-00004-again-1.pef"]
        with pytest.raises(FormIncomplete):
            reprint_letter(workspace, letter=audio.id, folder=tmp_path / "again")
    finally:
        with_letterhead(workspace)


class FullAfter:
    """A disk that has room for so many files."""

    def __init__(self, files: int) -> None:
        self.left = files

    def __call__(self, path: Path, data: bytes) -> None:
        self.left -= 1
        if self.left < 0:
            raise DiskFull(path=str(path))
        write_atomic(path, data)


@pytest.mark.parametrize("room", range(5))
def test_a_full_disk_keeps_what_is_finished_and_the_run_goes_on_once_there_is_room(
    workspace: Workspace, tmp_path: Path, no_voice: None, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    run = a_run(workspace)
    with monkeypatch.context() as patch:
        disk = FullAfter(room)
        for module in (batch, area_files, letters):
            patch.setattr(module, "write_atomic", disk)
        with pytest.raises(DiskFull):
            letters.make_area_letters(workspace, run=run, folder=tmp_path)
    half = letters.run_state(workspace, run=run)
    assert half.run.state == "making" and sum(half.counts.values()) == len(ROWS)
    for letter in half.letters:
        if letter.state == "made":
            name = own_file(letter) if letter.chunk is None else "letters-001.pdf"
            assert hashlib.sha256((tmp_path / name).read_bytes()).digest() == letter.file_sha256
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert (made.made, made.outsourced, len(made.files)) == (4, 2, 5)


def test_a_folder_that_may_only_be_read_is_said_before_a_run_is_begun(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.letters.os.access", lambda path, mode: False)
    with pytest.raises(FolderNotWritable) as refused:
        letters.ready_folder(workspace, folder=tmp_path / "locked")
    assert "it may only be read" in refused.value.explain().happened
    run = a_run(workspace)
    with pytest.raises(FolderNotWritable):
        letters.make_area_letters(workspace, run=run, folder=tmp_path / "locked")
    assert {letter.state for letter in letters.run_state(workspace, run=run).letters} == {"queued", "outsourced"}


def test_a_run_is_delivered_when_every_door_is_done_and_not_before(
    workspace: Workspace, tmp_path: Path, no_voice: None
) -> None:
    run = a_run(workspace)
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    for number, letter in enumerate(letters.run_state(workspace, run=run).letters):
        assert letters.run_state(workspace, run=run).run.state == "made", f"{number} doors are done"
        letters.record_delivery(workspace, letter=letter.id, outcome_code="refused" if number else "posted")
    assert letters.run_state(workspace, run=run).run.state == "delivered"
    letters.record_delivery(workspace, letter=letter.id, outcome_code="")
    assert letters.run_state(workspace, run=run).run.state == "made", "the tick was taken back"


def test_a_home_whose_address_is_not_enough_is_named_and_the_others_get_their_letters(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = ("B1,,,7,Bare Lane,,,,,English,", "B2,,,9,Bare Lane,Testford,ZZ9 1AA,,,English,")
    import_homes(workspace, preview=preview_import(workspace, path=homes_list(tmp_path / "bare.csv", *rows)))
    form = letters.AreaLettersForm(case=logged(workspace).case, streets=frozenset({"Bare Lane"}), reason="A report")
    plan = letters.plan_area_letters(workspace, form=form)
    why = "The address needs a street and a town or postcode. Complete it under Homes, then plan again."
    assert [(one.addressee.address, one.outcome, one.why) for one in plan.letters] == [
        ("7 Bare Lane", "left-out", why), ("9 Bare Lane, Testford, ZZ9 1AA", "letter", ""),
    ]  # fmt: skip
    made = letters.make_area_letters(
        workspace, run=letters.start_area_letters(workspace, plan=plan).run, folder=tmp_path / "out"
    )
    assert (made.made, made.left_out, made.refused) == (1, 1, 0)
