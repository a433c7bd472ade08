"""Closing a case in a real vault: each step with each person, letters, appeals, opening the same case again (4.29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Closure, Party, Report
from core.domain.closing import Appeal, PersonLetter, Reopening
from core.domain.letters import CaseLetter
from core.foundation.errors import FormIncomplete, LetterBlocked
from core.foundation.ids import RecordId
from core.services import appeals, closing, closing_letters, intake, old_letters
from core.services import case_letters as letters
from core.services.appeals import AppealForm
from core.services.case_page import read_case
from core.services.closing import ProposalForm, TalkForm
from core.services.contacts import ContactForm, record_contact
from core.services.workspace import Workspace
from tests.support.letters_sent import make, send, tell
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
    made = closing_letters.write_closing_letter(
        workspace, closure=closure, closing_reasons="It is quiet.", party=party
    )
    return send(workspace, made.record, way)


def to_appeal_window(workspace: Workspace, case: RecordId) -> RecordId:
    closure = proposed(workspace, case)
    talked(workspace, closure)
    written(workspace, closure)
    return closure


def appealed(workspace: Workspace, closure: RecordId, **changes: object) -> RecordId:
    said = {"closure": closure, "made_at": clock_of(workspace).now(), "grounds": frozenset({"goes-on"}), **changes}
    return appeals.record_appeal(workspace, form=AppealForm(**said)).record  # type: ignore[arg-type]


def answered(workspace: Workspace, appeal: RecordId) -> None:
    made = closing_letters.write_appeal_letter(workspace, appeal=appeal, appeal_reasons="We looked again.")
    send(workspace, made.record, "in-person")


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
    written(workspace, closure, second, "in-person")
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


def test_the_letter_is_filled_from_the_case_and_kept_as_it_was(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case, finding="found")
    kept = workspace.store.get(CaseLetter, written(workspace, closure))
    assert (kept.template, kept.about, kept.addressee, kept.letter_format) == (
        "closure", closure, "Meera Quill", "standard",
    )  # fmt: skip
    assert "We found that it happened as you told us." in kept.words
    assert "If the person responsible does anything like this again" in kept.words
    assert kept.template_text and kept.file_sha256


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("large print", "large-print"), ("Plain text by email", "plain-text"), ("Braille", "braille"),
     ("yellow paper", "standard")],
)  # fmt: skip
def test_the_letter_is_written_in_the_format_the_person_needs(workspace: Workspace, wanted: str, code: str) -> None:
    case = logged(workspace, safe_ways=frozenset({"letter"}), format_needed=wanted).case
    closure = proposed(workspace, case)
    made = closing_letters.write_closing_letter(workspace, closure=closure, closing_reasons="It is quiet.")
    assert workspace.store.get(CaseLetter, made.record).letter_format == code


def test_a_letter_that_tells_of_somebody_else_is_refused(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    with pytest.raises(LetterBlocked):
        closing_letters.write_closing_letter(workspace, closure=closure, closing_reasons="Mr Vale has moved away.")
    with pytest.raises(FormIncomplete) as accusing:
        closing_letters.write_closing_letter(workspace, closure=closure, closing_reasons="The offender was warned.")
    assert "Leave this out: offender." in accusing.value.problems["closing_reasons"]
    assert workspace.store.select(CaseLetter) == ()
    found = proposed(workspace, case, finding="found")
    closing_letters.write_closing_letter(workspace, closure=found, closing_reasons="The perpetrator was warned.")


def test_on_the_page_of_letters_it_waits_for_a_second_person_instead(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as nothing:
        letters.plan_case_letter(workspace, form=letters.CaseLetterForm(case=case, template="closure"))
    assert nothing.value.problems == {"template": "Closing is not proposed. Propose it first."}
    closure = proposed(workspace, case)
    said = letters.suggest_letter(workspace, case=case, template="closure").values
    form = letters.CaseLetterForm(case=case, template="closure", values={**said, "closing_reasons": "Mr Vale moved."})
    plan = letters.plan_case_letter(workspace, form=form)
    assert plan.blocking and plan.needs_second and plan.form.about == closure
    assert plan.form.party is not None, "the only person there is to tell"


def test_a_letter_goes_only_by_a_way_that_is_safe(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    made = closing_letters.write_closing_letter(workspace, closure=closure, closing_reasons="It is quiet.").record
    make(workspace, made)
    now = clock_of(workspace).now()
    with pytest.raises(FormIncomplete) as unsafe:
        tell(workspace, made, "email")
    assert "Say why it was used." in unsafe.value.problems["unsafe_reason"]
    for wrong in (now - timedelta(days=1), now + timedelta(days=1)):
        with pytest.raises(FormIncomplete) as never:
            tell(workspace, made, at=wrong)
        assert list(never.value.problems) == ["delivered_at"]
    clock_of(workspace).forward(days=2)
    tell(workspace, made, at=now)
    with pytest.raises(FormIncomplete):
        tell(workspace, made, "in-person")
    talked(workspace, closure)
    assert stage(workspace, case) == "appeal-window"
    told = workspace.store.get(CaseLetter, made)
    assert told.delivered_at == now, "the time to appeal does not begin when somebody writes it down"
    tell(workspace, made, outcome="returned")
    assert stage(workspace, case) == "closure-proposed", "a letter that came back told nobody anything"


def test_where_no_letter_is_safe_the_reason_stands_in_for_it(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    talked(workspace, closure)
    with pytest.raises(FormIncomplete):
        closing_letters.note_no_letter(workspace, about=closure, because=" ")
    closing_letters.note_no_letter(workspace, about=closure, because="Her post is read. Told by phone.")
    assert stage(workspace, case) == "appeal-window"
    titles = [entry.title for entry in read_case(workspace, case=case).file.timeline]
    assert "No letter: Closing, and how to appeal" in titles


def test_a_letter_of_an_earlier_version_is_read_and_still_counts(workspace: Workspace, case: RecordId) -> None:
    closure = proposed(workspace, case)
    stream, now = workspace.store.get(Case, case).stream, clock_of(workspace).now()
    with workspace.store.unit("test") as (unit, _):
        unit.create(
            PersonLetter, stream, case=case, sort="closing", about=closure, made_at=now, delivery="post",
            delivered_at=now,
        )  # fmt: skip
    talked(workspace, closure)
    assert stage(workspace, case) == "appeal-window"
    titles = [entry.title for entry in read_case(workspace, case=case).file.timeline]
    assert {"Made: letter about closing", "Letter about closing: posted"} <= set(titles)


def test_a_letter_of_an_earlier_version_that_waits_is_marked_as_sent_or_came_back(
    workspace: Workspace, case: RecordId
) -> None:
    closure = proposed(workspace, case)
    stream, now = workspace.store.get(Case, case).stream, clock_of(workspace).now()
    with workspace.store.unit("test") as (unit, _):
        old = unit.create(PersonLetter, stream, case=case, sort="closing", about=closure, made_at=now)
    talked(workspace, closure)
    assert stage(workspace, case) == "closure-proposed", "it has not left yet"
    for way, at, field in (
        ("", now, "way"), ("email", now, "way"), ("post", now + timedelta(days=1), "delivered_at"),
        ("post", now - timedelta(days=1), "delivered_at"),
    ):  # fmt: skip
        with pytest.raises(FormIncomplete) as wrong:
            old_letters.deliver_old_letter(workspace, letter=old, way=way, delivered_at=at)
        assert list(wrong.value.problems) == [field]
    old_letters.deliver_old_letter(workspace, letter=old, way="post")
    assert stage(workspace, case) == "appeal-window"
    with pytest.raises(FormIncomplete):
        old_letters.deliver_old_letter(workspace, letter=old, way="hand")
    old_letters.deliver_old_letter(workspace, letter=old, way="returned")
    assert stage(workspace, case) == "closure-proposed", "a letter that came back told nobody anything"
    old_letters.deliver_old_letter(workspace, letter=old, way="hand")
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
    case = logged(workspace, safe_ways=frozenset({"letter"})).case
    closure = to_appeal_window(workspace, case)
    appeal = appealed(workspace, closure)
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        unit.create(Party, stream, case=case, name="Ana Bright", roles={"alleged-perpetrator"})
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
        closing_letters.write_appeal_letter(workspace, appeal=appeal, appeal_reasons="We looked again.")
    assert "is decided and waits" in early.value.problems["appeal"]
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
