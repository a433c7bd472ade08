"""Reviews and the satisfaction survey in a real vault (4.29, 4.30)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Party, Review, SafeContact, Survey
from core.domain.letters import CaseLetter
from core.domain.plan import ActionPlan, PlanAction
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.duties import DutyState
from core.policy.survey import response_of, scores_of
from core.services import case_letters, closing_letters, reviews, surveys
from core.services.case_page import read_case
from core.services.contents import contents_of
from core.services.reviews import ACTION, ReviewForm
from core.services.risk import RiskForm, assess_risk
from core.services.surveys import AnswerForm
from core.services.workspace import Workspace
from tests.support.letters_sent import make, send, tell
from tests.support.workspaces import a_workspace, clock_of, logged, with_letterhead


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace, safe_ways=frozenset({"letter", "email"}), perpetrator_name="Dexter Vale").case


def assess(workspace: Workspace, case: RecordId, *dangers: str) -> RecordId:
    form = RiskForm(case=case, answers={"linked": "no"}, floors=frozenset(dangers))
    return assess_risk(workspace, form=form).record


def review(workspace: Workspace, case: RecordId, **changes: object) -> Review:
    said = {"case": case, "findings": "Quiet.", "keep_open": True, **changes}
    made = reviews.review_case(workspace, form=ReviewForm(**said))  # type: ignore[arg-type]
    return workspace.store.get(Review, made.record)


def duties(workspace: Workspace, case: RecordId, kind: str) -> list[DutyState]:
    return [duty.state for duty in read_case(workspace, case=case).file.duties if duty.kind.value == kind]


# ------------------------------------------------------------------ reviews


def test_a_review_scores_the_risk_anew_or_says_why_not(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as refusal:
        review(workspace, case)
    assert refusal.value.problems["risk_not_because"].startswith("Assess the risk to the person again first")
    assert review(workspace, case, risk_not_because="She is in hospital.").assessments == frozenset()
    made = assess(workspace, case)
    kept = review(workspace, case, risk_not_because="typed before it was assessed")
    assert kept.assessments == {made} and kept.risk == "standard" and kept.risk_not_because == ""


def test_a_review_says_of_each_agreed_action_whether_it_is_done(workspace: Workspace, case: RecordId) -> None:
    assess(workspace, case)
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        plan = unit.create(ActionPlan, stream, case=case)
        locks = unit.create(PlanAction, stream, case=case, plan=plan, what="New locks")
        lights = unit.create(PlanAction, stream, case=case, plan=plan, what="Lights")
    with pytest.raises(FormIncomplete) as refusal:
        review(workspace, case, actions={locks: True})
    assert list(refusal.value.problems) == [f"{ACTION}{lights.hex()}"]
    kept = review(workspace, case, actions={locks: True, lights: False})
    assert (kept.actions_done, kept.actions_open) == ({locks}, {lights})
    assert workspace.store.get(PlanAction, locks).done_at is not None
    assert workspace.store.get(PlanAction, lights).done_at is None


def test_with_a_high_risk_the_next_review_is_sooner_and_on_today(workspace: Workspace, case: RecordId) -> None:
    assess(workspace, case, "weapon")
    today = clock_of(workspace).now().date()
    with pytest.raises(FormIncomplete) as refusal:
        review(workspace, case, next_on=today + timedelta(days=60))
    assert "at the latest" in refusal.value.problems["next_on"]
    assert review(workspace, case).next_on == today + timedelta(days=28)
    assert DutyState.RUNNING in duties(workspace, case, "sooner-review")
    clock_of(workspace).forward(days=40)
    assert DutyState.LATE in duties(workspace, case, "sooner-review")
    review(workspace, case, risk_not_because="She is away.")
    assert DutyState.MET_LATE in duties(workspace, case, "sooner-review"), "a late review stays visible"


def test_a_closed_case_is_not_reviewed(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    with pytest.raises(FormIncomplete) as refusal:
        review(workspace, case, risk_not_because="-")
    assert "Only an open case" in refusal.value.problems["findings"]


# ------------------------------------------------------------------ survey


def closed(workspace: Workspace, case: RecordId) -> None:
    """A case that was closed just now, by whatever way."""
    with workspace.store.unit("test") as (unit, _):
        unit.update(Case, case, stage="closed", closed_at=clock_of(workspace).now())


def sent(workspace: Workspace, case: RecordId, way: str = "post") -> RecordId:
    made = send(workspace, closing_letters.write_survey(workspace, case=case).record, way)
    about = workspace.store.get(CaseLetter, made).about
    assert about is not None
    return about


def test_a_survey_counts_once_it_has_left_in_writing(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as early:
        closing_letters.write_survey(workspace, case=case)
    assert "comes after closing" in early.value.problems["party"]
    closed(workspace, case)
    assert duties(workspace, case, "survey") == [DutyState.RUNNING]
    made = make(workspace, closing_letters.write_survey(workspace, case=case).record)
    assert duties(workspace, case, "survey") == [DutyState.RUNNING], "made is not sent"
    for aloud_or_unsafe in ("read", "text"):
        with pytest.raises(FormIncomplete) as never:
            deliver = {"outcome_code": "posted", "way": aloud_or_unsafe, "unsafe_reason": "She was in a hurry."}
            case_letters.deliver_case_letter(workspace, letter=made, **deliver)
        assert "way" in never.value.problems, "no reason makes up for it"
    tell(workspace, made)
    assert duties(workspace, case, "survey") == [DutyState.MET]
    (survey,) = workspace.store.select(Survey)
    assert (survey.way, survey.set_id, survey.set_version) == ("letter", "satisfaction", 1)
    assert (survey.sent_by, survey.sent_at) == (workspace.user, clock_of(workspace).now())
    tell(workspace, made, outcome="returned")
    assert workspace.store.get(Survey, survey.id).not_sent_because == "It came back."


def test_a_survey_sent_from_the_page_of_letters_is_counted_too(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    said = case_letters.suggest_letter(workspace, case=case, template="survey").values
    form = case_letters.CaseLetterForm(case=case, template="survey", values=said)
    first, second = (
        case_letters.write_case_letter(workspace, plan=case_letters.plan_case_letter(workspace, form=form)).record
        for _ in range(2)
    )
    send(workspace, second)
    (survey,) = workspace.store.select(Survey)
    assert survey.sent_by == workspace.user and survey.way == "letter", "one survey, written twice, sent once"
    assert duties(workspace, case, "survey") == [DutyState.MET]
    assert workspace.store.get(CaseLetter, first).about == survey.id


def test_nothing_is_sent_where_post_is_not_safe_or_nobody_asked(workspace: Workspace) -> None:
    unsafe = logged(workspace, safe_ways=frozenset({"call"}), unsafe_ways=frozenset({"letter"})).case
    closed(workspace, unsafe)
    with pytest.raises(FormIncomplete) as refusal:
        closing_letters.write_survey(workspace, case=unsafe)
    assert "any way of writing" in refusal.value.problems["party"]
    assert duties(workspace, unsafe, "survey") == [DutyState.NOT_APPLICABLE]
    unasked = logged(workspace, safe_ways=frozenset({"letter"})).case
    with workspace.store.unit("test") as (unit, _):
        for rule in workspace.store.select(SafeContact):
            if rule.case == unasked:
                unit.delete(SafeContact, rule.id)
    closed(workspace, unasked)
    with pytest.raises(FormIncomplete) as ask:
        closing_letters.write_survey(workspace, case=unasked)
    assert "Nobody has asked" in ask.value.problems["party"]
    assert workspace.store.select(Survey) == ()


def test_the_person_complained_about_is_never_surveyed(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    other = next(one.id for one in workspace.store.select(Party) if one.name == "Dexter Vale")
    with pytest.raises(FormIncomplete):
        closing_letters.write_survey(workspace, case=case, party=other)
    with workspace.store.unit("test") as (unit, _):
        for party in workspace.store.select(Party):
            unit.update(Party, party.id, roles={"harmed", "alleged-perpetrator"})
    with pytest.raises(FormIncomplete) as refusal:
        closing_letters.write_survey(workspace, case=case)
    assert "never surveyed" in refusal.value.problems["party"]


def test_why_a_survey_is_left_out_is_kept(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    with pytest.raises(FormIncomplete):
        surveys.leave_out_survey(workspace, case=case, not_sent_because=" ")
    surveys.leave_out_survey(workspace, case=case, not_sent_because="She asked for none.")
    assert duties(workspace, case, "survey") == [DutyState.NOT_APPLICABLE]


def test_one_reminder_and_never_another(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    survey = sent(workspace, case)
    clock_of(workspace).forward(days=15)
    assert duties(workspace, case, "survey-reminder") == [DutyState.LATE]
    send(workspace, closing_letters.write_reminder(workspace, survey=survey).record, "email")
    assert duties(workspace, case, "survey-reminder") == [DutyState.MET_LATE]
    with pytest.raises(FormIncomplete) as refusal:
        closing_letters.write_reminder(workspace, survey=survey)
    assert "reminded once" in refusal.value.problems["survey"]
    clock_of(workspace).forward(days=30)
    setting = workspace.setting_of(contents_of(workspace, case))
    assert response_of(workspace.store.get(Survey, survey), setting) == "no-answer"


def test_answers_are_kept_with_who_entered_them(workspace: Workspace, case: RecordId) -> None:
    closed(workspace, case)
    survey = sent(workspace, case)
    day = clock_of(workspace).now().date()
    for wrong in ({"answers": {"ended": "ecstatic"}}, {"answers": {"nothing": "very"}}, {"answers": {}}):
        with pytest.raises(FormIncomplete):
            surveys.record_answers(workspace, form=AnswerForm(survey=survey, returned_on=day, **wrong))  # type: ignore[arg-type]
    given = {"in-touch": "not-often", "ended": "very"}
    form = AnswerForm(survey=survey, returned_on=day, answers=given, comments="Too slow.")
    surveys.record_answers(workspace, form=form)
    kept = workspace.store.get(Survey, survey)
    assert scores_of(kept, workspace.shelf.survey(workspace.today)) == {"in-touch": 2, "ended": 5}
    assert (kept.comments, kept.entered_by, kept.returned_on) == ("Too slow.", workspace.user, day)
    assert response_of(kept, workspace.setting_of(contents_of(workspace, case))) == "answered"
    with pytest.raises(FormIncomplete):
        surveys.record_answers(workspace, form=form)
    with pytest.raises(FormIncomplete):
        closing_letters.write_reminder(workspace, survey=survey)
