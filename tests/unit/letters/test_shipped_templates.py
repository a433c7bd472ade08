"""The documents that come with the program: all there, readable, and saying nothing before its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.errors import TemplateInvalid
from core.letters.compose import compose
from core.letters.fields import FIELDS_BY_NAME, FieldSort
from core.letters.model import Blanks, Boxes, Bullets, Layout, Run
from core.letters.render.plain import plain_text
from core.letters.templates import Template, parse_template, shipped_templates, why_not_say
from tests.support.letter_values import values_for
from tests.support.policy import pack

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "templates"
SHIPPED = [one for one in shipped_templates(FOLDER) if one.identity.language == "en-GB"]
NEEDED = {
    "warning-first", "warning-final", "warning-parent", "landlord-request", "area-warning", "association-message",
    "notice", "appointment", "visit-card", "action-plan", "referral", "rights-sheet", "closure", "appeal-outcome",
    "survey", "survey-reminder", "transfer-decision", "police-patrol", "options-sheet", "out-of-hours-card",
}  # fmt: skip
HEADER = "---\nid: a\nversion: 1\nlanguage: en-GB\ntitle: T\nclosing: Yours\n---\n"


def test_every_document_the_policy_needs_is_there() -> None:
    assert {one.identity.template_id for one in SHIPPED} >= NEEDED


@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.identity.template_id)
def test_each_says_for_whom_when_and_by_which_clause(template: Template) -> None:
    assert template.use.audiences
    assert template.use.name
    assert template.use.when
    assert template.use.dated
    assert set(template.clauses) <= {clause.number for clause in pack().clauses}
    assert template.clauses


@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.identity.template_id)
def test_what_an_officer_must_fill_in_is_asked_on_the_page(template: Template) -> None:
    for name in template.fields():
        field = FIELDS_BY_NAME[name]
        assert field.sort is FieldSort.OURS or field.label, name


@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.identity.template_id)
def test_filled_it_has_no_hole_and_nobody_is_called_a_perpetrator(template: Template) -> None:
    words = plain_text(compose(template, values_for(template)))
    assert "[[" not in words
    assert "perpetrator" not in words.lower()
    assert "  " not in words.replace("_", "")


def test_nobody_is_called_a_perpetrator_before_there_is_a_finding() -> None:
    with pytest.raises(TemplateInvalid) as refused:
        parse_template(HEADER + "Dear you,\n\nThe alleged Perpetrator is named.")
    assert str(refused.value.fields["reason"]).startswith("line 10: nobody is called a perpetrator")
    after = HEADER.replace("closing", "after_finding: yes\nclosing")
    assert parse_template(after + "The perpetrators were found.").use.after_finding
    assert why_not_say("the person complained about", after_finding=False) == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("audience: martians", "audience in the header must be among"),
        ("layout: banner", "layout in the header must be letter"),
        ("signed_off: perhaps", "signed_off in the header must be yes or no"),
        ("dated: yesterday", "dated in the header must be a date"),
        ("translates: x", "the version in the header must be"),
    ],
)
def test_a_header_line_that_is_wrong_is_named(line: str, reason: str) -> None:
    with pytest.raises(TemplateInvalid) as refused:
        parse_template(HEADER.replace("closing", f"{line}\nclosing") + "Hello")
    assert str(refused.value.fields["reason"]).startswith(reason)


def test_a_damaged_file_is_named_with_its_line(tmp_path: Path) -> None:
    home = tmp_path / "a"
    home.mkdir()
    (home / "1.en-GB.md").write_text(HEADER + "Hello [[nobody]]", encoding="utf-8")
    with pytest.raises(TemplateInvalid) as refused:
        shipped_templates(tmp_path)
    assert str(refused.value.fields["reason"]) == "a, en-GB: line 8: there is no field called 'nobody'"


def test_boxes_lines_to_write_on_and_lists_with_a_line_each() -> None:
    text = HEADER.replace("closing: Yours", "layout: sheet")
    text += "Which?\n- [ ] this\n- [ ] that\n- a bullet\n____\n___\n\n- [[behaviour]]\n"
    template = parse_template(text)
    letter = compose(template, {"organisation_name": "O", "organisation_contact": "C", "behaviour": "one\ntwo"})
    assert letter.layout is Layout.SHEET
    assert letter.blocks[1:] == (
        Boxes(((Run("this"),), (Run("that"),))),
        Bullets(((Run("a bullet"),),)),
        Blanks(2),
        Bullets(((Run("one"),), (Run("two"),))),
    )
    assert "[ ] this\n[ ] that" in plain_text(letter)
