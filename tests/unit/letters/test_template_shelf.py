"""Texts of documents, each damaged in turn: what is wrong is named with its place, and every other one can be used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.foundation.errors import TemplateInvalid
from core.letters.template_shelf import read_shelf
from core.letters.templates import MAX_TEMPLATE_BYTES
from core.services import template_book
from tests.support.letter_pages import TEMPLATES
from tests.support.workspaces import a_workspace

DOCUMENTS = ("area-warning", "closure", "notice")

Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "a field nobody knows": (lambda text: text.replace(b"[[phone]]", b"[[fone]]"), "no field called 'fone'"),
    "half a field": (lambda text: text.replace(b"[[phone]]", b"[[phone", 1), "without its partner"),
    "bold that does not end": (lambda text: text + b"\n\nSome **bold words.\n", "not closed"),
    "a condition that does not end": (lambda text: text + b"\n[[if phone]]\nMore.\n", "has no [[end]]"),
    "nothing in it": (lambda text: b"", "must begin with a header"),
    "a header alone": (lambda text: b"---".join(text.split(b"---")[:2]) + b"---\n", "it has no text"),
    "half of it": (lambda text: text[: len(text) // 30], "header"),
    "not UTF-8": (lambda text: text.decode().encode("utf-16"), "not saved as UTF-8"),
    "huge": (lambda text: text + b"\nMore words." * (MAX_TEMPLATE_BYTES // 10), "larger than"),
    "of another language": (lambda text: text.replace(b"\nlanguage: ", b"\nlanguage: x", 1), "than its file name"),
    "a table": (lambda text: text + b"\n| one | two |\n", "only headings"),
    "an older year": (lambda text: text.replace(b"\ndated: 2", b"\ndated: x", 1), "must be a date"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in DOCUMENTS:
        shutil.copytree(TEMPLATES / name, tmp_path / "templates" / name)
    return tmp_path / "templates"


def newest(folder: Path, document: str, language: str) -> Path:
    return max((folder / document).glob(f"*.{language}.md"), key=lambda path: int(path.name.partition(".")[0]))


def test_what_comes_with_the_program_is_whole() -> None:
    assert read_shelf(TEMPLATES).damaged == ()


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
@pytest.mark.parametrize(("document", "language"), [("closure", "en-GB"), ("area-warning", "ur"), ("notice", "cy")])
def test_one_damaged_text_is_named_and_stops_no_other(folder: Path, document: str, language: str, damage: str) -> None:
    whole = {(one.identity.template_id, one.identity.language) for one in read_shelf(folder).templates}
    path, (spoil, reason) = newest(folder, document, language), DAMAGES[damage]
    path.write_bytes(spoil(path.read_bytes()))
    shelf = read_shelf(folder)
    (found,) = shelf.damaged
    assert (found.template_id, found.language) == (document, language) and reason in found.reason
    assert found.sentence.startswith(document.replace("-", " ").capitalize())
    left = {(one.identity.template_id, one.identity.language) for one in shelf.templates}
    assert whole - left == {(document, language)}


def test_a_translation_that_lost_a_field_or_is_another_language_is_named(folder: Path) -> None:
    path = newest(folder, "closure", "pl")
    path.write_text(path.read_text("utf-8").replace("[[appeal_by]]", "14 grudnia"), encoding="utf-8")
    swapped = newest(folder, "area-warning", "bn")
    header = swapped.read_text("utf-8").split("---")[1]
    english = newest(folder, "area-warning", "en-GB").read_text("utf-8").split("---", 2)[2]
    swapped.write_text(f"---{header}---{english}", encoding="utf-8")
    said = [one.sentence for one in read_shelf(folder).damaged]
    assert said == [
        "Area warning, Bengali: its header says Bengali, and its words are in another script.",
        "Closure, Polish: the English text has [[appeal_by]], which this one has not.",
    ]


def test_a_letter_whose_text_is_damaged_says_where_and_the_others_go_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = newest(folder, "closure", "en-GB")
    path.write_bytes(path.read_bytes().replace(b"[[phone]]", b"[[fone]]"))
    monkeypatch.setattr(template_book, "_folder", lambda: folder)
    monkeypatch.setattr(template_book, "_shelf", lambda only="": read_shelf(folder, only=only))
    with a_workspace(tmp_path / "vault") as workspace:
        with pytest.raises(TemplateInvalid, match="fone"):
            template_book.template_in_use(workspace, template="closure")
        assert template_book.template_in_use(workspace, template="closure", language="ur").identity.language == "ur"
        assert template_book.template_in_use(workspace, template="area-warning").identity.language == "en-GB"
        (said,) = template_book.damaged_texts(workspace)
        assert said.startswith("Closure, English: line ") and "'fone'" in said
