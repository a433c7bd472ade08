"""The 45 vectors of SLIP-39, through the library we rely on and through our own narrower door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from core.crypto import shares
from core.foundation.errors import ExpectedError

VECTORS: list[list[Any]] = json.loads((Path(__file__).parent / "slip39.json").read_text(encoding="utf-8"))["vectors"]


def test_there_are_45() -> None:
    assert len(VECTORS) == 45


@pytest.mark.parametrize(("shows", "parts", "secret"), VECTORS, ids=[vector[0] for vector in VECTORS])
def test_the_library_answers_as_the_standard_says(shows: str, parts: list[str], secret: str) -> None:
    if secret:
        assert combine_mnemonics(parts, b"TREZOR").hex() == secret
    else:
        with pytest.raises(MnemonicError):
            combine_mnemonics(parts, b"TREZOR")


OURS = VECTORS[-1]
"""The one vector that is of our kind: two of three, 256 bits, extendable."""
OTHERS = VECTORS[:-1]


@pytest.mark.parametrize(("shows", "parts", "secret"), OTHERS, ids=[vector[0] for vector in OTHERS])
def test_other_schemes_do_not_come_through_our_door(shows: str, parts: list[str], secret: str) -> None:
    """Sound or not, they are refused in our words; none is let through or breaks anything."""
    for part in parts:
        with pytest.raises(ExpectedError):
            shares.read_share(part)


def test_ours_is_read_and_a_passphrase_would_change_the_secret_without_a_word() -> None:
    """Why no passphrase is ever used, and why whoever combines parts checks the public key that follows."""
    _, parts, secret = OURS
    first, second = (shares.read_share(part) for part in parts)
    assert first.identifier == second.identifier and first.number != second.number
    without = shares.combine(*parts).reveal()
    assert without == combine_mnemonics(parts) and without.hex() != secret


def test_the_library_refuses_all_three_parts_of_a_two_of_three() -> None:
    three = generate_mnemonics(1, [(2, 3)], bytes(32))[0]
    with pytest.raises(MnemonicError):
        combine_mnemonics(three)
