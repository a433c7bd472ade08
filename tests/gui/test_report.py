"""New report: nothing typed is lost, what is missing is said, who may read it is decided before the key is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.foundation.errors import DiskFull
from core.foundation.ids import UserId
from core.services import case_page, drafts, governance
from core.services.cases import list_cases
from core.services.organisation import MemberRow
from core.services.workspace import Workspace
from desktop.screens.report.form import Typed, from_draft, report_form, to_draft
from desktop.screens.report.lines import from_line, to_line
from desktop.screens.report.presenter import ReportPresenter
from desktop.screens.report.view import ReportPage
from desktop.widgets import Button
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, name_of, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, homes_csv, logged, with_homes

STORY = "Two people shouted at her from the landing and kicked the door."
NEEDED = Typed(words=STORY, received_at=NOON.isoformat(), danger_now=False, safe_ways=("text",))


def member(name: str, role: str, *, me: bool = False) -> MemberRow:
    return MemberRow(UserId(name.encode().ljust(16, b"_")), name, name[:2], role, "", me)


ANA, BEN, CAL = member("Ana", "administrator", me=True), member("Ben", "officer"), member("Cal", "committee")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def page(qtbot: QtBot, seat: Seat) -> ReportPage:
    made = ReportPage(seat.context)
    qtbot.addWidget(made)
    show_at(made, 1366, 768)
    made.arrive()
    made.first_focus().setFocus()
    settle()
    return made


def tab_to(qtbot: QtBot, name: str) -> int:
    """Press Tab until the control of that name has the focus; how many presses it took."""
    for presses in range(1, 60):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        if name_of(focused()).startswith(name):
            return presses
    raise AssertionError(f"Tab never reaches {name}")


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


# ------------------------------------------------------------------ what is typed, without a window


def test_a_draft_comes_back_as_it_was_typed() -> None:
    typed = Typed(
        words=STORY, anonymous=True, danger_now=True, safe_ways=("text", "email"), received_at=NOON.isoformat(),
        connected=(BEN.user.hex(),), perpetrator_known="named", perpetrator_name="Mr Vale",
    )  # fmt: skip
    assert from_draft(to_draft(typed)) == typed


def test_an_untouched_page_keeps_no_draft() -> None:
    assert to_draft(Typed(received_at=NOON.isoformat())) == ""


@pytest.mark.parametrize("body", ["not a form at all", "[1, 2]", '"words"'])
def test_a_draft_of_another_kind_is_kept_as_words(body: str) -> None:
    assert from_draft(body).words == body


def test_a_draft_with_strange_values_keeps_the_rest() -> None:
    strange = {"words": STORY, "danger_now": "maybe", "acts": 7, "anonymous": "x", "received_at": None, "new": 1}
    assert from_draft(json.dumps(strange)) == Typed(words=STORY)


def test_colleagues_who_do_casework_read_it_unless_unticked_or_connected() -> None:
    everybody = (ANA, BEN, CAL)
    assert report_form(NEEDED, everybody).readers == {ANA.user, BEN.user}
    unticked = Typed(words=STORY, received_at=NOON.isoformat(), not_readers=(BEN.user.hex(),))
    assert report_form(unticked, everybody).readers == {ANA.user}
    connected = Typed(words=STORY, received_at=NOON.isoformat(), connected=(BEN.user.hex(), CAL.user.hex()))
    form = report_form(connected, everybody)
    assert form.readers == {ANA.user}
    assert form.conflicted == {BEN.user, CAL.user}


def test_while_colleagues_are_unknown_nobody_else_is_given_the_key() -> None:
    assert report_form(NEEDED, ()).readers == frozenset()


def test_a_name_is_left_out_when_they_want_to_stay_unnamed() -> None:
    typed = Typed(words=STORY, received_at=NOON.isoformat(), reporter_name="Meera", anonymous=True)
    assert report_form(typed, ()).reporter_name == ""


def test_a_name_typed_before_choosing_that_nobody_is_named_is_left_out() -> None:
    typed = Typed(words=STORY, received_at=NOON.isoformat(), perpetrator_name="Mr Vale", perpetrator_known="unknown")
    assert report_form(typed, ()).perpetrator_name == ""


# ------------------------------------------------------------------ saving


def test_saving_says_the_reference_and_when_contact_is_due_and_opens_the_case(workspace: Workspace, seat: Seat) -> None:
    presenter = ReportPresenter(seat.context)
    presenter.arrive()
    presenter.typed(NEEDED)
    presenter.save()
    (row,) = list_cases(workspace).rows
    assert seat.desk.said == [f"{row.row.reference} saved. First contact due tomorrow at 12:00pm."]
    assert seat.desk.went == [("case", {"case": row.row.id})]
    assert drafts.list_drafts(workspace) == ()


def test_pressing_save_twice_logs_one_case(workspace: Workspace) -> None:
    seat = a_seat(workspace, hold=True)
    presenter = ReportPresenter(seat.context)
    presenter.typed(NEEDED)
    presenter.save()
    presenter.save()
    while seat.runner.waiting:
        seat.runner.answer()
    assert list_cases(workspace).total == 1


def test_the_words_are_kept_before_the_report_is_tried(workspace: Workspace, seat: Seat) -> None:
    seat.runner.fail_with["log_report"] = DiskFull(path="the disk")
    presenter = ReportPresenter(seat.context)
    failures = Heard(presenter.failed)
    presenter.typed(NEEDED)
    presenter.save()
    assert isinstance(failures.last, DiskFull)
    assert STORY in drafts.list_drafts(workspace)[0].body
    presenter.save()
    assert list_cases(workspace).total == 1


def test_what_is_missing_is_said_beside_each_box_and_on_top(seat: Seat, page: ReportPage) -> None:
    page._save.click()
    settle()
    said = words_in(page)
    for sentence in (
        "Enter what happened, in the person's words if you can.",
        "Say whether anyone is in danger now.",
        "Choose at least one safe way to reach the person.",
    ):
        assert said.count(sentence) >= 2
    assert page._summary.hasFocus()
    assert seat.desk.went == []


def test_a_time_nobody_can_read_is_asked_for_again(seat: Seat, page: ReportPage) -> None:
    page.needed._when.box.setText("the other day")
    page.needed._when.edited.emit()
    page._save.click()
    assert "Enter a day and a time" in words_in(page)
    assert "log_report" not in seat.runner.names


def test_anonymous_needs_no_safe_way(workspace: Workspace, seat: Seat) -> None:
    presenter = ReportPresenter(seat.context)
    presenter.arrive()
    presenter.typed(Typed(words=STORY, received_at=NOON.isoformat(), danger_now=False, anonymous=True))
    presenter.save()
    assert list_cases(workspace).total == 1


# ------------------------------------------------------------------ kept as it is typed


def test_half_a_second_after_the_last_key_it_is_on_the_disk(
    qtbot: QtBot, workspace: Workspace, page: ReportPage
) -> None:
    qtbot.keyClicks(page.first_focus(), "She said that")
    assert drafts.list_drafts(workspace) == ()
    qtbot.waitUntil(lambda: "Saved at 12:00pm on this laptop" in words_in(page), timeout=10_000)
    (draft,) = drafts.list_drafts(workspace)
    assert json.loads(draft.body)["words"] == "She said that"


def test_leaving_saves_at_once(qtbot: QtBot, workspace: Workspace, page: ReportPage) -> None:
    qtbot.keyClicks(page.first_focus(), "She said that")
    assert page.leave() is True
    assert "She said that" in drafts.list_drafts(workspace)[0].body


def test_a_page_built_anew_carries_on(qtbot: QtBot, workspace: Workspace, seat: Seat, page: ReportPage) -> None:
    qtbot.keyClicks(page.first_focus(), "She said that")
    page.needed._danger.set_value(True)
    page.later._acts.set_values(("racist",))
    page.leave()
    again = ReportPage(seat.context)
    qtbot.addWidget(again)
    show_at(again, 1366, 768)
    again.arrive()
    assert again.typed().words == "She said that"
    assert again.typed().acts == ("racist",)
    assert "You were writing this report. It is saved up to 12:00pm." in words_in(again)
    assert not again.needed._emergency.isHidden()


def test_a_save_that_fails_says_so_and_tries_again(
    qtbot: QtBot, workspace: Workspace, seat: Seat, page: ReportPage
) -> None:
    seat.runner.fail_with["save_draft"] = DiskFull(path="the disk")
    qtbot.keyClicks(page.first_focus(), "She said that")
    page.leave()
    assert "The disk that holds the disk is full." in words_in(page)
    page.leave()
    assert "She said that" in drafts.list_drafts(workspace)[0].body


def test_start_again_throws_away_and_undo_brings_back(
    qtbot: QtBot, workspace: Workspace, seat: Seat, page: ReportPage
) -> None:
    qtbot.keyClicks(page.first_focus(), "She said that")
    page.leave()
    page._again.click()
    assert page.typed().empty
    assert drafts.list_drafts(workspace) == ()
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert page.typed().words == "She said that"
    page.leave()
    assert "She said that" in drafts.list_drafts(workspace)[0].body


def test_an_untouched_page_writes_nothing(workspace: Workspace, seat: Seat, page: ReportPage) -> None:
    page.leave()
    assert not {"save_draft", "discard_draft"} & set(seat.runner.names)


# ------------------------------------------------------------------ by key


def test_the_eighth_stop_is_the_first_safe_way_and_a_report_takes_no_mouse(
    qtbot: QtBot, workspace: Workspace, seat: Seat, page: ReportPage
) -> None:
    qtbot.keyClicks(focused(), STORY)
    stops = 1 + tab_to(qtbot, "Who told us?")
    qtbot.keyClicks(focused(), "Meera Quill")
    stops += tab_to(qtbot, "Where?")
    qtbot.keyClicks(focused(), "Marsh House stairwell")
    stops += tab_to(qtbot, "No")
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    stops += tab_to(qtbot, "Text message")
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    assert stops == 8
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(seat.desk.said), timeout=10_000)  # Qt shows the button pressed for a moment
    (row,) = list_cases(workspace).rows
    assert row.row.place == "Marsh House stairwell"
    contents = case_page.read_case(workspace, case=row.row.id).file.contents
    assert contents.parties[0].name == "Meera Quill"
    assert contents.safe_contacts[0].safe_ways == {"text"}


@pytest.mark.qt_log_ignore("plugin does not support")
def test_a_home_is_found_as_it_is_typed(qtbot: QtBot, workspace: Workspace, page: ReportPage, tmp_path: Path) -> None:
    with_homes(workspace, homes_csv(tmp_path / "homes.csv", 24))
    where = page.needed._where
    where.setFocus()
    qtbot.keyClicks(where, "1 amb")
    qtbot.waitUntil(lambda: where._completer.popup().isVisible(), timeout=10_000)
    qtbot.keyClick(where._completer.popup(), Qt.Key.Key_Down)
    qtbot.keyClick(where._completer.popup(), Qt.Key.Key_Return)
    assert "1 Amber Road" in page.typed().where
    assert len(page.typed().home) == 32
    qtbot.keyClicks(where, " landing")
    assert page.typed().home == ""


def test_danger_shows_what_to_do_at_once(page: ReportPage) -> None:
    page.needed._danger.set_value(True)
    assert not page.needed._emergency.isHidden()
    assert "Call 999" in words_in(page)
    page.needed._danger.set_value(False)
    assert page.needed._emergency.isHidden()


# ------------------------------------------------------------------ who may read it


def test_a_connected_colleague_cannot_be_ticked_as_a_reader(page: ReportPage) -> None:
    page.readers.show_colleagues((ANA, BEN, CAL))
    assert page.readers._may.values() == (BEN.user.hex(),)
    page.readers._connected.set_values([BEN.user.hex()])
    assert page.readers._may.values() == ()
    assert not page.readers._may.buttons[0].isEnabled()
    assert page.typed().connected == (BEN.user.hex(),)
    assert page.typed().not_readers == ()
    page.readers._connected.set_values([])
    assert page.readers._may.values() == (BEN.user.hex(),)


def test_a_choice_of_readers_survives_the_list_coming_late(page: ReportPage) -> None:
    page.readers.write(Typed(not_readers=(BEN.user.hex(),), connected=(CAL.user.hex(),)))
    page.readers.show_colleagues((ANA, BEN, CAL))
    typed = page.readers.read(Typed())
    assert (typed.not_readers, typed.connected) == ((BEN.user.hex(),), (CAL.user.hex(),))


def test_it_passes_every_audit_with_problems_and_emergency(qtbot: QtBot, page: ReportPage) -> None:
    page.readers.show_colleagues((ANA, BEN, CAL))
    assert audit_everywhere(page) == []
    page._save.click()
    page.needed._danger.set_value(True)
    page.later._graffiti.setChecked(True)
    settle()
    assert audit_everywhere(page) == []
    show_at(page, 1366, 768)
    assert hidden_focus(page) == []


def test_a_report_an_hour_old_counts_from_when_we_were_told(workspace: Workspace, seat: Seat) -> None:
    presenter = ReportPresenter(seat.context)
    presenter.arrive()
    told_at = (NOON - timedelta(hours=30)).isoformat()
    presenter.typed(replace(NEEDED, received_at=told_at))
    presenter.save()
    assert "First contact was due today at 6:00am." in seat.desk.said[0]
    assert logged(workspace).reference != ""


# ------------------------------------------------------------------ several people, several incidents, one of us


def rows(**said: object) -> str:
    return to_line(said)


def test_rows_are_kept_in_the_draft_and_become_people_incidents_and_perceptions() -> None:
    typed = replace(
        NEEDED, harmed_sort="resident", by_child=True, code_word="heron", seen_by_others=("email",),
        by_association=True, perpetrator_known="described", described="Red coat.", age_band="10-17", tenure="private",
        more_harmed=(rows(name="Ada", sort="visitor", safe_ways=["letter"]),),
        more_complained_about=(rows(name="Sam Vale"), rows(described="Tall."), rows(age_band="adult")),
        more_incidents=(rows(happened_text="last winter", acts=["abuse"]),),
        more_seen=(rows(strands=["race"], words="She said why."),),
    )  # fmt: skip
    assert from_draft(to_draft(typed)) == typed
    form = report_form(typed, ())
    assert (form.reporter_sort, form.harmed_sort, form.by_child, form.code_word) == ("resident", "", True, "heron")
    assert [(one.name, one.sort, one.safe_ways) for one in form.others_harmed] == [("Ada", "visitor", {"letter"})]
    assert [one.known for one in form.complained_about] == ["described", "named", "described", "unknown"]
    assert form.more_incidents[0].acts == {"abuse"} and form.also_seen[0].perceived_by == "witness"
    other = report_form(replace(typed, reporter_is_harmed=False, perpetrator_known="unknown"), ())
    assert (other.reporter_sort, other.harmed_sort, other.described, other.age_band) == ("", "resident", "", "")


@pytest.mark.parametrize("line", ["not a row", "[1]", '{"name": 7}', ""])
def test_a_strange_row_in_a_draft_is_left_out(line: str) -> None:
    assert from_line(line) == {}
    assert report_form(replace(NEEDED, more_harmed=(line,)), ()).others_harmed[0].name == ""


def test_a_row_is_added_typed_in_taken_out_and_restored(qtbot: QtBot, seat: Seat, page: ReportPage) -> None:
    harmed = page.more.rows["more_harmed"]
    assert page.typed().more_harmed == () and page.typed().empty
    harmed.add_button.click()
    assert page.typed().more_harmed == () and page.typed().empty
    qtbot.keyClicks(focused(), "Ada Quill")
    assert page.typed().more_harmed == (rows(name="Ada Quill"),)
    harmed.add_button.click()
    qtbot.keyClicks(focused(), "Kit")
    out = next(one for one in page.findChildren(Button) if one.accessibleName() == "Take out: Another person harmed 1")
    out.click()
    assert page.typed().more_harmed == (rows(name="Kit"),)
    assert seat.desk.said[-1] == "Another person harmed 1 is taken out."
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert page.typed().more_harmed == (rows(name="Ada Quill"), rows(name="Kit")), "where it stood"
    harmed.put_back()
    assert len(page.typed().more_harmed) == 2, "once"
    kept = page.typed()
    page._restore(Typed(), "")
    assert page.typed().more_harmed == ()
    page._restore(kept, "")
    assert page.typed() == kept


def test_every_answer_of_the_page_comes_back_from_a_draft(page: ReportPage) -> None:
    typed = replace(
        NEEDED, harmed_sort="visitor", by_child=True, code_word="heron", seen_by_others=("email",), by_association=True,
        perpetrator_known="described", described="Red coat.", age_band="10-17", tenure="private",
        more_harmed=(rows(name="Ada", safe_ways=["letter"]),), more_seen=(rows(strands=["race"]),),
    )  # fmt: skip
    page._restore(typed, "")
    assert replace(page.typed(), received_at=typed.received_at) == typed


class TestOneOfUs:
    """Policy 3.1: the file of a colleague begins hidden from the others."""

    @pytest.fixture
    def readers(self, qtbot: QtBot, page: ReportPage) -> ReportPage:
        page.readers.show_colleagues((ANA, BEN, CAL))
        return page

    def test_nobody_is_ticked_until_somebody_decides(self, readers: ReportPage) -> None:
        assert readers.typed().not_readers == ()
        readers.later._sort.set_value("staff")
        readers._edited()
        assert readers.typed().not_readers == (BEN.user.hex(),)
        readers.later._sort.set_value("resident")
        readers._edited()
        assert readers.typed().not_readers == ()

    def test_whoever_is_named_stays_named(self, readers: ReportPage) -> None:
        readers.later._sort.set_value("committee")
        readers._edited()
        assert readers.readers._may is not None
        readers.readers._may.buttons[0].click()
        readers.later._code_word.setText("x")
        readers._edited()
        assert readers.typed().not_readers == ()

    def test_one_of_several_people_harmed_is_enough(self, readers: ReportPage) -> None:
        readers.more.rows["more_harmed"].write((rows(name="Dee", sort="contractor"),))
        readers._edited()
        assert readers.typed().not_readers == (BEN.user.hex(),)

    def test_it_holds_when_colleagues_are_known_only_later(self, qtbot: QtBot, page: ReportPage) -> None:
        page.later._sort.set_value("staff")
        page._edited()
        page.readers.show_colleagues((ANA, BEN, CAL))
        assert page.typed().not_readers == (BEN.user.hex(),)

    def test_their_manager_is_kept_out_by_a_tick(self, readers: ReportPage) -> None:
        readers.later._sort.set_value("staff")
        readers._edited()
        assert readers.readers._connected is not None
        readers.readers._connected.buttons[0].click()
        assert report_form(readers.typed(), (ANA, BEN, CAL)).conflicted == {BEN.user}


class TestIsThereACaseAlready:
    def typed(self, **changes: object) -> Typed:
        return replace(NEEDED, **{"reporter_name": "Mira Quill", **changes})  # type: ignore[arg-type]

    def test_a_like_name_is_asked_about_and_one_press_adds_the_report_there(
        self, qtbot: QtBot, workspace: Workspace, seat: Seat, page: ReportPage
    ) -> None:
        made = logged(workspace, reporter_name="Meera Quill")
        page._restore(self.typed(), "")
        page.presenter.look_for_cases()
        settle()
        assert page.existing.short.isVisible() and made.reference in words_in(page.existing)
        assert audit_everywhere(page) == []
        name = f"Add this report to {made.reference}"
        add = next(one for one in page.findChildren(Button) if one.accessibleName() == name)
        add.click()
        assert list_cases(workspace).total == 1
        assert seat.desk.went == [("case", {"case": made.case})]
        assert seat.desk.said == [f"The report was added to {made.reference}."]
        contents = case_page.read_case(workspace, case=made.case).file.contents
        assert len(contents.reports) == 2 and drafts.list_drafts(workspace) == ()
        assert page.existing.isHidden() and page.existing.short.isHidden()

    def test_where_there_is_nothing_nothing_is_said(self, workspace: Workspace, page: ReportPage) -> None:
        logged(workspace, reporter_name="Sam Vale")
        page._restore(self.typed(), "")
        page.presenter.look_for_cases()
        settle()
        assert page.existing.isHidden() and page.existing.short.isHidden()

    def test_typing_looks_by_itself_and_an_older_answer_is_dropped(self, qtbot: QtBot, workspace: Workspace) -> None:
        logged(workspace, reporter_name="Meera Quill")
        seat = a_seat(workspace, hold=True)
        presenter = ReportPresenter(seat.context)
        heard = Heard(presenter.existing)
        presenter.typed(self.typed())
        qtbot.waitUntil(lambda: any(name == "find_existing" for _, name in seat.runner.waiting), timeout=3000)
        presenter._typed = self.typed(reporter_name="Sam Vale")
        presenter.look_for_cases()
        while seat.runner.waiting:
            seat.runner.answer()
        assert heard.all == [()]

    def test_what_is_missing_is_said_before_it_is_added_and_nothing_is_lost(
        self, workspace: Workspace, seat: Seat
    ) -> None:
        made = logged(workspace, reporter_name="Meera Quill")
        presenter = ReportPresenter(seat.context)
        problems = Heard(presenter.problems)
        presenter.typed(self.typed(danger_now=None))
        presenter.add_to(made.case)
        assert list(problems.last) == ["danger_now"] and seat.desk.went == []
        assert drafts.list_drafts(workspace)

    def test_a_closed_case_takes_it_and_the_decision_comes_next(
        self, workspace: Workspace, page: ReportPage, seat: Seat
    ) -> None:
        made = logged(workspace, reporter_name="Meera Quill")
        with workspace.store.unit("close") as (unit, _):
            unit.update(Case, made.case, stage="closed", closed_at=workspace.parts.clock.now())
        page._restore(self.typed(), "")
        page.presenter.look_for_cases()
        settle()
        assert "It is closed." in words_in(page.existing)
        buttons = {one.accessibleName(): one for one in page.existing.findChildren(Button)}
        assert list(buttons) == [f"Add this report to {made.reference}", f"Look at {made.reference}"]
        buttons[f"Add this report to {made.reference}"].click()
        assert [name for name, _ in seat.desk.went] == ["case", "step"]
        assert seat.desk.went[-1][1]["step"] == "late-report"
        assert "decide now or later whether it is opened again" in seat.desk.said[-1]
        assert len(case_page.read_case(workspace, case=made.case).file.contents.reports) == 2


def test_whose_training_has_lapsed_is_told_and_not_stopped(
    qtbot: QtBot, workspace: Workspace, page: ReportPage
) -> None:
    assert "Training is due: " in words_in(page) and "This does not stop you." in words_in(page)
    me, today = workspace.user, workspace.today
    for training in workspace.pack.trainings:
        governance.note_training(workspace, user=me, training=training.code, done_on=today)
    page.arrive()
    settle()
    assert "Training is due" not in words_in(page)
