"""Everything that is read from outside, given bytes nobody should write: it is read, or refused by name, and cheaply.

In CI some hundred tries each; `IMANI_FUZZ=50` tries fifty times as many (CONTRIBUTING.md).
"""

from __future__ import annotations

import contextlib
import os
import tracemalloc

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.changes import cbor
from core.crypto import shares
from core.crypto.secrets import SecretBytes
from core.foundation.errors import AppError, BugError
from core.sync.engine import blob, codes
from tests.support.mutations import VALUES, canonical, spoilt
from tests.support.specimens import Specimen, specimens

TIMES = float(os.environ.get("IMANI_FUZZ", "0.5"))
MOST_BYTES = 64 * 1024 * 1024
"""More than any of these readers may take for input of a few kilobytes; a section may unpack to half of it."""
SPECIMENS = specimens()
OUTSIDE = [one for one in SPECIMENS if one.opens and not one.is_text]
CBOR_GOOD = cbor.encode([1, -1, "text", b"bytes", {1: [None, True], "k": {2: b""}}])
SHARES = shares.split_seed(SecretBytes(bytes(range(32))))


def tries(number: int) -> settings:
    return settings(
        max_examples=max(1, int(number * TIMES)), phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        deadline=None,
    )  # fmt: skip


def reads_or_refuses(specimen: Specimen, data: bytes, *, whole: bool) -> None:
    reads = specimen.opens if whole else specimen.reads
    assert reads is not None
    tracemalloc.start(1)
    try:
        reads(data)
    except BugError:
        raise
    except AppError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_BYTES


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spoilt cost of up to the ceiling is a cost; how long it takes is not what is tried here."""
    from core.crypto import kdf

    def derive(passphrase: str, *, salt: bytes, cost: kdf.KdfCost) -> SecretBytes:
        least = kdf.KdfCost(64, 1, 4)
        return kdf_derive(passphrase, salt=salt, cost=min(cost, least, key=lambda it: it.memory_kib * it.passes))

    kdf_derive = kdf.derive_key
    for module in ("core.vault.keyslot", "core.sync.checking_keys"):
        monkeypatch.setattr(f"{module}.derive_key", derive)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_what_is_spoilt_inside_its_seal(specimen: Specimen) -> None:
    specimen.reads(specimen.inside)

    @tries(150)
    @given(spoilt(specimen.inside))
    def spoil(data: bytes) -> None:
        reads_or_refuses(specimen, data, whole=False)

    spoil()


@pytest.mark.parametrize("specimen", OUTSIDE, ids=lambda specimen: specimen.name)
def test_what_is_spoilt_from_outside(specimen: Specimen) -> None:
    assert specimen.opens is not None
    specimen.opens(specimen.whole)

    @tries(60)
    @given(spoilt(specimen.whole))
    def spoil(data: bytes) -> None:
        reads_or_refuses(specimen, data, whole=True)

    spoil()


@tries(500)
@given(st.one_of(spoilt(CBOR_GOOD), st.binary(max_size=300), VALUES.map(canonical)))
def test_the_gate_of_cbor(data: bytes) -> None:
    try:
        value = cbor.decode(data, max_bytes=1 << 20)
    except AppError:
        return
    assert cbor.encode(value) == data, "whatever passes is written the one way"


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x9b" + b"\x00\x00\x00\x01" + bytes(4), b"\x5b" + b"\x00\x00\x00\xff" + bytes(4), b"\x81" * 100_000,
        b"\x9f" * 50_000, b"\xa1\x00" * 40_000, b"\xd8\x1d\x00", b"\xc4\x82\x1b" + b"\xff" * 8 + b"\x01",
        b"\xd8\x23\x78\x40" + b"(a+)+$" * 10 + b"a" * 4, b"\xbb" + b"\x00\x00\x00\x0f" + bytes(4),
    ],
    ids=lambda bomb: bomb[:8].hex(),
)  # fmt: skip
def test_a_few_bytes_take_no_memory(bomb: bytes) -> None:
    tracemalloc.start(1)
    try:
        with pytest.raises(AppError):
            cbor.decode(bomb, max_bytes=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


words = st.lists(st.sampled_from(" ".join(SHARES).split()), max_size=40).map(" ".join)


@tries(200)
@given(st.one_of(words, st.text(max_size=300), spoilt(SHARES[0].encode()).map(lambda data: data.decode("latin-1"))))
def test_a_sheet_of_words(text: str) -> None:
    try:
        shares.read_share(text)
    except BugError:
        raise
    except AppError:
        pass
    try:
        shares.combine(text, SHARES[1])
    except BugError:
        raise
    except AppError:
        pass


@tries(200)
@given(st.text(max_size=200), st.binary(max_size=70), st.integers(-1, 2**40) | st.none())
def test_codes_and_names_of_parts(text: str, data: bytes, size_bytes: int | None) -> None:
    for prefix in ("IMANI", "PAIR", ""):
        with contextlib.suppress(AppError):
            codes.from_code(prefix, prefix + text)
    assert codes.from_code("X", codes.to_code("X", data)) == data
    try:
        blob.named_parts(data, size_bytes=size_bytes)
    except BugError:
        raise
    except AppError:
        pass
