"""The page on which a second person agrees, and what the decider is asked (policy 3.3, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Report
from core.foundation.ids import RecordId
from core.services.declarations import declare
from core.services.sync import sync_now
from core.services.today import SHUT_TITLE, today
from core.services.workspace import Workspace
from desktop.screens.case.chapters.risk import PART
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.screens.step.presenter import StepPresenter
from desktop.screens.step.view import StepPage
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Heard, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, settle, show_at
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import Parts, a_workspace, join_cheaply, logged


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace, RecordId]]:
    """Ana's laptop and Ben's, with a case of hers that he reads."""
    root: Path = tmp_path_factory.mktemp("second")
    with a_workspace(root / "vault") as ana:
        shared = root / "shared"
        shared.mkdir()
        parts = Parts(TestClock(NOON), SeededRandomness(22))
        ben = join_cheaply(ana, root / "ben", shared, name="Ben Okafor", role="officer", parts=parts)
        case = logged(ana).case
        sync_now(ana)
        sync_now(ben)
        yield ana, ben, case


def test_who_decides_asks_a_reader_and_that_reader_agrees(
    qtbot: QtBot, desks: tuple[Workspace, Workspace, RecordId]
) -> None:
    ana, ben, case = desks
    lower = {"floors": ["weapon"], "judged": "standard", "reasons": "He moved.", "second_person": ben.user.hex()}
    assert answer(a_seat(ana), "risk", case, lower) == {}
    assert "High" in (words := told(ana, PART, case))
    assert "Judged standard; waits for Ben Okafor to agree. Until then the answers hold." in words
    assert "second-person" not in menu_of(ana, case)
    sync_now(ana)
    sync_now(ben)
    (shut,) = today(ben).rows
    assert shut.title == SHUT_TITLE and shut.shut, "before he says whether he is connected it says nothing of it"
    declare(ben, case=case, connected=False)
    (due,) = [row for row in today(ben).rows if row.kind == "second-person"]
    assert DUTY_PAGES[due.kind].step == "second-person" and "second-person" in menu_of(ben, case)
    (waits,) = [row for row in today(ana).rows if row.kind == "second-waits"]
    assert waits.title == "Waits for Ben Okafor: the risk judged lower"
    page = StepPage(a_seat(ben).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(step="second-person", case=case, subject=due.subject)
    settle()
    assert audit_everywhere(page) == []
    assert list(answer(a_seat(ben), "second-person", case, {}, due.subject)) == ["agrees"]
    assert answer(a_seat(ben), "second-person", case, {"agrees": True}, due.subject) == {}
    sync_now(ben)
    sync_now(ana)
    assert "waits for" not in (words := told(ana, PART, case)) and "By the answers alone it would be high." in words


def test_only_readers_can_be_asked_about_a_report(desks: tuple[Workspace, Workspace, RecordId]) -> None:
    ana, _, case = desks
    (report,) = ana.store.select(Report)
    presenter = StepPresenter(a_seat(ana).context)
    opened, choices = Heard(presenter.opened), Heard(presenter.applies)
    presenter.arrive("report-fate", case, report.id)
    presenter.typed({**opened.last.answers, "what": "malicious"})
    assert "second_person" in choices.last
    assert [words for _, words in opened.last.options["second_person"]] == ["Ben Okafor"]
