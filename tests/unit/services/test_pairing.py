"""A second laptop of the same person: asked for, compared, answered; and what an attacker can do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import (
    FormIncomplete,
    IntegrityError,
    InvitationRejected,
    PairingNotAnswered,
    PairingRejected,
    WeakPassphrase,
    WrongPassphrase,
)
from core.services import backups, cases, joining, laptops, opening, organisation, pairing, sync
from core.services.opening import VaultState
from core.services.place import transport_of
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.sync.engine import codes
from core.sync.engine import pairing as engine
from core.sync.engine.pairing import PairingCode
from core.vault.keyslot import open_keyslot
from tests.support.laptops import CHEAP, PASSPHRASE, START, Office, change_ids_of, every_byte_of, records_of

OWN = "velvet harbour signal maple drift"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def ask(office: Office, name: str = "Home laptop", folder: str = "second") -> pairing.PairingAsked:
    form = pairing.PairingForm(name, OWN, office.folder)
    return pairing.ask_to_pair(office.root / folder, form, parts=office.parts, cost=CHEAP)


def finish(office: Office, folder: str = "second") -> Workspace:
    return opening.finish_joining(office.root / folder, OWN, parts=office.parts)


def paired(office: Office, old: Workspace, name: str = "Home laptop", folder: str = "second") -> Workspace:
    asked = ask(office, name, folder)
    seen = pairing.read_pairing_code(old, code=asked.code)
    assert (seen.words, seen.laptop_name) == (asked.words, name)
    pairing.pair(old, code=asked.code)
    sync.sync_now(old)
    return finish(office, folder)


def report(workspace: Workspace, words: str = "Paint on the door.") -> cases.CaseLogged:
    form = cases.ReportForm(
        words=words, received_at=START, danger_now=False, channel="phone", reporter_name="", anonymous=True, home=None,
        place="Stairs", safe_ways=frozenset(), unsafe_ways=frozenset(),
    )  # fmt: skip
    return cases.log_report(workspace, form=form)


def test_a_second_laptop_reads_and_writes_all_its_owner_does(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo")
    logged = report(ben)
    sync.sync_now(ben)
    second = paired(office, ben)
    assert second.user == ben.user and second.device != ben.device
    assert second.keys.vault_key != ben.keys.vault_key
    assert cases.open_case(second, case=logged.case).case.reference == logged.reference
    assert organisation.my_member(second).name == "Ben Osei"
    again = report(second, "Paint on the wall.")
    for workspace in (second, ben, ana, second):
        sync.sync_now(workspace)
    assert cases.open_case(ben, case=again.case).case.reference == again.reference
    assert records_of(ben) == records_of(second) and change_ids_of(ben) == change_ids_of(second)
    assert cases.list_cases(ana, words="", limit=9).total == 2  # its writing counts for everybody


def test_the_new_laptop_has_a_passphrase_and_a_key_file_of_its_own(office: Office) -> None:
    ana = office.found()
    second = paired(office, ana)
    opening.lock(second)
    folder = office.root / "second"
    assert opening.vault_state(folder) is VaultState.READY
    with pytest.raises(WrongPassphrase):
        opening.unlock(folder, PASSPHRASE, parts=office.parts)
    reopened = opening.unlock(folder, OWN, parts=office.parts)
    assert organisation.my_member(reopened).name == "Ana Reyes"
    assert not (folder / "keyslot.previous").exists()  # the one before belonged to nobody
    with reopened.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'pairing'").all()
    assert rows == []  # the key that was used once is gone
    assert open_keyslot(folder, OWN).user_sign_seed == ana.keys.user_sign_seed


def test_a_committee_member_may_have_a_second_laptop(office: Office) -> None:
    ana, cat = office.pair("Cat Doe", "cd", role="committee")
    second = paired(office, cat)
    sync.sync_now(ana)
    assert roster_of(ana).owner_of(second.device) == cat.user


def test_the_owner_sees_both_laptops_by_name_and_others_see_no_name(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo")
    second = paired(office, ben)
    laptops.name_laptop(second, device=ben.device, name="Office laptop")
    for workspace in (second, ben, ana):
        sync.sync_now(workspace)
    rows = laptops.my_laptops(ben)
    assert [(row.name, row.this_one) for row in rows] == [("Office laptop", True), ("Home laptop", False)]
    assert [row.name for row in laptops.my_laptops(second)] == ["Home laptop", "Office laptop"]
    assert rows[0].last_wrote_at is not None
    assert [(row.name, row.this_one) for row in laptops.my_laptops(ana)] == [("", True)]
    assert b"Home laptop" not in every_byte_of(ana)
    with pytest.raises(FormIncomplete):
        laptops.name_laptop(ben, device=ben.device, name=" ")
    with pytest.raises(FormIncomplete):
        laptops.name_laptop(ben, device=ben.device, name="x" * 61)


def test_until_it_is_answered_it_waits_and_shows_both_again(office: Office) -> None:
    office.found()
    asked = ask(office)
    assert opening.vault_state(office.root / "second") is VaultState.WAITING
    with pytest.raises(PairingNotAnswered) as caught:
        finish(office)
    assert (caught.value.fields["code"], caught.value.fields["words"]) == (asked.code, asked.words)
    for path in office.files():  # the folder lost it: it is put there again
        path.unlink()
    with pytest.raises(PairingNotAnswered):
        finish(office)
    assert len(office.files()) == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_name_is_asked_for(office: Office, name: str) -> None:
    with pytest.raises(FormIncomplete) as caught:
        ask(office, name)
    assert list(caught.value.problems) == ["laptop_name"]
    assert opening.vault_state(office.root / "second") is VaultState.EMPTY


def test_a_weak_passphrase_is_refused(office: Office) -> None:
    form = pairing.PairingForm("Home laptop", "home laptop", office.folder)
    with pytest.raises(WeakPassphrase):
        pairing.ask_to_pair(office.root / "second", form, parts=office.parts, cost=CHEAP)


@pytest.mark.parametrize("step", ["_keep_answer", "write_keyslot", "_certify", "_round"])
def test_ended_at_any_step_it_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    ana = office.found()
    asked = ask(office)
    pairing.pair(ana, code=asked.code)
    sync.sync_now(ana)

    def ends(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for when in ("before", "after"):
        real = getattr(pairing, step)

        def then_ends(*given: object, real: object = real, **named: object) -> None:
            real(*given, **named)  # type: ignore[operator]
            raise KeyboardInterrupt

        monkeypatch.setattr(pairing, step, ends if when == "before" else then_ends)
        with pytest.raises((KeyboardInterrupt, PairingNotAnswered)):
            finish(office)
        monkeypatch.undo()
    second = finish(office)
    assert second.user == ana.user
    sync.sync_now(ana)
    assert second.device in roster_of(ana).devices
    assert sum(known.certificate.user == ana.user for known in roster_of(ana).devices.values()) == 2


def test_put_back_from_a_copy_it_keeps_its_name_under_its_new_number(office: Office) -> None:
    ana = office.found()
    second = paired(office, ana)
    report(second)
    sync.sync_now(second)
    backups.backup(second, destination=office.root / "b" / "copy.backup")
    report(second, "Later.")
    sync.sync_now(second)
    opening.lock(second)
    backups.restore(source=office.root / "b" / "copy.backup", folder=office.root / "third", passphrase=OWN)
    third = opening.unlock(office.root / "third", OWN, parts=office.parts)
    sync.sync_now(third)
    sync.sync_now(ana)
    sync.sync_now(third)
    assert [row.name for row in laptops.my_laptops(ana)] == ["", "Home laptop"]
    assert third.store.author.device != second.keys.device
    assert laptops.my_laptops(third)[0].device == third.store.author.device
    assert laptops.my_laptops(third)[0].name == "Home laptop"
    assert records_of(ana) == records_of(third)


# ---------------------------------------------------------------- attacks


def test_an_intercepted_code_shows_other_words(office: Office) -> None:
    """Mallory swaps the code on its way for that of a laptop of their own."""
    ana = office.found()
    asked = ask(office)
    mallory = ask(office, "Home laptop", "mallory")
    seen = pairing.read_pairing_code(ana, code=mallory.code)
    assert seen.words != asked.words


def test_who_saw_the_code_cannot_put_another_request_in_its_place(office: Office) -> None:
    """The code says which request it means, so one under the same key is not taken for it."""
    ana = office.found()
    asked = ask(office)
    key = engine.read_code(asked.code).key
    forged = engine.make_request(
        signer=SigningKey.from_seed(SecretBytes(b"m" * 32)),
        wrap_public=WrapPrivateKey.from_seed(SecretBytes(b"n" * 32)).public, expires_at_ms=2**50, name="Home laptop",
    )  # fmt: skip
    for path in office.files():
        path.unlink()
    pairing._send(transport_of(ana), engine.seal_request(forged, key), office.parts)
    with pytest.raises(PairingRejected):
        pairing.read_pairing_code(ana, code=asked.code)


def test_a_code_is_used_once(office: Office) -> None:
    ana = office.found()
    asked = ask(office)
    pairing.pair(ana, code=asked.code)
    with pytest.raises(PairingRejected) as caught:
        pairing.pair(ana, code=asked.code)
    assert "used already" in str(caught.value)
    with pytest.raises(PairingRejected):
        pairing.read_pairing_code(ana, code=asked.code)
    sync.sync_now(ana)
    finish(office)
    sync.sync_now(ana)
    with pytest.raises(PairingRejected):
        pairing.pair(ana, code=asked.code)


def test_a_code_runs_out(office: Office) -> None:
    ana = office.found()
    asked = ask(office)
    office.clock.step(pairing.CODE_LASTS + timedelta(minutes=1))
    with pytest.raises(PairingRejected) as caught:
        pairing.pair(ana, code=asked.code)
    assert "run out" in str(caught.value)


def test_the_answer_for_one_laptop_opens_on_no_other(office: Office) -> None:
    ana = office.found()
    asked, other = ask(office), ask(office, "Other", "other")
    pairing.pair(ana, code=asked.code)
    sync.sync_now(ana)
    with pytest.raises(PairingNotAnswered):
        finish(office, "other")
    # Whoever intercepted the code holds its key, and still reads nothing of the answer.
    key = engine.read_code(asked.code).key
    mine = WrapPrivateKey.from_seed(SecretBytes(b"n" * 32))
    public = SigningKey.from_seed(SecretBytes(b"m" * 32)).public
    for path in office.files():
        with pytest.raises(IntegrityError):
            engine.open_answer(path.read_bytes(), key=key, private=mine, device_public=public)
    assert asked.code != other.code


def test_keys_of_one_person_under_the_name_of_another_are_refused(office: Office) -> None:
    """An answer whose seeds are not those of the person it names, or who is nobody there, opens nowhere."""
    ana, ben = office.pair("Ben Osei", "bo")
    asked = ask(office)
    code = engine.read_code(asked.code)
    with ana.store.unit("test") as (unit, _):
        of_ana = pairing._content(unit, ana)
    with ben.store.unit("test") as (unit, _):
        of_ben = pairing._content(unit, ben)
    stranger = pairing.user_record_of(replace(ana.keys, user=ben.keys.device))
    bad = (
        replace(of_ana, record=of_ben.record),
        replace(of_ana, seeds=of_ben.seeds),
        replace(of_ana, seeds=()),
        replace(of_ana, record=stranger),
        replace(of_ana, entries=()),
        replace(of_ana, root_hash=bytes(32)),
        replace(of_ana, organisation=type(of_ana.organisation)(bytes(16))),
    )
    data = pairing._requested(ana, code, progress=pairing.no_progress, cancel=pairing.NeverCancel())
    for content in bad:
        pairing._send(transport_of(ana), engine.seal_answer(data, content, key=code.key), office.parts)
    with pytest.raises(PairingNotAnswered):
        finish(office)
    pairing.pair(ana, code=asked.code)
    sync.sync_now(ana)
    assert finish(office).user == ana.user


def test_two_people_who_answer_one_code_are_told_of(office: Office, tmp_path: Path) -> None:
    """Somebody of another organisation who saw the code answers too: the laptop takes neither."""
    ana = office.found()
    foreign = Office(tmp_path / "elsewhere")
    mallory = foreign.found("Mallory Grey", "mg")
    sync.choose_folder(mallory, office.folder)
    asked = ask(office)
    pairing.pair(mallory, code=asked.code)
    pairing.pair(ana, code=asked.code)
    sync.sync_now(mallory)
    sync.sync_now(ana)
    with pytest.raises(PairingRejected) as caught:
        finish(office)
    assert "somebody else" in str(caught.value)


def test_the_folder_never_holds_a_seed_in_the_clear(office: Office) -> None:
    ana = office.found()
    paired(office, ana)
    seeds = [ana.keys.user_sign_seed.reveal(), ana.keys.user_wrap_seed.reveal()]
    for path in office.files():
        assert not any(seed in path.read_bytes() for seed in seeds)


def test_a_mistyped_code_says_so(office: Office) -> None:
    asked = ask(office)
    groups = asked.code.split("-")
    wrong = "A" if groups[3][0] != "A" else "B"
    for typed in ("-".join([*groups[:3], wrong + groups[3][1:], *groups[4:]]), "-".join(groups[:-1]), asked.code + "A"):
        with pytest.raises(PairingRejected) as caught:
            engine.read_code(typed)
        assert "mistyped" in str(caught.value)
    with pytest.raises(PairingRejected) as caught:
        engine.read_code(asked.code[:-1] + "9")
    assert "it holds 9" in str(caught.value)
    for other in ("", "hello", "IMANI-AAAAA"):
        with pytest.raises(PairingRejected):
            engine.read_code(other)
    relaxed = asked.code.lower().replace("-", " ").replace("o", "0").replace("b", "8")
    assert engine.read_code(relaxed) == engine.read_code(asked.code)


def test_one_is_read_as_whichever_letter_it_was(office: Office) -> None:
    for number in range(40):
        payload = bytes([number]) * 20
        code = codes.to_code("LAPTOP", payload)
        for letter in "IL":
            assert codes.from_code("LAPTOP", code[:6] + code[6:].replace(letter, "1")) == payload


def test_a_code_of_one_kind_is_not_taken_for_the_other(office: Office) -> None:
    ana = office.found()
    invitation = organisation.invite(ana, role="officer").text
    with pytest.raises(PairingRejected):
        pairing.read_pairing_code(ana, code=invitation)
    form = opening.JoiningForm(ask(office).code, "Ben Osei", "bo", "", PASSPHRASE, office.folder)
    with pytest.raises(InvitationRejected):
        joining.ask_to_join(office.root / "ben", form, parts=office.parts, cost=CHEAP)


def test_whatever_bytes_come_they_are_refused_in_one_way(office: Office) -> None:
    ana = office.found()
    asked = ask(office)
    code = engine.read_code(asked.code)
    request = pairing._requested(ana, code, progress=pairing.no_progress, cancel=pairing.NeverCancel())
    good = engine.seal_request(request, code.key)
    for place in range(0, len(good), 37):
        with pytest.raises(IntegrityError):
            engine.open_request(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :], code)
    assert engine.open_request(good, code) == request
    with pytest.raises(IntegrityError):
        engine.open_request(good, PairingCode(code.key, bytes(16)))
    body = cbor.decode(request.wire, max_bytes=9_999)
    assert isinstance(body, list)
    for wire in (cbor.encode([body[0], bytes(64)]), cbor.encode([body[0]]), cbor.encode(7), b""):
        with pytest.raises(IntegrityError):
            engine.read_request(engine.seal_invited_file(wire, code.key, "pair-request"), code.key)
