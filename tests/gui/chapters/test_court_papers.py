"""Photographs of works and papers for court through the pages of a case (policy 4.7, 4.17)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Case, Party
from core.domain.documents import Attachment
from core.domain.enforcement import Proportionality
from core.domain.safety import SecurityMeasure
from core.foundation.errors import FolderNotWritable
from core.foundation.ids import RecordId
from core.services.attachments import AttachmentForm, GivenFile, attach
from core.services.court_papers import make_court_papers
from core.services.workspace import Workspace
from desktop.screens.case.chapters import enforcement, support
from tests.support import files
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.letter_pages import page_texts
from tests.support.workspaces import a_workspace, logged, with_letterhead

SAID = dict.fromkeys(("behaviour", "vulnerability", "residence", "wishes"), "Written down.")
"""The others begin with what the case says: how much happened, the age, the evidence."""
WEIGHED = {**SAID, "tool": "injunction", "disability_thought_of": True, "conclusion": "Ask the court for it."}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def a_photo(workspace: Workspace, case: RecordId, name: str, data: bytes) -> RecordId:
    form = AttachmentForm(what="photo-before", about=name, taken_by="Ben Fox")
    return attach(workspace, case=case, given=GivenFile(data=data, name=f"{name}.png"), form=form).attachment


def test_photographs_stand_with_the_works_and_go_with_the_papers(
    workspace: Workspace, seat: Seat, tmp_path: Path
) -> None:
    case = logged(workspace, code_word="heron").case
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        dan = unit.create(Party, stream, case=case, name="Dan Crow", roles={"alleged-perpetrator"}, age_band="adult")
    before = a_photo(workspace, case, "broken lock", files.png_with_place())
    after = a_photo(workspace, case, "new lock", files.png())
    unclean = a_photo(workspace, case, "the lamp", files.noise(500))
    for sort, place in (("locks", "Flat 3, front door"), ("lighting", "Flat 3, landing")):
        assert answer(seat, "measure", case, {"sort": sort, "place": place}) == {}
    locks, lamp = sorted(workspace.store.select(SecurityMeasure), key=lambda one: one.sort != "locks")
    assert list(answer(seat, "measure-photos", case, {}, locks.id)) == ["photo_before"]
    assert answer(seat, "measure-photos", case, {"photo_before": before.hex()}, locks.id) == {}
    same = {"done_on": "2026-03-01", "photo_after": before.hex()}
    assert list(answer(seat, "measure-done", case, same, locks.id)) == ["photo_after"]
    assert answer(seat, "measure-done", case, {**same, "photo_after": after.hex()}, locks.id) == {}
    on_laptop = tmp_path / "lamp.png"
    on_laptop.write_bytes(files.png(9, 9))
    from_laptop = {"photo_after": unclean.hex(), "file_before": str(on_laptop)}
    assert answer(seat, "measure-photos", case, from_laptop, lamp.id) == {}
    attached = workspace.store.get(SecurityMeasure, lamp.id).photo_before
    assert attached is not None and workspace.store.get(Attachment, attached).what == "photo-before"
    said = told(workspace, support.PART, case)
    assert said.count("Before: look at it") == 2 and said.count("Afterwards: look at it") == 2

    assert "court-papers" not in menu_of(workspace, case), "nobody weighed it"
    assert answer(seat, "weigh", case, WEIGHED) == {}
    (weighed,) = workspace.store.select(Proportionality)
    assert weighed.party == dan and weighed.age == "18 or over." and weighed.severity == "1 incident."
    assert "Papers for court" in told(workspace, enforcement.PART, case)
    out = tmp_path / "out"
    with pytest.raises(FolderNotWritable):
        make_court_papers(workspace, weighing=weighed.id, folder=tmp_path / "Dan Crow")
    assert not (tmp_path / "Dan Crow").exists(), "a folder may not say whom it is about"
    assert answer(seat, "court-papers", case, {"folder": str(out)}, weighed.id) == {}

    papers, appendix = (next(out.glob(f"papers-*{end}")) for end in ("[A-Z0-9].pdf", "-appendix.pdf"))
    text = " ".join(" ".join(page_texts(papers.read_bytes())).split())
    assert "About Dan Crow. For: Civil injunction." in text and "it is not a finding" in text
    assert "Somebody shouted at her on the stairs again." in text and "done on 1 March 2026" in text
    assert "Locks on doors and windows: before by Ben Fox." in text and "Lighting: after by Ben Fox. Not with" in text
    assert not {word for word in ("heron", "Flat 3", "Meera", "voicemail") if word.lower() in text.lower()}
    seven = " ".join(" ".join(page_texts(appendix.read_bytes())).split())
    assert "1. The behaviour and its effect on others" in seven and "7. What the person harmed wants" in seven
    assert "Conclusion Ask the court for it." in seven and "disability: it may." in seven
    assert len(list(out.glob("papers-*-photo-*.png"))) == 3
    assert not any(files.PLACE in one.read_bytes() for one in out.glob("*.png"))
