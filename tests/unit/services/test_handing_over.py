"""Codes out of pictures, and invitations on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.errors import FolderNotWritable, FormIncomplete, InvitationRejected, NoCodeInPicture
from core.services import handing_over, opening, organisation
from core.services.handing_over import CodeKind
from tests.support.laptops import CHEAP, PASSPHRASE, Office
from tests.support.letter_pages import page_texts, pdf_ua_failures, structure_problems


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_invitation_on_paper_is_read_and_used(office: Office, tmp_path: Path) -> None:
    ana = office.found()
    issued = organisation.invite(ana, role="officer")
    path = handing_over.save_invitation_sheet(ana, text=issued.text, destination=tmp_path / "sheet.pdf").path
    text = handing_over.code_in_picture(path=path, kind=CodeKind.INVITATION)
    assert text == issued.text
    form = opening.JoiningForm(text, "Ben Osei", "bo", "", PASSPHRASE, office.folder)
    assert opening.ask_to_join(office.root / "ben", form, parts=office.parts, cost=CHEAP).words
    data = path.read_bytes()
    assert pdf_ua_failures(data) == [] and structure_problems(data) == []
    (words,) = [" ".join(page.split()) for page in page_texts(data)]  # one page
    assert "From Ana Reyes, Hazel Tree Co-operative" in words and "Role: Officer. Last day: Fri 4 Dec" in words
    assert "1. Start the program" in words and issued.text.replace("-", " ") in words and words.count("8.") == 1
    assert path.stat().st_mode & 0o077 == 0


def test_a_sheet_does_not_lie_where_others_see_it(office: Office, tmp_path: Path) -> None:
    ana = office.found()
    text = organisation.invite(ana, role="officer").text
    (office.folder / "paper").mkdir()
    (tmp_path / "Dropbox").mkdir()
    for folder in (office.folder / "paper", office.folder, tmp_path / "Dropbox"):
        place = folder / "sheet.pdf"
        with pytest.raises(FormIncomplete) as caught:
            handing_over.save_invitation_sheet(ana, text=text, destination=place)
        assert list(caught.value.problems) == ["sheet"]
        assert not place.exists()
    with pytest.raises(FolderNotWritable):
        handing_over.save_invitation_sheet(ana, text=text, destination=ana.folder / "keyslot")
    with pytest.raises(InvitationRejected):
        handing_over.save_invitation_sheet(ana, text="IMANI-AAAA", destination=tmp_path / "sheet.pdf")


def test_a_code_of_the_other_kind_in_the_picture_is_not_taken(office: Office, tmp_path: Path) -> None:
    ana = office.found()
    text = organisation.invite(ana, role="officer").text
    path = handing_over.save_invitation_sheet(ana, text=text, destination=tmp_path / "sheet.pdf").path
    with pytest.raises(NoCodeInPicture):
        handing_over.code_in_picture(path=path, kind=CodeKind.LAPTOP)


def test_what_is_on_the_screen_is_what_is_on_paper(office: Office) -> None:
    issued = organisation.invite(office.found(), role="officer")
    assert len(issued.square) == len(issued.square[0]) and issued.square[0][0]
