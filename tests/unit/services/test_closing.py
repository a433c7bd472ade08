"""Closing a case in a real vault: each step with each person, letters, appeals, opening the same case again (4.29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Closure, Party, Report
from core.domain.closing import Appeal, PersonLetter, Reopening
from core.domain.documents import Attachment
from core.foundation.errors import FormIncomplete, LetterBlocked
from core.foundation.ids import RecordId
from core.services import appeals, closing, intake, person_letters
from core.services.appeals import AppealForm
from core.services.attachments import list_attachments
from core.services.case_page import read_case
from core.services.closing import ProposalForm, TalkForm
from core.services.contacts import ContactForm, record_contact
from core.services.workspace import Workspace
from tests.support.workspaces import a_workspace, as_somebody_else, clock_of, logged, with_letterhead


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace, safe_ways=frozenset({"letter"}), perpetrator_name="Dexter Vale").case


def stage(workspace: Workspace, case: RecordId) -> str:
    return workspace.store.get(Case, case).stage


def proposed(workspace: Workspace, case: RecordId, **changes: object) -> RecordId:
    form = ProposalForm(case=case, **{"reason": "Quiet for three months.", "outcome": "stopped", **changes})  # type: ignore[arg-type]
    return closing.propose_closing(workspace, form=form).record


def talked(workspace: Workspace, closure: RecordId, **changes: object) -> None:
    said = {"closure": closure, "way": "call", "appeal_explained": True, **changes}
    closing.discuss_closing(workspace, form=TalkForm(**said))  # type: ignore[arg-type]


def written(workspace: Workspace, closure: RecordId, party: RecordId | None = None, way: str = "post") -> RecordId:
    made = person_letters.make_closing_letter(workspace, closure=closure, reasons="It is quiet.", party=party)
    now = clock_of(workspace).now()
    person_letters.letter_delivered(workspace, letter=made.letter, delivery=way, delivered_at=now)
    return made.letter


def to_appeal_window(workspace: Workspace, case: RecordId) -> RecordId:
    closure = proposed(workspace, case)
    talked(workspace, closure)
    written(workspace, closure)
    return closure


def appealed(workspace: Workspace, closure: RecordId, **changes: object) -> RecordId:
    said = {"closure": closure, "made_at": clock_of(workspace).now(), "grounds": frozenset({"goes-on"}), **changes}
    return appeals.record_appeal(workspace, form=AppealForm(**said)).record  # type: ignore[arg-type]


def answered(workspace: Workspace, appeal: RecordId) -> None:
    made = person_letters.make_appeal_letter(workspace, appeal=appeal, reasons="We looked again.")
    now = clock_of(workspace).now()
    person_letters.letter_delivered(workspace, letter=made.letter, delivery="hand", delivered_at=now)


def test_no_case_is_closed_before_talk_letter_and_time_to_appeal(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    other = as_somebody_else(workspace)
    for step, act in (("discuss", talked), ("write", written)):
        with pytest.raises(FormIncomplete) as refusal:
            closing.close_case(other, case=case)
        assert step in refusal.value.problems
        assert stage(workspace, case) == "closure-proposed"
        act(workspace, closure)
    assert stage(workspace, case) == "appeal-window"
    clock_of(workspace).forward(days=3)
    with pytest.raises(FormIncomplete) as waits:
        closing.close_case(other, case=case)
    assert list(waits.value.problems) == ["wait"]
    clock_of(workspace).forward(days=20)
    closing.close_case(other, case=case)
    assert stage(workspace, case) == "closed"
    kept = workspace.store.get(Closure, closure)
    assert kept.closed_by == other.user and workspace.store.get(Case, case).closed_at == kept.closed_at
    with pytest.raises(FormIncomplete) as twice:
        closing.close_case(other, case=case)
    assert twice.value.problems == {"close": "The case is closed already."}


def test_the_officer_who_leads_does_not_close_it(workspace: Workspace, case: RecordId) -> None:
    to_appeal_window(workspace, case)
    clock_of(workspace).forward(days=30)
    with pytest.raises(FormIncomplete) as refusal:
        closing.close_case(workspace, case=case)
    assert list(refusal.value.problems) == ["another-closer"]


def test_closing_without_explaining_the_appeal_is_refused(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    with pytest.raises(FormIncomplete):
        talked(workspace, closure, appeal_explained=False)
    with pytest.raises(FormIncomplete) as why:
        talked(workspace, closure, instead="moved", appeal_explained=False)
    assert "instead_because" in why.value.problems
    assert stage(workspace, case) == "closure-proposed"


def test_each_of_two_people_harmed_is_talked_to_and_written_to(workspace: Workspace, case: RecordId) -> None:
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        second = unit.create(Party, stream, case=case, name="Bea Hart", roles={"harmed"})
    first = next(one.id for one in workspace.store.select(Party) if one.name == "Meera Quill")
    closure = proposed(workspace, case)
    with pytest.raises(FormIncomplete) as who:
        talked(workspace, closure)
    assert who.value.problems == {"party": "Choose who is meant."}
    other_side = next(one.id for one in workspace.store.select(Party) if one.name == "Dexter Vale")
    with pytest.raises(FormIncomplete):
        talked(workspace, closure, party=other_side)
    talked(workspace, closure, party=first, views="She is glad it is over.")
    written(workspace, closure, first)
    assert stage(workspace, case) == "closure-proposed"
    talked(workspace, closure, party=second, views="She is not sure.")
    written(workspace, closure, second, "hand")
    assert stage(workspace, case) == "appeal-window"
    titles = [entry.title for entry in read_case(workspace, case=case).file.timeline]
    assert titles.count("Closing talked over") == 2


def test_somebody_who_cannot_be_reached_is_tried_three_times_and_then_written_to(
    workspace: Workspace, case: RecordId
) -> None:
    closure = proposed(workspace, case)
    for _ in range(3):
        clock_of(workspace).forward(hours=5)
        form = ContactForm(case=case, at=clock_of(workspace).now(), way="call", outcome="no-answer")
        record_contact(workspace, form=form)
    written(workspace, closure)
    assert stage(workspace, case) == "appeal-window"
    clock_of(workspace).forward(days=30)
    closing.close_case(as_somebody_else(workspace), case=case)


# ------------------------------------------------------------------ the letter


def test_the_letter_lies_sealed_in_the_files_with_a_name_that_says_nothing(
    workspace: Workspace, case: RecordId
) -> None:
    letter = written(workspace, proposed(workspace, case))
    kept = workspace.store.get(PersonLetter, letter)
    (file,) = list_attachments(workspace, case=case)
    assert kept.attachment == file.id and file.what == "Letter or email" and file.media_type == "application/pdf"
    assert file.name.startswith("letter-20") and "Quill" not in file.name
    assert kept.text_sha256 and kept.template == "closure" and kept.letter_format == "standard"


@pytest.mark.parametrize(
    ("wanted", "ending", "code", "note"),
    [
        ("large print", "pdf", "large-print", ""),
        ("Plain text by email", "txt", "plain-text", ""),
        ("Braille", "txt", "braille", "The person needs: braille."),
        ("yellow paper", "txt", "", "The person needs: yellow paper."),
    ],
)
def test_the_letter_is_made_in_the_format_the_person_needs(
    workspace: Workspace, wanted: str, ending: str, code: str, note: str
) -> None:
    case = logged(workspace, safe_ways=frozenset({"letter"}), format_needed=wanted).case
    made = person_letters.make_closing_letter(workspace, closure=proposed(workspace, case), reasons="It is quiet.")
    assert workspace.store.get(Attachment, made.attachment).name.endswith(ending)
    assert workspace.store.get(PersonLetter, made.letter).letter_format == code
    assert made.to_say.startswith(note)


def test_a_letter_that_tells_of_somebody_else_is_refused(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    with pytest.raises(LetterBlocked):
        person_letters.make_closing_letter(workspace, closure=closure, reasons="Mr Vale has moved away.")
    with pytest.raises(FormIncomplete) as accusing:
        person_letters.make_closing_letter(workspace, closure=closure, reasons="The perpetrator was warned.")
    assert "Leave this out: perpetrator." in accusing.value.problems["reasons"]
    assert workspace.store.select(PersonLetter) == ()
    found = proposed(workspace, case, finding="found")
    person_letters.make_closing_letter(workspace, closure=found, reasons="The perpetrator was warned.")


def test_a_letter_goes_only_by_a_way_that_is_safe(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    made = person_letters.make_closing_letter(workspace, closure=closure, reasons="It is quiet.")
    now = clock_of(workspace).now()
    with pytest.raises(FormIncomplete) as unsafe:
        person_letters.letter_delivered(workspace, letter=made.letter, delivery="email", delivered_at=now)
    assert "has not said that this way is safe" in unsafe.value.problems["delivery"]
    with pytest.raises(FormIncomplete):
        person_letters.letter_delivered(
            workspace, letter=made.letter, delivery="post", delivered_at=now - timedelta(days=1)
        )
    person_letters.letter_delivered(workspace, letter=made.letter, delivery="post", delivered_at=now)
    with pytest.raises(FormIncomplete):
        person_letters.letter_delivered(workspace, letter=made.letter, delivery="hand", delivered_at=now)
    talked(workspace, closure)
    assert stage(workspace, case) == "appeal-window"
    person_letters.letter_delivered(workspace, letter=made.letter, delivery="returned", delivered_at=now)
    assert stage(workspace, case) == "closure-proposed", "a letter that came back told nobody anything"


def test_where_no_letter_is_safe_the_reason_stands_in_for_it(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    talked(workspace, closure)
    with pytest.raises(FormIncomplete):
        person_letters.note_no_letter(workspace, about=closure, sort="closing", because=" ")
    person_letters.note_no_letter(workspace, about=closure, sort="closing", because="Her post is read. Told by phone.")
    assert stage(workspace, case) == "appeal-window"


# ------------------------------------------------------------------ what was found, taken back, opened again


def test_what_was_found_needs_what_it_needs(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as malicious:
        proposed(workspace, case, finding="malicious")
    assert "the evidence, and who agreed" in malicious.value.problems["finding"]
    with pytest.raises(FormIncomplete) as taken_back:
        proposed(workspace, case, outcome="taken-back")
    assert "asked about pressure" in taken_back.value.problems["outcome"]
    (report,) = workspace.store.select(Report)
    fate = {"report": report.id, "what": "retracted", "reasons": "She said so.", "pressed": False}
    intake.note_report_fate(workspace, form=intake.ReportFateForm(**fate))
    proposed(workspace, case, outcome="taken-back")


def test_a_proposal_taken_back_leaves_the_case_open(workspace: Workspace, case: RecordId) -> None:
    closure = to_appeal_window(workspace, case)
    clock_of(workspace).forward(days=1)
    closing.withdraw_closing(workspace, closure=closure, because="It happened again.")
    assert stage(workspace, case) == "open"
    with pytest.raises(FormIncomplete):
        talked(workspace, closure)
    with pytest.raises(FormIncomplete):
        closing.withdraw_closing(workspace, closure=closure, because="Again.")


def test_the_same_case_is_opened_again_and_its_reviews_count_from_then(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete):
        closing.reopen_case(workspace, case=case, why="incident", reasons="It is open.")
    to_appeal_window(workspace, case)
    clock_of(workspace).forward(days=30)
    closing.close_case(as_somebody_else(workspace), case=case)
    reference = workspace.store.get(Case, case).reference
    clock_of(workspace).forward(days=30)
    closing.reopen_case(workspace, case=case, why="incident", reasons="Shouted at again.")
    found = workspace.store.get(Case, case)
    assert (found.stage, found.reference, found.reopened_at) == ("open", reference, clock_of(workspace).now())
    assert read_case(workspace, case=case).closure is None
    review = [duty for duty in read_case(workspace, case=case).file.duties if duty.kind.value == "review"]
    assert review[-1].anchor_at == found.reopened_at


# ------------------------------------------------------------------ appeals


def test_an_upheld_appeal_keeps_the_case_open(workspace: Workspace, case: RecordId) -> None:
    closure = to_appeal_window(workspace, case)
    clock_of(workspace).forward(days=2)
    appeal = appealed(workspace, closure, words="It happened again.")
    appeals.decide_appeal(as_somebody_else(workspace), appeal=appeal, decision="upheld", reasons="She is right.")
    assert stage(workspace, case) == "open"
    clock_of(workspace).forward(days=40)
    with pytest.raises(FormIncomplete):
        closing.close_case(as_somebody_else(workspace), case=case)


def test_neither_who_proposed_nor_who_leads_decides(workspace: Workspace, case: RecordId) -> None:
    appeal = appealed(workspace, to_appeal_window(workspace, case))
    with pytest.raises(FormIncomplete) as own:
        appeals.decide_appeal(workspace, appeal=appeal, decision="not-upheld", reasons="No.")
    assert own.value.problems == {"decision": "Somebody who did not propose closing decides the appeal."}
    stream_lead = as_somebody_else(workspace)
    with workspace.store.unit("test") as (unit, _):
        unit.update(Case, case, lead=stream_lead.user)
    with pytest.raises(FormIncomplete) as lead:
        appeals.decide_appeal(stream_lead, appeal=appeal, decision="not-upheld", reasons="No.")
    assert "other than the officer who leads" in lead.value.problems["decision"]
    assert workspace.store.get(Appeal, appeal).decided_at is None


def test_somebody_who_may_be_connected_with_the_case_does_not_decide(workspace: Workspace) -> None:
    case = logged(workspace, safe_ways=frozenset({"letter"}), perpetrator_name="Ana Bright").case
    closure = to_appeal_window(workspace, case)
    appeal = appealed(workspace, closure)
    with workspace.store.unit("test") as (unit, _):
        unit.update(Closure, closure, proposed_by=b"another colleague")
        unit.update(Case, case, lead=b"another colleague")
    with pytest.raises(FormIncomplete) as refusal:
        appeals.decide_appeal(workspace, appeal=appeal, decision="not-upheld", reasons="No.")
    assert "You may be connected" in refusal.value.problems["decision"]


def test_an_appeal_turned_down_and_answered_lets_the_case_close(workspace: Workspace, case: RecordId) -> None:
    closure = to_appeal_window(workspace, case)
    appeal = appealed(workspace, closure)
    clock_of(workspace).forward(days=30)
    other = as_somebody_else(workspace)
    with pytest.raises(FormIncomplete):
        closing.close_case(other, case=case)
    with pytest.raises(FormIncomplete) as early:
        person_letters.make_appeal_letter(workspace, appeal=appeal, reasons="We looked again.")
    assert "not decided yet" in early.value.problems["appeal"]
    with pytest.raises(FormIncomplete) as in_time:
        appeals.decide_appeal(other, appeal=appeal, decision="late", reasons="Late.")
    assert "It came in time" in in_time.value.problems["decision"]
    appeals.decide_appeal(other, appeal=appeal, decision="not-upheld", reasons="Nothing new.")
    with pytest.raises(FormIncomplete) as unanswered:
        closing.close_case(other, case=case)
    assert list(unanswered.value.problems) == ["answer-appeal"]
    answered(workspace, appeal)
    closing.close_case(other, case=case)
    assert stage(workspace, case) == "closed"
    with pytest.raises(FormIncomplete):
        appeals.decide_appeal(other, appeal=appeal, decision="upheld", reasons="Second thoughts.")


def test_an_appeal_made_in_the_last_second_that_arrives_after_closing_opens_the_same_case(
    workspace: Workspace, case: RecordId
) -> None:
    closure = to_appeal_window(workspace, case)
    ends_at = read_case(workspace, case=case).closing.appeal_ends_at
    assert ends_at is not None
    clock_of(workspace).forward(days=30)
    other = as_somebody_else(workspace)
    closing.close_case(other, case=case)
    late = appealed(workspace, closure, made_at=ends_at + timedelta(seconds=1))
    appeal = appealed(workspace, closure, made_at=ends_at.replace(microsecond=0))
    third = replace(other, keys=replace(other.keys, user=type(other.user)(b"a-third-person--")))
    with pytest.raises(FormIncomplete):
        appeals.decide_appeal(other, appeal=appeal, decision="upheld", reasons="Whoever closed it does not decide.")
    appeals.decide_appeal(third, appeal=late, decision="late", reasons="After the time.")
    assert stage(workspace, case) == "closed"
    appeals.decide_appeal(third, appeal=appeal, decision="upheld", reasons="She is right.")
    assert stage(workspace, case) == "open"
    (again,) = workspace.store.select(Reopening)
    assert again.appeal == appeal and again.why == "appeal" and again.case == case


def test_an_appeal_needs_grounds_a_decision_and_a_moment_after_it(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    with pytest.raises(FormIncomplete) as refusal:
        appealed(workspace, closure, grounds=frozenset(), made_at=clock_of(workspace).now() - timedelta(days=9))
    assert set(refusal.value.problems) == {"grounds", "made_at"}
    with pytest.raises(FormIncomplete) as nothing:
        appeals.record_appeal(workspace, form=AppealForm(made_at=clock_of(workspace).now()))
    assert "against" in nothing.value.problems
