"""The demo to learn on: real data in a folder of its own, marked wherever it is printed, shared with nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Case
from core.foundation.errors import Cancelled, MadeUpStaysHere
from core.foundation.system import SystemClock
from core.services import backups, demo, homes
from core.services.letter_words import values_of_ours, words_of_ours
from core.services.made_up import is_made_up
from core.services.mirror import mirror_over_cases
from core.services.opening import lock, unlock
from core.services.organisation import invite, organisation, update_organisation
from core.services.sync import choose_folder
from core.services.today import today
from core.services.workspace import Parts, Workspace
from tests.support.dice import SeededRandomness
from tests.support.workspaces import a_workspace


def real_parts() -> Parts:
    return Parts(SystemClock(), SeededRandomness(6))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home") / "Workbook-demo"
    heard: list[tuple[int, int]] = []
    demo.make_demo(made, parts=real_parts(), progress=lambda done, total, _stage: heard.append((done, total)))
    assert heard == sorted(heard) and {total for _, total in heard} == {len(demo.ALONE)}
    return made


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[Workspace]:
    workspace = demo.open_demo(folder, parts=real_parts())
    yield workspace
    lock(workspace)


def test_there_is_something_to_learn_on(opened: Workspace, folder: Path) -> None:
    assert demo.is_there(folder)
    assert len(opened.store.select(Case)) == len(demo.ALONE)
    assert homes.count_homes(opened) > demo.CASE_HOMES
    page = today(opened)
    assert page.rows and page.counts.late
    assert any(row.to_mend for row in mirror_over_cases(opened))
    assert max(case.opened_at for case in opened.store.select(Case)) <= opened.parts.clock.now()


def test_whatever_is_printed_says_that_it_is_made_up(opened: Workspace) -> None:
    assert is_made_up(opened)
    update_organisation(opened, name="A Real Landlord", letter_name="A Real Landlord")
    ours = organisation(opened)
    assert ours.name == "Made up: A Real Landlord"
    assert values_of_ours(ours)["organisation_name"] == "Made up: A Real Landlord"
    assert "Made up: A Real Landlord" in words_of_ours(ours), "it may stand in any letter"
    update_organisation(opened, name=ours.name, letter_name="")
    assert organisation(opened).letter_name == "Made up: A Real Landlord", "said once, also with no name for letters"


def test_nothing_made_up_gets_among_real_cases(opened: Workspace, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    with pytest.raises(MadeUpStaysHere):
        choose_folder(opened, folder=tmp_path / "shared")
    with pytest.raises(MadeUpStaysHere):
        invite(opened, role="officer")
    assert not list((tmp_path / "shared").iterdir())


def test_the_mark_comes_back_with_a_backup(opened: Workspace, tmp_path: Path) -> None:
    made = backups.backup(opened, destination=tmp_path / "demo.workbook-backup")
    backups.restore(source=made.path, folder=tmp_path / "again", passphrase=demo.PASSPHRASE)
    again = unlock(tmp_path / "again", demo.PASSPHRASE, parts=real_parts())
    try:
        assert is_made_up(again)
    finally:
        lock(again)


def test_a_real_workbook_bears_no_mark(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "real") as real:
        assert not is_made_up(real)
        assert not organisation(real).name.startswith("Made up")


class _StopsSoon:
    """Asked to stop at its third question."""

    def __init__(self) -> None:
        self.asked = 0

    def check(self) -> None:
        self.asked += 1
        if self.asked == 3:
            raise Cancelled()


def test_stopped_or_thrown_away_nothing_is_left(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    with pytest.raises(Cancelled):
        demo.make_demo(place, parts=real_parts(), cancel=_StopsSoon())  # type: ignore[arg-type]
    assert not place.exists() and not demo.is_there(place)
    place.mkdir()
    (place / demo.WHOLE).write_bytes(b"")
    demo.throw_away(place)
    assert not place.exists()
    demo.throw_away(place)
