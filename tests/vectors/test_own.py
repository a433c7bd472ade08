"""What CWF/1 is, byte for byte: our own known-answer files, most of them ways to go wrong."""

from __future__ import annotations

from typing import Any

import pytest

from core.changes import cbor
from core.crypto import container, derive, kdf, signing, words, wrap
from core.crypto.secrets import SecretBytes
from core.foundation.errors import AppError
from tests.support.specimens import specimens
from tests.support.vectors import own
from tests.vectors.make_own import pattern

Vector = dict[str, Any]


def _named(file: str) -> pytest.MarkDecorator:
    vectors = own(file)
    assert len({v["name"] for v in vectors}) == len(vectors)
    return pytest.mark.parametrize("vector", vectors, ids=[v["name"] for v in vectors])


def _bytes(vector: Vector, field: str) -> bytes:
    return bytes.fromhex(vector[field])


@_named("container.json")
def test_container(vector: Vector) -> None:
    key, sealed = SecretBytes(_bytes(vector, "key")), _bytes(vector, "sealed")
    if "error" in vector:
        with pytest.raises(AppError) as caught:
            container.open_sealed(key, sealed, context=_bytes(vector, "context"))
        assert caught.value.code == vector["error"]
    else:
        assert container.open_sealed(key, sealed, context=_bytes(vector, "context")) == pattern(vector["size"])


@_named("wrap.json")
def test_wrap(vector: Vector) -> None:
    if "wrapped" not in vector:
        with pytest.raises(AppError) as caught:
            wrap.check_wrap_public_key(_bytes(vector, "public"))
        assert caught.value.code == vector["error"]
        return
    private = wrap.WrapPrivateKey.from_seed(SecretBytes(_bytes(vector, "seed")))
    assert private.public == _bytes(vector, "public")
    if "error" in vector:
        with pytest.raises(AppError) as caught:
            wrap.unwrap(private, _bytes(vector, "wrapped"), info=_bytes(vector, "info"))
        assert caught.value.code == vector["error"]
    else:
        opened = wrap.unwrap(private, _bytes(vector, "wrapped"), info=_bytes(vector, "info"))
        assert opened == _bytes(vector, "plaintext")


@_named("signing.json")
def test_signing(vector: Vector) -> None:
    public = _bytes(vector, "public")
    if "signature" not in vector:
        with pytest.raises(AppError) as caught:
            signing.check_public_key(public)
        assert caught.value.code == vector["error"]
        return
    claim: Any = {
        "purpose": vector["purpose"],
        "message": _bytes(vector, "message"),
        "signature": _bytes(vector, "signature"),
    }
    if "error" in vector:
        with pytest.raises(AppError) as caught:
            signing.verify(public, **claim)
        assert caught.value.code == vector["error"]
    else:
        signing.verify(public, **claim)
        key = signing.SigningKey.from_seed(SecretBytes(_bytes(vector, "seed")))
        assert key.public == public
        assert key.sign(claim["purpose"], claim["message"]) == claim["signature"]


def test_words() -> None:
    for vector in own("words.json"):
        assert words.comparison_words(_bytes(vector, "digest")) == tuple(vector["words"])


def test_derive() -> None:
    for vector in own("derive.json"):
        if "passphrase" in vector:
            memory_kib, passes, lanes = vector["cost"]
            cost = kdf.KdfCost(memory_kib=memory_kib, passes=passes, lanes=lanes)
            made = kdf.derive_key(vector["passphrase"], salt=_bytes(vector, "salt"), cost=cost)
        else:
            made = derive.expand(SecretBytes(_bytes(vector, "key")), vector["label"], vector["length"])
        assert made.reveal() == _bytes(vector, "derived")


@_named("cbor.json")
def test_cbor(vector: Vector) -> None:
    encoded = _bytes(vector, "encoded")
    if "error" in vector:
        with pytest.raises(AppError) as caught:
            cbor.decode(encoded, max_bytes=1000)
        assert caught.value.code == vector["error"]
    else:
        value = cbor.decode(encoded, max_bytes=1000)
        assert cbor.encode(value) == encoded
        if "value" in vector:
            assert value == vector["value"]


def test_every_kind_of_file_and_entry() -> None:
    """What was written once opens for ever, and each way to spoil it is refused by its name."""
    opens = {one.name: one.opens for one in specimens()}
    vectors = own("files.json")
    assert len({vector["name"] for vector in vectors}) == len(vectors) >= 150
    assert {vector["kind"] for vector in vectors} == {name for name, reads in opens.items() if reads}
    for vector in vectors:
        reads = opens[vector["kind"]]
        assert reads is not None
        try:
            reads(_bytes(vector, "bytes"))
        except AppError as error:
            assert error.code == vector.get("error"), vector["name"]
        else:
            assert "error" not in vector, vector["name"]
