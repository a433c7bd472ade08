"""Administrators on the screen: everybody sees who they are; proposing, agreeing and refusing are said in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.changed import NOTHING
from core.foundation.errors import ProposalNotOpen
from core.foundation.ids import UserId
from core.services.administrators import AdministratorRow, AdministratorsChanged, AdministratorsView, ProposalRow
from core.services.new_keys import cost_of
from core.services.workspace import Workspace
from desktop.screens.colleagues.administrators import AdministratorsCard, _ProposalPart
from desktop.screens.colleagues.view import ColleaguesPage
from tests.support.desk import DirectRunner, a_seat, seat_with
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import TestClock
from tests.support.workspaces import a_workspace

ANA = AdministratorRow(UserId(b"a" * 16), "Ana Bright", this_is_me=True)
BEN = AdministratorRow(UserId(b"b" * 16), "Ben Stone", this_is_me=False)
PROPOSAL = ProposalRow(
    "ab" * 32, ("Ana Bright", "Ben Stone"), ("Ben Stone",), (), ("Ben Stone",), ("Ana Bright",), 1, may_agree=True,
    i_agreed=False,
)  # fmt: skip
VIEW = AdministratorsView((ANA,), 1, (PROPOSAL,), (BEN,), may_propose=True)
AFTER = AdministratorsView((ANA, BEN), 2, (), (), may_propose=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def card(qtbot: QtBot, **answers: object) -> tuple[AdministratorsCard, ScriptRunner]:
    runner = ScriptRunner(**answers)
    made = AdministratorsCard(seat_with(runner, TestClock()).context)
    qtbot.addWidget(made)
    show_at(made, 1366, 768)
    made.arrive()
    settle()
    return made, runner


def test_who_administers_stands_on_the_page(qtbot: QtBot, workspace: Workspace) -> None:
    page = ColleaguesPage(a_seat(workspace).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    assert "Ana Bright (you)" in words_in(page.administrators)
    assert "1 person decides who administers" in words_in(page.administrators)
    assert audit_everywhere(page) == []


def test_a_proposal_says_who_agreed_and_can_be_answered(qtbot: QtBot) -> None:
    said = AdministratorsChanged(decided=True, changed=NOTHING)
    made, runner = card(qtbot, administrators=[VIEW, AFTER], agree_to_administrators=said)
    (part,) = made.findChildren(_ProposalPart)
    assert "Proposed: Ben Stone administers too." in words_in(made) and "Agreed: Ben Stone." in words_in(made)
    assert audit_everywhere(made) == []
    part.agree.click()
    assert runner.calls[-2] == ("agree_to_administrators", {"proposal": PROPOSAL.id})
    assert "Decided." in words_in(made) and "2 people decide together. 2 must agree" in words_in(made)


def test_refusing_and_what_cannot_be_now_are_told(qtbot: QtBot) -> None:
    made, _ = card(
        qtbot, administrators=VIEW, agree_to_administrators=ProposalNotOpen(reason="others must first refuse"),
        refuse_administrators=AdministratorsChanged(decided=False, changed=NOTHING),
    )  # fmt: skip
    (part,) = made.findChildren(_ProposalPart)
    part.agree.click()
    assert "others must first refuse" in words_in(made)
    made.findChildren(_ProposalPart)[-1].refuse.click()
    assert "Refused." in words_in(made)


def test_somebody_is_chosen_before_anything_is_proposed(qtbot: QtBot) -> None:
    said = AdministratorsChanged(decided=False, changed=NOTHING)
    made, runner = card(qtbot, administrators=VIEW, propose_administrators=said)
    made.add_one.click()
    assert "Choose a person." in words_in(made)
    made.person.set_value(BEN.user)
    made.add_one.click()
    made.person.set_value(ANA.user)
    made.leave.click()
    proposed = [given for name, given in runner.calls if name == "propose_administrators"]
    assert proposed == [
        {"add": frozenset({BEN.user}), "remove": frozenset(), "reason": ""},
        {"add": frozenset(), "remove": frozenset({ANA.user}), "reason": ""},
    ]  # fmt: skip
    assert "when enough have agreed" in words_in(made)


def test_what_a_passphrase_costs_is_proposed_with_a_reason_and_stands_decided(
    qtbot: QtBot, workspace: Workspace
) -> None:
    made = AdministratorsCard(seat_with(DirectRunner(workspace), TestClock()).context)
    qtbot.addWidget(made)
    show_at(made, 1024, 768)
    made.arrive()
    made.passphrases.set_value(512 * 1024)
    made.propose_cost.click()
    assert "Say in a few words why." in words_in(made)
    made.reason.setText("A laptop was stolen from the office.")
    made.propose_cost.click()
    assert "Decided." in words_in(made)
    assert "A guess at a passphrase takes twice as long, from its next change on." in words_in(made)
    assert "The reason given: A laptop was stolen from the office." in words_in(made)
    assert cost_of(workspace).memory_kib == 512 * 1024
    made.propose_cost.click()
    made.reason.setText("Again")
    made.propose_cost.click()
    assert "Choose something other than what holds now." in words_in(made)
    assert audit_everywhere(made) == []


def test_who_does_not_administer_sees_and_proposes_nothing(qtbot: QtBot) -> None:
    only = AdministratorsView((BEN,), 1, (), (), may_propose=False)
    made, _ = card(qtbot, administrators=only)
    assert "Ben Stone" in words_in(made) and not made.add_one.isVisible()
