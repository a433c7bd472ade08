"""A translation is a draft until somebody who reads it is named: it says so on the page, and nothing of it goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.case import Party
from core.domain.letters import CaseLetter
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.letters.formats import DRAFT_MARK
from core.letters.template_text import parts_of, text_of
from core.letters.templates import parse_template
from core.services import case_letters as letters
from core.services.case_letter_page import open_case_letter, open_kept_letter
from core.services.case_letters import CaseLetterForm
from core.services.template_book import template_in_use
from core.services.template_page import open_templates
from core.services.workspace import Workspace
from tests.support.letter_pages import page_texts, pdf_ua_failures
from tests.support.script_letters import digits_as_seen, latin_as_seen
from tests.support.workspaces import a_workspace, logged, with_letterhead

VALUES = {"appointment_date": "2026-12-14", "appointment_time": "10:30", "appointment_place": "12 Marsh Lane"}
MARK = DRAFT_MARK.replace(" ", "")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with a_workspace(tmp_path_factory.mktemp("translations") / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture(scope="module")
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def planned(workspace: Workspace, case: RecordId, language: str) -> letters.CaseLetterPlan:
    harmed = next(party for party in workspace.store.select(Party) if party.case == case)
    form = CaseLetterForm(
        case=case, template="appointment", party=harmed.id, language=language, values=VALUES, audience="harmed",
        addressee="Meera Quill", address="6 Marsh Lane\nTestford\nZZ1 1AA",
    )  # fmt: skip
    return letters.plan_case_letter(workspace, form=form)


def test_a_draft_says_so_and_does_not_go_out_until_somebody_who_reads_it_is_named(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    plan = planned(workspace, case, "ur")
    assert "It is a draft until somebody who reads it has gone over it." in plan.cautions
    seen = letters.preview_case_letter(workspace, plan=plan)
    assert MARK in latin_as_seen(seen)
    assert "14" in digits_as_seen(seen)  # the date, with its month in Urdu
    assert "December" not in " ".join(page_texts(seen))
    letter = letters.write_case_letter(workspace, plan=plan).record
    made = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "draft")
    assert MARK in latin_as_seen(made.files[0].read_bytes())
    with pytest.raises(FormIncomplete) as refused:
        letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="in-person")
    assert "goes over it first" in refused.value.problems["outcome_code"]

    letters.prove_case_letter(workspace, letter=letter, by="Sabina Noor")
    again = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "proofed")
    data = again.files[0].read_bytes()
    assert MARK not in latin_as_seen(data)
    assert pdf_ua_failures(data) == []
    assert MARK not in latin_as_seen(open_kept_letter(workspace, letter=letter).pdf)
    letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="in-person")
    assert workspace.store.get(CaseLetter, letter).delivery == "delivered"


def test_a_text_somebody_has_proofed_needs_no_proof_of_each_letter() -> None:
    draft = template_in_use_text("cy")
    assert parse_template(draft).is_draft
    parts = replace(parts_of(parse_template(draft)), proofed_by="Sabina Noor", proofed_on="2026-11-29")
    proofed = parse_template(text_of(parts, version=2, dated="2026-11-29"))
    assert not proofed.is_draft
    assert parts_of(proofed).proofed_by == "Sabina Noor"
    english = parse_template(template_in_use_text("en-GB"))
    assert not english.is_draft


def template_in_use_text(language: str) -> str:
    folder = Path(__file__).resolve().parents[3] / "resources" / "templates" / "appointment"
    return (folder / f"1.{language}.md").read_text("utf-8")


def test_the_pages_say_which_texts_are_drafts(workspace: Workspace, case: RecordId) -> None:
    offered = {one.language_words for one in open_case_letter(workspace, case=case).documents}
    assert {"", "Urdu, draft", "Welsh, draft"} <= offered
    listed = {(one.parts.template_id, one.language): one.state for one in open_templates(workspace).documents}
    assert "A draft: nobody who reads the language has gone over it" in listed["closure", "pa"]
    assert "draft" not in listed["closure", "en-GB"]
    assert template_in_use(workspace, template="closure", language="pa").use.translates == 1
