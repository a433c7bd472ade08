"""The made-up cases of the demo: every chapter is in them, in the order of time, and the mirror and figures show it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from core.domain.case import Case
from core.domain.catalogue import RECORD_TYPES
from core.foundation.system import SystemClock
from core.services.case_page import read_case
from core.services.demo_cases import SCENES
from core.services.demo_past import FOUNDED_DAYS_AGO, Past, StoryClock, play
from core.services.figures import Asked, read_figures
from core.services.homes import find_homes
from core.services.mirror import mirror_over_cases
from core.services.opening import lock, unlock
from core.services.today import today
from core.services.workspace import Parts, Workspace
from tests.support.dice import SeededRandomness
from tests.support.workspaces import PASSPHRASE, homes_csv, join_cheaply, new_vault, with_homes, with_letterhead


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, StoryClock]]:
    folder = tmp_path_factory.mktemp("past")
    (folder / "shared").mkdir()
    clock = StoryClock(SystemClock())
    clock.begin(days_ago=FOUNDED_DAYS_AGO)
    parts = Parts(clock, SeededRandomness(3))
    amara = with_letterhead(unlock(new_vault(folder / "vault"), PASSPHRASE, parts=parts))
    ben = join_cheaply(amara, folder / "ben", folder / "shared", name="Ben Kite", role="officer", parts=parts)
    try:
        with_homes(amara, homes_csv(folder / "homes.csv", 12))
        found = [home.id for home in find_homes(amara, words="", limit=12)]
        play(Past(amara, ben, clock, tuple(found[:7])), SCENES)
        yield amara, clock
    finally:
        lock(ben)
        lock(amara)


def test_every_scene_is_a_case_with_its_story_in_the_order_of_time(played: tuple[Workspace, StoryClock]) -> None:
    amara, clock = played
    found = amara.store.select(Case)
    assert len(found) == len(SCENES)
    for case in found:
        moments = [entry.at for entry in read_case(amara, case=case.id).file.timeline]
        assert max(moments) <= clock.now() and len(moments) >= 3


CHAPTERS = frozenset({
    "risk_assessment", "respondent_assessment", "domestic_abuse", "safeguarding", "standing_of_person",
    "proportionality", "tool_used", "breach", "landlord_request", "rights_advice", "publicity", "case_link", "referral",
    "referral_answer", "shared_item", "forum_item", "joint_work", "security_measure", "management_transfer",
    "housing_advice", "wish", "support_offer", "action_plan", "plan_action", "monitoring", "warning",
    "closure", "closure_talk",
    "case_letter", "survey", "graffiti_judgement", "contractor_order", "judgement", "police_request", "graffiti",
    "visit_round", "visit", "attachment", "professional_witness",
})  # fmt: skip
"""What the casework is made of, and the demo must show."""


def test_the_chapters_of_the_casework_are_all_in_it(played: tuple[Workspace, StoryClock]) -> None:
    amara, _ = played
    kinds = {kind.SPEC.name: kind for kind in RECORD_TYPES}
    assert {name for name in CHAPTERS if not amara.store.select(kinds[name])} == set()


def test_the_mirror_the_figures_and_today_show_something_real(played: tuple[Workspace, StoryClock]) -> None:
    amara, _ = played
    rows = {row.reference: row for row in mirror_over_cases(amara)}
    weights = sorted(row.weight for row in rows.values())
    assert weights[-1] > 15 and weights[0] < 8, "one case nobody cared for, and some that were"
    codes = {finding.code for row in rows.values() for finding in row.findings}
    assert {"late-review", "was-late-first-contact", "plan", "wishes-again", "late-chase"} <= codes
    assert today(amara).counts.late >= 3
    days = Asked(kind="days", first=_day(amara, 200), last=_day(amara, 0))
    own = {table.code: table for table in read_figures(amara, asked=days).tables}
    assert sum(row.values[0] or 0 for row in own["tools"].rows) >= 4
    assert own["moves"].rows[0].values == (1,)
    assert any(table.hides for table in read_figures(amara, asked=Asked(committee=True)).tables)


def _day(workspace: Workspace, days_ago: int) -> date:
    return (workspace.parts.clock.now() - timedelta(days=days_ago)).date()


def test_the_clock_of_the_story_never_goes_back() -> None:
    clock = StoryClock(SystemClock())
    clock.begin(days_ago=80)
    early = clock.now()
    clock.be(days_ago=40)
    later = clock.now()
    clock.be(days_ago=60)
    assert later <= clock.now() and later - early > timedelta(days=39)
    clock.come_back()
    assert clock.now() - later > timedelta(days=39)
