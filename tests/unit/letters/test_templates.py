"""What a template may hold, and what is refused with its line."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import AppError, NotFound, TemplateInvalid
from core.letters.fields import FIELDS
from core.letters.model import Bullets, Heading, Layout, Paragraph, Run
from core.letters.templates import ENVELOPE_FIELDS, SHEET_FIELDS, load_template, newest_version, parse_template

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "templates"
HEADER = "---\nid: notice\nversion: 2\nlanguage: en-GB\ntitle: A notice\nclosing: Yours faithfully\n---\n"


def refusal(text: str) -> str:
    with pytest.raises(TemplateInvalid) as caught:
        parse_template(text)
    return str(caught.value.fields["reason"])


def test_the_header_says_which_text_this_is() -> None:
    source = (
        HEADER.replace("---\nid", "---\nclauses: 4.11 4.12\napproved_by: R. Chair\napproved_on: 2026-05-31\nid")
        + "Hello"
    )
    template = parse_template(source.replace("\n", "\r\n"))
    identity = template.identity
    assert (identity.template_id, identity.version, identity.language) == ("notice", 2, "en-GB")
    assert (identity.approved_by, identity.approved_on, identity.is_approved) == ("R. Chair", date(2026, 5, 31), True)
    assert (template.title, template.closing, template.clauses) == ("A notice", "Yours faithfully", ("4.11", "4.12"))
    assert identity.sha256 == hashlib.sha256(source.encode()).digest()
    assert not parse_template(HEADER + "Hello").identity.is_approved


def test_the_blocks_of_the_body() -> None:
    template = parse_template(HEADER + "Two\nlines **and bold**.\n\n# A heading\n- one\n- **two** is\nText after\n")
    ready = [block.ready for block in template.blocks]
    assert ready == [
        Paragraph((Run("Two lines "), Run("and bold", bold=True), Run("."))),
        Heading("A heading"),
        Bullets(((Run("one"),), (Run("two", bold=True), Run(" is")))),
        Paragraph((Run("Text after"),)),
    ]


def test_fields_and_the_ones_that_must_be_filled() -> None:
    template = parse_template(
        HEADER
        + "Call [[ phone ]].\n[[if email]]\n- Write to [[email]]\n[[end]]\nBy[[if reply_by]] [[reply_by]][[end]]."
    )
    assert template.required_fields() == {"phone", *ENVELOPE_FIELDS}
    assert template.fields() == {"phone", "email", "reply_by", *ENVELOPE_FIELDS}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Hello\n\n[[name_of_victim]]", "line 10: there is no field called 'name_of_victim'"),
        ("[[]]", "line 8: there is no field called ''"),
        ("Hello\n[[if phone]]", "line 9: this [[if ...]] has no [[end]]"),
        ("Hello [[if phone]] there", "line 8: this [[if ...]] has no [[end]]"),
        ("[[end]]", "line 8: [[end]] without"),
        ("a [[end]]", "line 8: [[end]] without"),
        ("[[if phone]]\n[[if email]]\nx\n[[end]]\n[[end]]", "line 9: an [[if ...]] cannot stand inside another"),
        ("a [[if phone]][[if email]]x[[end]][[end]]", "line 8: an [[if ...]] cannot stand inside another"),
        ("[[if nobody]]\nx\n[[end]]", "line 8: there is no field called 'nobody'"),
        ("one\n**two", "line 9: bold is opened with ** and not closed"),
        ("a [[ b", "line 8: a [[ or ]] without its partner"),
        ("a ]] b", "line 8: a [[ or ]] without its partner"),
        ("[[ [[phone]] ]]", "line 8: a [[ or ]] without its partner"),
        ("# A **bold** heading", "line 8: a heading is bold already"),
        ("## Smaller", "line 8: only headings with one #"),
        ("> quoted", "line 8: only headings"),
        ("| a | b |", "line 8: only headings"),
        ("```", "line 8: only headings"),
        ("***", "line 8: only headings"),
        ("\n\n", "it has no text"),
    ],
)
def test_what_is_refused_and_on_which_line(body: str, says: str) -> None:
    assert refusal(HEADER + body).startswith(says)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Hello", "line 1: it must begin with a header"),
        ("", "line 1: it must begin with a header"),
        ("---\nid: a", "the header is not closed"),
        ("---\nid: a\n\n---", "line 3: '' does not belong"),
        ("---\nid: a\n---\nHello", "line 3: the header has no version, language, title, closing"),
        (HEADER.replace("id: notice", "id: notice\nid: other") + "Hello", "line 3: 'id: other' does not belong"),
        (HEADER.replace("id: notice", "id: notice\nrun: code") + "Hello", "line 3: 'run: code' does not belong"),
        (HEADER.replace("version: 2", "version: two") + "Hello", "the version in the header must be"),
        (HEADER.replace("version: 2", "version: 0") + "Hello", "the version in the header must be"),
        (HEADER.replace("version: 2", "version: " + "9" * 5000) + "Hello", "the version in the header must be"),
        (HEADER.replace("title: A", "title: [[phone]]") + "Hello", "line 5: the header holds plain words"),
        (
            HEADER.replace("id: notice", "id: notice\napproved_on: soon") + "Hello",
            "approved_on in the header must be a date",
        ),
    ],
)
def test_a_header_that_is_refused(header: str, says: str) -> None:
    assert refusal(header).startswith(says)


@pytest.mark.parametrize("start", ["[[", "[[if ", "**[[", "[", "]]", "- "])
def test_a_hostile_line_costs_no_more_than_its_length(start: str) -> None:
    # Cubic behaviour would take hours here, so the test needs no clock.
    hostile = HEADER + "x" + start + " " * 100_000 + "y\n" + start * 20_000
    try:
        parse_template(hostile)
    except TemplateInvalid:
        return


@given(
    st.lists(
        st.sampled_from(
            ["[[", "]]", "[[if phone]]", "[[end]]", "[[phone]]", "**", "- ", "# ", "\n", "word ", " ", "["]
        ),
        max_size=30,
    )
)
def test_any_body_is_read_or_refused(pieces: list[str]) -> None:
    try:
        template = parse_template(HEADER + "".join(pieces))
    except AppError as error:
        assert isinstance(error, TemplateInvalid)
    else:
        assert template.required_fields() <= template.fields() <= set(FIELDS)


def test_files_are_found_by_name_version_and_language(tmp_path: Path) -> None:
    folder = tmp_path / "notice"
    folder.mkdir()
    for version in (1, 2, 10):
        text = HEADER.replace("version: 2", f"version: {version}") + "Hello"
        (folder / f"{version}.en-GB.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (folder / "draft.en-GB.md").write_text("not this", encoding="utf-8")
    (folder / "11.cy.md").write_text("not this", encoding="utf-8")
    assert newest_version(tmp_path, template_id="notice", language="en-GB").identity.version == 10
    assert load_template(tmp_path, template_id="notice", version=2, language="en-GB").identity.version == 2
    with pytest.raises(NotFound):
        load_template(tmp_path, template_id="notice", version=3, language="en-GB")
    with pytest.raises(NotFound):
        newest_version(tmp_path, template_id="notice", language="so")
    (folder / "3.en-GB.md").write_text(HEADER + "Hello", encoding="utf-8")
    with pytest.raises(TemplateInvalid, match="another template, version or language"):
        load_template(tmp_path, template_id="notice", version=3, language="en-GB")
    (folder / "4.en-GB.md").write_bytes(HEADER.encode() + b"caf\xe9")
    with pytest.raises(TemplateInvalid, match="not saved as UTF-8"):
        load_template(tmp_path, template_id="notice", version=4, language="en-GB")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/*.md")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_shipped_template_can_be_read(path: Path) -> None:
    version, language, _ = path.name.split(".")
    template = load_template(TEMPLATES, template_id=path.parent.name, version=int(version), language=language)
    if template.use.layout is not Layout.LETTER:
        assert template.required_fields() >= set(SHEET_FIELDS)
        return
    assert template.required_fields() >= set(ENVELOPE_FIELDS)
    first = template.blocks[0]
    # A letter to a whole area names nobody; what its greeting says in another language is part of the translation.
    names_nobody = template.use.audiences == ("area",) and language != "en-GB"
    assert first.kind is Paragraph
    assert names_nobody or any(segment.field == "salutation" for segment in first.items[0])
