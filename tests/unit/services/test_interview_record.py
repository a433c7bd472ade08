"""A private interview from its start to what goes into its case: who reads which of it, on real laptops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Contact, Party
from core.domain.interview import (
    FromInterview,
    Interruption,
    InterviewEvent,
    InterviewPerson,
    OfficerWish,
    PutIntoCase,
    SignedStatement,
)
from core.domain.plan import Wish
from core.domain.risk import RiskAssessment
from core.foundation.errors import DiskFull, FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import RecordId, StreamId
from core.policy.interview import Standing, statement_now
from core.policy.risk import band_of, risk_now
from core.services import (
    cases,
    drafts,
    interview_flow,
    interview_record,
    interviews,
    officers,
    opening,
    rest,
    risk,
    sync,
)
from core.services.case_page import read_case
from core.services.contents import contents_of
from core.services.interview_flow import FlowForm
from core.services.interview_record import SigningForm
from core.services.interview_start import start_interview, start_page
from core.services.workspace import Workspace
from core.store.unit import WriteUnit
from tests.support.laptops import CHEAP, Office, Template, every_byte_of

DRAWN = ((100, 100, 200, 150, 300, 100), (320, 90, 420, 95))
STATEMENT = "He waited in the cellar, she said"
SECRETS = (
    b"cellar", b"Zdzis\xc5\x82aw", b"Amharic", b"Quill of hers", b"shook with fear", b"Locked the door",
    b"nobody was free", b"the man from above", b"signs in private",
)  # fmt: skip
Four = tuple[Office, Workspace, Workspace, Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    eve = office.join(ana, "Eve Marsh", "em", role="committee")
    for laptop in (ana, ben, cat, eve):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat, "Eve Marsh": eve})


@pytest.fixture
def four(template: Template, tmp_path: Path) -> Iterator[Four]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat, eve = laptops.values()
    yield office, ana, ben, cat, eve
    for laptop in laptops.values():
        opening.lock(laptop)


def a_case(workspace: Workspace, *readers_of_it: Workspace) -> RecordId:
    form = cases.ReportForm(
        words="Shouting on the stairs", danger_now=False, safe_ways=frozenset({"call"}), reporter_name="Ada Quill",
        received_at=workspace.parts.clock.now() - timedelta(hours=1),
        readers=frozenset(one.user for one in readers_of_it),
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())


def started(workspace: Workspace, case: RecordId, *with_whom: Workspace) -> tuple[StreamId, RecordId]:
    begun = start_interview(workspace, case=case, readers=frozenset(one.user for one in with_whom))
    return begun.interview, begun.entry


def look(workspace: Workspace, interview: StreamId) -> interviews.Interview:
    return interviews.open_interview(workspace, interview=interview, reason="to look")


def save(workspace: Workspace, interview: StreamId, **values: object) -> None:
    interviews.save_interview(workspace, interview=interview, values=values)


def an_event(workspace: Workspace, interview: StreamId, **told: object) -> RecordId:
    values = {"what": "He shouted", "who": "the man from above", "happened_text": "Last Friday", "place": "Stairs"}
    return interview_record.keep_event(workspace, interview=interview, values={**values, **told}).record


def keys_of(workspace: Workspace, interview: StreamId, entry: RecordId) -> frozenset[str]:
    page = interview_flow.what_can_go(workspace, interview=interview, entry=entry)
    return frozenset(piece.key for piece in page.pieces)


def held(workspace: Workspace, interview: StreamId) -> None:
    """Everything there is to an interview."""
    save(
        workspace, interview, statement=STATEMENT, place_sort="office", place="The small room", private_confirmed=True,
        interpreter_sort="professional", interpreter="Zdzisław", interpreter_language="Amharic", sound_agreed=False,
        support_person="A Quill of hers", officer_asked=True, wants={"woman"}, wants_interpreter={"woman"},
        wants_met=False, wants_not_met_because="nobody was free", into_case="some", wanted="That it stops",
        risk_answers={"mind:yes", "affected:a-lot"},
    )  # fmt: skip
    interview_record.add_present(workspace, interview=interview, role="person", name="Ada Quill")
    interview_record.add_present(workspace, interview=interview, role="support", name="A Quill of hers")
    came = interview_record.note_interruption(workspace, interview=interview).record
    interview_record.close_interruption(
        workspace, interview=interview, interruption=came, who_came="household", made_safe="Locked the door",
        went_on="went-on",
    )  # fmt: skip
    an_event(workspace, interview, impact="She shook with fear", acts=["abuse"])
    save(workspace, interview, read_back=True, agreed=True, corrected=False)
    form = SigningForm(interview=interview, how="drawn", words=STATEMENT, strokes=DRAWN, read_in="signs in private")
    interview_record.sign_statement(workspace, form=form)


def test_only_the_named_read_any_of_it_and_case_readers_what_was_put_in(four: Four) -> None:
    _, ana, ben, cat, eve = four
    case = a_case(ana, ben, eve)
    exchange(ana, ben, cat, eve)
    interview, entry = started(ben, case, cat)
    held(ben, interview)
    exchange(ben, cat, ana, eve)
    found = look(cat, interview)
    (one,) = found.of(SignedStatement)
    assert interview_record.unpack_strokes(one.strokes) == DRAWN
    assert statement_now(found.record.statement, found.of(SignedStatement)).standing is Standing.SIGNED
    assert found.record.wants == {"woman"} and found.record.support_person == "A Quill of hers"
    assert [person.role for person in found.of(InterviewPerson)] and found.of(Interruption)[0].made_safe
    for outside in (ana, eve):
        assert [word for word in SECRETS if word in every_byte_of(outside)] == []
        assert outside.store.count(SignedStatement) == outside.store.count(InterviewEvent) == 0
        with pytest.raises(NotFound):
            interview_flow.what_can_go(outside, interview=interview, entry=entry)
    for laptop in (ben, cat):
        assert [word for word in SECRETS if word in every_byte_of(laptop)] == [], "sealed in an open workbook, too"

    page = interview_flow.what_can_go(ben, interview=interview, entry=entry)
    (event,) = found.of(InterviewEvent)
    assert {piece.key for piece in page.pieces} == {
        *(f"{part}:{event.id.hex()}" for part in ("what", "who", "happened_text", "place", "impact", "acts")),
        "contact", "risk", "wish", "officer",
    }  # fmt: skip
    assert page.why_not == "" and not page.hidden and page.reference == "2026-AR-001"
    chosen = frozenset({f"what:{event.id.hex()}", f"place:{event.id.hex()}", "wish"})
    put = interview_flow.put_into_case(ben, form=FlowForm(interview=interview, entry=entry, chosen=chosen))
    exchange(ben, ana, eve, cat)
    for reader in (ana, eve):
        facts = contents_of(reader, case)
        incident = facts.incidents[-1]
        assert (incident.description, incident.place, incident.happened_text) == ("He shouted", "Stairs", "")
        assert [one.words for one in facts.of(Wish)] == ["That it stops"]
        (origin,) = facts.of(FromInterview)
        assert origin.records == set(put.records) and origin.pieces == {"incident", "wish"}
        titles = [told.title for told in cases.open_case(reader, case=case).timeline]
        assert "Put in from a private interview: an incident; what they want" in titles
        assert [word for word in SECRETS if word in every_byte_of(reader)] == [], "what was not chosen stays there"
    assert cat.store.count(Case) == 0
    with pytest.raises(NotFound):
        interview_flow.put_into_case(cat, form=FlowForm(interview=interview, entry=entry, chosen=frozenset({"wish"})))
    mine = interviews.open_interview(cat, interview=interview, reason="to look")
    assert interview_flow.what_can_go(cat, interview=interview, entry=mine.entry).why_not.startswith("You do not read")


def test_it_is_asked_once(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    interview, entry = started(ana, case, ben)
    held(ana, interview)
    party = contents_of(ana, case).parties[0].id
    everything = keys_of(ana, interview, entry)
    form = FlowForm(interview=interview, entry=entry, chosen=everything, party=party)
    put = interview_flow.put_into_case(ana, form=form)
    assert interview_flow.what_can_go(ana, interview=interview, entry=entry).pieces == ()
    with pytest.raises(FormIncomplete) as again:
        interview_flow.put_into_case(ana, form=form)
    assert again.value.problems == {"chosen": "Something of this went in meanwhile. Look again."}
    facts = contents_of(ana, case)
    assert len(put.records) == 5 and len(facts.incidents) == 2
    told = facts.incidents[-1]
    assert told.acts == {"abuse"} and told.description.endswith("as the person sees it: the man from above")
    (contact,) = facts.contacts
    assert (contact.way, contact.outcome, contact.notes) == ("they-contact-us", "spoke", "From a private interview.")
    duties = cases.open_case(ana, case=case).duties
    assert not [duty for duty in duties if duty.kind == "first-contact" and duty.to_do], "it was contact (4.24)"
    (assessed,) = facts.of(RiskAssessment)
    assert assessed.occasion == "interview" and "She shook with fear" in assessed.notes and assessed.party == party
    (wish,) = facts.of(OfficerWish)
    assert (wish.wants, wish.met, wish.not_met_because) == ({"woman"}, False, "nobody was free")
    assert STATEMENT not in str(facts)
    event = look(ana, interview).of(InterviewEvent)[0]
    assert event.put_at is not None
    with pytest.raises(FormIncomplete):
        interview_record.keep_event(ana, interview=interview, values={"what": "otherwise"}, event=event.id)
    an_event(ana, interview, what="And on Sunday")
    assert len(interview_flow.what_can_go(ana, interview=interview, entry=entry).pieces) == 4


def test_the_flow_is_one_unit_and_nothing_goes_in_when_it_fails(four: Four, monkeypatch: pytest.MonkeyPatch) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    interview, entry = started(ana, case, ben)
    held(ana, interview)
    chosen = keys_of(ana, interview, entry)
    create = WriteUnit.create

    def full(unit: WriteUnit, kind: type, *rest: object, **values: object) -> RecordId:
        if kind is PutIntoCase:
            raise DiskFull(path="x")
        return create(unit, kind, *rest, **values)  # type: ignore[arg-type]

    with monkeypatch.context() as no_room:
        no_room.setattr(WriteUnit, "create", full)
        with pytest.raises(DiskFull):
            interview_flow.put_into_case(ana, form=FlowForm(interview=interview, entry=entry, chosen=chosen))
    assert len(contents_of(ana, case).incidents) == 1
    assert ana.store.count(FromInterview) == ana.store.count(Contact) == 0
    assert keys_of(ana, interview, entry) == chosen


def test_what_the_person_does_not_want_in_the_case_needs_a_reason(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    interview, entry = started(ana, case, ben)
    save(ana, interview, wanted="Nothing, for now")
    form = FlowForm(interview=interview, entry=entry, chosen=frozenset({"wish"}))
    why_not = interview_flow.what_can_go(ana, interview=interview, entry=entry).why_not
    assert why_not == "Ask the person first what may go into the case."
    with pytest.raises(FormIncomplete) as refused:
        interview_flow.put_into_case(ana, form=form)
    assert set(refused.value.problems) == {"into_case"}
    save(ana, interview, into_case="nothing")
    page = interview_flow.what_can_go(ana, interview=interview, entry=entry)
    assert page.why_not == "" and page.wish_nothing
    with pytest.raises(FormIncomplete) as refused:
        interview_flow.put_into_case(ana, form=form)
    assert set(refused.value.problems) == {"against_wish_because"}
    reason = "A child is in danger. She was told first."
    interview_flow.put_into_case(
        ana, form=FlowForm(interview=interview, entry=entry, chosen=form.chosen, against_wish_because=reason)
    )
    (origin,) = contents_of(ana, case).of(FromInterview)
    assert origin.against_wish_because == reason
    for chosen in (frozenset[str](), frozenset({"statement"}), frozenset({"wish"})):
        with pytest.raises(FormIncomplete):
            interview_flow.put_into_case(ana, form=FlowForm(interview=interview, entry=entry, chosen=chosen))


def test_an_interview_takes_no_danger_away(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    party = contents_of(ana, case).parties[0].id
    risk.assess_risk(
        ana, form=risk.RiskForm(case=case, party=party, answers={"worse": "yes"}, floors=frozenset({"weapon"}))
    )
    interview, entry = started(ana, case, ben)
    save(ana, interview, risk_answers={"mind:no"}, into_case="all")
    form = FlowForm(interview=interview, entry=entry, chosen=frozenset({"risk"}), party=party)
    ana.parts.clock.step()  # type: ignore[attr-defined]  # the clock of these tests
    interview_flow.put_into_case(ana, form=form)
    held_now = risk_now(contents_of(ana, case))[party]
    assert held_now.occasion == "interview" and held_now.floors == {"weapon"}
    assert band_of(held_now, contents_of(ana, case)) == "high"
    assert held_now.answers == {"worse:yes", "mind:no"}


def test_a_judgement_that_the_risk_is_higher_outlives_the_interview(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    risk.assess_risk(
        ana, form=risk.RiskForm(case=case, answers={"worse": "yes"}, judged="high", reasons="I saw her face.")
    )
    interview, entry = started(ana, case, ben)
    save(ana, interview, risk_answers={"mind:no"}, into_case="all")
    ana.parts.clock.step()  # type: ignore[attr-defined]
    interview_flow.put_into_case(ana, form=FlowForm(interview=interview, entry=entry, chosen=frozenset({"risk"})))
    contents = contents_of(ana, case)
    assert band_of(risk_now(contents)[None], contents) == "high"


def test_a_changed_statement_takes_the_reading_back_with_it_and_the_signed_words_stay(four: Four) -> None:
    _, ana, ben, _, _ = four
    interview, _ = started(ana, a_case(ana), ben)
    save(ana, interview, statement=STATEMENT)
    unread = SigningForm(interview=interview, how="drawn", words=STATEMENT, strokes=DRAWN)
    with pytest.raises(FormIncomplete) as refused:
        interview_record.sign_statement(ana, form=unread)
    assert set(refused.value.problems) == {"read_back"}
    save(ana, interview, read_back=True, agreed=True)
    interview_record.sign_statement(ana, form=unread)
    save(ana, interview, statement=STATEMENT + ", twice")
    found = look(ana, interview)
    assert (found.record.read_back, found.record.agreed) == (None, None)
    now = statement_now(found.record.statement, found.of(SignedStatement))
    assert now.standing is Standing.CHANGED and now.version == 2
    assert now.signature is not None and now.signature.words == STATEMENT
    with pytest.raises(FormIncomplete) as refused:
        interview_record.sign_statement(ana, form=unread)
    assert "Read it back again" in refused.value.problems["read_back"]
    save(ana, interview, statement=STATEMENT, read_back=True, agreed=True)
    assert look(ana, interview).record.read_back is True, "ticked with the very change that was read back"


def test_typed_and_refused_are_kept_without_strokes(four: Four) -> None:
    _, ana, ben, _, _ = four
    interview, _ = started(ana, a_case(ana), ben)
    save(ana, interview, statement=STATEMENT, read_back=True, agreed=True)
    typed = SigningForm(interview=interview, how="typed", words=STATEMENT, name="Ada Quill", agreed_aloud=True)
    interview_record.sign_statement(ana, form=typed)
    with pytest.raises(FormIncomplete):
        interview_record.sign_statement(ana, form=SigningForm(interview=interview, how="refused", words=STATEMENT))
    ana.parts.clock.step()  # type: ignore[attr-defined]
    no = SigningForm(interview=interview, how="refused", words=STATEMENT, reason="Afraid of him", strokes=DRAWN)
    interview_record.sign_statement(ana, form=no)
    first, last = sorted(look(ana, interview).of(SignedStatement), key=lambda one: one.how, reverse=True)
    assert (first.name, first.agreed_aloud, first.strokes) == ("Ada Quill", True, b"")
    assert (last.how, last.reason, last.strokes) == ("refused", "Afraid of him", b"")
    assert interview_record.unpack_strokes(b"\xff") == () == interview_record.unpack_strokes(b"")


def test_a_child_as_interpreter_and_the_address_of_a_refuge_are_refused_and_what_was_typed_stays(four: Four) -> None:
    _, ana, ben, _, _ = four
    interview, _ = started(ana, a_case(ana), ben)
    interviews.save_interview_draft(ana, interview=interview, body="typed")
    for values, field in (
        ({"interpreter_sort": "child"}, "interpreter_sort"),
        ({"interpreter_sort": "theirs"}, "interpreter_sort"),
        ({"interpreter_sort": "professional"}, "interpreter_language"),
        ({"place_sort": "refuge", "place": "Harbour House"}, "place"),
        ({"place": "12 Elm Road"}, "place"),
        ({"ended_at": ana.parts.clock.now() - timedelta(days=1)}, "ended_at"),
        ({"wants": {"woman"}, "wants_met": False}, "wants_not_met_because"),
    ):
        with pytest.raises(FormIncomplete) as refused:
            save(ana, interview, **values)  # type: ignore[arg-type]
        assert set(refused.value.problems) == {field}
    assert look(ana, interview).draft == "typed"
    save(ana, interview, place_sort="office", place="Upstairs")
    save(ana, interview, place_sort="refuge")
    assert look(ana, interview).record.place == "", "what stood there before goes, too"
    began = ana.parts.clock.now() - timedelta(days=2)
    save(ana, interview, started_at=began, ended_at=began + timedelta(hours=1))
    assert look(ana, interview).record.started_at == began, "typed afterwards"


def test_present_and_interruptions(four: Four) -> None:
    _, ana, ben, _, _ = four
    interview, _ = started(ana, a_case(ana), ben)
    with pytest.raises(FormIncomplete):
        interview_record.add_present(ana, interview=interview, role="", name="x")
    slip = interview_record.add_present(ana, interview=interview, role="child", name="Sam").record
    interview_record.take_off_present(ana, interview=interview, person=slip)
    came = interview_record.note_interruption(ana, interview=interview).record
    with pytest.raises(FormIncomplete) as refused:
        interview_record.close_interruption(
            ana, interview=interview, interruption=came, who_came="", made_safe=" ", went_on=""
        )
    assert set(refused.value.problems) == {"who_came", "made_safe", "went_on"}
    found = look(ana, interview)
    assert found.of(InterviewPerson) == () and found.of(Interruption)[0].made_safe == ""
    with pytest.raises(NotFound):
        interview_record.take_off_present(ana, interview=interview, person=slip)
    with pytest.raises(NotFound):
        interview_record.keep_event(ana, interview=interview, values={"what": "x"}, event=came)


def test_what_is_typed_beside_a_save_is_kept_in_the_same_breath(four: Four) -> None:
    _, ana, ben, _, _ = four
    interview, _ = started(ana, a_case(ana), ben)
    interviews.save_interview_draft(ana, interview=interview, body="all of it")
    interviews.save_interview(ana, interview=interview, values={"statement": STATEMENT}, left="the rest")
    assert look(ana, interview).draft == "the rest"
    an_event(ana, interview)
    assert look(ana, interview).draft == "the rest"
    interview_record.keep_event(ana, interview=interview, values={"what": "x"}, left="")
    assert look(ana, interview).draft == ""
    assert all(b"rest" not in draft.body.encode() for draft in drafts.list_drafts(ana))


def test_the_start_proposes_who_reads_with_whom_and_says_who_was_asked_for(four: Four) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    page = start_page(ana)
    assert page.case == case and [row.reference for row in page.cases] == ["2026-AR-001"] and page.reader is None
    interview, entry = started(ana, case, cat)
    assert start_page(ana, case=case).reader == cat.user, "as the last time"
    assert start_page(ben, case=case).reader == ana.user, "whoever leads on it"
    assert interviews.read_again(ana, interview=interview, entry=entry).record.started_at is not None
    assert page.nagging.sentence == ""
    form = officers.OfficerForm(case=case, said_at=ana.parts.clock.now(), wants=frozenset({"woman"}))
    officers.record_officer_wish(ana, form=form)
    officers.say_what_i_can_meet(cat, can_meet=frozenset({"woman"}))
    exchange(cat, ana, ben, ana)
    for laptop in (ana, ben):
        nag = start_page(laptop, case=case).nagging
        assert nag.sentence.startswith("The person asked for a woman.") and [one.name for one in nag.ask] == ["Cat Lim"]
        assert read_case(laptop, case=case).officer.words.endswith("Can be asked: Cat Lim.")
        start_interview(laptop, case=case, readers=frozenset({cat.user}))  # it warns and does not bar
    officers.say_what_i_can_meet(ana, can_meet=frozenset({"woman"}))
    assert start_page(ana, case=case).nagging.sentence == ""
    officers.say_what_i_can_meet(ana, can_meet=frozenset())
    assert officers.what_i_can_meet(ana) == frozenset() and start_page(ana, case=case).nagging.sentence


def test_whoever_only_reads_says_nothing_of_what_they_can_meet(four: Four) -> None:
    _, _, _, _, eve = four
    with pytest.raises(NotAllowed):
        officers.say_what_i_can_meet(eve, can_meet=frozenset({"woman"}))


def test_a_wish_for_an_officer_in_the_case(four: Four) -> None:
    _, ana, _, _, _ = four
    case = a_case(ana)
    now = ana.parts.clock.now()
    for form, field in (
        (officers.OfficerForm(case=case, said_at=now, wants=frozenset({"woman"}), met=False), "not_met_because"),
        (officers.OfficerForm(case=case, said_at=now, wants=frozenset({"x"})), "wants"),
        (officers.OfficerForm(case=case, said_at=now + timedelta(days=1)), "said_at"),
    ):
        with pytest.raises(FormIncomplete) as refused:
            officers.record_officer_wish(ana, form=form)
        assert field in refused.value.problems
    with ana.store.unit("test") as (unit, _):
        unit.update(Party, contents_of(ana, case).parties[0].id, officer_wanted="A woman, please")
    assert "A woman, please" in officers.nagging_of_case(ana, contents_of(ana, case)).sentence
    met = officers.OfficerForm(case=case, said_at=now, wants=frozenset({"woman"}), met=True)
    officers.record_officer_wish(ana, form=met)
    assert officers.nagging_of_case(ana, contents_of(ana, case)).sentence == "", "it was settled"
    assert "Officer asked for" in {
        told.title for told in cases.open_case(ana, case=case).timeline
    }


def test_under_the_second_passphrase_nothing_starts_and_nothing_goes_in(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    interview, entry = started(ana, case, ben)
    save(ana, interview, wanted="x", into_case="all")
    second = "amber violin quarry mitten socket"
    rest.choose_second(ana, passphrase=second, again=second, cost=CHEAP)
    rest.put_away(ana)
    assert not start_page(ana, case=case).rest.open
    for act in (
        lambda: start_interview(ana, case=case, readers=frozenset({ben.user})),
        lambda: interview_flow.what_can_go(ana, interview=interview, entry=entry),
        lambda: interview_record.note_interruption(ana, interview=interview),
        lambda: an_event(ana, interview),
        lambda: interview_record.sign_statement(ana, form=SigningForm(interview=interview, how="typed", words="x")),
    ):
        with pytest.raises(NotAllowed):
            act()
