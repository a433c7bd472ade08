"""Today is what the rules say now: whatever was done, whatever arrived, and however the clock was set meanwhile."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.domain.case import Case
from core.services import contacts, packs, vaults
from core.services.duties import duties_of
from core.services.today import today
from core.services.workspace import Workspace
from core.store import meta
from core.store.contents import contents_of_many
from core.store.transactions import writing
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged

STEPS = 30


def fresh(workspace: Workspace) -> set[tuple[object, ...]]:
    with workspace.store.reading() as connection:
        ids = [case.id for case in workspace.store.select(Case)]
        contents = contents_of_many(connection, ids)
    return {
        (duty.case, duty.kind.value, duty.subject, to_the_millisecond(duty.due_at), duty.title, duty.action)
        for one in contents
        for duty in duties_of(workspace, one)
        if duty.to_do and duty.due_at is not None
    }


def to_the_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def kept(workspace: Workspace) -> set[tuple[object, ...]]:
    return {
        (row.case, row.kind, row.subject, row.duty.due_at, row.title, row.action)
        for row in today(workspace, limit=10_000).rows
    }


def step(workspace: Workspace, dice: random.Random) -> None:
    clock = clock_of(workspace)
    known = workspace.store.select(Case)
    match dice.randrange(9):
        case 0 | 1:
            logged(workspace, received_at=clock.now() - timedelta(hours=dice.randrange(48)))
        case 2 if known:
            form = contacts.ContactForm(
                case=dice.choice(known).id, at=clock.now(), way="call", outcome=dice.choice(["spoke", "no-answer"])
            )
            contacts.record_contact(workspace, form=form)
        case 3 if known:
            with workspace.store.unit("test") as (unit, _):
                unit.delete(Case, dice.choice(known).id)
        case 4 if known:
            with workspace.store.unit("test") as (unit, _):
                chosen = dice.choice(known)
                unit.update(Case, chosen.id, stage="closed", closed_at=clock.now())
        case 5 if known:
            workspace.store.rebuild()
        case 6:
            clock.at += timedelta(days=dice.choice([1, 30, 100, 400, 4000]))
        case 7:
            clock.at -= timedelta(days=dice.choice([1, 30, 100, 400, 4000]))
        case _:
            clock.at += timedelta(minutes=dice.randrange(600))


@pytest.mark.parametrize("seed", range(6))
def test_today_is_what_the_rules_say_at_this_moment(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with a_workspace(tmp_path / "vault") as workspace:
        furthest, put_back = NOON, False
        for _ in range(STEPS):
            step(workspace, dice)
            shown, right = kept(workspace), fresh(workspace)
            assert right <= shown, "a duty is missed"
            now = clock_of(workspace).now()
            put_back = put_back or now < furthest
            furthest = max(furthest, now)
            if not put_back:
                # What was recorded while the clock was ahead counts from that moment on, and may be asked for until
                # the case is touched again: too much, never too little.
                assert shown == right


def test_a_duty_met_only_by_a_wrong_clock_comes_back(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        expected = kept(workspace)
        clock_of(workspace).at = NOON + timedelta(days=4000)
        form = contacts.ContactForm(case=case, at=clock_of(workspace).now(), way="call", outcome="spoke")
        contacts.record_contact(workspace, form=form)
        assert kept(workspace) != expected
        clock_of(workspace).at = NOON
        assert kept(workspace) == fresh(workspace)


def test_duties_are_worked_out_again_when_the_rules_are_not_those_of_last_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        logged(workspace)
        expected = kept(workspace)
        assert expected
        with writing(workspace.store.engine) as connection:
            connection.exec_driver_sql("UPDATE duty SET due_ms = due_ms + 86400000")
            assert meta.read(connection, vaults.RULES) == packs.rules_mark(packs.DEFAULT_PACK)
        assert kept(workspace) != expected
    monkeypatch.setattr(packs, "RULES_VERSION", b"next year")
    with a_workspace(tmp_path / "vault") as workspace:
        assert kept(workspace) == expected
