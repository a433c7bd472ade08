"""The texts of letters on their page: changed, looked at for three households, kept, agreed to by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.letters import LetterTemplate
from core.letters.render import font_pack
from core.letters.render.fonts import fonts_folder
from core.letters.template_text import TemplateParts, id_from, parts_of, text_of
from core.letters.templates import parse_template
from core.services.template_book import shipped, template_in_use
from core.services.workspace import Workspace
from desktop.screens.templates.view import TemplatesPageView
from tests.support.desk import Seat, a_seat
from tests.support.estate import with_estate, with_letterhead
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.workspaces import a_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def a_page(qtbot: QtBot, seat: Seat) -> TemplatesPageView:
    page = TemplatesPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1280, 800)
    page.arrive()
    settle()
    return page


def choose(page: TemplatesPageView, template: str, language: str = "en-GB") -> None:
    page._document.set_value(template)
    page._language.set_value(language)
    page._choose()
    settle()


def change(page: TemplatesPageView, **parts: str) -> None:
    for name, words in parts.items():
        getattr(page.text, f"_{name}").setText(words)
    page.text.edited.emit()


def test_every_shipped_text_can_be_taken_apart_and_put_together() -> None:
    for template in shipped():
        parts = parts_of(template)
        again = parse_template(text_of(parts, version=9, dated="2026-11-29"))
        assert (again.title, again.blocks, again.use.audiences, again.use.layout, again.use.signed_off) == (
            template.title, template.blocks, template.use.audiences, template.use.layout, template.use.signed_off,
        )  # fmt: skip
        assert parts_of(again) == parts
    assert id_from("Noise at night, Flat 3!") == "noise-at-night-flat-3"


def test_a_text_is_changed_looked_at_and_kept_until_somebody_else_agrees(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    page = a_page(qtbot, seat)
    choose(page, "appointment")
    assert "Comes with the program." in words_in(page)
    change(page, body="Dear [[salutation]],\n\nCome on [[apointment_date]].")
    page.look.click()
    settle()
    assert "line 3: there is no field called 'apointment_date'" in words_in(page)
    assert page.keep.isHidden()
    change(page, body="Dear [[salutation]],\n\nCome on [[appointment_date]].")
    page.look.click()
    settle()
    assert [one.why for one in page._previews] == ["Shortest name", "Longest address", "Another script"]
    assert page._previews[0].pdf and page._previews[1].pdf
    change(page, title="A time to meet")
    assert page.keep.isHidden(), "what was looked at is no longer what stands there"
    page.look.click()
    settle()
    page.keep.click()
    settle()
    (kept,) = workspace.store.select(LetterTemplate)
    assert (kept.template_id, kept.version, kept.approved_at) == ("appointment", 2, None)
    assert "Version 2 by Ana Bright waits for somebody else to agree to it" in words_in(page)
    assert page.agree.isHidden(), "whoever wrote it does not agree to it"
    assert template_in_use(workspace, template="appointment").identity.version == 1
    with workspace.store.unit("test") as (unit, _):
        unit.update(LetterTemplate, kept.id, written_by=bytes(16))
    page.arrive()
    settle()
    page.agree.click()
    settle()
    assert template_in_use(workspace, template="appointment").title == "A time to meet"
    assert "Your own text, version 2." in words_in(page)
    page.withdraw.click()
    settle()
    assert template_in_use(workspace, template="appointment").identity.version == 1


def test_a_translation_begins_with_the_english_words_and_says_what_it_translates(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    page = a_page(qtbot, seat)
    choose(page, "referral", "cy")
    assert "Not there in this language yet." in words_in(page)
    change(page, title="Mae'n ddrwg gennym")
    page.look.click()
    settle()
    page.keep.click()
    settle()
    (kept,) = workspace.store.select(LetterTemplate)
    assert (kept.language, kept.version) == ("cy", 1)
    assert "translates: 1" in kept.body


def test_somebody_who_reads_it_is_named_under_a_translation_and_only_for_these_words(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    page = a_page(qtbot, seat)
    choose(page, "appointment")
    assert page.text._proof.isHidden()
    choose(page, "appointment", "ur")
    assert not page.text._proof.isHidden()
    assert "A draft: nobody who reads the language has gone over it." in words_in(page)
    change(page, proofed="Sabina Noor")
    page.look.click()
    settle()
    assert all(one.pdf for one in page._previews)
    page.keep.click()
    settle()
    (kept,) = workspace.store.select(LetterTemplate)
    assert (kept.language, kept.version) == ("ur", 2)
    assert not parse_template(kept.body).is_draft
    page.text._body.setText("محترم [[salutation]]، 2")
    assert page.text.parts().proofed_by == ""


def test_a_new_document_and_what_was_begun_is_there_again(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    page = a_page(qtbot, seat)
    page._new.click()
    settle()
    page.look.click()
    settle()
    assert "Give the document a name to choose it by." in words_in(page)
    page.text._audiences.set_values(["harmed"])
    change(page, name="Noise at night", title="Noise", body="Dear [[salutation]],\n\nPlease call [[phone]].")
    page.leave()
    again = a_page(qtbot, seat)
    assert again.text.parts().name == "Noise at night"
    again.look.click()
    settle()
    again.keep.click()
    settle()
    (kept,) = workspace.store.select(LetterTemplate)
    assert kept.template_id == "noise-at-night"
    assert parts_of(parse_template(kept.body)).audiences == ("harmed",)


def test_the_page_can_be_used_by_everybody(qtbot: QtBot, seat: Seat) -> None:
    page = a_page(qtbot, seat)
    choose(page, "warning-first")
    page.look.click()
    settle()
    assert audit_everywhere(page) == []


def test_parts_with_nothing_optional_make_a_text() -> None:
    parts = TemplateParts(template_id="a", title="T", closing="Yours", body="Hello")
    assert parse_template(text_of(parts, version=1, dated="")).title == "T"


def test_the_chinese_typeface_is_brought_where_the_texts_are(
    qtbot: QtBot, workspace: Workspace, seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_pack, "pack_folder", lambda: tmp_path / "own")
    font_pack.pack_files.cache_clear()
    page = a_page(qtbot, seat)
    assert "Letters in Chinese are made by somebody else." in words_in(page)
    page.here.bring.click()
    settle()
    assert "Choose the folder the two files are in." in words_in(page)
    page.here.place.set_text(str(tmp_path / "nowhere"))
    page.here.bring.click()
    settle()
    assert "There is no such folder." in words_in(page)
    page.here.place.set_text(str(fonts_folder()))
    page.here.bring.click()
    settle()
    assert "regular and bold is not among them" in words_in(page)
    assert not (tmp_path / "own").exists()
    assert page.here.bring.isEnabled()

    said = {"NotoSans-Regular.ttf": "Regular", "NotoSans-Bold.ttf": "Bold"}
    monkeypatch.setattr(font_pack, "_weight", lambda path: said.get(path.name, ""))
    page.here.bring.click()
    settle()
    assert "The Chinese typeface is on this computer." in words_in(page)
    assert "Found and kept on this computer: NotoSans-Regular.ttf and NotoSans-Bold.ttf." in words_in(page)
    assert page.here.bring.isHidden()
    font_pack.pack_files.cache_clear()
