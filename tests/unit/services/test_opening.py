"""Beginning, opening and closing a workbook."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.crypto.kdf import KdfCost
from core.domain.organisation import Member
from core.foundation.errors import (
    BugError,
    FormIncomplete,
    HeaderDamaged,
    InvitationRejected,
    KeyFileGone,
    NotAdmittedYet,
    NotAllowed,
    NoVaultHere,
    VaultDamaged,
    VaultExists,
    VaultInSyncedFolder,
    VaultInUse,
    VaultLocked,
    WeakPassphrase,
    WrongPassphrase,
)
from core.services import opening, organisation, sync
from core.services.opening import VaultState
from core.services.roster import roster_of
from tests.support.laptops import CHEAP, PASSPHRASE, Office

FORM = opening.FoundingForm("Hazel Tree Co-operative", "Ana Reyes", "ar", "Officer", PASSPHRASE)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_founded_workbook_opens_again_with_its_passphrase_only(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "v"
    assert opening.vault_state(folder) is VaultState.EMPTY
    with pytest.raises(NoVaultHere):
        opening.unlock(folder, PASSPHRASE, parts=office.parts)
    stages: list[tuple[int, int]] = []

    def hear(done: int, total: int, stage: str = "") -> None:
        stages.append((done, total))

    workspace = opening.found_organisation(folder, FORM, parts=office.parts, cost=CHEAP, progress=hear)
    assert stages[-1] == (3, 3)
    me = organisation.my_member(workspace)
    assert (me.name, me.initials, me.role, me.this_is_me) == ("Ana Reyes", "AR", "administrator", True)
    assert organisation.organisation(workspace).letter_name == "Hazel Tree Co-operative"
    with pytest.raises(VaultInUse):
        opening.unlock(folder, PASSPHRASE, parts=office.parts)
    opening.lock(workspace)
    opening.lock(workspace)
    with pytest.raises(VaultLocked):
        workspace.keys.vault_key.reveal()
    assert opening.vault_state(folder) is VaultState.READY
    with pytest.raises(WrongPassphrase):
        opening.unlock(folder, PASSPHRASE + "x", parts=office.parts)
    again = opening.unlock(folder, PASSPHRASE, parts=office.parts)
    assert organisation.my_member(again) == me
    opening.lock(again)
    for path in folder.iterdir():
        assert b"Hazel" not in path.read_bytes() and b"Reyes" not in path.read_bytes()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("missing", ["organisation_name", "your_name", "initials"])
def test_what_is_missing_is_named_and_nothing_is_made(office: Office, tmp_path: Path, missing: str) -> None:
    with pytest.raises(FormIncomplete) as caught:
        opening.found_organisation(tmp_path / "v", replace(FORM, **{missing: " "}), parts=office.parts, cost=CHEAP)
    assert list(caught.value.problems) == [missing]
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize("initials", ["A/B", "A B", "ABCDEFG", "\U0001f600", "-"])
def test_initials_that_no_reference_could_carry_are_refused(office: Office, tmp_path: Path, initials: str) -> None:
    with pytest.raises(FormIncomplete) as caught:
        opening.found_organisation(tmp_path / "v", replace(FORM, initials=initials), parts=office.parts, cost=CHEAP)
    assert list(caught.value.problems) == ["initials"]
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize("weak", ["", "password1", "Hazel Tree Co-operative", "anareyes2026"])
def test_a_weak_passphrase_is_refused(office: Office, tmp_path: Path, weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        opening.found_organisation(tmp_path / "v", replace(FORM, passphrase=weak), parts=office.parts, cost=CHEAP)
    assert not (tmp_path / "v").exists()
    assert not opening.check_passphrase(weak, avoid=("Ana Reyes", "Hazel Tree Co-operative")).enough


def test_a_suggestion_is_strong_and_new_each_time(office: Office) -> None:
    first, second = opening.suggest_passphrase(office.parts), opening.suggest_passphrase(office.parts)
    assert first != second and opening.check_passphrase(first).enough


def test_a_cost_below_the_floor_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(BugError):
        opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=KdfCost(1024))


def test_an_existing_workbook_is_never_overwritten(office: Office, tmp_path: Path) -> None:
    workspace = opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP)
    opening.lock(workspace)
    before = {path.name: path.read_bytes() for path in (tmp_path / "v").iterdir()}
    with pytest.raises(VaultExists):
        opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP)
    key_file = (tmp_path / "v" / "keyslot").rename(tmp_path / "away")
    with pytest.raises(KeyFileGone):
        opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts)
    with pytest.raises(VaultExists):  # a database without its keys may still be somebody's
        opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP)
    assert (tmp_path / "v" / "workbook.db").read_bytes() == before["workbook.db"]
    key_file.rename(tmp_path / "v" / "keyslot")
    opening.lock(opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts))


def test_what_an_interrupted_beginning_left_is_cleared(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "finish_vault", ends)
    with pytest.raises(KeyboardInterrupt):
        opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP)
    monkeypatch.undo()
    assert opening.vault_state(tmp_path / "v") is VaultState.EMPTY
    workspace = opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP)
    assert workspace.store.count(Member) == 1
    opening.lock(workspace)


@pytest.mark.parametrize(
    "place",
    ["OneDrive - Hazel/v", "Dropbox/v", "Nextcloud/cases/v", "iCloud Drive/v", "plain/.stfolder/../v", "marked/deep/v"],
)
def test_a_place_that_a_sync_program_copies_is_refused(office: Office, tmp_path: Path, place: str) -> None:
    (tmp_path / "plain" / ".stfolder").mkdir(parents=True)
    (tmp_path / "marked").mkdir()
    (tmp_path / "marked" / ".dropbox.cache").mkdir()
    with pytest.raises(VaultInSyncedFolder):
        opening.found_organisation(tmp_path / place, FORM, parts=office.parts, cost=CHEAP)
    assert not (tmp_path / place / "workbook.db").exists()


def test_damage_is_told_from_a_wrong_passphrase(office: Office, tmp_path: Path) -> None:
    opening.lock(opening.found_organisation(tmp_path / "v", FORM, parts=office.parts, cost=CHEAP))
    keyslot, database = tmp_path / "v" / "keyslot", tmp_path / "v" / "workbook.db"
    whole = keyslot.read_bytes(), database.read_bytes()
    keyslot.write_bytes(whole[0][:-3])
    with pytest.raises(HeaderDamaged):
        opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts)
    keyslot.write_bytes(whole[0])
    database.write_bytes(whole[1][:200] + b"?" + whole[1][201:])
    with pytest.raises(VaultDamaged):
        opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts)
    database.unlink()
    with pytest.raises(VaultDamaged):
        opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts)
    database.write_bytes(whole[1])
    opening.lock(opening.unlock(tmp_path / "v", PASSPHRASE, parts=office.parts))


# ------------------------------------------------------------------ joining


def test_joining_step_by_step(office: Office) -> None:
    ana = office.found()
    waiting = office.ask(ana, "Ben Okafor", "bo", "officer")
    folder = office.root / "Ben Okafor"
    assert opening.vault_state(folder) is VaultState.WAITING and len(waiting.words) == 8
    with pytest.raises(NotAdmittedYet):
        opening.unlock(folder, PASSPHRASE, parts=office.parts)
    with pytest.raises(NotAdmittedYet) as caught:
        opening.finish_joining(folder, PASSPHRASE, parts=office.parts)
    assert caught.value.fields["words"] == waiting.words
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    assert (request.name, request.initials, request.role) == ("Ben Okafor", "BO", "officer")
    assert request.words == waiting.words
    admitted = organisation.admit(ana, request=request.id)
    assert "member" in admitted.changed.kinds
    assert organisation.waiting_requests(ana) == ()
    with pytest.raises(NotAdmittedYet):  # decided, and not in the folder yet
        opening.finish_joining(folder, PASSPHRASE, parts=office.parts)
    sync.sync_now(ana)
    ben = opening.finish_joining(folder, PASSPHRASE, parts=office.parts)
    assert opening.vault_state(folder) is VaultState.READY
    assert [row.name for row in organisation.members(ben)] == ["Ana Reyes", "Ben Okafor"]
    assert organisation.my_member(ben).role == "officer"
    assert all(known.admitted for known in roster_of(ben).users.values()), "the log has confirmed everybody"
    opening.lock(ben)
    ben = opening.unlock(folder, PASSPHRASE, parts=office.parts)
    assert sync.sync_now(ben).refused == 0
    with pytest.raises(NotAllowed):
        organisation.invite(ben, role="officer")
    with pytest.raises(NotAllowed):
        organisation.update_organisation(ben, name="Taken over")
    organisation.update_organisation(ana, phone="01865 000000")
    sync.sync_now(ana)
    assert "organisation" in sync.sync_now(ben).changed.kinds
    assert organisation.organisation(ben).phone == "01865 000000"


def test_an_invitation_is_used_once_and_runs_out(office: Office) -> None:
    from datetime import timedelta

    ana = office.found()
    text = organisation.invite(ana, role="officer").text
    forms = [
        opening.JoiningForm(text, name, "xx", "", PASSPHRASE, office.folder) for name in ("Ben Okafor", "Mallory Grey")
    ]
    for form in forms:
        opening.ask_to_join(office.root / form.your_name, form, parts=office.parts, cost=CHEAP)
    sync.sync_now(ana)
    first, second = organisation.waiting_requests(ana)
    assert first.words != second.words, "whoever intercepted the invitation shows other words"
    organisation.admit(ana, request=first.id)
    with pytest.raises(InvitationRejected):
        organisation.admit(ana, request=second.id)
    late = replace(forms[0], invitation=organisation.invite(ana, role="officer").text)
    office.clock.step(timedelta(days=15))
    with pytest.raises(InvitationRejected, match="run out"):
        opening.ask_to_join(office.root / "late", late, parts=office.parts, cost=CHEAP)
    assert not (office.root / "late").exists()


@pytest.mark.parametrize("spoil", [str.lower, lambda text: text.replace("-", " \n"), lambda text: f"  {text} "])
def test_an_invitation_survives_copying(office: Office, spoil: object) -> None:
    from core.sync.engine.invitation import from_text

    ana = office.found()
    text = organisation.invite(ana, role="committee", folder_hint="Office drive, folder Casework").text
    made = from_text(spoil(text))  # type: ignore[operator]  # a function of the text
    assert (made.role, made.folder_hint) == ("committee", "Office drive, folder Casework")
    for broken in (text[:-1], text[:60] + ("A" if text[60] != "A" else "B") + text[61:], "hello", ""):
        with pytest.raises(InvitationRejected):
            from_text(broken)
    opening.lock(ana)
