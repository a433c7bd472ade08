"""Passphrases that cost next to nothing to try, in the rooms of tests that are not about what a passphrase costs.

Whoever opens or sets one through the window pays the real cost of about a second each time. What it has to be is tried
in `tests/unit/crypto`, and with whole programs in `tests/functional`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.crypto import kdf
from tests.support.vaults import CHEAP


def _quick(*, salt: bytes, length: int, iterations: int, lanes: int, memory_cost: int) -> Any:
    """The real function at the least cost; another real cost still gives another key."""
    least = min(memory_cost, CHEAP.memory_kib + memory_cost % 8)
    return Argon2id(salt=salt, length=length, iterations=min(iterations, CHEAP.passes), lanes=1, memory_cost=least)


@pytest.fixture(autouse=True, scope="module")
def quick_passphrases() -> Iterator[None]:
    """For every test of the room whose `conftest.py` names this fixture."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kdf, "Argon2id", _quick)
        yield
