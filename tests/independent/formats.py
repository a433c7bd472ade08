"""The pages read by somebody who has not seen the program: notation, key file, vault and the outside of every file.

Written from `core/vault/FORMAT.md` and `core/sync/PROTOCOL.md` alone. Nothing here or in `reader.py` imports anything
of the program; a test sees to it. Where a page was not enough, the page was mended and not this file bent.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cbor2
import sqlcipher3.dbapi2 as sqlcipher
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

NONE = bytes(32)
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Refused(Exception):
    """Some bytes do not follow the pages."""


# ------------------------------------------------------------------ PROTOCOL 1


def h(data: bytes) -> bytes:
    """H."""
    return hashlib.sha256(data).digest()


def encode(value: Any) -> bytes:
    """The one encoding (RFC 8949, 4.2.1)."""

    def head(major: int, number: int) -> bytes:
        if number < 24:
            return bytes([major << 5 | number])
        size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
        return bytes([major << 5 | 24 + (size.bit_length() - 1)]) + number.to_bytes(size, "big")

    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(encode(item) for item in value)
        case dict():
            pairs = sorted((encode(key), encode(item)) for key, item in value.items())
            return head(5, len(value)) + b"".join(key + item for key, item in pairs)
    raise Refused(f"a value of type {type(value).__name__}")


def decode(data: bytes) -> Any:
    """Decode, encode again, refuse bytes that differ."""
    try:
        value = cbor2.loads(data)
    except Exception as error:
        raise Refused("not CBOR") from error
    if encode(value) != data:
        raise Refused("not the one way")
    return value


def expand(key: bytes, label: str) -> bytes:
    """Expand."""
    return HKDFExpand(SHA256(), 32, label.encode()).derive(key)


def unseal(key: bytes, context: Any, sealed: bytes) -> bytes:
    """The inverse of Seal; the context is given as a value."""
    opener = Cobblestone256Decryptor(key, encode(context))
    try:
        plain = opener.update(sealed)
        return bytes(plain + opener.finalize())
    except (InvalidTag, ValueError) as error:
        raise Refused("does not open") from error


def wrap_key(seed: bytes) -> MLKEM768X25519PrivateKey:
    """FORMAT 2: what a wrap seed expands to."""
    long = hashlib.shake_256(seed).digest(96)
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(long[:64]), X25519PrivateKey.from_private_bytes(long[64:])
    )


def unwrap(private: MLKEM768X25519PrivateKey, info: Any, wrapped: bytes) -> bytes:
    """The inverse of Wrap; the info is given as a value."""
    try:
        return bytes(SUITE.decrypt(wrapped, private, info=encode(info)))
    except (InvalidTag, ValueError) as error:
        raise Refused("not for us") from error


def signed(public: bytes, purpose: str, message: bytes, signature: bytes) -> None:
    """Refuse a wrong Sign."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b"cwf1/" + purpose.encode() + b"\0" + message)
    except (InvalidSignature, ValueError) as error:
        raise Refused("wrong signature") from error


def parts(value: Any, *kinds: type) -> list[Any]:
    """A list of exactly these kinds."""
    right = isinstance(value, list) and len(value) == len(kinds)
    if not right or any(type(item) is not kind for item, kind in zip(value, kinds, strict=True)):
        raise Refused("another shape")
    return list(value)


# ------------------------------------------------------------------ FORMAT


@dataclass
class Keys:
    """Everything one person's workbook gives to read a folder with."""

    organisation: bytes
    user: bytes
    wrap_seeds: dict[int, bytes]
    root_hash: bytes
    organisation_stream: bytes
    envelope: list[tuple[int, bytes]]
    streams: dict[bytes, tuple[bytes, int, bytes]] = field(default_factory=dict)
    """header hash -> (stream, epoch number, SEK)"""
    roster: list[tuple[int, Any]] = field(default_factory=list)


def open_key_file(path: Path, passphrase: str) -> dict[int, bytes]:
    """FORMAT 2."""
    magic, version, cost, sealed, check = parts(decode(path.read_bytes()), str, int, list, bytes, bytes)
    memory, passes, lanes, salt = parts(cost, int, int, int, bytes)
    if (magic, version) != ("cwf1-keyslot", 1) or check != h(encode([magic, version, cost, sealed])):
        raise Refused("a damaged key file")
    if memory > 1024 * 1024 or passes > 10 or lanes > 16:
        raise Refused("a key file that would stop the machine")
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    kek = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(typed)
    content = decode(unseal(kek, ["cwf1/idwrap", 1, cost], sealed))
    if set(content) != set(range(1, 9)) or not all(isinstance(item, bytes) for item in content.values()):
        raise Refused("a key file of another shape")
    return dict(content)


class Workbook:
    """FORMAT 3: the database, opened with what the key file holds."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        secret = open_key_file(folder / "keyslot", passphrase)
        self.database = sqlcipher.connect(str(folder / "workbook.db"))
        self.database.execute(f"PRAGMA key = \"x'{(secret[1] + secret[2]).hex()}'\"")
        self.database.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
        self.user_signing_public = Ed25519PrivateKey.from_private_bytes(secret[3]).public_key().public_bytes_raw()
        self.secret = secret

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """Rows."""
        return list(self.database.execute(query))

    def meta(self, name: str) -> bytes:
        """One small fact."""
        ((value,),) = self.database.execute("SELECT value FROM meta WHERE name = ?", (name,))
        return bytes(value)

    def keys(self) -> Keys:
        """What to read a folder with."""
        rows = self.all("SELECT stream, header_hash, number, key FROM epoch WHERE key IS NOT NULL")
        rows = [(stream, name, number, self.at_rest(stream, name, key)) for stream, name, number, key in rows]
        return Keys(
            organisation=self.secret[6],
            user=self.secret[7],
            wrap_seeds={0: self.secret[4]},
            root_hash=self.meta("root-hash"),
            organisation_stream=self.meta("organisation-stream"),
            envelope=[(number, key) for number, key in self.all("SELECT number, key FROM envelope")],
            streams={name: (stream, number, key) for stream, name, number, key in rows},
            roster=[(kind, decode(value)) for kind, value in self.all("SELECT kind, value FROM roster")],
        )

    def at_rest(self, stream: bytes, header_hash: bytes, key: bytes) -> bytes:
        """The key of an epoch; of a private interview it rests sealed, here without a second passphrase."""
        if not self.all(f"SELECT 1 FROM sealed_stream WHERE stream = x'{stream.hex()}'"):
            return key
        how, seed = parts(decode(self.meta("rest-private")), int, bytes)
        if how != 0:
            raise Refused("a second passphrase is needed")
        return unwrap(wrap_key(seed), ["cwf1/rest-key", stream, header_hash], key)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


# ------------------------------------------------------------------ PROTOCOL 2


def padded(size: int) -> int:
    """max(1024, PADME(size))."""
    if size <= 1024:
        return 1024
    exponent = size.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-size // unit) * unit


def open_file(data: bytes, key: bytes, context: Any) -> bytes:
    """The content of a file."""
    plain = unseal(key, context, data)
    used = 4 + int.from_bytes(plain[:4], "big")
    if len(plain) < used or len(plain) != padded(used) or any(plain[used:]):
        raise Refused("another padding")
    return plain[4:used]


def unpack(packed: bytes, most: int = 32 * 1024 * 1024) -> bytes:
    """A section's zlib stream, whole and nothing after it."""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(packed, most + 1)
    except zlib.error as error:
        raise Refused("does not unpack") from error
    if len(plain) > most or not stream.eof or stream.unused_data:
        raise Refused("does not unpack to what it may")
    return plain
