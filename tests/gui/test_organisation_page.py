"""The Organisation page as an administrator walks it: offices, training, copies, reviews, prevention, law, packs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.domain.governance import OfficeHeld, OnCallShift, PolicyCopy, PolicyEvent, Prevention, TrainingDone
from core.domain.packs import PackChange, RulesAtOpening
from core.foundation.ids import RecordId
from core.letters.formats import DRAFT_MARK
from core.services.cases import open_case
from core.services.contents import contents_of
from core.services.governance_page import read_organisation
from core.services.organisation import update_organisation
from core.services.packs import DEFAULT_PACK, shipped_text
from core.services.workspace import Workspace
from desktop.screens.organisation.form_view import OrganisationFormPage
from desktop.screens.organisation.presenter import FormPresenter, FormView
from desktop.screens.organisation.words import facts_of
from desktop.screens.report.view import ReportPage
from desktop.screens.today.on_call import OnCallLine
from desktop.screens.today.organisation import OrganisationBanner
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import settle, show_at, words_in
from tests.support.letter_pages import page_texts
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged, with_letterhead

TODAY = NOON.date().isoformat()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def fill(seat: Seat, form: str, answers: dict[str, object], subject: RecordId | None = None) -> dict[str, str]:
    """Open a form, answer it, save it. Gives the problems told, if it did not save."""
    presenter = FormPresenter(seat.context)
    opened, problems, failed = Heard(presenter.opened), Heard(presenter.problems), Heard(presenter.failed)
    presenter.arrive(form, subject)
    view = opened.last
    assert isinstance(view, FormView)
    presenter.typed({**view.answers, **answers})
    presenter.save()
    assert not failed.all, failed.all
    found: dict[str, str] = problems.last if problems.all else {}
    return found


def told(workspace: Workspace, tab: str) -> str:
    found = facts_of(read_organisation(workspace))[tab]
    return "\n".join(
        line for fact in found for line in (fact.heading, *(words for words, _ in fact.tags), *fact.lines) if line
    )


def test_an_office_is_taken_and_ends_and_the_line_stays(workspace: Workspace, seat: Seat) -> None:
    assert "Chairperson\nNobody" in told(workspace, "Offices")
    assert list(fill(seat, "office", {"office": "chairperson"})) == ["user"]
    me = workspace.user.hex()
    assert fill(seat, "office", {"office": "chairperson", "user": me}) == {}
    assert fill(seat, "office", {"office": "finance-officer", "name": "Omar Finch"}) == {}
    said = told(workspace, "Offices")
    assert f"Ana Bright, since {NOON.day} {NOON:%B %Y}" in said and "Omar Finch (no workbook here)" in said
    assert "If Ana Bright is connected with a case" in said and "Invite an independent reviewer" in said
    (held, _) = workspace.store.select(OfficeHeld)
    clock_of(workspace).forward(days=3)
    assert "before they began" in fill(seat, "office-ends", {"until": "2020-01-01"}, held.id)["until"]
    assert fill(seat, "office-ends", {"until": TODAY}, held.id) == {}
    assert "Before: Chairperson" in told(workspace, "Offices")


def test_the_rota_has_its_gaps_and_tonight_is_on_today_and_where_a_report_is_taken(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    assert "Nobody holds the phone." in told(workspace, "Out of hours")
    line = OnCallLine(seat.context)
    page = ReportPage(seat.context)
    for widget in (line, page):
        qtbot.addWidget(widget)
    line.presenter.arrive()
    assert line.isHidden(), "no rota is kept"
    assert sorted(fill(seat, "take-phone", {"from_on": TODAY, "until_on": "2020-01-01"})) == ["until_on", "user"]
    shift = {"user": workspace.user.hex(), "from_on": TODAY, "until_on": TODAY}
    assert fill(seat, "take-phone", shift) == {}
    said = told(workspace, "Out of hours")
    assert "Ana Bright holds the phone, 0303 999 0102." in said and "27 of the next 28 nights" in said
    assert any("on 27 nights of the next 28." in one for one in read_organisation(workspace).reminders)
    line.presenter.arrive()
    assert "Out of hours from 5:00pm: Ana Bright, 0303 999 0102." in words_in(line)
    line.presenter.go()
    assert seat.desk.went[-1] == ("organisation", {"tab": "Out of hours"})

    show_at(page, 1366, 768)
    page.arrive()
    settle()
    assert page.needed.answered.isHidden()
    late = (NOON - timedelta(days=2)).replace(hour=22)
    page.needed.begin_at(late)
    page.presenter.typed(page.typed())
    settle()
    assert not page.needed.answered.isHidden()
    assert "This is outside office hours. Nobody was on the rota that night." in words_in(page)
    said_now = replace(page.typed(), words="A call at night.", danger_now=False, safe_ways=("text",))
    page.presenter.typed(replace(said_now, answered_by="Sam Fox"))
    page.presenter.save()
    (case,) = workspace.store.select(Case)
    (story,) = [one for one in open_case(workspace, case=case.id).timeline if one.title.startswith("Report received")]
    assert story.title == "Report received by phone, out of hours: Sam Fox answered" and story.who == "Ana Bright"

    (kept,) = workspace.store.select(OnCallShift)
    assert fill(seat, "leave-phone", {}, kept.id) == {}
    assert "28 of the next 28 nights" in told(workspace, "Out of hours")


def test_the_out_of_hours_card_is_printed_without_a_case(workspace: Workspace, seat: Seat, tmp_path: Path) -> None:
    assert fill(seat, "make-card", {"target": str(tmp_path / "card")}) == {}
    (page,) = page_texts((tmp_path / "card.pdf").read_bytes())
    assert "0303 999 0102" in page and "999. If you cannot speak" in page and "harass" not in page.lower()
    plain = {"target": str(tmp_path / "cerdyn"), "language": "cy", "format": "plain-text"}
    assert fill(seat, "make-card", plain) == {}
    assert DRAFT_MARK in (tmp_path / "cerdyn.txt").read_text(encoding="utf-8")
    update_organisation(workspace, out_of_hours="")
    assert "out-of-hours phone first" in fill(seat, "make-card", {"target": str(tmp_path / "none")})["language"]
    assert not (tmp_path / "none.pdf").exists()


def test_training_lapses_and_is_said(workspace: Workspace, seat: Seat) -> None:
    me = workspace.user.hex()
    training = {"user": me, "training": "equality-diversity", "done_on": TODAY}
    assert list(fill(seat, "training", {**training, "done_on": "2099-01-01"})) == ["done_on"]
    assert fill(seat, "training", training) == {}
    (kept,) = workspace.store.select(TrainingDone)
    assert kept.done_on == NOON.date()
    assert "Training is due" in told(workspace, "Training")  # the other one was never done
    assert fill(seat, "training", {**training, "training": "harassment-casework"}) == {}
    assert "Up to date" in told(workspace, "Training")
    clock_of(workspace).forward(days=740)
    assert "Training is due" in told(workspace, "Training")
    assert any("Training is due for 1 colleague." in one for one in read_organisation(workspace).reminders)


def test_a_copy_is_asked_for_made_sent_away_and_given(workspace: Workspace, seat: Seat, tmp_path: Path) -> None:
    assert sorted(fill(seat, "copy", {})) == ["asked_by", "format"]
    assert fill(seat, "copy", {"asked_by": "Meera Quill", "format": "large-print"}) == {}
    (copy,) = workspace.store.select(PolicyCopy)
    assert fill(seat, "make-copy", {"target": str(tmp_path / "policy")}, copy.id) == {}
    assert (tmp_path / "policy.pdf").read_bytes().startswith(b"%PDF")
    clock_of(workspace).forward(days=30)
    assert "Late" in told(workspace, "Copies")
    assert fill(seat, "copy-given", {"given_on": TODAY, "given_how": "by hand"}, copy.id) == {}
    assert "Given" in told(workspace, "Copies") and "Late" not in told(workspace, "Copies")
    assert fill(seat, "copy", {"asked_by": "Tom Reed", "format": "braille", "asked_on": TODAY}) == {}
    assert "Somebody else has to make this one." in told(workspace, "Copies")
    braille = next(one for one in workspace.store.select(PolicyCopy) if one.format == "braille")
    assert fill(seat, "make-copy", {"target": str(tmp_path / "for-braille")}, braille.id) == {}
    assert "4.24 First contact in 24 hours" in (tmp_path / "for-braille.txt").read_text(encoding="utf-8")
    assert fill(seat, "copy-given", {"outsourced_to": "The Braille press"}, braille.id) == {}
    assert "Made by The Braille press" in told(workspace, "Copies")


def test_copies_use_the_organisations_own_text_once_it_gave_one(
    workspace: Workspace, seat: Seat, tmp_path: Path
) -> None:
    own = tmp_path / "policy.txt"
    own.write_text("Our policy\n\nNobody here puts up with harassment.\n", encoding="utf-8")
    assert fill(seat, "policy-text", {"path": str(own)}) == {}
    assert fill(seat, "copy", {"asked_by": "Meera Quill", "format": "plain-text"}) == {}
    (copy,) = workspace.store.select(PolicyCopy)
    assert fill(seat, "make-copy", {"target": str(tmp_path / "out")}, copy.id) == {}
    text = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert "Nobody here puts up with harassment." in text and "4.24" not in text


def test_the_policy_contradicts_itself_and_all_three_dates_are_there(workspace: Workspace, seat: Seat) -> None:
    said = told(workspace, "Care of the policy")
    for due in ("Due by 31 October 2014", "Due by 31 October 2013", "Due by 30 November 2015"):
        assert due in said
    assert "The policy contradicts itself" in said and "for the committee to decide" in said
    event = {"sort": "consultation", "held_on": TODAY, "with_whom": "12 residents", "words": "They want it shorter."}
    assert list(fill(seat, "event", {**event, "words": ""})) == ["words"]
    assert fill(seat, "event", event) == {}
    (kept,) = workspace.store.select(PolicyEvent)
    assert kept.words == "They want it shorter."
    later = NOON.date().replace(year=NOON.year + 2)
    assert str(later.year) in told(workspace, "Care of the policy").split("Yearly review")[0]


def test_prevention_is_written_down_area_by_area(workspace: Workspace, seat: Seat) -> None:
    done = {"sort": "walk", "area": "Marsh Lane", "done_on": TODAY, "words": "Two lamps are dark.", "people": "4"}
    assert list(fill(seat, "prevention", {**done, "area": ""})) == ["area"]
    assert fill(seat, "prevention", {**done, "people": "many"}) == {"people": "Enter a whole number, in digits."}
    assert fill(seat, "prevention", done) == {}
    (kept,) = workspace.store.select(Prevention)
    assert kept.people == 4
    assert "Marsh Lane\nThis year" in told(workspace, "Prevention")
    clock_of(workspace).forward(days=400)
    assert "Marsh Lane\nNothing for a year" in told(workspace, "Prevention")


def test_the_law_page_says_what_stands_and_what_came_instead(workspace: Workspace) -> None:
    said = told(workspace, "Law")
    assert "Disability Discrimination Act 1995\nNamed in the policy\nRepealed.\nEquality Act 2010." in said
    assert "Nobody has confirmed that it is in force yet" in said


def test_a_number_is_changed_and_a_case_opened_before_keeps_the_old_one(workspace: Workspace, seat: Seat) -> None:
    change = {"which": "clocks/appeal/value", "typed": "15", "reason": "The committee decided on 3 November."}
    assert list(fill(seat, "change-policy", {**change, "typed": "many"})) == ["typed"]
    assert list(fill(seat, "change-policy", {**change, "reason": ""})) == ["reason"]
    assert list(fill(seat, "change-policy", {**change, "from_on": "2020-01-01"})) == ["from_on"]
    before = logged(workspace).case
    clock_of(workspace).forward(days=1)
    today = (NOON + timedelta(days=1)).date().isoformat()
    assert fill(seat, "change-policy", {**change, "from_on": today}) == {}
    assert workspace.pack.clocks.appeal.term.value == 15
    after = logged(workspace, received_at=NOON + timedelta(days=1)).case
    files = [contents_of(workspace, case) for case in (before, after)]
    assert [workspace.setting_of(file).pack.clocks.appeal.term.value for file in files] == [10, 15]
    first, second = (file.of(RulesAtOpening)[0] for file in files)
    assert first.policy != second.policy and "1 change" in second.policy and first.legal == second.legal
    assert "Change of policy numbers\nIn force\nClocks, appeal, value: 15" in told(workspace, "Packs")


def test_one_bank_holiday_is_added_and_deadlines_go_round_it(workspace: Workspace, seat: Seat) -> None:
    day = (NOON + timedelta(days=7)).date()
    one = {"day": day.isoformat(), "name": "Jubilee", "reason": "Announced on GOV.UK."}
    assert workspace.calendar.is_working_day(day)
    assert list(fill(seat, "add-holiday", {**one, "name": " "})) == ["name"]
    assert list(fill(seat, "add-holiday", {**one, "day": "2020-01-02"})) == ["day"]
    assert "2090" in fill(seat, "add-holiday", {**one, "day": "2090-01-02"})["day"]
    assert fill(seat, "add-holiday", one) == {}
    assert not workspace.calendar.is_working_day(day)
    assert fill(seat, "add-holiday", one) == {"day": "This is a bank holiday already: Jubilee."}
    assert f"Bank holiday on {day}: Jubilee" in told(workspace, "Packs")


def test_a_changed_pack_is_brought_in_and_every_wrong_row_is_named(
    qtbot: QtBot, workspace: Workspace, seat: Seat, tmp_path: Path
) -> None:
    content = json.loads(shipped_text("legal", DEFAULT_PACK))
    content["powers"][0]["least_age"] = "ten"
    content["powers"][2]["from"] = "soon"
    file = tmp_path / "powers.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    page = OrganisationFormPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(form="import-pack")
    settle()
    page.presenter.look(str(file))
    said = words_in(page)
    assert "Legal powers: 2 rows are wrong." in said
    assert "powers, row 1 (first-warning)" in said and "powers, row 3 (agreement)" in said
    refused = fill(seat, "import-pack", {"path": str(file), "reason": "Our solicitor."})
    assert "row 1 (first-warning)" in refused["path"] and "row 3 (agreement)" in refused["path"]
    assert workspace.store.count(PackChange) == 0
    content["powers"][0]["least_age"], content["powers"][2]["from"] = 10, None
    file.write_text(json.dumps(content), encoding="utf-8")
    assert fill(seat, "import-pack", {"path": str(file), "reason": "Our solicitor."}) == {}
    assert workspace.shelf.legal(workspace.today).powers[0].least_age == 10


def test_what_was_typed_into_a_form_is_there_again(workspace: Workspace, seat: Seat) -> None:
    presenter = FormPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("prevention")
    presenter.typed({**opened.last.answers, "area": "Marsh Lane"})
    presenter.leave()
    again = FormPresenter(seat.context)
    reopened = Heard(again.opened)
    again.arrive("prevention")
    assert reopened.last.answers["area"] == "Marsh Lane" and reopened.last.restored


def test_what_was_thrown_away_can_be_brought_back(seat: Seat) -> None:
    presenter = FormPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("prevention")
    presenter.throw_away()
    assert seat.desk.undo is None, "nothing was typed"
    presenter.arrive("prevention")
    presenter.typed({**opened.last.answers, "area": "Marsh Lane"})
    presenter.throw_away()
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert seat.desk.went[-1] == ("organisation-form", {"form": "prevention"})
    presenter.arrive("prevention")
    assert opened.last.answers["area"] == "Marsh Lane"
    presenter.throw_away()
    presenter.arrive("training")
    presenter.arrive("prevention")
    assert opened.last.answers["area"] != "Marsh Lane", "only until another form is opened"


def test_today_reminds_an_administrator(qtbot: QtBot, seat: Seat) -> None:
    banner = OrganisationBanner(seat.context)
    qtbot.addWidget(banner)
    banner.presenter.arrive()
    assert not banner.isHidden()
    assert "No training is written down yet." in words_in(banner) and "2014" not in words_in(banner)
    banner.presenter.go()
    assert seat.desk.went == [("organisation", {})]
