"""What the page of a case is given, the drafts left over, and safe ways asked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId
from core.services import case_page, casework, closing, contacts, drafts, unfinished
from core.services.cases import list_cases, outline_cases
from core.services.closing import ProposalForm
from core.services.notes import add_note, note_draft
from core.services.safe_ways import SafeWaysForm, check_safe_ways
from core.services.workspace import Workspace
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, homes_csv, logged, with_homes


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def test_a_case_without_a_name_offers_the_five_steps_and_a_record_shows_one_as_done(workspace: Workspace) -> None:
    case = logged(workspace).case
    assert [step.state.value for step in case_page.read_case(workspace, case=case).steps] == ["not-started"] * 5
    casework.ask_police(workspace, case=case, asked_of="Neighbourhood team")
    steps = {step.kind.value: step.state.value for step in case_page.read_case(workspace, case=case).steps}
    assert steps["police"] == "done"
    assert steps["association"] == "not-started"


def test_a_case_with_a_name_offers_none(workspace: Workspace) -> None:
    case = logged(workspace, perpetrator_known="named", perpetrator_name="Mr Vale").case
    assert case_page.read_case(workspace, case=case).steps == ()


def test_it_says_who_reads_who_leads_and_where_the_homes_are(workspace: Workspace, tmp_path: Path) -> None:
    with_homes(workspace, homes_csv(tmp_path / "homes.csv", 12))
    from core.services.homes import find_homes

    home = find_homes(workspace, words="1 amber")[0]
    page = case_page.read_case(workspace, case=logged(workspace, home=home.id).case)
    assert [(reader.name, reader.leads, reader.this_is_me) for reader in page.readers] == [("Ana Bright", True, True)]
    assert page.kept_out == ()
    assert page.lead == "Ana Bright"
    assert "1 Amber Road" in page.homes[home.id]


def test_it_names_the_proposal_to_close_that_holds(workspace: Workspace) -> None:
    case = logged(workspace).case
    assert case_page.read_case(workspace, case=case).closure is None
    closing.propose_closing(workspace, form=ProposalForm(case=case, reason="Quiet for a year.", outcome="stopped"))
    page = case_page.read_case(workspace, case=case)
    assert page.closure is not None and page.closure.reason == "Quiet for a year."
    assert "Talk it over" in page.closing.sentence


def test_an_unknown_case_is_told_apart(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        case_page.read_case(workspace, case=RecordId(b"nobody's case id"))


def test_drafts_come_back_with_the_reference_of_their_case_newest_first(workspace: Workspace) -> None:
    report = logged(workspace)
    drafts.save_draft(workspace, name="report", body="{}")
    clock_of(workspace).forward(minutes=1)
    drafts.save_draft(workspace, name=note_draft(report.case), body="She called")
    drafts.save_draft(workspace, name=f"note:{'00' * 16}", body="about a case that is not here")
    found = unfinished.list_unfinished(workspace)
    assert [(draft.kind, draft.case, draft.reference) for draft in found] == [
        ("note", report.case, report.reference), ("report", None, ""),
    ]  # fmt: skip
    add_note(workspace, case=report.case, body="She called back.")
    assert [draft.kind for draft in unfinished.list_unfinished(workspace)] == ["report"]


def test_every_page_of_the_list_can_be_had_without_the_pages_before_it(workspace: Workspace) -> None:
    told = [NOON - timedelta(hours=number + 1) for number in range(7)]
    references = [logged(workspace, received_at=at).reference for at in told]
    outline = outline_cases(workspace, page_rows=3)
    assert (outline.total, len(outline.page_starts), outline.page_starts[0]) == (7, 3, None)
    pages = [list_cases(workspace, after=start, limit=3).rows for start in outline.page_starts]
    assert [row.row.reference for page in pages for row in page] == references
    assert pages[0] == outline.first


def test_a_list_that_ends_with_a_full_page_has_no_empty_one(workspace: Workspace) -> None:
    for _ in range(6):
        logged(workspace)
    assert len(outline_cases(workspace, page_rows=3).page_starts) == 2
    assert outline_cases(workspace, page_rows=3, stages=("closed",)).page_starts == (None,)


def test_safe_ways_asked_again_take_the_place_of_the_old_answer(workspace: Workspace) -> None:
    case = logged(workspace, safe_ways=frozenset({"call"}), unsafe_ways=frozenset({"letter"})).case
    clock_of(workspace).forward(days=40)
    form = SafeWaysForm(case=case, safe_ways=frozenset({"letter"}), unsafe_ways=frozenset({"call"}), times="Mornings")
    check_safe_ways(workspace, form=form)
    known = contacts.ways_to_contact(workspace, case=case)
    assert (known.safe, known.never, known.times) == (("letter",), ("call",), "Mornings")
    assert known.checked_at == clock_of(workspace).now()


def test_safe_ways_of_somebody_nobody_asked_are_kept_for_the_person_who_reported(workspace: Workspace) -> None:
    case = logged(workspace, anonymous=True, reporter_name="", safe_ways=frozenset()).case
    check_safe_ways(workspace, form=SafeWaysForm(case=case, safe_ways=frozenset({"text"})))
    assert contacts.ways_to_contact(workspace, case=case).safe == ("text",)
    page = case_page.read_case(workspace, case=case)
    assert page.file.contents.safe_contacts[0].party == page.file.contents.parties[0].id


@pytest.mark.parametrize("ways", [{}, {"safe_ways": frozenset({"text"}), "unsafe_ways": frozenset({"text"})}])
def test_no_answer_and_a_contradiction_are_refused(workspace: Workspace, ways: dict[str, frozenset[str]]) -> None:
    case = logged(workspace).case
    with pytest.raises(FormIncomplete):
        check_safe_ways(workspace, form=SafeWaysForm(case=case, **ways))
    assert contacts.ways_to_contact(workspace, case=case).safe == ("call",)
