"""Writes `own/files.json` if it does not exist yet: every kind of file and entry of CWF/1, whole and spoilt.

`python -m tests.vectors.make_files`. Each vector is bytes to read with the fixed keys of `tests/support/specimens.py`,
and what must come of it: nothing, or the code of the error. A file that was released is never written again; what
came later gets a file of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cbor2

from core.changes import cbor
from core.foundation.errors import AppError
from tests.support import specimens as known
from tests.support.mutations import canonical
from tests.support.specimens import Specimen
from tests.support.vectors import OWN_FOLDER

Vector = dict[str, Any]
FILE = "files.json"


def _at(data: bytes, place: tuple[Any, ...], change: Callable[[Any], Any]) -> bytes:
    """The CBOR value with one place changed, and nothing signed again."""

    def go(value: Any, rest: tuple[Any, ...]) -> Any:
        if not rest:
            return change(value)
        copy = list(value) if isinstance(value, list) else dict(value)
        copy[rest[0]] = go(copy[rest[0]], rest[1:])
        return copy

    return canonical(go(cbor2.loads(data), place))


def _flip(value: bytes) -> bytes:
    return value[:-1] + bytes([value[-1] ^ 1])


def _spoilt() -> dict[str, dict[str, bytes]]:
    """By specimen, the ways to spoil it that have a name; inner bytes, sealed as they should be."""
    of = {one.name: one for one in known.specimens()}
    segment, section, header = of["segment"].inside, of["section"].inside, of["epoch header"].inside
    change, root = of["change"].inside, of["root"].inside
    admission, laptop, group = of["roster admission"].inside, of["roster laptop"].inside, of["recovery group"].inside
    request, paired, capsule = of["request"].inside, of["pairing answer"].inside, of["capsule"].inside
    return {
        "envelope": {
            "length beyond the end": (5000).to_bytes(4, "big") + bytes(1020),
            "padding that is not zeros": (1).to_bytes(4, "big") + b"x" + b"\x01" + bytes(1018),
            "padded to another size": (1).to_bytes(4, "big") + bytes(1500),
            "no length": b"",
        },
        "segment": {
            "format 2": _at(segment, (0,), lambda _: 2),
            "number 0": _at(segment, (3,), lambda _: 0),
            "previous hash cut": _at(segment, (4,), lambda it: it[:-1]),
            "stamp beyond 64 bits": _at(segment, (5,), lambda _: 2**64 - 1),
            "root version 0": _at(segment, (6, 0), lambda _: 0),
            "heads doubled": _at(segment, (7,), lambda it: it * 2),
            "a nonce too short": _at(segment, (8, 0, 0), lambda it: it[:-1]),
            "a grant too long": _at(segment, (9, 0), lambda _: bytes(5000)),
            "a part too many": _at(segment, (), lambda it: [*it, 0]),
            "no list": canonical({1: 2}),
        },
        "section": {
            "another stream": _at(section, (0,), lambda _: b"another stream.."),
            "another epoch number": _at(section, (1,), lambda it: it + 1),
            "another header": _at(section, (2, 0), _flip),
            "a change without steps": _at(section, (3, 0, 4), lambda _: []),
            "a step of kind 0": _at(section, (3, 0, 4, 1, 0), lambda _: 0),
            "a step id too short": _at(section, (3, 0, 4, 1, 5, 0), lambda it: it[:-1]),
        },
        "change": {
            "the number of another": _at(change, (0,), _flip),
            "another stamp": _at(change, (1,), lambda it: it + 1),
            "another actor": _at(change, (2,), _flip),
            "a record of another stream": _at(change, (4, 1, 1), _flip),
            "a record of another type": _at(change, (4, 1, 2), lambda _: "note"),
            "a name too long": _at(change, (3,), lambda _: "x" * 65),
        },
        "grant": {
            "a key too short": _at(of["grant"].inside, (3,), lambda it: it[:-1]),
            "epoch 0": _at(of["grant"].inside, (1,), lambda _: 0),
            "a part too few": _at(of["grant"].inside, (), lambda it: it[:-1]),
        },
        "epoch header": {
            "a part too few": _at(header, (), lambda it: {k: v for k, v in it.items() if k != 10}),
            "kind 99": _at(header, (2,), lambda _: 99),
            "no members": _at(header, (5,), lambda _: []),
            "members out of order": _at(header, (5,), lambda it: it[::-1]),
            "a member twice": _at(header, (5,), lambda it: [it[0], it[0]]),
            "role 4": _at(header, (5, 0, 2), lambda _: 4),
            "a walled-off member": _at(header, (5, 1, 0), lambda _: bytes(known.DEV)),
            "a wall less": _at(header, (6,), lambda _: []),
            "follows what nobody knows": _at(header, (4, 0), _flip),
            "counts wrong": _at(header, (3,), lambda it: it + 1),
            "another kind than before": _at(header, (2,), lambda _: 3),
            "another key than promised": _at(header, (8,), _flip),
            "earlier keys that do not open": _at(header, (9,), _flip),
        },
        "root": {
            "of another organisation": _at(root, (1,), _flip),
            "no majority": _at(root, (5,), lambda _: 50),
            "threshold 0": _at(root, (5,), lambda _: 0),
            "a key of small order": _at(root, (4, 0, 1), lambda _: b"\x01" + bytes(31)),
            "a part too few": _at(root, (), lambda it: {k: v for k, v in it.items() if k != 6}),
        },
        "roster admission": {
            "an unknown role": _at(admission, (3,), lambda _: "owner"),
            "keys signed by another": _at(admission, (1, 1), _flip),
            "a laptop not signed by its owner": _at(admission, (2, 1), _flip),
            "a laptop that does not hold its key": _at(admission, (2, 2), _flip),
            "a record cut": _at(admission, (1, 0), lambda it: it[:-1]),
        },
        "roster laptop": {
            "not signed by its owner": _at(laptop, (1, 1), _flip),
            "the laptop somebody was let in with": cbor.encode({1: known.CERTIFICATE_OF_ANA.wire()}),
        },
        "certificate": {
            "the laptop somebody was let in with": cbor.encode(["cwf1/device", known.CERTIFICATE_OF_ANA.wire()]),
            "not signed by itself": _at(of["certificate"].inside, (1, 2), _flip),
        },
        "recovery group": {
            "not signed by itself": _at(group, (9,), _flip),
            "edition 0": _at(group, (2,), lambda _: 0),
            "two holders": _at(group, (5,), lambda it: it[:-1]),
            "a key that is none": _at(group, (3,), lambda it: b"\xff" * len(it)),
        },
        "recovery proof": {
            "of a group nobody knows": _at(of["recovery proof"].inside, (1,), _flip),
            "for another epoch": _at(of["recovery proof"].inside, (2,), _flip),
            "not signed by the group": _at(of["recovery proof"].inside, (3,), _flip),
        },
        "request": {
            "somebody else's keys": _at(request, (1, 1), _flip),
            "a name too long": _at(request, (3,), lambda _: "x" * 5000),
            "a part too many": _at(request, (), lambda it: {**it, 6: 0}),
        },
        "admission": {
            "by another than who invited": _at(of["admission"].inside, (1,), lambda _: known.JOINER.wire()),
            "a laptop of nobody": _at(of["admission"].inside, (2,), lambda it: it[2:]),
            "an entry whose kind is a list": _at(of["admission"].inside, (2, 0, 0), lambda _: []),
            "an outer key too short": _at(of["admission"].inside, (3, 0, 1), lambda it: it[:-1]),
        },
        "pairing request": {
            "not signed by the laptop": _at(of["pairing request"].inside, (1,), _flip),
        },
        "pairing answer": {
            "seeds of somebody else": _at(paired, (4, 0, 1), _flip),
            "a roster that does not know them": _at(paired, (5,), lambda it: it[:1]),
        },
        "capsule": {
            "of another root than the sheet": _at(capsule, (2,), _flip),
            "of another group": _at(capsule, (5,), _flip),
            "edition 0": _at(capsule, (8,), lambda _: 0),
        },
        "key file": {
            "a part too few": _at(of["key file"].inside, (), lambda it: {k: v for k, v in it.items() if k != 8}),
            "a part that is no bytes": _at(of["key file"].inside, (3,), lambda _: 7),
        },
        "checking keys": {
            "a root hash too short": _at(of["checking keys"].inside, (2,), lambda it: it[:-1]),
        },
    }


def _outside(one: Specimen) -> dict[str, bytes]:
    """Ways to spoil the finished bytes that hold for every sealed kind."""
    if one.name in {"segment content", "change", "epoch header", "root", "roster admission", "roster laptop",
                    "recovery group", "recovery proof"}:  # fmt: skip
        return {"cut": one.whole[:-1], "one byte too many": one.whole + b"\0"}
    if one.is_text:
        text = one.whole.decode()
        other = "B" if text[20] == "A" else "A"
        return {"cut": text[:-8].encode(), "mistyped": (text[:20] + other + text[21:]).encode()}
    return {"cut": one.whole[:-1], "changed": _flip(one.whole), "nothing": b""}


SEALS: dict[str, Callable[[bytes], bytes]] = {
    "envelope": known._envelope,
    "segment": lambda body: known.seal_segment_file(known._resigned(body), known.ENVELOPE, known.ORGANISATION),
    "section": lambda inside: known._section(inside).sealed,
    "grant": known._wrapped,
    "certificate": lambda inside: known.seal_segment_file(inside, known.ENVELOPE, known.ORGANISATION),
    "request": lambda inside: known.seal_invited_file(inside, known.INVITATION_KEY, "request"),
    "admission": known._answer_to_joiner,
    "pairing request": lambda inside: known.seal_invited_file(inside, known.INVITATION_KEY, "pair-request"),
    "pairing answer": known._pair_answer,
    "capsule": known._capsule,
    "key file": known._keyslot_file,
    "checking keys": known._checking_file,
}


def vectors() -> list[Vector]:
    """All of them, each with what comes of it now."""
    found: list[Vector] = []
    spoilt = _spoilt()
    for one in known.specimens():
        if one.opens is None:
            continue
        seals = SEALS.get(one.name, lambda inside: inside)
        ways = {"good": one.whole, **_outside(one)}
        ways.update({name: seals(inside) for name, inside in spoilt.get(one.name, {}).items()})
        for name, data in ways.items():
            made: Vector = {"name": f"{one.name}: {name}", "kind": one.name, "bytes": data.hex()}
            if name != "good":
                made["error"] = error_of(one, data)
            found.append(made)
    return found


def error_of(one: Specimen, data: bytes) -> str:
    """The code of the error with which something spoilt is refused."""
    assert one.opens is not None
    try:
        one.opens(data)
    except AppError as error:
        return error.code
    raise LookupError(f"{one.name} was read although it was spoilt")


def main() -> None:
    """Write the file if it is not there."""
    path = OWN_FOLDER / FILE
    if not path.exists():
        document = {"format": "CWF/1", "vectors": vectors()}
        path.write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
