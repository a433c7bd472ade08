"""Where an organisation exchanges: one value, of three kinds. Kept in the vault, shown without its secret."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from core.changes import cbor
from core.changes.change import Wire
from core.foundation.errors import EncodingRejected

MAX_PACKED_BYTES = 16 * 1024
MAX_FIELD_LETTERS = 2_000

_NEEDS_HTTPS = (
    "The address must begin with https://. Without it whoever sits on the line could read the password, or answer in "
    "the store's place."
)


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder: a drive, a network share, or what any sync program copies."""

    folder: Path

    @property
    def words(self) -> str:
        """As shown to a person."""
        return str(self.folder)


@dataclass(frozen=True, slots=True)
class ObjectStorePlace:
    """A bucket of an S3-compatible object store, or a part of it under `prefix`."""

    endpoint: str
    bucket: str
    prefix: str
    key_id: str
    secret: str = field(repr=False)
    region: str = ""

    @property
    def words(self) -> str:
        """As shown to a person."""
        inside = f"{self.bucket}/{self.prefix}" if self.prefix else self.bucket
        return f"{inside} at {self.endpoint}"


@dataclass(frozen=True, slots=True)
class WebDavPlace:
    """A WebDAV folder."""

    address: str
    user: str
    password: str = field(repr=False)

    @property
    def words(self) -> str:
        """As shown to a person."""
        return self.address


Place: TypeAlias = FolderPlace | ObjectStorePlace | WebDavPlace


def tidy(place: Place) -> Place:
    """The same place without the spaces and slashes that come along when an address is pasted."""
    match place:
        case ObjectStorePlace():
            return ObjectStorePlace(
                place.endpoint.strip().rstrip("/"), place.bucket.strip(), place.prefix.strip().strip("/"),
                place.key_id.strip(), place.secret.strip(), place.region.strip(),
            )  # fmt: skip
        case WebDavPlace():
            return WebDavPlace(place.address.strip().rstrip("/"), place.user.strip(), place.password)
        case FolderPlace():
            return place


def problems_of(place: Place) -> dict[str, str]:
    """What must be put right before a place can be used: field -> sentence. Nothing is asked of the place itself."""
    match place:
        case FolderPlace():
            return {}
        case ObjectStorePlace():
            found = {
                "endpoint": _address_problem(place.endpoint),
                "bucket": _bucket_problem(place.bucket),
                "prefix": _prefix_problem(place.prefix),
                "key_id": "" if place.key_id else "Enter the name of the key.",
                "secret": "" if place.secret else "Enter the secret that belongs to the key.",
                "region": "",
            }
        case WebDavPlace():
            found = {
                "address": _address_problem(place.address),
                "user": "" if place.user else "Enter the name you sign in with.",
                "password": "" if place.password else "Enter the password.",
            }
    too_long = {name: "This is too long." for name in found if len(getattr(place, name)) > MAX_FIELD_LETTERS}
    return {name: sentence for name, sentence in {**found, **too_long}.items() if sentence}


def is_on_this_laptop(address: str) -> bool:
    """Whether nothing between us and the store could listen, because there is nothing between."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pack(place: Place) -> bytes:
    """A place as the vault keeps it."""
    match place:
        case FolderPlace():
            parts: list[Wire] = [1, str(place.folder)]
        case ObjectStorePlace():
            parts = [2, place.endpoint, place.bucket, place.prefix, place.key_id, place.secret, place.region]
        case WebDavPlace():
            parts = [3, place.address, place.user, place.password]
    return cbor.encode(parts)


def unpack(packed: bytes) -> Place:
    """The place out of what the vault kept.

    Raises:
        EncodingRejected: it is none.
    """
    match cbor.decode(packed, max_bytes=MAX_PACKED_BYTES):
        case [1, str(folder)]:
            return FolderPlace(Path(folder))
        case [2, str(endpoint), str(bucket), str(prefix), str(key_id), str(secret), str(region)]:
            return ObjectStorePlace(endpoint, bucket, prefix, key_id, secret, region)
        case [3, str(address), str(user), str(password)]:
            return WebDavPlace(address, user, password)
    raise EncodingRejected(reason="it is no place of exchange")


def _address_problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is no address. It looks like https://files.example.org/casework."
    if parts.scheme not in ("http", "https") or not host or any(letter.isspace() for letter in address):
        return "This is no address. It looks like https://files.example.org/casework."
    if parts.username or parts.password:
        return "Leave the name and the password out of the address; they have fields of their own."
    if parts.query or parts.fragment:
        return "Leave out what follows ? or # in the address."
    if parts.scheme == "http" and not is_on_this_laptop(address):
        return _NEEDS_HTTPS
    return ""


def _bucket_problem(bucket: str) -> str:
    allowed = bucket.isascii() and all(letter.isalnum() or letter in "-._" for letter in bucket)
    if not bucket:
        return "Enter the name of the bucket."
    return "" if allowed and ".." not in bucket else "A bucket's name has only letters, digits, hyphens and dots."


def _prefix_problem(prefix: str) -> str:
    parts = prefix.split("/") if prefix else []
    odd = any(part in ("", ".", "..") or not part.isprintable() or "\\" in part for part in parts)
    return "Write the part of the bucket as plain words with / between them." if odd else ""
