"""What a report says becomes records; what comes later stands beside them; and whether there is a case already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.case import Case, Incident, Judgement, Party, Perception, Report, SafeContact
from core.domain.enforcement import StandingOfPerson
from core.domain.intake import PersonFate, ReportFate
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId, UserId
from core.services import casework, closing_letters, drafts, intake, surveys, sync
from core.services.case_page import read_case
from core.services.cases import REPORT_DRAFT, CaseLogged, ReportForm, list_cases, open_case
from core.services.contacts import ContactForm, contact_hint, record_contact, ways_to_contact
from core.services.existing import ReportSoFar, add_report, find_existing
from core.services.homes import address_of, find_homes
from core.services.intake import NewPersonForm, PersonFateForm, ReportFateForm
from core.services.late_reports import LateReportForm, decide_late_report
from core.services.report_form import ComplainedAboutForm, IncidentForm, PersonForm, SeenForm
from core.services.safe_ways import SafeWaysForm, check_safe_ways
from core.services.second_person import answer_as_second
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.laptops import Office, Template
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, homes_csv, logged, with_homes

ways = frozenset


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@dataclass
class Two:
    """Two colleagues, each with a laptop."""

    ana: Workspace
    ben: Workspace

    def told(self, **changes: Any) -> CaseLogged:
        """Ana logs a report."""
        now = self.ana.parts.clock.now()
        return logged(self.ana, **{"received_at": now - timedelta(hours=1), **changes})

    def exchange(self) -> None:
        for laptop in (self.ana, self.ben):
            report = sync.sync_now(laptop)
            assert (report.refused, report.notices) == (0, ())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


@pytest.fixture
def two(template: Template, tmp_path: Path) -> Two:
    _, laptops = template.copy(tmp_path)
    return Two(*laptops.values())


def person_named(workspace: Workspace, name: str) -> Party:
    (found,) = (party for party in workspace.store.select(Party) if party.name == name)
    return found


def problems_of(workspace: Workspace, **changes: Any) -> dict[str, str]:
    with pytest.raises(FormIncomplete) as caught:
        logged(workspace, **changes)
    return caught.value.problems


class TestAReport:
    def test_several_people_harmed_each_have_their_own_safe_ways(self, workspace: Workspace) -> None:
        made = logged(
            workspace, reporter_name="Meera Quill", reporter_sort="resident", safe_ways=ways({"text"}),
            others_harmed=(
                PersonForm(name="Ada Quill", sort="household", safe_ways=ways({"letter"}), code_word="heron"),
                PersonForm(sort="visitor", unsafe_ways=ways({"letter"})),
            ),
        )  # fmt: skip
        ada = person_named(workspace, "Ada Quill")
        assert ways_to_contact(workspace, case=made.case, party=ada.id).safe == ("letter",)
        assert ways_to_contact(workspace, case=made.case, party=ada.id).code_word == "heron"
        assert ways_to_contact(workspace, case=made.case).safe == ()
        assert contact_hint(ways_to_contact(workspace, case=made.case)) == (
            "Each person has their own safe ways; no letters home"
        )
        assert len(workspace.store.select(SafeContact)) == 3

    def test_it_says_who_told_us_how_and_whether_a_child_did(self, workspace: Workspace) -> None:
        logged(workspace, reporter_name="Kit", reporter_is_harmed=False, harmed_name="Ada", by_child=True)
        (report,) = workspace.store.select(Report)
        assert report.by_child and report.reporter == person_named(workspace, "Kit").id

    def test_a_series_with_several_acts_and_several_people_who_see_it(self, workspace: Workspace) -> None:
        made = logged(
            workspace, acts=frozenset({"graffiti", "violence", "damage"}), happened_at=NOON - timedelta(days=1),
            more_incidents=(IncidentForm(happened_at=NOON - timedelta(days=9), acts=frozenset({"abuse"})),
                            IncidentForm(happened_text="last winter")),
            also_seen=(SeenForm(perceived_by="witness", strands=frozenset({"religion"}), by_association=True),),
        )  # fmt: skip
        page = read_case(workspace, case=made.case)
        assert page.gravest == ("violence", "damage", "graffiti", "abuse")
        assert page.monitored == {"religion"} and len(page.file.contents.incidents) == 3
        assert {seen.by_association for seen in page.file.contents.perceptions} == {None, True}

    def test_people_complained_about_unknown_described_named_and_a_child(self, workspace: Workspace) -> None:
        made = logged(
            workspace, perpetrator_known="described", described="Tall, red coat.", age_band="under-10",
            others_complained_about=(
                ComplainedAboutForm(name="Sam Vale", tenure="other-landlord", landlord="Marsh Homes"),
                ComplainedAboutForm(known="withheld"),
            ),
        )  # fmt: skip
        people = [one for one in workspace.store.select(Party) if "alleged-perpetrator" in one.roles]
        assert sorted(one.known for one in people) == ["described", "named", "withheld"]
        (standing,) = workspace.store.select(StandingOfPerson)
        assert (standing.tenure, standing.landlord) == ("other-landlord", "Marsh Homes")
        assert standing.party == person_named(workspace, "Sam Vale").id
        assert workspace.store.get(Case, made.case).perpetrator_known == "described"

    def test_what_is_missing_or_not_known_is_said_and_nothing_is_saved(self, workspace: Workspace) -> None:
        assert "others_harmed" in problems_of(workspace, others_harmed=(PersonForm(),))
        assert "others_harmed" in problems_of(workspace, reporter_sort="ghost")
        assert "others_complained_about" in problems_of(workspace, others_complained_about=(ComplainedAboutForm(),))
        assert "more_incidents" in problems_of(workspace, more_incidents=(IncidentForm(),))
        assert "also_seen" in problems_of(workspace, also_seen=(SeenForm(perceived_by="nobody"),))
        shared = {"safe_ways": ways({"email", "text"}), "seen_by_others": ways({"email"})}
        assert problems_of(workspace, **shared) == {
            "safe_ways": "Somebody else may read their email. So this is not a safe way: email."
        }
        assert list_cases(workspace).total == 0


class TestOneOfUs:
    """Policy 1.3 and 3.1: a colleague is harmed. The page is the same; the file begins closed to the others."""

    @pytest.mark.parametrize("sort", ["staff", "contractor", "committee"])
    def test_colleagues_cannot_read_it_unless_they_are_named(self, two: Two, sort: str) -> None:
        made = two.told(reporter_sort=sort, readers=None)
        two.exchange()
        assert list_cases(two.ben).total == 0
        with pytest.raises(NotFound):
            open_case(two.ben, case=made.case)
        shared = two.told(reporter_sort=sort, readers=frozenset({two.ben.user}))
        two.exchange()
        assert [row.row.id for row in list_cases(two.ben).rows] == [shared.case]

    def test_a_resident_s_case_is_read_by_every_caseworker_as_before(self, two: Two) -> None:
        two.told(reporter_sort="resident", readers=None)
        two.exchange()
        assert list_cases(two.ben).total == 1

    def test_their_manager_is_kept_out_whoever_else_reads_it(self, two: Two) -> None:
        both = frozenset({two.ben.user})
        made = two.told(reporter_sort="staff", readers=both, conflicted=both)
        two.exchange()
        assert list_cases(two.ben).total == 0
        assert [row.user for row in read_case(two.ana, case=made.case).kept_out] == [two.ben.user]


class TestWhatComesLater:
    def test_another_incident_names_whom_it_harmed(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera", others_harmed=(PersonForm(name="Ada"),)).case
        ada = person_named(workspace, "Ada").id
        intake.add_incident(workspace, case=case, form=IncidentForm(description="Again.", harmed=frozenset({ada})))
        assert [one.harmed for one in workspace.store.select(Incident) if one.description == "Again."] == [{ada}]
        with pytest.raises(FormIncomplete) as caught:
            intake.add_incident(workspace, case=case, form=IncidentForm(harmed=frozenset({case})))
        assert set(caught.value.problems) == {"description", "harmed"}

    def test_a_view_that_it_is_none_is_kept_and_changes_nothing(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        intake.add_perception(workspace, case=case, form=SeenForm(perceived_by="officer", is_harassment=False))
        assert workspace.store.get(Case, case).handling == "harassment"
        assert len(workspace.store.select(Perception)) == 2

    def test_a_new_perception_after_a_decision_asks_for_another(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        with workspace.store.unit("test") as (unit, _):
            judged = unit.create(
                Judgement, workspace.store.get(Case, case).stream, case=case, handling="other", reasons="Looked into.",
                decided_by=b"b" * 16, second_person=workspace.user, decided_at=workspace.parts.clock.now(),
                evidence="Film.",
            )  # fmt: skip
        assert read_case(workspace, case=case).judge_again == ""
        answer_as_second(workspace, decision=judged, agrees=True)
        assert workspace.store.get(Case, case).handling == "other"
        assert read_case(workspace, case=case).judge_again == ""
        workspace.parts.clock.forward(hours=1)  # type: ignore[attr-defined]
        seen = SeenForm(perceived_by="witness", strands=frozenset({"race"}))
        intake.add_perception(workspace, case=case, form=seen)
        page = read_case(workspace, case=case)
        assert page.judge_again and page.monitored == {"race"}
        casework.judge_handling(workspace, case=case, handling="harassment", reasons="Seen so by a witness.")
        page = read_case(workspace, case=case)
        assert page.judge_again == "" and page.file.case.handling == "harassment"
        told = [entry.title for entry in page.file.timeline]
        assert "Decision: continued in another way" in told and "Seen as harassment by: a witness" in told
        (down,) = (entry for entry in page.file.timeline if "another way" in entry.title)
        assert "Evidence: Film." in down.body

    def test_another_person_complained_about_is_better_known_than_before(self, workspace: Workspace) -> None:
        case = logged(workspace, perpetrator_known="unknown").case
        form = NewPersonForm(
            case=case, roles=frozenset({"alleged-perpetrator"}),
            about=ComplainedAboutForm(known="described", described="Red coat.", age_band="10-17"),
        )  # fmt: skip
        intake.add_person(workspace, form=form)
        assert workspace.store.get(Case, case).perpetrator_known == "described"
        named = NewPersonForm(
            case=case, roles=frozenset({"alleged-perpetrator"}), about=ComplainedAboutForm(known="withheld")
        )
        intake.add_person(workspace, form=named)
        assert workspace.store.get(Case, case).perpetrator_known == "described"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"roles": frozenset(), "name": "x"}, "roles"), ({"roles": frozenset({"harmed"})}, "name"),
            ({"roles": frozenset({"harmed", "alleged-perpetrator"}), "name": "x"}, "roles"),
            ({"roles": frozenset({"harmed"}), "name": "x", "sort": "ghost"}, "sort"),
        ],
    )  # fmt: skip
    def test_what_another_person_needs(self, workspace: Workspace, changes: dict[str, Any], field: str) -> None:
        case = logged(workspace).case
        with pytest.raises(FormIncomplete) as caught:
            intake.add_person(workspace, form=NewPersonForm(case=case, **changes))
        assert list(caught.value.problems) == [field]

    def test_a_malicious_report_is_kept_with_its_finding(self, workspace: Workspace) -> None:
        case = logged(workspace, strands=frozenset({"race"})).case
        (report,) = workspace.store.select(Report)
        alone = ReportFateForm(report=report.id, what="malicious", reasons="Made up.", evidence="Film.")
        with pytest.raises(FormIncomplete) as caught:
            intake.note_report_fate(workspace, form=alone)
        assert list(caught.value.problems) == ["second_person"]
        assert workspace.store.select(ReportFate) == ()
        stranger = ReportFateForm(
            report=report.id, what="malicious", reasons="Made up.", evidence="Film.", second_person=UserId(b"b" * 16)
        )
        with pytest.raises(FormIncomplete) as unread:
            intake.note_report_fate(workspace, form=stranger)
        assert "somebody who reads the case" in unread.value.problems["second_person"]
        with workspace.store.unit("test") as (unit, _):
            unit.create(
                ReportFate, report.stream, case=case, report=report.id, what="malicious", reasons="Made up.",
                evidence="Film.", decided_by=workspace.user, second_person=b"b" * 16,
                decided_at=workspace.parts.clock.now(),
            )  # fmt: skip
        page = read_case(workspace, case=case)
        assert page.file.contents.reports == (report,) and page.monitored == {"race"}
        told = [entry.title for entry in page.file.timeline]
        assert "Report: found to be malicious, if a second person agrees" in told

    def test_a_retracted_report_asks_about_pressure_and_ends_nothing(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        (report,) = workspace.store.select(Report)
        form = ReportFateForm(report=report.id, what="retracted", reasons="She asked us to stop.")
        with pytest.raises(FormIncomplete) as caught:
            intake.note_report_fate(workspace, form=form)
        assert list(caught.value.problems) == ["pressed"]
        duties = len(open_case(workspace, case=case).duties)
        intake.note_report_fate(
            workspace, form=ReportFateForm(report=report.id, what="retracted", reasons="She asked.", pressed=True)
        )
        assert len(open_case(workspace, case=case).duties) == duties


class TestWhatBecameOfAPerson:
    def test_after_a_death_nobody_contacts_them_and_somebody_else_is_spoken_with(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera").case
        meera = person_named(workspace, "Meera").id
        form = PersonFateForm(
            party=meera, what="died", words="Her son rang.", speak_with_name="Arun", speak_with_phone="1"
        )
        intake.note_person_fate(workspace, form=form)
        arun = person_named(workspace, "Arun")
        assert arun.roles == {"speaks-for"}
        call = ContactForm(case=case, at=NOON, way="call", outcome="spoke", party=meera)
        with pytest.raises(FormIncomplete, match="Speak with Arun instead"):
            record_contact(workspace, form=call)
        record_contact(workspace, form=ContactForm(case=case, at=NOON, way="call", outcome="spoke", party=arun.id))
        (fate,) = workspace.store.select(PersonFate)
        assert fate.speak_with == arun.id
        assert "A person of the case: died" in [one.title for one in open_case(workspace, case=case).timeline]

    def test_no_survey_goes_to_the_dead(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera", safe_ways=ways({"letter"})).case
        form = PersonFateForm(party=person_named(workspace, "Meera").id, what="died", words="A letter from her family.")
        intake.note_person_fate(workspace, form=form)
        with pytest.raises(FormIncomplete) as caught:
            closing_letters.write_survey(workspace, case=case)
        assert "No survey is sent" in caught.value.problems["party"]
        surveys.leave_out_survey(workspace, case=case, not_sent_because="She has died.")

    def test_the_only_person_of_a_case_who_died_is_not_contacted_by_default(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera").case
        form = PersonFateForm(party=person_named(workspace, "Meera").id, what="died", words="Told by the warden.")
        intake.note_person_fate(workspace, form=form)
        with pytest.raises(FormIncomplete, match="has died"):
            record_contact(workspace, form=ContactForm(case=case, at=NOON, way="call", outcome="no-answer"))

    def test_a_loss_of_capacity_names_who_speaks_and_by_what_right(self, workspace: Workspace) -> None:
        logged(workspace, reporter_name="Meera")
        meera = person_named(workspace, "Meera").id
        with pytest.raises(FormIncomplete) as caught:
            intake.note_person_fate(
                workspace, form=PersonFateForm(party=meera, what="lost-capacity", words="Her doctor.")
            )
        assert set(caught.value.problems) == {"speak_with_name", "authority"}

    def test_a_new_home_is_recognised_however_it_is_written(self, tmp_path: Path, workspace: Workspace) -> None:
        with_homes(workspace, homes_csv(tmp_path / "homes.csv", 30))
        home = find_homes(workspace, words="")[0]
        logged(workspace, reporter_name="Meera")
        meera = person_named(workspace, "Meera").id
        intake.note_person_fate(workspace, form=PersonFateForm(party=meera, what="moved-away", words="She told us."))
        intake.new_home(workspace, party=meera, address=address_of(home).upper())
        assert person_named(workspace, "Meera").home == home.id
        intake.new_home(workspace, party=meera, address="9 Elsewhere Road, Farford")
        assert person_named(workspace, "Meera").address == "9 Elsewhere Road, Farford"


class TestSafeWays:
    def test_one_person_s_answer_leaves_the_others_alone(self, workspace: Workspace) -> None:
        case = logged(
            workspace, reporter_name="Meera", others_harmed=(PersonForm(name="Ada", safe_ways=ways({"call"})),)
        ).case
        ada = person_named(workspace, "Ada").id
        form = SafeWaysForm(
            case=case, party=ada, safe_ways=ways({"email"}), seen_by_others=ways({"letterbox"}), code_word="tern"
        )
        check_safe_ways(workspace, form=form)
        assert ways_to_contact(workspace, case=case, party=ada).safe == ("email",)
        assert ways_to_contact(workspace, case=case, party=ada).never == ("letter",)
        assert ways_to_contact(workspace, case=case, party=person_named(workspace, "Meera").id).safe == ("call",)
        assert len(workspace.store.select(SafeContact)) == 2

    def test_a_breach_needs_a_reason_and_says_what_is_wrong(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera", seen_by_others=ways({"email"})).case
        mail = {
            "case": case,
            "at": NOON,
            "way": "email",
            "outcome": "sent",
            "party": person_named(workspace, "Meera").id,
        }
        with pytest.raises(FormIncomplete, match="Somebody else may read their email"):
            record_contact(workspace, form=ContactForm(**mail))
        record_contact(workspace, form=ContactForm(**mail, unsafe_reason="She asked for it, at work."))


class TestIsThereACaseAlready:
    def test_it_is_found_by_home_name_and_place_however_written(self, tmp_path: Path, workspace: Workspace) -> None:
        with_homes(workspace, homes_csv(tmp_path / "homes.csv", 30))
        home = find_homes(workspace, words="")[0]
        made = logged(workspace, reporter_name="Muhammad Hussein", home=home.id, place="")
        for asked in (
            ReportSoFar(home=home.id),
            ReportSoFar(harmed=("Mohamed Hussain",)),
            ReportSoFar(place=address_of(home).lower()),
            ReportSoFar(complained_about=("Hussain Mohammed",)),
        ):  # fmt: skip
            (found,) = find_existing(workspace, report=asked)
            assert (found.case, found.reference, found.is_open) == (made.case, made.reference, True)
            assert found.why
        assert find_existing(workspace, report=ReportSoFar(harmed=("Ada Quill",), place="Lift")) == ()
        assert find_existing(workspace, report=ReportSoFar()) == ()

    def test_nothing_is_said_of_a_case_one_may_not_read(self, two: Two) -> None:
        two.told(reporter_name="Meera Quill", place="Lift", readers=frozenset())
        two.told(reporter_name="Ada Vale", readers=frozenset({two.ben.user}), conflicted=frozenset())
        two.exchange()
        asked = ReportSoFar(harmed=("Meera Quill",), place="Lift")
        assert len(find_existing(two.ana, report=asked)) == 1
        assert find_existing(two.ben, report=asked) == ()
        assert len(find_existing(two.ben, report=ReportSoFar(harmed=("Ada Vale",)))) == 1

    def test_a_report_is_added_there_and_nobody_is_doubled(self, workspace: Workspace) -> None:
        case = logged(workspace, reporter_name="Meera Quill").case
        drafts.save_draft(workspace, name=REPORT_DRAFT, body="half typed")
        form = ReportForm(
            words="He came back.", received_at=NOON, danger_now=False, reporter_name="Meera Quill",
            phone="0303 999 0109", safe_ways=ways({"call"}), strands=frozenset({"race"}), acts=frozenset({"violence"}),
            others_harmed=(PersonForm(name="Ada"),),
        )  # fmt: skip
        added = add_report(workspace, case=case, form=form)
        assert added.case == case and list_cases(workspace).total == 1
        assert sorted(party.name for party in workspace.store.select(Party)) == ["Ada", "Meera Quill"]
        assert person_named(workspace, "Meera Quill").phone == "0303 999 0109"
        (again,) = (one for one in workspace.store.select(Incident) if one.description == "He came back.")
        assert again.harmed == {person_named(workspace, "Ada").id, person_named(workspace, "Meera Quill").id}
        assert len(workspace.store.select(Report)) == 2 and drafts.load_draft(workspace, name=REPORT_DRAFT) is None
        assert ways_to_contact(workspace, case=case, party=person_named(workspace, "Meera Quill").id).safe == ("call",)

    def test_a_closed_case_takes_a_report_and_stays_closed_until_somebody_decides(self, workspace: Workspace) -> None:
        case = logged(workspace).case
        clock_of(workspace).forward(days=100)
        with workspace.store.unit("close") as (unit, _):
            unit.update(Case, case, stage="closed", closed_at=clock_of(workspace).now())
        clock_of(workspace).forward(days=20)
        told = clock_of(workspace).now()
        form = ReportForm(words="x", received_at=told, danger_now=False, safe_ways=ways({"call"}))
        added = add_report(workspace, case=case, form=form)
        assert added.to_decide and workspace.store.get(Case, case).stage == "closed"
        waits = {row.kind: row for row in today(workspace).rows}
        assert waits["late-report"].subject == waits["late-report-contact"].subject == added.report
        said = {"report": added.report, "open_again": None, "reasons": " "}
        with pytest.raises(FormIncomplete) as caught:
            decide_late_report(workspace, form=LateReportForm(**said))
        assert set(caught.value.problems) == {"open_again", "reasons"}
        decide_late_report(workspace, form=LateReportForm(**{**said, "open_again": True, "reasons": "It began again."}))
        found = workspace.store.get(Case, case)
        assert (found.stage, found.reopened_at) == ("open", told)
        assert "late-report" not in {row.kind for row in today(workspace).rows}
        story = [one.title for one in read_case(workspace, case=case).file.timeline]
        assert "Report after closing: the case is opened again" in story
        with pytest.raises(FormIncomplete, match="decided about this report already"):
            decide_late_report(workspace, form=LateReportForm(report=added.report, open_again=False, reasons="No."))

    def test_one_person_complained_about_in_several_cases_is_told_over_those_one_may_read(self, two: Two) -> None:
        him = {"perpetrator_known": "named", "perpetrator_name": "Mohammed Ali"}
        both = frozenset({two.ben.user})
        first = two.told(readers=both, **him)
        second = two.told(readers=both, **{**him, "perpetrator_name": "Ali, Muhammad"})
        two.told(readers=frozenset(), **him)
        two.exchange()
        assert _elsewhere(two.ben, first.case) == [(second.reference,)]
        assert len(_elsewhere(two.ana, first.case)[0]) == 2


def _elsewhere(workspace: Workspace, case: RecordId) -> list[tuple[str, ...]]:
    return list(read_case(workspace, case=case).elsewhere.values())
