"""Warnings, the police, places and graffiti, as an officer records them (4.11, 4.25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Graffiti, Incident
from core.domain.doors import ContractorOrder, KnownPlace, WarningGiven
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services import casework, graffiti, known_places, patrols, plans
from core.services.attachments import AttachmentForm, GivenFile, attach
from core.services.case_page import read_case
from core.services.graffiti import OrderForm
from core.services.known_places import PlaceForm
from core.services.patrols import WarningForm
from core.services.plans import WishForm
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def warn(workspace: Workspace, case: RecordId, **changes: object) -> RecordId:
    values = {
        "given_at": NOON, "way": "in-person", "words": "Harassment is taken seriously here.",
        "given_to": "Two young men by the gate", "named_nobody": True, "against_wish_because": "A child is at risk",
    }  # fmt: skip
    return patrols.record_warning(workspace, form=WarningForm(case=case, **{**values, **changes})).record  # type: ignore[arg-type]


def test_a_warning_against_the_wish_of_the_person_needs_a_reason(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as refused:
        warn(workspace, case, against_wish_because="")
    assert list(refused.value.problems) == ["against_wish_because"]
    plans.record_wish(workspace, form=WishForm(case=case, words="Tell them to stop.", said_at=NOON))
    warn(workspace, case, against_wish_because="")
    (given,) = workspace.store.select(WarningGiven)
    assert given.against_wish_because == ""
    steps = {step.kind.value: step.state.value for step in read_case(workspace, case=case).steps}
    assert steps["warn"] == "done"


def test_a_warning_says_who_how_and_what(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as refused:
        warn(workspace, case, given_to=" ", way="", words="", named_nobody=None)
    assert set(refused.value.problems) == {"given_to", "way", "words", "named_nobody"}


def test_the_police_are_chased_on_today_until_they_answer(workspace: Workspace, case: RecordId) -> None:
    request = casework.ask_police(workspace, case=case, asked_of="Patrol team").record
    clock_of(workspace).forward(days=10)
    (row,) = [row for row in today(workspace).rows if row.kind == "police-answer"]
    assert row.late
    patrols.ask_police_again(workspace, request=request, at=clock_of(workspace).now(), notes="By phone")
    (row,) = [row for row in today(workspace).rows if row.kind == "police-answer"]
    assert not row.late
    with pytest.raises(FormIncomplete) as refused:
        patrols.police_answered(workspace, request=request, reply=" ", replied_at=NOON - timedelta(days=1))
    assert set(refused.value.problems) == {"reply", "at"}
    patrols.police_answered(workspace, request=request, reply="Twice a week.", replied_at=clock_of(workspace).now())
    assert [row for row in today(workspace).rows if row.kind == "police-answer"] == []
    titles = [entry.title for entry in read_case(workspace, case=case).file.timeline]
    assert {"Police asked: Patrol team", "Police asked again", "The police answered"} <= set(titles)


def test_a_place_of_two_cases_is_seen_from_both(workspace: Workspace, case: RecordId) -> None:
    other = logged(workspace).case
    for one, name in ((case, "Stair B"), (other, "stair  b")):
        mark = casework.report_graffiti(workspace, case=one, place="Stair B", notified_at=NOON).record
        form = PlaceForm(case=one, kind="stairwell", name=name, block="Quill House", happened=frozenset({mark}))
        known_places.name_place(workspace, form=form)
    (repeat,) = read_case(workspace, case=case).repeats
    assert (repeat.here, repeat.elsewhere, repeat.other_cases) == (1, 1, frozenset({other}))
    stairs = {one.stream for one in workspace.store.select(KnownPlace)}
    assert len(stairs) == 2, "each place lies with its case"


def test_a_place_named_twice_in_one_case_is_one_place(workspace: Workspace, case: RecordId) -> None:
    marks = [
        casework.report_graffiti(workspace, case=case, place=where, notified_at=NOON).record
        for where in ("Wall", "Door")
    ]
    for mark in marks:
        form = PlaceForm(case=case, kind="gate", name="Side gate", block="Quill House", happened=frozenset({mark}))
        known_places.name_place(workspace, form=form)
    assert len(workspace.store.select(KnownPlace)) == 1
    assert read_case(workspace, case=case).repeats[0].here == 2


def test_something_of_another_case_cannot_be_named(workspace: Workspace, case: RecordId) -> None:
    foreign = casework.report_graffiti(workspace, case=logged(workspace).case, place="Wall", notified_at=NOON).record
    form = PlaceForm(case=case, kind="gate", name="Gate", block="Quill House", happened=frozenset({foreign}))
    with pytest.raises(FormIncomplete) as refused:
        known_places.name_place(workspace, form=form)
    assert list(refused.value.problems) == ["happened"]
    assert workspace.store.select(Incident, limit=1)[0].known_place is None


def a_mark(workspace: Workspace, case: RecordId) -> Graffiti:
    made = casework.report_graffiti(workspace, case=case, place="Lift", notified_at=NOON).record
    return workspace.store.get(Graffiti, made)


def test_the_order_to_a_contractor_names_nobody(workspace: Workspace, case: RecordId) -> None:
    mark = a_mark(workspace, case)

    def order(words: str, **changes: object) -> RecordId:
        values = {"contractor": "Clean Walls", "wall": "ours", "words": words, **changes}
        return graffiti.order_removal(workspace, form=OrderForm(graffiti=mark.id, **values)).record  # type: ignore[arg-type]

    with pytest.raises(FormIncomplete) as refused:
        order("Meera Quill was insulted in the lift.")
    with pytest.raises(FormIncomplete, match="never why"):
        order("Please clean the lift. The tenant is being harassed.")
    assert list(refused.value.problems) == ["words"]
    with pytest.raises(FormIncomplete) as refused:
        order("Please clean the lift.", wall="private")
    assert list(refused.value.problems) == ["owner_agreed"]
    made = order("Please clean the lift.")
    graffiti.answer_order(workspace, order=made, came="cannot", cannot_because="No van until Monday")
    assert workspace.store.get(ContractorOrder, made).cannot_because == "No van until Monday"


def test_the_photographs_of_a_wall_are_those_of_its_case(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    mark = a_mark(workspace, case)
    picture = tmp_path / "wall.txt"
    picture.write_text("as good as a picture", encoding="utf-8")

    def kept(in_case: RecordId) -> RecordId:
        form = AttachmentForm("photo-before", about="Lift door")
        return attach(workspace, case=in_case, given=GivenFile(picture), form=form).attachment

    foreign = kept(logged(workspace).case)
    with pytest.raises(FormIncomplete) as refused:
        casework.mark_graffiti_removed(workspace, graffiti=mark.id, removed_at=NOON, photo_before=foreign)
    assert list(refused.value.problems) == ["photo_before"]
    own = kept(case)
    casework.mark_graffiti_removed(workspace, graffiti=mark.id, removed_at=NOON, photo_before=own)
    removed = workspace.store.get(Graffiti, mark.id)
    assert (removed.photo_before, removed.photographed_before, removed.no_photo_because) == (own, True, "")


def test_judged_ordinary_needs_a_reason_and_ends_the_clock(workspace: Workspace, case: RecordId) -> None:
    mark = a_mark(workspace, case)
    with pytest.raises(FormIncomplete):
        graffiti.judge_graffiti(workspace, graffiti=mark.id, offensive=False)
    assert any(row.kind == "graffiti" for row in today(workspace).rows)
    graffiti.judge_graffiti(workspace, graffiti=mark.id, offensive=False, reasons="A heart and two initials")
    assert not any(row.kind == "graffiti" for row in today(workspace).rows)
    clock_of(workspace).forward(minutes=5)
    graffiti.judge_graffiti(workspace, graffiti=mark.id, offensive=True)
    assert any(row.kind == "graffiti" for row in today(workspace).rows)
