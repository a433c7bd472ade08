"""Template and values make a letter; a value is never more than text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import FormIncomplete, TemplateInvalid
from core.letters.compose import compose
from core.letters.fields import FIELDS
from core.letters.model import Bullets, Heading, Letter, Paragraph, Run
from core.letters.templates import parse_template

HEADER = "---\nid: notice\nversion: 2\nlanguage: en-GB\ntitle: A notice\nclosing: Yours faithfully\n---\n"
VALUES = {
    "salutation": "Resident",
    "address": "The Resident\n1 Quay\n\nEastmere\r\nZZ1 1AA",
    "date": "31 May 2026",
    "organisation_name": "Tidemill Homes",
    "organisation_contact": "2 Quay\n020 7946 0123",
}


def letter(body: str, **more: str) -> Letter:
    return compose(parse_template(HEADER + body), {**VALUES, **more})


def body_of(body: str, **more: str) -> list[str]:
    return [block.plain for block in letter(body, **more).blocks]


def test_the_parts_of_a_letter() -> None:
    made = letter(
        "Dear [[salutation]],\n\nHello.",
        officer_name="J Doe",
        officer_role="Housing officer",
        reference="L-7",
        footer="small",
    )
    assert made.blocks == (Paragraph((Run("Dear Resident,"),)), Paragraph((Run("Hello."),)))
    assert made.address_lines == ("The Resident", "1 Quay", "Eastmere", "ZZ1 1AA")
    assert made.letterhead.name == "Tidemill Homes"
    assert made.letterhead.contact_lines == ("2 Quay", "020 7946 0123")
    assert made.closing == ("Yours faithfully", "J Doe", "Housing officer", "Tidemill Homes")
    assert (made.title, made.language, made.date_text) == ("A notice", "en-GB", "31 May 2026")
    assert (made.reference_text, made.footer) == ("L-7", "small")
    assert letter("Hello.").closing == ("Yours faithfully", "Tidemill Homes")


def test_conditions_around_lines_and_inside_a_line() -> None:
    body = (
        "- always\n[[if phone]]\n- call [[phone]]\n[[end]]\n- last\n\n"
        "[[if email]]\n# Write\n\nto [[email]]\n[[end]]\n"
        "By [[if reply_by]]**[[reply_by]]** [[end]]please."
    )
    assert body_of(body) == ["always\nlast", "By please."]
    assert body_of(body, phone="101", email="a@b.example", reply_by="Friday") == [
        "always\ncall 101\nlast",
        "Write",
        "to a@b.example",
        "By Friday please.",
    ]
    made = letter(body, email="a@b.example", reply_by="Friday")
    assert made.blocks[1] == Heading("Write")
    assert made.blocks[3] == Paragraph((Run("By "), Run("Friday", bold=True), Run(" please.")))


def test_nothing_is_left_where_all_conditions_are_empty() -> None:
    assert body_of("Hello.\n\n[[if phone]]a[[end]] [[if email]]b[[end]]\n\n[[if phone]]\n- x\n[[end]]") == ["Hello."]
    assert body_of("Call [[if phone]][[phone]][[end]] now [[if email]]x[[end]]") == ["Call now"]


def test_neighbours_of_one_weight_are_one_run() -> None:
    assert letter("**Call** **[[phone]]** or [[phone]].", phone="101").blocks == (
        Paragraph((Run("Call", bold=True), Run(" "), Run("101", bold=True), Run(" or 101."))),
    )
    assert letter("- a\n- [[phone]]", phone="101").blocks == (Bullets(((Run("a"),), (Run("101"),))),)


def test_a_value_is_text_whatever_it_looks_like() -> None:
    nasty = "**AT&T** [[phone]] <b>x</b> {{ 7*7 }} # not a heading"
    assert body_of("Name: [[officer_name]]", officer_name=nasty) == ["Name: " + nasty]
    assert body_of("[[officer_name]]", officer_name="a\x00b\x1b[31m\x7f\tc   d") == ["ab[31m c d"]


def test_every_empty_field_is_named() -> None:
    with pytest.raises(FormIncomplete) as caught:
        letter("Call [[phone]] or [[email]].", email="  \n ", salutation="")
    assert set(caught.value.problems) == {"phone", "email", "salutation"}
    assert caught.value.problems["phone"] == "Phone is empty: the number to call."


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(TemplateInvalid):
        letter("Hello", complainant="Amina")


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=20)))
def test_composing_is_the_same_every_time_and_never_prints_markup_of_its_own(values: dict[str, str]) -> None:
    template = parse_template(
        HEADER + "Dear [[salutation]],\n[[if phone]]\n- **call** [[phone]]\n[[end]]\n\nEnd of [[email]]."
    )
    try:
        made = compose(template, {**VALUES, "email": "x", **values})
    except FormIncomplete:
        return
    assert compose(template, {**VALUES, "email": "x", **values}) == made
    assert made.blocks[0].plain.startswith("Dear ")
    if not any("*" in value or "[[" in value for value in values.values()):
        assert not any("*" in text or "[[" in text for text in made.body_texts())
