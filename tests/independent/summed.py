"""PROTOCOL 30 read by somebody who has not seen the program: summaries, their files, and whether they are true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.independent.formats import Refused, decode, encode, h, padded, signed, unpack, unseal
from tests.independent.reader import RECORD_OPS, REMOVE, Folder, Section

SUMMARY = 10


@dataclass
class Summary:
    """What a laptop vouches for, with the state out of its file."""

    device: bytes
    stream: bytes
    covers: dict[bytes, int]
    state: bytes


def summaries(reader: Folder, folder: Path) -> Iterator[Summary]:
    """Every summary of the streams that can be read, verified, with its state. One whose file is gone is left out."""
    for change, section in reader.taken:
        for op in (op for op in change[4] if op[0] == SUMMARY):
            made = _summary(reader, section, op, folder)
            if made is not None:
                yield made


def _summary(reader: Folder, section: Section, op: list[Any], folder: Path) -> Summary | None:
    stream, value, device = section.stream, op[4], section.segment.device
    if op[1] != stream or set(value) != {1, 2, 3, 4, 5}:
        raise Refused("a summary of another shape or stream")
    if [one[0] for one in value[3]] != sorted({one[0] for one in value[3]}):
        raise Refused("what a summary covers is out of order")
    organisation, known = reader.keys.organisation, reader.segments
    statement = encode([organisation, stream, value[3], value[4]])
    signed(reader.laptops[device][1], "summary", statement, value[5])
    for of, seq, name in value[3]:
        if name in known and (known[name].device, known[name].seq) != (of, seq):
            raise Refused("covers a segment that is another's")
    name = value[1].hex()
    path = folder / "cwf1" / "b" / name[:2] / name
    if not path.exists():
        return None
    data = path.read_bytes()
    if h(data) != value[1]:
        raise Refused("a summary's file is not its name")
    plain = unseal(value[2], ["cwf1/sum", organisation, stream, value[4]], data)
    used = 4 + int.from_bytes(plain[:4], "big")
    if len(plain) != padded(used) or any(plain[used:]):
        raise Refused("another padding")
    state = unpack(plain[4:used])
    if h(state) != value[4]:
        raise Refused("another state than it says")
    decode(state)
    return Summary(device, stream, {of: seq for of, seq, _ in value[3]}, state)


def state_of(reader: Folder, stream: bytes, covers: dict[bytes, int]) -> bytes:
    """The state of a stream folded from its history, up to what a summary covers."""
    placed: list[tuple[bytes, list[Any], list[Any]]] = []
    done: set[bytes] = set()
    for change, section in reader.taken:
        segment = section.segment
        if section.stream != stream or segment.seq > covers.get(segment.device, 0) or change[0] in done:
            continue
        done.add(change[0])
        for place, op in enumerate(change[4]):
            if op[0] in RECORD_OPS:
                placed.append((change[0] + place.to_bytes(2, "big"), change, op))
    replaced = {name for _, _, op in placed for name in op[5]}
    rows: dict[tuple[bytes, str], list[list[Any]]] = {}
    for name, change, op in placed:
        if op[0] != REMOVE and name not in replaced:
            rows.setdefault((op[1], op[2]), []).append([op[3], name, change[1], change[2], op[4]])
    return encode([[entity, kind, sorted(heads, key=_place)] for (entity, kind), heads in sorted(rows.items())])


def _place(head: list[Any]) -> tuple[str, bytes]:
    return head[0], head[1]
