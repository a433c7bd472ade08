"""Logging a report, finding it again, and what is asked of whoever writes it down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.case import Case, Graffiti, Incident, Party, Perception, Report, SafeContact
from core.foundation.errors import AppError, FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import RecordId, UserId
from core.services import cases, casework, drafts, history, notes, reviews
from core.services.cases import ReportForm, find_case, list_cases, log_report, open_case
from core.services.contacts import ContactForm, contact_hint, record_contact, ways_to_contact
from core.services.reviews import ReviewForm
from core.services.workspace import Workspace
from tests.support.vaults import NOON, OpenStore, everything
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def rows_of(workspace: Workspace) -> dict[str, Any]:
    clock = clock_of(workspace)
    return everything(OpenStore(workspace.store, workspace.folder, workspace.keys, clock))


def contact(workspace: Workspace, case: RecordId, **changes: Any) -> RecordId:
    values = {"case": case, "at": NOON, "way": "call", "outcome": "spoke", **changes}
    return record_contact(workspace, form=ContactForm(**values)).contact


class TestWordsNobodyKnows:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"safe_ways": frozenset({"pigeon"})}, "“pigeon”. Choose from: text, call,"),
            ({"safe_ways": frozenset({"call"}), "unsafe_ways": frozenset({"post"})}, "“post”. Choose from: text,"),
            ({"channel": "smoke"}, "“smoke”. Choose from: phone,"),
            ({"acts": frozenset({"shouting"})}, "“shouting”"),
            ({"received_at": NOON.replace(year=1026)}, "Check the year"),
        ],
    )
    def test_are_refused_with_the_words_there_are(
        self, workspace: Workspace, changes: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(FormIncomplete, match=re.escape(said)):
            logged(workspace, **changes)
        assert list_cases(workspace).total == 0


class TestAReport:
    def test_becomes_a_case_handled_as_harassment_with_everything_that_was_said(self, workspace: Workspace) -> None:
        made = logged(
            workspace, words="He banged on her door. Twice.", reporter_name="Sam Vale", reporter_is_harmed=False,
            harmed_name="Meera Quill", perpetrator_known="named", perpetrator_name="A. Neighbour",
            acts=frozenset({"violence", "racist"}), strands=frozenset({"race"}), place="Stair 4", happened_text="late",
            safe_ways=frozenset({"text"}), unsafe_ways=frozenset({"letter"}), safe_times="mornings",
            graffiti_place="Lift", channel="in-person", danger_now=True,
        )  # fmt: skip
        case = workspace.store.get(Case, made.case)
        assert (case.handling, case.stage, case.reference) == ("harassment", "open", "2026-AB-001")
        assert case.lead == workspace.user
        assert case.summary == "He banged on her door. Twice."
        (report,) = workspace.store.select(Report)
        assert (report.words, report.channel, report.danger_now) == ("He banged on her door. Twice.", "in-person", True)
        assert report.recorded_at == NOON
        (incident,) = workspace.store.select(Incident)
        assert incident.acts == {"violence", "racist"}
        (seen,) = workspace.store.select(Perception)
        assert (seen.is_harassment, seen.strands, seen.perceived_by) == (True, {"race"}, "harmed")
        roles = {party.name: party.roles for party in workspace.store.select(Party)}
        assert roles == {"Sam Vale": {"reporter"}, "Meera Quill": {"harmed"}, "A. Neighbour": {"alleged-perpetrator"}}
        (safe,) = workspace.store.select(SafeContact)
        assert (safe.safe_ways, safe.unsafe_ways, safe.times) == ({"text"}, {"letter"}, "mornings")
        (paint,) = workspace.store.select(Graffiti)
        assert (paint.place, paint.notified_at) == ("Lift", NOON - timedelta(hours=1))
        assert {record.stream for record in (case, report, incident, seen, safe, paint)} == {case.stream}
        assert made.duties

    def test_needs_four_things_and_says_all_at_once(self, workspace: Workspace) -> None:
        before = rows_of(workspace)
        with pytest.raises(FormIncomplete) as caught:
            log_report(workspace, form=ReportForm(words=" ", received_at=NOON + timedelta(hours=1), danger_now=None))
        assert set(caught.value.problems) == {"words", "received_at", "danger_now", "safe_ways"}
        assert rows_of(workspace) == before

    def test_from_somebody_unnamed_needs_no_safe_way(self, workspace: Workspace) -> None:
        made = logged(workspace, anonymous=True, safe_ways=frozenset(), reporter_name="")
        assert workspace.store.select(SafeContact) == ()
        assert "The name of the person harmed" in open_case(workspace, case=made.case).still_to_ask

    def test_cannot_call_one_way_both_safe_and_unsafe(self, workspace: Workspace) -> None:
        with pytest.raises(FormIncomplete) as caught:
            logged(workspace, safe_ways=frozenset({"call", "text"}), unsafe_ways=frozenset({"call"}))
        assert list(caught.value.problems) == ["unsafe_ways"]

    def test_clears_its_draft_in_the_same_moment_and_keeps_it_when_refused(self, workspace: Workspace) -> None:
        drafts.save_draft(workspace, name=cases.REPORT_DRAFT, body="half typed")
        with pytest.raises(FormIncomplete):
            logged(workspace, danger_now=None)
        assert drafts.load_draft(workspace, name=cases.REPORT_DRAFT) is not None
        logged(workspace)
        assert drafts.load_draft(workspace, name=cases.REPORT_DRAFT) is None

    def test_gets_the_next_number_whatever_was_numbered_before(self, workspace: Workspace) -> None:
        assert [logged(workspace).reference for _ in range(2)] == ["2026-AB-001", "2026-AB-002"]
        case = find_case(workspace, reference="2026-ab-002 ")
        with workspace.store.unit("renumber") as (unit, _):
            unit.update(Case, case, reference="2026-AB-999")
        assert logged(workspace).reference == "2026-AB-1000"
        assert logged(workspace).reference == "2026-AB-1001"
        for odd in ("2026-AB-", "2026-AB-x9", "2026-AB-9999x", "2026-ABC-7000"):
            with workspace.store.unit("renumber") as (unit, _):
                unit.update(Case, case, reference=odd)
            assert logged(workspace).reference.startswith("2026-AB-100")

    def test_makes_a_short_summary_of_long_words(self, workspace: Workspace) -> None:
        case = workspace.store.get(Case, logged(workspace, words="They came\n again " * 30).case)
        assert case.summary.endswith(" ...")
        assert len(case.summary) <= 64
        assert "\n" not in case.summary

    @pytest.mark.parametrize(
        "field", ["place", "summary", "reporter_name", "phone", "safe_times", "happened_text", "graffiti_place"]
    )
    def test_with_a_far_too_long_text_is_refused_with_a_sentence_beside_it(
        self, workspace: Workspace, field: str
    ) -> None:
        before = rows_of(workspace)
        with pytest.raises(FormIncomplete) as caught:
            logged(workspace, **{field: "x" * 2_001})
        assert caught.value.problems
        assert rows_of(workspace) == before

    def test_of_a_million_letters_can_be_kept(self, workspace: Workspace) -> None:
        made = logged(workspace, words="word " * 199_999)
        workspace.store.rebuild()
        assert len(open_case(workspace, case=made.case).contents.reports[0].words) == 999_995

    def test_longer_than_that_is_refused_with_a_sentence(self, workspace: Workspace) -> None:
        with pytest.raises(FormIncomplete):
            logged(workspace, words="x" * 1_000_001)

    def test_walls_off_who_is_named_and_never_its_writer(self, workspace: Workspace) -> None:
        stranger = UserId(b"nobody-we-know-0")
        logged(workspace, conflicted=frozenset({stranger}))
        with pytest.raises((NotAllowed, FormIncomplete)):
            logged(workspace, conflicted=frozenset({workspace.user}))

    def test_for_a_reader_nobody_admitted_is_refused(self, workspace: Workspace) -> None:
        before = rows_of(workspace)
        with pytest.raises(AppError):
            logged(workspace, readers=frozenset({UserId(b"nobody-we-know-0")}))
        assert rows_of(workspace) == before


class TestTheList:
    def test_has_the_newest_first_in_pages_without_gaps_or_repeats(self, workspace: Workspace) -> None:
        for number in range(7):
            logged(workspace, received_at=NOON - timedelta(hours=[5, 1, 5, 5, 2, 9, 5][number]))
        seen = []
        after = None
        while True:
            page = list_cases(workspace, after=after, limit=2)
            assert page.total == 7
            seen += [listed.row for listed in page.rows]
            if page.next_key is None:
                break
            after = page.next_key
        assert len({row.id for row in seen}) == 7
        moments = [row.opened_at for row in seen]
        assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]  # none is missing

    def test_filters_by_stage_and_counts_what_it_filters(self, workspace: Workspace) -> None:
        one, two = logged(workspace).case, logged(workspace).case
        with workspace.store.unit("close") as (unit, _):
            unit.update(Case, one, stage="closed")
        page = list_cases(workspace, stages=("open",))
        assert ([listed.row.id for listed in page.rows], page.total) == ([two], 1)

    @pytest.mark.parametrize(
        "words",
        ["walrus", "WALRUS", "walr", "wal her", "2026-AB-001", "quil", "zoe", "Zoë", "stair", "late walrus"],
    )
    def test_is_found_by_any_word_of_the_file(self, workspace: Workspace, words: str) -> None:
        made = logged(workspace, words="The walrus came to her door", reporter_name="Zoë Quill", place="Stair 4")
        logged(workspace, words="Something else", reporter_name="Nobody")
        notes.add_note(workspace, case=made.case, body="It was late again")
        assert [listed.row.id for listed in list_cases(workspace, words=words).rows] == [made.case]

    @pytest.mark.parametrize(
        "words",
        ['"', "*", "NOT", "a AND", "(", "heavy:x", "x" * 5000, "\x00", "'; DROP TABLE r_case", "walrus -door", "^"],
    )
    def test_takes_anything_typed_for_words(self, workspace: Workspace, words: str) -> None:
        logged(workspace)
        list_cases(workspace, words=words)

    def test_words_that_stand_in_nobody_s_file_find_nothing(self, workspace: Workspace) -> None:
        logged(workspace)
        assert list_cases(workspace, words="walrus").rows == ()
        assert list_cases(workspace, words="   ").total == 1

    def test_a_deleted_case_is_nowhere(self, workspace: Workspace) -> None:
        case = logged(workspace, words="walrus").case
        with workspace.store.unit("delete") as (unit, _):
            unit.delete(Case, case)
        assert list_cases(workspace).rows == ()
        assert list_cases(workspace, words="walrus").rows == ()
        with pytest.raises(NotFound):
            open_case(workspace, case=case)
        with pytest.raises(NotFound):
            find_case(workspace, reference="2026-AB-001")


class TestContacts:
    def test_a_way_never_to_be_used_needs_a_reason(self, workspace: Workspace) -> None:
        case = logged(workspace, unsafe_ways=frozenset({"letter"})).case
        with pytest.raises(FormIncomplete) as caught:
            contact(workspace, case, way="letter", outcome="sent")
        assert list(caught.value.problems) == ["unsafe_reason"]
        contact(workspace, case, way="letter", outcome="sent", unsafe_reason="The police asked us to")

    def test_a_way_is_safe_only_if_nobody_said_never(self, workspace: Workspace) -> None:
        case = logged(workspace, safe_ways=frozenset({"call", "text"})).case
        stream = workspace.store.get(Case, case).stream
        with workspace.store.unit("second") as (unit, _):
            unit.create(SafeContact, stream, case=case, unsafe_ways={"text"}, safe_ways={"visit"}, times="never late")
        ways = ways_to_contact(workspace, case=case)
        assert (ways.safe, ways.never, ways.times) == (("call", "visit"), ("text",), "never late")
        assert contact_hint(ways) == "Safe: phone call or visit; no text messages"

    def test_bad_input_says_what_is_wrong_with_it(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        with pytest.raises(FormIncomplete) as caught:
            contact(workspace, case, way="pigeon", outcome="", at=NOON + timedelta(days=1))
        assert set(caught.value.problems) == {"way", "outcome", "at"}
        with pytest.raises(NotFound):
            contact(workspace, RecordId(b"x" * 16))
        with pytest.raises(FormIncomplete):
            contact(workspace, case, notes="x" * 1_000_001)


class TestTheFile:
    def test_tells_the_story_newest_first_with_who_wrote_it(self, workspace: Workspace) -> None:
        case = logged(workspace, received_at=NOON - timedelta(days=2)).case
        notes.add_note(workspace, case=case, body="The second thing")
        clock_of(workspace).forward(hours=1)
        contact(workspace, case, at=NOON + timedelta(hours=1), notes="The third thing")
        file = open_case(workspace, case=case)
        bodies = [entry.body for entry in file.timeline if "thing" in entry.body]
        assert bodies == ["The third thing", "The second thing"]
        assert {entry.who for entry in file.timeline if "thing" in entry.body} == {"Ana Bright"}
        assert file.timeline[-1].sensitive or file.timeline[-2].sensitive

    def test_an_empty_note_is_refused_and_keeps_its_draft(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        drafts.save_draft(workspace, name=notes.note_draft(case), body="  ")
        with pytest.raises(FormIncomplete):
            notes.add_note(workspace, case=case, body=" \n")
        assert drafts.load_draft(workspace, name=notes.note_draft(case)) is not None
        with pytest.raises(FormIncomplete):
            notes.add_note(workspace, case=case, body="x" * 1_000_001)

    def test_its_history_says_who_did_what_with_the_values_in_words(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        clock_of(workspace).forward(hours=3)
        casework.judge_handling(workspace, case=case, handling="harassment", reasons="Seen by two people")
        with workspace.store.unit("correct") as (unit, _):
            unit.update(Case, case, place="Stair 4", closed_at=NOON)
            unit.update(Case, case, place=None)
        steps = history.history_of_case(workspace, case=case)
        assert steps[0].at >= steps[-1].at
        assert {step.who for step in steps} == {"Ana Bright"}
        said = {(step.record, step.field, step.value) for step in steps}
        assert ("Judgement on handling", "Decision", "Handled as harassment") in said
        assert ("Case", "Where", "Stair 4") in said
        assert ("Case", "Where", "cleared") in said
        assert {step.laptop for step in steps} == {workspace.device.hex()[:6]}
        with pytest.raises(NotFound):
            history.history_of_case(workspace, case=RecordId(b"x" * 16))


def test_everything_the_services_wrote_is_in_the_history_and_comes_back_from_it(workspace: Workspace) -> None:
    """The tables thrown away and made again from the changes: every row, every column, every table."""
    for number in range(3):
        case = logged(
            workspace, reporter_is_harmed=False, harmed_name=f"Person {number}", graffiti_place="Lift",
            unsafe_ways=frozenset({"letter"}), acts=frozenset({"racist"}), perpetrator_name="Somebody",
        ).case  # fmt: skip
        notes.add_note(workspace, case=case, body="one " * 200)
        contact(workspace, case, outcome="no-answer")
        casework.ask_police(workspace, case=case, asked_of="Neighbourhood team")
        casework.tell_association(workspace, case=case, sent_to="The chair", words="Please pass on")
        review = ReviewForm(case=case, findings="Quiet since", keep_open=True, risk_not_because="Nobody was in.")
        reviews.review_case(workspace, form=review)
        casework.judge_handling(workspace, case=case, handling="harassment", reasons="Two witnesses")
        casework.mark_graffiti_removed(
            workspace, graffiti=workspace.store.select(Graffiti)[number].id, removed_at=NOON, no_photo_because="Rain"
        )
    before = rows_of(workspace)
    assert len(before["change"]) > 20
    with workspace.store.reading() as connection:
        written = connection.exec_driver_sql(
            "SELECT count(*) FROM r_note WHERE id NOT IN (SELECT entity FROM change_entity)"
        ).scalar_one()
    assert written == 0
    workspace.store.rebuild()
    assert rows_of(workspace) == before


def test_two_cases_with_one_reference_are_both_found(workspace: Workspace) -> None:
    first, second = logged(workspace).case, logged(workspace).case
    with workspace.store.unit("as two officers with the same initials would") as (unit, _):
        unit.update(Case, second, reference="2026-AB-001")
    with pytest.raises(FormIncomplete) as told:
        find_case(workspace, reference="2026-AB-001")
    for case in (first, second):
        exact = f"2026-AB-001#{case.hex()[:8]}"
        assert exact in str(told.value)
        assert find_case(workspace, reference=exact) == case
    assert {row.row.id for row in list_cases(workspace, words="2026-AB-001").rows} == {first, second}
