"""Writes the known-answer files of `own/` that do not exist yet: `python -m tests.vectors.make_own`.

A file that has been released is never written again: it says what CWF/1 is, and old workbooks
depend on it. Containers and wraps hold fresh randomness, so a second run gives other bytes.
"""

from __future__ import annotations

import json
from typing import Any

from core.changes import cbor
from core.crypto import container, derive, kdf, words, wrap
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from tests.support.vectors import OWN_FOLDER

KEY = bytes(range(32))
OTHER = bytes(range(32, 64))
Vector = dict[str, Any]


def pattern(size_bytes: int) -> bytes:
    """The plaintext of the container vectors: byte i is i modulo 251."""
    return bytes(i % 251 for i in range(size_bytes))


def container_vectors() -> list[Vector]:
    """Good containers of telling sizes, and one of each way to spoil one."""
    context = cbor.encode(["cwf1", "example", 1])

    def made(name: str, size_bytes: int) -> Vector:
        sealed = container.seal(SecretBytes(KEY), pattern(size_bytes), context=context)
        return {"name": name, "key": KEY.hex(), "context": context.hex(), "sealed": sealed.hex(), "size": size_bytes}

    empty, small, chunk = made("empty", 0), made("small", 5), made("exactly one chunk", 16384)
    sealed, other_commitment = bytes.fromhex(small["sealed"]), bytes.fromhex(empty["sealed"])[24:56]
    spoiled = {
        "another key": {"key": OTHER.hex()},
        "another context": {"context": cbor.encode(["cwf1", "example", 2]).hex()},
        "no bytes": {"sealed": ""},
        "only the header": {"sealed": sealed[:56].hex()},
        "last byte missing": {"sealed": sealed[:-1].hex()},
        "one byte too many": {"sealed": (sealed + b"\0").hex()},
        "salt changed": {"sealed": (b"\xff" + sealed[1:]).hex()},
        "commitment of another message": {"sealed": (sealed[:24] + other_commitment + sealed[56:]).hex()},
        "tag changed": {"sealed": (sealed[:-1] + bytes([sealed[-1] ^ 1])).hex()},
        "cut after its only whole chunk": {"sealed": chunk["sealed"][: 2 * (56 + 16400)]},
    }
    bad = [{**small, "name": name, **change, "error": "envelope-rejected"} for name, change in spoiled.items()]
    return [empty, small, chunk, *bad]


def wrap_vectors() -> list[Vector]:
    """A good wrap with its key, spoiled wraps, and public keys that must be refused."""
    private = wrap.WrapPrivateKey.from_seed(SecretBytes(KEY))
    info, plaintext = b"cwf1/example\0", pattern(32)
    wrapped = wrap.wrap(private.public, plaintext, info=info)
    good = {
        "name": "good",
        "seed": KEY.hex(),
        "public": private.public.hex(),
        "info": info.hex(),
        "wrapped": wrapped.hex(),
        "plaintext": plaintext.hex(),
    }
    spoiled = {
        "another seed": {"seed": OTHER.hex(), "public": wrap.WrapPrivateKey.from_seed(SecretBytes(OTHER)).public.hex()},
        "other info": {"info": b"cwf1/example".hex()},
        "no bytes": {"wrapped": ""},
        "only the encapsulation": {"wrapped": wrapped[:1120].hex()},
        "last byte missing": {"wrapped": wrapped[:-1].hex()},
        "one byte too many": {"wrapped": (wrapped + b"\0").hex()},
        "ML-KEM half changed": {"wrapped": (bytes([wrapped[0] ^ 1]) + wrapped[1:]).hex()},
        "X25519 half of small order": {"wrapped": (wrapped[:1088] + bytes(32) + wrapped[1120:]).hex()},
    }
    bad = [{**good, "name": name, **change, "error": "envelope-rejected"} for name, change in spoiled.items()]
    keys = {
        "public key too short": private.public[:-1],
        "public ML-KEM half out of range": b"\xff" * 1184 + private.public[1184:],
        "public X25519 half of small order": private.public[:1184] + bytes(32),
    }
    return [good, *bad, *({"name": name, "public": key.hex(), "error": "key-rejected"} for name, key in keys.items())]


