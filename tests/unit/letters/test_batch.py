"""Many letters into one file: nothing lost, nothing doubled, nothing half done."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from core.foundation.errors import BugError, Cancelled, FolderNotWritable, GlyphsMissing, TextDoesNotFit
from core.letters.batch import BatchLetter, ChunkMade, make_chunk, plan_chunks
from core.letters.model import LetterFormat, Letterhead, Paragraph, Run, text_sha256
from core.letters.render.pdf_engine import LetterDocument
from core.letters.render.tagging import FinishedPdf
from tests.support.letter_pages import page_texts, pdf_ua_failures, roles, sample_letter, structure_problems

SHORT = 3  # blocks that fit on one page


def run(count: int, *, large_every: int = 16) -> list[BatchLetter]:
    """Letters to neighbouring doors, some in large print."""
    return [
        BatchLetter(
            place,
            sample_letter(address=("The Resident", f"Flat {place}", "Elm House", "Oxford", f"OX3 {place % 10}AB")),
            LetterFormat.STANDARD if place % large_every else LetterFormat.LARGE_PRINT,
        )
        for place in range(1, count + 1)
    ]


def with_address(one: BatchLetter, *lines: str) -> BatchLetter:
    return dataclasses.replace(one, letter=dataclasses.replace(one.letter, address_lines=lines))


def short(one: BatchLetter) -> BatchLetter:
    return dataclasses.replace(one, letter=dataclasses.replace(one.letter, blocks=one.letter.blocks[:SHORT]))


class StopAfter:
    """A person who changes their mind after some letters."""

    def __init__(self, letters: int) -> None:
        self.left = letters

    def check(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


@pytest.mark.parametrize(
    "count, size, chunks",
    [
        (0, 250, []),
        (1, 250, [(0, 1)]),
        (250, 250, [(0, 250)]),
        (251, 250, [(0, 250), (250, 251)]),
        (5, 2, [(0, 2), (2, 4), (4, 5)]),
    ],
)
def test_chunks_follow_each_other_and_cover_everything(count: int, size: int, chunks: list[tuple[int, int]]) -> None:
    assert plan_chunks(count, size) == chunks


def test_a_chunk_of_nothing_is_refused() -> None:
    with pytest.raises(BugError):
        plan_chunks(10, 0)


def test_640_letters_are_all_there_once_and_in_order(tmp_path: Path) -> None:
    letters = run(640)
    made: list[ChunkMade] = []
    for number, (start, end) in enumerate(plan_chunks(640, 250)):
        made.append(make_chunk(letters[start:end], path=tmp_path / f"{number}.pdf", title="Letters"))

    assert [one.place for chunk in made for one in chunk.letters] == list(range(1, 641))
    assert [chunk.refused for chunk in made] == [(), (), ()]
    for chunk in made:
        texts = page_texts(chunk.path.read_bytes())
        assert len(texts) == chunk.pages == sum(one.pages for one in chunk.letters)
        for one in chunk.letters:
            own = texts[one.page_from - 1 : one.page_from - 1 + one.pages]
            assert f"Flat {one.place} Elm House" in own[0] or f"Flat {one.place}, Elm House" in own[0]
            assert f"Page {one.pages} of {one.pages}" in own[-1]
        assert sum("Dear Resident," in text for text in texts) == len(chunk.letters)


def test_a_whole_file_passes_an_independent_validator(tmp_path: Path) -> None:
    chunk = make_chunk(run(250), path=tmp_path / "letters.pdf", title="Letters", duplex=True)
    data = chunk.path.read_bytes()
    assert pdf_ua_failures(data) == []
    found = roles(data)
    assert found.count("Sect") == found.count("H1") == 250


def test_each_letter_keeps_its_own_words(tmp_path: Path) -> None:
    """Names and references differ, the rest is shared: the sharing must not show."""
    letters = [
        BatchLetter(place, sample_letter(salutation=f"Ms Name{place}", reference=f"R-{place}"), LetterFormat.STANDARD)
        for place in range(1, 8)
    ]
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters")
    texts = page_texts(chunk.path.read_bytes())
    for one in chunk.letters:
        assert f"Dear Ms Name{one.place}," in texts[one.page_from - 1]
        assert f"Our reference: R-{one.place}" in texts[one.page_from - 1]
        assert one.text_sha256 == text_sha256(letters[one.place - 1].letter)


@pytest.mark.parametrize("part", ["date", "closing", "footer", "title", "second block", "last block", "letterhead"])
def test_a_letter_that_differs_in_one_part_shows_it(tmp_path: Path, part: str) -> None:
    first, second = run(2)
    letter, own = second.letter, "These words are only in the second letter"
    changed = {
        "date": dataclasses.replace(letter, date_text=own),
        "closing": dataclasses.replace(letter, closing=(*letter.closing, own)),
        "footer": dataclasses.replace(letter, footer=own),
        "title": dataclasses.replace(letter, title=own),
        "second block": dataclasses.replace(
            letter, blocks=(letter.blocks[0], Paragraph((Run(own),)), *letter.blocks[2:])
        ),
        "last block": dataclasses.replace(letter, blocks=(*letter.blocks[:-1], Paragraph((Run(own),)))),
        "letterhead": dataclasses.replace(letter, letterhead=Letterhead(letter.letterhead.name, (own,))),
    }[part]
    letters = [first, dataclasses.replace(second, letter=changed)]
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters")
    start = chunk.letters[1].page_from - 1
    texts = page_texts(chunk.path.read_bytes())
    assert own in " ".join(texts[start:])
    assert own not in " ".join(texts[:start])


def test_the_tree_and_the_pages_of_a_whole_file_agree(tmp_path: Path) -> None:
    letters = [short(one) if one.place % 2 else one for one in run(20)]
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters", duplex=True)
    assert structure_problems(chunk.path.read_bytes()) == []


@pytest.mark.parametrize("part", ["reference", "greeting", "address"])
def test_a_later_letter_is_checked_as_the_first_was(tmp_path: Path, part: str) -> None:
    """The shared words were checked with the first letter; its own words are checked for each."""
    letters = [
        BatchLetter(place, sample_letter(reference=f"R-{place}", salutation="You"), LetterFormat.STANDARD)
        for place in (1, 2)
    ]
    spoiled = {
        "reference": dataclasses.replace(letters[1].letter, reference_text="R-😀"),
        "greeting": sample_letter(reference="R-2", salutation="😀"),
        "address": sample_letter(reference="R-2", salutation="You", address=("😀", "1 Elm Row", "OX1 1AA")),
    }[part]
    letters[1] = dataclasses.replace(letters[1], letter=spoiled)
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters")
    assert [one.place for one in chunk.refused] == [2]


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    one = make_chunk(run(20), path=tmp_path / "one.pdf", title="Letters")
    two = make_chunk(run(20), path=tmp_path / "two.pdf", title="Letters")
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.file_sha256 == two.file_sha256 == hashlib.sha256(one.path.read_bytes()).digest()


def test_refused_letters_are_named_and_the_others_go_on(tmp_path: Path) -> None:
    letters = run(5)
    letters[1] = with_address(letters[1], "Joy 😀 Bell", "1 Elm Row", "OX1 1AA")
    letters[3] = with_address(letters[3], *[f"A very long line number {n} of an address here" for n in range(9)])
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters")

    assert [one.place for one in chunk.letters] == [1, 3, 5]
    assert [(one.place, type(one.error)) for one in chunk.refused] == [(2, GlyphsMissing), (4, TextDoesNotFit)]
    assert "😀" in chunk.refused[0].error.explain().happened
    texts = page_texts(chunk.path.read_bytes())
    assert len(texts) == chunk.pages == 6
    assert not any("Joy" in text for text in texts)


def test_a_letter_with_a_word_that_cannot_be_printed_does_not_spoil_the_next(tmp_path: Path) -> None:
    letters = run(3)
    spoiled = dataclasses.replace(letters[0].letter, footer="😀")
    letters[0] = dataclasses.replace(letters[0], letter=spoiled)
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters")
    assert [one.page_from for one in chunk.letters] == [1, 3]
    assert pdf_ua_failures(chunk.path.read_bytes()) == []


def test_when_all_are_refused_no_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    path.write_bytes(b"an older file")
    chunk = make_chunk([with_address(one, "😀") for one in run(3)], path=path, title="Letters")
    assert (chunk.letters, chunk.pages, chunk.file_sha256) == ((), 0, b"")
    assert [one.place for one in chunk.refused] == [1, 2, 3]
    assert list(tmp_path.iterdir()) == []


def test_no_letters_make_no_file(tmp_path: Path) -> None:
    assert make_chunk([], path=tmp_path / "letters.pdf", title="Letters").pages == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("after", [0, 1, 7, 10])
def test_stopping_leaves_what_was_there(tmp_path: Path, after: int) -> None:
    path = tmp_path / "letters.pdf"
    path.write_bytes(b"an older file")
    with pytest.raises(Cancelled):
        make_chunk(run(10), path=path, title="Letters", cancel=StopAfter(after))
    assert path.read_bytes() == b"an older file"
    assert list(tmp_path.iterdir()) == [path]


def test_both_sides_begin_every_letter_on_a_new_sheet(tmp_path: Path) -> None:
    letters = [short(one) if one.place % 2 else one for one in run(6, large_every=99)]
    chunk = make_chunk(letters, path=tmp_path / "letters.pdf", title="Letters", duplex=True)
    texts = page_texts(chunk.path.read_bytes())

    assert [one.pages for one in chunk.letters] == [1, 2, 1, 2, 1, 2]
    assert [one.page_from for one in chunk.letters] == [1, 3, 5, 7, 9, 11]
    assert len(texts) == chunk.pages == 12
    assert [texts[index] for index in (1, 5, 9)] == ["", "", ""]
    assert pdf_ua_failures(chunk.path.read_bytes()) == []


def test_a_page_that_went_missing_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that writes fewer pages than it was given, and says nothing."""
    whole = LetterDocument.finish

    def one_short(self: LetterDocument) -> FinishedPdf:
        with pikepdf.open(io.BytesIO(whole(self).data)) as pdf:
            del pdf.pages[-1]
            return FinishedPdf(b"%PDF", len(pdf.pages))

    monkeypatch.setattr(LetterDocument, "finish", one_short)
    with pytest.raises(BugError):
        make_chunk(run(3), path=tmp_path / "letters.pdf", title="Letters")
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    """A preview while a run is being made: the typeface is shared, the documents are not."""
    letters = [with_address(one, f"Ŵyn Łęś {one.place}", "1 Elm Row", "OX1 1AA") for one in run(12)]

    def make(name: str) -> bytes:
        return make_chunk(letters, path=tmp_path / name, title="Letters").file_sha256

    with ThreadPoolExecutor(4) as pool:
        hashes = set(pool.map(make, [f"{number}.pdf" for number in range(8)]))
    assert hashes == {make("alone.pdf")}


def test_progress_is_told_letter_by_letter(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    make_chunk(
        run(4), path=tmp_path / "letters.pdf", title="Letters",
        progress=lambda done, total, stage="": heard.append((done, total)),
    )  # fmt: skip
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_this_user_can_read_the_file(tmp_path: Path) -> None:
    chunk = make_chunk(run(1), path=tmp_path / "letters.pdf", title="Letters")
    assert stat.S_IMODE(chunk.path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [chunk.path]


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable):
        make_chunk(run(1), path=tmp_path / "gone" / "letters.pdf", title="Letters")
