from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.crypto import kdf
from core.crypto.kdf import KdfCost
from core.foundation.errors import BugError, HeaderDamaged, UnsupportedMachine

CHEAP = KdfCost(memory_kib=64, passes=1, lanes=2)
SALT = bytes(range(16))


def test_the_default_is_what_the_format_says() -> None:
    default = kdf.DEFAULT_COST
    assert (default.memory_kib, default.passes, default.lanes) == (262_144, 3, 4)
    kdf.require_floor(kdf.DEFAULT_COST)
    kdf.require_floor(KdfCost(memory_kib=kdf.FLOOR_MEMORY_KIB))


def test_the_key_is_argon2id_of_the_utf8_passphrase() -> None:
    expected = Argon2id(salt=SALT, length=32, iterations=1, lanes=2, memory_cost=64).derive("Zoë's five".encode())
    assert kdf.derive_key("Zoë's five", salt=SALT, cost=CHEAP).reveal() == expected


def test_the_same_words_from_another_keyboard_open_the_same_workbook() -> None:
    composed = kdf.derive_key("caf\u00e9 \ufb01ve", salt=SALT, cost=CHEAP)
    decomposed = kdf.derive_key("cafe\u0301 five", salt=SALT, cost=CHEAP)
    assert composed == decomposed
    assert composed != kdf.derive_key("cafe five", salt=SALT, cost=CHEAP)


def test_every_ingredient_changes_the_key() -> None:
    keys = [
        kdf.derive_key("five words", salt=SALT, cost=CHEAP),
        kdf.derive_key("five Words", salt=SALT, cost=CHEAP),
        kdf.derive_key("five words", salt=bytes(16), cost=CHEAP),
        kdf.derive_key("five words", salt=SALT, cost=KdfCost(memory_kib=72, passes=1, lanes=2)),
        kdf.derive_key("five words", salt=SALT, cost=KdfCost(memory_kib=64, passes=2, lanes=2)),
        kdf.derive_key("five words", salt=SALT, cost=KdfCost(memory_kib=64, passes=1, lanes=1)),
    ]
    assert len({key.reveal() for key in keys}) == len(keys)
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize("pasted", ["", "\ud800", "a\0b", "x" * 100_000])
def test_whatever_is_pasted_gives_a_key(pasted: str) -> None:
    assert len(kdf.derive_key(pasted, salt=SALT, cost=CHEAP)) == 32


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [
        (1024 * 1024 + 1, 3, 4),
        (2**63, 3, 4),
        (65536, 11, 4),
        (65536, 0, 4),
        (65536, 3, 0),
        (65536, 3, 17),
        (31, 3, 4),
        (-1, 3, 4),
        (65536, True, 4),
        ("65536", 3, 4),
        (None, 3, 4),
        (65536.0, 3, 4),
    ],
)
def test_a_hostile_key_file_cannot_freeze_the_laptop(memory_kib: object, passes: object, lanes: object) -> None:
    with pytest.raises(HeaderDamaged):
        KdfCost(memory_kib=memory_kib, passes=passes, lanes=lanes)  # type: ignore[arg-type]


def test_the_ceilings_themselves_can_be_read() -> None:
    KdfCost(memory_kib=1024 * 1024, passes=10, lanes=16)


@pytest.mark.parametrize("length", [0, 8, 15, 17])
def test_a_salt_of_another_length_is_damage(length: int) -> None:
    with pytest.raises(HeaderDamaged):
        kdf.derive_key("five words", salt=bytes(length), cost=CHEAP)


@pytest.mark.parametrize("cost", [CHEAP, KdfCost(memory_kib=65535), KdfCost(memory_kib=65536, passes=2)])
def test_a_new_passphrase_is_never_set_below_the_floor(cost: KdfCost) -> None:
    with pytest.raises(BugError):
        kdf.require_floor(cost)


def test_too_little_memory_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Starved:
        def __init__(self, **_: object) -> None: ...

        def derive_into(self, *_: object) -> None:
            raise MemoryError

    monkeypatch.setattr(kdf, "Argon2id", Starved)
    with pytest.raises(UnsupportedMachine, match="memory"):
        kdf.derive_key("five words", salt=SALT, cost=CHEAP)