def signing_vectors() -> list[Vector]:
    """Signatures are deterministic: good, spoiled, and public keys that must be refused."""
    key = SigningKey.from_seed(SecretBytes(KEY))
    message = b"the same message"
    good = {
        "name": "good",
        "seed": KEY.hex(),
        "public": key.public.hex(),
        "purpose": "example",
        "message": message.hex(),
        "signature": key.sign("example", message).hex(),
    }
    order = 2**252 + 27742317777372353535851937790883648493
    signature = bytes.fromhex(good["signature"])
    high = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    identity = b"\x01" + bytes(31)
    spoiled = {
        "another purpose": {"purpose": "examples"},
        "another message": {"message": b"the same message.".hex()},
        "another key": {"public": SigningKey.from_seed(SecretBytes(OTHER)).public.hex()},
        "cut": {"signature": signature[:-1].hex()},
        "the other S of the same signature": {"signature": high.hex()},
        "the identity signs everything": {"public": identity.hex(), "signature": (identity + bytes(32)).hex()},
    }
    bad = [{**good, "name": name, **change, "error": "signature-rejected"} for name, change in spoiled.items()]
    prime = 2**255 - 19
    keys = {
        "identity": identity,
        "identity, written with a sign": b"\x01" + bytes(30) + b"\x80",
        "identity, written as p + 1": (prime + 1).to_bytes(32, "little"),
        "y written as p + 3": (prime + 3).to_bytes(32, "little"),
        "no point of the curve": (2).to_bytes(32, "little"),
        "31 bytes": key.public[:-1],
    }
    return [good, *bad, *({"name": name, "public": k.hex(), "error": "key-rejected"} for name, k in keys.items())]


def words_vectors() -> list[Vector]:
    """Digest to eight words."""
    digests = [bytes(32), b"\xff" * 32, derive.sha256(b"cwf1"), derive.sha256(b"imani")]
    return [{"digest": d.hex(), "words": list(words.comparison_words(d))} for d in digests]


def derive_vectors() -> list[Vector]:
    """Passphrase to key (cheap costs, for the test's sake), key to key."""
    salt = pattern(16)
    vectors: list[Vector] = []
    for passphrase, cost in (("copper violin", (64, 1, 1)), ("Zoe\u0308 \ufb01ve", (64, 3, 4)), ("", (64, 1, 4))):
        made = kdf.derive_key(passphrase, salt=salt, cost=kdf.KdfCost(*cost)).reveal()
        vectors.append({"passphrase": passphrase, "salt": salt.hex(), "cost": cost, "derived": made.hex()})
    for label, length in (("cwf1/example", 32), ("cwf1/example", 64), ("cwf1/\u00e9", 16)):
        made = derive.expand(SecretBytes(KEY), label, length).reveal()
        vectors.append({"key": KEY.hex(), "label": label, "length": length, "derived": made.hex()})
    return vectors


def cbor_vectors() -> list[Vector]:
    """Encodings that are the one way (with their JSON value where JSON can say it), and near misses."""
    values: list[Any] = [0, -1, 23, 24, 2**64 - 1, -(2**64), "", "é", [], {}, None, True, {"b": 1, "a": [None, False]}]
    good: list[Vector] = [{"name": repr(v), "value": v, "encoded": cbor.encode(v).hex()} for v in values]
    mixed = {10: 0, 100: 1, -1: 2, "z": 3, "aa": 4, "": 5}
    good.append({"name": "key order", "encoded": cbor.encode(mixed).hex()})
    bad = {
        "empty": "",
        "bytes left over": "0000",
        "number not the shortest way": "1817",
        "length not the shortest way": "580100",
        "indefinite": "9f00ff",
        "duplicate key": "a201000100",
        "keys out of order": "a202000100",
        "keys in the older length-first order": "a22000186400",
        "key of bytes": "a1410000",
        "float": "f93c00",
        "not a number": "f97e00",
        "undefined": "f7",
        "big number": "c249010000000000000000",
        "date": "c100",
        "invalid text": "61ff",
        "33 levels": "81" * 33 + "00",
        "claims more than there is": "5b7fffffffffffffff",
    }
    return [*good, *({"name": n, "encoded": e, "error": "encoding-rejected"} for n, e in bad.items())]


def main() -> None:
    """Write what is missing."""
    OWN_FOLDER.mkdir(parents=True, exist_ok=True)
    makers = {
        "container.json": container_vectors,
        "wrap.json": wrap_vectors,
        "signing.json": signing_vectors,
        "words.json": words_vectors,
        "derive.json": derive_vectors,
        "cbor.json": cbor_vectors,
    }
    for name, make in makers.items():
        path = OWN_FOLDER / name
        if not path.exists():
            document = {"format": "CWF/1", "vectors": make()}
            path.write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
