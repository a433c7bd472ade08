"""Recovery sheets in an attacker's hands: what two seeds' worth of paper and every file ever published open."""

from __future__ import annotations

from collections.abc import Iterator

from core.crypto import shares
from core.sync.engine import boot
from tests.independent.formats import Refused, decode, expand, h, open_file, unwrap, wrap_key
from tests.support.knowledge import Actor, World

Words = tuple[str, str, str, str]


def holders_of(world: World, words: Words, *, edition: int) -> Iterator[Actor]:
    """Two holders who come together with the organisation sheet: one actor for every capsule they open."""
    seed = shares.combine(words[0], words[1]).reveal()
    boot_key = boot.read_sheet(words[3]).boot_key.reveal()
    for data in list(world.files.values()):
        try:
            value = decode(open_file(data, expand(h(b"cwf1/boot\0" + boot_key), "cwf1/capsule"), ["cwf1/capsule"]))
            inside = decode(unwrap(wrap_key(seed), ["cwf1/boot", value[1]], value[2]))
        except Refused:
            continue
        yield Actor(
            inside[1], value[1][:16], {edition: seed}, frozenset((number, key) for number, key in inside[4]),
            frozenset((inside[3], number, name, key) for number, name, key in inside[7]),
        )  # fmt: skip
