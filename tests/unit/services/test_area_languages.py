"""A household gets the letter in its own language where somebody has proofed it, in the same run and the same walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.foundation.ids import RecordId
from core.letters import formats
from core.letters.template_text import parts_of, text_of
from core.services import letters
from core.services.area_afterwards import reprint_letter
from core.services.homes import import_homes, preview_import
from core.services.template_book import approve_template, templates_in_use, write_template
from core.services.workspace import Workspace
from tests.support.estate import homes_list, with_letterhead
from tests.support.letter_pages import page_texts, pdf_ua_failures, structure_problems
from tests.support.script_letters import digits_as_seen
from tests.support.workspaces import a_workspace, logged

LANGUAGES = ("English", "Urdu", "Polish", "Bengali", "Urdu", "Chinese", "Tamil", "English")
ROWS = tuple(
    f"H{number},{number},Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mx Rowan Teal,{language},"
    for number, language in enumerate(LANGUAGES, start=1)
)
PROOFED = ("ur", "pl", "zh")


def proofed(workspace: Workspace, language: str) -> None:
    """The organisation's own version of a translation that comes with the program, gone over by somebody named."""
    row = next(
        row for row in templates_in_use(workspace)
        if (row.template.identity.template_id, row.template.identity.language) == ("area-warning", language)
    )  # fmt: skip
    assert row.template.is_draft
    parts = replace(parts_of(row.template), proofed_by="Sabina Noor", proofed_on="2026-11-29")
    written = write_template(workspace, text=text_of(parts, version=2, dated="2026-11-29"))
    approve_template(workspace, record=written.record)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("languages")
    with a_workspace(folder / "vault") as opened:
        pack = replace(opened.pack, area_letters=replace(opened.pack.area_letters, second_person_approves=False))
        import_homes(opened, preview=preview_import(opened, path=homes_list(folder / "homes.csv", *ROWS)))
        with_letterhead(opened)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(opened), "pack", property(lambda self: pack))
            for language in PROOFED:
                proofed(opened, language)
            yield opened


def planned(workspace: Workspace) -> letters.AreaPlan:
    form = letters.AreaLettersForm(
        case=logged(workspace).case, blocks=frozenset({"Quill House"}), reason="A second report"
    )
    return letters.plan_area_letters(workspace, form=form)


def run_of(workspace: Workspace) -> RecordId:
    return letters.start_area_letters(workspace, plan=planned(workspace)).run


@pytest.fixture
def no_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.letters.render.typefaces.pack_files", lambda: ())


def test_the_plan_says_who_gets_which_language(workspace: Workspace, no_chinese: None) -> None:
    plan = planned(workspace)
    said = [(one.outcome, one.why) for one in plan.letters]
    assert said == [
        ("letter", ""),
        ("letter", "In Urdu."),
        ("letter", "In Polish."),
        ("letter", "Language: Bengali. The letter is in English."),
        ("letter", "In Urdu."),
        ("outsourced", "Needs: Standard print, Chinese. Have it made, or read it to them."),
        ("letter", "Language: ta. The letter is in English."),
        ("letter", ""),
    ]
    assert {"In Urdu", "In Polish"} <= {one.why for one in letters.preview_area_letters(workspace, plan=plan)}


def test_one_file_in_walk_order_and_every_home_is_counted(
    workspace: Workspace, no_chinese: None, tmp_path: Path
) -> None:
    run = run_of(workspace)
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert (made.made, made.outsourced, made.refused, made.left_out) == (7, 1, 0, 0)
    state = letters.run_state(workspace, run=run)
    assert [one.place for one in state.letters] == list(range(1, 9))
    assert Counter(one.state for one in state.letters) == {"made": 7, "outsourced": 1}
    (path,) = (path for path in made.files if path.name.startswith("letters-"))
    data = path.read_bytes()
    texts = page_texts(data)
    assert len(texts) == made.pages
    starts = [one.page_from or 0 for one in state.letters if one.state == "made"]
    assert starts == sorted(starts)
    urdu = state.letters[1]
    assert any("\u0600" < character < "\u0700" for character in texts[(urdu.page_from or 0) - 1])
    assert "every home in your area" in texts[0]
    pages = range((urdu.page_from or 0) - 1, (urdu.page_from or 0) - 1 + (urdu.pages or 0))
    assert "999" in "".join(digits_as_seen(data, page) for page in pages)
    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []


def test_a_letter_of_the_run_is_made_again_as_it_was_whatever_the_texts_are_now(
    workspace: Workspace, no_chinese: None, tmp_path: Path
) -> None:
    run = run_of(workspace)
    letters.make_area_letters(workspace, run=run, folder=tmp_path)
    urdu = letters.run_state(workspace, run=run).letters[1]
    reprint_letter(workspace, letter=urdu.id, folder=tmp_path / "again")
    (path,) = (tmp_path / "again").glob("*.pdf")
    assert pdf_ua_failures(path.read_bytes()) == []


def test_a_translation_nobody_has_proofed_is_not_sent_to_an_area(workspace: Workspace, no_chinese: None) -> None:
    assert planned(workspace).texts.translations.keys() == set(PROOFED)
    assert planned(workspace).texts.of("bn").identity.language == "en-GB"
    assert planned(workspace).texts.of("ur-PK").identity.language == "ur"


def test_a_machine_without_the_typeface_leaves_the_letter_to_somebody_else(
    workspace: Workspace, no_chinese: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was planned where Chinese can be printed, and is made where it cannot."""
    with monkeypatch.context() as patch:
        patch.setattr(formats, "has_typeface", lambda language: True)
        run = run_of(workspace)
    made = letters.make_area_letters(workspace, run=run, folder=tmp_path)
    assert (made.made, made.outsourced, made.refused) == (7, 1, 0)
    assert "Chinese" in letters.run_state(workspace, run=run).letters[5].why
