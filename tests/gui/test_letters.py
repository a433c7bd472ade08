"""Letters to an area: nobody is pointed at, nobody is taken by surprise, nothing is made twice, every door adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.changed import NOTHING
from core.domain.letters import LetterRecord, LetterRun
from core.foundation.errors import Cancelled, DiskFull, FormIncomplete, NotAgreedYet
from core.foundation.ids import RecordId, StreamId
from core.services import homes, letter_approval, letter_page, letters
from core.services.letter_page import CaseLetters, RunState
from core.services.letters import AreaPlan, LettersMade, RunStarted
from core.services.workspace import Workspace
from desktop.screens.letters.check_view import _ToldTick
from desktop.screens.letters.delivery import DeliveryPresenter
from desktop.screens.letters.kept import LetterChoices, from_text
from desktop.screens.letters.making import MakingPresenter
from desktop.screens.letters.presenter import LettersPresenter, Step
from desktop.screens.letters.runs import RunsPresenter
from desktop.screens.letters.view import LettersPage
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.estate import with_estate, with_letterhead
from tests.support.gui_audits import audit, audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.tab_order import comes_before
from tests.support.vaults import TestClock
from tests.support.workspaces import a_workspace, logged

NOTHING_CHOSEN = "Choose at least one street or block, or draw homes from a list."
CHOICES = LetterChoices(reason="A second report", person_consulted=True, letter_date=date(2026, 3, 2))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def a_case(workspace: Workspace, *, home: str = "", **more: object) -> RecordId:
    found = homes.find_homes(workspace, words=home)[0].id if home else None
    return logged(workspace, home=found, **more).case


def block_of(opened: CaseLetters) -> object:
    return next(area for area in opened.areas if area.is_block)


def begun(seat: Seat, case: RecordId) -> tuple[LettersPresenter, CaseLetters]:
    presenter = LettersPresenter(seat.context)
    heard = Heard(presenter.opened)
    presenter.arrive(case)
    return presenter, heard.last


def checked(seat: Seat, case: RecordId) -> tuple[LettersPresenter, Heard]:
    presenter, opened = begun(seat, case)
    planned = Heard(presenter.planned)
    presenter.choose_area(block_of(opened), True)  # type: ignore[arg-type]
    presenter.area_done()
    presenter.letter_done(CHOICES)
    return presenter, planned


def runs_of(workspace: Workspace) -> int:
    return len(workspace.store.select(LetterRun))


# ------------------------------------------------------------------ area and letter


def test_the_street_and_block_of_the_case_come_first(seat: Seat, workspace: Workspace) -> None:
    _, opened = begun(seat, a_case(workspace, home="quill 3"))
    assert {area.name for area in opened.near} == {"Quill House", "Amber Road"}


def test_each_step_says_what_it_needs(seat: Seat, workspace: Workspace) -> None:
    presenter, opened = begun(seat, a_case(workspace))
    problems = Heard(presenter.problems)
    presenter.area_done()
    assert problems.last == {"area": NOTHING_CHOSEN} and presenter.step is Step.AREA
    presenter.choose_area(block_of(opened), True)  # type: ignore[arg-type]
    presenter.area_done()
    presenter.letter_done(LetterChoices(date_readable=False))
    assert set(problems.last) == {"letter_date", "reason", "person_consulted"} and presenter.step is Step.LETTER


def test_missing_details_of_the_organisation_are_asked_for_before_planning(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        with_estate(workspace, tmp_path)
        seat = a_seat(workspace)
        presenter, opened = begun(seat, a_case(workspace))
        assert opened.letter.missing and not opened.letter.parts
        presenter.choose_area(block_of(opened), True)  # type: ignore[arg-type]
        presenter.area_done()
        problems = Heard(presenter.problems)
        presenter.letter_done(CHOICES)
        assert "organisation" in problems.last and presenter.step is Step.LETTER
        presenter.to_colleagues()
        assert seat.desk.went == [("colleagues", {"details": True})]
        with_letterhead(workspace)
        presenter.refresh()
        presenter.letter_done(CHOICES)
        assert presenter.step is Step.CHECK, "what was chosen is still chosen"


# ------------------------------------------------------------------ check


def test_the_check_says_who_gets_what_and_writes_nothing(seat: Seat, workspace: Workspace) -> None:
    presenter, planned = checked(seat, a_case(workspace))
    plan: AreaPlan = planned.last
    assert presenter.step is Step.CHECK
    assert [one.outcome for one in plan.letters] == ["letter"] * 5
    assert "Braille" in plan.letters[3].why
    assert runs_of(workspace) == 0


def test_words_that_give_somebody_away_stop_everything(seat: Seat, workspace: Workspace) -> None:
    presenter, planned = checked(seat, a_case(workspace, reporter_name="Crimestoppers"))
    problems, made = Heard(presenter.problems), Heard(presenter.making.stands)
    assert planned.last.leaks
    presenter.check_done()
    assert "could give somebody away" in problems.last["leaks"]
    assert presenter.step is Step.CHECK and made.all == [] and runs_of(workspace) == 0


def test_people_of_the_case_are_told_first(seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    presenter, planned = checked(seat, a_case(workspace, home="quill 3"))
    person = planned.last.people[0]
    assert person.no_letters
    problems = Heard(presenter.problems)
    presenter.check_done()
    assert set(problems.last) == {"told"} and presenter.step is Step.CHECK
    presenter.told(person.home, True)
    presenter.check_done()
    assert presenter.step is Step.MAKE
    presenter.making.make(str(tmp_path / "out"))
    assert runs_of(workspace) == 1


def test_leaving_a_home_out_needs_a_reason_warns_and_can_be_undone(seat: Seat, workspace: Workspace) -> None:
    presenter, planned = checked(seat, a_case(workspace))
    home = planned.last.letters[0].addressee.home
    problems = Heard(presenter.problems)
    presenter.leave_out(home, "  ")
    assert problems.last == {"left_out": "Say why this home gets no letter."}
    presenter.leave_out(home, "They are away until May")
    assert planned.last.letters[0].outcome == "left-out" and planned.last.letters[0].why == "They are away until May"
    assert any("point to the people" in warning for warning in planned.last.warnings)
    presenter.put_back(home)
    assert planned.last.letters[0].outcome == "letter"


# ------------------------------------------------------------------ make


def test_letters_are_made_once_in_a_folder_of_their_own_and_can_be_opened_again(
    seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    case = a_case(workspace)
    presenter, _ = checked(seat, case)
    presenter.check_done()
    stands = Heard(presenter.making.stands)
    problem = Heard(presenter.making.problem)
    presenter.making.make(" ")
    assert problem.last == "Choose the folder the letters go to." and runs_of(workspace) == 0
    presenter.making.make(str(tmp_path / "out"))
    assert stands.last.strong == "5 letters ready." and stands.last.finished
    folder = presenter.making.folder
    assert folder is not None and folder.parent == tmp_path / "out"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"letters-001.pdf", "letter-00004.brf", "letter-00004.pef", "delivery-checklist.pdf"}
    presenter.deliver()
    presenter.back()
    assert presenter.step is Step.MAKE and stands.last.complete and not stands.last.finished
    presenter.making.make(str(folder))
    assert (folder / "letters-001.pdf").read_bytes() == before["letters-001.pdf"]
    assert runs_of(workspace) == 1
    presenter.begin_anew()
    assert presenter.step is Step.AREA and presenter.making.run is None
    row = letter_page.list_all_runs(workspace)[0]
    delivering = Heard(presenter.delivering)
    presenter.arrive(case, row.run.id)
    assert presenter.step is Step.DELIVER and delivering.last == row.run.id


def a_run(*states: str) -> RunState:
    base = {"stream": StreamId(bytes(16))}
    run = LetterRun(id=RecordId(b"r" * 16), letter_date=date(2026, 3, 2), **base)
    letters_of = tuple(
        LetterRecord(id=RecordId(bytes([n]) * 16), place=n, state=state, chunk=1 if state == "made" else None, **base)
        for n, state in enumerate(states, start=1)
    )
    return RunState(run, letters_of)


def test_stopping_keeps_finished_files_and_says_which() -> None:
    started = RunStarted(RecordId(b"r" * 16), NOTHING)
    refusals = (("1 Amber Road", "No picture"),)
    done = LettersMade(started.run, 3, 0, 0, 1, 0, 0, 6, (Path("letters-001.pdf"),), refusals, NOTHING)
    runner = ScriptRunner(
        start_area_letters=started, make_area_letters=[Cancelled(), DiskFull(path="disk"), done],
        run_state=a_run("made", "queued", "queued", "queued"),
    )  # fmt: skip
    making = MakingPresenter(seat_with(runner, TestClock()).context)
    stands, failed, busy = Heard(making.stands), Heard(making.failed), Heard(making.busy)
    making._plan = object()  # type: ignore[assignment]
    making.make("out")
    assert stands.last.strong == "1 of 4 letters made." and "letters-001.pdf" in stands.last.rest
    assert stands.last.button == "Go on: 3 letters to make" and busy.last == ""
    making.make("out")
    assert isinstance(failed.last, DiskFull) and stands.last.button == "Go on: 3 letters to make"
    making.make("out")
    assert stands.last.finished and stands.last.refusals == refusals
    assert runner.names.count("start_area_letters") == 1, "a run is written down once"


def test_stop_pressed_before_the_first_page_is_heard() -> None:
    started = RunStarted(RecordId(b"r" * 16), NOTHING)
    runner = ScriptRunner(at_once=False, start_area_letters=started, run_state=a_run("queued"))
    making = MakingPresenter(seat_with(runner, TestClock()).context)
    stands = Heard(making.stands)
    making._plan = object()  # type: ignore[assignment]
    making.make("out")
    making.stop()
    while runner.waiting:
        runner.answer()
    assert "make_area_letters" not in runner.names
    assert stands.last.strong == "0 of 1 letter made."


# ------------------------------------------------------------------ deliver


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> RecordId:
    case = a_case(workspace)
    form = letters.AreaLettersForm(case=case, blocks=frozenset({"Quill House"}), reason="A second report")
    started = letters.start_area_letters(workspace, plan=letters.plan_area_letters(workspace, form=form))
    letters.make_area_letters(workspace, run=started.run, folder=tmp_path / "made")
    return started.run


def outcomes(workspace: Workspace, run: RecordId) -> list[str]:
    return [letter.delivery for letter in letters.run_state(workspace, run=run).letters]


def test_one_press_a_door_and_the_next_follows(seat: Seat, workspace: Workspace, run: RecordId) -> None:
    presenter = DeliveryPresenter(seat.context)
    at, totals = Heard(presenter.at), Heard(presenter.totals)
    presenter.open(run)
    assert totals.last == "0 of 5 doors done. 5 to go." and at.last.place == 1
    presenter.tick("delivered")
    presenter.tick("no-answer")
    presenter.tick("posted")
    assert at.last.place == 4
    assert totals.last == "3 of 5 doors done: 1 delivered by hand, 1 posted, 1 no answer. 2 to go."
    assert outcomes(workspace, run) == ["delivered", "no-answer", "posted", "", ""]
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert outcomes(workspace, run)[2] == "" and at.last.place == 3
    presenter.stand_at(presenter.model.row_at(0))
    presenter.tick("")
    assert outcomes(workspace, run)[0] == "" and at.last.place == 1


def test_only_doors_left_shows_each_once_and_ends(seat: Seat, workspace: Workspace, run: RecordId) -> None:
    presenter = DeliveryPresenter(seat.context)
    at = Heard(presenter.at)
    presenter.open(run)
    presenter.show_only_left(True)
    for left in range(4, -1, -1):
        presenter.tick("delivered")
        assert presenter.model.rowCount() == left
    assert at.last is None
    assert outcomes(workspace, run) == ["delivered"] * 5


def test_a_tick_that_could_not_be_kept_is_taken_off_the_screen(seat: Seat, workspace: Workspace, run: RecordId) -> None:
    presenter = DeliveryPresenter(seat.context)
    totals, failed = Heard(presenter.totals), Heard(presenter.failed)
    presenter.open(run)
    seat.runner.fail_with["record_delivery"] = DiskFull(path="disk")
    presenter.tick("delivered")
    assert isinstance(failed.last, DiskFull) and totals.last == "0 of 5 doors done. 5 to go."


def test_every_run_is_listed_and_opens_where_it_stands(seat: Seat, workspace: Workspace, run: RecordId) -> None:
    presenter = RunsPresenter(seat.context)
    heard = Heard(presenter.listed)
    presenter.arrive()
    assert len(heard.all) == 1 and presenter.model.rowCount() == 1
    row = presenter.model.row_at(0)
    assert row is not None and row.reference and row.doors == 5
    presenter.open(row)
    assert seat.desk.went == [("letters", {"case": row.run.case, "run": run})]
    found = Heard(presenter.suggested)
    presenter.find_case(3, "")
    number, rows = found.last
    presenter.begin(rows[0][0])
    assert number == 3 and rows[0][1] == row.reference and seat.desk.went[-1] == ("letters", {"case": row.run.case})


# ------------------------------------------------------------------ the page


def tight(page: LettersPage) -> list[str]:
    """What the audit finds on the smallest screen with the largest letters."""
    show_at(page, 1024, 640, percent=200)
    return audit(page)


def a_page(qtbot: QtBot, seat: Seat) -> LettersPage:
    page = LettersPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    return page


def test_the_whole_way_on_the_page(qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    page = a_page(qtbot, seat)
    page.arrive()
    assert "No letters to an area yet." in words_in(page)
    assert tight(page) == []
    page.arrive(case=a_case(workspace, home="quill 3"))
    assert tight(page) == []
    page.area.search.setText("quill")
    page.area.search.returnPressed.emit()
    settle()
    tick = next(tick for tick in page.area.findChildren(type(page.deliver.only_left)) if "Quill" in tick.text())
    tick.click()
    assert comes_before(page.area.search, tick, page.area.go)
    page.area.go.click()
    assert "every home in your area" in words_in(page).lower()
    page.letter.go.click()
    assert "Say whether the person was asked." in words_in(page)
    assert tight(page) == []
    page.letter._reason.setText("A second report")
    page.letter._asked.set_value(True)
    page.letter.go.click()
    assert page.presenter.step is Step.CHECK
    assert "5 homes, 5 letters to make" in words_in(page)
    settle()
    (told,) = page.check.findChildren(_ToldTick)
    assert comes_before(told, page.check.go, page.check.table)
    told.click()
    assert audit_everywhere(page) == []
    page.check.go.click()
    assert tight(page) == []
    page.make.path.set_text(str(tmp_path / "out"))
    page.make.make.click()
    assert "5 letters ready." in words_in(page)
    assert tight(page) == []
    page.make.deliver.click()
    page.deliver.buttons["no-answer"].click()
    page.deliver.buttons["delivered"].click()
    assert tight(page) == []
    run = letter_page.list_all_runs(workspace)[0].run
    assert outcomes(workspace, run.id) == ["no-answer", "delivered", "", "", ""]


def test_the_keyboard_can_be_seen_on_the_deliver_step(
    qtbot: QtBot, seat: Seat, run: RecordId, workspace: Workspace
) -> None:
    page = a_page(qtbot, seat)
    row = letter_page.list_all_runs(workspace)[0]
    assert row.run.case is not None
    page.arrive(case=row.run.case, run=run)
    settle()
    assert page.presenter.step is Step.DELIVER and hidden_focus(page) == []


def test_a_leak_is_shown_with_its_sentence(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    page = a_page(qtbot, seat)
    page.arrive(case=a_case(workspace, reporter_name="Crimestoppers"))
    opened = letter_page.open_letters(workspace, case=page._case or RecordId(bytes(16)))
    page.presenter.choose_area(block_of(opened), True)  # type: ignore[arg-type]
    page.presenter.area_done()
    page.presenter.letter_done(CHOICES)
    shown = words_in(page)
    assert "Found: \u2018Crimestoppers\u2019" in shown and "call Crimestoppers free on" in shown
    assert runs_of(workspace) == 0


# ------------------------------------------------------------------ kept while it is chosen


def test_what_was_chosen_survives_a_lock_and_is_thrown_away_once_written(
    seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    case = a_case(workspace, home="quill 3")
    presenter, planned = checked(seat, case)
    presenter.leave_out(planned.last.letters[0].addressee.home, "They are away until May")
    presenter.told(planned.last.people[0].home, True)
    presenter.autosave.settle()
    later = LettersPresenter(seat.context)
    restored, again = Heard(later.restored), Heard(later.planned)
    later.arrive(case)
    assert later.step is Step.LETTER and restored.last == CHOICES
    later.letter_done(restored.last)
    assert replace(again.last.form, told=frozenset()) == replace(planned.last.form, told=frozenset())
    later.check_done()
    assert later.step is Step.MAKE, "who was told is remembered"
    later.making.make(str(tmp_path / "out"))
    fresh = LettersPresenter(seat.context)
    fresh.arrive(case)
    assert fresh.step is Step.AREA


def test_an_unreadable_draft_is_no_obstacle(seat: Seat, workspace: Workspace) -> None:
    _, opened = begun(seat, a_case(workspace))
    for text in ("", "[]", "{", '{"areas": 3}', '{"areas": [["Nowhere", true]]}'):
        assert from_text(text, opened).areas == {}


def test_homes_brought_in_meanwhile_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        seat = a_seat(workspace)
        page = a_page(qtbot, seat)
        page.arrive(case=a_case(workspace))
        assert "There are no homes yet." in words_in(page)
        changed = with_estate(workspace, tmp_path).changed
        seat.changes.announced.emit(changed)
        assert "Quill House, block or estate (5 homes)" in words_in(page)


def test_a_second_person_reads_and_agrees_before_anything_is_made(
    qtbot: QtBot, workspace: Workspace, seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "needs_second_person", lambda *_, **__: True)
    case = a_case(workspace)
    page = LettersPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive(case)
    opened = letter_page.open_letters(workspace, case=case)
    page.presenter.choose_area(block_of(opened), True)  # type: ignore[arg-type]
    page.presenter.area_done()
    page.presenter.letter_done(CHOICES)
    page.presenter.check_done()
    page.make.path.set_text(str(tmp_path / "out"))
    page.make.make.click()
    settle()
    assert "These letters wait for a second person." in words_in(page)
    assert page.make.agree.isHidden() or not page.make.agree.isVisible()
    assert not (tmp_path / "out").exists()
    (run,) = workspace.store.select(LetterRun)
    with pytest.raises(NotAgreedYet):
        letters.make_area_letters(workspace, run=run.id, folder=tmp_path / "out")
    with pytest.raises(FormIncomplete) as refused:
        letter_approval.approve_area_letters(workspace, run=run.id)
    assert refused.value.problems["run"] == "Somebody who did not plan these letters agrees to them."
    with workspace.store.unit("test") as (unit, _):
        unit.update(LetterRun, run.id, planned_by=bytes(16), hits={"Grace, in: Grace and peace."})
    page.arrive(case, run.id)
    settle()
    assert "Harassment is behaviour that hurts, frightens or upsets other people." in words_in(page)
    assert audit(page) == []
    page.make.agree.click()
    settle()
    assert "Say why they go out all the same." in words_in(page)
    page.make._reason.setText("Grace is no name here.")
    page.make.agree.click()
    settle()
    kept = workspace.store.get(LetterRun, run.id)
    assert (kept.state, kept.override_reason) == ("making", "Grace is no name here.")
    page.make.make.click()
    settle()
    assert any(path.suffix == ".pdf" for path in (tmp_path / "out").rglob("*"))
