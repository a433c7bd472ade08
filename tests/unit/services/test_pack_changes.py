"""A change of a pack: proposed, agreed by a second person, the same on every laptop, never backwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.packs import PackChange, PackChangeAgreed
from core.foundation.errors import FileUnreadable, FormIncomplete, NotAllowed
from core.foundation.ids import RecordId
from core.policy.duties import Duty
from core.services import agencies, enforcement, pack_changes, packs, sync
from core.services.contents import contents_of
from core.services.duties import duties_of
from core.services.pack_changes import ChangeForm, PackChanged
from core.services.workspace import Workspace
from tests.support.laptops import Office
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


def longer_appeal(workspace: Workspace, **changes: object) -> PackChanged:
    form = ChangeForm(
        pack="policy", path="clocks/appeal/value", typed="15", from_on=workspace.today, reason="The committee decided.",
    )  # fmt: skip
    return pack_changes.change_value(workspace, form=replace(form, **changes))  # type: ignore[arg-type]


def days(workspace: Workspace) -> int:
    return workspace.pack.clocks.appeal.term.value


def state(workspace: Workspace) -> list[str]:
    return [change.state for row in pack_changes.packs_now(workspace) for change in row.changes]


def test_a_change_waits_for_a_second_person_and_then_holds_everywhere(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    eve = office.join(ana, "Eve Marsh", "em", role="committee")
    everybody = (ana, ben, eve)

    def exchange() -> None:
        for laptop in (*everybody, *everybody):
            sync.sync_now(laptop)

    exchange()
    with pytest.raises(NotAllowed):
        longer_appeal(ben)
    proposed = longer_appeal(ana)
    assert proposed.waits
    exchange()
    assert [days(one) for one in everybody] == [10, 10, 10] and state(ben) == ["waits"]
    for cannot in (ana, eve):
        with pytest.raises(NotAllowed):
            pack_changes.answer_change(cannot, change=proposed.change, agrees=True)
    pack_changes.answer_change(ben, change=proposed.change, agrees=True)
    assert days(ben) == 15
    exchange()
    assert [days(one) for one in everybody] == [15, 15, 15]
    assert {one.shelf.version("policy", one.today).mark for one in everybody} == {
        ana.shelf.version("policy", ana.today).mark
    }
    # What was agreed is exactly this: a change altered afterwards counts no more, on any laptop.
    with ana.store.unit("test") as (unit, _):
        unit.update(PackChange, proposed.change, value="90")
    exchange()
    assert [days(one) for one in everybody] == [10, 10, 10]


def test_a_word_in_somebody_elses_name_counts_for_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    proposed = longer_appeal(ana)
    change = ana.store.get(PackChange, proposed.change)
    mark = pack_changes.fingerprint(pack_changes.edit_from(change))
    with ana.store.unit("test") as (unit, _):
        unit.create(
            PackChangeAgreed, ana.organisation_stream, change=change.id, fingerprint=mark, agrees=True,
            said_at=office.clock.now(), said_by=ben.user,
        )  # fmt: skip
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    assert (days(ana), days(ben)) == (10, 10)


def test_one_refusal_is_enough(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    proposed = longer_appeal(ana)
    sync.sync_now(ana)
    sync.sync_now(ben)
    pack_changes.answer_change(ben, change=proposed.change, agrees=False)
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert state(ana) == ["refused"] and days(ana) == 10


def test_with_nobody_else_it_holds_at_once_and_survives_a_lock(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        assert not longer_appeal(workspace).waits
        assert days(workspace) == 15
        case = logged(workspace).case
    with a_workspace(tmp_path / "vault") as again:
        assert days(again) == 15
        assert again.setting_of(contents_of(again, case)).pack.clocks.appeal.term.value == 15


def test_a_shorter_promise_does_not_make_an_older_case_late(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        case = logged(workspace).case
        before = {duty.kind.value: duty.due_at for duty in _duties(workspace, case)}
        clock_of(workspace).forward(days=1)
        longer_appeal(workspace, path="clocks/review/value", typed="1")
        assert {duty.kind.value: duty.due_at for duty in _duties(workspace, case)} == before
        newer = logged(workspace, received_at=workspace.parts.clock.now()).case
        review = next(duty for duty in _duties(workspace, newer) if duty.kind.value == "review")
        assert review.due_at is not None and (review.due_at - workspace.parts.clock.now()).days < 32


def test_a_tool_follows_the_list_of_the_day_it_is_used(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        legal = json.loads(packs.shipped_text("legal", packs.DEFAULT_PACK))
        legal["version"] = 2
        for power in legal["powers"]:
            if power["code"] == "mediation":
                power["until"] = NOON.date().isoformat()
        file = tmp_path / "powers.json"
        file.write_text(json.dumps(legal), encoding="utf-8")
        pack_changes.import_pack(workspace, path=file, from_on=workspace.today, reason="Our solicitor.")
        case = logged(workspace).case
        facts = contents_of(workspace, case)
        today = enforcement.tools_for(workspace.shelf.legal(workspace.today), facts, None, workspace.today)
        assert next(one for one in today if one.power.code == "mediation").available
        clock_of(workspace).forward(days=1)
        later = enforcement.tools_for(workspace.shelf.legal(workspace.today), facts, None, workspace.today)
        assert "Not in force any more" in next(one for one in later if one.power.code == "mediation").why_not


def test_a_file_that_is_no_pack_or_changes_nothing(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        with pytest.raises(FileUnreadable):
            pack_changes.import_pack(workspace, path=tmp_path / "none", from_on=workspace.today, reason="x")
        file = tmp_path / "pack.json"
        for text, said in (
            ("{}", "none of the packs"), (packs.shipped_text("risk", packs.DEFAULT_PACK), "Nothing would change"),
        ):  # fmt: skip
            file.write_text(text, encoding="utf-8")
            with pytest.raises(FormIncomplete) as refused:
                pack_changes.import_pack(workspace, path=file, from_on=workspace.today, reason="x")
            assert said in refused.value.problems["path"]


def _duties(workspace: Workspace, case: RecordId) -> tuple[Duty, ...]:
    return duties_of(workspace, contents_of(workspace, case))


def test_a_list_of_agencies_is_brought_in_once_and_every_wrong_row_is_named(tmp_path: Path) -> None:
    with a_workspace(tmp_path / "vault") as workspace:
        rows = [
            {"name": "Harbour Race Unit", "kind": "race-unit", "area": "Harbour", "contact": ""},
            {"name": "Harbour police", "kind": "police", "area": "", "contact": "101"},
        ]
        file = tmp_path / "agencies.json"
        wrong = {"format": 1, "agencies": [*rows, {"name": "X", "kind": "circus"}]}
        file.write_text(json.dumps(wrong), encoding="utf-8")
        with pytest.raises(FormIncomplete) as refused:
            pack_changes.bring_in_agencies(workspace, path=file)
        assert "Kind in agencies, row 3 (X) is 'circus', which is not known." in refused.value.problems["path"]
        assert "Area in agencies, row 3 (X) is missing." in refused.value.problems["path"]
        assert agencies.agencies_of(workspace) == ()
        file.write_text(json.dumps({"format": 1, "agencies": rows}), encoding="utf-8")
        assert pack_changes.look_at_pack_file(workspace, path=file).differs[0] == "Harbour Race Unit is new."
        assert pack_changes.bring_in_agencies(workspace, path=file).count == 2
        assert [row.agency.name for row in agencies.agencies_of(workspace)] == ["Harbour police", "Harbour Race Unit"]
        assert all(row.stale for row in agencies.agencies_of(workspace)), "nobody has checked them yet"
        with pytest.raises(FormIncomplete):
            pack_changes.bring_in_agencies(workspace, path=file)


def own(pack: str, **changes: object) -> str:
    content = json.loads(packs.shipped_text(pack, packs.DEFAULT_PACK))
    return json.dumps({**content, **changes})


def brought_in(workspace: Workspace, folder: Path, text: str) -> PackChanged:
    path = folder / "own.json"
    path.write_text(text, encoding="utf-8")
    return pack_changes.import_pack(workspace, path=path, from_on=workspace.today, reason="The committee decided.")


def test_prompts_and_survey_of_our_own_and_what_was_asked_before_stays_known(tmp_path: Path) -> None:
    speed = {"code": "speed", "words": "Were we fast?", "answers": [
        {"code": "yes", "words": "Yes", "score": 2}, {"code": "no", "words": "No", "score": 1}]}  # fmt: skip
    with a_workspace(tmp_path / "vault") as workspace:
        today, shelf = workspace.today, workspace.shelf
        before = shelf.survey(today)
        with pytest.raises(FormIncomplete) as refused:
            brought_in(workspace, tmp_path, own("survey", questions=[{**speed, "words": ""}], version=2))
        assert "questions, row 1" in refused.value.problems["path"]
        with pytest.raises(FormIncomplete) as refused:
            brought_in(workspace, tmp_path, own("survey", questions=[speed]))
        assert "give it the next number" in refused.value.problems["path"]
        brought_in(workspace, tmp_path, own("survey", questions=[speed], version=2))
        assert [one.code for one in shelf.survey(today).questions] == ["speed"]
        assert shelf.survey_asked(before.id, before.version, today) == before, "answers to it can still be entered"
        assert shelf.survey_asked("nobody-knows", 9, today) == shelf.survey(today)
        brought_in(workspace, tmp_path, own("interview", id="ours", prompts=[
            {"code": "tea", "section": "First", "words": "Offer tea"}]))  # fmt: skip
        assert [one.words for one in shelf.prompts(today).prompts] == ["Offer tea"]
        assert {row.pack: row.version.split(" ")[0] for row in pack_changes.packs_now(workspace)}["interview"] == "ours"
        logged(workspace)  # a case keeps the packs it always kept
