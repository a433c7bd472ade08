"""Counting over cases: periods, promises, strands, hate incidents, what comes again, equal treatment (5.1, 6.1)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from core.domain.case import Closure, Contact, Incident, Judgement, Party, Perception, Report, Survey
from core.domain.closing import Appeal
from core.domain.declare import Record
from core.domain.doors import KnownPlace, WarningGiven
from core.domain.enforcement import ToolUsed
from core.domain.monitoring import PREFER_NOT, Monitoring
from core.domain.plan import ActionPlan
from core.domain.safety import ManagementTransfer
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy import figures, figures_people, periods
from core.policy.calendar import LONDON
from core.policy.duties import CaseFacts
from core.policy.figure_tables import Table
from core.policy.periods import Period
from core.policy.survey_questions import SurveyAnswer, SurveyQuestion, SurveyQuestions, parse_survey
from core.services.packs import DEFAULT_PACK, shipped_text
from tests.support.policy import facts, london, make, named, pack, setting
from tests.unit.policy.test_powers import pack as legal_pack

YEAR = periods.financial_year(2026, begins_in=4, zone=LONDON)
NOW = "2027-05-01 10:00"


def case(number: int, *records: Record, opened: str = "2026-05-04 10:00", **fields: Any) -> CaseFacts:
    from dataclasses import replace

    made = facts(*records, **{"opened_at": opened, "stage": "open", **fields})
    return replace(made, case=replace(made.case, id=RecordId(number.to_bytes(16, "big"))))


def column(table: Table, place: int = 0) -> dict[str, int]:
    return {row.code: row.values[place] for row in table.rows if row.values[place]}


# ------------------------------------------------------------------ periods


def test_the_year_begins_in_april_and_its_quarters_are_the_whole_of_it() -> None:
    assert YEAR.words == "1 Apr 2026 to 31 Mar 2027"
    quarters = periods.quarters_of(YEAR, LONDON)
    assert [one.words for one in quarters][:2] == ["1 Apr 2026 to 30 Jun 2026", "1 Jul 2026 to 30 Sep 2026"]
    assert quarters[0].start_at == YEAR.start_at and quarters[3].end_at == YEAR.end_at
    assert all(one.end_at == other.start_at for one, other in pairwise(quarters))


def test_the_last_second_of_the_year_is_in_it_and_midnight_is_the_next() -> None:
    assert YEAR.has(london("2027-03-31 23:59")) and not YEAR.has(london("2027-04-01 00:00"))
    assert periods.year_of(london("2027-03-31 23:59"), begins_in=4, zone=LONDON) == 2026
    assert periods.year_of(london("2027-04-01 00:00"), begins_in=4, zone=LONDON) == 2027


def test_any_days_hold_both_their_ends_and_the_wrong_way_round_is_refused() -> None:
    some = periods.any_days(date(2026, 2, 27), date(2026, 3, 1), begins_in=4, zone=LONDON)
    assert some.words == "27 Feb 2026 to 1 Mar 2026" and some.year == 2025
    assert some.has(london("2026-03-01 23:00"))
    with pytest.raises(FormIncomplete):
        periods.any_days(date(2026, 3, 1), date(2026, 2, 27), begins_in=4, zone=LONDON)
    with pytest.raises(FormIncomplete):
        periods.financial_year(9999, begins_in=4, zone=LONDON)


# ------------------------------------------------------------------ cases and promises


def test_cases_that_were_there_came_went_and_are_there_now() -> None:
    cases = [
        case(1, opened="2026-03-01 10:00"),
        case(2, opened="2026-03-02 10:00", stage="closed", closed_at="2026-06-01 10:00"),
        case(3),
        case(4, Closure(id=named("c"), stream=facts().case.stream, closed_at=london("2026-07-01 10:00")),
             reopened_at="2026-08-01 10:00"),
        case(5, opened="2027-04-02 10:00"),
        case(6, opened="2025-01-02 10:00", stage="closed", closed_at="2025-06-01 10:00"),
    ]  # fmt: skip
    counted = {row.code: row.values[0] for row in figures.cases_counted(cases, YEAR).rows}
    assert counted == {"begin": 2, "opened": 2, "again": 1, "closed": 2, "end": 3}


def test_promises_by_how_they_were_kept_in_the_period_they_were_due() -> None:
    told = "2026-05-04 10:00"
    prompt = case(
        1,
        make(Report, received_at=told),
        make(Contact, at="2026-05-04 12:00", way="call", outcome="spoke"),
        opened=told,
    )
    tardy = case(
        2,
        make(Report, received_at=told),
        make(Contact, at="2026-05-06 12:00", way="call", outcome="spoke"),
        opened=told,
    )
    never = case(3, make(Report, received_at=told), opened=told)
    before = case(4, make(Report, received_at="2026-03-01 10:00"), opened="2026-03-01 10:00")
    counted = figures.promises_counted(
        figures.promises_of([prompt, tardy, never, before], setting("2026-05-10 10:00")), YEAR
    )
    contact = next(row for row in counted.rows if row.code == "first-contact")
    assert contact.values == (1, 2, 0, 0), "what was due before the year is not in it"
    review = next(row for row in counted.rows if row.code == "review")
    assert review.values == (0, 0, 4, 0), "the next review of each case is not due yet"


def test_promised_updates_that_were_kept_are_counted_with_those_that_were_not() -> None:
    plan = make(ActionPlan, drawn_up_at="2026-05-04 10:00", contact_days=7, agreed="said")
    kept = make(Contact, "kept", at="2026-05-10 10:00", way="call", outcome="spoke")
    late = make(Contact, "late", at="2026-05-25 10:00", way="call", outcome="spoke")
    counted = figures.promises_counted(
        figures.promises_of([case(1, plan, kept, late)], setting("2026-05-26 10:00")), YEAR
    )
    assert next(row for row in counted.rows if row.code == "update").values == (1, 1, 1, 0)
    again = list(figures.updates_kept(case(1, plan, kept, late), setting("2026-05-26 10:00")))
    assert again == [london("2026-05-10 10:00")]


# ------------------------------------------------------------------ what is behind it


def perceived(*strands: str) -> Perception:
    return make(Perception, str(strands), strands=frozenset(strands), stated_at="2026-05-04 10:00")


def ended(outcome: str, **fields: Any) -> Closure:
    return make(Closure, outcome, proposed_at="2026-06-20 10:00", outcome=outcome, **fields)


def test_each_reason_by_how_the_case_ended() -> None:
    cases = [
        case(1, perceived("race", "religion")),
        case(2, perceived("race"), ended("acted"), stage="closed", closed_at="2026-07-01 10:00"),
        case(7, perceived("religion"), ended("passed-on"), stage="closed", closed_at="2026-07-01 10:00"),
        case(5, perceived("age"), ended("died"), stage="closed", closed_at="2026-07-01 10:00"),
        case(6, perceived("gender"), ended("acted", withdrawn_at="2026-06-21 10:00"), stage="closed",
             closed_at="2026-07-01 10:00"),
        case(3, perceived(), stage="closed", closed_at="2026-07-01 10:00"),
        case(4, perceived("age"), opened="2026-01-01 10:00"),
    ]
    table = figures.strands_counted(cases, YEAR)
    assert column(table, 0) == {"race": 1, "religion": 1}
    places = {words: place for place, words in enumerate(table.columns)}
    assert column(table, places["Stopped"]) == {"race": 1}
    assert column(table, places["Moved or passed on"]) == {"religion": 1}
    otherwise = {"age": 1, "gender": 1, "not-asked": 1}
    assert column(table, places["Otherwise"]) == otherwise, "died, a proposal taken back, and no word on how"


def test_a_hate_incident_counts_by_how_it_was_seen_whatever_was_judged_later() -> None:
    lower = make(Judgement, decided_at="2026-06-01 10:00", handling="other", reasons="x", decided_by=b"a")
    cases = [
        case(1, perceived("race", "disability")),
        case(2, perceived("race"), lower, handling="other"),
        case(3, perceived("gender")),
        case(4, perceived("transgender-identity"), reopened_at="2026-09-01 10:00", opened="2026-01-01 10:00"),
    ]
    table = figures.hate_counted(cases, YEAR, setting(NOW), 40)
    counted = {row.code: row.values[0] for row in table.rows}
    assert (counted["opened"], counted["hate"], counted["other"]) == (3, 2, 1)
    assert counted["race"] == 2 and counted["disability"] == 1 and counted["transgender-identity"] == 0
    assert table.homes == 40 and counted["not race"] == 0, "kept from being worked out, and never shown"


def test_kinds_of_act_tools_moves_and_surveys() -> None:
    cases = [
        case(1, make(Incident, acts=frozenset({"graffiti", "abuse"})), make(Incident, "b", acts=frozenset({"abuse"}))),
        case(
            2, make(ToolUsed, power="injunction", decided_at="2026-05-06 10:00"),
            make(WarningGiven, given_at="2026-05-05 10:00", given_to="A boy"),
            make(ManagementTransfer, decided_at="2026-06-01 10:00", decision="awarded"),
            make(Survey, sent_at="2026-08-01 10:00", returned_on=date(2026, 8, 9)), stage="closed",
            closed_at="2026-07-20 10:00",
        ),
        case(3, make(Survey, not_sent_because="No safe way."), stage="closed", closed_at="2026-07-20 10:00"),
    ]  # fmt: skip
    assert column(figures.acts_counted(cases, YEAR, pack())) == {"graffiti": 1, "abuse": 1, "not-asked": 2}
    labels = {row.code: row.label for row in figures.acts_counted(cases, YEAR, pack()).rows}
    assert labels["graffiti"].endswith("(HouseMark: D Vandalism, damage; Police: Environmental)")
    assert labels["not-asked"] == "Not asked"
    assert column(figures.tools_counted(cases, YEAR, legal_pack())) == {"injunction": 1, "warning": 1}
    assert column(figures.moves_counted(cases, YEAR)) == {"awarded": 1}
    assert column(figures.surveys_counted(cases, YEAR, setting(NOW))) == {"sent": 1, "back": 1, "kept": 1}


ANSWERS = (SurveyAnswer("yes", "Yes", 2), SurveyAnswer("no", "No", 1))


def test_answers_of_surveys_that_came_back_and_appeals() -> None:
    questions = parse_survey(shipped_text("survey", DEFAULT_PACK))
    came = make(
        Survey, "back", sent_at="2026-08-01 10:00", returned_on=date(2026, 8, 9),
        answers=frozenset({"dealt:very", "safer:no", "private:not-asked", "respect:partly", "strange:yes"}),
    )  # fmt: skip
    silent = make(Survey, "silent", sent_at="2026-08-01 10:00")
    appeal = make(Appeal, made_at="2026-07-01 10:00")
    cases = [case(1, came, appeal, stage="closed", closed_at="2026-07-20 10:00"), case(2, silent)]
    asked = {None: questions, came.id: questions, silent.id: questions}
    rows = {row.code: row.values for row in figures.answers_counted(cases, YEAR, asked).rows}
    assert rows["dealt"] == (1, 0, 0) and rows["safer"] == (0, 1, 0)
    assert rows["private"] == (0, 0, 1) and rows["again"] == (0, 0, 1), "not asked for, and not answered"
    assert rows["respect"] == (0, 1, 0), "neither good nor bad is not good"
    assert all(sum(values) == 1 for values in rows.values())
    assert column(figures.appeals_counted(cases, YEAR)) == {"not-asked": 1}


def test_answers_are_counted_by_the_questions_each_survey_was_sent_with() -> None:
    old, new = (
        SurveyQuestions("own", version, "T", "N", (SurveyQuestion(code, words, ANSWERS),), "More?")
        for version, code, words in ((1, "speed", "Were we fast?"), (2, "kind", "Were we kind?"))
    )
    came = make(
        Survey, "one", sent_at="2026-08-01 10:00", returned_on=date(2026, 8, 9), answers=frozenset({"speed:yes"})
    )
    table = figures.answers_counted([case(1, came)], YEAR, {None: new, came.id: old})
    assert [(row.code, row.label, row.values) for row in table.rows] == [
        ("kind", "Were we kind?", (0, 0, 1)), ("speed", "Were we fast?", (1, 0, 0)),
    ]  # fmt: skip


# ------------------------------------------------------------------ people


def person(name: str, *roles: str, **fields: Any) -> Party:
    return make(Party, f"{name}{roles}{sorted(fields)}", name=name, roles=frozenset(roles), **fields)


def test_people_and_places_that_come_again() -> None:
    home, flat = named("home"), named("flat")
    cases = [
        case(1, person("Meera Quill", "harmed", home=home), person("Dan Crow", "alleged-perpetrator"), home=flat),
        case(2, person("meera  quill", "harmed", home=home), person("Dan Crow", "alleged-perpetrator"),
             opened="2025-01-01 10:00"),
        case(3, person("Meera Quill", "harmed", home=named("another")), home=flat),
        case(4, person("Old Case", "harmed"), opened="2024-01-01 10:00"),
        case(5, person("Old Case", "harmed"), opened="2024-02-01 10:00"),
    ]  # fmt: skip
    assert column(figures_people.repeats_counted(cases, YEAR)) == {"harmed": 1, "place": 1, "about": 1}
    gate = [make(KnownPlace, what="gate", name=words, block="Marsh House") for words in ("Back gate", "back  GATE")]
    both = [case(1, gate[0]), case(2, gate[1])]
    assert column(figures_people.repeats_counted(both, YEAR)) == {"place": 1}


def said(party: Party, at: str = "2026-05-04 10:00", **answers: str) -> Monitoring:
    return make(Monitoring, f"{party.name} {at}", party=party.id, asked_at=at, **answers)


def test_outcomes_by_what_people_say_of_themselves_and_not_wanting_to_say_is_an_answer() -> None:
    her, him = person("Meera", "harmed"), person("Joe", "harmed")
    warned = make(ToolUsed, power="first-warning", decided_at="2026-05-06 10:00")
    cases = [
        case(1, her, said(her, sex="female", religion="sikh"), warned),
        case(2, him, said(him, sex=PREFER_NOT)),
        case(3, person("Ann", "harmed")),
    ]
    tables = {table.code: table for table in figures_people.harmed_counted(cases, YEAR)}
    assert len(tables) == len(figures_people.CHARACTERISTICS)
    sex = tables["harmed-sex"]
    assert column(sex, 0) == {"female": 1, "all": 1}
    assert column(sex, 1) == {PREFER_NOT: 1, "not-asked": 1, "all": 2}
    assert column(tables["harmed-religion"], 1) == {"not-asked": 2, "all": 2}


def test_formal_action_against_whom() -> None:
    him, them = person("Joe", "alleged-perpetrator"), person("Sam", "alleged-perpetrator")
    formal = make(ToolUsed, "formal", party=him.id, power="injunction", decided_at="2026-05-06 10:00")
    warned = make(WarningGiven, party=them.id, given_to="Sam", given_at="2026-05-06 10:00")
    counted = figures_people.complained_about_counted(
        [case(1, him, them, said(him, age_group="18-24"), formal, warned)], YEAR, legal_pack()
    )
    age = next(table for table in counted if table.code == "about-age_group")
    assert (column(age, 0), column(age, 1)) == ({"18-24": 1, "all": 1}, {"not-asked": 1, "all": 1})


def test_the_latest_answer_holds_in_any_order() -> None:
    her = person("Meera", "harmed")
    first, second = said(her, religion="hindu"), said(her, "2026-06-01 10:00", religion=PREFER_NOT)
    for order in ((first, second), (second, first)):
        latest = figures_people.answers_of(case(1, her, *order), her.id)
        assert latest is not None and latest.religion == PREFER_NOT


def test_quarters_add_up_to_the_year_wherever_it_is_said_that_they_do() -> None:
    her = person("Meera", "harmed")
    cases = [
        case(
            number,
            perceived("race"),
            her,
            make(Incident, acts=frozenset({"abuse"})),
            opened=f"2026-{month:02}-10 10:00",
        )
        for number, month in enumerate((4, 4, 5, 8, 11, 12), start=1)
    ]
    quarters = periods.quarters_of(YEAR, LONDON)

    def tables(period: Period) -> list[Table]:
        return [
            figures.cases_counted(cases, period),
            figures.promises_counted(figures.promises_of(cases, setting(NOW)), period),
            figures.strands_counted(cases, period), figures.hate_counted(cases, period, setting(NOW), 40),
            figures.acts_counted(cases, period, pack()), *figures_people.harmed_counted(cases, period),
        ]  # fmt: skip

    parts = [tables(quarter) for quarter in quarters]
    for place, whole in enumerate(tables(YEAR)):
        for number, row in enumerate(whole.rows):
            if row.adds:
                sums = tuple(
                    sum(column) for column in zip(*(part[place].rows[number].values for part in parts), strict=True)
                )
                assert sums == row.values, (whole.code, row.code)
    assert not any(row.adds for row in figures_people.repeats_counted(cases, YEAR).rows)
