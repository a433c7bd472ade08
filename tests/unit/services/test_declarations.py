"""Who is connected with a case says so before opening it, and is kept out by key (policy 4.31, 7.1; edge case 1.8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.exit_codes import DONE, NOT_TAKEN
from core.cli.main import main
from core.domain.access import ConflictDeclaration
from core.domain.case import Case, Party
from core.foundation.errors import FormIncomplete, NotFound
from core.services import declarations, lookup, opening, readers, sync, today
from core.services.access_page import read_access
from core.services.existing import ReportSoFar, find_existing
from core.services.interview_start import start_page
from core.services.mirror import mirror_over_cases
from core.services.workspace import Workspace
from tests.support.laptops import PASSPHRASE, Office
from tests.support.workspaces import a_workspace, logged


def office_of_three(root: Path) -> tuple[Workspace, Workspace, Workspace]:
    office = Office(root)
    ana, ben = office.pair()
    cai = office.join(ana, "Cai Marsh", "cm")
    exchange(ana, ben, cai)
    return ana, ben, cai


def exchange(*laptops: Workspace) -> None:
    for laptop in (*laptops, *laptops):
        sync.sync_now(laptop)


def test_who_took_the_report_is_not_asked(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        assert not declarations.declaration_of(workspace, case=case).shut


def test_everybody_else_is_asked_once_and_told_only_whom_it_is_about(tmp_path: Path) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    case = logged(ana, received_at=ana.parts.clock.now(), place="The stairs of Marsh House").case
    exchange(ana, ben)
    page = declarations.declaration_of(ben, case=case)
    assert page.shut and page.people == ("Meera Quill",) and page.places == ("The stairs of Marsh House",)
    with pytest.raises(FormIncomplete) as open_left:
        declarations.declare(ben, case=case, connected=None)
    assert list(open_left.value.problems) == ["connected"]
    assert not declarations.declare(ben, case=case, connected=False).connected
    assert not declarations.declaration_of(ben, case=case).shut
    exchange(ben, ana)
    (said,) = read_access(ana, case=case).interests
    assert (said.name, said.connected) == ("Ben Okafor", False)
    del cai


def test_a_list_says_nothing_of_a_case_that_is_still_shut_and_a_search_finds_it_by_what_is_shown(
    tmp_path: Path,
) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    one = logged(ana, received_at=ana.parts.clock.now(), place="The stairs of Marsh House").case
    other = logged(ana, received_at=ana.parts.clock.now(), place="The yard").case
    exchange(ana, ben)
    assert declarations.shut_among(ben, (one, other)) == {one, other}
    assert not declarations.shut_among(ana, (one, other)), "who took the report has opened it"
    words = ana.store.get(Case, one).summary
    assert words and not any(row.row.summary for row in lookup.list_cases(ben).rows)
    assert lookup.list_cases(ben).total == 2
    assert [row.row.id for row in lookup.find_cases(ana, words=words).rows] == [other, one]
    assert lookup.find_cases(ben, words=words).rows == (), "what stands in it is not found word by word"
    (found,) = lookup.find_cases(ben, words="quill marsh").rows
    assert (found.row.id, found.shut, found.row.summary) == (one, True, "")
    assert found.next_due == lookup.TO_SAY and [row.reference for row in mirror_over_cases(ben)] == []
    due = today.today(ben)
    assert {row.case for row in due.rows} == {one, other} and all(row.shut for row in due.rows)
    assert {(row.title, row.duty.title, row.hint) for row in due.rows} == {(today.SHUT_TITLE, today.SHUT_TITLE, "")}
    assert len(due.rows) == due.counts.all == 2 < today.today(ana).counts.all, "one of each, which says nothing of it"
    assert [same.summary for same in find_existing(ben, report=ReportSoFar(harmed=("Meera Quill",)))] == ["", ""]
    assert start_page(ben).cases == (), "no interview is begun for it from the list over all cases"
    declarations.declare(ben, case=one, connected=False)
    declarations.declare(ben, case=other, connected=True, how="Her neighbour")
    assert declarations.shut_among(ben, (one, other)) == {other}
    assert [row.row.id for row in lookup.find_cases(ben, words=words).rows] == [one]
    assert [row.row.summary for row in lookup.outline_cases(ben).first].count(words) == 1
    assert {row.case for row in mirror_over_cases(ben)} == {row.case for row in start_page(ben).cases} == {one}
    assert {row.case for row in today.today(ben).rows if not row.shut} == {one}
    for case in (one, other):
        shut = declarations.declaration_of(ben, case=case).shut
        assert (case in declarations.shut_among(ben, (case,))) is shut, "the list and the question agree"
    del cai


def test_one_of_us_with_a_key_to_their_own_case_is_not_asked(tmp_path: Path) -> None:
    """Policy 3.1: they are a party to it, and were given the key for that."""
    ana, ben, cai = office_of_three(tmp_path)
    case = logged(ana, received_at=ana.parts.clock.now(), reporter_name="Ben Okafor").case
    exchange(ana, ben, cai)
    assert declarations.declaration_of(ben, case=case).shut, "a resident may have the same name"
    with ana.store.unit("test") as (unit, _):
        for party in ana.store.select(Party):
            unit.update(Party, party.id, sort="staff", roles={"harmed"})
    exchange(ana, ben, cai)
    assert not declarations.declaration_of(ben, case=case).shut
    assert not declarations.shut_among(ben, (case,))
    assert declarations.declaration_of(cai, case=case).shut


def test_a_declared_connection_keeps_that_person_out_by_key(tmp_path: Path) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    case = logged(ana, received_at=ana.parts.clock.now()).case
    exchange(ana, ben, cai)
    with pytest.raises(FormIncomplete) as how:
        declarations.declare(ben, case=case, connected=True)
    assert list(how.value.problems) == ["how"]
    assert declarations.declare(ben, case=case, connected=True, how="Her neighbour").connected
    assert declarations.declaration_of(ben, case=case).shut, "the case stays shut before anybody else has heard of it"
    exchange(ben, ana, ben)
    page = read_access(ana, case=case)
    assert [person.name for person in page.kept_out] == ["Ben Okafor"]
    assert ben.user not in {row.user for row in page.readers} and cai.user in {row.user for row in page.readers}
    assert ben.store.find(Case, case) is None, "their laptop forgot it"
    with pytest.raises(NotFound):
        declarations.declaration_of(ben, case=case)
    exchange(cai)
    declarations.declare(cai, case=case, connected=False)
    assert "Ben Okafor" not in " ".join(one.sentence for one in page.possible)


def test_who_leads_hands_over_first_and_is_then_kept_out(tmp_path: Path) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    case = logged(ana, received_at=ana.parts.clock.now()).case
    exchange(ana, ben)
    declarations.declare(ana, case=case, connected=True, how="Her brother")
    page = declarations.declaration_of(ana, case=case)
    assert page.connected and page.leads and not declarations.settle_declared(ana)
    readers.hand_over(ana, case=case, user=ben.user, reason="I am her brother.")
    exchange(ana, ben, ana)
    assert [person.name for person in read_access(ben, case=case).kept_out] == ["Ana Reyes"]
    assert ana.store.find(Case, case) is None
    del cai


def test_what_somebody_says_about_another_counts_for_nothing(tmp_path: Path) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    case = logged(ana, received_at=ana.parts.clock.now()).case
    exchange(ana, ben, cai)
    stream = ben.store.get(Case, case).stream
    with ben.store.unit("test") as (unit, _):
        unit.create(ConflictDeclaration, stream, case=case, user=cai.user, connected=True, how="", at=None)
    exchange(ben, ana, cai)
    assert read_access(ana, case=case).kept_out == () and read_access(ana, case=case).interests == ()
    assert declarations.declaration_of(cai, case=case).ask


OF_A_CASE = (
    ["mirror"], ["attach", "list"], ["attach", "add", "photo.jpg", "--what", "other"],
    ["attach", "save", "x", "--into", "out"],
    ["letters", "agree"], ["letters", "area", "--street", "Marsh Lane", "--into", "out"],
)  # fmt: skip
"""Every other command that shows or writes something of one case."""


def test_on_the_command_line_the_question_comes_first_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana, ben, cai = office_of_three(tmp_path)
    reference = ana.store.get(Case, logged(ana, received_at=ana.parts.clock.now()).case).reference
    exchange(ana, ben)
    for laptop in (ana, ben, cai):
        opening.lock(laptop)
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    common = ["--vault", str(ben.folder), "--passphrase-file", str(secret)]
    for words in (["case", "show", reference], *([*two, "--case", reference] for two in OF_A_CASE)):
        assert main([*words, *common]) == NOT_TAKEN, words
        said = capsys.readouterr()
        assert "Meera Quill" in said.err and "shouted" not in said.err + said.out
    assert main(["case", "declare", reference, "--connected", "no", *common]) == DONE
    assert main(["case", "show", reference, *common]) == DONE
