"""Lists of homes come in whole or not at all; Today says what is due and forgets nothing; backups come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Report
from core.domain.estate import Home, Household, Resident
from core.foundation.errors import Cancelled, FormIncomplete, VaultExists, WrongPassphrase
from core.services import backups, contacts, drafts, duties, homes
from core.services.cases import list_cases, open_case
from core.services.opening import lock, unlock
from core.services.today import today
from core.services.workspace import Parts, Workspace
from tests.support.dice import SeededRandomness
from tests.support.vaults import NOON, OpenStore, TestClock, everything
from tests.support.workspaces import PASSPHRASE, a_workspace, clock_of, homes_csv, logged, with_homes


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


class Stops:
    def __init__(self, at: int) -> None:
        self.left = at

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled()


def counts(workspace: Workspace) -> tuple[int, ...]:
    return tuple(workspace.store.count(kind) for kind in (Home, Household, Resident))


class TestHomes:
    def test_a_list_becomes_homes_with_the_people_in_them(self, workspace: Workspace, tmp_path: Path) -> None:
        done = with_homes(workspace, homes_csv(tmp_path / "list.csv", 30))
        assert counts(workspace) == (30, 30, 30)
        assert {"home", "household", "resident"} <= done.changed.kinds
        (found,) = homes.find_homes(workspace, words="2 Cedar")
        assert homes.address_of(found) == "2 Cedar Road, Testford, ZZ6 6AA"

    def test_the_same_list_again_changes_nothing_at_all(self, workspace: Workspace, tmp_path: Path) -> None:
        path = homes_csv(tmp_path / "list.csv", 30)
        with_homes(workspace, path)
        rows = everything(OpenStore(workspace.store, workspace.folder, workspace.keys, clock_of(workspace)))
        again = with_homes(workspace, path)
        assert again.changed.ids == frozenset()
        after = everything(OpenStore(workspace.store, workspace.folder, workspace.keys, clock_of(workspace)))
        assert {name: found for name, found in after.items() if name != "meta"} == {
            name: found for name, found in rows.items() if name != "meta"
        }

    def test_stopping_at_any_moment_takes_in_nothing(self, workspace: Workspace, tmp_path: Path) -> None:
        preview = homes.preview_import(workspace, path=homes_csv(tmp_path / "list.csv", 350))
        for moment in range(60):
            try:
                homes.import_homes(workspace, preview=preview, cancel=Stops(moment))
            except Cancelled:
                assert counts(workspace) == (0, 0, 0)
            else:
                assert moment > 3
                assert counts(workspace) == (350, 350, 350)
                return
        pytest.fail("the import never ended")

    def test_a_preview_writes_nothing(self, workspace: Workspace, tmp_path: Path) -> None:
        homes.preview_import(workspace, path=homes_csv(tmp_path / "list.csv", 30))
        assert counts(workspace) == (0, 0, 0)

    def test_a_cell_far_too_long_is_named_and_the_rest_comes_in(self, workspace: Workspace, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        rows = ["House number,Street,Town,Postcode,Notes", f"1,Amber Road,Testford,ZZ1 1AA,{'x' * 5_000}"]
        path.write_text("\n".join([*rows, "2,Amber Road,Testford,ZZ1 1AA,fine"]), encoding="utf-8")
        done = with_homes(workspace, path)
        assert workspace.store.count(Home) == 1
        reason = "One of its cells has more than 2,000 letters."
        assert [(row.line, row.reason) for row in done.plan.refused] == [(2, reason)]
        assert [home.number for home in homes.find_homes(workspace, words="2 amber")][:1] == ["2"]

    def test_a_better_list_later_adds_what_was_missing_and_takes_nothing_away(
        self, workspace: Workspace, tmp_path: Path
    ) -> None:
        path = tmp_path / "list.csv"
        heading = "House number,Street,Town,Postcode,Tenant name,Language"
        path.write_text(f"{heading}\n1,Amber Road,Testford,ZZ1 1AA,Ada Quill,\n", encoding="utf-8")
        with_homes(workspace, path)
        path.write_text(f"{heading}\n1,Amber Road,Testford,ZZ1 1AA,Ben Vale,Welsh\n", encoding="utf-8")
        with_homes(workspace, path)
        assert counts(workspace) == (1, 1, 2)
        assert workspace.store.select(Household)[0].language == "cy"
        path.write_text(f"{heading}\n1,Amber Road,Testford,ZZ1 1AA,,\n", encoding="utf-8")
        with_homes(workspace, path)
        assert counts(workspace) == (1, 1, 2)
        assert workspace.store.select(Household)[0].language == "cy"


class TestToday:
    def test_a_new_report_is_due_within_a_day_with_its_reason(self, workspace: Workspace) -> None:
        made = logged(workspace)
        page = today(workspace)
        first = next(row for row in page.rows if row.case == made.case)
        assert first.duty.due_at == NOON + timedelta(hours=23)
        assert "4.24" in first.why
        assert first.hint.startswith("Safe: phone call")
        assert page.open_cases == 1
        assert page.counts.all == len(page.rows)

    def test_contact_that_reached_the_person_takes_it_away_and_an_attempt_does_not(self, workspace: Workspace) -> None:
        made = logged(workspace)
        kinds = {row.kind for row in today(workspace).rows}
        contacts.record_contact(
            workspace, form=contacts.ContactForm(case=made.case, at=NOON, way="call", outcome="no-answer")
        )
        assert {row.kind for row in today(workspace).rows} == kinds
        contacts.record_contact(
            workspace, form=contacts.ContactForm(case=made.case, at=NOON, way="call", outcome="spoke")
        )
        assert {row.kind for row in today(workspace).rows} != kinds

    def test_what_falls_due_becomes_late_as_time_passes(self, workspace: Workspace) -> None:
        logged(workspace)
        assert not today(workspace).rows[0].late
        clock_of(workspace).forward(hours=24)
        page = today(workspace)
        assert page.rows[0].late
        assert page.rows[0].standing.startswith("Late")
        assert page.counts.late >= 1

    def test_the_longest_overdue_stands_first(self, workspace: Workspace) -> None:
        for hours in (1, 30, 10):
            logged(workspace, received_at=NOON - timedelta(hours=hours))
        due = [row.duty.due_at for row in today(workspace).rows]
        assert due == sorted(due)

    def test_costs_nothing_while_nothing_changes(self, workspace: Workspace) -> None:
        logged(workspace)
        assert duties.refresh_duties(workspace) == 1
        assert duties.refresh_duties(workspace) == 0

    def test_a_change_that_arrives_between_looking_and_writing_is_not_forgotten(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        logged(workspace)
        real = duties.writing

        def first_something_arrives(engine: object) -> object:
            monkeypatch.setattr(duties, "writing", real)
            logged(workspace, received_at=NOON - timedelta(hours=50))
            return real(engine)  # type: ignore[arg-type]  # the engine

        monkeypatch.setattr(duties, "writing", first_something_arrives)
        today(workspace)
        assert len({row.case for row in today(workspace).rows}) == 2

    def test_a_deleted_or_closed_case_leaves_the_page(self, workspace: Workspace) -> None:
        made = logged(workspace)
        assert today(workspace).rows
        with workspace.store.unit("delete") as (unit, _):
            unit.delete(Case, made.case)
        assert today(workspace).rows == ()

    def test_a_clock_that_went_back_is_noticed(self, workspace: Workspace) -> None:
        logged(workspace)
        assert today(workspace).warnings == ()
        clock_of(workspace).forward(days=-3)
        assert today(workspace).warnings


class TestDrafts:
    def test_the_last_text_under_a_name_is_kept_through_a_lock(self, tmp_path: Path) -> None:
        with a_workspace(tmp_path / "vault") as workspace:
            drafts.save_draft(workspace, name="report", body="first")
            drafts.save_draft(workspace, name="report", body="second ☃ \x00 'quoted'")
            drafts.save_draft(workspace, name="note:x", body="other")
        with a_workspace(tmp_path / "vault") as workspace:
            found = drafts.load_draft(workspace, name="report")
            assert found is not None
            assert found.body == "second ☃ \x00 'quoted'"
            assert {draft.name for draft in drafts.list_drafts(workspace)} == {"report", "note:x"}
            drafts.discard_draft(workspace, name="report")
            drafts.discard_draft(workspace, name="never-there")
            assert drafts.load_draft(workspace, name="report") is None

    def test_a_draft_is_no_change_and_travels_nowhere(self, workspace: Workspace) -> None:
        def changes() -> int:
            with workspace.store.reading() as connection:
                return int(connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one())

        before = changes()
        drafts.save_draft(workspace, name="report", body="words")
        assert changes() == before


class TestBackups:
    def test_a_backup_put_back_elsewhere_unlocks_with_everything(self, workspace: Workspace, tmp_path: Path) -> None:
        case = logged(workspace, words="before the backup").case
        drafts.save_draft(workspace, name="report", body="half typed")
        made = backups.backup(workspace, destination=tmp_path / "backups" / "monday.imani")
        logged(workspace, words="after the backup")
        folder = backups.restore(source=made.path, folder=tmp_path / "new", passphrase=PASSPHRASE)
        again = unlock(folder, PASSPHRASE, parts=Parts(TestClock(), SeededRandomness(77)))
        try:
            assert open_case(again, case=case).contents.reports[0].words == "before the backup"
            assert again.store.count(Report) == 1
            assert list_cases(again, words="before").total == 1
            assert drafts.load_draft(again, name="report") is not None
        finally:
            lock(again)

    def test_another_passphrase_or_a_folder_in_use_is_refused(self, workspace: Workspace, tmp_path: Path) -> None:
        made = backups.backup(workspace, destination=tmp_path / "monday.imani")
        with pytest.raises(WrongPassphrase):
            backups.restore(source=made.path, folder=tmp_path / "new", passphrase="another one entirely")
        with pytest.raises(VaultExists):
            backups.restore(source=made.path, folder=workspace.folder, passphrase=PASSPHRASE)
        logged(workspace)


def test_a_form_in_trouble_says_everything_at_once() -> None:
    from core.services.forms import Problems

    problems = Problems()
    problems.settle()
    problems.need(False, "one", "First.")
    problems.need(False, "one", "Not shown.")
    problems.need(True, "two", "Not shown.")
    problems.not_in_future(NOON + timedelta(minutes=4), NOON, "three")
    problems.not_in_future(NOON + timedelta(minutes=6), NOON, "four")
    with pytest.raises(FormIncomplete) as caught:
        problems.settle()
    assert caught.value.problems == {"one": "First.", "four": "Enter a time that has already passed."}


def test_the_head_of_the_page_counts_every_late_duty_and_not_only_that_there_is_one(workspace: Workspace) -> None:
    for days in (2, 3, 4):
        logged(workspace, received_at=NOON - timedelta(days=days))
    counts = today(workspace).counts
    assert (counts.late, counts.all) == (3, 6)
