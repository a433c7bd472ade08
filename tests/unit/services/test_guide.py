"""The guide in the program: found, whole, without a link, and a clause with its words, times and promises."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from core.foundation.errors import FileUnreadable
from core.policy.keeps import kept_by, marked_rules
from core.services import guide
from core.services.clauses import own_words
from core.services.guide import Kind, guide_file, read_guide

CHECKOUT = Path(__file__).resolve().parents[3]


def test_no_mark_and_no_link_is_left_in_the_words() -> None:
    for section in read_guide():
        for part in section.parts:
            assert not re.search(r"\*\*|\]\(|^#|!\[|^\|", part.words), (section.title, part.words)
            assert "http" not in part.words


def test_every_word_of_the_guide_is_kept() -> None:
    text = re.sub(r"^!\[.*$|^#.*$|^\|[-| ]+\|$", "", guide_file().read_text(encoding="utf-8"), flags=re.MULTILINE)
    body = text.split("\n\n", 2)[2]
    here = " ".join(part.words for section in read_guide() for part in section.parts)
    assert set(re.findall(r"\w+", body)) - set(re.findall(r"\w+", here)) <= {"Key"}


def test_points_rows_and_what_is_strong() -> None:
    (section,) = [one for one in read_guide() if one.title == "Private interviews"]
    assert section.under == "Who can read what"
    kinds = {part.kind for part in section.parts}
    assert kinds == {Kind.WORDS, Kind.POINT, Kind.ROW}
    row = next(part for part in section.parts if part.words.startswith("F12"))
    assert row.runs[0].strong and row.words == "F12: locks"


def test_a_key_in_a_heading_is_not_part_of_the_title() -> None:
    titles = [section.title for section in read_guide()]
    assert "A new report" in titles and len(titles) == len(set(titles))


def test_it_is_among_what_is_installed() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert guide_file().parent.name in project["packages"]["find"]["include"]
    assert "*.md" in project["package-data"]["*"]


def test_a_program_without_its_guide_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "resources_folder", lambda: tmp_path / "resources")
    read_guide.cache_clear()
    with pytest.raises(FileUnreadable):
        read_guide()
    read_guide.cache_clear()


def test_a_passage_of_the_landlords_own_text_is_found_by_its_number() -> None:
    body = "OUR POLICY\n\n4.0 Doing\n\n4.2 We believe\npeople.\n\n4.20 We pay\nwitnesses.\n\n5.0 Count\n\n5.1 Yearly."
    assert own_words(body, "4.2") == "We believe\npeople."
    assert own_words(body, "4.20") == "We pay\nwitnesses."
    assert own_words(body, "5.1") == "Yearly."
    assert own_words(body, "4.21") == ""


def test_promises_are_read_from_the_rules_themselves() -> None:
    kept = [one for _, _, rule in marked_rules() for one in kept_by(rule) if one.clause == "4.24"]
    assert kept and all(one.promise and one.screens for one in kept)
