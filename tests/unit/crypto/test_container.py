from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crypto import container
from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, EnvelopeRejected, FileUnreadable, FolderNotWritable

KEY = SecretBytes(bytes(range(32)))
OTHER_KEY = SecretBytes(bytes(32))
CONTEXT = b"cwf1 test"
CHUNK = container.CHUNK_BYTES
LONG = bytes(i % 251 for i in range(40_000))
LONG_SEALED = container.seal(KEY, LONG, context=CONTEXT)


@pytest.mark.parametrize("size", [0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 40_000])
def test_what_is_sealed_opens(size: int) -> None:
    plaintext = LONG[:size]
    sealed = container.seal(KEY, plaintext, context=CONTEXT)
    assert container.open_sealed(KEY, sealed, context=CONTEXT) == plaintext
    assert len(sealed) == container.sealed_size(size)
    assert size < 16 or plaintext[:16] not in sealed


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    assert len({container.seal(KEY, b"same", context=CONTEXT)[:56] for _ in range(50)}) == 50


def test_only_the_same_key_and_context_open_it() -> None:
    for key, context in ((OTHER_KEY, CONTEXT), (KEY, b""), (KEY, CONTEXT + b"\0"), (KEY, CONTEXT[:-1])):
        with pytest.raises(EnvelopeRejected):
            container.open_sealed(key, LONG_SEALED, context=context)


def test_a_file_cut_anywhere_is_refused() -> None:
    borders = [56 + n * (CHUNK + 16) + d for n in range(3) for d in (-17, -16, -1, 0, 1)]
    cuts = {*range(0, len(LONG_SEALED), 1024), *borders, 24, 55, 71, 72, len(LONG_SEALED) - 1}
    for cut in sorted(cut for cut in cuts if 0 <= cut < len(LONG_SEALED)):
        with pytest.raises(EnvelopeRejected):
            container.open_sealed(KEY, LONG_SEALED[:cut], context=CONTEXT)


def test_a_file_cut_exactly_after_a_whole_last_chunk_is_refused() -> None:
    sealed = container.seal(KEY, LONG[: 2 * CHUNK], context=CONTEXT)
    for cut in (56 + CHUNK + 16, 56 + 2 * (CHUNK + 16)):
        with pytest.raises(EnvelopeRejected):
            container.open_sealed(KEY, sealed[:cut], context=CONTEXT)


def test_chunks_cannot_be_swapped_dropped_repeated_or_lengthened() -> None:
    step = CHUNK + 16
    head, one, two, last = (
        LONG_SEALED[:56],
        LONG_SEALED[56 : 56 + step],
        LONG_SEALED[56 + step : 56 + 2 * step],
        LONG_SEALED[56 + 2 * step :],
    )
    for forged in (head + two + one + last, head + two + last, head + one + one + two + last, LONG_SEALED + b"\0"):
        with pytest.raises(EnvelopeRejected):
            container.open_sealed(KEY, forged, context=CONTEXT)


@settings(deadline=None, max_examples=150)
@given(position=st.integers(0, len(LONG_SEALED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(position: int, bit: int) -> None:
    forged = bytearray(LONG_SEALED)
    forged[position] ^= 1 << bit
    with pytest.raises(EnvelopeRejected):
        container.open_sealed(KEY, bytes(forged), context=CONTEXT)


@settings(deadline=None, max_examples=200)
@given(junk=st.binary(max_size=400), context=st.binary(max_size=40))
def test_any_bytes_at_all_are_refused_with_a_named_error(junk: bytes, context: bytes) -> None:
    with pytest.raises(EnvelopeRejected):
        container.open_sealed(KEY, junk, context=context)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_is_our_own_mistake(length: int) -> None:
    for use in (container.seal, container.open_sealed):
        with pytest.raises(BugError):
            use(SecretBytes(bytes(length)), LONG_SEALED, context=CONTEXT)


# ------------------------------------------------------------------ files


def test_streams_and_whole_files_are_the_same_format(tmp_path: Path) -> None:
    plaintext = LONG * 60  # over two blocks of 1 MiB
    sealed = io.BytesIO()
    assert container.seal_stream(KEY, io.BytesIO(plaintext), sealed, context=CONTEXT) == len(plaintext)
    assert container.open_sealed(KEY, sealed.getvalue(), context=CONTEXT) == plaintext

    target = tmp_path / "statement.pdf"
    whole = io.BytesIO(container.seal(KEY, plaintext, context=CONTEXT))
    assert container.open_stream(KEY, whole, target, context=CONTEXT) == len(plaintext)
    assert target.read_bytes() == plaintext
    assert [path.name for path in tmp_path.iterdir()] == ["statement.pdf"]
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [0, 1, CHUNK])
def test_small_streams_open(tmp_path: Path, size: int) -> None:
    sealed = io.BytesIO(container.seal(KEY, LONG[:size], context=CONTEXT))
    container.open_stream(KEY, sealed, tmp_path / "a", context=CONTEXT)
    assert (tmp_path / "a").read_bytes() == LONG[:size]


@pytest.mark.parametrize("cut", [0, 71, 56 + CHUNK + 16, 56 + 2 * (CHUNK + 16), len(LONG_SEALED) - 1])
def test_a_cut_stream_shows_nothing_and_leaves_what_was_there(tmp_path: Path, cut: int) -> None:
    target = tmp_path / "statement.pdf"
    target.write_bytes(b"as it was")
    with pytest.raises(EnvelopeRejected):
        container.open_stream(KEY, io.BytesIO(LONG_SEALED[:cut]), target, context=CONTEXT)
    assert target.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [target]


def test_while_a_stream_is_opening_its_name_does_not_exist(tmp_path: Path) -> None:
    target = tmp_path / "statement.pdf"

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert not target.exists()
            return super().read(min(size or -1, 20_000))

    container.open_stream(KEY, Watched(LONG_SEALED), target, context=CONTEXT)
    assert target.read_bytes() == LONG


class _Unplugged(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_source_that_fails_is_named_as_the_one_that_failed(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        container.open_stream(KEY, _Unplugged(), tmp_path / "a", context=CONTEXT)
    with pytest.raises(FileUnreadable):
        container.seal_stream(KEY, _Unplugged(), io.BytesIO(), context=CONTEXT)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named_as_the_one_that_failed(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable):
        container.open_stream(KEY, io.BytesIO(LONG_SEALED), tmp_path / "gone" / "a", context=CONTEXT)
