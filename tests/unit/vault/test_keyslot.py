"""The key file tells a wrong passphrase, a damaged file and a newer version apart."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.changes import cbor
from core.crypto.derive import sha256
from core.foundation.errors import (
    EncodingRejected,
    FolderNotWritable,
    HeaderDamaged,
    NoVaultHere,
    VaultLocked,
    VaultTooNew,
    WrongPassphrase,
)
from core.vault.keyslot import KEYSLOT_NAME, PREVIOUS_NAME, KeyslotContent, keyslot_cost, open_keyslot, write_keyslot
from tests.support.dice import SeededRandomness
from tests.support.vaults import CHEAP, some_keys

WORDS = "five plain words to open"


def same(left: KeyslotContent, right: KeyslotContent) -> bool:
    return all(getattr(left, name) == getattr(right, name) for name in KeyslotContent.__slots__)


def write(folder: Path, content: KeyslotContent, passphrase: str = WORDS, seed: int = 5) -> bytes:
    write_keyslot(folder, content, passphrase, cost=CHEAP, randomness=SeededRandomness(seed))
    return (folder / KEYSLOT_NAME).read_bytes()


def test_the_passphrase_brings_back_every_key(tmp_path: Path) -> None:
    keys = some_keys()
    write(tmp_path, keys)
    assert same(open_keyslot(tmp_path, WORDS), keys)
    assert keyslot_cost(tmp_path) == CHEAP


@pytest.mark.parametrize("wrong", ["", "five plain words to Open", WORDS + " ", WORDS[:-1], "\ud800", "\x00"])
def test_any_other_passphrase_is_wrong_and_not_damage(tmp_path: Path, wrong: str) -> None:
    write(tmp_path, some_keys())
    with pytest.raises(WrongPassphrase):
        open_keyslot(tmp_path, wrong)


def test_the_same_words_typed_on_another_keyboard_open(tmp_path: Path) -> None:
    keys = some_keys()
    write(tmp_path, keys, "caf\u00e9 \uff21")
    assert same(open_keyslot(tmp_path, "cafe\u0301 A"), keys)


def test_every_flipped_bit_is_damage_and_never_a_wrong_passphrase(tmp_path: Path) -> None:
    whole = write(tmp_path, some_keys())
    for place in range(len(whole) * 8):
        broken = bytearray(whole)
        broken[place // 8] ^= 1 << place % 8
        (tmp_path / KEYSLOT_NAME).write_bytes(broken)
        with pytest.raises(HeaderDamaged):
            open_keyslot(tmp_path, WORDS)


def test_every_shortened_or_lengthened_file_is_damage(tmp_path: Path) -> None:
    whole = write(tmp_path, some_keys())
    for broken in (*(whole[:length] for length in range(len(whole))), whole + b"\x00", whole + whole, b"\x00" * 70_000):
        (tmp_path / KEYSLOT_NAME).write_bytes(broken)
        with pytest.raises(HeaderDamaged):
            open_keyslot(tmp_path, WORDS)


@pytest.mark.parametrize(
    "content",
    [
        [],
        ["cwf1-keyslot"],
        ["cwf1-keyslot", 1],
        ["something-else", 1, [64, 1, 1, bytes(16)], b"sealed", bytes(32)],
        ["cwf1-keyslot", "1", [64, 1, 1, bytes(16)], b"sealed"],
        ["cwf1-keyslot", 1, [64, 1, 1], b"sealed"],
        ["cwf1-keyslot", 1, [64, True, 1, bytes(16)], b"sealed"],
        ["cwf1-keyslot", 1, [2**40, 1, 1, bytes(16)], b"sealed"],
        ["cwf1-keyslot", 1, [64, 10**6, 1, bytes(16)], b"sealed"],
        ["cwf1-keyslot", 1, [64, 1, 1, b"short"], b"sealed"],
        ["cwf1-keyslot", 0, [64, 1, 1, bytes(16)], b"sealed"],
        7,
        {1: 2},
    ],
)
def test_a_well_formed_file_that_makes_no_sense_is_damage(tmp_path: Path, content: object) -> None:
    checked = [*content, sha256(cbor.encode(content))] if isinstance(content, list) else content
    (tmp_path / KEYSLOT_NAME).write_bytes(cbor.encode(checked))
    with pytest.raises(HeaderDamaged):
        open_keyslot(tmp_path, WORDS)


def test_a_newer_version_is_named_as_such(tmp_path: Path) -> None:
    head = ["cwf1-keyslot", 2, {"a": "shape", "nobody": "knows"}]
    (tmp_path / KEYSLOT_NAME).write_bytes(cbor.encode([*head, sha256(cbor.encode(head))]))
    with pytest.raises(VaultTooNew):
        open_keyslot(tmp_path, WORDS)


def test_no_file_is_no_vault(tmp_path: Path) -> None:
    with pytest.raises(NoVaultHere):
        open_keyslot(tmp_path, WORDS)
    with pytest.raises(NoVaultHere):
        open_keyslot(tmp_path / "nowhere", WORDS)


class TestTwoGenerations:
    def test_the_one_before_is_kept_with_its_own_passphrase(self, tmp_path: Path) -> None:
        keys = some_keys()
        first = write(tmp_path, keys, "the first words")
        write(tmp_path, keys, "the second words", seed=6)
        assert (tmp_path / PREVIOUS_NAME).read_bytes() == first
        with pytest.raises(WrongPassphrase):
            open_keyslot(tmp_path, "the first words")
        assert same(open_keyslot(tmp_path, "the second words"), keys)

    @pytest.mark.parametrize("how", ["emptied", "cut", "gone", "flipped"])
    def test_the_one_before_opens_when_the_current_one_is_damaged(self, tmp_path: Path, how: str) -> None:
        keys = some_keys()
        write(tmp_path, keys, "the first words")
        whole = write(tmp_path, keys, "the second words", seed=6)
        current = tmp_path / KEYSLOT_NAME
        match how:
            case "emptied":
                current.write_bytes(b"")
            case "cut":
                current.write_bytes(whole[:50])
            case "gone":
                current.unlink()
            case _:
                current.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
        assert same(open_keyslot(tmp_path, "the first words"), keys)

    def test_a_damaged_file_never_takes_the_place_of_a_whole_one(self, tmp_path: Path) -> None:
        keys = some_keys()
        first = write(tmp_path, keys, "the first words")
        write(tmp_path, keys, "the second words", seed=6)
        (tmp_path / KEYSLOT_NAME).write_bytes(b"rubbish")
        write(tmp_path, keys, "the third words", seed=7)
        assert (tmp_path / PREVIOUS_NAME).read_bytes() == first
        assert same(open_keyslot(tmp_path, "the third words"), keys)

    def test_both_damaged_is_damage(self, tmp_path: Path) -> None:
        keys = some_keys()
        write(tmp_path, keys)
        write(tmp_path, keys, seed=6)
        for name in (KEYSLOT_NAME, PREVIOUS_NAME):
            (tmp_path / name).write_bytes(b"rubbish")
        with pytest.raises(HeaderDamaged):
            open_keyslot(tmp_path, WORDS)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    write(tmp_path, some_keys())
    write(tmp_path, some_keys(), seed=6)
    for name in (KEYSLOT_NAME, PREVIOUS_NAME):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [KEYSLOT_NAME, PREVIOUS_NAME]


def test_nothing_secret_stands_in_the_file(tmp_path: Path) -> None:
    keys = some_keys()
    data = write(tmp_path, keys)
    for secret in (keys.vault_key, keys.user_sign_seed, keys.user_wrap_seed, keys.device_sign_seed):
        assert secret.reveal() not in data
    for known in (keys.user, keys.organisation, keys.device, keys.vault_salt, WORDS.encode()):
        assert known not in data


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable):
        write(tmp_path / "nowhere", some_keys())


def test_wiped_keys_are_not_written(tmp_path: Path) -> None:
    keys = some_keys()
    keys.wipe()
    with pytest.raises(VaultLocked):
        write(tmp_path, keys)
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_part_of_another_shape_is_refused(tmp_path: Path) -> None:
    from core.crypto.container import seal
    from core.crypto.kdf import derive_key
    from core.vault.keyslot import _context

    parameters: list[object] = [CHEAP.memory_kib, CHEAP.passes, CHEAP.lanes, bytes(16)]
    key = derive_key(WORDS, salt=bytes(16), cost=CHEAP)
    for plain in (cbor.encode([1]), cbor.encode({1: b"x"}), cbor.encode(dict.fromkeys(range(1, 10), b"x")), b"\xff"):
        head = ["cwf1-keyslot", 1, parameters, seal(key, plain, context=_context(parameters))]
        (tmp_path / KEYSLOT_NAME).write_bytes(cbor.encode([*head, sha256(cbor.encode(head))]))
        with pytest.raises((HeaderDamaged, EncodingRejected)):
            open_keyslot(tmp_path, WORDS)
