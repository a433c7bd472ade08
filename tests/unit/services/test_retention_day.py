"""Retention day: new keys, the old ones destroyed, and who has not done it yet after a deletion."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case
from core.foundation.errors import FolderUnreachable, FormIncomplete, WrongPassphrase
from core.services import notes, opening, pairing, recovery_groups, retention, retention_day, streams, sync
from core.services.new_keys import PAIR_AGAIN, new_keys_begun
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store import meta
from core.vault.keyslot import KeyslotContent, open_keyslot
from tests.independent.reader import Folder
from tests.support import sheets
from tests.support.laptops import CHEAP, PASSPHRASE, Office, change_ids_of, every_byte_of, records_of
from tests.support.oracle import keys_of

OWN = "velvet harbour signal maple drift"
SECRET = "quixotic"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def case_of(office: Office, lead: Workspace, *readers: Workspace, words: str = SECRET) -> Case:
    with lead.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(
            unit, lead, readers=frozenset(reader.user for reader in readers), conflicted=frozenset()
        )
        record = unit.create(
            Case, stream, reference="2026-AR-1", summary=words, stage="closed", lead=lead.user,
            opened_at=office.clock.now() - timedelta(days=9), closed_at=office.clock.now() - timedelta(days=1),
        )  # fmt: skip
    return lead.store.get(Case, record)


def everybody(*laptops: Workspace) -> None:
    for laptop in laptops * 2:
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())


def renewed(office: Office, workspace: Workspace, passphrase: str = PASSPHRASE) -> Workspace:
    retention_day.hold_retention_day(workspace, passphrase=passphrase)
    return opening.unlock(workspace.folder, passphrase, parts=office.parts)


def deleted(case: Case, lead: Workspace, second: Workspace) -> None:
    asked = retention.ask_deletion(lead, case=case.id, reason="erasure", words="Decided on 3 March.").record
    everybody(lead, second)
    retention.agree_deletion(second, deletion=asked)
    everybody(second, lead)


def test_after_it_everybody_goes_on_and_the_new_keys_are_everywhere(office: Office) -> None:
    ana, ben = office.pair()
    case = case_of(office, ana, ben)
    everybody(ana, ben)
    before = ben.keys.user_wrap_seed.reveal()
    ben = renewed(office, ben)
    assert ben.keys.user_epoch == 1 and ben.keys.user_wrap_seed.reveal() != before and not new_keys_begun(ben)
    everybody(ana, ben)
    assert roster_of(ana).users[ben.user].record.user_epoch == 1
    notes.add_note(ana, case=case.id, body="from Ana")
    notes.add_note(ben, case=case.id, body="from Ben")
    everybody(ana, ben)
    assert records_of(ana) == records_of(ben) and change_ids_of(ana) == change_ids_of(ben)
    ben = renewed(office, ben)  # and once more
    everybody(ana, ben)
    ana = renewed(office, ana)
    everybody(ana, ben)
    notes.add_note(ana, case=case.id, body="after")
    everybody(ana, ben)
    assert records_of(ana) == records_of(ben)
    cat = office.join(ana, "Cat Doe", "cd")
    everybody(ana, cat, ben)
    assert roster_of(cat).users[ben.user].record.user_epoch == 2
    assert sync.verify_shared_folder(ana).sound


def test_what_a_colleague_wrote_meanwhile_for_the_old_keys_is_read(office: Office) -> None:
    ana, ben = office.pair()
    everybody(ana, ben)
    case = case_of(office, ana, ben, words="opened meanwhile")  # Ana has not heard of Ben's new keys
    ben = renewed(office, ben)
    everybody(ana, ben)
    assert [one.summary for one in ben.store.select(Case)] == ["opened meanwhile"]
    assert ben.store.get(Case, case.id).summary == "opened meanwhile"


def test_the_old_keys_are_nowhere_in_the_workbook_any_more(office: Office) -> None:
    ana = office.found()
    case_of(office, ana)
    old = open_keyslot(ana.folder, PASSPHRASE)
    seeds = [old.user_sign_seed.reveal(), old.user_wrap_seed.reveal(), old.vault_key.reveal()]
    folder = ana.folder
    retention_day.hold_retention_day(ana, passphrase=PASSPHRASE)
    assert not [path.name for path in folder.glob("workbook.next*")]
    for path in folder.rglob("*"):
        if path.is_file():
            assert not [seed for seed in seeds if seed in path.read_bytes()], path.name
    assert (folder / "keyslot").read_bytes() == (folder / "keyslot.previous").read_bytes()
    ana = opening.unlock(folder, PASSPHRASE, parts=office.parts)
    heap = every_byte_of(ana)
    assert not [seed for seed in seeds if seed in heap]
    new = [ana.keys.user_sign_seed.reveal(), ana.keys.user_wrap_seed.reveal()]
    assert not [seed for seed in new if seed in heap], "the new ones stand in the key file alone"


def opens(keys: KeyslotContent, workspace: Workspace, files: Path) -> bool:
    """Whether the second reader finds the deleted words in a copy of the folder with these keys and what the workbook
    still holds."""
    known = replace(keys_of(workspace), wrap_seeds={keys.user_epoch: keys.user_wrap_seed.reveal()})
    read = Folder(files, known).records()
    return any(SECRET in str(record.fields) for record in read.values())


def test_an_old_copy_of_the_folder_opens_with_the_old_key_file_and_with_nothing_that_survives(office: Office) -> None:
    ana, ben = office.pair()
    case = case_of(office, ana, ben)
    everybody(ana, ben)
    copy = office.root / "copy of the folder"
    shutil.copytree(office.folder, copy)
    old = {one.user: open_keyslot(one.folder, PASSPHRASE) for one in (ana, ben)}
    deleted(case, ana, ben)
    assert opens(old[ana.user], ana, copy) and opens(old[ben.user], ben, copy), "the oracle sees nothing"
    ana, ben = renewed(office, ana), renewed(office, ben)
    everybody(ana, ben)
    shutil.copytree(office.folder, copy, dirs_exist_ok=True)
    for one in (ana, ben):
        for slot in ("keyslot", "keyslot.previous"):
            left = office.root / f"left of {one.keys.user.hex()} {slot}"
            left.mkdir()
            shutil.copy(one.folder / slot, left / "keyslot")
            assert not opens(open_keyslot(left, PASSPHRASE), one, copy)


def test_it_is_said_who_has_not_renewed_and_since_when_it_is_unrecoverable(office: Office) -> None:
    ana, ben = office.pair()
    case = case_of(office, ana, ben)
    everybody(ana, ben)
    assert not retention_day.retention_day_state(ana).due
    ben = renewed(office, ben)  # before the deletion: it does not count
    deleted(case, ana, ben)
    (stands,) = retention_day.retention_day_state(ana).deletions
    assert stands.waiting == ("Ben Okafor", "you") and stands.me and stands.since is None
    assert "Ben Okafor and you have not yet." in stands.sentence
    assert retention_day.retention_day_state(ana).due
    office.clock.step(timedelta(days=2))
    ana = renewed(office, ana)
    everybody(ana, ben)
    (stands,) = retention_day.retention_day_state(ana).deletions
    assert stands.waiting == ("Ben Okafor",) and "Ben Okafor has not yet." in stands.sentence
    assert not retention_day.retention_day_state(ana).due and retention_day.retention_day_state(ben).due
    office.clock.step(timedelta(days=2))
    ben = renewed(office, ben)
    everybody(ana, ben)
    for one in (ana, ben):
        (stands,) = retention_day.retention_day_state(one).deletions
        assert stands.waiting == () and stands.sentence == "Deleted, and unrecoverable since 24 November 2026."
    office.clock.step(timedelta(days=100))
    state = retention_day.retention_day_state(ben)
    assert state.due and retention_day.due_sentence(state) == retention_day.QUARTERLY


def test_who_reads_alone_is_named_alone(office: Office) -> None:
    ana, ben = office.pair()
    case = case_of(office, ana)
    everybody(ana, ben)
    retention.ask_deletion(ana, case=case.id, reason="erasure", words="Decided.")
    sync.sync_now(ana)
    (stands,) = retention_day.retention_day_state(ana).deletions
    assert stands.waiting == ("you",) and "you have not yet." in stands.sentence


def test_a_second_laptop_is_paired_again(office: Office) -> None:
    ana = office.found()
    case_of(office, ana)
    sync.sync_now(ana)
    second = paired(office, ana, "second")
    everybody(ana, second)
    ana = renewed(office, ana)
    told = [sync.sync_now(laptop).notices for laptop in (ana, second) * 3]
    assert told[-2:] == [(), (PAIR_AGAIN,)]
    state = retention_day.retention_day_state(second)
    assert state.pair_again and state.due and "Pair this one again" in retention_day.due_sentence(state)
    with pytest.raises(FormIncomplete) as caught:
        retention_day.hold_retention_day(second, passphrase=OWN)
    assert caught.value.problems == {"passphrase": PAIR_AGAIN}
    third = paired(office, ana, "third")
    everybody(ana, third)
    assert third.keys.user_epoch == 1 and records_of(third) == records_of(ana)
    third = renewed(office, third, OWN)
    assert third.keys.user_epoch == 2
    assert retention_day.retention_day_state(ana).pair_again is False
    sync.sync_now(ana)
    assert retention_day.retention_day_state(ana).pair_again


def paired(office: Office, old: Workspace, folder: str) -> Workspace:
    form = pairing.PairingForm("Home laptop", OWN, office.folder)
    asked = pairing.ask_to_pair(office.root / folder, form, parts=office.parts, cost=CHEAP)
    pairing.pair(old, code=asked.code)
    sync.sync_now(old)
    return opening.finish_joining(office.root / folder, OWN, parts=office.parts)


def test_nothing_is_destroyed_before_the_folder_has_it(office: Office) -> None:
    ana, ben = office.pair()
    everybody(ana, ben)
    with pytest.raises(WrongPassphrase):
        retention_day.hold_retention_day(ben, passphrase="wrong")
    shutil.move(office.folder, office.root / "away")
    with pytest.raises(FolderUnreachable):
        retention_day.hold_retention_day(ben, passphrase=PASSPHRASE)
    assert not new_keys_begun(ben) and open_keyslot(ben.folder, PASSPHRASE).user_epoch == 0
    shutil.move(office.root / "away", office.folder)
    everybody(ana, ben)


def test_begun_and_not_finished_it_works_and_is_finished_the_next_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = office.pair()
    everybody(ana, ben)
    with monkeypatch.context() as patched:
        patched.setattr("core.services.new_keys._whole", lambda *_: iter(()))
        with pytest.raises(FolderUnreachable):
            retention_day.hold_retention_day(ben, passphrase=PASSPHRASE)
    assert new_keys_begun(ben) and retention_day.retention_day_state(ben).unfinished
    case = case_of(office, ana, ben, words="under the old keys or the new")
    everybody(ana, ben)
    assert ben.store.get(Case, case.id).summary == "under the old keys or the new"
    opening.lock(ben)
    ben = renewed(office, opening.unlock(ben.folder, PASSPHRASE, parts=office.parts))
    assert ben.keys.user_epoch == 1 and not retention_day.retention_day_state(ben).unfinished
    with ben.store.reading() as connection:
        assert meta.read(connection, meta.USER_KEYS) is None
    everybody(ana, ben)


def test_recovery_sheets_that_opened_it_are_replaced_and_the_old_destroyed(office: Office) -> None:
    ana = office.found()
    sheets.begin(ana)
    case = case_of(office, ana)
    everybody(ana)
    retention.ask_deletion(ana, case=case.id, reason="erasure", words="Decided.")
    everybody(ana)
    ana = renewed(office, ana)
    everybody(ana)
    state = retention_day.retention_day_state(ana)
    assert state.sheets == ("Officers of the co-op",)
    (stands,) = state.deletions
    assert "the recovery group 'Officers of the co-op' has not yet." in stands.sentence and not stands.me
    (row,) = recovery_groups.groups(ana)
    sheets.begin(ana, recovery_groups.GroupForm(row.name, sheets.HOLDERS, row.group))
    everybody(ana)
    (stands,) = retention_day.retention_day_state(ana).deletions
    assert stands.waiting == ("the holders of the old sheets of 'Officers of the co-op'",) and stands.since is None
    office.clock.step(timedelta(days=1))
    recovery_groups.sheets_destroyed(ana, row.group, 1)
    (stands,) = retention_day.retention_day_state(ana).deletions
    assert stands.sentence == "Deleted, and unrecoverable since 21 November 2026."
