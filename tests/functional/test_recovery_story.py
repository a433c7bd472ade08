"""Every laptop is gone; what is left is paper and a copy of the shared folder."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.foundation.errors import (
    NotAllowed,
    SheetGivenTwice,
    SheetMistyped,
    SheetsDoNotBelong,
    SheetsOpenNothing,
    VaultExists,
)
from core.foundation.ids import RecordId
from core.services import (
    access,
    backups,
    cases,
    coming_back,
    leaving,
    lost_laptops,
    notes,
    opening,
    organisation,
    recovery_groups,
    sync,
)
from core.services.recovery_groups import GroupForm, HolderForm
from core.services.roster import epochs_of
from core.services.workspace import Workspace
from tests.support import sheets
from tests.support.laptops import CHEAP, PASSPHRASE, Office, records_of

Words = tuple[str, str, str, str]


def log(workspace: Workspace, words: str, *, readers: frozenset[bytes] | None = None) -> RecordId:
    form = cases.ReportForm(
        words=words, received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True,
        readers=readers,  # type: ignore[arg-type]  # user ids
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(office: Office, *laptops: Workspace) -> None:
    for laptop in (*laptops, *laptops):
        office.clock.step()
        sync.sync_now(laptop)


def recover(office: Office, words: Words, *, at: str = "new", folder: Path | None = None) -> lost_laptops.Recovered:
    place = folder or office.folder
    form = lost_laptops.RecoverForm(words[1], words[2], words[3], place, "Cleo Hart", "ch", PASSPHRASE)
    return lost_laptops.recover(office.root / at, form, parts=office.parts, cost=CHEAP)


def summaries(workspace: Workspace) -> list[str]:
    return sorted(case.summary for case in workspace.store.select(Case))


def destroy(office: Office, **laptops: Workspace) -> None:
    for name, workspace in laptops.items():
        folder = workspace.folder
        opening.lock(workspace)
        shutil.rmtree(folder)
        assert name and not folder.exists()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def three(office: Office) -> dict[str, Workspace]:
    ana = office.found()
    return {"ana": ana, "ben": office.join(ana, "Ben Okafor", "bo"), "cat": office.join(ana, "Cat Lim", "cl")}


def test_every_laptop_is_destroyed_and_paper_and_a_copy_of_the_folder_bring_every_case_back(
    office: Office, three: dict[str, Workspace]
) -> None:
    ana, ben, cat = three.values()
    log(ben, "Shouting before there were sheets")
    exchange(office, ben, ana)
    _, words = sheets.begin(ana)
    exchange(office, ana, ben, cat)
    log(cat, "A letter through the door, written afterwards", readers=frozenset())
    log(ben, "Only Ben reads this", readers=frozenset())
    exchange(office, ben, cat, ana)
    before = {name: records_of(workspace) for name, workspace in three.items()}
    destroy(office, **three)
    copy = shutil.copytree(office.folder, office.root / "a copy on a stick")

    made = recover(office, words, folder=copy)

    assert made.cases == 3 and not made.missing and not made.refused
    here = records_of(made.workspace)
    for name, rows in before.items():
        for kind, known in rows.items():
            assert all(row in here[kind] for row in known), (name, kind)
    state = coming_back.recovered_state(made.workspace)
    assert state is not None and not state.admitted and not state.finished
    # It reads, searches and backs up, and writes nothing that every other laptop would refuse.
    assert [row.row.summary for row in cases.list_cases(made.workspace, words="door").rows] == [
        "A letter through the door, written afterwards"
    ]
    with pytest.raises(NotAllowed):
        log(made.workspace, "Not yet")
    backups.backup(made.workspace, destination=office.root / "kept.backup")
    # Opened again it is still the same workbook, and still marked.
    opening.lock(made.workspace)
    again = opening.unlock(office.root / "new", PASSPHRASE, parts=office.parts)
    assert coming_back.recovered_state(again) == state
    assert sync.sync_now(again).sent == 0
    with pytest.raises(VaultExists):
        recover(office, words)


def test_where_nobody_is_left_the_sheets_let_one_administrator_in_and_work_goes_on(
    office: Office, three: dict[str, Workspace]
) -> None:
    ana, ben, _ = three.values()
    _, words = sheets.begin(ana)
    case = log(ben, "Graffiti by the bins")
    exchange(office, ben, ana)
    destroy(office, **three)
    cleo = recover(office, words).workspace

    coming_back.come_back(cleo, job_title="Secretary")
    while coming_back.give_myself_cases(cleo):
        pass
    coming_back.forget_sheets(cleo)
    sync.sync_now(cleo)
    dee = office.join(cleo, "Dee Marsh", "dm")
    access.add_reader(cleo, case, dee.user, "takes the case over")
    new = log(cleo, "A new report")
    exchange(office, cleo, dee)

    assert summaries(dee) == ["A new report", "Graffiti by the bins"]
    state = coming_back.recovered_state(cleo)
    assert state is not None and state.finished and state.to_give == 0
    assert any("with recovery sheets" in notice for notice in sync.sync_state(dee).notices)
    readers = {row.name: row for row in access.readers_of(dee, case)}
    assert readers["Cleo Hart"].leads and readers["Cleo Hart"].reason == "recovered with sheets"
    assert dee.store.get(Case, new).summary == "A new report"
    assert sync.verify_shared_folder(dee).sound


def test_where_an_administrator_is_left_the_recovered_workbook_is_let_in_as_anybody(
    office: Office, three: dict[str, Workspace]
) -> None:
    ana, ben, cat = three.values()
    _, words = sheets.begin(ana)
    only_ben = log(ben, "Only Ben reads this", readers=frozenset())
    exchange(office, ben, ana, cat)
    destroy(office, ben=ben)
    cleo = recover(office, words).workspace
    with pytest.raises(NotAllowed):
        coming_back.give_myself_cases(cleo)

    waiting = coming_back.ask_again(cleo, organisation.invite(ana, role="officer").text)
    sync.sync_now(cleo)
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    assert request.words == waiting.words
    organisation.admit(ana, request=request.id)
    exchange(office, ana, cleo)
    assert coming_back.give_myself_cases(cleo) == 1
    coming_back.forget_sheets(cleo)
    exchange(office, cleo, ana, cat)

    access.add_reader(cleo, only_ben, ana.user, "somebody must know of it")
    exchange(office, cleo, ana)
    assert summaries(ana) == ["Only Ben reads this"]
    assert not any("set aside" in notice for notice in sync.sync_state(ana).notices)
    assert not any("became an administrator" in notice for notice in sync.sync_state(cat).notices)


def test_old_sheets_open_nothing_that_came_after_new_ones(office: Office, three: dict[str, Workspace]) -> None:
    ana, ben, _ = three.values()
    _, old = sheets.begin(ana)
    (group,) = recovery_groups.groups(ana)
    first = log(ben, "While the old sheets counted")
    exchange(office, ben, ana)
    holders = (*sheets.HOLDERS[:2], HolderForm("Lena Frost"))
    _, new = sheets.begin(ana, GroupForm("Officers of the co-op", holders, group.group))
    exchange(office, ana, ben)
    log(ben, "After the change of holders")
    notes.add_note(ben, case=first, body="Written under a key the old sheets do not open")
    exchange(office, ben, ana)
    (row,) = recovery_groups.groups(ana)
    assert row.edition == 2 and [item.edition for item in row.old_sheets] == [1]
    assert row.old_sheets[0].destroyed_at is None
    recovery_groups.sheets_destroyed(ana, row.group, 1)
    assert recovery_groups.groups(ana)[0].old_sheets[0].destroyed_at is not None

    outdated = recover(office, old, at="old").workspace
    assert summaries(outdated) == ["While the old sheets counted"] and not outdated.store.select(Note)
    assert summaries(recover(office, new, at="new").workspace) == [
        "After the change of holders", "While the old sheets counted"
    ]  # fmt: skip
    assert len(ben.store.select(Note)) == len(ana.store.select(Note)) == 1
    # Who has them does not even learn that there are new ones; everybody else does not let them in.
    coming_back.come_back(outdated)
    exchange(office, outdated, ana, ben)
    for laptop in (ana, ben):
        assert {member.name for member in organisation.members(laptop)} == {"Ana Reyes", "Ben Okafor", "Cat Lim"}


def test_wrong_sheets_and_wrong_folders_are_told_apart(office: Office, three: dict[str, Workspace]) -> None:
    ana = three["ana"]
    _, words = sheets.begin(ana)
    exchange(office, ana)
    other = Office(office.root / "another")
    _, theirs = sheets.begin(other.found("Zoe Field", "zf"))
    with pytest.raises(SheetsOpenNothing):
        recover(office, words, folder=other.folder)
    with pytest.raises(SheetsDoNotBelong):
        recover(office, (words[0], words[1], words[2], theirs[3]))
    with pytest.raises(SheetsDoNotBelong):
        recover(office, (words[0], words[1], theirs[2], words[3]))
    with pytest.raises(SheetGivenTwice):
        recover(office, (words[0], words[1], words[1], words[3]))
    swapped = words[1].split()
    swapped[6], swapped[9] = swapped[9], swapped[6]
    with pytest.raises(SheetMistyped):
        recover(office, (words[0], " ".join(swapped), words[2], words[3]))
    assert not (office.root / "new" / "keyslot").exists()


def test_a_damaged_copy_of_the_folder_gives_the_rest_and_names_what_is_missing(
    office: Office, three: dict[str, Workspace]
) -> None:
    ana, ben, _ = three.values()
    _, words = sheets.begin(ana)
    exchange(office, ana, ben)
    known = set(office.files())
    log(ben, "Lost for ever")
    sync.sync_now(ben)
    (lost,) = set(office.files()) - known
    office.clock.step(timedelta(minutes=5))
    exchange(office, ana, ben)
    log(ana, "Written in the knowledge of it")
    log(ben, "And after it")
    exchange(office, ana, ben)
    destroy(office, **three)
    copy = shutil.copytree(office.folder, office.root / "copy")
    (copy / lost.relative_to(office.folder)).write_bytes(b"torn")

    made = recover(office, words, folder=copy)
    assert summaries(made.workspace) == ["And after it", "Written in the knowledge of it"]
    (said,) = made.missing
    assert said.startswith("1 exchange of Ben Okafor\u2019s laptop, number ")
    state = coming_back.recovered_state(made.workspace)
    assert state is not None and state.missing == made.missing
    with pytest.raises(NotAllowed):
        coming_back.come_back(made.workspace)


def test_whoever_was_removed_is_given_no_key_by_sheets_either(office: Office, three: dict[str, Workspace]) -> None:
    ana, ben, cat = three.values()
    _, words = sheets.begin(ana)
    case = log(ana, "A case of three")
    exchange(office, ana, ben, cat)
    leaving.remove_colleague(ana, user=ben.user, reason="moved to another landlord")
    exchange(office, ana, cat)
    destroy(office, ana=ana, cat=cat)
    cleo = recover(office, words).workspace
    coming_back.come_back(cleo)
    while coming_back.give_myself_cases(cleo):
        pass
    exchange(office, cleo)
    assert {row.name for row in access.readers_of(cleo, case)} == {"Ana Reyes", "Cat Lim", "Cleo Hart"}
    stream = cleo.store.get(Case, case).stream
    newest = max(epochs_of(cleo, stream).values(), key=lambda epoch: epoch.header.number)
    assert newest.author == cleo.user and ben.user not in newest.header.users
