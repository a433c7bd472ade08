"""The statement of a private interview on paper: what stands on it, where it may go, what is noted before."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from core.domain.audit import AuditEntry
from core.foundation.errors import FolderNotWritable, FormIncomplete, NotFound
from core.foundation.ids import RecordId
from core.services import cases, interview_record, interviews, opening, sync
from core.services.interview_record import SigningForm
from core.services.interview_start import start_interview
from core.services.interview_statement import STAMP, WHOSE, StatementForm, make_statement
from core.services.workspace import Workspace
from tests.support.laptops import Office
from tests.support.letter_pages import page_texts, pdf_ua_failures, roles, structure_problems

DRAWN = ((100, 100, 200, 150, 300, 100), (320, 90, 420, 95), (500, 60))
SAID = "He waited in the cellar, she said.\n\nHe has a key."
Two = tuple[Office, Workspace, Workspace]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    office = Office(tmp_path_factory.mktemp("office"))
    ana, ben = office.pair()
    sync.sync_now(ana)
    yield office, ana, ben
    opening.lock(ana)
    opening.lock(ben)


def text_of(data: bytes) -> str:
    return "\n".join(page_texts(data))


def a_case(workspace: Workspace) -> RecordId:
    form = cases.ReportForm(
        words="Shouting on the stairs", danger_now=False, safe_ways=frozenset({"call"}), reporter_name="Ada Quill",
        received_at=workspace.parts.clock.now() - timedelta(hours=1),
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def held(ana: Workspace, ben: Workspace) -> StatementForm:
    begun = start_interview(ana, case=a_case(ana), readers=frozenset({ben.user}))
    interview = begun.interview
    interviews.save_interview(
        ana, interview=interview,
        values={"statement": SAID, "read_back": True, "agreed": True, "place_sort": "refuge",
                "private_confirmed": True},
    )  # fmt: skip
    interview_record.add_present(ana, interview=interview, role="person", name="Ada Quill")
    interview_record.add_present(ana, interview=interview, role="support", name="Noor Bell")
    return StatementForm(interview=interview, entry=begun.entry, destination=Path("statement.pdf"), for_whom="person")


def sign(ana: Workspace, form: StatementForm, words: str = SAID) -> RecordId:
    signing = SigningForm(interview=form.interview, how="drawn", words=words, strokes=DRAWN)
    return interview_record.sign_statement(ana, form=signing).record


def entries(ana: Workspace, form: StatementForm) -> list[AuditEntry]:
    return [one for one in ana.store.select(AuditEntry) if one.about == form.interview and one.deed == "print"]


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_the_words_who_was_there_and_what_was_drawn_stand_on_it_stamped(two: Two, tmp_path: Path, large: bool) -> None:
    _, ana, ben = two
    form = replace(held(ana, ben), destination=tmp_path / "statement.pdf", large_print=large)
    sign(ana, form)
    made = make_statement(ana, form=form)
    data = made.path.read_bytes()
    said = " ".join(text_of(data).split())
    for words in ("He waited in the cellar, she said.", "He has a key.", STAMP, "The person: Ada Quill", "Noor Bell",
                  "They agreed that it is what they said.", "Signed on the screen", "Before Ana Reyes",
                  WHOSE.split(".", maxsplit=1)[0]):  # fmt: skip
        assert words in said, words
    assert "refuge" not in said.casefold(), "where she is safe stands on no paper"
    assert pdf_ua_failures(data) == [] and structure_problems(data) == []
    assert roles(data).count("Figure") == 1 and roles(data).index("Figure") > roles(data).index("H1")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "Ada" not in str(pdf.docinfo)
    (entry,) = entries(ana, form)
    assert entry.who == ana.user and "Ada" not in entry.subject and "cellar" not in entry.subject + entry.reason
    assert entry.reason == "The person themselves"


def test_no_paper_without_words_or_for_anybody_else(two: Two, tmp_path: Path) -> None:
    _, ana, ben = two
    form = replace(held(ana, ben), destination=tmp_path / "statement.pdf")
    for wrong, field in (({"for_whom": ""}, "for_whom"), ({"for_whom": "them"}, "for_whom"),
                         ({"for_whom": "file", "reason": " "}, "copy_reason"),
                         ({"destination": Path()}, "path")):  # fmt: skip
        with pytest.raises(FormIncomplete) as refused:
            make_statement(ana, form=replace(form, **wrong))  # type: ignore[arg-type]  # each field its own type
        assert set(refused.value.problems) == {field}
    interviews.save_interview(ana, interview=form.interview, values={"statement": " "})
    with pytest.raises(FormIncomplete) as refused:
        make_statement(ana, form=form)
    assert set(refused.value.problems) == {"statement"}
    with pytest.raises(NotFound):
        make_statement(ben, form=form)
    assert not form.destination.exists() and entries(ana, form) == []


def test_it_lies_in_no_folder_that_is_exchanged_and_under_no_name_that_tells(two: Two, tmp_path: Path) -> None:
    office, ana, ben = two
    form = held(ana, ben)
    there = tmp_path / "statement.pdf"
    there.write_bytes(b"older")
    for wrong in (office.folder / "statement.pdf", ana.folder / "x.pdf", tmp_path, there, tmp_path / "ada-quill.pdf"):
        with pytest.raises(FolderNotWritable):
            make_statement(ana, form=replace(form, destination=wrong))
    assert there.read_bytes() == b"older" and entries(ana, form) == []
    make_statement(ana, form=replace(form, destination=there, replace=True))
    assert there.read_bytes() != b"older"
    sync.sync_now(ana)
    assert not any(b"cellar" in path.read_bytes() for path in office.folder.rglob("*") if path.is_file())


def test_changed_words_are_not_signed_and_the_earlier_ones_can_still_be_had(two: Two, tmp_path: Path) -> None:
    _, ana, ben = two
    form = replace(held(ana, ben), for_whom="file", reason="For the police, as she agreed")
    first = sign(ana, form)
    interviews.save_interview(ana, interview=form.interview, values={"statement": "He waited upstairs."})
    now = make_statement(ana, form=replace(form, destination=tmp_path / "now.pdf")).path.read_bytes()
    said = " ".join(text_of(now).split())
    assert "upstairs" in said and "cellar" not in said and "Nobody has signed these words" in said
    assert "Figure" not in roles(now)
    before = replace(form, destination=tmp_path / "before.pdf", version=first)
    said = " ".join(text_of(make_statement(ana, form=before).path.read_bytes()).split())
    assert "cellar" in said and "upstairs" not in said and "Signed on the screen" in said
    assert [one.record for one in entries(ana, form)][-1] == first
    assert entries(ana, form)[0].reason.endswith("For the police, as she agreed")
    with pytest.raises(NotFound):
        make_statement(ana, form=replace(before, version=RecordId(bytes(16)), replace=True))
