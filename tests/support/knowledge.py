"""What an attacker can come to know: every stream key that follows from some seeds, some keys and every file seen.

Closed under opening grants, sections and earlier keys, with nothing taken on trust: every key is tried on every
section, whatever its tag says, and every seed on every grant. It stands on the second reader's ground, not on the
program's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.independent.formats import (
    Refused,
    decode,
    encode,
    expand,
    h,
    open_file,
    parts,
    unpack,
    unseal,
    unwrap,
    wrap_key,
)

EPOCH = 7


@dataclass(frozen=True)
class Actor:
    """Somebody with seeds and whatever keys they ever held. `envelope`: every K_env they know, with its number."""

    organisation: bytes
    user: bytes
    wrap_seeds: Mapping[int, bytes] = field(default_factory=dict)
    envelope: frozenset[tuple[int, bytes]] = frozenset()
    held: frozenset[tuple[bytes, int, bytes, bytes]] = frozenset()
    """(stream, epoch number, header hash, SEK)"""


@dataclass
class World:
    """Every file ever published, and the public key of every laptop that ever was. Remembers what it opened."""

    laptops: dict[bytes, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    _bodies: dict[tuple[str, int, bytes], list[list[Any]]] = field(default_factory=dict)
    _opened: dict[tuple[bytes, bytes, int], list[Any] | None] = field(default_factory=dict)
    _granted: dict[tuple[bytes, bytes, bytes], Any] = field(default_factory=dict)

    def add_folder(self, folder: Path) -> None:
        """See every file of a folder."""
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in self.files:
                self.files[path.name] = path.read_bytes()

    def segments(self, actor: Actor) -> Iterable[list[Any]]:
        """The bodies of the segments an actor opens."""
        found = {}
        for name, data in self.files.items():
            for number, key in actor.envelope:
                for body in self._within(name, data, actor.organisation, number, key):
                    found[(body[2], body[3], body[4], name)] = body
        return found.values()

    def opened_by(self, actor: Actor) -> Iterable[tuple[list[Any], str]]:
        """The files an actor sees into, by name."""
        for name, data in self.files.items():
            for number, key in actor.envelope:
                for body in self._within(name, data, actor.organisation, number, key):
                    yield body, name

    def _within(self, name: str, data: bytes, organisation: bytes, number: int, key: bytes) -> list[list[Any]]:
        """The bodies of the segments in a file: of one, or of all a pack holds."""
        known = (name, number, key)
        if known not in self._bodies:
            try:
                self._bodies[known] = _bodies_in(open_file(data, key, ["cwf1/env", organisation, number]))
            except Refused:
                self._bodies[known] = []
        return self._bodies[known]

    def reach(self, actor: Actor) -> dict[bytes, tuple[bytes, bytes]]:
        """Everything an actor can derive: header hash -> (stream, SEK)."""
        keys = {name: (stream, number, key) for stream, number, name, key in actor.held}
        bodies = [body for body in self.segments(actor) if body[2] in self.laptops]
        for body in bodies:
            for grant in body[9]:
                for epoch, seed in actor.wrap_seeds.items():
                    found = self._grant(actor, body, grant, epoch, seed)
                    if found is not None:
                        stream, number, name, key = found
                        keys.setdefault(name, (stream, number, key))
        before = -1
        while before != len(keys):
            before = len(keys)
            for body in bodies:
                for index in range(len(body[8])):
                    for _, _, key in list(keys.values()):
                        for header in self._headers(actor.organisation, body, index, key):
                            _earlier(actor.organisation, header, keys)
        return {name: (stream, key) for name, (stream, _, key) in keys.items()}

    def _grant(self, actor: Actor, body: list[Any], grant: bytes, epoch: int, seed: bytes) -> Any:
        known = (grant, seed, actor.user)
        if known not in self._granted:
            public = self.laptops[body[2]]
            info = ["cwf1/grant", actor.organisation, public, actor.user, epoch, body[3], body[4]]
            try:
                plain = decode(unwrap(wrap_key(seed), info, grant))
                self._granted[known] = parts(plain, bytes, int, bytes, bytes)
            except Refused:
                self._granted[known] = None
        return self._granted[known]

    def _headers(self, organisation: bytes, body: list[Any], index: int, key: bytes) -> list[Any]:
        nonce, _, sealed = body[8][index]
        known = (key, nonce, index)
        if known not in self._opened:
            public = self.laptops[body[2]]
            context = ["cwf1/sec", organisation, public, body[3], body[4], index, nonce]
            try:
                plain = decode(unpack(unseal(expand(key, "cwf1/sec"), context, sealed)))
                self._opened[known] = [op[4] for change in plain[3] for op in change[4] if op[0] == EPOCH]
            except Refused:
                self._opened[known] = None
        return self._opened[known] or []


def _bodies_in(content: bytes) -> list[list[Any]]:
    value = decode(content)
    if not isinstance(value, list) or len(value) != 2:
        return []
    if value[0] == "cwf1/pack" and isinstance(value[1], list):
        return [body for one in value[1] for body in _bodies_in(one)]
    return [decode(value[0])] if isinstance(value[0], bytes) else []


def _earlier(organisation: bytes, header: dict[int, Any], keys: dict[bytes, tuple[bytes, int, bytes]]) -> None:
    own = keys.get(h(encode(header)))
    if own is None or not header[9]:
        return
    stream, number, key = own
    context = ["cwf1/prev", organisation, stream, number, header[8]]
    try:
        older = decode(unseal(expand(key, "cwf1/prev"), context, header[9]))
    except Refused:
        return
    for older_number, name, item in older:
        keys.setdefault(name, (stream, older_number, item))
