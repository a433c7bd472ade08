"""The language and format somebody needs, kept once and followed by everything that is given to them (policy 6.5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Party
from core.foundation.ids import RecordId
from core.services.workspace import Workspace
from tests.support.chapter_pages import answer, menu_of
from tests.support.desk import Seat, a_seat
from tests.support.workspaces import a_workspace, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def test_a_need_is_kept_and_the_usual_print_is_refused_from_then_on(workspace: Workspace, seat: Seat) -> None:
    case = logged(workspace).case
    assert "needs" in menu_of(workspace, case)
    (person,) = workspace.store.select(Party)
    rights = {"about": ["ombudsman"], "copy_format": "standard", "party": person.id.hex()}
    needs: dict[str, object] = {"format_needed": "braille", "language": "so"}
    assert list(answer(seat, "needs", case, {**needs, "language": "Somali, please"})) == ["language"]
    assert answer(seat, "needs", case, needs) == {}
    (person,) = workspace.store.select(Party)
    assert (person.format_needed, person.language) == ("braille", "so")
    refused = answer(seat, "rights", case, rights)
    assert "another format: braille" in refused["copy_format"]


def test_somebody_of_another_case_is_nobody_here(workspace: Workspace, seat: Seat) -> None:
    case, other = logged(workspace).case, logged(workspace).case
    (stranger,) = [one for one in workspace.store.select(Party) if one.case == other]
    refused = answer(seat, "needs", case, {"party": RecordId(stranger.id).hex(), "format_needed": "audio"})
    assert refused == {"party": "Choose who."}
