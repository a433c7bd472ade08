"""Languages and letter formats as lists spell them."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import re

import pytest

from core.exchange.languages import FORMATS, format_code, language_code, language_names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bangla", "bn"), ("BENGALI", "bn"), (" Bengali / Sylheti", "bn"), ("Somali", "so"), ("Soomaali", "so"), ("Türkçe", "tr"),
        ("Turkce", "tr"), ("Chinese (Cantonese)", "yue"), ("Brazilian Portuguese", "pt-BR"), ("pt-br", "pt-BR"), ("so", "so"),
        ("Somali speaking", "so"), ("Urdu, some English", "ur"), ("English and Polish", "pl"), ("English", "en"), ("BSL", "bfi"),
        ("", ""), ("n/a", ""), ("Not known", ""), ("ask daughter", None), ("Elvish", None),
    ],
)  # fmt: skip
def test_language_names_become_tags(text: str, code: str | None) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("LARGE PRINT", "large-print"), ("Large print 18pt", "large-print"), ("braille", "braille"), ("audio CD", "audio"),
        ("easyread", "easy-read"), ("Easy Read", "easy-read"), ("plain text (email)", "plain-text"), ("Translated please", "translation"),
        ("Standard letter", "standard"), ("", ""), ("yellow paper", None),
    ],
)  # fmt: skip
def test_formats_become_codes(text: str, code: str | None) -> None:
    assert format_code(text) == code


def test_every_language_can_be_shown_and_read_back() -> None:
    names = language_names()
    assert len(names) > 80
    for code, name in names.items():
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", code)
        assert language_code(name) == code
    assert all(format_code(code) == code for code in FORMATS)
