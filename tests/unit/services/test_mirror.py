"""The mirror over real vaults: what is missing in a new case, what goes once it is done, and whose cases are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Perception
from core.foundation.errors import Cancelled, FormIncomplete
from core.services import plans
from core.services.case_page import read_case
from core.services.contacts import ContactForm, record_contact
from core.services.declarations import declare
from core.services.intake import add_perception
from core.services.mirror import mirror_over_cases
from core.services.opening import lock
from core.services.plans import WishForm
from core.services.report_form import SeenForm
from core.services.sync import sync_now
from core.services.workspace import Workspace
from tests.support.dice import SeededRandomness
from tests.support.vaults import NOON
from tests.support.workspaces import Parts, a_workspace, clock_of, join_cheaply, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def codes(workspace: Workspace, case: object) -> set[str]:
    return {one.code for one in read_case(workspace, case=case).missing}  # type: ignore[arg-type]


def test_a_new_case_lacks_what_is_still_to_do_and_doing_it_takes_it_away(workspace: Workspace) -> None:
    case = logged(workspace).case
    first = codes(workspace, case)
    assert first == {
        "wishes", "support", "risk", "strands", "interview", "officer", "plan", "rights", "nobody-named", "agencies"
    }  # fmt: skip
    plans.record_wish(workspace, form=WishForm(case=case, words="Peace.", said_at=NOON))
    assert codes(workspace, case) == first - {"wishes"}
    add_perception(workspace, case=case, form=SeenForm(strands=frozenset({"race"})))
    assert codes(workspace, case) == first - {"wishes", "strands"}
    assert len(workspace.store.select(Perception)) == 2, "what was said with the report stays"


def test_who_sees_it_and_what_is_behind_it_are_both_needed(workspace: Workspace) -> None:
    case = logged(workspace).case
    with pytest.raises(FormIncomplete) as told:
        add_perception(workspace, case=case, form=SeenForm(perceived_by=""))
    assert set(told.value.problems) == {"perceived_by", "strands"}


def test_a_contact_that_is_late_becomes_one_that_was_late(workspace: Workspace) -> None:
    case = logged(workspace).case
    clock_of(workspace).forward(days=2)
    assert "late-first-contact" in codes(workspace, case)
    record_contact(workspace, form=ContactForm(case=case, at=clock_of(workspace).now(), way="call", outcome="spoke"))
    assert {"late-first-contact", "was-late-first-contact"} & codes(workspace, case) == {"was-late-first-contact"}


def test_cases_with_most_to_mend_come_first(workspace: Workspace) -> None:
    light, heavy = logged(workspace).case, logged(workspace).case
    plans.record_wish(workspace, form=WishForm(case=light, words="Peace.", said_at=NOON))
    rows = mirror_over_cases(workspace)
    assert [row.case for row in rows] == [heavy, light]
    assert rows[0].mine and rows[0].weight == rows[1].weight + 3


def test_a_case_somebody_cannot_read_is_not_in_their_mirror(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    parts = Parts(clock_of(workspace), SeededRandomness(5))
    ben = join_cheaply(workspace, tmp_path / "ben", tmp_path / "shared", name="Ben Kite", role="officer", parts=parts)
    try:
        logged(workspace, conflicted=frozenset({ben.user}))
        shared = logged(workspace).case
        sync_now(workspace)
        sync_now(ben)
        assert mirror_over_cases(ben) == (), "he has not said yet whether he is connected with it"
        declare(ben, case=shared, connected=False)
        (row,) = mirror_over_cases(ben)
        assert row.case == shared and not row.mine
        assert len(mirror_over_cases(workspace)) == 2
    finally:
        lock(ben)


def test_looking_can_be_stopped(workspace: Workspace) -> None:
    class Stop:
        def check(self) -> None:
            raise Cancelled()

    logged(workspace, received_at=NOON - timedelta(days=3))
    with pytest.raises(Cancelled):
        mirror_over_cases(workspace, cancel=Stop())
